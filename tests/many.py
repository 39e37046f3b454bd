"""A made-up inspection with as many rows of figures as one likes, which hang together but for a few.

Bodies have figures of each series of a pack for ten years: totals are the sums of their parts, parts
lie within their wholes, shares and rates are made of numerators and denominators, changes are
between the values of two years. Of every few hundred figures one is wrong, and some are missing.
"""

from __future__ import annotations

import csv
import itertools
import random
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

from grading.evidence.tables import METRIC_COLUMNS
from grading.rules.checks import ChangeCheck, PopulationCheck, RangeCheck, SubsetCheck, TotalCheck
from grading.rules.loaded import Pack

YEARS = range(2007, 2017)
_PER = {
    "percent": 100,
    "per-1000-population": 1_000,
    "per-1000-households": 1_000,
    "per-10000-population": 10_000,
    "per-100000-population": 100_000,
    "per-million-population": 1_000_000,
}
_INSPECTION = """\
id: many-rows
body: {body}
body-name: A body that is made up
framework: {framework}
pack: {pack}
synthetic: true
fieldwork: {{from: 2016-10-03, to: 2016-10-14}}
as-of: 2017-03-31
source: Made up to see how checks of many rows behave
plan: {{coverage: full, searched: all}}
"""
_WRONG, _MISSING, _ESTIMATED = 500, 50, 100  # one in so many
Row = dict[str, str]


def write_inspection(folder: Path, pack: Pack, rows: int) -> None:
    """The folder has an inspection whose `metrics.csv` has so many rows."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = pack.manifest
    said = _INSPECTION.format(body="body-1", framework=manifest.framework, pack=manifest.id)
    (folder / "inspection.yaml").write_text(said, "utf-8")
    with (folder / "metrics.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, METRIC_COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(itertools.islice(figures(pack), rows))


def figures(pack: Pack) -> Iterator[Row]:
    """Rows of `metrics.csv`, body by body without end: the same for the same pack."""
    chance = random.Random(1)
    bodies = (row for body in itertools.count(1) for row in _of_body(pack, f"body-{body}", chance))
    for number, row in enumerate(bodies, 1):
        yield _spoilt(row, chance) | {"id": f"m-{number}"}


def _of_body(pack: Pack, body: str, chance: random.Random) -> Iterator[Row]:
    names = [name for name, series in pack.series.items() if not series.not_comparable_with]
    base = {name: chance.randint(20, 90) for name in names}
    population = chance.randrange(200_000, 3_000_000)
    before: Mapping[str, Decimal] = {}
    for year in YEARS:
        values: dict[str, Decimal] = {}
        made_of: dict[str, tuple[int, int]] = {}
        for name in names:
            unit, size = pack.series[name].unit, base[name] + chance.randint(-3, 3)
            if unit in _PER:
                below = chance.randrange(500, 2_000) if unit == "percent" else population
                above = below * size // (2 * _PER[unit])
                made_of[name] = above, below
                values[name] = _rounded(Decimal(above) * _PER[unit] / below)
            else:
                values[name] = Decimal(size)
        for name in _made_to_fit(pack, values, before, population):
            made_of.pop(name, None)
        for name in names:
            yield _row(pack, name, body, year, values[name], made_of.get(name))
        before = values


def _made_to_fit(
    pack: Pack, values: dict[str, Decimal], before: Mapping[str, Decimal], population: int
) -> Iterator[str]:
    """The values fit the checks of the pack; the series whose value is another now."""
    checks = pack.checks.values()
    parts = {check.total: check.parts for check in checks if isinstance(check, TotalCheck)}
    inner = {name for names in parts.values() for name in names}
    for total in parts:
        if total not in inner:
            yield from _divided(total, values[total], parts, values)
    # A range is kept by taking its middle, so before parts of what it is of.
    for check in sorted(checks, key=lambda check: not isinstance(check, RangeCheck)):
        match check:
            case SubsetCheck(subset=part, within=whole) if values.keys() >= {part, whole}:
                values[part] = min(values[part], values[whole])
                yield part
            case PopulationCheck(populations=pairs):
                for pair in pairs:
                    scale = _PER[pack.series[pair.rate].unit]
                    values[pair.rate] = _rounded(values[pair.count] * scale / population)
                    yield pair.rate
            case RangeCheck(range=name, between=(low, high)) if name in values:
                values[name] = ((low + high) / 2).quantize(Decimal(1))
                yield name
            case ChangeCheck(change=change, of=of) if change in values and of in before:
                old, new = before[of], values[of]
                points = pack.series[change].unit == "percentage-points"
                values[change] = _rounded(new - old if points or not old else (new / old - 1) * 100)
                yield change


def _divided(
    total: str,
    value: Decimal,
    parts: Mapping[str, tuple[str, ...]],
    values: dict[str, Decimal],
) -> Iterator[str]:
    """The value is the sum of the parts, and theirs of their own."""
    values[total] = value
    yield total
    names = parts.get(total, ())
    left = value
    for number, name in zip(range(len(names), 0, -1), names, strict=True):
        part = left if number == 1 else _rounded(left / number)
        left -= part
        yield from _divided(name, part, parts, values)


def _row(
    pack: Pack, name: str, body: str, year: int, value: Decimal, made_of: tuple[int, int] | None
) -> Row:
    series = pack.series[name]
    ranked = series.unit == "rank-band"
    above, below = made_of or ("", "")
    return {
        "id": "",
        "series": name,
        "body": body,
        "value": "" if ranked else str(value),
        "unit": series.unit,
        "from": f"{year - 1}-04-01",
        "to": f"{year}-03-31",
        "comparator": "no",
        "status": "ok",
        "reason": "",
        "numerator": str(above),
        "denominator": str(below),
        "release": f"October {year}",
        "heading": f"Figures, {name}",
        "locator": f"table {year}",
        "caveats": ";".join(series.caveats),
        "note": "broadly-in-line" if ranked else "",
    }


def _spoilt(row: Row, chance: random.Random) -> Row:
    """The row; now and then without its figure, or with another."""
    if row["value"] and not chance.randrange(_WRONG):
        return row | {"value": str(Decimal(row["value"]) + 7)} if row["unit"] != "percent" else row
    if not chance.randrange(_MISSING):
        gone = dict.fromkeys(("value", "numerator", "denominator"), "")
        return row | gone | {"status": "missing", "reason": "the body could not supply it"}
    if not chance.randrange(_ESTIMATED):
        return row | {"status": "estimated", "reason": "two months of the year were not recorded"}
    return row


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN)
