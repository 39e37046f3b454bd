"""Rules of method on figures, by their numbers in the list made from the source.

Those that a case can give stand in `rules/peel-effectiveness-2016/cases/`; these need a table of
bodies, comparisons that the pack does not make, or every series of a kind. Rules on judgments and
on what evidence may do are in `test_methodology_judgments.py`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from grading.derive.ranks import size
from grading.evidence.checks.registry import check
from grading.explain.why import Explainer
from tests.figures import BEFORE, Row, derived, evidence, row, with_series
from tests.method import ROOT, durham, durham_problems, pack_problems, peel
from tests.test_bad_input import Grading, grading

__all__ = ["grading"]

RULES = ROOT / "rules"
INSPECTION = "tests/data/synthetic-inspection"
TABLE = "tests/data/synthetic-43-bodies.csv"
BAND = {"method": "rank-band", "unit": "rank-band"}
GROUPS = (
    "charged-or-summonsed-share",
    "taken-into-consideration-share",
    "out-of-court-formal-share",
    "out-of-court-informal-share",
    "prosecution-prevented-share",
    "evidential-difficulties-victim-supports-share",
    "evidential-difficulties-victim-does-not-support-share",
    "no-suspect-identified-share",
    "action-by-another-body-share",
    "further-investigation-not-in-public-interest-share",
)
ROWS = (
    "cautions-youths-share",
    "cautions-adults-share",
    "penalty-notices-share",
    "cannabis-khat-warnings-share",
    "community-resolutions-share",
    "evidential-difficulties-victim-supports-suspect-identified-share",
    "evidential-difficulties-victim-does-not-support-suspect-identified-share",
    "evidential-difficulties-victim-does-not-support-no-suspect-share",
)
TOTALS = ("outcomes-assigned-share", "outcomes-not-assigned-share", "outcomes-total-share")
TRACKED = (*GROUPS, *ROWS, *TOTALS)
"""Every row of figure 4: what became of the crimes recorded in the year."""
UNTRACKED = (
    "domestic-abuse-charged-or-summonsed-rate",
    "domestic-abuse-cautions-adults-rate",
    "domestic-abuse-cautions-youths-rate",
    "domestic-abuse-community-resolutions-rate",
    "domestic-abuse-evidential-difficulties-victim-supports-rate",
    "domestic-abuse-evidential-difficulties-victim-does-not-support-rate",
)
"""Every row of figure 7: outcomes of the year over offences of the year."""
PUBLISHED_BANDS = (
    "taken-into-consideration-share-band",
    "out-of-court-formal-share-band",
    "no-suspect-identified-share-band",
    "evidential-difficulties-victim-supports-share-band",
    "evidential-difficulties-victim-does-not-support-share-band",
    "domestic-abuse-cautions-adults-rate-band",
    "domestic-abuse-evidential-difficulties-victim-supports-rate-band",
    "domestic-abuse-evidential-difficulties-victim-does-not-support-rate-band",
)
"""The outcomes whose place among forces is printed in words."""
RECORDED_CRIME = (
    "recorded-crime-rate",
    "recorded-crime-rate-five-year-course",
    "recorded-crime-change-one-year",
    "recorded-crime-change-five-years",
    "victim-based-crime-change-five-years",
    "victim-based-crime-rate",
    "sexual-offences-rate",
    "assault-with-injury-rate",
    "burglary-in-a-dwelling-rate",
    "domestic-abuse-crime-share",
    "domestic-abuse-crime-change",
)


def without(caveat: str, series: Sequence[str]) -> list[str]:
    """Those of the series that do not carry the caveat."""
    return [name for name in series if caveat not in peel().series[name].caveats]


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


# 18 to 20: caveats that travel with figures


def test_rule_18_every_outcome_carries_that_the_mix_of_crimes_moves_it() -> None:
    outcomes = (*TRACKED, *UNTRACKED, *PUBLISHED_BANDS, "domestic-abuse-positive-outcome-rate")
    assert without("outcomes-vary-with-crime-mix", outcomes) == []


@pytest.mark.parametrize("target", ["outcomes", "investigating-crime"])
def test_rule_18_the_caveat_is_said_wherever_an_outcome_is_used(target: str) -> None:
    said = [step.text for step in Explainer(durham()).why(target).walk()]
    [place] = [n for n, text in enumerate(said) if text.startswith("Crimes that ended in a charge")]
    caveat = peel().caveats["outcomes-vary-with-crime-mix"].says
    assert any(f"{caveat}." in text for text in said[place:])


def test_rule_19_recorded_crime_carries_that_recording_has_improved() -> None:
    rising = (*RECORDED_CRIME, "forces-with-recorded-crime-increase")
    assert without("crime-recording-focus", rising) == []


def test_rule_20_incidents_of_anti_social_behaviour_say_what_they_do_not_count() -> None:
    counted = [
        "anti-social-behaviour-rate",
        "anti-social-behaviour-change-one-year",
        "anti-social-behaviour-repeat-victims-rate",
    ]
    for caveat in ("asb-quality-assurance", "asb-recorded-incidents-only"):
        assert without(caveat, counted) == []
    assert {peel().series[name].role for name in counted} == {"context-only"}


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


def test_rule_23_outcomes_are_ranked_and_nothing_else() -> None:
    ranked = {name: series.bands for name, series in peel().series.items() if series.bands}
    assert ranked == dict.fromkeys((*GROUPS, *ROWS, *UNTRACKED), "quarters")


def test_rule_23_a_pack_that_ranks_anything_else_is_refused(tmp_path: Path) -> None:
    added = (
        "  satisfaction-band: {title: Place, method: rank-band, series: [victim-satisfaction],"
        " unit: rank-band}\n"
    )
    assert pack_problems(tmp_path, {"indicators.yaml": ("", added)}) == [
        "series `victim-satisfaction` has no `bands`, so it is not ranked (give the series `bands`"
        " where a source ranks it, or read its published band)"
    ]


# 24 to 27: what comparators and rates are made of


def test_rule_24_the_comparator_of_satisfaction_is_a_mean_and_others_are_pooled() -> None:
    methods = {
        name: series.comparator_method
        for name, series in peel().series.items()
        if series.comparator_method not in (None, "not-stated")
    }
    means = [name for name, method in methods.items() if method != "pooled"]
    assert means == ["victim-satisfaction"]
    assert methods[means[0]] == "mean-of-bodies"
    assert {*TRACKED, *UNTRACKED} < set(methods)


@pytest.mark.parametrize(
    ("series", "others", "comparator"),
    [
        # 21 bodies of 80, 21 of 81 and the body itself, whatever their size
        ("victim-satisfaction", 42, Decimal(80 * 21 + 81 * 21 + 90) / 43),
        # by size: a body of n has a share of 80 or of 81, and the body itself is of 10
        (
            "charged-or-summonsed-share",
            41,
            (sum(Decimal(80 + n % 2) * n for n in range(1, 42)) + 90 * 10)
            / (sum(range(1, 42)) + 10),
        ),
    ],
)
def test_rule_24_a_mean_counts_bodies_and_a_pooled_rate_counts_cases(
    series: str, others: int, comparator: Decimal
) -> None:
    def sized(body: str, share: int, size: int) -> Row:
        above = Decimal(share * size) / 100
        return row(series, body, share, numerator=above, denominator=Decimal(size))

    rows = [sized(f"b{n:02}", 80 + n % 2, n) for n in range(1, others + 1)]
    found = derived(peel(), against(series), [sized("own", 90, 10)], rows)
    assert found.value == round(90 - comparator, 6)


def test_rule_25_totals_say_which_body_they_leave_out() -> None:
    totals = (*RECORDED_CRIME, *TRACKED, *PUBLISHED_BANDS[:5], "vulnerable-victim-share")
    assert without("british-transport-police-excluded", totals) == []


def test_rule_26_rates_per_head_are_of_one_population_and_say_how_it_was_counted() -> None:
    per_head = [n for n, s in peel().series.items() if s.unit.endswith("-population")]
    assert len(per_head) > 12
    assert {peel().series[name].denominator for name in per_head} == {"population-mid-2015"}
    assert without("population-estimates", per_head) == []
    says = peel().caveats["population-estimates"].says
    assert "mid-2015" in says
    assert "City of London" in says


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
    households = [n for n, s in peel().series.items() if s.denominator == "households"]
    assert households == ["burglary-in-a-dwelling-rate"]
    assert without("households-denominator", households) == []


# 28 to 33: what is not comparable, or only with care


@pytest.mark.parametrize("first", ["tracked", "untracked"])
def test_rule_28_tracked_outcomes_are_never_set_against_untracked_ones(first: str) -> None:
    for pair in ((one, other) for one in TRACKED for other in UNTRACKED):
        series = pair if first == "tracked" else pair[::-1]
        indicator = {"method": "difference", "series": series, "unit": "percentage-points"}
        found = derived(peel(), indicator, [row(name, "own", 5) for name in pair])
        assert found.value is None, series
        assert found.reason.startswith("not compared: "), series
    assert without("tracked-and-untracked-outcomes", (*TRACKED, *UNTRACKED)) == []


def test_rule_28_one_outcome_in_both_tables_is_named_as_not_comparable() -> None:
    named = {name: peel().series[name].not_comparable_with for name in (*TRACKED, *UNTRACKED)}
    same = {(one, other) for one in TRACKED for other in UNTRACKED if other in named[one]}
    assert {other for _, other in same} == set(UNTRACKED)
    assert len(same) == 9
    assert same == {(one, other) for other in UNTRACKED for one in named[other]}
    for one, other in same:
        indicator = {"method": "difference", "series": (one, other), "unit": "percentage-points"}
        found = derived(peel(), indicator, [row(name, "own", 5) for name in (one, other)])
        cite = peel().series[one].cite
        assert found.reason == f"not compared: {one} is not comparable with {other} ({cite})"


@pytest.mark.parametrize(
    ("series", "unit"),
    [
        pytest.param("organised-crime-groups-rate", "per-million-population", id="rule-29, rate"),
        pytest.param(
            "organised-crime-groups-by-type-share", "percentage-points", id="rule-29, type"
        ),
        pytest.param(
            "organised-crime-groups-drug-activity-share", "percentage-points", id="rule-29, drugs"
        ),
        pytest.param("calls-for-assistance-rate", "per-1000-population", id="rule-30, calls"),
        pytest.param("domestic-abuse-calls-rate", "per-1000-population", id="rule-30, abuse"),
    ],
)
def test_rules_29_30_some_figures_are_not_set_against_earlier_years(series: str, unit: str) -> None:
    years = [row(series, "own", 48), row(series, "own", 40, **BEFORE)]
    change = {"method": "change", "series": (series,), "unit": unit}
    found = derived(peel(), change, years)
    cite = peel().series[series].cite
    assert (found.value, found.reason) == (
        None,
        f"not compared: {series} is not comparable with earlier years ({cite})",
    )


def test_rule_31_outcomes_can_still_change_and_say_of_when_they_are() -> None:
    assert without("outcomes-subject-to-change", (*TRACKED, *PUBLISHED_BANDS[:5])) == []
    assert "October 2016" in peel().caveats["outcomes-subject-to-change"].says
    releases = {
        m.record.release
        for m in durham().evidence.metrics
        if m.record.series in {*TRACKED, *PUBLISHED_BANDS[:5], *RECORDED_CRIME[:9]}
    }
    assert releases == {"October 2016"}


def test_rule_33_evidential_difficulties_say_that_the_mix_of_crime_moves_them() -> None:
    difficulties = [n for n in (*TRACKED, *PUBLISHED_BANDS[:5]) if n.startswith("evidential-")]
    assert len(difficulties) == 7
    assert without("evidential-difficulties-depend-on-mix", difficulties) == []
    rows = [row(difficulties[0], "own", 2), row(difficulties[0], "england-and-wales", 10)]
    found = derived(peel(), against(difficulties[0]), rows)
    assert found.value == -8
    assert "evidential-difficulties-depend-on-mix" in found.caveats


# 34 to 38, 45: who is left out, from ranking and comparator together


@pytest.mark.parametrize(
    ("names", "bodies"),
    [(TRACKED, ("dorset",)), (UNTRACKED, ("dorset", "nottinghamshire"))],
    ids=["rule-34", "rules-34-35"],
)
def test_rules_34_35_every_outcome_leaves_out_the_bodies_without_sound_outcomes(
    names: tuple[str, ...], bodies: tuple[str, ...]
) -> None:
    assert {name: peel().series[name].excludes for name in names} == dict.fromkeys(names, bodies)
    outcomes = {n for n, s in peel().series.items() if "outcomes-vary-with-crime-mix" in s.caveats}
    assert [n for n in sorted(outcomes) if "dorset" not in peel().series[n].excludes] == []


@pytest.mark.parametrize(
    ("series", "bodies"),
    [
        ("charged-or-summonsed-share", ("dorset",)),
        ("domestic-abuse-charged-or-summonsed-rate", ("dorset", "nottinghamshire")),
    ],
    ids=["rule-34", "rules-34-35"],
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
    assert "Suffolk" in peel().caveats["vulnerability-forces-missing"].says
    for body in sorted(five):
        own = [row("vulnerable-victim-share", body, 5)]
        found = derived(peel(), against("vulnerable-victim-share"), own, body=body)
        assert found.reason.startswith(f"{body} is left out of vulnerable-victim-share")
    months = {"from_": date(2015, 11, 1), "status": "partial", "reason": "eight months"}
    value = {"method": "value", "series": ("vulnerable-victim-share",), "unit": "percent"}
    part = derived(
        peel(), value, [row("vulnerable-victim-share", "suffolk", 5, **months)], body="suffolk"
    )
    assert part.value == 5
    assert "vulnerability-forces-missing" in part.caveats
    assert part.notes == (
        "the figure of vulnerable-victim-share for suffolk is partial: eight months",
    )


def test_rule_37_one_body_is_left_out_of_groups_and_two_are_counted_as_one() -> None:
    name = "organised-crime-groups-rate"
    rows = [row(name, "warwickshire-and-west-mercia", 30), row(name, "england-and-wales", 46)]
    indicator = against(name, "per-million-population")
    for body in ("warwickshire", "west-mercia"):
        assert derived(peel(), indicator, rows, body=body).value == -16
    found = derived(peel(), indicator, [row(name, "city-of-london", 9)], body="city-of-london")
    assert found.reason.startswith("city-of-london is left out of organised-crime-groups-rate")


def test_rule_37_the_parts_of_what_is_counted_as_one_are_not_counted_again() -> None:
    name = "organised-crime-groups-rate"

    def counted(body: str, groups: int, people: int) -> Row:
        rate = Decimal(groups) * 1_000_000 / people
        return row(name, body, rate, numerator=Decimal(groups), denominator=Decimal(people))

    own = [counted("own", 40, 1_000_000)]
    others = [counted(f"b{n:02}", 20, 500_000) for n in range(1, 40)]
    both = counted("warwickshire-and-west-mercia", 54, 1_800_000)
    again = [
        counted("warwickshire", 900, 600_000),
        counted("west-mercia", 900, 1_200_000),
        counted("city-of-london", 900, 10_000),
    ]
    indicator = against(name, "per-million-population")
    groups, people = 40 + 39 * 20 + 54, 1_000_000 + 39 * 500_000 + 1_800_000
    expected = round(40 - Decimal(groups) * 1_000_000 / people, 6)
    for rows in ([*others, both], [*others, both, *again]):
        assert derived(peel(), indicator, own, rows).value == expected


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


def test_rule_45_whoever_a_series_excludes_has_no_value_of_it() -> None:
    excluding = {
        name: s.excludes
        for name, s in peel().series.items()
        if s.excludes and s.unit != "rank-band"
    }
    assert len(excluding) > 30
    for name, bodies in excluding.items():
        value = {"method": "value", "series": (name,), "unit": peel().series[name].unit}
        for body in bodies:
            found = derived(peel(), value, [row(name, body, 5)], body=body)
            assert found.value is None
            assert found.reason.startswith(f"{body} is left out of {name}, ")


# 39 to 43: parts, pilots, estimates, figures that were not supplied


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


def test_rule_39_every_share_of_outcomes_allows_a_part_of_the_year() -> None:
    allowed = {name: peel().series[name].partial for name in TRACKED}
    assert allowed == dict.fromkeys(TRACKED, "three-quarters-of-data")
    assert without("three-quarters-of-data", TRACKED) == []


DISPOSALS = (
    "out-of-court-formal-share",
    "cautions-adults-share",
    "penalty-notices-share",
    "out-of-court-informal-share",
    "cannabis-khat-warnings-share",
)


@pytest.mark.parametrize("body", ["leicestershire", "staffordshire", "west-yorkshire"])
def test_rule_40_a_pilot_is_kept_in_mind(body: str) -> None:
    assert without("out-of-court-pilot", TRACKED) == []
    for name in DISPOSALS:
        rows = [row(name, body, 2), row(name, "england-and-wales", 3, comparator=True)]
        found = derived(peel(), against(name), rows, body=body)
        assert found.value == -1
        assert "out-of-court-pilot" in found.caveats
        piloting = {b for pilot in peel().series[name].pilots for b in pilot.bodies}
        assert body in piloting


@pytest.mark.parametrize(("body", "told"), [("leicestershire", True), ("derbyshire", False)])
def test_rule_40_the_pilot_is_told_of_those_who_take_part(body: str, told: bool) -> None:
    pack = with_series(peel(), plain_share={"pilots": peel().series[DISPOSALS[1]].pilots})
    rows = [row("plain-share", body, 2), row("plain-share", "england-and-wales", 3)]
    found = derived(pack, against("plain-share"), rows, body=body)
    assert found.value == -1
    assert found.caveats == (("out-of-court-pilot",) if told else ())


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
    says = peel().caveats["asb-estimates-and-corrections"].says
    assert all(word in says for word in ("Warwickshire", "South Yorkshire", "Bedfordshire"))


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


def test_rule_42_the_arrests_that_were_not_supplied_are_recorded_as_missing() -> None:
    [arrests] = [
        m.record
        for m in durham().evidence.metrics
        if m.record.series == "domestic-abuse-arrest-rate" and m.record.body == "durham"
    ]
    assert (arrests.status, arrests.value) == ("missing", None)
    assert arrests.reason
    raised = {f.criterion for f in durham().findings.values() if f.kind != "strength"}
    assert "domestic-abuse" not in raised


CALLS = "m-001,calls-for-assistance-rate,durham,"


@pytest.mark.parametrize("dash", ["-", "–", "—"])
def test_rule_43_a_dash_is_read_neither_as_zero_nor_as_nothing(dash: str, tmp_path: Path) -> None:
    passage = (f"{CALLS}288,", f"{CALLS}{dash},")
    assert durham_problems(tmp_path, {"metrics.csv": passage}) == [
        f"`{dash}` is not a number (a dash is not zero: leave the cell empty where there is no figure)"
    ]


def test_rule_43_an_empty_cell_says_why_it_is_empty(tmp_path: Path) -> None:
    passage = (f"{CALLS}288,", f"{CALLS},")
    assert durham_problems(tmp_path, {"metrics.csv": passage}) == [
        "a figure that is `ok` needs a `value`"
    ]


# 44: rounding


@pytest.mark.parametrize(
    ("printed", "found"),
    [("100.0", []), ("100.1", [("C104", "info")]), ("101.4", [("C103", "error")])],
    ids=["exact", "by rounding", "by more"],
)
def test_rule_44_parts_may_miss_their_total_by_rounding_and_by_no_more(
    printed: str, found: list[tuple[str, str]]
) -> None:
    rows = [
        row("outcomes-total-share", "own", printed),
        row("outcomes-assigned-share", "own", "91.3"),
        row("outcomes-not-assigned-share", "own", "8.7"),
    ]
    report = check(evidence(peel(), rows), peel())
    assert [(f.code, f.severity) for f in report.open if f.check == "outcomes-total"] == found


def test_rule_44_the_groups_of_the_report_miss_their_total_by_rounding() -> None:
    report = check(durham().evidence, durham().pack)
    missed = {f.code: f.severity for f in report.open if f.code in {"C103", "C104"}}
    assert missed == {"C104": "info"}


# 46 to 49: definitions and periods


def test_rules_46_47_48_series_say_what_they_count() -> None:
    series = peel().series
    abuse = (
        "domestic-abuse-crime-share",
        "domestic-abuse-crime-change",
        "domestic-abuse-arrest-rate",
        *UNTRACKED,
    )
    definition = "aged-16-or-over-partners-or-family"
    assert {series[name].definition for name in abuse} == {definition}
    assert without("domestic-abuse-flagging", abuse) == []
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


_TO_JUNE = (date(2015, 7, 1), date(2016, 6, 30))
_TO_MARCH = [(date(year, 4, 1), date(year + 1, 3, 31)) for year in (2014, 2015)]


@pytest.mark.parametrize(
    ("series", "periods"),
    [
        (("anti-social-behaviour-rate",), set(_TO_MARCH)),
        (("anti-social-behaviour-change-one-year",), {_TO_MARCH[1]}),
        (tuple(n for n in RECORDED_CRIME[:9] if not n.endswith("course")), {_TO_JUNE}),
        ((*TRACKED, *UNTRACKED), {_TO_JUNE}),
        (("organised-crime-groups-rate",), {(None, date(2016, 7, 1))}),
        (("domestic-abuse-crime-share",), {_TO_JUNE, _TO_MARCH[0]}),
    ],
    ids=["incidents", "change of incidents", "crime", "outcomes", "groups", "domestic abuse"],
)
def test_rule_49_figures_are_of_the_periods_that_the_report_names(
    series: tuple[str, ...], periods: set[tuple[date | None, date]]
) -> None:
    recorded = [m.record for m in durham().evidence.metrics if m.record.series in series]
    assert {m.series for m in recorded} == set(series)
    assert {(m.from_, m.to) for m in recorded} == periods


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
