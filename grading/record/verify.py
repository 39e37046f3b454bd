"""Whether a run store is as it was written: every changed, missing, added or moved file, named.

An entry that was changed is known by its own digest, an entry in the place of another by the digest
that the next one carries, the last entry by the head. The entries after the head, and whole records
that are still unfinished, are those of writers that were cut off, as `store` describes. What an entry
says that a run took in is what the record of that run says.
"""

from __future__ import annotations

import os
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from grading.problems import BadInput, Place, Problem, quoted
from grading.record.chain import (
    LARGEST_ENTRY,
    Entry,
    number_of,
    read_entry,
    read_head,
)
from grading.record.durable import still
from grading.record.integrity import IntegrityBroken
from grading.record.reading import LARGEST_RECORD, read_record
from grading.record.store import (
    ENTRIES,
    HEAD,
    LOCK,
    RECORDS,
    UNFINISHED,
    check_there,
    entry_path,
    record_path,
)
from grading.record.taken import TakenIn, taken_in
from grading.source import read_content
from grading.source.folder import sha256

_FOLDERS = (ENTRIES, RECORDS, UNFINISHED)
_RESTORE = "restore it from a copy of the store"
_TAKE_OUT = "take it out of the store"
_TAKEN_IN = ("evidence", "moderation", "challenge")


@dataclass(frozen=True)
class Verified:
    """What a store holds, and every problem with it, in order.

    `entries` are those that are as they were written. `unfinished` are files of writers that were
    cut off before they had recorded anything; they count for nothing and may be deleted.
    """

    entries: tuple[Entry, ...]
    runs: tuple[str, ...]
    unfinished: tuple[str, ...]
    problems: tuple[Problem, ...]


def verify(store: Path, noted: str = "") -> Verified:
    """What is right and wrong with a store, while no writer is writing.

    `noted` is how the digest of an entry begins that was the head once. Raises BadInput where
    there is no store.
    """
    check_there(store)
    with still(store / LOCK):
        return _Verifier(store).verified(noted)


