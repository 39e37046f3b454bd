"""Bands of a rank against a definition by brute force, at the sizes of the published figures."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, permutations
from math import ceil, floor
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.derive.ranks import Band, Reading, Settled, rank, reading, readings, settle, size
from grading.rules.comparable import Bands, Rounding, Ties

ROUNDINGS: tuple[Rounding, ...] = get_args(Rounding)
TIES: tuple[Ties, ...] = get_args(Ties)
SIZES: dict[Rounding, dict[int, int]] = {
    "down": {41: 10, 42: 10, 43: 10},
    "up": {41: 11, 42: 11, 43: 11},
    "nearest": {41: 10, 42: 11, 43: 11},
}
VALUES = st.lists(st.integers(0, 12).map(lambda n: Decimal(n) / 4), min_size=1, max_size=43)
SHARES = st.sampled_from(["0.1", "0.2", "0.25", "0.3", "0.5"]).map(Decimal)


def bands(
    share: str | Decimal = "0.25",
    rounding: Rounding = "nearest",
    ties: Ties = "include",
    *,
    stated: bool = True,
) -> Bands:
    """A quarter at each end, by a source that states how to round and to tie, or does not."""
    return Bands(
        share=Decimal(share),
        rounding=rounding,
        ties=ties,
        cite="Annex",
        basis=None if stated else "pack",
    )


def places(values: list[Decimal], own: Decimal) -> list[int]:
    """Every place, from 0 at the top, that a body with this value has in some fair order of all."""
    ordered = sorted(values, reverse=True)
    return [place for place, value in enumerate(ordered) if value == own]


def by_brute_force(
    values: list[Decimal], own: Decimal, share: Decimal, how: Reading
) -> Band | None:
    """The band by looking at every place that the body may have."""
    exact, of = Fraction(share) * len(values), len(values)
    halves = {"down": floor(exact), "up": ceil(exact), "nearest": floor(exact + Fraction(1, 2))}
    most = halves[how.rounding]
    assert how.size == most
    ends = []
    for near in (
        [p < most for p in places(values, own)],
        [p >= of - most for p in places(values, own)],
    ):
        if any(near) != all(near) and how.ties == "split-refused":
            return None
        ends.append(any(near) if how.ties == "include" else all(near))
    match ends:
        case [True, True]:
            return None
        case [True, False]:
            return "highest"
        case [False, True]:
            return "lowest"
    return "broadly-in-line"


@settings(deadline=None, max_examples=300)
@given(VALUES, SHARES, st.data())
def test_every_reading_is_that_of_looking_at_every_place(
    values: list[Decimal], share: Decimal, data: st.DataObject
) -> None:
    own = data.draw(st.sampled_from(values))
    found = rank(values, own)
    for rounding in ROUNDINGS:
        for ties in TIES:
            read = reading(found, bands(share), rounding, ties)
            assert read.band == by_brute_force(values, own, share, read)


@pytest.mark.parametrize("values", ["4321", "4331", "4444", "43221", "33211", "55544322"])
def test_the_places_of_a_value_are_those_of_all_orders_of_equal_bodies(values: str) -> None:
    bodies = list(enumerate(map(Decimal, values)))
    fair = [
        order for order in permutations(bodies) if all(a[1] >= b[1] for a, b in pairwise(order))
    ]
    for body in bodies:
        seen = {order.index(body) for order in fair}
        assert sorted(seen) == places([value for _, value in bodies], body[1])


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("of", [41, 42, 43])
def test_a_quarter_of_41_42_and_43_bodies_is_as_documented(of: int, rounding: Rounding) -> None:
    most = SIZES[rounding][of]
    assert size(Decimal("0.25"), of, rounding) == most
    values = [Decimal(n) for n in range(of, 0, -1)]
    found = [settle(rank(values, v), bands(rounding=rounding)).band for v in values]
    middle = of - 2 * most
    assert found == ["highest"] * most + ["broadly-in-line"] * middle + ["lowest"] * most


@pytest.mark.parametrize("of", [41, 42, 43])
def test_where_no_source_states_how_to_round_the_eleventh_from_each_end_has_no_band(
    of: int,
) -> None:
    values = [Decimal(n) for n in range(of, 0, -1)]
    found = [settle(rank(values, v), bands(stated=False)).band for v in values]
    middle: list[Band | None] = ["broadly-in-line"] * (of - 22)
    assert found == ["highest"] * 10 + [None] + middle + [None] + ["lowest"] * 10


def test_both_readings_are_said_where_rounding_decides() -> None:
    values = [Decimal(n) for n in range(42, 0, -1)]
    assert settle(rank(values, Decimal(32)), bands(stated=False)) == Settled(
        None,
        "rank 11 of 42 from the highest; 25 per cent of 42 is 10.5, and the source does not say how"
        " to round it or to treat ties: broadly in line with 10 (rounded down); highest with 11"
        " (rounded up) (Annex)",
        "rank 11 of 42 from the highest; 25 per cent of 42 is 10.5, to the nearest 11 at each end",
    )


def test_both_readings_are_said_where_a_tie_decides() -> None:
    # two bodies share places 10 and 11 of 43: both of the first eleven, one of the first ten
    values = [Decimal(50 - n) for n in range(9)] + [Decimal(40)] * 2 + [*map(Decimal, range(32))]
    settled = settle(rank(values, Decimal(40)), bands(stated=False))
    assert (settled.band, settled.reason) == (
        None,
        "rank 10 of 43 from the highest, shared with 1; 25 per cent of 43 is 10.75, and the source"
        " does not say how to round it or to treat ties: highest with 10 (rounded down, ties"
        " included) and 11 (rounded up); broadly in line with 10 (rounded down, ties excluded)"
        " (Annex)",
    )


@pytest.mark.parametrize(
    ("ties", "band", "reason"),
    [
        ("include", "highest", ""),
        ("exclude", "broadly-in-line", ""),
        (
            "split-refused",
            None,
            "rank 2 of 8 from the highest, shared with 1: ties cross the edge of a band, or bands"
            " overlap, so no band is given (Annex)",
        ),
    ],
)
def test_the_rule_for_ties_decides_where_it_is_stated(
    ties: Ties, band: Band | None, reason: str
) -> None:
    values = [Decimal(n) for n in (9, 8, 8, 6, 5, 4, 3, 2)]
    settled = settle(rank(values, Decimal(8)), bands(ties=ties))
    assert (settled.band, settled.reason) == (band, reason)


def test_bodies_that_are_all_equal_are_neither_highest_nor_lowest() -> None:
    found = rank([Decimal(1)] * 8, Decimal(1))
    assert settle(found, bands(ties="include")).band is None
    assert settle(found, bands(ties="exclude")).band == "broadly-in-line"
    assert settle(found, bands(stated=False)).band is None


@settings(deadline=None)
@given(VALUES, SHARES, st.booleans(), st.data())
def test_the_order_of_rows_changes_nothing(
    values: list[Decimal], share: Decimal, stated: bool, data: st.DataObject
) -> None:
    own = data.draw(st.sampled_from(values))
    mixed = data.draw(st.permutations(values))
    rule = bands(share, stated=stated)
    assert settle(rank(mixed, own), rule) == settle(rank(values, own), rule)


@settings(deadline=None)
@given(VALUES, SHARES, st.booleans(), st.data())
def test_only_the_order_of_values_counts(
    values: list[Decimal], share: Decimal, stated: bool, data: st.DataObject
) -> None:
    own, rule = data.draw(st.sampled_from(values)), bands(share, stated=stated)
    steps = data.draw(st.lists(st.integers(1, 9), min_size=13, max_size=13))

    def rising(value: Decimal) -> Decimal:
        return Decimal(sum(steps[: int(value * 4) + 1])) / 7

    assert settle(rank([*map(rising, values)], rising(own)), rule) == settle(
        rank(values, own), rule
    )


@settings(deadline=None)
@given(VALUES, SHARES, st.booleans(), st.data())
def test_turned_upside_down_the_highest_are_the_lowest(
    values: list[Decimal], share: Decimal, stated: bool, data: st.DataObject
) -> None:
    own, rule = data.draw(st.sampled_from(values)), bands(share, stated=stated)
    turned: dict[Band | None, Band | None] = {"highest": "lowest", "lowest": "highest"}
    band = settle(rank(values, own), rule).band
    assert settle(rank([-v for v in values], -own), rule).band == turned.get(band, band)


@settings(deadline=None)
@given(VALUES, SHARES, st.data())
def test_a_band_that_is_given_without_a_stated_way_is_the_band_under_every_way(
    values: list[Decimal], share: Decimal, data: st.DataObject
) -> None:
    found = rank(values, data.draw(st.sampled_from(values)))
    rule = bands(share, stated=False)
    every = {
        reading(found, rule, r, t).band for r in ROUNDINGS for t in TIES if t != "split-refused"
    }
    assert {way.band for way in readings(found, rule)} == every
    settled = settle(found, rule)
    assert (settled.band is not None) == (len(every) == 1 and None not in every)
    assert settled.band is None or {settled.band} == every
    assert bool(settled.reason) == (settled.band is None)
