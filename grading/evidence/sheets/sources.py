"""Files that were filled in → the records of each sheet, with the cells they were written in."""

from __future__ import annotations

import pathlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from grading.evidence.sheets.cells import Filled
from grading.evidence.sheets.columns import IGNORED, NONE, SHEETS, Sheet
from grading.evidence.sheets.headed import from_table, headed, required_columns
from grading.evidence.sheets.rows import RowRecord, records
from grading.evidence.sheets.workbook import read_workbook
from grading.problems import Place, Problem, known_instead, listed, quoted
from grading.source import read_content, read_csv

_BEGUN = {"framework", "pack"}
_SUFFIXES = (".xlsx", ".ods", ".csv")


@dataclass
class Read:
    """What several files say together: the records of each sheet, and every problem found.

    A sheet in `none` has no records, and says so: it was looked for and nothing was found. `begun`
    is the sheet of the inspection as a template has it, with nothing else filled in.
    """

    records: dict[str, list[RowRecord]] = field(default_factory=dict)
    filled: dict[str, Filled] = field(default_factory=dict)
    none: set[str] = field(default_factory=set)
    begun: Filled | None = None
    problems: list[Problem] = field(default_factory=list)


def read_sources(paths: Iterable[pathlib.Path], has_inspection: bool) -> Read:
    """All records of all files, in order, and every problem of every file.

    Where the folder that they are for has its inspection, they need not say it again.
    """
    read = Read()
    for path in paths:
        suffix = path.suffix.lower()
        if path.is_dir():
            message = "this is a folder, not a file"
            hint = "name the workbooks or tables in it"
            read.problems.append(Problem(Place(path.as_posix(), 1), "E102", message, hint))
        elif suffix == ".csv":
            _table(path, read)
        elif suffix in _SUFFIXES:
            content, problem = read_content(path, path.as_posix())
            if content is None or problem is not None:
                read.problems += [problem] if problem else []
            else:
                take_workbook(content, path.as_posix(), read)
        else:
            read.problems.append(_unknown_suffix(path))
    if "inspection" not in read.filled and not has_inspection:
        if read.begun is not None:
            _read(SHEETS["inspection"], read.begun, read, is_broken=False)
        elif not read.problems:
            read.problems.append(_no_inspection(Place(next(iter(paths)).as_posix(), 1)))
    for name, filled in read.filled.items():
        if SHEETS[name].is_inspection and filled.rows and "inspection" not in read.filled:
            hint = "fill in the sheet `inspection`, to which it belongs"
            read.problems.append(Problem(filled.place, "E716", "no inspection", hint))
    return read


def take_workbook(content: bytes, label: str, read: Read) -> None:
    """What the workbook says was added to what was read."""
    names, grids, problems = read_workbook(content, label, frozenset(SHEETS))
    read.problems += problems
    for name in names:
        if name not in SHEETS and name not in IGNORED:
            read.problems.append(_unknown_sheet(label, name))
    broken = {problem.place.sheet for problem in problems}
    for name, grid in grids.items():
        filled, found = headed(SHEETS[name], grid, label)
        # A row that is hidden or cut short is told once, as what it is.
        told = {(p.place, p.code) for p in read.problems}
        read.problems += [p for p in found if (p.place, p.code) not in told]
        if filled is not None:
            _take(SHEETS[name], filled, read, is_broken=name in broken)


def _table(path: pathlib.Path, read: Read) -> None:
    label, sheet = path.as_posix(), SHEETS.get(path.stem)
    if sheet is None:
        message = f"the table {quoted(path.stem)} is no part of the evidence"
        hint = known_instead(path.stem, SHEETS) or f"known: {listed(SHEETS, 'and')}"
        read.problems.append(Problem(Place(label, 1), "E706", message, hint))
        return
    required = [column.name for column in required_columns(sheet)]
    optional = [column.name for column in sheet.columns if column.name not in required]
    table, problems = read_csv(path, label, required, optional)
    read.problems += problems
    if table is not None:
        _take(sheet, from_table(sheet, table), read, is_broken=False)


def _take(sheet: Sheet, filled: Filled, read: Read, is_broken: bool) -> None:
    before = read.filled.get(sheet.name)
    if sheet.name == "inspection" and all(set(row.cells) == _BEGUN for row in filled.rows):
        read.begun = filled
    elif before is None or not (before.rows or sheet.name in read.none):
        _read(sheet, filled, read, is_broken)
    elif filled.rows:
        message = f"the sheet {quoted(sheet.name)} is read twice"
        hint = f"the first is {_said(before.place)}; join them"
        read.problems.append(Problem(filled.place, "E713", message, hint))


def _read(sheet: Sheet, filled: Filled, read: Read, is_broken: bool) -> None:
    if sheet.name == "inspection" and len(filled.rows) != 1:
        read.problems.append(_not_one(filled))
        return
    if _says_none(sheet, filled):
        read.none.add(sheet.name)
        filled = replace(filled, rows=())
    made, problems = records(sheet, filled)
    if is_broken:
        # What is told of a cell already says why its value cannot be right.
        told = {problem.place for problem in read.problems}
        problems = [problem for problem in problems if problem.place not in told]
    read.problems += problems
    read.filled[sheet.name] = filled
    read.records[sheet.name] = made


def _says_none(sheet: Sheet, filled: Filled) -> bool:
    first = sheet.columns[0].name
    cells = [{name: cell.value for name, cell in row.cells.items()} for row in filled.rows]
    return sheet.is_kind and cells == [{first: NONE}]


def _no_inspection(place: Place) -> Problem:
    hint = "fill in the sheet `inspection`, or name a folder that has one with --into"
    return Problem(place, "E716", "no inspection", hint)


def _not_one(filled: Filled) -> Problem:
    if not filled.rows:
        hint = "fill in the row below the headings"
        return Problem(filled.place, "E716", "no inspection", hint)
    message = f"{len(filled.rows)} rows of one inspection"
    return Problem(filled.rows[1].place, "E716", message, "keep one")


def _said(place: Place) -> str:
    return str(place) if place.sheet else place.file


def _unknown_sheet(label: str, name: str) -> Problem:
    is_plain = name.isprintable() and len(name) <= 40 and not set("!#") & set(name)
    place = Place(label, 0, 0, sheet=name) if is_plain else Place(label, 1)
    message = f"the sheet {quoted(name)} is no part of the evidence"
    hint = known_instead(name, SHEETS)
    hint = hint or f"delete it, or name it after what it holds: {listed(map(quoted, SHEETS))}"
    return Problem(place, "E706", message, hint)


def _unknown_suffix(path: pathlib.Path) -> Problem:
    label = path.as_posix()
    message = f"files whose names end with {quoted(path.suffix)} are not read"
    if not path.suffix:
        message = "the name does not say what kind of file this is"
    if path.suffix.lower() in (".yaml", ".yml"):
        hint = "copy it into the folder of evidence as it is"
        return Problem(Place(label, 1), "E701", message, hint)
    if path.suffix.lower() in (".xlsm", ".xltm", ".xlsb"):
        message = "the workbook may contain macros"
        return Problem(Place(label, 1), "E704", message, "save it as .xlsx or .ods without macros")
    return Problem(Place(label, 1), "E701", message, f"save it as {listed(_SUFFIXES)}")


def by_sheet(read: Read) -> Mapping[Sheet, list[RowRecord]]:
    """The records of the sheets that become files of their own."""
    return {
        SHEETS[name]: rows
        for name, rows in read.records.items()
        if (rows or name in read.none) and not SHEETS[name].is_inspection
    }
