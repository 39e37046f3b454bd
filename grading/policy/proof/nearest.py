"""Which states stand against each other where one piece of evidence is better than another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from grading.judge.states import State
from grading.policy.proof.known import Pair

RANK = {"falls-short": 0, "conflicted": 1, "unknown": 1, "meets": 2, "exceeds": 3}
Told = tuple[State | None, ...]  # by side; None where the side does not have the criteria
States = frozenset[int]


def nearest(every: Sequence[Told], worse: States, to: States) -> list[Pair]:
    """Each state of the one evidence with those of the other in which the most is concluded alike.

    What stays open may be concluded so before and so after; that is no change of the evidence.
    """
    apart = {(one, other): _apart(every[one], every[other]) for one, other in product(worse, to)}
    there = {one: min(apart[one, other] for other in to) for one in worse}
    back = {other: min(apart[one, other] for one in worse) for other in to}
    return [
        (one, other)
        for (one, other), far in sorted(apart.items())
        if one != other and far in (there[one], back[other])
    ]


def _apart(one: Told, other: Told) -> tuple[int, int]:
    """Of how many criteria two states conclude otherwise, and of how many the second is worse."""
    pairs = [
        (was, now)
        for before, after in zip(one, other, strict=True)
        if before is not None and after is not None
        for was, now in zip(before.outcomes, after.outcomes, strict=True)
        if was != now
    ]
    return len(pairs), sum(_rank(now) < _rank(was) for was, now in pairs)


def _rank(outcomes: frozenset[str]) -> int:
    return min(RANK[outcome] for outcome in outcomes)
