"""How a result is accepted: the comment beside it that lint reads, with the reason left to write."""

from __future__ import annotations

import re
from dataclasses import dataclass

from grading.policy.lint.accepted import acceptances
from grading.policy.lint.registry import CHECKS
from grading.source import parse_yaml
from grading.source.text import hidden_in

_INDENT = re.compile(r"[ ]*")
_BREAK = re.compile(r"(\r\n|\r|\n)")


@dataclass(frozen=True)
class Insertion:
    """A text that is inserted before a line, counted from 0."""

    line: int
    text: str


def accepting(text: str, line: int, code: str) -> Insertion | None:
    """The comment above a line, counted from 0, that accepts what a check finds there.

    Nothing where the code cannot be accepted, or where such a line would change what the file says.
    """
    pieces = _BREAK.split(text)
    lines, ends = pieces[::2], pieces[1::2]
    if code not in CHECKS or code.startswith("L9") or line >= len(lines) or hidden_in(text):
        return None
    end = ends[line] if line < len(ends) else "\n"
    indent = _INDENT.match(lines[line])
    inserted = f"{indent[0] if indent else ''}# accepted {code}: {end}"
    before = "".join(pieces[: 2 * line])
    changed = before + inserted + text[len(before) :]
    if parse_yaml(changed, "")[0] is None:
        return None
    read = {(a.place.line - 1, a.line - 2, a.code) for a in acceptances({"": changed})}
    return Insertion(line, inserted) if (line, line, code) in read else None
