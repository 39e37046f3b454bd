"""Criteria that are judged together, and what their rules and later stages see of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from grading.judge.connected import connected
from grading.rules.loaded import Pack
from grading.rules.rule import (
    All,
    Any,
    Compared,
    Count,
    No,
    Node,
    OutcomeIn,
    Rule,
    Some,
    Sought,
    leaves,
)


@dataclass(frozen=True)
class Group:
    """Criteria of which the rules of each see the evidence or the outcomes of others: mostly one.

    Two groups of a pack are the same if their criteria are.
    `sought` is what those rules seek on the topics of the group; `later` is what ladders seek on
    them, each condition with the topics of the group alone.
    """

    criteria: tuple[str, ...]
    topics: tuple[str, ...] = field(compare=False)
    outcome_rules: tuple[Rule, ...] = field(compare=False)
    finding_rules: tuple[Rule, ...] = field(compare=False)
    sought: tuple[Sought, ...] = field(compare=False)
    later: tuple[Sought, ...] = field(compare=False)

    @cached_property
    def every(self) -> tuple[Sought, ...]:
        """All that is sought on the topics of the group, each once."""
        return tuple(dict.fromkeys((*self.sought, *self.later)))

    @cached_property
    def compared(self) -> tuple[Compared, ...]:
        """The comparisons of figures that the rules of the group ask about, each once."""
        return tuple(dict.fromkeys(leaf for leaf in self._asks() if isinstance(leaf, Compared)))

    @cached_property
    def indicators(self) -> frozenset[str]:
        """The indicators that the rules of the group ask about."""
        return frozenset(leaf.indicator for leaf in self.compared)

    @cached_property
    def earlier(self) -> tuple[Count, ...]:
        """The counts of earlier findings that the rules of the group ask about, each once."""
        counts = (leaf for leaf in self._asks() if isinstance(leaf, Count))
        return tuple(dict.fromkeys(c for c in counts if c.counted == "previous"))

    def _asks(self) -> Iterator[Node]:
        for rule in (*self.outcome_rules, *self.finding_rules):
            yield from leaves(rule.body)


def groups(pack: Pack) -> tuple[Group, ...]:
    """Every criterion of a pack, in one group, in order."""
    rules, ladders = _rules(pack)

    def sees(criterion: str) -> Iterator[Hashable]:
        yield ("criterion", criterion)
        yield from (("topic", topic) for topic in pack.criteria[criterion].written.topics)
        for rule in rules[criterion]:
            for leaf in leaves(rule.body):
                yield from _sees(leaf)

    return tuple(
        _group(pack, members, [rule for c in members for rule in rules[c]], ladders)
        for members in connected(pack.criteria, sees)
    )


def group_of(pack: Pack, criteria: Iterable[str]) -> Group:
    """These criteria in one group, whether or not their rules see anything of each other."""
    rules, ladders = _rules(pack)
    members = tuple(criteria)
    return _group(pack, members, [rule for c in members for rule in rules[c]], ladders)


def restricted(sought: Sought, topics: Iterable[str]) -> Sought:
    """What is sought, on these of its topics alone."""
    among = frozenset(topics)
    return replace(sought, topics=tuple(topic for topic in sought.topics if topic in among))


def shape(pack: Pack, group: Group, within: Group | None = None) -> Hashable:
    """What the group's states depend on: equal for groups whose rules differ in names alone.

    Topics and criteria are told by their places in the group, or in one that it stands in.
    """
    named = within or group
    topics = {t: f"topic {n}" for n, alike in enumerate(alike_topics(named)) for t in alike}
    criteria = {criterion: f"criterion {n}" for n, criterion in enumerate(named.criteria)}
    return (
        tuple(pack.criteria[c].written.core for c in group.criteria),
        tuple(
            (criteria[rule.owner], rule.name, _renamed(rule.body, topics, criteria))
            for rule in (*group.outcome_rules, *group.finding_rules)
        ),
        tuple(_renamed(node, topics, criteria) for node in group.later),
    )


def alike_topics(group: Group) -> tuple[tuple[str, ...], ...]:
    """The topics of a group in sets of those that every condition treats alike."""
    sought = group.every
    alike: dict[tuple[bool, ...], list[str]] = {}
    for topic in group.topics:
        alike.setdefault(tuple(topic in node.topics for node in sought), []).append(topic)
    return tuple(map(tuple, alike.values()))


def _rules(pack: Pack) -> tuple[dict[str, list[Rule]], list[Sought]]:
    """The rules of each criterion, and what ladders seek."""
    rules: dict[str, list[Rule]] = {criterion: [] for criterion in pack.criteria}
    ladders: list[Sought] = []
    for rule in pack.rules.values():
        if rule.stage in ("criteria", "findings"):
            rules[rule.owner].append(rule)
        else:
            ladders += (leaf for leaf in leaves(rule.body) if isinstance(leaf, Sought))
    return rules, ladders


def _group(pack: Pack, members: tuple[str, ...], rules: list[Rule], ladders: list[Sought]) -> Group:
    topics = tuple(t for c in members for t in pack.criteria[c].written.topics)
    own = (leaf for rule in rules for leaf in leaves(rule.body) if isinstance(leaf, Sought))
    later = (restricted(node, topics) for node in ladders)
    return Group(
        criteria=members,
        topics=topics,
        outcome_rules=tuple(rule for rule in rules if rule.stage == "criteria"),
        finding_rules=tuple(rule for rule in rules if rule.stage == "findings"),
        sought=tuple(dict.fromkeys(own)),
        later=tuple(dict.fromkeys(node for node in later if node.topics)),
    )


def _sees(leaf: Node) -> Iterator[Hashable]:
    """What of the criteria a condition on one of them sees."""
    match leaf:
        case Sought(topics=topics):
            yield from (("topic", topic) for topic in topics)
        case OutcomeIn(criterion=criterion):
            yield ("criterion", criterion)
        case Count(counted="outcomes", members=members):
            yield from (("criterion", member) for member in members)
        case _:
            return


def _renamed(node: Node, topics: Mapping[str, str], criteria: Mapping[str, str]) -> Node:
    """The condition with other names for topics and criteria; topics of one name are one."""
    match node:
        case All(parts=parts) | Any(parts=parts) | No(parts=parts) | Some(parts=parts):
            return replace(node, parts=tuple(_renamed(part, topics, criteria) for part in parts))
        case Sought(topics=sought):
            return replace(node, topics=tuple(dict.fromkeys(topics[topic] for topic in sought)))
        case OutcomeIn(criterion=criterion):
            return replace(node, criterion=criteria[criterion])
        case Count(counted="outcomes", members=members):
            return replace(node, members=tuple(criteria[member] for member in members))
        case _:
            return node
