"""A series over a table of bodies: who is ranked, who is left out and why, and what a comparator is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from grading.derive.comparison import Comparison, period, refusal
from grading.evidence.records import Metric
from grading.problems import listed
from grading.rules.loaded import Pack

USABLE = frozenset({"ok", "estimated", "partial"})
_SCALES = {
    "percent": 100,
    "per-1000-population": 1_000,
    "per-1000-households": 1_000,
    "per-10000-population": 10_000,
    "per-100000-population": 100_000,
    "per-million-population": 1_000_000,
    "ratio": 1,
}


@dataclass(frozen=True)
class Ranked:
    """The figures of a series for one period, a body each; who is left out, and why.

    `reason` says why there is no ranking and no comparator at all.
    """

    figures: Mapping[str, Metric]
    left_out: Mapping[str, str]
    reason: str = ""

    @property
    def records(self) -> tuple[str, ...]:
        """The records of the figures, from the highest value; equal values by body."""
        return tuple(m.id for m in sorted(self.figures.values(), key=_highest_first))

    def named(self) -> str:
        """How many bodies there are, and each that is left out with the reason."""
        count = f"{len(self.figures)} bodies"
        if not self.left_out:
            return count
        out = [f"{body} ({why})" for body, why in self.left_out.items()]
        return f"{count} without {listed(out, 'and')}"


def counted_as(pack: Pack, series: str, body: str) -> str:
    """The body under which a body's figures of a series are counted."""
    for whole, parts in pack.series[series].combined.items():
        if body in parts:
            return whole
    return body


def ranked(table: Sequence[Metric], pack: Pack, series: str, like: Metric, as_of: date) -> Ranked:
    """The bodies of a table that compare with a figure: same period, and nothing that forbids it."""
    by_body: dict[str, list[Metric]] = {}
    for row in table:
        if row.series == series and not row.comparator:
            by_body.setdefault(row.body, []).append(row)
    figures: dict[str, Metric] = {}
    cite = pack.series[series].cite
    out = dict.fromkeys(_excluded(pack, series), f"left out by the series, {cite}")
    parts = {part for parts in pack.series[series].combined.values() for part in parts}
    for body in sorted(by_body.keys() - out.keys() - parts):
        of_body = by_body[body]
        usable = [r for r in of_body if _usable(r, as_of)]
        fitting = [r for r in usable if r.body == like.body or not _why_not(pack, like, r)]
        values = sorted({r.value for r in fitting if r.value is not None and _is_like(r, like)})
        if len(values) > 1:
            both = listed(map(str, values), "and")
            return Ranked({}, out, f"{series} for {body} is recorded as {both} for one period")
        if values:
            figures[body] = next(r for r in fitting if r.value == values[0] and _is_like(r, like))
        else:
            out[body] = _reason(pack, like, usable or of_body)
    return Ranked(figures, dict(sorted(out.items())), _short(pack, series, figures, out))


def comparator(found: Ranked, pack: Pack, series: str) -> tuple[Decimal | None, str]:
    """The comparator that the bodies of a table make by the method of the series, or why none."""
    if found.reason or not found.figures:
        return None, found.reason or f"no body has a figure of {series}"
    figures = list(found.figures.values())
    match pack.series[series].comparator_method:
        case "mean-of-bodies":
            total = sum((m.value for m in figures if m.value is not None), Decimal(0))
            return total / len(figures), ""
        case "pooled":
            return _pooled(figures, pack, series)
    return None, f"how the comparator of {series} is made is not stated"


def _pooled(figures: Sequence[Metric], pack: Pack, series: str) -> tuple[Decimal | None, str]:
    scale = _SCALES.get(pack.series[series].unit)
    if scale is None:
        return None, f"a pooled comparator of {series} needs a rate or a share"
    without = [m.body for m in figures if m.numerator is None or not m.denominator]
    if without:
        names = listed(without, "and")
        return None, f"a pooled comparator of {series} needs numerator and denominator of {names}"
    above = sum((m.numerator for m in figures if m.numerator is not None), Decimal(0))
    below = sum((m.denominator for m in figures if m.denominator is not None), Decimal(0))
    return above * scale / below, ""


def _excluded(pack: Pack, series: str) -> tuple[str, ...]:
    refused = [p.bodies for p in pack.series[series].pilots if p.comparison == "refused"]
    return (*pack.series[series].excludes, *(body for bodies in refused for body in bodies))


def _usable(row: Metric, as_of: date) -> bool:
    timely = row.to is None or row.to <= as_of
    return timely and row.value is not None and row.status in USABLE


def _why_not(pack: Pack, like: Metric, row: Metric) -> str:
    return refusal(Comparison(pack, "bodies", like, row))


def _is_like(row: Metric, like: Metric) -> bool:
    """Whether a figure is for the period that is ranked, or for a part of it that stands for it."""
    part = "partial" in {row.status, like.status}
    return part or (row.from_, row.to) == (like.from_, like.to)


def _reason(pack: Pack, like: Metric, rows: Sequence[Metric]) -> str:
    """Why none of a body's figures is ranked: of the newest one."""
    newest = max(rows, key=lambda row: (row.to is not None, row.to, row.id))
    if newest.status not in USABLE or newest.value is None:
        return newest.reason or newest.status
    return _why_not(pack, like, newest) or f"no figure for {period(like)}"


def _short(pack: Pack, series: str, figures: Mapping[str, Metric], out: Mapping[str, str]) -> str:
    """Why a table cannot stand for the population of a series: it lacks bodies, or has too many."""
    model = pack.series[series]
    population = pack.populations.get(model.population or "")
    if population is None:
        return ""
    number = sum(len(model.combined.get(body, (body,))) for body in {*figures, *out})
    if number == population.bodies:
        return ""
    return (
        f"the table accounts for {number} bodies, and {population.title} are {population.bodies}"
        f" ({population.cite})"
    )


def _highest_first(metric: Metric) -> tuple[Decimal, str]:
    return -(metric.value or Decimal(0)), metric.body
