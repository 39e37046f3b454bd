"""Figures for tests: an inspection with a few of them, and a table of bodies beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from grading.derive.derive import derive
from grading.derive.indicators import Derived
from grading.evidence.evidence import Evidence, Placed
from grading.evidence.records import Inspection, Metric, Period, Plan
from grading.problems import Place
from grading.rules.loaded import Pack
from grading.rules.pack import Indicator, Series

DAY = date(2016, 12, 31)
YEAR = {"from_": date(2015, 7, 1), "to": date(2016, 6, 30)}
BEFORE = {"from_": date(2014, 7, 1), "to": date(2015, 6, 30)}
Row = Mapping[str, object]


def row(series: str, body: str, value: object = None, **said: object) -> Row:
    """A figure as a test writes it; without a period it is of the year to June 2016."""
    return {"series": series, "body": body, "value": value, **YEAR, **said}


def metric(name: str, written: Row, pack: Pack) -> Metric:
    """The record of a figure; without a status it is `ok`."""
    value = written["value"]
    plain: dict[str, object] = {
        "comparator": False,
        "status": "ok",
        "reason": "",
        "numerator": None,
        "denominator": None,
        "release": "",
        "heading": "Made up",
        "locator": "",
        "caveats": (),
        "note": "",
        "unit": pack.series[str(written["series"])].unit,
    }
    exact = None if value is None else Decimal(str(value))
    return Metric.model_validate({**plain, **written, "value": exact, "id": name})


def evidence(
    pack: Pack, rows: Sequence[Row], table: Sequence[Row] = (), body: str = "own"
) -> Evidence:
    """An inspection of a body with these figures."""

    def placed(name: str, written: Sequence[Row]) -> tuple[Placed[Metric], ...]:
        place = Place("made-up", 1)
        return tuple(
            Placed("metric", metric(f"{name}-{n}", row_, pack), place)
            for n, row_ in enumerate(written, 1)
        )

    return Evidence(
        folder=Path("made-up"),
        inspection=Inspection(
            id="made-up",
            body=body,
            body_name="Made up",
            framework=pack.manifest.framework,
            pack=pack.manifest.id,
            synthetic=True,
            fieldwork=Period(from_=DAY, to=DAY),
            as_of=DAY,
            source="Made up",
            plan=Plan(coverage="full", searched="all"),
        ),
        observations=(),
        metrics=placed("m", rows),
        surveys=(),
        previous=(),
        gathered=frozenset({"metric"}),
        table=placed("t", table),
    )


def with_series(pack: Pack, **series: Mapping[str, object]) -> Pack:
    """The pack with series changed or added; what is not said is plain."""
    plain = {"title": "A", "unit": "percent", "direction": "none", "role": "corroborating"}
    made = {
        name.replace("_", "-"): Series.model_validate({**plain, "cite": "Annex", **said})
        for name, said in series.items()
    }
    return replace(pack, series={**pack.series, **made})


def derived(
    pack: Pack,
    indicator: Mapping[str, object],
    rows: Sequence[Row],
    table: Sequence[Row] = (),
    body: str = "own",
) -> Derived:
    """One more indicator of the pack, derived from these figures."""
    made = Indicator.model_validate({"title": "A figure", **indicator})
    wider = replace(pack, indicators={"asked": made})
    return derive(evidence(pack, rows, table, body), wider).indicators["asked"]
