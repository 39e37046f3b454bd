"""What the rules of a pack can see of an inspection: equal where they cannot tell two apart."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

from grading.rules.again import Key, sees
from grading.rules.facts import Facts, RecordFact
from grading.rules.rule import Rule, leaves


def keys_of(rule: Rule) -> frozenset[Key]:
    """What a rule asks about."""
    return frozenset(key for leaf in leaves(rule.body) for key in sees(leaf))


class Looks:
    """What there is to see of one inspection, by what a rule asks about."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.records = {topic: frozenset(map(_record, some)) for topic, some in _some(facts)}

    def at(self, key: Key) -> Hashable:
        """What a rule sees there; equal where it cannot tell two inspections apart."""
        facts, name = self.facts, key[-1]
        match key[0]:
            case "topic":
                return name in facts.concluded, self.records.get(name)
            case "indicator":
                fact = facts.indicators.get(name)
                return None if fact is None else (fact.value, fact.way)
            case "outcomes":
                return facts.outcomes.get(name)
            case "findings":
                return facts.findings.get((key[1], name))
            case "judgments":
                return facts.judgments.get(name)
        if len(key) == 1:
            return facts.previous is None
        return tuple(sorted((facts.previous or {}).get(name, ())))


def _some(facts: Facts) -> Iterable[tuple[str, tuple[RecordFact, ...]]]:
    return ((topic, some) for topic, some in facts.records.items() if some)


def _record(record: RecordFact) -> Hashable:
    levels: Mapping[str, int] = record.levels
    shown = tuple(sorted(levels.items()))
    standing = record.standing
    return record.supports, shown, record.mitigated, standing, record.open, record.withdrawn
