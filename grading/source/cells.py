"""Typed cells: the text of a cell → a value, or the problem at its place."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal

from grading.problems import Place, Problem, did_you_mean, listed, quoted
from grading.source.scalars import DASHES, NO_FIGURE, Refusal, date, number
from grading.source.table import Row

_SPOKEN = re.compile(r"[-+]?[0-9., ]+%?")


def cell_decimal(row: Row, column: str) -> Decimal | Problem:
    """The number in this cell, exactly as written."""
    found = _number(row, column)
    return Decimal(found) if isinstance(found, int) else found


def cell_int(row: Row, column: str) -> int | Problem:
    """The whole number in this cell."""
    found = _number(row, column)
    if isinstance(found, Decimal):
        said = quoted(row.cells[column])
        message = f"{said} is not a whole number"
        return Problem(_place(row, column), "E172", message, "write it without a decimal point")
    return found


def cell_date(row: Row, column: str) -> datetime.date | Problem:
    """The date in this cell."""
    text = row.cells.get(column, "")
    if not text:
        return _empty(row, column)
    found = date(text)
    if isinstance(found, Refusal):
        hint = "write the date such as 2016-03-31"
        return Problem(_place(row, column), found.code, found.message, hint)
    if found is None:
        message = f"{quoted(text)} is not a date"
        return Problem(_place(row, column), "E173", message, "write it such as 2016-03-31")
    return found


def cell_choice(row: Row, column: str, words: Sequence[str]) -> str | Problem:
    """The word in this cell, which is one of these."""
    text = row.cells.get(column, "")
    if not text and text not in words:
        return _empty(row, column)
    if text not in words:
        message = f"{quoted(text)} is not one of {listed(map(quoted, words))}"
        return Problem(_place(row, column), "E174", message, did_you_mean(text, words))
    return text


def _number(row: Row, column: str) -> int | Decimal | Problem:
    text = row.cells.get(column, "")
    if not text:
        return _empty(row, column)
    found = number(text)
    if isinstance(found, Refusal):
        return Problem(_place(row, column), found.code, found.message, "round it")
    if found is None:
        hint = "write digits and a point alone, such as 1234.5" if _SPOKEN.fullmatch(text) else ""
        hint = NO_FIGURE if text in DASHES else hint
        return Problem(_place(row, column), "E171", f"{quoted(text)} is not a number", hint)
    return found


def _empty(row: Row, column: str) -> Problem:
    message = f"the cell {quoted(column)} is empty"
    return Problem(_place(row, column), "E170", message, "fill it")


def _place(row: Row, column: str) -> Place:
    return row.places.get(column, row.place)
