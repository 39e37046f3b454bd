"""Which change of a rule moved a grade: each change by itself put into the pack as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from grading.explain.asked import asked
from grading.rules.facts import Facts, Possible
from grading.rules.loaded import Pack
from grading.rules.rule import All, Any, No, Node, Some, inside
from grading.rules.stages import by_definition


@dataclass(frozen=True)
class Cause:
    """A change that is written in one place: the place, what is asked there now, and what was."""

    place: str
    rules: tuple[str, ...]
    now: str
    before: str


@dataclass(frozen=True)
class _Edit:
    """A part of a rule's condition, by the way to it, that is otherwise."""

    rule: str
    way: tuple[int, ...]
    was: Node
    now: Node


@dataclass(frozen=True)
class _Unit:
    """What is changed in one place: the same part of one rule, or of all rules that share it."""

    cause: Cause
    edits: tuple[_Edit, ...]


class Causes:
    """The changes of rules between two packs that differ in nothing else, for what they move."""

    def __init__(self, before: Pack, after: Pack) -> None:
        self.before, self.after = before, after
        self.units = _units(before, after)

    def of(self, facts: Facts, owner: str, grades: Possible) -> tuple[Cause, ...]:
        """What moves a judgment to these grades on these facts.

        Each change that does by itself; if none does, each without which it would not move so far;
        and if there is none such either, all of them.
        """
        alone = [u for u in self.units if self._graded(facts, owner, [u]) == grades]
        if not alone:
            alone = [
                unit
                for unit in self.units
                if self._graded(facts, owner, [u for u in self.units if u is not unit]) != grades
            ]
        return tuple(unit.cause for unit in alone or self.units)

    def _graded(self, facts: Facts, owner: str, units: Sequence[_Unit]) -> Possible:
        rules = dict(self.before.rules)
        for edit in (edit for unit in units for edit in unit.edits):
            rule = rules[edit.rule]
            rules[edit.rule] = replace(rule, body=_edited(rule.body, edit.way, edit.now))
        final = by_definition(replace(self.before, rules=rules), facts)[1]
        return final.judgments.get(owner, frozenset())


def changed_rules(before: Pack, after: Pack) -> tuple[str, ...]:
    """The rules of which the conditions differ."""
    return tuple(
        name
        for name, rule in after.rules.items()
        if name in before.rules and before.rules[name].body != rule.body
    )


def _units(before: Pack, after: Pack) -> tuple[_Unit, ...]:
    """The parts of conditions that differ, those that are written in the same place together."""
    by_place: dict[str, list[_Edit]] = {}
    for name in changed_rules(before, after):
        for edit in _edits(name, (), before.rules[name].body, after.rules[name].body):
            by_place.setdefault(str(edit.now.place), []).append(edit)
    return tuple(
        _Unit(
            Cause(
                place,
                tuple(edit.rule for edit in edits),
                asked(edits[0].now, after),
                asked(edits[0].was, before),
            ),
            tuple(edits),
        )
        for place, edits in by_place.items()
    )


def _edits(rule: str, way: tuple[int, ...], was: Node, now: Node) -> Iterator[_Edit]:
    """The smallest parts in which two conditions differ."""
    parts, others = inside(was), inside(now)
    alike = type(was) is type(now) and len(parts) == len(others)
    least = getattr(was, "least", None) == getattr(now, "least", None)
    if not parts or not alike or not least:
        yield _Edit(rule, way, was, now)
        return
    for n, (part, other) in enumerate(zip(parts, others, strict=True)):
        if part != other:
            yield from _edits(rule, (*way, n), part, other)


def _edited(node: Node, way: tuple[int, ...], now: Node) -> Node:
    """The condition with another part at the end of the way."""
    if not way:
        return now
    match node:
        case All(parts=parts) | Any(parts=parts) | No(parts=parts) | Some(parts=parts):
            first, *rest = way
            part = _edited(parts[first], tuple(rest), now)
            return replace(node, parts=(*parts[:first], part, *parts[first + 1 :]))
        case _:
            raise ValueError(f"{node!r} has no parts")
