"""The earlier findings that there could be, as far as conditions can tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import get_args

from grading.rules.conditions import PreviousStatus
from grading.rules.facts import WITHDRAWN
from grading.rules.rule import MOST_EARLIER, Count

Item = tuple[str, str, str]  # topic, kind and status of an earlier finding
Items = tuple[Item, ...]
Earlier = Mapping[str, tuple[tuple[str, str], ...]]  # by topic, as conditions see them
Tallies = tuple[int, ...]
STATUSES: tuple[str, ...] = get_args(PreviousStatus)
MOST_TALLIES = 4096


def listed(earlier: Earlier) -> Items:
    """Each earlier finding, in order."""
    return tuple((topic, kind, status) for topic in earlier for kind, status in earlier[topic])


def by_topic(items: Iterable[Item]) -> dict[str, tuple[tuple[str, str], ...]]:
    """The earlier findings as conditions see them."""
    topics: dict[str, tuple[tuple[str, str], ...]] = {}
    for topic, kind, status in items:
        topics[topic] = (*topics.get(topic, ()), (kind, status))
    return topics


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
        topics = dict.fromkeys(member for count in counts for member in count.members)
        kinds = dict.fromkeys(count.kind for count in counts)
        more = _told_apart(((), *((i,) for i in product(topics, kinds, STATUSES))), counts)
        found, before = {_tallies((), counts): Items()}, 0
        while before < len(found) <= MOST_TALLIES:
            before, found = len(found), _with(found, more, counts)
    else:
        known = [item for item in listed(earlier) if item[2] != WITHDRAWN]
        found = _told_apart((tuple(known),), counts)
        for topic, kind, status in listed(earlier):
            if status == WITHDRAWN and len(found) <= MOST_TALLIES:
                each = ((), *(((topic, kind, s),) for s in STATUSES))
                found = _with(found, _told_apart(each, counts), counts)
    return tuple(found.values()) if len(found) <= MOST_TALLIES else None


def _with(
    found: Mapping[Tallies, Items], more: Mapping[Tallies, Items], counts: Sequence[Count]
) -> dict[Tallies, Items]:
    """Each of the one with each of the other, the fewest of those with the same tallies."""
    both = sorted((a + b for a in found.values() for b in more.values()), key=len)
    return _told_apart(both, counts)


def _told_apart(cases: Iterable[Items], counts: Sequence[Count]) -> dict[Tallies, Items]:
    first: dict[Tallies, Items] = {}
    for items in cases:
        first.setdefault(_tallies(items, counts), items)
    return first


def _tallies(items: Items, counts: Sequence[Count]) -> Tallies:
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
