"""L103: a finding that no evidence brings about."""

from __future__ import annotations

from collections.abc import Iterator

from grading.policy.lint.subject import Subject
from grading.problems import Problem


def dead_findings(subject: Subject) -> Iterator[Problem]:
    """The findings that no criterion can have."""
    for written in subject.written:
        if written.kind != "finding" or not written.rules:
            continue
        among = [subject.number_of[rule.owner] for rule in written.rules]
        looked = [(subject.looked[group], number) for group, number in among]
        if not all(group.every for group, _ in looked):
            continue
        if not any((number, written.name) in group.settled for group, number in looked):
            message = f"no evidence leads to {written.says}"
            yield Problem(written.key, "L103", message, "make its condition one that can hold")
