"""What a rule pack means, as one digest: equal for packs that grade alike by the way they are written.

Texts, sources, places and the order of keys are no part of it; what decides a value, an outcome, a
finding, a limit or a grade is.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from grading.rules.loaded import Pack
from grading.rules.rule import Node

_TEXTS = frozenset({"title", "cite", "says", "caveats", "basis", "because"})


def meaning(pack: Pack) -> str:
    """The digest of what a pack means, as its history has it."""
    text = json.dumps(means(pack), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return f"sha256-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def means(pack: Pack) -> dict[str, Any]:
    """Everything of a pack that decides something, as plain values."""
    manifest = pack.manifest
    policy = manifest.evidence_policy
    return {
        "scale": [list(manifest.scale.grades), sorted(manifest.scale.not_grades)],
        "questions": {
            name: [question.ladder, [*question.sub_questions]]
            for name, question in pack.questions.items()
        },
        "criteria": {
            name: [c.question, c.sub_question, c.written.core, sorted(c.written.topics)]
            for name, c in pack.criteria.items()
        },
        "rules": {name: _plain(rule.body) for name, rule in pack.rules.items()},
        "limiters": {
            owner: {x.id: x.written.at_best for x in limiters}
            for owner, limiters in pack.limiters.items()
        },
        "findings": {name: [f.kind, f.say] for name, f in manifest.findings.items()},
        "roles": dict(policy.roles),
        "needed": sorted(policy.needed),
        "silence": [policy.silence.core, policy.silence.other],
        "coding": {
            scale: list(getattr(manifest.coding, scale))
            for scale in ("extent", "maturity", "effect", "severity")
            if manifest.coding is not None
        },
        "series": _plain(pack.series),
        "indicators": _plain(pack.indicators),
        "bands": _plain(pack.bands),
        "populations": {name: population.bodies for name, population in pack.populations.items()},
        "in force": [manifest.in_force.from_.isoformat(), str(manifest.in_force.to or "")],
    }


def _plain(value: Any) -> Any:
    """A value without texts and places; numbers as they are and not as they are written."""
    if isinstance(value, Node):
        named = {f.name: getattr(value, f.name) for f in fields(value) if f.compare}
        return [type(value).__name__, {name: _plain(inner) for name, inner in named.items()}]
    if isinstance(value, BaseModel):
        return {
            name: _plain(getattr(value, name))
            for name in type(value).model_fields
            if name not in _TEXTS
        }
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    assert not is_dataclass(value)
    return value if isinstance(value, str | int | bool) or value is None else str(value)
