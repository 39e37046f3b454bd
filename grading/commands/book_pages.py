"""The rule book of a pack as one HTML page, and as Markdown."""

from __future__ import annotations

from typing import Any

from grading.policy.book.book import Book
from grading.report import html, markdown
from grading.report.dates import day_words

PARTS = (
    ("overall", "The overall judgment"),
    ("ladders", "Ladders"),
    ("tests", "Tests of criteria"),
    ("findings", "Findings"),
    ("thresholds", "Thresholds"),
    ("evidence", "What evidence may do"),
    ("coding", "Coding guide"),
    ("indicators", "Indicators"),
    ("series", "Series"),
    ("caveats", "Caveats"),
    ("populations", "Populations and bands"),
    ("checks", "Checks of evidence"),
    ("cases", "Cases"),
    ("passages", "Passages that no rule covers"),
    ("history", "History"),
)
"""The parts of the book after its questions."""


def book_html(book: Book) -> str:
    """The book as a page that needs no network and no script. The same pack gives the same text."""
    return html.rendered("book.html.j2", _values(book))


def book_markdown(book: Book) -> str:
    """The book as Markdown. The same pack gives the same text."""
    return markdown.rendered("book.md.j2", _values(book))


def _values(book: Book) -> dict[str, Any]:
    applies = book.manifest.in_force
    until = f" to {day_words(applies.to)}" if applies.to else ""
    return {"book": book, "parts": PARTS, "in_force": f"{day_words(applies.from_)}{until}"}
