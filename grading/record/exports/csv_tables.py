"""A run as CSV tables that a spreadsheet program opens without running anything in them.

A spreadsheet program takes a cell for a formula by the character it begins with, whatever quotes are
around it. So a text gets an apostrophe before it where its first character other than a space is one
of = + - @ (also in full width), where it begins with a tab or a line end, and where it begins with an
apostrophe. Who reads the tables by program takes one apostrophe away from each cell that begins with
one, and has every text as it was. A plain number, such as -0.4, is no formula and stays as it is.

Cells are quoted, lines end as RFC 4180 has it, and a byte order mark tells spreadsheet programs that
the text is UTF-8.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from grading.record.exports.tables import Cell, Table

_RUNS = re.compile(r"[\t\r\n']|[\s\ufeff]*[=+\-@＝＋－＠]")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def csv_tables(tables: Iterable[Table]) -> dict[str, bytes]:
    """The content of a CSV file for each table, by the name of the file."""
    return {f"{table.name}.csv": _csv(table) for table in tables}


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet program takes for a formula."""
    return f"'{text}" if _RUNS.match(text) and not _NUMBER.fullmatch(text) else text


def unguarded(cell: str) -> str:
    """The text of a cell that `guarded` made."""
    return cell.removeprefix("'")


def _csv(table: Table) -> bytes:
    made = io.StringIO(newline="")
    rows = csv.writer(made, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    rows.writerow(table.columns)
    rows.writerows([_text(cell) for cell in row] for row in table.rows)
    return made.getvalue().encode("utf-8-sig")


def _text(cell: Cell) -> str:
    return "" if cell is None else guarded(str(cell))
