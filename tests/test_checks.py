"""Checks on evidence: each class finds its fault and leaves what is right; nothing is invented."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.__main__ import cli
from grading.commands.common import load
from grading.evidence.checks.figures import earlier, length
from grading.evidence.checks.interval import (
    Interval,
    change_between,
    exactly,
    factor,
    printed,
    shown,
)
from grading.evidence.checks.registry import CHECKS, Report, check
from grading.evidence.evidence import Evidence
from grading.problems import CODES, BadInput
from grading.rules.loaded import Pack

DURHAM = Path(__file__).parent.parent / "evidence" / "peel-effectiveness-2016" / "durham"
PACK = """\
id: dairy
version: 1.0.0
title: A dairy
framework: dairy
source: Made up for these tests
in-force: {from: 2016-01-01}
scale: {grades: {good: {label: Good, symbol: g}, poor: {label: Poor, symbol: p}}}
questions: [q1]
coding:
  extent:
    few: {means: Few, examples: [a, b]}
    half: {means: Half, examples: [a, b]}
    most: {means: Most, examples: [a, b]}
    all: {means: All, examples: [a, b]}
  maturity: {new: {means: New, examples: [a, b]}}
  effect: {seen: {means: Seen, examples: [a, b]}}
  severity: {slight: {means: Slight, examples: [a, b]}, grave: {means: Grave, examples: [a, b]}}
evidence-policy: {roles: {fieldwork: deciding}}
ladders:
  plain:
    says: From the top
    basis: pack
    rungs: {good: {count: [meets], of: core, at-least: 1}, poor: {otherwise: true}}
history: [{version: 1.0.0, date: 2016-01-01, says: First}]
"""
QUESTION = """\
question: q1
title: Milk
cite: Here
ladder: plain
sub-questions:
  s1:
    title: A part
    cite: Here
    criteria:
      c1:
        says: It is done
        cite: Here
        core: true
        topics: {churns: Churns, cows: Cows}
        basis: pack
        meets: {observed: {}}
        falls-short: {weakness: {}}
        improve: Do it
        recommend: Do it soon
"""
UNITS = {
    "whole": "percent",
    "part-one": "percent",
    "part-two": "percent",
    "leaf-one": "percent",
    "leaf-two": "percent",
    "milk-rate": "per-1000-population",
    "cream-rate": "per-1000-population",
    "house-rate": "per-1000-households",
    "milk-change": "percent-change",
    "long-change": "percent-change",
    "part-change": "percent-change",
    "share-change": "percent-change",
    "share-points": "percentage-points",
    "herds": "count",
    "herd-rate": "per-100000-population",
    "dairies": "count",
    "dairy-rate": "per-100000-population",
    "asked": "count",
}
NOT_COMPARABLE = {"house-rate": "[earlier-years]", "cream-rate": "[house-rate]"}
CHECKED = """\
checks:
  whole-of-parts: {says: Parts make the whole, cite: Here, total: whole, parts: [part-one, part-two]}
  part-of-leaves: {says: Leaves make a part, cite: Here, total: part-two, parts: [leaf-one, leaf-two]}
  milk-change: {says: A change, cite: Here, change: milk-change, of: milk-rate}
  share-change: {says: A change of a share, cite: Here, change: share-change, of: part-one}
  share-points: {says: A change of a share, cite: Here, change: share-points, of: part-one}
  cream-of-milk: {says: Cream is of milk, cite: Here, subset: cream-rate, within: milk-rate}
  people:
    says: One population
    cite: Here
    populations: [{count: herds, rate: herd-rate}, {count: dairies, rate: dairy-rate}]
  growth:
    {says: Growth, cite: Here, growth: part-change, months: 12, share: leaf-one, whole: milk-change,
      whole-months: 12}
  growth-apart:
    {says: Growth, cite: Here, growth: long-change, months: 24, share: leaf-two, whole: milk-change,
      whole-months: 12}
  course:
    says: A course
    basis: pack
    longer: long-change
    longer-months: 60
    shorter: milk-change
    shorter-months: 12
    between: [-50, 100]
  asked: {says: the range, cite: Here, range: asked, between: [331, 429], survey: tasting}
  ends: {says: the range of all, cite: Here, range: dairies, lowest: least, highest: most}
  label: {says: one label, cite: Here, one-label: [herd-rate, dairy-rate]}
  claimed: {says: herds need a figure, cite: Here, figures: [herds], topics: [cows], words: [Herds]}
  steady: {says: churns are so and not, cite: Here, about: [churn], supports: [steady],
    contradicts: [unsteady]}
  tasted: {says: One figure, cite: Here, same: part-one,
    survey: {survey: tasting, item: taste, answer: sweet}}
