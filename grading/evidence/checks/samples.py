"""Ranges, labels, figures kept in two files, and figures that do not compare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from grading.evidence.checks.figures import Figure, Material, during
from grading.evidence.checks.interval import Interval, exactly, printed
from grading.evidence.checks.outcome import Outcome, Says, found, held, named
from grading.evidence.evidence import Placed
from grading.evidence.records import Metric, Survey
from grading.rules.checks import LabelCheck, RangeCheck, SameCheck

EARLIER_YEARS = "earlier-years"


def ranges(material: Material) -> Iterator[Outcome]:
    """A figure, and a survey's sample size, lies in the range stated for all bodies.

    bad: 500 asked, where between 331 and 429 were asked of each body
    good: 403 asked
    """
    for name, check in material.pack.checks.items():
        if not isinstance(check, RangeCheck):
            continue
        ends = {check.lowest, check.highest}
        for figure in material.of(check.range):
            bounds = _bounds(material, check, figure)
            if figure.body in ends or bounds is None:
                continue
            yield _ranged(name, check, figure, bounds)
        if check.survey is not None and check.between is not None:
            bounds = exactly(check.between[0]).hull(exactly(check.between[1]))
            for survey in material.evidence.surveys:
                if survey.record.survey == check.survey and survey.record.n is not None:
                    says = f"{survey.record.n} asked in `{check.survey}` against {bounds}"
                    fits = exactly(survey.record.n).meets(bounds)
                    yield _in_range(name, check, says, fits, (survey,))


def _ranged(name: str, check: RangeCheck, figure: Figure, bounds: Interval) -> Outcome:
    interval = figure.interval

    def says() -> str:
        return f"{figure}: {interval} against {bounds}, {check.says}"

    return _in_range(name, check, says, interval.meets(bounds), figure.records)


def _bounds(material: Material, check: RangeCheck, figure: Figure) -> Interval | None:
    if check.between is not None:
        return exactly(check.between[0]).hull(exactly(check.between[1]))
    lowest = material.at(check.range, check.lowest or "", figure.period)
    highest = material.at(check.range, check.highest or "", figure.period)
    if lowest is None or highest is None:
        return None
    return lowest.interval.hull(highest.interval)


def _in_range(
    name: str,
    check: RangeCheck,
    says: Says,
    fits: bool,
    records: tuple[Placed[Metric], ...] | tuple[Placed[Survey], ...],
) -> Outcome:
    if fits:
        return held("C122", name, says, records)
    settle = "look up the figure, or the range"
    return found("C122", check.severity or "error", says, settle, records, name)


def labels(material: Material) -> Iterator[Outcome]:
    """The inspected body's figures under one label are of one thing.

    bad: 2.1 and 2.2 under one label, one of them without a kind of case
    good: one of the two
    """
    body = material.evidence.inspection.body
    for name, check in material.pack.checks.items():
        if not isinstance(check, LabelCheck):
            continue
        for first in material.of(check.one_label[0]):
            if first.body != body:
                continue
            others = [material.at(s, first.body, first.period) for s in check.one_label[1:]]
            figures = [first, *(other for other in others if other is not None)]
            if len(figures) > 1:
                records = [m for figure in figures for m in figure.records]
                each = ", ".join(f"`{f.series}` {f.values[0]}" for f in figures)
                yield found(
                    "C123",
                    check.severity or "info",
                    f"{each} for {first.body}{during(first.period)}: {check.says}",
                    "say which of them is meant wherever one is used",
                    records,
                    name,
                )


def same_figure(material: Material) -> Iterator[Outcome]:
    """A figure of `metrics.csv` and its answer in `surveys.csv` are one.

    bad: 60 in one file and 62 in the other
    good: 60 in both
    """
    answers: dict[tuple[str, str, str], list[Placed[Survey]]] = {}
    for survey in material.evidence.surveys:
        row = survey.record
        if row.value is not None and row.status == "ok":
            answers.setdefault((row.survey, row.item, row.answer), []).append(survey)
    body = material.evidence.inspection.body
    for name, check in material.pack.checks.items():
        if not isinstance(check, SameCheck):
            continue
        key = (check.survey.survey, check.survey.item, check.survey.answer)
        for survey in answers.get(key, ()):
            row = survey.record
            figure = material.at(check.same, body, (row.from_, row.to))
            if figure is None or row.value is None:
                continue
            says = f"{figure} and {row.value} in `{row.survey}` ({row.id})"
            records: list[Placed[Any]] = [*figure.records, survey]
            if printed(row.value, row.unit).meets(figure.interval):
                yield held("C127", name, says, records)
            else:
                severity = check.severity or "error"
                settle = "look the figure up"
                yield found("C127", severity, f"{says} differ", settle, records, name)


def not_comparable(material: Material) -> Iterator[Outcome]:
    """What a series is declared not comparable with is not set beside it.

    bad: a second year of a series that does not compare with earlier years
    good: one year of it
    """
    series = material.pack.series
    for every in material.courses():
        name, course = every[0].series, [f for f in every if f.period[1] is not None]
        if EARLIER_YEARS in series[name].not_comparable_with and len(course) > 1:
            records = [m for figure in course for m in figure.records]
            yield found(
                "C121",
                "warning",
                f"`{name}` of {course[0].body} is recorded for {len(course)} periods"
                f" ({named(records)}) and does not compare with earlier years:"
                f" {series[name].cite}",
                "use the newest alone",
                records,
            )
    yield from _one_table(material)


def _one_table(material: Material) -> Iterator[Outcome]:
    tables: dict[tuple[str, str], dict[str, list[Placed[Metric]]]] = {}
    for metric in material.evidence.metrics:
        record = metric.record
        if record.locator.startswith("figure"):
            table = tables.setdefault((record.heading, record.locator), {})
            table.setdefault(record.series, []).append(metric)
    for (_, locator), table in sorted(tables.items()):
        for name in sorted(table):
            for other in material.pack.series[name].not_comparable_with:
                if other in table and name < other:
                    records = [*table[name], *table[other]]
                    yield found(
                        "C121",
                        "warning",
                        f"{locator} has `{name}` beside `{other}`, which do not compare:"
                        f" {material.pack.series[name].cite}",
                        "keep them apart",
                        records,
                    )
