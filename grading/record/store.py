"""The run store: a plain folder of records and of a chain of entries, which many may write at once.

    lock                 empty; held by the one process that is writing
    entries/000001.json  one for each run, in the order in which they were recorded (chain.py)
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
   its entry appears, and is moved after that. So `records` has only what some entry names.
4. The head names an entry that is there, and there is a head before there is a second entry.
   Entries after it are those of writers that were cut off, or that are still writing.

A run is told of (acknowledged) when `append` returns: then entry, record and head are all synced.
A writer that is cut off leaves one of these, and the next one finishes its work:

| cut off                            | leaves                                                     |
| ---------------------------------- | ---------------------------------------------------------- |
| before its entry appears           | the store as it was, and a file in `unfinished` that counts |
|                                    | for nothing                                                |
| before its record is moved         | an entry after the head, its record in `unfinished`         |
| before the head is replaced        | an entry after the head, its record in `records`            |

Nothing is ever changed or deleted, but for the head. That the last entries were taken off, and the
head put back, can be seen only by somebody who noted a head elsewhere.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from grading.problems import BadInput, Place, Problem, quoted
from grading.record.chain import (
    LARGEST_ENTRY,
    About,
    Entry,
    Head,
    Last,
    bytes_of,
    entry_name,
    head_of,
    number_of,
    read_entry,
    read_head,
    sealed,
)
from grading.record.durable import alone, appear, make_folder, sync_folder, take_place, write_new
from grading.record.integrity import IntegrityBroken
from grading.record.reading import LARGEST_RECORD
from grading.source import read_content
from grading.source.folder import sha256

LOCK, HEAD = "lock", "head.json"
ENTRIES, RECORDS, UNFINISHED = "entries", "records", "unfinished"
SHORTEST_ID, SHOWN_ID = 4, 12
_VERIFY = "`grading audit verify` says all that was changed"
_RESTORE = "restore it from a copy of the store"


def append(store: Path, content: bytes, about: About, at: datetime) -> Entry:
    """The record is in the store and at the end of its chain, and outlasts whatever happens next.

    The store is made where there is none. Raises OSError where it cannot be written, and
    IntegrityBroken where the end of the chain is not as it was written.
    """
    if len(content) > LARGEST_RECORD:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(store))
    _prepare(store)
    run = sha256(content)
    draft = _draft(store, run)
    with alone(store / LOCK):
        last = _finish(store)
        if not _has(store, content):
            write_new(draft, content)
            sync_folder(draft.parent)
        entry, head = _enter(store, last, run, about, at, draft)
        _move(draft, _record(store, run))
        take_place(head, store / HEAD)
    return entry


def find(store: Path, name: str) -> str:
    """The id of the run whose id begins so. Raises BadInput where none does, or more than one."""
    check_there(store)
    records = os.listdir(store / RECORDS) if (store / RECORDS).is_dir() else []
    found = sorted(run.removesuffix(".json") for run in records if run.startswith(name))
    place = Place(store.as_posix(), 1)
    if not found:
        message = f"there is no run {quoted(name)} in the store"
        raise BadInput([Problem(place, "E804", message, "`grading audit log` lists the runs")])
    if len(found) > 1:
        message = f"{quoted(name)} begins the ids of {len(found)} runs"
        raise BadInput([Problem(place, "E805", message, "write more of the id")])
    return found[0]


def content_of(store: Path, run: str) -> bytes:
    """The bytes of a record. Raises IntegrityBroken where they are not those that were written."""
    path = _record(store, run)
    content, problem = read_content(path, path.as_posix(), LARGEST_RECORD)
    if problem is not None and problem.code == "E101":
        content = _unfinished(store, run)
        if content is None:
            message = "the record is missing"
            raise IntegrityBroken([_problem(path, "A112", message, _RESTORE)])
    if content is None or sha256(content) != run:
        raise IntegrityBroken([_problem(path, "A111", "the record was changed", _RESTORE)])
    return content


def entries_of(store: Path) -> Iterator[Entry]:
    """The entries of the chain, from the first. Raises IntegrityBroken at one that was changed."""
    check_there(store)
    names = os.listdir(store / ENTRIES) if (store / ENTRIES).is_dir() else []
    numbers = [number_of(name) or 0 for name in names]
    return (_entry(store, number) for number in range(1, max(numbers, default=0) + 1))


def check_there(store: Path) -> None:
    """There is a run store, or what is left of one. Raises BadInput if not."""
    if not any(os.path.lexists(store / name) for name in (ENTRIES, RECORDS, HEAD)):
        hint = "grade an inspection first, or name a store with --store"
        place = Place(store.as_posix(), 1)
        raise BadInput([Problem(place, "E806", "there is no run store here", hint)])


def _prepare(store: Path) -> None:
    """The folders are there. Raises OSError where other things are."""
    if store.is_dir() and not (store / ENTRIES).is_dir():
        others = sorted(set(os.listdir(store)) - {LOCK, RECORDS, UNFINISHED})
        if others:
            message = f"is no run store and holds other things, such as {others[0]}"
            raise OSError(errno.ENOTEMPTY, message, str(store))
    for name in (UNFINISHED, RECORDS, ENTRIES):
        make_folder(store / name)


def _finish(store: Path) -> Last:
    """The end of the chain, when what writers before were cut off at is finished."""
    head = _head(store)
    number = head.number if head else 0
    digest = head.entry if head else None
    if head is not None and _entry(store, number).digest != digest:
        message = f"the head is not that of entry {number}"
        raise IntegrityBroken([_problem(store / HEAD, "A124", message, _VERIFY)])
    entry = None
    while (store / ENTRIES / entry_name(number + 1)).exists():
        entry = _entry(store, number + 1)
        if entry.number != number + 1 or entry.previous != digest:
            raise IntegrityBroken([_does_not_follow(store, number + 1)])
        _recover(store, entry.record)
        number, digest = entry.number, entry.digest
    if entry is not None:
        draft = _draft(store, "head")
        write_new(draft, bytes_of(head_of(entry)))
        take_place(draft, store / HEAD)
    return Last(number, digest)


def _recover(store: Path, run: str) -> None:
    """The record that an entry names is in its place, and synced there."""
    path = _record(store, run)
    if not path.exists():
        content = _unfinished(store, run)
        if content is not None:
            draft = _draft(store, run)
            write_new(draft, content)
            _move(draft, path)
    content_of(store, run)
    sync_folder(path.parent)


def _enter(
    store: Path, last: Last, run: str, about: About, at: datetime, record: Path
) -> tuple[Entry, Path]:
    """The entry after the last one is there, and the draft of the head that names it.

    Where another writer was first, its work is finished and this is the entry after that. All that
    takes space is written before the entry appears.
    """
    while True:
        entry = _following(last, run, about, at)
        draft, head = _draft(store, "entry"), _draft(store, "head")
        try:
            write_new(draft, bytes_of(entry))
            write_new(head, bytes_of(head_of(entry)))
        except OSError:
            for path in (record, draft, head):
                path.unlink(missing_ok=True)
            raise
        try:
            appear(draft, store / ENTRIES / entry_name(entry.number))
        except FileExistsError:
            draft.unlink(missing_ok=True)
            head.unlink(missing_ok=True)
            last = _finish(store)
        else:
            return entry, head


def _following(last: Last, run: str, about: About, at: datetime) -> Entry:
    entry = Entry(
        number=last.number + 1,
        previous=last.digest,
        at=at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        record=run,
        about=about,
    )
    return sealed(entry)


def _move(draft: Path, path: Path) -> None:
    """The record is in its place; where there is no draft of it, it was there before."""
    try:
        take_place(draft, path)
    except FileNotFoundError:
        if not path.exists():
            raise


def _has(store: Path, content: bytes) -> bool:
    """Whether the store has the record. Raises IntegrityBroken where it was changed since."""
    run = sha256(content)
    if not _record(store, run).exists():
        return False
    content_of(store, run)
    return True


def _head(store: Path) -> Head | None:
    """The head; none where there is at most one entry, whose writer may have been cut off."""
    path = store / HEAD
    if not path.exists():
        more_than_one = (store / ENTRIES / entry_name(2)).exists()
        if more_than_one and not path.exists():  # not made in between by a writer with no lock
            raise IntegrityBroken([_problem(path, "A125", "the chain has no head", _VERIFY)])
        if not more_than_one:
            return None
    content, _ = read_content(path, path.as_posix(), LARGEST_ENTRY)
    head = None if content is None else read_head(content)
    if head is None:
        message = "the head is not written as heads are"
        raise IntegrityBroken([_problem(path, "A124", message, _VERIFY)])
    return head


def _entry(store: Path, number: int) -> Entry:
    path = store / ENTRIES / entry_name(number)
    content, problem = read_content(path, path.as_posix(), LARGEST_ENTRY)
    entry = None if content is None else read_entry(content)
    if entry is None:
        missing = problem is not None and problem.code == "E101"
        code = "A121" if missing else "A122"
        message = f"entry {number} is missing" if missing else f"entry {number} was changed"
        raise IntegrityBroken([_problem(path, code, message, _VERIFY)])
    return entry


def _does_not_follow(store: Path, number: int) -> Problem:
    path = store / ENTRIES / entry_name(number)
    message = f"entry {number} does not follow entry {number - 1}"
    return _problem(path, "A123", message, _VERIFY)


def _problem(path: Path, code: str, message: str, hint: str) -> Problem:
    return Problem(Place(path.as_posix(), 1), code, message, hint)


def _record(store: Path, run: str) -> Path:
    return store / RECORDS / f"{run}.json"


def _draft(store: Path, name: str) -> Path:
    return store / UNFINISHED / f"{name}.{secrets.token_hex(8)}"


def _unfinished(store: Path, run: str) -> bytes | None:
    """The bytes of a record that a writer was cut off from moving to its place."""
    for path in sorted((store / UNFINISHED).glob(f"{run}.*")):
        content, _ = read_content(path, path.as_posix(), LARGEST_RECORD)
        if content is not None and sha256(content) == run:
            return content
    return None
