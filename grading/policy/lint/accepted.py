"""What the authors of a pack accept, each with a reason, in a comment beside it.

`# accepted L109: the published table has both limits` stands at the end of the line that the result
is on, or alone on the lines above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from grading.problems import Place
from grading.source.tree import PARSER

_COMMENT = re.compile(r"(?:^|(?<=\s))#\s*accepted(?P<rest>(?:\s*:|\s+[A-Z][0-9]|\s*$).*)$")
_REST = re.compile(r"\s+(?P<code>[A-Z][0-9]{3})\s*(?::\s*(?P<because>.*?))?\s*")
_ALONE = re.compile(r"\s*#")


@dataclass(frozen=True)
class Acceptance:
    """A comment that accepts what a check finds on a line. `code` is empty where none is named."""

    place: Place
    line: int
    code: str
    because: str

    def __str__(self) -> str:
        return f"accepted because {self.because}"


def acceptances(texts: Mapping[str, str]) -> tuple[Acceptance, ...]:
    """Every such comment in the texts of files, by name and line."""
    return tuple(found for file in sorted(texts) for found in _in(file, texts[file]))


def _in(file: str, text: str) -> Iterator[Acceptance]:
    lines = text.splitlines()
    found = [(n, match) for n, line in enumerate(lines) if (match := _COMMENT.search(line))]
    try:
        quoted = _inside_texts(text) if found else {}
    except yaml.YAMLError:
        return  # what is wrong with the file is told where it is loaded
    for number, match in found:
        if any(start <= match.start() < end for start, end in quoted.get(number, ())):
            continue
        at = number
        while _ALONE.match(lines[at]) and at + 1 < len(lines):
            at += 1
        rest = _REST.fullmatch(match["rest"])
        code = rest["code"] if rest else ""
        because = (rest["because"] or "") if rest else ""
        yield Acceptance(Place(file, number + 1, match.start() + 1), at + 1, code, because)


def _inside_texts(text: str) -> dict[int, list[tuple[int, int]]]:
    """On each line, from and to where it is inside a value: what looks like a comment there is none."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for token in yaml.scan(text, Loader=PARSER):
        if isinstance(token, yaml.ScalarToken):
            start, end = token.start_mark, token.end_mark
            for line in range(start.line, end.line + 1):
                first = start.column if line == start.line else 0
                last = end.column if line == end.line else len(text)
                spans.setdefault(line, []).append((first, last))
    return spans
