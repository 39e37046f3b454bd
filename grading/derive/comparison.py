"""Whether two figures may be set against each other: if not, why, and where that is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from grading.evidence.records import Metric
from grading.problems import listed
from grading.rules.comparable import EARLIER_YEARS, VARIES
from grading.rules.loaded import Pack
from grading.rules.pack import Indicator

Kind = Literal["bodies", "series", "periods"]
"""What a comparison is between: two bodies, two series of one body, or two periods of one."""


@dataclass(frozen=True)
class Comparison:
    """Two figures that are to be set against each other; of two periods, the later one first."""

    pack: Pack
    kind: Kind
    first: Metric
    second: Metric

    @property
    def both(self) -> tuple[Metric, Metric]:
        """The two figures."""
        return self.first, self.second


def refusal(comparison: Comparison) -> str:
    """Why the two figures are not compared, with the source of the restriction; empty if they are."""
    return next((why for check in _CHECKS if (why := check(comparison))), "")


def wrong_unit(indicator: Indicator, pack: Pack) -> str:
    """Why an indicator cannot be in its unit: of two percentages the difference is in points."""
    unit = pack.series[indicator.series[0]].unit
    right = {"percentage-points" if unit == "percent" else unit}
    if indicator.method == "change":
        right.add("percent-change")
    if indicator.unit in right or indicator.method == "ratio":
        return ""
    asked = listed(sorted(right))
    return f"the {indicator.method} of figures in {unit} is in {asked}, not in {indicator.unit}"


def left_out(pack: Pack, series: str, body: str) -> str:
    """Why a body's figures of a series take part in nothing; empty where they do."""
    model = pack.series[series]
    if body in model.excludes:
        return f"{body} is left out of {series}, in rank, comparator and chart alike ({model.cite})"
    for pilot in model.pilots:
        if body in pilot.bodies and pilot.comparison == "refused":
            caveat = pack.caveats[pilot.caveat]
            return f"{body} takes part in a pilot: {caveat.says} ({caveat.cite})"
    return ""


def caveats(pack: Pack, metrics: Sequence[Metric]) -> set[str]:
    """The caveats that travel with figures: of their records, series, pilots and parts of a period."""
    found = {c for m in metrics for c in (*m.caveats, *pack.series[m.series].caveats)}
    for metric in metrics:
        model = pack.series[metric.series]
        found |= {p.caveat for p in model.pilots if metric.body in p.bodies}
        if metric.status == "partial" and model.partial is not None:
            found.add(model.partial)
    return found


def notes(metrics: Sequence[Metric]) -> tuple[str, ...]:
    """What else limits how figures may be read, in words."""
    said = [
        f"the figure of {m.series} for {m.body} is {m.status}: {m.reason}"
        for m in metrics
        if m.status in {"estimated", "partial"}
    ]
    if any(m.synthetic for m in metrics):
        said.append(SYNTHETIC)
    return tuple(dict.fromkeys(said))


SYNTHETIC = "SYNTHETIC: it rests on made-up figures, of no real bodies"


def comparator_note(pack: Pack, series: str) -> str:
    """How the comparator of a series is made, where the series says it."""
    match pack.series[series].comparator_method:
        case "pooled":
            return "the comparator is a pooled rate, all bodies taken together"
        case "mean-of-bodies":
            return "the comparator is the unweighted mean of the bodies' figures, not a pooled rate"
        case "not-stated":
            return "how the comparator was made is not stated"
    return ""


def period(metric: Metric) -> str:
    """The period of a figure in words."""
    match metric.from_, metric.to:
        case None, None:
            return "no stated period"
        case None, end:
            return f"{end}"
        case start, end:
            return f"{start} to {end or 'no stated end'}"


def same_length(first: Metric, second: Metric) -> bool:
    """Whether two periods have one length: in whole months, else in days. Points have none."""
    return _length(first) == _length(second)


def within(inner: Metric, outer: Metric) -> bool:
    """Whether one period lies in another."""
    if None in (inner.from_, inner.to, outer.from_, outer.to):
        return (inner.from_, inner.to) == (outer.from_, outer.to)
    return _start(outer) <= _start(inner) and _end(inner) <= _end(outer)


