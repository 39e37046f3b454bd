"""Rows ↔ records as plain values: what is read from a sheet, and what is written to one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grading.evidence.sheets.cells import Filled, SheetRow
from grading.evidence.sheets.columns import Column, Sheet
from grading.evidence.sheets.typed import typed
from grading.problems import Problem, quoted

Record = Mapping[str, Any]


@dataclass(frozen=True)
class RowRecord:
    """A record as plain values, and the row on which it was written."""

    sheet: Sheet
    data: Record
    row: SheetRow

    @property
    def id(self) -> str:
        """What the record is called."""
        return called(self.sheet, self.data)


def records(sheet: Sheet, filled: Filled) -> tuple[list[RowRecord], list[Problem]]:
    """The records of the rows that are right, and every problem of the others."""
    made: list[RowRecord] = []
    problems: list[Problem] = []
    for row in filled.rows:
        data, found = _record(sheet, row)
        problems += found
        if not found:
            made.append(RowRecord(sheet, data, row))
    return made, problems


def flat(sheet: Sheet, record: Record) -> dict[str, Any]:
    """What each column says of a record; nothing for what the record leaves out."""
    return {column.name: _at(record, column.path) for column in sheet.columns}


def called(sheet: Sheet, record: Record) -> str:
    """What tells the record from every other of its sheet; nothing where it does not say it."""
    values = [record.get(name, "") for name in sheet.identity]
    words = (sorted(value) if isinstance(value, tuple | list) else [value] for value in values)
    return " ".join(str(word) for value in words for word in value)


def _record(sheet: Sheet, row: SheetRow) -> tuple[dict[str, Any], list[Problem]]:
    data: dict[str, Any] = {}
    problems: list[Problem] = []
    for column in sheet.columns:
        value = typed(row, column)
        if value is None and column.required and _is_asked(sheet, row, column):
            place = row.places.get(column.name, row.place)
            message = f"the cell {quoted(column.name)} is empty"
            value = Problem(place, "E170", message, "fill it")
        if isinstance(value, Problem):
            problems.append(value)
        elif value is not None and value != () and not (column.only_yes and value is False):
            _put(data, column.path, value)
    return data, problems


def _is_asked(sheet: Sheet, row: SheetRow, column: Column) -> bool:
    """Whether a record must say this: a part that it need not have asks for nothing while empty."""
    if not column.group or sheet.needs_whole[column.group]:
        return True
    return any(c.name in row.cells for c in sheet.columns if c.group == column.group)


def _put(data: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for key in path[:-1]:
        data = data.setdefault(key, {})
    data[path[-1]] = value


def _at(record: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        record = record.get(key) if isinstance(record, Mapping) else None
    return record
