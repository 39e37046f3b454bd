"""The grades that a judgment may still have, exactly; and the missing evidence that would narrow them.

A completion settles all that is open: the evidence on each criterion (see `judge.completions`), each
figure that is missing, which takes one value wherever it is asked about, each earlier finding that was
withdrawn or not gathered, each judgment whose record was withdrawn. Then each conclusion that is still
open is drawn one way or another, stage by stage. The grades are those of all completions. Three values
never exclude one of them, as a condition that is true or false now is so in every completion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TypeVar

from grading.explain.completed import Completed
from grading.explain.flips import Grades, best_first
from grading.explain.open import Open, Says
from grading.explain.variables import To, Variable
from grading.judge.completions import TooMany
from grading.judge.judging import Judging
from grading.judge.position import Position
from grading.rules.facts import Possible
from grading.rules.loaded import Pack

T = TypeVar("T")
MOST_CONDITIONS = 2048


@dataclass(frozen=True)
class Told:
    """What a variable could turn out to be, and the grades that are then possible."""

    to: tuple[To, ...]
    grades: Grades


@dataclass(frozen=True)
class Missing:
    """Something open, with all that it could turn out to be by the grades that this leaves."""

    variable: Variable
    told: tuple[Told, ...]

    @property
    def worst(self) -> int:
        """How many grades are possible if it turns out to be what narrows least."""
        return max(len(told.grades) for told in self.told)

    @property
    def best(self) -> int:
        """How many grades are possible if it turns out to be what narrows most."""
        return min(len(told.grades) for told in self.told)


@dataclass(frozen=True)
class Unknowns:
    """The grades that a judgment has in some completion, and those that three values leave.

    Where it is not `exact` there is too much to try, or figures without a list of values enter one sum,
    difference or mean together; then `grades` are those of three values, and nothing is ranked.
    `missing` has first what surely narrows most: by the grades that remain at worst, then at best.
    """

    judgment: str
    three_valued: Grades
    grades: Grades
    exact: bool
    missing: tuple[Missing, ...]


def unknowns(position: Position, judgment: str) -> Unknowns:
    """The grades that a judgment which has a grade may still have."""
    possible = best_first(position.pack, position.final.judgments[judgment])
    if len(possible) == 1:
        return Unknowns(judgment, possible, possible, True, ())
    if judgment in position.facts.judgments:
        told = tuple(Told((grade,), (grade,)) for grade in possible)
        missing = Missing(Variable("judgment", (judgment,)), told)
        return Unknowns(judgment, possible, possible, True, (missing,))
    try:
        return _exactly(position, judgment, possible)
    except TooMany:
        return Unknowns(judgment, possible, possible, False, ())


def _exactly(position: Position, judgment: str, three_valued: Grades) -> Unknowns:
    """The grades in all completions. Raises TooMany."""
    judging = Judging(position, judgment)
    open_ = Open(judging)
    ways = [list(enumerate(condition.ways)) for condition in open_.conditions]
    if prod(map(len, ways)) > MOST_CONDITIONS:
        raise TooMany
    found: set[str] = set()
    left: dict[Variable, dict[To, set[str]]] = {}
    for numbered in product(*ways):
        settled = [way for _, way in numbered]
        parts = open_.parts(settled)
        completed = Completed(judging, parts, [way.adds for way in settled])
        found |= completed.grades
        for condition, (number, _) in zip(open_.conditions, numbered, strict=True):
            _tell(left, condition.says, {number: completed.grades})
        for part in parts:
            _tell(left, part.says, completed.given(part))
    grades = best_first(position.pack, frozenset(found))
    missing = [_missing(position.pack, variable, by_to) for variable, by_to in left.items()]
    narrowing = [m for m in missing if m.best < len(grades)]
    ranked = sorted(narrowing, key=lambda m: (m.worst, m.best))
    return Unknowns(judgment, three_valued, grades, True, tuple(ranked))


def _tell(
    left: dict[Variable, dict[To, set[str]]], says: Says[T], grades: Mapping[T, Possible]
) -> None:
    """Adds what grades are left where each variable says what."""
    for variable, by_to in says.items():
        for to, keys in by_to.items():
            among = left.setdefault(variable, {}).setdefault(to, set())
            for key in keys & grades.keys():
                among |= grades[key]


def _missing(pack: Pack, variable: Variable, by_to: Mapping[To, set[str]]) -> Missing:
    """What a variable could turn out to be, by the grades that are left: the fewest first."""
    like: dict[Grades, list[To]] = {}
    for to, grades in by_to.items():
        like.setdefault(best_first(pack, frozenset(grades)), []).append(to)
    told = (Told(tuple(tos), grades) for grades, tos in like.items())
    order = pack.grades.index
    return Missing(
        variable,
        tuple(sorted(told, key=lambda t: (len(t.grades), [order(g) for g in t.grades]))),
    )
