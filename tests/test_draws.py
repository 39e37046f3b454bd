"""Samples drawn again: the same from the same seed, and as often as chance says."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, islice
from math import comb
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.derive.draws import Drawn, Pairs, Share, _binomial, redrawn

DRAWN = settings(max_examples=200, deadline=None, derandomize=True, database=None)
FILES = Share(Fraction(48, 58), 58)
REVIEWERS = Pairs(((("no", "no"), 9), (("no", "yes"), 3), (("yes", "no"), 2), (("yes", "yes"), 26)))


def first(drawn: Drawn, seed: str, number: int = 8, places: int = 2) -> list[str]:
    return [str(value) for value in islice(redrawn(drawn, places, seed), number)]


def test_a_seed_gives_the_same_draws_for_ever() -> None:
    """Numbers that any version of Python on any machine must give."""
    assert first(FILES, "2016 files") == GOLDEN_FILES
    assert first(Share(Fraction(60, 100), 403), "2016 survey", places=0) == GOLDEN_SURVEY
    assert first(REVIEWERS, "2016 kappa") == GOLDEN_KAPPA
    assert first(FILES, "2017 files") != GOLDEN_FILES


def test_a_draw_is_the_number_below_which_chance_fell() -> None:
    """Against the distribution in exact fractions: the first number that passes the draw."""
    chance, share, n = Random("2016 files"), FILES.share, FILES.n
    exact = [comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)]
    below = list(accumulate(exact))
    for value in islice(redrawn(FILES, 2, "2016 files"), 300):
        drawn = Fraction(chance.random())
        yes = next(k for k in range(n + 1) if below[k] > drawn)
        assert value == round(Decimal(100 * yes) / n, 2)


def test_a_share_of_nothing_or_all_is_drawn_as_it_was() -> None:
    assert set(first(Share(Fraction(0), 30), "s", 50)) == {"0"}
    assert set(first(Share(Fraction(1), 30), "s", 50)) == {"100"}


def test_an_agreement_that_chance_explains_has_no_value() -> None:
    alike = Pairs(((("yes", "no"), 1), (("yes", "yes"), 1)))
    drawn = Counter(islice(redrawn(alike, 2, "s"), 300))
    assert set(drawn) == {None, Decimal(0)}


@DRAWN
@given(st.integers(1, 80), st.fractions(0, 1, max_denominator=60))
def test_numbers_are_as_likely_as_the_binomial_says(n: int, share: Fraction) -> None:
    least, likely = _binomial(n, share)
    whole = sum(likely)
    for number in range(n + 1):
        exact = comb(n, number) * share**number * (1 - share) ** (n - number)
        at = number - least
        given_ = likely[at] / whole if 0 <= at < len(likely) else 0.0
        assert abs(given_ - float(exact)) < 1e-12


def test_many_draws_are_spread_as_the_binomial_says() -> None:
    """Mean and spread of 20,000 draws beside those of the distribution, in per cent."""
    drawn = [float(v) for v in islice(redrawn(FILES, 6, "spread"), 20_000) if v is not None]
    mean = sum(drawn) / len(drawn)
    spread = (sum((value - mean) ** 2 for value in drawn) / len(drawn)) ** 0.5
    share = float(FILES.share)
    assert mean == pytest.approx(100 * share, abs=0.1)
    assert spread == pytest.approx(100 * (share * (1 - share) / 58) ** 0.5, rel=0.02)


def test_many_redrawn_agreements_lie_around_the_one_that_was_found() -> None:
    drawn = [float(v) for v in islice(redrawn(REVIEWERS, 6, "spread"), 2_000) if v is not None]
    # 35 of 40 alike; by chance 0.275 x 0.3 + 0.725 x 0.7
    found = (0.875 - 0.5875) / (1 - 0.5875)
    assert sum(drawn) / len(drawn) == pytest.approx(found, abs=0.02)


def test_values_are_rounded_half_even_and_large_samples_are_drawn_fast() -> None:
    assert first(Share(Fraction(1, 8), 8), "s", 40, places=0).count("12") > 0  # 12.5
    large = redrawn(Share(Fraction(1, 3), 10**7), 6, "s")
    assert all(33 < (value or 0) < 34 for value in islice(large, 100))


GOLDEN_FILES = ["79.31", "81.03", "82.76", "77.59", "86.21", "79.31", "82.76", "89.66"]
GOLDEN_SURVEY = ["63", "59", "62", "59", "57", "62", "58", "61"]
GOLDEN_KAPPA = ["0.73", "0.47", "0.38", "0.54", "0.79", "0.76", "0.87", "0.79"]
