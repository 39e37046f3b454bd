"""A run as an XLSX workbook with a sheet for each table.

Texts are stored as texts, so that none is a formula whatever it begins with; characters that XML does
not hold are written as XLSX has it (`_x0001_`). Numbers of up to 15 digits are numbers, longer ones
texts, because spreadsheet programs would round them. A cell holds 32,767 characters at most: a longer
text is cut and ends with an ellipsis; `--to jsonl` and `--to csv` have all of it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from grading.evidence.sheets.container import packed
from grading.record.exports.tables import Cell, Table

_LONGEST = 32_767
_MOST_DIGITS = 15
_WIDE = {"says": 80, "asks": 60, "title": 50, "shown": 50, "value": 24, "recommendation": 60}
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def xlsx(tables: Iterable[Table]) -> bytes:
    """The workbook; its bytes depend on the tables alone."""
    made = Workbook()
    assert made.active is not None
    made.remove(made.active)
    for table in tables:
        page = made.create_sheet(table.name)
        for i, column in enumerate(table.columns, 1):
            head = page.cell(1, i)
            _write(head, column)
            head.font = Font(bold=True)
            page.column_dimensions[get_column_letter(i)].width = _WIDE.get(column, 18)
        for line, row in enumerate(table.rows, 2):
            for i, cell in enumerate(row, 1):
                _fill(page.cell(line, i), cell)
        page.freeze_panes = "A2"
    return _steady(made)


def _fill(cell: SheetCell | MergedCell, value: Cell) -> None:
    match value:
        case None | "":
            return
        case str():
            _write(cell, value)
        case Decimal() if len(value.as_tuple().digits) <= _MOST_DIGITS:
            places = -int(value.as_tuple().exponent)
            cell.value = value
            cell.number_format = f"0.{'0' * places}" if places > 0 else "0"
        case Decimal():
            _write(cell, str(value))
        case int():
            cell.value = value


def _write(cell: SheetCell | MergedCell, text: str) -> None:
    cell.value = _ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", _cut(text))
    cell.data_type = "s"
    cell.number_format = "@"


def _cut(text: str) -> str:
    """The text, or as much of it as a cell holds, counted as UTF-16 and with its escapes."""
    escapes = 6 * len(_ESCAPED.findall(text))
    wide = sum(1 for c in text if ord(c) > 0xFFFF)
    over = len(text) + escapes + wide - _LONGEST
    if over <= 0:
        return text
    room, end = _LONGEST - 1, 0
    for end, c in enumerate(text):
        room -= 1 + (ord(c) > 0xFFFF) + 6 * bool(_ESCAPED.match(text, end))
        if room < 0:
            break
    return f"{text[:end]}…"


def _steady(made: Workbook) -> bytes:
    """The workbook's bytes without the time at which they were made."""
    content = io.BytesIO()
    made.save(content)
    with zipfile.ZipFile(content) as archive:
        parts = {name: archive.read(name) for name in sorted(archive.namelist())}
    core = "docProps/core.xml"
    parts[core] = _STAMP.sub(rb"\g<1>2000-01-01T00:00:00Z", parts[core])
    return packed(parts)
