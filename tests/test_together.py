"""An import is all there or not at all: killed, out of space, refused, or beside another at work."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import stat
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from grading.__main__ import main
from grading.commands.common import load
from grading.evidence import together
from grading.evidence.reader import read_evidence
from grading.evidence.together import NotComplete, complete, create, replace, seen, unfinished
from tests.sheets import Tree, bakery_book, edit, good, tree
from tests.test_bad_input import Grading, Told, grading, home

__all__ = ["bakery_book", "good", "grading", "home"]

COMPLETE = "complete it: grading evidence import --into evidence"
INTERRUPTED = (
    "evidence/.accepted-import:1:1: E719 an import was interrupted when some of its files were in"
    f" place and some not ({COMPLETE})"
)
NEW = {"a.csv": b"new a", "b.csv": b"new b", "c.csv": b"c, which is new"}
OLD = {"a.csv": b"old a", "b.csv": b"old b", "moderation.yaml": b"m", ".hidden": b"h"}
AFTER = {**OLD, **NEW}


def shown(folder: Path) -> Tree:
    """The files of a folder but for what an import keeps there while it is at work."""
    found = tree(folder) if folder.exists() else {}
    return {name: said for name, said in found.items() if "-import" not in name.partition("/")[0]}


def in_a_child(act: Callable[[], object]) -> Told:
    """What came of a process that did this; where a signal ended it, its code is minus the signal."""
    ends = [os.pipe() for _ in ("out", "err")]
    child = os.fork()
    if child == 0:
        code = 99
        try:
            sys.stdout, sys.stderr = (os.fdopen(end[1], "w") for end in ends)
            act()
            code = 0
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    said = []
    for reading, writing in ends:
        os.close(writing)
        with os.fdopen(reading) as pipe:
            said.append(pipe.read())
    return Told(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), *said)


def killed_at_line(number: int, act: Callable[[], object]) -> int:
    """A process that did this and was killed before the line of this number, of all that it ran.

    Lines of the module that changes folders count, and those of what it calls to remove them.
    """

    def child() -> None:
        left = number

        def trace(frame: FrameType, event: str, _: object) -> Any:
            nonlocal left
            if frame.f_code.co_filename not in (together.__file__, shutil.__file__):
                return None
            if event == "line":
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

        sys.settrace(trace)
        act()

    told = in_a_child(child)
    assert told.code in (0, -signal.SIGKILL), told.err
    return told.code


def every_kill(act: Callable[[], object], begin: Callable[[], object]) -> Iterator[int]:
    """The number of each line at which the process was killed, after it was."""
    number = 1
    begin()
    while killed_at_line(number, act):
        yield number
        begin()
        number += 1


def filled(folder: Path, files: Tree) -> None:
    """The folder is there anew, with these files and a folder in it."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "more").mkdir(parents=True)
    for name, said in files.items():
        (folder / name).write_bytes(said)
    (folder / "a.csv").chmod(0o640)


def test_a_folder_is_old_or_new_at_whichever_line_the_change_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "e"
    outcomes = []
    for _ in every_kill(lambda: replace(folder, NEW, seen(folder)), lambda: filled(folder, OLD)):
        others = {n: (folder / n).stat().st_mtime_ns for n in ("moderation.yaml", ".hidden")}
        if unfinished(folder):
            complete(folder)
            assert tree(folder) == AFTER
            outcomes.append("accepted")
        else:
            assert shown(folder) in (OLD, AFTER)
            outcomes.append("old" if shown(folder) == OLD else "new")
        # whatever was left, the same change made again is made, and leaves nothing behind
        assert replace(folder, NEW, seen(folder))
        assert tree(folder) == AFTER
        assert sorted(path.name for path in folder.iterdir()) == sorted([*AFTER, "more"])
        assert stat.S_IMODE((folder / "a.csv").stat().st_mode) == 0o640
        assert others == {n: (folder / n).stat().st_mtime_ns for n in others}
    assert sorted(set(outcomes)) == ["accepted", "new", "old"]
    assert outcomes == sorted(outcomes, key=["old", "accepted", "new"].index)


