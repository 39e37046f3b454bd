"""L104: a limiter that never bites."""

from __future__ import annotations

from collections.abc import Iterator

from grading.policy.lint.subject import Subject
from grading.problems import Problem


def dead_limiters(subject: Subject) -> Iterator[Problem]:
    """The limiters that lower the grade of no judgment of their ladder."""
    for written in subject.written:
        judgments = subject.by_home.get(written.home, ())
        if written.kind != "limiter" or not judgments or not all(j.every for j in judgments):
            continue
        rules = [
            (judgment.states, rule)
            for judgment in judgments
            for rule in judgment.states.ladder.rules
            if rule.place == written.place
        ]
        if any(states.differs(rule, None) for states, rule in rules):
            continue
        message = f"{written.says} never bites"
        if any(rule.id in states.holding for states, rule in rules):
            message += ": wherever its condition holds, the grade is no better without it"
            hint = "lower its `at-best`, widen its condition, or take it out"
        else:
            message += ": its condition never holds"
            hint = "correct its condition, or take it out"
        yield Problem(written.key, "L104", message, hint)
