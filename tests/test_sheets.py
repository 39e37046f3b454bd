"""Spreadsheets in and out: what is read, what is refused and where, and that nothing is lost."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from grading.commands.common import load
from grading.evidence.evidence import Evidence
from grading.evidence.sheets.cells import Cell, SheetRow
from grading.evidence.sheets.columns import SHEETS, Column
from grading.evidence.sheets.export import export
from grading.evidence.sheets.look import ERRORS, Format, format_of
from grading.evidence.sheets.making import template, workbook
from grading.evidence.sheets.notes import SHEET_NOTES, note
from grading.evidence.sheets.rows import flat
from grading.evidence.sheets.sources import Read, take_workbook
from grading.evidence.sheets.typed import typed
from grading.evidence.sheets.workbook import read_workbook
from grading.evidence.sheets.written import csv_text, yaml_text
from grading.problems import CODES, BadInput, Place, Problem, column_letters
from grading.rules.load import load_pack
from grading.source import parse_csv, parse_yaml
from tests.test_bad_input import Grading, Told, grading, home, swap

__all__ = ["grading", "home"]

ROOT = Path(__file__).parent.parent
HERE = Path(__file__).parent
SHIPPED = sorted(
    path.parent.relative_to(ROOT / "evidence").as_posix()
    for path in ROOT.glob("evidence/*/*/inspection.yaml")
)
DURHAM = "peel-effectiveness-2016/durham"
RULES = ("--rules", str(ROOT / "rules"))
BAKERY = load_pack(HERE / "errors_pack" / "good")
Tree = dict[str, bytes]


def tree(folder: Path) -> Tree:
    """Every file below a folder, by name."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def content(evidence: Evidence) -> object:
    """What a folder of evidence says: everything but where it is written."""
    return (
        evidence.inspection,
        [(placed.kind, placed.record) for placed in evidence.every()],
        evidence.gathered,
        {name: placed.written for name, placed in evidence.not_graded.items()},
        [placed.written for placed in evidence.answers],
    )


@pytest.fixture(scope="session")
def bakery_book() -> bytes:
    """The evidence of the bakery as a workbook."""
    return export(HERE / "errors_evidence" / "good", BAKERY)


@pytest.fixture(scope="session")
def durham_book() -> bytes:
    """The evidence of Durham as a workbook."""
    folder = ROOT / "evidence" / DURHAM
    return export(folder, load_pack(ROOT / "rules" / "peel-effectiveness-2016"))


@pytest.fixture
def good(home: Path, bakery_book: bytes) -> Path:
    """The workbook of the bakery, beside its folder."""
    (home / "good.xlsx").write_bytes(bakery_book)
    return home / "good.xlsx"


