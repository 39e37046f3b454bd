"""Writing to a run store: runs with what they take in, and reports. What holds is said in `store`."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from grading.record.chain import (
    LARGEST_ENTRY,
    About,
    Entry,
    EntryKind,
    EntrySubject,
    Last,
    bytes_of,
    head_of,
    read_entry,
    sealed,
)
from grading.record.durable import alone, appear, make_folder, sync_folder, take_place, write_new
from grading.record.reading import LARGEST_RECORD
from grading.record.store import (
    ENTRIES,
    HEAD,
    LOCK,
    RECORDS,
    UNFINISHED,
    broken,
    content_of,
    draft_path,
    entry_of,
    entry_path,
    head_of_chain,
    record_path,
    unfinished_record,
)
from grading.record.taken import Taken
from grading.source import read_content
from grading.source.folder import sha256


@dataclass(frozen=True)
class _Told:
    """What is entered of a record: what of `taken` the chain does not have, then the rest.

    That the chain up to the entry `looked` has none of it was seen before.
    """

    record: str
    about: About
    at: datetime
    kind: EntryKind
    subject: EntrySubject | None = None
    taken: tuple[Taken, ...] = ()
    looked: int = 0


@dataclass(frozen=True)
class _Drafts:
    """An entry, and the head that names it, before they are at their places."""

    entry: Path
    head: Path


def append(
    store: Path, content: bytes, about: About, at: datetime, taken: Iterable[Taken]
) -> Entry:
    """The run of a record is at the end of the chain, and outlasts whatever happens next.

    Before it stands all that it takes in. The store is made where there is none. Raises OSError where
    it cannot be written, and IntegrityBroken where the end of the chain is not as it was written.
    """
    if len(content) > LARGEST_RECORD:
        raise _too_large(store)
    _prepare(store)
    run = sha256(content)
    draft = draft_path(store, run)
    told = _looked(store, _Told(run, about, at, "run", taken=tuple(taken)))
    with alone(store / LOCK):
        last = _finish(store)
        if not _has(store, content):
            write_new(draft, content)
            sync_folder(draft.parent)
        return _enter(store, last, told, draft)


def tell(store: Path, run: Entry, report: EntrySubject, at: datetime) -> Entry:
    """A report of the run of an entry is at the end of the chain. Raises as `append`."""
    _prepare(store)
    with alone(store / LOCK):
        last = _finish(store)
        content_of(store, run.record)
        told = _Told(run.record, run.about, at, "report", report)
        return _enter(store, last, told, draft_path(store, run.record))


def _prepare(store: Path) -> None:
    """The folders are there. Raises OSError where other things are."""
    others = set(os.listdir(store)) - {LOCK, RECORDS, UNFINISHED} if store.is_dir() else set()
    if (
        others and not (store / ENTRIES).is_dir()
    ):  # looked for last: another may be making the store
        message = f"is no run store and holds other things, such as {min(others)}"
        raise OSError(errno.ENOTEMPTY, message, str(store))
    for name in (UNFINISHED, RECORDS, ENTRIES):
        make_folder(store / name)


def _finish(store: Path) -> Last:
    """The end of the chain, when what writers before were cut off at is finished."""
    head = head_of_chain(store)
    number = head.number if head else 0
    digest = head.entry if head else None
    if head is not None and entry_of(store, number).digest != digest:
        raise broken(store / HEAD, "A124", f"the head is not that of entry {number}")
    entry = None
    while entry_path(store, number + 1).exists():
        entry = entry_of(store, number + 1)
        if entry.number != number + 1 or entry.previous != digest:
            path = entry_path(store, number + 1)
            raise broken(path, "A123", f"entry {number + 1} does not follow entry {number}")
        _recover(store, entry.record)
        number, digest = entry.number, entry.digest
    if entry is not None:
        draft = draft_path(store, "head")
        write_new(draft, bytes_of(head_of(entry)))
        take_place(draft, store / HEAD)
    return Last(number, digest)


def _recover(store: Path, run: str) -> None:
    """The record that an entry names is in its place, and synced there."""
    path = record_path(store, run)
    if not path.exists():
        content = unfinished_record(store, run)
        if content is not None:
            draft = draft_path(store, run)
            write_new(draft, content)
            _move(draft, path)
    content_of(store, run)
    sync_folder(path.parent)


def _enter(store: Path, last: Last, told: _Told, record: Path) -> Entry:
    """The last of the entries that are there now, after the end of the chain; the head names it.

    Where another writer was first, its work is finished, and what is left follows that.
    """
    while True:
        entries = list(_following(last, told, _not_yet(store, last.number, told)))
        drafts = _drafted(store, entries, record)
        for entry, draft in zip(entries, drafts, strict=True):
            try:
                appear(draft.entry, entry_path(store, entry.number))
            except FileExistsError:
                break
            _move(record, record_path(store, told.record))
            take_place(draft.head, store / HEAD)
        else:
            return entries[-1]
        _drop(drafts)
        last = _finish(store)


def _looked(store: Path, told: _Told) -> _Told:
    """The same, without what the chain has until now: a long chain keeps nobody waiting for the lock."""
    head = head_of_chain(store)
    number = head.number if head else 0
    return replace(told, taken=tuple(_not_yet(store, number, told)), looked=number)


def _not_yet(store: Path, number: int, told: _Told) -> list[Taken]:
    """What is taken in and the chain up to an entry does not have of the inspection."""
    left = {(one.kind, one.subject.sha256): one for one in told.taken}
    for earlier in range(number, told.looked, -1):
        if not left:
            break
        content, _ = read_content(entry_path(store, earlier), "", LARGEST_ENTRY)
        if content is None or not any(digest.encode() in content for _, digest in left):
            continue
        entry = read_entry(content)
        if entry is not None and entry.subject and entry.about.inspection == told.about.inspection:
            left.pop((entry.kind, entry.subject.sha256), None)
    return list(left.values())


def _following(last: Last, told: _Told, taken: Iterable[Taken]) -> Iterator[Entry]:
    """The entries that follow the end of a chain."""
    subjects = [*((one.kind, one.subject) for one in taken), (told.kind, told.subject)]
    previous = last.digest
    for number, (kind, subject) in enumerate(subjects, start=last.number + 1):
        entry = sealed(
            Entry(
                number=number,
                previous=previous,
                at=told.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                kind=kind,
                record=told.record,
                subject=subject,
                about=told.about,
            )
        )
        previous = entry.digest
        yield entry


def _drafted(store: Path, entries: Iterable[Entry], record: Path) -> list[_Drafts]:
    """Everything that takes space is written before the first entry appears, or nothing is there."""
    drafts: list[_Drafts] = []
    try:
        for entry in entries:
            drafts.append(_Drafts(draft_path(store, "entry"), draft_path(store, "head")))
            content = bytes_of(entry)
            if len(content) > LARGEST_ENTRY:
                raise _too_large(store)
            write_new(drafts[-1].entry, content)
            write_new(drafts[-1].head, bytes_of(head_of(entry)))
    except OSError:
        record.unlink(missing_ok=True)
        _drop(drafts)
        raise
    return drafts


def _drop(drafts: Iterable[_Drafts]) -> None:
    """Drafts that are not at their places are gone."""
    for draft in drafts:
        draft.entry.unlink(missing_ok=True)
        draft.head.unlink(missing_ok=True)


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
    if not record_path(store, run).exists():
        return False
    content_of(store, run)
    return True


def _too_large(store: Path) -> OSError:
    return OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(store))
