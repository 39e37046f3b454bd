"""Runs in the forms of others: they say what the run says, and those who published them accept it."""

from __future__ import annotations

import csv
import graphlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from prov.model import ProvDocument
from python_calamine import load_workbook

from grading.problems import BadInput
from grading.record.exports.csv_tables import csv_tables, guarded, unguarded
from grading.record.exports.exported import every, exported
from grading.record.exports.forms import FORMS
from grading.record.exports.jsonl import document_of, jsonl
from grading.record.exports.oscal import VERSION, oscal
from grading.record.exports.prov import prov
from grading.record.exports.tables import NAMES, Table, tables_of
from grading.record.exports.xlsx import xlsx
from tests.exports import DURHAM, HYGIENE, MADE_UP, ROOT, problems, record, run
from tests.test_bad_input import Grading, grading, home

__all__ = ["grading", "home"]

FOLDERS = [DURHAM, MADE_UP, HYGIENE]
PLAIN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)


# What the published schemas say


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("form", ["prov", "oscal"])
def test_the_published_schema_finds_nothing_wrong(form: str, folder: str) -> None:
    assert problems(form, FORMS[form](run(folder))) == []


def test_the_schemas_that_are_used_find_what_is_wrong() -> None:
    results = json.loads(oscal(run(DURHAM)))
    assert results["assessment-results"]["metadata"]["oscal-version"] == VERSION
    results["assessment-results"]["results"][0]["observations"][3]["uuid"] = "not one"
    del results["assessment-results"]["results"][0]["findings"][0]["target"]["status"]
    results["assessment-results"]["import-ap"]["also"] = 1
    assert len(problems("oscal", json.dumps(results).encode())) == 3
    made = json.loads(prov(run(DURHAM)))
    made["wasGeneratedBy"]["_:wasGeneratedBy1"] = {"prov:activity": "run:derive"}
    made["also"] = {}
    assert len(problems("prov", json.dumps(made).encode())) == 2


# PROV


@pytest.mark.parametrize("folder", FOLDERS)
def test_another_program_reads_the_provenance_and_writes_the_same(folder: str) -> None:
    read = ProvDocument.deserialize(content=prov(run(folder)).decode(), format="json")
    again = ProvDocument.deserialize(content=read.serialize(format="json"), format="json")
    statements = sum(len(v) for k, v in json.loads(prov(run(folder))).items() if k != "prefix")
    assert len(list(read.get_records())) == statements
    assert again == read


@pytest.mark.parametrize("folder", FOLDERS)
def test_provenance_names_only_what_it_declares_and_never_goes_round(folder: str) -> None:
    made = json.loads(prov(run(folder)))
    declared = {*made["entity"], *made["activity"], *made["agent"]}
    named = {
        name
        for kind, statements in made.items()
        if kind not in ("prefix", "entity", "activity", "agent")
        for statement in statements.values()
        for name in statement.values()
    }
    assert named <= declared
    graph = graphlib.TopologicalSorter[str]()
    for derived in made["wasDerivedFrom"].values():
        graph.add(derived["prov:generatedEntity"], derived["prov:usedEntity"])
    assert set(graph.static_order()) <= set(made["entity"])


def test_every_judgment_that_was_made_leads_to_files_of_evidence() -> None:
    made = json.loads(prov(run(DURHAM)))
    sources: dict[str, set[str]] = {}
    for derived in made["wasDerivedFrom"].values():
        sources.setdefault(derived["prov:generatedEntity"], set()).add(derived["prov:usedEntity"])

    def below(name: str) -> set[str]:
        return {name}.union(*(below(source) for source in sources.get(name, ())))

    led = {name: below(f"run:judgment.{name}") for name in run(DURHAM).document.judgments}
    reach = {name: sum(n.startswith("run:file.") for n in found) for name, found in led.items()}
    assert {name: number > 0 for name, number in reach.items()} == {
        "preventing-crime": True,
        "investigating-crime": True,
        "protecting-vulnerable-people": True,
        "serious-and-organised-crime": True,
        "specialist-capabilities": False,  # not graded: nothing led to it
        "overall": True,
    }


def test_provenance_tells_people_by_their_roles_and_no_time() -> None:
    made = json.loads(prov(run(DURHAM)))
    people = [a for a in made["agent"].values() if a["prov:type"]["$"] == "prov:Person"]
    assert [sorted(person) for person in people] == [["prov:label", "prov:type"]] * 2
    said = prov(run(DURHAM)).decode()
    assert [t for t in ("prov:time", "prov:startTime", "prov:endTime") if t in said] == []


# OSCAL


def uuids(value: Any) -> Iterator[str]:
    """Every UUID that a thing is given, not those by which it is named elsewhere."""
    if isinstance(value, dict) and "uuid" in value:
        yield value["uuid"]
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            yield from uuids(inner)


