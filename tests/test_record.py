"""A record is enough to make its run again, and nothing else passes for one."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.commands.common import read_inputs
from grading.problems import BadInput
from grading.record.document import document
from grading.record.inputs import Inputs
from grading.record.integrity import IntegrityBroken
from grading.record.parts import canonical
from grading.record.reading import read_record
from grading.record.replay import first_difference, replay
from grading.record.run_record import RunRecord, inputs_of, record_of, written
from grading.rules.files import digest
from grading.rules.pack import Kind
from grading.source.folder import sha256

ROOT = Path(__file__).parent.parent
EVIDENCE = Path("evidence/peel-effectiveness-2016")
TABLE = Path("tests/data/synthetic-43-bodies.csv")
RUNS: dict[str, dict[str, Any]] = {
    "durham": {"folder": EVIDENCE / "durham"},
    "durham without fieldwork": {"folder": EVIDENCE / "durham", "dropped": ["fieldwork"]},
    "durham on an earlier day": {"folder": EVIDENCE / "durham", "as_of": date(2016, 12, 31)},
    "example-force": {"folder": EVIDENCE / "example-force"},
    "food hygiene": {"folder": Path("evidence/food-hygiene/the-copper-kettle")},
    "with a table": {"folder": Path("tests/data/synthetic-inspection"), "table": TABLE},
    "with a table and without kinds": {
        "folder": Path("tests/data/synthetic-inspection"),
        "table": TABLE,
        "dropped": ["survey", "previous"],
    },
}
BAKERY = ROOT / "tests/errors_evidence/good"


@pytest.fixture
def at_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def made(inputs: Inputs) -> RunRecord:
    return record_of(inputs, document(inputs.grade()))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The record of the bakery."""
    home = tmp_path_factory.mktemp("home")
    return written(made(bakery(home)))


def bakery(home: Path) -> Inputs:
    shutil.copytree(ROOT / "tests/errors_pack/good", home / "rules/bakery")
    shutil.copytree(BAKERY, home / "evidence")
    return read_inputs(home / "evidence")


# made again


