"""Records against the document they were taken from: what is not in it, and what they leave out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path as FilePath

from grading.evidence.document import SourceDocument, read_document
from grading.evidence.evidence import Evidence
from grading.evidence.layout import Found
from grading.evidence.matching import is_figure
from grading.evidence.numbers import HALF
from grading.evidence.recorded import Recorded, Subject, headings_in, is_counted, recorded_in
from grading.problems import Problem, listed, quoted

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
    hits: dict[Recorded, list[Found]] = {}
    subjects: dict[Found, set[Subject]] = {}
    scopes: dict[tuple[str, str, int | None], _Scope] = {}
    for figure in recorded:
        named = (figure.heading, figure.locator, figure.footnote)
        if named not in scopes:
            scopes[named] = _Scope(document.under(*named))
        scope = scopes[named]
        hits[figure] = [n for n in scope.of(figure.value) if is_figure(figure, n, document.text)]
        if not hits[figure] and not figure.beside:
            unfound.append(_unfound(figure, scope.numbers, document))
        for hit in hits[figure]:
            subjects.setdefault(hit, set()).update([figure.subject] if figure.subject else [])
    unfound += _cells_too_few(hits, document)
    figures = [n for n in document.numbers if n.why_no_figure == "" and is_counted(n.written)]
    left = [n for n in figures if n not in subjects]
    left += _cells_too_many([n for n in figures if n in subjects], subjects)
    passed = Counter(n.why_no_figure for n in document.numbers if n.why_no_figure)
    return Comparison(
        document,
        sum(not figure.beside for figure in recorded),
        tuple(sorted(unfound)),
        len(figures),
        tuple(sorted(_uncovered(number, document) for number in left)),
        tuple(sorted(passed.items())),
    )


def _cells_too_many(
    covered: Iterable[Found], subjects: Mapping[Found, set[Subject]]
) -> list[Found]:
    """In a table each cell needs a record of its own: the last of equal cells that have none."""
    left: list[Found] = []
    seen: Counter[tuple[int, Decimal]] = Counter()
    for cell in covered:
        if cell.table is not None:
            key = (cell.table, cell.written.value)
            seen[key] += 1
            if seen[key] > len(subjects[cell]):
                left.append(cell)
    return left


def _cells_too_few(
    hits: Mapping[Recorded, list[Found]], document: SourceDocument
) -> Iterator[Problem]:
    """Figures of different things that would all be one cell of a table: one of them is mistyped."""
    claims: dict[tuple[Found, ...], list[Recorded]] = {}
    for figure, found in hits.items():
        if figure.subject and found and all(cell.table is not None for cell in found):
            claims.setdefault(tuple(found), []).append(figure)
    for cells, figures in claims.items():
        if len({figure.subject for figure in figures}) > len(cells):
            names = listed([f"`{figure.id}`" for figure in figures], "and")
            lines = listed([str(cell.place.line) for cell in cells], "and")
            times = "once" if len(cells) == 1 else f"{len(cells)} times"
            message = f"{names} have {figures[-1]}, which its table has {times}"
            hint = f"compare them with line{'' if len(cells) == 1 else 's'} {lines}"
            yield Problem(figures[-1].place, "D105", message, f"{hint} of {document.label}")


def _unfound(figure: Recorded, among: tuple[Found, ...], document: SourceDocument) -> Problem:
    where = quoted(figure.heading) + (f", {figure.locator}" if figure.locator else "")
    if not document.sections(figure.heading) and not among:
        message = f"`{figure.id}` has {figure}, and {document.label} has no heading {where}"
        return Problem(figure.place, "D102", message, "write the heading as it stands there")
    message = f"`{figure.id}` has {figure}, which is not under {where} of {document.label}"
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
