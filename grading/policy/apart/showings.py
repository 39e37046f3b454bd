"""All that evidence can show of what rules seek: surely or perhaps, by what decides or corroborates.

Of each condition it matters which of four is so: a record that decides shows it; only one that
corroborates does; a record or a search that is open leaves it unknown; nothing does. Where a record
that decides shows it, one that corroborates adds nothing: whatever a way of evidence needs beside it,
the one that decides gives it too. So what there can be are three sets of conditions, each inside
the next: shown by what decides, shown at all, and perhaps shown; and each of the three is what some
union of records shows. What is perhaps shown may be more than records show: a level that an open
record leaves out may be any, and where a topic was not searched there may be all that is asked of it.

A record speaks for something or against it. So what is shown for and what is shown against are chosen
apart, and of each only what the largest parts of rules that ask about one side come to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

from grading.derive.standing import Roles
from grading.judge.groups import Group, alike_topics
from grading.judge.observations import Seen, deciding, telling
from grading.judge.shown import unions
from grading.policy.apart.opened import opened
from grading.policy.apart.values import UNWRITABLE, TooMany
from grading.rules.definition import FALSE, UNKNOWN, Verdict, asked, combined
from grading.rules.facts import MATCHED_ROLES, Facts, Standing
from grading.rules.loaded import Pack
from grading.rules.rule import Compared, Count, Node, OutcomeIn, Rule, Sought, inside, leaves
from grading.rules.stages import Truth

Chain = tuple[int, int, int]
"""Bits of what is shown by what decides; of what is shown; of what is shown or may yet be."""
MOST_CHAINS = 400_000
_UNSEARCHED = 50


@dataclass(frozen=True)
class Shown:
    """What one side shows: the verdict of each part that asks about it, and the plainest evidence.

    `beside` are observations of the kind that does not decide. `cost` says how much there is to
    write; from UNWRITABLE on, what is open cannot be written as a case. `searched` says whether the
    topics were; None where that makes no difference.
    """

    verdicts: Mapping[Node, Verdict]
    cost: int
    first: tuple[Seen, ...] = ()
    beside: tuple[Seen, ...] = ()
    searched: bool | None = True


class Showings:
    """What evidence on the topics of a group can show to some rules and later stages.

    Figures and earlier findings are as in the facts.
    """

    def __init__(
        self, pack: Pack, group: Group, rules: Iterable[Rule], later: Iterable[Sought], facts: Facts
    ) -> None:
        self.pack, self.group, self.facts = pack, group, facts
        self.atoms: dict[Node, OutcomeIn] = {}
        self.bodies = {rule.body: self._with_atoms(rule.body) for rule in rules}
        for node in later:
            self._atom(node)
        self.decides, self.beside = standings_of(pack)

    def every(self, *, plain: bool = False) -> Iterator[tuple[Shown, Shown]]:
        """All that can be shown, for and against; or all that evidence does which decides.

        Raises TooMany.
        """
        against = self._side(False, plain)
        for shown in self._side(True, plain):
            for other in against:
                yield shown, other

    def truth(self, rule: Rule, facts: Facts, shown: tuple[Shown, Shown]) -> Truth:
        """What a rule comes to where this is shown."""
        known = {**shown[0].verdicts, **shown[1].verdicts}

        def verdict(leaf: Node) -> Verdict:
            return known[leaf] if leaf in known else asked(leaf, facts)

        return combined(self.bodies[rule.body], verdict).settled

    def later(self, node: Sought, shown: tuple[Shown, Shown]) -> Verdict:
        """What later stages see where this is shown."""
        return shown[0 if node.supports else 1].verdicts[self.atoms[node]]

    def _with_atoms(self, node: Node) -> Node:
        """The condition with a name in the place of each largest part that asks about one side."""
        if _side_of(node) is not None:
            return self._atom(node)
        parts = inside(node)
        if not parts:
            return node
        return replace(node, parts=tuple(map(self._with_atoms, parts)))  # type: ignore[call-arg]

    def _atom(self, node: Node) -> OutcomeIn:
        if node not in self.atoms:
            self.atoms[node] = OutcomeIn(node.place, f"part {len(self.atoms)}", ("holds",))
        return self.atoms[node]

    def _side(self, supports: bool, plain: bool) -> tuple[Shown, ...]:
        own = {node: name for node, name in self.atoms.items() if _side_of(node) is supports}
        every = dict.fromkeys(leaf for node in own for leaf in leaves(node))
        sought = tuple(leaf for leaf in every if isinstance(leaf, Sought))
        given = {leaf: asked(leaf, self.facts) for leaf in every if _is_given(leaf)}
        side = _Side(self.pack, self.group, sought, self.decides, self.beside)
        found: dict[tuple[Verdict, ...], Shown] = {}
        for chain in side.plain_chains() if plain else side.chains():
            by_leaf: dict[Node, Verdict] = {
                leaf: side.verdict(chain, place) for place, leaf in enumerate(sought)
            }
            by_leaf |= given
            verdicts: dict[Node, Verdict] = {
                name: combined(node, by_leaf.__getitem__) for node, name in own.items()
            }
            key, shown = tuple(verdicts.values()), side.shown(chain, verdicts)
            if key not in found or shown.cost < found[key].cost:
                found[key] = shown
        return tuple(sorted(found.values(), key=lambda shown: shown.cost))


class _Side:
    """What records that speak for something, or against it, can show of what is sought."""

    def __init__(
        self,
        pack: Pack,
        group: Group,
        sought: tuple[Sought, ...],
        decides: Standing,
        beside: Standing | None,
    ) -> None:
        self.group, self.sought, self.decides, self.beside = group, sought, decides, beside
        topics = [alike[0] for alike in alike_topics(group)]
        told = telling(pack, topics, sought) if sought else {}
        self.plain, every = unions(0, told)
        self.maybe, every_open = unions(0, {**told, **opened(pack, topics, sought)})
        if not every or not every_open:
            raise TooMany("evidence on a criterion can show more than can be looked at")
        if sought and decides.role != "deciding" and beside is not None:
            raise TooMany("no kind of evidence decides, so that every combination would matter")

    def plain_chains(self) -> Iterator[Chain]:
        """The chains of evidence that decides, where nothing is open."""
        for mask in self.plain:
            yield mask, mask, mask

    def chains(self) -> Iterator[Chain]:
        """Every chain."""
        number = 0
        within = self._within(list(self.plain))
        perhaps = self._within(self._perhaps)
        for surely in self.plain:
            for at_all in within[surely] if self.beside is not None else [surely]:
                for maybe in perhaps[at_all]:
                    number += 1
                    if number > MOST_CHAINS:
                        raise TooMany("evidence on a criterion has too many states to look at")
                    yield surely, at_all, maybe

    def _within(self, masks: Sequence[int]) -> Mapping[int, list[int]]:
        """For each mask that can be shown, those of some masks that hold it."""
        return {inner: [m for m in masks if m & inner == inner] for inner in self.plain}

    @cached_property
    def _open(self) -> tuple[int, ...]:
        """What is asked of topics that were not searched, for each choice of these."""
        classes = alike_topics(self.group)
        found: dict[int, None] = {}
        for number in range(len(classes) + 1):
            for chosen in combinations(classes, number):
                topics = {topic for among in chosen for topic in among}
                asks = (n for n, node in enumerate(self.sought) if topics & set(node.topics))
                found.setdefault(sum(1 << n for n in asks))
        return tuple(found)

    @cached_property
    def _perhaps(self) -> list[int]:
        """What may be shown: what open records may, and all that is asked where none searched."""
        return list({mask | open_: None for mask in self.maybe for open_ in self._open})

    def verdict(self, chain: Chain, place: int) -> Verdict:
        """What the condition at a place of `sought` comes to."""
        surely, at_all, maybe = chain
        if surely >> place & 1:
            return Verdict(True, frozenset({frozenset({self.decides})}))
        if at_all >> place & 1 and self.beside is not None:
            return Verdict(True, frozenset({frozenset({self.beside})}))
        return UNKNOWN if maybe >> place & 1 else FALSE

    def shown(self, chain: Chain, verdicts: Mapping[Node, Verdict]) -> Shown:
        """What a chain shows, with the fewest observations that do."""
        surely, at_all, maybe = chain
        first = self.plain[surely]
        beside = self.plain[at_all] if at_all != surely else ()
        none_searched = at_all | self._open[-1]
        open_ = 0 if maybe == at_all else _UNSEARCHED if maybe == none_searched else UNWRITABLE
        cost = len(first) + 2 * len(beside) + open_
        searched = None if none_searched == at_all else maybe == at_all
        return Shown(verdicts, cost, first, beside, searched)


def _side_of(node: Node) -> bool | None:
    """Whether all that evidence shows a condition is for something, or against it; None if neither."""
    asks = [leaf for leaf in leaves(node) if not _is_given(leaf)]
    sides = {leaf.supports if isinstance(leaf, Sought) else None for leaf in asks}
    return sides.pop() if len(sides) == 1 else None


def _is_given(leaf: Node) -> bool:
    """Whether what a leaf asks about is known before evidence is looked at."""
    return isinstance(leaf, Compared) or (isinstance(leaf, Count) and leaf.counted == "previous")


def standings_of(pack: Pack) -> tuple[Standing, Standing | None]:
    """The kind of record that decides, and the other kind where conditions see it."""
    roles = Roles(pack)
    first = deciding(pack)
    others = [s for s in (roles.of("fieldwork"), roles.of("file-review")) if s != first]
    seen = [s for s in others if s.role in MATCHED_ROLES]
    return first, seen[0] if seen else None
