"""The entries of a run store: each names a record and carries the digest of the entry before.

Entries and head also carry the digest of themselves, so that a changed byte is laid to the file
that it is in and not to its neighbour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar

from pydantic import Field, ValidationError

from grading.record.document import RunDocument
from grading.record.parts import Part, canonical
from grading.record.run_record import Sha256
from grading.source.folder import sha256

P = TypeVar("P", "Entry", "Head")
LARGEST_ENTRY = 64 * 1024
_UNSEALED = "0" * 64


class About(Part):
    """What a run was about, for those who look for it in the log."""

    inspection: str
    body: str
    pack: str
    pack_version: str
    as_of: str


class Entry(Part):
    """One entry. `previous` and `digest` are SHA-256; the first entry has none before it."""

    form: Literal["1.0"] = "1.0"
    number: int = Field(ge=1)
    previous: Sha256 | None
    at: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")
    kind: Literal["run"] = "run"
    record: Sha256
    about: About
    digest: Sha256 = _UNSEALED


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
    return part.model_copy(update={"digest": _digest(part)})


def bytes_of(part: Entry | Head) -> bytes:
    """The bytes of an entry or a head."""
    return canonical(part).encode("utf-8")


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


def _digest(part: Entry | Head) -> str:
    return sha256(bytes_of(part.model_copy(update={"digest": _UNSEALED})))


def _read(model: type[P], content: bytes) -> P | None:
    try:
        part = model.model_validate_json(content)
    except ValidationError:
        return None
    return part if bytes_of(part) == content and part.digest == _digest(part) else None
