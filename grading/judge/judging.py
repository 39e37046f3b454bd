"""A judgment as one function of all that it rests on, with the judgments that it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, reduce

from grading.judge.columns import Numbers, plus
from grading.judge.earlier import Item, by_topic
from grading.judge.figures import Given, Together
from grading.judge.groups import Group
from grading.judge.ladder import Ladder
from grading.judge.position import Position
from grading.judge.states import State
from grading.rules.facts import Possible
from grading.rules.rule import Compared, Count

Added = tuple[Numbers, ...]  # to the judgment's own ladder, then to each ladder below it


def total(*added: Added) -> Added:
    """What all of this adds up to."""
    return tuple(reduce(plus, numbers) for numbers in zip(*added, strict=True))


class Judging:
    """The ladder of a judgment and the ladders below it: of the judgments that it counts.

    What is counted and was given, carried forward, changed by people or not graded, has no ladder
    here: what people changed is held as they left it.
    """

    def __init__(self, position: Position, judgment: str) -> None:
        self.position, self.judgment = position, judgment
        self.own = position.ladders[judgment]
        counted = dict.fromkeys(
            member for leaf in counts_of(self.own, "judgments") for member in leaf.members
        )
        given = position.given
        self.given = tuple(question for question in counted if question in given)
        self.below = tuple(position.ladders[q] for q in counted if q not in given)
        self.ladders = (self.own, *self.below)
        self._through: dict[tuple[int, Possible], Numbers] = {}

    def grades(self, everything: Added) -> Possible:
        """The grades that are possible where everything adds up to this."""
        return self.own.grades(self.own_total(everything, range(len(self.below))))

    def own_total(self, everything: Added, below: Iterable[int]) -> Numbers:
        """What everything adds up to for the judgment's own ladder, with these judgments below it."""
        return reduce(plus, (self.through(n, everything[1 + n]) for n in below), everything[0])

    def through(self, number: int, numbers: Numbers) -> Numbers:
        """What a judgment below adds where everything adds up to these numbers for it."""
        grades = self.below[number].grades(numbers)
        if (number, grades) not in self._through:
            added = self.own.of_judgment(self.below[number].owner, grades)
            self._through[number, grades] = added
        return self._through[number, grades]

    @cached_property
    def now(self) -> Added:
        """What everything adds up to, but for the judgments that are graded below."""
        position = self.position
        reckoning, earlier = position.reckoning, position.facts.previous
        return total(
            self._each(lambda ladder: ladder.nothing),
            *(self.of_criteria(group, position.states[group]) for group in self.groups),
            *(
                self.of_figures(among, {figure: reckoning.now(figure) for figure in among.figures})
                for among in self.together
            ),
            self.of_earlier(None if earlier is None else tuple(self.earlier.values())),
            *(self.of_given(q, position.given[q]) for q in self.given),
        )

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The criteria of which some ladder sees something."""
        return tuple(
            group
            for group in self.position.states
            if any(ladder.sees(group) for ladder in self.ladders)
        )

    @cached_property
    def together(self) -> tuple[Together, ...]:
        """The indicators that some ladder compares, with the figures that they follow from."""
        names = {
            columns.leaf.indicator
            for ladder in self.ladders
            for columns in ladder.columns
            if isinstance(columns.leaf, Compared)
        }
        return self.position.reckoning.together(names)

    @cached_property
    def earlier(self) -> dict[tuple[str, int], Item]:
        """The earlier findings that some ladder counts, by topic and number on the topic."""
        counts = tuple(leaf for ladder in self.ladders for leaf in counts_of(ladder, "previous"))
        return {
            (topic, number): (topic, kind, status)
            for topic, found in (self.position.facts.previous or {}).items()
            for number, (kind, status) in enumerate(found)
            if any(topic in count.members and kind == count.kind for count in counts)
        }

    def of_criteria(self, group: Group, state: State) -> Added:
        """What criteria add in a state."""
        return self._each(lambda ladder: ladder.of_criteria(group, state))

    def of_figures(self, together: Together, given: Given) -> Added:
        """What figures add."""
        indicators = self.position.reckoning.indicators(together, given)
        return self._each(lambda ladder: ladder.of_indicators(together.indicators, indicators))

    def of_earlier(self, items: tuple[Item, ...] | None) -> Added:
        """What earlier findings add; None where none were gathered."""
        found = None if items is None else by_topic(items)
        return self._each(lambda ladder: ladder.of_earlier(found))

    def of_given(self, question: str, possible: Possible) -> Added:
        """What a judgment that is given adds."""
        return self._each(lambda ladder: ladder.of_judgment(question, possible))

    def _each(self, adds: Callable[[Ladder], Numbers]) -> Added:
        return tuple(map(adds, self.ladders))


def counts_of(ladder: Ladder, counted: str) -> Iterator[Count]:
    """The leaves of a ladder that count these."""
    for columns in ladder.columns:
        if isinstance(columns.leaf, Count) and columns.leaf.counted == counted:
            yield columns.leaf
