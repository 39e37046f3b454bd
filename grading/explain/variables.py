"""What a judgment rests on that could be otherwise: criteria, figures, earlier findings, judgments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from grading.judge.columns import minus
from grading.judge.earlier import STATUSES, Items
from grading.judge.figures import Figure, Together
from grading.judge.judging import Added, Judging
from grading.judge.states import State
from grading.rules.stages import rungs

Kind = Literal["criteria", "indicator", "series", "earlier", "judgment"]
# of criteria a state, of a figure a number; a band, a status or a grade is a word; earlier findings
To = State | Decimal | str | Items


@dataclass(frozen=True)
class Variable:
    """One thing that could be otherwise, by the names of its kind.

    Of `criteria` the ids, almost always one; of an `indicator` or a `series` its id; of an `earlier`
    finding its topic, and which of those on the topic it is; of a `judgment` carried forward its
    question.
    """

    kind: Kind
    names: tuple[str, ...]
    number: int = 0


@dataclass(frozen=True)
class Free:
    """A variable as it is, and what it adds in each of its other states to what it adds now.

    `now` is None where it is open. `states` is how many others there are; `every` says whether all
    of them were found.
    """

    variable: Variable
    now: To | None
    could: Mapping[Added, tuple[To, ...]]
    states: int
    every: bool = True


def of_figure(figure: Figure) -> Variable:
    """A figure as a variable."""
    return Variable("series" if figure.series else "indicator", (figure.id,))


def free(judging: Judging) -> Iterator[Free]:
    """Every variable that a judgment sees and that moves by itself, in order."""
    yield from _criteria(judging)
    yield from _earlier(judging)
    yield from _given(judging)
    for together in judging.together:
        if len(together.figures) == 1:
            yield from figures(judging, together)


def figures(judging: Judging, together: Together) -> Iterator[Free]:
    """Each figure that some indicators follow from, while the others are as they are."""
    reckoning = judging.position.reckoning
    now = {figure: reckoning.now(figure) for figure in together.figures}
    adds = judging.of_figures(together, now)
    for figure in together.figures:
        others = {other: value for other, value in now.items() if other != figure}
        domain = reckoning.domain(figure, others)
        could = [
            (value, judging.of_figures(together, {**others, figure: value}))
            for value in domain.values
            if value != now[figure]
        ]
        yield _free(of_figure(figure), now[figure], adds, could, every=domain.exact)


def _criteria(judging: Judging) -> Iterator[Free]:
    position = judging.position
    for group in judging.groups:
        now, reachable = position.states[group], position.reachable[group]
        could = [(s, judging.of_criteria(group, s)) for s in reachable.states if s != now]
        adds = judging.of_criteria(group, now)
        yield _free(Variable("criteria", group.criteria), now, adds, could, every=reachable.every)


def _earlier(judging: Judging) -> Iterator[Free]:
    for (topic, number), (_, kind, status) in judging.earlier.items():
        variable = Variable("earlier", (topic,), number)
        could = [(s, judging.of_earlier(((topic, kind, s),))) for s in STATUSES if s != status]
        yield _free(variable, status, judging.of_earlier(((topic, kind, status),)), could)


def _given(judging: Judging) -> Iterator[Free]:
    position = judging.position
    for question in judging.given:
        possible = position.given[question]
        if not possible.issubset(position.pack.grades):
            continue  # the inspection does not grade it, and no evidence would
        now = next(iter(possible)) if len(possible) == 1 else None
        grades = (grade for grade in rungs(position.pack, question) if grade != now)
        could = [(grade, judging.of_given(question, frozenset({grade}))) for grade in grades]
        adds = judging.of_given(question, possible)
        yield _free(Variable("judgment", (question,)), now, adds, could)


def _free(
    variable: Variable,
    now: To | None,
    adds: Added,
    could: Iterable[tuple[To, Added]],
    *,
    every: bool = True,
) -> Free:
    by_difference: dict[Added, list[To]] = {}
    for to, added in could:
        difference = tuple(map(minus, added, adds))
        by_difference.setdefault(difference, []).append(to)
    found = {difference: tuple(states) for difference, states in by_difference.items()}
    return Free(variable, now, found, sum(map(len, found.values())), every)
