"""A rule pack as engine rules.

Each node of each rule becomes rules that conclude that it is true, or that it is false; where
neither is concluded it is unknown. Equal nodes are compiled once. A node that is true carries the
kinds of evidence that it rests on, so that the roles of evidence are enforced by what fires.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from grading.engine.laid_out import laid_out
from grading.engine.shapes import Conclude, EngineRule, Fact, Pattern, Test, TooLarge
from grading.engine.wall import Compiled, compile_rules
from grading.problems import BadInput, Place, Problem
from grading.rules.facts import Way, sound
from grading.rules.loaded import OVERALL, Pack
from grading.rules.pack import OUTCOMES
from grading.rules.rule import (
    All,
    Always,
    Any,
    Compared,
    Count,
    No,
    Node,
    OutcomeIn,
    Some,
    Sought,
    inside,
)

ALWAYS = Pattern("always", "always")
_NEGATED = {"at-least": "<", "at-most": ">", "above": "<=", "below": ">="}
_OPERATOR = {"at-least": ">=", "at-most": "<=", "above": ">", "below": "<"}


@dataclass(frozen=True)
class Program:
    """A pack inside the engine. `roots` gives the node of each rule, `nodes` the name of each node."""

    pack: Pack
    compiled: Compiled
    nodes: Mapping[Node, str]
    roots: Mapping[str, str]


def compile_pack(pack: Pack) -> Program:
    """The pack, ready to fire. Raises BadInput where the engine could not be trusted with it."""
    nodes = _named(pack)
    rules = [rule for node in nodes for rule in _rules(node, nodes, pack)]
    roots = {rule.id: nodes[rule.body] for rule in pack.rules.values()}
    try:
        return Program(pack, compile_rules(rules), nodes, roots)
    except TooLarge as error:
        raise BadInput([_too_large(pack, error)]) from error


def size_problems(pack: Pack) -> tuple[Problem, ...]:
    """Why the engine could not be trusted with a pack: nothing where it can."""
    nodes = _named(pack)
    try:
        laid_out([rule for node in nodes for rule in _rules(node, nodes, pack)])
    except TooLarge as error:
        return (_too_large(pack, error),)
    return ()


def _named(pack: Pack) -> dict[Node, str]:
    """Every condition of the pack's rules and what it is called, those inside it first."""
    nodes: dict[Node, str] = {}
    for rule in pack.rules.values():
        _name(rule.body, rule.id, nodes)
    return nodes


def _too_large(pack: Pack, error: TooLarge) -> Problem:
    place = Place(pack.places[OVERALL].file, 1)
    message = f"the pack is more than the engine can be trusted with: {error}"
    hint = "use fewer rules, or fewer thresholds of one indicator"
    return Problem(place, "E319", message, hint)


def node_fact(node: str, truth: bool, way: Way) -> Fact:
    """The fact that a node is true on these kinds of evidence, or that it is false."""
    if not truth:
        return Fact(f"{node} is false", "node", node, {"truth": "false", "sound": 1})
    kinds = ", ".join(f"{s.kind} ({s.role})" for s in sorted(way)) or "no record"
    fields: dict[str, str | int] = {"truth": "true", "sound": int(sound(way))}
    return Fact(f"{node} by {kinds}", "node", node, fields, way)


def _name(node: Node, name: str, nodes: dict[Node, str]) -> None:
    """Name the parts of a node before the node, so that rules stand in the order they can fire."""
    for number, part in enumerate(inside(node), start=1):
        _name(part, f"{name}/{number}", nodes)
    nodes.setdefault(node, name)


