"""What the engine works on: facts, patterns of facts, and rules of patterns."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from grading.rules.facts import Way

Value = str | int | Decimal
Operator = Literal["==", "!=", "<", "<=", ">", ">="]
_HOLDS: Mapping[Operator, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class EngineFault(Exception):
    """The engine did something that it must never do."""


class TooLarge(Exception):
    """A rule pack beyond what the engine can be trusted with."""


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of a field of a fact with a constant."""

    field: str
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class Pattern:
    """Facts of one kind and key that pass every test."""

    kind: str
    key: str
    tests: tuple[Test, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known to the engine. `way` and `records` say what evidence it rests on."""

    id: str
    kind: str
    key: str
    fields: Mapping[str, Value] = field(default_factory=dict)
    way: Way = frozenset()


Conclude = Callable[[Sequence[Fact]], Fact]


@dataclass(frozen=True, slots=True)
class EngineRule:
    """When each pattern is matched by a fact, `conclude` makes a fact of them."""

    id: str
    when: tuple[Pattern, ...]
    conclude: Conclude


def matches(pattern: Pattern, fact: Fact) -> bool:
    """Whether the fact is of the pattern's kind and key and passes its tests: the engine's work, again."""
    return (fact.kind, fact.key) == (pattern.kind, pattern.key) and all(
        test.field in fact.fields
        and type_of(fact.fields[test.field]) == type_of(test.value)
        and _HOLDS[test.operator](fact.fields[test.field], test.value)
        for test in pattern.tests
    )


def type_of(value: Value) -> str:
    """Text or number: two values of different types are never compared."""
    return "s" if isinstance(value, str) else "n"
