"""Changes against the values they are between, and growth that other figures imply."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from grading.evidence.checks.figures import Figure, Material, earlier
from grading.evidence.checks.interval import (
    HUNDRED,
    ONE,
    Interval,
    change_between,
    factor,
)
from grading.evidence.checks.outcome import Found, Outcome, found, held
from grading.rules.checks import ChangeCheck, CourseCheck, GrowthCheck


def stated_changes(material: Material) -> Iterator[Outcome]:
    """A stated change lies among the changes that the two values allow.

    bad: 46 and then 40, "20 per cent fewer", since the fall is 11 to 15.1 per cent
    good: 46 and then 41, "11 per cent fewer"
    """
    for name, check in material.pack.checks.items():
        if not isinstance(check, ChangeCheck):
            continue
        for change in material.of(check.change):
            new = material.at(check.of, change.body, change.period)
            old = material.at(check.of, change.body, earlier(change.period, check.months))
            if new is not None and material.pack.series[check.of].unit == "percent":
                yield from _of_a_share(name, check, change, old, new)
            elif new is not None and old is not None:
                yield from _stated(name, check, change, old, new)


def _stated(
    name: str, check: ChangeCheck, change: Figure, old: Figure, new: Figure
) -> Iterator[Outcome]:
    points = change.records[0].record.unit == "percentage-points"
    allowed = _difference(old, new) if points else change_between(old.interval, new.interval)
    if allowed is None:
        return
    records = [m for figure in (change, old, new) for m in figure.records]

    def says() -> str:
        sign = "-" if points else "/"
        return (
            f"{change} from {_says(old)} to {_says(new)}: ({new.interval}) {sign} ({old.interval})"
            f" allows {allowed}"
        )

    if not allowed.meets(change.interval):
        yield found(
            "C105",
            check.severity or "error",
            f"{says()}, and {_says(change)} means {change.interval}",
            "look up both values and the change in one table",
            records,
            name,
        )
        return
    yield held("C105", name, says, records)
    if not points:
        yield from _which_fits(name, change, old, new)


def _difference(old: Figure, new: Figure) -> Interval:
    return new.interval - old.interval


def _says(figure: Figure) -> str:
    return " and ".join(map(str, figure.values[:4]))


def _which_fits(name: str, change: Figure, old: Figure, new: Figure) -> Iterator[Found]:
    """Where a value is recorded in two ways, the one that gives the change as it is printed."""
    if new.agrees or len(new.values) != 2 or len(old.values) != 1 or len(change.values) != 1:
        return
    said = change.values[0]
    printed_as = [_rounded(value, old.values[0], said) for value in new.values]
    fits = [value for value, as_ in zip(new.values, printed_as, strict=True) if as_ == said]
    if len(fits) == 1:
        each = ", ".join(
            f"{old.values[0]} to {value} is {as_}"
            for value, as_ in zip(new.values, printed_as, strict=True)
        )
        yield found(
            "C106",
            "info",
            f"of {_says(new)} for `{new.series}` of {new.body}, {fits[0]} gives the printed change"
            f" {said}: {each}",
            "look it up in the table that both were taken from",
            [*new.records, *old.records, *change.records],
            name,
        )


def _rounded(new: Decimal, old: Decimal, like: Decimal) -> Decimal:
    exact = (Fraction(new) / Fraction(old) - 1) * 100
    scale = Decimal(1).scaleb(int(like.as_tuple().exponent))
    places = -int(like.as_tuple().exponent) + 6
    near = Decimal(round(exact * 10**places)).scaleb(-places)
    return near.quantize(scale, rounding=ROUND_HALF_EVEN)


def _of_a_share(
    name: str, check: ChangeCheck, change: Figure, old: Figure | None, new: Figure
) -> Iterator[Outcome]:
    """A share rises by per cent of itself or by percentage points: only the values tell which."""
    is_points = change.records[0].record.unit == "percentage-points"
    if old is None:
        before = new.interval.over(factor(change.interval))
        if is_points or before is None:
            return
        yield found(
            "C112",
            check.severity or "warning",
            f"{change} of a share, {_says(new)}: read as per cent it was {before} before,"
            f" read as percentage points {new.interval - change.interval}; no value before is"
            " recorded that tells which",
            "find the value before, or ask which unit is meant",
            [*change.records, *new.records],
            name,
        )
        return
    records = [m for figure in (change, old, new) for m in figure.records]
    relative = change_between(old.interval, new.interval)
    points = _difference(old, new)
    as_percent = relative is not None and relative.meets(change.interval)
    as_points = points.meets(change.interval)

    def says() -> str:
        return (
            f"{change} from {_says(old)} to {_says(new)}: {relative} per cent,"
            f" {points} percentage points"
        )

    if as_points if is_points else as_percent:
        yield held("C112", name, says, records)
    else:
        other = as_percent if is_points else as_points
        yield found(
            "C112" if other else "C105",
            check.severity or "error",
            f"{says()}; recorded as `{change.records[0].record.unit}`",
            "correct the unit" if other else "look up both values and the change in one table",
            records,
            name,
        )


def shares_and_growth(material: Material) -> Iterator[Outcome]:
    """The growth of a part is the growth of its share times the growth of the whole.

    Where the growth of the whole is stated from another base, the two imply how the whole moved
    between the bases; a movement against its own growth is worth a question.

    bad: a share from 10.6 to 14.3 of what grew by 18.9, and "58 per cent" more
    good: the same, and 60 per cent more
    """
    for name, check in material.pack.checks.items():
        if not isinstance(check, GrowthCheck):
            continue
        for growth in material.of(check.growth):
            last = material.at(check.share, growth.body, growth.period)
            first = material.at(check.share, growth.body, earlier(growth.period, check.months))
            whole = material.at(check.whole, growth.body, growth.period)
            if last is not None and first is not None and whole is not None:
                yield from _growth(name, check, growth, first, last, whole)


def _growth(
    name: str, check: GrowthCheck, growth: Figure, first: Figure, last: Figure, whole: Figure
) -> Iterator[Outcome]:
    share = last.interval.over(first.interval)
    stated = factor(whole.interval)
    if share is None:
        return
    implied = factor(growth.interval).over(share)
    if implied is None:
        return
    between = implied.over(stated)
    if between is None:
        return
    records = [m for figure in (growth, first, last, whole) for m in figure.records]
    per_cent = (implied - ONE) * HUNDRED
    made = (share * stated - ONE) * HUNDRED
    says = (
        f"{growth} with `{check.share}` from {_says(first)} to {_says(last)}: the whole grew by"
        f" {per_cent} per cent over {check.months} months; `{check.whole}` is {_says(whole)} over"
        f" {check.whole_months}, which makes the growth {made}"
    )
    moved = (between - ONE) * HUNDRED
    if check.months == check.whole_months:
        fails, severity, how = not between.meets(ONE), "error", "no values inside the roundings fit"
    else:
        up = whole.interval.low > 0
        against = between.high < 1 if up else between.low > 1 and whole.interval.high < 0
        how = (
            f"the bases differ, so the whole would have moved by {moved} per cent between the"
            " bases, against its own growth"
        )
        fails, severity = against, "warning"
    if not fails:
        yield held("C110", name, says, records)
        return
    yield found(
        "C110",
        check.severity or ("error" if severity == "error" else "warning"),
        f"{says}; {how}",
        "look up the counts of the part and of the whole for both ends",
        records,
        name,
    )


def courses_of_change(material: Material) -> Iterator[Outcome]:
    """A longer and a shorter change imply the change before, which is one that can be.

    Where it goes the other way, a reader is told: neither change alone says how it went.

    bad: 7 per cent more in five years and 300 per cent more in the last, where -50 to 100 can be
    good: 40 per cent more in five years, 19 per cent more in the last
    """
    for name, check in material.pack.checks.items():
        if not isinstance(check, CourseCheck):
            continue
        for longer in material.of(check.longer):
            shorter = material.at(check.shorter, longer.body, longer.period)
            if shorter is None:
                continue
            before = factor(longer.interval).over(factor(shorter.interval))
            if before is not None:
                yield _course(name, check, longer, shorter, (before - ONE) * HUNDRED)


def _course(
    name: str, check: CourseCheck, longer: Figure, shorter: Figure, implied: Interval
) -> Outcome:
    def says() -> str:
        return (
            f"{longer} over {check.longer_months} months and {shorter} over"
            f" {check.shorter_months}: a change of {implied} per cent in the"
            f" {check.longer_months - check.shorter_months} months before"
        )

    records = [*longer.records, *shorter.records]
    low, high = (Fraction(bound) for bound in check.between)
    if not implied.meets(Interval(low, high)):
        return found(
            "C111",
            check.severity or "warning",
            f"{says()}, outside {check.between[0]} to {check.between[1]}",
            "look up the counts at both ends",
            records,
            name,
        )
    turned = implied.high < 0 < shorter.interval.low
    if turned or shorter.interval.high < 0 < implied.low:
        settle = "say both changes wherever one is used; the course turned"
        return found("C111", "info", says, settle, records, name)
    return held("C111", name, says, records)
