"""Spreadsheets in and out: what is read, what is refused and where, and that nothing is lost."""

from __future__ import annotations

import datetime
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from grading.commands.common import load
from grading.evidence.evidence import Evidence
from grading.evidence.sheets.export import export
from grading.rules.load import load_pack
from tests.test_bad_input import Grading, Told, grading, home, swap

__all__ = ["grading", "home"]

ROOT = Path(__file__).parent.parent
HERE = Path(__file__).parent
SHIPPED = ("peel-effectiveness-2016/durham", "food-hygiene/the-copper-kettle")
BAKERY = load_pack(HERE / "errors_pack" / "good")
Tree = dict[str, bytes]


def tree(folder: Path) -> Tree:
    """Every file below a folder, by name."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def content(evidence: Evidence) -> object:
    """What a folder of evidence says: everything but where it is written."""
    records = (evidence.observations, evidence.metrics, evidence.surveys, evidence.previous)
    return (
        evidence.inspection,
        [[(placed.kind, placed.record) for placed in kind] for kind in records],
        evidence.gathered,
        {name: placed.written for name, placed in evidence.not_graded.items()},
    )


@pytest.fixture
def good(home: Path, grading: Grading) -> Path:
    """The evidence of the bakery as a workbook, beside its folder."""
    assert grading("evidence", "export", "evidence", "--out", "good.xlsx") == Told(0, "", "")
    return home / "good.xlsx"


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack_parts(path: Path, parts: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)


def change(path: Path, with_book: Callable[[Any], object]) -> None:
    """The workbook was changed and saved."""
    book = openpyxl.load_workbook(path)
    with_book(book)
    book.save(path)


def edit(path: Path, sheet: str, **cells: object) -> None:
    """Cells of a sheet hold other values."""

    def filled(book: Any) -> None:
        for name, value in cells.items():
            book[sheet][name] = value

    change(path, filled)


def patch(path: Path, part: str, old: str, new: str) -> None:
    """A passage of a part of the workbook is another."""
    parts = parts_of(path)
    assert old.encode() in parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode(), 1)
    pack_parts(path, parts)


# out and in again: nothing is lost


@pytest.mark.parametrize("name", SHIPPED)
def test_evidence_goes_out_and_comes_in_again_as_the_same(
    name: str, tmp_path: Path, grading: Grading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    book, into = str(tmp_path / "x.xlsx"), str(tmp_path / "new")
    assert grading("evidence", "export", f"evidence/{name}", "--out", book) == Told(0, "", "")
    told = grading("evidence", "import", book, "--into", into, "--rules", "rules")
    assert (told.code, told.err) == (0, "")
    before, pack = load(ROOT / "evidence" / name)
    after, _ = load(Path(into), None, ROOT / "rules")
    assert content(after) == content(before)
    assert export(Path(into), pack) == export(Path(into), pack)


def test_what_a_second_import_finds_it_does_not_touch(
    good: Path, home: Path, grading: Grading
) -> None:
    first = grading("evidence", "import", "good.xlsx", "--into", "new")
    names = (
        *("fieldwork.yaml", "file-review-summary.yaml", "inspection.yaml"),
        *("metrics.csv", "previous.yaml", "surveys.csv"),
    )
    assert first == Told(0, "".join(f"written    new/{name}\n" for name in names), "")
    files, stamps = tree(home / "new"), [(home / "new" / n).stat().st_mtime_ns for n in names]
    second = grading("evidence", "import", "good.xlsx", "--into", "new")
    assert second == Told(0, "".join(f"unchanged  new/{name}\n" for name in names), "")
    assert tree(home / "new") == files
    assert [(home / "new" / n).stat().st_mtime_ns for n in names] == stamps


def test_files_that_say_the_same_in_other_words_are_left_as_they_are(
    tmp_path: Path, grading: Grading, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Durham's fieldwork stands in five files with comments; the workbook has one sheet."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "evidence" / SHIPPED[0], "durham")
    before = tree(tmp_path / "durham")
    rules = ("--rules", str(ROOT / "rules"))
    assert grading("evidence", "export", "durham", "--out", "x.xlsx", *rules).code == 0
    told = grading("evidence", "import", "x.xlsx", "--into", "durham", *rules)
    assert (told.code, told.err) == (0, "")
    assert {line.split()[0] for line in told.out.splitlines()} == {"unchanged"}
    assert tree(tmp_path / "durham") == before


def test_a_corrected_cell_changes_its_file_alone(good: Path, home: Path, grading: Grading) -> None:
    before = tree(home / "evidence")
    edit(good, "metrics", D2=130)
    told = grading("evidence", "import", "good.xlsx", "--into", "evidence", "--format", "json")
    assert json.loads(told.out)["changed"] == ["metrics.csv"]
    after = tree(home / "evidence")
    old = before.pop("metrics.csv")
    assert after.pop("metrics.csv") == old.replace(b",120,", b",130,")
    assert after == before


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_durham_survives_another_spreadsheet_program(
    form: str, tmp_path: Path, grading: Grading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "evidence" / SHIPPED[0], "durham")
    before = tree(tmp_path / "durham")
    rules = ("--rules", str(ROOT / "rules"))
    assert grading("evidence", "export", "durham", "--out", "durham.xlsx", *rules).code == 0
    office(tmp_path, form, tmp_path / "durham.xlsx")
    told = grading("evidence", "import", f"office/durham.{form}", "--into", "durham", *rules)
    assert (told.code, told.err) == (0, "")
    assert tree(tmp_path / "durham") == before


def test_what_no_workbook_can_hold_is_told_and_not_written(home: Path, grading: Grading) -> None:
    swap("evidence/fieldwork.yaml", "Each oven was hot", '" Each oven was hot"')(home)
    told = grading("evidence", "export", "evidence", "--out", "x.xlsx")
    assert (told.code, told.out) == (3, "")
    assert told.problems == [
        "fieldwork.yaml:1:1: E718 the record `fw-1` does not fit in a workbook:"
        " spaces around `Each oven was hot` (remove them)"
    ]
    assert not (home / "x.xlsx").exists()


def test_a_carriage_return_does_not_get_lost_silently(home: Path, grading: Grading) -> None:
    swap("evidence/fieldwork.yaml", "Each oven was hot", '"Each oven\\r was hot"')(home)
    told = grading("evidence", "export", "evidence", "--out", "x.xlsx")
    assert (told.code, told.problems) == (
        3,
        [
            "evidence/fieldwork.yaml:1:1: E718 a text of `fieldwork.yaml` does not survive in a"
            " workbook (take out semicolons in lists, carriage returns and empty lists)"
        ],
    )


# a spreadsheet program that is not the library that reads

FODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"
 xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles>
<number:percentage-style style:name="N1"><number:number number:decimal-places="1"
 number:min-decimal-places="1" number:min-integer-digits="1"/><number:text>%</number:text>
</number:percentage-style>
<number:number-style style:name="N2"><number:number number:decimal-places="2"
 number:min-decimal-places="2" number:min-integer-digits="1"/></number:number-style>
<number:date-style style:name="N3"><number:day/><number:text>.</number:text><number:month/>
<number:text>.</number:text><number:year number:style="long"/></number:date-style>
<style:style style:name="percent" style:family="table-cell" style:data-style-name="N1"/>
<style:style style:name="two" style:family="table-cell" style:data-style-name="N2"/>
<style:style style:name="day" style:family="table-cell" style:data-style-name="N3"/>
</office:automatic-styles>
<office:body><office:spreadsheet>TABLES</office:spreadsheet></office:body></office:document>
"""
EMPTY = "<table:table-cell/>"