"""
HEADER = (
    "id,series,body,value,unit,from,to,comparator,status,reason,numerator,denominator,release,"
    "heading,locator,caveats,note"
)
SURVEY_HEADER = (
    "id,survey,item,answer,value,unit,n,population,sampling,weighting,from,to,status,reason,"
    "heading,locator,note"
)
YEAR, BEFORE = ("2016-01-01", "2016-12-31"), ("2015-01-01", "2015-12-31")


def row(
    series: str,
    value: str,
    period: tuple[str, str] = YEAR,
    body: str = "meadow",
    **more: str,
) -> str:
    """A row of `metrics.csv`, all but its id."""
    cells = {
        "series": series,
        "body": body,
        "value": value,
        "unit": UNITS[series],
        "from": period[0],
        "to": period[1],
        "comparator": "no" if body == "meadow" else "yes",
        "status": "ok",
        "heading": "Milk",
    } | more
    return ",".join(cells.get(column, "") for column in HEADER.split(",")[1:])


def seen(topic: str, direction: str, statement: str, **more: str) -> dict[str, str]:
    return {"topic": topic, "direction": direction, "statement": statement} | more


@pytest.fixture
def dairy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Writes the dairy: its pack, and evidence of these rows and observations."""
    monkeypatch.chdir(tmp_path)

    def write(
        rows: list[str] = [],  # noqa: B006
        observations: list[dict[str, str]] = [],  # noqa: B006
        survey: str = "",
        answers: str = "",
        checks: str = CHECKED,
    ) -> Path:
        series = [
            f"  {name}: {{title: T, unit: {unit}, direction: none, role: context-only, cite: Page 4"
            + (f", not-comparable-with: {NOT_COMPARABLE[name]}" if name in NOT_COMPARABLE else "")
            + "}"
            for name, unit in UNITS.items()
        ]
        inspection = (
            "id: m\nbody: meadow\nbody-name: Meadow\nframework: dairy\npack: dairy\n"
            "fieldwork: {from: 2016-09-01, to: 2016-12-31}\nas-of: 2017-03-31\nsource: Made up\n"
            "plan: {coverage: full, searched: all}\n"
        )
        fieldwork = "records:\n" + "".join(
            f"  - id: o-{i}\n"
            + "".join(f"    {key}: {value}\n" for key, value in observation.items())
            + "    heading: Milk\n"
            + ("" if "method" in observation else "    method: interview\n")
            for i, observation in enumerate(observations, 1)
        )
        files = {
            "rules/dairy/pack.yaml": PACK,
            "rules/dairy/q1.yaml": QUESTION,
            "rules/dairy/series.yaml": "series:\n" + "\n".join(series) + "\n",
            "rules/dairy/checks.yaml": checks,
            "e/inspection.yaml": inspection,
            "e/metrics.csv": "\n".join(
                [HEADER, *(f"m-{i},{cells}" for i, cells in enumerate(rows, 1))]
            )
            + "\n",
            "e/surveys.csv": f"{SURVEY_HEADER}\n{survey}",
        }
        if observations:
            files["e/fieldwork.yaml"] = fieldwork
        if answers:
            files["e/answers.yaml"] = answers
        for name in ("e/fieldwork.yaml", "e/answers.yaml"):
            (tmp_path / name).unlink(missing_ok=True)
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
        return Path("e")

    return write


def report(folder: Path) -> Report:
    return check(*load(folder, None, Path("rules")))


def codes(folder: Path) -> list[str]:
    return sorted(result.code for result in report(folder).open)


# one example of each class that fails, and one that holds

MILK_40, MILK_41 = row("milk-rate", "40"), row("milk-rate", "41")
MILK_46 = row("milk-rate", "46", BEFORE)
SWEET = (
    "s-1,tasting,taste,sweet,{},percent,{},public,quota-panel,,2016-01-01,2016-12-31,ok,,Milk,,\n"
)
GROWTH = [row("leaf-one", "10.6", BEFORE), row("leaf-one", "14.3"), row("milk-change", "18.9")]
APART = [
    row("leaf-two", "10.6", ("2014-01-01", "2014-12-31")),
    row("leaf-two", "14.3"),
    row("milk-change", "18.9"),
]
NO_HERDS = row("herds", "", status="missing", reason="not supplied")

