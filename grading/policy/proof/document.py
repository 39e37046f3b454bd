"""A proof as a plain document, for JSON: the certificate of a pack, with what it does not say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grading.judge.states import State
from grading.policy.proof.claims import Claim, Failure, Inspection, Proof, Proved, Said
from grading.policy.proof.known import Known
from grading.policy.proof.telling import failure
from grading.rules.loaded import Pack

FORMAT = "grading-proof-1"


def proof_document(pack: Pack, proof: Proof) -> dict[str, Any]:
    """All of a proof."""
    return {
        "format": FORMAT,
        "pack": {"id": proof.pack, "version": proof.version, "digest": proof.digest},
        "proved": not proof.failures and not proof.unseen,
        "judgments": [_proved(pack, one) for one in proof.judgments],
        "criteria": [_proved(pack, one) for one in proof.criteria],
        "words": _claim(pack, "", proof.words),
        "not-looked-at": [one.id for one in proof.unseen],
        "figures-without-direction": list(proof.unordered),
    }


def inspection_document(shown: Inspection) -> dict[str, Any]:
    """An inspection that shows something."""
    found: dict[str, dict[str, Any]] = {
        "criteria": {},
        "figures": {},
        "earlier": {},
        "judgments": {},
    }
    for said in shown.found:
        for kind, parts in _said(said).items():
            found[kind].update(parts)
    return {**{kind: parts for kind, parts in found.items() if parts}, "grade": shown.grade or None}


def _proved(pack: Pack, one: Proved) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "looked-at": one.how,
        "states": one.states,
        "grades": dict(one.grades),
        "judgments-free-of-each-other": one.free,
        "claims": [_claim(pack, one.id, claim) for claim in one.claims],
    }


def _claim(pack: Pack, owner: str, claim: Claim) -> dict[str, Any]:
    return {
        "claim": claim.name,
        "holds": not claim.failures,
        "cases": claim.looked_at,
        "failures": [_failure(pack, owner, failed) for failed in claim.failures],
    }


def _failure(pack: Pack, owner: str, failed: Failure) -> dict[str, Any]:
    return {
        "about": failed.about,
        "kind": failed.kind,
        "beside": failed.beside,
        "why": failed.why,
        "cases": failed.states,
        "says": failure(pack, owner, failed),
        "inspections": [inspection_document(shown) for shown in failed.inspections],
    }


def _said(said: Said) -> Mapping[str, Mapping[str, Any]]:
    match said.to:
        case Known(figures=figures, items=items):
            return {
                "figures": {figure.id: _plain(amount) for figure, amount in figures},
                "earlier": {
                    f"{kind} {status}": [t for t, k, s in items if (k, s) == (kind, status)]
                    for _, kind, status in items
                },
            }
        case (State() as state, *_):
            outcomes = zip(said.variable.names, state.outcomes, strict=False)
            return {"criteria": {name: " or ".join(sorted(to)) for name, to in outcomes}}
        case (str(grade), *_):
            return {"judgments": dict.fromkeys(said.variable.names, grade)}
        case _:
            return {}


def _plain(amount: object) -> str | None:
    return None if amount is None else str(amount)