def _left_out(c: Comparison) -> str:
    return next((w for m in c.both if (w := left_out(c.pack, m.series, m.body))), "")


def _named_series(c: Comparison) -> str:
    first, second = c.first.series, c.second.series
    for one, other in ((first, second), (second, first)):
        model = c.pack.series[one]
        if other in model.not_comparable_with:
            return f"{one} is not comparable with {other} ({model.cite})"
    return ""


def _units(c: Comparison) -> str:
    one, other = (c.pack.series[m.series].unit for m in c.both)
    if one == other:
        return ""
    return f"{_each(c, one, other)}: the units differ ({_sources(c)})"


def _denominators(c: Comparison) -> str:
    one, other = (c.pack.series[m.series].denominator or "none" for m in c.both)
    if one == other:
        return ""
    return f"{_each(c, one, other)}: the denominators differ ({_sources(c)})"


def _definitions(c: Comparison) -> str:
    model = c.pack.series[c.first.series]
    if c.kind == "bodies" and model.definition == VARIES:
        return f"each body has its own definition of {c.first.series} ({model.cite})"
    one, other = (m.definition or c.pack.series[m.series].definition or "none" for m in c.both)
    if one == other:
        return ""
    return f"the definitions differ: {one} in {c.first.id}, {other} in {c.second.id}"


def _status(c: Comparison) -> str:
    for metric in c.both:
        if metric.status == "partial" and c.pack.series[metric.series].partial is None:
            return (
                f"the figure of {metric.series} for {metric.body} is partial: {metric.reason}"
                f" [{metric.id}]"
            )
    return ""


def _periods(c: Comparison) -> str:
    if c.kind == "periods":
        return ""
    first, second = c.both
    if (first.from_, first.to) == (second.from_, second.to):
        return ""
    if c.kind == "bodies" and any(_allowed_part(c, *pair) for pair in (c.both, c.both[::-1])):
        return ""
    if not same_length(first, second):
        return f"{_the_periods(c)} differ in length"
    return f"{_the_periods(c)} differ"


def _earlier(c: Comparison) -> str:
    if c.kind != "periods":
        return ""
    model = c.pack.series[c.first.series]
    if EARLIER_YEARS in model.not_comparable_with:
        return f"{c.first.series} is not comparable with earlier years ({model.cite})"
    if not same_length(c.first, c.second):
        return f"{_the_periods(c)} differ in length"
    if _end(c.second) >= _start(c.first):
        return f"{_the_periods(c)} overlap"
    for broken in model.breaks:
        if _start(c.second) < broken.from_ <= _end(c.first):
            return f"a break in {c.first.series} on {broken.from_}: {broken.says} ({broken.cite})"
    return ""


_CHECKS: tuple[Callable[[Comparison], str], ...] = (
    _left_out,
    _named_series,
    _units,
    _denominators,
    _definitions,
    _status,
    _periods,
    _earlier,
)


def _allowed_part(c: Comparison, part: Metric, whole: Metric) -> bool:
    """Whether a figure of a part of the period may stand for the whole: `_status` saw to the series."""
    return part.status == "partial" and within(part, whole)


def _sources(c: Comparison) -> str:
    return "; ".join(dict.fromkeys(c.pack.series[m.series].cite for m in c.both))


def _each(c: Comparison, one: str, other: str) -> str:
    return f"{c.first.series} is in {one} and {c.second.series} in {other}"


def _the_periods(c: Comparison) -> str:
    whose = [m.body if c.kind == "bodies" else m.series for m in c.both]
    if c.kind == "periods":
        return f"the periods {period(c.first)} and {period(c.second)}"
    return f"the periods of {whose[0]} ({period(c.first)}) and {whose[1]} ({period(c.second)})"


def _start(metric: Metric) -> date:
    return metric.from_ or metric.to or date.min


def _end(metric: Metric) -> date:
    return metric.to or date.max


def _length(metric: Metric) -> tuple[str, int]:
    if metric.from_ is None or metric.to is None:
        return "point", 0
    after = metric.to + timedelta(days=1) if metric.to < date.max else metric.to
    if after.day == metric.from_.day:
        months = (after.year - metric.from_.year) * 12 + after.month - metric.from_.month
        return "months", months
    return "days", (after - metric.from_).days
