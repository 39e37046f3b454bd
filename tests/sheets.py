"""Workbooks for the tests: those of the made-up bakery and of Durham, changed, or written by hand."""

from __future__ import annotations

import datetime
import re
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from grading.evidence.evidence import Evidence
from grading.evidence.sheets.columns import IGNORED
from grading.evidence.sheets.export import export
from grading.problems import column_letters
from grading.rules.load import load_pack
from tests.test_bad_input import home

__all__ = ["home"]

ROOT = Path(__file__).parent.parent
HERE = Path(__file__).parent
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


def stamps(folder: Path) -> dict[str, tuple[int, ...]]:
    """What changes when a file or the folder itself is written to, be it with the same bytes."""
    statuses = {path.name: path.stat() for path in (folder, *folder.iterdir())}
    return {n: (s.st_ino, s.st_mtime_ns, s.st_ctime_ns, s.st_mode) for n, s in statuses.items()}


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
    tables = "".join(ods_table(p) for p in book.worksheets if p.title not in IGNORED)
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
