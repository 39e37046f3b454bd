"""Tables of evidence: each row of a file → a record, told in full where it is none.

A table may have millions of rows. So a row is read by its columns at once, with what was read of the
same cells before, and only a row that does not fit is looked at cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import getitem
from typing import Any

from grading.evidence.evidence import Placed
from grading.evidence.forms import Rows
from grading.problems import BadInput, Place, Problem, first_told
from grading.source import Folder, Line, LinePlaces, Row, fit, fitter, row_of
from grading.source.text import MOST_SHOWN

_MOST_KNOWN = 10_000
_NOWHERE = Place("", 1)


def read_table(folder: Folder, name: str, form: Rows) -> tuple[list[Placed[Any]], list[Problem]]:
    """The records of a file, and every problem found: no records where it is no such table."""
    lines = folder.lines(name, form.columns, form.optional)
    try:
        reader = _Reader(form, LinePlaces.below(folder.at(name), next(lines)))
        records = [placed for line in lines for placed in reader.record(line)]
    except BadInput as error:
        return [], list(error.problems)
    return records, first_told(reader.problems, MOST_SHOWN)


class _Unread(Exception):
    """A cell has no value."""


class _Known(dict[str, object]):
    """What cells of one column say, by their text: read once, and one value for all alike."""

    def __init__(self, form: Rows, column: str) -> None:
        super().__init__()
        self.form, self.column = form, column

    def __missing__(self, text: str) -> object:
        value = self.form.value(Row(_NOWHERE, {self.column: text}, {}), self.column)
        if isinstance(value, Problem):
            raise _Unread
        if len(self) < _MOST_KNOWN:
            self[text] = value
        return value


class _Reader:
    """Makes records of the lines of one table, and keeps what is wrong with them."""

    def __init__(self, form: Rows, places: LinePlaces) -> None:
        self.form, self.places = form, places
        self.problems: list[Problem] = []
        self._known = [_Known(form, column) for column in places.columns]
        self._fit: Callable[[dict[str, object]], Any] = fitter(form.model)

    def record(self, line: Line) -> tuple[Placed[Any], ...]:
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
        values = {column: self.form.value(row, column) for column in self.places.columns}
        wrong = [value for value in values.values() if isinstance(value, Problem)]
        if not wrong:
            _, wrong = fit(self.form.model, values, self.places, (line[0],))
        if not wrong:
            raise AssertionError(f"{row.place}: a row without a problem is no record")
        self.problems.extend(wrong)
