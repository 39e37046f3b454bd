"""Rule files laid out alike: text → text that says the same, with every comment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from grading.policy.laid_out import laid_out
from grading.problems import BadInput
from grading.source import parse_yaml
from grading.source.text import LARGEST_FILE
from grading.source.tokens import tokens
from grading.source.tree import PARSER

_BREAK = re.compile(r"\r\n|\r")


@dataclass(frozen=True)
class Formatted:
    """A text before and after. One that would not say the same is left as it is, and is not `safe`."""

    before: str
    after: str
    safe: bool = True

    @property
    def changed(self) -> bool:
        """Whether the text is laid out otherwise now."""
        return self.before != self.after


def formatted(text: str, label: str, parser: Any = PARSER) -> Formatted:
    """The text laid out as shipped rule files are. Raises BadInput where it is not read as YAML.

    Lines end with a line feed and without spaces, levels are two spaces apart, one space stands
    after `-`, `:` and `,` and none inside brackets, two or more before a comment that follows
    something, and no two empty lines in a row. Brackets over several lines and texts over several
    lines only move with what they belong to.
    """
    said, problems = parse_yaml(text, label, parser)
    if said is None:
        raise BadInput(problems)
    lines = _BREAK.sub("\n", text)
    after = laid_out(lines, tokens(lines, parser))
    says, _ = parse_yaml(after, label, parser)
    # as written, since equal numbers may have been written with other digits
    safe = says is not None and repr(says.data) == repr(said.data)
    if not safe or comments(after, parser) != comments(lines, parser) or _outgrown(after, text):
        return Formatted(text, text, safe=False)
    return Formatted(text, after)


def comments(text: str, parser: Any = PARSER) -> list[str]:
    """Every comment of a text that is read as YAML, in order, without the spaces at its end."""
    bounds = [(0, 0), *_bounds(text, parser), (len(text), len(text))]
    return [
        line[line.index("#") :].rstrip(" ")
        for (_, end), (start, _) in pairwise(bounds)
        for line in text[end:start].split("\n")
        if "#" in line
    ]


def _bounds(text: str, parser: Any) -> list[tuple[int, int]]:
    """From where to where something is written that is no comment."""
    found: list[tuple[int, int]] = []
    for kind, start, end, _, _ in tokens(text, parser):
        if kind == "|":
            # a comment may follow the sign; what stands on the lines below is all text
            sign_end = start + len(re.split(r"[ \n]", text[start:end], maxsplit=1)[0])
            line_end = text.find("\n", start, end)
            found += [(start, sign_end), (end if line_end < 0 else line_end, end)]
        elif end > start:
            found.append((start, end))
    return found


def _outgrown(after: str, before: str) -> bool:
    return len(after) > len(before) and len(after.encode("utf-8")) > LARGEST_FILE
