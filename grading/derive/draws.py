"""Samples drawn again: how else a share or an agreement could have come out, by chance alone.

Draws come from a stated seed and depend on nothing else: the same on every version of Python and on
every machine. Only `random.random` is asked for chance, and only sums, products and quotients of
floating-point numbers are taken, which all machines round alike.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import accumulate
from random import Random

from grading.derive.intervals import kappa, rounded

_NEVER = 1e-18  # of the most likely number: what is less likely than this is never drawn


@dataclass(frozen=True)
class Share:
    """A share of those asked or looked at, and how many they were."""

    share: Fraction
    n: int


@dataclass(frozen=True)
class Pairs:
    """How often two reviewers gave each pair of answers."""

    pairs: tuple[tuple[tuple[str, str], int], ...]


Drawn = Share | Pairs


def redrawn(drawn: Drawn, places: int, seed: str) -> Iterator[Decimal | None]:
    """The values that the sample would have given, drawn again and again without end.

    Each draw takes as many as the sample had from a population of which the sample is a true
    picture. Shares are in per cent; both are rounded half even to so many decimals. None where an
    agreement is not defined, because both reviewers give one answer alone.
    """
    chance = Random(seed)
    if isinstance(drawn, Pairs):
        return _agreements(drawn, places, chance)
    return _shares(drawn, places, chance)


def _shares(drawn: Share, places: int, chance: Random) -> Iterator[Decimal]:
    least, likely = _binomial(drawn.n, drawn.share)
    below = list(accumulate(likely))
    while True:
        yes = least + _drawn(below, chance)
        with localcontext(prec=50):
            yield rounded(Decimal(100 * yes) / Decimal(drawn.n), places)


def _binomial(n: int, share: Fraction) -> tuple[int, list[float]]:
    """The least number that is drawn, and how likely it and those above it are, to one scale."""
    if share in (0, 1):
        return n * int(share), [1.0]
    odds = float(share / (1 - share))
    mode = int((n + 1) * share)
    above, below = [1.0], list[float]()
    for number in range(mode, n):
        above.append(above[-1] * (n - number) / (number + 1) * odds)
        if above[-1] < _NEVER:
            break
    last = 1.0
    for number in range(mode, 0, -1):
        last = last * number / (n - number + 1) / odds
        below.append(last)
        if last < _NEVER:
            break
    return mode - len(below), [*reversed(below), *above]


def _agreements(drawn: Pairs, places: int, chance: Random) -> Iterator[Decimal | None]:
    pairs = [pair for pair, _ in drawn.pairs]
    below = list(accumulate(float(number) for _, number in drawn.pairs))
    both = sum(number for _, number in drawn.pairs)
    while True:
        value = kappa(Counter(pairs[_drawn(below, chance)] for _ in range(both))).value
        yield None if value is None else rounded(value, places)


def _drawn(below: list[float], chance: Random) -> int:
    """One of some numbers by chance, each as likely as its part of the running total."""
    at = bisect_right(below, chance.random() * below[-1])
    return min(at, len(below) - 1)  # the product may round up to the whole
