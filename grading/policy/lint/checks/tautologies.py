"""L108: a condition that always holds."""

from __future__ import annotations

from collections.abc import Iterator

from grading.policy.lint.implied import always
from grading.policy.lint.subject import Subject, every_node
from grading.problems import Place, Problem


def tautologies(subject: Subject) -> Iterator[Problem]:
    """The conditions that hold of every inspection, in every rule that they serve."""
    for written in subject.written:
        found: dict[Place, list[str]] = {}
        for rule in written.rules:
            reasons = {
                node.place: why
                for node in every_node(rule.body)
                if (why := always(subject.pack, node))
            }
            for place, why in reasons.items():
                found.setdefault(place, []).append(why)
        for place, reasons_of in found.items():
            if len(reasons_of) == len(written.rules):
                message = f"this condition always holds: {reasons_of[0]}"
                yield Problem(place, "L108", message, "correct it, or take it out")
