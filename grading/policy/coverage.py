"""What of a pack's rules its cases reach.

Each condition is to be seen true, false and unknown; each threshold just below, at and just above;
each limiter biting and clear; each rung as the one that is reached. That a case reaches something
does not say that it would notice a change of it: that is what mutations are for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Literal

from grading.policy.sides import Threshold, thresholds
from grading.policy.views import Views
from grading.problems import Place
from grading.rules.definition import Verdict, asked, combined
from grading.rules.facts import Facts
from grading.rules.loaded import OVERALL, Pack
from grading.rules.rule import Always, Node, Rule, inside, leaves
from grading.rules.stages import Truth, provisional, rungs

What = Literal["condition", "threshold", "limiter", "rung"]
KINDS: tuple[What, ...] = ("condition", "threshold", "limiter", "rung")
SUB_QUESTIONS = "sub-questions"
_TRUTHS: Mapping[bool | None, str] = {True: "true", False: "false", None: "unknown"}
_BITES: Mapping[bool | None, str] = {True: "bites", False: "clear"}


@dataclass(frozen=True)
class Item:
    """Something of a pack that cases are to reach in each of some ways, and those in which they do.

    `name` tells items of one place apart: the threshold's word, the owner of a limiter or rung.
    """

    kind: What
    place: Place
    name: str
    wanted: tuple[str, ...]
    seen: frozenset[str]

    @property
    def missing(self) -> tuple[str, ...]:
        """The ways in which no case reaches it."""
        return tuple(way for way in self.wanted if way not in self.seen)


@dataclass(frozen=True)
class Coverage:
    """The items of a pack, by kind and place."""

    items: tuple[Item, ...]

    def counted(self, kind: What | None = None) -> tuple[int, int]:
        """How many ways are reached, and how many there are: of one kind, or of all."""
        among = [item for item in self.items if kind in (None, item.kind)]
        every = sum(len(item.wanted) for item in among)
        return every - sum(len(item.missing) for item in among), every

    def missing(self) -> tuple[Item, ...]:
        """The items that are not reached in every way, by place."""
        return tuple(sorted((i for i in self.items if i.missing), key=lambda i: (i.place, i.name)))

    @property
    def percent(self) -> Decimal:
        """The share of ways that is reached, in per cent, rounded down."""
        seen, every = self.counted()
        share = Decimal(100 * seen) / every if every else Decimal(100)
        return share.quantize(Decimal("0.1"), ROUND_FLOOR)


def coverage(seen: Views) -> Coverage:
    """What the inspections of cases reach of the rules of their pack."""
    pack = seen.pack
    settled = _settled(pack, seen)
    found = [
        *_conditions(pack, seen),
        *_thresholds(pack, seen),
        *_limiters(pack, settled),
        *_rungs(pack, settled),
    ]
    return Coverage(tuple(found))


def _conditions(pack: Pack, seen: Views) -> Iterator[Item]:
    truths: dict[tuple[Place, str], set[str]] = {}
    for rule in pack.rules.values():
        nodes = [node for node in every(rule.body) if not isinstance(node, Always)]
        for node in nodes:
            truths.setdefault((node.place, type(node).__name__), set())
        for alike in seen.alike(rule):
            by_leaf = _by_leaf(rule, alike.facts)
            for node in nodes:
                truth = combined(node, by_leaf.__getitem__).truth
                truths[node.place, type(node).__name__].add(_TRUTHS[truth])
    for (place, _), reached in truths.items():
        yield Item("condition", place, "", tuple(_TRUTHS.values()), frozenset(reached))


def _by_leaf(rule: Rule, facts: Facts) -> dict[Node, Verdict]:
    return {leaf: asked(leaf, facts) for leaf in leaves(rule.body)}


def _thresholds(pack: Pack, seen: Views) -> Iterator[Item]:
    wanted: dict[tuple[Place, str], dict[str, None]] = {}
    reached: dict[tuple[Place, str], set[str]] = {}
    for rule in pack.rules.values():
        for node in every(rule.body):
            for threshold in thresholds(pack, node):
                key = node.place, threshold.word
                wanted.setdefault(key, {}).update(dict.fromkeys(threshold.sides))
                sides = reached.setdefault(key, set())
                for alike in seen.alike(rule):
                    sides |= _sides(threshold, alike.facts)
    for (place, word), there in wanted.items():
        yield Item("threshold", place, word, tuple(there), frozenset(reached[place, word]))


def _sides(threshold: Threshold, facts: Facts) -> set[str]:
    return {side for side in threshold.seen(facts) if side in threshold.sides}


def _limiters(pack: Pack, settled: list[Mapping[str, Truth]]) -> Iterator[Item]:
    for owner, placed in pack.limiters.items():
        for limiter in placed:
            seen = {_BITES.get(truths[limiter.rule], "") for truths in settled if owner in truths}
            yield Item("limiter", limiter.place, owner, tuple(_BITES.values()), frozenset(seen))


def _rungs(pack: Pack, settled: list[Mapping[str, Truth]]) -> Iterator[Item]:
    """The rungs of each question and of the overall judgment, and those of sub-questions together."""
    own = (*pack.graded, OVERALL)
    subs = dict.fromkeys(c.sub_question for c in pack.criteria.values())
    owners = [(owner, (owner,)) for owner in own]
    for name, among in (*owners, (SUB_QUESTIONS, tuple(subs))):
        reached = {
            grade
            for truths in settled
            for owner in among
            if owner in truths and rungs(pack, owner)
            for grade in _one(provisional(pack, owner, truths))
        }
        for grade in next((rungs(pack, owner) for owner in among if rungs(pack, owner)), ()):
            rule = next(pack.rules[f"{o}.{grade}"] for o in among if f"{o}.{grade}" in pack.rules)
            seen = frozenset({grade} & reached)
            yield Item("rung", rule.place, f"{grade} of {name}", (grade,), seen)


def _one(grades: frozenset[str]) -> frozenset[str]:
    return grades if len(grades) == 1 else frozenset()


def _settled(pack: Pack, seen: Views) -> list[Mapping[str, Truth]]:
    """The truths of the rules of ladders in each case, and the owners that are graded by them."""
    found: list[dict[str, Truth]] = [{} for _ in seen.start]
    for rule in pack.rules.values():
        if rule.stage in ("criteria", "findings"):
            continue
        for alike in seen.alike(rule):
            truth = combined(rule.body, _by_leaf(rule, alike.facts).__getitem__).settled
            for number in alike.numbers:
                found[number][rule.id] = truth
    for number, facts in enumerate(seen.start):
        owners = {rule.owner for rule in pack.rules.values()} - facts.judgments.keys()
        found[number] |= dict.fromkeys(owners, None)
    return list(found)


def every(node: Node) -> Iterator[Node]:
    """A node and all inside it, in the order written."""
    yield node
    for part in inside(node):
        yield from every(part)
