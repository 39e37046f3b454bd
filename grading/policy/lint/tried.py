"""What the cases of a pack try of its rules: which conditions hold in some case, and which do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from grading.policy.cases import PlacedCase
from grading.problems import Place
from grading.rules.again import Key, conclusions, differences, searched_in_vain, sees
from grading.rules.definition import asked
from grading.rules.facts import Facts
from grading.rules.loaded import Pack
from grading.rules.rule import STAGES, Node, leaves
from grading.rules.stages import Truth

Told = tuple[Place, Truth]


@dataclass(frozen=True)
class Tried:
    """What conditions come to in some case, by where they are written; and values of indicators.

    `rules` are conditions as a whole, `leaves` the single ones in them.
    """

    rules: frozenset[Told] = frozenset()
    leaves: frozenset[Told] = frozenset()
    values: frozenset[tuple[str, Decimal]] = frozenset()


def tried(pack: Pack, cases: Iterable[PlacedCase]) -> Tried:
    """What cases try of the rules of a pack, whatever they expect."""
    trying = _Trying(pack)
    for case in cases:
        trying.add(case.stand.derivation(pack).facts)
    return trying.tried()


class _Trying:
    """Asks, of each case, only what can be otherwise than where everything was searched in vain."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.again = searched_in_vain(pack)
        self.seen: dict[Key, list[Node]] = {}
        every = (leaf for rule in pack.rules.values() for leaf in leaves(rule.body))
        self.places: dict[Node, set[Place]] = {}
        for leaf in every:
            if leaf not in self.places:
                for key in set(sees(leaf)):
                    self.seen.setdefault(key, []).append(leaf)
            self.places.setdefault(leaf, set()).add(leaf.place)
        self.rules: set[Told] = set()
        self.leaves: set[tuple[Node, Truth]] = set()
        self.values: set[tuple[str, Decimal]] = set()
        self.otherwise = Counter[Node]()
        self.cases = 0

    def add(self, facts: Facts) -> None:
        """One more case."""
        self.cases += 1
        verdicts, final = self.again.verdicts_with(facts)
        self.rules |= {(self.pack.rules[rule].place, v.settled) for rule, v in verdicts.items()}
        keys = {*differences(self.again.facts, facts), *self._concluded(final)}
        touched = {leaf for key in keys for leaf in self.seen.get(key, ())}
        self.leaves |= {(leaf, asked(leaf, final).settled) for leaf in touched}
        self.otherwise.update(touched)
        self.values |= {
            (name, fact.value)
            for name, fact in facts.indicators.items()
            if isinstance(fact.value, Decimal)
        }

    def tried(self) -> Tried:
        """What all of them tried."""
        base = self.again.final
        as_in_vain = {
            (leaf, asked(leaf, base).settled)
            for leaf in self.places
            if self.otherwise[leaf] < self.cases
        }
        told = frozenset(
            (place, truth)
            for leaf, truth in self.leaves | as_in_vain
            for place in self.places[leaf]
        )
        return Tried(frozenset(self.rules), told, frozenset(self.values))

    def _concluded(self, final: Facts) -> Iterator[Key]:
        """What was concluded otherwise, of every stage."""
        for stage in STAGES:
            yield from conclusions(stage, self.again.final, final)
