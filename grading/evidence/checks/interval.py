"""What a printed figure can stand for: arithmetic on closed intervals, exact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

EXACT_UNITS = frozenset({"count", "days", "months", "hours", "years", "score", "rank-band"})
_SHOWN_BELOW = 1000


@dataclass(frozen=True, order=True, slots=True)
class Interval:
    """All values from `low` to `high`, both included."""

    low: Fraction
    high: Fraction

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError("an interval ends before it starts")

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        return _hull(x * y for x in (self.low, self.high) for y in (other.low, other.high))

    def over(self, other: Interval) -> Interval | None:
        """All quotients; None where the divisor may be zero."""
        if other.low <= 0 <= other.high:
            return None
        return _hull(x / y for x in (self.low, self.high) for y in (other.low, other.high))

    def meets(self, other: Interval) -> bool:
        """Whether some value is in both."""
        return self.low <= other.high and other.low <= self.high

    def both(self, other: Interval) -> Interval | None:
        """The values that are in both."""
        if not self.meets(other):
            return None
        return Interval(max(self.low, other.low), min(self.high, other.high))

    def hull(self, other: Interval) -> Interval:
        """The smallest interval that holds both."""
        return Interval(min(self.low, other.low), max(self.high, other.high))

    def __str__(self) -> str:
        low, high = shown(self.low, down=True), shown(self.high, down=False)
        return low if low == high else f"{low} to {high}"


def _hull(values: Iterable[Fraction]) -> Interval:
    found = sorted(values)
    return Interval(found[0], found[-1])


def exactly(value: Decimal | int) -> Interval:
    """One value, known exactly."""
    return Interval(Fraction(value), Fraction(value))


def printed(value: Decimal, unit: str) -> Interval:
    """The values that are printed so: `40` is 39.5 to 40.5, `16.4` is 16.35 to 16.45.

    Counts are exact. A share is never below 0 or above 100, a rate never below 0.
    """
    if unit in EXACT_UNITS:
        return exactly(value)
    exact, half = Fraction(value), _half(int(value.as_tuple().exponent))
    low, high = exact - half, exact + half
    if low < 0 and (unit == "percent" or unit.startswith("per-")):
        low = Fraction(0)
    if unit == "percent" and high > 100:
        high = Fraction(100)
    return Interval(low, max(low, high))


def _half(exponent: int) -> Fraction:
    """Half of what the last digit stands for."""
    return Fraction(1, 2 * 10**-exponent) if exponent <= 0 else Fraction(10**exponent, 2)


HUNDRED = exactly(100)
ONE = exactly(1)


def factor(change: Interval) -> Interval:
    """What a change in per cent multiplies by: 18.9 per cent by 1.189."""
    return _scaled(change, Fraction(1, 100)) + ONE


def change_between(old: Interval, new: Interval) -> Interval | None:
    """The change in per cent from old to new; None where the old value may be zero."""
    quotient = new.over(old)
    return None if quotient is None else _scaled(quotient - ONE, Fraction(100))


def _scaled(interval: Interval, by: Fraction) -> Interval:
    return interval * Interval(by, by)


def shown(value: Fraction, down: bool) -> str:
    """A bound as a decimal, rounded away from the interval's inside, without zeros at the end."""
    scale = 1 if abs(value) >= _SHOWN_BELOW else 1000
    whole = (floor if down else ceil)(value * scale)
    text = f"{Decimal(whole) / scale:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