@pytest.fixture
def durham(tmp_path: Path, durham_book: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of Durham's evidence, with its workbook beside it, from where commands run."""
    shutil.copytree(ROOT / "evidence" / DURHAM, tmp_path / "durham")
    (tmp_path / "durham.xlsx").write_bytes(durham_book)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "durham"


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


def stamps(folder: Path) -> dict[str, tuple[int, ...]]:
    """What changes when a file or the folder itself is written to, be it with the same bytes."""
    statuses = {path.name: path.stat() for path in (folder, *folder.iterdir())}
    return {n: (s.st_ino, s.st_mtime_ns, s.st_ctime_ns, s.st_mode) for n, s in statuses.items()}


def there_and_back(folder: Path, tmp_path: Path, grading: Grading) -> None:
    """Out and into a new folder it is the same; into its own, it is not even touched."""
    book, again, into = (str(tmp_path / name) for name in ("x.xlsx", "y.xlsx", "into"))
    assert grading("evidence", "export", str(folder), "--out", book, *RULES) == Told(0, "", "")
    told = grading("evidence", "import", book, "--into", into, *RULES)
    assert (told.code, told.err) == (0, "")
    before, after = (load(path, None, ROOT / "rules")[0] for path in (folder, Path(into)))
    assert content(after) == content(before)
    assert len(before.every()) > 2
    assert grading("evidence", "export", into, "--out", again, *RULES) == Told(0, "", "")
    assert Path(again).read_bytes() == Path(book).read_bytes()
    for path in (folder, Path(into)):
        files, seen = tree(path), stamps(path)
        told = grading("evidence", "import", book, "--into", str(path), *RULES)
        assert (told.code, told.err) == (0, "")
        assert {line.split()[0] for line in told.out.splitlines()} == {"unchanged"}
        assert (tree(path), stamps(path)) == (files, seen)


@pytest.mark.parametrize("name", SHIPPED)
def test_evidence_goes_out_and_comes_in_again_as_the_same(
    name: str, tmp_path: Path, grading: Grading
) -> None:
    shutil.copytree(ROOT / "evidence" / name, tmp_path / "own")
    there_and_back(tmp_path / "own", tmp_path, grading)


ANSWERS = """\
# What was found and accepted.
answers:
  - {check: C101, records: [m-048, m-015], accepted-because: "both: as printed", by: lead, date: 2017-03-01}
  - check: attendance-times
    records:
      - ic-036
      - ic-037
      - m-117
    accepted-because: The figure was never printed
    by: analyst
    date: 2017-03-02
"""


def test_accepted_checks_go_out_and_come_in_again_as_the_same(
    durham: Path, tmp_path: Path, grading: Grading
) -> None:
    (durham / "answers.yaml").write_text(ANSWERS)
    there_and_back(durham, tmp_path, grading)
    page = openpyxl.load_workbook(tmp_path / "x.xlsx")["answers"]
    day = datetime.datetime
    assert [[cell.value for cell in row] for row in page] == [
        ["check", "records", "accepted-because", "by", "date"],
        ["C101", "m-048;m-015", "both: as printed", "lead", day(2017, 3, 1)],
        [
            *("attendance-times", "ic-036;ic-037;m-117"),
            *("The figure was never printed", "analyst", day(2017, 3, 2)),
        ],
    ]
    assert (tmp_path / "into" / "answers.yaml").read_text() == (
        "answers:\n"
        "  - check: C101\n"
        "    records: [m-048, m-015]\n"
        '    accepted-because: "both: as printed"\n'
        "    by: lead\n"
        "    date: 2017-03-01\n"
        "  - check: attendance-times\n"
        "    records: [ic-036, ic-037, m-117]\n"
        "    accepted-because: The figure was never printed\n"
        "    by: analyst\n"
        "    date: 2017-03-02\n"
    )
    for folder in (durham, tmp_path / "into"):
        told = grading("evidence", "check", str(folder), *RULES)
        assert "; 2 answered" in told.out.splitlines()[-1]


def test_an_accepted_check_that_is_there_is_not_lost(
    durham: Path, tmp_path: Path, grading: Grading
) -> None:
    (durham / "answers.yaml").write_text(ANSWERS)
    book = str(tmp_path / "x.xlsx")
    assert grading("evidence", "export", "durham", "--out", book, *RULES).code == 0
    edit(Path(book), "answers", B2="m-015; m-048", D2="chief", B3="ic-036;ic-037")
    told = grading("evidence", "import", book, "--into", "durham", *RULES)
    assert told.problems == [
        "durham/answers.yaml:4:5: E714 the answer `attendance-times ic-036 ic-037 m-117` is not in"
        " the sheet `answers` (add its row, or delete the answer here first)"
    ]
    assert (durham / "answers.yaml").read_text() == ANSWERS
    edit(Path(book), "answers", B3="m-117 ;ic-037; ic-036")
    told = grading("evidence", "import", book, "--into", "durham", *RULES)
    assert (told.code, told.err) == (0, "")
    assert [line for line in told.out.splitlines() if "written" in line] == [
        "written    durham/answers.yaml"
    ]
    assert "    by: chief\n" in (durham / "answers.yaml").read_text()


def test_what_a_second_import_finds_it_does_not_touch(
    good: Path, home: Path, grading: Grading
) -> None:
    first = grading("evidence", "import", "good.xlsx", "--into", "new")
    names = (
        *("fieldwork.yaml", "file-review-summary.yaml", "inspection.yaml"),
        *("metrics.csv", "previous.yaml", "surveys.csv"),
    )
    assert first == Told(0, "".join(f"written    new/{name}\n" for name in names), "")
    files, seen = tree(home / "new"), stamps(home / "new")
    second = grading("evidence", "import", "good.xlsx", "--into", "new")
    assert second == Told(0, "".join(f"unchanged  new/{name}\n" for name in names), "")
    assert (tree(home / "new"), stamps(home / "new")) == (files, seen)


def test_files_that_say_the_same_in_other_words_are_left_as_they_are(
    durham: Path, grading: Grading
) -> None:
    """Durham's fieldwork stands in five files with comments; the workbook has one sheet."""
    before = tree(durham)
    told = grading("evidence", "import", "durham.xlsx", "--into", "durham", *RULES)
    assert (told.code, told.err) == (0, "")
    assert {line.split()[0] for line in told.out.splitlines()} == {"unchanged"}
    assert tree(durham) == before


def test_a_corrected_cell_changes_its_file_alone(good: Path, home: Path, grading: Grading) -> None:
    before = tree(home / "evidence")
    edit(good, "metrics", D2=130)
    told = grading("evidence", "import", "good.xlsx", "--into", "evidence", "--format", "json")
    assert json.loads(told.out)["changed"] == ["metrics.csv"]
    after = tree(home / "evidence")
    old = before.pop("metrics.csv")
    assert after.pop("metrics.csv") == old.replace(b",120,", b",130,")
    assert after == before


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
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
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
STYLES<style:style style:name="hidden" style:family="table">
<style:table-properties table:display="false"/></style:style>
</office:automatic-styles>
<office:body><office:spreadsheet>TABLES</office:spreadsheet></office:body></office:document>
"""
STYLES = "".join(
    f'<number:{"percentage" if kind == "percentage" else "number"}-style style:name="{kind}{places}">'
    f'<number:number number:decimal-places="{places}" number:min-decimal-places="{places}"/>'
    f"</number:{'percentage' if kind == 'percentage' else 'number'}-style>"
    f'<style:style style:name="{kind}-{places}" style:family="table-cell"'
    f' style:data-style-name="{kind}{places}"/>'
    for kind in ("float", "percentage")
    for places in range(4)
)
FODS = FODS.replace("STYLES", STYLES)
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


def ods_cell(cell: Any, spans: str) -> str:
    """A cell of a workbook as an ODS file has it."""
    value, form = cell.value, cell.number_format
    match value:
        case None:
            said, text = "", ""
        case str() if cell.data_type == "f":
            said, text = f'table:formula="of:{escape(value)}"', ""
        case str() if cell.data_type == "e":
            said, text = 'table:formula="of:=1/0" calcext:value-type="error"', value
            said += ' office:value-type="string" office:string-value=""'
        case str():
            said, text = 'office:value-type="string"', value
        case bool():
            said = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
            text = str(value).upper()
        case datetime.time():
            said, text = 'office:value-type="time" office:time-value="PT12H30M00S"', "12:30:00"
            assert value == datetime.time(12, 30)
        case datetime.datetime():
            is_day = value.time() == datetime.time()
            shown = value.date().isoformat() if is_day else value.isoformat()
            said, text = f'office:value-type="date" office:date-value="{shown}"', shown
        case _:
            kind = "percentage" if "%" in form else "float"
            places = len(form.partition(".")[2].rstrip("%"))
            style = f"{kind}-{min(places, 3)}"
            said = f'table:style-name="{style}" office:value-type="{kind}" office:value="{value}"'
            text = str(value)
    paragraphs = "".join(f"<text:p>{ods_text(line)}</text:p>" for line in text.split("\n") if text)
    return f"<table:table-cell {said}{spans}>{paragraphs}</table:table-cell>"


def ods_text(text: str) -> str:
    """Spaces that XML would lose are elements."""
    return re.sub(r"^ | $|(?<= ) ", "<text:s/>", escape(text))


COLLAPSED = ' table:visibility="collapse"'


def ods_table(page: Worksheet) -> str:
    """A sheet of a workbook as an ODS file has it, with what is hidden and merged."""
    spans = {
        (area.min_row, area.min_col): (
            f' table:number-columns-spanned="{area.max_col - area.min_col + 1}"'
            f' table:number-rows-spanned="{area.max_row - area.min_row + 1}"'
        )
        for area in page.merged_cells.ranges
    }
    lines, before = [], 0
    for row in sorted({cell.row for cell in page._cells.values() if cell.value is not None}):
        if row > before + 1:
            lines.append(
                f'<table:table-row table:number-rows-repeated="{row - before - 1}">{EMPTY}'
                "</table:table-row>"
            )
        hidden = COLLAPSED * page.row_dimensions[row].hidden
        filled = [cell.column for cell in page[row] if cell.value is not None]
        filled += [column for line, column in spans if line == row]
        cells = "".join(
            ods_cell(page.cell(row, column), spans.get((row, column), ""))
            for column in range(1, max(filled) + 1)
        )
        lines.append(f"<table:table-row{hidden}>{cells}</table:table-row>")
        before = row
    shown = [page.column_dimensions[column_letters(i)].hidden for i in range(1, 40)]
    columns = "".join(f"<table:table-column{COLLAPSED * hidden}/>" for hidden in shown)
    style = "" if page.sheet_state == "visible" else ' table:style-name="hidden"'
    return (
        f'<table:table table:name="{escape(page.title)}"{style}>{columns}{"".join(lines)}'
        "</table:table>"
    )


def as_ods(path: Path, out: Path) -> None:
    """The sheets of evidence of an XLSX workbook in an ODS workbook, as far as tests need it."""
    book = openpyxl.load_workbook(path)
    tables = "".join(ods_table(p) for p in book.worksheets if p.title not in ("notes", "lists"))
    ods(out, content_xml(tables))


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


def hide_rows(page: Worksheet) -> None:
    page.row_dimensions[2].hidden = page.row_dimensions[3].hidden = True


def hide_apart(page: Worksheet) -> None:
    for i, cell in enumerate(page[3], 1):
        page.cell(4, i).value = "fw-3" if i == 1 else cell.value
    page.row_dimensions[2].hidden = page.row_dimensions[4].hidden = True


def formula(path: Path, said: str) -> None:
    """The cell D2 of the metrics has a formula, and the value that a program worked out."""
    edit(path, "metrics", D2=120)
    patch(path, SHEET_PARTS["metrics"], "<v>120</v>", f"<f>{escape(said)}</f><v>120</v>")


def linked_cell(path: Path) -> None:
    formula(path, "[1]Sheet1!$A$1")
    added("xl/externalLinks/externalLink1.xml", b"<a/>")(path)


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


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


def entities(path: Path) -> None:
    part = SHEET_PARTS["metrics"]
    content = parts_of(path)[part]
    start = b"<?xml version='1.0'?>" + BOMB.encode() if content[:5] != b"<?xml" else b""
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
        " `file-review-summary`, `file-review`, `metrics`, `surveys`, `previous` and `answers`)",
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
        cells("metrics", T1="colour"),
        "good.xlsx#metrics!T1: E151 unknown column `colour` (the columns are `id`, `series`,"
        " `body`, `value`, `unit`, `from`, `to`, `comparator`, `status`, `reason`, `numerator`,"
        " `denominator`, `release`, `heading`, `locator`, `caveats`, `note`, `definition` and"
        " `synthetic`)",
    ),
    "a misspelled column": (
        cells("metrics", D1="vlaue"),
        "good.xlsx#metrics!D1: E151 unknown column `vlaue` (did you mean `value`?)",
    ),
    "a cell under no heading": (
        cells("metrics", U3="see above"),
        "good.xlsx#metrics!U3: E715 a cell outside the headed columns"
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
    "a link to another workbook": (
        linked_cell,
        "good.xlsx#metrics!D2: E704 the formula takes its value from another file (type the value)",
    ),
    "a value from an address": (
        lambda path: formula(path, 'WEBSERVICE("https://example.org/")'),
        "good.xlsx#metrics!D2: E704 the formula takes its value from another file (type the value)",
    ),
    "rows that a filter hides": (
        on("metrics", hide_rows),
        "good.xlsx#metrics!A2: E710 rows 2 to 3 are hidden"
        " (show them, by clearing a filter if there is one, or delete them)",
    ),
    "two hidden rows with one between": (
        on("fieldwork", hide_apart),
        "good.xlsx#fieldwork!A2: E710 row 2 is hidden (show it, or delete it)\n"
        "good.xlsx#fieldwork!A4: E710 row 4 is hidden (show it, or delete it)",
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
        " (write it as `fw-1`: small letters and digits, with a hyphen between words)",
    ),
    "a pack that is not there": (
        cells("inspection", E2="bakry"),
        "good.xlsx#inspection!E2: E417 there is no rule pack `bakry` (did you mean `bakery`?)",
    ),
}


def number(lines: str) -> str:
    count = lines.count("\n") + 1
    return "1 problem" if count == 1 else f"{count} problems"


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_workbook_is_told_at_its_cell_with_a_remedy(
    name: str, good: Path, home: Path, grading: Grading
) -> None:
    break_it, line = BROKEN[name]
    break_it(good)
    before = tree(home)
    told = grading("evidence", "import", "good.xlsx", "--into", "new")
    assert told == Told(3, "", f"{line}\n{number(line)}; nothing was written\n")
    assert tree(home) == before
    assert sorted(path.name for path in home.iterdir()) == ["evidence", "good.xlsx", "rules"]


OF_THE_CONTAINER = {
    *("a zip bomb by its size", "a zip bomb by its ratio", "a zip bomb that lies about its size"),
    *("a thousand parts", "entities", "a password", "an old workbook", "no workbook"),
    *("an archive of something else", "half a workbook", "a sheet that is cut short", "macros"),
    *("links to other workbooks", "a link to another workbook", "a value from an address"),
}
"""What is broken otherwise in ODS: the table `OF_THE_ODS_CONTAINER` has those."""


@pytest.mark.parametrize("name", sorted(set(BROKEN) - OF_THE_CONTAINER))
def test_what_is_broken_in_xlsx_is_told_of_ods_at_the_same_cell(
    name: str, good: Path, home: Path, grading: Grading
) -> None:
    break_it, line = BROKEN[name]
    break_it(good)
    as_ods(good, home / "good.ods")
    before = tree(home)
    told = grading("evidence", "import", "good.ods", "--into", "new")
    line = line.replace("good.xlsx", "good.ods")
    assert told == Told(3, "", f"{line}\n{number(line)}; nothing was written\n")
    assert tree(home) == before


def test_macros_in_the_name_of_a_file_are_refused(home: Path, grading: Grading) -> None:
    (home / "x.xlsm").write_bytes(b"PK")
    (home / "x.pdf").write_bytes(b"%PDF")
    told = grading("evidence", "import", "x.xlsm", "x.pdf", "none.xlsx", "--into", "new")
    assert told.problems == [
        "none.xlsx:1:1: E101 there is no such file (check its name and folder)",
        "x.pdf:1:1: E701 files whose names end with `.pdf` are not read"
        " (save it as .xlsx, .ods or .csv)",
        "x.xlsm:1:1: E704 the workbook may contain macros (save it as .xlsx or .ods without macros)",
    ]


def ods(path: Path, content: str, **others: str) -> Path:
    """An ODS workbook of this content."""
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": "<manifest/>",
        "content.xml": content,
        **others,
    }
    pack_parts(path, {name.replace("__", "/"): part.encode() for name, part in parts.items()})
    return path


def content_xml(tables: str) -> str:
    text = FODS.replace("office:document ", "office:document-content ")
    return text.replace("office:document>", "office:document-content>").replace("TABLES", tables)


ODS_BROKEN: dict[str, tuple[str, dict[str, str], str]] = {
    "a table within a table": (
        sheet("team", f"<table:table-cell>{sheet('other', EMPTY)}</table:table-cell>"),
        {},
        "x.ods:1:1: E705 the workbook is damaged: its sheets cannot be read"
        " (open it and save it again)",
    ),
    "a link to another file": (
        sheet(
            "team",
            words("role", "did"),
            words("cook") + "<table:table-cell table:formula=\"of:='file:///x.ods'#$a.A1\""
            ' office:value-type="string"><text:p>baked</text:p></table:table-cell>',
        ),
        {},
        "x.ods#team!B2: E704 the formula takes its value from another file (type the value)",
    ),
    "a formula without a value": (
        sheet(
            "team", words("role", "did"), words("cook") + '<table:table-cell table:formula="=1"/>'
        ),
        {},
        "x.ods#team!B2: E708 a formula without a value"
        " (open the workbook in a spreadsheet program and save it, or type the value)",
    ),
    "a cell that is repeated a million times": (
        sheet(
            "team",
            words("role", "did"),
            '<table:table-cell table:number-columns-repeated="999999" office:value-type="string">'
            "<text:p>x</text:p></table:table-cell>",
        ),
        {},
        "x.ods#team!A2: E163 more than 200 columns (delete what stands beyond)",
    ),
}


@pytest.mark.parametrize("name", ODS_BROKEN)
def test_a_broken_ods_workbook_is_told_at_its_cell(name: str, home: Path, grading: Grading) -> None:
    tables, others, line = ODS_BROKEN[name]
    ods(home / "x.ods", content_xml(tables), **others)
    told = grading("evidence", "import", "x.ods", "--into", "evidence")
    assert line in told.problems
    assert {problem.split()[1] for problem in told.problems} <= {line.split()[1], "E170"}
    assert told.code == 3


DAMAGED_ODS = "good.ods:1:1: E705 the workbook is damaged"
OF_THE_ODS_CONTAINER: dict[str, tuple[Break, str]] = {
    "a zip bomb by its size": (
        bomb_by_size,
        "good.ods:1:1: E703 the workbook unpacks to more than 64 MiB"
        " (divide it into several workbooks)",
    ),
    "a zip bomb by its ratio": (
        bomb_by_ratio,
        "good.ods:1:1: E703 the workbook unpacks to more than 200 times its size"
        " (copy its cells into a new workbook)",
    ),
    "a zip bomb that lies about its size": (
        lying_size,
        f"{DAMAGED_ODS}: its archive cannot be unpacked (open it and save it again)",
    ),
    "a thousand parts": (
        many_parts,
        "good.ods:1:1: E703 the workbook has more than 1,000 parts"
        " (divide it into several workbooks)",
    ),
    "entities": (
        lambda path: patch(
            path, "content.xml", "<office:document-content", f"{BOMB}<office:document-content"
        ),
        f"{DAMAGED_ODS}: its sheets cannot be read (open it and save it again)",
    ),
    "a password": (
        added("META-INF/manifest.xml", b"<manifest><encryption-data/></manifest>"),
        "good.ods:1:1: E702 the workbook needs a password (save it without a password)",
    ),
    "a password that hides even the parts": (
        lambda path: pack_parts(
            path,
            {
                "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                "META-INF/manifest.xml": b"<manifest><encryption-data/></manifest>",
                "encrypted-package": b"?" * 600,
            },
        ),
        "good.ods:1:1: E702 the workbook needs a password (save it without a password)",
    ),
    "an old workbook": (
        lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        "good.ods:1:1: E701 this is a workbook of the old binary form (save it as .xlsx or .ods)",
    ),
    "no workbook": (
        lambda path: path.write_text("id,series\n"),
        "good.ods:1:1: E701 this is neither an XLSX nor an ODS workbook"
        " (save it as .xlsx, .ods or .csv)",
    ),
    "a text document": (
        added("mimetype", b"application/vnd.oasis.opendocument.text"),
        "good.ods:1:1: E701 the archive holds no XLSX or ODS workbook"
        " (save the workbook as .xlsx or .ods)",
    ),
    "half a workbook": (
        lambda path: path.write_bytes(path.read_bytes()[:1_500]),
        f"{DAMAGED_ODS}: its archive cannot be unpacked (open it and save it again)",
    ),
    "a sheet that is cut short": (
        lambda path: patch(path, "content.xml", "</office:document-content>", ""),
        f"{DAMAGED_ODS}: its sheets cannot be read (open it and save it again)",
    ),
    "macros": (
        added("Basic/Standard/Module1.xml", b"<a/>"),
        "good.ods:1:1: E704 the workbook contains macros (save it as .xlsx or .ods without macros)",
    ),
    "a sheet of another file": (
        lambda path: patch(
            path,
            "content.xml",
            '<table:table table:name="metrics">',
            '<table:table table:name="metrics"><table:table-source/>',
        ),
        "good.ods#metrics: E704 the sheet takes its cells from another file"
        " (break its link, so that it holds the values itself)",
    ),
    "a link to another workbook": (
        lambda path: ods_formula(path, "of:='file:///a.ods'#$a.A1"),
        "good.ods#metrics!D2: E704 the formula takes its value from another file (type the value)",
    ),
    "a value from an address": (
        lambda path: ods_formula(path, "of:=WEBSERVICE(&quot;https://example.org&quot;)"),
        "good.ods#metrics!D2: E704 the formula takes its value from another file (type the value)",
    ),
}


def ods_formula(path: Path, said: str) -> None:
    """The cell D2 of the metrics has a formula, and the value that a program worked out."""
    old = 'office:value="120"'
    patch(path, "content.xml", old, f'{old} table:formula="{said}"')


@pytest.mark.parametrize("name", OF_THE_ODS_CONTAINER)
def test_an_ods_file_that_is_broken_is_told_with_a_remedy(
    name: str, good: Path, home: Path, grading: Grading
) -> None:
    as_ods(good, home / "good.ods")
    assert grading("evidence", "import", "good.ods", "--into", "evidence").code == 0
    break_it, line = OF_THE_ODS_CONTAINER[name]
    break_it(home / "good.ods")
    before = tree(home)
    told = grading("evidence", "import", "good.ods", "--into", "new")
    assert told == Told(3, "", f"{line}\n1 problem; nothing was written\n")
    assert tree(home) == before


def test_every_kind_of_broken_workbook_is_tried_in_both_forms() -> None:
    elsewhere = {"an archive of something else", "links to other workbooks"}
    assert OF_THE_CONTAINER - set(OF_THE_ODS_CONTAINER) == elsewhere  # a text document; a sheet


def test_line_breaks_spaces_and_remarks_of_ods_are_read_as_they_are_shown(home: Path) -> None:
    cell = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>no</text:p>'
        '</office:annotation><text:p>a<text:line-break/>b<text:s text:c="2"/>c<text:tab/>d</text:p>'
        "<text:p>e</text:p></table:table-cell>"
    )
    book = ods(home / "x.ods", content_xml(sheet("team", cell))).read_bytes()
    _, grids, problems = read_workbook(book, "x.ods", frozenset({"team"}))
    assert problems == []
    assert [cell.value for cell in grids["team"].values()] == ["a\nb  c\td\ne"]


# what the library that reads would not say


def test_the_reading_library_is_as_its_wall_says(home: Path) -> None:
    breaks = '<table:table-cell office:value-type="string"><text:p>a<text:line-break/>b</text:p>'
    tables = sheet(
        "team",
        figure("0.164", "percent", "percentage") + breaks + "</table:table-cell>",
        words("seen"),
        words("hidden"),
        hidden=frozenset({3}),
    )
    book = python_calamine.load_workbook(str(ods(home / "x.ods", content_xml(tables))))
    assert book.get_sheet_by_name("team").to_python(skip_empty_area=False) == [
        [0.164, "ab"],
        ["seen", ""],
        ["hidden", ""],
    ]
    made = openpyxl.Workbook()
    page = made.worksheets[0]
    page["A1"], page["B1"], page["C3"] = "=1+1", "#REF!", "far"
    made.save(home / "x.xlsx")
    read = python_calamine.load_workbook(str(home / "x.xlsx")).get_sheet_by_index(0)
    assert read.to_python(skip_empty_area=False) == [["", "", ""], ["", "", ""], ["", "", "far"]]


# figures: as they are shown


@pytest.mark.parametrize(
    ("value", "form", "unit", "read"),
    [
        (0.164, "0.0%", "percent", "16.4"),
        (0.164, "0%", "percent", "16.4"),
        (0.16, "0.0%", "percent-change", "16.0"),
        (-0.034, "0.0%", "percentage-points", "-3.4"),
        (0.28999999999999998, "0.00%", "percent", "29.00"),
        (16.4, "General", "percent", "16.4"),
        (16, "0.0", "percent", "16.0"),
        (16.44, "0.0", "percent", "16.44"),
        (1234.5, "#,##0.00", "count", "1234.50"),
        (40, '0" per cent"', "count", "40"),
        (40, "0.0##", "count", "40.0"),
        (0.1 + 0.2, "General", "ratio", "0.3"),
        (123456789012345, "General", "count", "123456789012345"),
        (0.000001, "General", "ratio", "0.000001"),
        (0, "0.00", "count", "0.00"),
        ("16.40", "@", "percent", "16.40"),
        ("16.40%", "@", "percent", "16.40"),
        ("16.4 %", "@", "percent", "16.4"),
    ],
)
def test_a_figure_is_read_as_it_is_shown(
    value: str | float, form: str, unit: str, read: str, home: Path
) -> None:
    made = openpyxl.Workbook()
    page = made.worksheets[0]
    page.title = "metrics"
    page["A1"].value = value
    page["A1"].number_format = form
    made.save(home / "x.xlsx")
    content = (home / "x.xlsx").read_bytes()
    _, grids, problems = read_workbook(content, "x.xlsx", frozenset({"metrics"}))
    assert problems == []
    place = Place("x.xlsx", 2, 1, sheet="metrics")
    cells = {"value": grids["metrics"][1, 1], "unit": Cell(unit, place)}
    found = typed(SheetRow(place, cells, {}), Column(("value",), "number"))
    assert isinstance(found, Decimal)
    assert str(found) == format(found, "f") == read


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("General", Format()),
        ("0", Format()),
        ("0.00", Format(places=2)),
        ("0.0%;[Red]-0.00%", Format(True, 1)),
        ('0.0" %"', Format(places=1)),
        ("0.0\\%", Format(places=1)),
        ("0.00E+00", Format()),
        ("yyyy-mm-dd", Format()),
        ("mm:ss.0", Format()),
        ("[$£-809]#,##0.00", Format(places=2)),
        ("#,##0.##", Format()),
    ],
)
def test_a_number_format_says_how_a_figure_is_shown(code: str, form: Format) -> None:
    assert format_of(code) == form


WHOLE = st.integers(-(10**9), 10**9)
TEXTS = st.text(
    st.characters(
        blacklist_categories=("Cc", "Cs", "Zl", "Zp"),
        blacklist_characters="\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        "\ufeff\ufffe\uffff",
    )
    | st.sampled_from("\n\t\"'\\:#-?=,;{}[]&*!|>%@`~ _x0041_"),
    max_size=40,
).map(str.strip)


@settings(deadline=None, max_examples=200)
@given(st.lists(TEXTS.filter(bool), min_size=1, max_size=6), st.lists(WHOLE, max_size=3))
def test_yaml_that_is_written_is_read_as_what_was_meant(
    texts: list[str], numbers: list[int]
) -> None:
    day, words_ = datetime.date(2016, 3, 31), ["a-b", "no", "x1"]
    records = [{"id": text, "more": {"says": text, "list": texts}} for text in texts]
    data = {"records": records, "numbers": numbers, "day": day, "is": True, "words": words_}
    text = yaml_text(data)
    document, problems = parse_yaml(text, "x.yaml")
    assert problems == []
    assert document is not None
    assert document.data == {
        "records": tuple({**r, "more": {**r["more"], "list": tuple(texts)}} for r in records),  # type: ignore[dict-item]
        "numbers": tuple(numbers),
        "day": day,
        "is": True,
        "words": tuple(words_),
    }
    assert yaml_text(document.data) == text


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            TEXTS.filter(lambda text: text not in ERRORS),  # such a text is refused, E709
            st.integers(-(10**14), 10**14),
            st.integers(0, 6),
        ),
        max_size=5,
    ),
)
def test_what_a_workbook_and_a_table_are_given_they_give_back(
    rows: list[tuple[str, int, int]],
) -> None:
    metrics = SHEETS["metrics"]
    records = [
        {
            "id": f"m-{i}",
            "series": "loaves-baked",
            "body": "crumb",
            "unit": "count",
            "value": Decimal(number).scaleb(-places),
            "comparator": i % 2 == 0,
            "status": "ok",
            "heading": text or "none",
            "caveats": ("a", "b"),
            "from": datetime.date(2016, 3, 31),
            **({"note": text} if text else {}),
        }
        for i, (text, number, places) in enumerate(rows)
    ]
    read = Read()
    take_workbook(workbook(BAKERY, {"metrics": records}), "x.xlsx", read)
    assert read.problems == []
    back = [flat(metrics, row.data) for row in read.records["metrics"]]
    # as text too, since 16.0 and 16 are equal and do not say the same
    assert list(map(str, back)) == [str(flat(metrics, record)) for record in records]
    names = [column.name for column in metrics.columns]
    table, problems = parse_csv(csv_text(names, back), "x.csv", names)
    assert problems == []
    assert table is not None
    assert [row.cells["note"] for row in table.rows] == [text for text, _, _ in rows]


# templates


def test_a_template_has_a_sheet_a_kind_with_lists_of_the_pack(home: Path, grading: Grading) -> None:
    assert grading("evidence", "template", "bakery", "--out", "t.xlsx") == Told(0, "", "")
    book = openpyxl.load_workbook(home / "t.xlsx")
    assert book.sheetnames == [*SHEETS, "notes", "lists"]
    lists = book["lists"]
    found: dict[str, list[object]] = {}
    for name, kind in SHEETS.items():
        page = book[name]
        heads = [cell.value for cell in page[1]]
        assert heads == [column.name for column in kind.columns]
        assert page.freeze_panes == "A2"
        for rule in page.data_validations.dataValidation:
            assert (rule.type, rule.showErrorMessage) == ("list", True)
            letters = str(rule.sqref).partition("2:")[0]
            column = heads[column_index_from_string(letters) - 1]
            area = rule.formula1.removeprefix("lists!").replace("$", "")
            found[f"{name} {column}"] = [cell.value for (cell,) in lists[area]]
    assert found["fieldwork topic"] == list(BAKERY.topics)
    assert found["fieldwork direction"] == ["supports", "contradicts", "neutral"]
    assert found["file-review-summary quantified"] == ["yes", "no"]
    assert found["metrics series"] == list(BAKERY.series)
    assert found["previous grade"] == list(BAKERY.grades)
    assert found["inspection pack"] == ["bakery"]
    assert BAKERY.manifest.coding is not None
    for scale in ("extent", "maturity", "effect", "severity"):
        assert found[f"fieldwork {scale}"] == list(getattr(BAKERY.manifest.coding, scale))
    listed = {f"{n} {c.name}" for n, k in SHEETS.items() for c in k.columns if c.kind == "words"}
    assert listed <= set(found)


def test_every_sheet_and_column_is_explained() -> None:
    assert set(SHEET_NOTES) == set(SHEETS)
    silent = [
        f"{sheet.name} {column.name}"
        for sheet in SHEETS.values()
        for column in sheet.columns
        if not note(sheet, column)
    ]
    assert silent == []


def test_a_template_is_the_same_bytes_whenever_it_is_made(
    home: Path, grading: Grading, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for seed in ("1", "2"):
        command = ("python", "-m", "grading", "evidence", "template", "bakery", "--out", "t.xlsx")
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        subprocess.run((sys.executable, *command[1:]), env=environment, check=True)
        made.append((home / "t.xlsx").read_bytes())
    assert made[0] == made[1] == template(BAKERY)


def test_a_template_for_no_pack_is_wrong_usage(home: Path, grading: Grading) -> None:
    told = grading("evidence", "template", "bakry", "--out", "t.xlsx")
    assert (told.code, told.out) == (2, "")
    assert "there is no rule pack `bakry` in rules (did you mean `bakery`?)" in told.err
    told = grading("evidence", "template", "bakery", "--out", "t.ods")
    assert (told.code, told.out) == (2, "")
    assert sorted(path.name for path in home.iterdir()) == ["evidence", "rules"]


# into a folder that has something in it


def test_a_record_of_the_folder_is_not_lost(good: Path, home: Path, grading: Grading) -> None:
    change(good, lambda book: book["metrics"].delete_rows(3))
    before = tree(home / "evidence")
    told = grading("evidence", "import", "good.xlsx", "--into", "evidence")
    assert told.problems == [
        "evidence/metrics.csv:3:1: E714 the record `m-2` is not in the sheet `metrics`"
        " (add its row, or delete the record here first)"
    ]
    assert tree(home / "evidence") == before


def test_another_inspection_does_not_take_the_place_of_one(
    good: Path, home: Path, grading: Grading
) -> None:
    edit(good, "inspection", A2="crumb-2021")
    told = grading("evidence", "import", "good.xlsx", "--into", "evidence")
    assert told.problems == [
        "good.xlsx#inspection!A2: E717 the folder holds the inspection `crumb-2020`, not"
        " `crumb-2021` (name another folder, or correct the id)"
    ]


def test_what_is_wrong_with_the_folder_itself_is_told_at_its_lines(
    good: Path, home: Path, grading: Grading
) -> None:
    change(good, lambda book: book.remove(book["fieldwork"]))
    swap("evidence/fieldwork.yaml", "topic: loaves", "topic: loafs")(home)
    (home / "evidence" / "more").mkdir()
    told = grading("evidence", "import", "good.xlsx", "--into", "evidence")
    assert told.problems == [
        "evidence/fieldwork.yaml:11:12: E403 unknown topic `loafs` (did you mean `loaves`?)",
        "evidence/more:1:1: E402 `more` is no file of an inspection (take it out of the folder)",
    ]


def test_tables_are_imported_by_their_names(home: Path, grading: Grading) -> None:
    shutil.copytree(home / "evidence", home / "new")
    (home / "new" / "metrics.csv").unlink()
    (home / "new" / "previous.yaml").unlink()
    (home / "previous.csv").write_text(
        "id,kind,topic,raised,status,statement,heading\n"
        'pv-9,area-for-improvement,loaves,2019,unresolved,"more, soon",Then\n',
        "utf-8",
    )
    command = ("evidence", "import", "evidence/metrics.csv", "previous.csv", "--into", "new")
    assert grading(*command) == Told(
        0, "written    new/metrics.csv\nwritten    new/previous.yaml\n", ""
    )
    assert (home / "new/metrics.csv").read_bytes() == (home / "evidence/metrics.csv").read_bytes()
    assert (home / "new/previous.yaml").read_text("utf-8") == (
        "records:\n"
        "  - id: pv-9\n"
        "    kind: area-for-improvement\n"
        "    topic: loaves\n"
        "    raised: 2019\n"
        "    status: unresolved\n"
        "    statement: more, soon\n"
        "    heading: Then\n"
    )


def test_a_wrong_table_is_told_by_line_and_cell(home: Path, grading: Grading) -> None:
    (home / "metric.csv").write_text("id\n", "utf-8")
    (home / "surveys.csv").write_text(
        (home / "evidence/surveys.csv").read_text("utf-8").replace(",50,", ",fifty,"), "utf-8"
    )
    command = ("evidence", "import", "metric.csv", "surveys.csv", "--into", "evidence")
    assert grading(*command).problems == [
        "metric.csv:1:1: E706 the table `metric` is no part of the evidence"
        " (did you mean `metrics`?)",
        "surveys.csv:2:7: E171 `fifty` is not a number"
        " (write digits and a point alone, such as 1234.5)",
    ]


def test_a_sheet_that_stands_in_two_files_is_refused(
    good: Path, home: Path, grading: Grading
) -> None:
    command = ("evidence", "import", "good.xlsx", "evidence/metrics.csv", "--into", "new")
    assert grading(*command).problems == [
        "evidence/metrics.csv:1:1: E713 the sheet `metrics` is read twice"
        " (the first is good.xlsx#metrics; join them)"
    ]


def test_problems_are_told_as_json_with_sheet_and_cell(
    good: Path, home: Path, grading: Grading
) -> None:
    edit(good, "metrics", D2="many")
    told = grading("evidence", "import", "good.xlsx", "--into", "new", "--format", "json")
    assert (told.code, told.err) == (3, "")
    assert json.loads(told.out) == {
        "problems": [
            {
                "file": "good.xlsx",
                "sheet": "metrics",
                "cell": "D2",
                "code": "E171",
                "message": "`many` is not a number",
                "hint": "write digits and a point alone, such as 1234.5",
            }
        ]
    }


def test_problems_of_several_sheets_come_at_once_and_in_order(
    good: Path, home: Path, grading: Grading
) -> None:
    edit(good, "metrics", D2="many", B3="unknown-series", A4="M 3")
    edit(good, "fieldwork", B3="loafs", J3="fw-7")
    told = grading("evidence", "import", "good.xlsx", "--into", "new")
    assert [problem.split()[:2] for problem in told.problems] == [
        ["good.xlsx#fieldwork!B3:", "E403"],
        ["good.xlsx#metrics!D2:", "E171"],
        ["good.xlsx#metrics!B3:", "E410"],
        ["good.xlsx#metrics!A4:", "E207"],
    ]


def test_every_code_of_spreadsheets_is_shown_by_a_test() -> None:
    lines = [line for _, line in BROKEN.values()] + [line for _, _, line in ODS_BROKEN.values()]
    shown = {code for line in lines for code in re.findall(r": (E7\d\d) ", line)}
    elsewhere = {"E713", "E714", "E717", "E718", "E719", "E720"}
    assert shown | elsewhere == {code for code in CODES if code.startswith("E7")}


# places


def test_a_place_in_a_workbook_is_a_cell_of_a_sheet() -> None:
    assert str(Place("a.xlsx", 7, 2, sheet="metrics")) == "a.xlsx#metrics!B7"
    assert str(Place("a.xlsx", 0, 0, sheet="metrics")) == "a.xlsx#metrics"
    assert str(Place("a.csv", 7, 2)) == "a.csv:7:2"
    assert [column_letters(n) for n in (1, 26, 27, 52, 702, 703, 16384)] == [
        *("A", "Z", "AA", "AZ", "ZZ", "AAA", "XFD")
    ]


def test_places_stand_in_order_of_file_sheet_row_and_column() -> None:
    ordered = [
        Place("a.csv", 9, 9),
        Place("b.xlsx", 1, 1),
        Place("b.xlsx", 0, 0, sheet="m"),
        Place("b.xlsx", 2, 27, sheet="m"),
        Place("b.xlsx", 10, 1, sheet="m"),
        Place("b.xlsx", 1, 1, sheet="n"),
    ]
    backwards = list(reversed(ordered))
    assert sorted(backwards) == ordered
    found = [Problem(place, "E709", "x") for place in backwards]
    assert [problem.place for problem in BadInput(found).problems] == ordered
