"""A cell → the plain value that its column holds, or the problem at its place."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal

from grading.evidence.sheets.cells import Cell, SheetRow
from grading.evidence.sheets.columns import PERCENTS, Column, ColumnKind
from grading.problems import Problem, did_you_mean, listed, quoted
from grading.source.scalars import DASHES, NO_FIGURE, Refusal, date, number

Plain = str | bool | int | Decimal | datetime.date | tuple[str, ...]

_DATE_HINT = "write it such as 2016-03-31, or format the cell as a date"
_TEXT_HINT = "format the cell as text and type it again"


def typed(row: SheetRow, column: Column) -> Plain | Problem | None:
    """The value of this cell of the row, nothing where it is empty, or what is wrong with it."""
    cell = row.cells.get(column.name)
    if cell is None:
        return None
    percent = _percent_problem(row, cell, column)
    return percent or _READERS[column.kind](cell, column)


def _percent_problem(row: SheetRow, cell: Cell, column: Column) -> Problem | None:
    """A percentage belongs to a figure in per cent: 16.4% is 16.4 and never 0.164."""
    if not (cell.is_percent or (column.kind == "number" and _percent_in_text(cell) is not None)):
        return None
    unit = row.cells.get("unit")
    shown = f"the cell shows a percentage, {_written(cell).removesuffix('%')}%"
    if column.name != "value":
        message = f"{shown}, where none belongs"
    elif unit is not None and unit.value not in PERCENTS:
        message = f"{shown}, and the unit is {quoted(unit.value)}"
    else:
        return None
    return Problem(cell.place, "E712", message, "format the cell as a number and type it again")


def _percent_in_text(cell: Cell) -> Decimal | None:
    text = cell.value
    if not isinstance(text, str) or not text.endswith("%"):
        return None
    found = number(text.removesuffix("%").rstrip())
    return Decimal(found) if isinstance(found, int | Decimal) else None


def _text(cell: Cell, column: Column) -> Plain | Problem:
    if isinstance(cell.value, bool | datetime.date):
        return _wrong_kind(cell, "text", _TEXT_HINT)
    return _written(cell)


def _number(cell: Cell, column: Column) -> Plain | Problem:
    if isinstance(cell.value, bool | datetime.date):
        return _wrong_kind(cell, "a number", "format the cell as a number and type it again")
    percent = _percent_in_text(cell)
    if percent is not None:
        return percent
    text = _written(cell)
    found = number(text)
    if isinstance(found, Refusal):
        return Problem(cell.place, found.code, found.message, "round it")
    if found is None:
        hint = NO_FIGURE if text in DASHES else "write digits and a point alone, such as 1234.5"
        return Problem(cell.place, "E171", f"{quoted(text)} is not a number", hint)
    return Decimal(found)


def _whole(cell: Cell, column: Column) -> Plain | Problem:
    found = _number(cell, column)
    if not isinstance(found, Decimal):
        return found
    if found != found.to_integral_value():
        message = f"{quoted(_written(cell))} is not a whole number"
        return Problem(cell.place, "E172", message, "write it without a decimal point")
    return int(found)


def _date(cell: Cell, column: Column) -> Plain | Problem:
    if isinstance(cell.value, datetime.date):
        return cell.value
    if isinstance(cell.value, bool | Decimal):
        return _wrong_kind(cell, "a date", _DATE_HINT)
    found = date(cell.value)
    if isinstance(found, Refusal):
        return Problem(cell.place, found.code, found.message, _DATE_HINT)
    if found is None:
        message = f"{quoted(cell.value)} is not a date"
        return Problem(cell.place, "E173", message, _DATE_HINT)
    return found


def _yes_no(cell: Cell, column: Column) -> Plain | Problem:
    if isinstance(cell.value, bool):
        return cell.value
    found = _words(cell, column)
    return found if isinstance(found, Problem) else found == "yes"


def _words(cell: Cell, column: Column) -> Plain | Problem:
    if isinstance(cell.value, bool | datetime.date):
        return _wrong_kind(cell, "text", _TEXT_HINT)
    text = _written(cell)
    if text not in column.words:
        message = f"{quoted(text)} is not one of {listed(map(quoted, column.words))}"
        return Problem(cell.place, "E174", message, did_you_mean(text, column.words))
    return text


def _list(cell: Cell, column: Column) -> Plain | Problem:
    """Entries between semicolons, or the one word that stands for all."""
    found = _text(cell, column)
    if not isinstance(found, str):
        return found
    if found in column.words:
        return found
    return tuple(part.strip() for part in found.split(";") if part.strip())


_READERS: Mapping[ColumnKind, Callable[[Cell, Column], Plain | Problem]] = {
    "text": _text,
    "number": _number,
    "whole": _whole,
    "date": _date,
    "yes-no": _yes_no,
    "words": _words,
    "list": _list,
}


def _wrong_kind(cell: Cell, expected: str, hint: str) -> Problem:
    message = f"expected {expected}, found {_kind(cell)} {quoted(_written(cell))}"
    return Problem(cell.place, "E711", message, hint)


def _kind(cell: Cell) -> str:
    match cell.value:
        case bool():
            return "the truth value"
        case datetime.date():
            return "the date"
        case Decimal():
            return "the number"
        case _:
            return "the text"


def _written(cell: Cell) -> str:
    match cell.value:
        case bool():
            return str(cell.value).upper()
        case Decimal():
            return format(cell.value, "f")
        case datetime.date():
            return cell.value.isoformat()
        case text:
            return text
