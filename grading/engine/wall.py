"""The wall around durable_rules: the only module that names it.

What a caller would not expect of that library, and what is done about it here:

- Negation, retraction, `any`, arithmetic, joins, batches and `Host` are wrong or kill the process.
  Only positive conjunctions of constant comparisons are compiled, and facts are asserted singly.
- Ids and property names are known to it by a 32-bit hash alone. Facts get ids of the wall's own,
  and a collision is refused before it reaches C.
- A fact's value of another type than the rule's is compared as garbage. The type is part of the
  property's name.
- It loops for ever above 511 alternatives under one node and crashes at 256 rules that share a
  condition. Both are counted at compile time, with a margin.
- Deleting the session of a ruleset in which nothing ever fired crashes. A begin rule fires first.
- It reads numbers with the locale's decimal point. Another locale is refused.

Every firing is checked again here from the facts that it matched.
"""

from __future__ import annotations

import json
import locale
import operator
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any, Literal

import durable_rules_engine as _engine  # type: ignore[import-not-found,unused-ignore]

from grading.rules.facts import Way

Value = str | int | Decimal
Operator = Literal["==", "!=", "<", "<=", ">", ">="]
_OPERATORS: Mapping[Operator, tuple[str, Callable[[Any, Any], bool]]] = {
    "==": ("", operator.eq),
    "!=": ("$neq", operator.ne),
    "<": ("$lt", operator.lt),
    "<=": ("$lte", operator.le),
    ">": ("$gt", operator.gt),
    ">=": ("$gte", operator.ge),
}
_quoted = json.JSONEncoder(ensure_ascii=False).encode
_SESSION, _BEGIN = "session", "begin"
_ALIASES = tuple(f"e{i}" for i in range(16))
_BUCKETS = 199
_MOST_ALTERNATIVES, _MOST_SHARED, _MOST_OPEN, _MOST_RULES = 480, 250, 56, 4000
_MOST_FIRINGS = 200_000


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


@dataclass(frozen=True, slots=True)
class Firing:
    """One rule that fired, the facts it matched in the order of its patterns, and what it asserted."""

    rule: str
    facts: tuple[str, ...]
    asserts: str


@dataclass(frozen=True)
class Compiled:
    """Rules inside the engine, with what is needed to encode facts for them."""

    handle: int
    rules: Mapping[str, EngineRule]
    wanted: Mapping[tuple[str, str], tuple[str, ...]]


@dataclass(frozen=True)
class Session:
    """What a run left: facts by id, and the firings in order."""

    facts: Mapping[str, Fact]
    firings: tuple[Firing, ...]


Close = Callable[[Mapping[str, Fact]], Iterable[Fact]]


class _Raw(str):
    """Text that is JSON already."""


def compile_rules(rules: Sequence[EngineRule]) -> Compiled:
    """The rules, ready to fire. Raises TooLarge where the engine could not be trusted with them."""
    if len(rules) > _MOST_RULES:
        raise TooLarge(f"{len(rules)} engine rules are more than {_MOST_RULES}")
    wanted: dict[tuple[str, str], set[str]] = {}
    definitions: dict[str, _Raw] = {}
    network = _Network()
    # most patterns stand in several rules: each is written once
    written: dict[Pattern, tuple[tuple[Test, ...], _Raw]] = {}
    for number, rule in enumerate(rules):
        if not 1 <= len(rule.when) <= len(_ALIASES):
            raise TooLarge(f"rule {rule.id} has {len(rule.when)} patterns")
        alternatives = []
        for alias, pattern in zip(_ALIASES, rule.when, strict=False):
            if pattern not in written:
                terms = (*_route(pattern.kind, pattern.key), *pattern.tests)
                fields = wanted.setdefault((pattern.kind, pattern.key), set())
                fields.update(test.field for test in pattern.tests)
                written[pattern] = network.add(terms), _conjunction(terms)
            end, conjunction = written[pattern]
            network.ends[end] += 1
            alternatives.append(_object({alias: conjunction}))
        definitions[f"r{number}"] = _object({"all": _array(alternatives)})
    network.check()
    begin = _object({"m": _object({"begin:n": 1})})
    definitions[_BEGIN] = _object({"all": _array([begin])})
    handle = _engine.create_ruleset("grading", _object(definitions))
    by_number = {f"r{number}": rule for number, rule in enumerate(rules)}
    return Compiled(handle, by_number, {k: tuple(sorted(v)) for k, v in wanted.items()})


