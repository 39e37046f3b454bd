"""A place in a file as its line shows it: the line, and marks under what is meant."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[^\s,\[\]{}#:]+(?:(?::(?=\S)|\s(?![#\s]))?[^\s,\[\]{}#:]+)*")
_CLOSING = {"{": "}", "[": "]"}
_LONGEST = 96


def snippet(text: str, line: int, column: int) -> list[str]:
    """The line with its number and, below it, what stands at the column marked.

    Of a line that is long, the part around the marks is shown.
    """
    lines = text.splitlines()
    if not 1 <= line <= len(lines):
        return []
    shown = lines[line - 1]
    marks = max(1, width(shown, column))
    start = 0
    if len(shown) > _LONGEST:
        start = max(0, min(column - 1 - 20, len(shown) - _LONGEST))
    before, after = ("…" if start else ""), ("…" if start + _LONGEST < len(shown) else "")
    room = _LONGEST - (column - 1 - start)
    gap = " " * (column - 1 - start + len(before))
    return [
        f"{line:5} | {before}{shown[start : start + _LONGEST]}{after}",
        f"      | {gap}{'^' * min(marks, room)}",
    ]


def width(line: str, column: int) -> int:
    """How many characters of the line the value or key at this column takes; to its end at most."""
    start = column - 1
    rest = line[start:].rstrip()
    if not rest:
        return 0
    if rest[0] in _CLOSING:
        return _bracketed(rest)
    if rest[0] in "\"'":
        end = _quote_end(rest)
        return len(rest) if end is None else end + 1
    if rest[0] == "#":
        return len(rest)
    plain = _PLAIN.match(rest)
    return len(plain[0]) if plain else 1


def _bracketed(rest: str) -> int:
    """To the bracket that closes the first one; where it is on another line, to the end."""
    depth, at = 0, 0
    while at < len(rest):
        if rest[at] in "\"'" and rest[at - 1] in " [{,":
            end = _quote_end(rest[at:])
            if end is None:
                return len(rest)
            at += end
        elif rest[at] in "{[":
            depth += 1
        elif rest[at] in "}]":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return len(rest)


def _quote_end(rest: str) -> int | None:
    """Where the quote that begins a text is closed."""
    quote, at = rest[0], 1
    while at < len(rest):
        if quote == '"' and rest[at] == "\\":
            at += 1
        elif rest[at] == quote:
            if quote == '"' or rest[at : at + 2] != "''":
                return at
            at += 1
        at += 1
    return None
