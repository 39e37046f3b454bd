"""Which values an indicator can have, as far as the pack says, and the next one beside a number."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm

from grading.rules.loaded import Pack
from grading.rules.pack import Indicator
from grading.rules.rule import Compared
from grading.source.scalars import MOST_DIGITS

_SIGNED_UNITS = ("percent-change", "percentage-points", "gbp", "score")
_OF_LISTED = ("value", "maximum", "minimum", "sum")


@dataclass(frozen=True)
class Range:
    """The least and the greatest value; None where nothing bounds them.

    `step` is the distance between values where a series says which can occur, and they are sums;
    `listed` are the values themselves where they are not.
    """

    least: Decimal | None = None
    greatest: Decimal | None = None
    step: Decimal | None = None
    listed: tuple[Decimal, ...] = ()


def range_of(pack: Pack, name: str) -> Range:
    """The values that an indicator can have."""
    indicator = pack.indicators[name]
    listed = [tuple(sorted(map(Decimal, pack.series[s].values))) for s in indicator.series]
    if listed and all(listed) and indicator.method in _OF_LISTED:
        return _of_listed(indicator, listed)
    if indicator.method == "agreement":
        return Range(Decimal(-1), Decimal(1))
    if indicator.method in ("difference", "change") or indicator.unit in _SIGNED_UNITS:
        return Range()
    share = indicator.unit == "percent" and indicator.method != "sum"
    return Range(Decimal(0), Decimal(100) if share else None)


def next_value(pack: Pack, name: str, number: Decimal, by: int) -> Decimal | None:
    """The number one step further up or down: the next value that can occur, or one in its last decimal.

    None where no value lies further, or none that a pack could be written with.
    """
    found = range_of(pack, name)
    if found.listed:
        beyond = [v for v in found.listed if (v > number if by > 0 else v < number)]
        return (min(beyond) if by > 0 else max(beyond)) if beyond else None
    exponent = number.as_tuple().exponent
    places = min(0, exponent) if isinstance(exponent, int) else 0
    beside = number + by * (found.step or Decimal(1).scaleb(places))
    return beside if len(beside.as_tuple().digits) <= MOST_DIGITS else None


def meaningful(pack: Pack, node: Compared) -> bool:
    """Whether some value satisfies the comparison and another does not, as far as the pack says."""
    found = range_of(pack, node.indicator)
    least, greatest = found.least, found.greatest
    number, last = node.numbers[0], node.numbers[-1]
    above_least, to_least = least is None or number > least, least is None or last >= least
    below_greatest, to_greatest = (
        greatest is None or last < greatest,
        greatest is None or number <= greatest,
    )
    match node.operator:
        case "at-least":
            return above_least and to_greatest
        case "below":
            return above_least and to_greatest
        case "above":
            return to_least and below_greatest
        case "at-most":
            return to_least and below_greatest
        case "between":
            inside = number <= last and to_least and to_greatest
            return inside and (above_least or below_greatest)
        case _:
            return True


def _of_listed(indicator: Indicator, listed: list[tuple[Decimal, ...]]) -> Range:
    if indicator.method != "sum":
        every = tuple(sorted({value for values in listed for value in values}))
        return Range(every[0], every[-1], listed=every)
    least = sum((values[0] for values in listed), Decimal(0))
    greatest = sum((values[-1] for values in listed), Decimal(0))
    apart = [Fraction(value - values[0]) for values in listed for value in values]
    divisor = lcm(*(distance.denominator for distance in apart))
    common = gcd(*(int(distance * divisor) for distance in apart))
    return Range(least, greatest, Decimal(common) / divisor if common else None)
