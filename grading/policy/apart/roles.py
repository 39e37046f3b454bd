"""Whether two packs that differ in what a kind of evidence may do can be told apart.

Roles matter to whether conditions see a kind, and to whether a set of kinds may carry a conclusion.
Looked at is every kind that a rule asks about, and every set of kinds in which a rule, or a part of
one that must not hold, can hold. What is open shows a change of no other sort: where a condition is
unknown, no role is asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from itertools import combinations, product
from typing import Any, get_args

from grading.derive.standing import Roles
from grading.evidence.records import Sampling
from grading.judge.groups import Group, groups
from grading.judge.observations import Seen, observed, telling
from grading.judge.ranges import Value, values
from grading.judge.states import current
from grading.policy.apart.values import Apart, Given, NotFound, Pieces, Proof, Witness, given_of
from grading.rules.facts import MATCHED_ROLES, Facts, IndicatorFact, RecordFact, Standing, sound
from grading.rules.loaded import Pack
from grading.rules.rule import All, Compared, No, Node, Rule, Some, Sought, inside, leaves
from grading.rules.rule import Any as AnyOf

MOST_TRIED = 20_000
_BESIDE = " + "
_SAID = "in which kinds of evidence a rule can hold"


@dataclass(frozen=True, order=True)
class Source:
    """Where evidence comes from: a kind of record, or an indicator with how its samples were drawn.

    There may be several samples that agree; their names stand together.
    """

    name: str
    indicator: str = ""

    def standings(self, pack: Pack) -> frozenset[Standing] | None:
        """What it may do by a pack; None where conditions do not see it.

        A figure is seen even where its kind may do nothing, so that it rests on none.
        """
        roles = Roles(pack)
        if not self.indicator:
            found = {roles.of("fieldwork" if self.name == "fieldwork" else "file-review")}
        elif self.name:
            found = {roles.survey(sampling) for sampling in self.samplings}
        else:
            return roles.of_indicator(pack.indicators[self.indicator])
        seen = frozenset(s for s in found if s.role in MATCHED_ROLES)
        return seen or None

    @property
    def samplings(self) -> tuple[str, ...]:
        """How the samples were drawn."""
        return tuple(self.name.split(_BESIDE))


Sources = frozenset[Source]


def told_apart(pack: Pack, other: Pack) -> Apart:
    """What tells the two apart, roles being all that differs."""
    looked: set[tuple[Sources, bool]] = set()
    differing: dict[str, list[Sources]] = {}
    for rule in pack.rules.values():
        for source in _asked(pack, rule.body):
            if (source.standings(pack) is None) is not (source.standings(other) is None):
                differing.setdefault(rule.id, []).append(frozenset({source}))
        for sources in _ways_of(pack, rule):
            verdicts = [_carries(sources, each) for each in (pack, other)]
            looked.add((sources, verdicts[0] is True))
            if verdicts[0] != verdicts[1]:
                differing.setdefault(rule.id, []).append(sources)
    if not differing:
        return Proof(len(looked), _SAID)
    owners = {pack.rules[rule].owner for rule in differing}
    for group in groups(pack):
        if not owners.isdisjoint(group.criteria):
            ways = dict.fromkeys(
                way
                for rule, found in differing.items()
                if pack.rules[rule].owner in group.criteria
                for way in found
            )
            given = _search(
                pack, other, group, sorted(ways, key=lambda way: (len(way), sorted(way)))
            )
            if given is not None:
                return Witness(given)
    return NotFound("no evidence was found that would show it")


def _asked(pack: Pack, node: Node) -> frozenset[Source]:
    """The sources that a condition asks about."""
    ways = (way for leaf in leaves(node) for way in _ways(pack, leaf))
    return frozenset(source for way in ways for source in way)


def _carries(sources: Sources, pack: Pack) -> bool | None:
    """Whether evidence from all of these may carry a conclusion; None where some is not seen."""
    standings = [source.standings(pack) for source in sources]
    if None in standings:
        return None
    return sound(frozenset().union(*(s for s in standings if s is not None)))


def _ways_of(pack: Pack, rule: Rule) -> Iterator[Sources]:
    """The sets of sources on which the rule can hold, and the parts of it that must not."""
    for node in (rule.body, *_denied(rule.body)):
        yield from _ways(pack, node)


def _denied(node: Node) -> Iterator[Node]:
    for part in inside(node):
        if isinstance(node, No):
            yield part
        yield from _denied(part)


def _ways(pack: Pack, node: Node) -> frozenset[Sources]:
    match node:
        case All(parts=parts):
            return _beside([_ways(pack, part) for part in dict.fromkeys(parts)])
        case AnyOf(parts=parts):
            return frozenset().union(*(_ways(pack, part) for part in parts))
        case Some(least=least, parts=parts):
            every = [_ways(pack, part) for part in parts]
            chosen = (_beside(list(some)) for some in combinations(every, least))
            return frozenset().union(*chosen)
        case Sought():
            return frozenset(frozenset({Source(kind)}) for kind in ("fieldwork", "file-review"))
        case Compared(indicator=name):
            return frozenset(frozenset({source}) for source in _sources(pack, name))
        case _:
            return frozenset({frozenset()})


def _sources(pack: Pack, indicator: str) -> Iterator[Source]:
    if pack.indicators[indicator].method != "survey":
        yield Source("", indicator)
        return
    every: tuple[str, ...] = get_args(Sampling)
    for number in range(1, len(every) + 1):
        for samplings in combinations(every, number):
            yield Source(_BESIDE.join(samplings), indicator)


def _beside(every: list[frozenset[Sources]]) -> frozenset[Sources]:
    none: frozenset[Sources] = frozenset({frozenset()})
    return reduce(lambda one, two: frozenset(a | b for a in one for b in two), every, none)


@dataclass(frozen=True)
class _Item:
    """One observation of a kind, or one value of an indicator."""

    source: Source
    seen: Seen | None = None
    value: Value | None = None


def _search(pack: Pack, other: Pack, group: Group, ways: Iterable[Sources]) -> Given | None:
    """Evidence from one of the sets of sources that the two packs take differently."""
    tried = 0
    for way in ways:
        for items in product(*(_items(pack, group, source) for source in sorted(way))):
            tried += 1
            if tried > MOST_TRIED:
                return None
            states = [current(p, group, _facts(p, group, items)) for p in (pack, other)]
            if states[0] != states[1]:
                return _given(pack, items)
    return None


def _items(pack: Pack, group: Group, source: Source) -> list[_Item]:
    if source.indicator:
        return [_Item(source, value=value) for value in values(pack, source.indicator)]
    return [_Item(source, seen) for seen in telling(pack, group.topics, group.every).values()]


def _facts(pack: Pack, group: Group, items: tuple[_Item, ...]) -> Facts:
    records: dict[str, tuple[RecordFact, ...]] = {}
    indicators: dict[str, IndicatorFact] = {}
    for item in items:
        standings = item.source.standings(pack)
        if standings is None:
            continue
        if item.seen is not None:
            (standing,) = standings
            plain = observed(pack, group.criteria[0], item.seen)
            fact = RecordFact(
                id=str(len(records)),
                topic=plain.topic,
                criterion=plain.criterion,
                supports=plain.supports,
                levels=plain.levels,
                mitigated=plain.mitigated,
                standing=standing,
            )
            records[fact.topic] = (*records.get(fact.topic, ()), fact)
        elif item.value is not None:
            name = item.source.indicator
            indicators[name] = IndicatorFact(name, item.value, standings, ())
    concluded = frozenset(group.topics)
    return Facts(records=records, concluded=concluded, indicators=indicators, previous={})


def _given(pack: Pack, items: tuple[_Item, ...]) -> Given:
    shown = [(item.seen, item.source.name) for item in items if item.seen is not None]
    kinds = {n: kind for n, (_, kind) in enumerate(shown) if kind != "fieldwork"}
    given: dict[str, Any] = dict(given_of(pack, Pieces(tuple(s for s, _ in shown), kinds=kinds)))
    surveys = [
        _answer(pack, item, sampling)
        for item in items
        if item.source.indicator and item.source.name
        for sampling in item.source.samplings
    ]
    if surveys:
        given["surveys"] = surveys
    numbers: Mapping[str, Value] = {
        item.source.indicator: item.value
        for item in items
        if item.value is not None and not item.source.name and isinstance(item.value, Decimal)
    }
    return {**given, "indicators": dict(numbers)} if numbers else given


def _answer(pack: Pack, item: _Item, sampling: str) -> dict[str, Any]:
    indicator = pack.indicators[item.source.indicator]
    asked = indicator.survey
    assert asked is not None
    return {
        **asked.model_dump(),
        "share": item.value,
        "sampling": sampling,
        "answers": indicator.minimum or 1000,
    }
