"""The grade of a judgment as a finite function: of numbers that what its ladder sees adds up to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import accumulate

from grading.judge.columns import Columns, Numbers, counted, ways_of
from grading.judge.earlier import Earlier
from grading.judge.groups import Group, restricted
from grading.judge.states import State, kinds_of_finding
from grading.rules.definition import TRUE, Verdict, combined
from grading.rules.facts import Facts, IndicatorFact, Possible
from grading.rules.loaded import Pack
from grading.rules.rule import Always, Compared, Count, Node, OutcomeIn, Sought, leaves
from grading.rules.stages import Truth, limited, provisional, rungs


class Ladder:
    """The grades of a ladder by what the leaves of its rules count.

    Numbers are in the order of `columns`. `facts` say in which ways evidence can make a leaf hold.
    """

    def __init__(self, pack: Pack, owner: str, facts: Facts) -> None:
        self.pack, self.owner = pack, owner
        names = (
            *(f"{owner}.{grade}" for grade in rungs(pack, owner)),
            *(limiter.rule for limiter in pack.limiters.get(owner, ())),
        )
        self.rules = tuple(pack.rules[name] for name in names)
        asks = dict.fromkeys(leaf for rule in self.rules for leaf in leaves(rule.body))
        self.columns = tuple(
            Columns(leaf, ways_of(pack, leaf, facts))
            for leaf in asks
            if not isinstance(leaf, Always)
        )
        ends = list(accumulate(columns.width for columns in self.columns))
        self._spans = tuple(zip(self.columns, [0, *ends], ends, strict=False))
        self._by_numbers: dict[Numbers, Possible] = {}
        self._by_verdicts: dict[tuple[Verdict, ...], Possible] = {}
        self._truths: dict[tuple[Verdict, ...], Mapping[str, Truth]] = {}
        self._restricted: dict[tuple[str, ...], tuple[Node | None, ...]] = {}

    @property
    def enough(self) -> Numbers:
        """The number in each column from which more makes no difference."""
        return tuple(columns.enough for columns in self.columns for _ in range(columns.width))

    @property
    def fewest(self) -> Numbers:
        """The number in each column below which it makes no difference how many there are."""
        return tuple(columns.fewest for columns in self.columns for _ in range(columns.width))

    @property
    def nothing(self) -> Numbers:
        """What nothing adds."""
        return self._joined(lambda columns: columns.nothing)

    def grades(self, numbers: Numbers) -> Possible:
        """The grades that are possible by these numbers."""
        if numbers not in self._by_numbers:
            verdicts = self.verdicts(numbers)
            if verdicts not in self._by_verdicts:
                self._by_verdicts[verdicts] = self._graded(verdicts)
            self._by_numbers[numbers] = self._by_verdicts[verdicts]
        return self._by_numbers[numbers]

    def verdicts(self, numbers: Numbers) -> tuple[Verdict, ...]:
        """What each leaf comes to by these numbers, in the order of `columns`."""
        return tuple([c.verdict(numbers[start:end]) for c, start, end in self._spans])

    def truths(self, verdicts: tuple[Verdict, ...]) -> Mapping[str, Truth]:
        """What each rule of the ladder comes to where its leaves come to this."""
        if verdicts not in self._truths:
            means = self._meaning(verdicts)
            self._truths[verdicts] = {rule.id: means(rule.body).settled for rule in self.rules}
        return self._truths[verdicts]

    def truth(self, node: Node, verdicts: tuple[Verdict, ...]) -> Truth:
        """What a condition about the same leaves comes to where they come to this."""
        return self._meaning(verdicts)(node).settled

    def withheld(self, verdicts: tuple[Verdict, ...]) -> tuple[str, ...]:
        """The rules that would hold where the leaves come to this, but for the roles of evidence."""
        means = self._meaning(verdicts)
        return tuple(rule.id for rule in self.rules if means(rule.body).withheld)

    def truths_at(self, numbers: Numbers) -> Mapping[str, Truth]:
        """What each rung and limiter comes to by these numbers."""
        return self.truths(self.verdicts(numbers))

    def holds(self, node: Node, numbers: Numbers) -> Truth:
        """What a part of its rules comes to by these numbers."""
        return self.truth(node, self.verdicts(numbers))

    def of_criteria(self, group: Group, state: State) -> Numbers:
        """What the criteria of a group add in a state."""
        shown = dict(zip(group.later, state.shown, strict=True))
        facts = Facts(
            outcomes=dict(zip(group.criteria, state.outcomes, strict=True)),
            findings={
                (kind, criterion): truth
                for criterion, truths in zip(group.criteria, state.findings, strict=True)
                for kind, truth in zip(kinds_of_finding(self.pack), truths, strict=True)
            },
        )
        found: list[int] = []
        for columns, leaf in zip(self.columns, self._asked(group), strict=True):
            if leaf is None:
                found += columns.nothing
            elif isinstance(leaf, Sought):
                found += columns.of(shown[leaf])
            else:
                found += counted(columns, leaf, facts)
        return tuple(found)

    def sees(self, group: Group) -> bool:
        """Whether any leaf asks about the criteria of a group."""
        return any(leaf is not None for leaf in self._asked(group))

    def of_indicators(
        self, names: Iterable[str], indicators: Mapping[str, IndicatorFact]
    ) -> Numbers:
        """What the named indicators add, with these values or with none."""
        among, facts = frozenset(names), Facts(indicators=indicators)
        return self._joined(
            lambda columns: (
                counted(columns, columns.leaf, facts)
                if isinstance(columns.leaf, Compared) and columns.leaf.indicator in among
                else columns.nothing
            )
        )

    def of_earlier(self, found: Earlier | None) -> Numbers:
        """What earlier findings add; None where they are unknown."""
        facts = Facts(previous=found)
        return self._joined(
            lambda columns: (
                counted(columns, columns.leaf, facts)
                if isinstance(columns.leaf, Count) and columns.leaf.counted == "previous"
                else columns.nothing
            )
        )

    def of_judgment(self, question: str, possible: Possible) -> Numbers:
        """What the judgment of a question adds."""
        facts = Facts(judgments={question: possible})

        def adds(columns: Columns) -> Numbers:
            match columns.leaf:
                case Count(counted="judgments", members=members) if question in members:
                    return counted(columns, replace(columns.leaf, members=(question,)), facts)
                case _:
                    return columns.nothing

        return self._joined(adds)

    def _asked(self, group: Group) -> tuple[Node | None, ...]:
        """Each leaf as it asks about the criteria of the group alone; None where it does not."""
        if group.criteria not in self._restricted:
            among = (_among(columns.leaf, group) for columns in self.columns)
            self._restricted[group.criteria] = tuple(among)
        return self._restricted[group.criteria]

    def _joined(self, adds: Callable[[Columns], Numbers]) -> Numbers:
        return tuple(number for columns in self.columns for number in adds(columns))

    def _graded(self, verdicts: tuple[Verdict, ...]) -> Possible:
        truths = self.truths(verdicts)
        return limited(self.pack, self.owner, provisional(self.pack, self.owner, truths), truths)

    def _meaning(self, verdicts: tuple[Verdict, ...]) -> Callable[[Node], Verdict]:
        """What a condition comes to where the ladder's leaves come to this."""
        by_leaf = {c.leaf: verdict for c, verdict in zip(self.columns, verdicts, strict=True)}
        return lambda node: combined(node, lambda leaf: by_leaf.get(leaf, TRUE))


def _among(leaf: Node, group: Group) -> Node | None:
    """The leaf as it asks about the criteria of a group alone; None where it does not."""
    match leaf:
        case Sought():
            own = restricted(leaf, group.topics)
            return own if own.topics else None
        case OutcomeIn(criterion=criterion):
            return leaf if criterion in group.criteria else None
        case Count(counted="outcomes" | "findings", members=members):
            own_members = tuple(member for member in members if member in group.criteria)
            return replace(leaf, members=own_members) if own_members else None
        case _:
            return None