def release(compiled: Compiled) -> None:
    """Give the memory of compiled rules back; they cannot fire afterwards."""
    _engine.delete_ruleset(compiled.handle)


def fire(compiled: Compiled, facts: Iterable[Fact], stages: Sequence[Close]) -> Session:
    """Assert the facts, fire to the end, then each stage's facts in turn, firing to the end again.

    Raises EngineFault on any result of the engine that does not follow from the facts.
    """
    if locale.localeconv()["decimal_point"] != ".":
        raise EngineFault("numbers cannot be read in this locale; set LC_NUMERIC to C")
    run = _Run(compiled)
    try:
        run.begin()
        for fact in facts:
            run.add(fact)
        run.drain()
        for close in stages:
            for fact in list(close(dict(run.known))):
                run.add(fact)
            run.drain()
    finally:
        _engine.delete_state(compiled.handle, _SESSION)
    return Session(dict(run.known), tuple(run.firings))


class _Run:
    """One session of the engine."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.known: dict[str, Fact] = {}
        self.firings: list[Firing] = []
        self._by_number: dict[str, Fact] = {}
        self._hashes = {_fnv(_BEGIN), _fnv(f"sid-{_SESSION}")}
        self._numbers = count()
        self._fired: set[tuple[str, tuple[str, ...]]] = set()
        self._offset = 0

    def begin(self) -> None:
        """Start the session by firing the begin rule, which also makes it safe to delete."""
        fact = _object({"id": _BEGIN, "sid": _SESSION, "begin:n": 1})
        _, self._offset = _engine.assert_fact(self.compiled.handle, fact)
        started = _engine.start_action_for_state(self.compiled.handle, self._offset)
        if started is None:
            raise EngineFault("the engine did not start a session")
        if _engine.complete_and_start_action(self.compiled.handle, self._offset) is not None:
            raise EngineFault("the engine started a session that was not empty")

    def add(self, fact: Fact) -> None:
        """Assert one fact, under an id whose hash no other fact of the session has."""
        if fact.id in self.known:
            raise EngineFault(f"fact `{fact.id}` was asserted twice")
        number = next(n for n in (f"f{i}" for i in self._numbers) if _fnv(n) not in self._hashes)
        self._hashes.add(_fnv(number))
        status, offset = _engine.assert_fact(self.compiled.handle, self._encode(fact, number))
        if status not in (0, 1) or offset != self._offset:
            raise EngineFault(f"the engine answered {status} to fact `{fact.id}`")
        self.known[fact.id] = self._by_number[number] = fact

    def drain(self) -> None:
        """Fire until nothing is left to fire."""
        handle = self.compiled.handle
        started = _engine.start_action_for_state(handle, self._offset)
        message = started[1] if started else None
        while message:
            self._fire(message)
            message = _engine.complete_and_start_action(handle, self._offset)

    def _fire(self, message: str) -> None:
        ((name, match),) = json.loads(message).items()
        rule = self.compiled.rules.get(name)
        if rule is None or len(self.firings) >= _MOST_FIRINGS:
            raise EngineFault(f"the engine fired `{name}` out of turn")
        matched = [self._by_number[match[alias]["id"]] for alias in _ALIASES[: len(rule.when)]]
        if not all(map(matches, rule.when, matched)):
            raise EngineFault(f"the engine fired `{rule.id}` on facts that do not match it")
        ids = tuple(fact.id for fact in matched)
        if (name, ids) in self._fired:
            raise EngineFault(f"the engine fired `{rule.id}` twice on the same facts")
        self._fired.add((name, ids))
        concluded = rule.conclude(matched)
        if concluded.id not in self.known:
            self.add(concluded)
        elif self.known[concluded.id] != concluded:
            raise EngineFault(f"two rules conclude `{concluded.id}` differently")
        self.firings.append(Firing(rule.id, ids, concluded.id))

    def _encode(self, fact: Fact, number: str) -> str:
        """The JSON of a fact: only fields that a rule reads, their type in their name."""
        encoded: dict[str, Value | _Raw] = {"id": number, "sid": _SESSION}
        for test in _route(fact.kind, fact.key):
            encoded[_property(test)] = test.value
        for name in self.compiled.wanted.get((fact.kind, fact.key), ()):
            if name in fact.fields:
                encoded[_property(Test(name, "==", fact.fields[name]))] = fact.fields[name]
        return _object(encoded)


def matches(pattern: Pattern, fact: Fact) -> bool:
    """Whether the fact is of the pattern's kind and key and passes its tests: the engine's work, again."""
    return (fact.kind, fact.key) == (pattern.kind, pattern.key) and all(
        test.field in fact.fields
        and _type(fact.fields[test.field]) == _type(test.value)
        and _OPERATORS[test.operator][1](fact.fields[test.field], test.value)
        for test in pattern.tests
    )


class _Network:
    """The engine's tree of shared conditions, kept to count what it cannot stand too much of."""

    def __init__(self) -> None:
        self.children: dict[tuple[Test, ...], set[Test]] = {}
        self.ends: dict[tuple[Test, ...], int] = {}
        self.names: set[str] = set()

    def add(self, terms: Sequence[Test]) -> tuple[Test, ...]:
        """Enter one pattern, given as the path of its conditions, and say where it ends."""
        path: tuple[Test, ...] = ()
        for term in terms:
            self.children.setdefault(path, set()).add(term)
            path = (*path, term)
            self.names.add(_property(term))
        self.ends.setdefault(path, 0)
        return path

    def check(self) -> None:
        """Raises TooLarge where a limit of the engine is near."""
        if len({_fnv(name) for name in self.names}) < len(self.names):
            raise TooLarge("two field names have one hash in the engine")
        opened = {path: _open_at_once(children) for path, children in self.children.items()}
        for path, children in self.children.items():
            if len(children) > _MOST_ALTERNATIVES:
                raise TooLarge(f"more than {_MOST_ALTERNATIVES} alternatives in one place")
            if sum(opened[path[:i]] for i in range(len(path) + 1)) > _MOST_OPEN:
                raise TooLarge(f"more than {_MOST_OPEN} conditions can hold of one fact at once")
        if any(number > _MOST_SHARED for number in self.ends.values()):
            raise TooLarge(f"more than {_MOST_SHARED} rules share one condition")


