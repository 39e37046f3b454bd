"""Comma-separated tables: a file → rows of cells, each with the place where it was written.

A place in a table is the line where its row begins and, as column, which cell of the row it is,
both from 1: what a spreadsheet shows, and steady when a cell before it grows.
"""

from __future__ import annotations

import itertools
import pathlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grading.problems import Place, Problem, did_you_mean, listed, nearest, quoted
from grading.source.text import (
    LONGEST_TEXT,
    MOST_SHOWN,
    forbidden,
    hidden_in,
    read_text,
    why_forbidden,
)

MOST_ROWS = 200_000
MOST_COLUMNS = 1_000

_QUOTED = re.compile(r'"((?:[^"]+|"")*+)("?)')
_BARE = re.compile(r"[^,\r\n]*")
_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class CellPlaces(Mapping[str, Place]):
    """The place of each cell of a row, by column; made when asked for, since few are."""

    start: Place
    columns: Mapping[str, int]

    def __getitem__(self, column: str) -> Place:
        return Place(self.start.file, self.start.line, self.columns[column])

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)


@dataclass(frozen=True)
class Row:
    """One row: its cells by column, and where they are."""

    place: Place
    cells: Mapping[str, str]
    places: Mapping[str, Place]


@dataclass(frozen=True)
class Table:
    """One table: its columns as written, and its rows in order."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class _Line:
    """The cells of one row, before they are known by column."""

    place: Place
    cells: tuple[str, ...]


def read_csv(
    path: pathlib.Path, label: str, required: Sequence[str], optional: Sequence[str] = ()
) -> tuple[Table | None, list[Problem]]:
    """The file's table and no problems, or no table and every problem found."""
    text, problems = read_text(path, label)
    return (None, problems) if text is None else parse_csv(text, label, required, optional)


def read_likest_csv(
    path: pathlib.Path, label: str, forms: Mapping[str, tuple[Sequence[str], Sequence[str]]]
) -> tuple[str, Table | None, list[Problem]]:
    """The file's table as one of several forms, and the name of the one that it has most columns of.

    Each form has its required and its optional columns. Where no form has more than the others
    there is no name and no problem.
    """
    text, problems = read_text(path, label)
    if text is None:
        return "", None, problems
    # whatever separates the columns: that it must be commas is told when the table is parsed
    first = re.split(r"[\r\n]", text.removeprefix("\ufeff").lstrip("\r\n"), maxsplit=1)[0]
    columns = {name.strip(' "') for name in re.split("[,;\t]", first)}
    shared = {name: len(columns.intersection((*a, *b))) for name, (a, b) in forms.items()}
    best = [name for name in forms if shared[name] == max(shared.values())]
    if text.strip() and len(best) != 1:
        return "", None, []
    return best[0], *parse_csv(text, label, *forms[best[0]])


def parse_csv(
    text: str, label: str, required: Sequence[str], optional: Sequence[str] = ()
) -> tuple[Table | None, list[Problem]]:
    """The text's table and no problems, or no table and every problem found."""
    # Spreadsheets put a byte order mark before what they save as UTF-8.
    text = text.removeprefix("\ufeff")
    if not text.strip():
        return None, [Problem(Place(label, 1), "E109", "the file is empty", _names(required))]
    lines, problems = _lines(text, label)
    if not lines:
        return None, problems
    header, *rows = lines
    separator = _other_separator(header, (*required, *optional))
    if separator:
        return None, [separator]
    if len(header.cells) > MOST_COLUMNS:
        message = f"more than {MOST_COLUMNS:,} columns"
        return None, [Problem(header.place, "E163", message, "divide it into several files")]
    problems += _wrong_columns(header, required, optional)
    counts = (problem for row in rows for problem in _wrong_count(row, len(header.cells)))
    problems += itertools.islice(counts, MOST_SHOWN)
    is_clean = not forbidden(text, label)
    cells = (problem for line in lines for problem in _wrong_cells(line, is_clean))
    problems += itertools.islice(cells, MOST_SHOWN)
    return (None, sorted(problems)) if problems else (_table(label, header, rows), [])


def _table(label: str, header: _Line, rows: Sequence[_Line]) -> Table:
    columns = {name: position for position, name in enumerate(header.cells, 1)}
    made = (
        Row(
            row.place,
            dict(zip(header.cells, row.cells, strict=True)),
            CellPlaces(row.place, columns),
        )
        for row in rows
    )
    return Table(label, header.cells, tuple(made))


def _lines(text: str, label: str) -> tuple[list[_Line], list[Problem]]:
    """The rows, up to the first whose quotes leave it unclear where the next one begins."""
    lines: list[_Line] = []
    problems: list[Problem] = []
    position, number = 0, 1
    while position < len(text):
        if len(lines) > MOST_ROWS:
            message = f"more than {MOST_ROWS:,} rows"
            hint = "divide it into several files"
            return lines, [*problems, Problem(Place(label, number), "E159", message, hint)]
        cells, end, problem = _cells(text, position, Place(label, number))
        if problem:
            problems.append(problem)
            if problem.code == "E155":
                return lines, problems
        else:
            lines.append(_Line(Place(label, number), cells))
        number += len(_BREAK.findall(text, position, end))
        position = end
    return lines, problems


