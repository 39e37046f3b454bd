"""What an editor shows of a pack: what lint and the cases find, with unsaved texts for files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grading.policy.cases import CASES, read_cases
from grading.policy.editor.positions import Span, span
from grading.policy.lint.lint import Report, linted
from grading.policy.lint.registry import severity
from grading.policy.lint.subject import Subject
from grading.policy.testing import Testing
from grading.problems import Place, Problem
from grading.rules.files import read_pack
from grading.source.folder import overlaid

Level = Literal["error", "warning", "info", "hint"]
MANIFEST = "pack.yaml"
LINT = "lint"
"""The source of what lint finds; what a case finds has the source `CASES`."""
_PLACE = re.compile(r"(?P<file>\S+?\.yaml):(?P<line>[1-9][0-9]{0,8}):(?P<column>[1-9][0-9]{0,8})")


@dataclass(frozen=True)
class Related:
    """Another place that a result is about, and what it is there."""

    file: str
    span: Span
    says: str


@dataclass(frozen=True)
class Mark:
    """What an editor shows at a place in a file of the pack, which has its name from the pack."""

    file: str
    span: Span
    level: Level
    source: str
    code: str
    message: str
    related: tuple[Related, ...] = ()


@dataclass(frozen=True)
class Checked:
    """A pack as it was looked at: the texts of its files by name, and what is shown in them.

    `subject` is the pack where it loads.
    """

    texts: Mapping[str, str]
    marks: tuple[Mark, ...]
    subject: Subject | None

    def marks_of(self, file: str) -> tuple[Mark, ...]:
        """What is shown in one file."""
        return tuple(mark for mark in self.marks if mark.file == file)

    @property
    def files(self) -> frozenset[str]:
        """The files that were looked at, and those that something is shown in."""
        return frozenset({*self.texts, *(mark.file for mark in self.marks)})


def home_of(path: Path) -> Path | None:
    """The folder of the pack that a file is part of: a rule file, or one of its cases."""
    homes = [path.parent, *([path.parent.parent] if path.parent.name == CASES else [])]
    if path.suffix != ".yaml":
        return None
    return next((home for home in homes if (home / MANIFEST).is_file()), None)


def check(home: Path, texts: Mapping[str, str], encoding: str) -> Checked:
    """What is found in the pack in a folder, with these texts in place of files, by name from there."""
    below = f"{CASES}/"
    rules = {name: text for name, text in texts.items() if "/" not in name}
    cases = {name.removeprefix(below): t for name, t in texts.items() if name.startswith(below)}
    files = overlaid(read_pack(home).named("."), rules)
    report = linted(files, overlaid(read_cases(home, "."), cases))
    marks = (*_linted(report, encoding), *_failed(report, encoding))
    return Checked(report.texts, marks, report.subject)


def _linted(report: Report, encoding: str) -> Iterator[Mark]:
    for problem in report.open:
        yield _mark(report, problem, severity(problem.code), "", encoding)
    for problem, acceptance in report.accepted:
        yield _mark(report, problem, "hint", f"{acceptance}: ", encoding)


def _mark(report: Report, problem: Problem, level: Level, before: str, encoding: str) -> Mark:
    said = "\n".join(filter(None, (f"{before}{problem.message}", problem.hint)))
    return Mark(
        file=problem.place.file,
        span=_span(report, problem.place, encoding),
        level=level,
        source=LINT,
        code=problem.code,
        message=said,
        related=tuple(_named(report, said, encoding)),
    )


def _failed(report: Report, encoding: str) -> Iterator[Mark]:
    """What is not as a case expects it, in the case."""
    subject = report.subject
    if subject is None or subject.cases is None:
        return
    for result in Testing(subject.pack, subject.cases).results():
        for difference in result.differences:
            rules = dict.fromkeys(difference.rules)
            yield Mark(
                file=difference.place.file,
                span=_span(report, difference.place, encoding),
                level="warning",
                source=CASES,
                code=result.case.id,
                message=str(difference),
                related=tuple(
                    _related(report, at, "the rule that concludes it", encoding) for at in rules
                ),
            )


def _named(report: Report, said: str, encoding: str) -> Iterator[Related]:
    """The places in files of the pack that a message names, as places are written."""
    for found in _PLACE.finditer(said):
        place = Place(found["file"], int(found["line"]), int(found["column"]))
        if place.file in report.texts:
            yield _related(report, place, "named in the message", encoding)


def _related(report: Report, place: Place, says: str, encoding: str) -> Related:
    return Related(place.file, _span(report, place, encoding), says)


def _span(report: Report, place: Place, encoding: str) -> Span:
    return span(report.texts.get(place.file, ""), place, encoding)
