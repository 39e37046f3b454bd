"""What the log of a store tells besides runs, from the command line: evidence, decisions, reports."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from grading.commands.loaded import load_run
from grading.record.appending import append
from grading.record.chain import Entry
from grading.record.parts import canonical_json
from grading.record.store import entries_of
from grading.record.taken import taken_in
from grading.source.folder import sha256
from tests.test_audit import (
    default_store,
    full,
    put,
    read_only,
    record_file,
    rewrite,
    run_of,
)
from tests.test_bad_input import Grading, grading, home
from tests.test_store import DAY, edit

__all__ = ["default_store", "grading", "home"]

Patch = pytest.MonkeyPatch
MERCY = {"id": "m-1", "from": "good", "to": "outstanding"}
DISPUTE = {"id": "c-1", "disputes": "fw-1", "answer": None}


def entries(home: Path) -> list[Entry]:
    return list(entries_of(home / ".grading"))


def kinds(home: Path) -> list[str]:
    return [entry.kind for entry in entries(home)]


@pytest.fixture
def decided(home: Path, grading: Grading) -> str:
    """The id of a run with a change and a dispute, before which there was one with neither."""
    path = record_file(home, run_of(grading))
    about = entries(home)[0].about
    copy = home / "record.json"
    shutil.copy(path, copy)
    rewrite(copy, put("document", "moderation", value=[MERCY]))
    rewrite(copy, put("document", "challenges", value=[DISPUTE]))
    content = copy.read_bytes()
    append(home / ".grading", content, about, DAY, taken_in(content).everything)
    return sha256(content)


# audit log, audit show


def test_the_log_tells_each_kind_and_what_it_is_of(
    home: Path, grading: Grading, decided: str
) -> None:
    first = entries(home)[0]
    assert first.subject is not None
    run, evidence = first.record[:12], first.subject.sha256[:12]
    mercy, dispute = (sha256(canonical_json(part).encode())[:12] for part in (MERCY, DISPUTE))
    about = "crumb-2020 as of 2020-06-30, bakery 1.0.0"
    lines = re.sub("20..-..-..T..:..:..Z", "AT", grading("audit", "log").out).splitlines()
    assert lines == [
        f"     1  AT  evidence    run {run}  {about}: evidence {evidence}",
        f"     2  AT  run         run {run}  {about}",
        f"     3  AT  moderation  run {decided[:12]}  {about}: m-1 {mercy}",
        f"     4  AT  challenge   run {decided[:12]}  {about}: c-1 {dispute}",
        f"     5  AT  run         run {decided[:12]}  {about}",
        f"5 entries; head {entries(home)[-1].digest}",
    ]


def test_the_log_is_asked_for_some_kinds(home: Path, grading: Grading, decided: str) -> None:
    lines = grading("audit", "log").out.splitlines()
    head = f"5 entries; head {entries(home)[-1].digest}"
    assert lines[-1] == head
    told = grading("audit", "log", "--kind", "run").out.splitlines()
    assert told == [lines[1], lines[4], f"2 of {head}"]
    told = grading("audit", "log", "--kind", "challenge", "--kind", "evidence").out.splitlines()
    assert told == [lines[0], lines[3], f"2 of {head}"]
    assert grading("audit", "log", "--kind", "report").out.splitlines() == [f"0 of {head}"]
    plain = json.loads(grading("audit", "log", "--kind", "moderation", "--format", "json").out)
    assert [(e["number"], e["subject"]["name"]) for e in plain] == [(3, "m-1")]
    assert grading("audit", "log", "--kind", "runs").code == 2


def test_each_entry_is_shown_with_what_its_run_says_of_it(
    home: Path, grading: Grading, decided: str
) -> None:
    every = entries(home)
    files = load_run(Path(decided)).record.inputs.evidence.files
    expected = {
        1: [f"  {file.sha256}  {name}" for name, file in sorted(files.items())],
        2: grading("audit", "show", every[1].record).out.splitlines()[1:],
        3: canonical_json(MERCY).splitlines(),
        4: canonical_json(DISPUTE).splitlines(),
    }
    for number, details in expected.items():
        entry = every[number - 1]
        of = [f"{entry.kind} {s.name}, SHA-256 {s.sha256}"] if (s := entry.subject) else []
        assert grading("audit", "show", "--entry", str(number)).out.splitlines() == [
            f"entry {number}: {entry.kind}, {entry.at}",
            f"digest {entry.digest}",
            f"after {entry.previous}" if number > 1 else "the first entry",
            f"run {entry.record}",
            "crumb-2020 (Crumb & Sons) as of 2020-06-30, bakery 1.0.0",
            *of,
            *details,
        ]
    plain = json.loads(grading("audit", "show", "--entry", "3", "--format", "json").out)
    assert plain == {"entry": every[2].model_dump(mode="json"), "said": MERCY}
    plain = json.loads(grading("audit", "show", "--entry", "1", "--format", "json").out)
    assert plain == {"entry": every[0].model_dump(mode="json"), "said": None}


def test_what_is_no_entry_is_not_shown(home: Path, grading: Grading) -> None:
    assert grading("audit", "show", "--entry", "1").err.startswith(".grading:1:1: E806 ")
    run = run_of(grading)
    assert "name a run, or an entry with --entry" in grading("audit", "show").err
    assert grading("audit", "show", run, "--entry", "1").code == 2
    assert grading("audit", "show", "--entry", "0").code == 2
    told = grading("audit", "show", "--entry", "3")
    assert (told.code, told.out) == (5, "")
    assert "A121 entry 3 is missing" in told.err


def test_evidence_of_a_run_that_was_cut_off_is_shown(home: Path, grading: Grading) -> None:
    path = record_file(home, run_of(grading))
    whole = grading("audit", "show", "--entry", "1").out
    (home / ".grading/entries/000002.json").unlink()
    (home / ".grading/head.json").unlink()
    path.rename(home / f".grading/unfinished/{path.stem}.1")
    told = grading("audit", "show", "--entry", "1")
    assert told == (0, whole, "")
    assert grading("audit", "verify", "--replay").code == 0


# grading run


def test_evidence_that_comes_back_is_not_taken_in_again(home: Path, grading: Grading) -> None:
    run_of(grading)
    whole = (home / "evidence/metrics.csv").read_bytes()
    edit(home / "evidence/metrics.csv", b",120,", b",121,")
    run_of(grading)
    (home / "evidence/metrics.csv").write_bytes(whole)
    run_of(grading)
    assert kinds(home) == ["evidence", "run", "evidence", "run", "run"]
    assert grading("audit", "verify").code == 0


def test_evidence_that_an_entry_has_changed_is_named(home: Path, grading: Grading) -> None:
    run_of(grading)
    edit(home / ".grading/entries/000001.json", b'"name": "evidence"', b'"name": "evidencf"')
    told = grading("audit", "verify")
    assert told.code == 5
    assert told.out.splitlines()[0].startswith(".grading/entries/000001.json:1:1: A122 entry 1 was")


def test_changes_and_disputes_are_entered_as_they_are_written(home: Path, grading: Grading) -> None:
    run_of(grading)
    (home / "evidence/moderation.yaml").write_text(MODERATION, "utf-8")
    (home / "evidence/challenges.yaml").write_text(CHALLENGES, "utf-8")
    run_of(grading)
    assert kinds(home)[2:] == ["evidence", "moderation", "moderation", "challenge", "run"]
    said = [
        json.loads(grading("audit", "show", "--entry", number, "--format", "json").out)["said"]
        for number in ("4", "5", "6")
    ]
    assert said == [
        {
            "because": "Seen on the day",
            "by": "panel A",
            "date": "2020-06-10",
            "evidence": [],
            "from_grade": "good",
            "id": "mo-1",
            "question": "bread",
            "role": "chair",
            "second": None,
            "supersedes": None,
            "to_grade": "poor",
            "until": None,
        },
        {
            "because": "Seen again",
            "by": "panel C",
            "date": "2020-06-12",
            "evidence": ["fw-1"],
            "from_grade": "good",
            "id": "mo-2",
            "question": "bread",
            "role": "chair",
            "second": {"by": "panel A", "role": "member"},
            "supersedes": "mo-1",
            "to_grade": "poor",
            "until": "2020-12-31",
        },
        {
            "answer": None,
            "by": "Crumb & Sons",
            "date": "2020-06-11",
            "id": "ch-1",
            "of": ["fw-1"],
            "role": "owner",
            "says": "They were there",
        },
    ]
    for part, entry in zip(said, entries(home)[3:], strict=False):
        assert entry.subject is not None
        assert entry.subject.sha256 == sha256(canonical_json(part).encode("utf-8"))
        # bytes of which an entry has the digest, and which are no report
        (home / "part.json").write_text(canonical_json(part), "utf-8")
        told = grading("audit", "verify", "--report", "part.json")
        assert (told.code, "A129" in told.out) == (5, True)
    # as of another day they stand otherwise, and are no others
    run_of(grading, "--as-of", "2020-06-10")
    # a line before them is other evidence, and they are no others
    for name, text in (("moderation", MODERATION), ("challenges", CHALLENGES)):
        (home / f"evidence/{name}.yaml").write_text(f"# first\n{text}", "utf-8")
    run_of(grading)
    assert kinds(home)[7:] == ["run", "evidence", "run"]
    # the dispute is answered
    with (home / "evidence/challenges.yaml").open("a") as file:
        file.write(ANSWER)
    run_of(grading)
    assert kinds(home)[10:] == ["evidence", "challenge", "run"]
    told = grading("audit", "verify", "--replay")
    assert (told.code, told.err) == (0, "")


MODERATION = """\
moderation:
  - id: mo-1
    question: bread
    from: good
    to: poor
    by: panel A
    role: chair
    date: 2020-06-10
    because: Seen on the day
  - id: mo-2
    question: bread
    from: good
    to: poor
    by: panel C
    role: chair
    second: {by: panel A, role: member}
    date: 2020-06-12
    because: Seen again
    evidence: [fw-1]
    until: 2020-12-31
    supersedes: mo-1