BAD_AND_GOOD: list[tuple[str, dict[str, object], dict[str, object]]] = [
    ("C101", {"rows": [MILK_40, MILK_41]}, {"rows": [MILK_40, MILK_40]}),
    (
        "C102",
        {"rows": [row("milk-rate", "26"), row("milk-rate", "26.7")]},
        {"rows": [row("milk-rate", "26"), row("milk-rate", "26.2")]},
    ),
    (
        "C103",
        {"rows": [row("whole", "90.2"), row("part-one", "40.0"), row("part-two", "50.0")]},
        {"rows": [row("whole", "90.0"), row("part-one", "40.0"), row("part-two", "50.0")]},
    ),
    (
        "C104",
        {"rows": [row("whole", "91.3"), row("part-one", "40.1"), row("part-two", "51.1")]},
        {"rows": [row("whole", "91.2"), row("part-one", "40.1"), row("part-two", "51.1")]},
    ),
    (
        "C105",
        {"rows": [MILK_46, MILK_40, row("milk-change", "-20")]},
        {"rows": [MILK_46, MILK_41, row("milk-change", "-11")]},
    ),
    (
        "C105",
        {"rows": [row("part-one", "50", BEFORE), row("part-one", "60"), row("share-points", "17")]},
        {"rows": [row("part-one", "50", BEFORE), row("part-one", "60"), row("share-points", "10")]},
    ),
    (
        "C107",
        {"rows": [row("milk-rate", "62"), row("cream-rate", "62.6")]},
        {"rows": [row("milk-rate", "62"), row("cream-rate", "62.5")]},
    ),
    (
        "C107",
        {"rows": [row("herds", "9", numerator="9", denominator="8")]},
        {"rows": [row("herds", "8", numerator="8", denominator="8")]},
    ),
    (
        "C108",
        {"rows": [row("whole", "15.1", numerator="9", denominator="60")]},
        {"rows": [row("whole", "15", numerator="9", denominator="60")]},
    ),
    (
        "C108",
        {"rows": [row("herds", "8", numerator="9")]},
        {"rows": [row("herds", "9", numerator="9")]},
    ),
    (
        "C109",
        {
            "rows": [
                *(row("herds", "71"), row("herd-rate", "11.4")),
                *(row("dairies", "156"), row("dairy-rate", "20.0")),
            ],
        },
        {
            "rows": [
                *(row("herds", "71"), row("herd-rate", "11.4")),
                *(row("dairies", "156"), row("dairy-rate", "25.0")),
            ]
        },
    ),
    (
        "C110",
        {"rows": [*GROWTH, row("part-change", "58")]},
        {"rows": [*GROWTH, row("part-change", "60")]},
    ),
    (
        "C110",
        {"rows": [*APART, row("long-change", "58")]},
        {"rows": [*APART, row("long-change", "70")]},
    ),
    (
        "C111",
        {"rows": [row("long-change", "7.2"), row("milk-change", "300")]},
        {"rows": [row("long-change", "40"), row("milk-change", "18.9")]},
    ),
    (
        "C112",
        {"rows": [row("part-one", "60"), row("share-change", "15")]},
        {"rows": [row("part-one", "60"), row("share-points", "15")]},
    ),
    (
        "C112",
        {"rows": [row("part-one", "45", BEFORE), row("part-one", "60"), row("share-change", "15")]},
        {"rows": [row("part-one", "52", BEFORE), row("part-one", "60"), row("share-change", "15")]},
    ),
    (
        "C113",
        {"rows": [row("whole", "5", BEFORE), row("whole", "5", ("2016-01-01", "2016-03-31"))]},
        {"rows": [row("whole", "5", BEFORE), row("whole", "5")]},
    ),
    (
        "C114",
        {"rows": [row("whole", "5", BEFORE), row("whole", "6", ("2016-04-01", "2017-03-31"))]},
        {"rows": [row("whole", "5", BEFORE), row("whole", "6")]},
    ),
    (
        "C115",
        {"rows": [row("whole", "5", ("2015-04-01", "2016-04-30"))]},
        {"rows": [row("whole", "5", ("2015-04-01", "2016-03-31"))]},
    ),
    (
        "C116",
        {"rows": [NO_HERDS], "observations": [seen("cows", "supports", "The herds do well")]},
        {
            "rows": [row("herds", "8")],
            "observations": [seen("cows", "supports", "The herds do well")],
        },
    ),
    (
        "C117",
        {"rows": [row("whole", "", status="unavailable", reason="called high")]},
        {"rows": [row("whole", "5")]},
    ),
    (
        "C118",
        {"rows": [row("whole", "", status="unavailable", reason="chart without values")]},
        {"rows": [row("whole", "0")]},
    ),
    (
        "C119",
        {
            "observations": [
                seen("churns", "supports", "The churn is steady"),
                seen("cows", "contradicts", "An unsteady churn", severity="slight"),
            ]
        },
        {
            "observations": [
                seen("churns", "supports", "The churn is steady"),
                seen("cows", "contradicts", "An unsteady stool", severity="slight"),
            ]
        },
    ),
    (
        "C119",
        {
            "observations": [
                seen("cows", "supports", "Fed", extent="all", subjects="calves"),
                seen("cows", "contradicts", "Hungry", extent="most", subjects="calves"),
            ]
        },
        {
            "observations": [
                seen("cows", "supports", "Fed", extent="all", subjects="calves"),
                seen("cows", "contradicts", "Hungry", extent="most", subjects="bulls"),
            ]
        },
    ),
    (
        "C120",
        {"observations": [seen("cows", "contradicts", "Thin", severity="grave")]},
        {
            "observations": [
                seen(
                    "cows",
                    "contradicts",
                    "Thin",
                    severity="grave",
                    mitigation="{says: fed since, weight: fully}",
                )
            ]
        },
    ),
    (
        "C121",
        {"rows": [row("house-rate", "5", BEFORE), row("house-rate", "6")]},
        {"rows": [row("milk-rate", "5", BEFORE), row("milk-rate", "6")]},
    ),
    (
        "C121",
        {
            "rows": [
                row("cream-rate", "5", locator="figure 1"),
                row("house-rate", "6", locator="figure 1"),
            ]
        },
        {
            "rows": [
                row("cream-rate", "5", locator="figure 1"),
                row("house-rate", "6", locator="figure 2"),
            ]
        },
    ),
    ("C122", {"rows": [row("asked", "500")]}, {"rows": [row("asked", "403")]}),
    (
        "C122",
        {"survey": SWEET.format("60", "500")},
        {"survey": SWEET.format("60", "403")},
    ),
    (
        "C122",
        {
            "rows": [
                row("dairies", "9"),
                row("dairies", "3", body="least"),
                row("dairies", "8", body="most"),
            ]
        },
        {
            "rows": [
                row("dairies", "8"),
                row("dairies", "3", body="least"),
                row("dairies", "8", body="most"),
            ]
        },
    ),
    (
        "C123",
        {"rows": [row("herd-rate", "5"), row("dairy-rate", "6")]},
        {"rows": [row("herd-rate", "5"), row("dairy-rate", "6", BEFORE)]},
    ),
    (
        "C124",
        {
            "rows": [
                row("milk-rate", "5", locator="figure 1"),
                row("house-rate", "6", locator="figure 1"),
            ]
        },
        {
            "rows": [
                row("milk-rate", "5", locator="figure 1"),
                row("cream-rate", "5", locator="figure 1"),
            ]
        },
    ),
    (
        "C125",
        {
            "observations": [
                seen("cows", "neutral", "A", method="document", subjects="plan", when="May"),
                seen("cows", "neutral", "B", method="document", subjects="plan", when="June"),
            ]
        },
        {
            "observations": [
                seen("cows", "neutral", "A", method="document", subjects="plan", when="May"),
                seen("cows", "neutral", "B", method="document", subjects="plan", when="May"),
            ]
        },
    ),
    (
        "C126",
        {"rows": [row("asked", "400"), row("asked", "400", ("", ""))]},
        {"rows": [row("asked", "400"), row("asked", "401", ("", ""))]},
    ),
    (
        "C127",
        {"rows": [row("part-one", "62")], "survey": SWEET.format("60", "400")},
        {"rows": [row("part-one", "60.4")], "survey": SWEET.format("60", "400")},
    ),
    (
        "C128",
        {"rows": [row("whole", "5"), row("whole", "6", BEFORE, "country")]},
        {"rows": [row("whole", "5"), row("whole", "6", YEAR, "country")]},
    ),
    (
        "C190",
        {
            "rows": [MILK_40],
            "answers": "answers:\n  - {check: C101, records: [m-1], accepted-because: so,"
            " by: clerk, date: 2017-01-01}\n",
        },
        {"rows": [MILK_40]},
    ),
]


