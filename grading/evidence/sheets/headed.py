"""The cells of a sheet, or the rows of a table → rows under the columns of the evidence."""

from __future__ import annotations

from collections.abc import Mapping

from grading.evidence.sheets.cells import Cell, Filled, SheetRow
from grading.evidence.sheets.columns import Column, Sheet
from grading.evidence.sheets.look import Spot
from grading.problems import Place, Problem, did_you_mean, listed, nearest, quoted
from grading.source import Table


def headed(
    sheet: Sheet, grid: Mapping[Spot, Cell], label: str
) -> tuple[Filled | None, list[Problem]]:
    """The rows of a sheet under the headings of its first row; rows without a cell are passed over."""
    whole = Place(label, 0, 0, sheet=sheet.name)
    if not grid:
        return None, [Problem(whole, "E109", "the sheet is empty", "fill it, or delete it")]
    headings = {column: cell for (row, column), cell in grid.items() if row == 1}
    problems = _heading_problems(sheet, headings, Place(label, 1, 1, sheet=sheet.name))
    columns = {str(cell.value): column for column, cell in sorted(headings.items(), reverse=True)}
    rows: dict[int, dict[str, Cell]] = {}
    for (row, column), cell in sorted(grid.items()):
        if row == 1:
            continue
        if column not in headings:
            message = "a cell outside the headed columns"
            problems.append(Problem(cell.place, "E715", message, "delete it, or head its column"))
        else:
            rows.setdefault(row, {})[str(headings[column].value)] = cell
    if problems:
        return None, problems
    filled = (
        SheetRow(
            Place(label, row, 1, sheet=sheet.name),
            cells,
            {name: Place(label, row, column, sheet=sheet.name) for name, column in columns.items()},
        )
        for row, cells in rows.items()
    )
    places = {name: Place(label, 1, column, sheet=sheet.name) for name, column in columns.items()}
    return Filled(sheet.name, whole, places, tuple(filled)), []


def from_table(sheet: Sheet, table: Table) -> Filled:
    """The rows of a comma-separated table, as those of a sheet."""
    rows = (
        SheetRow(
            row.place,
            {name: Cell(text, row.places[name]) for name, text in row.cells.items() if text},
            row.places,
        )
        for row in table.rows
    )
    columns = {name: Place(table.file, 1, i) for i, name in enumerate(table.columns, 1)}
    return Filled(sheet.name, Place(table.file, 1), columns, tuple(rows))


def required_columns(sheet: Sheet) -> tuple[Column, ...]:
    """The columns that must be there: in a table all, elsewhere those that every record fills."""
    return tuple(
        column
        for column in sheet.columns
        if (sheet.is_table and not column.optional)
        or (column.required and (not column.group or sheet.needs_whole[column.group]))
    )


def _heading_problems(
    sheet: Sheet, headings: Mapping[int, Cell], first_cell: Place
) -> list[Problem]:
    known = [column.name for column in sheet.columns]
    required = [column.name for column in required_columns(sheet)]
    names = {column: str(cell.value) for column, cell in sorted(headings.items())}
    missing = [name for name in required if name not in names.values()]
    problems: list[Problem] = []
    first: dict[str, Place] = {}
    for column, name in names.items():
        place = headings[column].place
        if name in first:
            message = f"the column {quoted(name)} occurs twice"
            problems.append(Problem(place, "E153", message, f"the first is at {first[name]}"))
        elif name not in known:
            hint = did_you_mean(name, missing or known) or did_you_mean(name, known)
            hint = hint or f"the columns are {listed(map(quoted, known), 'and')}"
            problems.append(Problem(place, "E151", f"unknown column {quoted(name)}", hint))
        first.setdefault(name, place)
    meant = {nearest(name, missing) for name in names.values() if name not in known}
    problems += [
        Problem(first_cell, "E152", f"missing column {quoted(name)}", "add it")
        for name in missing
        if name not in meant
    ]
    return problems
