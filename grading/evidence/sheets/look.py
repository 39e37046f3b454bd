"""What a cell looks like, beyond its value: a percentage, decimals, a formula, an error, hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from grading.problems import Place, Problem, column_letters

MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_CELLS = 4_000_000

ERRORS = frozenset(
    {"#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)
"""The words by which spreadsheet programs show that a cell has no value."""

_SHOW = "show it, or delete it"
_SHOW_ROWS = "show them, by clearing a filter if there is one, or delete them"

Spot = tuple[int, int]
"""Row and column of a cell, both from 1."""


@dataclass(frozen=True)
class Format:
    """How a number is shown: as a percentage, and with how many decimals where that is fixed."""

    is_percent: bool = False
    places: int = 0


PLAIN = Format()


@dataclass(frozen=True)
class Look:
    """One sheet: the formats of its cells that have one, and what makes it unreadable."""

    formats: Mapping[Spot, Format]
    texts: Mapping[Spot, str]  # of cells with line breaks that a reader might lose
    problems: tuple[Problem, ...]


class Looking:
    """Gathers the look of one sheet."""

    def __init__(self, label: str, sheet: str) -> None:
        self.label, self.sheet = label, sheet
        self.formats: dict[Spot, Format] = {}
        self.texts: dict[Spot, str] = {}
        self.problems: list[Problem] = []
        self._last: Spot = (0, 0)
        self._hidden_rows: list[Spot] = []  # the first and the last of each run of them
        self._is_too_large = False

    def look(self) -> Look:
        """What was gathered."""
        for first, last in self._hidden_rows:
            message = f"row {first} is hidden"
            if last > first:
                message = f"rows {first} to {last} are hidden"
            self.problem(first, 1, "E710", message, _SHOW_ROWS if last > first else _SHOW)
        return Look(self.formats, self.texts, tuple(self.problems))

    def filled(self, row: int, column: int, rows: int = 1, columns: int = 1) -> bool:
        """Whether these cells with something in them are within bounds; the first beyond is told."""
        last = max(self._last[0], row + rows - 1), max(self._last[1], column + columns - 1)
        if self._is_too_large:
            return False
        if last[0] > MOST_ROWS or last[0] * last[1] > MOST_CELLS:
            message, hint = f"more than {MOST_ROWS:,} rows", "divide it into several files"
            self._too_large(row, column, "E159", message, hint)
        elif last[1] > MOST_COLUMNS:
            message, hint = f"more than {MOST_COLUMNS:,} columns", "delete what stands beyond"
            self._too_large(row, column, "E163", message, hint)
        else:
            self._last = last
        return not self._is_too_large

    def _too_large(self, row: int, column: int, code: str, message: str, hint: str) -> None:
        self._is_too_large = True
        self.problem(row, column, code, message, hint)

    def shown(self, row: int, column: int, form: Format) -> None:
        """The cell has this format."""
        if form != PLAIN:
            self.formats[row, column] = form

    def merged(self, first: Spot, last: Spot) -> None:
        """These cells are one to the eye."""
        hint = "unmerge them and fill each cell"
        message = f"the cells {_name(first)} to {_name(last)} are merged"
        self.problem(*first, "E707", message, hint)

    def no_value(self, row: int, column: int) -> None:
        """There is a formula whose value nobody has worked out."""
        hint = "open the workbook in a spreadsheet program and save it, or type the value"
        self.problem(row, column, "E708", "a formula without a value", hint)

    def error(self, row: int, column: int, word: str) -> None:
        """The cell holds an error."""
        message = f"the cell holds the error `{word[:20]}`" if word else "the cell holds an error"
        self.problem(row, column, "E709", message, "correct the formula, or type the value")

    def linked(self, row: int, column: int) -> None:
        """The formula asks another file."""
        message = "the formula takes its value from another file"
        self.problem(row, column, "E704", message, "type the value")

    def hidden_row(self, row: int, rows: int = 1) -> None:
        """These rows with something in them cannot be seen."""
        before = self._hidden_rows[-1] if self._hidden_rows else (0, -1)
        if row <= before[1] + 1:
            self._hidden_rows[-1] = before[0], max(before[1], row + rows - 1)
        else:
            self._hidden_rows.append((row, row + rows - 1))

    def hidden_column(self, column: int) -> None:
        """A column with something in it cannot be seen."""
        message = f"column {column_letters(column)} is hidden"
        self.problem(1, column, "E710", message, _SHOW)

    def hidden_sheet(self) -> None:
        """The sheet cannot be seen."""
        self.problem(0, 0, "E710", "the sheet is hidden", _SHOW)

    def linked_sheet(self) -> None:
        """The sheet as a whole comes from another file."""
        message = "the sheet takes its cells from another file"
        self.problem(0, 0, "E704", message, "break its link, so that it holds the values itself")

    def problem(self, row: int, column: int, code: str, message: str, hint: str) -> None:
        """There is this problem at this cell."""
        place = Place(self.label, row, column, sheet=self.sheet)
        self.problems.append(Problem(place, code, message, hint))


def _name(spot: Spot) -> str:
    return f"{column_letters(spot[1])}{spot[0]}"


_ELSEWHERE = re.compile(r"(?i)\b(dde|rtd|webservice)\s*\(|'(file|https?):")


def is_from_elsewhere(formula: str) -> bool:
    """Whether the formula itself names a file, a program or an address to ask."""
    return bool(_ELSEWHERE.search(formula))


_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


def format_of(code: str) -> Format:
    """The format that a number format code such as `0.0%` gives to numbers above zero."""
    section = _LITERAL.sub("", code).split(";")[0]
    found = re.search(r"0\.(0+)", section)
    is_number = not re.search(r"[dmyhsDMYHSeE/?]", section) or section == "General"
    places = len(found[1]) if found and is_number else 0
    return Format("%" in section, places)
