"""Every sum of one of each, without trying every combination: what makes no difference is left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate

from grading.judge.columns import Numbers, minus, plus
from grading.judge.completions import TooMany

MOST_SUMS = 20_000


@dataclass(frozen=True)
class Limits:
    """What makes a difference in each column: reaching `fewest`, and less than `enough`."""

    fewest: Numbers
    enough: Numbers


def sums(
    start: Numbers,
    parts: Sequence[Collection[Numbers]],
    limits: Limits,
    last: Collection[Numbers] = (),
) -> set[Numbers]:
    """Every sum of the start and one of each part, as far as it matters. Raises TooMany.

    In each column more than enough counts as enough; where the fewest cannot be reached any more, with
    one of `last` that is still to come, what was reached counts as nothing.
    """
    spare = most(last) if last else minus(start, start)
    rests = list(accumulate((most(part) for part in reversed(parts)), plus, initial=spare))[::-1]
    found = {clamped(start, minus(limits.fewest, rests[0]), limits.enough)}
    for part, rest in zip(parts, rests[1:], strict=True):
        needed = minus(limits.fewest, rest)
        found = {
            clamped(plus(reached, added), needed, limits.enough)
            for reached in found
            for added in part
        }
        if len(found) > MOST_SUMS:
            raise TooMany
    return found


def most(numbers: Collection[Numbers]) -> Numbers:
    """The most in each column."""
    return tuple(map(max, zip(*numbers, strict=True)))


def clamped(numbers: Numbers, needed: Numbers, enough: Numbers) -> Numbers:
    """The numbers as far as they matter: too few count as nothing, and more than enough as enough."""
    # asked millions of times: a list and no call of `min` take half the time
    return tuple(
        [
            0 if number < need else number if number < cap else cap
            for number, need, cap in zip(numbers, needed, enough, strict=True)
        ]
    )