def words(*texts: str) -> str:
    return "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        if text
        else EMPTY
        for text in texts
    )


def figure(value: str, style: str = "", kind: str = "float") -> str:
    named = f' table:style-name="{style}"' if style else ""
    return f'<table:table-cell{named} office:value-type="{kind}" office:value="{value}"/>'


def day(date: str) -> str:
    return (
        '<table:table-cell table:style-name="day" office:value-type="date"'
        f' office:date-value="{date}"/>'
    )


def sheet(name: str, *rows: str, hidden: frozenset[int] = frozenset()) -> str:
    lines = "".join(
        f"<table:table-row{' table:visibility=' + chr(34) + 'collapse' + chr(34) if i in hidden else ''}>"
        f"{row}</table:table-row>"
        for i, row in enumerate(rows, 1)
    )
    return f'<table:table table:name="{name}">{lines}</table:table>'


METRIC_HEADS = words(
    *("id", "series", "body", "value", "unit", "from", "to", "comparator", "status", "reason"),
    *("numerator", "denominator", "release", "heading", "locator", "caveats", "note"),
)
INSPECTION_SHEET = sheet(
    "inspection",
    words("id", "body", "body-name", "framework", "pack", "fieldwork-from", "fieldwork-to")
    + words("as-of", "source", "plan-coverage", "plan-searched"),
    words("crumb-2020", "crumb", "Crumb &amp; Sons", "bakery", "bakery")
    + day("2020-03-01")
    + day("2020-03-02")
    + words("2020-06-30", "Made up: for these tests", "full", "oven-heat; loaves"),
)


