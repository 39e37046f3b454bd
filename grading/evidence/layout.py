"""Where each number of a document stands: its section, footnote, caption and table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grading.evidence.headings import FOOTNOTE, MARK
from grading.evidence.notfigures import period_or_basis, spans_of_no_figures
from grading.evidence.numbers import Written, numbers_in
from grading.problems import BadInput, Place, Problem

MOST_NUMBERS = 200_000
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_CAPTION = re.compile(r"(?i)(figure|table|chart)\s+([0-9]+)\s*[:.–-]")


@dataclass(frozen=True)
class Found:
    """A number of the document: where it stands, and what it is if it is no figure."""

    written: Written
    why_no_figure: str  # `date`, `reference`, `period` and so on; nothing for a figure
    place: Place
    sections: frozenset[int]
    footnote: int | None
    caption: str  # `figure 4`; nothing outside tables and charts
    table: int | None  # the line on which its table starts
    alone: bool  # nothing else on its line: a cell of a graphic

    @property
    def bare(self) -> bool:
        """Its unit is said elsewhere: at the head of a column, or above a graphic."""
        return self.table is not None or self.alone


class Layout:
    """What each line of a document is: its section, footnote, caption and table."""

    def __init__(
        self, lines: list[str], contents: set[int], titles: tuple[tuple[int, str], ...]
    ) -> None:
        self.lines, self.contents = lines, contents
        count = len(lines)
        self.section: list[frozenset[int]] = [frozenset()] * count
        self.footnote: list[int | None] = [None] * count
        self.caption = [""] * count
        self.table: list[int | None] = [None] * count
        at = {line - 1: i for i, (line, _) in enumerate(titles)}
        section: frozenset[int] = frozenset()
        inner: frozenset[int] = frozenset()  # under a caption, which does not end the section
        footnote: int | None = None
        caption = ""
        table: int | None = None
        for i, line in enumerate(lines):
            captioned = _CAPTION.match(line.strip())
            here = frozenset({at[i]} if i in at else ())
            if captioned:
                inner, caption = here, f"{captioned[1].lower()} {captioned[2]}"
            elif here:
                section, inner, caption = here, frozenset(), ""
            mark = FOOTNOTE.match(line)
            if mark:
                footnote = int(mark[1].translate(_SUPERSCRIPTS))
            elif not line.strip():
                footnote = None
            table = (i if table is None else table) if "\t" in line else None
            self.section[i], self.footnote[i] = section | inner, footnote
            self.caption[i], self.table[i] = caption, table
        # lines may be as long as the file, so these are looked up once a line, not once a number
        self.written = [(len(line) - len(line.lstrip()), len(line.rstrip())) for line in lines]
        self.first_tab = [line.find("\t") for line in lines]
        self.refers = self._references()
        self.labels = self._label_columns()

    def _references(self) -> dict[int, set[int]]:
        """The sections in whose text the mark of each footnote stands."""
        found: dict[int, set[int]] = {}
        for i, line in enumerate(self.lines):
            if self.footnote[i] is not None:
                continue
            for mark in MARK.finditer(line):
                for number in re.findall("[0-9]{1,4}", mark[0].translate(_SUPERSCRIPTS)):
                    found.setdefault(int(number), set()).update(self.section[i])
        return found

    def _label_columns(self) -> set[int]:
        """The tables whose first column numbers the rows: numerals beside a column of words."""
        tables: dict[int, list[list[str]]] = {}
        for line, table in zip(self.lines, self.table, strict=True):
            if table is not None:
                tables.setdefault(table, []).append(line.split("\t"))
        return {table for table, rows in tables.items() if _numbers_its_rows(rows[1:])}

    def numbers(self, label: str) -> Iterator[Found]:
        """Each number of the document outside its table of contents. Raises BadInput at too many."""
        text = "\n".join(self.lines)
        masked = list(_merged(spans_of_no_figures(text)))
        starts = [0]
        for written in self.lines:
            starts.append(starts[-1] + len(written) + 1)
        line = span = 0
        for count, number in enumerate(numbers_in(text)):
            if count >= MOST_NUMBERS:
                raise BadInput([_too_many(label)])
            while starts[line + 1] <= number.start:
                line += 1
            if line in self.contents:
                continue
            while span < len(masked) and masked[span][1] <= number.start:
                span += 1
            inside = span < len(masked) and masked[span][0] < number.end
            why = masked[span][2] if inside else period_or_basis(text, number)
            column = number.start - starts[line]
            if self.table[line] in self.labels and column < self.first_tab[line]:
                why = "reference"
            yield self._found(number, why, Place(label, line + 1, column + 1), line)

    def _found(self, number: Written, why: str, place: Place, line: int) -> Found:
        footnote, sections = self.footnote[line], self.section[line]
        if footnote is not None:
            sections = sections | self.refers.get(footnote, set())
        first, last = self.written[line]
        alone = place.column - 1 == first and last - first <= number.end - number.start
        table = self.table[line]
        return Found(number, why, place, sections, footnote, self.caption[line], table, alone)


def _too_many(label: str) -> Problem:
    message = f"the document has more than {MOST_NUMBERS:,} numbers"
    return Problem(Place(label, 1), "D104", message, "compare it in parts")


def _numbers_its_rows(rows: list[list[str]]) -> bool:
    firsts = [row[0].strip() for row in rows if row[0].strip()]
    numerals = sum(first.isdecimal() for first in firsts)
    words = sum(len(row) > 2 and bool(re.search("[A-Za-z]{3}", row[1])) for row in rows)
    return numerals * 2 > len(firsts) and words * 2 > len(rows)


def _merged(spans: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """The spans in order, none inside or across another: what begins first counts."""
    last = 0
    for start, end, why in sorted(spans):
        if end > last:
            yield max(start, last), end, why
            last = end
