"""The smallest sets of changes that raise a grade, and those that lower it: all of them.

A change takes a criterion to another settled state, whatever the evidence for it; or a figure that a
ladder compares to another value, an earlier finding that a ladder counts to another status, a judgment
that was carried forward to another grade. Criteria are free of each other, also where they ask about
the same figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from grading.explain.bundles import effects, smallest
from grading.explain.choices import merged
from grading.explain.moves import Change, Moves, Option
from grading.explain.variables import To, Variable
from grading.judge.judging import Judging
from grading.judge.position import Position
from grading.rules.facts import Possible
from grading.rules.loaded import Pack
from grading.rules.stages import rungs

Grades = tuple[str, ...]


@dataclass(frozen=True)
class Flip:
    """Changes that together move the grade, and not without each of them; and the grades then possible.

    Where two changes offer the same variables, they are made to different ones.
    """

    changes: tuple[Change, ...]
    grades: Grades

    @property
    def size(self) -> int:
        """How many changes it takes."""
        return sum(change.number for change in self.changes)

    def sets(self) -> Iterator[frozenset[tuple[Variable, To]]]:
        """Each set of changes that it stands for."""
        chosen = product(*(combinations(c.options, c.number) for c in self.changes))
        for options in chosen:
            flat = [option for some in options for option in some]
            if len({option.variable for option in flat}) < len(flat):
                continue
            for states in product(*(option.to for option in flat)):
                yield frozenset(zip((o.variable for o in flat), states, strict=True))


@dataclass(frozen=True)
class Flips:
    """Every smallest set of at most `most` changes that raises a grade, or lowers it.

    To raise is to better the worst grade that is possible and not to worsen the best; to lower is to
    worsen the best and not to better the worst. `looked_at` has how many sets of one change, of two
    and so on were looked at. Where `complete` is False, not all that could be changed was found, and
    that there are no more is not known.
    """

    judgment: str
    grades: Grades
    most: int
    raising: tuple[Flip, ...]
    lowering: tuple[Flip, ...]
    looked_at: tuple[int, ...]
    complete: bool


def flips(position: Position, judgment: str, most: int = 2) -> Flips:
    """The smallest sets of at most so many changes that move a judgment which has a grade."""
    if judgment in position.facts.judgments:
        return _of_given(position, judgment, most)
    judging = Judging(position, judgment)
    moves = Moves(judging, most)
    found = effects(judging, moves.units, most)
    pack, now = position.pack, position.final.judgments[judgment]

    def moving(moves_it: Callable[[Pack, Possible, Possible], bool]) -> tuple[Flip, ...]:
        among = {b: best_first(pack, g) for b, g in found.items() if moves_it(pack, now, g)}
        best = {bundle: among[bundle] for bundle in smallest(among)}
        choices = merged(best, moves.unit_of, moves.alike)
        return tuple(
            Flip(tuple(map(moves.change, some)), grades) for some, grades in choices.items()
        )

    return Flips(
        judgment=judgment,
        grades=best_first(pack, now),
        most=most,
        raising=moving(raises),
        lowering=moving(lowers),
        looked_at=_sets([variable.states for variable in moves.free], most),
        complete=moves.complete,
    )


def raises(pack: Pack, before: Possible, after: Possible) -> bool:
    """Whether the worst grade that is possible is better than before, and the best is no worse."""
    (best, worst), (new_best, new_worst) = _ends(pack, before), _ends(pack, after)
    return new_worst < worst and new_best <= best


def lowers(pack: Pack, before: Possible, after: Possible) -> bool:
    """Whether the best grade that is possible is worse than before, and the worst is no better."""
    (best, worst), (new_best, new_worst) = _ends(pack, before), _ends(pack, after)
    return new_best > best and new_worst >= worst


def best_first(pack: Pack, grades: Possible) -> Grades:
    """The grades in the order of the scale."""
    return tuple(sorted(grades, key=pack.grades.index))


def _ends(pack: Pack, grades: Possible) -> tuple[int, int]:
    places = [pack.grades.index(grade) for grade in grades]
    return min(places), max(places)


def _of_given(position: Position, judgment: str, most: int) -> Flips:
    """The flips of a judgment that was carried forward: the grades that it could have been."""
    pack, now = position.pack, position.final.judgments[judgment]
    before = next(iter(now)) if len(now) == 1 else None
    others = [grade for grade in rungs(pack, judgment) if grade != before]

    def flip(grade: str) -> Flip:
        option = Option(Variable("judgment", (judgment,)), before, (grade,))
        return Flip((Change(1, (option,)),), (grade,))

    return Flips(
        judgment=judgment,
        grades=best_first(pack, now),
        most=most,
        raising=tuple(flip(g) for g in others if raises(pack, now, frozenset({g}))),
        lowering=tuple(flip(g) for g in others if lowers(pack, now, frozenset({g}))),
        looked_at=_sets([len(others)], most),
        complete=True,
    )


def _sets(states: Sequence[int], most: int) -> tuple[int, ...]:
    """How many sets there are of one change, of two and so on, with so many states a variable."""
    numbers = [1] + [0] * most
    for more in states:
        for size in range(most, 0, -1):
            numbers[size] += numbers[size - 1] * more
    return tuple(numbers[1:])
