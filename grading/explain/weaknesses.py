"""The weaknesses that stand against a criterion."""

from __future__ import annotations

from dataclasses import replace

from grading.explain.lacks import records_on, tests_of
from grading.judge.judgments import Concluded
from grading.rules.definition import shows
from grading.rules.rule import Sought, leaves


def against(concluded: Concluded, criterion: str) -> list[str]:
    """The weaknesses that some rule of the criterion looks for, the gravest first."""
    sought = {
        replace(node, unmitigated=False)  # a weakness that is mitigated is still said
        for rule in tests_of(concluded.pack, criterion)
        for node in leaves(rule.body)
        if isinstance(node, Sought) and not node.supports
    }
    found = [
        record
        for record in records_on(concluded, criterion)
        if not record.supports and any(shows(record, node, left_out=False) for node in sought)
    ]
    return [r.id for r in sorted(found, key=lambda r: (-r.levels.get("severity", 0), r.id))]


def holds_back(concluded: Concluded, criterion: str) -> bool:
    """Whether a weakness that some rule of the criterion looks for stands against it."""
    possible = concluded.fired.facts.outcomes[criterion]
    below = bool(possible & {"falls-short", "conflicted"}) and len(possible) < 4
    return below or bool(against(concluded, criterion))
