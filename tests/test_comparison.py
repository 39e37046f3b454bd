"""What is not comparable is not compared, and the whole reason is said with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.derive.comparison import Comparison, refusal, same_length
from grading.rules.comparable import Bands, Population
from grading.rules.load import load_pack
from grading.rules.loaded import Pack
from grading.rules.pack import Caveat
from tests.figures import BEFORE, YEAR, Row, derived, metric, row, with_series

RULES = Path(__file__).parent.parent / "rules"
DIFFERENCE = {
    "method": "difference",
    "series": ("a",),
    "comparator": "all",
    "unit": "percentage-points",
}
PAIR = {"method": "difference", "series": ("a", "b"), "unit": "percentage-points"}
CHANGE = {"method": "change", "series": ("a",), "unit": "percentage-points"}
RANK = {"method": "rank-band", "series": ("a",), "unit": "rank-band"}
PLAIN: Mapping[str, object] = {}


@cache
def food() -> Pack:
    return load_pack(RULES / "food-hygiene")


def pack(a: Mapping[str, object] = PLAIN, b: Mapping[str, object] = PLAIN) -> Pack:
    """A pack with the series a and b, a caveat, bands and a population of five."""
    whole = with_series(food(), a=a, b=b)
    bands = Bands(share=Decimal("0.2"), rounding="down", ties="include", cite="Annex")
    five = Population(title="the five of them", bodies=5, cite="Introduction")
    trial = Caveat(says="It is on trial", cite="Note 1")
    return replace(
        whole, bands={"fifths": bands}, populations={"five": five}, caveats={"trial": trial}
    )


def own(value: object = 10, **said: object) -> Row:
    return row("a", "own", value, **said)


def other(value: object = 8, **said: object) -> Row:
    return row("a", "all", value, comparator=True, **said)


TRIAL = {"bodies": ("own",), "caveat": "trial"}
REFUSED: dict[str, tuple[Pack, Mapping[str, object], list[Row], str]] = {
    "periods that differ": (
        pack(),
        DIFFERENCE,
        [own(), other(**BEFORE)],
        "not compared: the periods of own (2015-07-01 to 2016-06-30) and all (2014-07-01 to"
        " 2015-06-30) differ",
    ),
    "periods of different length": (
        pack(),
        DIFFERENCE,
        [own(), other(from_=date(2016, 4, 1))],
        "not compared: the periods of own (2015-07-01 to 2016-06-30) and all (2016-04-01 to"
        " 2016-06-30) differ in length",
    ),
    "a part of the period": (
        pack(),
        DIFFERENCE,
        [own(to=date(2016, 3, 31), status="partial", reason="three quarters"), other()],
        "not compared: the figure of a for own is partial: three quarters [m-1]",
    ),
    "a definition of its own": (
        pack({"definition": "whole"}),
        DIFFERENCE,
        [own(definition="half"), other()],
        "not compared: the definitions differ: half in m-1, whole in m-2",
    ),
    "a definition a body": (
        pack({"definition": "varies"}),
        DIFFERENCE,
        [own(), other()],
        "not compared: each body has its own definition of a (Annex)",
    ),
    "an excluded body": (
        pack({"excludes": ("own",)}),
        DIFFERENCE,
        [own(), other()],
        "own is left out of a, in rank, comparator and chart alike (Annex)",
    ),
    "a pilot": (
        pack({"pilots": ({**TRIAL, "comparison": "refused"},)}),
        DIFFERENCE,
        [own(), other()],
        "own takes part in a pilot: It is on trial (Note 1)",
    ),
    "units": (
        pack({"unit": "percent"}, {"unit": "count"}),
        PAIR,
        [own(), row("b", "own", 3)],
        "not compared: a is in percent and b in count: the units differ (Annex)",
    ),
    "denominators": (
        pack({"denominator": "people"}, {"denominator": "households", "cite": "Figure 2"}),
        PAIR,
        [own(), row("b", "own", 3)],
        "not compared: a is in people and b in households: the denominators differ (Annex; Figure 2)",
    ),
    "a break": (
        pack({"breaks": ({"from": date(2015, 1, 1), "says": "new forms", "cite": "Note 2"},)}),
        CHANGE,
        [own(), own(5, **BEFORE)],
        "not compared: a break in a on 2015-01-01: new forms (Note 2)",
    ),
    "earlier years": (
        pack({"not-comparable-with": ("earlier-years",)}),
        CHANGE,
        [own(), own(5, **BEFORE)],
        "not compared: a is not comparable with earlier years (Annex)",
    ),
    "years and quarters": (
        pack(),
        CHANGE,
        [own(), own(5, from_=date(2015, 4, 1), to=date(2015, 6, 30))],
        "not compared: the periods 2015-07-01 to 2016-06-30 and 2015-04-01 to 2015-06-30 differ in"
        " length",
    ),
    "periods that overlap": (
        pack(),
        CHANGE,
        [own(), own(5, from_=date(2015, 4, 1), to=date(2016, 3, 31))],
        "not compared: the periods 2015-07-01 to 2016-06-30 and 2015-04-01 to 2016-03-31 overlap",
    ),
    "one period": (pack(), CHANGE, [own()], "no earlier figure of a for own"),
    "percent and points": (
        pack(),
        {**CHANGE, "unit": "percent"},
        [own(), own(5, **BEFORE)],
        "the change of figures in percent is in percent-change or percentage-points, not in percent",
    ),
    "a comparator of percentages in percent": (
        pack(),
        {**DIFFERENCE, "unit": "percent"},
        [own(), other()],
        "the difference of figures in percent is in percentage-points, not in percent",
    ),
    "a change from nothing": (
        pack(),
        {**CHANGE, "unit": "percent-change"},
        [own(), own(0, **BEFORE)],
        "the earlier figure is zero",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_comparison_is_refused_with_the_whole_reason(name: str) -> None:
    rules, indicator, rows, reason = REFUSED[name]
    found = derived(rules, indicator, rows)
    assert (found.value, found.reason) == (None, reason)


@pytest.mark.parametrize("method", ["difference", "ratio", "sum", "mean", "maximum", "minimum"])
@pytest.mark.parametrize("says", ["a", "b"])
def test_series_that_do_not_compare_are_never_put_together(method: str, says: str) -> None:
    which = {"not-comparable-with": ("b" if says == "a" else "a",), "cite": "Figure 7"}
    rules = pack(which if says == "a" else PLAIN, which if says == "b" else PLAIN)
    unit = "percentage-points" if method == "difference" else "percent"
    indicator = {"method": method, "series": ("a", "b"), "unit": unit}
    found = derived(rules, indicator, [own(), row("b", "own", 3)])
    verb = "compared" if method in {"difference", "ratio"} else "taken together"
    names = "a is not comparable with b" if says == "a" else "b is not comparable with a"
    assert (found.value, found.reason) == (None, f"not {verb}: {names} (Figure 7)")


def test_what_is_comparable_is_compared() -> None:
    assert derived(pack(), DIFFERENCE, [own(), other()]).value == 2
    assert derived(pack(), PAIR, [own(), row("b", "own", 3)]).value == 7
    rows = [own(), own(8, **BEFORE)]
    found = derived(pack(), CHANGE, rows)
    assert (found.value, found.shown) == (
        Decimal(2),
        "8 in 2014-07-01 to 2015-06-30, 10 in 2015-07-01 to 2016-06-30",
    )
    assert derived(pack(), {**CHANGE, "unit": "percent-change"}, rows).value == 25
    assert found.records == ("m-1", "m-2")


@pytest.mark.parametrize("day", [date(2014, 7, 1), date(2016, 7, 1)])
def test_a_break_before_or_after_both_periods_is_none(day: date) -> None:
    rules = pack({"breaks": ({"from": day, "says": "new forms", "cite": "Note 2"},)})
    assert derived(rules, CHANGE, [own(), own(8, **BEFORE)]).value == 2


@pytest.mark.parametrize("day", [date(2014, 7, 2), date(2015, 7, 1), date(2016, 6, 30)])
def test_a_break_within_or_between_the_periods_is_one(day: date) -> None:
    rules = pack({"breaks": ({"from": day, "says": "new forms", "cite": "Note 2"},)})
    assert derived(rules, CHANGE, [own(), own(8, **BEFORE)]).value is None


def test_a_part_of_the_period_serves_where_the_series_allows_it_and_carries_the_caveat() -> None:
    part = own(to=date(2016, 3, 31), status="partial", reason="three quarters")
    found = derived(pack({"partial": "trial"}), DIFFERENCE, [part, other()])
    assert (found.value, found.caveats) == (Decimal(2), ("trial",))
    assert found.notes == ("the figure of a for own is partial: three quarters",)
    early = own(from_=date(2014, 4, 1), to=date(2015, 3, 31), status="partial", reason="late")
    assert derived(pack({"partial": "trial"}), DIFFERENCE, [early, other()]).value is None


def test_a_pilot_that_is_only_to_be_kept_in_mind_is_a_caveat() -> None:
    rules = pack({"pilots": ({**TRIAL, "comparison": "with-caveat"},)})
    found = derived(rules, DIFFERENCE, [own(), other()])
    assert (found.value, found.caveats) == (Decimal(2), ("trial",))


def test_an_estimate_is_compared_and_says_that_it_is_one() -> None:
    found = derived(pack(), DIFFERENCE, [own(status="estimated", reason="by hand"), other()])
    assert (found.value, found.notes) == (
        Decimal(2),
        ("the figure of a for own is estimated: by hand",),
    )


@pytest.mark.parametrize(
    ("method", "note"),
    [
        ("pooled", "the comparator is a pooled rate, all bodies taken together"),
        (
            "mean-of-bodies",
            "the comparator is the unweighted mean of the bodies' figures, not a pooled rate",
        ),
        ("not-stated", "how the comparator was made is not stated"),
    ],
)
def test_a_comparator_says_how_it_is_made(method: str, note: str) -> None:
    rules = pack({"comparator-method": method})
    assert derived(rules, DIFFERENCE, [own(), other()]).notes == (note,)


# a comparator that nobody recorded is made from the table, by the method of the series


def table(*values: int, **said: object) -> list[Row]:
    """Bodies b1 and so on; each figure is a share of a hundred for each place in the row."""
    return [
        row("a", f"b{n}", value, numerator=Decimal(value * n), denominator=Decimal(100 * n), **said)
        for n, value in enumerate(values, 1)
    ]


@pytest.mark.parametrize(
    ("method", "comparator"),
    [("mean-of-bodies", Decimal(30)), ("pooled", Decimal(32))],
)
def test_a_comparator_is_made_by_its_method(method: str, comparator: Decimal) -> None:
    rules = pack({"comparator-method": method, "population": "five"})
    rows = [row("a", "own", 50, numerator=Decimal(50), denominator=Decimal(100))]
    found = derived(rules, DIFFERENCE, rows, table(10, 20, 30, 40))
    # pooled: (50 + 10 + 40 + 90 + 160) of 1100 is not the mean of 50, 10, 20, 30 and 40
    expected = Decimal(50) - (comparator if method == "mean-of-bodies" else Decimal(35000) / 1100)
    assert found.value is not None
    assert abs(Decimal(found.value) - expected) < Decimal("0.000001")
    assert found.notes[0] == "all is made from a table: 5 bodies"


@pytest.mark.parametrize(
    ("said", "rows", "reason"),
    [
        (
            {"comparator-method": "not-stated"},
            table(1, 2),
            "how the comparator of a is made is not stated",
        ),
        (
            {"comparator-method": "pooled"},
            [row("a", "b1", 1)],
            "a pooled comparator of a needs numerator and denominator of b1 and own",
        ),
        (
            {"comparator-method": "mean-of-bodies", "population": "five"},
            table(1, 2),
            "the table accounts for 3 bodies, and the five of them are 5 (Introduction)",
        ),
        (
            {"comparator-method": "pooled", "unit": "count"},
            table(1, 2),
            "a pooled comparator of a needs a rate or a share",
        ),
    ],
)
def test_a_comparator_that_cannot_be_made_is_none(
    said: Mapping[str, object], rows: list[Row], reason: str
) -> None:
    unit = "count" if said.get("unit") == "count" else "percentage-points"
    found = derived(pack(said), {**DIFFERENCE, "unit": unit}, [own()], rows)
    assert (found.value, found.reason) == (None, reason)


# ranks in a table: who is in it, who is not


def test_an_excluded_body_leaves_ranking_and_comparator_together() -> None:
    said = {"bands": "fifths", "comparator-method": "mean-of-bodies", "population": "five"}
    rows = table(90, 20, 30, 40)
    everyone = derived(pack(said), RANK, [own(80)], rows)
    without = derived(pack({**said, "excludes": ("b1",)}), RANK, [own(80)], rows)
    assert (everyone.value, everyone.shown) == (
        "broadly-in-line",
        "rank 2 of 5 from the highest; 20 per cent of 5 is 1, rounded down 1 at each end",
    )
    assert without.value == "broadly-in-line"
    assert without.shown.startswith("rank 1 of 4 from the highest; 20 per cent of 4 is 0.8")
    assert without.notes == ("ranked among 4 bodies without b1 (left out by the series, Annex)",)
    assert "t-1" not in without.records
    mean = derived(pack({**said, "excludes": ("b1",)}), DIFFERENCE, [own(80)], rows)
    assert mean.value == Decimal(80) - Decimal(170) / 4


def test_each_body_that_is_left_out_is_named_with_the_reason() -> None:
    rows = [
        *table(1, 2),
        row("a", "b3", status="missing", reason="no system"),
        row("a", "b4", 9, **BEFORE),
        row("a", "all", 5, comparator=True),
    ]
    found = derived(pack({"bands": "fifths", "population": "five"}), RANK, [own(80)], rows)
    assert found.notes == (
        "ranked among 3 bodies without b3 (no system) and b4 (the periods of own (2015-07-01 to"
        " 2016-06-30) and b4 (2014-07-01 to 2015-06-30) differ)",
    )


def test_bodies_counted_as_one_are_ranked_as_one() -> None:
    said = {"bands": "fifths", "population": "five", "combined": {"pair": ("own", "b1")}}
    rows = [row("a", "pair", 50), *table(99, 2, 3, 4)]
    found = derived(pack(said), RANK, [], rows)
    assert found.shown.startswith("rank 1 of 4 from the highest")
    assert "t-2" not in found.records


def test_a_body_with_two_figures_for_one_period_ends_the_ranking() -> None:
    rows = [*table(1, 2, 3, 4), row("a", "b2", 5)]
    found = derived(pack({"bands": "fifths"}), RANK, [own()], rows)
    assert (found.value, found.reason) == (
        None,
        "not ranked: a for b2 is recorded as 2 and 5 for one period",
    )
    twice = derived(pack({"bands": "fifths"}), RANK, [own()], [*table(1, 2), own(11)])
    assert twice.reason == "a for own is recorded as 10 and 11 for one period"


@settings(deadline=None, max_examples=40)
@given(st.permutations(range(5)))
def test_the_order_of_rows_changes_nothing(order: list[int]) -> None:
    rules = pack({"bands": "fifths", "comparator-method": "mean-of-bodies"})
    rows = table(40, 10, 30, 20, 50)
    plain = derived(rules, RANK, [own(35)], rows)
    mixed = derived(rules, RANK, [own(35)], [rows[n] for n in order])
    assert (mixed.value, mixed.reason, mixed.shown) == (plain.value, plain.reason, plain.shown)


def test_made_up_figures_say_so_wherever_they_are_used() -> None:
    rules = pack({"bands": "fifths", "comparator-method": "mean-of-bodies"})
    rows = table(40, 10, 30, synthetic=True)
    for indicator in (RANK, DIFFERENCE):
        found = derived(rules, indicator, [own(35)], rows)
        assert "SYNTHETIC: it rests on made-up figures, of no real bodies" in found.notes


# properties of comparisons

DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))


@settings(deadline=None)
@given(DAYS, st.integers(1, 36), st.integers(0, 120))
def test_months_are_as_long_as_the_same_number_of_other_months(
    start: date, months: int, later: int
) -> None:
    def first(of: int) -> date:
        number = start.year * 12 + start.month - 1 + of
        return date(number // 12, number % 12 + 1, 1)

    def period(of: int, length: int) -> Mapping[str, object]:
        return {"from_": first(of), "to": first(of + length) - timedelta(days=1)}

    rules = pack()
    one = metric("m-1", own(**period(0, months)), rules)
    assert same_length(one, metric("m-2", own(**period(later, months)), rules))
    assert not same_length(one, metric("m-2", own(**period(later, months + 1)), rules))


@settings(deadline=None)
@given(DAYS, st.integers(0, 800), DAYS, st.integers(0, 800))
def test_figures_of_two_bodies_compare_either_way_round_or_neither(
    start: date, days: int, begin: date, more: int
) -> None:
    rules = pack()
    one = metric("m-1", own(from_=start, to=start + timedelta(days=days)), rules)
    two = metric("m-2", other(from_=begin, to=begin + timedelta(days=more)), rules)
    there = refusal(Comparison(rules, "bodies", one, two))
    back = refusal(Comparison(rules, "bodies", two, one))
    same = (one.from_, one.to) == (two.from_, two.to)
    assert (there == "", back == "") == (same, same)


def test_a_year_is_a_year_with_a_leap_day_or_without() -> None:
    rules = pack()
    assert same_length(metric("m-1", own(**YEAR), rules), metric("m-2", own(**BEFORE), rules))
