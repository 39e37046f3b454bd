"""L111: better evidence that lowers the outcome of a criterion."""

from __future__ import annotations

from collections.abc import Iterator

from grading.policy.lint.criteria_states import worsened
from grading.policy.lint.subject import Subject
from grading.policy.lint.telling import added, told
from grading.policy.lint.written import Written
from grading.problems import Problem
from grading.rules.stages import NOT_SHOWN


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
            before, after = (
                next(iter(state.outcomes[number]), NOT_SHOWN) for state in (step.before, step.after)
            )
            # the outcome that is lost, or won, against the evidence
            if written.name != (before if step.better else after):
                continue
            way = "lowers" if step.better else "raises"
            message = (
                f"{added(step.added, better=step.better)} {way} `{rule.owner}` from `{before}` to"
                f" `{after}`, where {told(step.before.example)}"
            )
            hint = f"let {written.says} hold of more where the evidence is better"
            return Problem(written.key, "L111", message, hint)
    return None