@pytest.mark.parametrize(
    ("code", "bad", "good"), BAD_AND_GOOD, ids=lambda value: value if isinstance(value, str) else ""
)
def test_each_check_finds_its_fault_alone_and_leaves_what_is_right(
    code: str, bad: dict[str, object], good: dict[str, object], dairy: Callable[..., Path]
) -> None:
    found = codes(dairy(**bad))
    assert found.count(code) == 1
    assert code not in codes(dairy(**good))
    # What else the bad example shows is what it cannot but show.
    also = {"C119": {"C120"}, "C109": {"C123"}, "C121": {"C124"}, "C111": set[str]()}
    assert set(found) - {code} - also.get(code, set()) == set()


def test_every_code_has_an_example_and_every_check_says_a_bad_and_a_good_one() -> None:
    registered = {code for code in CODES if code.startswith("C")}
    assert registered == {code for code, _, _ in BAD_AND_GOOD} | {"C106"}
    given_by = {code for key in CHECKS for code in key.split() if code.startswith("C")}
    assert given_by == registered - {"C190"}
    for run in CHECKS.values():
        doc = run.__doc__ or ""
        assert "    bad: " in doc, run
        assert "    good: " in doc, run


# messages, places and records, whole


def test_a_result_has_its_arithmetic_its_places_and_its_remedy(dairy: Callable[..., Path]) -> None:
    (found,) = report(dairy([MILK_46, MILK_40, row("milk-change", "-20")])).open
    assert (found.code, found.check, found.severity) == ("C105", "milk-change", "error")
    assert found.message == (
        "`milk-change` of meadow for 2016-01-01 to 2016-12-31 (-20) from 46 to 40:"
        " (39.5 to 40.5) / (45.5 to 46.5) allows -15.054 to -10.989, and -20 means -20.5 to -19.5"
    )
    assert found.settle == "look up both values and the change in one table"
    assert found.records == ("m-1", "m-2", "m-3")
    assert list(map(str, found.places)) == [f"e/metrics.csv:{line}:1" for line in (2, 3, 4)]


def test_of_two_values_the_one_that_gives_the_change_is_told(dairy: Callable[..., Path]) -> None:
    found = report(dairy([MILK_46, MILK_40, MILK_41, row("milk-change", "-11")])).open
    assert [(f.code, f.severity, f.message) for f in found] == [
        (
            "C101",
            "error",
            "`milk-rate` of meadow for 2016-01-01 to 2016-12-31 (40 and 41) has two values"
            " (m-2, m-3): 40 means 39.5 to 40.5, 41 means 40.5 to 41.5; one value is not printed"
            " in two ways with the same number of decimals",
        ),
        (
            "C106",
            "info",
            "of 40 and 41 for `milk-rate` of meadow, 41 gives the printed change -11: 46 to 40 is"
            " -13, 46 to 41 is -11",
        ),
    ]


def test_a_group_row_without_a_figure_counts_by_its_own_rows_once(
    dairy: Callable[..., Path],
) -> None:
    rows = [row("whole", "100"), row("part-one", "40"), row("leaf-one", "20")]
    assert codes(dairy([*rows, row("leaf-two", "40")])) == []
    assert codes(dairy([*rows, row("leaf-two", "48")])) == ["C103"]
    assert report(dairy(rows)).held == ()  # a part that is nowhere: nothing is compared


