"""The run store: a plain folder of records and of a chain of entries, which many may write at once.

    lock                 empty; held by the one process that is writing
    entries/000001.json  what was recorded, in the order in which it was (chain.py): evidence, changes
                         and disputes that a run is the first to take in, then the run; reports
    records/ID.json      the records, each named by the SHA-256 of its bytes; the same run made
                         again is one more entry and no other record
    head.json            the number and digest of the last entry
    unfinished/          what is being written

What always holds, whenever a process is killed or the power fails:

1. A file outside `unfinished` is whole. Each is written and synced there first, and then appears at
   its place in one step.
2. Entries are numbered from 1 without a gap, and each carries the digest of the one before. An entry
   appears by a link, which takes nobody's place: of two writers of one number one is told that it
   exists, finishes the work of the other, and takes the next. So entries are kept apart even where
   locks are not honoured.
3. A record that an entry names is in `records`, or whole in `unfinished`: it is synced there before
   the first entry that names it appears, and is moved after that. So `records` has only what some
   entry names.
4. The head names an entry that is there, and there is a head before there is a second entry.
   Entries after it are those of writers that were cut off, or that are still writing.
5. What a run takes in is entered before it, once for an inspection.

A run is told of (acknowledged) when `append` returns, and a report when `tell` does: then all entries,
record and head are synced. A writer that is cut off leaves one of these, and the next one finishes its
work:

| cut off                            | leaves                                                     |
| ---------------------------------- | ---------------------------------------------------------- |
| before its first entry appears     | the store as it was, and files in `unfinished` that count   |
|                                    | for nothing                                                |
| before its record is moved         | an entry after the head, its record in `unfinished`         |
| before the head is replaced        | an entry after the head, its record in `records`            |
| between two of its entries         | what a run took in, its record, and no entry of the run     |

Nothing is ever changed or deleted, but for the head. That the last entries were taken off, and the
head put back, can be seen only by somebody who noted a head elsewhere. Here is how a store is read;
`appending` writes it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from grading.problems import BadInput, Place, Problem, quoted
from grading.record.chain import (
    LARGEST_ENTRY,
    Entry,
    Head,
    entry_name,
    number_of,
    read_entry,
    read_head,
)
from grading.record.integrity import IntegrityBroken
from grading.record.reading import LARGEST_RECORD
from grading.source import read_content
from grading.source.folder import sha256

LOCK, HEAD = "lock", "head.json"
ENTRIES, RECORDS, UNFINISHED = "entries", "records", "unfinished"
SHORTEST_ID, SHOWN_ID = 4, 12
_VERIFY = "`grading audit verify` says all that was changed"
_RESTORE = "restore it from a copy of the store"


def find(store: Path, name: str) -> str:
    """The id of the run whose id begins so. Raises BadInput where none does, or more than one.

    A record that is still unfinished is found by its whole id.
    """
    check_there(store)
    records = os.listdir(store / RECORDS) if (store / RECORDS).is_dir() else []
    found = sorted(run.removesuffix(".json") for run in records if run.startswith(name))
    place = Place(store.as_posix(), 1)
    if not found and unfinished_record(store, name) is not None:
        return name
    if not found:
        message = f"there is no run {quoted(name)} in the store"
        raise BadInput([Problem(place, "E804", message, "`grading audit log` lists the runs")])
    if len(found) > 1:
        message = f"{quoted(name)} begins the ids of {len(found)} runs"
        raise BadInput([Problem(place, "E805", message, "write more of the id")])
    return found[0]


def content_of(store: Path, run: str) -> bytes:
    """The bytes of a record. Raises IntegrityBroken where they are not those that were written."""
    path = record_path(store, run)
    content, problem = read_content(path, path.as_posix(), LARGEST_RECORD)
    if problem is not None and problem.code == "E101":
        content = unfinished_record(store, run)
        if content is None:
            message = "the record is missing"
            raise broken(path, "A112", message, _RESTORE)
    if content is None or sha256(content) != run:
        raise broken(path, "A111", "the record was changed", _RESTORE)
    return content


def entries_of(store: Path) -> Iterator[Entry]:
    """The entries of the chain, from the first. Raises IntegrityBroken at one that was changed."""
    check_there(store)
    names = os.listdir(store / ENTRIES) if (store / ENTRIES).is_dir() else []
    numbers = [number_of(name) or 0 for name in names]
    return (entry_of(store, number) for number in range(1, max(numbers, default=0) + 1))


def check_there(store: Path) -> None:
    """There is a run store, or what is left of one. Raises BadInput if not."""
    if not any(os.path.lexists(store / name) for name in (ENTRIES, RECORDS, HEAD)):
        hint = "grade an inspection first, or name a store with --store"
        place = Place(store.as_posix(), 1)
        raise BadInput([Problem(place, "E806", "there is no run store here", hint)])


def entry_of(store: Path, number: int) -> Entry:
    """An entry of the chain. Raises IntegrityBroken where it is missing or was changed."""
    path = entry_path(store, number)
    content, problem = read_content(path, path.as_posix(), LARGEST_ENTRY)
    entry = None if content is None else read_entry(content)
    if entry is None:
        missing = problem is not None and problem.code == "E101"
        code = "A121" if missing else "A122"
        message = f"entry {number} is missing" if missing else f"entry {number} was changed"
        raise broken(path, code, message)
    return entry


def head_of_chain(store: Path) -> Head | None:
    """The head; none where there is at most one entry, whose writer may have been cut off."""
    path = store / HEAD
    if not path.exists():
        more_than_one = entry_path(store, 2).exists()
        if more_than_one and not path.exists():  # not made in between by a writer with no lock
            raise broken(path, "A125", "the chain has no head")
        if not more_than_one:
            return None
    content, _ = read_content(path, path.as_posix(), LARGEST_ENTRY)
    head = None if content is None else read_head(content)
    if head is None:
        message = "the head is not written as heads are"
        raise broken(path, "A124", message)
    return head


def unfinished_record(store: Path, run: str) -> bytes | None:
    """The bytes of a record that a writer was cut off from moving to its place."""
    for path in sorted((store / UNFINISHED).glob(f"{run}.*")):
        content, _ = read_content(path, path.as_posix(), LARGEST_RECORD)
        if content is not None and sha256(content) == run:
            return content
    return None


def record_path(store: Path, run: str) -> Path:
    """Where a record is."""
    return store / RECORDS / f"{run}.json"


def entry_path(store: Path, number: int) -> Path:
    """Where an entry is."""
    return store / ENTRIES / entry_name(number)


def draft_path(store: Path, name: str) -> Path:
    """Where something may be written before it is at its place; nobody else writes there."""
    return store / UNFINISHED / f"{name}.{secrets.token_hex(8)}"


def broken(path: Path, code: str, message: str, hint: str = _VERIFY) -> IntegrityBroken:
    """What is raised for a file of a store."""
    return IntegrityBroken([Problem(Place(path.as_posix(), 1), code, message, hint)])
