"""What a change does to past inspections as a plain document, for JSON."""

from __future__ import annotations

from typing import Any

from grading.judge.judgments import Finding
from grading.policy.diff.document import pack_document
from grading.policy.impact.impact import Impact, Impacted, Move
from grading.policy.impact.telling import because, judged_again, owners, untouched

FORMAT = "grading-impact-1"


def impact_document(found: Impact) -> dict[str, Any]:
    """All of an impact."""
    return {
        "format": FORMAT,
        "before": pack_document(found.before),
        "after": pack_document(found.after),
        "inspections": len(found.inspections),
        "moved": len(found.moved),
        "graded-again": sum(not one.untouched for one in found.inspections),
        "untouched": untouched(found),
        "questions-graded-again": judged_again(found)[1],
        "questions-kept": judged_again(found)[0] - judged_again(found)[1],
        "not-read": [{"inspection": label, "problems": list(p)} for label, p in found.unread],
        "matrix": {
            owner: [
                {"before": was, "after": now, "inspections": number}
                for (was, now), number in sorted(found.matrix(owner).items())
            ]
            for owner in owners(found)
        },
        "changed": [_impacted(found, one) for one in found.moved],
    }


def _impacted(found: Impact, one: Impacted) -> dict[str, Any]:
    return {
        "inspection": one.label,
        "body": one.body,
        "as-of": one.as_of,
        "synthetic": one.synthetic,
        "grades": [_move(found, move) for move in one.moves],
        "findings-gained": [_finding(finding) for finding in one.gained],
        "findings-lost": [_finding(finding) for finding in one.lost],
    }


def _move(found: Impact, move: Move) -> dict[str, Any]:
    return {
        "judgment": move.owner,
        "before": list(move.before),
        "after": list(move.after),
        "because": [
            {"place": c.place, "rules": list(c.rules), "now": c.now, "before": c.before}
            for c in move.causes
        ],
        "says": list(because(found, move)),
    }


def _finding(finding: Finding) -> dict[str, str]:
    return {"id": finding.id, "kind": finding.kind, "says": finding.says}
