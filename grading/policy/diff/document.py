"""The difference of two packs as a plain document, for JSON."""

from __future__ import annotations

from typing import Any

from grading.policy.diff.difference import Criterion, Difference, Judged, Moved
from grading.policy.proof.document import inspection_document
from grading.rules.loaded import Pack

FORMAT = "grading-diff-1"


def difference_document(found: Difference) -> dict[str, Any]:
    """All of a difference."""
    return {
        "format": FORMAT,
        "before": pack_document(found.before),
        "after": pack_document(found.after),
        "equal": found.equal,
        "not-compared": found.refused or None,
        "judgments": [_judged(one) for one in found.judgments],
        "criteria": [_criterion(one) for one in found.criteria],
        "changes": [
            {"kind": c.kind, "where": list(c.where), "before": c.before, "after": c.after}
            for c in found.changes
        ],
    }


def pack_document(pack: Pack) -> dict[str, str]:
    """Which pack it is."""
    return {"id": pack.manifest.id, "version": pack.manifest.version, "digest": pack.digest}


def _judged(one: Judged) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "meaning": one.meaning,
        "looked-at": one.looked or None,
        "states": one.states,
        "stricter": _moved(one.stricter),
        "laxer": _moved(one.laxer),
        "rungs": [
            {
                "grade": rung.grade,
                "meaning": rung.meaning,
                "before": rung.before,
                "after": rung.after,
                "lost": rung.lost,
                "gained": rung.gained,
            }
            for rung in one.rungs
        ],
    }


def _criterion(one: Criterion) -> dict[str, Any]:
    return {
        "id": one.id,
        "meaning": one.meaning,
        "evidence": one.evidence,
        "stricter": _moved(one.stricter),
        "laxer": _moved(one.laxer),
        "otherwise": _moved(one.other),
    }


def _moved(moved: Moved | None) -> dict[str, Any] | None:
    if moved is None:
        return None
    return {
        "states": moved.states,
        "before": inspection_document(moved.before),
        "after": inspection_document(moved.after),
    }
