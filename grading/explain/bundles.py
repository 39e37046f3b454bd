"""The smallest sets of changes with an effect: a search that looks at interchangeable changes once.

A move takes one variable to another state. Variables that add the same now, and could add the same, are
interchangeable and share their moves: a unit. A bundle is a few moves, the same one perhaps for several
variables of a unit, so it stands for many sets of changes, all of the same effect.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, combinations, combinations_with_replacement, pairwise
from typing import TypeVar

from grading.judge.columns import Numbers, minus, plus
from grading.judge.connected import connected
from grading.judge.judging import Added, Judging, total
from grading.rules.facts import Possible

T = TypeVar("T", bound=Hashable)
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


@dataclass(frozen=True)
class Alike:
    """How many interchangeable variables a unit has, and of what kind."""

    kind: str
    variables: int


@dataclass(frozen=True)
class Choice:
    """So many variables, each to make one of these moves: whichever, it comes to the same."""

    number: int
    moves: tuple[int, ...]


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
    found: dict[Bundle, Numbers] = {NONE: minus(now, now)}
    for module in connected(units, lambda unit: unit.touches):
        found = _folded(found, _effective(_moved(judging, module, most)), most)
    return {bundle: judging.own.grades(plus(now, added)) for bundle, added in found.items()}


def smallest(bundles: Iterable[Bundle]) -> list[Bundle]:
    """The bundles of which no part is a bundle here, those of fewest moves first."""
    every = set(bundles)
    found = (bundle for bundle in every if every.isdisjoint(_parts(bundle)))
    return sorted(found, key=lambda bundle: (len(bundle), bundle))


def merged(
    bundles: Mapping[Bundle, T], unit_of: Mapping[int, int], alike_units: Mapping[int, Alike]
) -> dict[tuple[Choice, ...], T]:
    """The bundles by what they come to, those in one that differ in moves of the same consequence.

    Two moves are of the same consequence where each makes a bundle with the same others and the same
    result, if they can be made beside them. Moves of different units are told together where
    both units are of interchangeable variables of one kind.
    """
    same = _same(bundles, unit_of)
    classes = list(dict.fromkeys(same.values()))
    number = {moves: n for n, moves in enumerate(classes)}
    found = {tuple(sorted(number[same[m]] for m in b)): result for b, result in bundles.items()}
    unit = [unit_of[moves[0]] for moves in classes]
    whole = _told_together(found, unit, alike_units)
    moves_of = {n: tuple(m for c in among for m in classes[c]) for among in whole for n in among}
    return {
        tuple(Choice(k, moves) for moves, k in Counter(moves_of[n] for n in some).items()): result
        for some, result in found.items()
    }


def _same(bundles: Mapping[Bundle, T], unit_of: Mapping[int, int]) -> dict[int, Bundle]:
    """Each move with those of its unit that make bundles with the same others and results."""
    others: dict[int, set[tuple[Bundle, T]]] = {}
    for bundle, result in bundles.items():
        for place, move in enumerate(bundle):
            others.setdefault(move, set()).add((bundle[:place] + bundle[place + 1 :], result))
    like: dict[tuple[int, frozenset[tuple[Bundle, T]]], list[int]] = {}
    for move in sorted(others):
        like.setdefault((unit_of[move], frozenset(others[move])), []).append(move)
    return {move: tuple(moves) for moves in like.values() for move in moves}


def _told_together(
    found: Mapping[Bundle, T], unit: Sequence[int], alike_units: Mapping[int, Alike]
) -> list[list[int]]:
    """The classes of moves in sets of which any can take the place of any other."""
    sets: list[list[int]] = []
    for new in range(len(unit)):
        among = next(
            (s for s in sets if all(_for(found, new, n, unit, alike_units) for n in s)), None
        )
        if among is None:
            sets.append([new])
        else:
            among.append(new)
    return sets


def _for(
    found: Mapping[Bundle, T],
    one: int,
    other: int,
    unit: Sequence[int],
    alike_units: Mapping[int, Alike],
) -> bool:
    """Whether one class of moves can always take the place of another, of a different unit."""
    own, others = alike_units.get(unit[one]), alike_units.get(unit[other])
    if unit[one] == unit[other] or own is None or others is None or own.kind != others.kind:
        return False

    def fits(bundle: Bundle) -> bool:
        made = Counter(unit[n] for n in bundle)
        return made[unit[one]] <= own.variables and made[unit[other]] <= others.variables

    for here, there in ((one, other), (other, one)):
        for bundle, result in found.items():
            if here in bundle:
                place = bundle.index(here)
                instead = tuple(sorted((*bundle[:place], there, *bundle[place + 1 :])))
                if fits(instead) and found.get(instead) != result:
                    return False
    return True


def _moved(judging: Judging, module: Sequence[Unit], most: int) -> dict[Bundle, Numbers]:
    """What bundles of some units add to the judgment's own ladder, through those below too."""
    below = sorted(frozenset[int]().union(*(unit.touches for unit in module)))

    def joined(added: Added) -> Numbers:
        return tuple(chain(added[0], *(added[1 + number] for number in below)))

    now = joined(judging.now)
    found: dict[Bundle, Numbers] = {NONE: minus(now, now)}
    for unit in module:
        parts = {bundle: joined(added) for bundle, added in unit.parts.items()}
        found = _folded(found, parts, most)
    own_now = judging.own_total(judging.now, below)
    widths = [len(judging.now[0]), *(len(judging.now[1 + number]) for number in below)]
    ends = list(accumulate(widths))

    def own(added: Numbers) -> Numbers:
        everything = plus(now, added)
        numbers = everything[: ends[0]]
        for number, (start, end) in zip(below, pairwise(ends), strict=True):
            numbers = plus(numbers, judging.through(number, everything[start:end]))
        return minus(numbers, own_now)

    return {bundle: own(added) for bundle, added in found.items()}


def _folded(
    found: Mapping[Bundle, Numbers], more: Mapping[Bundle, Numbers], most: int
) -> dict[Bundle, Numbers]:
    """Each bundle of the one with each of the other, of at most so many moves."""
    parts = sorted(more.items(), key=lambda part: len(part[0]))
    folded = dict(found)
    for bundle, numbers in found.items():
        room = most - len(bundle)
        for part, added in parts:
            if len(part) > room:
                break
            folded[bundle + part] = plus(numbers, added)
    return folded


def _effective(bundles: Mapping[Bundle, Numbers]) -> dict[Bundle, Numbers]:
    """The bundles that add what no part of them adds."""
    return {
        bundle: added
        for bundle, added in bundles.items()
        if all(bundles[part] != added for part in _parts(bundle))
    }


def _parts(bundle: Bundle) -> Iterator[Bundle]:
    """What a bundle is without some of its moves."""
    return chain.from_iterable(combinations(bundle, size) for size in range(len(bundle)))
