"""A YAML text laid out alike throughout: what is written stays, the space between it changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from grading.source.tokens import Token

STEP = 2
"""Spaces from one level to the next."""
_BEFORE_COMMENT = 2
_SPACES = re.compile(r"[ \n]*")
_SIGN = re.compile(r"[|>]([-+1-9]*)")


class _Level(NamedTuple):
    """A list or mapping held together by indentation: its column before and after."""

    old: int
    new: int
    is_list: bool = False
    is_implied: bool = False


def laid_out(text: str, tokens: Sequence[Token]) -> str:
    """The text with the space between its tokens as rule files have it. Its lines end with `\\n`."""
    layout = _Layout(text, _over_lines(tokens))
    for at, token in enumerate(tokens):
        layout.take(at, token)
    return layout.ended()


def _over_lines(tokens: Iterable[Token]) -> set[int]:
    """Positions of the opening brackets that are closed on another line."""
    found: set[int] = set()
    opened: list[tuple[int, int]] = []
    for at, token in enumerate(tokens):
        if token.kind == "[":
            opened.append((at, token.line))
        elif token.kind == "]":
            first, line = opened.pop()
            if line != token.line:
                found.add(first)
    return found


class _Layout:
    """What is laid out so far, and what is open there."""

    def __init__(self, text: str, over_lines: set[int]) -> None:
        self._text = text
        self._over_lines = over_lines
        self._out: list[str] = []
        self._end = 0
        self._previous = ""
        self._open: list[_Level] = []
        self._open_before: list[_Level] | None = None
        self._brackets = 0
        self._is_left_alone = False
        self._is_key = False

    def take(self, at: int, token: Token) -> None:
        """The token is laid out after what came before it."""
        match token.kind:
            case "map" | "list":
                self._push(token.column, token.kind == "list")
                return
            case "end":
                self._pop_implied()
                self._pop()
                return
            case "-" if not (self._open and self._open[-1].is_list):
                # a list that stands no deeper than its key has no token of its own
                self._push(token.column, is_list=True, is_implied=True)
            case "?" if not self._brackets:
                self._pop_implied()
        if token.start == token.end:
            self._is_key = self._is_key or token.kind == "?"
            return
        self._write(at, token)

    def ended(self) -> str:
        """The whole text, with what follows the last token."""
        rest = self._text[self._end :]
        if not rest and self._previous == "|" and "\n" in self._out[-1]:
            # without a line end the text of a block has none either, unless its sign says so
            sign = _SIGN.match(self._out[-1])
            if sign is None or "-" not in sign[1]:
                return "".join(self._out)
        lines = rest.split("\n")
        self._after(lines[0])
        self._own_lines(lines[1:], None)
        return "".join(self._out) + "\n"

    def _write(self, at: int, token: Token) -> None:
        gap = self._text[self._end : token.start]
        if "\n" in gap or not self._end:
            self._new_line(gap, token)
        elif self._is_left_alone:
            self._out.append(gap)
        else:
            self._out.append(_space(self._previous, token.kind))
        end = token.end
        if token.kind == "|":
            end = _block_end(self._text, token, self._open[-1].old if self._open else 0)
        self._out.append(_moved(self._text[token.start : end], token.kind, self._shift()))
        self._end, self._previous = end, token.kind
        self._open_before, self._is_key = None, False
        if token.kind == "[":
            self._is_left_alone = self._is_left_alone or at in self._over_lines
            self._brackets += 1
        elif token.kind == "]":
            self._brackets -= 1
            self._is_left_alone = self._is_left_alone and self._brackets > 0

    def _new_line(self, gap: str, token: Token) -> None:
        column = self._column(token)
        lines = gap.split("\n")
        if self._end:
            self._after(lines.pop(0))
        self._own_lines(lines[:-1], (token.column, column))
        if self._out:
            self._out.append("\n")
        self._out.append(" " * column)

    def _column(self, token: Token) -> int:
        """Where a token that is the first of its line goes."""
        if self._brackets:
            written = self._text[token.start : token.start + 3]
            return _shifted(token.column, self._shift(), written)
        if not self._open or token.kind in ("---", "..."):
            return 0
        if self._is_key or token.kind in ("-", "?", ":"):
            return self._open[-1].new
        return self._open[-1].new + STEP

    def _shift(self) -> int:
        return self._open[-1].new - self._open[-1].old if self._open else 0

    def _after(self, rest: str) -> None:
        """What stands on the line after the last token: spaces, and a comment perhaps."""
        comment = rest.strip(" ")
        if comment:
            spaces = len(rest) - len(rest.lstrip(" "))
            self._out.append(" " * max(spaces, _BEFORE_COMMENT) + comment)

    def _own_lines(self, lines: Iterable[str], following: tuple[int, int] | None) -> None:
        """Empty lines and comments with lines of their own, before the line that follows."""
        blank = False
        for line in lines:
            comment = line.strip(" ")
            if comment:
                column = self._comment_column(len(line) - len(line.lstrip(" ")), following)
                self._break(blank)
                self._out.append(" " * column + comment)
            blank = not comment
        if blank and following is not None:
            self._break(blank=False)

    def _break(self, blank: bool) -> None:
        if self._out:
            self._out.append("\n\n" if blank else "\n")

    def _comment_column(self, column: int, following: tuple[int, int] | None) -> int:
        """Where a comment goes: with the next line where it stood so, or with what was open before."""
        if self._brackets:
            return _shifted(column, self._shift())
        if following is not None and following[0] == column:
            return following[1]
        known = {level.old: level.new for level in self._open_before or self._open}
        if following is not None:
            known.setdefault(*following)
        outer = [old for old in known if old <= column]
        return known[max(outer)] if outer else min(known.values(), default=0)

    def _push(self, column: int, is_list: bool, is_implied: bool = False) -> None:
        self._open.append(_Level(column, STEP * len(self._open), is_list, is_implied))

    def _pop_implied(self) -> None:
        if self._open[-1].is_implied:
            self._pop()

    def _pop(self) -> None:
        if self._open_before is None:
            self._open_before = list(self._open)
        self._open.pop()


def _space(before: str, after: str) -> str:
    """The space between two tokens on one line."""
    if before == ":":
        return " "
    return "" if before == "[" or after in (":", ",", "]") else " "


def _shifted(column: int, shift: int, written: str = "") -> int:
    # these begin or end a document where they are the first of a line
    least = min(column, 1) if written.startswith(("---", "...")) else 0
    return max(column + shift, least)


def _moved(written: str, kind: str, shift: int) -> str:
    """What is written, its second and further lines so many columns further right."""
    first, *lines = written.split("\n")
    if kind == "|":
        return "\n".join([first.rstrip(" "), *(_block_line(line, shift) for line in lines)])
    return "\n".join([first, *(_text_line(line, shift) for line in lines)])


def _block_line(line: str, shift: int) -> str:
    bare = line.lstrip(" ")
    return " " * max(len(line) - len(bare) + shift, 0) + bare


def _text_line(line: str, shift: int) -> str:
    bare = line.lstrip(" ")
    return " " * _shifted(len(line) - len(bare), shift, bare) + bare if bare and shift else line


def _block_end(text: str, token: Token, around: int) -> int:
    """Where the text of a block ends: empty lines after it belong to it only where they count."""
    spaces = _SPACES.match(text, token.end)
    end = spaces.end() if spaces else token.end
    whole = text[token.start : end]
    if end < len(text):
        whole = whole[: whole.rfind("\n") + 1]
    header, *lines = whole.split("\n")
    sign = _SIGN.match(header)
    marks = sign[1] if sign else ""
    if "+" in marks:
        kept = len(lines) - (not lines[-1]) if lines else 0
    else:
        indent = _indent(lines, marks.strip("-"), around)
        counting = [n for n, line in enumerate(lines, 1) if line.strip(" ") or len(line) > indent]
        kept = counting[-1] if counting else 0
    return token.start + len("\n".join([header, *lines[:kept]]))


def _indent(lines: Sequence[str], digit: str, around: int) -> int:
    """The columns before each line of a block that are no part of its text."""
    if digit:
        return around + int(digit)
    widest = 0
    for line in lines:
        bare = line.lstrip(" ")
        widest = max(widest, len(line) - len(bare))
        if bare:
            return widest
    return widest
