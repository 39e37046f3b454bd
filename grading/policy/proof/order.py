"""Whether better evidence ever lowers a grade: every state against each that is better in one thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from grading.explain.variables import Variable
from grading.judge.columns import Numbers, plus
from grading.judge.figures import Figure
from grading.policy.proof.claims import Claim, Failure
from grading.policy.proof.evidence_states import Step
from grading.policy.proof.known import Pair
from grading.policy.proof.looking import Looking
from grading.policy.proof.parts import Cost, Part
from grading.policy.proof.tables import Reached, Sums, Table

What = Literal["more in favour", "less against", "figure", "earlier", "concluded", "judgment"]


@dataclass(frozen=True)
class _Lowered:
    """Better evidence that lowers a grade: in how many states, and the one that is told shortest."""

    what: What
    states: int
    cost: Cost
    tables: Pair
    chosen: tuple[tuple[int, ...], tuple[int, ...]]
    grades: tuple[str, str]
    variable: Variable
    step: Step | None = None
    figure: Figure | None = None


def better_never_lower(looking: Looking) -> Claim:
    """Better evidence never lowers the grade."""
    lowered = [*_within(looking), *_between(looking)]
    looked = sum(_pairs(table) for table in looking.tables) + sum(
        looking.between(*pair).states for pair in looking.asks.shared.better
    )
    kinds = dict.fromkeys(one.what for one in lowered)
    failures = (_failure(looking, [x for x in lowered if x.what == kind]) for kind in kinds)
    return Claim("better-never-lower", looked, tuple(failures))


def _within(looking: Looking) -> Iterator[_Lowered]:
    for n, table in enumerate(looking.tables):
        worst: dict[tuple[int, Numbers, Numbers], _Worst | None] = {}
        for number, part in enumerate(table.setting.parts):
            for pair, step in _distinct(part).items():
                before, after = (part.options[option] for option in pair)
                key = table.like(number), before.adds, after.adds
                if key not in worst:
                    worst[key] = _worst(looking, table.around(number), before.adds, after.adds)
                found = worst[key]
                if found is not None:
                    yield _lowered(n, table, number, pair, step, found)


@dataclass(frozen=True)
class _Worst:
    """In how many ways the rest can be so that the grade is lowered; the one that is told shortest."""

    states: int
    around: Reached
    grades: tuple[str, str]


def _worst(looking: Looking, around: Sums, before: Numbers, after: Numbers) -> _Worst | None:
    reader = looking.reader
    states, first = 0, None
    for numbers, reached in around.items():
        was = reader.read(plus(numbers, before)).grade
        now = reader.read(plus(numbers, after)).grade
        if was != now and reader.is_worse(now, was):
            states += reached.states
            if first is None or (reached.cost, reached.chosen) < (first[0].cost, first[0].chosen):
                first = reached, (was, now)
    return None if first is None else _Worst(states, *first)


def _lowered(
    at: int, table: Table, number: int, pair: Pair, step: Step | None, found: _Worst
) -> _Lowered:
    part = table.setting.parts[number]
    own, cost = part.options[pair[0]].cost, found.around.cost
    chosen = (
        table.chosen(number, found.around, pair[0]),
        table.chosen(number, found.around, pair[1]),
    )
    return _Lowered(
        _what(part, step),
        found.states,
        (cost[0] + own[0], cost[1] + own[1]),
        (at, at),
        chosen,
        found.grades,
        part.variable,
        step,
        step.figure if step else _figure(part, pair),
    )


def _between(looking: Looking) -> Iterator[_Lowered]:
    """What several parts ask about, settled better: every state in both settings at once."""
    width = len(looking.ladder.nothing)
    for pair, figure in looking.asks.shared.better.items():
        table = looking.between(*pair)
        states, best = 0, None
        for numbers, reached in table.whole().items():
            was = looking.reader.read(numbers[:width]).grade
            now = looking.reader.read(numbers[width:]).grade
            if looking.reader.is_worse(now, was):
                states += reached.states
                if best is None or reached.cost < best[0].cost:
                    best = reached, (was, now)
        if best is not None:
            reached, grades = best
            chosen = tuple(
                _on_side(looking, table, at, side, reached.chosen) for side, at in enumerate(pair)
            )
            name = (
                Variable("earlier", ())
                if figure is None
                else Variable("series" if figure.series else "indicator", (figure.id,))
            )
            yield _Lowered(
                "earlier" if figure is None else "figure",
                states,
                reached.cost,
                pair,
                (chosen[0], chosen[1]),
                grades,
                name,
                figure=figure,
            )


def _on_side(
    looking: Looking, table: Table, at: int, side: int, chosen: tuple[int, ...]
) -> tuple[int, ...]:
    """The options that are chosen for two settings, as those of one of them."""
    found = []
    own = looking.tables[at].setting.parts
    for both, alone, n in zip(table.setting.parts, own, chosen, strict=True):
        to = both.options[n].to
        if isinstance(to, tuple) and both.variable.kind == "criteria":
            n = next(k for k, option in enumerate(alone.options) if option.to == (to[side],))
        found.append(n)
    return tuple(found)


def _failure(looking: Looking, lowered: list[_Lowered]) -> Failure:
    """Better evidence of one kind that lowers a grade: told once, of the part that is told shortest."""
    first = min(lowered, key=lambda one: (one.cost, one.tables, one.chosen))
    inspections = (
        looking.inspection(table, chosen, grade)
        for table, chosen, grade in zip(first.tables, first.chosen, first.grades, strict=True)
    )
    also = dict.fromkeys(one.variable for one in lowered if one.variable != first.variable)
    return Failure(
        "better-never-lower",
        looking.owner,
        "judgment",
        sum(one.states for one in lowered),
        tuple(inspections),
        changed=first.variable,
        step=first.step,
        figure=first.figure,
        also=tuple(also),
    )


def _distinct(part: Part) -> dict[Pair, Step | None]:
    """What is better in a part, without what adds the same as another; the least to tell first."""
    found: dict[tuple[Numbers, Numbers], tuple[Pair, Step | None]] = {}
    order = sorted(part.better, key=lambda pair: [part.options[n].cost for n in pair])
    for pair in order:
        adds = part.options[pair[0]].adds, part.options[pair[1]].adds
        if adds[0] != adds[1]:
            found.setdefault(adds, (pair, part.better[pair]))
    return dict(found.values())


def _pairs(table: Table) -> int:
    """How many pairs of states there are of which one is better in one thing."""
    return sum(table.states // len(part.options) * len(part.better) for part in table.setting.parts)


def _what(part: Part, step: Step | None) -> What:
    if step is not None:
        return step.change
    kinds: dict[str, What] = {"earlier": "earlier", "judgment": "judgment"}
    return kinds.get(part.variable.kind, "figure")


def _figure(part: Part, pair: Pair) -> Figure | None:
    return part.apart.get(pair) or part.apart.get((pair[1], pair[0]))
