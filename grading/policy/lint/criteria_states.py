"""What the rules of criteria come to in every state that evidence can put them in.

The topics were searched, and everything is settled: what one more observation or a better figure does
can be told. Groups of criteria whose rules differ in names alone are looked at once.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice, product

from grading.judge.figures import Figure, Reckoning
from grading.judge.groups import Group, alike_topics, groups, shape
from grading.judge.observations import Seen, deciding, telling
from grading.judge.ranges import Value
from grading.judge.reachable import MOST_TRIED, given_of
from grading.judge.shown import Bits, unions
from grading.judge.states import Example, State, judged, seen_in
from grading.policy.lint.better import Better, better_examples
from grading.rules.definition import asked, combined
from grading.rules.facts import Facts
from grading.rules.loaded import Pack
from grading.rules.rule import Rule, Sought, leaves
from grading.rules.stages import NOT_SHOWN, Truth

Name = tuple[int, str]  # which criterion of the group, and the name of its rule
_BETTER = ("falls-short", "conflicted", NOT_SHOWN, "meets", "exceeds")
OPEN = frozenset({NOT_SHOWN, "meets"})  # what silence on a criterion leaves


@dataclass(frozen=True)
class Step:
    """One more observation or a better figure: the state before, the state after, and what was added.

    `better` says whether it speaks for the body.
    """

    before: State
    after: State
    added: Seen | tuple[Figure, Value]
    better: bool


@dataclass(frozen=True)
class Looked:
    """What every state of a group of criteria came to; by the number of a criterion in the group.

    `settled` and `withheld` are the rules that hold somewhere, and those that would but for the roles
    of the evidence. `together` has the findings of different rules that one criterion has at once,
    each pair with a state. Where `every` is False there was too much to look at.
    """

    states: tuple[State, ...]
    outcomes: Mapping[int, frozenset[str]]
    settled: frozenset[Name]
    withheld: frozenset[Name]
    together: Mapping[tuple[int, str, str], State]
    steps: tuple[Step, ...]
    every: bool


def looked_at(pack: Pack) -> dict[Group, Looked]:
    """Every group of criteria of a pack, with what its states come to."""
    alike: dict[Hashable, Looked] = {}
    found = {}
    reckoning = Reckoning(pack)
    for group in groups(pack):
        like = shape(pack, group)
        if like not in alike:
            alike[like] = _look(pack, group, reckoning)
        found[group] = alike[like]
    return found


def worsened(step: Step, number: int) -> bool:
    """Whether what speaks for the body lowered the outcome of a criterion, or the reverse raised it."""
    outcomes = [_ranked(state.outcomes[number]) for state in (step.before, step.after)]
    if None in outcomes:
        return False
    before, after = (rank for rank in outcomes if rank is not None)
    return after < before if step.better else after > before


def _ranked(possible: frozenset[str]) -> int | None:
    outcome = next(iter(possible)) if len(possible) == 1 else NOT_SHOWN * (possible == OPEN)
    return _BETTER.index(outcome) if outcome in _BETTER else None


def _look(pack: Pack, group: Group, reckoning: Reckoning) -> Looked:
    looking = _Looking(pack, group)
    bits = looking.bits
    topics = [alike[0] for alike in alike_topics(group)]
    more = telling(pack, topics, bits.sought)
    shown, every = unions(0, more)
    given, all_given = given_of(group, reckoning)
    tried = list(islice(product(range(len(given)), shown), MOST_TRIED + 1))
    every = every and all_given and len(tried) <= MOST_TRIED
    states: dict[tuple[int, int], State] = {}
    for number, showing in tried[:MOST_TRIED]:
        example = replace(given[number][0], observations=shown[showing])
        states[number, showing] = looking.state(number, given[number][1], showing, example)
    steps = [
        *_observed(states, more),
        *_figured(states, better_examples(group, reckoning, [example for example, _ in given])),
    ]
    return looking.looked(states, steps, every)


def _observed(states: Mapping[tuple[int, int], State], more: Mapping[int, Seen]) -> Iterator[Step]:
    for (number, showing), before in states.items():
        for mask, seen in more.items():
            after = states.get((number, showing | mask))
            if after is not None and after != before:
                yield Step(before, after, seen, seen.supports)


def _figured(states: Mapping[tuple[int, int], State], better: Iterable[Better]) -> Iterator[Step]:
    """From each value of a figure to the next better one, where all else is as it was."""
    shown = tuple(dict.fromkeys(showing for _, showing in states))
    for first, then, added in better:
        for showing in shown:
            before, after = states.get((first, showing)), states.get((then, showing))
            if before is not None and after is not None and before != after:
                yield Step(before, after, added, True)


class _Looking:
    """Asks each rule of a group once of all that is alike in what it sees."""

    def __init__(self, pack: Pack, group: Group) -> None:
        self.pack, self.group = pack, group
        self.bits = Bits(group.every, (deciding(pack),))
        self.numbers = {criterion: n for n, criterion in enumerate(group.criteria)}
        self.sees = {
            rule.id: self.bits.asked(leaves(rule.body))
            for rule in (*group.outcome_rules, *group.finding_rules)
        }
        self.later = self.bits.asked(group.later)
        self.truths: dict[Hashable, Truth] = {}
        self.settled: set[Name] = set()
        self.withheld: set[Name] = set()
        self.together: dict[tuple[int, str, str], State] = {}

    def state(self, number: int, facts: Facts, showing: int, example: Example) -> State:
        """The state where the facts of this number are given and the topics show this."""

        def truth(rule: Rule, known: Facts) -> Truth:
            seen = showing & self.sees[rule.id]
            key = (rule.id, number, seen, tuple(known.outcomes.values()))
            if key not in self.truths:
                self.truths[key] = self._asked(rule, seen, known)
            return self.truths[key]

        later = seen_in(self.group, self.bits.shown(showing & self.later))
        state = replace(judged(self.pack, self.group, facts, later, truth), example=example)
        known = replace(facts, outcomes=dict(zip(self.group.criteria, state.outcomes, strict=True)))
        given: dict[int, list[str]] = {}
        for rule in self.group.finding_rules:
            if truth(rule, known):
                given.setdefault(self.numbers[rule.owner], []).append(rule.name)
        for criterion, names in given.items():
            for n, first in enumerate(names):
                for second in names[n + 1 :]:
                    self.together.setdefault((criterion, first, second), state)
        return state

    def looked(
        self, states: Mapping[tuple[int, int], State], steps: list[Step], every: bool
    ) -> Looked:
        """What all the states came to."""
        distinct = tuple(dict.fromkeys(states.values()))
        outcomes = {
            number: frozenset().union(
                *(state.outcomes[number] for state in distinct if len(state.outcomes[number]) == 1)
            )
            for number in self.numbers.values()
        }
        first: dict[Hashable, Step] = {}
        for step in steps:
            first.setdefault((step.before, step.after, step.better), step)
        return Looked(
            distinct,
            outcomes,
            frozenset(self.settled),
            frozenset(self.withheld),
            self.together,
            tuple(first.values()),
            every,
        )

    def _asked(self, rule: Rule, seen: int, facts: Facts) -> Truth:
        shown = self.bits.shown(seen)
        verdict = combined(
            rule.body, lambda leaf: shown[leaf] if isinstance(leaf, Sought) else asked(leaf, facts)
        )
        name = (self.numbers[rule.owner], rule.name)
        if verdict.settled:
            self.settled.add(name)
        elif verdict.withheld:
            self.withheld.add(name)
        return verdict.settled
