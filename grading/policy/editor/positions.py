"""Positions in a text as editors count them: lines from 0, and columns in units of an encoding."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from grading.policy.lint.snippet import width
from grading.problems import Place

_BREAK = re.compile(r"\r\n|\r|\n")
_UNITS: Mapping[str, Callable[[str], int]] = {
    "utf-8": lambda text: len(text.encode("utf-8", "surrogatepass")),
    "utf-16": lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    "utf-32": len,
}


@dataclass(frozen=True)
class Span:
    """A part of a line: its number from 0, and where the part starts and ends, in units from 0."""

    line: int
    start: int
    end: int


def lines_of(text: str) -> list[str]:
    """The lines of a text, without their ends."""
    return _BREAK.split(text)


def span(text: str, place: Place, encoding: str) -> Span:
    """What is marked at a place of the text: the value or key there. Outside the text, a point."""
    lines = lines_of(text)
    if place.line > len(lines) or place.column > len(lines[place.line - 1]):
        return Span(place.line - 1, place.column - 1, place.column - 1)
    units, line = _UNITS[encoding], lines[place.line - 1]
    first = place.column - 1
    return Span(
        place.line - 1, units(line[:first]), units(line[: first + width(line, place.column)])
    )


def column_at(line: str, units: int, encoding: str) -> int:
    """How many characters of the line stand before so many units; no more than it has."""
    count, passed = _UNITS[encoding], 0
    for number, character in enumerate(line):
        passed += count(character)
        if passed > units:
            return number
    return len(line)
