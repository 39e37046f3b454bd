"""All the states of a judgment, looked at one by one or in a decision diagram, with the same results.

A diagram adds the parts one after another. What makes no difference any more is one node: sums that
are beyond enough, or too few to matter with all that is still to come. So each path stands for a
state, the paths are counted without being walked, and each node keeps the path that is told shortest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, product
from math import prod
from typing import Literal

from grading.explain.sums import Limits, clamped, most
from grading.judge.columns import Numbers, minus, plus
from grading.judge.completions import TooMany
from grading.policy.proof.parts import Cost, Option, Setting

How = Literal["one by one", "in a decision diagram"]
MOST_ONE_BY_ONE = 2_000
MOST_NODES = 50_000


@dataclass(frozen=True)
class Reached:
    """How many states come to this, and of them the one that is told shortest: an option a part."""

    states: int
    cost: Cost
    chosen: tuple[int, ...]


Sums = Mapping[Numbers, Reached]
Summing = Callable[[Numbers, Sequence[Sequence[Option]], Sequence[Option], Limits], Sums]


class Table:
    """The states of a setting of a judgment."""

    def __init__(self, setting: Setting, how: How) -> None:
        self.setting, self.how = setting, how
        self._sums: Summing = _one_by_one if how == "one by one" else _diagram
        ladders = [ladder for ladder in setting.ladders if ladder is not None]
        self.limits = Limits(
            tuple(chain(*(ladder.fewest for ladder in ladders))),
            tuple(chain(*(ladder.enough for ladder in ladders))),
        )
        self._around: dict[int, Sums] = {}
        self._alike = [[(o.adds, o.cost) for o in part.options] for part in setting.parts]

    @property
    def states(self) -> int:
        """How many there are."""
        return prod(len(part.options) for part in self.setting.parts)

    def whole(self) -> Sums:
        """What all states add up to. Raises TooMany."""
        options = [part.options for part in self.setting.parts]
        return self._sums(self.setting.start, options, (), self.limits)

    def around(self, number: int) -> Sums:
        """What all parts but one add up to, in every way. Raises TooMany.

        Parts that add the same are alike: what is around one is around the other.
        """
        first = self.like(number)
        if first not in self._around:
            parts = self.setting.parts
            others = [part.options for n, part in enumerate(parts) if n != first]
            last = parts[first].options
            self._around[first] = self._sums(self.setting.start, others, last, self.limits)
        return self._around[first]

    def chosen(self, number: int, reached: Reached, option: int) -> tuple[int, ...]:
        """An option of every part: of one this, and of the others as they add up to what is around it."""
        first = self.like(number)
        every = [*reached.chosen[:first], option, *reached.chosen[first:]]
        if first != number:
            # the two are alike, so the option of the one stands for the same of the other
            every[first], every[number] = every[number], option
        return tuple(every)

    def like(self, number: int) -> int:
        """The first part that adds what this one adds."""
        return self._alike.index(self._alike[number])


def tables(settings: Sequence[Setting], how: How | None = None) -> tuple[Table, ...]:
    """The states of a judgment in all its settings: unless told, one by one where they are few enough."""
    states = sum(prod(len(part.options) for part in setting.parts) for setting in settings)
    few: How = "one by one" if states <= MOST_ONE_BY_ONE else "in a decision diagram"
    return tuple(Table(setting, how or few) for setting in settings)


def _one_by_one(
    start: Numbers,
    parts: Sequence[Sequence[Option]],
    last: Sequence[Option],
    limits: Limits,
) -> Sums:
    found: dict[Numbers, Reached] = {}
    for chosen in product(*(range(len(options)) for options in parts)):
        total, cost = start, (0, 0)
        for options, n in zip(parts, chosen, strict=True):
            total, cost = plus(total, options[n].adds), _more(cost, options[n].cost)
        _reach(found, total, Reached(1, cost, chosen))
    return found


def _diagram(
    start: Numbers,
    parts: Sequence[Sequence[Option]],
    last: Sequence[Option],
    limits: Limits,
) -> Sums:
    spare = most([option.adds for option in last]) if last else minus(start, start)
    most_of = [most([option.adds for option in options]) for options in parts]
    rests = list(accumulate(reversed(most_of), plus, initial=spare))[::-1]
    first = clamped(start, minus(limits.fewest, rests[0]), limits.enough)
    found = {first: Reached(1, (0, 0), ())}
    for options, rest in zip(parts, rests[1:], strict=True):
        needed = minus(limits.fewest, rest)
        merged: dict[Numbers, Reached] = {}
        for n, option in enumerate(options):
            _reach(merged, option.adds, Reached(1, option.cost, (n,)))
        following: dict[Numbers, Reached] = {}
        for reached, path in found.items():
            for adds, own in merged.items():
                total = clamped(plus(reached, adds), needed, limits.enough)
                longer = Reached(
                    path.states * own.states, _more(path.cost, own.cost), path.chosen + own.chosen
                )
                _reach(following, total, longer)
        found = following
        if len(found) > MOST_NODES:
            raise TooMany
    return found


def _reach(found: dict[Numbers, Reached], total: Numbers, path: Reached) -> None:
    """The path is among those to this sum."""
    before = found.get(total)
    if before is None:
        found[total] = path
        return
    shortest = min(before, path, key=lambda one: (one.cost, one.chosen))
    found[total] = Reached(before.states + path.states, shortest.cost, shortest.chosen)


def _more(one: Cost, other: Cost) -> Cost:
    return one[0] + other[0], one[1] + other[1]
