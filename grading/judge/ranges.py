"""The parts into which the thresholds of a pack divide the range of a figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from grading.evidence.records import BANDS
from grading.rules.loaded import Pack
from grading.rules.pack import Indicator, Unit
from grading.rules.rule import Compared, leaves

Value = Decimal | str
_SIGNED_UNITS = ("percent-change", "percentage-points", "gbp")
_SIGNED_METHODS = ("difference", "change", "agreement")


def values(pack: Pack, name: str, asked: Iterable[Compared] | None = None) -> tuple[Value, ...]:
    """A value for each part into which the thresholds of the pack divide an indicator's range.

    `asked` are the pack's comparisons of the indicator, where they are known already.
    """
    indicator = pack.indicators[name]
    if indicator.unit == "rank-band":
        return BANDS
    if indicator.method == "value" and pack.series[indicator.series[0]].values:
        return tuple(sorted(map(Decimal, pack.series[indicator.series[0]].values)))
    signed = indicator.method in _SIGNED_METHODS
    asked = comparisons(pack)[name] if asked is None else asked
    return parts(bounds(asked), *range_of(indicator.unit, signed=signed))


def comparisons(pack: Pack) -> dict[str, tuple[Compared, ...]]:
    """What the conditions of a pack compare each indicator with, each comparison once."""
    found: dict[str, dict[Compared, None]] = {name: {} for name in pack.indicators}
    for rule in pack.rules.values():
        for leaf in leaves(rule.body):
            if isinstance(leaf, Compared):
                found[leaf.indicator][leaf] = None
    return {name: tuple(asked) for name, asked in found.items()}


def bounds(asked: Iterable[Compared]) -> list[Decimal]:
    """The numbers that comparisons are with."""
    return [number for node in asked for number in node.numbers]


def range_of(unit: Unit, *, signed: bool = False) -> tuple[Decimal | None, Decimal | None]:
    """The lowest and the highest value that a figure can have, where there is one."""
    lowest = None if signed or unit in _SIGNED_UNITS else Decimal(0)
    return lowest, Decimal(100) if unit == "percent" else None


def parts(
    points: Iterable[Decimal], lowest: Decimal | None, highest: Decimal | None
) -> tuple[Decimal, ...]:
    """Each point in the range, a value between each two, and one before and after them all."""
    inside = sorted(
        p
        for p in set(points)
        if (lowest is None or p >= lowest) and (highest is None or p <= highest)
    )
    if not inside:
        return (Decimal(0),)
    before, after = inside[0] - 1, inside[-1] + 1
    ends = {
        before if lowest is None else max(before, lowest),
        after if highest is None else min(after, highest),
    }
    return tuple(sorted({*inside, *((low + high) / 2 for low, high in pairwise(inside)), *ends}))


def crossings(
    indicator: Indicator, series: str, bound: Decimal, others: Sequence[Decimal]
) -> list[Decimal]:
    """Where an indicator crosses a bound as the figure of one of its series moves.

    `others` are the other figures that enter it, in order, as far as they are known.
    """
    first = series == indicator.series[0]
    relative = indicator.unit == "percent-change"
    match indicator.method:
        case "sum":
            return [bound - sum(others)]
        case "mean":
            return [bound * len(indicator.series) - sum(others)]
        case "difference" | "ratio" if not others:
            return [bound]
        case "difference" if relative and first:
            return [others[0] + abs(others[0]) * bound / 100]
        case "difference" if relative:
            return [Decimal(0), *([others[0] / (1 + bound / 100)] if bound != -100 else [])]
        case "difference":
            return [bound + others[0] if first else others[0] - bound]
        case "ratio" if first:
            return [bound * others[0]]
        case "ratio":
            return [Decimal(0), *([others[0] / bound] if bound else [])]
        case _:
            return [bound]
