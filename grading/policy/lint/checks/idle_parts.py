"""L109: a part of a rung or limiter that never changes a grade, or of a criterion's rule an outcome."""

from __future__ import annotations

from collections.abc import Iterator

from grading.policy.lint.ladder_states import without
from grading.policy.lint.subject import Subject
from grading.problems import Place, Problem
from grading.rules.rule import Node, Rule


def idle_parts(subject: Subject) -> Iterator[Problem]:
    """The parts without which every judgment of the ladder has the same grade in every state."""
    for written in subject.written:
        judgments = subject.by_home.get(written.home, ())
        if written.kind not in ("rung", "limiter") or not judgments:
            continue
        if not all(judgment.every for judgment in judgments):
            continue
        states = {id(judgment.states): judgment.states for judgment in judgments}.values()
        rules = [
            (each, rule)
            for each in states
            for rule in each.ladder.rules
            if rule.place == written.place
        ]
        if not any(each.differs(rule, None) for each, rule in rules):
            continue  # the whole of it is idle
        needed = {
            part.place
            for each, rule in rules
            for part, body in without(rule.body)
            if each.differs(rule, body)
        }
        for place in _parts(rules[0][1]):
            if place not in needed and not _inside_idle(rules[0][1].body, place, needed):
                message = f"this part of {written.says} never changes a grade"
                hint = "take it out, or accept it with the reason why it stands there"
                yield Problem(place, "L109", message, hint)


def _parts(rule: Rule) -> list[Place]:
    return list(dict.fromkeys(part.place for part, _ in without(rule.body)))


def _inside_idle(body: Node, place: Place, needed: set[Place]) -> bool:
    """Whether the part stands inside another that never changes a grade."""
    return any(
        part.place not in needed and part.place != place and _holds(part, place)
        for part, _ in without(body)
    )


def _holds(node: Node, place: Place) -> bool:
    return any(inner.place == place for inner, _ in without(node))
