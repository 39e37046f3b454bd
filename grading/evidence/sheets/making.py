"""Records → an XLSX workbook with headings, lists and notes. The only module that knows openpyxl.

In front of the sheets of evidence stand the notes on their columns; behind them a guide to the
words of the rule pack, and the lists to choose from. All three are passed over by an import.
"""

from __future__ import annotations

import datetime
import io
import math
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from grading.evidence.sheets.columns import SHEETS, Column, Sheet
from grading.evidence.sheets.container import packed
from grading.evidence.sheets.guide import guide
from grading.evidence.sheets.lists import lists_of
from grading.evidence.sheets.notes import READ_FIRST, SHEET_NOTES, holds, must_be_filled, note
from grading.evidence.sheets.rows import Record, flat
from grading.evidence.sheets.written import cell_text
from grading.rules.loaded import Pack

_ROWS = 20_000
"""Rows to which a drop-down list applies."""

_WIDTHS: Mapping[str, int] = {"date": 12, "number": 12, "whole": 10, "yes-no": 12}
_WIDE: Mapping[str, int] = {
    **dict.fromkeys(("statement", "accepted-because", "plan-searched", "did", "because"), 70),
    **dict.fromkeys(("mitigation-says", "caveats", "reason"), 50),
    **dict.fromkeys(("series", "heading", "note", "source", "locator", "subjects"), 40),
    **dict.fromkeys(("topic", "records", "mitigation-records", "case-types", "population"), 30),
}
_GREY, _BLUE = (PatternFill("solid", fgColor=colour) for colour in ("FFE6E6E6", "FFBDD7EE"))
_BOLD = Font(name="Calibri", size=11, bold=True)
_WRAPPED, _TOP = Alignment(wrap_text=True, vertical="top"), Alignment(vertical="top")
_TEXT, _DATE = "@", "yyyy-mm-dd"
_LINE, _HIGHEST = 15, 405
"""The height of a line, and of the highest row, in points."""

_PAPER = 200
"""How many digits stand side by side on a page."""

_CHARACTER = 0.9
"""The width of a character of text as words are broken, against that of a digit."""

_PROGRAM = re.compile(rb"<(Application|AppVersion)>[^<]*</\1>")
_OWN_HEIGHT = re.compile(rb'(<row [^>]*) customHeight="1"')
_ESCAPE = re.compile(r"(?=_x[0-9A-Fa-f]{4}_)")
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def template(pack: Pack) -> bytes:
    """An empty workbook for evidence under this pack: its sheets, lists and notes."""
    # With these cells alone the sheet still counts as not filled in.
    begun = {"framework": pack.manifest.framework, "pack": pack.manifest.id}
    return workbook(pack, {name: [begun] if name == "inspection" else [] for name in SHEETS})


def workbook(pack: Pack, records: Mapping[str, Sequence[Record]]) -> bytes:
    """A workbook with a sheet for each name here, filled with its records."""
    made = Workbook()
    assert made.active is not None
    made.remove(made.active)
    words = lists_of(pack)
    _notes(made.create_sheet("notes"), [SHEETS[name] for name in records], words)
    ranges = _ranges(words)
    for name, rows in records.items():
        sheet = SHEETS[name]
        page = made.create_sheet(name)
        _head(page, [column.name for column in sheet.columns])
        if sheet.columns[0].name in sheet.identity:
            page.freeze_panes = "B2"
            page.print_title_cols = "A:A"
        _columns(page, sheet, ranges)
        for line, record in enumerate(rows, 2):
            values = flat(sheet, record)
            for i, column in enumerate(sheet.columns, 1):
                _fill(page.cell(line, i), values[column.name], column)
    _guide(made.create_sheet("guide"), pack)
    _lists(made.create_sheet("lists"), words)
    for page in made.worksheets:
        _sizes(page)
    return _steady(made)


def _head(page: Worksheet, headings: Sequence[str]) -> None:
    """The headings stand in the first row, which stays in sight, and on paper on every page."""
    for i, heading in enumerate(headings, 1):
        cell = page.cell(1, i, heading)
        cell.font, cell.fill = _BOLD, _GREY
    page.freeze_panes = "A2"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0  # as many pages long as it takes
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _columns(page: Worksheet, sheet: Sheet, ranges: Mapping[tuple[str, str], str]) -> None:
    for i, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(i)
        dimension = page.column_dimensions[letter]
        wide = _WIDE.get(column.name, 0)
        dimension.width = wide or max(_WIDTHS.get(column.kind, 22), len(column.name) + 3)
        dimension.alignment = _WRAPPED if wide else _TOP
        # Text cells keep `3-4` and `2016` as they are typed.
        dimension.number_format = _format(column) or "General"
        heading = page.cell(1, i)
        area = ranges.get((sheet.name, column.name), "")
        heading.comment = _comment(sheet, column, bool(area))
        if must_be_filled(sheet, column) == "yes":
            heading.fill = _BLUE
        rule = _rule(column, area)
        if rule is not None:
            rule.add(f"{letter}2:{letter}{_ROWS}")
            page.add_data_validation(rule)