@pytest.mark.parametrize("folder", FOLDERS)
def test_results_have_one_uuid_for_each_thing_and_name_only_things_that_are_there(
    folder: str,
) -> None:
    results = json.loads(oscal(run(folder)))["assessment-results"]
    given = list(uuids(results))
    assert len(set(given)) == len(given)
    assert {UUID(found).version for found in given} == {5}
    [result] = results["results"]
    named = {results["import-ap"]["href"][1:]}
    for o in result.get("observations", []):
        named |= {e["href"][1:] for e in o["relevant-evidence"] if "href" in e}
    for f in (*result.get("findings", []), *result.get("risks", [])):
        named |= {o["observation-uuid"] for o in f.get("related-observations", [])}
        named |= {r["risk-uuid"] for r in f.get("related-risks", [])}
    assert named <= set(given)


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_weakness_is_a_finding_that_is_not_satisfied_and_an_open_risk(folder: str) -> None:
    document = run(folder).document
    [result] = json.loads(oscal(run(folder)))["assessment-results"]["results"]
    found = [
        (f["description"], f["target"]["status"]["state"], len(f.get("related-risks", [])))
        for f in result.get("findings", [])
    ]
    assert found == [
        (f.says, "satisfied" if f.kind == "strength" else "not-satisfied", f.kind != "strength")
        for f in document.findings
    ]
    weak = [f for f in document.findings if f.kind != "strength"]
    assert [
        (r["description"], r["status"], [m["description"] for m in r.get("remediations", [])])
        for r in result.get("risks", [])
    ] == [(f.says, "open", [f.recommendation] if f.recommendation else []) for f in weak]
    assert len(result["observations"]) == len(document.evidence)


def test_a_run_that_is_made_up_says_so_in_every_form() -> None:
    for form, make in FORMS.items():
        said = b"".join(part for _, part in parts(make(run(MADE_UP))))
        assert (form, b"SYNTHETIC" in said or b'"synthetic": true' in said) == (form, True)


# Tables


def parts(content: bytes) -> list[tuple[str, bytes]]:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return [("", content)]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def read_csv(content: bytes) -> list[list[str]]:
    """The rows of a CSV file as its writer describes them."""
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    return [[unguarded(cell) for cell in row] for row in rows]


@pytest.mark.parametrize("folder", FOLDERS)
def test_csv_tables_hold_every_cell_and_have_a_row_for_each_thing(folder: str) -> None:
    tables, document = tables_of(run(folder)), run(folder).document
    files = csv_tables(tables)
    assert list(files) == [f"{name}.csv" for name in NAMES]
    for table in tables:
        cells = [["" if cell is None else str(cell) for cell in row] for row in table.rows]
        assert read_csv(files[f"{table.name}.csv"]) == [list(table.columns), *cells]
    rows = {table.name: len(table.rows) for table in tables}
    del rows["run"]
    rungs = [rung.conditions for j in document.judgments.values() for rung in j.ladder]
    tests = [test.conditions for c in document.criteria.values() for test in c.tests.values()]
    asked = [c.asks for conditions in (*rungs, *tests) for c in every(conditions)]
    [conditions] = [table for table in tables if table.name == "conditions"]
    assert [row[conditions.columns.index("asks")] for row in conditions.rows] == asked
    del rows["conditions"]
    assert rows == {name: len(getattr(document, name)) for name in rows}


@given(PLAIN)
@example("'")
@example("'=1")
@example("-0.4")
@example("-0.4+1")
@example(" =1")
@example("＝1")
@example("=1")
@example("\t1")
def test_no_cell_begins_a_formula_and_every_text_comes_back(text: str) -> None:
    cell = guarded(text)
    assert unguarded(cell) == text
    assert not cell.lstrip().startswith(tuple("=+-@＝＋－＠")) or cell == "-0.4" or is_number(cell)
    assert not cell.startswith(("\t", "\r", "\n"))


def is_number(cell: str) -> bool:
    return cell.lstrip("-").replace(".", "", 1).isdecimal()


@pytest.mark.parametrize("number", ["0", "-0", "-12", "-0.40", "12.5"])
def test_a_plain_number_stays_a_number(number: str) -> None:
    assert guarded(number) == number


@given(st.lists(st.tuples(PLAIN, PLAIN), max_size=4))
def test_csv_gives_any_texts_back(rows: list[tuple[str, str]]) -> None:
    made = csv_tables([Table("t", ("a", "b"), tuple(rows))])["t.csv"]
    assert read_csv(made) == [["a", "b"], *map(list, rows)]


