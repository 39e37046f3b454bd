"""The states of a ladder under two packs: what it counts, as numbers that add up.

The numbers are those which the criteria, figures, earlier findings and judgments that the ladder
counts can add up to, with each criterion in each state that it can be in by whatever evidence. Of a
ladder some rules are kept; what the others come to is taken to be true, false or unknown.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

from grading.judge.columns import Columns, Numbers, plus
from grading.judge.groups import Group, alike_topics, groups, shape
from grading.judge.ladder import Ladder
from grading.judge.states import State
from grading.policy.apart.adding import Costed, Earlier, Options, of_criteria, of_others, settled
from grading.policy.apart.both import both
from grading.policy.apart.given import every_earlier, known_earlier
from grading.policy.apart.showings import standings_of
from grading.policy.apart.states import every_state, retold
from grading.policy.apart.values import UNWRITABLE, Pieces, TooMany
from grading.rules.definition import TRUE, Verdict, combined
from grading.rules.facts import Facts, RecordFact
from grading.rules.loaded import Pack
from grading.rules.rule import Always, Node
from grading.rules.stages import Truth, limited, provisional

MOST_VECTORS = 300_000


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
Every = tuple[Group, dict[State, tuple[int, Pieces]]]


@dataclass(frozen=True)
class Counted:
    """How many states there are, on how many of them two packs differ, and the plainest of these.

    None where the evidence of those cannot be written as a case.
    """

    states: int
    differing: int
    plainest: Pieces | None = None


class Counting:
    """Some rules of the ladder of one judgment under both packs."""

    def __init__(self, pack: Pack, other: Pack, owner: str, kept: frozenset[str]) -> None:
        self.pack, self.other, self.owner, self.kept = pack, other, owner, kept
        self.union = _without(both(pack, other), owner, kept)
        self.ladder = Ladder(self.union, owner, _of_every_kind(pack))
        self.fewest, self.enough = self.ladder.fewest, self.ladder.enough
        self.same_limits = pack.limiters == other.limiters
        self.by_verdicts: dict[tuple[Verdict, ...], bool] = {}
        self.by_truths: dict[tuple[tuple[Truth, ...], ...], bool] = {}

    @property
    def width(self) -> int:
        """How many numbers there are to add up."""
        return sum(columns.width for columns in self.ladder.columns)

    def plainest(self) -> Pieces | None:
        """The plainest inspection on which the two differ, of evidence that decides or of none.

        Raises TooMany.
        """
        options = [of_criteria(self.ladder, g, settled(self.union, g)) for g in self.groups]
        found = self._added_up(options, known_earlier)
        cost, numbers = min(
            ((c.cost, n) for n, c in found.items() if not self._alike(n)), default=(UNWRITABLE, ())
        )
        return _together(found[numbers].all()) if cost < UNWRITABLE else None

    def every(self, states: dict[Hashable, Every]) -> Counted:
        """All states. `states` keeps those of groups alike. Raises TooMany."""
        options = [of_criteria(self.ladder, g, self._all(g, states)) for g in self.groups]
        found = self._added_up(options, every_earlier)
        differing = [(c.cost, n) for n, c in found.items() if not self._alike(n)]
        if not differing:
            return Counted(len(found), 0)
        cost, numbers = min(differing)
        pieces = _together(found[numbers].all()) if cost < UNWRITABLE else None
        return Counted(len(found), len(differing), pieces)

    def _all(self, group: Group, states: dict[Hashable, Every]) -> list[Costed]:
        like = shape(self.union, group)
        if like not in states:
            states[like] = group, every_state(self.union, group)
        first, every = states[like]
        topics = dict(zip(_topics(first), _topics(group), strict=True))
        return [
            (state, retold(pieces, topics, group), cost) for state, (cost, pieces) in every.items()
        ]

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The criteria that the ladder sees."""
        return tuple(group for group in groups(self.union) if self.ladder.sees(group))

    def _added_up(self, of_groups: list[Options], earlier: Earlier) -> dict[Numbers, _Choice]:
        """All that the ladder's numbers can be, each with the plainest that gives it."""
        options = [*of_groups, *of_others(self.ladder, earlier)]
        found: dict[Numbers, _Choice] = {self.ladder.nothing: _Start}
        for number, adding in enumerate(options):
            found = self._with(found, adding, _most(options[number + 1 :], self.ladder.nothing))
            if len(found) > MOST_VECTORS:
                raise TooMany("the ladder has more states than can be looked at")
        return found

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
            for n, more, fewest, enough in zip(numbers, left, self.fewest, self.enough, strict=True)
        )

    def _alike(self, numbers: Numbers) -> bool:
        verdicts = tuple(self._verdicts(numbers))
        if verdicts not in self.by_verdicts:
            by_leaf = dict(zip(self._leaves, verdicts, strict=True))
            truths = tuple(self._truths(pack, by_leaf) for pack in (self.pack, self.other))
            if truths not in self.by_truths:
                self.by_truths[truths] = self._always_alike(*truths)
            self.by_verdicts[verdicts] = self.by_truths[truths]
        return self.by_verdicts[verdicts]

    def _truths(self, pack: Pack, by_leaf: Mapping[Node, Verdict]) -> tuple[Truth, ...]:
        return tuple(
            combined(pack.rules[name].body, lambda leaf: by_leaf.get(leaf, TRUE)).settled
            for name in sorted(self.kept)
        )

    def _always_alike(self, one: tuple[Truth, ...], two: tuple[Truth, ...]) -> bool:
        """Whether both packs come to the same, whatever the rules do that are not kept."""
        if one == two and self.same_limits:
            return True
        kept, free = sorted(self.kept), sorted(self._rules - self.kept)
        for values in product((True, False, None), repeat=len(free)):
            beside = dict(zip(free, values, strict=True))
            judged = (
                self._judged(pack, {**dict(zip(kept, truths, strict=True)), **beside})
                for pack, truths in ((self.pack, one), (self.other, two))
            )
            if len(set(judged)) > 1:
                return False
        return True

    def _verdicts(self, numbers: Numbers) -> Iterator[Verdict]:
        start = 0
        for columns in self.ladder.columns:
            yield columns.verdict(numbers[start : start + columns.width])
            start += columns.width

    def _judged(self, pack: Pack, truths: Mapping[str, Truth]) -> Hashable:
        """The grades that the ladder of a pack reaches and leaves, and which of its limiters bite."""
        reached = provisional(pack, self.owner, truths)
        bite = tuple(truths[limiter.rule] for limiter in pack.limiters.get(self.owner, ()))
        return reached, limited(pack, self.owner, reached, truths), bite

    @cached_property
    def _rules(self) -> frozenset[str]:
        return frozenset(rule.id for rule in self.ladder.rules)

    @cached_property
    def _leaves(self) -> tuple[Node, ...]:
        columns: Sequence[Columns] = self.ladder.columns
        return tuple(column.leaf for column in columns)