def test_rows_inside_groups_narrow_what_a_group_can_be(dairy: Callable[..., Path]) -> None:
    # 50 alone may be 50.5 and then 40 and 50 are 91; with 30.0 and 20.0 it is at most 50.1
    rows = [row("whole", "91.0"), row("part-one", "40"), row("part-two", "50")]
    assert codes(dairy(rows)) == ["C104"]
    leaves = [row("leaf-one", "30.0"), row("leaf-two", "20.0")]
    assert codes(dairy([*rows, *leaves])) == ["C103"]


def test_figures_that_are_estimated_or_partial_are_compared_with_none(
    dairy: Callable[..., Path],
) -> None:
    rows = [row("herds", "9"), row("herds", "50", status="estimated", reason="about 50")]
    assert codes(dairy(rows)) == []


def test_an_undated_disagreement_is_a_warning(dairy: Callable[..., Path]) -> None:
    undated = ("", "")
    (found,) = report(dairy([row("whole", "5", undated), row("whole", "6", undated)])).open
    assert (found.code, found.severity) == ("C101", "warning")


def test_the_pack_says_how_grave_a_failure_is(dairy: Callable[..., Path]) -> None:
    rows = [row("milk-rate", "62"), row("cream-rate", "64")]
    less = CHECKED.replace("Cream is of milk,", "Cream is of milk, severity: info,")
    assert [f.severity for f in report(dairy(rows)).open] == ["error"]
    assert [f.severity for f in report(dairy(rows, checks=less)).open] == ["info"]


def test_an_open_area_for_improvement_answers_a_weakness(dairy: Callable[..., Path]) -> None:
    folder = dairy(observations=[seen("cows", "contradicts", "Thin", severity="grave")])
    previous = (
        "records:\n  - {id: p-1, kind: area-for-improvement, topic: cows, raised: 2015,"
        " status: STATUS, statement: Feed them, heading: Milk}\n"
    )
    (folder / "previous.yaml").write_text(previous.replace("STATUS", "unresolved"))
    assert codes(folder) == []
    (folder / "previous.yaml").write_text(previous.replace("STATUS", "resolved"))
    assert codes(folder) == ["C120"]


# answers

ANSWER = (
    "answers:\n  - {check: NAME, records: [RECORDS], accepted-because: both were published,"
    " by: lead inspector, date: 2017-02-01}\n"
)


def answer(name: str, records: str) -> str:
    return ANSWER.replace("NAME", name).replace("RECORDS", records)


def test_an_answer_closes_what_it_names_and_is_shown(dairy: Callable[..., Path]) -> None:
    given = report(dairy([MILK_40, MILK_41], answers=answer("C101", "m-2, m-1")))
    assert (given.open, given.problems) == ((), 0)
    ((found, placed),) = given.answered
    assert (found.code, found.records, str(placed.place)) == (
        "C101",
        ("m-1", "m-2"),
        "e/answers.yaml:2:5",
    )


@pytest.mark.parametrize(
    ("name", "records"),
    [("C102", "m-1, m-2"), ("C101", "m-1"), ("C101", "m-1, m-2, m-3"), ("cream-of-milk", "m-1")],
)
def test_an_answer_to_something_else_closes_nothing_and_is_found(
    name: str, records: str, dairy: Callable[..., Path]
) -> None:
    given = report(dairy([MILK_40, MILK_41], answers=answer(name, records)))
    assert [f.code for f in given.open] == ["C101", "C190"]
    assert given.open[1].message == f"the answer to `{name}` on {records} answers nothing"
    assert (given.answered, given.problems) == ((), 2)


def test_a_second_answer_to_one_thing_is_found(dairy: Callable[..., Path]) -> None:
    twice = answer("C101", "m-1, m-2") + answer("C101", "m-1, m-2").removeprefix("answers:\n")
    given = report(dairy([MILK_40, MILK_41], answers=twice))
    assert [(f.code, str(f.places[0])) for f in given.open] == [("C190", "e/answers.yaml:3:5")]


def test_an_answer_needs_a_reason_a_role_and_a_date(dairy: Callable[..., Path]) -> None:
    folder = dairy([MILK_40], answers="answers:\n  - {check: C101, records: [m-1]}\n")
    with pytest.raises(BadInput) as caught:
        load(folder, None, Path("rules"))
    assert [(p.code, p.message) for p in caught.value.problems] == [
        ("E202", f"missing key `{key}`") for key in ("accepted-because", "by", "date")
    ]


def test_a_check_id_answers_where_two_checks_give_one_code(dairy: Callable[..., Path]) -> None:
    twice = (
        CHECKED + "  cream-again: {says: S, cite: Here, subset: cream-rate, within: milk-rate}\n"
    )
    rows = [row("milk-rate", "62"), row("cream-rate", "64")]
    by_code = report(dairy(rows, answers=answer("C107", "m-1, m-2"), checks=twice))
    assert [f.code for f in by_code.open] == ["C107", "C107", "C190"]
    by_id = report(dairy(rows, answers=answer("cream-again", "m-1, m-2"), checks=twice))
    assert [f.check for f in by_id.open] == ["cream-of-milk"]


# formats and exit codes


def told(folder: Path, form: str) -> tuple[int, str]:
    runner = CliRunner()
    arguments = ["evidence", "check", str(folder), "--rules", "rules", "--format", form]
    outcome = runner.invoke(cli, arguments, standalone_mode=False)
    assert outcome.exception is None, outcome.exception
    return int(outcome.return_value), outcome.stdout


