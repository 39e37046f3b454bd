"""Which change of a rule moved a grade: each change by itself put into the pack as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from grading.explain.asked import asked
from grading.rules.facts import Facts, Possible
from grading.rules.loaded import Pack
from grading.rules.rule import Node, Rule, inside
from grading.rules.stages import by_definition


@dataclass(frozen=True)
class Cause:
    """A change that is written in one place: the place, what is asked there now, and what was."""

    place: str
    rules: tuple[str, ...]
    now: str
    before: str


@dataclass(frozen=True)
class _Unit:
    """Rules that are changed in one place."""

    cause: Cause
    rules: Mapping[str, Rule]


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
        for unit in units:
            rules |= unit.rules
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
    """The changed rules, those that are changed in the same place together."""
    by_place: dict[tuple[str, ...], list[str]] = {}
    first: dict[tuple[str, ...], tuple[Node, Node]] = {}
    for name in changed_rules(before, after):
        pairs = list(_differing(before.rules[name].body, after.rules[name].body))
        where = tuple(str(now.place) for _, now in pairs)
        by_place.setdefault(where, []).append(name)
        first.setdefault(where, pairs[0])
    return tuple(
        _Unit(
            Cause(
                ", ".join(where),
                tuple(names),
                asked(first[where][1], after),
                asked(first[where][0], before),
            ),
            {name: after.rules[name] for name in names},
        )
        for where, names in by_place.items()
    )


def _differing(was: Node, now: Node) -> Iterator[tuple[Node, Node]]:
    """The smallest parts in which two conditions differ."""
    parts, others = inside(was), inside(now)
    alike = type(was) is type(now) and len(parts) == len(others)
    least = getattr(was, "least", None) == getattr(now, "least", None)
    if not parts or not alike or not least:
        yield was, now
        return
    for part, other in zip(parts, others, strict=True):
        if part != other:
            yield from _differing(part, other)
