"""The figures that indicators are reckoned from: one figure may stand behind several indicators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from grading.derive.derive import Derivation
from grading.derive.figures import Figures
from grading.derive.standing import Roles
from grading.evidence.evidence import Evidence
from grading.rules.loaded import Pack
from grading.rules.pack import Indicator, Kind

RECKONED = frozenset({"value", "sum", "mean", "maximum", "minimum", "difference", "ratio"})


@dataclass(frozen=True)
class Bases:
    """The newest figure of the inspected body by series, where there is one; and by indicator the
    figure of the comparator that it is set against."""

    own: Mapping[str, Decimal] = field(default_factory=dict)
    comparator: Mapping[str, Decimal] = field(default_factory=dict)


def is_reckoned(indicator: Indicator) -> bool:
    """Whether an indicator follows from the body's newest figures, and a comparator, alone."""
    return indicator.method in RECKONED and indicator.unit != "rank-band"


def bases(
    derivation: Derivation, evidence: Evidence, pack: Pack, dropped: frozenset[Kind] = frozenset()
) -> Bases:
    """The figures behind the indicators of a pack, from the records that indicators rest on."""
    used = {record for derived in derivation.indicators.values() for record in derived.records}
    among = replace(
        evidence,
        metrics=tuple(p for p in evidence.metrics if p.record.id in used),
        table=tuple(p for p in evidence.table if p.record.id in used),
    )
    figures = Figures(among, pack, Roles(pack), dropped)
    reckoned = {name: i for name, i in pack.indicators.items() if is_reckoned(i)}
    series = {slug for indicator in reckoned.values() for slug in indicator.series}
    own = {slug: figures.own(slug).value for slug in sorted(series)}
    beside = {
        name: figures.against(i.series[0], i.comparator)[1].value
        for name, i in reckoned.items()
        if i.comparator is not None
    }
    return Bases(
        {slug: value for slug, value in own.items() if value is not None},
        {name: value for name, value in beside.items() if value is not None},
    )
