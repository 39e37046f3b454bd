"""Rules of method that the source states, by their numbers in the list made from it.

Those that a case can give stand in `rules/peel-effectiveness-2016/cases/`; these need a table of
bodies, comparisons that the pack does not make, or files.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from grading.commands.common import load
from grading.derive.ranks import size
from grading.evidence.checks.registry import check
from grading.evidence.records import Period
from grading.explain.why import Explainer
from grading.judge.judgments import Grading as Grading_
from grading.judge.method import grade, program_of
from grading.problems import BadInput
from grading.rules.load import load_pack
from grading.rules.loaded import Pack
from tests.figures import Row, derived, row
from tests.test_bad_input import Grading, grading

__all__ = ["grading"]

ROOT = Path(__file__).parent.parent
RULES = ROOT / "rules"
PEEL = RULES / "peel-effectiveness-2016"
INSPECTION = "tests/data/synthetic-inspection"
TABLE = "tests/data/synthetic-43-bodies.csv"
BAND = {"method": "rank-band", "unit": "rank-band"}


@cache
def peel() -> Pack:
    return load_pack(PEEL)


def against(series: str, unit: str = "percentage-points") -> dict[str, Any]:
    """An indicator that sets a series against the comparator."""
    return {
        "method": "difference",
        "series": (series,),
        "comparator": "england-and-wales",
        "unit": unit,
    }


def table(series: str, number: int, **said: object) -> list[Row]:
    """So many made-up bodies, each with a figure of its own: b01 has 1."""
    return [
        row(
            series,
            f"b{n:02}",
            n,
            numerator=Decimal(n),
            denominator=Decimal(100),
            synthetic=True,
            **said,
        )
        for n in range(1, number + 1)
    ]


def band_of(series: str, own: object, among: int, more: Sequence[Row] = ()) -> Any:
    """The band of a body with this figure among so many others."""
    rows = [*table(series, among), *more]
    return derived(peel(), {**BAND, "series": (series,)}, [row(series, "own", own)], rows)


# 22 and 23: bands are quarters by rank, of outcome figures alone


@pytest.mark.parametrize(
    ("series", "others", "exact"),
    [
        ("charged-or-summonsed-share", 41, "25 per cent of 42 is 10.5"),
        ("domestic-abuse-charged-or-summonsed-rate", 40, "25 per cent of 41 is 10.25"),
    ],
)
def test_rule_22_a_band_is_a_quarter_of_those_ranked_and_open_where_rounding_decides(
    series: str, others: int, exact: str
) -> None:
    values = [n + Decimal("0.5") for n in range(others, -1, -1)]
    found = [band_of(series, value, others) for value in values]
    bands = [f.value for f in found]
    assert bands[:10] == ["highest"] * 10
    assert bands[-10:] == ["lowest"] * 10
    assert bands[10] is None
    assert bands[-11] is None
    assert set(bands[11:-11]) == {"broadly-in-line"}
    assert all(exact in (f.shown + f.reason) for f in found)


def test_rule_22_a_quarter_of_43_is_ten_or_eleven() -> None:
    quarters = peel().bands["quarters"]
    assert (quarters.share, quarters.cite) == (Decimal("0.25"), "Annex A, Figures 4 and 7")
    assert [size(quarters.share, 43, way) for way in ("down", "up", "nearest")] == [10, 11, 11]


def test_rule_23_only_outcome_figures_are_ranked() -> None:
    ranked = {name for name, series in peel().series.items() if series.bands}
    assert len(ranked) > 20
    outcomes = {n for n, s in peel().series.items() if "outcomes-vary-with-crime-mix" in s.caveats}
    assert ranked <= outcomes
    assert not {n for n in ranked if "satisfaction" in n or "anti-social" in n or "groups" in n}


def test_rule_23_a_pack_that_ranks_anything_else_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / PEEL.name
    shutil.copytree(PEEL, folder)
    with (folder / "indicators.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "  satisfaction-band: {title: Place, method: rank-band, series: [victim-satisfaction],"
            " unit: rank-band}\n"
        )
    with pytest.raises(BadInput) as raised:
        load_pack(folder)
    assert [problem.message for problem in raised.value.problems] == [
        "series `victim-satisfaction` has no `bands`, so it is not ranked"
    ]


# 24 to 27: what comparators and rates are made of


def test_rule_24_the_comparator_of_satisfaction_is_a_mean_and_others_are_pooled() -> None:
    methods = {
        name: series.comparator_method
        for name, series in peel().series.items()
        if series.comparator_method
    }
    means = [name for name, method in methods.items() if method == "mean-of-bodies"]
    assert means == ["victim-satisfaction"]
    assert methods["charged-or-summonsed-share"] == "pooled"
    rows = [
        row(
            "victim-satisfaction",
            f"b{n:02}",
            80 + n % 2,
            numerator=Decimal(1),
            denominator=Decimal(n),
        )
        for n in range(1, 43)
    ]
    own = [row("victim-satisfaction", "own", 90)]
    found = derived(peel(), against("victim-satisfaction"), own, rows)
    # 21 bodies of 80, 21 of 81 and the body itself, whatever their size
    assert found.value == round(90 - Decimal(80 * 21 + 81 * 21 + 90) / 43, 6)


def test_rule_25_totals_say_which_body_they_leave_out() -> None:
    caveat = "british-transport-police-excluded"
    rates = [n for n in peel().series if n.startswith(("recorded-crime-rate", "victim-based"))]
    assert rates
    assert all(caveat in peel().series[name].caveats for name in rates)


def test_rule_26_rates_per_head_say_how_people_were_counted() -> None:
    per_head = {
        name: series
        for name, series in peel().series.items()
        if series.denominator == "population-mid-2015"
    }
    without = {n for n, s in per_head.items() if "population-estimates" not in s.caveats}
    assert without <= {"anti-social-behaviour-repeat-victims-rate"}
    assert len(per_head) > 8


def test_rule_27_a_rate_per_household_is_not_set_against_a_rate_per_head() -> None:
    pair = ("burglary-in-a-dwelling-rate", "sexual-offences-rate")
    indicator = {"method": "ratio", "series": pair, "unit": "ratio"}
    found = derived(peel(), indicator, [row(name, "own", 5) for name in pair])
    assert (found.value, found.reason) == (
        None,
        "not compared: burglary-in-a-dwelling-rate is in per-1000-households and"
        " sexual-offences-rate in per-1000-population: the units differ (Figure 2 and its note;"
        " Figure 2; Annex A, Recorded crime)",
    )


# 28: tracked and untracked outcomes


@pytest.mark.parametrize("first", ["tracked", "untracked"])
def test_rule_28_tracked_outcomes_are_never_set_against_untracked_ones(first: str) -> None:
    tracked = [n for n, s in peel().series.items() if s.cite.endswith("Annex A, Figure 4")]
    pairs = [
        (name, other)
        for name in tracked
        for other in peel().series[name].not_comparable_with
        if other.startswith("domestic-abuse")
    ]
    assert len(pairs) >= 8
    for pair in pairs:
        series = pair if first == "tracked" else pair[::-1]
        indicator = {"method": "difference", "series": series, "unit": "percentage-points"}
        found = derived(peel(), indicator, [row(name, "own", 5) for name in pair])
        cite = peel().series[series[0]].cite
        assert (found.value, found.reason) == (
            None,
            f"not compared: {series[0]} is not comparable with {series[1]} ({cite})",
        )


# 34 to 38, 45: who is left out, from ranking and comparator together


@pytest.mark.parametrize(
    ("series", "bodies"),
    [
        ("charged-or-summonsed-share", ("dorset",)),
        ("domestic-abuse-charged-or-summonsed-rate", ("dorset", "nottinghamshire")),
    ],
    ids=["rule-34", "rule-35"],
)
def test_rules_34_35_a_body_without_sound_outcomes_is_in_no_rank_and_no_comparator(
    series: str, bodies: tuple[str, ...]
) -> None:
    others = 42 - len(bodies)
    left_out = [
        row(series, body, 99, numerator=Decimal(99), denominator=Decimal(100)) for body in bodies
    ]
    with_them = band_of(series, 60, others, left_out)
    assert with_them.value == "highest"
    assert with_them.shown.startswith(f"rank 1 of {others + 1} ")
    own = [row(series, "own", 60, numerator=Decimal(60), denominator=Decimal(100))]
    mean = derived(peel(), against(series), own, [*table(series, others), *left_out])
    assert mean.value == round(60 - Decimal(sum(range(others + 1)) + 60) / (others + 1), 6)
    for body in bodies:
        cite = peel().series[series].cite
        itself = derived(peel(), against(series), left_out, table(series, others), body=body)
        assert (itself.value, itself.reason) == (
            None,
            f"{body} is left out of {series}, in rank, comparator and chart alike ({cite})",
        )


def test_rule_36_five_bodies_leave_the_share_of_vulnerable_victims_and_parts_of_a_year_stay() -> (
    None
):
    series = peel().series["vulnerable-victim-share"]
    five = {"city-of-london", "devon-and-cornwall", "essex", "gloucestershire", "lancashire"}
    assert set(series.excludes) == five
    assert series.partial == "vulnerability-forces-missing"
    for body in sorted(five):
        own = [row("vulnerable-victim-share", body, 5)]
        found = derived(peel(), against("vulnerable-victim-share"), own, body=body)
        assert found.reason.startswith(f"{body} is left out of vulnerable-victim-share")


def test_rule_37_one_body_is_left_out_of_groups_and_two_are_counted_as_one() -> None:
    name = "organised-crime-groups-rate"
    rows = [row(name, "warwickshire-and-west-mercia", 30), row(name, "england-and-wales", 46)]
    indicator = against(name, "per-million-population")
    for body in ("warwickshire", "west-mercia"):
        assert derived(peel(), indicator, rows, body=body).value == -16
    found = derived(peel(), indicator, [row(name, "city-of-london", 9)], body="city-of-london")
    assert found.reason.startswith("city-of-london is left out of organised-crime-groups-rate")


def test_rule_38_one_body_is_left_out_of_types_of_groups() -> None:
    for name in (
        "organised-crime-groups-by-type-share",
        "organised-crime-groups-drug-activity-share",
    ):
        found = derived(peel(), against(name), [row(name, "humberside", 9)], body="humberside")
        cite = peel().series[name].cite
        assert found.reason == (
            f"humberside is left out of {name}, in rank, comparator and chart alike ({cite})"
        )


def test_rule_45_a_body_that_is_left_out_leaves_the_denominator_too() -> None:
    name = "charged-or-summonsed-share"
    bodies = table(name, 41)
    dorset = row(name, "dorset", 50, numerator=Decimal(10_000), denominator=Decimal(20_000))
    own = [row(name, "own", 60, numerator=Decimal(60), denominator=Decimal(100))]
    without = derived(peel(), against(name), own, bodies)
    assert derived(peel(), against(name), own, [*bodies, dorset]).value == without.value
    assert without.value is not None


# 39 to 42: parts, pilots, estimates, figures that were not supplied


@pytest.mark.parametrize("body", ["derbyshire", "suffolk"])
def test_rule_39_three_quarters_of_a_year_stay_in_the_ranking(body: str) -> None:
    name = "charged-or-summonsed-share"
    part = row(
        name, body, 50, to=date(2016, 3, 31), status="partial", reason="three quarters supplied"
    )
    found = band_of(name, 45, 40, [part])
    assert found.shown.startswith("rank 2 of 42 ")
    assert "three-quarters-of-data" in found.caveats
    assert f"the figure of {name} for {body} is partial: three quarters supplied" in found.notes


@pytest.mark.parametrize("body", ["leicestershire", "staffordshire", "west-yorkshire"])
def test_rule_40_a_pilot_is_kept_in_mind(body: str) -> None:
    name = "cautions-adults-share"
    rows = [row(name, body, 2), row(name, "england-and-wales", 3, comparator=True)]
    found = derived(peel(), against(name), rows, body=body)
    assert found.value == -1
    assert "out-of-court-pilot" in found.caveats


def test_rule_41_estimates_are_compared_and_say_what_they_are() -> None:
    name = "anti-social-behaviour-rate"
    rows = [
        row(name, "warwickshire", 30, status="estimated", reason="2 per cent was shared out"),
        row(name, "england-and-wales", 31, comparator=True),
    ]
    found = derived(peel(), against(name, "per-1000-population"), rows, body="warwickshire")
    assert found.value == -1
    assert "asb-estimates-and-corrections" in found.caveats
    assert found.notes[0] == (
        "the figure of anti-social-behaviour-rate for warwickshire is estimated:"
        " 2 per cent was shared out"
    )


def test_rule_42_a_body_that_supplied_nothing_is_in_no_rank_and_is_not_the_lowest() -> None:
    name = "charged-or-summonsed-share"
    silent = row(name, "silent", status="missing", reason="no figures were supplied")
    found = band_of(name, Decimal("0.5"), 40, [silent])
    assert found.value == "lowest"
    assert found.shown.startswith("rank 41 of 41 ")
    assert "silent (no figures were supplied)" in found.notes[0]
    indicator = {**BAND, "series": (name,)}
    own = derived(peel(), indicator, [row(name, "own", **_MISSING)], table(name, 41))
    assert (own.value, own.reason) == (None, "no figures were supplied")


_MISSING: dict[str, Any] = {"status": "missing", "reason": "no figures were supplied"}


# 46 to 49: definitions and periods


def test_rules_46_47_48_series_say_what_they_count() -> None:
    series = peel().series
    assert series["domestic-abuse-crime-share"].definition == "aged-16-or-over-partners-or-family"
    assert series["vulnerable-victim-share"].definition == "varies"
    assert series["victim-satisfaction"].definition == "whole-experience"


def test_rule_49_a_point_in_time_is_not_a_year() -> None:
    name = "organised-crime-groups-rate"
    rows = [
        row(name, "own", 48, from_=None, to=date(2016, 7, 1)),
        row(name, "england-and-wales", 46, comparator=True),
    ]
    found = derived(peel(), against(name, "per-million-population"), rows)
    assert found.reason == (
        "not compared: the periods of own (2016-07-01) and england-and-wales (2015-07-01 to"
        " 2016-06-30) differ in length"
    )


# the table of bodies through the command line


@pytest.fixture
def at_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.usefixtures("at_root")
def test_the_synthetic_table_is_labelled_in_its_file_and_in_every_output(grading: Grading) -> None:
    assert "synthetic" in TABLE
    lines = Path(TABLE).read_text("utf-8").splitlines()
    assert len(lines) == 1 + 42 + 41 + 43 + 43
    assert all("SYNTHETIC" in line and line.endswith(",yes") for line in lines[1:])
    text = grading("run", INSPECTION, "--table", TABLE).out
    assert "SYNTHETIC: made-up figures, of no real bodies" in " ".join(text.split())
    told = grading("run", INSPECTION, "--table", TABLE, "--format", "json")
    made = json.loads(told.out)
    assert made["inspection"]["table"] == {"rows": 169, "synthetic": True}
    note = "SYNTHETIC: it rests on made-up figures, of no real bodies"
    used = [i for i in made["indicators"].values() if i["records"]]
    assert len(used) >= 4
    assert all(note in i["notes"] for i in used)
    explained = grading("explain", INSPECTION, "charged-band", "--table", TABLE).out
    assert explained.count("(SYNTHETIC) [table-") == 42
    assert f"{note}." in explained


@pytest.mark.usefixtures("at_root")
def test_made_up_figures_are_refused_beside_a_real_body(grading: Grading) -> None:
    told = grading("run", "evidence/peel-effectiveness-2016/durham", "--table", TABLE)
    assert (told.code, told.out) == (3, "")
    assert told.err.splitlines()[:-1] == [
        f"{TABLE}:2:18: E431 `durham` is a real body and these figures are made up"
        " (use the figures of real bodies, or mark the inspection `synthetic: true`)"
    ]


@pytest.mark.usefixtures("at_root")
def test_a_table_that_is_named_must_be_there(grading: Grading) -> None:
    told = grading("explain", INSPECTION, "charged-band", "--table", "nowhere.csv")
    assert told.code == 3
    assert told.err.startswith("nowhere.csv:1:1: E101 there is no such file")


def test_the_table_beside_the_inspections_is_used_without_being_named(
    tmp_path: Path, grading: Grading, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "evidence" / "framework"
    shutil.copytree(ROOT / INSPECTION, home / "body")
    (home / "_all").mkdir()
    shutil.copy(ROOT / TABLE, home / "_all" / "metrics.csv")
    named = grading(
        *("explain", str(ROOT / INSPECTION), "charged-band", "--table", str(ROOT / TABLE)),
        *("--format", "json"),
    )
    for place, folder in (
        (tmp_path, "evidence/framework/body"),
        (home, "body"),
        (home / "body", "."),
    ):
        monkeypatch.chdir(place)
        words = ("explain", folder, "charged-band", "--rules", str(RULES), "--format", "json")
        told = grading(*words)
        assert told.code == 0
        assert json.loads(told.out)["text"] == json.loads(named.out)["text"]


@pytest.mark.usefixtures("at_root")
@pytest.mark.parametrize("target", ["investigating-crime", "outcomes"])
def test_caveats_travel_into_the_sentences_of_judgments(target: str, grading: Grading) -> None:
    told = grading("explain", "evidence/peel-effectiveness-2016/durham", target)
    assert told.code == 0
    assert "Depends on which crimes happen in an area" in told.out
    assert "The comparator is a pooled rate" in told.out


# Rules on judgments, follow-up and provenance, seen on the inspection that the rules were read from


@cache
def durham() -> Grading_:
    evidence, pack = load(ROOT / "evidence" / "peel-effectiveness-2016" / "durham")
    return grade(evidence, program_of(pack))


def durham_check(code: str, *records: str) -> list[str]:
    """The severities of what `evidence check` finds with this code on exactly these records."""
    report = check(durham().evidence, durham().pack)
    return [f.severity for f in report.open if f.code == code and set(records) <= set(f.records)]


def test_rule_2_the_grades_are_four_and_ungraded_is_none_of_them() -> None:
    assert peel().grades == ("outstanding", "good", "requires-improvement", "inadequate")
    assert "ungraded" in peel().manifest.scale.not_grades


def test_rules_3_and_4_the_overall_answers_one_question_and_names_what_entered_it() -> None:
    why = Explainer(durham()).why("overall")
    said = [step.text for step in why.walk()]
    titles = [judgment.title for q, judgment in durham().judgments.items() if q != "overall"]
    assert why.text == "Overall, keeping people safe and reducing crime is graded outstanding."
    assert [t for t in titles if not any(text.startswith(f"{t} is ") for text in said)] == []


def test_rule_10_an_open_area_is_followed_into_the_next_inspection() -> None:
    found = durham().findings["area-for-improvement-digital-evidence"]
    assert (found.first_raised, found.previous) == (2015, ("pv-002",))
    bites = {x.limiter.id for x in durham().judgments["investigating-crime"].limiters if x.bites}
    assert "repeat-area" in bites


def test_rule_11_a_pilot_inspected_earlier_is_graded_as_the_others() -> None:
    g = durham()
    june = Period(from_=date(2016, 6, 1), to=date(2016, 6, 30))
    pilot = replace(
        g.evidence, inspection=g.evidence.inspection.model_copy(update={"fieldwork": june})
    )
    assert {q: j.derived for q, j in grade(pilot, g.program).judgments.items()} == {
        q: j.derived for q, j in g.judgments.items()
    }


def test_rule_21_figures_that_do_not_fit_each_other_are_queried() -> None:
    assert durham_check("C101", "m-015", "m-048") == ["error"]


def test_rule_30_calls_for_assistance_are_not_set_against_earlier_years() -> None:
    calls = peel().series["calls-for-assistance-rate"]
    assert calls.not_comparable_with == ("earlier-years",)
    years = [
        row("calls-for-assistance-rate", "own", 288),
        row(
            "calls-for-assistance-rate",
            "own",
            250,
            from_=date(2014, 7, 1),
            to=date(2015, 6, 30),
        ),
    ]
    change = {
        "method": "change",
        "series": ("calls-for-assistance-rate",),
        "unit": "percent-change",
    }
    found = derived(peel(), change, years, [])
    assert found.value is None
    assert "earlier years" in found.reason


def test_rule_33_evidential_difficulties_say_that_the_mix_of_crime_moves_them() -> None:
    for name in (
        "evidential-difficulties-victim-does-not-support-share",
        "evidential-difficulties-victim-supports-share",
    ):
        assert "evidential-difficulties-depend-on-mix" in peel().series[name].caveats


def test_rule_44_parts_that_miss_their_total_by_rounding_are_no_error() -> None:
    assert "error" not in durham_check("C104")
    assert durham_check("C103") == []


def test_rule_50_what_stands_in_a_footnote_says_which() -> None:
    footnotes = {
        placed.record.id: placed.record.footnote
        for placed in durham().evidence.observations
        if placed.record.footnote is not None
    }
    assert footnotes["oc-115"] == 35
