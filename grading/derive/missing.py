"""A table of bodies without one of them: ranks and comparators as if it had given no figures."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from grading.derive.bodies import counted_as, gave_nothing
from grading.derive.derive import Derivation
from grading.derive.indicators import derive_indicators
from grading.derive.standing import Roles
from grading.evidence.evidence import Evidence
from grading.rules.loaded import Pack
from grading.rules.pack import Indicator, Kind


def other_bodies(evidence: Evidence, pack: Pack) -> tuple[str, ...]:
    """The bodies of the table beside the inspected one and those that it is counted with, in order."""
    inspected = evidence.inspection.body
    own = {inspected, *(counted_as(pack, series, inspected) for series in pack.series)}
    rows = (m.record for m in evidence.table)
    return tuple(sorted({row.body for row in rows if not row.comparator} - own))


def ranks_in(pack: Pack, names: Collection[str]) -> frozenset[str]:
    """Those of some indicators that a table of bodies enters: ranks, and what is set against others."""
    return frozenset(name for name in names if _among_bodies(pack.indicators[name]))


def without_body(
    derivation: Derivation,
    evidence: Evidence,
    pack: Pack,
    body: str,
    names: Collection[str],
    dropped: frozenset[Kind] = frozenset(),
) -> Derivation:
    """What was derived, with these indicators as they are where a body of the table gave no figures.

    The body still counts as one of the population, so that a rank is one among fewer bodies.
    """
    rows = tuple(gave_nothing(m) if m.record.body == body else m for m in evidence.table)
    some = replace(pack, indicators={name: pack.indicators[name] for name in names})
    new = derive_indicators(replace(evidence, table=rows), some, Roles(pack), dropped)
    indicators = {**derivation.indicators, **new}
    known = {name: i.fact for name, i in indicators.items() if i.fact is not None}
    return Derivation(replace(derivation.facts, indicators=known), indicators)


def _among_bodies(indicator: Indicator) -> bool:
    return indicator.method == "rank-band" or indicator.comparator is not None
