"""Records against the document they were taken from: what is not in it, and what they leave out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path as FilePath

from grading.evidence.document import SourceDocument, read_document
from grading.evidence.evidence import Evidence
from grading.evidence.layout import Found
from grading.evidence.numbers import CURRENCIES, HALF, TIMES
from grading.evidence.recorded import Recorded, headings_in, is_counted, recorded_in
from grading.problems import Problem, listed, quoted

_LOOKED_AMONG = ("", "period", "year")
_CHANGES = ("percent-change", "percentage-points")
_DOWN = re.compile(
    r"(?i)(?:decreas|declin|fell|fall|fewer|drop|reduc|down|lower|less|shrank|shrunk|minus)"
)
_UP = re.compile(r"(?i)(?:increas|rise|rose|risen|grew|grow|more|higher|up|gain|plus)")
_WORDS_BEFORE, _WORDS_AFTER = 4, 3
_NEAREST = 3
_CONTEXT = 28


@dataclass(frozen=True)
class Comparison:
    """Records and document side by side."""

    document: SourceDocument
    looked_up: int
    unfound: tuple[Problem, ...]
    numbers: int  # figures of the document
    uncovered: tuple[Problem, ...]
    passed_over: tuple[tuple[str, int], ...]  # numbers that are no figures, by what they are


class _Scope:
    """The numbers to look among, by their size: a document has thousands, and records too."""

    def __init__(self, numbers: tuple[Found, ...]) -> None:
        self.numbers = numbers
        self._by_size: dict[Decimal, list[Found]] = {}
        for number in numbers:
            self._by_size.setdefault(abs(number.written.value), []).append(number)

    def of(self, value: Decimal) -> list[Found]:
        """Those that could be this value; `half` could be 50 percent."""
        halves = self._by_size.get(HALF, []) if value == 50 else []
        return [*self._by_size.get(abs(value), []), *halves]


def against(evidence: Evidence, path: FilePath) -> Comparison:
    """The records compared with the document at a path. Raises BadInput where it cannot be read."""
    return compare(recorded_in(evidence), read_document(path, headings_in(evidence)))


def compare(recorded: Iterable[Recorded], document: SourceDocument) -> Comparison:
    """Each recorded figure looked up under its heading, and each number of the document in turn."""
    recorded = tuple(recorded)
    unfound: list[Problem] = []
    covering: dict[Found, set[tuple[str, str]]] = {}
    scopes: dict[tuple[str, str, int | None], _Scope] = {}
    for figure in recorded:
        named = (figure.heading, figure.locator, figure.footnote)
        if named not in scopes:
            scopes[named] = _Scope(document.under(*named))
        among = scopes[named].numbers
        hits = [n for n in scopes[named].of(figure.value) if _is(figure, n, document)]
        if not hits and not figure.beside:
            unfound.append(_unfound(figure, among, document))
        for hit in hits:
            covering.setdefault(hit, set()).add((figure.id, figure.place.file))
    listed_numbers = [
        n for n in document.numbers if n.why_no_figure == "" and is_counted(n.written)
    ]
    left = [n for n in listed_numbers if n not in covering]
    left += _cells_too_many([n for n in listed_numbers if n in covering], covering, recorded)
    passed = Counter(n.why_no_figure for n in document.numbers if n.why_no_figure)
    return Comparison(
        document,
        sum(not figure.beside for figure in recorded),
        tuple(sorted(unfound)),
        len(listed_numbers),
        tuple(sorted(_uncovered(number, document) for number in left)),
        tuple(sorted(passed.items())),
    )


def _is(figure: Recorded, number: Found, document: SourceDocument) -> bool:
    """The number of the document is the figure that was recorded."""
    written = number.written
    if number.why_no_figure not in _LOOKED_AMONG or not _fits(figure, number):
        return False
    if written.value == HALF and written.in_words and figure.unit == "percent":
        return figure.value == 50
    if figure.in_statement or figure.beside:
        return abs(written.value) == abs(figure.value)
    if written.signed or written.value < 0:
        return written.value == figure.value
    if written.value != abs(figure.value):
        return False
    if figure.value < 0:
        return direction(document.text, number) < 0
    return figure.unit not in _CHANGES or direction(document.text, number) >= 0


def _fits(figure: Recorded, number: Found) -> bool:
    """The units can be one: what the document says beside its number is not something else."""
    said, unit = number.written.unit, figure.unit
    if unit is None:
        return True
    if said == "percent":
        return unit in ("percent", "percent-change")
    if said == "percentage-points":
        return unit == "percentage-points"
    if said in CURRENCIES.values():
        return unit == said
    if said in TIMES:
        return unit == said or (unit == "count" and number.why_no_figure == "")
    needs_word = unit in ("percent", "percent-change", "percentage-points", *TIMES)
    is_half = number.written.in_words and number.written.value == HALF
    return number.bare or is_half or not (needs_word or unit in CURRENCIES.values())


def direction(text: str, number: Found) -> int:
    """-1 where the nearest word about a change says down, 1 where it says up, otherwise 0."""
    sentence_before = re.split(r"[.;:](?=\s)|\n\s*\n", text[: number.written.start][-200:])[-1]
    sentence_after = re.split(r"[.;:](?=\s)|\n\s*\n", text[number.written.end :][:200])[0]
    before = re.findall(r"[\w-]+", sentence_before)[::-1][:_WORDS_BEFORE]
    after = re.findall(r"[\w-]+", sentence_after)[:_WORDS_AFTER]
    for distance in range(max(_WORDS_BEFORE, _WORDS_AFTER)):
        for words in (after, before):
            if distance < len(words):
                if _DOWN.match(words[distance]):
                    return -1
                if _UP.match(words[distance]):
                    return 1
    return 0


def _cells_too_many(
    covered: list[Found],
    covering: dict[Found, set[tuple[str, str]]],
    recorded: tuple[Recorded, ...],
) -> list[Found]:
    """In a table each cell needs a record of its own: the last of equal cells that have none."""
    tabled = {(f.id, f.place.file) for f in recorded if not (f.in_statement or f.beside)}
    left: list[Found] = []
    seen: Counter[tuple[int, Decimal]] = Counter()
    for cell in covered:
        if cell.table is not None:
            key = (cell.table, cell.written.value)
            seen[key] += 1
            if seen[key] > len(covering[cell] & tabled):
                left.append(cell)
    return left


def _unfound(figure: Recorded, among: tuple[Found, ...], document: SourceDocument) -> Problem:
    what = f"{_shown(figure.value)} {figure.unit}" if figure.unit else _shown(figure.value)
    where = quoted(figure.heading) + (f", {figure.locator}" if figure.locator else "")
    if not document.sections(figure.heading) and not among:
        message = f"`{figure.id}` has {what}, and {document.label} has no heading {where}"
        return Problem(figure.place, "D102", message, "write the heading as it stands there")
    message = f"`{figure.id}` has {what}, which is not under {where} of {document.label}"
    figures = [n for n in among if n.why_no_figure == "" and is_counted(n.written)]
    near = sorted(figures, key=lambda n: (abs(abs(n.written.value) - abs(figure.value)), n.place))[
        :_NEAREST
    ]
    there = listed([f"{_words(n, document)} in line {n.place.line}" for n in near], "and")
    hint = f"nearest there: {there}" if near else "there is no figure there"
    return Problem(figure.place, "D101", message, hint)


def _uncovered(number: Found, document: SourceDocument) -> Problem:
    heading = document.heading_of(number)
    under = f" under {quoted(heading)}" if heading else ""
    message = f"no record covers {_words(number, document)}{under}"
    return Problem(number.place, "D103", message, f"it stands in {_around(number, document)}")


def _words(number: Found, document: SourceDocument) -> str:
    return quoted(" ".join(document.text[number.written.start : number.written.end].split()))


def _around(number: Found, document: SourceDocument) -> str:
    """A few words before and after a number, whole words only."""
    start, end = number.written.start, number.written.end
    before = document.text[max(0, start - _CONTEXT) : start]
    after = document.text[end : end + _CONTEXT]
    before = before.partition(" ")[2] if start > _CONTEXT else before
    after = after.rpartition(" ")[0] if end + _CONTEXT < len(document.text) else after
    return quoted(" ".join((before + document.text[start:end] + after).split()))


def _shown(value: Decimal) -> str:
    return f"{value:,f}"