def office(folder: Path, form: str, *documents: Path) -> None:
    """LibreOffice has saved the documents in this form, in the folder `office`."""
    command = (
        *("soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"),
        *("--convert-to", form, "--outdir", str(folder / "office"), *map(str, documents)),
    )
    done = subprocess.run(command, capture_output=True, timeout=300, check=True)
    for document in documents:
        assert (folder / "office" / f"{document.stem}.{form}").is_file(), done.stderr


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_a_workbook_of_a_spreadsheet_program_becomes_evidence(
    form: str, home: Path, grading: Grading
) -> None:
    sold = words("m-2", "loaves-sold", "crumb") + figure("0.955", "percent", "percentage")
    text = words("m-3", "loaves-sold", "crumb", "16.40%", "percent") + day("2020-02-01")
    metrics = sheet(
        "metrics",
        METRIC_HEADS,
        words("m-1", "loaves-baked", "crumb")
        + figure("120")
        + words("count")
        + day("2020-01-01")
        + words("2020-01-31", "no", "ok", "", "", "", "")
        + words("Loaves", "", "counted-by-hand"),
        sold
        + words("percent")
        + day("2020-01-01")
        + day("2020-01-31")
        + words("no", "ok", "")
        + figure("191")
        + words("200")
        + figure("2020")
        + words("Loaves, “sold”"),
        text + day("2020-02-29") + words("yes", "ok", "", "", "", "", "Loaves"),
        words("m-4", "loaves-baked", "crumb")
        + figure("16", "two")
        + words("count", "", "", "no", "ok", "", "", "", "", "Loaves", "", "", "one\ntwo"),
    )
    fieldwork = sheet(
        "fieldwork",
        words("id", "topic", "direction", "extent", "method", "date", "statement", "heading"),
        words("fw-1", "oven-heat", "supports", "all", "observation")
        + day("2020-03-01")
        + words("yes: 100 # hot", "Ovens"),
        EMPTY,
        words("fw-2", "loaves", "supports", "", "interview", "", "Loaves, as a rule", "2020"),
    )
    (home / "hand.fods").write_text(
        FODS.replace("TABLES", INSPECTION_SHEET + metrics + fieldwork), "utf-8"
    )
    office(home, form, home / "hand.fods")
    told = grading("evidence", "import", f"office/hand.{form}", "--into", "new")
    assert (told.code, told.err) == (0, "")
    assert {name: text.decode() for name, text in tree(home / "new").items()} == {
        "inspection.yaml": (
            "id: crumb-2020\n"
            "body: crumb\n"
            "body-name: Crumb & Sons\n"
            "framework: bakery\n"
            "pack: bakery\n"
            "fieldwork:\n"
            "  from: 2020-03-01\n"
            "  to: 2020-03-02\n"
            "as-of: 2020-06-30\n"
            'source: "Made up: for these tests"\n'
            "plan:\n"
            "  coverage: full\n"
            "  searched: [oven-heat, loaves]\n"
        ),
        "metrics.csv": (
            "id,series,body,value,unit,from,to,comparator,status,reason,numerator,denominator,"
            "release,heading,locator,caveats,note\n"
            "m-1,loaves-baked,crumb,120,count,2020-01-01,2020-01-31,no,ok,,,,,Loaves,,"
            "counted-by-hand,\n"
            "m-2,loaves-sold,crumb,95.5,percent,2020-01-01,2020-01-31,no,ok,,191,200,2020,"
            '"Loaves, “sold”",,,\n'
            "m-3,loaves-sold,crumb,16.40,percent,2020-02-01,2020-02-29,yes,ok,,,,,Loaves,,,\n"
            "m-4,loaves-baked,crumb,16.00,count,,,no,ok,,,,,Loaves,,,one two\n"
        ),
        "fieldwork.yaml": (
            "records:\n"
            "  - id: fw-1\n"
            "    topic: oven-heat\n"
            "    direction: supports\n"
            "    extent: all\n"
            "    method: observation\n"
            "    date: 2020-03-01\n"
            '    statement: "yes: 100 # hot"\n'
            "    heading: Ovens\n"
            "  - id: fw-2\n"
            "    topic: loaves\n"
            "    direction: supports\n"
            "    method: interview\n"
            "    statement: Loaves, as a rule\n"
            '    heading: "2020"\n'
        ),
    }


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_a_broken_workbook_of_a_spreadsheet_program_is_told_cell_by_cell(
    form: str, home: Path, grading: Grading
) -> None:
    merged = (
        '<table:table-cell office:value-type="string" table:number-columns-spanned="2"'
        ' table:number-rows-spanned="1"><text:p>team</text:p></table:table-cell>'
        "<table:covered-table-cell/>"
    )
    metrics = sheet(
        "metrics",
        METRIC_HEADS,
        words("m-1", "loaves-baked", "crumb")
        + '<table:table-cell table:formula="of:=1/0"/>'
        + words("count", "31/01/2020", "", "no", "ok", "", "", "", "", "Loaves"),
        words("m-2", "loaves-baked", "crumb")
        + figure("0.164", "percent", "percentage")
        + words("count", "", "", "no", "ok", "", "", "", "", "Loaves"),
        words("m-3", "loaves-baked", "crumb", "7", "count", "", "", "no", "ok", "", "", "")
        + words("", "Loaves"),
        hidden=frozenset({4}),
    )
    team = sheet("team", words("role", "did"), merged)
    (home / "hand.fods").write_text(
        FODS.replace("TABLES", INSPECTION_SHEET + metrics + team), "utf-8"
    )
    office(home, form, home / "hand.fods")
    told = grading("evidence", "import", f"office/hand.{form}", "--into", "new")
    book = f"office/hand.{form}"
    assert (told.code, told.out) == (3, "")
    assert told.err.splitlines() == [
        f"{book}#metrics!D2: E709 the cell holds the error `#DIV/0!`"
        " (correct the formula, or type the value)",
        f"{book}#metrics!F2: E173 `31/01/2020` is not a date"
        " (write it such as 2016-03-31, or format the cell as a date)",
        f"{book}#metrics!D3: E712 the cell shows a percentage, 16.4%, and the unit is `count`"
        " (format the cell as a number and type it again)",
        f"{book}#metrics!A4: E710 row 4 is hidden (show it, or delete it)",
        f"{book}#team!A2: E707 the cells A2 to B2 are merged (unmerge them and fill each cell)",
        f"{book}#team!B2: E170 the cell `did` is empty (fill it)",
        "6 problems; nothing was written",
    ]
    assert not (home / "new").exists()