def test_completing_a_change_may_be_killed_at_any_line_and_again(tmp_path: Path) -> None:
    folder = tmp_path / "e"

    def begin() -> None:
        filled(folder, OLD)
        (folder / ".staged-import-of-another").mkdir()
        (folder / ".staged-import-of-another" / "a.csv").write_bytes(b"abandoned")
        (folder / ".accepted-import").mkdir()
        for name, said in NEW.items():
            (folder / ".accepted-import" / name).write_bytes(said)

    kills = 0
    for number in every_kill(lambda: complete(folder), begin):
        kills += 1
        if unfinished(folder):
            killed_at_line(number, lambda: complete(folder))
        if unfinished(folder):
            complete(folder)
        assert tree(folder) == AFTER
        assert sorted(path.name for path in folder.iterdir()) == sorted([*AFTER, "more"])
    assert kills > 30


def test_a_new_folder_is_there_whole_or_not_at_all_at_whichever_line_it_is_killed(
    tmp_path: Path,
) -> None:
    home, folder = tmp_path / "home", tmp_path / "home" / "deep" / "e"

    def begin() -> None:
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()

    outcomes = []
    for _ in every_kill(lambda: create(folder, NEW), begin):
        assert not folder.exists() or tree(folder) == NEW
        outcomes.append(folder.exists())
        if not folder.exists():
            create(folder, NEW)
            assert tree(home) == {f"deep/e/{name}": said for name, said in NEW.items()}
            assert [path.name for path in folder.parent.iterdir()] == ["e"]
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {False, True}


# the order in which things reach the disk

CALLS = ("mkdir", "rename", "replace", "rmdir", "fsync")