@pytest.fixture
def mixed(dairy: Callable[..., Path]) -> Path:
    """An open error, something for information, something answered."""
    rows = [row("milk-rate", "62"), row("cream-rate", "64"), row("whole", "5"), row("whole", "6")]
    chart = row("part-one", "", status="unavailable", reason="chart 5% <a&b>")
    return dairy([*rows, chart], answers=answer("C101", "m-3, m-4"))


def test_text_says_what_is_open_what_is_answered_and_what_held(mixed: Path) -> None:
    code, out = told(mixed, "text")
    year = "of meadow for 2016-01-01 to 2016-12-31"
    assert code == 1
    assert out.splitlines() == [
        "5 records fit the rule pack dairy 1.0.0:",
        "     5 metric",
        "",
        f"e/metrics.csv:2:1: error C107 cream-of-milk: `cream-rate` {year} (64) within `milk-rate`"
        f" {year} (62): 63.5 to 64.5 against 61.5 to 62.5; a part is not above its whole",
        "    also e/metrics.csv:3:1",
        "    to settle it: look both up, and check that they count the same thing",
        "",
        "for information, C118: a figure that is shown as a chart alone",
        f"  e/metrics.csv:6:1: `part-one` {year} has no figure (m-5): chart 5% <a&b>",
        "    to settle it: obtain the table behind the chart; until then it is neither zero nor no",
        "",
        f"e/metrics.csv:4:1: answered C101 `whole` {year} (5 and 6) has two values (m-3, m-4):"
        " 5 means 4.5 to 5.5, 6 means 5.5 to 6.5; one value is not printed in two ways with the"
        " same number of decimals",
        "    accepted by lead inspector on 2017-02-01, because both were published"
        " (e/answers.yaml:2:5)",
        "",
        "0 comparisons held; open: 1 error, 0 warnings, 1 for information; 1 answered",
    ]


def test_json_has_everything(mixed: Path) -> None:
    code, out = told(mixed, "json")
    plain = json.loads(out)
    assert code == 1
    assert set(plain) == {"problems", "pack", "records", "open", "answered", "held"}
    assert [(r["code"], r["records"]) for r in plain["open"]] == [
        ("C107", ["m-1", "m-2"]),
        ("C118", ["m-5"]),
    ]
    assert plain["answered"][0]["answer"] == {
        "accepted-because": "both were published",
        "by": "lead inspector",
        "date": "2017-02-01",
        "place": "e/answers.yaml:2:5",
    }


def test_sarif_has_levels_places_and_suppressions(mixed: Path) -> None:
    code, out = told(mixed, "sarif")
    (run,) = json.loads(out)["runs"]
    assert code == 1
    assert [(r["ruleId"], r["level"], len(r["suppressions"])) for r in run["results"]] == [
        ("C107", "error", 0),
        ("C118", "note", 0),
        ("C101", "error", 1),
    ]
    first = run["results"][0]
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "e/metrics.csv"},
        "region": {"startLine": 2, "startColumn": 1},
    }
    assert [x["physicalLocation"]["region"]["startLine"] for x in first["relatedLocations"]] == [3]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["C101", "C107", "C118"]


def test_junit_counts_failures_and_skips(mixed: Path) -> None:
    code, out = told(mixed, "junit")
    suite = ElementTree.fromstring(out)
    assert code == 1
    counts = {key: suite.get(key) for key in ("tests", "failures", "skipped", "errors")}
    cases = suite.findall("testcase")
    assert counts == {"tests": str(len(cases)), "failures": "1", "skipped": "1", "errors": "0"}
    assert [case.get("classname") for case in cases if case.find("failure") is not None] == ["C107"]
    assert [case.get("classname") for case in cases if case.find("skipped") is not None] == ["C101"]


def test_github_has_a_line_for_each_result(mixed: Path) -> None:
    code, out = told(mixed, "github")
    *lines, _ = out.splitlines()
    assert code == 1
    assert [line.split("::")[1] for line in lines] == [
        "error file=e/metrics.csv,line=2,col=1,title=C107 cream-of-milk",
        "notice file=e/metrics.csv,line=6,col=1,title=C118",
        "notice file=e/metrics.csv,line=4,col=1,title=C101",
    ]
    assert "5%25 <a&b>" in lines[1]


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "github"])
def test_nothing_open_is_done(form: str, dairy: Callable[..., Path]) -> None:
    rows = [MILK_40, row("whole", "", status="unavailable", reason="chart")]
    assert told(dairy(rows), form)[0] == 0  # what is for information is no problem


# the work grows with the rows


