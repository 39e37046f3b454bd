"""What a run takes in that the chain tells of by itself: evidence, changes of grades, disputes.

The digest of a change or a dispute is that of what people wrote. What a run concludes of it, and the
line on which it stands, is not in it: they may differ from run to run while nobody wrote anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, JsonValue

from grading.record.chain import Entry, EntryKind, EntrySubject
from grading.record.parts import canonical_json
from grading.record.run_record import RunRecord
from grading.source.folder import sha256

_FIELDS: Mapping[EntryKind, str] = {"moderation": "moderation", "challenge": "challenges"}
"""Where a document has what was decided."""
CONCLUDED: Mapping[EntryKind, frozenset[str]] = {
    "moderation": frozenset({"status", "forbidden_by", "says", "place"}),
    "challenge": frozenset({"status", "answer_says", "turns", "place"}),
}
"""What the part of a document says that nobody wrote."""


@dataclass(frozen=True)
class Taken:
    """One thing that a run takes in."""

    kind: EntryKind
    subject: EntrySubject


@dataclass(frozen=True)
class TakenIn:
    """Everything that a run takes in, in the order in which it is entered, and of which inspection."""

    inspection: str
    everything: tuple[Taken, ...]


class _Evidence(BaseModel):
    label: str
    digest: str


class _Inputs(BaseModel):
    evidence: _Evidence


class _Inspection(BaseModel):
    id: str


class _Decision(BaseModel):
    """A change or a dispute, with all that a document says of it."""

    model_config = ConfigDict(extra="allow")
    id: str


class _Document(BaseModel):
    """What matters here of a document; one of a time before there were decisions has none."""

    inspection: _Inspection
    moderation: tuple[_Decision, ...] = ()
    challenges: tuple[_Decision, ...] = ()


class _Record(BaseModel):
    inputs: _Inputs
    document: _Document


def taken_in(content: bytes) -> TakenIn:
    """What the run whose record these bytes are takes in. Raises ValueError where they are none."""
    record = _Record.model_validate_json(content)
    evidence = record.inputs.evidence
    everything = (
        Taken("evidence", EntrySubject(name=evidence.label, sha256=evidence.digest)),
        *(_decided("moderation", part) for part in record.document.moderation),
        *(_decided("challenge", part) for part in record.document.challenges),
    )
    return TakenIn(record.document.inspection.id, everything)


def decision(record: RunRecord, entry: Entry) -> JsonValue:
    """What was written of the change or dispute that an entry is of; null of another entry.

    The digest of the entry is that of its JSON.
    """
    parts = record.document.get(_FIELDS.get(entry.kind, ""))
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, dict) and entry.subject and part.get("id") == entry.subject.name:
            return _written(entry.kind, part)
    return None


def _decided(kind: EntryKind, part: _Decision) -> Taken:
    text = canonical_json(_written(kind, part.model_dump(mode="json")))
    return Taken(kind, EntrySubject(name=part.id, sha256=sha256(text.encode("utf-8"))))


def _written(kind: EntryKind, part: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {key: value for key, value in part.items() if key not in CONCLUDED[kind]}
