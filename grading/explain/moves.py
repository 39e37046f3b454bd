"""The moves of a judgment's variables: those that do the same are one, for all that can make them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, product

from grading.explain.bundles import Bundle, Unit, alike
from grading.explain.choices import Alike, Choice
from grading.explain.variables import Free, To, Variable, figures, free
from grading.judge.columns import minus
from grading.judge.figures import Figure, Together
from grading.judge.judging import Added, Judging
from grading.judge.ranges import Value


@dataclass(frozen=True)
class Option:
    """A variable as it is, and the states any of which is the change."""

    variable: Variable
    now: To | None
    to: tuple[To, ...]


@dataclass(frozen=True)
class Change:
    """Any `number` of these variables, each to any of its states."""

    number: int
    options: tuple[Option, ...]


class Moves:
    """All that could be changed of what a judgment rests on, in units of what is interchangeable.

    `complete` says whether every state that there could be was found.
    """

    def __init__(self, judging: Judging, most: int) -> None:
        self.judging, self.most = judging, most
        self.free: list[Free] = []
        self.units: list[Unit] = []
        self.unit_of: dict[int, int] = {}
        self.alike: dict[int, Alike] = {}
        self.complete = True
        self._options: dict[int, tuple[Option, ...]] = {}
        self._alone()
        for together in judging.together:
            if len(together.figures) > 1:
                self._together(together)
        self.complete = self.complete and all(variable.every for variable in self.free)

    def change(self, choice: Choice) -> Change:
        """The choice as the variables and states that it stands for, in the order of the pack."""
        found: dict[Variable, Option] = {}
        for option in (option for move in choice.moves for option in self._options[move]):
            before = found.get(option.variable, replace(option, to=()))
            found[option.variable] = replace(before, to=before.to + option.to)
        order = [variable.variable for variable in self.free]
        return Change(
            choice.number,
            tuple(sorted(found.values(), key=lambda option: order.index(option.variable))),
        )

    def _alone(self) -> None:
        """Units of the variables that move by themselves."""
        units: dict[tuple[str, frozenset[Added]], list[Free]] = {}
        for variable in free(self.judging):
            self.free.append(variable)
            differences = frozenset(d for d in variable.could if any(map(any, d)))
            if differences:
                units.setdefault((variable.variable.kind, differences), []).append(variable)
        for (kind, differences), members in units.items():
            moves = {
                self._move([_option(variable, difference) for variable in members]): difference
                for difference in members[0].could
                if difference in differences
            }
            self.alike[len(self.units)] = Alike(kind, len(members))
            self.units.append(alike(moves, len(members), self.most))

    def _together(self, together: Together) -> None:
        """The unit of figures that move indicators together, whichever of them change."""
        variables = list(figures(self.judging, together))
        self.free += variables
        moves: dict[Figure, dict[int, Value]] = {}
        for figure, variable in zip(together.figures, variables, strict=True):
            for value in (to for states in variable.could.values() for to in states):
                if isinstance(value, Decimal | str):
                    move = self._move([Option(variable.variable, variable.now, (value,))])
                    moves.setdefault(figure, {})[move] = value
        reckoning = self.judging.position.reckoning
        now = {figure: reckoning.now(figure) for figure in together.figures}
        adds = self.judging.of_figures(together, now)
        parts: dict[Bundle, Added] = {}
        for size in range(1, self.most + 1):
            for changed in combinations(together.figures, size):
                for bundle in product(*(moves.get(figure, {}) for figure in changed)):
                    given = {f: moves[f][move] for f, move in zip(changed, bundle, strict=True)}
                    added = self.judging.of_figures(together, {**now, **given})
                    parts[bundle] = tuple(map(minus, added, adds))
        self.units.append(Unit(parts))
        if self.most > 1:
            # several may change at once, so their domains hold whatever the others are
            domains = (reckoning.domain(figure, {}) for figure in together.figures)
            self.complete = self.complete and all(domain.exact for domain in domains)

    def _move(self, options: Sequence[Option]) -> int:
        """A new move of the unit that comes next."""
        move = len(self._options)
        self._options[move] = tuple(options)
        self.unit_of[move] = len(self.units)
        return move


def _option(variable: Free, difference: Added) -> Option:
    return Option(variable.variable, variable.now, variable.could[difference])
