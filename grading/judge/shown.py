"""What the topics of criteria show, and what the criteria come to by it.

Evidence is a set of records, and a condition on it asks whether there is one that shows so much. So
what evidence can show is every union of what single records show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from grading.judge.groups import Group
from grading.judge.states import Settling, State, Verdicts, by, judged, resolved, seen_in
from grading.rules.definition import FALSE, Verdict
from grading.rules.facts import Facts, Possible, Standing
from grading.rules.loaded import Pack
from grading.rules.rule import Node, Rule, Sought, leaves
from grading.rules.stages import Truth

T = TypeVar("T")
MOST_SHOWN = 4096


@dataclass(frozen=True)
class Bits:
    """What topics show, as a number: a bit for each condition and each kind that shows it."""

    sought: tuple[Sought, ...]
    standings: tuple[Standing, ...]

    def of(self, showing: int, standing: Standing) -> int:
        """What records of one kind show; `showing` has a bit for each condition."""
        return showing << len(self.sought) * self.standings.index(standing)

    def shown(self, bits: int) -> dict[Sought, Verdict]:
        """Whether each condition holds of searched topics that show this."""
        return {node: self._verdict(bits >> place) for place, node in enumerate(self.sought)}

    def asked(self, nodes: Iterable[Node]) -> int:
        """The bits of these conditions."""
        among = frozenset(nodes)
        showing = sum(1 << n for n, node in enumerate(self.sought) if node in among)
        return sum(self.of(showing, standing) for standing in self.standings)

    def _verdict(self, bits: int) -> Verdict:
        ways = frozenset(
            frozenset({standing})
            for n, standing in enumerate(self.standings)
            if bits >> n * len(self.sought) & 1
        )
        return Verdict(True, ways) if ways else FALSE


class Settled:
    """The states of a group by what its topics show, where figures and earlier findings are given.

    A rule is asked once of all that is alike in what it sees.
    """

    def __init__(self, pack: Pack, group: Group, bits: Bits, facts: Facts) -> None:
        self.pack, self.group, self.bits, self.facts = pack, group, bits, facts
        self.sees = {
            rule.id: bits.asked(leaves(rule.body))
            for rule in (*group.outcome_rules, *group.finding_rules)
        }
        self.later = bits.asked(group.later)
        self.truths: dict[tuple[str, int, tuple[Possible, ...]], Truth] = {}
        self.verdicts: dict[int, Verdicts] = {}

    def judged(self, showing: int) -> State:
        """The state in which the topics show this."""
        return judged(self.pack, self.group, self.facts, *self._by(showing))

    def resolved(self, showing: int) -> Iterator[State]:
        """The states in which they do, and every conclusion is drawn."""
        return resolved(self.pack, self.group, self.facts, *self._by(showing))

    def holds(self, rule: Rule, showing: int) -> Truth:
        """What a rule about outcomes comes to where the topics show this."""
        return self._by(showing)[1](rule, self.facts)

    def _by(self, showing: int) -> tuple[Verdicts, Settling]:
        def truth(rule: Rule, facts: Facts) -> Truth:
            seen = showing & self.sees[rule.id]
            key = rule.id, seen, tuple(facts.outcomes.values())
            if key not in self.truths:
                self.truths[key] = by(self.bits.shown(seen))(rule, facts)
            return self.truths[key]

        later = showing & self.later
        if later not in self.verdicts:
            self.verdicts[later] = seen_in(self.group, self.bits.shown(later))
        return self.verdicts[later], truth


def unions(start: int, steps: Mapping[int, T]) -> tuple[dict[int, tuple[T, ...]], bool]:
    """Every union of steps with the start, each with the fewest steps to it; and whether that is all."""
    found: dict[int, tuple[T, ...]] = {start: ()}
    last = [start]
    while last:
        reached: list[int] = []
        for bits in last:
            for step, taken in steps.items():
                union = bits | step
                if union not in found:
                    if len(found) >= MOST_SHOWN:
                        return found, False
                    found[union] = (*found[bits], taken)
                    reached.append(union)
        last = reached
    return found, True
