"""Whether two packs whose ladders or limiters differ can be told apart.

What a ladder sees adds up to numbers, so its states are the numbers that the criteria, figures, earlier
findings and judgments which it counts can add up to. All of them are looked at: with each criterion
in each state that evidence can bring it into, where its topics were searched and where they were not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from grading.judge.columns import Columns, Numbers, plus
from grading.judge.earlier import Items, by_topic, settlements
from grading.judge.figures import Figure, Reckoning
from grading.judge.groups import Group, groups, shape
from grading.judge.ladder import Ladder
from grading.judge.ranges import Value
from grading.judge.reachable import Reachable, reachable_by
from grading.judge.states import State, current
from grading.policy.apart.both import both
from grading.policy.apart.values import Apart, NotFound, Pieces, Proof, Witness, given_of
from grading.rules.definition import TRUE, Verdict, combined
from grading.rules.facts import Facts
from grading.rules.loaded import OVERALL, Pack
from grading.rules.rule import Compared, Count
from grading.rules.stages import limited, provisional, rungs

MOST_VECTORS = 300_000
_SAID = "what a ladder can count"


@dataclass(frozen=True)
class _Choice:
    """One thing that adds to a ladder's numbers, and those chosen before it; what it costs to write."""

    cost: int
    pieces: Pieces
    before: _Choice | None = None

    def all(self) -> Iterator[Pieces]:
        """The pieces of every choice, the first made first."""
        if self.before is not None:
            yield from self.before.all()
        yield self.pieces


_Start = _Choice(0, Pieces())
Options = Mapping[Numbers, tuple[int, Pieces]]


def told_apart(pack: Pack, other: Pack, owners: Iterable[str]) -> Apart:
    """What tells the two apart, the ladders of these judgments being the only ones changed."""
    looked = 0
    for owner in dict.fromkeys(owners):
        found = _Search(pack, other, owner).first()
        if isinstance(found, Pieces):
            return Witness((given_of(pack, found),))
        if isinstance(found, str):
            return NotFound(found)
        looked += found
    return Proof(looked, _SAID)


