"""Things that have something in common, directly or through others."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

T = TypeVar("T")


def connected(
    things: Iterable[T], touches: Callable[[T], Iterable[Hashable]]
) -> tuple[tuple[T, ...], ...]:
    """The things in sets of which no two touch the same, each in the order given, by their first."""
    sets: list[tuple[list[int], set[Hashable]]] = []
    ordered = list(things)
    for number, thing in enumerate(ordered):
        touched = set(touches(thing))
        joined = [s for s in sets if not touched.isdisjoint(s[1])]
        sets = [s for s in sets if touched.isdisjoint(s[1])]
        members = sorted([number, *(n for numbers, _ in joined for n in numbers)])
        sets.append((members, touched.union(*(t for _, t in joined))))
    return tuple(
        tuple(ordered[n] for n in members) for members, _ in sorted(sets, key=lambda s: s[0])
    )