def listening(monkeypatch: pytest.MonkeyPatch, tell: Callable[[str, Any], object]) -> None:
    """Each step on the way to the disk is told before it is taken: its name, and on what."""

    def wrapped(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def told(what: Any, *more: Any, **named: Any) -> Any:
            tell(name, what)
            return call(what, *more, **named)

        return told

    for name in CALLS:
        monkeypatch.setattr(os, name, wrapped(name, getattr(os, name)))
    write = Path.open

    def opened(path: Path, mode: str = "r", *more: Any, **named: Any) -> Any:
        if mode != "r":
            tell("open", path)
        return write(path, mode, *more, **named)

    monkeypatch.setattr(Path, "open", opened)


def test_what_counts_is_on_the_disk_before_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "e"
    filled(folder, OLD)
    steps: list[str] = []

    def tell(name: str, what: Any) -> None:
        if name == "fsync":
            node = os.fstat(what).st_ino
            paths = [folder, *folder.rglob("*")]
            what = next(path for path in paths if path.lstat().st_ino == node)
        named = Path(what).relative_to(tmp_path).as_posix()
        start, staged, end = named.partition(".staged-import-")
        steps.append(f"{name} {start}{staged and 'staged' + end[16:]}")

    listening(monkeypatch, tell)
    assert replace(folder, {"a.csv": b"1", "b.csv": b"2"}, seen(folder))
    assert steps == [
        "mkdir e/staged",
        "open e/staged/a.csv",
        "fsync e/staged/a.csv",
        "open e/staged/b.csv",
        "fsync e/staged/b.csv",
        "fsync e/staged",
        "rename e/staged",
        "fsync e",
        "replace e/.accepted-import/a.csv",
        "replace e/.accepted-import/b.csv",
        "fsync e/.accepted-import",
        "fsync e",
        "rmdir e/.accepted-import",
        "fsync e",
    ]


# the command


@pytest.fixture
def changed(good: Path, home: Path) -> tuple[Path, Tree, Tree]:
    """The folder, and its files before and after an import that changes two of them."""
    edit(good, "metrics", D2=130)
    edit(good, "surveys", E2=81)
    folder = home / "evidence"
    (folder / ".note").write_text("kept")
    (folder / "metrics.csv").chmod(0o600)
    before = tree(folder)
    after = {
        **before,
        "metrics.csv": before["metrics.csv"].replace(b",120,", b",130,"),
        "surveys.csv": before["surveys.csv"].replace(b",80,", b",81,"),
    }
    assert {name for name in before if before[name] != after[name]} == {
        "metrics.csv",
        "surveys.csv",
    }
    return folder, before, after


IMPORT = ("evidence", "import", "good.xlsx", "--into", "evidence")
READING = (
    ("run", "evidence"),
    ("explain", "evidence", "overall"),
    ("what-if", "evidence", "--without-source", "method=interview"),
    ("evidence", "gaps", "evidence"),
    ("evidence", "export", "evidence", "--out", "x.xlsx"),
)


def anew(folder: Path, files: Tree) -> None:
    """The folder of the command's tests is as it was at first."""
    shutil.rmtree(folder)
    folder.mkdir()
    for name, said in files.items():
        (folder / name).write_bytes(said)
    (folder / "metrics.csv").chmod(0o600)


def test_an_import_that_is_killed_at_any_step_is_read_old_or_new_or_refused(
    changed: tuple[Path, Tree, Tree], grading: Grading
) -> None:
    folder, before, after = changed

    def killed(number: int) -> Callable[[], object]:
        def child() -> None:
            left = number

            def tell(name: str, what: object) -> None:
                nonlocal left
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

            listening(pytest.MonkeyPatch(), tell)
            sys.argv = ["grading", *IMPORT]
            main()

        return child

    number, outcomes = 1, []
    while (ended := in_a_child(killed(number))).code != 0:
        assert ended == Told(-signal.SIGKILL, "", "")
        told = grading("evidence", "check", "evidence")
        if told.code == 3:
            assert told == Told(3, "", f"{INTERRUPTED}\n1 problem; nothing was graded\n")
            for command in READING:
                assert grading(*command).problems == [INTERRUPTED]
            outcomes.append("refused")
        else:
            assert (told.code, told.err) == (0, "")
            assert shown(folder) in (before, after)
            outcomes.append("old" if shown(folder) == before else "new")
        again = grading(*IMPORT)
        assert again.code == 0
        assert ("interrupted" in again.err) == (outcomes[-1] == "refused")
        assert tree(folder) == after
        assert sorted(path.name for path in folder.iterdir()) == sorted(after)
        assert stat.S_IMODE((folder / "metrics.csv").stat().st_mode) == 0o600
        anew(folder, before)
        number += 1
    assert outcomes == sorted(outcomes, key=["old", "refused", "new"].index)
    assert set(outcomes) == {"old", "refused", "new"}


def test_a_disk_that_is_full_at_any_step_changes_nothing_or_can_be_completed(
    changed: tuple[Path, Tree, Tree], grading: Grading, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, before, after = changed
    number, outcomes, full = 1, [], set()
    while True:
        left = number

        def tell(name: str, what: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with monkeypatch.context() as patched:
            listening(patched, tell)
            told = grading(*IMPORT)
        if left > 0:
            break
        if told.code == 0:  # only what is cleared away in the end could not be
            assert tree(folder) == after
            outcomes.append("done")
        elif "nothing was written" in told.err:
            assert (told.code, told.out) == (7, "")
            place, _, said = told.err.partition(": ")
            assert said == "No space left on device; nothing was written\n"
            full.add(place)
            assert sorted(path.name for path in folder.iterdir()) == sorted(before)
            assert tree(folder) == before
            outcomes.append("old")
        else:
            assert (told.code, told.out) == (7, "")
            reason = "No space left on device; the import is accepted and not complete"
            assert told.err == f"evidence: {reason} ({COMPLETE})\n"
            if unfinished(folder):
                assert grading("run", "evidence").problems == [INTERRUPTED]
                done = grading("evidence", "import", "--into", "evidence")
                assert done.code == 0
                written = [line.removeprefix("written    ") for line in done.out.splitlines()]
                assert set(written) <= {"evidence/metrics.csv", "evidence/surveys.csv"}
            assert tree(folder) == after
            assert sorted(path.name for path in folder.iterdir()) == sorted(after)
            outcomes.append("accepted")
        anew(folder, before)
        number += 1
    assert told.code == 0
    assert outcomes == sorted(outcomes, key=["old", "accepted", "done"].index)
    assert set(outcomes) == {"old", "accepted", "done"}
    assert full == {"evidence", tempfile.gettempdir()}


@pytest.mark.parametrize("into", ["evidence", "new"])
def test_a_file_that_cannot_be_written_whole_is_not_written(
    into: str, changed: tuple[Path, Tree, Tree], home: Path
) -> None:
    """The operating system itself ends the writing, after so many bytes of a file."""
    _, before, _ = changed
    codes = []
    for most in (0, 1, 100, 300, 100_000):

        def child() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))  # noqa: B023
            sys.argv = ["grading", "evidence", "import", "good.xlsx", "--into", into]
            main()

        told = in_a_child(child)
        codes.append(told.code)
        if told.code:
            assert told.out == ""
            assert told.err.endswith(": File too large; nothing was written\n")
            assert tree(home / "evidence") == before
            assert sorted(p.name for p in home.iterdir()) == ["evidence", "good.xlsx", "rules"]
    assert codes == [7, 7, 7, 7, 0]


def test_a_folder_that_may_not_be_written_is_left_and_named(
    changed: tuple[Path, Tree, Tree],
) -> None:
    folder, before, _ = changed
    with tempfile.TemporaryDirectory() as shelter:
        place = Path(shelter)
        for made in (folder, folder.parent / "rules"):
            shutil.copytree(made, place / made.name)
        shutil.copy(folder.parent / "good.xlsx", place)
        for path in (place, *place.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)

        def child() -> None:
            os.chdir(place)
            if os.geteuid() == 0:  # whom permissions do not keep from writing
                os.setgid(65534)
                os.setuid(65534)
            sys.argv = ["grading", *IMPORT]
            main()

        said = "evidence: Permission denied; nothing was written\n"
        assert in_a_child(child) == Told(7, "", said)
        assert tree(place / "evidence") == before
        for path in (place, *place.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.mark.parametrize("into", ["new", "deep/down/new"])
def test_a_new_folder_that_fails_leaves_nothing(
    into: str, good: Path, home: Path, grading: Grading, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "rename", fail)
    told = grading("evidence", "import", "good.xlsx", "--into", into)
    assert told == Told(7, "", f"{into}: No space left on device; nothing was written\n")
    assert sorted(path.name for path in home.iterdir()) == ["evidence", "good.xlsx", "rules"]


# what was interrupted


def interrupted(folder: Path, after: Tree) -> None:
    """One of two files of an import is in its place, the other is not."""
    (folder / ".accepted-import").mkdir()
    (folder / ".accepted-import" / "surveys.csv").write_bytes(after["surveys.csv"])
    (folder / "metrics.csv").write_bytes(after["metrics.csv"])


def test_an_interrupted_import_is_completed_without_its_workbook(
    changed: tuple[Path, Tree, Tree], grading: Grading
) -> None:
    folder, _, after = changed
    interrupted(folder, after)
    told = grading("evidence", "import", "--into", "evidence")
    said = "evidence: the import that was interrupted is complete (surveys.csv)\n"
    assert told == Told(0, "written    evidence/surveys.csv\n", said)
    assert tree(folder) == after
    again = grading("evidence", "import", "--into", "evidence")
    assert (again.code, again.out) == (2, "")
    assert again.err.endswith(
        "Error: name the files to read: no import into `evidence` is unfinished\n"
    )


def test_an_interrupted_import_is_completed_before_another_that_is_wrong(
    changed: tuple[Path, Tree, Tree], home: Path, grading: Grading
) -> None:
    folder, _, after = changed
    interrupted(folder, after)
    edit(home / "good.xlsx", "metrics", D2="many")
    told = grading(*IMPORT)
    assert told == Told(
        3,
        "",
        "evidence: the import that was interrupted is complete (surveys.csv)\n"
        "good.xlsx#metrics!D2: E171 `many` is not a number"
        " (write digits and a point alone, such as 1234.5)\n"
        "1 problem; nothing was written\n",
    )
    assert tree(folder) == after


@pytest.mark.parametrize("what", ["a file", "a link to a folder", "a link to nothing"])
def test_what_only_has_the_name_of_an_import_moves_no_files(
    what: str, changed: tuple[Path, Tree, Tree], home: Path, grading: Grading
) -> None:
    folder, before, _ = changed
    accepted = folder / ".accepted-import"
    (home / "other").mkdir()
    (home / "other" / "metrics.csv").write_text("mine")
    if what == "a file":
        accepted.write_text("x")
    else:
        accepted.symlink_to(home / ("other" if what == "a link to a folder" else "nowhere"))
    line = "evidence/.accepted-import:1:1: E719 this is nothing that an import left (delete it)"
    assert grading("run", "evidence").problems == [line]
    for files in ((), ("good.xlsx",)):
        told = grading("evidence", "import", *files, "--into", "evidence")
        assert told == Told(3, "", f"{line}\n1 problem; nothing was written\n")
    assert (home / "other" / "metrics.csv").read_text() == "mine"
    accepted.unlink()
    assert tree(folder) == before


# beside others at work

CHANGED = "evidence:1:1: E720 the folder changed while it was read (run the command again)"


def test_an_import_into_a_folder_that_changes_meanwhile_is_refused(
    changed: tuple[Path, Tree, Tree], grading: Grading, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, before, _ = changed

    def and_somebody_saves(*words: Any, **named: Any) -> Any:
        (folder / "previous.yaml").write_bytes(before["previous.yaml"] + b"# later\n")
        return load(*words, **named)

    monkeypatch.setattr("grading.commands.evidence_import.load", and_somebody_saves)
    told = grading(*IMPORT)
    assert told == Told(3, "", f"{CHANGED}\n1 problem; nothing was written\n")
    assert tree(folder) == {**before, "previous.yaml": before["previous.yaml"] + b"# later\n"}
    assert sorted(path.name for path in folder.iterdir()) == sorted(before)


def test_evidence_into_which_something_is_imported_while_it_is_read_is_not_graded(
    changed: tuple[Path, Tree, Tree], grading: Grading, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _, after = changed

    def and_an_import(*words: Any) -> Any:
        files = {name: after[name] for name in ("metrics.csv", "surveys.csv")}
        assert replace(folder, files, seen(folder))
        return read_evidence(*words)

    monkeypatch.setattr("grading.evidence.load.read_evidence", and_an_import)
    assert grading("run", "evidence") == Told(3, "", f"{CHANGED}\n1 problem; nothing was graded\n")
    assert tree(folder) == after


def test_of_two_imports_at_once_the_second_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "e"
    filled(folder, OLD)
    before = seen(folder)
    assert replace(folder, {"a.csv": b"first"}, before)
    assert not replace(folder, {"b.csv": b"second"}, before)
    assert tree(folder) == {**OLD, "a.csv": b"first"}
    assert sorted(path.name for path in folder.iterdir()) == sorted([*OLD, "more"])


def test_what_an_import_sweeps_away_cannot_be_accepted_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another import completes just before this one is accepted: of this one nothing is taken."""
    folder = tmp_path / "e"
    filled(folder, OLD)
    real = os.rename
    others: list[Path] = []

    def beside_another(old: Path, new: Path) -> None:
        if not others:
            others.append(new)
            assert replace(folder, {"b.csv": b"of the other"}, seen(folder))
        real(old, new)

    monkeypatch.setattr(os, "rename", beside_another)
    with pytest.raises(FileNotFoundError):
        replace(folder, {"a.csv": b"of this one"}, seen(folder))
    assert tree(folder) == {**OLD, "b.csv": b"of the other"}
    assert sorted(path.name for path in folder.iterdir()) == sorted([*OLD, "more"])


def test_of_what_is_being_swept_away_no_half_can_be_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sweeping is interrupted with a part removed, when nothing else keeps this import from going on."""
    folder = tmp_path / "e"
    filled(folder, OLD)
    (folder / ".accepted-import").mkdir()
    real = os.rename
    swept: list[Path] = []

    def a_part(path: Path) -> None:
        swept.append(path)
        next(path.iterdir()).unlink()
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    def beside_another(old: Path, new: Path) -> None:
        if not swept and new.name == ".accepted-import":
            with monkeypatch.context() as patched:
                patched.setattr(shutil, "rmtree", a_part)
                with pytest.raises(OSError, match="Input/output"):
                    complete(folder)
        real(old, new)

    monkeypatch.setattr(os, "rename", beside_another)
    with pytest.raises(FileNotFoundError):
        replace(folder, NEW, seen(folder))
    assert len(swept) == 1
    assert complete(folder) == []
    assert tree(folder) == OLD
    assert sorted(path.name for path in folder.iterdir()) == sorted([*OLD, "more"])


@pytest.mark.parametrize("call", ["replace", "rmdir", "rename"])
def test_two_may_complete_one_import(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "e"
    filled(folder, OLD)
    (folder / ".staged-import-of-another").mkdir()
    (folder / ".accepted-import").mkdir()
    for name, said in NEW.items():
        (folder / ".accepted-import" / name).write_bytes(said)
    real = getattr(os, call)
    others: list[object] = []

    def beside_another(*paths: Path, **named: Any) -> None:
        if not others:
            others.append(complete)
            complete(folder)
        real(*paths, **named)

    monkeypatch.setattr(os, call, beside_another)
    mine = complete(folder)
    assert set(mine) <= set(NEW)
    assert others
    assert tree(folder) == AFTER
    assert sorted(path.name for path in folder.iterdir()) == sorted([*AFTER, "more"])


def test_what_another_sweeps_together_while_one_completes_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "e"
    filled(folder, OLD)
    (folder / ".accepted-import").mkdir()
    real = os.rmdir
    others: list[Path] = []

    def beside_another(path: Path, **named: Any) -> None:
        if not others:
            others.append(path)
            (folder / ".accepted-import" / ".staged-import-of-a-third").mkdir()
        real(path, **named)

    monkeypatch.setattr(os, "rmdir", beside_another)
    assert complete(folder) == []
    assert sorted(path.name for path in folder.iterdir()) == sorted([*OLD, "more"])


def test_a_network_drive_that_syncs_no_folders_is_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "e"
    filled(folder, OLD)
    real = os.fsync

    def files_alone(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", files_alone)
    assert replace(folder, NEW, seen(folder))
    assert tree(folder) == AFTER
    monkeypatch.setattr(os, "fsync", real)


def test_what_cannot_be_completed_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "two words"
    filled(folder, OLD)

    def fail(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", fail)
        with pytest.raises(NotComplete) as caught:
            replace(folder, NEW, seen(folder))
    assert str(caught.value) == (
        f"{folder}: Input/output error; the import is accepted and not complete"
        f" (complete it: grading evidence import --into '{folder}')"
    )
    assert complete(folder) == sorted(NEW)
    assert tree(folder) == AFTER
    assert complete(folder) == []