def _open_at_once(children: set[Test]) -> int:
    """How many sibling conditions can be true of one fact at the same time."""
    equal = {test.field for test in children if test.operator == "=="}
    return len(equal) + sum(test.operator != "==" for test in children)


def _route(kind: str, key: str) -> tuple[Test, Test]:
    """Two conditions that lead to the facts of a kind and key; the bucket keeps nodes small."""
    name = f"{kind}/{key}"
    return (
        Test("_bucket", "==", zlib.crc32(name.encode()) % _BUCKETS),
        Test("_route", "==", name),
    )


def _type(value: Value) -> str:
    return "s" if isinstance(value, str) else "n"


def _property(test: Test) -> str:
    return f"{test.field}:{_type(test.value)}"


def _conjunction(terms: Sequence[Test]) -> _Raw:
    parts = []
    for term in terms:
        plain = _object({_property(term): term.value})
        word = _OPERATORS[term.operator][0]
        parts.append(_object({word: plain}) if word else plain)
    return _object({"$and": _array(parts)})


def _object(members: Mapping[str, Value | _Raw]) -> _Raw:
    return _Raw("{" + ",".join(f"{_literal(k)}:{_literal(v)}" for k, v in members.items()) + "}")


def _array(members: Sequence[_Raw]) -> _Raw:
    return _Raw("[" + ",".join(members) + "]")


def _literal(value: Value | _Raw) -> str:
    """JSON that the engine's parser reads as this value and no other."""
    if isinstance(value, _Raw):
        return value
    if isinstance(value, str):
        if len(value) > 1000 or "\0" in value:
            raise EngineFault("text too long for matching")
        return _quoted(value)
    if isinstance(value, Decimal):
        digits = value.normalize().as_tuple()
        if (
            not isinstance(digits.exponent, int)
            or len(digits.digits) > 15
            or abs(digits.exponent) > 15
            or value.adjusted() > 15
        ):
            raise EngineFault(f"number {value} has more digits than the engine keeps")
        return format(value, "f")
    if abs(value) >= 2**53:
        raise EngineFault(f"number {value} is larger than the engine keeps")
    return str(value)


def _fnv(name: str) -> int:
    """The engine's hash of a name: 32-bit FNV-1a over signed bytes."""
    total = 2166136261
    for byte in name.encode():
        total = ((total ^ (byte if byte < 128 else byte | 0xFFFFFF00)) * 16777619) & 0xFFFFFFFF
    return total


__all__ = [
    "Compiled",
    "EngineFault",
    "EngineRule",
    "Fact",
    "Firing",
    "Pattern",
    "Session",
    "Test",
    "TooLarge",
    "compile_rules",
    "fire",
    "matches",
    "release",
]