@pytest.mark.usefixtures("at_root")
@pytest.mark.parametrize("said", RUNS.values(), ids=RUNS)
def test_a_run_is_made_again_from_its_record_alone(
    said: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = read_inputs(**said)
    grading = inputs.grade()
    content = written(record_of(inputs, document(grading)))

    def closed(*words: Any, **said: Any) -> None:
        raise AssertionError("a file was opened")

    for name in ("open", "listdir", "scandir"):
        monkeypatch.setattr(os, name, closed)
    monkeypatch.setattr("builtins.open", closed)
    record = read_record(content, "record")
    again = replay(record, "record")
    monkeypatch.undo()
    assert canonical(document(again)) == canonical(document(grading))
    assert written(record_of(inputs_of(record), document(again))) == content


@pytest.mark.usefixtures("at_root")
def test_the_document_stands_in_the_record_as_it_is_printed() -> None:
    inputs = read_inputs(EVIDENCE / "durham")
    grading = inputs.grade()
    kept = json.loads(written(record_of(inputs, document(grading))))["document"]
    text = json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    assert text == canonical(document(grading))


@pytest.mark.usefixtures("at_root")
def test_the_places_of_a_run_that_is_made_again_are_those_of_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inputs = read_inputs(**RUNS["with a table"])
    first, again = inputs.grade(), replay(read_record(written(made(inputs)), ""), "")
    assert again.evidence.places() == first.evidence.places()
    assert again.pack.places == first.pack.places
    assert "tests/data/synthetic-43-bodies.csv" in {
        place.file for place in first.evidence.places().values()
    }


@pytest.mark.usefixtures("at_root")
def test_where_and_how_the_inputs_were_named_does_not_show(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder, table = ROOT / "tests/data/synthetic-inspection", ROOT / TABLE
    expected = written(made(read_inputs(folder.relative_to(ROOT), table=TABLE)))
    assert written(made(read_inputs(folder, table=table))) == expected
    assert written(made(read_inputs(folder, rules=ROOT / "rules", table=table))) == expected
    monkeypatch.chdir(folder)
    assert written(made(read_inputs(Path(), table=Path("../synthetic-43-bodies.csv")))) == expected
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "tests/data", tmp_path / "tests/data")
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    assert written(made(read_inputs(folder.relative_to(ROOT), table=TABLE))) == expected


@pytest.mark.usefixtures("at_root")
def test_a_date_that_is_the_inspections_own_makes_no_other_run() -> None:
    own = made(read_inputs(EVIDENCE / "durham"))
    assert made(read_inputs(EVIDENCE / "durham", date(2017, 3, 31))) == own
    assert made(read_inputs(EVIDENCE / "durham", date(2017, 3, 30))) != own


def test_every_input_enters_the_digest_of_the_inputs(tmp_path: Path) -> None:
    def of(*dropped: Kind, as_of: date | None = None) -> str:
        inputs = read_inputs(tmp_path / "evidence", as_of, dropped)
        return made(inputs).inputs.digest

    bakery(tmp_path)
    (tmp_path / "rules/bakery/cases").mkdir()
    seen = [of(), of("survey"), of(as_of=date(2020, 6, 1))]
    for file in ("evidence/metrics.csv", "rules/bakery/bread.yaml", "rules/bakery/cases/a.txt"):
        with (tmp_path / file).open("a") as opened:
            opened.write("" if file.endswith("csv") else "# more\n")
        seen.append(of())
    assert seen[3] == seen[0]
    assert len(set(seen)) == 5
    assert of() == seen[-1]


def test_what_is_written_while_a_run_is_made_is_not_in_its_record(tmp_path: Path) -> None:
    inputs = bakery(tmp_path)
    expected = written(made(inputs))
    (tmp_path / "evidence/fieldwork.yaml").write_text("records: []\n", "utf-8")
    (tmp_path / "rules/bakery/pack.yaml").unlink()
    assert written(made(inputs)) == expected


def test_problems_are_told_where_the_files_were_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bakery(tmp_path)
    table = tmp_path / "evidence/../bodies.csv"
    shutil.copy(tmp_path / "evidence/metrics.csv", table)
    for file in (table, tmp_path / "evidence/metrics.csv"):
        file.write_text(file.read_text("utf-8").replace(",120,", ",many,"), "utf-8")
    with pytest.raises(BadInput) as raised:
        read_inputs(tmp_path / "evidence", table=table).grade()
    assert {problem.place.file for problem in raised.value.problems} == {
        f"{tmp_path}/evidence/../bodies.csv",
        f"{tmp_path}/evidence/metrics.csv",
    }


# what is no record


def changed(content: bytes, change: Callable[[Any], Any]) -> bytes:
    """The record with something changed, written as records are."""
    data = json.loads(content)
    change(data)
    text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return text.encode("utf-8", "surrogatepass")


def rename(folder: str, name: str) -> Callable[[Any], Any]:
    """One file of the record has another name."""

    def change(data: Any) -> None:
        files = data["inputs"][folder]["files"]
        files[name] = files.pop(next(iter(files)))

    return change


def put(*path: str, value: Any) -> Callable[[Any], Any]:
    def change(data: Any) -> None:
        *outer, last = path
        for key in outer:
            data = data[key]
        data[last] = value

    return change


NAMES = (
    *("../fieldwork.yaml", "/etc/passwd", "a/b.yaml", "..", ".", "", "fieldwork-../../x.yaml"),
    *("fieldwork-a\\b.yaml", "fieldwork-\0.yaml", "fieldwork-\n.yaml", "other.yaml", "C:\\a.csv"),
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("folder", ["evidence", "pack"])
def test_a_name_that_no_run_reads_is_refused(folder: str, name: str, small: bytes) -> None:
    if folder == "pack" and name == "other.yaml":
        name = "other.txt"
    with pytest.raises(BadInput) as raised:
        read_record(changed(small, rename(folder, name)), "r.json")
    [problem] = raised.value.problems
    assert (str(problem.place), problem.code) == ("r.json:1:1", "E803")
    assert problem.hint


@pytest.mark.parametrize(
    "name", ["cases/../../x.yaml", "cases//x.yaml", "/x.yaml", "a\\x.yaml", ""]
)
def test_a_name_that_leads_elsewhere_is_refused_even_where_nothing_was_read(
    name: str, small: bytes
) -> None:
    def unread(data: Any) -> None:
        data["inputs"]["pack"]["files"][name] = {"sha256": "0" * 64, "text": None}

    with pytest.raises(BadInput) as raised:
        read_record(changed(small, unread), "r.json")
    assert [problem.code for problem in raised.value.problems] == ["E803"]


@pytest.mark.parametrize("label", ["/etc", "../up", "a/../b", "a\nb", "\u202e"])
@pytest.mark.parametrize("folder", ["evidence", "pack"])
def test_a_label_that_no_folder_has_is_refused(folder: str, label: str, small: bytes) -> None:
    with pytest.raises(BadInput) as raised:
        read_record(changed(small, put("inputs", folder, "label", value=label)), "r.json")
    assert [problem.code for problem in raised.value.problems] == ["E803"]


DEEP = "[" * 100_000 + "]" * 100_000
NO_RECORDS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "nothing": ("E801", lambda content: b""),
    "no JSON": ("E801", lambda content: b"id: durham\n"),
    "a list": ("E801", lambda content: b"[]\n"),
    "cut off": ("E801", lambda content: content[:-20]),
    "followed by more": ("E801", lambda content: content + b"{}"),
    "not UTF-8": ("E801", lambda content: content.replace(b"Crumb", b"Cr\xffmb")),
    "half a character": ("E801", lambda content: content.replace(b"Crumb", b"Cr\\ud800mb")),
    "the document alone": (
        "E801",
        lambda content: json.dumps(json.loads(content)["document"]).encode(),
    ),
    "another form": ("E802", lambda c: changed(c, put("record_version", value="2.0"))),
    "a key too many": ("E801", lambda c: changed(c, put("inputs", "more", value=1))),
    "a key too few": ("E801", lambda c: changed(c, lambda data: data["inputs"].pop("dropped"))),
    "a number for a text": (
        "E801",
        lambda c: changed(c, put("inputs", "pack", "label", value=1)),
    ),
    "no such kind": ("E801", lambda c: changed(c, put("inputs", "dropped", value=["gossip"]))),
    "no such day": ("E801", lambda c: changed(c, put("inputs", "as_of", value="2016-02-30"))),
    "a digest that is none": (
        "E801",
        lambda c: changed(c, put("inputs", "digest", value="A" * 64)),
    ),
    "nested deeply": (
        "E801",
        lambda c: c.replace(b'"document": {', b'"document": {"a": ' + DEEP.encode() + b", ", 1),
    ),
    "a number of 5,000 digits": (
        "E801",
        lambda c: c.replace(b'"document": {', b'"document": {"a": ' + b"9" * 5000 + b", ", 1),
    ),
    "a table of two files": (
        "E803",
        lambda c: changed(
            c,
            lambda data: data["inputs"].__setitem__(
                "table",
                {
                    "label": "",
                    "digest": "0" * 64,
                    "files": {n: {"sha256": "0" * 64, "text": ""} for n in "ab"},
                },
            ),
        ),
    ),
    "a file of evidence without its text": (
        "E803",
        lambda c: changed(
            c,
            put("inputs", "evidence", "files", "metrics.csv", "text", value=None),
        ),
    ),
}


@pytest.mark.parametrize(("code", "change"), NO_RECORDS.values(), ids=NO_RECORDS)
def test_what_is_no_record_is_refused(
    code: str, change: Callable[[bytes], bytes], small: bytes
) -> None:
    content = change(small)
    assert content != small
    with pytest.raises(BadInput) as raised:
        read_record(content, "r.json")
    [problem] = raised.value.problems
    assert (str(problem.place), problem.code) == ("r.json:1:1", code)
    assert len(problem.message) < 300
    assert problem.hint


def test_a_record_of_more_than_a_folder_may_hold_is_refused(
    small: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = sum(len(f.text or "") for f in read_record(small, "").inputs.evidence.files.values())
    monkeypatch.setattr("grading.record.reading.LARGEST_FOLDER", size - 1)
    with pytest.raises(BadInput, match="E803 the files of evidence are together too large"):
        read_record(small, "r.json")


# what was changed


REWRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "without a last line break": lambda content: content.rstrip(),
    "on one line": lambda content: json.dumps(json.loads(content)).encode(),
    "with a space more": lambda content: content.replace(b'": ', b'":  ', 1),
    "with one key twice": lambda content: content.replace(
        b'"record_version"', b'"record_version": "1.0", "record_version"', 1
    ),
    "with no number": lambda content: content.replace(
        b'"document": {', b'"document": {"a": NaN, ', 1
    ),
    "with escapes": lambda content: content.replace(b"Crumb", b"\\u0043rumb", 1),
}


@pytest.mark.parametrize("change", REWRITTEN.values(), ids=REWRITTEN)
def test_a_record_that_was_written_in_another_way_is_not_taken(
    change: Callable[[bytes], bytes], small: bytes
) -> None:
    assert change(small) != small
    with pytest.raises(IntegrityBroken, match="A103"):
        read_record(change(small), "r.json")


def test_a_text_that_was_changed_is_found_by_its_digest(small: bytes) -> None:
    with pytest.raises(IntegrityBroken) as raised:
        read_record(small.replace(b",120,", b",121,", 1), "r.json")
    assert [str(problem) for problem in raised.value.problems] == [
        "r.json:1:1: A101 `metrics.csv` of `evidence` is not what its digest says"
        " (get the record from its store)"
    ]


def test_a_digest_that_was_changed_is_found_by_those_around_it(small: bytes) -> None:
    def file(data: Any) -> None:
        metrics = data["inputs"]["evidence"]["files"]["metrics.csv"]
        metrics["text"] = metrics["text"].replace(",120,", ",121,")
        metrics["sha256"] = sha256(metrics["text"].encode())

    def folder(data: Any) -> None:
        file(data)
        part = data["inputs"]["evidence"]
        part["digest"] = digest({name: f["sha256"] for name, f in part["files"].items()})

    for change, said in ((file, "the files of `evidence`"), (folder, "the inputs together")):
        with pytest.raises(IntegrityBroken) as raised:
            read_record(changed(small, change), "r.json")
        [problem] = raised.value.problems
        assert problem.code == "A102"
        assert problem.message.startswith(said)


def consistently(content: bytes, change: Callable[[RunRecord], Inputs]) -> bytes:
    """The document of one run with the inputs of another, all digests being right."""
    record = read_record(content, "")
    other = made(change(record))
    return written(other.model_copy(update={"document": record.document}))


def test_a_document_that_its_inputs_do_not_come_to_is_told_with_the_first_difference(
    small: bytes, tmp_path: Path
) -> None:
    def another_figure(record: RunRecord) -> Inputs:
        bakery(tmp_path)
        file = tmp_path / "evidence/metrics.csv"
        file.write_text(file.read_text("utf-8").replace(",120,", ",121,"), "utf-8")
        return read_inputs(tmp_path / "evidence")

    record = read_record(consistently(small, another_figure), "r.json")
    with pytest.raises(IntegrityBroken) as raised:
        replay(record, "r.json")
    [problem] = raised.value.problems
    assert (problem.code, problem.hint) == ("A104", "the record or the program was changed")
    assert 'the record has "110", the run "111"' in problem.message


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("judgments", "bread", "final"), "poor", '/judgments/bread/final the record has "poor"'),
        (("engine", "firings"), True, "/engine/firings the record has true, the run"),
        (("a~b/c",), None, "/a~0b~1c the record has null, the run nothing"),
        (("firings",), [], "/firings/0 the record has nothing"),
    ],
)
def test_any_change_of_a_document_is_told(
    path: tuple[str, ...], value: Any, said: str, small: bytes
) -> None:
    record = read_record(changed(small, put("document", *path, value=value)), "r.json")
    with pytest.raises(IntegrityBroken, match="does not come out as recorded") as raised:
        replay(record, "r.json")
    assert said in raised.value.problems[0].message