# broken workbooks: a cell or a sheet, and a remedy

SHEET_PARTS = {
    name: f"xl/worksheets/sheet{i}.xml"
    for i, name in enumerate(
        ("inspection", "fieldwork", "file-review-summary", "metrics", "surveys", "previous"), 1
    )
}
Break = Callable[[Path], object]
DAMAGED = "good.xlsx:1:1: E705 the workbook is damaged: its archive cannot be unpacked"


def cells(sheet: str, **values: object) -> Break:
    return lambda path: edit(path, sheet, **values)


def on(sheet: str, act: Callable[[Worksheet], object]) -> Break:
    return lambda path: change(path, lambda book: act(book[sheet]))


def renamed(old: str, new: str) -> Break:
    return on(old, lambda page: setattr(page, "title", new))


def added(name: str, part: bytes = b"") -> Break:
    return lambda path: pack_parts(path, {**parts_of(path), name: part})


def hide_column(page: Worksheet) -> None:
    page.column_dimensions["C"].hidden = True


def hide_row(page: Worksheet) -> None:
    page.row_dimensions[3].hidden = True


def hide_sheet(page: Worksheet) -> None:
    page.sheet_state = "hidden"


def far_row(page: Worksheet) -> None:
    page["A1048576"] = "m-9"


def far_column(page: Worksheet) -> None:
    page["ZZ2"] = "x"


