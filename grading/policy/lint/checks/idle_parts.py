"""L109: a part of a rung or limiter that never changes a grade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from grading.policy.lint.ladder_states import States, without
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
        for place in _idle(rules):
            message = f"this part of {written.says} never changes a grade"
            hint = "take it out, or accept it with the reason why it stands there"
            yield Problem(place, "L109", message, hint)


def _idle(rules: Sequence[tuple[States, Rule]]) -> list[Place]:
    """The parts that can be left out together; of two that stand for each other, the later one."""
    found: list[Place] = []
    places = list(dict.fromkeys(part.place for part, _ in without(rules[0][1].body)))
    left = list(rules)
    for place in reversed(places):
        shorter = [(states, rule, _without(rule.body, place)) for states, rule in left]
        if any(body is None for _, _, body in shorter):
            continue  # it stood in another that is left out
        if not any(states.differs(_original(rules, states), body) for states, _, body in shorter):
            found.append(place)
            left = [(states, replace(rule, body=body)) for states, rule, body in shorter if body]
    return [place for place in found if not _around(rules[0][1].body, place, found)]


def _original(rules: Sequence[tuple[States, Rule]], states: States) -> Rule:
    return next(rule for each, rule in rules if each is states)


def _without(body: Node, place: Place) -> Node | None:
    return next((rest for part, rest in without(body) if part.place == place), None)


def _around(body: Node, place: Place, found: Sequence[Place]) -> bool:
    """Whether the part stands inside another that is left out."""
    return any(
        part.place in found and part.place != place and _holds(part, place)
        for part, _ in without(body)
    )


def _holds(node: Node, place: Place) -> bool:
    return any(inner.place == place for inner, _ in without(node))