"""
CHALLENGES = """\
challenges:
  - id: ch-1
    by: Crumb & Sons
    role: owner
    date: 2020-06-11
    of: [fw-1]
    says: They were there
"""
ANSWER = """\
    answer:
      outcome: not-upheld
      by: reviewer B
      role: lead
      date: 2020-06-12
      because: They were not
"""


# grading report


def report(grading: Grading, *words: str, out: str = "r.md") -> bytes:
    """The bytes of a report that was written and told nothing."""
    told = grading("report", *words, "--out", out, "--format", "md")
    assert told == (0, "", "")
    return Path(out).read_bytes()


def test_a_report_of_a_run_is_entered_and_its_bytes_are_told_again(
    home: Path, grading: Grading
) -> None:
    run = run_of(grading)
    content = report(grading, run)
    last = entries(home)[-1]
    assert (last.kind, last.record[:12]) == ("report", run)
    assert last.subject is not None
    assert (last.subject.name, last.subject.sha256) == ("md", sha256(content))
    # its own entry does not show in it, nor does that of any other report
    assert report(grading, run) == report(grading, "evidence") == content
    assert kinds(home) == ["evidence", "run", "report", "report", "report"]
    told = grading("audit", "verify", "--report", "r.md")
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines()[:2] == [
        "5 entries and 1 record are as they were written",
        f"head {entries(home)[-1].digest}",
    ]
    assert told.out.splitlines()[2:] == [
        f"entry {e.number} of {e.at} tells of this report: md, run {run}" for e in entries(home)[2:]
    ]
    plain = json.loads(grading("audit", "verify", "--report", "r.md", "--format", "json").out)
    assert (plain["report"], plain["problems"]) == ([3, 4, 5], [])
    assert "report" not in json.loads(grading("audit", "verify", "--format", "json").out)


def test_a_report_that_was_changed_is_one_that_no_entry_tells_of(
    home: Path, grading: Grading
) -> None:
    report(grading, run_of(grading))
    edit(home / "r.md", b"Crumb", b"Crumf")
    told = grading("audit", "verify", "--report", "r.md")
    assert (told.code, told.err) == (5, "")
    assert told.out.splitlines() == [
        "r.md:1:1: A129 no entry tells of a report of these bytes (the file was changed, or was"
        " written by `grading report --no-entry` or elsewhere)",
        "3 entries and 1 record are as they were written",
        f"head {entries(home)[-1].digest}",
    ]
    plain = json.loads(grading("audit", "verify", "--report", "r.md", "--format", "json").out)
    assert (plain["report"], [p["code"] for p in plain["problems"]]) == ([], ["A129"])
    assert grading("audit", "verify", "--report", "gone.md").code == 3


def test_a_comparison_is_entered_with_the_other_run(home: Path, grading: Grading) -> None:
    one, other = run_of(grading), run_of(grading, "--as-of", "2020-06-01")
    told = grading("report", one, "--compare", other, "--out", "both.html")
    assert told == (0, "", "")
    last, whole = entries(home)[-1], record_file(home, other).stem
    assert last.subject is not None
    assert (last.record[:12], last.subject.name) == (one, f"html beside {whole}")
    assert grading("audit", "verify", "--report", "both.html").code == 0


def test_a_report_of_what_is_not_in_a_store_is_entered_nowhere(
    home: Path, grading: Grading
) -> None:
    report(grading, "evidence")
    assert not (home / ".grading").exists()
    run = run_of(grading)
    shutil.copy(record_file(home, run), home / "record.json")
    report(grading, "record.json")
    edit(home / "evidence/metrics.csv", b",120,", b",121,")
    report(grading, "evidence")
    assert kinds(home) == ["evidence", "run"]
    report(grading, "record.json", "--store", ".grading")
    assert kinds(home) == ["evidence", "run", "report"]


def test_a_report_is_not_entered_where_it_is_printed_or_need_not_be(
    home: Path, grading: Grading
) -> None:
    run = run_of(grading)
    assert grading("report", run, "--format", "md").code == 0
    report(grading, run, "--no-entry")
    assert kinds(home) == ["evidence", "run"]


@pytest.mark.parametrize(
    ("call", "failing", "said"),
    [
        ("link", full, ".grading: No space left on device"),
        ("open", read_only, ".grading/lock: Read-only file system"),
    ],
)
def test_a_report_that_cannot_be_entered_is_written_all_the_same(
    call: str, failing: Any, said: str, home: Path, grading: Grading, monkeypatch: Patch
) -> None:
    run = run_of(grading)
    expected = report(grading, run, "--no-entry", out="expected.md")
    monkeypatch.setattr(os, call, failing)
    told = grading("report", run, "--out", "r.md", "--format", "md")
    monkeypatch.undo()
    assert (told.code, told.out) == (7, "")
    assert told.err == (
        f"{said}\nthe report was written and is not in the log; name --no-entry where it need not be\n"
    )
    assert (home / "r.md").read_bytes() == expected
    assert kinds(home) == ["evidence", "run"]


def test_a_report_that_cannot_be_written_is_not_entered(
    home: Path, grading: Grading, monkeypatch: Patch
) -> None:
    run = run_of(grading)

    def full_for_the_file(path: Path, to: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(to))

    monkeypatch.setattr(Path, "replace", full_for_the_file)
    told = grading("report", run, "--out", "r.md", "--format", "md")
    monkeypatch.undo()
    assert (told.code, told.out, told.err) == (7, "", "r.md: No space left on device\n")
    assert kinds(home) == ["evidence", "run"]
    assert not (home / "r.md").exists()


def test_a_report_is_not_entered_in_a_store_that_was_changed(home: Path, grading: Grading) -> None:
    run = run_of(grading)
    edit(home / ".grading/head.json", b'"number": 2', b'"number": 1')
    told = grading("report", run, "--out", "r.md", "--format", "md")
    assert (told.code, told.out) == (5, "")
    assert told.err.splitlines() == [
        ".grading/head.json:1:1: A124 the head is not written as heads are"
        " (`grading audit verify` says all that was changed)",
        "the report was written and is not in the log",
    ]
    assert (home / "r.md").exists()