def many(evidence: Evidence, cells: int, rows: int) -> Evidence:
    """Evidence with so many metric rows in so many cells."""
    first, other = evidence.metrics[0], evidence.metrics[1]
    start = date(2016, 1, 1)
    metrics = []
    for i in range(rows):
        base = first if i % 2 else other
        day = start + timedelta(days=i // 2 % max(cells // 2, 1))
        update = {"id": f"r-{i}", "body": f"b-{i % cells % 50}", "from_": day, "to": day}
        metrics.append(replace(base, record=base.record.model_copy(update=update)))
    return replace(evidence, metrics=tuple(metrics))


def calls(evidence: Evidence, pack: Pack) -> tuple[int, int]:
    """How often a function of the checks is called, and how many comparisons are made."""
    number = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal number
        number += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        done = check(evidence, pack)
    finally:
        sys.setprofile(None)
    return number, len(done.open) + len(done.held) + len(done.answered)


@pytest.mark.parametrize("shape", ["one cell", "a cell a row", "one table"])
def test_calls_and_comparisons_grow_no_faster_than_rows(
    shape: str, dairy: Callable[..., Path]
) -> None:
    evidence, pack = load(
        dairy(
            [
                row("milk-rate", "62", locator="figure 1"),
                row("cream-rate", "61", locator="figure 1"),
            ]
        ),
        None,
        Path("rules"),
    )
    size: dict[str, tuple[int, int]] = {
        "one cell": (1, 1),
        "a cell a row": (1000, 4000),
        "one table": (50, 50),
    }
    few, many_ = 1000, 4000
    small = calls(many(evidence, size[shape][0], few), pack)
    large = calls(many(evidence, size[shape][1], many_), pack)
    fixed = calls(replace(evidence, metrics=()), pack)[0]
    assert large[0] - fixed <= 4.4 * (small[0] - fixed)
    assert large[1] <= 2 * many_


# intervals against brute force


def as_printed(value: Fraction, places: int) -> set[Decimal]:
    """How a value may be printed with so many decimals."""
    scale = 10**places
    whole = value * scale
    near = {whole.__floor__(), whole.__ceil__()}
    half = min(abs(n - whole) for n in near)
    return {Decimal(n).scaleb(-places) for n in near if abs(n - whole) == half}


PRINTED = st.builds(
    lambda whole, places: Decimal(whole).scaleb(-places),
    st.integers(-3000, 3000),
    st.integers(0, 2),
)
POSITIVE = st.builds(
    lambda whole, places: Decimal(whole).scaleb(-places), st.integers(1, 3000), st.integers(0, 2)
)


def grid(interval: Interval, steps: int = 8) -> list[Fraction]:
    width = interval.high - interval.low
    return [interval.low + width * i / steps for i in range(steps + 1)]


@settings(deadline=None)
@given(PRINTED, st.integers(-400, 400))
def test_a_printed_figure_means_exactly_the_values_that_are_printed_so(
    figure: Decimal, offset: int
) -> None:
    places = -int(figure.as_tuple().exponent)
    value = Fraction(figure) + Fraction(offset, 300 * 10**places)
    meant = printed(figure, "percent-change")
    inside = meant.low <= value <= meant.high
    assert inside == (figure in as_printed(value, places))


@pytest.mark.parametrize(
    ("value", "unit", "says"),
    [
        ("40", "per-1000-population", "39.5 to 40.5"),
        ("16.4", "percent", "16.35 to 16.45"),
        ("0.0", "percent", "0 to 0.05"),
        ("100.00", "percent", "99.995 to 100"),
        ("0", "per-1000-population", "0 to 0.5"),
        ("-11", "percent-change", "-11.5 to -10.5"),
        ("71", "count", "71"),
    ],
)
def test_printed_figures_by_unit(value: str, unit: str, says: str) -> None:
    assert str(printed(Decimal(value), unit)) == says


@settings(deadline=None)
@given(PRINTED, PRINTED)
def test_sums_differences_and_products_hold_just_the_values_on_a_grid(
    one: Decimal, other: Decimal
) -> None:
    a, b = printed(one, "percent-change"), printed(other, "percent-change")
    pairs = list(product(grid(a), grid(b)))
    for result, values in (
        (a + b, [x + y for x, y in pairs]),
        (a - b, [x - y for x, y in pairs]),
        (a * b, [x * y for x, y in pairs]),
    ):
        assert (result.low, result.high) == (min(values), max(values))
    quotient = a.over(b)
    if b.low <= 0 <= b.high:
        assert quotient is None
    else:
        values = [x / y for x, y in pairs]
        assert quotient == Interval(min(values), max(values))


@settings(deadline=None)
@given(POSITIVE, POSITIVE, st.integers(-99, 300))
def test_a_change_is_refused_only_where_no_values_on_a_grid_give_it(
    old: Decimal, new: Decimal, change: int
) -> None:
    before, after = printed(old, "per-1000-population"), printed(new, "per-1000-population")
    allowed, stated = change_between(before, after), printed(Decimal(change), "percent-change")
    if before.low <= 0:
        assert allowed is None
        return
    assert allowed is not None
    values = [(y / x - 1) * 100 for x, y in product(grid(before), grid(after))]
    assert (allowed.low, allowed.high) == (min(values), max(values))
    if any(stated.low <= value <= stated.high for value in values):
        assert allowed.meets(stated)
    if not allowed.meets(stated):
        assert all(not stated.low <= value <= stated.high for value in values)
    if change > -99:
        assert factor(stated) == Interval(1 + stated.low / 100, 1 + stated.high / 100)


@settings(deadline=None)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=4), st.integers(0, 1700))
def test_a_total_is_refused_only_where_no_parts_on_a_grid_add_up_to_it(
    parts: list[int], total: int
) -> None:
    """Tenths, so that hundredths are a grid on which every corner lies."""
    intervals = [printed(Decimal(part).scaleb(-1), "ratio") for part in parts]
    sums = exactly(0)
    for interval in intervals:
        sums = sums + interval
    meant = printed(Decimal(total).scaleb(-1), "ratio")
    reached = {Fraction(0)}
    for interval in intervals:
        reached = {x + y for x in reached for y in grid(interval, 10)}
    possible = any(meant.low <= value <= meant.high for value in reached)
    assert sums.meets(meant) == possible


