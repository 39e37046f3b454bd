"""What the folder of an import holds already: which file has which record, and what each file says."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grading.evidence.sheets.cells import SheetRow
from grading.evidence.sheets.columns import SHEETS, Sheet
from grading.evidence.sheets.rows import RowRecord, called
from grading.evidence.sheets.sources import Read
from grading.evidence.sheets.typed import typed
from grading.problems import Place, Problem, quoted
from grading.source import (
    Document,
    Path,
    Table,
    parse_csv,
    parse_yaml,
    read_csv,
    read_yaml,
)

_TABLES = {sheet.file: sheet for sheet in SHEETS.values() if sheet.is_table}
_TOO_LARGE = frozenset({"E104", "E159"})
_PARTS = re.compile(r"fieldwork-.+\.yaml")


@dataclass(frozen=True)
class _File:
    """One file: its plain values, their places and those of keys, and the places of its records.

    The records stand by the sheet that they are rows of, and by what they are called.
    """

    says: Any
    places: Mapping[Path, Place]
    key_places: Mapping[Path, Place]
    ids: Mapping[str, Mapping[str, Place]] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """The files of the folder that can be read; of those that cannot, loading tells."""

    files: Mapping[str, _File]
    too_large: Mapping[str, Sequence[Problem]] = field(default_factory=dict)
    """Of each table that is too large to compare cell by cell, though it can be loaded, why."""

    def says(self, name: str, text: str) -> bool:
        """Whether the file of this name says the same as this text."""
        made = _parsed(name, text)
        return name in self.files and made is not None and made.says == self.files[name].says

    def cells(
        self, name: str, text: str, cells: Mapping[tuple[int, int], Place]
    ) -> dict[tuple[int, int], Place]:
        """The cells of a text that says the same as the file, by the lines of the file."""
        made = _parsed(name, text)
        there = self.files[name]
        if made is None:
            return {}
        return {
            (old[path].line, old[path].column): cells[place.line, place.column]
            for new, old in ((made.key_places, there.key_places), (made.places, there.places))
            for path, place in new.items()
            if path in old and (place.line, place.column) in cells
        }

    def divided(self, name: str, rows: Sequence[RowRecord]) -> dict[str, list[RowRecord]]:
        """The rows by file: each in the file that has its record, and new ones in the first."""
        home = {
            record: file
            for file, there in self.files.items()
            if _belongs(file, name)
            for records in there.ids.values()
            for record in records
        }
        divided: dict[str, list[RowRecord]] = {}
        if not rows:
            divided[next((file for file in sorted(self.files) if _belongs(file, name)), name)] = []
        for row in rows:
            divided.setdefault(home.get(row.id, name), []).append(row)
        return divided

    def lost(self, read: Read) -> Iterator[Problem]:
        """A problem for each record that is there and that the rows would do away with."""
        inspection = read.records.get("inspection")
        if inspection:
            yield from self._another(inspection[0])
        for sheet in SHEETS.values():
            filled = read.filled.get(sheet.name)
            if filled is not None:
                # What such a table would lose cannot be told, so it is not replaced.
                yield from self.too_large.get(sheet.file, ())
            rows = filled.rows if filled is not None else ()
            # The file of the inspection is made of all its sheets, whichever are filled in.
            is_made = bool(inspection) if sheet.is_inspection else rows or sheet.name in read.none
            if is_made:
                yield from self._left_out(sheet, {called(sheet, _typed(sheet, r)) for r in rows})

    def _left_out(self, sheet: Sheet, names: set[str]) -> Iterator[Problem]:
        for there in self.files.values():
            for record, place in there.ids.get(sheet.name, {}).items():
                if record not in names:
                    what = f"the {sheet.noun} {quoted(record)}"
                    message = f"{what} is not in the sheet `{sheet.name}`"
                    hint = f"add its row, or delete the {sheet.noun} here first"
                    yield Problem(place, "E714", message, hint)

    def _another(self, row: RowRecord) -> Iterator[Problem]:
        there = self.files.get("inspection.yaml")
        known = there.says.get("id") if there and isinstance(there.says, Mapping) else None
        if known is not None and row.id and known != row.id:
            message = f"the folder holds the inspection {quoted(known)}, not {quoted(row.id)}"
            place = row.row.places.get("id", row.row.place)
            yield Problem(place, "E717", message, "name another folder, or correct the id")


def standing(folder: pathlib.Path) -> Standing:
    """What the folder holds already; nothing where it is not there."""
    files: dict[str, _File] = {}
    too_large: dict[str, Sequence[Problem]] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        label = f"{folder.as_posix()}/{path.name}"
        if path.suffix == ".yaml":
            files |= _named(path.name, _of_document(path.name, read_yaml(path, label)[0]))
        elif path.name in _TABLES:
            sheet = _TABLES[path.name]
            table, problems = read_csv(path, label, *_columns(sheet))
            files |= _named(path.name, _of_table(sheet, table))
            if _TOO_LARGE & {problem.code for problem in problems}:
                too_large[path.name] = problems
    return Standing(files, too_large)


def _named(name: str, file: _File | None) -> dict[str, _File]:
    return {name: file} if file is not None else {}


def _belongs(file: str, home: str) -> bool:
    """Whether the records of this file are rows of the sheet that becomes that one."""
    return file == home or (home == "fieldwork.yaml" and bool(_PARTS.fullmatch(file)))


def _parsed(name: str, text: str) -> _File | None:
    if name in _TABLES:
        sheet = _TABLES[name]
        return _of_table(sheet, parse_csv(text, name, *_columns(sheet))[0])
    return _of_document(name, parse_yaml(text, name)[0])


def _typed(sheet: Sheet, row: SheetRow) -> dict[str, Any]:
    """What the row says of itself, so far as it can be read."""
    return {
        column.name: typed(row, column) or ""
        for column in sheet.columns
        if column.name in sheet.identity
    }


def _of_document(name: str, document: Document | None) -> _File | None:
    if document is None:
        return None
    sheets = [
        sheet
        for sheet in SHEETS.values()
        if sheet.key and not sheet.is_table and _belongs(name, sheet.file)
    ]
    ids = {sheet.name: dict(_listed(sheet, document)) for sheet in sheets}
    return _File(document.data, document.places, document.key_places, ids)


def _listed(sheet: Sheet, document: Document) -> Iterator[tuple[str, Place]]:
    listed = document.data.get(sheet.key) if isinstance(document.data, Mapping) else None
    for i, record in enumerate(listed if isinstance(listed, tuple) else ()):
        if isinstance(record, Mapping) and set(sheet.identity) <= set(record):
            yield called(sheet, record), document.place((sheet.key, i))


def _columns(sheet: Sheet) -> tuple[list[str], list[str]]:
    """The columns that the table has, and those that it may do without."""
    names: tuple[list[str], list[str]] = ([], [])
    for column in sheet.columns:
        names[column.optional].append(column.name)
    return names


def _of_table(sheet: Sheet, table: Table | None) -> _File | None:
    if table is None:
        return None
    places: dict[Path, Place] = {
        (i, column): place
        for i, row in enumerate(table.rows)
        for column, place in row.places.items()
    }
    ids = {sheet.name: {row.cells["id"]: row.place for row in table.rows}}
    return _File((table.columns, tuple(row.cells for row in table.rows)), places, {}, ids)
