"""Names about comparison that nothing in the pack answers to."""

from __future__ import annotations

from collections.abc import Iterator

from grading.problems import Problem, known_instead
from grading.rules.comparable import EARLIER_YEARS
from grading.rules.files import PackFiles
from grading.source import Document


def comparison_problems(files: PackFiles) -> Iterator[Problem]:
    """Names about comparison in `series.yaml` and `indicators.yaml` that nothing answers to."""
    document = files.series_document
    if document is not None:
        yield from _series_problems(files, document)
    indicators = files.indicators_document
    if indicators is None:
        return
    for name, indicator in files.indicators.indicators.items():
        ranked = files.series.series.get(indicator.series[0]) if indicator.series else None
        if indicator.method == "rank-band" and ranked is not None and ranked.bands is None:
            place = indicators.place(("indicators", name, "series", 0))
            message = f"series `{indicator.series[0]}` has no `bands`, so it is not ranked"
            hint = "give the series `bands` where a source ranks it, or read its published band"
            yield Problem(place, "E331", message, hint)


def _series_problems(files: PackFiles, document: Document) -> Iterator[Problem]:
    known = files.series
    for name, series in known.series.items():
        at = ("series", name)
        for i, other in enumerate(series.not_comparable_with):
            if other != EARLIER_YEARS and other not in known.series:
                place = document.place((*at, "not-comparable-with", i))
                hint = known_instead(other, (EARLIER_YEARS, *known.series))
                yield Problem(place, "E332", f"unknown series `{other}`", hint)
        if series.bands is not None and series.bands not in known.bands:
            place = document.place((*at, "bands"))
            hint = known_instead(series.bands, known.bands)
            yield Problem(place, "E331", f"unknown bands `{series.bands}`", hint)
        named: list[tuple[tuple[str | int, ...], str]]
        named = [((*at, "pilots", i, "caveat"), p.caveat) for i, p in enumerate(series.pilots)]
        if series.partial is not None:
            named.append(((*at, "partial"), series.partial))
        for path, caveat in named:
            if caveat not in known.caveats:
                hint = known_instead(caveat, known.caveats)
                yield Problem(document.place(path), "E313", f"unknown caveat `{caveat}`", hint)
