"""A rule file in the one layout: nothing that it says changes, and no comment is lost.

Two spaces a level, one space after a colon and a comma, none inside brackets, two at least before a
comment; no spaces at the ends of lines, no two empty lines. Texts of several lines, and where a list
or mapping in brackets is broken into lines, stay as they are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from grading.problems import Problem
from grading.source import parse_yaml
from grading.source.tree import PARSER

_OPENING = (yaml.FlowMappingStartToken, yaml.FlowSequenceStartToken)
_CLOSING = (yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
_UNSEEN = (
    yaml.StreamStartToken,
    yaml.StreamEndToken,
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.BlockEndToken,
    yaml.KeyToken,
)
_STEP = 2


def formatted(text: str, label: str) -> tuple[str | None, list[Problem]]:
    """The text in the layout and no problems, or no text and every problem with it as YAML."""
    before, problems = parse_yaml(text, label)
    if before is None:
        return None, problems
    found = _Layout(text).lines()
    after, problems = parse_yaml(found, label)
    if after is None or after.data != before.data or comments(found) != comments(text):
        raise AssertionError(f"{label} would say something else in the layout")
    return found, []


def comments(text: str) -> list[str]:
    """The comments of a text, in order."""
    layout = _Layout(text)
    found = (layout.comment(number)[1] for number in range(len(layout.written)))
    return [comment.lstrip("#").strip() for comment in found if comment]


@dataclass(frozen=True)
class _Piece:
    """One token as it is seen on a line: from and to where it stands."""

    kind: type[Any]
    start: int
    end: int
    in_flow: bool


class _Layout:
    """The lines of a text, with what stands on each."""

    def __init__(self, text: str) -> None:
        self.written = text.splitlines()
        self.pieces: list[list[_Piece]] = [[] for _ in self.written]
        self.inside: set[int] = set()  # lines inside a text of several lines
        self.literal: set[int] = set()  # and those of a text whose spaces count
        self.indents: dict[int, int] = {}  # of lines that begin with something of a block
        self.ends: dict[int, int] = {}
        self._read(list(yaml.scan(text, Loader=PARSER)))

    def _read(self, tokens: Sequence[Any]) -> None:
        blocks: list[int] = []
        depth = 0
        starts = (token.start_mark for token in tokens if isinstance(token, yaml.KeyToken))
        keys = {(mark.line, mark.column) for mark in starts}
        for token in tokens:
            line, column = token.start_mark.line, token.start_mark.column
            match token:
                case yaml.BlockMappingStartToken() | yaml.BlockSequenceStartToken():
                    blocks.append(blocks[-1] + _STEP if blocks else 0)
                    continue
                case yaml.BlockEndToken():
                    blocks.pop()
                    continue
            if isinstance(token, _UNSEEN):
                continue
            begins = not self.pieces[line] and line not in self.inside
            of_block = isinstance(token, yaml.BlockEntryToken) or (line, column) in keys
            if begins and depth == 0 and of_block:
                self.indents[line] = blocks[-1] if blocks else 0
            if isinstance(token, _CLOSING):
                depth -= 1
            self._place(token, line, column, depth > 0 or isinstance(token, (*_OPENING, *_CLOSING)))
            if isinstance(token, _OPENING):
                depth += 1

    def _place(self, token: Any, line: int, column: int, in_flow: bool) -> None:
        last, end = token.end_mark.line, token.end_mark.column
        block = isinstance(token, yaml.ScalarToken) and token.style in ("|", ">")
        if block:
            text = self.written[line][column:]
            self.pieces[line].append(
                _Piece(type(token), column, column + len(text.split()[0]), False)
            )
            inner = range(line + 1, last if end == 0 else last + 1)
            self.inside.update(inner)
            self.literal.update(inner)
            return
        here = end if last == line else len(self.written[line].rstrip())
        self.pieces[line].append(_Piece(type(token), column, here, in_flow))
        self.inside.update(range(line + 1, last + 1))
        if last > line:
            self.ends[last] = end

    def comment(self, number: int) -> tuple[int, str]:
        """Where the comment of a line begins, and the comment; at the end of the line where it has none."""
        line = self.written[number].rstrip()
        if number in self.literal:
            return len(line), ""
        pieces = self.pieces[number]
        after = pieces[-1].end if pieces else self.ends.get(number, 0)
        if number in self.inside and number not in self.ends:
            return len(line), ""
        rest = line[after:].lstrip()
        return (len(line) - len(rest), rest) if rest.startswith("#") else (len(line), "")

    def lines(self) -> str:
        """The text in the layout."""
        shifts = self._shifts()
        found: list[str] = []
        for number, line in enumerate(self.written):
            if number in self.literal:
                found.append(self._shifted(line, shifts[number]))
            elif line.strip():
                found.append(self._line(number, shifts[number]))
            elif found and found[-1]:
                found.append("")
        while found and not found[-1].strip():
            found.pop()
        return "\n".join(found) + "\n"

    def _shifts(self) -> list[int]:
        """How far each line moves to the right: with the key or entry that it belongs to.

        A comment alone moves with the key or entry below it.
        """
        shifts, last = [0] * len(self.written), 0
        for number, line in enumerate(self.written):
            if number in self.indents:
                last = self.indents[number] - (len(line) - len(line.lstrip(" ")))
            shifts[number] = last
        following = 0
        for number in range(len(self.written) - 1, -1, -1):
            if number in self.indents:
                following = shifts[number]
            elif not self.pieces[number] and number not in self.inside:
                shifts[number] = following
        return shifts

    def _line(self, number: int, shift: int) -> str:
        line = self.written[number]
        indent = max(0, len(line) - len(line.lstrip(" ")) + shift)
        at, comment = self.comment(number)
        if number in self.inside and not self.pieces[number]:
            return self._shifted(line.rstrip(), shift)
        content = self._spaced(number, line, at)
        shown = " " * indent + content if content else ""
        if not comment:
            return shown
        if not comment.startswith(("# ", "#!", "##")) and comment != "#":
            comment = f"# {comment[1:]}"
        if not shown:
            return " " * indent + comment
        return shown.ljust(max(len(shown) + 2, at + shift)) + comment

    def _spaced(self, number: int, line: str, end: int) -> str:
        """What stands on a line before its comment, spaced."""
        pieces = self.pieces[number]
        if not pieces:
            return ""
        first = self.ends.get(number, 0)
        said = line[:first].strip() if first else ""
        before: _Piece | None = None
        for piece in pieces:
            if said:
                said += _between(before, piece)
            said += line[piece.start : piece.end]
            before = piece
        return said

    @staticmethod
    def _shifted(line: str, shift: int) -> str:
        if not line.strip():
            return ""
        return (
            " " * shift + line
            if shift >= 0
            else line[min(-shift, len(line) - len(line.lstrip())) :]
        )


def _between(before: _Piece | None, piece: _Piece) -> str:
    """The space between two things on one line."""
    if issubclass(piece.kind, (yaml.ValueToken, yaml.FlowEntryToken, *_CLOSING)):
        return ""
    if before is not None and issubclass(before.kind, _OPENING):
        return ""
    return " "
