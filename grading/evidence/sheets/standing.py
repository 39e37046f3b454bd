"""What the folder of an import holds already: which file has which record, and what each file says."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grading.evidence.sheets.columns import SHEETS
from grading.evidence.sheets.rows import RowRecord
from grading.evidence.sheets.sources import Read
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

_TABLES = {
    sheet.file: (
        [column.name for column in sheet.columns if not column.optional],
        [column.name for column in sheet.columns if column.optional],
    )
    for sheet in SHEETS.values()
    if sheet.is_table
}
_TOO_LARGE = frozenset({"E104", "E159"})
_PARTS = re.compile(r"fieldwork-.+\.yaml")


@dataclass(frozen=True)
class _File:
    """One file: its plain values, the places of its values and keys, and of its records by id."""

    says: Any
    places: Mapping[Path, Place]
    key_places: Mapping[Path, Place]
    ids: Mapping[str, Place] = field(default_factory=dict)


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
            for record in there.ids
        }
        divided: dict[str, list[RowRecord]] = {}
        for row in rows:
            divided.setdefault(home.get(row.id, name), []).append(row)
        return divided

    def lost(self, read: Read) -> Iterator[Problem]:
        """A problem for each record that is there and that the rows would do away with."""
        for name, rows in read.records.items():
            sheet = SHEETS[name]
            if sheet.is_inspection:
                if name == "inspection" and rows:
                    yield from self._another(rows[0])
                continue
            # What such a table would lose cannot be told, so it is not replaced.
            yield from self.too_large.get(sheet.file, ())
            filled = read.filled[name].rows
            ids = {str(row.cells["id"].value) for row in filled if "id" in row.cells}
            for file, there in sorted(self.files.items()):
                for record in there.ids if filled and _belongs(file, sheet.file) else ():
                    if record not in ids:
                        message = f"the record {quoted(record)} is not in the sheet `{name}`"
                        hint = "add its row, or delete the record here first"
                        yield Problem(there.ids[record], "E714", message, hint)

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
            files |= _named(path.name, _of_document(read_yaml(path, label)[0]))
        elif path.name in _TABLES:
            table, problems = read_csv(path, label, *_TABLES[path.name])
            files |= _named(path.name, _of_table(table))
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
        return _of_table(parse_csv(text, name, *_TABLES[name])[0])
    return _of_document(parse_yaml(text, name)[0])


def _of_document(document: Document | None) -> _File | None:
    if document is None:
        return None
    listed = document.data.get("records") if isinstance(document.data, Mapping) else None
    ids = {
        str(record["id"]): document.place(("records", i))
        for i, record in enumerate(listed if isinstance(listed, tuple) else ())
        if isinstance(record, Mapping) and "id" in record
    }
    return _File(document.data, document.places, document.key_places, ids)


def _of_table(table: Table | None) -> _File | None:
    if table is None:
        return None
    places: dict[Path, Place] = {
        (i, column): place
        for i, row in enumerate(table.rows)
        for column, place in row.places.items()
    }
    ids = {row.cells["id"]: row.place for row in table.rows}
    return _File((table.columns, tuple(row.cells for row in table.rows)), places, {}, ids)
