"""Tables of evidence: each row of a file → a record, told in full where it is none.

A table may have millions of rows. So a row is read by its columns at once, with what was read of the
same cells before, and only a row that does not fit is looked at cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import getitem
from pathlib import Path as FilePath
from typing import Generic

from grading.evidence.evidence import Placed, R
from grading.evidence.records import Metric, Survey
from grading.evidence.reviewed import REVIEWED_COLUMNS, ReviewedFile
from grading.problems import BadInput, Place, Problem, first_told
from grading.rules.pack import Kind
from grading.source import (
    Line,
    LinePlaces,
    Row,
    cell_choice,
    cell_date,
    cell_decimal,
    cell_int,
    fit,
    fitter,
    read_lines,
    row_of,
)
from grading.source.text import MOST_SHOWN

METRIC_COLUMNS = (
    *("id", "series", "body", "value", "unit", "from", "to", "comparator", "status", "reason"),
    *("numerator", "denominator", "release", "heading", "locator", "caveats", "note"),
)
METRIC_OPTIONAL = ("definition", "synthetic")
SURVEY_COLUMNS = (
    *("id", "survey", "item", "answer", "value", "unit", "n", "population", "sampling"),
    *("weighting", "from", "to", "status", "reason", "heading", "locator", "note"),
)
_MOST_KNOWN = 10_000
_NOWHERE = Place("", 1)
Read = Callable[[Row, str], object]
"""Reads the cell of a row in a column: its value, or a problem."""


@dataclass(frozen=True)
class Form(Generic[R]):
    """How the rows of one table are written: its columns, and those that hold more than text."""

    kind: Kind
    model: type[R]
    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()
    cells: Mapping[str, Read] = field(default_factory=dict)


def read_table(path: FilePath, form: Form[R]) -> tuple[list[Placed[R]], list[Problem]]:
    """The records of a file, and every problem found: no records where it is no such table."""
    label = path.as_posix()
    lines = read_lines(path, label, form.columns, form.optional)
    try:
        reader = _Reader(form, LinePlaces.below(label, next(lines)))
        records = [placed for line in lines for placed in reader.record(line)]
    except BadInput as error:
        return [], list(error.problems)
    return records, first_told(reader.problems, MOST_SHOWN)


def _or_nothing(read: Read) -> Read:
    return lambda row, column: read(row, column) if row.cells[column] else None


def _is_yes(row: Row, column: str) -> bool | Problem:
    said = cell_choice(row, column, ("yes", "no"))
    return said if isinstance(said, Problem) else said == "yes"


def _is_yes_if_said(row: Row, column: str) -> bool | Problem:
    return _is_yes(row, column) if row.cells[column] else False


def _list(row: Row, column: str) -> tuple[str, ...]:
    return tuple(part for part in row.cells[column].split(";") if part)


_NUMBER, _DATE = _or_nothing(cell_decimal), _or_nothing(cell_date)
METRICS = Form(
    "metric",
    Metric,
    METRIC_COLUMNS,
    METRIC_OPTIONAL,
    {
        **dict.fromkeys(("value", "numerator", "denominator"), _NUMBER),
        **dict.fromkeys(("from", "to"), _DATE),
        "comparator": _is_yes,
        "caveats": _list,
        "definition": _or_nothing(lambda row, column: row.cells[column]),
        "synthetic": _is_yes_if_said,
    },
)
SURVEYS = Form(
    "survey",
    Survey,
    SURVEY_COLUMNS,
    cells={"value": _NUMBER, "n": _or_nothing(cell_int), "from": _DATE, "to": _DATE},
)
REVIEWED = Form("file-review", ReviewedFile, REVIEWED_COLUMNS, cells={"reviewed": _DATE})


class _Unread(Exception):
    """A cell has no value."""


class _Known(dict[str, object]):
    """What cells of one column say, by their text: read once, and one value for all alike."""

    def __init__(self, column: str, read: Read | None) -> None:
        super().__init__()
        self.column, self.read = column, read

    def __missing__(self, text: str) -> object:
        value = self.of(Row(_NOWHERE, {self.column: text}, {})) if self.read else text
        if isinstance(value, Problem):
            raise _Unread
        if len(self) < _MOST_KNOWN:
            self[text] = value
        return value

    def of(self, row: Row) -> object:
        """What the row says in this column, or the problem with it."""
        return self.read(row, self.column) if self.read else row.cells[self.column]


class _Reader(Generic[R]):
    """Makes records of the lines of one table, and keeps what is wrong with them."""

    def __init__(self, form: Form[R], places: LinePlaces) -> None:
        self.form: Form[R] = form
        self.places = places
        self.problems: list[Problem] = []
        self._known = [_Known(column, form.cells.get(column)) for column in places.columns]
        self._fit: Callable[[dict[str, object]], R | None] = fitter(form.model)

    def record(self, line: Line) -> tuple[Placed[R], ...]:
        """The record that a line is, or none."""
        number, cells = line
        try:
            read = map(getitem, self._known, cells)
            record = self._fit(dict(zip(self.places.columns, read, strict=True)))
        except _Unread:
            record = None
        if record is None:
            self._tell(line)
            return ()
        return (Placed(self.form.kind, record, self.places, (number,)),)

    def _tell(self, line: Line) -> None:
        """The problems of a line that is no record are kept, unless enough are."""
        if len(self.problems) > MOST_SHOWN:
            return
        row = row_of(self.places, line)
        values = {known.column: known.of(row) for known in self._known}
        wrong = [value for value in values.values() if isinstance(value, Problem)]
        if not wrong:
            _, wrong = fit(self.form.model, values, self.places, (line[0],))
        if not wrong:
            raise AssertionError(f"{row.place}: a row without a problem is no record")
        self.problems.extend(wrong)
