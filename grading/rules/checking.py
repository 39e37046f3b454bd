"""Declared checks against their pack: names that are not there, and series that do not compare."""

from __future__ import annotations

from collections.abc import Iterator

from grading.problems import Problem, known_instead
from grading.rules.checks import (
    AnyCheck,
    ClaimCheck,
    LabelCheck,
    SubsetCheck,
    TotalCheck,
    series_named,
)
from grading.rules.files import PackFiles
from grading.rules.loaded import Pack
from grading.rules.resolve import Path
from grading.source import Document


def check_problems(files: PackFiles, pack: Pack) -> Iterator[Problem]:
    """Everything that `checks.yaml` names and the pack does not have or does not compare."""
    document = files.checks_document
    if document is None:
        return
    for name, check in files.checks.checks.items():
        path: Path = ("checks", name)
        unknown = False
        for where, series in series_named(check):
            if series not in pack.series:
                unknown = True
                hint = known_instead(series, pack.series)
                place = document.place((*path, *where))
                yield Problem(place, "E314", f"unknown series `{series}`", hint)
        if isinstance(check, ClaimCheck):
            for i, topic in enumerate(check.topics):
                if topic not in pack.topics:
                    hint = known_instead(topic, pack.topics)
                    place = document.place((*path, "topics", i))
                    yield Problem(place, "E304", f"unknown topic `{topic}`", hint)
        if not unknown:
            yield from _compared(document, path, check, pack)


def _compared(document: Document, path: Path, check: AnyCheck, pack: Pack) -> Iterator[Problem]:
    """A check that sets series against each other sets comparable ones, in one unit."""
    if isinstance(check, ClaimCheck | LabelCheck):
        return
    named = series_named(check)
    names = {series for _, series in named}
    for where, series in named:
        for other in sorted(names.intersection(pack.series[series].not_comparable_with)):
            message = f"`{series}` is declared not comparable with `{other}`"
            hint = "take the check out; the series do not compare"
            yield Problem(document.place((*path, *where)), "E340", message, hint)
    if isinstance(check, TotalCheck | SubsetCheck):
        (_, first), *others = named
        unit = pack.series[first].unit
        for where, series in others:
            if pack.series[series].unit != unit:
                message = f"`{series}` is in `{pack.series[series].unit}` and `{first}` in `{unit}`"
                hint = "compare series of one unit"
                yield Problem(document.place((*path, *where)), "E340", message, hint)