@given(st.lists(st.tuples(PLAIN, PLAIN), min_size=1, max_size=3))
@example([("=1+1", "_x0041_")])
@example([("a\rb", "\x01")])
def test_a_workbook_has_any_texts_as_texts(rows: list[tuple[str, str]]) -> None:
    made = xlsx([Table("t", ("a", "b"), tuple(rows))])
    sheet = load_workbook(io.BytesIO(made)).get_sheet_by_name("t").to_python()
    assert [[*row, "", ""][:2] for row in sheet[1:]] == [
        list(row) for row in rows[: len(sheet) - 1]
    ]
    assert not any(cell for row in rows[len(sheet) - 1 :] for cell in row)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("x" * 32_767, "x" * 32_767),
        ("x" * 32_768, "x" * 32_766 + "…"),
        ("😀" * 16_383, "😀" * 16_383),
        ("😀" * 20_000, "😀" * 16_383 + "…"),
    ],
)
def test_a_workbook_cuts_a_text_that_no_cell_holds_where_it_is_seen(text: str, kept: str) -> None:
    made = xlsx([Table("t", ("a",), ((text,),))])
    [_, [cell]] = load_workbook(io.BytesIO(made)).get_sheet_by_name("t").to_python()
    assert cell == kept


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_lines_put_together_are_the_document(folder: str) -> None:
    lines = jsonl(run(folder)).decode().splitlines()
    assert document_of(lines) == record(folder).document
    assert json.loads(lines[0])["run"] == run(folder).run


# The command line


def test_exports_are_the_same_bytes_whatever_the_seed_of_hashes(tmp_path: Path) -> None:
    for seed, name in (("1", "a"), ("2", "b")):
        script = (
            "from tests.exports import run, HYGIENE; from grading.record.exports.forms import FORMS;"
            "import pathlib, sys; [pathlib.Path(sys.argv[1] + f).write_bytes(m(run(HYGIENE)))"
            " for f, m in FORMS.items()]"
        )
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        command = (sys.executable, "-c", script, f"{tmp_path}/{name}.")
        subprocess.run(command, env=environment, cwd=ROOT, check=True)
    for form in FORMS:
        assert (tmp_path / f"a.{form}").read_bytes() == (tmp_path / f"b.{form}").read_bytes()


def test_a_run_is_exported_by_its_id_and_by_its_evidence_alike(
    home: Path, grading: Grading
) -> None:
    name = grading("run", "evidence").out.splitlines()[-1].removeprefix("run ")
    for form in ("prov", "oscal", "jsonl"):
        told = grading("export", name, "--to", form)
        assert (told.code, told.err) == (0, "")
        assert told == grading("export", "evidence", "--to", form)
    assert grading("export", name, "--to", "csv", "--out", "tables").code == 0
    assert grading("export", name, "--to", "csv", "--out", "tables.zip").code == 0
    assert {p.name: p.read_bytes() for p in (home / "tables").iterdir()} == dict(
        parts((home / "tables.zip").read_bytes())
    )
    assert not list(home.glob(".tables*"))


def test_nothing_is_written_over_a_folder_or_to_a_terminal(home: Path, grading: Grading) -> None:
    (home / "full").mkdir()
    (home / "full/mine").write_text("mine")
    told = grading("export", "evidence", "--to", "csv", "--out", "full")
    assert (told.code, told.out) == (7, "")
    assert [p.name for p in (home / "full").iterdir()] == ["mine"]
    assert not list(home.glob(".full*"))
    for words in (["--to", "csv"], ["--to", "xlsx"], ["--to", "xlsx", "--out", "x.csv"]):
        told = grading("export", "evidence", *words)
        assert (told.code, told.out) == (2, "")


def test_an_export_is_checked_against_the_record(home: Path, grading: Grading) -> None:
    for form, out in {
        "csv": "t",
        "xlsx": "t.xlsx",
        "prov": "p",
        "oscal": "o",
        "jsonl": "l",
    }.items():
        assert grading("export", "evidence", "--to", form, "--out", out).code == 0
        told = grading("export", "evidence", "--to", form, "--check", out)
        assert (told.code, told.err) == (0, "")
        assert told.out.startswith(f"{out} is what the record of run ")
    for file in ("t/evidence.csv", "l"):
        content = (home / file).read_bytes()
        (home / file).write_bytes(content.replace(b"Few loaves", b"Many loaves"))
    told = grading("export", "evidence", "--to", "csv", "--check", "t")
    assert (told.code, told.out) == (5, "")
    assert told.err.startswith(
        "t:1:1: A105 the export is not what the record of the run says, from"
    )
    assert "from line 4 of evidence.csv on" in told.err
    assert grading("export", "evidence", "--to", "jsonl", "--check", "l").code == 5
    (home / "t/also.csv").write_text("x")
    assert grading("export", "evidence", "--to", "csv", "--check", "t").code == 5


def test_a_document_of_another_form_is_refused() -> None:
    made = record(DURHAM)
    other = made.model_copy(update={"document": {**made.document, "schema_version": "9.0"}})
    with pytest.raises(BadInput) as refused:
        exported(other, "0" * 64, "run 0000")
    assert [(p.code, str(p.place)) for p in refused.value.problems] == [("E807", "run 0000:1:1")]
