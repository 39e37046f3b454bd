"""The smallest sets of changes with an effect: a search that looks at interchangeable changes once.

A move takes one variable to another state. Variables that add the same now, and could add the same, are
interchangeable and share their moves: a unit. A bundle is a few moves, the same one perhaps for several
variables of a unit, so it stands for many sets of changes, all of the same effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, combinations_with_replacement

from grading.judge.columns import Numbers, minus, plus
from grading.judge.connected import connected
from grading.judge.judging import Added, Judging, total
from grading.rules.facts import Possible

Bundle = tuple[int, ...]  # moves, by number, in the order of the units
NONE: Bundle = ()


@dataclass(frozen=True)
class Unit:
    """Changes that can be made together, each bundle with what it adds; of one move or more."""

    parts: Mapping[Bundle, Added]

    @property
    def touches(self) -> frozenset[int]:
        """The ladders below the judgment's own to which some bundle adds something."""
        return frozenset(
            number
            for added in self.parts.values()
            for number, numbers in enumerate(added[1:])
            if any(numbers)
        )


def alike(moves: Mapping[int, Added], variables: int, most: int) -> Unit:
    """The unit of so many interchangeable variables, each of which can make one of the moves."""
    return Unit(
        {
            bundle: total(*(moves[move] for move in bundle))
            for size in range(1, min(variables, most) + 1)
            for bundle in combinations_with_replacement(moves, size)
        }
    )


def effects(judging: Judging, units: Sequence[Unit], most: int) -> dict[Bundle, Possible]:
    """The grades that each bundle of at most so many moves leads to, NONE among them.

    A bundle is left out where fewer of its moves add the same to the judgment's own ladder: it is
    part of no smallest set of changes.
    """
    now = judging.own_total(judging.now, range(len(judging.below)))
    found: dict[Bundle, Added] = {NONE: (minus(now, now),)}
    for module in connected(units, lambda unit: unit.touches):
        moved = {bundle: (own,) for bundle, own in _moved(judging, module, most).items()}
        found = _folded(found, _effective(moved), most)
    return {bundle: judging.own.grades(plus(now, own)) for bundle, (own,) in found.items()}


def smallest(bundles: Iterable[Bundle]) -> list[Bundle]:
    """The bundles of which no part is a bundle here, those of fewest moves first."""
    every = set(bundles)
    found = (bundle for bundle in every if every.isdisjoint(_parts(bundle)))
    return sorted(found, key=lambda bundle: (len(bundle), bundle))


def _moved(judging: Judging, module: Sequence[Unit], most: int) -> dict[Bundle, Numbers]:
    """What bundles of some units add to the judgment's own ladder, through those below too."""
    below = sorted(frozenset[int]().union(*(unit.touches for unit in module)))

    def touched(added: Added) -> Added:
        return added[0], *(added[1 + number] for number in below)

    own, *numbers_below = touched(judging.now)
    found: dict[Bundle, Added] = {NONE: tuple(minus(n, n) for n in (own, *numbers_below))}
    for unit in module:
        parts = {bundle: touched(added) for bundle, added in unit.parts.items()}
        found = _folded(found, parts, most)
    through = [judging.through(*some) for some in zip(below, numbers_below, strict=True)]
    moved = {}
    for bundle, (added, *added_below) in found.items():
        for number, now, more, before in zip(
            below, numbers_below, added_below, through, strict=True
        ):
            added = plus(added, minus(judging.through(number, plus(now, more)), before))
        moved[bundle] = added
    return moved


def _folded(
    found: Mapping[Bundle, Added], more: Mapping[Bundle, Added], most: int
) -> dict[Bundle, Added]:
    """Each bundle of the one with each of the other, of at most so many moves."""
    parts = sorted(more.items(), key=lambda part: len(part[0]))
    folded = dict(found)
    for bundle, numbers in found.items():
        room = most - len(bundle)
        for part, added in parts:
            if len(part) > room:
                break
            folded[bundle + part] = tuple(map(plus, numbers, added))
    return folded


def _effective(bundles: Mapping[Bundle, Added]) -> dict[Bundle, Added]:
    """The bundles that add what no part of them adds."""
    return {
        bundle: added
        for bundle, added in bundles.items()
        if all(bundles[part] != added for part in _parts(bundle))
    }


def _parts(bundle: Bundle) -> Iterator[Bundle]:
    """What a bundle is without some of its moves."""
    return chain.from_iterable(combinations(bundle, size) for size in range(len(bundle)))
