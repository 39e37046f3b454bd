"""Intervals from samples: exact fractions, and one square root with stated digits and rounding.

Everything is a fraction until the square root, which is taken to 50 digits. Bounds are then rounded
outwards to 12 decimals, so that an interval is never told narrower than it is; kappa itself is
rounded half even.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

Z_95 = Decimal("1.959963984540054")
"""The 0.975 quantile of the standard normal distribution: 95 per cent lie within it both ways."""

_DIGITS = 50
_PLACES = 12


@dataclass(frozen=True)
class Interval:
    """The 95 per cent interval around a share or a kappa."""

    low: Decimal
    high: Decimal

    def scaled(self, factor: int, places: int) -> Interval:
        """The interval times a factor, rounded outwards to so many decimals."""
        with localcontext(prec=_DIGITS):
            return Interval(
                rounded(self.low * factor, places, ROUND_FLOOR),
                rounded(self.high * factor, places, ROUND_CEILING),
            )

    def __contains__(self, number: object) -> bool:
        return isinstance(number, Decimal | int) and self.low <= number <= self.high


@dataclass(frozen=True)
class Kappa:
    """Cohen's kappa of two reviewers; no value where chance alone would make them agree."""

    both: int  # how many were answered by two
    same: int  # how many of them alike
    value: Decimal | None = None
    interval: Interval | None = None


def wilson(share: Fraction, n: int) -> Interval:
    """Wilson's score interval of a share among n that were drawn at random.

    It holds the shares t for which (share - t)² is at most z² t (1 - t) / n.
    """
    if n < 1 or not 0 <= share <= 1:
        raise ValueError("an interval needs at least one answer, and a share from 0 to 1")
    z2 = Fraction(Z_95) ** 2
    divisor = 1 + z2 / n
    centre = (share + z2 / (2 * n)) / divisor
    square = z2 * (share * (1 - share) / n + z2 / (4 * n * n)) / divisor**2
    return _around(centre, square, 0, 1)


def kappa(pairs: Mapping[tuple[str, str], int]) -> Kappa:
    """Cohen's kappa from how often each pair of answers was given, first reviewer first.

    The interval takes the large-sample variance of Fleiss, Cohen and Everitt (1969).
    """
    both = sum(pairs.values())
    same = sum(number for (first, second), number in pairs.items() if first == second)
    if both == 0:
        return Kappa(0, 0)
    answers = sorted({answer for pair in pairs for answer in pair})
    cell = {pair: Fraction(number, both) for pair, number in pairs.items()}
    row = {a: sum((cell.get((a, b), Fraction(0)) for b in answers), Fraction(0)) for a in answers}
    column = {
        a: sum((cell.get((b, a), Fraction(0)) for b in answers), Fraction(0)) for a in answers
    }
    observed = Fraction(same, both)
    chance = sum((row[a] * column[a] for a in answers), Fraction(0))
    if chance == 1:
        return Kappa(both, same)
    found = (observed - chance) / (1 - chance)
    alike = sum(
        (
            cell.get((a, a), Fraction(0))
            * ((1 - chance) - (row[a] + column[a]) * (1 - observed)) ** 2
            for a in answers
        ),
        Fraction(0),
    )
    unlike = sum(
        (
            share * (column[first] + row[second]) ** 2
            for (first, second), share in cell.items()
            if first != second
        ),
        Fraction(0),
    )
    rest = (observed * chance - 2 * chance + observed) ** 2
    variance = (alike + (1 - observed) ** 2 * unlike - rest) / (both * (1 - chance) ** 4)
    square = Fraction(Z_95) ** 2 * variance
    with localcontext(prec=_DIGITS):
        value = rounded(_decimal(found), _PLACES)
    return Kappa(both, same, value, _around(found, square, -1, 1))


def _around(centre: Fraction, square: Fraction, least: int, most: int) -> Interval:
    """The centre less and plus the root of the square, within the least and the most there can be."""
    with localcontext(prec=_DIGITS):
        half, middle = _decimal(square).sqrt(), _decimal(centre)
        # the root's last digit is rounded: what is meant to be whole must not miss it by that
        low = rounded(middle - half, _DIGITS - 10)
        high = rounded(middle + half, _DIGITS - 10)
        return Interval(
            max(Decimal(least), rounded(low, _PLACES, ROUND_FLOOR)),
            min(Decimal(most), rounded(high, _PLACES, ROUND_CEILING)),
        )


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def rounded(number: Decimal, places: int, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """Without zeros at the end, and never in powers of ten."""
    exact = number.quantize(Decimal(1).scaleb(-places), rounding=rounding).normalize()
    whole = exact == exact.to_integral_value()
    return exact.quantize(Decimal(1)) if whole else exact
