"""Where the body stands among others: a strip for each series that is ranked in a table of bodies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from grading.derive.bodies import counted_as, ranked
from grading.derive.ranks import size
from grading.evidence.records import Metric
from grading.explain.english import figure, name_of
from grading.report.drawn import Strip, strip
from grading.report.links import Piece, record_target
from grading.report.subject import Subject


@dataclass(frozen=True)
class Stands:
    """One body of a strip."""

    whose: str
    shown: str
    own: bool
    record: Piece


@dataclass(frozen=True)
class Among:
    """A series in a table of bodies. `says` is where the inspected body stands, or why no band is given."""

    title: str
    says: str
    own: str
    at_each_end: int
    drawn: Strip
    bodies: tuple[Stands, ...]
    left_out: tuple[str, ...]


def among(subject: Subject) -> tuple[Among, ...]:
    """A strip for each ranked series; none where there is no table of bodies."""
    return tuple(_strips(subject)) if subject.grading.evidence.table else ()


def _strips(subject: Subject) -> Iterator[Among]:
    grading, pack = subject.grading, subject.grading.pack
    inspection = grading.evidence.inspection
    for name, indicator in pack.indicators.items():
        bands = (
            pack.bands.get(pack.series[s].bands or "") if (s := _one(indicator.series)) else None
        )
        if indicator.method != "rank-band" or bands is None:
            continue
        body = counted_as(pack, s, inspection.body)
        rows = {m.record.id: m.record for m in grading.evidence.table if m.record.series == s}
        found = {
            p.record.id: p.record for p in (*grading.evidence.metrics, *grading.evidence.table)
        }
        own = [found[r] for r in grading.derivation.indicators[name].records if r in found]
        like = next((m for m in own if m.body == body and m.value is not None), None)
        if like is None:
            continue
        others = [m for m in rows.values() if m.id != like.id]
        who = ranked([*others, like], pack, s, like, inspection.as_of)
        values = [m.value for m in who.figures.values() if m.value is not None]
        if len(values) < 2 or like.value is None:
            continue
        ends = size(bands.share, len(values), bands.rounding)
        yield Among(
            title=indicator.title,
            says=f"{subject.explainer.figures.said(name)}.",
            own=f"{inspection.body_name}: {figure(like.value, like.unit)}",
            at_each_end=ends,
            drawn=strip(values, like.value, ends),
            bodies=tuple(_stands(m, body, inspection.body_name) for m in _highest(who.figures)),
            left_out=tuple(f"{name_of(b)}: {why}" for b, why in who.left_out.items()),
        )


def _one(series: tuple[str, ...]) -> str:
    return series[0] if len(series) == 1 else ""


def _highest(figures: Mapping[str, Metric]) -> list[Metric]:
    return sorted(figures.values(), key=lambda m: (-(m.value or Decimal(0)), m.body))


def _stands(metric: Metric, own: str, name: str) -> Stands:
    whose = name if metric.body == own else name_of(metric.body)
    made_up = " (SYNTHETIC)" if metric.synthetic else ""
    value = figure(metric.value, metric.unit) if metric.value is not None else "–"
    target = Piece(metric.id, record_target(metric.id))
    return Stands(f"{whose}{made_up}", value, metric.body == own, target)
