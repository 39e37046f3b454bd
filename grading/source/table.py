"""Comma-separated tables: a file → rows of cells, each with the place where it was written."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grading.problems import BadInput, Place, Problem
from grading.source.events import Path
from grading.source.lines import Line, lines_of
from grading.source.text import LARGEST_FILE, text_of

MOST_KEPT = 200_000
"""Rows of a table that is kept whole, cell by cell."""
MOST_ROWS = 2_000_000
LARGEST_TABLE = 1024 * 1024 * 1024
"""Rows and bytes of a table that is read line by line.

A figure that was read takes about a kilobyte, so that these many fit into an ordinary machine; a row
of 500 bytes has all that a figure needs to say.
"""


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
class LinePlaces:
    """The places of a table as those of a document: a path leads to a line, then to a column."""

    file: str
    columns: Mapping[str, int]

    @classmethod
    def below(cls, file: str, heading: Line) -> LinePlaces:
        """The places of the table whose heading is this line."""
        return cls(file, {name: number for number, name in enumerate(heading[1], 1)})

    def place(self, path: Path) -> Place:
        """The place of a cell; of its row, where the table has no such column."""
        line, *column = path[:2]
        return Place(self.file, int(line), self.columns.get(str(*column), 1))

    def key_place(self, path: Path) -> Place:
        """The place of a cell: rows have no keys."""
        return self.place(path)


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


def read_csv(
    path: pathlib.Path, label: str, required: Sequence[str], optional: Sequence[str] = ()
) -> tuple[Table | None, list[Problem]]:
    """The file's table and no problems, or no table and every problem found."""
    pieces = text_of(path, label, LARGEST_FILE)
    return _kept(lines_of(pieces, label, required, optional, MOST_KEPT), label)


def parse_csv(
    text: str, label: str, required: Sequence[str], optional: Sequence[str] = ()
) -> tuple[Table | None, list[Problem]]:
    """The text's table and no problems, or no table and every problem found."""
    return _kept(lines_of((text,), label, required, optional, MOST_KEPT), label)


def read_lines(
    path: pathlib.Path, label: str, required: Sequence[str], optional: Sequence[str] = ()
) -> Iterator[Line]:
    """The heading of a file's table and then each of its rows, of a table too large to be kept.

    Raises BadInput with every problem of the table when all of it was read: what was given before
    is then part of no table.
    """
    pieces = text_of(path, label, LARGEST_TABLE)
    return lines_of(pieces, label, required, optional, MOST_ROWS)


def row_of(places: LinePlaces, line: Line) -> Row:
    """The row that a line of the table with these places is."""
    number, cells = line
    place = Place(places.file, number)
    return Row(
        place, dict(zip(places.columns, cells, strict=True)), CellPlaces(place, places.columns)
    )


def _kept(lines: Iterator[Line], label: str) -> tuple[Table | None, list[Problem]]:
    try:
        places = LinePlaces.below(label, next(lines))
        rows = tuple(row_of(places, line) for line in lines)
    except BadInput as error:
        return None, list(error.problems)
    return Table(label, tuple(places.columns), rows), []
