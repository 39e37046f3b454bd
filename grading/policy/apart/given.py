"""The figures and earlier findings that rules of criteria tell apart."""

from __future__ import annotations

from itertools import islice, product

from grading.judge.earlier import Items, by_topic, settlements
from grading.judge.figures import Figure, Reckoning
from grading.judge.groups import Group
from grading.judge.ranges import Value
from grading.policy.apart.values import TooMany
from grading.rules.facts import Facts, IndicatorFact
from grading.rules.loaded import Pack

MOST_GIVEN = 4_096
Written = tuple[tuple[Figure, Value | None], ...]


def every_given(pack: Pack, group: Group) -> list[tuple[Written, Items | None, Facts]]:
    """Each case that the rules of a group tell apart, as it is written and as they see it.

    Figures may be missing, and earlier findings not gathered. Raises TooMany.
    """
    reckoning = Reckoning(pack)
    together = reckoning.together(group.indicators)
    cases = [reckoning.cases(among, {}, absent=True) for among in together]
    told = [
        {
            reckoning.told(among, given, group.compared): given for given in reversed(c.given)
        }.values()
        for among, c in zip(together, cases, strict=True)
    ]
    counts = group.earlier
    numbers = settlements(None, counts) if counts else ((),)
    if numbers is None or not all(c.exact for c in cases):
        raise TooMany("figures or earlier findings have more cases than can be looked at")
    earlier: list[Items | None] = [*numbers, *([None] if counts else [])]
    found = []
    for case, items in islice(product(product(*told), earlier), MOST_GIVEN + 1):
        indicators: dict[str, IndicatorFact] = {}
        for among, figures in zip(together, case, strict=True):
            indicators |= reckoning.indicators(among, figures)
        written = tuple(f for figures in case for f in figures.items())
        known = None if items is None else by_topic(items)
        found.append((written, items, Facts(indicators=indicators, previous=known)))
    if len(found) > MOST_GIVEN:
        raise TooMany("figures and earlier findings have more cases than can be looked at")
    return found
