"""The settled states of criteria that evidence can reach.

They are what every union of observations shows on topics that were searched, with each part of the
range of each figure that is asked about, present or absent, and each number of earlier findings.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from itertools import islice, product

from grading.judge.earlier import Earlier, Items, by_topic, settlements
from grading.judge.figures import Reckoning
from grading.judge.groups import Group, alike_topics, groups, shape
from grading.judge.observations import deciding, telling
from grading.judge.shown import Bits, Settled, unions
from grading.judge.states import Example, State, Verdicts
from grading.rules.definition import asked
from grading.rules.facts import Facts, IndicatorFact
from grading.rules.loaded import Pack

MOST_TRIED = 20_000


@dataclass(frozen=True)
class Reachable:
    """The settled states of a group, those of the least evidence first.

    Where `every` is False there is too much to try, and there may be more states than these.
    """

    states: tuple[State, ...]
    every: bool = True


def reachable(pack: Pack) -> dict[Group, Reachable]:
    """The settled states of every group of criteria of a pack; those of groups alike are found once."""
    first: dict[Hashable, tuple[Group, Reachable]] = {}
    found = {}
    reckoning = Reckoning(pack)
    for group in groups(pack):
        like = shape(pack, group)
        if like not in first:
            first[like] = group, reachable_by(pack, group, reckoning)
        found[group] = _retold(*first[like], group)
    return found


def reachable_by(pack: Pack, group: Group, reckoning: Reckoning | None = None) -> Reachable:
    """The settled states of one group of criteria."""
    bits = Bits(group.every, (deciding(pack),))
    topics = [alike[0] for alike in alike_topics(group)]
    shown, every = unions(0, telling(pack, topics, bits.sought))
    given, all_given = given_of(group, reckoning or Reckoning(pack))
    settled = [(example, Settled(pack, group, bits, facts)) for example, facts in given]
    tried = product(settled, shown.items())
    states: dict[State, State] = {}
    for (example, by_rules), (showing, seen) in islice(tried, MOST_TRIED):
        state = by_rules.judged(showing)
        if state not in states or len(seen) < len(states[state].example.observations):
            states[state] = replace(state, example=replace(example, observations=seen))
    least_first = sorted(states.values(), key=lambda state: len(state.example.observations))
    return Reachable(tuple(least_first), every and all_given and next(tried, None) is None)


def given_of(group: Group, reckoning: Reckoning) -> tuple[list[tuple[Example, Facts]], bool]:
    """The figures and earlier findings that the group's rules tell apart; and whether that is all."""
    together = reckoning.together(group.indicators)
    cases = [reckoning.cases(among, {}, absent=True) for among in together]
    told = [
        {
            reckoning.told(among, given, group.compared): given for given in reversed(c.given)
        }.values()
        for among, c in zip(together, cases, strict=True)
    ]
    earlier, every = _earlier(group)
    found = []
    for case, (items, previous) in product(product(*told), earlier):
        indicators: dict[str, IndicatorFact] = {}
        for among, figures in zip(together, case, strict=True):
            indicators |= reckoning.indicators(among, figures)
        example = Example((), tuple(f for figures in case for f in figures.items()), items)
        found.append((example, Facts(indicators=indicators, previous=previous)))
    return found, every and all(c.exact for c in cases)


def _earlier(group: Group) -> tuple[list[tuple[Items | None, Earlier | None]], bool]:
    """The earlier findings that the group's rules tell apart; and whether that is all."""
    tallied = settlements(None, group.earlier)
    told: dict[Verdicts, tuple[Items | None, Earlier | None]] = {}
    for items in (*(tallied or ((),)), None) if group.earlier else ((),):
        previous = None if items is None else by_topic(items)
        verdicts = tuple(asked(count, Facts(previous=previous)) for count in group.earlier)
        told.setdefault(verdicts, (items, previous))
    return list(told.values()), tallied is not None


def _retold(like: Group, found: Reachable, group: Group) -> Reachable:
    """The states of one group as those of another whose rules differ in names alone."""
    if like == group:
        return found
    topics = {a[0]: b[0] for a, b in zip(alike_topics(like), alike_topics(group), strict=True)}
    return replace(found, states=tuple(_renamed(state, topics) for state in found.states))


def _renamed(state: State, topics: Mapping[str, str]) -> State:
    observations = (replace(o, topic=topics[o.topic]) for o in state.example.observations)
    return replace(state, example=replace(state.example, observations=tuple(observations)))