def test_a_run_of_other_software_says_so_where_it_differs(small: bytes) -> None:
    def older(data: Any) -> None:
        data["software"] = {"inspection_grading": "0.0.1", "durable_rules": "2.0.1"}

    replay(read_record(changed(small, older), ""), "")
    changed_too = changed(changed(small, older), put("document", "as_of", value="2020-01-01"))
    with pytest.raises(IntegrityBroken) as raised:
        replay(read_record(changed_too, ""), "")
    assert "it was made by 0.0.1 on durable-rules 2.0.1" in raised.value.problems[0].hint


def test_a_record_whose_pack_is_not_the_one_of_its_evidence_is_not_graded(small: bytes) -> None:
    record = read_record(changed(small, put("inputs", "pack", "label", value="rules/b")), "")
    with pytest.raises(IntegrityBroken, match="names the pack rules/bakery, the record has"):
        replay(record, "")


def test_a_record_without_a_file_that_it_needs_is_not_graded(small: bytes) -> None:
    inputs = inputs_of(read_record(small, ""))
    files = {name: c for name, c in inputs.evidence.contents.items() if name != "inspection.yaml"}
    record = read_record(small, "")
    kept = {n: f for n, f in record.inputs.evidence.files.items() if n in files}
    part = record.inputs.evidence.model_copy(update={"files": kept})
    lacking = record.model_copy(
        update={"inputs": record.inputs.model_copy(update={"evidence": part})}
    )
    with pytest.raises(IntegrityBroken) as raised:
        read_record(written(lacking), "")
    assert {problem.code for problem in raised.value.problems} == {"A102"}
    with pytest.raises(IntegrityBroken, match=r"cannot be graded: .*E101"):
        replay(lacking, "")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(("one", "other"), [(True, 1), (0, False), (1, 1.0), ("", None), ([], {})])
def test_values_of_two_kinds_are_never_the_same(one: Any, other: Any) -> None:
    assert str(first_difference({"a": [one]}, {"a": [other]})).startswith("at /a/0 the record has")


def at(value: Any, pointer: str) -> Any:
    """What stands at a JSON pointer."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


@given(JSON, JSON)
def test_two_values_are_the_same_or_differ_where_it_is_said(one: Any, other: Any) -> None:
    found = first_difference(one, other)
    texts = [json.dumps(value, sort_keys=True) for value in (one, other)]
    assert (found is None) == (texts[0] == texts[1])
    if found is None:
        return
    for value, shown in ((one, found.recorded), (other, found.now)):
        if shown == "nothing":
            with pytest.raises((KeyError, IndexError)):
                at(value, found.pointer)
        else:
            there = json.dumps(at(value, found.pointer), ensure_ascii=False, sort_keys=True)
            assert there.startswith(shown.removesuffix("…"))
    assert found.recorded != found.now or len(found.recorded) > 60
