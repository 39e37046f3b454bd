"""L111: better evidence that lowers the outcome of a criterion."""

from __future__ import annotations

from collections.abc import Iterator

from grading.policy.lint.criteria_states import worsened
from grading.policy.lint.subject import Subject
from grading.policy.lint.telling import added, told
from grading.policy.lint.written import Written
from grading.problems import Problem
from grading.rules.stages import NOT_SHOWN

_BAD = ("falls-short", "conflicted")


def worse_outcomes(subject: Subject) -> Iterator[Problem]:
    """The rules of criteria by which better evidence lowers an outcome, or worse evidence raises it."""
    seen: set[str] = set()
    for written in subject.written:
        if written.kind != "outcome" or written.home in seen or not written.rules:
            continue
        problem = _worse(subject, written)
        if problem is not None:
            seen.add(written.home)
            yield problem


def _worse(subject: Subject, written: Written) -> Problem | None:
    for rule in written.rules:
        group, number = subject.number_of[rule.owner]
        for step in subject.looked[group].steps:
            if not worsened(step, number):
                continue
            before, after = (_said(state.outcomes[number]) for state in (step.before, step.after))
            if written.name != _turning(before, after, better=step.better):
                continue
            way = "lowers" if step.better else "raises"
            message = (
                f"{added(step.added)} {way} `{rule.owner}` from `{before}` to `{after}`"
                f" in an inspection {told(step.before.example)}"
            )
            hint = f"turn {written.says} round, or let it hold of the better evidence as well"
            return Problem(written.key, "L111", message, hint)
    return None


def _turning(before: str, after: str, *, better: bool) -> str:
    """The outcome whose rule turns the wrong way between two outcomes."""
    first, second = (after, before) if better else (before, after)
    return "falls-short" if first in _BAD else second


def _said(possible: frozenset[str]) -> str:
    return next(iter(possible)) if len(possible) == 1 else NOT_SHOWN
