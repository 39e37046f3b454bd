"""L401 and L403: a rule that no case makes hold, or none makes fail."""

from __future__ import annotations

from collections.abc import Iterator

from grading.policy.lint.subject import Subject
from grading.problems import Problem
from grading.rules.rule import Always


def rules_without_cases(subject: Subject) -> Iterator[Problem]:
    """The conditions that come to one thing in every case."""
    if not subject.cases:
        return
    tried = subject.tried.rules
    for written in subject.written:
        if not written.rules or isinstance(written.rules[0].body, Always):
            continue
        missing = [
            word
            for word, truth in (("holds", True), ("does not hold", False))
            if (written.place, truth) not in tried
        ]
        if missing:
            message = f"{written.says} {' and in none '.join(missing)} in no case"
            message = message.replace("holds and in none does not hold in no case", "is in no case")
            hint = "add a case on that side; `rules test --new` writes one from a run"
            yield Problem(written.key, "L401", message, hint)


def no_cases(subject: Subject) -> Iterator[Problem]:
    """A pack that has no cases."""
    if not subject.cases:
        document = subject.files.manifest[0]
        hint = "add `cases/….yaml`: what is given, what is expected, and why"
        yield Problem(document.key_place(("id",)), "L403", "the pack has no cases", hint)
