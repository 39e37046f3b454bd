"""What a change touches: the criteria and figures that its records are used in."""

from __future__ import annotations

from dataclasses import dataclass

from grading.explain.what_if import WhatIf
from grading.judge.judgments import Grading


@dataclass(frozen=True)
class Use:
    """The criteria and the indicators that a record is used in; or that it tells of an earlier time."""

    record: str
    criteria: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    earlier: bool = False


def used(result: WhatIf) -> tuple[Use, ...]:
    """For each record that is otherwise, once each, what it is used in on either side."""
    changed = result.otherwise.changed
    records = [p.record.id for p in (*changed.dropped, *changed.added)]
    records += [one.record for one in changed.corrected]
    records += [r for source in result.otherwise.withdrawn for r in source.records]
    records += _dated_otherwise(result)
    return tuple(_use(record, result) for record in dict.fromkeys(records))


def _use(record: str, result: WhatIf) -> Use:
    sides = (result.before, result.after)
    criteria = dict.fromkeys(c for side in sides for c in _criteria(record, side))
    indicators = dict.fromkeys(
        name
        for side in sides
        for name, derived in side.derivation.indicators.items()
        if record in derived.records
    )
    earlier = any(p.record.id == record for side in sides for p in side.evidence.previous)
    return Use(record, tuple(criteria), tuple(indicators), earlier)


def _criteria(record: str, grading: Grading) -> list[str]:
    facts = grading.derivation.facts.records
    return [fact.criterion for about in facts.values() for fact in about if fact.id == record]


def _dated_otherwise(result: WhatIf) -> list[str]:
    """The observations that are there by one as-of date and not by the other."""
    if result.before.evidence.inspection.as_of == result.after.evidence.inspection.as_of:
        return []
    before, after = (
        {
            fact.id
            for about in side.derivation.facts.records.values()
            for fact in about
            if not fact.withdrawn
        }
        for side in (result.before, result.after)
    )
    return sorted(before ^ after)
