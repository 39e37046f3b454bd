"""What a judgment is a function of: parts that are free of each other, and what each can be.

A part is the criteria of one group, figures that a ladder compares, earlier findings that it counts,
or a judgment that it counts. Figures and earlier findings that several parts ask about are settled
first, in every way that conditions tell apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from grading.explain.variables import Variable
from grading.judge.columns import Numbers, plus
from grading.judge.earlier import by_topic
from grading.judge.figures import Figure
from grading.judge.ladder import Ladder
from grading.judge.states import Example, State
from grading.policy.proof.asks import Asks, Parting
from grading.policy.proof.evidence_states import Step
from grading.policy.proof.known import Known, Pair
from grading.policy.proof.nearest import Told
from grading.policy.proof.sides import Joint, Side
from grading.rules.loaded import Pack

Cost = tuple[int, int]
Grades = tuple[str | None, ...]  # by side; None where the side does not grade it
_USUAL = frozenset({"meets"})


@dataclass(frozen=True)
class Option:
    """One thing that a part can be, what it adds to the ladders, and how much there is to tell of it."""

    to: Told | Known | Grades
    adds: Numbers
    cost: Cost = (0, 0)
    example: Example = field(default_factory=Example)


@dataclass(frozen=True)
class Part:
    """A part of an inspection: what it can be, and which of two is better, with an example.

    `apart` has each two options between which one figure alone changes.
    """

    variable: Variable
    options: tuple[Option, ...]
    better: Mapping[Pair, Step | None]
    apart: Mapping[Pair, Figure] = field(default_factory=dict)


@dataclass(frozen=True)
class Setting:
    """The parts of a judgment where what several of them ask about is settled, and what that adds."""

    sides: tuple[Side, ...]
    ladders: tuple[Ladder | None, ...]
    start: Numbers
    parts: tuple[Part, ...]


def setting(
    parting: Parting,
    asks: Asks,
    settled: Sequence[Known],
    judged: Mapping[str, Sequence[Grades]],
) -> Setting:
    """The parts of a judgment where what is shared is settled so. Raises TooMany.

    Where one side is settled in several ways, each is a side of its own. `judged` has the grades that
    each judgment that is counted can have.
    """
    times = len(settled) if len(parting.sides) == 1 else 1
    known = tuple(settled) * (len(parting.sides) if len(settled) == 1 else 1)
    sides = tuple(
        side.settled(dict(one.indicators), one.items)
        for side, one in zip(parting.sides * times, known, strict=True)
    )
    adding = _Adding(asks.ladders * times, sides)
    return Setting(
        sides,
        asks.ladders * times,
        adding.settled(asks.names),
        tuple(_parts(parting, asks, adding, times, judged)),
    )


def _parts(
    parting: Parting,
    asks: Asks,
    adding: _Adding,
    times: int,
    judged: Mapping[str, Sequence[Grades]],
) -> Iterator[Part]:
    for own, classes in asks.joints:
        joint = replace(own, sides=own.sides * times)
        found = parting.led(adding.sides, joint, classes)
        options = tuple(
            Option(told, adding.of_criteria(joint, told), _cost(told, example), example)
            for told, example in zip(found.states, found.examples, strict=True)
        )
        yield Part(Variable("criteria", joint.every.criteria), options, found.better)
    for names, figures in asks.figures:
        known = tuple(Option(one, adding.of_figures(names, one)) for one in figures.of)
        yield Part(figures_of(figures.of[0]), known, dict.fromkeys(figures.better), figures.apart)
    for earlier in asks.earlier:
        options = tuple(
            Option(one, adding.of_earlier(one), (len(one.items), 0)) for one in earlier.of
        )
        topics = dict.fromkeys(topic for one in earlier.of for topic, _, _ in one.items)
        variable = Variable("earlier", tuple(topics))
        closer = {
            pair: Step(
                "earlier",
                Example(earlier=moved.before.items),
                Example(earlier=moved.after.items),
            )
            for pair, moved in earlier.better.items()
        }
        yield Part(variable, options, closer)
    for question in asks.judgments:
        grades = [one * times for one in judged[question]]
        options = tuple(Option(to, adding.of_judgment(question, to)) for to in grades)
        better = _better_grades(adding.sides[0].pack, grades)
        yield Part(Variable("judgment", (question,)), options, dict.fromkeys(better))


class _Adding:
    """What the parts add to the ladders of a judgment, one ladder a side."""

    def __init__(self, ladders: Sequence[Ladder | None], sides: Sequence[Side]) -> None:
        self.sides = sides
        self.every = [
            (n, ladder, side)
            for n, (ladder, side) in enumerate(zip(ladders, sides, strict=True))
            if ladder is not None
        ]

    def of_criteria(self, joint: Joint, told: Told) -> Numbers:
        def adds(n: int, ladder: Ladder, side: Side) -> Numbers:
            group, state = joint.sides[n], told[n]
            if group is None or state is None:
                return ladder.nothing
            return ladder.of_criteria(group, state)

        return self._each(adds)

    def of_figures(self, names: frozenset[str], known: Known) -> Numbers:
        def adds(n: int, ladder: Ladder, side: Side) -> Numbers:
            indicators = side.facts(dict(known.indicators), ()).indicators
            return ladder.of_indicators(_own(side, names), indicators)

        return self._each(adds)

    def of_earlier(self, known: Known) -> Numbers:
        return self._each(lambda n, ladder, side: ladder.of_earlier(by_topic(known.items)))

    def of_judgment(self, question: str, to: Grades) -> Numbers:
        def adds(n: int, ladder: Ladder, side: Side) -> Numbers:
            grade = to[n]
            if grade is None:
                return ladder.nothing
            return ladder.of_judgment(question, frozenset({grade}))

        return self._each(adds)

    def settled(self, names: frozenset[str]) -> Numbers:
        def adds(n: int, ladder: Ladder, side: Side) -> Numbers:
            figures = ladder.of_indicators(_own(side, names), side.facts({}, ()).indicators)
            return plus(figures, ladder.of_earlier(by_topic(side.earlier)))

        return self._each(adds)

    def _each(self, adds: Callable[[int, Ladder, Side], Numbers]) -> Numbers:
        return tuple(chain(*(adds(n, ladder, side) for n, ladder, side in self.every)))


def _own(side: Side, names: frozenset[str]) -> list[str]:
    """The side's own names of indicators that are named as among all sides."""
    return [own for own, name in side.names.items() if name in names]


def _cost(told: Told, example: Example) -> Cost:
    """How many criteria do not just meet the standard, and how many observations that takes."""
    state = next(state for state in told if isinstance(state, State))
    return sum(outcome != _USUAL for outcome in state.outcomes), len(example.observations)


def figures_of(known: Known) -> Variable:
    """The figures that are known, as one variable."""
    figures = tuple(figure.id for figure, _ in known.figures)
    if any(figure.series for figure, _ in known.figures):
        return Variable("series", figures)
    return Variable("indicator", figures)


def _better_grades(pack: Pack, grades: Sequence[Grades]) -> Iterator[Pair]:
    """Each grade with every better one."""
    place = {grade: n for n, grade in enumerate(pack.grades)}
    for one, worse in enumerate(grades):
        for other, to in enumerate(grades):
            if all(
                w in place and t in place and place[t] < place[w]
                for w, t in zip(worse, to, strict=True)
            ):
                yield one, other
