"""What is open about a judgment, and what it could turn out to be.

Most of it adds to the judgment independently of the rest: a part. A figure that is missing and asked
about in several places, and earlier findings that criteria ask about, are settled first, in every way
that there is: a condition, on which the parts are then independent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TypeVar

from grading.explain.variables import To, Variable, of_figure
from grading.judge.completions import TooMany
from grading.judge.connected import connected
from grading.judge.earlier import Items, by_topic, settlements
from grading.judge.figures import Given, Together
from grading.judge.groups import Group
from grading.judge.judging import Added, Judging, counts_of
from grading.rules.facts import WITHDRAWN, Facts, IndicatorFact

T = TypeVar("T")
Says = Mapping[Variable, Mapping[To, frozenset[T]]]


@dataclass(frozen=True)
class Settled:
    """One way in which a condition can be settled: figures, or earlier findings."""

    indicators: Mapping[str, IndicatorFact]
    earlier: Items
    adds: Added


@dataclass(frozen=True)
class Condition:
    """What is settled before the rest, in each way that there is; what it says in which of them."""

    ways: tuple[Settled, ...]
    says: Says[int]


@dataclass(frozen=True)
class Part:
    """What could be added by something that is open; what it says where it adds what."""

    could: frozenset[Added]
    says: Says[Added]


class Open:
    """What is open about a judgment. Raises TooMany where it could turn out to be more than is tried."""

    def __init__(self, judging: Judging) -> None:
        self.judging, self.position = judging, judging.position
        self.conditions: list[Condition] = []
        self._parts: list[Part] = []
        self._earlier: list[Items] = []
        self._alone: dict[Group, list[tuple[Together, tuple[Given, ...]]]] = {}
        self._groups = {group: self.position.completing[group] for group in judging.groups}
        self._open_figures()
        self._open_earlier()
        self._open_judgments()

    def parts(self, settled: Sequence[Settled]) -> list[Part]:
        """What adds to the judgment, independently of each other, where conditions are so settled."""
        indicators = dict(self.position.facts.indicators)
        for way in settled:
            indicators |= way.indicators
        items = (*self._earlier, *(way.earlier for way in settled))
        facts = Facts(
            indicators=indicators, previous=by_topic(item for some in items for item in some)
        )
        return [*self._parts, *(self._criteria(group, facts) for group in self._groups)]

    def _criteria(self, group: Group, facts: Facts) -> Part:
        """The criteria of a group in each completion, with each value of figures that they alone ask."""
        reckoning, variable = self.position.reckoning, Variable("criteria", group.criteria)
        alone = self._alone.get(group, [])
        says: list[tuple[Variable, To, Added]] = []
        for cases in product(*(given for _, given in alone)):
            indicators = dict(facts.indicators)
            for (together, _), given in zip(alone, cases, strict=True):
                indicators |= reckoning.indicators(together, given)
            known = replace(facts, indicators=indicators)
            for state in self._groups[group].with_facts(known):
                added = self.judging.of_criteria(group, state)
                says.append((variable, state, added))
                says += self._of_figures(cases, added)
        return _part(says)

    def _open_figures(self) -> None:
        reckoning, judging = self.position.reckoning, self.judging
        by_ladders = {name for among in judging.together for name in among.indicators}
        by_groups = {group: group.indicators for group in self._groups}
        for together in reckoning.together(by_ladders.union(*by_groups.values())):
            names = frozenset(together.indicators)
            now = {figure: reckoning.now(figure) for figure in together.figures}
            fixed = {figure: value for figure, value in now.items() if value is not None}
            groups = [group for group, asks in by_groups.items() if names & asks]
            if len(fixed) == len(now):
                self._parts.append(Part(frozenset({judging.of_figures(together, now)}), {}))
                continue
            cases = reckoning.cases(together, fixed)
            if not cases.exact:
                raise TooMany
            if not groups:
                adds = ((given, judging.of_figures(together, given)) for given in cases.given)
                self._parts.append(_part(s for g, a in adds for s in self._of_figures([g], a)))
            elif len(groups) == 1 and not names & by_ladders:
                self._alone.setdefault(groups[0], []).append((together, cases.given))
            else:
                self.conditions.append(self._figures(together, cases.given))

    def _figures(self, together: Together, cases: Sequence[Given]) -> Condition:
        """Figures that several ask about: a way of settling them for all that conditions tell apart."""
        reckoning, ways = self.position.reckoning, dict[tuple[bool | None, ...], Settled]()
        says: list[tuple[Variable, To, int]] = []
        for given in cases:
            told = reckoning.told(together, given)
            if told not in ways:
                indicators = reckoning.indicators(together, given)
                ways[told] = Settled(indicators, (), self.judging.of_figures(together, given))
            says += self._of_figures([given], list(ways).index(told))
        return Condition(tuple(ways.values()), _says(says))

    def _of_figures(self, cases: Iterable[Given], key: T) -> Iterator[tuple[Variable, To, T]]:
        for given in cases:
            for figure, value in given.items():
                if value is not None:
                    yield of_figure(figure), value, key

    def _open_earlier(self) -> None:
        judging, previous = self.judging, self.position.facts.previous
        by_groups = [count for group in self._groups for count in group.earlier]
        by_ladders = [c for ladder in judging.ladders for c in counts_of(ladder, "previous")]
        every = tuple(dict.fromkeys((*by_ladders, *by_groups)))
        for counts in connected(every, lambda count: count.members):
            topics = list(dict.fromkeys(topic for count in counts for topic in count.members))
            found = None
            if previous is not None:
                found = {topic: previous[topic] for topic in topics if topic in previous}
                topics = [t for t in found if any(s == WITHDRAWN for _, s in found[t])]
            cases = settlements(found, counts)
            if cases is None:
                raise TooMany
            variable, adds = Variable("earlier", tuple(topics)), map(judging.of_earlier, cases)
            if len(cases) > 1 and not set(counts).isdisjoint(by_groups):
                ways = tuple(Settled({}, items, a) for items, a in zip(cases, adds, strict=True))
                says = _says((variable, items, n) for n, items in enumerate(cases))
                self.conditions.append(Condition(ways, says))
                continue
            self._parts.append(
                _part((variable, items, a) for items, a in zip(cases, adds, strict=True))
            )
            if len(cases) == 1:
                self._earlier.append(cases[0])

    def _open_judgments(self) -> None:
        for question in self.judging.given:
            variable = Variable("judgment", (question,))
            grades = sorted(self.position.given[question])
            self._parts.append(
                _part(
                    (variable, g, self.judging.of_given(question, frozenset({g}))) for g in grades
                )
            )


def _part(told: Iterable[tuple[Variable, To, Added]]) -> Part:
    every = list(told)
    return Part(frozenset(added for _, _, added in every), _says(every))


def _says(told: Iterable[tuple[Variable, To, T]]) -> Says[T]:
    """What each variable could turn out to be, and what comes of it."""
    found: dict[Variable, dict[To, set[T]]] = {}
    for variable, to, key in told:
        found.setdefault(variable, {}).setdefault(to, set()).add(key)
    return {
        variable: {to: frozenset(keys) for to, keys in tos.items()}
        for variable, tos in found.items()
    }
