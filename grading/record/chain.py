"""The entries of a run store: each names a record and carries the digest of the entry before.

| kind       | is entered                                   | its subject: a name and SHA-256        |
| ---------- | -------------------------------------------- | -------------------------------------- |
| evidence   | before the first run of an inspection that   | how the run names the folder, and the  |
|            | takes in evidence of these bytes             | digest of its files                    |
| moderation | before the first run that takes in this      | its id, and the digest of what was     |
|            | change of a grade as it is written           | written                                |
| challenge  | before the first run that takes in this      | its id, and the digest of what was     |
|            | dispute, and its answer, as they are written | written                                |
| run        | for every run                                | none, for the record is that           |
| report     | after the file of a report was written       | its format, and the digest of its file |

Every entry names the record of the run that it was entered for. Entries and head also carry the
digest of themselves, so that a changed byte is laid to the file that it is in and not to its
neighbour. Entries of the form 1.0 are of runs alone, and have no subject.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self, TypeVar

from pydantic import Field, ValidationError, model_validator

from grading.record.document_parts import RunDocument
from grading.record.parts import Part, canonical_json
from grading.record.run_record import Sha256
from grading.source.folder import sha256

P = TypeVar("P", "Entry", "Head")
EntryKind = Literal["evidence", "run", "moderation", "challenge", "report"]
LARGEST_ENTRY = 64 * 1024
_UNSEALED = "0" * 64
_DIGEST = b'\n "digest": "'


class About(Part):
    """What a run was about, for those who look for it in the log."""

    inspection: str
    body: str
    pack: str
    pack_version: str
    as_of: str


class EntrySubject(Part):
    """What an entry is of, other than the record that it names."""

    name: str
    sha256: Sha256


class Entry(Part):
    """One entry. `previous` and `digest` are SHA-256; the first entry has none before it."""

    form: Literal["1.0", "1.1"] = "1.1"
    number: int = Field(ge=1)
    previous: Sha256 | None
    at: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")
    kind: EntryKind = "run"
    record: Sha256
    subject: EntrySubject | None = None
    about: About
    digest: Sha256 = _UNSEALED

    @model_validator(mode="after")
    def _all_but_a_run_have_a_subject(self) -> Self:
        if (self.subject is None) != (self.kind == "run"):
            raise ValueError("every entry has a `subject`, but for one of a run")
        if self.form == "1.0" and self.kind != "run":
            raise ValueError("an entry of the form 1.0 is of a run")
        return self


class Head(Part):
    """The number and digest of the last entry."""

    form: Literal["1.0"] = "1.0"
    number: int = Field(ge=1)
    entry: Sha256
    digest: Sha256 = _UNSEALED


@dataclass(frozen=True)
class Last:
    """Where a chain ends; number 0 where it has no entry."""

    number: int
    digest: str | None


def about(made: RunDocument) -> About:
    """What a run was about."""
    return About(
        inspection=made.inspection.id,
        body=made.inspection.body_name,
        pack=made.pack.id,
        pack_version=made.pack.version,
        as_of=made.as_of,
    )


def sealed(part: P) -> P:
    """The entry or head with the digest of everything else in it."""
    return part.model_copy(update={"digest": _digest(bytes_of(part))})


def bytes_of(part: Entry | Head) -> bytes:
    """The bytes of an entry or a head."""
    data = part.model_dump(mode="json")
    if part.form == "1.0":  # whose entries are of runs alone
        data.pop("subject", None)
    return canonical_json(data).encode("utf-8")


def read_entry(content: bytes) -> Entry | None:
    """The entry that the bytes are; nothing where they are none, or are not as it was written."""
    return _read(Entry, content)


def read_head(content: bytes) -> Head | None:
    """The head that the bytes are; nothing where they are none, or are not as it was written."""
    return _read(Head, content)


def entry_name(number: int) -> str:
    """The name of the file of an entry."""
    return f"{number:06}.json"


def number_of(name: str) -> int | None:
    """The number of the entry whose file has this name; nothing for another name."""
    stem = name.removesuffix(".json")
    number = int(stem) if stem.isascii() and stem.isdecimal() and len(stem) < 18 else 0
    return number if number and entry_name(number) == name else None


def head_of(entry: Entry) -> Head:
    """The head of a chain that ends with this entry."""
    return sealed(Head(number=entry.number, entry=entry.digest))


def _digest(content: bytes) -> str:
    """SHA-256 of an entry or a head with zeros for its own digest, which stands on one line of it."""
    start = content.index(_DIGEST) + len(_DIGEST)
    return sha256(content[:start] + _UNSEALED.encode() + content[start + len(_UNSEALED) :])


def _read(model: type[P], content: bytes) -> P | None:
    try:
        part = model.model_validate_json(content)
    except ValidationError:
        return None
    return part if bytes_of(part) == content and part.digest == _digest(content) else None
