"""The document that records were taken from: its headings, and each number with where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath

from grading.evidence.notfigures import period_or_basis, spans_of_no_figures
from grading.evidence.numbers import Written, numbers_in
from grading.problems import Place, raise_if
from grading.source.plain import read_plain

MOST_NUMBERS = 200_000
_LONGEST_HEADING = 300
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_MARK = re.compile(r"[⁰¹²³⁴-⁹]+|\^\{[0-9, ]+\}")
_FOOTNOTE = re.compile(r"\s*([⁰¹²³⁴-⁹]+)")
_CAPTION = re.compile(r"(?i)(figure|table|chart)\s+([0-9]+)\s*[:.–-]")
_CONTENTS = re.compile(r"(?i)(?:table of )?contents")
_CONTENTS_LINE = re.compile(r"(.+?)[ .]*(?:\t|\.{3,}|\s{3,})[ .]*[0-9]{1,4}")
_LOCATED = re.compile(r"(?i)\b(figure|table|chart|footnote)\s+([0-9]+)")
_CUT = re.compile(r"\s*(?:…|\.\.\.)$")
_PREFIX = re.compile(r"[A-Z][\w ]{0,20}, ")


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
            i for i, (_, title) in enumerate(self.headings) if _is_heading(title, heading)
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
        if named:
            caption = f"{named[1].lower()} {named[2]}"
            captioned = tuple(n for n in here if n.caption == caption)
            return tuple(n for n in captioned if n.table is not None) or captioned or here
        return here


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
    contents = dict(_contents(lines))
    wanted = [*contents.values(), *headings]
    titles = tuple(_headings(lines, contents, wanted))
    shape = _Shape(lines, set(contents), titles)
    return SourceDocument(label, "\n".join(lines), titles, tuple(shape.numbers(label)))


def normal(heading: str) -> str:
    """A heading without what copies differ in: marks, typographic quotes, case, spaces, last stop."""
    plain = _MARK.sub("", heading).translate(str.maketrans("‘’“”–—\u00a0", "''\"\"-- "))
    return " ".join(plain.casefold().split()).rstrip(" .:")


def _is_heading(title: str, heading: str) -> bool:
    """The title of a section is this heading, cut or prefixed as records have it."""
    title = normal(title)
    prefix = _PREFIX.match(heading)
    for form in (heading, heading[prefix.end() :] if prefix else heading):
        short = _CUT.sub("", form)
        if title == normal(form) or (short != form and (title + " ").startswith(normal(short) + " ")):
            return True
    return False


def _contents(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Line and title of each entry of the table of contents."""
    starts = [i for i, line in enumerate(lines) if _CONTENTS.fullmatch(line.strip())]
    for i in range(starts[0] + 1, len(lines)) if starts else ():
        if not lines[i].strip():
            continue
        entry = _CONTENTS_LINE.fullmatch(lines[i].strip())
        if not entry:
            return
        yield i, entry[1].strip()


def _headings(
    lines: list[str], contents: dict[int, str], wanted: list[str]
) -> Iterator[tuple[int, str]]:
    """Line, from 1, and text of each heading; a heading may run on to a second line."""
    forms = {*wanted, *(form[m.end() :] for form in wanted if (m := _PREFIX.match(form)))}
    known = {normal(form) for form in forms if not _CUT.search(form)}
    cuts = tuple(sorted(normal(_CUT.sub("", f)) + " " for f in forms if _CUT.search(f)))
    taken = -1
    for i, line in enumerate(lines):
        if i in contents or i <= taken or not line.strip() or len(line) > _LONGEST_HEADING:
            continue
        if _FOOTNOTE.match(line):
            continue
        for extra in (0, 1):
            title = normal(" ".join(lines[i : i + 1 + extra]))
            if title in known or (cuts and (title + " ").startswith(cuts)):
                yield i + 1, " ".join(part.strip() for part in lines[i : i + 1 + extra])
                taken = i + extra
                break


class _Shape:
    """What each line of a document is: its section, footnote, caption and table."""

    def __init__(
        self, lines: list[str], contents: set[int], titles: tuple[tuple[int, str], ...]
    ) -> None:
        self.lines, self.contents = lines, contents
        count = len(lines)
        self.section: list[int | None] = [None] * count
        self.footnote: list[int | None] = [None] * count
        self.caption, self.table = [""] * count, [None] * count  # type: list[str], list[int | None]
        at = {line - 1: i for i, (line, _) in enumerate(titles)}
        section: int | None = None
        footnote: int | None = None
        caption, table = "", None
        for i, line in enumerate(lines):
            section, caption = (at[i], "") if i in at else (section, caption)
            mark = _FOOTNOTE.match(line)
            if mark:
                footnote = int(mark[1].translate(_SUPERSCRIPTS))
            elif not line.strip():
                footnote = None
            captioned = _CAPTION.match(line.strip())
            if captioned:
                caption = f"{captioned[1].lower()} {captioned[2]}"
            table = (i if table is None else table) if "\t" in line else None
            self.section[i], self.footnote[i] = section, footnote
            self.caption[i], self.table[i] = caption, table
        self.refers = self._references()
        self.labels = self._label_columns()

    def _references(self) -> dict[int, set[int]]:
        """The sections in whose text the mark of each footnote stands."""
        found: dict[int, set[int]] = {}
        for i, line in enumerate(self.lines):
            section = self.section[i]
            if self.footnote[i] is not None or section is None:
                continue
            for mark in _MARK.finditer(line):
                for number in re.findall("[0-9]{1,4}", mark[0].translate(_SUPERSCRIPTS)):
                    found.setdefault(int(number), set()).add(section)
        return found

    def _label_columns(self) -> set[int]:
        """The tables whose first column numbers the rows: numerals beside a column of words."""
        tables: dict[int, list[list[str]]] = {}
        for line, table in zip(self.lines, self.table, strict=True):
            if table is not None:
                tables.setdefault(table, []).append(line.split("\t"))
        return {table for table, rows in tables.items() if _numbers_its_rows(rows[1:])}

    def numbers(self, label: str) -> Iterator[Found]:
        """Each number of the document outside its table of contents, at most MOST_NUMBERS."""
        text = "\n".join(self.lines)
        masked = list(_merged(spans_of_no_figures(text)))
        starts = [0]
        for line in self.lines:
            starts.append(starts[-1] + len(line) + 1)
        line = span = 0
        for count, number in enumerate(numbers_in(text)):
            if count >= MOST_NUMBERS:
                return
            while starts[line + 1] <= number.start:
                line += 1
            if line in self.contents:
                continue
            while span < len(masked) and masked[span][1] <= number.start:
                span += 1
            inside = span < len(masked) and masked[span][0] < number.end
            why = masked[span][2] if inside else period_or_basis(text, number)
            column = number.start - starts[line]
            if self.table[line] in self.labels and "\t" not in self.lines[line][:column]:
                why = "reference"
            yield self._found(number, why, Place(label, line + 1, column + 1), line)

    def _found(self, number: Written, why: str, place: Place, line: int) -> Found:
        footnote, section = self.footnote[line], self.section[line]
        sections = {section} if section is not None else set()
        if footnote is not None:
            sections |= self.refers.get(footnote, set())
        written = self.lines[line].strip()
        alone = place.column - 1 == len(self.lines[line]) - len(self.lines[line].lstrip()) and (
            len(written) <= number.end - number.start
        )
        table = self.table[line]
        return Found(
            number, why, place, frozenset(sections), footnote, self.caption[line], table, alone
        )


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