def _without(pack: Pack, owner: str, kept: frozenset[str]) -> Pack:
    """A pack in which the rules of an owner that are not kept ask about nothing."""
    rules = {
        name: replace(rule, body=Always(rule.place))
        for name, rule in pack.rules.items()
        if rule.owner == owner and rule.stage not in ("criteria", "findings") and name not in kept
    }
    return replace(pack, rules={**pack.rules, **rules})


def _of_every_kind(pack: Pack) -> Facts:
    """Facts with a record of each kind that conditions see, so that a ladder knows of each."""
    standings = [standing for standing in standings_of(pack) if standing is not None]
    records = (RecordFact(s.kind, "", "", True, {}, False, s) for s in standings)
    return Facts(records={"": tuple(records)})


def _most(left: Sequence[Options], nothing: Numbers) -> Numbers:
    """The most that what is left can add to each number."""
    most = nothing
    for adding in left:
        most = plus(most, tuple(map(max, zip(*adding, strict=True))))
    return most


def _together(every: Iterator[Pieces]) -> Pieces:
    """The pieces of one inspection."""
    parts = list(every)
    return Pieces(
        tuple(seen for part in parts for seen in part.observations),
        tuple(figure for part in parts for figure in part.figures),
        None
        if any(part.earlier is None for part in parts)
        else tuple(item for part in parts for item in part.earlier or ()),
        {question: grade for part in parts for question, grade in part.carried.items()},
        kinds=_kinds(parts),
        unsearched=frozenset(topic for part in parts for topic in part.unsearched),
    )


def _kinds(parts: Iterable[Pieces]) -> dict[int, str]:
    """The kinds of observations by their number among those of all parts."""
    kinds: dict[int, str] = {}
    before = 0
    for part in parts:
        kinds |= {before + number: kind for number, kind in part.kinds.items()}
        before += len(part.observations)
    return kinds


def _topics(group: Group) -> tuple[str, ...]:
    """The topics of a group, those that conditions treat alike together; of each set the first counts."""
    return tuple(topic for alike in alike_topics(group) for topic in alike[:1])
