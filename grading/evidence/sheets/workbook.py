"""A workbook's bytes → the cells of its sheets. The only module that knows python-calamine.

What a caller of calamine would not expect, each held by a test: it says nothing of number formats,
formulas and hidden rows, an error is an empty cell, and line breaks in ODS are lost (all of that
comes from `look_xlsx` and `look_ods`); it makes a sheet as wide and as high as its last cell
(bounded there, before). A defect in it can be a panic.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Mapping
from decimal import Decimal

import python_calamine

from grading.evidence.sheets.cells import Cell, Value
from grading.evidence.sheets.container import Container, linked, links_in, unpack
from grading.evidence.sheets.look import ERRORS, PLAIN, Format, Look, Spot
from grading.evidence.sheets.look_ods import looks_ods
from grading.evidence.sheets.look_xlsx import looks_xlsx
from grading.evidence.sheets.xml import BadXml
from grading.problems import Place, Problem, quoted
from grading.source.text import LONGEST_TEXT, hidden_in, why_forbidden

Grid = Mapping[Spot, Cell]
"""The cells of one sheet that are not empty, by row and column."""

_HUNDRED = Decimal(100)
_SHOWN_DIGITS = ".15g"


def read_workbook(
    content: bytes, label: str, wanted: frozenset[str]
) -> tuple[tuple[str, ...], dict[str, Grid], list[Problem]]:
    """The names of all sheets, the cells of the wanted ones, and every problem found."""
    container, problems = unpack(content, label)
    if container is None:
        return (), {}, problems
    try:
        looks = (looks_xlsx if container.form == "xlsx" else looks_ods)(
            container.parts, label, wanted
        )
    except BadXml:
        return (), {}, [_damaged(label)]
    problems = [problem for look in looks.values() for problem in look.problems]
    if links_in(container.parts) and not any(problem.code == "E704" for problem in problems):
        problems.append(linked(Place(label, 1)))
    if any(problem.code in ("E159", "E163") for problem in problems):
        return (), {}, problems
    read = _values(container, frozenset(looks))
    if read is None:
        return (), {}, [*problems, _damaged(label)]
    names, values = read
    if len(set(names)) < len(names) or (wanted & set(names)) - set(looks):
        return (), {}, [*problems, _damaged(label)]
    told = {problem.place for problem in problems}
    grids = {}
    for name, rows in values.items():
        grid, found = _grid(rows, looks[name], label, name)
        problems += [problem for problem in found if problem.place not in told]
        grids[name] = grid
    return names, grids, problems


def _values(
    container: Container, wanted: frozenset[str]
) -> tuple[tuple[str, ...], dict[str, list[list[object]]]] | None:
    """The names of all sheets and the values of the wanted ones, or nothing where it is damaged."""
    try:
        with python_calamine.load_workbook(io.BytesIO(container.archive())) as workbook:
            names = tuple(workbook.sheet_names)
            return names, {
                name: [
                    list(row)
                    for row in workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                ]
                for name in names
                if name in wanted
            }
    except (python_calamine.CalamineError, ValueError, OverflowError):
        return None
    except BaseException as error:
        # A panic in calamine is no `Exception`, so that nothing else would catch it.
        if type(error).__name__ != "PanicException":
            raise
        return None


def _grid(
    rows: list[list[object]], look: Look, label: str, name: str
) -> tuple[Grid, list[Problem]]:
    grid: dict[Spot, Cell] = {}
    problems: list[Problem] = []
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value == "" or value is None:
                continue
            place = Place(label, line, column, sheet=name)
            if isinstance(value, str):
                value = look.texts.get((line, column), value)
            found = _cell(value, look.formats.get((line, column), PLAIN), place)
            if isinstance(found, Cell):
                problems += _text_problems(found)
                grid[line, column] = found
            else:
                problems.append(found)
    return grid, problems


def _cell(value: object, form: Format, place: Place) -> Cell | Problem:
    match value:
        case bool():
            return Cell(value, place)
        case int() | float():
            return Cell(_number(value, form), place, form.is_percent)
        case str():
            return Cell(value.replace("\r\n", "\n"), place)
        case datetime.datetime():
            if value.time() != datetime.time():
                message = f"{quoted(value.isoformat(' '))} is a date with a time"
                return Problem(place, "E134", message, "write the date alone")
            return Cell(value.date(), place)
        case datetime.date():
            return Cell(value, place)
        case _:
            message = f"a time of day or a length of time, {quoted(value)}"
            return Problem(place, "E711", message, "format the cell as text and type it again")


def _number(value: float, form: Format) -> Value:
    """The number to 15 digits, as spreadsheet programs keep it, with the decimals that are shown.

    Decimals that the format shows are added as zeros, since a figure written as 16.0 says more
    than 16; what the format does not show is not cut off.
    """
    exact = Decimal(format(value, _SHOWN_DIGITS))
    if form.is_percent:
        exact *= _HUNDRED
    plain = format(exact, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    whole, _, decimals = ("0" if plain == "-0" else plain).partition(".")
    decimals = decimals.ljust(form.places, "0")
    return Decimal(f"{whole}.{decimals}" if decimals else whole)


def _text_problems(cell: Cell) -> Iterator[Problem]:
    text = cell.value
    if not isinstance(text, str):
        return
    if text in ERRORS:
        message = f"the cell holds the error `{text}`"
        yield Problem(cell.place, "E709", message, "correct the formula, or type the value")
    if len(text) > LONGEST_TEXT:
        message = f"a cell of more than {LONGEST_TEXT:,} characters"
        yield Problem(cell.place, "E158", message, "shorten it")
    elif hidden := hidden_in(text):
        yield why_forbidden(hidden, cell.place)
    if text != text.strip():
        yield Problem(cell.place, "E157", f"spaces around {quoted(text.strip())}", "remove them")


def _damaged(label: str) -> Problem:
    message = "the workbook is damaged: its sheets cannot be read"
    return Problem(Place(label, 1), "E705", message, "open it and save it again")
