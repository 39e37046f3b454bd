"""The geometry of figures: numbers between 0 and 100 as text, for drawings that stretch to any width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

_WIDE = Decimal(100)
_EDGE = Decimal(25)  # per cent of a strip, within which a text is set away from its edge
_CENT = Decimal("0.01")
_NARROW = Decimal(6)  # per cent of a stack, in which two digits fit on a telephone


@dataclass(frozen=True)
class Bar:
    """From where a bar starts and how wide it is."""

    x: str
    width: str


@dataclass(frozen=True)
class Bars:
    """Bars under each other on one scale, and where its zero lies. Without a value there is no bar."""

    zero: str
    bars: tuple[Bar | None, ...]


def bars(values: Sequence[Decimal | None], greatest: Decimal | None = None) -> Bars:
    """Bars from zero for some values, on a scale of their own or up to a greatest value."""
    known = [value for value in values if value is not None]
    low = min([*known, Decimal(0)])
    high = max([*known, Decimal(0) if greatest is None else greatest])
    span = high - low or Decimal(1)

    def at(value: Decimal) -> Decimal:
        return (value - low) * _WIDE / span

    def bar(value: Decimal) -> Bar:
        start, end = sorted((at(Decimal(0)), at(value)))
        return Bar(_text(start), _text(end - start))

    return Bars(_text(at(Decimal(0))), tuple(None if v is None else bar(v) for v in values))


@dataclass(frozen=True)
class Segment:
    """A part of a whole; `middle` is where its number stands, and empty where it is too narrow for one."""

    x: str
    width: str
    middle: str


def segments(values: Sequence[Decimal]) -> tuple[Segment, ...]:
    """Parts of a whole beside each other; together they are as wide as it all."""
    whole = sum(values, Decimal(0)) or Decimal(1)
    found, start = [], Decimal(0)
    for value in values:
        width = value * _WIDE / whole
        middle = _text(start + width / 2) if width >= _NARROW else ""
        found.append(Segment(_text(start), _text(width), middle))
        start += width
    return tuple(found)


@dataclass(frozen=True)
class Strip:
    """Bodies along one scale, the inspected one, and where the bands at both ends stop.

    `side` says how a text on the inspected body is set so that it stays inside.
    """

    dots: tuple[str, ...]
    own: str
    side: Literal["start", "middle", "end"]
    low_band: str
    high_band: str
    low_width: str
    high_width: str


def strip(values: Sequence[Decimal], own: Decimal, at_each_end: int) -> Strip:
    """A strip of at least one value, of which so many at each end make the bands."""
    ordered = sorted(values)
    span = ordered[-1] - ordered[0] or Decimal(1)

    def at(value: Decimal) -> Decimal:
        return 2 + (value - ordered[0]) * 96 / span

    def edge(inside: int, outside: int) -> Decimal:
        return (at(ordered[inside]) + at(ordered[outside])) / 2

    most = min(at_each_end, len(ordered) // 2)
    low = edge(most - 1, most) if 0 < most < len(ordered) else Decimal(0)
    high = edge(-most, -most - 1) if 0 < most < len(ordered) else _WIDE
    dots = tuple(_text(at(value)) for value in ordered)
    place = at(own)
    side: Literal["start", "middle", "end"] = (
        "start" if place < _EDGE else "end" if place > _WIDE - _EDGE else "middle"
    )
    return Strip(dots, _text(place), side, _text(low), _text(high), _text(low), _text(_WIDE - high))


def _text(number: Decimal) -> str:
    """A number with at most two decimals, in one way only."""
    rounded = number.quantize(_CENT, rounding=ROUND_HALF_EVEN).normalize()
    return f"{rounded + 0:f}"
