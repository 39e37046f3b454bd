"""The lines of a comma-separated table, one at a time, and everything that is wrong with them.

A place in a table is the line where its row begins and, as column, which cell of the row it is,
both from 1: what a spreadsheet shows, and steady when a cell before it grows.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from grading.problems import (
    Place,
    Problem,
    did_you_mean,
    listed,
    nearest,
    quoted,
    raise_if,
)
from grading.source.cut import MOST_COLUMNS, cut
from grading.source.text import LONGEST_TEXT, MOST_SHOWN, hidden_in, why_forbidden

Line = tuple[int, Sequence[str]]
"""The line where a row begins, and its cells."""


def lines_of(
    pieces: Iterable[str],
    label: str,
    required: Sequence[str],
    optional: Sequence[str],
    most: int,
) -> Iterator[Line]:
    """The heading of a table and then each of its rows, of which there are at most so many.

    Raises BadInput with every problem of the table when all of it was read: what was given before
    is then part of no table.
    """
    text = _Text(pieces)
    told = _Told()
    heading: Sequence[str] | None = None
    for rows, (number, cells, wrong) in enumerate(cut(text, label)):
        if rows > most:
            message = f"more than {most:,} rows"
            hint = "divide it into several files"
            told.add("rows", [Problem(Place(label, number), "E159", message, hint)])
            break
        if wrong is not None:
            told.add("quotes", [wrong])
            if told.is_full("quotes"):
                break  # such rows take long to read
        elif heading is None:
            heading = cells
            alone = list(_of_another_kind(Place(label, number), cells, (*required, *optional)))
            if alone:
                told = _Told(alone)
                break
            told.add("columns", _wrong_columns(Place(label, number), cells, required, optional))
            told.add("cells", _wrong_cells(Place(label, number), cells))
        elif not _is_plain(cells, len(heading)):
            told.add("counts", _wrong_count(Place(label, number), cells, len(heading)))
            told.add("cells", _wrong_cells(Place(label, number), cells))
        if not told.problems:
            yield number, cells
    # What is wrong with the file as a whole is found where it ends, and told alone.
    for _ in text:
        pass
    if text.is_blank:
        told = _Told([Problem(Place(label, 1), "E109", "the file is empty", _names(required))])
    raise_if(told.problems)


class _Text:
    """The pieces of a text, without the mark that spreadsheets put before what they save."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = iter(pieces)
        self._is_first = True
        self.is_blank = True
        """Whether there was nothing to see in the pieces so far."""

    def __iter__(self) -> Iterator[str]:
        for piece in self._pieces:
            seen = piece.removeprefix("\ufeff") if self._is_first else piece
            self._is_first = False
            self.is_blank = self.is_blank and not seen.strip()
            yield seen


class _Told:
    """The problems of one table: of each kind no more than are shown."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self.problems = list(problems)
        self._number: dict[str, int] = {}

    def is_full(self, kind: str) -> bool:
        return self._number.get(kind, 0) >= MOST_SHOWN

    def add(self, kind: str, problems: Iterable[Problem]) -> None:
        left = MOST_SHOWN - self._number.get(kind, 0)
        more = list(itertools.islice(problems, left))
        self._number[kind] = self._number.get(kind, 0) + len(more)
        self.problems += more


def _of_another_kind(
    place: Place, heading: Sequence[str], known: Sequence[str]
) -> Iterator[Problem]:
    """That what has this heading is no such table, so that nothing else is worth telling."""
    for sign, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(heading) == 1 and sign in heading[0] and heading[0] not in known:
            message = f"the cells are separated by {name}"
            yield Problem(place, "E160", message, "save the table with commas")
            return
    if len(heading) > MOST_COLUMNS:
        message = f"more than {MOST_COLUMNS:,} columns"
        yield Problem(place, "E163", message, "divide it into several files")


def _wrong_columns(
    start: Place, heading: Sequence[str], required: Sequence[str], optional: Sequence[str]
) -> Iterator[Problem]:
    known = (*required, *optional)
    unknown = {name for name in heading if name not in known}
    missing = [name for name in required if name not in heading]
    for position, name in enumerate(heading, 1):
        place = Place(start.file, start.line, position)
        if not name:
            yield Problem(place, "E161", f"column {position} has no name", _names(known))
        elif name in heading[: position - 1]:
            first = heading.index(name) + 1
            message = f"the column {quoted(name)} occurs twice"
            yield Problem(place, "E153", message, f"the first is column {first}")
        elif name.strip() not in known:
            hint = did_you_mean(name, missing or known) or did_you_mean(name, known)
            yield Problem(place, "E151", f"unknown column {quoted(name)}", hint or _names(known))
    meant = {nearest(name, missing) for name in unknown if name}
    for name in missing:
        if name in meant:
            continue
        yield Problem(start, "E152", f"missing column {quoted(name)}", "add it")


def _names(known: Sequence[str]) -> str:
    return f"the columns are {listed((quoted(name) for name in known), 'and')}"


def _is_plain(cells: Sequence[str], wanted: int) -> bool:
    """Whether a look at the whole row shows that nothing is wrong with any cell."""
    whole = "".join(cells)
    return (
        len(cells) == wanted
        and 0 < len(whole) <= LONGEST_TEXT
        and whole.isprintable()  # and then has no hidden character
        and list(map(str.strip, cells)) == cells
    )


def _wrong_count(place: Place, cells: Sequence[str], wanted: int) -> Iterator[Problem]:
    count = len(cells)
    if count == 1 and not cells[0]:
        yield Problem(place, "E162", "an empty line", "delete it")
    elif count != wanted:
        number = "1 cell" if count == 1 else f"{count} cells"
        if count > MOST_COLUMNS:
            number = f"more than {MOST_COLUMNS:,} cells"
        message = f"{number} in a table of {wanted} columns"
        hint = "put a cell that contains a comma in quotes" if count > wanted else "fill the row"
        yield Problem(place, "E154", message, hint)


def _wrong_cells(start: Place, cells: Sequence[str]) -> Iterator[Problem]:
    for position, cell in enumerate(cells, 1):
        place = Place(start.file, start.line, position)
        if cell != cell.strip():
            yield Problem(place, "E157", f"spaces around {quoted(cell.strip())}", "remove them")
        if len(cell) > LONGEST_TEXT:
            message = f"a cell of more than {LONGEST_TEXT:,} characters"
            yield Problem(place, "E158", message, "shorten it")
        hidden = hidden_in(cell)
        if hidden:
            yield why_forbidden(hidden, place)
