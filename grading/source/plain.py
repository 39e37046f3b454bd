"""A plain text that is only looked into, such as the document that records were taken from."""

from __future__ import annotations

import pathlib

from grading.problems import Problem
from grading.source.text import forbidden, read_text

_PAGE_BREAK = "\f"


def read_plain(path: pathlib.Path, label: str) -> tuple[str | None, list[Problem]]:
    """The text of a file, strictly UTF-8 and nothing hidden in it; page breaks are let through."""
    text, problems = read_text(path, label)
    if text is None:
        return None, problems
    # A space is as wide as a page break, so that every place stays where it is.
    text = text.replace(_PAGE_BREAK, " ")
    problems = forbidden(text, label)
    return (None, problems) if problems else (text, [])
