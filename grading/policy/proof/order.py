"""Whether better evidence ever lowers a grade: every state against each that is better in one thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from grading.explain.variables import Variable
from grading.judge.columns import Numbers, plus
from grading.judge.figures import Figure
from grading.judge.states import Example
from grading.policy.proof.claims import Claim, Failure, Inspection
from grading.policy.proof.evidence_states import Step
from grading.policy.proof.known import Known, Moved, Pair
from grading.policy.proof.looking import Looking
from grading.policy.proof.parts import Cost, Part, figures_of
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
    known: tuple[Known | None, Known | None] = (None, None)


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
            for pair, step in part.better.items():
                before, after = (part.options[option] for option in pair)
                if before.adds == after.adds:
                    continue
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
    for pair, moved in looking.asks.shared.better.items():
        table = looking.between(*pair)
        states, first = 0, None
        for numbers, reached in table.whole().items():
            was = looking.reader.read(numbers[:width]).grade
            now = looking.reader.read(numbers[width:]).grade
            if was != now and looking.reader.is_worse(now, was):
                states += reached.states
                if first is None or reached.cost < first[0].cost:
                    first = reached, (was, now)
        if first is not None:
            reached, grades = first
            before, after = (
                _on_side(looking, table, at, side, reached.chosen) for side, at in enumerate(pair)
            )
            figure = moved.figure
            yield _Lowered(
                "earlier" if figure is None else "figure",
                states,
                reached.cost,
                pair,
                (before, after),
                grades,
                figures_of(moved.before) if figure else Variable("earlier", _topics(moved)),
                figure=figure,
                known=(moved.before, moved.after),
            )


def _topics(moved: Moved) -> tuple[str, ...]:
    """The topics of earlier findings that are nearer to being closed."""
    return tuple(dict.fromkeys(topic for topic, _, _ in moved.before.items))


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
    inspections = [
        looking.inspection(first.tables[n], first.chosen[n], first.grades[n], first.known[n])
        for n in (0, 1)
    ]
    if first.step is not None and first.step.change == "earlier" and first.known == (None, None):
        inspections = [
            _with_earlier(inspection, first.variable, example)
            for inspection, example in zip(
                inspections, (first.step.before, first.step.after), strict=True
            )
        ]
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


def _with_earlier(shown: Inspection, variable: Variable, example: Example) -> Inspection:
    """The inspection in which these earlier findings stand, some of which nothing may count."""
    known = Known(items=example.earlier or ())
    found = (replace(s, to=known) if s.variable == variable else s for s in shown.found)
    return replace(shown, found=tuple(found))


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
