"""L402: a threshold without a case on each side."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from grading.policy.lint.checks.cases_of_rules import untried
from grading.policy.lint.subject import Subject
from grading.problems import Place, Problem, listed
from grading.rules.rule import Always, Compared, leaves


def thresholds_without_cases(subject: Subject) -> Iterator[Problem]:
    """The numbers, levels and words of conditions that the cases try on one side alone."""
    if not subject.cases:
        return
    seen: set[Place] = set()
    values: dict[str, set[Decimal]] = {}
    for name, value in subject.tried.values:
        values.setdefault(name, set()).add(value)
    for written in subject.written:
        for rule in written.rules[:1]:
            for leaf in leaves(rule.body):
                if leaf.place in seen or isinstance(leaf, Always):
                    continue
                seen.add(leaf.place)
                if isinstance(leaf, Compared) and leaf.numbers:
                    yield from _numbers(leaf, values.get(leaf.indicator, set()))
                elif leaf.place != written.place:
                    yield from _sides(subject, leaf.place)


def _numbers(leaf: Compared, values: set[Decimal]) -> Iterator[Problem]:
    for number in leaf.numbers:
        sides = {
            "below": any(value < number for value in values),
            "at": number in values,
            "above": any(value > number for value in values),
        }
        missing = [side for side, tried in sides.items() if not tried]
        if missing:
            message = f"no case has `{leaf.indicator}` {listed(missing, 'or')} {number}"
            hint = "add a case with a value just below it, one at it and one just above it"
            yield Problem(leaf.place, "L402", message, hint)


def _sides(subject: Subject, place: Place) -> Iterator[Problem]:
    says = untried(place, subject.tried.leaves)
    if says:
        message = f"this condition {says}"
        yield Problem(place, "L402", message, "add a case on the other side")
