"""L105: a criterion that never matters."""

from __future__ import annotations

from collections.abc import Iterator

from grading.policy.lint.subject import Subject
from grading.problems import Problem


def idle_criteria(subject: Subject) -> Iterator[Problem]:
    """The criteria of graded questions that change no grade, whatever they come out as."""
    graded = {judgment.owner: judgment for judgment in subject.graded}
    for criterion in subject.pack.criteria.values():
        judgment = graded.get(criterion.question)
        if judgment is None or not judgment.every:
            continue
        part = next((p for p in judgment.parts if criterion.id in p.names), None)
        if part is not None and judgment.states.matters(part.adds, part.names.index(criterion.id)):
            continue
        message = (
            f"criterion `{criterion.id}` never matters to the grade of `{criterion.question}`:"
            " whatever it comes out as, the grade is the same"
        )
        hint = f"let ladder `{judgment.ladder}` ask about it, or make it a topic of context"
        yield Problem(criterion.place, "L105", message, hint)
