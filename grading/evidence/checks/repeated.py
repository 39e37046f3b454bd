"""One figure, recorded more than once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from grading.evidence.checks.figures import Figure, Material, during
from grading.evidence.checks.interval import printed
from grading.evidence.checks.outcome import Outcome, found, held, named
from grading.evidence.evidence import Placed
from grading.evidence.records import Observation


def two_values(material: Material) -> Iterator[Outcome]:
    """One series, body and period is recorded with one value, in as many roundings as one likes.

    bad: `40` and `41` for one rate; `26` and `26.7`
    good: `26` and `26.2`, since 26.15 to 26.25 lies in 25.5 to 26.5
    """
    for series in material.figures:
        for figure in material.of(series):
            if figure.several is not None:
                yield _repeated(figure)


def _repeated(figure: Figure) -> Outcome:
    if figure.agrees:
        says = f"{figure} is recorded {len(figure.records)} times and agrees"
        return held("C101", "C101", says, figure.records)
    unit = figure.records[0].record.unit
    means = [f"{value} means {printed(value, unit)}" for value in figure.values[:4]]
    exponents = {value.as_tuple().exponent for value in figure.values}
    rounded = len(exponents) == len(figure.values)
    why = (
        "no value is inside all of the roundings"
        if rounded
        else "one value is not printed in two ways with the same number of decimals"
    )
    undated = figure.period == (None, None)
    return found(
        "C102" if rounded else "C101",
        "warning" if undated else "error",
        f"{figure} has two values ({named(figure.records)}): {', '.join(means)}; {why}",
        "look it up in the table that both were taken from"
        + (", and date the records" if undated else ""),
        figure.records,
    )


def dated_and_undated(material: Material) -> Iterator[Outcome]:
    """A figure with a date in one place has one in the others.

    bad: 60 files, January to March, and 60 files without a date
    good: both with the date, or both without
    """
    for course in material.courses():
        undated = [f for f in course if f.period == (None, None)]
        if not undated:
            continue
        values = {value for f in undated for value in f.values}
        same = [f for f in course if f.period != (None, None) and not values.isdisjoint(f.values)]
        if same:
            records = [m for f in (undated[0], *same) for m in f.records]
            value = min(values.intersection(same[0].values))
            yield found(
                "C126",
                "info",
                f"`{course[0].series}` of {course[0].body} is {value} without a date"
                f" and{during(same[0].period)} ({named(records)})",
                "say whether it is one thing, and date it",
                records,
            )


def dates_of_documents(material: Material) -> Iterator[Outcome]:
    """One document, named alike in several observations, has one date.

    bad: a review of February and the same review of March
    good: a review of February, twice
    """
    dates: dict[str, dict[str, list[Placed[Any]]]] = {}
    for placed in material.evidence.observations:
        record = placed.record
        if not isinstance(record, Observation) or record.method != "document":
            continue
        when = record.when or record.date_
        if when is not None and record.subjects is not None:
            own = dates.setdefault(record.subjects, {})
            own.setdefault(str(when), []).append(placed)
    for subject, by_date in sorted(dates.items()):
        records = [placed for own in by_date.values() for placed in own]
        if len(by_date) > 1:
            yield found(
                "C125",
                "warning",
                f"`{subject}` is dated {' and '.join(sorted(by_date))} ({named(records)})",
                "look at the document, or name two documents apart",
                records,
            )
        elif len(records) > 1:
            yield held("C125", "C125", f"`{subject}` has one date", records)
