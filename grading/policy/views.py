"""What the rules of a pack see of many inspections: each rule once of all that look alike to it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property

from grading.engine.run import Fired
from grading.policy.looks import Looks, keys_of
from grading.rules.again import Key, searched_in_vain
from grading.rules.definition import holds
from grading.rules.facts import Facts
from grading.rules.loaded import Pack
from grading.rules.rule import STAGES, Rule, Stage
from grading.rules.stages import advance


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
        # most inspections differ in little from one where everything was searched in vain
        in_vain = searched_in_vain(pack)
        found = [in_vain.verdicts_with(each) for each in self.start]
        self._verdicts = tuple(verdicts for verdicts, _ in found)
        self.final = tuple(final for _, final in found)
        self._asks = {rule.id: keys_of(rule) for rule in pack.rules.values()}
        self._alike: dict[frozenset[Key], tuple[Alike, ...]] = {}

    def alike(self, *rules: Rule) -> tuple[Alike, ...]:
        """The inspections, in sets of those of which the rules see the same."""
        keys = frozenset(key for rule in rules for key in keys_of(rule))
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

    def as_it_is(self, number: int) -> Fired:
        """What one inspection comes to by the pack."""
        return Fired(self._verdicts[number], self.final[number], ())

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
    def _seen(self) -> tuple[Looks, ...]:
        return tuple(map(Looks, self.final))


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