def no_column(page: Worksheet) -> None:
    page.delete_cols(2)


def percent(page: Worksheet) -> None:
    page["D2"].value, page["D2"].number_format = 0.5, "0%"


def one_row_more(page: Worksheet) -> None:
    page["A3"] = "crumb-2021"


def no_row(page: Worksheet) -> None:
    page.delete_rows(2)


def locked(path: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(ole)


def bomb_by_size(path: Path) -> None:
    zeros = bytes(33 * 1024 * 1024)
    pack_parts(path, {**parts_of(path), "xl/media/a.bin": zeros, "xl/media/b.bin": zeros})


def bomb_by_ratio(path: Path) -> None:
    added("xl/media/a.bin", bytes(20 * 1024 * 1024))(path)


def lying_size(path: Path) -> None:
    """The directory of the archive says that a large part is a small one."""
    added("xl/extra.xml", bytes(3_000_000))(path)
    data = path.read_bytes()
    assert data.count((3_000_000).to_bytes(4, "little")) == 2
    path.write_bytes(data.replace((3_000_000).to_bytes(4, "little"), (3).to_bytes(4, "little")))


def many_parts(path: Path) -> None:
    pack_parts(path, {**parts_of(path), **{f"xl/{i}.bin": b"" for i in range(1_000)}})


def entities(path: Path) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    part = SHEET_PARTS["metrics"]
    content = parts_of(path)[part]
    start = b"<?xml version='1.0'?>" + bomb.encode() if content[:5] != b"<?xml" else b""
    assert start
    pack_parts(path, {**parts_of(path), part: start + content})


BROKEN: dict[str, tuple[Break, str]] = {
    "merged cells": (
        on("metrics", lambda page: page.merge_cells("O2:P2")),
        "good.xlsx#metrics!O2: E707 the cells O2 to P2 are merged (unmerge them and fill each cell)",
    ),
    "a formula without a value": (
        cells("metrics", D2="=60+60"),
        "good.xlsx#metrics!D2: E708 a formula without a value"
        " (open the workbook in a spreadsheet program and save it, or type the value)",
    ),
    "an error": (
        cells("metrics", D2="#REF!"),
        "good.xlsx#metrics!D2: E709 the cell holds the error `#REF!`"
        " (correct the formula, or type the value)",
    ),
    "a zip bomb by its size": (
        bomb_by_size,
        "good.xlsx:1:1: E703 the workbook unpacks to more than 64 MiB"
        " (divide it into several workbooks)",
    ),
    "a zip bomb by its ratio": (
        bomb_by_ratio,
        "good.xlsx:1:1: E703 the workbook unpacks to more than 200 times its size"
        " (copy its cells into a new workbook)",
    ),
    "a zip bomb that lies about its size": (
        lying_size,
        f"{DAMAGED} (open it and save it again)",
    ),
    "a thousand parts": (
        many_parts,
        "good.xlsx:1:1: E703 the workbook has more than 1,000 parts"
        " (divide it into several workbooks)",
    ),
    "entities": (
        entities,
        "good.xlsx:1:1: E705 the workbook is damaged: its sheets cannot be read"
        " (open it and save it again)",
    ),
    "a sheet name misspelled": (
        renamed("metrics", "Metric"),
        "good.xlsx#Metric: E706 the sheet `Metric` is no part of the evidence"
        " (did you mean `metrics`?)",
    ),
    "a sheet of another kind": (
        renamed("surveys", "Sheet 1"),
        "good.xlsx#Sheet 1: E706 the sheet `Sheet 1` is no part of the evidence"
        " (known: `inspection`, `team`, `carried-forward`, `not-graded`, `fieldwork`,"
        " `file-review-summary`, `metrics`, `surveys` and `previous`)",
    ),
    "a date as text": (
        cells("metrics", F2="31/01/2020"),
        "good.xlsx#metrics!F2: E173 `31/01/2020` is not a date"
        " (write it such as 2016-03-31, or format the cell as a date)",
    ),
    "a date that is none": (
        cells("metrics", F2="2020-02-30"),
        "good.xlsx#metrics!F2: E123 there is no date `2020-02-30`"
        " (write it such as 2016-03-31, or format the cell as a date)",
    ),
    "a date as a number": (
        on("metrics", lambda page: page["F2"].__setattr__("number_format", "0")),
        "good.xlsx#metrics!F2: E711 expected a date, found the number `43831`"
        " (write it such as 2016-03-31, or format the cell as a date)",
    ),
    "a date with a time": (
        cells("metrics", F2=datetime.datetime(2020, 1, 1, 12, 30)),
        "good.xlsx#metrics!F2: E134 `2020-01-01 12:30:00` is a date with a time"
        " (write the date alone)",
    ),
    "a time of day": (
        cells("fieldwork", G2=datetime.time(12, 30)),
        "good.xlsx#fieldwork!G2: E711 a time of day or a length of time, `12:30:00`"
        " (format the cell as text and type it again)",
    ),
    "a text that became a date": (
        cells("metrics", A2=datetime.date(2020, 2, 1)),
        "good.xlsx#metrics!A2: E711 expected text, found the date `2020-02-01`"
        " (format the cell as text and type it again)",
    ),
    "a hidden row": (
        on("metrics", hide_row),
        "good.xlsx#metrics!A3: E710 row 3 is hidden (show it, or delete it)",
    ),
    "a hidden column": (
        on("metrics", hide_column),
        "good.xlsx#metrics!C1: E710 column C is hidden (show it, or delete it)",
    ),
    "a hidden sheet": (
        on("metrics", hide_sheet),
        "good.xlsx#metrics: E710 the sheet is hidden (show it, or delete it)",
    ),
    "a password": (
        locked,
        "good.xlsx:1:1: E702 the workbook needs a password (save it without a password)",
    ),
    "an old workbook": (
        lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        "good.xlsx:1:1: E701 this is a workbook of the old binary form (save it as .xlsx or .ods)",
    ),
    "no workbook": (
        lambda path: path.write_text("id,series\n"),
        "good.xlsx:1:1: E701 this is neither an XLSX nor an ODS workbook"
        " (save it as .xlsx, .ods or .csv)",
    ),
    "an archive of something else": (
        lambda path: pack_parts(path, {"word/document.xml": b"<a/>"}),
        "good.xlsx:1:1: E701 the archive holds no XLSX or ODS workbook"
        " (save the workbook as .xlsx or .ods)",
    ),
    "half a workbook": (
        lambda path: path.write_bytes(path.read_bytes()[:9_000]),
        f"{DAMAGED} (open it and save it again)",
    ),
    "a sheet that is cut short": (
        lambda path: patch(path, SHEET_PARTS["metrics"], "</worksheet>", ""),
        "good.xlsx:1:1: E705 the workbook is damaged: its sheets cannot be read"
        " (open it and save it again)",
    ),
    "one heading twice": (
        cells("metrics", R1="note"),
        "good.xlsx#metrics!R1: E153 the column `note` occurs twice"
        " (the first is at good.xlsx#metrics!Q1)",
    ),
    "a missing column": (
        on("metrics", no_column),
        "good.xlsx#metrics!A1: E152 missing column `series` (add it)",
    ),
    "a column that is not known": (
        cells("metrics", R1="colour"),
        "good.xlsx#metrics!R1: E151 unknown column `colour` (the columns are `id`, `series`,"
        " `body`, `value`, `unit`, `from`, `to`, `comparator`, `status`, `reason`, `numerator`,"
        " `denominator`, `release`, `heading`, `locator`, `caveats` and `note`)",
    ),
    "a misspelled column": (
        cells("metrics", D1="vlaue"),
        "good.xlsx#metrics!D1: E151 unknown column `vlaue` (did you mean `value`?)",
    ),
    "a cell under no heading": (
        cells("metrics", S3="see above"),
        "good.xlsx#metrics!S3: E715 a cell outside the headed columns"
        " (delete it, or head its column)",
    ),
    "a truth value for a text": (
        cells("metrics", J2=True),
        "good.xlsx#metrics!J2: E711 expected text, found the truth value `TRUE`"
        " (format the cell as text and type it again)",
    ),
    "a text for a figure": (
        cells("metrics", D2="1,200"),
        "good.xlsx#metrics!D2: E171 `1,200` is not a number"
        " (write digits and a point alone, such as 1234.5)",
    ),
    "a percentage of a count": (
        on("metrics", percent),
        "good.xlsx#metrics!D2: E712 the cell shows a percentage, 50%, and the unit is `count`"
        " (format the cell as a number and type it again)",
    ),
    "a percentage where none belongs": (
        cells("metrics", K2="50%"),
        "good.xlsx#metrics!K2: E712 the cell shows a percentage, 50%, where none belongs"
        " (format the cell as a number and type it again)",
    ),
    "half a respondent": (
        cells("surveys", G2=50.5),
        "good.xlsx#surveys!G2: E172 `50.5` is not a whole number"
        " (write it without a decimal point)",
    ),
    "a word that is none": (
        cells("fieldwork", C2="suports"),
        "good.xlsx#fieldwork!C2: E174 `suports` is not one of `supports`, `contradicts` or"
        " `neutral` (did you mean `supports`?)",
    ),
    "a cell like a book": (
        cells("metrics", Q2="a" * 20_001),
        "good.xlsx#metrics!Q2: E158 a cell of more than 20,000 characters (shorten it)",
    ),
    "a bidi override": (
        cells("metrics", Q2="\u202eabc"),
        "good.xlsx#metrics!Q2: E108 the character U+202E changes the direction of the text"
        " around it (delete it)",
    ),
    "a control character": (
        cells("metrics", Q2="a\u0085c"),
        "good.xlsx#metrics!Q2: E107 the control character U+0085 (delete it)",
    ),
    "spaces around a cell": (
        cells("metrics", Q2="abc "),
        "good.xlsx#metrics!Q2: E157 spaces around `abc` (remove them)",
    ),
    "macros": (
        added("xl/vbaProject.bin"),
        "good.xlsx:1:1: E704 the workbook contains macros"
        " (save it as .xlsx or .ods without macros)",
    ),
    "links to other workbooks": (
        added("xl/externalLinks/externalLink1.xml", b"<a/>"),
        "good.xlsx:1:1: E704 the workbook takes values from other files"
        " (break its links, so that it holds the values itself)",
    ),
    "a million rows": (
        on("metrics", far_row),
        "good.xlsx#metrics!A1048576: E159 more than 200,000 rows (divide it into several files)",
    ),
    "hundreds of columns": (
        on("metrics", far_column),
        "good.xlsx#metrics!ZZ2: E163 more than 200 columns (delete what stands beyond)",
    ),
    "a cell that must be filled": (
        cells("fieldwork", B2=None),
        "good.xlsx#fieldwork!B2: E170 the cell `topic` is empty (fill it)",
    ),
    "half a mitigation": (
        cells("fieldwork", H2="It was a holiday"),
        "good.xlsx#fieldwork!I2: E170 the cell `mitigation-weight` is empty (fill it)",
    ),
    "two inspections": (
        on("inspection", one_row_more),
        "good.xlsx#inspection!A3: E716 2 rows of one inspection (keep one)",
    ),
    "no inspection": (
        on("inspection", no_row),
        "good.xlsx#inspection: E716 no inspection (fill in the row below the headings)",
    ),
    "an empty sheet": (
        on("previous", lambda page: page.delete_rows(1, 3)),
        "good.xlsx#previous: E109 the sheet is empty (fill it, or delete it)",
    ),
    # what the rule pack or the models find, told at the cell that it came from
    "a topic of no pack": (
        cells("fieldwork", B3="loafs"),
        "good.xlsx#fieldwork!B3: E403 unknown topic `loafs` (did you mean `loaves`?)",
    ),
    "a topic of the plan": (
        cells("inspection", M2="oven-heat; loafs"),
        "good.xlsx#inspection!M2: E403 unknown topic `loafs` (did you mean `loaves`?)",
    ),
    "a series of no pack": (
        cells("metrics", B2="loaves-bakd"),
        "good.xlsx#metrics!B2: E410 unknown series `loaves-bakd` (did you mean `loaves-baked`?)",
    ),
    "a caveat of no pack": (
        cells("metrics", P2="counted-by-hand;counted"),
        "good.xlsx#metrics!P2: E414 unknown caveat `counted` (did you mean `counted-by-hand`?)",
    ),
    "one id twice": (
        cells("metrics", A3="m-1"),
        "good.xlsx#metrics!A3: E408 two records have the id `m-1`"
        " (the first is at good.xlsx#metrics!A2)",
    ),
    "a record that is not there": (
        cells("fieldwork", J3="fw-1;fw-7"),
        "good.xlsx#fieldwork!J3: E404 unknown record `fw-7` (did you mean `fw-2`?)",
    ),
    "a severity of a strength": (
        cells("fieldwork", G2="minor"),
        "good.xlsx#fieldwork!A2: E209 only a record that contradicts has a `severity`",
    ),
    "a period reversed": (
        cells("metrics", G2=datetime.date(2019, 1, 31)),
        "good.xlsx#metrics!G2: E413 the period ends before it starts (exchange `from` and `to`)",
    ),
    "a name with capitals": (
        cells("fieldwork", A2="FW-1"),
        "good.xlsx#fieldwork!A2: E207 `FW-1` does not have the form it must have"
        " (the pattern is `^[a-z0-9]+(-[a-z0-9]+)*$`)",
    ),
    "a pack that is not there": (
        cells("inspection", E2="bakry"),
        "good.xlsx#inspection!E2: E417 there is no rule pack `bakry` (did you mean `bakery`?)",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_workbook_is_told_at_its_cell_with_a_remedy(
    name: str, good: Path, home: Path, grading: Grading
) -> None:
    break_it, line = BROKEN[name]
    break_it(good)
    before = tree(home)
    told = grading("evidence", "import", "good.xlsx", "--into", "new")
    assert told == Told(3, "", f"{line}\n1 problem; nothing was written\n")
    assert tree(home) == before
    assert sorted(path.name for path in home.iterdir()) == ["evidence", "good.xlsx", "rules"]
