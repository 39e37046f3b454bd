"""What was derived, with some indicators and outcomes said by people instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from grading.derive.derive import Derivation
from grading.derive.indicators import Derived
from grading.derive.standing import Roles
from grading.rules.facts import Possible
from grading.rules.loaded import Pack

Value = Decimal | str | None
SUPPOSED = "supposed, and not derived from any record"
NOT_KNOWN = "it is supposed that it is not known"


def suppose(
    derivation: Derivation,
    pack: Pack,
    values: Mapping[str, Value],
    outcomes: Mapping[str, Possible],
) -> Derivation:
    """What was derived, with these values of indicators and these outcomes of criteria.

    A value has the roles that its method has in this inspection, or would have where the indicator
    is absent; None is unknown. An outcome stands as a person would decide it: what asks for the
    outcome sees it, and what asks for records sees the records.
    """
    indicators = {
        name: _supposed(derived, pack, values[name]) if name in values else derived
        for name, derived in derivation.indicators.items()
    }
    facts = replace(
        derivation.facts,
        indicators={i.id: i.fact for i in indicators.values() if i.fact is not None},
        decided=dict(outcomes),
    )
    return Derivation(facts, indicators)


def _supposed(derived: Derived, pack: Pack, value: Value) -> Derived:
    would = Roles(pack).of_indicator(pack.indicators[derived.id])
    return Derived(
        id=derived.id,
        title=derived.title,
        unit=derived.unit,
        value=value,
        reason=NOT_KNOWN if value is None else "",
        records=(),
        standings=derived.standings or would,
        notes=() if value is None else (SUPPOSED,),
    )