def _cells(text: str, start: int, place: Place) -> tuple[tuple[str, ...], int, Problem | None]:
    """The cells of the row that starts here, where the next row starts, and what is wrong."""
    bare = _line_end(text, start)
    if '"' not in text[start:bare]:
        return tuple(text[start:bare].split(",")), _next(text, bare), None
    cells: list[str] = []
    position = start
    problem: Problem | None = None
    while True:
        here = Place(place.file, place.line, len(cells) + 1)
        cell, position, wrong = _cell(text, position, here)
        problem = problem or wrong
        cells.append(cell)
        if wrong is not None and wrong.code == "E155":
            return tuple(cells), len(text), wrong
        if text[position : position + 1] != ",":
            return tuple(cells), _next(text, position), problem
        position += 1


def _cell(text: str, start: int, place: Place) -> tuple[str, int, Problem | None]:
    """The cell that starts here, where it ends, and what is wrong with its quotes."""
    if text[start : start + 1] != '"':
        end = _end_of_bare(text, start)
        return text[start:end], end, _stray(place) if '"' in text[start:end] else None
    found = _QUOTED.match(text, start)
    if found is None or not found[2]:
        message = "the quote that begins this cell is not closed"
        hint = "close it; inside quotes write a quote twice"
        return "", len(text), Problem(place, "E155", message, hint)
    end = found.end()
    if end < len(text) and text[end] not in ",\r\n":
        return "", _end_of_bare(text, end), _stray(place)
    return found[1].replace('""', '"'), end, None


def _stray(place: Place) -> Problem:
    hint = "put the whole cell in quotes and write each quote in it twice"
    return Problem(place, "E156", "a quote in the middle of a cell", hint)


def _end_of_bare(text: str, start: int) -> int:
    found = _BARE.match(text, start)
    return found.end() if found else start


def _line_end(text: str, start: int) -> int:
    found = _BREAK.search(text, start)
    return found.start() if found else len(text)


def _next(text: str, end: int) -> int:
    found = _BREAK.match(text, end)
    return found.end() if found else end


def _other_separator(header: _Line, known: Sequence[str]) -> Problem | None:
    for sign, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header.cells) == 1 and sign in header.cells[0] and header.cells[0] not in known:
            message = f"the cells are separated by {name}"
            return Problem(header.place, "E160", message, "save the table with commas")
    return None


def _wrong_columns(
    header: _Line, required: Sequence[str], optional: Sequence[str]
) -> Iterator[Problem]:
    known = (*required, *optional)
    unknown = {name for name in header.cells if name not in known}
    missing = [name for name in required if name not in header.cells]
    for position, name in enumerate(header.cells, 1):
        place = Place(header.place.file, header.place.line, position)
        if not name:
            yield Problem(place, "E161", f"column {position} has no name", _names(known))
        elif name in header.cells[: position - 1]:
            first = header.cells.index(name) + 1
            message = f"the column {quoted(name)} occurs twice"
            yield Problem(place, "E153", message, f"the first is column {first}")
        elif name.strip() not in known:
            hint = did_you_mean(name, missing or known) or did_you_mean(name, known)
            yield Problem(place, "E151", f"unknown column {quoted(name)}", hint or _names(known))
    meant = {nearest(name, missing) for name in unknown if name}
    for name in missing:
        if name in meant:
            continue
        yield Problem(header.place, "E152", f"missing column {quoted(name)}", "add it")


def _names(known: Sequence[str]) -> str:
    return f"the columns are {listed((quoted(name) for name in known), 'and')}"


def _wrong_count(row: _Line, wanted: int) -> Iterator[Problem]:
    count = len(row.cells)
    if row.cells == ("",):
        yield Problem(row.place, "E162", "an empty line", "delete it")
    elif count != wanted:
        cells = "1 cell" if count == 1 else f"{count} cells"
        message = f"{cells} in a table of {wanted} columns"
        hint = "put a cell that contains a comma in quotes" if count > wanted else "fill the row"
        yield Problem(row.place, "E154", message, hint)


def _wrong_cells(line: _Line, is_clean: bool) -> Iterator[Problem]:
    for position, cell in enumerate(line.cells, 1):
        if cell != cell.strip():
            place = Place(line.place.file, line.place.line, position)
            yield Problem(place, "E157", f"spaces around {quoted(cell.strip())}", "remove them")
        if len(cell) > LONGEST_TEXT:
            place = Place(line.place.file, line.place.line, position)
            message = f"a cell of more than {LONGEST_TEXT:,} characters"
            yield Problem(place, "E158", message, "shorten it")
        if not is_clean and (hidden := hidden_in(cell)):
            place = Place(line.place.file, line.place.line, position)
            yield why_forbidden(hidden, place)
