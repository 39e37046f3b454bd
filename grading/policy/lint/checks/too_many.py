"""L113: what was too much to look at."""

from __future__ import annotations

from collections.abc import Iterator

from grading.policy.lint.subject import Subject
from grading.problems import Problem, listed

_HINT = "divide the conditions, or count fewer different things; `prove` looks in other ways"


def too_many(subject: Subject) -> Iterator[Problem]:
    """The criteria and judgments whose states are too many to look at one by one."""
    for group, looked in subject.looked.items():
        if not looked.every:
            names = listed((f"`{criterion}`" for criterion in group.criteria), "and")
            place = subject.pack.criteria[group.criteria[0]].place
            message = f"there are too many states of {names} to look at all of them"
            yield Problem(place, "L113", message, _HINT)
    for judgment in subject.graded:
        if not judgment.states.every:
            place = subject.pack.places[judgment.owner]
            message = f"there are too many states of `{judgment.owner}` to look at all of them"
            yield Problem(place, "L113", message, _HINT)
