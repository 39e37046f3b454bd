"""L102: an outcome of criteria that no evidence brings about."""

from __future__ import annotations

from collections.abc import Iterator

from grading.policy.lint.subject import Subject
from grading.problems import Problem


def dead_outcomes(subject: Subject) -> Iterator[Problem]:
    """The outcomes that none of the criteria with their condition can have."""
    for written in subject.written:
        if written.kind != "outcome" or not written.rules:
            continue
        among = [subject.number_of[rule.owner] for rule in written.rules]
        looked = [(subject.looked[group], number) for group, number in among]
        if not all(group.every for group, _ in looked):
            continue
        if any(written.name in group.outcomes[number] for group, number in looked):
            continue
        message = f"no evidence leads to {written.says}"
        if any((number, written.name) in group.settled for group, number in looked):
            message += ": wherever its condition holds, the criterion comes out otherwise"
        yield Problem(written.key, "L102", message, "make its condition one that evidence can meet")
