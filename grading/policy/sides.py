"""Just below, at or just above: where cases stand to the thresholds of a condition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from grading.rules.definition import holds, shows, tally
from grading.rules.facts import Facts
from grading.rules.loaded import Pack
from grading.rules.ranges import next_value, range_of
from grading.rules.rule import MOST_EARLIER, Compared, Count, Node, Some, Sought

Side = Literal["just below", "at", "just above"]
SIDES: tuple[Side, ...] = ("just below", "at", "just above")


@dataclass(frozen=True)
class Threshold:
    """A number or level that a condition is written with, and the sides of it that there are.

    `seen` gives the sides on which an inspection stands, where it is near enough.
    """

    word: str
    sides: tuple[Side, ...]
    seen: Callable[[Facts], Iterable[Side]]


def thresholds(pack: Pack, node: Node) -> Iterator[Threshold]:
    """The thresholds of a condition, those of its parts aside. Words are as in `rules.thresholds`."""
    match node:
        case Compared(operator="in"):
            return
        case Compared(operator="between"):
            yield _compared(pack, node, "between from", node.numbers[0])
            yield _compared(pack, node, "between to", node.numbers[1])
        case Compared():
            yield _compared(pack, node, node.operator, node.numbers[0])
        case Count():
            yield _count(node)
        case Some():
            yield _some(node)
        case Sought():
            yield from _sought(pack, node)


def _compared(pack: Pack, node: Compared, word: str, number: Decimal) -> Threshold:
    """Just below and just above are within one step, so that 69.9 is near 70 and 60 is not."""
    low, high = (next_value(pack, node.indicator, number, by) for by in (-1, 1))
    found = range_of(pack, node.indicator)
    if low is not None and found.least is not None and low < found.least:
        low = found.least if found.least < number else None
    if high is not None and found.greatest is not None and high > found.greatest:
        high = found.greatest if found.greatest > number else None

    def seen(facts: Facts) -> Iterator[Side]:
        fact = facts.indicators.get(node.indicator)
        value = None if fact is None else fact.value
        if not isinstance(value, Decimal):
            return
        if value == number:
            yield "at"
        if low is not None and low <= value < number:
            yield "just below"
        if high is not None and number < value <= high:
            yield "just above"

    sides = _possible(low is not None, True, high is not None)
    return Threshold(word, sides, seen)


def _count(node: Count) -> Threshold:
    bound = node.most if node.limit == "at-most" else node.fewest
    total = MOST_EARLIER if node.counted == "previous" else len(node.members)

    def seen(facts: Facts) -> Iterator[Side]:
        least, greatest = tally(node, facts)
        if least == greatest:
            yield from _beside(least, bound)

    return Threshold(node.limit, _possible(bound > 0, bound <= total, bound < total), seen)


def _some(node: Some) -> Threshold:
    def seen(facts: Facts) -> Iterator[Side]:
        truths = [holds(part, facts).truth for part in node.parts]
        if None not in truths:
            yield from _beside(truths.count(True), node.least)

    return Threshold("at-least", _possible(True, True, node.least < len(node.parts)), seen)


def _sought(pack: Pack, node: Sought) -> Iterator[Threshold]:
    coding = pack.manifest.coding
    for excluded, ranks in ((False, node.shown), (True, node.excluded)):
        for scale, rank in ranks:
            top = len(getattr(coding, scale))
            lowest = 1 if excluded else 0  # a level left out is below the lowest, and not excluded
            word = f"excluding {scale}" if excluded else scale
            sides = _possible(rank > lowest, True, rank < top)
            yield Threshold(word, sides, _level(node, scale, rank, lowest))


def _level(node: Sought, scale: str, rank: int, lowest: int) -> Callable[[Facts], Iterator[Side]]:
    """Only records that show all the rest stand on a side: they alone turn on this level."""
    rest = replace(
        node,
        shown=tuple(pair for pair in node.shown if pair[0] != scale),
        excluded=tuple(pair for pair in node.excluded if pair[0] != scale),
    )

    def seen(facts: Facts) -> Iterator[Side]:
        for topic in node.topics:
            for record in facts.records.get(topic, ()):
                level = record.levels.get(scale, 0)
                if level >= lowest and shows(record, rest, left_out=False):
                    yield from _beside(level, rank)

    return seen


def _beside(number: int, bound: int) -> Iterator[Side]:
    if abs(number - bound) <= 1:
        yield SIDES[number - bound + 1]


def _possible(below: bool, at: bool, above: bool) -> tuple[Side, ...]:
    return tuple(s for s, is_ in zip(SIDES, (below, at, above), strict=True) if is_)
