"""The figures that there could be: a value for each part of a range that thresholds tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from grading.derive.bases import Bases
from grading.judge.figures import Figure, Reckoning, Together
from grading.judge.ranges import Value
from grading.problems import Place
from grading.rules.facts import IndicatorFact
from grading.rules.load import load_pack
from grading.rules.pack import Indicator
from grading.rules.rule import All, Compared, Rule

ROOT = Path(__file__).parent.parent
HERE = Place("rules/random/q1.yaml", 1)
METHODS = ("sum", "mean", "maximum", "minimum", "difference", "ratio", "percent-change")
BOUND = st.sampled_from(list(map(Decimal, ("-50", "0", "0.5", "1", "3", "7.5", "10", "40"))))
BOUNDS = st.lists(BOUND, min_size=1, max_size=3)


def compared(method: str, bounds: Sequence[Decimal], comparator: Decimal | None) -> Reckoning:
    """An indicator that is reckoned so from the series `a` and `b`, and compared with the bounds."""
    pack = load_pack(ROOT / "rules/food-hygiene")
    against = method in ("difference", "ratio", "percent-change")
    indicator = Indicator.model_validate(
        {
            "title": "A figure",
            "method": "difference" if method == "percent-change" else method,
            "series": ("a",) if comparator is not None else ("a", "b"),
            "comparator": None if comparator is None else "others",
            "unit": method if method == "percent-change" else "ratio",
        }
    )
    assert against or comparator is None
    leaves_ = tuple(Compared(HERE, "i", "at-least", (bound,)) for bound in bounds)
    series = pack.series["hygiene"].model_copy(update={"values": ()})
    known = replace(
        pack,
        indicators={"i": indicator},
        series={"a": series, "b": series},
        rules={"q.good": Rule("q.good", "questions", "q", "good", All(HERE, leaves_))},
    )
    return Reckoning(known, Bases({}, {} if comparator is None else {"i": comparator}))


@settings(deadline=None, derandomize=True, database=None, max_examples=150)
@given(
    st.sampled_from(METHODS),
    BOUNDS,
    st.sampled_from([Decimal(n) for n in ("0", "0.3", "2", "5", "12.5", "40")]),
    st.booleans(),
    st.booleans(),
)
def test_a_figure_has_a_value_in_each_part_that_thresholds_tell_apart(
    method: str, bounds: list[Decimal], other: Decimal, first: bool, alone: bool
) -> None:
    comparator = other if alone and METHODS.index(method) > 3 else None
    reckoning = compared(method, bounds, comparator)
    name, beside = ("a", "b") if first or comparator is not None else ("b", "a")
    moved = Figure(name, series=True)
    fixed = {} if comparator is not None else {Figure(beside, series=True): other}
    together = Together(("i",), (moved, *fixed))

    def told(value: Value) -> tuple[bool | None, ...]:
        return reckoning.told(together, {**fixed, moved: value})

    domain = reckoning.domain(moved, fixed)
    assert domain.exact
    fine = {told(Decimal(n) / 8) for n in range(1200)}
    assert fine <= {told(value) for value in domain.values}


def test_a_figure_that_is_set_by_hand_follows_from_no_other() -> None:
    reckoning = compared("sum", [Decimal(10)], None)
    own = Bases({"a": Decimal(4), "b": Decimal(5)})
    for value, figures_ in (("9", {"a", "b"}), ("12", {"i"})):
        known = {"i": IndicatorFact("i", Decimal(value), frozenset(), ())}
        (together,) = Reckoning(reckoning.pack, own, known).together(["i"])
        assert {figure.id for figure in together.figures} == figures_
