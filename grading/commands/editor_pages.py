"""What an editor shows on hover, as Markdown in which every text of a pack is text."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from grading.commands.lint_pages import marked, where
from grading.policy.editor.names import Named
from grading.policy.lint.pages import pages, shorts
from grading.problems import CODES
from grading.report.markdown import plain


def page(code: str) -> str:
    """What a code means, why it matters and how to settle it; of a page, a bad and a good example."""
    found = pages().get(code)
    said = found or shorts()[code]
    grade = f" ({found.severity})" if found else ""
    paragraphs = [
        f"**{code}**{grade}: {plain(CODES[code])}",
        *([plain(said.what)] if said.what else []),
        plain(said.why),
        f"To settle it: {plain(said.settle)}",
    ]
    if found:
        paragraphs += [f"Bad, {plain(where(found))}:", _example(marked(found))]
        paragraphs += ["Good:", _example(found.good)]
    return "\n\n".join(paragraphs)


def said(names: Iterable[Named]) -> str:
    """What a pack says of a name, and where."""
    return "\n\n".join(
        f"{each.kind} **{plain(each.name)}**: {plain(each.says)}\n\n{plain(str(each.place))}"
        for each in names
    )


def _example(passage: str) -> str:
    longest = max(map(len, re.findall("`+", passage)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}yaml\n{textwrap.dedent(passage).rstrip()}\n{fence}"
