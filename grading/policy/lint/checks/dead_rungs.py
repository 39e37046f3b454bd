"""L101: a rung that no state reaches."""

from __future__ import annotations

from collections.abc import Iterator

from grading.policy.lint.subject import Subject
from grading.problems import Problem


def dead_rungs(subject: Subject) -> Iterator[Problem]:
    """The rungs that no judgment of their ladder reaches, whatever the evidence."""
    for written in subject.written:
        judgments = subject.by_home.get(written.home, ())
        if written.kind != "rung" or not judgments or not all(j.every for j in judgments):
            continue
        if any(written.name in judgment.states.reached for judgment in judgments):
            continue
        holds = any(
            rule.id in j.states.holding
            for j in judgments
            for rule in j.states.ladder.rules
            if rule.place == written.place
        )
        message = f"no evidence reaches {written.says}"
        if holds:
            message += ": wherever its condition holds, a rung above it does"
        yield Problem(
            written.key,
            "L101",
            message,
            "loosen its condition, tighten those above, or take it out",
        )
