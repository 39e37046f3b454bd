"""What the ladders of a pack come to in every state that evidence can put them in.

Things that a ladder sees are taken to move on their own, so that there may be more states here than
evidence leads to, and never fewer: what is not found here is nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from grading.explain.sums import Limits, sums
from grading.judge.columns import Numbers, plus
from grading.judge.completions import TooMany
from grading.judge.groups import Group
from grading.judge.ladder import Ladder
from grading.policy.lint.criteria_states import Looked
from grading.policy.lint.ladder_parts import Adds, Part, Parts
from grading.rules.definition import Verdict
from grading.rules.facts import Facts, Possible
from grading.rules.loaded import OVERALL, Pack
from grading.rules.rule import All, Any, No, Node, Rule, Some
from grading.rules.stages import limited, provisional

Verdicts = tuple[Verdict, ...]


@dataclass(frozen=True)
class Worse:
    """A move that should not lower the grade and does, or should not raise it: the grades."""

    better: bool
    before: str
    after: str


class States:
    """All states of a ladder. `every` is False where there are too many to look at."""

    def __init__(self, ladder: Ladder, adds: Counter[Adds]) -> None:
        self.ladder, self.adds = ladder, adds
        self.limits = Limits(ladder.fewest, ladder.enough)
        self._rests: dict[Adds, tuple[Numbers, ...]] = {}
        self._grades: dict[tuple[Adds, Numbers], list[Possible]] = {}
        self._matter: dict[tuple[Adds, int], bool] = {}
        self._worse: dict[Adds, tuple[Worse, ...]] = {}
        self.every = True
        try:
            self.totals = self._sums(adds, frozenset())
        except TooMany:
            self.every, self.totals = False, set()

    @cached_property
    def verdicts(self) -> tuple[Verdicts, ...]:
        """What the leaves of the ladder can come to together."""
        return tuple(dict.fromkeys(map(self.ladder.verdicts, sorted(self.totals))))

    @cached_property
    def grades(self) -> frozenset[Possible]:
        """The grades that the judgment can have."""
        if not self.every:
            pack, owner = self.ladder.pack, self.ladder.owner
            return frozenset(frozenset({g}) for g in pack.grades if f"{owner}.{g}" in pack.rules)
        return frozenset(map(self._limited, self.verdicts))

    @cached_property
    def reached(self) -> frozenset[str]:
        """The names of the rungs that some state reaches, before limiters."""
        ladder = self.ladder
        possible = (
            provisional(ladder.pack, ladder.owner, ladder.truths(verdicts))
            for verdicts in self.verdicts
        )
        return frozenset().union(*(grades for grades in possible if len(grades) == 1))

    @cached_property
    def holding(self) -> frozenset[str]:
        """The ids of the rules that hold in some state."""
        truths = (self.ladder.truths(verdicts) for verdicts in self.verdicts)
        return frozenset(rule for found in truths for rule, truth in found.items() if truth)

    @cached_property
    def withheld(self) -> frozenset[str]:
        """The ids of the rules that would hold in some state but for the roles of the evidence."""
        return frozenset(
            rule for verdicts in self.verdicts for rule in self.ladder.withheld(verdicts)
        )

    def differs(self, rule: Rule, body: Node | None) -> bool:
        """Whether some grade is another where the rule has this body, or where it never holds."""
        ladder = self.ladder
        for verdicts in self.verdicts:
            truths = ladder.truths(verdicts)
            now = False if body is None else ladder.truth(body, verdicts)
            if now is not truths[rule.id] and self._of({**truths, rule.id: now}) != self._of(
                truths
            ):
                return True
        return False

    def matters(self, adds: Adds, criterion: int) -> bool:
        """Whether some grade is another where this criterion alone is otherwise."""
        key = (adds, criterion)
        if key not in self._matter:
            self._matter[key] = self._matters(adds, criterion)
        return self._matter[key]

    def _matters(self, adds: Adds, criterion: int) -> bool:
        return any(
            len(set(grades)) > 1
            for among in adds.by_criterion[criterion]
            for grades in zip(*(self._graded(adds, own) for own in among), strict=True)
        )

    def worse(self, adds: Adds) -> tuple[Worse, ...]:
        """The moves to better evidence that lower a grade, and those to worse that raise one."""
        if adds not in self._worse:
            self._worse[adds] = tuple(self._worsened(adds)) if adds.moves else ()
        return self._worse[adds]

    def _worsened(self, adds: Adds) -> Iterator[Worse]:
        order = self.ladder.pack.grades.index
        for before, after, better in sorted(adds.moves):
            pairs = zip(self._graded(adds, before), self._graded(adds, after), strict=True)
            for was, now in dict.fromkeys(pairs):
                if was == now or len(was) != 1 or len(now) != 1:
                    continue
                first, then = next(iter(was)), next(iter(now))
                if (order(then) > order(first)) == better:
                    yield Worse(better, first, then)
                    break

    def _graded(self, adds: Adds, own: Numbers) -> list[Possible]:
        """The grades where one thing adds this, with each sum of all the others, in order."""
        if (adds, own) not in self._grades:
            grades = [self.ladder.grades(plus(others, own)) for others in self._rest(adds)]
            self._grades[adds, own] = grades
        return self._grades[adds, own]

    def _rest(self, adds: Adds) -> tuple[Numbers, ...]:
        """What all the others can add up to, in order."""
        if adds not in self._rests:
            others = self.adds.copy()
            others[adds] -= 1
            self._rests[adds] = tuple(sorted(self._sums(others, adds.numbers)))
        return self._rests[adds]

    def _sums(self, adds: Counter[Adds], last: frozenset[Numbers]) -> set[Numbers]:
        parts = [each.numbers for each, number in adds.items() for _ in range(number)]
        return sums(self.ladder.nothing, parts, self.limits, last)

    def _limited(self, verdicts: Verdicts) -> Possible:
        return self._of(self.ladder.truths(verdicts))

    def _of(self, truths: Mapping[str, bool | None]) -> Possible:
        pack, owner = self.ladder.pack, self.ladder.owner
        return limited(pack, owner, provisional(pack, owner, truths), truths)


@dataclass(frozen=True)
class Graded:
    """A judgment with its ladder, what the ladder sees, and its states: of ladders alike, the same."""

    owner: str
    ladder: str
    parts: tuple[Part, ...]
    states: States

    @property
    def every(self) -> bool:
        """Whether all of its states were looked at."""
        return self.states.every and all(part.every for part in self.parts)


def graded(pack: Pack, looked: Mapping[Group, Looked]) -> tuple[Graded, ...]:
    """Every judgment of a pack that has a ladder: sub-questions, questions, the overall one."""
    making = Parts(pack, looked)
    alike: dict[Hashable, States] = {}
    reached: dict[str, frozenset[Possible]] = {}
    found = []
    for owner, name in ladders_of(pack):
        ladder = Ladder(pack, owner, Facts())
        parts = tuple(making.of(ladder, name, reached))
        adds = Counter(part.adds for part in parts)
        key = (name, ladder.fewest, ladder.enough, frozenset(adds.items()))
        if key not in alike:
            alike[key] = States(ladder, adds)
        reached[owner] = alike[key].grades
        found.append(Graded(owner, name, parts, alike[key]))
    return tuple(found)


def ladders_of(pack: Pack) -> Iterator[tuple[str, str]]:
    """What is graded with its ladder: sub-questions, questions, the overall judgment."""
    sub_ladder, overall = pack.manifest.sub_question_ladder, pack.manifest.overall
    for question in pack.questions.values():
        for sub, model in question.sub_questions.items():
            if sub_ladder is not None and question.ladder is not None and not model.context:
                yield sub, sub_ladder
    for name, question in pack.questions.items():
        if question.ladder is not None:
            yield name, question.ladder
    if overall is not None:
        yield OVERALL, overall.ladder


def without(node: Node) -> Iterator[tuple[Node, Node]]:
    """Each part that a condition can do without, and the condition without it."""
    match node:
        case All(parts=parts) | Any(parts=parts) | No(parts=parts) | Some(parts=parts):
            for n, part in enumerate(parts):
                rest = (*parts[:n], *parts[n + 1 :])
                if rest and not (isinstance(node, Some) and node.least > len(rest)):
                    yield part, replace(node, parts=rest)
                for inner, other in without(part):
                    yield inner, replace(node, parts=(*parts[:n], other, *parts[n + 1 :]))
        case _:
            return
