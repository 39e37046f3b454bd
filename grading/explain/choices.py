"""Bundles of moves told together: any so many of these variables, each to any of these states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from grading.explain.bundles import Bundle

T = TypeVar("T", bound=Hashable)


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


def merged(
    bundles: Mapping[Bundle, T], unit_of: Mapping[int, int], alike: Mapping[int, Alike]
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
    whole = _told_together(found, unit, alike)
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
    found: Mapping[Bundle, T], unit: Sequence[int], alike: Mapping[int, Alike]
) -> list[list[int]]:
    """The classes of moves in sets of which any can take the place of any other."""
    sets: list[list[int]] = []
    for new in range(len(unit)):
        among = next((s for s in sets if all(_for(found, new, n, unit, alike) for n in s)), None)
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
    alike: Mapping[int, Alike],
) -> bool:
    """Whether one class of moves can always take the place of another, of a different unit."""
    own, others = alike.get(unit[one]), alike.get(unit[other])
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
