"""The evidence that there could be, by trying all of it: the reference for what tells it apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain, combinations, pairwise, product

from grading.derive.standing import Roles
from grading.evidence.records import BANDS
from grading.judge.earlier import STATUSES, by_topic
from grading.judge.observations import codings, observed
from grading.rules.definition import shows
from grading.rules.facts import IndicatorFact, RecordFact
from grading.rules.loaded import Pack
from grading.rules.rule import Compared, Count, Sought, leaves


def nodes(pack: Pack, kind: type) -> list:  # type: ignore[type-arg]
    every = (leaf for rule in pack.rules.values() for leaf in leaves(rule.body))
    return [leaf for leaf in dict.fromkeys(every) if isinstance(leaf, kind)]


def observations(pack: Pack, topics: Sequence[str]) -> list[RecordFact]:
    """An observation for each set of conditions of the pack that one can show."""
    sought = nodes(pack, Sought)
    found: dict[tuple[bool, ...], RecordFact] = {}
    for seen in codings(pack, topics):
        fact = observed(pack, "", seen)
        does = [seen.topic in n.topics and shows(fact, n, left_out=False) for n in sought]
        if any(does):
            found.setdefault(tuple(does), fact)
    return list(found.values())


def subsets(facts: Sequence[RecordFact]) -> Iterator[dict[str, tuple[RecordFact, ...]]]:
    for chosen in chain.from_iterable(combinations(facts, n) for n in range(len(facts) + 1)):
        records: dict[str, tuple[RecordFact, ...]] = {}
        for fact in chosen:
            records[fact.topic] = (*records.get(fact.topic, ()), fact)
        yield records


def grid(pack: Pack, name: str) -> list[Decimal | str]:
    """Values of a percentage on and around every number of the pack; of a band every band."""
    if pack.indicators[name].unit == "rank-band":
        return list(BANDS)
    asked = {n for c in nodes(pack, Compared) if c.indicator == name for n in c.numbers}
    bounds = sorted({Decimal(0), Decimal(100), *(n for n in asked if 0 <= n <= 100)})
    return [*bounds, *((a + b) / 2 for a, b in pairwise(bounds))]


def figures(pack: Pack, names: Sequence[str]) -> Iterator[dict[str, IndicatorFact]]:
    """Each value of each of the indicators, and none."""
    roles = Roles(pack)
    for values in product(*((*grid(pack, name), None) for name in names)):
        yield {
            name: IndicatorFact(name, value, roles.of_indicator(pack.indicators[name]), ())
            for name, value in zip(names, values, strict=True)
            if value is not None
        }


def earlier(counts: Sequence[Count]) -> Iterator[dict[str, tuple[tuple[str, str], ...]]]:
    """Up to four earlier findings of each sort that counts tell apart."""
    topics = sorted({topic for count in counts for topic in count.members})
    kinds = sorted({count.kind for count in counts})
    sorts: dict[tuple[bool, ...], tuple[str, str, str]] = {}
    for topic, kind, status in product(topics, kinds, STATUSES):
        told = (topic in c.members and kind == c.kind and status in c.states for c in counts)
        sorts.setdefault(tuple(told), (topic, kind, status))
    counted = [sort for told, sort in sorts.items() if any(told)]
    for numbers in product(range(5), repeat=len(counted)):
        yield by_topic(sort for sort, n in zip(counted, numbers, strict=True) for _ in range(n))
