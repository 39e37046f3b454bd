"""What is missing from an open judgment, in words: what it may come to, and what would narrow it."""

from __future__ import annotations

from collections.abc import Iterator

from grading.explain.because import Because
from grading.explain.english import capital, grade_label, grades_span, listed
from grading.explain.headlines import headline
from grading.explain.moves import Option
from grading.explain.unknowns import Missing, Unknowns, unknowns
from grading.explain.variable_words import VariableWords
from grading.judge.judgments import Grading, Judgment
from grading.judge.position import Position
from grading.rules.loaded import Pack


def missing(grading: Grading, where: Position, judgment: Judgment) -> tuple[Unknowns, Because]:
    """The grades that an open judgment may come to, what would narrow them, and both in words."""
    found = unknowns(where, judgment.id)
    pack, place = grading.pack, grading.pack.places.get(judgment.id)
    words = VariableWords(grading, where)
    steps = [Because(f"{_exactly(found, pack)}.", place=place)]
    told = tuple(Because(f"{text}.", place=place) for text in _told(found, words, pack))
    if told:
        steps.append(Because("What would narrow it, most first:", told, place=place))
    return found, Because(f"{headline(pack, judgment)}.", tuple(steps), place=place)


def _exactly(found: Unknowns, pack: Pack) -> str:
    grades = listed((grade_label(pack, g) for g in reversed(found.grades)), "or")
    if not found.exact:
        return (
            "There is too much to try every way in which what is missing could turn out, so it may"
            f" be that not each of these is possible: {grades}"
        )
    if len(found.three_valued) == 1:
        return "Nothing is missing that could change it"
    if len(found.grades) == 1:
        return f"However what is missing turns out, it is {grades}"
    if found.grades == found.three_valued:
        return (
            "Each of these is what it comes to in some way in which what is missing could turn out"
        )
    return f"In every way in which what is missing could turn out, it comes to {grades}"


def _told(found: Unknowns, words: VariableWords, pack: Pack) -> Iterator[str]:
    """What is missing, what it could turn out to be, and the grades left; what is alike once."""
    alike: dict[str, list[str]] = {}
    for one in found.missing:
        name = words.name(Option(one.variable, None, tuple(to for t in one.told for to in t.to)))
        alike.setdefault("; ".join(_outcomes(one, words, pack)), []).append(name)
    for outcomes, names in alike.items():
        each = "each of " if len(names) > 1 else ""
        yield f"{capital(f'{each}{listed(names)}')}: {outcomes}"


def _outcomes(one: Missing, words: VariableWords, pack: Pack) -> Iterator[str]:
    for told in one.told:
        grades = grades_span(pack, told.grades)
        yield f"{grades} if it {words.does(Option(one.variable, None, told.to), 1)}"
