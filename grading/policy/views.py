"""What the rules of a pack see of many inspections: each rule once of all that look alike to it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from grading.engine.run import Fired
from grading.policy.cases import PlacedCase
from grading.rules.again import Key, sees
from grading.rules.definition import holds
from grading.rules.facts import Facts, RecordFact
from grading.rules.loaded import Pack
from grading.rules.rule import STAGES, Rule, Stage, leaves
from grading.rules.stages import advance, by_definition


@dataclass(frozen=True)
class Alike:
    """Inspections that look alike to a rule: the facts of one of them, and the numbers of all."""

    facts: Facts
    numbers: tuple[int, ...]


class Views:
    """The facts of inspections, in order, as the rules of one pack see them in the end.

    Later stages see what earlier ones concluded; no rule sees more than its stage does.
    """

    def __init__(self, pack: Pack, facts: Iterable[Facts]) -> None:
        self.pack, self.start = pack, tuple(facts)
        found = [by_definition(pack, each) for each in self.start]
        self._verdicts = tuple(verdicts for verdicts, _ in found)
        self.final = tuple(final for _, final in found)
        self._asks = {rule.id: _keys(rule) for rule in pack.rules.values()}
        self._alike: dict[frozenset[Key], tuple[Alike, ...]] = {}

    def alike(self, *rules: Rule) -> tuple[Alike, ...]:
        """The inspections, in sets of those of which the rules see the same."""
        keys = frozenset(key for rule in rules for key in _keys(rule))
        if keys not in self._alike:
            numbers: dict[Hashable, list[int]] = {}
            ordered = sorted(keys)
            for number, seen in enumerate(self._seen):
                looks = tuple(map(seen.at, ordered))
                numbers.setdefault(looks, []).append(number)
            self._alike[keys] = tuple(
                Alike(self.final[among[0]], tuple(among)) for among in numbers.values()
            )
        return self._alike[keys]

    def fired(self, number: int, pack: Pack, changed: Iterable[str]) -> Fired:
        """What one inspection comes to by a pack in which some rules are other than they were.

        Rules that cannot see a difference come to what they came to.
        """
        changed, final, differ = frozenset(changed), self.final[number], set[Key]()
        verdicts, facts = dict(self._verdicts[number]), self.start[number]
        for stage in STAGES:
            for rule in self._by_stage[stage]:
                if rule in changed or not differ.isdisjoint(self._asks[rule]):
                    verdicts[rule] = holds(pack.rules[rule].body, facts)
            facts = advance(pack, stage, {r: v.settled for r, v in verdicts.items()}, facts)
            differ |= _differences(final, facts)
        return Fired(verdicts, facts, ())

    @cached_property
    def _by_stage(self) -> dict[Stage, list[str]]:
        rules = self.pack.rules.values()
        return {stage: [r.id for r in rules if r.stage == stage] for stage in STAGES}

    @cached_property
    def _seen(self) -> tuple[_Seen, ...]:
        return tuple(map(_Seen, self.final))


def views(pack: Pack, cases: Iterable[PlacedCase]) -> Views:
    """The inspections of cases as the rules of a pack see them."""
    return Views(pack, (case.stand.derivation(pack).facts for case in cases))


class _Seen:
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


def _keys(rule: Rule) -> frozenset[Key]:
    return frozenset(key for leaf in leaves(rule.body) for key in sees(leaf))


def _differences(before: Facts, now: Facts) -> set[Key]:
    """What later stages see otherwise, of what has been concluded so far."""
    differ: set[Key] = {
        ("outcomes", c) for c, possible in now.outcomes.items() if before.outcomes[c] != possible
    }
    differ |= {
        ("findings", *key)
        for key, truth in now.findings.items()
        if before.findings[key] is not truth
    }
    return differ | {
        ("judgments", q) for q, possible in now.judgments.items() if before.judgments[q] != possible
    }


def _some(facts: Facts) -> Iterable[tuple[str, tuple[RecordFact, ...]]]:
    return ((topic, some) for topic, some in facts.records.items() if some)


def _record(record: RecordFact) -> Hashable:
    levels: Mapping[str, int] = record.levels
    shown = tuple(sorted(levels.items()))
    standing = record.standing
    return record.supports, shown, record.mitigated, standing, record.open, record.withdrawn
