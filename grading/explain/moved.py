"""The smallest changes that would move a grade, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from grading.explain.asked import asked
from grading.explain.because import Because
from grading.explain.english import (
    capital,
    cited,
    clauses,
    figure,
    finding_words,
    grade_label,
    listed,
    lower,
    outcome_words,
    quoted,
    status_words,
)
from grading.explain.flips import Flip, Flips, flips
from grading.explain.headlines import headline, title
from grading.explain.moves import Change, Option
from grading.explain.rungs import earlier_findings
from grading.explain.variables import To
from grading.judge.judgments import Grading, Judgment
from grading.judge.position import Position, position
from grading.judge.states import State, kinds_of_finding
from grading.rules.pack import OUTCOMES

_NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}
_MOST_TOLD = 12


def moved(grading: Grading, judgment: Judgment, most: int) -> tuple[Flips, Because]:
    """Every smallest set of at most so many changes that raises or lowers a judgment, and in words."""
    where = position(grading)
    found = flips(where, judgment.id, most)
    return found, _Moved(grading, where, found).told(judgment)


@dataclass(frozen=True)
class _Moved:
    grading: Grading
    where: Position
    found: Flips

    def told(self, judgment: Judgment) -> Because:
        """What raises it and what lowers it, the fewest changes first."""
        place = self.grading.pack.places.get(judgment.id)
        head = f"{headline(self.grading.pack, judgment)}. The smallest changes that would move it:"
        steps = (
            Because("Up:", tuple(self._way(self.found.raising, "raises")), place=place),
            Because("Down:", tuple(self._way(self.found.lowering, "lowers")), place=place),
        )
        return Because(head, steps, place=place)

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
            words = {self._does(o, 1) for change in flip.changes for o in change.options}
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
        names = [self._name(option) for option in options]
        does = self._does(options[0], size)
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
        names = [self._name(option) for option in change.options]
        does = [self._does(option, change.number) for option in change.options]
        if len(set(does)) == 1 and change.number == len(names):
            return f"{listed(names)} {does[0]}"
        number = _NUMBERS.get(change.number, str(change.number))
        if len(set(does)) == 1:
            return f"{_among(change.number, names)} {does[0]}"
        each = (f"{n} {self._does(o, 1)}" for n, o in zip(names, change.options, strict=True))
        return f"any {number} of these: {', '.join(each)}"

    def _name(self, option: Option) -> str:
        pack, variable = self.grading.pack, option.variable
        match variable.kind:
            case "criteria":
                return listed(quoted(pack.criteria[c].written.says) for c in variable.names)
            case "indicator":
                return lower(pack.indicators[variable.names[0]].title)
            case "series":
                return lower(pack.series[variable.names[0]].title)
            case "judgment":
                return title(self.grading.judgments[variable.names[0]])
            case "earlier":
                return self._earlier(variable.names[0], variable.number)

    def _earlier(self, topic: str, number: int) -> str:
        on_topic = [e for e in earlier_findings(self.grading) if e[1] == topic]
        record, _, kind, _ = on_topic[number]
        return f"the earlier {finding_words(kind)} {cited([record])}"

    def _does(self, option: Option, number: int) -> str:
        pack, kind, name = self.grading.pack, option.variable.kind, option.variable.names[0]
        be = "is" if number == 1 else "are"
        match kind:
            case "criteria":
                states = [to for to in option.to if isinstance(to, State)]
                return self._comes_to(option.variable.names, states, option.now, number)
            case "indicator":
                return f"{be} {_values(option.to, pack.indicators[name].unit)}"
            case "series":
                return f"{be} {_values(option.to, pack.series[name].unit)}"
            case "judgment":
                labels = [grade_label(pack, str(to)) for to in option.to]
                return f"{be} graded {listed(labels, 'or')}"
            case "earlier":
                return f"{be} {status_words(map(str, option.to))}"

    def _comes_to(
        self, criteria: tuple[str, ...], states: list[State], now: To | None, number: int
    ) -> str:
        """What criteria come to in any of some states: outcomes, and findings or weaknesses with them."""
        outcomes = {o for state in states for possible in state.outcomes for o in possible}
        was = now.outcomes if isinstance(now, State) else ()
        if was == (frozenset({"exceeds"}),) and outcomes == set(OUTCOMES) - {"exceeds"}:
            no_longer = "exceeds" if number == 1 else "exceed"
            return f"no longer {no_longer} the standard{self._with(criteria, states)}"
        lost = self._lost(states, now)
        if lost and outcomes.issuperset(o for possible in was for o in possible):
            return f"no longer {'has' if number == 1 else 'have'} a {lost}"
        wanted = [o for o in OUTCOMES if o in outcomes]
        if {"unknown", "meets"} <= outcomes and _together(states):
            wanted.remove("unknown")
        return outcome_words(wanted, number) + self._with(criteria, states)

    def _lost(self, states: list[State], now: To | None) -> str:
        """The cause of concern that there is now and in none of the states."""
        if not isinstance(now, State):
            return ""
        kinds = kinds_of_finding(self.grading.pack)
        i = kinds.index("cause-of-concern") if "cause-of-concern" in kinds else -1
        has = i >= 0 and any(truths[i] for truths in now.findings)
        gone = has and not any(t[i] for state in states for t in state.findings)
        return finding_words("cause-of-concern") if gone else ""

    def _with(self, criteria: tuple[str, ...], states: list[State]) -> str:
        """What all of the states have beside their outcomes: a kind of finding, or a weakness."""
        kinds = kinds_of_finding(self.grading.pack)
        found = [
            finding_words(kind)
            for i, kind in enumerate(kinds)
            if kind == "cause-of-concern"
            and all(truths[i] for state in states for truths in state.findings)
        ]
        group = next(g for g in self.where.states if g.criteria == criteria)
        shown = [
            asked(node, self.grading.pack).removeprefix("there is ")
            for i, node in enumerate(group.later)
            if all(state.shown[i].truth for state in states)
        ]
        said = [*(f"a {kind}" for kind in found), *shown]
        return f", with {listed(said)}" if said else ""


def _among(number: int, names: list[str]) -> str:
    """Any so many of some names."""
    if number == 1 and len(names) == 2:
        return f"either {listed(names, 'or')}"
    return f"any {_NUMBERS.get(number, str(number))} of {listed(names)}"


def _together(states: list[State]) -> bool:
    """Whether to be met and not to be shown stand together in some state: nothing decides it."""
    return any({"unknown", "meets"} <= possible for s in states for possible in s.outcomes)


def _values(to: Iterable[To], unit: str) -> str:
    values = [value for value in to if isinstance(value, Decimal | str)]
    return listed((figure(value, unit) for value in values), "or")
