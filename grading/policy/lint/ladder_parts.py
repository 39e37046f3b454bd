"""What a ladder's grade is made of: what each thing that it sees can add to its numbers."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, combinations, pairwise, product
from operator import ne

from grading.judge.columns import Numbers
from grading.judge.earlier import by_topic, settlements
from grading.judge.figures import Reckoning, Together
from grading.judge.groups import Group, shape
from grading.judge.ladder import Ladder
from grading.judge.states import State
from grading.policy.lint.criteria_states import OPEN, Looked
from grading.policy.proof.directions import better_figures
from grading.policy.proof.known import of_earlier
from grading.rules.facts import Possible
from grading.rules.loaded import Pack
from grading.rules.rule import Compared, Count, Node, OutcomeIn, Sought

Move = tuple[Numbers, Numbers, bool]  # from, to, and whether that is better evidence


@dataclass(frozen=True)
class Adds:
    """What one thing can add: its `numbers`, and how better or worse evidence moves it.

    `by_criterion` has for each criterion of a group the sets of numbers among which that criterion
    alone is otherwise.
    """

    numbers: frozenset[Numbers]
    moves: frozenset[Move] = frozenset()
    by_criterion: tuple[frozenset[frozenset[Numbers]], ...] = ()

    @cached_property
    def key(self) -> Hashable:
        """Equal for things that add the same."""
        return self.numbers, self.moves, self.by_criterion


@dataclass(frozen=True)
class Part:
    """One thing that a ladder sees, by its names, and what it can add."""

    kind: str
    names: tuple[str, ...]
    adds: Adds
    every: bool = True


class Parts:
    """Makes the parts of the ladders of a pack; those of groups alike are made once."""

    def __init__(self, pack: Pack, looked: Mapping[Group, Looked]) -> None:
        self.pack, self.looked = pack, looked
        self.reckoning = Reckoning(pack)
        self.shapes = {group: shape(pack, group) for group in looked}
        self.group_of = {criterion: group for group in looked for criterion in group.criteria}
        self._of_group: dict[Hashable, Adds] = {}

    def of(
        self, ladder: Ladder, ladder_name: str, reached: Mapping[str, frozenset[Possible]]
    ) -> list[Part]:
        """Every part of a ladder; `reached` has the grades that the judgments it counts can have."""
        return [
            *self._criteria(ladder, ladder_name),
            *self._figures(ladder),
            *self._earlier(ladder),
            *self._judgments(ladder, reached),
        ]

    def _criteria(self, ladder: Ladder, ladder_name: str) -> Iterator[Part]:
        for group in dict.fromkeys(self.group_of[c] for c in self._asked(ladder)):
            # which leaves count which of its criteria: a ladder of a part sees some of them alone
            counted = tuple(
                tuple(_counts(columns.leaf, criterion) for columns in ladder.columns)
                for criterion in group.criteria
            )
            key = (ladder_name, self.shapes[group], counted)
            if key not in self._of_group:
                self._of_group[key] = _of_group(ladder, group, self.looked[group])
            yield Part("criteria", group.criteria, self._of_group[key], self.looked[group].every)

    def _asked(self, ladder: Ladder) -> Iterator[str]:
        """The criteria that a ladder sees."""
        for columns in ladder.columns:
            match columns.leaf:
                case Count(counted="outcomes" | "findings", members=members):
                    yield from members
                case OutcomeIn(criterion=criterion):
                    yield criterion
                case Sought(topics=topics):
                    yield from (c for topic in topics if (c := self.pack.topics[topic]))

    def _figures(self, ladder: Ladder) -> Iterator[Part]:
        names = {c.leaf.indicator for c in ladder.columns if isinstance(c.leaf, Compared)}
        for together in self.reckoning.together(names):
            yield self._of_figures(ladder, together)

    def _of_figures(self, ladder: Ladder, together: Together) -> Part:
        cases = self.reckoning.cases(together, {})
        adds = {
            tuple(given.items()): ladder.of_indicators(
                together.indicators, self.reckoning.indicators(together, given)
            )
            for given in cases.given
        }
        every = [adds[tuple(given.items())] for given in cases.given]
        moves = frozenset(
            (every[worse], every[to], True)
            for worse, to, _ in better_figures(self.pack, cases.given)
            if every[worse] != every[to]
        )
        found = Adds(frozenset(adds.values()), moves)
        return Part("figures", together.indicators, found, cases.exact)

    def _earlier(self, ladder: Ladder) -> Iterator[Part]:
        counts = [
            c.leaf
            for c in ladder.columns
            if isinstance(c.leaf, Count) and c.leaf.counted == "previous"
        ]
        if counts:
            found = settlements(None, counts)
            adds = frozenset(ladder.of_earlier(by_topic(items)) for items in found or ((),))
            closer = of_earlier(counts).better.values() if found is not None else ()
            moves = frozenset(
                (before, after, True)
                for step in closer
                for before, after in [
                    (
                        ladder.of_earlier(by_topic(step.before.items)),
                        ladder.of_earlier(by_topic(step.after.items)),
                    )
                ]
                if before != after
            )
            yield Part("earlier", (), Adds(adds, moves), found is not None)

    def _judgments(
        self, ladder: Ladder, reached: Mapping[str, frozenset[Possible]]
    ) -> Iterator[Part]:
        counted = dict.fromkeys(
            member
            for c in ladder.columns
            if isinstance(c.leaf, Count) and c.leaf.counted == "judgments"
            for member in c.leaf.members
        )
        for question in counted:
            by_grades = {
                grades: ladder.of_judgment(question, grades) for grades in reached[question]
            }
            single = [frozenset({g}) for g in self.pack.grades if frozenset({g}) in by_grades]
            moves = frozenset(
                (by_grades[worse], by_grades[better], True)
                for better, worse in pairwise(single)
                if by_grades[worse] != by_grades[better]
            )
            adds = Adds(frozenset(by_grades.values()), moves)
            yield Part("judgment", (question,), adds)


def _counts(leaf: Node, criterion: str) -> bool:
    match leaf:
        case Count(members=members):
            return criterion in members
        case OutcomeIn(criterion=asked):
            return asked == criterion
        case _:
            return True


def _of_group(ladder: Ladder, group: Group, looked: Looked) -> Adds:
    settled = {state: tuple(_settled(state)) for state in looked.states}
    known = dict.fromkeys(chain(*(settled[s] for s in looked.states if not _is_missing(s))))
    others = dict.fromkeys(chain(*(settled[s] for s in looked.states if _is_missing(s))))
    # what a missing figure leaves open is settled where it is there; where it never is, it stays open
    concluded = {state.outcomes for state in known}
    every = [*known, *(s for s in others if s.outcomes not in concluded and (not known or _one(s)))]
    numbers = {state: ladder.of_criteria(group, state) for state in every}
    moves = frozenset(
        (numbers[before], numbers[after], step.better)
        for step in looked.steps
        for before, after in _nearest(settled[step.before], settled[step.after])
        if before in numbers and after in numbers and numbers[before] != numbers[after]
    )
    by_criterion = tuple(
        frozenset(_otherwise(numbers, criterion)) for criterion in range(len(group.criteria))
    )
    return Adds(frozenset(numbers.values()), moves, by_criterion)


def _settled(state: State) -> Iterator[State]:
    """The state with what silence leaves open taken both ways."""
    for to in product(*(_ways(among) for among in state.outcomes)):
        yield replace(state, outcomes=to)


def _is_missing(state: State) -> bool:
    """Whether a missing figure leaves something open."""
    missing = any(value is None for _, value in state.example.figures)
    return missing and (
        None in chain(*state.findings) or any(len(o) > 1 and o != OPEN for o in state.outcomes)
    )


def _one(state: State) -> bool:
    return all(len(among) == 1 for among in state.outcomes)


def _ways(among: Possible) -> tuple[Possible, ...]:
    return tuple(map(frozenset, combinations(sorted(among), 1))) if among == OPEN else (among,)


def _nearest(before: Sequence[State], after: Sequence[State]) -> Iterator[tuple[State, State]]:
    """Each state of the one with those of the other in which the most is concluded alike."""
    apart = {(a, b): sum(map(ne, a.outcomes, b.outcomes)) for a in before for b in after}
    for (a, b), far in apart.items():
        if far == min(apart[a, other] for other in after) or far == min(
            apart[other, b] for other in before
        ):
            yield a, b


def _otherwise(numbers: Mapping[State, Numbers], criterion: int) -> Iterator[frozenset[Numbers]]:
    """The sets of numbers of those states that differ in this criterion alone."""
    alike: dict[Hashable, set[Numbers]] = {}
    for state, adds in numbers.items():
        others = tuple(
            (state.outcomes[n], state.findings[n])
            for n in range(len(state.outcomes))
            if n != criterion
        )
        alike.setdefault(others, set()).add(adds)
    return (frozenset(among) for among in alike.values() if len(among) > 1)
