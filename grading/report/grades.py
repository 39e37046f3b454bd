"""Grades and outcomes as they are shown: always a symbol and a word, and a tone for the colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grading.explain.english import capital, grade_label, grades_span, outcome_phrase, value_words
from grading.judge.judgments import Judgment
from grading.rules.loaded import Pack

TONES = 4
_OUTCOMES = {
    "exceeds": ("▲", 0),
    "meets": ("●", 1),
    "conflicted": ("◆", 2),
    "falls-short": ("▼", 3),
}


@dataclass(frozen=True)
class Shown:
    """A symbol, a word and a tone: `0` is the best to `3` the worst, `open` and `none` beside them."""

    symbol: str
    words: str
    tone: str


def grade_shown(pack: Pack, grade: str) -> Shown:
    """One grade of the scale."""
    written = pack.manifest.scale.grades[grade]
    tone = pack.grades.index(grade) * (TONES - 1) // max(1, len(pack.grades) - 1)
    return Shown(written.symbol, written.label, str(tone))


def grades_shown(pack: Pack, grades: Sequence[str]) -> Shown:
    """The one grade, or those from the worst to the best that are possible, given best first."""
    if len(grades) == 1:
        return grade_shown(pack, grades[0])
    return Shown("?", f"Undetermined: {grades_span(pack, grades)}", "open")


def judgment_shown(pack: Pack, judgment: Judgment) -> Shown:
    """The grade of a judgment, the grades that it may have, or the word for having none."""
    if judgment.not_graded is not None or not judgment.graded:
        return Shown("–", capital(value_words(judgment.final)), "none")
    return grades_shown(pack, judgment.standing)


def earlier_shown(pack: Pack, judgment: Judgment) -> Shown | None:
    """The grade of the judgment before, where one is recorded."""
    earlier = judgment.trend.previous
    if earlier is None:
        return None
    if earlier in pack.grades:
        return grade_shown(pack, earlier)
    return Shown("–", capital(grade_label(pack, earlier)), "none")


PROFILE = ("exceeds", "meets", "conflicted", "falls-short")
"""The outcomes of criteria, the best first."""
OPEN = Shown("?", "Open", "open")
"""What a criterion is of which the evidence decides nothing."""
TRENDS = {"same": "= same", "improved": "↑ improved", "deteriorated": "↓ deteriorated"}
"""What has become of a grade, by symbol and word; nothing where that is not known."""


def outcome_shown(possible: frozenset[str]) -> Shown:
    """The outcome of a criterion, or that it is open."""
    words = capital(outcome_phrase(possible))
    if len(possible) == 1 and (only := next(iter(possible))) in _OUTCOMES:
        symbol, tone = _OUTCOMES[only]
        return Shown(symbol, words, str(tone))
    return Shown("?", words, "open")
