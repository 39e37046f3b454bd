"""Records → an XLSX workbook with headings, lists and notes. The only module that knows openpyxl."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from grading.evidence.sheets.columns import SHEETS, Column, Sheet
from grading.evidence.sheets.container import packed
from grading.evidence.sheets.lists import lists_of
from grading.evidence.sheets.notes import SHEET_NOTES, holds, note
from grading.evidence.sheets.rows import Record, flat
from grading.evidence.sheets.written import cell_text
from grading.rules.loaded import Pack

_ROWS = 20_000
"""Rows to which a drop-down list applies."""

_WIDTHS: Mapping[str, int] = {"date": 12, "number": 12, "whole": 10, "yes-no": 12}
_WIDE: Mapping[str, int] = {"statement": 70, "heading": 36, "note": 36, "source": 36}
_TEXT, _DATE = "@", "yyyy-mm-dd"
_ESCAPE = re.compile(r"(?=_x[0-9A-Fa-f]{4}_)")
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def template(pack: Pack) -> bytes:
    """An empty workbook for evidence under this pack: its sheets, lists and notes."""
    begun = {"framework": pack.manifest.framework, "pack": pack.manifest.id}
    return workbook(pack, {name: [begun] if name == "inspection" else [] for name in SHEETS})


def workbook(pack: Pack, records: Mapping[str, Sequence[Record]]) -> bytes:
    """A workbook with a sheet for each name here, filled with its records."""
    made = Workbook()
    assert made.active is not None
    made.remove(made.active)
    words = lists_of(pack)
    ranges = _ranges(words)
    for name, rows in records.items():
        sheet = SHEETS[name]
        page = made.create_sheet(name)
        _head(page, [column.name for column in sheet.columns])
        _columns(page, sheet, ranges)
        for line, record in enumerate(rows, 2):
            values = flat(sheet, record)
            for i, column in enumerate(sheet.columns, 1):
                _fill(page.cell(line, i), values[column.name], column)
    _notes(made.create_sheet("notes"), [SHEETS[name] for name in records], words)
    _lists(made.create_sheet("lists"), words)
    return _steady(made)


def _head(page: Worksheet, headings: Sequence[str]) -> None:
    """The headings stand in the first row, which stays in sight."""
    for i, heading in enumerate(headings, 1):
        cell = page.cell(1, i, heading)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFE6E6E6")
    page.freeze_panes = "A2"


def _columns(page: Worksheet, sheet: Sheet, ranges: Mapping[tuple[str, str], str]) -> None:
    for i, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(i)
        dimension = page.column_dimensions[letter]
        dimension.width = _WIDE.get(column.name) or _WIDTHS.get(column.kind, 22)
        # Text cells keep `3-4` and `2016` as they are typed.
        form = _format(column)
        if form:
            dimension.number_format = form
        if (sheet.name, column.name) in ranges and column.kind != "list":
            listed = DataValidation(
                type="list",
                formula1=ranges[sheet.name, column.name],
                allow_blank=True,
                showErrorMessage=True,
                errorTitle="Not in the list",
                error="Choose one of the list; all lists are on the sheet `lists`.",
            )
            listed.add(f"{letter}2:{letter}{_ROWS}")
            page.add_data_validation(listed)


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
            cell.value, cell.number_format = value, _DATE
        case int():
            cell.value = value
        case Decimal():
            cell.value = value
            places = -int(value.as_tuple().exponent)
            cell.number_format = f"0.{'0' * places}" if places > 0 else "0"


def _write(cell: Cell | MergedCell, text: str) -> None:
    """The cell holds this text: it is no formula, and no escape, whatever it looks like."""
    cell.value = _ESCAPE.sub("_x005F", text)
    cell.data_type = "s"
    cell.number_format = _TEXT
    if len(text) > 40:
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _notes(
    page: Worksheet, sheets: Iterable[Sheet], words: Mapping[tuple[str, str], tuple[str, ...]]
) -> None:
    _head(page, ["sheet", "column", "what it is for", "what it holds", "must be filled"])
    line = 2
    for sheet in sheets:
        rows = [(sheet.name, "", SHEET_NOTES.get(sheet.name, ""), "", "")]
        for column in sheet.columns:
            listed = (sheet.name, column.name) in words
            choice = "; the words are on the sheet `lists`" if listed else ""
            must = "yes" if column.required else ""
            if column.required and column.group and not sheet.needs_whole[column.group]:
                must = f"where any cell of `{column.group}` is filled"
            rows.append(
                (sheet.name, column.name, note(sheet, column), holds(column) + choice, must)
            )
        for row in rows:
            for i, text in enumerate(row, 1):
                _write(page.cell(line, i), text)
            line += 1
    for letter, width in zip("ABCDE", (22, 22, 70, 60, 36), strict=True):
        page.column_dimensions[letter].width = width


def _lists(page: Worksheet, words: Mapping[tuple[str, str], tuple[str, ...]]) -> None:
    _head(page, [f"{sheet} {column}" for sheet, column in words])
    for i, listed in enumerate(words.values(), 1):
        for line, word in enumerate(listed, 2):
            _write(page.cell(line, i), word)
        page.column_dimensions[get_column_letter(i)].width = 30


def _ranges(words: Mapping[tuple[str, str], tuple[str, ...]]) -> dict[tuple[str, str], str]:
    """Where on the sheet `lists` the words of each column stand."""
    return {
        key: f"lists!${get_column_letter(i)}$2:${get_column_letter(i)}${len(listed) + 1}"
        for i, (key, listed) in enumerate(words.items(), 1)
    }


def _steady(made: Workbook) -> bytes:
    """The workbook's bytes without the time at which they were made."""
    content = io.BytesIO()
    made.save(content)
    with zipfile.ZipFile(content) as archive:
        parts = {name: archive.read(name) for name in sorted(archive.namelist())}
    core = "docProps/core.xml"
    parts[core] = _STAMP.sub(rb"\g<1>2000-01-01T00:00:00Z", parts[core])
    return packed(parts)
