"""Whether two packs that test criteria, or draw findings, differently can be told apart.

Looked at is everything that evidence on the criteria can show, with each part of the range of each
figure that their rules ask about and each number of earlier findings.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from itertools import chain

from grading.judge.groups import Group, groups, shape
from grading.policy.apart.both import both
from grading.policy.apart.given import every_given
from grading.policy.apart.showings import Showings
from grading.policy.apart.states import Both, States, cost_of, pieces_of
from grading.policy.apart.values import (
    UNWRITABLE,
    Apart,
    NotFound,
    Pieces,
    Proof,
    TooMany,
    Witness,
    given_of,
)
from grading.rules.facts import Facts
from grading.rules.loaded import Pack

_SAID = "what evidence on a criterion can show"


def told_apart(pack: Pack, other: Pack, changed: Iterable[str]) -> Apart:
    """What tells the two apart, the rules of criteria or of findings being the only ones changed."""
    union = both(pack, other)
    owners = {pack.rules[rule].owner for rule in changed}
    looked: dict[Hashable, int] = {}
    mine, theirs = (_by_criteria(p) for p in (pack, other))
    among = [group for group in groups(union) if not owners.isdisjoint(group.criteria)]
    if any(group.criteria not in side for group in among for side in (mine, theirs)):
        return NotFound("the change connects criteria that were apart")
    try:
        for group in among:
            own, others = mine[group.criteria], theirs[group.criteria]
            like = shape(union, group), shape(pack, own), shape(other, others)
            if like not in looked:
                compared = _Compared(pack, other, group, own, others)
                found = compared.first()
                if isinstance(found, Pieces):
                    return Witness(given_of(pack, found))
                looked[like] = found
    except TooMany as error:
        return NotFound(str(error))
    return Proof(sum(looked.values()), _SAID)


def _by_criteria(pack: Pack) -> Mapping[tuple[str, ...], Group]:
    return {group.criteria: group for group in groups(pack)}


class _Compared:
    """A group of criteria under both packs, state by state."""

    def __init__(self, pack: Pack, other: Pack, union: Group, mine: Group, theirs: Group) -> None:
        self.pack, self.other, self.union = pack, other, union
        self.mine, self.theirs = mine, theirs

    def first(self) -> Pieces | int:
        """The plainest evidence that the two take differently, or the number of states without any.

        Raises TooMany.
        """
        given = every_given(both(self.pack, self.other), self.union)
        sides = [(case, *self._states(case.facts)) for case in given]
        looked, differs = 0, False
        for plain in (True, False):
            for case, showings, states in sides:
                for shown in sorted(showings.every(plain=plain), key=cost_of):
                    looked += 0 if plain else 1
                    if _differ(states, shown):
                        if cost_of(shown) + case.cost < UNWRITABLE:
                            return pieces_of(self.union, showings, shown, case)
                        differs = True
                        break  # what costs more cannot be written either
        if differs:
            raise TooMany("only evidence that no case can give tells them apart")
        return looked

    def _states(self, facts: Facts) -> tuple[Showings, tuple[States, States]]:
        rules = (g.outcome_rules + g.finding_rules for g in (self.mine, self.theirs))
        later = dict.fromkeys((*self.mine.later, *self.theirs.later))
        every = tuple(chain.from_iterable(rules))
        showings = Showings(self.pack, self.union, every, later, facts)
        return showings, (
            States(self.pack, self.mine, showings),
            States(self.other, self.theirs, showings),
        )


def _differ(states: tuple[States, States], shown: Both) -> bool:
    one, two = (side.at(shown) for side in states)
    return (one.outcomes, one.findings) != (two.outcomes, two.findings)