@dataclass
class _Verifier:
    store: Path
    problems: list[Problem] = field(default_factory=list)

    def verified(self, noted: str) -> Verified:
        self._layout()
        entries = self._entries()
        head = self._head(entries)
        gaps = self._gaps(entries, max([head, *entries]))
        self._chain(entries)
        whole = [entry for _, entry in sorted(entries.items()) if entry is not None]
        self._noted(whole, noted)
        named = _by_record(whole)
        all_known = not gaps and len(whole) == len(entries)
        runs, unfinished = self._records(named, all_known)
        return Verified(
            tuple(whole),
            tuple(runs),
            tuple(unfinished),
            tuple(sorted(set(self.problems))),
        )

    def _layout(self) -> None:
        """At the top there is what belongs there, and nothing is in the lock."""
        for name in sorted(os.listdir(self.store)):
            path = self.store / name
            if name not in (LOCK, HEAD, *_FOLDERS):
                self._add(path, "A131", f"{quoted(name)} is no part of a run store", _TAKE_OUT)
            elif name == LOCK and (not _is_file(path) or path.stat().st_size):
                self._add(path, "A131", "the lock is not an empty file", "empty it")
        for name in _FOLDERS:
            if not _is_folder(self.store / name):
                message = f"the folder {quoted(name)} is missing"
                self._add(self.store / name, "A131", message, _RESTORE)

    def _files(self, folder: str) -> Iterator[Path]:
        """The files of a folder in order of name; what is no file is told."""
        home = self.store / folder
        for name in sorted(os.listdir(home)) if _is_folder(home) else ():
            if _is_file(home / name):
                yield home / name
            else:
                self._add(home / name, "A131", f"{quoted(name)} is not a file", _TAKE_OUT)

    def _entries(self) -> dict[int, Entry | None]:
        """The entries by number; nothing for one that is missing or was changed."""
        entries: dict[int, Entry | None] = {}
        for path in self._files(ENTRIES):
            number = number_of(path.name)
            if number is None:
                message = f"{quoted(path.name)} is no name of an entry"
                self._add(path, "A131", message, _TAKE_OUT)
                continue
            content, _ = read_content(path, "", LARGEST_ENTRY)
            entries[number] = entry = None if content is None else read_entry(content)
            if entry is None:
                self._add(path, "A122", f"entry {number} was changed", _RESTORE)
        return entries

    def _gaps(self, entries: Mapping[int, Entry | None], last: int) -> int:
        """Entries up to the last one that are missing; how many."""
        number = 0
        for before, after in pairwise([0, *sorted(entries), last + 1]):
            missing = max(0, after - before - 1)
            if missing:
                path = entry_path(self.store, before + 1)
                to = f" and those up to entry {after - 1} are" if missing > 1 else " is"
                self._add(path, "A121", f"entry {before + 1}{to} missing", _RESTORE)
            number += missing
        return number

    def _chain(self, entries: Mapping[int, Entry | None]) -> None:
        """Each entry says its own number, and follows the one before it."""
        for number, entry in sorted(entries.items()):
            if entry is None:
                continue
            path = entry_path(self.store, number)
            if entry.number != number:
                message = f"entry {entry.number} stands in the place of entry {number}"
                self._add(path, "A123", message, _RESTORE)
                continue
            before = entries.get(number - 1)
            if number > 1 and (before is None or before.number != number - 1):
                continue  # told already
            if entry.previous != (before.digest if before else None):
                message = f"entry {number} does not follow entry {number - 1}: one was replaced"
                self._add(path, "A123", message, _RESTORE)

    def _head(self, entries: Mapping[int, Entry | None]) -> int:
        """The head is that of the entry that it names; the number of that."""
        path = self.store / HEAD
        if not os.path.lexists(path):
            if len(entries) > 1:
                self._add(path, "A125", "the chain has no head", _RESTORE)
            return 0
        content = read_content(path, "", LARGEST_ENTRY)[0] if _is_file(path) else None
        head = None if content is None else read_head(content)
        if head is None:
            self._add(path, "A124", "the head was changed", _RESTORE)
            return 0
        entry = entries.get(head.number)
        if entry is not None and entry.digest != head.entry:
            message = f"the head is not that of entry {head.number}"
            self._add(path, "A124", message, _RESTORE)
        return head.number

    def _noted(self, entries: Iterable[Entry], noted: str) -> None:
        if noted and not any(entry.digest.startswith(noted) for entry in entries):
            message = f"no entry has the digest {quoted(noted)} that was noted"
            self._add(self.store / HEAD, "A126", message, "find the store that it was noted of")

    def _records(
        self, named: Mapping[str, Sequence[Entry]], all_known: bool
    ) -> tuple[list[str], list[str]]:
        """The runs whose records are as they were written, and the files that count for nothing."""
        runs: set[str] = set()
        seen: set[str] = set()
        for path in self._files(RECORDS):
            run = path.name.removesuffix(".json")
            content, _ = read_content(path, "", LARGEST_RECORD)
            if content is None or f"{sha256(content)}.json" != path.name:
                message = "the record was changed, or is under another name"
                self._add(path, "A111", message, _RESTORE)
                self.problems.extend(_inside(path, content or b""))
            elif run not in named and all_known:
                self._add(path, "A113", "no entry names this record", _TAKE_OUT)
            else:
                runs.add(run)
                self._subjects(content, named.get(run, ()))
            seen.add(run)
        unfinished = []
        for path in self._files(UNFINISHED):
            run = path.name.split(".")[0]
            content = self._whole(path, run) if run in named and run not in seen else None
            if content is None:
                unfinished.append(path.as_posix())
            else:
                runs.add(run)
                self._subjects(content, named[run])
        for run, entries in sorted(named.items()):
            if run not in runs and run not in seen:
                message = f"the record of entry {entries[-1].number} is missing"
                self._add(record_path(self.store, run), "A112", message, _RESTORE)
        return sorted(runs), unfinished

    def _whole(self, path: Path, run: str) -> bytes | None:
        """The bytes of a record that is unfinished; nothing where they are not all of it."""
        content, _ = read_content(path, "", LARGEST_RECORD)
        return content if content is not None and sha256(content) == run else None

    def _subjects(self, content: bytes, entries: Iterable[Entry]) -> None:
        """What the entries say that a run took in is what its record says."""
        told = [entry for entry in entries if entry.kind in _TAKEN_IN]
        if not told:
            return
        try:
            found = taken_in(content)
        except ValueError:
            found = None
        for entry in told:
            if found is None or not _is_taken(entry, found):
                message = f"the run of entry {entry.number} did not take in what the entry says"
                self._add(entry_path(self.store, entry.number), "A114", message, _RESTORE)

    def _add(self, path: Path, code: str, message: str, hint: str) -> None:
        self.problems.append(Problem(Place(path.as_posix(), 1), code, message, hint))


def _by_record(entries: Iterable[Entry]) -> Mapping[str, Sequence[Entry]]:
    """The entries that name each record, in order."""
    named: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        named[entry.record].append(entry)
    return dict(named)


def _is_taken(entry: Entry, found: TakenIn) -> bool:
    same = entry.about.inspection == found.inspection
    return same and any(
        (t.kind, t.subject) == (entry.kind, entry.subject) for t in found.everything
    )


def _inside(path: Path, content: bytes) -> tuple[Problem, ...]:
    """Which of its files were changed, where a changed record still says so."""
    try:
        read_record(content, path.as_posix())
    except IntegrityBroken as error:
        return error.problems
    except BadInput:
        return ()
    return ()


def _is_file(path: Path) -> bool:
    return stat.S_ISREG(path.lstat().st_mode)


def _is_folder(path: Path) -> bool:
    return os.path.lexists(path) and stat.S_ISDIR(path.lstat().st_mode)
