"""The figures of an inspection by series, body and period, indexed once."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import TypeVar

from grading.evidence.checks.interval import Interval, printed
from grading.evidence.evidence import Evidence, Placed
from grading.evidence.records import Metric
from grading.rules.loaded import Pack

Period = tuple[date | None, date | None]
T = TypeVar("T")


@dataclass(frozen=True)
class Several:
    """What the records of one figure say together, where there are several."""

    values: tuple[Decimal, ...]
    interval: Interval
    agrees: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """What is recorded of a series for one body and period: the values, and what they allow.

    Nearly every figure has one record, and then holds no more than that: there may be millions.
    """

    series: str
    body: str
    period: Period
    records: tuple[Placed[Metric], ...]
    several: Several | None = None

    @property
    def values(self) -> tuple[Decimal, ...]:
        """The values as printed, each once: `62` and `62.0` are two."""
        return (_value(self.records[0]),) if self.several is None else self.several.values

    @property
    def interval(self) -> Interval:
        """The values inside the roundings of all records; from lowest to highest if none is."""
        if self.several is not None:
            return self.several.interval
        return printed(_value(self.records[0]), self.records[0].record.unit)

    @property
    def agrees(self) -> bool:
        """Whether some value is inside the roundings of all records."""
        return self.several is None or self.several.agrees

    def __str__(self) -> str:
        says = " and ".join(map(str, self.values[:4]))
        return f"`{self.series}` of {self.body}{during(self.period)} ({says})"


@dataclass(frozen=True)
class Material:
    """What checks read: the evidence, its pack, and the usable figures by series."""

    evidence: Evidence
    pack: Pack
    figures: Mapping[str, Mapping[str, Mapping[Period, Figure]]]  # by series, body and period

    def of(self, series: str) -> Iterator[Figure]:
        """The figures of a series, in order of body and period."""
        for figures in self.figures.get(series, {}).values():
            yield from figures.values()

    def at(self, series: str, body: str, period: Period) -> Figure | None:
        """The figure of a series for a body and period."""
        return self.figures.get(series, {}).get(body, {}).get(period)

    def courses(self) -> Iterator[tuple[Figure, ...]]:
        """The figures of each series and body, in order of period."""
        for by_body in self.figures.values():
            for figures in by_body.values():
                yield tuple(figures.values())


Cell = tuple[str, str, Period]


def material(evidence: Evidence, pack: Pack) -> Material:
    """Everything that checks read. A figure that is estimated or partial is compared with none."""
    cells: dict[str, dict[str, dict[Period, Figure]]] = {}
    repeated: dict[Cell, list[Placed[Metric]]] = {}
    periods: dict[Period, Period] = {}
    for metric in evidence.metrics:
        record = metric.record
        if record.status != "ok" or record.value is None:
            continue
        period = (record.from_, record.to)
        period = periods.setdefault(period, period)  # one for all that are equal
        cell = cells.setdefault(record.series, {}).setdefault(record.body, {})
        if period in cell:
            repeated.setdefault((record.series, record.body, period), []).append(metric)
        else:
            cell[period] = Figure(record.series, record.body, period, (metric,))
    for (series, body, period), more in repeated.items():
        first = cells[series][body][period]
        records = (*first.records, *more)
        cells[series][body][period] = replace(first, records=records, several=_several(records))
    figures = {
        series: {body: dict(sorted(cell.items(), key=_order)) for body, cell in _in_order(by_body)}
        for series, by_body in _in_order(cells)
    }
    return Material(evidence, pack, figures)


def _in_order(by_name: Mapping[str, T]) -> list[tuple[str, T]]:
    return sorted(by_name.items(), key=itemgetter(0))


def _order(item: tuple[Period, Figure]) -> tuple[date, date]:
    (start, end), _ = item
    return end or date.min, start or date.min


def _value(metric: Placed[Metric]) -> Decimal:
    value = metric.record.value
    if value is None:
        raise AssertionError(f"{metric.record.id}: what has no value is no figure")
    return value


def _several(records: Sequence[Placed[Metric]]) -> Several:
    values = sorted({str(value): value for value in map(_value, records)}.values())
    unit = records[0].record.unit
    intervals = [printed(value, unit) for value in values]
    low, high = max(i.low for i in intervals), min(i.high for i in intervals)
    # One value is never printed in two ways with the same number of decimals.
    exponents = {value.as_tuple().exponent for value in values}
    agrees = low <= high and len(exponents) == len(values)
    if agrees:
        interval = Interval(low, high)
    else:
        interval = Interval(min(i.low for i in intervals), max(i.high for i in intervals))
    return Several(tuple(values), interval, agrees)


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
