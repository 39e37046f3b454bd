"""Whether the rules of two packs are the same, as far as one judgment or some criteria rest on them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from grading.derive.standing import Roles
from grading.judge.groups import Group
from grading.policy.proof.relevance import criteria_of
from grading.policy.proof.sides import Side
from grading.rules.loaded import Pack
from grading.rules.rule import Compared, leaves


def same_judgment(before: Side, after: Side, owner: str) -> bool:
    """Whether a judgment rests on the same rules, but for the judgments that it counts."""
    return _judgment(before, owner) == _judgment(after, owner)


def same_criteria(before: Side, after: Side, one: Group, other: Group) -> bool:
    """Whether the criteria of two groups rest on the same rules."""
    return _criteria(before, one.criteria) == _criteria(after, other.criteria)


def _judgment(side: Side, owner: str) -> tuple[Hashable, ...]:
    pack = side.pack
    caps = [(x.id, x.written.at_best) for x in pack.limiters.get(owner, ())]
    asked = criteria_of(pack, owner)
    return (tuple(caps), tuple(_rules(side, [owner])), _criteria(side, asked or pack.criteria))


def _criteria(side: Side, criteria: Iterable[str]) -> tuple[Hashable, ...]:
    pack = side.pack
    among = list(criteria)
    return (
        _policy(pack),
        tuple(
            (c, pack.criteria[c].written.core, tuple(pack.criteria[c].written.topics))
            for c in among
        ),
        tuple(_rules(side, among)),
        tuple((name, rule.kind) for name, rule in pack.manifest.findings.items()),
    )


def _rules(side: Side, owners: Iterable[str]) -> Iterator[Hashable]:
    """The rules of these, with the names among all sides of the figures that they ask about, and
    what the figures may do."""
    among, pack = frozenset(owners), side.pack
    roles = Roles(pack)
    for rule in pack.rules.values():
        if rule.owner in among:
            asked = (leaf for leaf in leaves(rule.body) if isinstance(leaf, Compared))
            yield (
                rule,
                tuple(
                    (side.names[name], roles.of_indicator(pack.indicators[name]))
                    for name in (leaf.indicator for leaf in asked)
                ),
            )


def _policy(pack: Pack) -> Hashable:
    return _roles(pack), _silence(pack)


def _roles(pack: Pack) -> Hashable:
    policy = pack.manifest.evidence_policy
    return tuple(sorted(policy.roles.items())), policy.needed


def _silence(pack: Pack) -> Hashable:
    silence = pack.manifest.evidence_policy.silence
    return silence.core, silence.other


def on_one_ground(before: Side, after: Side) -> bool:
    """Whether evidence comes to the same facts under two packs, on criteria and grades of one name.

    They may still differ in their rules, their limiters, and in what silence means.
    """
    return _ground(before) == _ground(after)


def _ground(side: Side) -> tuple[Hashable, ...]:
    pack = side.pack
    coding = pack.manifest.coding
    return (
        _roles(pack),
        pack.grades,
        str(pack.manifest.in_force),
        str({} if coding is None else {s: list(found) for s, found in coding.model_dump().items()}),
        tuple(
            (c.id, c.question, c.sub_question, c.written.core, tuple(c.written.topics))
            for c in pack.criteria.values()
        ),
        tuple(side.names.items()),
        tuple((name, Roles(pack).of_indicator(one)) for name, one in pack.indicators.items()),
        tuple(pack.topics.items()),
    )
