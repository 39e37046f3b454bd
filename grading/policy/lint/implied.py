"""What follows from a condition: by intervals, levels and sets, and not by how they are written.

`implies` and `excludes` are sure where they are true; where they are false nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from grading.evidence.records import BANDS
from grading.rules.loaded import Pack
from grading.rules.ranges import range_of
from grading.rules.rule import (
    MOST_EARLIER,
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
)


@dataclass(frozen=True)
class Interval:
    """The numbers between two ends; an end that is None is open for ever."""

    low: Decimal | None
    high: Decimal | None
    low_in: bool = True
    high_in: bool = True

    @property
    def empty(self) -> bool:
        """Whether no number lies in it."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (
            self.low == self.high and not (self.low_in and self.high_in)
        )

    def __and__(self, other: Interval) -> Interval:
        """The numbers that lie in both."""
        low, low_in = self.low, self.low_in
        if other.low is not None and (low is None or other.low > low):
            low, low_in = other.low, other.low_in
        elif other.low is not None and other.low == low:
            low_in = low_in and other.low_in
        high, high_in = self.high, self.high_in
        if other.high is not None and (high is None or other.high < high):
            high, high_in = other.high, other.high_in
        elif other.high is not None and other.high == high:
            high_in = high_in and other.high_in
        return Interval(low, high, low_in, high_in)

    def outside(self) -> tuple[Interval, ...]:
        """The numbers that do not lie in it."""
        below = (Interval(None, self.low, high_in=not self.low_in),) if self.low is not None else ()
        above = (
            (Interval(self.high, None, low_in=not self.high_in),) if self.high is not None else ()
        )
        return (*below, *above)

    def holds(self, value: Decimal) -> bool:
        """Whether a number lies in it."""
        return not (Interval(value, value) & self).empty


def interval(node: Compared) -> Interval:
    """The numbers that satisfy a comparison."""
    number, last = node.numbers[0], node.numbers[-1]
    match node.operator:
        case "at-least":
            return Interval(number, None)
        case "above":
            return Interval(number, None, low_in=False)
        case "at-most":
            return Interval(None, number)
        case "below":
            return Interval(None, number, high_in=False)
        case _:
            return Interval(number, last)


def possible(pack: Pack, indicator: str) -> Interval:
    """The values that an indicator can have, as far as the pack says."""
    found = range_of(pack, indicator)
    return Interval(found.least, found.greatest)


def implies(pack: Pack, a: Node, b: Node) -> bool:
    """Whether the second condition is true wherever the first is."""
    if a == b or isinstance(b, Always):
        return True
    match b:
        case All(parts=parts):
            if all(implies(pack, a, part) for part in parts):
                return True
        case Any(parts=parts):
            if any(implies(pack, a, part) for part in parts):
                return True
        case Some(least=least, parts=parts):
            if sum(implies(pack, a, part) for part in parts) >= least:
                return True
        case No(parts=parts):
            if all(excludes(pack, a, part) for part in parts):
                return True
    match a, b:
        case No(parts=these), No(parts=those):
            return all(any(implies(pack, that, this) for this in these) for that in those)
        case All(parts=parts), _:
            return any(implies(pack, part, b) for part in parts)
        case Any(parts=parts), _:
            return all(implies(pack, part, b) for part in parts)
        case Compared(), Compared():
            return _comparison_implies(pack, a, b)
        case Sought(), Sought():
            return _seeking_implies(a, b)
        case OutcomeIn(), OutcomeIn():
            return a.criterion == b.criterion and set(a.outcomes) <= set(b.outcomes)
        case Count(), Count():
            return _count_implies(a, b)
    return False


def excludes(pack: Pack, a: Node, b: Node) -> bool:
    """Whether two conditions cannot be true together."""
    match a, b:
        case (No(parts=parts), other) | (other, No(parts=parts)):
            if any(implies(pack, other, part) for part in parts):
                return True
    match a, b:
        case (All(parts=parts), other) | (other, All(parts=parts)):
            return any(excludes(pack, part, other) for part in parts)
        case (Any(parts=parts), other) | (other, Any(parts=parts)):
            return all(excludes(pack, part, other) for part in parts)
        case Compared(), Compared() if a.indicator == b.indicator:
            if a.operator == "in" or b.operator == "in":
                return not set(a.words) & set(b.words)
            return not satisfiable(pack, a.indicator, interval(a) & interval(b))
        case OutcomeIn(), OutcomeIn():
            return a.criterion == b.criterion and not set(a.outcomes) & set(b.outcomes)
        case Count(), Count() if _same_count(a, b):
            return max(a.fewest, b.fewest) > min(a.most, b.most)
    return False


