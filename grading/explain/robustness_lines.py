"""The lines that say how firmly one judgment or criterion stands, and what would alter it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grading.explain.balance import Altered, Balance, Held, Possible
from grading.explain.changes import change_words, source_words
from grading.explain.english import counted, grade_label, listed, outcome_words
from grading.explain.perturbation import Family, Redraw, Withdrawal
from grading.explain.robustness import Robustness
from grading.rules.loaded import Pack
from grading.rules.thresholds import Step

WORDS = (
    "Firm: the same under every change that was tried. Sensitive: some change alters it. Finely"
    " balanced: many changes do, or a sample does not tell it from another grade. The boundaries are"
    " a convention of this program."
)
"""What the three words mean, in a line."""
_LEFT_OUT: Mapping[Family, tuple[str, str]] = {
    "records": ("record", "records"),
    "sources": ("source", "sources"),
    "sites": ("site", "sites"),
    "methods": ("method", "methods"),
    "kinds": ("kind of evidence", "kinds of evidence"),
    "bodies": ("other body", "other bodies"),
}
_MOVED: Mapping[Family, str] = {
    "thresholds": "numbers and levels of the rules moved by a step",
    "samples": "shares from samples put elsewhere within their intervals",
}


def robustness_lines(name: str, robust: Robustness, pack: Pack) -> Iterator[str]:
    """How firmly a judgment or criterion stands: a page at most. Raises KeyError for anything else."""
    balance = robust.criteria.get(name) or robust.judgments[name]
    yield from _Lines(balance, robust, pack, criterion=name in robust.criteria).all()


@dataclass(frozen=True)
class _Lines:
    """Says what was counted of one judgment or criterion."""

    balance: Balance
    robust: Robustness
    pack: Pack
    criterion: bool

    def all(self) -> Iterator[str]:
        """Every line: what was counted, what alters it, what chance alone does, what the words mean."""
        yield from self._counts()
        singly = [a for a in self.balance.altered if not isinstance(a.change, Redraw)]
        for possible, altered in _by_outcome(singly).items():
            yield f"It {self._could_be(possible)}:"
            yield from self._changes(altered)
        yield from self._redraws()
        for possible, altered in _by_outcome(self.balance.set_aside).items():
            without = _without(altered)
            yield f"Set aside, as no small change: {without} it {self._could_be(possible)}."
        yield WORDS

    def _counts(self) -> Iterator[str]:
        singly, label = self.balance.singly, self.balance.label
        what = listed((f"“{one}”" for one in self._each(self.balance.stands)), "or")
        start = f"{label.capitalize()}: {what}" if label else f"Open: {what}, and nothing else,"
        if not singly.tried:
            yield f"{start} rests on nothing that was changed."
            return
        yield f"{start} {_held_in(singly)}."
        families = self.balance.families
        left_out = [
            f"{families[family].held} of {counted(families[family].tried, *words)}"
            for family, words in _LEFT_OUT.items()
            if family in families
        ]
        if left_out:
            yield f"  · left out: {listed(left_out)}"
        for family, words in _MOVED.items():
            if family in families:
                yield f"  · {words}: {families[family].held} of {families[family].tried}"

    def _changes(self, altered: Sequence[Altered]) -> Iterator[str]:
        """The changes with one outcome, what is left out in one line."""
        without = _without(altered)
        if without:
            yield f"  · {without}"
        for change in (a.change for a in altered if not isinstance(a.change, Withdrawal)):
            place = f" → {change.threshold.place}" if isinstance(change, Step) else ""
            yield f"  · {change_words(change, self.pack)}{place}"

    def _redraws(self) -> Iterator[str]:
        """In how many redraws it held, and what it would have been in the others."""
        held = self.balance.redraws
        if not held.tried:
            return
        times: dict[Possible, int] = {}
        for altered in self.balance.altered:
            if isinstance(altered.change, Redraw):
                times[altered.possible] = times.get(altered.possible, 0) + altered.change.times
        others = [f"in {number} it {self._could_be(found)}" for found, number in times.items()]
        some = "all" if held.held == held.tried else str(held.held)
        and_so = f"; {listed(others)}" if others else ""
        drawn = f"drawn again by chance {held.tried} times (seed {self.robust.seed})"
        yield f"With its samples {drawn}, it held in {some}{and_so}."

    def _could_be(self, possible: Possible) -> str:
        """`would be good`, `could be good or outstanding`, `could be anything from …`."""
        each = self._each(possible)
        verb = "come out as" if self.criterion else "be"
        if len(each) == 1:
            return f"would {verb} {self._quoted(each[0])}"
        if self.criterion or len(each) == 2:
            return f"could {verb} {listed(map(self._quoted, each), 'or')}"
        return f"could be anything from {each[0]} to {each[-1]}"

    def _each(self, possible: Possible) -> list[str]:
        """Each outcome, or each grade from the worst, in words."""
        if self.criterion:
            return [outcome_words([outcome]) for outcome in possible]
        return [grade_label(self.pack, grade) for grade in reversed(possible)]

    def _quoted(self, words: str) -> str:
        return f"“{words}”" if self.criterion else words


def _held_in(held: Held) -> str:
    if held.tried == 1:
        return f"{'held' if held.held else 'did not hold'} in the one change that was tried"
    some = "all" if held.held == held.tried else f"{held.held or 'none'} of the"
    return f"held in {some} {held.tried} changes that were tried, one at a time"


def _without(altered: Iterable[Altered]) -> str:
    """`without [r-1], [r-2] or interviews`; nothing where nothing is left out."""
    left_out = [a.change.sources[0] for a in altered if isinstance(a.change, Withdrawal)]
    return f"without {listed(map(source_words, left_out), 'or')}" if left_out else ""


def _by_outcome(altered: Iterable[Altered]) -> dict[Possible, list[Altered]]:
    """The changes by what is possible under them, in the order in which they were tried."""
    found: dict[Possible, list[Altered]] = {}
    for one in altered:
        found.setdefault(one.possible, []).append(one)
    return found