def _rules(node: Node, nodes: Mapping[Node, str], pack: Pack) -> Iterator[EngineRule]:
    name = nodes[node]
    parts = list(dict.fromkeys(nodes[part] for part in inside(node)))
    match node:
        case Always():
            yield EngineRule(name, (ALWAYS,), _true(name))
        case Sought():
            for pattern in _sought(node, pack):
                yield EngineRule(name, (pattern,), _true(name))
        case Compared():
            for pattern in _compared(node):
                yield EngineRule(name, (pattern,), _true(name))
            for pattern in _not_compared(node):
                yield EngineRule(f"not {name}", (pattern,), _false(name))
        case OutcomeIn(criterion=criterion, outcomes=wanted):
            within = [Test(f"may_{_word(o)}", "==", 0) for o in OUTCOMES if o not in wanted]
            without = [Test(f"may_{_word(o)}", "==", 0) for o in wanted]
            yield EngineRule(name, (Pattern("criterion", criterion, tuple(within)),), _true(name))
            yield EngineRule(
                f"not {name}", (Pattern("criterion", criterion, tuple(without)),), _false(name)
            )
        case Count(fewest=fewest, most=most):
            enough = (Test("least", ">=", fewest), Test("greatest", "<=", most))
            yield EngineRule(name, (Pattern("tally", name, enough),), _true(name))
            few, many = Test("greatest", "<", fewest), Test("least", ">", most)
            yield EngineRule(f"not {name}", (Pattern("tally", name, (few,)),), _false(name))
            yield EngineRule(f"not {name}", (Pattern("tally", name, (many,)),), _false(name))
        case All():
            yield EngineRule(name, tuple(map(_is_true, parts)), _true(name))
            for part in parts:
                yield EngineRule(f"not {name}", (_is_false(part),), _false(name))
        case Any():
            for part in parts:
                yield EngineRule(name, (_is_true(part),), _true(name))
            yield EngineRule(f"not {name}", tuple(map(_is_false, parts)), _false(name))
        case No():
            yield EngineRule(name, tuple(map(_is_false, parts)), _true(name))
            for part in parts:
                pattern = Pattern(
                    "node", part, (Test("truth", "==", "true"), Test("sound", "==", 1))
                )
                yield EngineRule(f"not {name}", (pattern,), _false(name))
        case Some(least=least, parts=some):
            # positions, not names: a part written twice counts twice
            every = [nodes[part] for part in some]
            for chosen in _choices(every, least):
                yield EngineRule(name, tuple(map(_is_true, chosen)), _true(name))
            for chosen in _choices(every, len(every) - least + 1):
                yield EngineRule(f"not {name}", tuple(map(_is_false, chosen)), _false(name))


def _sought(node: Sought, pack: Pack) -> Iterator[Pattern]:
    """One pattern a criterion whose topics are all sought, one a topic where only some are."""
    tests = [
        Test("supports", "==", int(node.supports)),
        *(Test(f"{scale}_shown", ">=", rank) for scale, rank in node.shown),
        *(Test(f"{scale}_allowed", ">", rank) for scale, rank in node.excluded),
    ]
    if node.unmitigated:
        tests.append(Test("mitigated", "==", 0))
    criteria = dict.fromkeys(pack.topics[topic] for topic in node.topics)
    for criterion in criteria:
        if criterion is None:
            continue
        written = pack.criteria[criterion].written.topics
        if set(written) <= set(node.topics):
            yield Pattern("record", criterion, tuple(tests))
        else:
            for topic in (t for t in written if t in node.topics):
                yield Pattern("record", criterion, (Test("topic", "==", topic), *tests))


def _compared(node: Compared) -> Iterator[Pattern]:
    match node.operator:
        case "in":
            for word in dict.fromkeys(node.words):
                yield _indicator(node, Test("value", "==", word))
        case "between":
            low, high = node.numbers
            yield _indicator(node, Test("value", ">=", low), Test("value", "<=", high))
        case comparison:
            yield _indicator(node, Test("value", _OPERATOR[comparison], node.numbers[0]))  # type: ignore[arg-type]


def _not_compared(node: Compared) -> Iterator[Pattern]:
    match node.operator:
        case "in":
            yield _indicator(node, *(Test("value", "!=", w) for w in dict.fromkeys(node.words)))
        case "between":
            low, high = node.numbers
            yield _indicator(node, Test("value", "<", low))
            yield _indicator(node, Test("value", ">", high))
        case comparison:
            yield _indicator(node, Test("value", _NEGATED[comparison], node.numbers[0]))  # type: ignore[arg-type]


def _indicator(node: Compared, *tests: Test) -> Pattern:
    return Pattern("indicator", node.indicator, tests)


def _is_true(node: str) -> Pattern:
    return Pattern("node", node, (Test("truth", "==", "true"),))


def _is_false(node: str) -> Pattern:
    return Pattern("node", node, (Test("truth", "==", "false"),))


def _choices(names: Sequence[str], number: int) -> list[tuple[str, ...]]:
    """What is asked of so many of the names, each once; two choices that ask the same are one."""
    chosen = (sorted(set(some), key=names.index) for some in combinations(names, number))
    return list(dict.fromkeys(map(tuple, chosen)))


def _true(node: str) -> Conclude:
    def conclude(facts: Sequence[Fact]) -> Fact:
        return node_fact(node, True, frozenset(s for fact in facts for s in fact.way))

    return conclude


def _false(node: str) -> Conclude:
    def conclude(_facts: Sequence[Fact]) -> Fact:
        return node_fact(node, False, frozenset())

    return conclude


def _word(outcome: str) -> str:
    return outcome.replace("-", "_")
