"""Where the run store is, and what the commands say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from grading.commands.common import Exit
from grading.record.appending import append, tell
from grading.record.chain import Entry, EntrySubject, about
from grading.record.document_parts import RunDocument
from grading.record.inputs import Inputs
from grading.record.integrity import IntegrityBroken
from grading.record.run_record import record_of, written
from grading.record.store import SHOWN_ID
from grading.record.taken import taken_in
from grading.source.folder import sha256

STORE = ".grading"
_NOT_RECORDED = "the run was not recorded"
_ELSEWHERE = "name another folder with --store, or --no-store to keep none"
_NOT_ENTERED = "the report was written and is not in the log"
_NO_ENTRY = "name --no-entry where it need not be"
_F = TypeVar("_F", bound=Callable[..., Any])


def store_option(command: _F) -> _F:
    """`--store DIR`, also as the environment variable GRADING_STORE."""
    option = click.option(
        "--store",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="GRADING_STORE",
        help="The folder of the run store.",
    )
    return option(command)


def store_beside(folder: Path) -> Path:
    """The store of a folder of evidence: beside the nearest `rules` above it, or beside itself."""
    above = folder.resolve().parents
    home = next((p for p in above if (p / "rules").is_dir()), above[0] if above else folder)
    here = Path.cwd()
    return (home.relative_to(here) if home.is_relative_to(here) else home) / STORE


def nearest_store(named: Path | None) -> Path:
    """The store that is named, or the nearest one from the working directory upwards."""
    if named is not None:
        return named
    above = (p / STORE for p in Path.cwd().parents if (p / STORE).is_dir())
    return Path(STORE) if Path(STORE).is_dir() else next(above, Path(STORE))


@dataclass(frozen=True)
class Kept:
    """The id of a run that was kept; or what it failed for, with the exit code that says so."""

    run: str = ""
    failed: Exit | None = None
    why: str = ""


def keep(store: Path, inputs: Inputs, made: RunDocument) -> Kept:
    """The run is in the store, or it is said why not: a grading is told all the same.

    The time of its entries is the one thing that a clock has a part in.
    """
    content = written(record_of(inputs, made))
    taken = taken_in(content)
    try:
        append(store, content, about(made), datetime.now(UTC), taken.everything)
    except (OSError, IntegrityBroken) as error:
        return _failed(error, store, _NOT_RECORDED, _ELSEWHERE)
    return Kept(sha256(content))


def keep_report(store: Path, run: Entry, form: str, content: bytes) -> Kept:
    """A report of a run of the store is in its chain, or it is said why not."""
    subject = EntrySubject(name=form, sha256=sha256(content))
    try:
        tell(store, run, subject, datetime.now(UTC))
    except (OSError, IntegrityBroken) as error:
        return _failed(error, store, _NOT_ENTERED, _NO_ENTRY)
    return Kept(run.record)


def _failed(error: OSError | IntegrityBroken, store: Path, outcome: str, remedy: str) -> Kept:
    if isinstance(error, IntegrityBroken):
        return Kept(failed=Exit.INTEGRITY_BROKEN, why=f"{error}\n{outcome}")
    why = f"{error.filename or store}: {error.strerror}\n{outcome}; {remedy}"
    return Kept(failed=Exit.REFUSED, why=why)


def shown(run: str) -> str:
    """As much of the id of a run as people are shown."""
    return run[:SHOWN_ID]
