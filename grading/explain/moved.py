"""The smallest changes that would move a grade, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from grading.explain.because import Because
from grading.explain.english import (
    capital,
    clauses,
    grade_label,
    grades_span,
    listed,
)
from grading.explain.flips import Flip, Flips, flips
from grading.explain.headlines import headline
from grading.explain.moves import Change, Option
from grading.explain.variable_words import VariableWords
from grading.judge.judging import Judging
from grading.judge.judgments import Grading, Judgment
from grading.judge.position import Position

_NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}
_MOST_TOLD = 12


def moved(
    grading: Grading, where: Position, judgment: Judgment, most: int
) -> tuple[Flips, Because]:
    """Every smallest set of at most so many changes that raises or lowers a judgment, and in words."""
    found = flips(where, judgment.id, most)
    words = VariableWords(grading, where)
    return found, _Moved(grading, words, found).told(judgment)


@dataclass(frozen=True)
class _Moved:
    grading: Grading
    words: VariableWords
    found: Flips

    def told(self, judgment: Judgment) -> Because:
        """What raises it and what lowers it, the fewest changes first."""
        place = self.grading.pack.places.get(judgment.id)
        pack = self.grading.pack
        what = "it"
        if judgment.settled is not None:
            what = f"what the rules give, {grades_span(pack, judgment.derived)}"
        head = f"{headline(pack, judgment)}. The smallest changes that would move {what}:"
        steps = (
            Because("Up:", tuple(self._way(self.found.raising, "raises")), place=place),
            Because("Down:", tuple(self._way(self.found.lowering, "lowers")), place=place),
            *self._held(judgment),
        )
        return Because(head, steps, place=place)

    def _held(self, judgment: Judgment) -> Iterator[Because]:
        """The judgments that enter it and that people changed: none of the changes reaches them."""
        entering = Judging(self.words.where, judgment.id).given
        for other in (self.grading.judgments[name] for name in entering):
            if other.settled is not None and other.moderated is not None:
                text = f"Held as people settled it: {headline(self.grading.pack, other)}."
                yield Because(text, place=other.moderated.decided.place)

    def _way(self, found: Sequence[Flip], does: str) -> Iterator[Because]:
        """The changes that move it one way, the fewest first; that there are none is said as well."""
        place = self.grading.pack.places.get(self.found.judgment)
        fewer = False
        for size in range(1, self.found.most + 1):
            own = [flip for flip in found if flip.size == size]
            told = list(self._together(own))
            for text, names in told[:_MOST_TOLD]:
                steps = tuple(Because(f"{name}.", place=place) for name in names)
                yield Because(f"{text}.", steps, place=place)
            more = len(told) - _MOST_TOLD
            if more > 0:
                yield Because(f"And {more} more like these.", place=place)
            number = self.found.looked_at[size - 1]
            if not own and number:
                yield Because(f"{self._none(size, does, fewer=fewer)}.", place=place)
            fewer = fewer or bool(own)

    def _none(self, size: int, does: str, *, fewer: bool) -> str:
        number = self.found.looked_at[size - 1]
        what = {1: "single changes", 2: "pairs"}.get(size, f"sets of {size}")
        looked = f"all {number:,} {what} were looked at"
        if not self.found.complete:
            looked = f"{number:,} {what} were looked at, and there may be more"
        if size == 1:
            return f"No single change {does} it: {looked}"
        together = _NUMBERS.get(size, str(size))
        if fewer:
            return f"Any {together} changes that {does[:-1]} it have one of these in them: {looked}"
        return f"No {together} changes together {does[:-1]} it: {looked}"

    def _together(self, own: list[Flip]) -> Iterator[tuple[str, list[str]]]:
        """Each kind of flip in one sentence, with the names of what could change where they are many."""
        alike: dict[tuple[tuple[str, ...], str], list[Flip]] = {}
        apart: list[Flip] = []
        for flip in own:
            words = {self.words.does(o, 1) for change in flip.changes for o in change.options}
            if len(words) == 1:
                alike.setdefault((flip.grades, words.pop()), []).append(flip)
            else:
                apart.append(flip)
        order = self.grading.pack.grades.index
        for (grades, _), among in sorted(alike.items(), key=lambda item: order(item[0][0][0])):
            options = {o.variable: o for f in among for c in f.changes for o in c.options}
            sets = {frozenset(v for v, _ in some) for f in among for some in f.sets()}
            size = among[0].size
            if sets == set(map(frozenset, combinations(options, size))):
                yield self._any(grades, size, list(options.values()))
            else:
                yield from ((self._flip(flip), []) for flip in among)
        yield from ((self._flip(flip), []) for flip in apart)

    def _any(
        self, grades: tuple[str, ...], size: int, options: list[Option]
    ) -> tuple[str, list[str]]:
        """Any so many of some variables that change alike."""
        names = [self.words.name(option) for option in options]
        does = self.words.does(options[0], size)
        head = self._grades(grades)
        if len(options) == size:
            return f"{head} if {listed(names)} {does}", []
        number = _NUMBERS.get(size, str(size))
        every = self._every_core(options)
        if every:
            return f"{head} if any {number} of {every} {does}", names
        return f"{head} if {_among(size, names)} {does}", []

    def _every_core(self, options: list[Option]) -> str:
        """What the variables are together, where they are all core criteria of the question."""
        pack, question = self.grading.pack, self.found.judgment
        core = [c for c, p in pack.criteria.items() if p.question == question and p.written.core]
        if {o.variable.names for o in options} == {(c,) for c in core} and len(core) > 1:
            return f"the {len(core)} core criteria"
        return ""

    def _grades(self, grades: tuple[str, ...]) -> str:
        pack = self.grading.pack
        return capital(listed((grade_label(pack, g) for g in reversed(grades)), "or"))

    def _flip(self, flip: Flip) -> str:
        return f"{self._grades(flip.grades)} if {clauses(map(self._change, flip.changes))}"

    def _change(self, change: Change) -> str:
        """Any so many of the options, in words."""
        names = [self.words.name(option) for option in change.options]
        does = [self.words.does(option, change.number) for option in change.options]
        if len(set(does)) == 1 and change.number == len(names):
            return f"{listed(names)} {does[0]}"
        number = _NUMBERS.get(change.number, str(change.number))
        if len(set(does)) == 1:
            return f"{_among(change.number, names)} {does[0]}"
        each = (f"{n} {self.words.does(o, 1)}" for n, o in zip(names, change.options, strict=True))
        return f"any {number} of these: {', '.join(each)}"


def _among(number: int, names: list[str]) -> str:
    """Any so many of some names."""
    if number == 1 and len(names) == 2:
        return f"either {listed(names, 'or')}"
    return f"any {_NUMBERS.get(number, str(number))} of {listed(names)}"
