"""L901 and L902: comments that accept results and do not say what or why."""

from __future__ import annotations

from collections.abc import Iterator

from grading.policy.lint.pages import pages_of_checks
from grading.policy.lint.subject import Subject
from grading.problems import Problem, known_instead, quoted

_HINT = "write `# accepted L109: ` and the reason"


def without_reason(subject: Subject) -> Iterator[Problem]:
    """The comments without a reason, or without a code."""
    for accepted in subject.accepted:
        if not accepted.code or not accepted.because:
            missing = "reason" if accepted.code else "code and a reason"
            yield Problem(accepted.place, "L901", f"accepted without a {missing}", _HINT)


def unknown_code(subject: Subject) -> Iterator[Problem]:
    """The comments that name a code that lint does not have."""
    for accepted in subject.accepted:
        if accepted.code and accepted.code not in pages_of_checks():
            message = f"lint has no code {quoted(accepted.code)}"
            hint = known_instead(accepted.code, pages_of_checks())
            yield Problem(accepted.place, "L902", message, hint or "take the comment out")
