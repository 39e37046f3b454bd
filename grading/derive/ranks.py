"""Where a body stands among others: highest, lowest or broadly in line, by every way to read a share.

A share of so many bodies is seldom a whole number, and bodies may share a place. `readings` says
the band under every way to round and to treat ties; `settle` gives a band where the pack's source
states the way, or where all ways agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from typing import Literal

from grading.problems import listed
from grading.rules.comparable import Bands, Rounding, Ties

Band = Literal["highest", "lowest", "broadly-in-line"]
_ROUNDING = {"down": ROUND_FLOOR, "up": ROUND_CEILING, "nearest": ROUND_HALF_UP}
_WAYS: tuple[tuple[Rounding, Ties], ...] = (
    ("down", "include"),
    ("down", "exclude"),
    ("up", "include"),
    ("up", "exclude"),
)


@dataclass(frozen=True)
class Rank:
    """A body among those ranked: how many lie above it and below it, and how many share its value."""

    above: int
    same: int  # the body itself among them
    below: int

    @property
    def of(self) -> int:
        """How many bodies are ranked."""
        return self.above + self.same + self.below

    def __str__(self) -> str:
        shared = f", shared with {self.same - 1}" if self.same > 1 else ""
        return f"rank {self.above + 1} of {self.of} from the highest{shared}"


@dataclass(frozen=True)
class Reading:
    """The band under one way to round the share and to treat ties; none where the way refuses one."""

    rounding: Rounding
    ties: Ties
    size: int
    band: Band | None


@dataclass(frozen=True)
class Settled:
    """The band of a body, or why it has none, and how it was reached."""

    band: Band | None
    reason: str
    shown: str


def rank(values: Iterable[Decimal], own: Decimal) -> Rank:
    """Where a value stands among all values, itself one of them."""
    every = list(values)
    above = sum(value > own for value in every)
    same = sum(value == own for value in every)
    return Rank(above, same, len(every) - above - same)


def size(share: Decimal, of: int, rounding: Rounding) -> int:
    """How many bodies a share of so many is; a half is rounded up by `nearest`."""
    with localcontext(prec=50):
        return int((share * of).to_integral_value(rounding=_ROUNDING[rounding]))


def reading(found: Rank, bands: Bands, rounding: Rounding, ties: Ties) -> Reading:
    """The band of a rank, read in one way."""
    most = size(bands.share, found.of, rounding)
    high, low = _in(found.above, found.same, most, ties), _in(found.below, found.same, most, ties)
    band: Band | None
    if high is None or low is None or (high and low):
        band = None
    else:
        band = "highest" if high else "lowest" if low else "broadly-in-line"
    return Reading(rounding, ties, most, band)


def readings(found: Rank, bands: Bands) -> tuple[Reading, ...]:
    """Every way that the source leaves open: all of them, unless it states how to round and to tie."""
    if bands.basis is None:
        return (reading(found, bands, bands.rounding, bands.ties),)
    return tuple(reading(found, bands, rounding, ties) for rounding, ties in _WAYS)


def settle(found: Rank, bands: Bands) -> Settled:
    """The band of a rank where one way is stated or all ways agree; else both readings, as a reason."""
    ways = readings(found, bands)
    own = reading(found, bands, bands.rounding, bands.ties)
    shown = f"{found}; {_share(found, bands)}, {_rounded(bands.rounding)} {own.size} at each end"
    if len({way.band for way in ways}) == 1 and ways[0].band is not None:
        return Settled(ways[0].band, "", shown)
    if len(ways) == 1:
        why = "ties cross the edge of a band, or bands overlap, so no band is given"
        return Settled(None, f"{found}: {why} ({bands.cite})", shown)
    by_band: dict[Band | None, list[Reading]] = {}
    for way in ways:
        by_band.setdefault(way.band, []).append(way)
    said = "; ".join(f"{_word(band)} with {_how(group)}" for band, group in by_band.items())
    reason = (
        f"{found}; {_share(found, bands)}, and the source does not say how to round it or to treat"
        f" ties: {said} ({bands.cite})"
    )
    return Settled(None, reason, shown)


def _in(beyond: int, same: int, most: int, ties: Ties) -> bool | None:
    """Whether a place is among so many from an end; none where a tie crosses the edge and may not."""
    crosses = beyond < most < beyond + same
    if crosses:
        return {"include": True, "exclude": False, "split-refused": None}[ties]
    return beyond < most


def _share(found: Rank, bands: Bands) -> str:
    exact = (bands.share * found.of).normalize()
    return f"{(bands.share * 100).normalize():f} per cent of {found.of} is {exact:f}"


def _rounded(rounding: Rounding) -> str:
    return "to the nearest" if rounding == "nearest" else f"rounded {rounding}"


def _word(band: Band | None) -> str:
    return "no band" if band is None else band.replace("-", " ")


def _how(group: list[Reading]) -> str:
    """The ways of a group in words, one rounding at a time."""
    words = []
    for rounding in dict.fromkeys(way.rounding for way in group):
        ways = [way for way in group if way.rounding == rounding]
        ties = "" if len(ways) == 2 else f", ties {ways[0].ties}d"
        words.append(f"{ways[0].size} ({_rounded(rounding)}{ties})")
    return listed(words, "and")
