"""The figures and earlier findings that rules tell apart, with those that are in part unknown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product
from typing import get_args

from grading.derive.bases import is_reckoned
from grading.derive.standing import Roles
from grading.evidence.records import Sampling
from grading.judge.earlier import Item, Items, by_topic, enough, settlements
from grading.judge.figures import Figure, Reckoning, Together
from grading.judge.groups import Group
from grading.judge.ranges import Value
from grading.policy.apart.values import UNWRITABLE, TooMany
from grading.rules.definition import compares, tally
from grading.rules.facts import MATCHED_ROLES, WITHDRAWN, Facts, IndicatorFact, Standing
from grading.rules.loaded import Pack
from grading.rules.rule import Compared, Count

MOST_GIVEN = 4_096
Written = tuple[tuple[Figure, Value | None], ...]
Tallies = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Figured:
    """Indicators that follow from the same figures, as conditions see them, and how it is written."""

    indicators: dict[str, IndicatorFact]
    written: Written
    cost: int


@dataclass(frozen=True)
class Case:
    """Figures and earlier findings as they are written, what that costs, and as rules see them."""

    written: Written
    items: Items | None
    facts: Facts
    cost: int


def every_given(pack: Pack, group: Group) -> list[Case]:
    """Each case that the rules of a group tell apart. Raises TooMany.

    Figures may be missing or not comparable, and earlier findings withdrawn or not gathered.
    """
    told = []
    for among in Reckoning(pack).together(group.indicators):
        first: dict[tuple[bool | None, ...], Figured] = {}
        for figured in every_figure(pack, among):
            told_so = _told(group.compared, among, figured)
            if figured.cost < UNWRITABLE or told_so not in first:
                first[told_so] = figured
        told.append(list(first.values()))
    found = []
    for figures, items in islice(
        product(product(*told), every_earlier(group.earlier)), MOST_GIVEN + 1
    ):
        indicators = {name: fact for each in figures for name, fact in each.indicators.items()}
        written = tuple(pair for each in figures for pair in each.written)
        known = None if items is None else by_topic(items)
        facts = Facts(indicators=indicators, previous=known)
        cost = sum(each.cost for each in figures) + cost_of_items(items)
        found.append(Case(written, items, facts, cost))
    if len(found) > MOST_GIVEN:
        raise TooMany("figures and earlier findings have more cases than can be looked at")
    return found


def every_figure(pack: Pack, among: Together) -> Iterator[Figured]:
    """What indicators that follow from the same figures can be, the fewest last. Raises TooMany.

    Each figure may be missing, and figures that are there may not be comparable.
    """
    if any(len(_standings(pack, name)) > 1 for name in among.indicators):
        raise TooMany("what a survey may do depends on how its sample was drawn")
    reckoning = Reckoning(pack)
    cases = reckoning.cases(among, {}, absent=True)
    if not cases.exact:
        raise TooMany("figures have more cases than can be looked at")
    several = _of_several(pack, among)
    for number in range(len(several) + 1):
        for refused in combinations(several, number):
            none = {name for names in refused for name in names}
            for given in reversed(cases.given):
                known = reckoning.indicators(among, given)
                left = {name: fact for name, fact in known.items() if name not in none}
                if left != known or not none:
                    written: Written = tuple(given.items())
                    yield Figured(left, written, len(written) + (UNWRITABLE if none else 0))


def _of_several(pack: Pack, among: Together) -> tuple[tuple[str, ...], ...]:
    """The indicators that are reckoned from several series, those from the same ones together."""
    found: dict[tuple[str, ...], list[str]] = {}
    for name in among.indicators:
        indicator = pack.indicators[name]
        if is_reckoned(indicator) and len(indicator.series) > 1:
            found.setdefault(tuple(indicator.series), []).append(name)
    return tuple(map(tuple, found.values()))


def _standings(pack: Pack, indicator: str) -> frozenset[Standing]:
    """What a survey may do by how its sample was drawn, where conditions see it; else nothing."""
    if pack.indicators[indicator].method != "survey":
        return frozenset()
    found = (Roles(pack).survey(sampling) for sampling in get_args(Sampling))
    return frozenset(standing for standing in found if standing.role in MATCHED_ROLES)


def _told(
    compared: Iterable[Compared], among: Together, figured: Figured
) -> tuple[bool | None, ...]:
    """What comparisons of these indicators come to."""
    known = figured.indicators
    return tuple(
        compares(leaf, known[leaf.indicator].value) if leaf.indicator in known else None
        for leaf in compared
        if leaf.indicator in among.indicators
    )


def known_earlier(counts: Sequence[Count]) -> tuple[Items | None, ...]:
    """The earlier findings that counts tell apart, each of known status, or none gathered.

    Raises TooMany.
    """
    if not counts:
        return ((),)
    known = settlements(None, counts)
    if known is None:
        raise TooMany("earlier findings have more cases than can be looked at")
    return (*known, None)


def every_earlier(counts: Sequence[Count]) -> tuple[Items | None, ...]:
    """The earlier findings that counts tell apart, those of known status first. Raises TooMany.

    Some may be withdrawn, so that they are there with any status or are not; and there may be none
    gathered.
    """
    if not counts:
        return ((),)
    found: dict[Tallies, Items] = {}
    for items in known_earlier(counts):
        if items is not None:
            found.setdefault(_tallied(items, counts), items)
    sorts = tuple(
        dict.fromkeys((topic, count.kind, WITHDRAWN) for count in counts for topic in count.members)
    )
    last = found
    while last:
        reached: dict[Tallies, Items] = {}
        for items in last.values():
            for item in _telling(items, sorts, counts):
                reached.setdefault(_tallied((*items, item), counts), (*items, item))
        last = {told: items for told, items in reached.items() if told not in found}
        found |= last
        if len(found) > MOST_GIVEN:
            raise TooMany("earlier findings have more cases than can be looked at")
    return (*found.values(), None)


def _telling(items: Items, sorts: Iterable[Item], counts: Sequence[Count]) -> Iterator[Item]:
    """Of the findings that may be added, the first of those that add the same."""
    seen: set[Tallies] = set()
    for item in sorts:
        told = _tallied((*items, item), counts)
        if told not in seen:
            seen.add(told)
            yield item


def _tallied(items: Items, counts: Sequence[Count]) -> Tallies:
    """How many each count surely counts, and how many it may: each up to the number that is enough."""
    facts = Facts(previous=by_topic(items))
    found = []
    for count in counts:
        surely, may = tally(count, facts)
        found.append((min(surely, enough(count)), min(may, enough(count))))
    return tuple(found)


def cost_of_items(items: Items | None) -> int:
    """How much there is to write; what was withdrawn cannot be written."""
    if items is None:
        return 1
    withdrawn = any(status == WITHDRAWN for _, _, status in items)
    return len(items) + (UNWRITABLE if withdrawn else 0)
