"""Runs are recorded, read back, made again and verified from the command line."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest

from grading.commands import stores
from grading.commands.common import read_inputs
from grading.commands.loaded import graded, inputs_for, load_run
from grading.engine.shapes import EngineFault
from grading.judge.method import program_of
from grading.problems import BadInput
from grading.record.chain import Entry
from grading.record.document import document
from grading.record.integrity import IntegrityBroken
from grading.record.parts import canonical
from grading.record.replays import Replays, by_pack, replay_all, replay_each
from grading.record.run_record import written
from grading.record.store import content_of, entries_of
from tests.test_bad_input import Grading, grading, home
from tests.test_store import edit

__all__ = ["grading", "home"]

ROOT = Path(__file__).parent.parent
Patch = pytest.MonkeyPatch
RUN = re.compile(r"run [0-9a-f]{12}")


@pytest.fixture(autouse=True)
def default_store(monkeypatch: Patch) -> None:
    """Where nobody says where the store is."""
    monkeypatch.delenv("GRADING_STORE")


def run_of(grading: Grading, *words: str) -> str:
    """The id that a run tells on its last line."""
    told = grading("run", "evidence", *words)
    assert (told.code, told.err) == (0, "")
    last = told.out.splitlines()[-1]
    assert RUN.fullmatch(last)
    return last.removeprefix("run ")


def record_file(home: Path, run: str, store: str = ".grading") -> Path:
    [path] = (home / store / "records").glob(f"{run}*.json")
    return path


def runs_in(home: Path) -> list[Entry]:
    """The entries of runs in the store of a test."""
    return [entry for entry in entries_of(home / ".grading") if entry.kind == "run"]


# grading run


def test_a_run_tells_its_id_on_its_last_line(home: Path, grading: Grading) -> None:
    run = run_of(grading)
    assert record_file(home, run).name.startswith(run)
    assert run_of(grading) == run
    assert run_of(grading, "--drop-kind", "survey") != run
    assert [entry.record[:12] == run for entry in runs_in(home)] == [True, True, False]


def test_the_store_is_beside_the_rules_or_else_beside_the_evidence(
    home: Path, grading: Grading, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shutil.copytree(home / "evidence", home / "inner/framework/evidence")
    run = grading("run", "inner/framework/evidence").out.splitlines()[-1].removeprefix("run ")
    assert record_file(home, run).parent == home / ".grading/records"
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(ROOT / "tests/errors_evidence/good", elsewhere / "evidence")
    told = grading("run", str(elsewhere / "evidence"), "--rules", "rules")
    assert RUN.fullmatch(told.out.splitlines()[-1])
    assert sorted(path.name for path in elsewhere.iterdir()) == [".grading", "evidence"]
    assert len(runs_in(home)) == 1


def test_the_store_is_where_it_is_said_to_be(
    home: Path, grading: Grading, monkeypatch: Patch
) -> None:
    run = run_of(grading, "--store", "one")
    monkeypatch.setenv("GRADING_STORE", str(home / "two"))
    assert run_of(grading) == run
    assert record_file(home, run, "one").read_bytes() == record_file(home, run, "two").read_bytes()
    assert not (home / ".grading").exists()


def test_no_record_is_kept_where_none_is_wanted(home: Path, grading: Grading) -> None:
    told = grading("run", "evidence", "--no-store")
    assert told.code == 0
    assert not RUN.search(told.out)
    assert grading("run", "evidence").out == f"{told.out}run {run_of(grading)}\n"
    shutil.rmtree(home / ".grading")
    grading("run", "evidence", "--no-store", "--format", "json")
    assert not (home / ".grading").exists()


def test_the_document_of_a_run_is_printed_and_nothing_else(home: Path, grading: Grading) -> None:
    told = grading("run", "evidence", "--format", "json")
    assert (told.code, told.err) == (0, "")
    assert told.out == canonical(document(read_inputs(Path("evidence")).grade()))
    [entry] = runs_in(home)
    kept = json.loads(content_of(home / ".grading", entry.record))
    assert kept["document"] == json.loads(told.out)


def test_a_report_that_is_written_to_a_file_ends_with_the_run(home: Path, grading: Grading) -> None:
    assert grading("run", "evidence", "--out", "report").out == ""
    last = (home / "report").read_text("utf-8").splitlines()[-1]
    assert last == f"run {run_of(grading)}"


def test_evidence_does_not_see_a_store_that_is_in_its_folder(home: Path, grading: Grading) -> None:
    run = run_of(grading, "--store", "evidence/.grading")
    assert run_of(grading, "--store", "evidence/.grading") == run
    assert grading("evidence", "check", "evidence").code == 0


def test_input_that_cannot_be_loaded_leaves_no_run(home: Path, grading: Grading) -> None:
    (home / "evidence/fieldwork.yaml").unlink()
    (home / "evidence/spare.yaml").write_text("a: 1\n", "utf-8")
    assert grading("run", "evidence").code == 3
    assert not (home / ".grading").exists()


def full(*words: Any, **said: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def read_only(path: Any, flags: int, *words: Any, **said: Any) -> int:
    if flags & (os.O_WRONLY | os.O_RDWR) and ".grading" in str(path):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
    return _open(path, flags, *words, **said)


_open = os.open


@pytest.mark.parametrize(
    ("call", "failing", "said"),
    [
        ("fsync", full, ".grading: No space left on device"),
        ("link", full, ".grading: No space left on device"),
        ("open", read_only, ".grading/lock: Read-only file system"),
    ],
)
def test_a_run_that_cannot_be_recorded_is_told_all_the_same(
    call: str, failing: Any, said: str, home: Path, grading: Grading, monkeypatch: Patch
) -> None:
    expected = grading("run", "evidence", "--no-store").out
    monkeypatch.setattr(os, call, failing)
    told = grading("run", "evidence")
    monkeypatch.undo()
    assert (told.code, told.out) == (7, expected)
    assert told.err == (
        f"{said}\n"
        "the run was not recorded; name another folder with --store, or --no-store to keep none\n"
    )


def test_a_store_that_is_none_is_left_alone(home: Path, grading: Grading) -> None:
    told = grading("run", "evidence", "--store", "rules")
    assert told.code == 7
    assert told.err.startswith("rules: is no run store and holds other things, such as bakery\n")
    assert [path.name for path in (home / "rules").iterdir()] == ["bakery"]
    told = grading("run", "evidence", "--store", "evidence/inspection.yaml")
    assert told.code == 2


def test_a_store_that_was_changed_is_not_written_to(home: Path, grading: Grading) -> None:
    expected = grading("run", "evidence", "--no-store").out
    run_of(grading)
    edit(home / ".grading/head.json", b'"number": 2', b'"number": 1')
    told = grading("run", "evidence")
    assert (told.code, told.out) == (5, expected)
    assert told.err.splitlines() == [
        ".grading/head.json:1:1: A124 the head is not written as heads are"
        " (`grading audit verify` says all that was changed)",
        "the run was not recorded",
    ]


def test_a_clock_shows_in_the_log_alone(home: Path, grading: Grading, monkeypatch: Patch) -> None:
    run = run_of(grading)

    class Later(stores.datetime):  # type: ignore[name-defined,misc]
        @classmethod
        def now(cls, zone: Any = None) -> Any:
            return cls(2031, 12, 24, 18, 30, tzinfo=zone)

    monkeypatch.setattr(stores, "datetime", Later)
    assert run_of(grading) == run
    assert runs_in(home)[1].at == "2031-12-24T18:30:00Z"


# RUN or EVIDENCE


def same(one: Any, other: Any) -> bool:
    return canonical(document(one)) == canonical(document(other))


def test_a_run_is_graded_by_its_id_its_file_or_its_evidence(home: Path, grading: Grading) -> None:
    run = run_of(grading)
    expected = read_inputs(Path("evidence")).grade()
    shutil.copy(record_file(home, run), home / "record.json")
    for reference in (run, run[:4], record_file(home, run).stem, "record.json", "evidence"):
        assert same(graded(Path(reference)), expected)
        assert inputs_for(Path(reference)).evidence.contents == (
            inputs_for(Path("evidence")).evidence.contents
        )
    assert load_run(Path("record.json")).id == record_file(home, run).stem


def test_a_run_is_as_it_was_when_its_evidence_and_rules_are_gone(
    home: Path, grading: Grading
) -> None:
    run = run_of(grading, "--drop-kind", "survey")
    expected = read_inputs(Path("evidence"), dropped=["survey"]).grade()
    for folder in ("evidence", "rules"):
        shutil.rmtree(home / folder)
    assert same(graded(Path(run)), expected)
    assert grading("replay", run).code == 0


def test_a_folder_is_evidence_even_where_its_name_could_be_a_run(
    home: Path, grading: Grading
) -> None:
    run = run_of(grading)
    shutil.copytree(home / "evidence", home / run)
    edit(home / run / "metrics.csv", b",120,", b",121,")
    assert graded(Path(run)).derivation.indicators["loaves-a-day"].value == 121
    with pytest.raises(BadInput, match="E401 there is no such folder"):
        graded(Path("xyz"))
    with pytest.raises(BadInput, match="E804 there is no run `abcd` in the store"):
        graded(Path("abcd"))


@pytest.mark.parametrize(
    "options",
    [
        {"as_of": date(2020, 6, 1)},
        {"dropped": ["survey"]},
        {"rules": Path("rules")},
        {"table": Path("t.csv")},
    ],
    ids=str,
)
def test_a_run_has_its_own_date_kinds_rules_and_table(
    options: dict[str, Any], home: Path, grading: Grading
) -> None:
    run = Path(run_of(grading))
    for ask in (graded, inputs_for):
        with pytest.raises(click.UsageError, match="is for evidence: a run has its own date"):
            ask(run, **options)
        ask(Path("evidence"), **{k: v for k, v in options.items() if k != "table"})


# grading replay


def test_a_run_is_made_again_to_the_same_bytes(home: Path, grading: Grading) -> None:
    run = run_of(grading)
    shutil.copy(record_file(home, run), home / "record.json")
    for reference in (run, "record.json"):
        told = grading("replay", reference)
        assert (told.code, told.err) == (0, "")
        size = len(grading("run", "evidence", "--format", "json").out.encode())
        assert told.out.startswith(f"run {run}: the same {size:,} bytes, SHA-256 ")


def put(*path: str, value: Any) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        *outer, last = path
        for key in outer:
            data = data[key]
        data[last] = value

    return change


def rewrite(path: Path, change: Callable[[Any], None]) -> None:
    data = json.loads(path.read_bytes())
    change(data)
    text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    path.write_text(text, "utf-8")


def test_a_run_that_comes_to_something_else_is_told_with_the_first_difference(
    home: Path, grading: Grading
) -> None:
    shutil.copy(record_file(home, run_of(grading)), home / "record.json")
    rewrite(
        home / "record.json",
        put("document", "judgments", "bread", "final", value="outstanding"),
    )
    told = grading("replay", "record.json")
    assert (told.code, told.out) == (5, "")
    assert told.err == (
        "record.json:1:1: A104 the run does not come out as recorded: at /judgments/bread/final the"
        ' record has "outstanding", the run "good" (the record or the program was changed)\n'
    )
    with pytest.raises(IntegrityBroken):
        graded(Path("record.json"))


def test_a_run_of_other_software_that_comes_out_the_same_says_which(
    home: Path, grading: Grading
) -> None:
    shutil.copy(record_file(home, run_of(grading)), home / "record.json")
    rewrite(home / "record.json", put("software", "inspection_grading", value="0.0.9"))
    told = grading("replay", "record.json")
    assert told.code == 0
    assert told.out.splitlines()[1].startswith("recorded by 0.0.9 on durable-rules ")


@pytest.mark.parametrize(
    ("reference", "code", "said"),
    [
        ("evidence", 3, "E102 this is a folder, not a file"),
        ("evidence/inspection.yaml", 3, "E801 this is no run record"),
        ("nothing.json", 3, "E101 there is no such file"),
        ("0123", 3, "E804 there is no run `0123` in the store"),
    ],
)
def test_what_is_no_run_is_not_made_again(
    reference: str, code: int, said: str, home: Path, grading: Grading
) -> None:
    run_of(grading)
    told = grading("replay", reference)
    assert (told.code, told.out) == (code, "")
    assert said in told.err


# grading audit


def test_the_log_lists_every_run_and_the_head(home: Path, grading: Grading) -> None:
    runs = [run_of(grading), run_of(grading, "--as-of", "2020-06-01"), run_of(grading)]
    evidence, *lines, last = grading("audit", "log").out.splitlines()
    expected = [
        f"     {n}  {entry.at}  run         run {run}  crumb-2020 as of {entry.about.as_of},"
        " bakery 1.0.0"
        for n, (run, entry) in enumerate(zip(runs, runs_in(home), strict=True), start=2)
    ]
    assert lines == expected
    assert "2020-06-01" in lines[1]
    digest = load_run(Path(runs[0])).record.inputs.evidence.digest
    assert re.sub("20..-..-..T..:..:..Z", "AT", evidence) == (
        f"     1  AT  evidence    run {runs[0]}  crumb-2020 as of 2020-06-30, bakery 1.0.0:"
        f" evidence {digest[:12]}"
    )
    plain = json.loads(grading("audit", "log", "--format", "json").out)
    assert [entry["record"][:12] for entry in plain] == [runs[0], *runs]
    assert plain[2]["about"] == {
        "as_of": "2020-06-01",
        "body": "Crumb & Sons",
        "inspection": "crumb-2020",
        "pack": "bakery",
        "pack_version": "1.0.0",
    }
    assert last == f"4 entries; head {plain[-1]['digest']}"


def test_the_store_is_found_from_any_folder_below_it(
    home: Path, grading: Grading, monkeypatch: Patch
) -> None:
    run = run_of(grading)
    monkeypatch.chdir(home / "rules/bakery")
    assert run in grading("audit", "log").out
    assert grading("replay", run).code == 0
    told = grading("audit", "log", "--store", "nowhere")
    assert (told.code, told.out) == (3, "")
    assert told.err.startswith("nowhere:1:1: E806 there is no run store here")


def test_a_run_is_shown_with_the_digest_of_each_of_its_files(home: Path, grading: Grading) -> None:
    run = run_of(grading, "--drop-kind", "survey")
    lines = grading("audit", "show", run).out.splitlines()
    record = json.loads(grading("audit", "show", run, "--format", "json").out)
    assert json.loads(record_file(home, run).read_bytes()) == record
    assert lines[0] == f"run {record_file(home, run).stem}"
    assert {"as of 2020-06-30", "without survey", "  good  bread"} <= set(lines)
    for part in ("evidence", "pack"):
        folder = record["inputs"][part]
        what = "rules" if part == "pack" else part
        assert f"{what} {folder['label']}, SHA-256 {folder['digest']}" in lines
        for name, file in folder["files"].items():
            assert f"  {file['sha256']}  {name}" in lines


def test_a_sound_store_is_verified_with_its_head(home: Path, grading: Grading) -> None:
    run_of(grading)
    first = json.loads(grading("audit", "log", "--format", "json").out)[-1]["digest"]
    run_of(grading)
    for words in ([], ["--replay"], ["--head", first], ["--head", first[:8], "--replay"]):
        told = grading("audit", "verify", *words)
        assert (told.code, told.err) == (0, "")
        out = ", and come out again" if "--replay" in words else ""
        assert told.out.splitlines()[0] == f"3 entries and 1 record are as they were written{out}"
    told = grading("audit", "verify", "--head", "0" * 8)
    assert told.code == 5
    assert "A126 no entry has the digest `00000000` that was noted" in told.out


def test_runs_by_several_packs_are_made_again_each_by_its_own(
    home: Path, grading: Grading, monkeypatch: Patch
) -> None:
    compiled: list[Any] = []

    def counting(pack: Any) -> Any:
        compiled.append(pack.digest)
        return program_of(pack)

    runs = []
    for threshold in (b"10", b"10", b"10", b"200"):
        edit(home / "rules/bakery/bread.yaml", b"at-least: 10", b"at-least: " + threshold)
        kinds = [[], ["--drop-kind", "survey"]]
        runs.append([record_file(home, run_of(grading, *words)).stem for words in kinds])
    told = grading("audit", "verify", "--replay")
    assert told.out.splitlines()[0] == (
        "9 entries and 4 records are as they were written, and come out again"
    )
    store = home / ".grading"
    groups = by_pack(store, [run for pair in runs for run in pair])
    assert groups == [(*runs[0], *runs[1], *runs[2]), tuple(runs[3])]
    monkeypatch.setattr("grading.record.inputs.program_of", counting)
    for group in groups:
        assert replay_each(store, group) == Replays()
    assert len(compiled) == len(set(compiled)) == 2


def test_runs_by_each_pack_are_made_again_in_a_process_of_their_own(
    home: Path, grading: Grading, monkeypatch: Patch
) -> None:
    # what is compiled here is compiled in no other process, and the engine keeps it for good
    for threshold in ("10", "200"):
        run_of(grading)
        edit(home / "rules/bakery/bread.yaml", b"at-least: 10", f"at-least: {threshold}".encode())
    run_of(grading)

    def refused(pack: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr("grading.record.inputs.program_of", refused)
    assert grading("audit", "verify", "--replay").code == 0


def test_a_fault_of_the_engine_in_a_run_made_again_is_told_as_one_and_saved(
    home: Path, grading: Grading, monkeypatch: Patch
) -> None:
    run = record_file(home, run_of(grading)).stem

    def fault(*words: Any) -> Any:
        raise EngineFault("fired twice")

    assert replay_each(home / ".grading", [run]) == Replays()
    monkeypatch.setattr("grading.record.replays.replay", fault)
    assert replay_each(home / ".grading", [run]) == Replays((), run)
    monkeypatch.setattr("grading.record.replays.replay_each", faulty)
    told = grading("audit", "verify", "--replay")
    assert (told.code, told.out) == (6, "")
    assert told.err.startswith("engine and definition disagree, nothing was graded: fired twice\n")
    monkeypatch.undo()
    monkeypatch.delenv("GRADING_STORE")
    monkeypatch.chdir(home)
    monkeypatch.setattr("grading.record.replays.replay_each", faulty)
    with pytest.raises(EngineFault, match=f"the engine failed in run {run}, and then did not"):
        replay_all(home / ".grading", [run])


def faulty(store: Path, runs: tuple[str, ...]) -> Replays:
    """A replay in which the engine failed."""
    return Replays((), runs[0])


def test_a_changed_record_is_named_with_the_file_in_it_that_was_changed(
    home: Path, grading: Grading
) -> None:
    path = record_file(home, run_of(grading)).relative_to(home)
    edit(home / path, b",120,", b",121,")
    told = grading("audit", "verify")
    assert (told.code, told.err) == (5, "")
    assert told.out.splitlines() == [
        f"{path}:1:1: A101 `metrics.csv` of `evidence` is not what its digest says"
        " (get the record from its store)",
        f"{path}:1:1: A111 the record was changed, or is under another name"
        " (restore it from a copy of the store)",
        "2 problems; the store is not as it was written",
    ]
    plain = json.loads(grading("audit", "verify", "--format", "json").out)
    assert [problem["code"] for problem in plain["problems"]] == ["A101", "A111"]
    for command in (["replay"], ["audit", "show"]):
        told = grading(*command, path.stem)
        assert (told.code, told.out) == (5, "")
        assert "A111 the record was changed" in told.err


def test_a_record_that_was_never_a_run_is_found_by_making_it_again(
    home: Path, grading: Grading, monkeypatch: Patch
) -> None:
    run_of(grading)

    def forged(record: Any) -> bytes:
        data = json.loads(written(record))
        put("document", "judgments", "bread", "final", value="outstanding")(data)
        return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

    monkeypatch.setattr("grading.commands.stores.written", forged)
    run_of(grading)
    assert grading("audit", "verify").code == 0
    told = grading("audit", "verify", "--replay")
    assert told.code == 5
    assert "A104 the run does not come out as recorded" in told.out
