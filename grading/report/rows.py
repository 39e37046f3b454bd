"""The shapes of the panel of figures, and what the rows of one table have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from grading.explain.english import UNITS, capital
from grading.report.drawn import Bars, Segment, segments
from grading.report.links import Line, Piece


@dataclass(frozen=True)
class Figure:
    """One value as it is shown: a dash and the reason where there is none."""

    whose: str
    value: Decimal | None
    shown: str
    reason: str
    records: tuple[Piece, ...]


@dataclass(frozen=True)
class Row:
    """A series: the body's own newest figure, and its comparators of the same period."""

    series: str
    title: str
    period: str
    asked: bool
    own: Figure
    others: tuple[Figure, ...]
    drawn: Bars | None
    caveats: tuple[Piece, ...]


@dataclass(frozen=True)
class Group:
    """The series of one unit. `period` is that of most of them; empty where there is no such one.

    `caveats` are those that every one of them has.
    """

    unit: str
    rows: tuple[Row, ...]
    period: str
    caveats: tuple[Piece, ...]


@dataclass(frozen=True)
class Whole:
    """Parts that add up to a whole, for the body and each comparator that has all of them."""

    id: str
    title: str
    cite: str
    rows: tuple[Row, ...]
    stacks: tuple[tuple[str, tuple[tuple[str, Segment], ...]], ...]
    period: str
    caveats: tuple[Piece, ...]


@dataclass(frozen=True)
class Derived:
    """An indicator: what it is and how it may be read."""

    target: str
    asked: bool
    line: Line


@dataclass(frozen=True)
class Numbers:
    """The second part of a report. `key` are the rows on which rules ask and which can be compared."""

    key: tuple[Row, ...]
    groups: tuple[Group, ...]
    wholes: tuple[Whole, ...]
    derived: tuple[Derived, ...]


def stacks_of(rows: Iterable[Row]) -> tuple[tuple[str, tuple[tuple[str, Segment], ...]], ...]:
    """The parts beside each other, for each body that has all of them."""
    by_body: dict[str, list[tuple[str, Decimal]]] = {}
    number = 0
    for row in rows:
        number += 1
        for shown in (row.own, *row.others):
            if shown.value is not None:
                said = f"{row.title}: {shown.shown}"
                by_body.setdefault(shown.whose, []).append((said, shown.value))
    return tuple(
        (
            whose,
            tuple(zip((said for said, _ in parts), segments([v for _, v in parts]), strict=True)),
        )
        for whose, parts in by_body.items()
        if len(parts) == number
    )


def common_period(rows: Iterable[Row]) -> str:
    """The period of more than half of some rows; nothing where there is none."""
    periods = Counter(row.period for row in rows)
    period, number = periods.most_common(1)[0]
    return period if 2 * number > periods.total() else ""


def shared_caveats(rows: Iterable[Row]) -> tuple[Piece, ...]:
    """The caveats that every one of some rows has."""
    first, *others = (row.caveats for row in rows)
    return tuple(c for c in first if all(c in other for other in others))


_HEADINGS = {"percent-change": "Changes in per cent", "count": "Numbers", "gbp": "Pounds"}


def unit_heading(unit: str) -> str:
    """A unit as a heading."""
    words = UNITS.get(unit, f" {unit}").strip()
    return _HEADINGS.get(unit) or capital(words) or capital(unit.replace("-", " "))
