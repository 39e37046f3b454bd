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
"""The line where a row begins, its cells, and the first thing that is wrong with its quotes."""

_QUOTED = re.compile(r'"((?:[^"]+|"")*+)("?)')
_BARE = re.compile(r"[^,\r\n]*")
_BREAK = re.compile(r"\r\n|\r|\n")
_CELL = r'(?:"[^"]*+(?:""[^"]*+)*+"|[^",]*+)'
_TIDY = re.compile(f"{_CELL}(?:,{_CELL})*+")


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
            line = text[position:end]
            if '"' not in line:
                cells, problem, breaks = line.split(","), None, 1
                end = _next(text, end)
            elif _is_tidy(line):
                cells, problem, breaks = next(csv.reader((line,))), None, 1
                end = _next(text, end)
            else:
                cells, end, problem = _cells(text, position, Place(label, number))
                breaks = len(_BREAK.findall(text, position, end))
            is_too_long = end - position > LONGEST_ROW
            if end == len(text) and not is_last and not is_too_long:
                break
            yield number, cells, problem
            if is_too_long or (problem is not None and problem.code == "E155"):
                return
            number += breaks
            position = end
        text = text[position:]
        enough = 2 * len(text)


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


def _is_tidy(line: str) -> bool:
    """Whether each quote of a line is where it should be, so that the line is a row."""
    # The library raises where a cell is longer than this; such a cell is told as too long later.
    return len(line) <= csv.field_size_limit() and _TIDY.fullmatch(line) is not None


def _cells(text: str, start: int, place: Place) -> tuple[list[str], int, Problem | None]:
    """The cells of the row that starts here, where the next row starts, and what is wrong."""
    cells: list[str] = []
    position = start
    problem: Problem | None = None
    while True:
        here = Place(place.file, place.line, len(cells) + 1)
        cell, position, wrong = _cell(text, position, here)
        problem = problem or wrong
        cells.append(cell)
        if wrong is not None and wrong.code == "E155":
            return cells, len(text), wrong
        if text[position : position + 1] != ",":
            return cells, _next(text, position), problem
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


def _next(text: str, end: int) -> int:
    """Where the line after a line break starts, if there is one here."""
    sign = text[end : end + 1]
    if sign == "\r" and text[end + 1 : end + 2] == "\n":
        return end + 2
    return end + 1 if sign in ("\r", "\n") else end
