"""The earlier findings that there could be, as far as conditions can tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from operator import add
from typing import get_args

from grading.rules.conditions import PreviousStatus
from grading.rules.facts import WITHDRAWN
from grading.rules.rule import MOST_EARLIER, Count

Item = tuple[str, str, str]  # topic, kind and status of an earlier finding
Items = tuple[Item, ...]
Earlier = Mapping[str, tuple[tuple[str, str], ...]]  # by topic, as conditions see them
Tallies = tuple[int, ...]
STATUSES: tuple[str, ...] = get_args(PreviousStatus)
MOST_TALLIES = 1024


def listed(earlier: Earlier) -> Items:
    """Each earlier finding, in order."""
    return tuple((topic, kind, status) for topic in earlier for kind, status in earlier[topic])


def by_topic(items: Iterable[Item]) -> dict[str, tuple[tuple[str, str], ...]]:
    """The earlier findings as conditions see them."""
    topics: dict[str, list[tuple[str, str]]] = {}
    for topic, kind, status in items:
        topics.setdefault(topic, []).append((kind, status))
    return {topic: tuple(found) for topic, found in topics.items()}


def enough(count: Count) -> int:
    """The number from which more of what is counted makes no difference."""
    every = MOST_EARLIER if count.counted == "previous" else len(count.members)
    return count.fewest if count.most >= every else max(count.fewest, count.most + 1)


def settlements(earlier: Earlier | None, counts: Sequence[Count]) -> tuple[Items, ...] | None:
    """The earlier findings that there may be where some are unknown: a case for each set of tallies.

    One that was withdrawn is there with any status, or is not; where none were gathered there may be
    any. Each case has the fewest that give its tallies. None where there are too many to try.
    """
    if earlier is None:
        return _any_number(counts)
    known = tuple(item for item in listed(earlier) if item[2] != WITHDRAWN)
    found = {tallied(known, counts): known}
    for topic, kind, status in listed(earlier):
        if status == WITHDRAWN:
            found = _with(found, _one((topic,), (kind,), counts), counts)
            if len(found) > MOST_TALLIES:
                return None
    return tuple(found.values())


def _any_number(counts: Sequence[Count]) -> tuple[Items, ...] | None:
    """As many earlier findings as make a difference, of each sort that the counts tell apart."""
    topics = dict.fromkeys(member for count in counts for member in count.members)
    one = _one(topics, dict.fromkeys(count.kind for count in counts), counts)
    last = {tallied((), counts): Items()}
    found = dict(last)
    while last and len(found) <= MOST_TALLIES:
        reached = _with(last, one, counts)
        last = {tallies: items for tallies, items in reached.items() if tallies not in found}
        found.update(last)
    return tuple(found.values()) if not last else None


def _one(
    topics: Iterable[str], kinds: Iterable[str], counts: Sequence[Count]
) -> dict[Tallies, Items]:
    """No earlier finding, and one of each sort that the counts tell apart."""
    first: dict[Tallies, Items] = {}
    for items in ((), *((item,) for item in product(topics, kinds, STATUSES))):
        first.setdefault(tallied(items, counts), items)
    return first


def _with(
    found: Mapping[Tallies, Items], more: Mapping[Tallies, Items], counts: Sequence[Count]
) -> dict[Tallies, Items]:
    """Each of the one with each of the other: the fewest of those with the same tallies."""
    caps = tuple(map(enough, counts))
    both: dict[Tallies, Items] = {}
    for tallies, items in found.items():
        for added, others in more.items():
            total = tuple(map(min, map(add, tallies, added), caps))
            if total not in both or len(items) + len(others) < len(both[total]):
                both[total] = items + others
    return both


def tallied(items: Items, counts: Sequence[Count]) -> Tallies:
    """How many of the items each count counts, up to the number that is enough."""
    return tuple(
        min(
            enough(count),
            sum(
                topic in count.members and kind == count.kind and status in count.states
                for topic, kind, status in items
            ),
        )
        for count in counts
    )
