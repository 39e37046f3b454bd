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
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import count

import durable_rules_engine as _engine  # type: ignore[import-not-found,unused-ignore]

from grading.engine.laid_out import ALIASES, BEGIN, laid_out
from grading.engine.shapes import (
    EngineFault,
    EngineRule,
    Fact,
    Pattern,
    Test,
    TooLarge,
    Value,
    matches,
)
from grading.engine.written import (
    Written,
    fnv,
    json_object,
    property_of,
    route,
)

_SESSION = "session"
_MOST_FIRINGS = 200_000


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


def engine_version() -> str:
    """The version of the engine that is installed."""
    return version("durable-rules")


def compile_rules(rules: Sequence[EngineRule]) -> Compiled:
    """The rules, ready to fire. Raises TooLarge where the engine could not be trusted with them."""
    laid = laid_out(rules)
    handle = _engine.create_ruleset("grading", laid.definitions)
    return Compiled(handle, laid.rules, laid.wanted)


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
        self._hashes = {fnv(BEGIN), fnv(f"sid-{_SESSION}")}
        self._numbers = count()
        self._fired: set[tuple[str, tuple[str, ...]]] = set()
        self._offset = 0

    def begin(self) -> None:
        """Start the session by firing the begin rule, which also makes it safe to delete."""
        fact = json_object({"id": BEGIN, "sid": _SESSION, "begin:n": 1})
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
        number = next(n for n in (f"f{i}" for i in self._numbers) if fnv(n) not in self._hashes)
        self._hashes.add(fnv(number))
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
        matched = [self._by_number[match[alias]["id"]] for alias in ALIASES[: len(rule.when)]]
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
        encoded: dict[str, Value | Written] = {"id": number, "sid": _SESSION}
        for test in route(fact.kind, fact.key):
            encoded[property_of(test)] = test.value
        for name in self.compiled.wanted.get((fact.kind, fact.key), ()):
            if name in fact.fields:
                encoded[property_of(Test(name, "==", fact.fields[name]))] = fact.fields[name]
        return json_object(encoded)


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
