"""Whose words an observation is, and how many observations are independent of each other.

Two observations are one unless something that they state sets them apart: other subjects, another
method, or another day. What is not stated sets nothing apart. A record that names no subjects is a
source of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from grading.evidence.evidence import Placed
from grading.evidence.records import FileReview, Observation

Coded = Placed[Observation] | Placed[FileReview]
_NOT_STATED = "not-stated"


def subjects(placed: Coded) -> str | None:
    """Who or what was asked or looked at, as written; None where the record does not say.

    The subjects of a file review are its files, where their number and period say which they are.
    """
    record = placed.record
    if isinstance(record, Observation):
        return record.subjects
    if record.files is None or record.from_ is None or record.to is None:
        return None
    return f"{record.files} files, {record.sampling}, {record.from_} to {record.to}"


def same_words(text: str) -> str:
    """The text without differences of case and spacing."""
    return " ".join(text.split()).casefold()


def method(placed: Coded) -> str | None:
    """How it was found out; None where the record does not say."""
    if isinstance(placed.record, FileReview):
        return "file-review"
    return None if placed.record.method == _NOT_STATED else placed.record.method


def day(placed: Coded) -> date | None:
    """The day of an observation; None where the record does not say, and for a review of files."""
    return placed.record.date_ if isinstance(placed.record, Observation) else None


def independent(observations: Iterable[Coded]) -> int:
    """The most observations of which any two are stated to differ in subjects, method or day."""
    alone, by_subjects = 0, dict[str, list[Coded]]()
    for placed in observations:
        whose = subjects(placed)
        if whose is None:
            alone += 1
        else:
            by_subjects.setdefault(same_words(whose), []).append(placed)
    return alone + sum(map(_of_one_source, by_subjects.values()))


def _of_one_source(observations: list[Coded]) -> int:
    """How many observations of the same subjects are set apart by method or day.

    One that states a method alone differs from those by other methods, one that states a day alone
    from those of other days, and neither from the other.
    """
    stated = {(method(placed), day(placed)) for placed in observations}
    both = {(how, when) for how, when in stated if how and when}
    methods = {how for how, when in stated if how and not when} - {how for how, _ in both}
    days = {when for how, when in stated if when and not how} - {when for _, when in both}
    return max(1, len(both) + max(len(methods), len(days)))