class _Search:
    """The ladder of one judgment under both packs."""

    def __init__(self, pack: Pack, other: Pack, owner: str) -> None:
        self.pack, self.other, self.owner = pack, other, owner
        self.union = both(pack, other)
        self.ladder = Ladder(self.union, owner, Facts())
        self.same: dict[tuple[Verdict, ...], bool] = {}

    def first(self) -> Pieces | str | int:
        """The plainest inspection on which the two differ, the number of states without any, or why not."""
        found: dict[Numbers, _Choice] = {self.ladder.nothing: _Start}
        options = list(self._options())
        if not all(every for _, every in options):
            return "evidence on a criterion has more states than can be looked at"
        for number, (adding, _) in enumerate(options):
            left = [more for more, _ in options[number + 1 :]]
            found = self._with(found, adding, _most(left, self.ladder.nothing))
            if len(found) > MOST_VECTORS:
                return "the ladder has more states than can be looked at"
        differing = [(c.cost, n) for n, c in found.items() if not self._alike(n)]
        if differing:
            return _together(found[min(differing)[1]].all())
        return len(found)

    def _with(
        self, found: Mapping[Numbers, _Choice], adding: Options, left: Numbers
    ) -> dict[Numbers, _Choice]:
        reached: dict[Numbers, _Choice] = {}
        for numbers, choice in found.items():
            for added, (cost, pieces) in adding.items():
                total = self._told(plus(numbers, added), left)
                known = reached.get(total)
                if known is None or choice.cost + cost < known.cost:
                    reached[total] = _Choice(choice.cost + cost, pieces, choice)
        return reached

    def _told(self, numbers: Numbers, left: Numbers) -> Numbers:
        """The numbers as far as they make a difference, with the most that can still be added."""
        return tuple(
            0 if n + more < fewest else min(n, enough)
            for n, more, fewest, enough in zip(
                numbers, left, self.ladder.fewest, self.ladder.enough, strict=True
            )
        )

    def _options(self) -> Iterator[tuple[Options, bool]]:
        """What each thing that the ladder sees can add, with the plainest that adds it."""
        seen: dict[object, Reachable] = {}
        for group in groups(self.union):
            if self.ladder.sees(group):
                like = shape(self.union, group)
                own = reachable_by(self.union, group) if like not in seen else None
                seen.setdefault(like, own or Reachable(()))
                every = own or reachable_by(self.union, group)
                yield self._of_criteria(group, every), every.every
        counts = [c.leaf for c in self.ladder.columns if isinstance(c.leaf, Count)]
        previous = tuple(leaf for leaf in counts if leaf.counted == "previous")
        if previous:
            yield self._of_earlier(settlements(None, previous) or ()), True
        yield from self._of_figures()
        for question in dict.fromkeys(
            q for leaf in counts if leaf.counted == "judgments" for q in leaf.members
        ):
            yield self._of_judgment(question), True

    def _of_criteria(self, group: Group, every: Reachable) -> Options:
        unsearched = current(self.union, group, Facts())
        found: dict[Numbers, tuple[int, Pieces]] = {}
        states: list[tuple[State, Pieces]] = [
            (s, Pieces(s.example.observations, s.example.figures, s.example.earlier))
            for s in every.states
        ]
        for state, pieces in (*states, (unsearched, Pieces(searched=False))):
            added = self.ladder.of_criteria(group, state)
            cost = _cost(pieces)
            if added not in found or cost < found[added][0]:
                found[added] = cost, pieces
        return found

    def _of_earlier(self, every: Sequence[Items]) -> Options:
        found = {
            self.ladder.of_earlier(by_topic(items)): (len(items), Pieces(earlier=items))
            for items in every
        }
        found.setdefault(self.ladder.of_earlier(None), (1, Pieces(earlier=None)))
        return found

    def _of_figures(self) -> Iterator[tuple[Options, bool]]:
        reckoning = Reckoning(self.union)
        asked = {c.leaf.indicator for c in self.ladder.columns if isinstance(c.leaf, Compared)}
        for among in reckoning.together(asked):
            cases = reckoning.cases(among, {}, absent=True)
            found: dict[Numbers, tuple[int, Pieces]] = {}
            for given in cases.given:
                indicators = reckoning.indicators(among, given)
                added = self.ladder.of_indicators(among.indicators, indicators)
                written: tuple[tuple[Figure, Value | None], ...] = tuple(given.items())
                found.setdefault(added, (len(written), Pieces(figures=written)))
            yield found, cases.exact

    def _of_judgment(self, question: str) -> Options:
        """Every grade that a question can have, and every set of grades that may stay possible."""
        grades = list(rungs(self.pack, question))
        found: dict[Numbers, tuple[int, Pieces]] = {}
        for number in range(1, len(grades) + 1):
            for possible in combinations(grades, number):
                added = self.ladder.of_judgment(question, frozenset(possible))
                pieces = Pieces(carried={question: possible[0]} if number == 1 else {})
                found.setdefault(added, (1 if number == 1 else 100, pieces))
        return found

    def _alike(self, numbers: Numbers) -> bool:
        verdicts = tuple(self._verdicts(numbers))
        if verdicts not in self.same:
            one, two = (self._judged(pack, verdicts) for pack in (self.pack, self.other))
            self.same[verdicts] = one == two
        return self.same[verdicts]

    def _verdicts(self, numbers: Numbers) -> Iterator[Verdict]:
        start = 0
        for columns in self.ladder.columns:
            yield columns.verdict(numbers[start : start + columns.width])
            start += columns.width

    def _judged(self, pack: Pack, verdicts: tuple[Verdict, ...]) -> object:
        """The grades that the ladder of a pack leaves, and which of its limiters bite."""
        by_leaf = dict(zip(self._leaves, verdicts, strict=True))
        truths = {
            name: combined(pack.rules[name].body, lambda leaf: by_leaf.get(leaf, TRUE)).settled
            for name in (rule.id for rule in self.ladder.rules)
        }
        grades = limited(pack, self.owner, provisional(pack, self.owner, truths), truths)
        return grades, [truths[limiter.rule] for limiter in pack.limiters.get(self.owner, ())]

    @cached_property
    def _leaves(self) -> tuple[object, ...]:
        columns: Sequence[Columns] = self.ladder.columns
        return tuple(column.leaf for column in columns)


def _most(left: Sequence[Options], nothing: Numbers) -> Numbers:
    """The most that what is left can add to each number."""
    most = nothing
    for adding in left:
        most = plus(most, tuple(map(max, zip(*adding, strict=True))))
    return most


def _cost(pieces: Pieces) -> int:
    return len(pieces.observations) + len(pieces.figures) + (0 if pieces.searched else 50)


def _together(every: Iterator[Pieces]) -> Pieces:
    """The pieces of one inspection; where something is not searched for, nothing is."""
    parts = list(every)
    return Pieces(
        tuple(seen for part in parts for seen in part.observations),
        tuple(figure for part in parts for figure in part.figures),
        None
        if any(part.earlier is None for part in parts)
        else tuple(item for part in parts for item in part.earlier or ()),
        {question: grade for part in parts for question, grade in part.carried.items()},
        searched=all(part.searched for part in parts),
    )


def graded_by(pack: Pack, owner: str) -> bool:
    """Whether the owner has a ladder of its own."""
    return bool(rungs(pack, owner)) or owner == OVERALL
