"""L106: a condition that a wider one beside it makes needless."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from grading.derive.standing import Roles
from grading.policy.lint.implied import implies
from grading.policy.lint.subject import Subject, every_node
from grading.policy.lint.written import Written
from grading.problems import Place, Problem
from grading.rules.facts import MATCHED_ROLES, Standing, Way, sound
from grading.rules.loaded import Pack
from grading.rules.rule import All, Any, Compared, No, Node, Some, Sought, inside, leaves


def shadowed(subject: Subject) -> Iterator[Problem]:
    """The parts of conditions that can be left out, because another part says as much or more."""
    for written in subject.written:
        yield from _in(subject.pack, written)


def _in(pack: Pack, written: Written) -> Iterator[Problem]:
    every: dict[Place, list[tuple[Node, Node]]] = {}
    for number, rule in enumerate(written.rules):
        found = {part.place: (part, by) for part, by in needless(pack, rule.body)}
        for place, pair in found.items():
            if number == 0:
                every[place] = [pair]
            elif place in every:
                every[place].append(pair)
    for place, pairs in every.items():
        if len(pairs) == len(written.rules):
            part, by = pairs[0]
            where = f"line {by.place.line}, column {by.place.column}"
            alike = "says the same" if part == by else "already says as much"
            message = f"this condition makes no difference: the one at {where} {alike}"
            yield Problem(place, "L106", message, "take it out, or correct one of the two")


def needless(pack: Pack, body: Node) -> Iterator[tuple[Node, Node]]:
    """Each needless part, and the part beside it for which it is needless."""
    for node in every_node(body):
        if not isinstance(node, All | Any | No):
            continue
        parts = inside(node)
        for n, part in enumerate(parts):
            for m, other in enumerate(parts):
                if n == m or (part == other and n < m):
                    continue
                narrow, wide = (other, part) if isinstance(node, All) else (part, other)
                # of two that imply each other, the later one is needless
                both = implies(pack, narrow, wide) and implies(pack, wide, narrow)
                if (
                    implies(pack, narrow, wide)
                    and (not both or n > m)
                    and (
                        _alike(pack, part, other)
                        or (not isinstance(node, All) and _as_sound(pack, part, other))
                    )
                ):
                    yield part, other
                    break


def _alike(pack: Pack, part: Node, other: Node) -> bool:
    """Whether leaving one out takes no evidence away on whose roles a conclusion could rest."""
    return all(_weightless(pack, leaf) for node in (part, other) for leaf in leaves(node)) or (
        isinstance(part, Compared) and isinstance(other, Compared)
    )


def _as_sound(pack: Pack, narrow: Node, wide: Node) -> bool:
    """Whether one leaf suffices wherever what asks for it and more does, by the roles of evidence.

    The record that shows the narrower condition shows the wider one too. With two conditions in
    `all` that need not be so, since another record of another kind may show the wider one.
    """
    parts = narrow.parts if isinstance(narrow, All) else (narrow,)
    if inside(wide) or any(map(inside, parts)):
        return False
    same = next((part for part in parts if implies(pack, part, wide)), None)
    if same is None:
        return False
    rest = [_standings(pack, part) for part in parts if part is not same]
    return all(
        sound(own) or not sound(own.union(*others))
        for own in _standings(pack, same)
        for others in product(*rest)
    )


def _standings(pack: Pack, leaf: Node) -> list[Way]:
    """The kinds of evidence that may show a leaf, each with its role."""
    match leaf:
        case Sought():
            policy = pack.manifest.evidence_policy.roles
            kinds = [(kind, policy.get(kind)) for kind in ("fieldwork", "file-review")]
            return [
                frozenset({Standing(kind, role)}) for kind, role in kinds if role in MATCHED_ROLES
            ]
        case Compared(indicator=name) if pack.indicators[name].method == "survey":
            samples = pack.manifest.evidence_policy.roles.items()
            return [
                frozenset({Standing("survey", role)})
                for kind, role in samples
                if kind.startswith("survey/") and role in MATCHED_ROLES
            ]
        case Compared(indicator=name):
            return [Roles(pack).of_indicator(pack.indicators[name])]
        case _:
            return [frozenset()]


def _weightless(pack: Pack, leaf: Node) -> bool:
    policy = pack.manifest.evidence_policy.roles
    match leaf:
        case Sought():
            kinds = [policy.get(kind, "context-only") for kind in ("fieldwork", "file-review")]
            roles = [role for role in kinds if role in MATCHED_ROLES]
            return len(roles) <= 1 or set(roles) == {"deciding"}
        case Compared(indicator=name):
            series = pack.indicators[name].series
            return bool(series) and all(pack.series[s].role == "deciding" for s in series)
        case _:
            return not isinstance(leaf, Some)
