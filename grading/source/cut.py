"""Comma-separated text in pieces → the cells of each row, and what is wrong with its quotes."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator

from grading.problems import Place, Problem
from grading.source.text import LONGEST_TEXT

MOST_COLUMNS = 1_000
LONGEST_ROW = MOST_COLUMNS * (2 * LONGEST_TEXT + 3)
"""Characters of a row, quotes and all: a longer one has too many cells or one that is too long."""

Cut = tuple[int, list[str], Problem | None]
"""The line where a row begins, its cells, and the first thing that is wrong with its quotes.

Of a row with too many cells there is one more than there may be.
"""

_QUOTED = re.compile(r'"((?:[^"]+|"")*+)("?)')
_BARE = re.compile(r"[^,\r\n]*")
_REST = re.compile(r"[^\r\n]*")
_BREAK = re.compile(r"\r\n|\r|\n")
_CELL = r'(?:"[^"]*+(?:""[^"]*+)*+"|[^",\r\n]*+)'
_TIDY = re.compile(f"{_CELL}(?:,{_CELL})*+(?=[\r\n]|\\Z)")


def cut(pieces: Iterable[str], label: str) -> Iterator[Cut]:
    """Each row of a text whose pieces do not end inside a line break.

    Nothing follows a row that leaves it unclear where the next one begins: one with a quote that is
    not closed, or one that is too long, which is given as far as it was read.
    """
    text, number, enough = "", 1, 0
    for piece, is_last in _with_last(pieces):
        text += piece
        # Were each piece tried, a row that is as long as many would cost their number squared.
        if len(text) < enough and not is_last:
            continue
        position, newline = 0, -1
        while position < len(text):
            if newline < position:
                newline = _find(text, "\n", position)
            end = _find(text, "\r", position, newline)
            line, problem, breaks = text[position:end], None, 1
            if '"' not in line:
                cells = line.split(",", MOST_COLUMNS + 1)
            else:
                cells, end, problem = _row(text, position, label, number)
                if end > position + len(line):
                    breaks += len(_BREAK.findall(text, position, end))
            end = _next(text, end)
            is_too_long = end - position > LONGEST_ROW
            if end == len(text) and not is_last and not is_too_long:
                break
            yield number, cells[: MOST_COLUMNS + 1], problem
            if is_too_long or (problem is not None and problem.code == "E155"):
                return
            number += breaks
            position = end
        text = text[position:]
        enough = min(2 * len(text), LONGEST_ROW + 1)


def _with_last(pieces: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Each piece, and whether it is the last."""
    before: str | None = None
    for piece in pieces:
        if before is not None:
            yield before, False
        before = piece
    if before is not None:
        yield before, True


def _find(text: str, sign: str, start: int, end: int | None = None) -> int:
    found = text.find(sign, start, end)
    return found if found >= 0 else len(text) if end is None else end


def _row(text: str, start: int, label: str, number: int) -> tuple[list[str], int, Problem | None]:
    """The cells of the row that starts here, where it ends, and what is wrong with its quotes."""
    tidy = _TIDY.match(text, start)
    # The library raises where a cell is longer than this; that it is too long is told later.
    if tidy and tidy.end() - start <= csv.field_size_limit():
        return next(csv.reader((tidy[0],))), tidy.end(), None
    cells: list[str] = []
    position = start
    problem: Problem | None = None
    while True:
        here = Place(label, number, len(cells) + 1)
        cell, position, wrong = _cell(text, position, here)
        problem = problem or wrong
        cells.append(cell)
        if wrong is not None and wrong.code == "E155":
            return cells, len(text), wrong
        if text[position : position + 1] != ",":
            return cells, position, problem
        if len(cells) > MOST_COLUMNS:
            return cells, _match_end(_REST, text, position), problem
        position += 1


def _cell(text: str, start: int, place: Place) -> tuple[str, int, Problem | None]:
    """The cell that starts here, where it ends, and what is wrong with its quotes."""
    if text[start : start + 1] != '"':
        end = _match_end(_BARE, text, start)
        return text[start:end], end, _stray(place) if '"' in text[start:end] else None
    found = _QUOTED.match(text, start)
    if found is None or not found[2]:
        message = "the quote that begins this cell is not closed"
        hint = "close it; inside quotes write a quote twice"
        return "", len(text), Problem(place, "E155", message, hint)
    end = found.end()
    if end < len(text) and text[end] not in ",\r\n":
        return "", _match_end(_BARE, text, end), _stray(place)
    return found[1].replace('""', '"'), end, None


def _stray(place: Place) -> Problem:
    hint = "put the whole cell in quotes and write each quote in it twice"
    return Problem(place, "E156", "a quote in the middle of a cell", hint)


def _match_end(form: re.Pattern[str], text: str, start: int) -> int:
    found = form.match(text, start)
    return found.end() if found else start


def _next(text: str, end: int) -> int:
    """Where the line after a line break starts, if there is one here."""
    sign = text[end : end + 1]
    if sign == "\r" and text[end + 1 : end + 2] == "\n":
        return end + 2
    return end + 1 if sign in ("\r", "\n") else end
