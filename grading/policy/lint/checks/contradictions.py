"""L107: a condition that can never hold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from grading.policy.lint.implied import excludes, never
from grading.policy.lint.subject import Subject, every_node
from grading.problems import Place, Problem
from grading.rules.loaded import Pack
from grading.rules.rule import All, Node, inside


def contradictions(subject: Subject) -> Iterator[Problem]:
    """The conditions that hold of no inspection, in every rule that they serve."""
    for written in subject.written:
        found: dict[Place, list[str]] = {}
        for rule in written.rules:
            for place, why in dict(_in(subject.pack, rule.body)).items():
                found.setdefault(place, []).append(why)
        for place, reasons in found.items():
            if len(reasons) == len(written.rules):
                message = f"this condition never holds: {reasons[0]}"
                yield Problem(place, "L107", message, "correct it, or take it out")


def _in(pack: Pack, body: Node) -> Iterator[tuple[Place, str]]:
    for node in every_node(body):
        why = never(pack, node)
        if why:
            yield node.place, why
        if isinstance(node, All):
            for one, other in combinations(inside(node), 2):
                if excludes(pack, one, other):
                    at = f"line {one.place.line}, column {one.place.column}"
                    yield other.place, f"it cannot be true together with the one at {at}"
