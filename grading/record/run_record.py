"""The record of a run: its document, and everything that it was made from.

A record is one JSON value, written in one way only: its bytes are those that `written` gives, and
its id is their SHA-256. It holds the text of every file that the run read, so that the run can be
made again without the folders that it was made from. Files that only enter the digest of a pack
(its cases, its notes) are there by their digests.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from importlib.metadata import version
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from grading.engine.wall import engine_version
from grading.record.document_parts import RunDocument
from grading.record.inputs import Inputs, Named
from grading.record.parts import Part, canonical
from grading.rules.files import digest
from grading.rules.pack import Kind
from grading.source import Folder
from grading.source.folder import sha256

FORM = "1.0"
_LONGEST_LABEL = 1_000
_MOST_FILES = 10_000
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class FilePart(Part):
    """One file; without text where the run did not read it."""

    sha256: Sha256
    text: str | None


class FolderPart(Part):
    """A folder of files, how places name it, and the digest of all of them."""

    label: str = Field(max_length=_LONGEST_LABEL)
    digest: Sha256
    files: dict[str, FilePart] = Field(max_length=_MOST_FILES)


class InputsPart(Part):
    """Everything that the run was made from. The date is the one that it was made as of."""

    as_of: date
    dropped: tuple[Kind, ...]
    evidence: FolderPart
    pack: FolderPart
    table: FolderPart | None
    digest: Sha256


class SoftwarePart(Part):
    """The versions that made the run."""

    inspection_grading: str = Field(max_length=80)
    durable_rules: str = Field(max_length=80)


class RunRecord(Part):
    """The record of one run. The document is kept as it was, whatever documents are like today."""

    record_version: Literal["1.0"]
    software: SoftwarePart
    inputs: InputsPart
    document: dict[str, JsonValue]


def record_of(inputs: Inputs, made: RunDocument) -> RunRecord:
    """The record of the run that these inputs came to, by its document."""
    return RunRecord(
        record_version=FORM,
        software=software(),
        inputs=_inputs(inputs, date.fromisoformat(made.as_of)),
        document=made.model_dump(mode="json"),
    )


@cache
def software() -> SoftwarePart:
    """The versions of what is running."""
    return SoftwarePart(
        inspection_grading=version("inspection-grading"), durable_rules=engine_version()
    )


def written(record: RunRecord) -> bytes:
    """The bytes of a record."""
    return canonical(record).encode("utf-8")


def inputs_of(record: RunRecord) -> Inputs:
    """What the run of a record was made from, as it was read."""
    kept = record.inputs
    return Inputs(
        evidence=_folder(kept.evidence),
        pack=_folder(kept.pack),
        table=None if kept.table is None else _folder(kept.table),
        as_of=kept.as_of,
        dropped=frozenset(kept.dropped),
        named=Named(kept.evidence.label, kept.table.label if kept.table else ""),
    )


def _inputs(inputs: Inputs, as_of: date) -> InputsPart:
    evidence, pack = _part(inputs.evidence), _part(inputs.pack)
    table = None if inputs.table is None else _part(inputs.table)
    dropped = tuple(sorted(inputs.dropped))
    return InputsPart(
        as_of=as_of,
        dropped=dropped,
        evidence=evidence,
        pack=pack,
        table=table,
        digest=digest_of(as_of, dropped, evidence, pack, table),
    )


def _part(folder: Folder) -> FolderPart:
    files = {
        name: FilePart(
            sha256=found,
            text=folder.contents[name].decode("utf-8") if name in folder.contents else None,
        )
        for name, found in folder.digests.items()
    }
    return FolderPart(label=folder.label, digest=digest(folder.digests), files=files)


def _folder(part: FolderPart) -> Folder:
    return Folder(
        part.label,
        tuple(sorted(name for name in part.files if "/" not in name)),
        {n: file.text.encode("utf-8") for n, file in part.files.items() if file.text is not None},
        digests={name: file.sha256 for name, file in part.files.items()},
    )


def digest_of(
    as_of: date,
    dropped: tuple[Kind, ...],
    evidence: FolderPart,
    pack: FolderPart,
    table: FolderPart | None,
) -> str:
    """SHA-256 over everything that can show in a document; labels are only names."""
    folders = [evidence.digest, pack.digest, table.digest if table else None]
    return sha256(json.dumps([as_of.isoformat(), list(dropped), *folders]).encode())
