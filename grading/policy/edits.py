"""Changes inside one condition, told in the words of the rule files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from grading.problems import Place
from grading.rules.loaded import Pack
from grading.rules.rule import (
    All,
    Any,
    Compared,
    Count,
    No,
    Node,
    Operator,
    OutcomeIn,
    Some,
    Sought,
    inside,
)

_STRICT: Mapping[Operator, Operator] = {
    "at-least": "above",
    "above": "at-least",
    "at-most": "below",
    "below": "at-most",
}


@dataclass(frozen=True)
class Edit:
    """A part of a condition as it is, and as it then is."""

    place: Place
    operator: Literal["strictness", "connective", "condition dropped"]
    says: str
    was: Node
    now: Node


def edits(pack: Pack, node: Node) -> Iterator[Edit]:
    """Every change of a condition and of its parts but the steps of thresholds."""
    yield from _connective(node)
    yield from _strictness(node)
    yield from _without_a_part(node)
    match node:
        case Sought():
            yield from _without_a_level(pack, node)
        case Count() | OutcomeIn() | Compared(operator="in"):
            yield from _without_a_word(node)
    for part in inside(node):
        yield from edits(pack, part)


def moved(pack: Pack, word: str, was: Node, now: Node) -> str:
    """What a step of a threshold changes, as it is written: `at-least: 3` becomes 4."""
    one, other = (_number(pack, word, node) for node in (was, now))
    key = f"{word.split()[0]}: {{{word.split()[1]}" if word.startswith("excluding ") else word
    close = "}" if word.startswith("excluding ") else ""
    if word == "at-least-share":
        return f"`{key}` asks for {other} in place of {one}"
    return f"`{key}: {one}{close}` becomes `{other}`"


def _number(pack: Pack, word: str, node: Node) -> str:
    match node:
        case Some(least=least):
            return str(least)
        case Count(limit="at-least-share", fewest=fewest):
            return str(fewest)
        case Count(number=number):
            return f"{number:f}"
        case Compared(numbers=numbers):
            return f"{numbers[1 if word == 'between to' else 0]:f}"
        case Sought(shown=shown, excluded=excluded):
            scale = word.removeprefix("excluding ")
            rank = dict(excluded if word != scale else shown)[scale]
            return _level(pack, scale, rank)
    raise TypeError(f"no threshold in {node!r}")


def _level(pack: Pack, scale: str, rank: int) -> str:
    levels: tuple[str, ...] = tuple(getattr(pack.manifest.coding, scale))
    return levels[rank - 1]


def _connective(node: Node) -> Iterator[Edit]:
    parts = inside(node)
    if isinstance(node, No):
        said = "`none` becomes `any`"
        yield Edit(node.place, "connective", said, node, Any(node.place, parts))
    if len(set(parts)) < 2:
        return
    match node:
        case All():
            said = "`all` becomes `any`"
            yield Edit(node.place, "connective", said, node, Any(node.place, parts))
        case Any():
            said = "`any` becomes `all`"
            yield Edit(node.place, "connective", said, node, All(node.place, parts))


def _strictness(node: Node) -> Iterator[Edit]:
    if isinstance(node, Compared) and node.operator in _STRICT:
        other = _STRICT[node.operator]
        said = f"`{node.operator}: {_plain(node.numbers[0])}` becomes `{other}`"
        yield Edit(node.place, "strictness", said, node, replace(node, operator=other))


def _without_a_part(node: Node) -> Iterator[Edit]:
    parts = inside(node)
    if len(parts) < 2 or (isinstance(node, Some) and node.least >= len(parts)):
        return
    for number, part in enumerate(parts):
        rest = (*parts[:number], *parts[number + 1 :])
        now = replace(node, parts=rest)  # type: ignore[call-arg]
        said = f"one condition of `{_word(node)}` is left out"
        yield Edit(part.place, "condition dropped", said, node, now)


def _word(node: Node) -> str:
    match node:
        case All():
            return "all"
        case Any():
            return "any"
        case No():
            return "none"
        case _:
            return "of"


def _without_a_level(pack: Pack, node: Sought) -> Iterator[Edit]:
    for scale, rank in node.shown:
        rest = tuple(pair for pair in node.shown if pair[0] != scale)
        said = f"`{scale}: {_level(pack, scale, rank)}` is left out"
        now = replace(node, shown=rest)
        yield Edit(node.place, "condition dropped", said, node, now)
    for scale, rank in node.excluded:
        rest = tuple(pair for pair in node.excluded if pair[0] != scale)
        said = f"`excluding: {{{scale}: {_level(pack, scale, rank)}}}` is left out"
        now = replace(node, excluded=rest)
        yield Edit(node.place, "condition dropped", said, node, now)
    if node.unmitigated:
        now = replace(node, unmitigated=False)
        yield Edit(node.place, "condition dropped", "`unmitigated: true` is left out", node, now)


def _without_a_word(node: Count | OutcomeIn | Compared) -> Iterator[Edit]:
    match node:
        case Count(states=words):
            key = "states"
        case OutcomeIn(outcomes=words):
            key = "outcomes"
        case Compared(words=words):
            key = "words"
    if len(words) < 2:
        return
    for word in words:
        rest: Mapping[str, tuple[str, ...]] = {key: tuple(w for w in words if w != word)}
        now = replace(node, **rest)  # type: ignore[arg-type]
        yield Edit(node.place, "condition dropped", f"`{word}` is left out", node, now)


def _plain(number: Decimal) -> str:
    return f"{number:f}"
