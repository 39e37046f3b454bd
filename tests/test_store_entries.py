"""What a run takes in is in the chain before the run, once for an inspection; and so are reports."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from grading.evidence.moderation import Challenge, Moderation, Reply
from grading.record.appending import append, tell
from grading.record.chain import (
    LARGEST_ENTRY,
    About,
    Entry,
    EntryKind,
    EntrySubject,
    bytes_of,
    head_of,
    read_entry,
    sealed,
)
from grading.record.decided import ChallengePart, ModerationPart, ReplyPart
from grading.record.durable import write_new
from grading.record.parts import canonical_json
from grading.record.store import entries_of
from grading.record.taken import CONCLUDED, Taken, taken_in
from grading.source.folder import sha256
from tests.test_store import (
    ABOUT,
    DAY,
    cut_after,
    ended,
    files,
    forked,
    ids,
    keep,
    problems,
    sound,
)

Patch = pytest.MonkeyPatch
OLD = Path(__file__).parent / "data/store-1.0"
MERCY = {"id": "m-1", "from": "good", "to": "outstanding", "because": "seen on the day"}
DISPUTE: dict[str, Any] = {"id": "c-1", "disputes": "pc-001", "answer": None}


def record(
    evidence: str = "e",
    inspection: str = "i",
    moderation: Iterable[Any] = (),
    challenges: Iterable[Any] = (),
    more: str = "",
) -> bytes:
    """As much of a record as says what the run took in."""
    document = {
        "inspection": {"id": inspection, "body": more},
        "moderation": list(moderation),
        "challenges": list(challenges),
    }
    folder = {"label": f"evidence/{inspection}", "digest": sha256(evidence.encode())}
    return canonical_json({"document": document, "inputs": {"evidence": folder}}).encode()


def take(folder: Path, content: bytes) -> Entry:
    """One more run in the store, with what it takes in."""
    taken = taken_in(content)
    about = ABOUT.model_copy(update={"inspection": taken.inspection})
    return append(folder, content, about, DAY, taken.everything)


def told(folder: Path, first: int = 1) -> list[tuple[str, str]]:
    """The kind and the name of each entry of a store that has nothing wrong with it."""
    entries = sound(folder).entries[first - 1 :]
    return [(e.kind, e.subject.name if e.subject else "") for e in entries]


# in what order


def test_what_a_run_takes_in_is_entered_before_it(tmp_path: Path) -> None:
    content = record(moderation=[MERCY, {"id": "m-2"}], challenges=[DISPUTE])
    last = take(tmp_path / "s", content)
    entries = list(entries_of(tmp_path / "s"))
    # the digest of a decision is that of its own lines, as documents are written
    mercy = (
        b'{\n "because": "seen on the day",\n "from": "good",\n "id": "m-1",\n'
        b' "to": "outstanding"\n}\n'
    )
    assert [(e.kind, e.subject) for e in entries] == [
        ("evidence", EntrySubject(name="evidence/i", sha256=sha256(b"e"))),
        ("moderation", EntrySubject(name="m-1", sha256=sha256(mercy))),
        ("moderation", EntrySubject(name="m-2", sha256=sha256(b'{\n "id": "m-2"\n}\n'))),
        (
            "challenge",
            EntrySubject(
                name="c-1",
                sha256=sha256(b'{\n "answer": null,\n "disputes": "pc-001",\n "id": "c-1"\n}\n'),
            ),
        ),
        ("run", None),
    ]
    assert last == entries[-1]
    assert {entry.record for entry in entries} == {sha256(content)}
    assert {(entry.at, entry.about) for entry in entries} == {("2017-03-31T12:00:05Z", ABOUT)}
    assert sound(tmp_path / "s").unfinished == ()


def test_what_a_chain_has_of_an_inspection_is_not_entered_again(tmp_path: Path) -> None:
    folder, changed = tmp_path / "s", {**MERCY, "to": "inadequate"}
    steps: list[tuple[bytes, list[tuple[str, str]]]] = [
        (record(moderation=[MERCY]), [("evidence", "evidence/i"), ("moderation", "m-1")]),
        (record(moderation=[MERCY]), []),
        (record(moderation=[MERCY], more="another run"), []),
        (record("f", moderation=[MERCY]), [("evidence", "evidence/i")]),
        (record(moderation=[changed]), [("moderation", "m-1")]),
        (record(), []),
        (record(moderation=[MERCY], challenges=[DISPUTE]), [("challenge", "c-1")]),
        # the same bytes are evidence of another inspection, and a decision is of one inspection
        (
            record(inspection="j", moderation=[MERCY]),
            [("evidence", "evidence/j"), ("moderation", "m-1")],
        ),
        (record("f", inspection="j"), [("evidence", "evidence/j")]),
    ]
    for content, new in steps:
        before = len(list(entries_of(folder))) if folder.exists() else 0
        take(folder, content)
        assert told(folder, before + 1) == [*new, ("run", "")]


def test_what_a_run_concludes_of_a_decision_does_not_make_it_another(tmp_path: Path) -> None:
    mercy = {**MERCY, "status": "in force", "forbidden_by": [], "says": ["a"], "place": "m.yaml:3"}
    dispute = {**DISPUTE, "status": "open", "turns": {}, "answer_says": "b", "place": "c.yaml:3"}
    take(tmp_path / "s", record(moderation=[MERCY], challenges=[DISPUTE]))
    take(tmp_path / "s", record(moderation=[mercy], challenges=[dispute]))
    assert told(tmp_path / "s", 5) == [("run", "")]
    # while `says` is what the body wrote in a dispute
    take(tmp_path / "s", record(challenges=[{**dispute, "says": "otherwise"}]))
    assert told(tmp_path / "s", 6) == [("challenge", "c-1"), ("run", "")]


def test_all_that_people_write_of_a_decision_is_in_its_digest() -> None:
    # a field that is added to a part is in its digest, until it is said to be a conclusion
    written = set(Moderation.model_fields) - {"from_", "to", "date_"}
    written |= {"from_grade", "to_grade", "date"}
    assert set(ModerationPart.model_fields) - CONCLUDED["moderation"] == written
    written = set(Challenge.model_fields) - {"date_"} | {"date"}
    assert set(ChallengePart.model_fields) - CONCLUDED["challenge"] == written
    assert CONCLUDED["moderation"] <= set(ModerationPart.model_fields)
    assert CONCLUDED["challenge"] <= set(ChallengePart.model_fields)
    assert set(ReplyPart.model_fields) == set(Reply.model_fields) - {"date_"} | {"date"}


def test_a_decision_of_the_same_words_is_not_one_of_the_other_kind(tmp_path: Path) -> None:
    take(tmp_path / "s", record(moderation=[DISPUTE]))
    take(tmp_path / "s", record(challenges=[DISPUTE]))
    assert told(tmp_path / "s") == [
        ("evidence", "evidence/i"),
        ("moderation", "c-1"),
        ("run", ""),
        ("challenge", "c-1"),
        ("run", ""),
    ]


def test_a_record_of_a_time_before_there_were_decisions_has_none() -> None:
    content = (
        b'{"document": {"inspection": {"id": "i"}},'
        b' "inputs": {"evidence": {"label": "", "digest": "%s"}}}'
    )
    taken = taken_in(content % (b"0" * 64))
    assert taken.everything == (Taken("evidence", EntrySubject(name="", sha256="0" * 64)),)
    for no_record in (b"", b"{}", content, content % b"0"):
        with pytest.raises(ValueError, match="validation error"):
            taken_in(no_record)


def test_a_report_is_entered_with_its_digest_after_its_run(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    run = take(folder, record())
    take(folder, record(more="another run"))
    subject = EntrySubject(name="html", sha256=sha256(b"<p>"))
    for _ in range(2):
        report = tell(folder, run, subject, DAY.replace(hour=14))
        assert (report.kind, report.record, report.subject) == ("report", run.record, subject)
        assert (report.about, report.at) == (ABOUT, "2017-03-31T14:00:05Z")
    assert told(folder, 4) == [("report", "html"), ("report", "html")]


def test_no_report_of_a_record_that_was_changed_is_entered(tmp_path: Path) -> None:
    run = take(tmp_path / "s", record())
    (tmp_path / "s/records" / f"{run.record}.json").write_bytes(b"{}")
    with pytest.raises(Exception, match="A111 the record was changed"):
        tell(tmp_path / "s", run, EntrySubject(name="md", sha256="0" * 64), DAY)
    assert len(list(entries_of(tmp_path / "s"))) == 2


# stores of before


def test_a_store_of_runs_alone_is_read_verified_and_continued(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(OLD, tmp_path / "s"))
    (folder / "unfinished").mkdir()  # which is empty, and so in no copy of the sources
    assert told(folder) == [("run", "")] * 3
    before = {path: path.read_bytes() for path in files(folder) if path.name != "head.json"}
    take(folder, record())
    assert told(folder) == [("run", "")] * 3 + [("evidence", "evidence/i"), ("run", "")]
    assert {path: path.read_bytes() for path in before} == before
    for path in (folder / "entries").iterdir():
        entry = read_entry(path.read_bytes())
        assert entry is not None
        assert bytes_of(entry) == path.read_bytes()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"form": "1.0"', b'"form": "1.1"'),
        (b'"kind": "run"', b'"kind": "evidence"'),
        (b'ff431ed"\n', b'ff431ed",\n "subject": null\n'),
    ],
)
def test_an_entry_has_the_keys_of_its_form_alone(old: bytes, new: bytes) -> None:
    content = (OLD / "entries/000001.json").read_bytes()
    assert read_entry(content) is not None
    assert content.count(old) == 1
    assert read_entry(content.replace(old, new)) is None


@pytest.mark.parametrize(
    ("form", "kind", "named"),
    [("1.1", "run", True), ("1.1", "evidence", False), ("1.0", "report", True)],
)
def test_every_entry_but_that_of_a_run_has_a_subject(
    form: Any, kind: EntryKind, named: bool
) -> None:
    subject = EntrySubject(name="n", sha256="0" * 64) if named else None
    with pytest.raises(ValueError, match=r"an entry of the form|every entry has a `subject`"):
        Entry(
            form=form,
            number=1,
            previous=None,
            at="2017-03-31T12:00:05Z",
            kind=kind,
            record="0" * 64,
            subject=subject,
            about=ABOUT,
        )


# cut off, and many at once


WHOLE = [("evidence", "evidence/i"), ("moderation", "m-1"), ("challenge", "c-1"), ("run", "")]


@pytest.mark.parametrize("runs", [0, 1])
def test_a_process_that_ends_between_the_entries_of_a_run_leaves_a_sound_store(
    runs: int, tmp_path: Path, monkeypatch: Patch
) -> None:
    content = record(moderation=[MERCY], challenges=[DISPUTE])
    steps, codes, seen = 0, [9], set()
    while codes[-1] == 9:
        folder = tmp_path / str(steps)
        for number in range(runs):
            keep(folder, f"{number}")

        def work(folder: Path = folder, steps: int = steps) -> None:
            cut_after(monkeypatch, steps)
            take(folder, content)

        codes.append(ended(forked(work)))
        left = told(folder, runs + 1) if runs or (folder / "entries").is_dir() else []
        assert left == WHOLE[: len(left)]
        seen.add(len(left))
        # whoever comes next finishes what was begun, and what was taken in is not entered again
        take(folder, content)
        again = [("run", "")] if len(left) == len(WHOLE) else []
        assert told(folder, runs + 1) == [*WHOLE, *again]
        assert len(ids(folder)) == runs + 1
        steps += 1
    assert codes[-1] == 0
    assert seen == set(range(len(WHOLE) + 1))


@pytest.mark.parametrize("locks", [True, False])
def test_of_many_that_take_in_the_same_evidence_one_enters_it(
    locks: bool, tmp_path: Path, monkeypatch: Patch
) -> None:
    if not locks:
        monkeypatch.setattr(fcntl, "flock", lambda *words: None)

    def work(name: int) -> None:
        for number in range(8):
            take(tmp_path / "s", record(f"{number}", moderation=[MERCY], more=f"{name}"))

    processes = [forked(lambda name=n: work(name)) for n in range(6)]  # type: ignore[misc]
    assert [ended(process) for process in processes] == [0] * 6
    entries = sound(tmp_path / "s").entries
    assert sum(entry.kind == "run" for entry in entries) == 48
    others = [(e.kind, e.subject.sha256) for e in entries if e.subject]
    assert len(others) == len(set(others)) == 9
    seen: set[str] = set()
    for entry in entries:
        if entry.subject and entry.kind == "evidence":
            seen.add(entry.subject.sha256)
        content = (tmp_path / "s/records" / f"{entry.record}.json").read_bytes()
        assert taken_in(content).everything[0].subject.sha256 in seen


# full, and too large


def test_a_disk_that_is_full_for_one_entry_keeps_none_of_them(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    folder = tmp_path / "s"
    keep(folder, "one")
    before = files(folder)
    for fits in range(9):
        left = [fits]

        def full(path: Path, content: bytes, left: list[int] = left) -> None:
            if not left[0]:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            left[0] -= 1
            write_new(path, content)

        monkeypatch.setattr("grading.record.appending.write_new", full)
        with pytest.raises(OSError, match="No space left"):
            take(folder, record(moderation=[MERCY], challenges=[DISPUTE]))
        assert files(folder) == before
    monkeypatch.undo()
    take(folder, record(moderation=[MERCY], challenges=[DISPUTE]))
    assert told(folder, 2) == WHOLE


def test_an_entry_that_is_too_large_to_be_read_back_is_not_written(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    keep(folder, "one")
    before = files(folder)
    largest = ABOUT.model_copy(update={"body": "B" * LARGEST_ENTRY})
    with pytest.raises(OSError, match="File too large"):
        append(folder, record(), largest, DAY, taken_in(record()).everything)
    assert files(folder) == before


# what is verified


def forged(folder: Path, subject: EntrySubject, about: About = ABOUT, content: bytes = b"") -> None:
    """A store whose first entry says that the run of a record took this in."""
    append(folder, content or record(), about, DAY, [Taken("evidence", subject)])


E = EntrySubject(name="evidence/i", sha256=sha256(b"e"))
FORGERIES: dict[str, Callable[[Path], None]] = {
    "other bytes": lambda s: forged(s, E.model_copy(update={"sha256": "0" * 64})),
    "another name": lambda s: forged(s, E.model_copy(update={"name": "evidence/j"})),
    "another inspection": lambda s: forged(s, E, ABOUT.model_copy(update={"inspection": "j"})),
    "of no record": lambda s: forged(s, E, content=b"{}"),
    "another kind": lambda s: keep_forged(s, Taken("moderation", E)),
    "a decision that was changed": lambda s: keep_forged(
        s, Taken("challenge", EntrySubject(name="c-1", sha256="0" * 64))
    ),
}


def keep_forged(folder: Path, taken: Taken) -> None:
    append(folder, record(challenges=[DISPUTE]), ABOUT, DAY, [taken])


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_an_entry_of_what_its_run_did_not_take_in_is_named(
    forge: Callable[[Path], None], tmp_path: Path
) -> None:
    forge(tmp_path / "s")
    assert problems(tmp_path / "s") == ["entries/000001.json: A114"]


def test_what_was_taken_in_is_verified_of_a_record_that_is_unfinished(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    entry = take(folder, record())
    draft = folder / f"unfinished/{entry.record}.1"
    (folder / f"records/{entry.record}.json").rename(draft)
    assert problems(folder) == []
    other = record("f")
    wrong = sealed(
        Entry(
            number=3,
            previous=entry.digest,
            at=entry.at,
            kind="evidence",
            record=sha256(other),
            subject=E,
            about=ABOUT,
        )
    )
    (folder / "entries/000003.json").write_bytes(bytes_of(wrong))
    (folder / "head.json").write_bytes(bytes_of(head_of(wrong)))
    (folder / f"unfinished/{sha256(other)}.1").write_bytes(other)
    assert problems(folder) == ["entries/000003.json: A114"]
