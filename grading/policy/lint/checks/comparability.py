"""L205 and L206: series set against each other that do not compare."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from grading.derive.comparison import wrong_unit
from grading.policy.lint.subject import Subject
from grading.problems import Problem
from grading.rules.comparable import EARLIER_YEARS, VARIES
from grading.rules.loaded import Pack
from grading.rules.pack import Indicator

_TOGETHER = ("sum", "mean", "maximum", "minimum")
_AGAINST = ("difference", "ratio")
_NUMBERS = ("value", *_TOGETHER)


def not_comparable(subject: Subject) -> Iterator[Problem]:
    """The indicators that compare what the series say does not compare, and so are always refused."""
    document, pack = subject.files.indicators_document, subject.pack
    if document is None:
        return
    for name, indicator in pack.indicators.items():
        why = _refused(pack, indicator)
        if why:
            place = document.place(("indicators", name, "series"))
            hint = "take the indicator out, or correct what the series says"
            yield Problem(place, "L205", f"indicator `{name}` has never a value: {why}", hint)


def _refused(pack: Pack, indicator: Indicator) -> str:
    series = [pack.series[name] for name in indicator.series]
    if indicator.method in (*_AGAINST, *_TOGETHER):
        for (a, one), (b, other) in combinations(zip(indicator.series, series, strict=True), 2):
            if b in one.not_comparable_with or a in other.not_comparable_with:
                return f"`{a}` and `{b}` are declared not comparable"
            if (one.denominator or "none") != (other.denominator or "none"):
                return f"`{a}` and `{b}` have different denominators"
            if (one.definition or "none") != (other.definition or "none"):
                return f"`{a}` and `{b}` have different definitions"
    first = indicator.series[0] if indicator.series else ""
    between_bodies = indicator.comparator is not None or indicator.method == "rank-band"
    if between_bodies and series and series[0].definition == VARIES:
        return f"each body has its own definition of `{first}`"
    if indicator.method == "change" and EARLIER_YEARS in series[0].not_comparable_with:
        return f"`{first}` is declared not comparable with earlier years"
    return ""


def different_measures(subject: Subject) -> Iterator[Problem]:
    """The indicators of series in different units or directions, and those in no unit of theirs."""
    document, pack = subject.files.indicators_document, subject.pack
    if document is None:
        return
    for name, indicator in pack.indicators.items():
        why = _different(pack, indicator)
        if why:
            place = document.key_place(("indicators", name))
            hint = "use series of one unit and direction, and give the indicator their unit"
            yield Problem(place, "L206", f"indicator `{name}` mixes measures: {why}", hint)


def _different(pack: Pack, indicator: Indicator) -> str:
    series = [(name, pack.series[name]) for name in indicator.series]
    for (a, one), (b, other) in combinations(series, 2):
        if one.unit != other.unit:
            return f"`{a}` is in {one.unit} and `{b}` in {other.unit}"
        if indicator.method in _TOGETHER and {one.direction, other.direction} == {
            "higher-is-better",
            "lower-is-better",
        }:
            return f"of `{a}` {one.direction.replace('-', ' ')}, of `{b}` the reverse"
    if indicator.method in ("difference", "change"):
        return wrong_unit(indicator, pack)
    if indicator.method in _NUMBERS and series and series[0][1].unit != indicator.unit:
        return f"it is in {indicator.unit} and `{series[0][0]}` in {series[0][1].unit}"
    return ""
