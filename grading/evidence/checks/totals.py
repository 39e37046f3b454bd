"""Totals and parts, subsets, and shares made of a numerator and a denominator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from grading.evidence.checks.figures import Figure, Material, during
from grading.evidence.checks.interval import Interval, exactly, printed
from grading.evidence.checks.outcome import Outcome, found, held, named
from grading.evidence.evidence import Placed
from grading.evidence.records import Metric
from grading.rules.checks import SubsetCheck, TotalCheck

_DEEPEST = 3  # groups of groups of groups
_PER: Mapping[str, int] = {
    "percent": 100,
    "per-1000-population": 1000,
    "per-1000-households": 1000,
    "per-10000-population": 10_000,
    "per-100000-population": 100_000,
    "per-million-population": 1_000_000,
    "ratio": 1,
    "count": 0,
}


def totals(material: Material) -> Iterator[Outcome]:
    """A total lies between the sums of the lowest and of the highest values of its parts.

    bad: 40.0 and 60.0 printed as the parts of 100.2
    good: 33.3 three times as the parts of 100
    """
    checks = {k: c for k, c in material.pack.checks.items() if isinstance(c, TotalCheck)}
    groups = {check.total: check.parts for check in checks.values()}
    for name, check in checks.items():
        for figure in material.of(check.total):
            parts = _parts(material, check.parts, groups, figure)
            if parts is not None:
                yield from _against_parts(material, groups, name, check, figure, parts)


def _parts(
    material: Material,
    names: tuple[str, ...],
    groups: Mapping[str, tuple[str, ...]],
    total: Figure,
    depth: int = 0,
) -> list[Figure] | None:
    """The figures of the parts; for a group row without a figure, those of its own parts."""
    parts: list[Figure] = []
    for name in names:
        figure = material.at(name, total.body, total.period)
        if figure is not None:
            parts.append(figure)
            continue
        inner = groups.get(name) if depth < _DEEPEST else None
        found_inner = inner and _parts(material, inner, groups, total, depth + 1)
        if not found_inner:
            return None
        parts.extend(found_inner)
    return parts


def _inside(
    material: Material, figure: Figure, groups: Mapping[str, tuple[str, ...]], depth: int = 0
) -> Interval:
    """The values of a figure that its own parts allow too: all of its roundings if they allow none.

    Sums of sums form a tree, so a total that meets the sum of these has values for every row.
    """
    names = groups.get(figure.series, ()) if depth < _DEEPEST else ()
    parts = [material.at(name, figure.body, figure.period) for name in names]
    if not parts:
        return figure.interval
    total = exactly(0)
    for part in parts:
        if part is None:
            return figure.interval
        total = total + _inside(material, part, groups, depth + 1)
    return figure.interval.both(total) or figure.interval


def _rows_add_up(
    material: Material, groups: Mapping[str, tuple[str, ...]], total: Figure, parts: list[Figure]
) -> str:
    """What the rows inside the groups add up to, where that is the printed total."""
    rows = [row for part in parts for row in _rows(material, part, groups)]
    same = len(rows) > len(parts) and sum(map(_finest, rows), Decimal(0)) == _finest(total)
    return f"; the {len(rows)} rows inside the groups add up to {_finest(total)}" if same else ""


def _rows(
    material: Material, figure: Figure, groups: Mapping[str, tuple[str, ...]]
) -> list[Figure]:
    inner = _parts(material, groups.get(figure.series, ()), {}, figure)
    return inner or [figure]


def _against_parts(
    material: Material,
    groups: Mapping[str, tuple[str, ...]],
    name: str,
    check: TotalCheck,
    total: Figure,
    parts: list[Figure],
) -> Iterator[Outcome]:
    allowed = exactly(0)
    for part in parts:
        allowed = allowed + _inside(material, part, groups)
    records = [m for figure in (total, *parts) for m in figure.records]
    as_printed = sum((_finest(part) for part in parts), Decimal(0))

    def said() -> str:
        sum_text = " + ".join(str(_finest(part)) for part in parts)
        arithmetic = f"{sum_text} = {as_printed}, and within the roundings {allowed}"
        return f"{total} against its parts: {arithmetic}"

    if not allowed.meets(total.interval):
        yield found(
            "C103",
            check.severity or "error",
            f"{said()}; {_finest(total)} means {total.interval}",
            "look up the counts behind the table, or the part that is missing",
            records,
            name,
        )
    elif as_printed != _finest(total):
        yield found(
            "C104",
            "info",
            f"{said()}; the printed figures do not add up and rounding explains it"
            + _rows_add_up(material, groups, total, parts),
            "nothing, unless the unrounded figures are at hand",
            records,
            name,
        )
    else:
        yield held("C103", name, said, records)


def _finest(figure: Figure) -> Decimal:
    """The value that is printed with most decimals."""
    return min(figure.values, key=lambda v: (v.as_tuple().exponent, v))


def subsets(material: Material) -> Iterator[Outcome]:
    """A part is not above its whole, for one body and period, at any values inside the roundings.

    bad: 62.6 of a part and 62 of the whole, since 62.55 is above 62.5
    good: 62.4 of a part and 62 of the whole, which may be 62.5
    """
    for name, check in material.pack.checks.items():
        if not isinstance(check, SubsetCheck):
            continue
        for part in material.of(check.subset):
            whole = material.at(check.within, part.body, part.period)
            if whole is not None:
                yield _subset(name, check, part, whole)


def _subset(name: str, check: SubsetCheck, part: Figure, whole: Figure) -> Outcome:
    def says() -> str:
        return f"{part} within {whole}: {part.interval} against {whole.interval}"

    records = [*part.records, *whole.records]
    if part.interval.low <= whole.interval.high:
        return held("C107", name, says, records)
    return found(
        "C107",
        check.severity or "error",
        f"{says()}; a part is not above its whole",
        "look both up, and check that they count the same thing",
        records,
        name,
    )


def fractions(material: Material) -> Iterator[Outcome]:
    """A share or rate is its numerator over its denominator; a count with a numerator is that.

    bad: 15.1 per cent of 9 out of 60
    good: 15 per cent of 9 out of 60
    """
    for metric in material.evidence.metrics:
        outcome = _fraction(metric)
        if outcome is not None:
            yield outcome


def _fraction(metric: Placed[Metric]) -> Outcome | None:
    record = metric.record
    per = _PER.get(record.unit)
    if record.value is None or record.numerator is None or record.status != "ok" or per is None:
        return None
    if per == 0:
        if record.denominator is not None and record.numerator > record.denominator:
            says = f"{record.numerator} of {record.denominator} is more than all"
            settle = "exchange `numerator` and `denominator`, or correct one"
            return found("C107", "error", says, settle, [metric])
        quotient = Fraction(record.numerator)
    elif not record.denominator:
        return None
    else:
        quotient = Fraction(record.numerator) * per / Fraction(record.denominator)
    allowed = printed(record.value, record.unit)

    def text() -> str:
        made = f"`{record.numerator}` is the numerator"
        if per:
            both = f"{record.numerator} / {record.denominator} × {per}"
            made = f"{both} = {Interval(quotient, quotient)}"
        return (
            f"`{record.series}` of {record.body}{during((record.from_, record.to))} is"
            f" {record.value} ({named([metric])}): {made}; {record.value} means {allowed}"
        )

    if allowed.low <= quotient <= allowed.high:
        return held("C108", "C108", text, [metric])
    return found("C108", "error", text(), "correct the figure, or what it is made of", [metric])
