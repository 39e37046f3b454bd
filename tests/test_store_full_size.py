"""What a run store promises, at full size: 200 kills, eight writers of 100 runs, a flipped bit in 200.

Records are small, and written by processes that are forked; one test kills whole commands.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from grading.__main__ import main
from grading.commands import stores
from grading.record.appending import append, tell
from grading.record.chain import Entry, EntrySubject
from grading.record.store import content_of
from grading.record.verify import verify
from grading.source.folder import sha256
from tests.test_bad_input import Grading, grading, home
from tests.test_store import DAY, ended, files, forked, sound
from tests.test_store_entries import record, take

__all__ = ["grading", "home"]

KILLS = 200
STORES = 10
Patch = pytest.MonkeyPatch


def content(name: str, number: int, decisions: int = 1) -> bytes:
    """The record of a run; every third has evidence that is new, some share what others have."""
    evidence = f"{name} {number}" if number % 3 == 0 else f"{number % 5}"
    changes = [{"id": f"m-{n}", "by": f"{number % 7}"} for n in range(decisions)]
    return record(evidence, moderation=changes, more=f"{name} {number}")


# killed


def test_two_hundred_kills_leave_a_sound_store_and_lose_nothing_that_was_told(
    tmp_path: Path,
) -> None:
    chance = random.Random(7)
    each = seconds_of_a_run(tmp_path / "timed")
    in_the_midst = 0
    told: dict[Path, set[str]] = {}
    for trial in range(KILLS):
        folder = tmp_path / str(trial % STORES)
        runs = told.setdefault(folder, set())
        before = drafts(folder)
        runs |= killed(folder, f"{trial}", trial % 3, chance.uniform(0, 2 * each))
        entries = sound(folder).entries if (folder / "entries").is_dir() else ()
        assert {entry.record for entry in entries if entry.kind == "run"} >= runs
        cut_off = bool(entries) and not (
            ends_at_head(folder, entries[-1]) and entries[-1].kind == "run"
        )
        in_the_midst += cut_off or not drafts(folder) <= before
    assert sum(map(len, told.values())) >= KILLS - 2
    assert in_the_midst > KILLS / 5


def seconds_of_a_run(folder: Path) -> float:
    start = time.perf_counter()
    for number in range(20):
        take(folder, content("timed", number, 4))
    return (time.perf_counter() - start) / 20


def drafts(folder: Path) -> set[Path]:
    """What writers that were cut off have left unfinished."""
    return set((folder / "unfinished").iterdir()) if (folder / "unfinished").is_dir() else set()


def ends_at_head(folder: Path, last: Entry) -> bool:
    head = folder / "head.json"
    return head.exists() and f'"entry": "{last.digest}"'.encode() in head.read_bytes()


def killed(folder: Path, name: str, first: int, seconds: float) -> set[str]:
    """The runs that a writer was told of before it was killed, so long after the first of them."""
    reading, writing = os.pipe()

    def work() -> None:
        os.close(reading)
        os.write(writing, b"begun\n")
        for number in range(10_000):
            run = take(folder, content(name, number, 4)).record
            os.write(writing, f"{run}\n".encode())

    process = forked(work)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as lines:
        begun, *runs = [lines.readline() for _ in range(first + 1)]
        assert begun == "begun\n"
        time.sleep(seconds)
        os.kill(process, signal.SIGKILL)
        runs += [line for line in lines if line.endswith("\n")]
    assert ended(process) == -signal.SIGKILL
    return {run.strip() for run in runs}


def test_a_command_that_is_killed_as_it_records_leaves_a_sound_store(
    home: Path, grading: Grading, monkeypatch: Patch
) -> None:
    monkeypatch.setenv("GRADING_STORE", str(home / "store"))
    chance = random.Random(9)
    codes = []
    for trial in range(20):
        with (home / "evidence/fieldwork.yaml").open("a") as evidence:
            evidence.write(f"# {trial}\n")
        reading, writing = os.pipe()

        def begun(*words: object, writing: int = writing) -> object:
            os.write(writing, b"\n")
            return append(*words)  # type: ignore[arg-type]

        with monkeypatch.context() as patch:
            patch.setattr(stores, "append", begun)
            patch.setattr(sys, "argv", ["grading", "run", "evidence"])
            process = forked(main)
        os.close(writing)
        with os.fdopen(reading, "rb") as begins:
            assert begins.read(1) == b"\n"
        time.sleep(chance.uniform(0, 0.006))
        os.kill(process, signal.SIGKILL)
        codes.append(ended(process))
        if (home / "store/entries").is_dir():
            assert grading("audit", "verify").code == 0
    assert -signal.SIGKILL in codes
    assert grading("run", "evidence").code == 0
    assert grading("audit", "verify", "--replay").code == 0


# many at once


def test_eight_processes_that_write_a_hundred_runs_each_lose_none(tmp_path: Path) -> None:
    folder = tmp_path / "store"

    def work(name: int) -> None:
        for number in range(100):
            take(folder, content(f"{name}", number))

    processes = [forked(lambda name=n: work(name)) for n in range(8)]  # type: ignore[misc]
    assert [ended(process) for process in processes] == [0] * 8
    found = sound(folder)
    assert found.unfinished == ()
    runs = [entry.record for entry in found.entries if entry.kind == "run"]
    assert len(runs) == 800
    for name in range(8):
        own = [sha256(content(f"{name}", number)) for number in range(100)]
        assert [run for run in runs if run in set(own)] == own
    assert all(content_of(folder, run) for run in runs)
    kinds = Counter(entry.kind for entry in found.entries)
    assert kinds == {"run": 800, "evidence": 8 * 34 + 5, "moderation": 7}


# changed


@pytest.fixture(scope="module")
def two_hundred(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("full") / "store"
    for number in range(200):
        run = take(folder, content(f"{number % 2}", number // 2))
        if number % 20 == 0:
            tell(folder, run, EntrySubject(name="html", sha256=run.record), DAY)
    return folder


def test_one_flipped_bit_in_any_file_of_two_hundred_runs_is_found_and_named(
    two_hundred: Path,
) -> None:
    chance = random.Random(3)
    kinds = Counter(entry.kind for entry in sound(two_hundred).entries)
    assert kinds == {"run": 200, "evidence": 73, "moderation": 7, "report": 10}
    paths = files(two_hundred)
    sizes = [path.stat().st_size for path in paths]
    assert [path.name for path, size in zip(paths, sizes, strict=True) if not size] == ["lock"]
    flips = [
        (path, chance.randrange(8 * size)) for path, size in zip(paths, sizes, strict=True) if size
    ]
    flips += [
        (path, chance.randrange(8 * path.stat().st_size))
        for path in chance.choices(paths, sizes, k=60)
    ]
    assert len(flips) == 290 + 200 + 1 + 60
    for path, bit in flips:
        whole = path.read_bytes()
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        told = {problem.place.file for problem in verify(two_hundred).problems}
        path.write_bytes(whole)
        assert told == {path.as_posix()}, (path.name, bit)
    sound(two_hundred)