def satisfiable(pack: Pack, indicator: str, numbers: Interval) -> bool:
    """Whether an indicator can have a value among these numbers."""
    found = range_of(pack, indicator)
    if found.listed:
        return any(numbers.holds(value) for value in found.listed)
    inside = numbers & possible(pack, indicator)
    if inside.empty:
        return False
    if found.step and found.least is not None and inside.low is not None:
        steps = -((found.least - inside.low) // found.step)
        candidates = (found.least + found.step * (steps + by) for by in (-1, 0, 1))
        return any(inside.holds(value) for value in candidates)
    return True


def never(pack: Pack, leaf: Node) -> str:
    """Why a leaf cannot hold of any inspection; nothing where it can."""
    match leaf:
        case Compared(operator="in", words=words):
            unknown = [word for word in words if word not in BANDS]
            return f"no rank band is called `{unknown[0]}`" if unknown else ""
        case Compared(indicator=name) if not satisfiable(pack, name, interval(leaf)):
            return f"`{name}` has no such value: {_values(pack, name)}"
        case Sought(supports=True, shown=shown) if "severity" in dict(shown):
            return "only an observation that contradicts has a severity"
        case Sought(shown=shown, excluded=excluded):
            for scale, rank in shown:
                least = max(rank, dict(excluded).get(scale, 0) + 1)
                if least > len(getattr(pack.manifest.coding, scale)):
                    return f"the highest level of {scale} is left out, so none is high enough"
        case Count(fewest=fewest, most=most):
            if fewest > total(leaf):
                return f"there are only {total(leaf)} of them"
            if most < 0:
                return "there are never fewer than none"
    return ""


def always(pack: Pack, leaf: Node) -> str:
    """Why a leaf holds of every inspection in which it can be tested; nothing where it may not."""
    match leaf:
        case Compared(operator="in", words=words) if set(BANDS) <= set(words):
            return "these are all the rank bands there are"
        case Compared(operator="in"):
            return ""
        case Compared(indicator=name) if not any(
            satisfiable(pack, name, piece) for piece in interval(leaf).outside()
        ):
            return f"every value that `{name}` can have is one: {_values(pack, name)}"
        case Count(fewest=fewest, most=most) if fewest <= 0 and most >= total(leaf):
            return "no number of them is outside it"
        case OutcomeIn(outcomes=outcomes) if len(set(outcomes)) == 5:
            return "these are all the outcomes there are"
    return ""


def total(count: Count) -> int:
    """How many there can be of what is counted."""
    return MOST_EARLIER if count.counted == "previous" else len(count.members)


def _values(pack: Pack, name: str) -> str:
    found = range_of(pack, name)
    if found.listed:
        return f"its values are {', '.join(map(str, found.listed))}"
    match found.least, found.greatest:
        case None, None:
            return "any number"
        case least, None:
            return f"its values begin at {least}"
        case None, greatest:
            return f"its values end at {greatest}"
        case least, greatest:
            return f"its values lie between {least} and {greatest}"


def _comparison_implies(pack: Pack, a: Compared, b: Compared) -> bool:
    if a.indicator != b.indicator or (a.operator == "in") != (b.operator == "in"):
        return False
    if a.operator == "in":
        return set(a.words) <= set(b.words)
    outside = (interval(a) & piece for piece in interval(b).outside())
    return not any(satisfiable(pack, a.indicator, piece) for piece in outside)


def _seeking_implies(a: Sought, b: Sought) -> bool:
    if a.supports != b.supports or (b.unmitigated and not a.unmitigated):
        return False
    if not set(a.topics) <= set(b.topics):
        return False
    shown, excluded = dict(a.shown), dict(a.excluded)

    def least(scale: str) -> int:
        return max(shown[scale], excluded.get(scale, 0) + 1) if scale in shown else 0

    return all(least(scale) >= rank for scale, rank in b.shown) and all(
        least(scale) > rank or excluded.get(scale, 0) >= rank for scale, rank in b.excluded
    )


def _count_implies(a: Count, b: Count) -> bool:
    if (a.counted, a.kind) != (b.counted, b.kind):
        return False
    if _same_count(a, b):
        return a.fewest >= b.fewest and a.most <= b.most
    fewer = set(a.members) <= set(b.members) and set(a.states) <= set(b.states)
    more = set(b.members) <= set(a.members) and set(b.states) <= set(a.states)
    if fewer and b.most >= total(b):
        return a.fewest >= b.fewest
    return more and b.fewest <= 0 and a.most <= b.most


def _same_count(a: Count, b: Count) -> bool:
    same_kind = (a.counted, a.kind) == (b.counted, b.kind)
    return same_kind and set(a.members) == set(b.members) and set(a.states) == set(b.states)
