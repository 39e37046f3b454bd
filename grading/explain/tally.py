"""An inspection graded under one perturbation after another, and what stands counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from grading.explain.balance import Altered, Balance, Held, Possible
from grading.explain.perturbation import Change, Family, Perturbation, Withdrawal
from grading.judge.judgments import Grading
from grading.rules.again import Again, Key
from grading.rules.facts import Facts
from grading.rules.loaded import Pack
from grading.rules.reach import Reach, reaches

Used = Mapping[str, frozenset[Key]]
_GROUPS = ("site", "method", "kind")


@dataclass
class _Counted:
    """What was counted of one judgment or criterion so far."""

    held: dict[Family, int] = field(default_factory=dict)
    tried: dict[Family, int] = field(default_factory=dict)
    altered: list[Altered] = field(default_factory=list)
    set_aside: list[Altered] = field(default_factory=list)


class Tally:
    """Counts, for every graded judgment and every criterion of a run, the changes in which it stands.

    `used` are the records that conditions can see, each with what they ask about to see it. `tried`
    counts by family the changes that reached anything.
    """

    def __init__(self, grading: Grading, used: Used) -> None:
        self.pack, self.used = grading.pack, used
        self.again = Again(grading.pack, grading.derivation.facts)
        ungraded = {q for q, judgment in grading.judgments.items() if not judgment.graded}
        self.reaches: dict[str, Reach] = {
            name: reach
            for name, reach in reaches(grading.pack, grading.derivation.facts).items()
            if name not in ungraded
        }
        self.stands = {name: possible(self.pack, name, self.again.final) for name in self.reaches}
        self.counted = {name: _Counted() for name in self.reaches}
        self.tried: dict[Family, int] = {}
        self.by_key: dict[Key, list[str]] = {}
        self.by_rule: dict[str, list[str]] = {}
        for name, reach in self.reaches.items():
            for key in reach.sees:
                self.by_key.setdefault(key, []).append(name)
            for rule in reach.rules:
                self.by_rule.setdefault(rule, []).append(name)

    def balances(self, perturbations: Iterable[Perturbation]) -> dict[str, Balance]:
        """What stands under the perturbations, for judgments and then criteria, by their ids."""
        for perturbation in perturbations:
            self._count(perturbation)
        return {name: self._balance(name) for name in self.reaches}

    def _count(self, perturbation: Perturbation) -> None:
        reached = self._reached(perturbation)
        if not reached:
            return
        family, change, times = perturbation.family, perturbation.change, perturbation.times
        self.tried[family] = self.tried.get(family, 0) + times
        final = self.again.with_rules(perturbation.rules, perturbation.facts)
        for name in reached:
            counted = self.counted[name]
            then = possible(self.pack, name, final)
            stands = then == self.stands[name]
            if self._is_no_small_change(name, change):
                counted.set_aside += [] if stands else [Altered(family, change, then)]
                continue
            counted.tried[family] = counted.tried.get(family, 0) + times
            if stands:
                counted.held[family] = counted.held.get(family, 0) + times
            else:
                counted.altered.append(Altered(family, change, then))

    def _balance(self, name: str) -> Balance:
        counted = self.counted[name]
        families = {
            family: Held(counted.held.get(family, 0), tried)
            for family, tried in counted.tried.items()
        }
        altered, set_aside = tuple(counted.altered), tuple(counted.set_aside)
        return Balance(self.stands[name], families, altered, set_aside)

    def _reached(self, perturbation: Perturbation) -> set[str]:
        """The judgments and criteria that some rule leads to which the change can matter to."""
        reached = {name for key in perturbation.touches for name in self.by_key.get(key, ())}
        for rule in perturbation.rules:
            reached.update(self.by_rule.get(rule, ()))
        return reached

    def _is_no_small_change(self, name: str, change: Change) -> bool:
        """Whether it takes away a site, method or kind that the grade rests on as a whole.

        One that gave more than half of the records that the grade rests on; or a kind whose not
        being gathered leaves open more than its records told.
        """
        if not isinstance(change, Withdrawal) or change.sources[0].by not in _GROUPS:
            return False
        own = self._rests_on[name]
        more = not change.leaves_open.isdisjoint(self.reaches[name].sees)
        return more or 2 * len(change.records & own) > len(own)

    @cached_property
    def _rests_on(self) -> Mapping[str, frozenset[str]]:
        """The records that each judgment and criterion rests on."""
        seen: dict[str, set[str]] = {name: set() for name in self.reaches}
        for record, keys in self.used.items():
            for name in (name for key in keys for name in self.by_key.get(key, ())):
                seen[name].add(record)
        return {name: frozenset(records) for name, records in seen.items()}


def possible(pack: Pack, name: str, facts: Facts) -> Possible:
    """The grades or outcomes that a judgment or criterion can have."""
    if name in pack.criteria:
        return tuple(sorted(facts.outcomes[name]))
    grades = facts.judgments.get(name, frozenset())
    return tuple(grade for grade in pack.grades if grade in grades)
