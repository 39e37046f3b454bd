"""Periods that do not match: of one figure, and of figures that are set against each other."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from itertools import pairwise

from grading.evidence.checks.figures import Figure, Material, Period, during, length
from grading.evidence.checks.outcome import Outcome, found, held


def course_periods(material: Material) -> Iterator[Outcome]:
    """Figures of one series and body cover periods of one length, whole lengths apart.

    bad: a year to March and a quarter to June; years that end fifteen months apart
    good: the years to March of two years
    """
    months: dict[Period, int | None] = {}
    for course in material.courses():
        spans = []
        for figure in course:
            if figure.period not in months:
                months[figure.period] = length(figure.period)
            span = months[figure.period]
            if span is not None:
                spans.append((figure, span))
        for (first, own), (second, other) in pairwise(spans):
            yield _two(first, second, own, other)


def _two(first: Figure, second: Figure, own: int, other: int) -> Outcome:
    def what() -> str:
        return f"`{first.series}` of {first.body}{during(first.period)} and{during(second.period)}"

    records = [*first.records, *second.records]
    end, later = first.period[1], second.period[1]
    if own != other:
        return found(
            "C113",
            "warning",
            f"{what()}: periods of {own} and {other} months",
            "set figures of equal periods against each other, or make one a rate",
            records,
        )
    apart = length((end, later)) if end is not None and later is not None else 0
    if own and apart and apart % own:
        return found(
            "C114",
            "info",
            f"{what()}: periods of {own} months that end {apart} months apart",
            "say both periods wherever the change between them is used",
            records,
        )
    return held("C113", "C113", lambda: f"{what()}: equal periods", records)


def one_month_too_long(material: Material) -> Iterator[Outcome]:
    """A period of whole years does not count the month of its start twice.

    bad: April 2015 to April 2016, thirteen months
    good: April 2015 to March 2016
    """
    for metric in material.evidence.metrics:
        start, end = metric.record.from_, metric.record.to
        if start is None or end is None or start.day != 1:
            continue
        months = (end.year - start.year) * 12 + end.month - start.month + 1
        is_one_too_long = months > 12 and months % 12 == 1
        if is_one_too_long and end.day == monthrange(end.year, end.month)[1]:
            yield found(
                "C115",
                "info",
                f"`{metric.record.series}` of {metric.record.body}{during((start, end))} covers"
                f" {months} months ({metric.record.id})",
                "ask whether the first or the last month is counted",
                [metric],
            )


def comparator_periods(material: Material) -> Iterator[Outcome]:
    """A body's figure and its comparator's are for one period.

    bad: the body for the year to June, the comparator for the year to March alone
    good: both for the year to June
    """
    body = material.evidence.inspection.body
    for series, by_body in material.figures.items():
        own = by_body.get(body)
        if not own:
            continue
        newest = list(own.values())[-1]
        for other, figures in by_body.items():
            its = [f for f in figures.values() if f.records[0].record.comparator]
            if other != body and its and own.keys().isdisjoint(f.period for f in its):
                yield found(
                    "C128",
                    "warning",
                    f"`{series}` of {body}{during(newest.period)} and of {other}"
                    f"{during(its[-1].period)}: no period in common",
                    "find the comparator for the period of the body",
                    [*newest.records, *its[-1].records],
                )
