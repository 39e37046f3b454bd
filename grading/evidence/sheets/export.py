"""A folder of evidence → a workbook that says the same, which is read back before it is given."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

from grading.evidence.sheets.cells import Cell, SheetRow
from grading.evidence.sheets.columns import NONE, SHEETS, Sheet
from grading.evidence.sheets.making import workbook
from grading.evidence.sheets.rows import Record, called, flat
from grading.evidence.sheets.sources import Read, take_workbook
from grading.evidence.sheets.typed import typed
from grading.problems import BadInput, Place, Problem, quoted
from grading.rules.loaded import Pack
from grading.source import Row, read_csv, read_yaml


def export(folder: pathlib.Path, pack: Pack) -> bytes:
    """The workbook of a folder whose evidence was loaded. Raises BadInput for what no cell can hold."""
    records = _records(folder)
    content = workbook(pack, {name: list(rows) for name, rows in records.items()})
    read = Read()
    take_workbook(content, "workbook", read)
    problems = [_cannot_hold(records, problem) for problem in read.problems]
    for name, rows in records.items():
        sheet = SHEETS[name]
        back = [flat(sheet, row.data) for row in read.records.get(name, [])]
        if name in read.none:
            back = [flat(sheet, {sheet.columns[0].name: NONE})]
        if not read.problems and back != [flat(sheet, _without_empty(row)) for row in rows]:
            message = f"a text of {quoted(sheet.file)} does not survive in a workbook"
            place = Place(f"{folder.as_posix()}/{sheet.file}", 1)
            hint = "take out semicolons in lists, carriage returns and empty lists"
            problems.append(Problem(place, "E718", message, hint))
    if problems:
        raise BadInput(problems)
    return content


def _records(folder: pathlib.Path) -> dict[str, list[Record]]:
    """The records of each sheet in the order of the folder's files.

    Where there is a file without any, the sheet says that there are none.
    """
    inspection = _yaml(folder / "inspection.yaml")
    found: dict[str, list[Record]] = {"inspection": [inspection]}
    for sheet in SHEETS.values():
        files = _files(folder, sheet)
        if sheet.is_inspection:
            found.setdefault(sheet.name, list(inspection.get(sheet.key, ())))
        elif sheet.is_table:
            found[sheet.name] = [row for path in files for row in _table(sheet, path)]
        else:
            found[sheet.name] = [row for path in files for row in _yaml(path).get(sheet.key, ())]
        if files and sheet.is_kind and not found[sheet.name]:
            found[sheet.name] = [{sheet.columns[0].name: NONE}]
    return found


def _files(folder: pathlib.Path, sheet: Sheet) -> Sequence[pathlib.Path]:
    own = [path for path in (folder / sheet.file,) if path.exists()]
    more = sorted(folder.glob("fieldwork-*.yaml")) if sheet.name == "fieldwork" else []
    return [*own, *more]


def _yaml(path: pathlib.Path) -> Mapping[str, Any]:
    document, problems = read_yaml(path, path.as_posix())
    if document is None:
        raise BadInput(problems)
    data: Mapping[str, Any] = document.data
    return data


def _table(sheet: Sheet, path: pathlib.Path) -> list[Record]:
    required = [column.name for column in sheet.columns if not column.optional]
    optional = [column.name for column in sheet.columns if column.optional]
    table, problems = read_csv(path, path.as_posix(), required, optional)
    if table is None:
        raise BadInput(problems)
    return [_record(sheet, row) for row in table.rows]


def _record(sheet: Sheet, row: Row) -> Record:
    cells = {name: Cell(text, row.places[name]) for name, text in row.cells.items() if text}
    written = SheetRow(row.place, cells, row.places)
    values = {column.name: typed(written, column) for column in sheet.columns}
    return {name: value for name, value in values.items() if value is not None}


def _without_empty(record: Record) -> Record:
    return {key: value for key, value in record.items() if value not in ((), "", None)}


def _cannot_hold(records: Mapping[str, Sequence[Record]], problem: Problem) -> Problem:
    """What the workbook would get wrong, told of the record."""
    sheet = SHEETS[problem.place.sheet] if problem.place.sheet in SHEETS else SHEETS["inspection"]
    rows = records.get(sheet.name, ())
    line = problem.place.line - 2
    name = called(sheet, rows[line]) if 0 <= line < len(rows) else sheet.name
    message = f"the record {quoted(name)} does not fit in a workbook: {problem.message}"
    return Problem(Place(sheet.file, 1), "E718", message, problem.hint)
