"""What the JSON documents of this program have in common: their base and how they are written."""

from __future__ import annotations

import json

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A part of a document: frozen, and without a key that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def canonical(document: Part) -> str:
    """The document as JSON with sorted keys, one value a line, and a newline at the end."""
    return canonical_json(document.model_dump(mode="json"))


def canonical_json(data: object) -> str:
    """A JSON value as `canonical` writes it."""
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"