def _comment(sheet: Sheet, column: Column, is_listed: bool) -> Comment:
    """What the column is for, shown at its heading."""
    must = must_be_filled(sheet, column)
    said = [note(sheet, column), f"Holds {holds(column, is_listed)}."]
    said += [f"Must be filled{'' if must == 'yes' else f' {must}'}."] * bool(must)
    text = "\n".join(said)
    return Comment(text, "grading", height=20 + 18 * (len(text) // 44 + len(said)), width=300)


def _rule(column: Column, area: str) -> DataValidation | None:
    """What the spreadsheet program offers or refuses as a cell of the column is typed."""
    if area and column.kind == "list":
        # One word may be chosen; several are typed with semicolons between them.
        return DataValidation(type="list", formula1=area, allow_blank=True, showErrorMessage=False)
    if area:
        return DataValidation(
            type="list",
            formula1=area,
            allow_blank=True,
            showErrorMessage=True,
            errorTitle="Not in the list",
            error="Choose one of the list. The sheet `guide` says what the words mean.",
        )
    if column.kind == "date":
        return DataValidation(
            type="date",
            operator="greaterThan",
            formula1="1",
            allow_blank=True,
            showErrorMessage=True,
            errorTitle="Not a date",
            error="Write the date as 2016-03-31: year, month, day.",
        )
    return None


def _format(column: Column) -> str:
    match column.kind:
        case "date":
            return _DATE
        case "number" | "whole":
            return ""
        case _:
            return _TEXT


def _fill(cell: Cell | MergedCell, value: Any, column: Column) -> None:
    """The cell holds the value so that reading gives it back, decimals of a figure included."""
    match value:
        case None | "" | ():
            return
        case bool() | tuple() | list() | str():
            _write(cell, cell_text(value))
        case datetime.date():
            cell.value, cell.number_format, cell.alignment = value, _DATE, _TOP
        case int():
            cell.value, cell.alignment = value, _TOP
        case Decimal():
            cell.value, cell.alignment = value, _TOP
            places = -int(value.as_tuple().exponent)
            cell.number_format = f"0.{'0' * places}" if places > 0 else "0"


def _write(cell: Cell | MergedCell, text: str) -> None:
    """The cell holds this text: it is no formula, and no escape, whatever it looks like."""
    cell.value = _ESCAPE.sub("_x005F", text)
    cell.data_type = "s"
    cell.number_format = _TEXT
    cell.alignment = _WRAPPED if len(text) > 40 else _TOP


def _notes(
    page: Worksheet, sheets: Iterable[Sheet], words: Mapping[tuple[str, str], tuple[str, ...]]
) -> None:
    rows = [("", "", text, "", "") for text in READ_FIRST]
    for sheet in sheets:
        rows.append((sheet.name, "", SHEET_NOTES.get(sheet.name, ""), "", ""))
        for column in sheet.columns:
            held = holds(column, (sheet.name, column.name) in words)
            must = must_be_filled(sheet, column)
            rows.append((sheet.name, column.name, note(sheet, column), held, must))
    _table(page, ["sheet", "column", "what it is for", "what it holds", "must be filled"], rows)
    for line, row in enumerate(rows, 2):
        for cell in page[line] if row[0] and not row[1] else ():
            cell.font = _BOLD
    for letter, width in zip("ABCDE", (22, 22, 70, 60, 36), strict=True):
        page.column_dimensions[letter].width = width


def _guide(page: Worksheet, pack: Pack) -> None:
    rows = [(e.of, e.word, e.means, e.examples) for e in guide(pack)]
    _table(page, ["list", "word", "what it means", "for example"], rows)
    for letter, width in zip("ABCD", (14, 44, 90, 70), strict=True):
        page.column_dimensions[letter].width = width


def _table(page: Worksheet, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    _head(page, headings)
    for line, row in enumerate(rows, 2):
        for i, text in enumerate(row, 1):
            _write(page.cell(line, i), text)
            page.cell(line, i).alignment = _WRAPPED


def _lists(page: Worksheet, words: Mapping[tuple[str, str], tuple[str, ...]]) -> None:
    _head(page, [f"{sheet} {column}" for sheet, column in words])
    for i, listed in enumerate(words.values(), 1):
        for line, word in enumerate(listed, 2):
            _write(page.cell(line, i), word)
        page.column_dimensions[get_column_letter(i)].width = 30


def _sizes(page: Worksheet) -> None:
    """Rows are as high as their text, since not every program sees to that; on paper it is legible."""
    width = sum(dimension.width for dimension in page.column_dimensions.values())
    page.page_setup.fitToWidth = max(1, round(width / _PAPER))
    for line, row in enumerate(page.iter_rows(min_row=2), 2):
        lines = max(_lines(page, cell) for cell in row)
        if lines > 1:
            page.row_dimensions[line].height = min(_LINE * lines, _HIGHEST)


def _lines(page: Worksheet, cell: Cell | MergedCell) -> int:
    if cell.alignment is None or not cell.alignment.wrap_text or not isinstance(cell.value, str):
        return 1
    width = page.column_dimensions[cell.column_letter].width / _CHARACTER
    return sum(max(1, math.ceil(len(part) / width)) for part in cell.value.split("\n"))


def _ranges(words: Mapping[tuple[str, str], tuple[str, ...]]) -> dict[tuple[str, str], str]:
    """Where on the sheet `lists` the words of each column stand."""
    return {
        key: f"lists!${get_column_letter(i)}$2:${get_column_letter(i)}${len(listed) + 1}"
        for i, (key, listed) in enumerate(words.items(), 1)
    }


def _steady(made: Workbook) -> bytes:
    """The workbook's bytes without the time at which they were made and the version of what made them."""
    content = io.BytesIO()
    made.save(content)
    with zipfile.ZipFile(content) as archive:
        parts = {name: archive.read(name) for name in sorted(archive.namelist())}
    core, program = "docProps/core.xml", "docProps/app.xml"
    parts[core] = _STAMP.sub(rb"\g<1>2000-01-01T00:00:00Z", parts[core])
    parts[program] = _PROGRAM.sub(b"", parts[program])
    for name in parts:
        if name.startswith("xl/worksheets/sheet"):
            # A height that nobody chose changes with the text.
            parts[name] = _OWN_HEIGHT.sub(rb"\1", parts[name])
    return packed(parts)
