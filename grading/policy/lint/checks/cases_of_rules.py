"""L401 and L403: a rule that no case makes hold, or none makes fail."""

from __future__ import annotations

from collections.abc import Iterator

from grading.policy.lint.subject import Subject
from grading.policy.lint.tried import Told
from grading.problems import Place, Problem
from grading.rules.rule import Always


def rules_without_cases(subject: Subject) -> Iterator[Problem]:
    """The conditions that come to one thing in every case."""
    if not subject.cases:
        return
    tried = subject.tried.rules
    for written in subject.written:
        if not written.rules or isinstance(written.rules[0].body, Always):
            continue
        says = untried(written.place, tried)
        if says:
            hint = "add a case on the other side; `rules test --new` writes one from a run"
            yield Problem(written.key, "L401", f"{written.says} {says}", hint)


def untried(place: Place, told: frozenset[Told]) -> str:
    """What no case makes of the condition at a place: the end of a sentence, or nothing."""
    holds, fails = ((place, truth) in told for truth in (True, False))
    if holds and fails:
        return ""
    return (
        "holds in no case" if fails else "holds in every case" if holds else "is open in every case"
    )


def no_cases(subject: Subject) -> Iterator[Problem]:
    """A pack that has no cases."""
    if subject.cases == ():
        document = subject.files.manifest[0]
        hint = "add `cases/….yaml`: what is given, what is expected, and why"
        yield Problem(document.key_place(("id",)), "L403", "the pack has no cases", hint)
