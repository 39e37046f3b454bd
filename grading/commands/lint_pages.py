"""The page of a code, for a terminal."""

from __future__ import annotations

import textwrap

from grading.policy.lint.pages import pages
from grading.problems import CODES

_WIDTH = 96


def page_text(code: str) -> str:
    """What a code means; of lint also why, how to settle it, and a bad and a good example."""
    page = pages().get(code)
    if page is None:
        return f"{code}: {CODES[code]}"
    paragraphs = [
        f"{code} ({page.severity}): {CODES[code]}",
        textwrap.fill(page.why.strip(), _WIDTH),
        textwrap.fill(f"To settle it: {page.settle.strip()}", _WIDTH),
        f"Bad, in {page.file}:\n\n{_example(page.bad)}",
        f"Good:\n\n{_example(page.good)}",
    ]
    return "\n\n".join(paragraphs)


def _example(passage: str) -> str:
    return textwrap.indent(textwrap.dedent(passage).rstrip(), "    ")
