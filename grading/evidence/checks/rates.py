"""Populations that counts and rates imply, and tables that mix denominators."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from grading.evidence.checks.figures import Figure, Material, during
from grading.evidence.checks.interval import Interval
from grading.evidence.checks.outcome import Outcome, found, held, named
from grading.evidence.evidence import Placed
from grading.evidence.records import Metric
from grading.rules.checks import CountAndRate, PopulationCheck

_PER = {
    "per-1000-population": 1000,
    "per-1000-households": 1000,
    "per-10000-population": 10_000,
    "per-100000-population": 100_000,
    "per-million-population": 1_000_000,
}


def populations(material: Material) -> Iterator[Outcome]:
    """Counts over their rates imply one population for one body and period.

    bad: 71 at 11.4 per 100,000 and 156 at 20.0, about 623,000 people and 780,000
    good: 71 at 11.4 and 156 at 25.0
    """
    for name, check in material.pack.checks.items():
        if not isinstance(check, PopulationCheck):
            continue
        implied: dict[object, list[tuple[Figure, Figure, Interval]]] = {}
        for pair in check.populations:
            for count, rate, people in _implied(material, pair):
                implied.setdefault((count.body, count.period), []).append((count, rate, people))
        for ways in implied.values():
            if len(ways) > 1:
                yield _one_population(name, check, ways)


def _implied(material: Material, pair: CountAndRate) -> Iterator[tuple[Figure, Figure, Interval]]:
    for count in material.of(pair.count):
        rate = material.at(pair.rate, count.body, count.period)
        if rate is None:
            continue
        quotient = count.interval.over(rate.interval)
        per = _PER.get(rate.records[0].record.unit)
        if quotient is not None and per is not None:
            yield count, rate, quotient * Interval(Fraction(per), Fraction(per))


def _one_population(
    name: str, check: PopulationCheck, ways: list[tuple[Figure, Figure, Interval]]
) -> Outcome:
    low = max(people.low for _, _, people in ways)
    high = min(people.high for _, _, people in ways)
    records = [m for count, rate, _ in ways for figure in (count, rate) for m in figure.records]

    def says() -> str:
        each = "; ".join(f"{c.values[0]} at {r.values[0]} imply {people}" for c, r, people in ways)
        first = ways[0][0]
        return f"population of {first.body}{during(first.period)}: {each}"

    if low <= high:
        return held("C109", name, lambda: f"{says()}: {Interval(low, high)} fits all", records)
    return found(
        "C109",
        check.severity or "error",
        f"{says()}: no population fits all",
        "look up the counts, the rates and the population they were made with",
        records,
        name,
    )


def mixed_denominators(material: Material) -> Iterator[Outcome]:
    """The rates of one table have one denominator, or the reader is told.

    bad: per 1,000 households in a table per 1,000 population
    good: all per 1,000 population
    """
    tables: dict[tuple[str, str], dict[str, list[Placed[Metric]]]] = {}
    for metric in material.evidence.metrics:
        record = metric.record
        if record.locator.startswith("figure") and record.unit.startswith("per-"):
            table = tables.setdefault((record.heading, record.locator), {})
            table.setdefault(record.unit, []).append(metric)
    for (heading, locator), units in sorted(tables.items()):
        if len(units) > 1:
            fewest = min(units.values(), key=lambda own: (len(own), own[0].record.id))
            yield found(
                "C124",
                "info",
                f"{locator} under “{heading}” has rates {' and '.join(sorted(units))}"
                f" ({named(fewest)} apart from the others)",
                "say the denominator wherever a figure of it is used",
                [m for own in units.values() for m in own],
            )
