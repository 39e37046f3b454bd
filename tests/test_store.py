"""The run store, step by step: nothing acknowledged is lost, and nothing in it changes unseen."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from grading.problems import BadInput
from grading.record import appending
from grading.record.appending import append
from grading.record.chain import About, Entry
from grading.record.durable import appear, write_new
from grading.record.integrity import IntegrityBroken
from grading.record.store import content_of, entries_of, find
from grading.record.verify import Verified, verify
from grading.source.folder import sha256

DAY = datetime(2017, 3, 31, 12, 0, 5, tzinfo=UTC)
ABOUT = About(inspection="i", body="B", pack="p", pack_version="1.0.0", as_of="2017-03-31")
Patch = pytest.MonkeyPatch


def keep(folder: Path, text: str) -> Entry:
    """One more run in the store."""
    return append(folder, text.encode(), ABOUT, DAY, ())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "store"
    for text in ("one", "two", "three", "one"):
        keep(folder, text)
    return folder


@pytest.fixture
def three(tmp_path: Path, made: Path) -> Path:
    """A store with three runs, of which the first was made again."""
    return Path(shutil.copytree(made, tmp_path / "store"))


def problems(folder: Path, noted: str = "") -> list[str]:
    """The problems of a store, with its files named from it."""
    return [
        f"{p.place.file.removeprefix(folder.as_posix() + '/')}: {p.code}"
        for p in verify(folder, noted).problems
    ]


def sound(folder: Path) -> Verified:
    """What a store holds that has nothing wrong with it, each record read back."""
    found = verify(folder)
    assert found.problems == ()
    assert [entry.number for entry in found.entries] == list(range(1, len(found.entries) + 1))
    assert set(found.runs) == {entry.record for entry in found.entries}
    for run in found.runs:
        assert sha256(content_of(folder, run)) == run
    return found


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


# one writer


def test_a_store_is_a_plain_folder(three: Path) -> None:
    ids = sorted(sha256(text.encode()) for text in ("one", "two", "three"))
    assert [path.relative_to(three).as_posix() for path in files(three)] == [
        *(f"entries/{n:06}.json" for n in (1, 2, 3, 4)),
        "head.json",
        "lock",
        *(f"records/{run}.json" for run in ids),
    ]
    assert (three / "records" / f"{sha256(b'two')}.json").read_bytes() == b"two"
    first, *_, last = entries_of(three)
    assert (three / "entries/000001.json").read_text("utf-8") == (
        "{\n"
        ' "about": {\n'
        '  "as_of": "2017-03-31",\n  "body": "B",\n  "inspection": "i",\n'
        '  "pack": "p",\n  "pack_version": "1.0.0"\n'
        " },\n"
        ' "at": "2017-03-31T12:00:05Z",\n'
        f' "digest": "{first.digest}",\n'
        ' "form": "1.1",\n "kind": "run",\n "number": 1,\n "previous": null,\n'
        f' "record": "{sha256(b"one")}",\n "subject": null\n'
        "}\n"
    )
    head = json.loads((three / "head.json").read_text("utf-8"))
    assert head == {"digest": head["digest"], "entry": last.digest, "form": "1.0", "number": 4}


def test_the_same_run_again_is_one_more_entry_and_no_other_record(three: Path) -> None:
    first, second, third, fourth = entries_of(three)
    assert first.record == fourth.record
    assert [entry.previous for entry in (second, third, fourth)] == [
        entry.digest for entry in (first, second, third)
    ]
    assert len(list((three / "records").iterdir())) == 3
    assert len(sound(three).entries) == 4


def test_the_time_of_an_entry_is_kept_in_utc(tmp_path: Path) -> None:
    entry = append(
        tmp_path / "s", b"", ABOUT, datetime.fromisoformat("2017-03-31T23:30:00-02:00"), ()
    )
    assert entry.at == "2017-04-01T01:30:00Z"


def test_a_run_is_found_by_the_beginning_of_its_id(three: Path) -> None:
    run = sha256(b"two")
    assert find(three, run) == find(three, run[:4]) == run
    with pytest.raises(BadInput, match="E804 there is no run `0000` in the store"):
        find(three, "0000")
    for number in range(20):
        keep(three, str(number))
    with pytest.raises(BadInput, match=r"E805 `.` begins the ids of \d+ runs"):
        find(three, max("0123456789abcdef", key=lambda c: [r[0] for r in ids(three)].count(c)))


def test_a_run_whose_record_is_unfinished_is_found_by_its_whole_id(three: Path) -> None:
    run = sha256(b"two")
    (three / f"records/{run}.json").rename(three / f"unfinished/{run}.1")
    assert find(three, run) == run
    assert content_of(three, run) == b"two"
    for name in (run[:12], sha256(b"four")):
        with pytest.raises(BadInput, match="E804"):
            find(three, name)


def ids(folder: Path) -> list[str]:
    return [path.stem for path in (folder / "records").iterdir()]


def test_where_there_is_no_store_that_is_told(tmp_path: Path) -> None:
    for ask in (verify, entries_of, lambda folder: find(folder, "abcd")):
        with pytest.raises(BadInput, match="E806 there is no run store here"):
            ask(tmp_path)


def test_a_folder_of_other_things_is_not_made_a_store(tmp_path: Path) -> None:
    (tmp_path / "inspection.yaml").write_text("id: a\n", "utf-8")
    with pytest.raises(OSError, match=r"holds other things, such as inspection\.yaml"):
        keep(tmp_path, "one")
    assert files(tmp_path) == [tmp_path / "inspection.yaml"]
    with pytest.raises(OSError, match=r"exists|directory"):
        keep(tmp_path / "inspection.yaml", "one")


def test_a_record_that_was_changed_is_neither_read_nor_entered_again(three: Path) -> None:
    path = three / "records" / f"{sha256(b'two')}.json"
    path.write_bytes(b"TWO")
    for again in (lambda: content_of(three, path.stem), lambda: keep(three, "two")):
        with pytest.raises(IntegrityBroken, match="A111 the record was changed"):
            again()
    path.unlink()
    with pytest.raises(IntegrityBroken, match="A112 the record is missing"):
        content_of(three, path.stem)
    assert len(list(entries_of(three))) == 4


BROKEN_ENDS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "the head is gone": ("A125", lambda s: (s / "head.json").unlink()),
    "the head is another": (
        "A124",
        lambda s: edit(s / "head.json", b'"number": 4', b'"number": 3'),
    ),
    "the head is cut off": ("A124", lambda s: edit(s / "head.json", b"}\n", b"")),
    "the last entry is gone": ("A121", lambda s: (s / "entries/000004.json").unlink()),
    "the last entry was changed": (
        "A122",
        lambda s: edit(s / "entries/000004.json", b"12:00:05", b"12:00:06"),
    ),
    "an entry follows nothing": (
        "A123",
        lambda s: shutil.copy(s / "entries/000002.json", s / "entries/000005.json"),
    ),
}


def edit(path: Path, old: bytes, new: bytes) -> None:
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, 1))


@pytest.mark.parametrize(("code", "change"), BROKEN_ENDS.values(), ids=BROKEN_ENDS)
def test_a_chain_that_was_changed_at_its_end_is_not_continued(
    code: str, change: Callable[[Path], Any], three: Path
) -> None:
    change(three)
    before = {path: path.read_bytes() for path in files(three)}
    with pytest.raises(IntegrityBroken, match=code):
        keep(three, "four")
    assert {path: path.read_bytes() for path in files(three)} == before
    assert code in {line.split(": ")[1] for line in problems(three)}


# many writers


def forked(work: Callable[[], None]) -> int:
    """The process that does the work, and ends with 0 if it was done."""
    process = os.fork()
    if process:
        return process
    try:
        work()
    except BaseException:  # noqa: BLE001  a copy of the test must not go on testing
        os._exit(1)
    os._exit(0)


def ended(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def write_many(folder: Path, name: int, runs: int) -> None:
    for number in range(runs):
        # some runs are the same for several writers
        text = f"run {number}" if number % 5 == 0 else f"run {number} of {name}"
        keep(folder, text * 500)


def check_eight(folder: Path) -> None:
    processes = [forked(lambda name=n: write_many(folder, name, 25)) for n in range(8)]  # type: ignore[misc]
    assert [ended(process) for process in processes] == [0] * 8
    found = sound(folder)
    assert len(found.entries) == 200
    assert found.unfinished == ()
    expected = [
        f"run {n}" if n % 5 == 0 else f"run {n} of {m}" for m in range(8) for n in range(25)
    ]
    kept = [content_of(folder, entry.record) for entry in found.entries]
    assert sorted(kept) == sorted((text * 500).encode() for text in expected)


def test_entries_are_kept_apart_even_where_locks_are_not_honoured(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(fcntl, "flock", lambda *words: None)
    check_eight(tmp_path / "store")


def test_a_store_may_be_made_by_two_at_once(tmp_path: Path, monkeypatch: Patch) -> None:
    listed = os.listdir

    def another_first(folder: Path) -> list[str]:
        monkeypatch.setattr(os, "listdir", listed)
        keep(folder, "another")
        return listed(folder)

    (tmp_path / "store").mkdir()
    monkeypatch.setattr(os, "listdir", another_first)
    keep(tmp_path / "store", "mine")
    assert len(sound(tmp_path / "store").entries) == 2


class Stopped(Exception):
    """The end of a writer, at a place that a test chose."""


def test_another_writers_work_is_finished_before_an_entry_follows_it(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    # without locks: one writer has entered its run and no more when another one comes
    def stop(*words: Path) -> None:
        raise Stopped

    def another_first(unfinished: Path, path: Path) -> None:
        monkeypatch.setattr("grading.record.appending.appear", appear)
        with pytest.raises(Stopped):
            keep(tmp_path / "store", "another")
        appear(unfinished, path)

    move = appending._move
    monkeypatch.setattr(fcntl, "flock", lambda *words: None)
    monkeypatch.setattr(appending, "_move", stop)
    monkeypatch.setattr("grading.record.appending.appear", another_first)
    with pytest.raises(Stopped):
        keep(tmp_path / "store", "mine")
    assert [entry.number for entry in verify(tmp_path / "store").entries] == [1]
    assert problems(tmp_path / "store") == []
    monkeypatch.setattr(appending, "_move", move)
    keep(tmp_path / "store", "third")
    assert len(sound(tmp_path / "store").entries) == 2


def test_a_file_system_without_links_will_do(tmp_path: Path, monkeypatch: Patch) -> None:
    def no_links(*words: Any) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", no_links)
    check_eight(tmp_path / "store")


# cut off


def cut_after(monkeypatch: Patch, steps: int) -> None:
    """The process ends before its step number `steps` that a file system can see."""
    left = [steps]

    def step(name: str, whole: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*words: Any, **said: Any) -> Any:
            if left[0] == 0:
                os._exit(9)
            left[0] -= 1
            return whole(*words, **said)

        return counted

    for name in ("open", "fsync", "link", "unlink", "replace", "mkdir"):
        monkeypatch.setattr(os, name, step(name, getattr(os, name)))
    monkeypatch.setattr("builtins.open", step("open", open))


@pytest.mark.parametrize("runs", [0, 1, 3])
def test_a_process_that_ends_before_any_of_its_steps_leaves_a_sound_store(
    runs: int, tmp_path: Path, monkeypatch: Patch
) -> None:
    steps, codes = 0, [9]
    while codes[-1] == 9:
        folder = tmp_path / str(steps)
        for number in range(runs):
            keep(folder, f"{number}")

        def work(folder: Path = folder, steps: int = steps) -> None:
            cut_after(monkeypatch, steps)
            keep(folder, "new")

        codes.append(ended(forked(work)))
        if runs or (folder / "entries").is_dir():
            found = sound(folder)
            assert runs <= len(found.entries) <= runs + 1
            # whoever comes next finishes what was begun, and loses nothing
            keep(folder, "next")
            after = sound(folder)
            assert after.entries[: len(found.entries)] == found.entries
            assert len(after.entries) == len(found.entries) + 1
            assert not set(after.runs) - set(ids(folder))
        else:
            keep(folder, "next")
            assert len(sound(folder).entries) == 1
        steps += 1
    assert codes[-1] == 0
    assert steps > 20


def test_two_cuts_one_after_the_other_leave_a_sound_store(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    chance = random.Random(4)
    for trial in range(40):
        folder = tmp_path / str(trial)
        keep(folder, "first")
        for name in "ab":
            steps = chance.randrange(30)

            def work(name: str = name, folder: Path = folder, steps: int = steps) -> None:
                cut_after(monkeypatch, steps)
                keep(folder, name)

            ended(forked(work))
        before = sound(folder).entries
        keep(folder, "last")
        assert sound(folder).entries[:-1] == before


# full, and not to be written


@pytest.mark.parametrize("call", ["fsync", "link", "replace"])
def test_a_full_disk_leaves_the_store_sound_and_says_so(
    call: str, three: Path, monkeypatch: Patch
) -> None:
    def full(*words: Any, **said: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = sound(three)
    monkeypatch.setattr(os, call, full)
    with pytest.raises(OSError, match="No space left"):
        keep(three, "four")
    monkeypatch.undo()
    after = sound(three)
    assert after.entries[:4] == before.entries
    keep(three, "five")
    assert len(sound(three).entries) == len(after.entries) + 1


def test_a_disk_that_is_full_for_the_entry_keeps_no_record_of_it(
    three: Path, monkeypatch: Patch
) -> None:
    def full(path: Path, content: bytes) -> None:
        if path.name.startswith("head"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        write_new(path, content)

    before = files(three)
    monkeypatch.setattr("grading.record.appending.write_new", full)
    with pytest.raises(OSError, match="No space left"):
        keep(three, "four")
    assert files(three) == before


def test_a_record_that_is_too_large_to_be_read_back_is_not_written(
    three: Path, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(appending, "LARGEST_RECORD", 3)
    with pytest.raises(OSError, match="File too large"):
        keep(three, "four")
    monkeypatch.undo()
    assert len(sound(three).entries) == 4


# changed


def test_any_flipped_bit_is_found_and_laid_to_its_file(tmp_path: Path) -> None:
    keep(tmp_path / "store", "one")
    keep(tmp_path / "store", "two")
    flipped = 0
    for path in files(tmp_path / "store"):
        content = path.read_bytes()
        name = path.relative_to(tmp_path / "store").as_posix()
        for position in range(len(content)):
            changed = bytearray(content)
            changed[position] ^= 1 << position % 8
            path.write_bytes(changed)
            told = {line.split(": ")[0] for line in problems(tmp_path / "store")}
            assert told == {name}, (name, position)
            flipped += 1
        path.write_bytes(content)
    assert flipped > 1000
    sound(tmp_path / "store")


CHANGES: dict[str, tuple[Callable[[Path], Any], list[str]]] = {
    "the first entry is gone": (
        lambda s: (s / "entries/000001.json").unlink(),
        ["entries/000001.json: A121"],
    ),
    "an entry is gone": (
        lambda s: (s / "entries/000003.json").unlink(),
        ["entries/000003.json: A121"],
    ),
    "the last entries are gone": (
        lambda s: remove(s / "entries/000003.json", s / "entries/000004.json"),
        ["entries/000003.json: A121"],
    ),
    "an entry far beyond the last": (
        lambda s: shutil.copy(s / "entries/000002.json", s / "entries/99999999999999.json"),
        ["entries/000005.json: A121", "entries/99999999999999.json: A123"],
    ),
    "two entries have changed places": (
        lambda s: swap(s / "entries/000002.json", s / "entries/000003.json"),
        ["entries/000002.json: A123", "entries/000003.json: A123"],
    ),
    "an entry stands twice": (
        lambda s: shutil.copy(s / "entries/000004.json", s / "entries/000005.json"),
        ["entries/000005.json: A123"],
    ),
    "an entry of another chain": (
        lambda s: shutil.copy(other(s) / "entries/000002.json", s / "entries/000002.json"),
        ["entries/000002.json: A123", "entries/000003.json: A123"],
    ),
    "the head of another chain": (
        lambda s: shutil.copy(other(s) / "head.json", s / "head.json"),
        ["head.json: A124"],
    ),
    "a record is gone": (
        lambda s: (s / "records" / f"{sha256(b'two')}.json").unlink(),
        [f"records/{sha256(b'two')}.json: A112"],
    ),
    "two records have changed places": (
        lambda s: swap(*sorted((s / "records").iterdir())[:2]),
        sorted(f"records/{sha256(t)}.json: A111" for t in (b"one", b"two", b"three"))[:2],
    ),
    "a record that nobody entered": (
        lambda s: (s / "records" / f"{sha256(b'x')}.json").write_bytes(b"x"),
        [f"records/{sha256(b'x')}.json: A113"],
    ),
    "a record under another name": (
        lambda s: (s / "records/a.json").write_bytes(b"x"),
        ["records/a.json: A111"],
    ),
    "a record with bytes after it": (
        lambda s: append_bytes(s / "records" / f"{sha256(b'two')}.json", b"\0"),
        [f"records/{sha256(b'two')}.json: A111"],
    ),
    "an empty record": (
        lambda s: (s / "records" / f"{sha256(b'two')}.json").write_bytes(b""),
        [f"records/{sha256(b'two')}.json: A111"],
    ),
    "an entry with bytes after it": (
        lambda s: append_bytes(s / "entries/000002.json", b"\n"),
        ["entries/000002.json: A122"],
    ),
    "an entry by another name": (
        lambda s: (s / "entries/000002.json").rename(s / "entries/2.json"),
        ["entries/000002.json: A121", "entries/2.json: A131"],
    ),
    "a link to a record": (
        lambda s: (s / "records/b.json").symlink_to(f"{sha256(b'two')}.json"),
        ["records/b.json: A131"],
    ),
    "a folder for a head": (
        lambda s: folder_instead(s / "head.json"),
        ["head.json: A124"],
    ),
    "something in the lock": (lambda s: (s / "lock").write_bytes(b"x"), ["lock: A131"]),
    "a file more": (lambda s: (s / "notes.txt").write_bytes(b"x"), ["notes.txt: A131"]),
    "no records at all": (
        lambda s: shutil.rmtree(s / "records"),
        [
            "records: A131",
            *sorted(f"records/{sha256(t)}.json: A112" for t in (b"one", b"two", b"three")),
        ],
    ),
}


def remove(*paths: Path) -> None:
    for path in paths:
        path.unlink()


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


def swap(one: Path, two: Path) -> None:
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)


def other(folder: Path) -> Path:
    """A store of the same length with the same runs at another hour, and one that is another."""
    another = folder.with_name("other")
    for text in ("one", "two", "three", "four"):
        append(another, text.encode(), ABOUT, DAY.replace(hour=13), ())
    return another


def append_bytes(path: Path, more: bytes) -> None:
    with path.open("ab") as file:
        file.write(more)


@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=CHANGES)
def test_whatever_is_changed_removed_added_or_moved_is_named(
    change: Callable[[Path], Any], expected: list[str], three: Path
) -> None:
    change(three)
    assert sorted(problems(three)) == sorted(expected)


def test_a_chain_that_was_written_anew_is_told_by_a_head_that_was_noted(three: Path) -> None:
    noted = [entry.digest for entry in entries_of(three)]
    rewritten = other(three)
    for digest in noted:
        assert problems(three, digest[:12]) == []
        assert problems(rewritten, digest[:12]) == ["head.json: A126"]
    # the end of the chain was taken off, and its head put back
    shutil.copy(three / "head.json", three.with_name("head"))
    keep(three, "five")
    last = [entry.digest for entry in entries_of(three)][-1]
    (three / "entries/000005.json").unlink()
    (three / "records" / f"{sha256(b'five')}.json").unlink()
    shutil.copy(three.with_name("head"), three / "head.json")
    assert problems(three) == []
    assert problems(three, last) == ["head.json: A126"]


def test_what_a_writer_left_that_was_cut_off_is_told_and_no_problem(three: Path) -> None:
    draft = three / "unfinished/abc.1"
    draft.write_bytes(b"half")
    assert verify(three).unfinished == (draft.as_posix(),)
    assert problems(three) == []


@pytest.fixture
def sealed_off(three: Path) -> Iterator[Path]:
    """A store that cannot be written."""
    paths = [three, *(three / name for name in ("entries", "records", "unfinished"))]
    for path in paths:
        path.chmod(0o555)
    yield three
    for path in paths:
        path.chmod(0o755)


def test_a_store_that_is_only_read_is_verified(sealed_off: Path) -> None:
    (sealed_off / "lock").chmod(0o444)
    assert len(sound(sealed_off).entries) == 4


# in what order


def test_nothing_appears_before_it_is_synced_and_nothing_follows_before_its_folder_is(
    three: Path, monkeypatch: Patch
) -> None:
    # what a loss of power may undo is what was not synced; the order is what makes that harmless
    done: list[tuple[str, Path]] = []
    names: dict[int, Path] = {}

    def named(call: str, whole: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*words: Any, **said: Any) -> Any:
            made = whole(*words, **said)
            if call == "open":
                number = made if isinstance(made, int) else made.fileno()
                names[number] = Path(words[0])
            elif call == "fsync":
                done.append((call, names[words[0]].relative_to(three)))
            else:
                done.extend((call, Path(path).relative_to(three)) for path in words[:2])
            return made

        return noted

    for call in ("fsync", "link", "replace"):
        monkeypatch.setattr(os, call, named(call, getattr(os, call)))
    monkeypatch.setattr(os, "open", named("open", os.open))
    monkeypatch.setattr("builtins.open", named("open", open))
    entry = keep(three, "four")
    monkeypatch.undo()

    def plain(path: Path) -> str:
        draft = path.parent.name == "unfinished"
        return (path.with_suffix("") if draft else path).as_posix()

    assert [(call, plain(path)) for call, path in done] == [
        ("fsync", f"unfinished/{entry.record}"),
        ("fsync", "unfinished"),
        ("fsync", "unfinished/entry"),
        ("fsync", "unfinished/head"),
        ("link", "unfinished/entry"),
        ("link", "entries/000005.json"),
        ("fsync", "entries"),
        ("replace", f"unfinished/{entry.record}"),
        ("replace", f"records/{entry.record}.json"),
        ("fsync", "records"),
        ("replace", "unfinished/head"),
        ("replace", "head.json"),
        ("fsync", "."),
    ]
