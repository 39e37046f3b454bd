"""Whether two packs that test criteria, or draw findings, differently can be told apart.

Looked at is everything that evidence can show on the topics of the criteria that the rules see
together: every union of what records show that decide, of what records show that corroborate, and of
what stays open; with each part of the range of each figure, and each number of earlier findings.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product

from grading.derive.standing import Roles
from grading.judge.earlier import Items, by_topic, settlements
from grading.judge.figures import Figure, Reckoning
from grading.judge.groups import Group, alike_topics, groups, shape
from grading.judge.observations import Seen, deciding, telling
from grading.judge.ranges import Value
from grading.judge.shown import unions
from grading.judge.states import State, by, judged, seen_in
from grading.policy.apart.both import both
from grading.policy.apart.values import Apart, NotFound, Pieces, Proof, Witness, given_of
from grading.rules.definition import FALSE, UNKNOWN, Verdict
from grading.rules.facts import Facts, IndicatorFact, Standing
from grading.rules.loaded import Pack

MOST_STATES = 400_000
_SAID = "what evidence on a criterion can show"


@dataclass(frozen=True)
class _Showing:
    """What topics show: by records of each standing, and what may yet be shown."""

    surely: tuple[int, ...]
    perhaps: int


def told_apart(pack: Pack, other: Pack, changed: Iterable[str]) -> Apart:
    """What tells the two apart, the rules of criteria or of findings being the only ones changed."""
    union = both(pack, other)
    owners = {pack.rules[rule].owner for rule in changed}
    looked: dict[Hashable, int] = {}
    mine, theirs = (_by_criteria(p) for p in (pack, other))
    for group in groups(union):
        if owners.isdisjoint(group.criteria):
            continue
        if group.criteria not in mine or group.criteria not in theirs:
            return NotFound("the change connects criteria that were apart")
        like = shape(union, group)
        if like in looked:
            continue
        compared = _Compared(pack, other, group, mine[group.criteria], theirs[group.criteria])
        found = compared.first()
        if isinstance(found, Pieces):
            return Witness((given_of(pack, found),))
        if found is None:
            return NotFound("there are more states than can be looked at")
        looked[like] = found
    return Proof(sum(looked.values()), _SAID)


def _by_criteria(pack: Pack) -> dict[tuple[str, ...], Group]:
    return {group.criteria: group for group in groups(pack)}


class _Compared:
    """A group of criteria under both packs, state by state."""

    def __init__(self, pack: Pack, other: Pack, union: Group, mine: Group, theirs: Group) -> None:
        self.pack, self.other, self.union = pack, other, union
        self.mine, self.theirs = mine, theirs
        self.sought = union.every
        self.standings = _standings(pack)
        self.same: dict[Hashable, bool] = {}

    def first(self) -> Pieces | int | None:
        """The plainest evidence that the two take differently, or the number of states without any.

        None where there are too many.
        """
        topics = [alike[0] for alike in alike_topics(self.union)]
        shown, every = unions(0, telling(self.pack, topics, self.sought))
        given, all_given = self._given()
        if not every or not all_given:
            return None
        looked = 0
        for (figures, items, facts), (mask, seen) in product(given, shown.items()):
            looked += 1
            if not self._alike(_Showing((mask,), 0), facts):
                return Pieces(seen, figures, items)
        for (figures, items, facts), showing in product(given, self._others(shown)):
            if looked >= MOST_STATES:
                return None
            looked += 1
            if not self._alike(showing, facts):
                return _pieces(shown, showing, self.standings, figures, items)
        return looked

    def _others(self, shown: Mapping[int, object]) -> Iterator[_Showing]:
        """Evidence of two kinds, and evidence that is open: where only one kind was seen before."""
        masks, everything = list(shown), (1 << len(self.sought)) - 1
        if len(self.standings) > 1:
            yield from (_Showing((one, two), 0) for one, two in product(masks, masks) if two)
        yield from (_Showing((one,), everything) for one in masks)
        several = len(masks) ** 2 <= MOST_STATES // 2
        if several:
            yield from (_Showing((one,), maybe) for one, maybe in product(masks, masks) if maybe)

    def _alike(self, showing: _Showing, facts: Facts) -> bool:
        shown = {node: self._verdict(showing, n) for n, node in enumerate(self.sought)}
        key = (tuple(shown.values()), id(facts))
        if key not in self.same:
            truth = by(shown)
            one = judged(self.pack, self.mine, facts, seen_in(self.mine, shown), truth)
            two = judged(self.other, self.theirs, facts, seen_in(self.theirs, shown), truth)
            self.same[key] = _concluded(one) == _concluded(two)
        return self.same[key]

    def _verdict(self, showing: _Showing, number: int) -> Verdict:
        ways = frozenset(
            frozenset({standing})
            for standing, mask in zip(self.standings, showing.surely, strict=False)
            if mask >> number & 1
        )
        if ways:
            return Verdict(True, ways)
        return UNKNOWN if showing.perhaps >> number & 1 else FALSE

    def _given(
        self,
    ) -> tuple[list[tuple[tuple[tuple[Figure, Value | None], ...], Items | None, Facts]], bool]:
        """The figures and earlier findings that the rules of either pack tell apart."""
        reckoning = Reckoning(both(self.pack, self.other))
        together = reckoning.together(self.union.indicators)
        cases = [reckoning.cases(among, {}, absent=True) for among in together]
        told = [
            {
                reckoning.told(among, given, self.union.compared): given
                for given in reversed(c.given)
            }.values()
            for among, c in zip(together, cases, strict=True)
        ]
        counts = self.union.earlier
        numbers = settlements(None, counts) if counts else ((),)
        earlier: list[Items | None] = [*(numbers or ()), *([None] if counts else [])]
        found = []
        for case, items in islice(product(product(*told), earlier), MOST_STATES):
            indicators: dict[str, IndicatorFact] = {}
            for among, figures in zip(together, case, strict=True):
                indicators |= reckoning.indicators(among, figures)
            written = tuple(f for figures in case for f in figures.items())
            facts = Facts(
                indicators=indicators, previous=None if items is None else by_topic(items)
            )
            found.append((written, items, facts))
        return found, numbers is not None and all(c.exact for c in cases)


def _concluded(state: State) -> object:
    return state.outcomes, state.findings


def _standings(pack: Pack) -> tuple[Standing, ...]:
    """That of observations which decide, first; then that of the other kind of record."""
    roles = Roles(pack)
    every = (deciding(pack), roles.of("fieldwork"), roles.of("file-review"))
    return tuple(dict.fromkeys(every))


def _pieces(
    shown: Mapping[int, tuple[Seen, ...]],
    showing: _Showing,
    standings: tuple[Standing, ...],
    figures: tuple[tuple[Figure, Value | None], ...],
    items: Items | None,
) -> Pieces:
    """The evidence that shows so much; what is open is not searched for."""
    observations: list[Seen] = []
    kinds: dict[int, str] = {}
    for mask, standing in zip(showing.surely, standings, strict=False):
        for seen in shown[mask]:
            kinds[len(observations)] = standing.kind
            observations.append(seen)
    others = {n: kind for n, kind in kinds.items() if kind != "fieldwork"}
    return Pieces(tuple(observations), figures, items, kinds=others, searched=not showing.perhaps)
