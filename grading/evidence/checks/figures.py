"""The figures of an inspection by series, body and period, indexed once."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from grading.evidence.checks.interval import Interval, printed
from grading.evidence.evidence import Evidence, Placed
from grading.evidence.records import Metric
from grading.rules.loaded import Pack

Period = tuple[date | None, date | None]


@dataclass(frozen=True)
class Figure:
    """What is recorded of a series for one body and period: the values, and what they allow.

    `interval` holds the values inside the roundings of all records. Where no value is inside all
    of them, `agrees` is false and `interval` runs from the lowest to the highest.
    """

    series: str
    body: str
    period: Period
    values: tuple[Decimal, ...]  # as printed, each once: `62` and `62.0` are two
    interval: Interval
    agrees: bool
    records: tuple[Placed[Metric], ...]

    def __str__(self) -> str:
        says = " and ".join(map(str, self.values[:4]))
        return f"`{self.series}` of {self.body}{during(self.period)} ({says})"


@dataclass(frozen=True)
class Material:
    """What checks read: the evidence, its pack, and the usable figures by series."""

    evidence: Evidence
    pack: Pack
    figures: dict[str, dict[tuple[str, Period], Figure]]

    def of(self, series: str) -> Iterable[Figure]:
        """The figures of a series, in order of body and period."""
        return self.figures.get(series, {}).values()

    def at(self, series: str, body: str, period: Period) -> Figure | None:
        """The figure of a series for a body and period."""
        return self.figures.get(series, {}).get((body, period))

    def courses(self) -> Iterator[tuple[Figure, ...]]:
        """The figures of each series and body, in order of period."""
        for figures in self.figures.values():
            by_body: dict[str, list[Figure]] = {}
            for figure in figures.values():
                by_body.setdefault(figure.body, []).append(figure)
            yield from map(tuple, by_body.values())


def material(evidence: Evidence, pack: Pack) -> Material:
    """Everything that checks read. A figure that is estimated or partial is compared with none."""
    cells: dict[str, dict[tuple[str, Period], list[Placed[Metric]]]] = {}
    for metric in evidence.metrics:
        record = metric.record
        if record.status == "ok" and record.value is not None:
            key = (record.body, (record.from_, record.to))
            cells.setdefault(record.series, {}).setdefault(key, []).append(metric)
    figures = {
        series: {key: _figure(series, key, cell) for key, cell in sorted(own.items(), key=_order)}
        for series, own in sorted(cells.items())
    }
    return Material(evidence, pack, figures)


def _order(item: tuple[tuple[str, Period], object]) -> tuple[str, date, date]:
    (body, (start, end)), _ = item
    return body, end or date.min, start or date.min


def _figure(series: str, key: tuple[str, Period], cell: list[Placed[Metric]]) -> Figure:
    body, period = key
    by_text = {str(m.record.value): m for m in cell}
    values = sorted(m.record.value for m in by_text.values() if m.record.value is not None)
    unit = cell[0].record.unit
    intervals = [printed(value, unit) for value in values]
    low, high = max(i.low for i in intervals), min(i.high for i in intervals)
    # One value is never printed in two ways with the same number of decimals.
    exponents = {value.as_tuple().exponent for value in values}
    agrees = low <= high and len(exponents) == len(values)
    if agrees:
        interval = Interval(low, high)
    else:
        interval = Interval(min(i.low for i in intervals), max(i.high for i in intervals))
    return Figure(series, body, period, tuple(values), interval, agrees, tuple(cell))


def during(period: Period) -> str:
    """The period as it reads behind the name of a figure."""
    start, end = period
    if end is None:
        return ", undated" if start is None else f" from {start}"
    return f" on {end}" if start is None else f" for {start} to {end}"


def earlier(period: Period, months: int) -> Period:
    """The same period so many months before."""
    start, end = period
    return (start and _back(start, months), end and _back(end, months))


def _back(day: date, months: int) -> date:
    """The day so many months before; the last day of a month stays a last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    year = max(year, 1)
    last = monthrange(year, month + 1)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if is_last else min(day.day, last))


def length(period: Period) -> int | None:
    """Its length in months, to the nearest; None where it is no span."""
    start, end = period
    if start is None or end is None:
        return None
    return (((end - start).days + 1) * 12 * 2 + 365) // (365 * 2)
