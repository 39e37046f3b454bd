"""The thresholds of a pack, each a place in its files, and the pack's rules with one moved by a step.

A place serves as many rules as its condition does: a test of criteria serves every criterion that
names it, and a threshold of it moves in all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from grading.problems import Place
from grading.rules.loaded import Pack
from grading.rules.ranges import meaningful, next_value
from grading.rules.rule import (
    MOST_EARLIER,
    All,
    Any,
    Compared,
    Count,
    No,
    Node,
    Rule,
    Some,
    Sought,
)

Way = Literal["up", "down"]
WAYS: tuple[Way, ...] = ("down", "up")


@dataclass(frozen=True, order=True)
class Threshold:
    """One number or level: the place of its condition, and the word that it stands under there.

    The word is that of the pack's file: `at-least`, `at-most`, `all-but`, `at-least-share`, `above`,
    `below`, `between from`, `between to`, a scale of the coding, or `excluding` and a scale.
    """

    place: Place
    word: str


@dataclass(frozen=True)
class Step:
    """A threshold moved by one step: the number or level that is written is greater, or less.

    `conditions` has, for every rule that the step changes, the condition of the place as it is and
    as it then is; `rules` has those rules as they then are.
    """

    threshold: Threshold
    way: Way
    conditions: Mapping[str, tuple[Node, Node]] = field(compare=False, repr=False)
    rules: Mapping[str, Rule] = field(compare=False, repr=False)


def steps(pack: Pack) -> Iterator[Step]:
    """Every threshold of the pack's conditions one step down and one step up, by place.

    One step is the next level of the coding, one more or one fewer of what is counted, of parts that
    hold and of those that a share comes to, one unit in the last decimal written of a number, and the
    next value where a series says which values can occur. A step is left out of a rule in which it
    leaves nothing of the limit, so that it always or never holds, and left out altogether where it
    leaves nothing in any rule.
    """
    serves: dict[Threshold, list[tuple[str, Node]]] = {}
    for rule in pack.rules.values():
        for node in _every(rule.body):
            for word in _words(node):
                serves.setdefault(Threshold(node.place, word), []).append((rule.id, node))
    for threshold in sorted(serves):
        for way in WAYS:
            step = _step(pack, threshold, way, serves[threshold])
            if step is not None:
                yield step


def _step(
    pack: Pack, threshold: Threshold, way: Way, serves: list[tuple[str, Node]]
) -> Step | None:
    moved = {
        rule: (node, now)
        for rule, node in serves
        if (now := _moved(node, threshold.word, 1 if way == "up" else -1, pack)) is not None
    }
    if not moved:
        return None
    rules = {
        name: replace(rule, body=_instead(rule.body, node, now))
        for name, (node, now) in moved.items()
        for rule in (pack.rules[name],)
    }
    return Step(threshold, way, moved, rules)


def _every(node: Node) -> Iterator[Node]:
    yield node
    match node:
        case All(parts=parts) | Any(parts=parts) | No(parts=parts) | Some(parts=parts):
            for part in parts:
                yield from _every(part)


def _words(node: Node) -> Iterator[str]:
    """The words under which the thresholds of a condition stand, its parts' aside."""
    match node:
        case Some():
            yield "at-least"
        case Count(limit=limit):
            yield limit
        case Compared(operator="in"):
            return
        case Compared(operator="between"):
            yield from ("between from", "between to")
        case Compared(operator=operator):
            yield operator
        case Sought(shown=shown, excluded=excluded):
            yield from (scale for scale, _ in shown)
            yield from (f"excluding {scale}" for scale, _ in excluded)


def _moved(node: Node, word: str, by: int, pack: Pack) -> Node | None:
    """The condition with one threshold moved; None where that leaves nothing of the limit."""
    match node:
        case Some(least=least, parts=parts):
            return replace(node, least=least + by) if 1 <= least + by <= len(parts) else None
        case Count():
            return _recounted(node, by)
        case Compared():
            return _compared(node, word, by, pack)
        case Sought():
            return _sought(node, word, by, pack)
    return None


def _recounted(node: Count, by: int) -> Count | None:
    total = MOST_EARLIER if node.counted == "previous" else len(node.members)
    fewest, most, number = node.fewest, node.most, node.number
    match node.limit:
        case "at-most":
            most, number = most + by, number + by
        case "all-but":
            number += by
            fewest = total - int(number)
        case "at-least":
            fewest, number = fewest + by, number + by
        case "at-least-share":
            fewest += by  # what the share comes to; the share itself stays
    always, never = fewest <= 0 and most >= total, fewest > total or most < 0
    if always or never:
        return None
    return replace(node, fewest=fewest, most=most, number=number)


def _compared(node: Compared, word: str, by: int, pack: Pack) -> Compared | None:
    at = 1 if word == "between to" else 0
    number = next_value(pack, node.indicator, node.numbers[at], by)
    if number is None:
        return None
    numbers: tuple[Decimal, ...] = (*node.numbers[:at], number, *node.numbers[at + 1 :])
    now = replace(node, numbers=numbers)
    return now if meaningful(pack, now) else None


def _sought(node: Sought, word: str, by: int, pack: Pack) -> Sought | None:
    scale, excluded = word.removeprefix("excluding "), word.startswith("excluding ")
    ranks = dict(node.excluded if excluded else node.shown)
    top = len(getattr(pack.manifest.coding, scale))
    rank = ranks[scale] + by
    # beyond the highest level there is nothing
    if not 1 <= rank <= (top - 1 if excluded else top):
        return None
    moved = tuple((ranks | {scale: rank}).items())
    return replace(node, excluded=moved) if excluded else replace(node, shown=moved)


def _instead(node: Node, was: Node, now: Node) -> Node:
    """A condition with another in the place of one of its parts, or of itself."""
    if node is was:
        return now
    match node:
        case All(parts=parts) | Any(parts=parts) | No(parts=parts) | Some(parts=parts):
            new = tuple(_instead(part, was, now) for part in parts)
            if any(part is not old for part, old in zip(new, parts, strict=True)):
                return replace(node, parts=new)
    return node
