"""What a leaf of a rule counts, as numbers that add up.

Each leaf of a ladder's rules asks how many things are so, or whether one is. So what each thing adds to
a leaf is a few numbers, what all of them add is the sum, and the sum says what the leaf comes to:

- a count has how many surely are in one of its states, and how many may be;
- evidence sought, and a figure compared, have how many leave it open, and how many show it in each
  way: on each set of kinds of evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import add, sub

from grading.derive.standing import Roles
from grading.judge.earlier import enough
from grading.judge.observations import deciding
from grading.rules.definition import FALSE, UNKNOWN, Verdict, asked, reaches, tally, within
from grading.rules.facts import Facts, Way
from grading.rules.loaded import Pack
from grading.rules.rule import Compared, Count, Node, OutcomeIn, Sought

Numbers = tuple[int, ...]


def plus(one: Numbers, other: Numbers) -> Numbers:
    """The numbers of two things together."""
    return tuple(map(add, one, other))


def minus(one: Numbers, other: Numbers) -> Numbers:
    """The numbers without those of something."""
    return tuple(map(sub, one, other))


@dataclass(frozen=True)
class Columns:
    """What is counted for one leaf: `ways` are those in which evidence can make it hold."""

    leaf: Node
    ways: tuple[Way, ...] | None = None

    @property
    def width(self) -> int:
        """How many numbers it has."""
        return 2 if self.ways is None else 1 + len(self.ways)

    @property
    def enough(self) -> int:
        """The number from which more makes no difference."""
        return enough(self.leaf) if isinstance(self.leaf, Count) else 1

    @property
    def fewest(self) -> int:
        """The number below which it makes no difference how many there are."""
        return self.leaf.fewest if isinstance(self.leaf, Count) else 0

    def verdict(self, numbers: Numbers) -> Verdict:
        """What the leaf comes to by its numbers."""
        if self.ways is not None:
            ways = frozenset(way for way, n in zip(self.ways, numbers[1:], strict=True) if n)
            return Verdict(True, ways) if ways else UNKNOWN if numbers[0] else FALSE
        surely, may = numbers
        if isinstance(self.leaf, Count):
            return reaches(surely, may, self.leaf.fewest, self.leaf.most)
        return reaches(surely, may, 1, 1)

    @property
    def nothing(self) -> Numbers:
        """What something adds that the leaf does not ask about."""
        return (0,) * self.width

    def of(self, verdict: Verdict) -> Numbers:
        """What something adds that alone makes the leaf come to this."""
        shown = (int(way in verdict.ways) for way in self.ways or ())
        return (int(verdict.truth is None), *shown)


def ways_of(pack: Pack, leaf: Node, facts: Facts) -> tuple[Way, ...] | None:
    """The ways in which evidence can make a leaf hold, in order; None of a leaf that counts."""
    match leaf:
        case Sought():
            standings = {r.standing for about in facts.records.values() for r in about}
            ways = {frozenset({standing}) for standing in (*standings, deciding(pack))}
        case Compared(indicator=name):
            ways = {Roles(pack).of_indicator(pack.indicators[name])}
            ways |= {facts.indicators[name].way} if name in facts.indicators else set()
        case _:
            return None
    return tuple(sorted(ways, key=sorted))


def counted(columns: Columns, leaf: Node, facts: Facts) -> Numbers:
    """What the facts add to the columns of a leaf."""
    match leaf:
        case Count():
            return tally(leaf, facts)
        case OutcomeIn(criterion=criterion, outcomes=wanted):
            return within([facts.outcomes.get(criterion)], wanted)
        case _:
            return columns.of(asked(leaf, facts))