@given(st.fractions(-2000, 2000), st.booleans())
def test_a_bound_is_shown_rounded_outwards(value: Fraction, down: bool) -> None:
    text = Decimal(shown(value, down))
    assert (text <= value) if down else (text >= value)
    scale = Decimal(1) if abs(value) >= 1000 else Decimal("0.001")
    assert abs(Fraction(text) - value) < Fraction(scale)


@given(PRINTED, PRINTED)
def test_what_meets_has_values_in_both(one: Decimal, other: Decimal) -> None:
    a, b = printed(one, "percent-change"), printed(other, "percent-change")
    both = a.both(b)
    assert (both is not None) == a.meets(b) == b.meets(a)
    if both is not None:
        assert all(x.low <= y <= x.high for x in (a, b) for y in (both.low, both.high))


# periods


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2015-07-01", "2016-06-30", 12),
        ("2016-01-01", "2016-12-31", 12),
        ("2016-01-01", "2016-03-31", 3),
        ("2016-02-01", "2016-02-29", 1),
        ("2015-04-01", "2016-04-30", 13),
        ("2011-07-01", "2016-06-30", 60),
    ],
)
def test_lengths_are_in_months(start: str, end: str, months: int) -> None:
    assert length((date.fromisoformat(start), date.fromisoformat(end))) == months


def test_an_earlier_period_keeps_the_ends_of_months() -> None:
    year = (date(2015, 7, 1), date(2016, 6, 30))
    assert earlier(year, 15) == (date(2014, 4, 1), date(2015, 3, 31))
    assert earlier((None, date(2016, 2, 29)), 12) == (None, date(2015, 2, 28))
    assert earlier((None, None), 12) == (None, None)


# the shipped evidence


@pytest.fixture(scope="module")
def durham() -> Report:
    return check(*load(DURHAM))


PROBLEMS = [
    ("error", "C101", "C101", ("m-015", "m-048")),
    (
        "warning",
        "C110",
        "domestic-abuse-growth",
        ("m-005", "m-021", "m-023", "m-035", "m-149", "m-151"),
    ),
    ("warning", "C112", "local-policing-satisfaction-change", ("m-054", "m-055")),
    ("warning", "C116", "attendance-times", ("ic-036", "ic-037", "m-117")),
    ("warning", "C116", "wanted-people", ("ic-107", "m-130")),
    (
        "warning",
        "C116",
        "domestic-abuse-arrests",
        ("m-153", "m-181", "vp-030", "vp-141", "vp-145"),
    ),
    ("warning", "C116", "protection-orders", ("m-163", "vp-111")),
    (
        "warning",
        "C119",
        "risk-assessment-consistency",
        ("ic-030", "ic-146", "vp-054", "vp-080", "vp-143"),
    ),
    ("warning", "C120", "C120", ("ic-036",)),
]


def test_the_faults_of_the_shipped_evidence_are_found_and_none_is_invented(
    durham: Report,
) -> None:
    problems = [f for f in durham.open if f.severity != "info"]
    assert [(f.severity, f.code, f.check, f.records) for f in problems] == PROBLEMS


def test_what_rounding_explains_is_for_information(durham: Report) -> None:
    by_check = {
        f.check: f.message.split("against its parts: ")[1] for f in durham.open if f.code == "C104"
    }
    why = "; the printed figures do not add up and rounding explains it"
    assert by_check == {
        "outcomes-assigned": "12.1 + 0.2 + 3.2 + 3.6 + 1.8 + 8.3 + 13.8 + 47.4 + 0.6 + 0.1 = 91.1,"
        f" and within the roundings 90.65 to 91.6{why}; the 14 rows inside the groups add up to 91.3",
        "outcomes-formal": f"0.4 + 2.3 + 0.6 = 3.3, and within the roundings 3.15 to 3.45{why}",
        "outcomes-informal": f"0.9 + 2.8 = 3.7, and within the roundings 3.6 to 3.8{why}",
    }


def test_the_numbers_for_information_are_those_that_were_read_by_hand(durham: Report) -> None:
    found: dict[str, int] = {}
    for result in durham.open:
        if result.severity == "info":
            found[result.code] = found.get(result.code, 0) + 1
    assert found == {
        "C104": 3, "C106": 1, "C111": 2, "C114": 2, "C115": 1, "C117": 15, "C118": 6,
        "C120": 14, "C123": 5, "C124": 1, "C126": 1,
    }  # fmt: skip


def test_two_rates_imply_one_population(durham: Report) -> None:
    (held,) = [h for h in durham.held if h.code == "C109"]
    assert held.message == (
        "population of durham for 2015-07-01 to 2016-06-30: 71 at 11.4 imply 620087 to 625551;"
        " 156 at 25.0 imply 622754 to 625251: 622754 to 625251 fits all"
    )


def test_the_same_results_come_from_any_order_of_records(durham: Report) -> None:
    evidence, pack = load(DURHAM)
    turned = replace(
        evidence,
        metrics=tuple(reversed(evidence.metrics)),
        observations=tuple(reversed(evidence.observations)),
        surveys=tuple(reversed(evidence.surveys)),
    )
    assert check(turned, pack).open == durham.open
