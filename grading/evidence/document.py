"""The document that records were taken from, cut at its headings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path as FilePath

from grading.evidence.headings import contents_of, headings_of, is_heading
from grading.evidence.layout import Found, Layout
from grading.problems import raise_if
from grading.source.plain import read_plain

_LOCATED = re.compile(r"(?i)\b(figure|table|chart|footnote)\s+([0-9]{1,6})")


@dataclass(frozen=True)
class SourceDocument:
    """A document cut at headings. A number of a footnote is in each section that refers to it."""

    label: str
    text: str
    headings: tuple[tuple[int, str], ...]  # line and text of each, in order
    numbers: tuple[Found, ...]

    def sections(self, heading: str) -> frozenset[int]:
        """The sections with this heading, which may be cut short or have a prefix."""
        return frozenset(
            i for i, (_, title) in enumerate(self.headings) if is_heading(title, heading)
        )

    def heading_of(self, found: Found) -> str:
        """The heading that a number stands under; nothing before the first."""
        lines = [i for i, (line, _) in enumerate(self.headings) if line <= found.place.line]
        return self.headings[lines[-1]][1] if lines else ""

    def under(self, heading: str, locator: str, footnote: int | None) -> tuple[Found, ...]:
        """The numbers to look among: under the heading, and there in the figure or footnote named."""
        sections = self.sections(heading)
        named = _LOCATED.search(locator)
        if named and named[1].lower() == "footnote":
            return tuple(n for n in self.numbers if n.footnote == int(named[2]))
        noted = footnote if footnote is not None else -1
        here = tuple(n for n in self.numbers if n.sections & sections or n.footnote == noted)
        if not named:
            return here
        caption = f"{named[1].lower()} {named[2]}"
        chosen = {n for section in sorted(sections) for n in _captioned(here, section, caption)}
        return tuple(n for n in here if n in chosen) or here


def _captioned(numbers: tuple[Found, ...], section: int, caption: str) -> tuple[Found, ...]:
    """Of one section the cells of the table with this caption; of a chart what stands below it."""
    below = tuple(n for n in numbers if section in n.sections and n.caption == caption)
    return tuple(n for n in below if n.table is not None) or below


def read_document(path: FilePath, headings: Iterable[str]) -> SourceDocument:
    """The document at a path, cut at its contents' headings and these. Raises BadInput."""
    label = path.as_posix()
    text, problems = read_plain(path, label)
    raise_if(problems)
    if text is None:
        raise AssertionError("a document that cannot be read has a problem")
    return cut(text, label, headings)


def cut(text: str, label: str, headings: Iterable[str]) -> SourceDocument:
    """A text cut at the headings of its table of contents and at these."""
    lines = re.split("\r\n|\r|\n", text)
    contents = dict(contents_of(lines))
    wanted = [*contents.values(), *headings]
    titles = tuple(headings_of(lines, contents, wanted))
    shape = Layout(lines, set(contents), titles)
    return SourceDocument(label, "\n".join(lines), titles, tuple(shape.numbers(label)))
