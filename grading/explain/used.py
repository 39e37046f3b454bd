"""What a change touches: where its records are used, and whose rules ask for its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grading.explain.differences import Differences
from grading.explain.what_if import WhatIf
from grading.judge.judgments import Grading
from grading.rules.rule import Compared, leaves


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
    records += dated_otherwise(result)
    return tuple(_use(record, result) for record in dict.fromkeys(records))


def asked(result: WhatIf) -> Mapping[str, tuple[str, ...]]:
    """For each indicator that the change touches, whose rules ask for it on either side."""
    found = Differences(result.before, result.after).figures
    touched = [
        *result.otherwise.values,
        *(name for name, change in found.items() if not change.stands),
        *(name for use in used(result) for name in use.indicators),
    ]
    return {name: _owners(name, result) for name in dict.fromkeys(touched)}


def dated_otherwise(result: WhatIf) -> list[str]:
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


def _owners(indicator: str, result: WhatIf) -> tuple[str, ...]:
    rules = (rule for side in (result.before, result.after) for rule in side.pack.rules.values())
    return tuple(
        dict.fromkeys(
            rule.owner
            for rule in rules
            if any(
                isinstance(leaf, Compared) and leaf.indicator == indicator
                for leaf in leaves(rule.body)
            )
        )
    )


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
