"""What is said of an indicator or a criterion, as a value or outcome that it can have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from grading.derive.suppose import Value
from grading.evidence.changes.said import Said, number
from grading.evidence.check import never_negative
from grading.evidence.records import BANDS
from grading.problems import Place, Problem, did_you_mean, listed, quoted
from grading.rules.facts import Possible
from grading.rules.loaded import Pack
from grading.rules.pack import OUTCOMES, Indicator
from grading.rules.stages import NOT_SHOWN, outcome


@dataclass(frozen=True)
class SupposedValue:
    """An indicator and the value that it is supposed to have; None is unknown."""

    indicator: str
    value: Value


@dataclass(frozen=True)
class SupposedOutcome:
    """A criterion and the outcomes that it is supposed to have: one, unless it is not known."""

    criterion: str
    possible: Possible


def supposed(said: Said, pack: Pack) -> SupposedValue | SupposedOutcome | Problem:
    """What is said as `INDICATOR=VALUE` or `CRITERION=OUTCOME`; nothing after the sign is unknown."""
    name, equals, text = said.text.partition("=")
    if not (name and equals):
        hint = "write INDICATOR=VALUE or CRITERION=OUTCOME"
        return Problem(said.place(), "E602", f"{quoted(said.text)} sets nothing", hint)
    place = said.place(len(name) + 2)
    if name in pack.criteria and not (name in pack.indicators and text not in OUTCOMES):
        return _outcome(name, text, place, pack)
    if name in pack.indicators:
        value = _value(pack.indicators[name], text, place, pack) if text else None
        return value if isinstance(value, Problem) else SupposedValue(name, value)
    known = (*pack.indicators, *pack.criteria)
    message = f"the pack has no indicator or criterion {quoted(name)}"
    return Problem(said.place(), "E605", message, did_you_mean(name, known))


def twice(said: Iterable[Said]) -> Iterator[Problem]:
    """A problem for each name that is set more than once."""
    seen: set[str] = set()
    for one in said:
        name = one.text.partition("=")[0]
        if name in seen:
            message = f"{quoted(name)} is set more than once"
            yield Problem(one.place(), "E604", message, "say one value")
        seen.add(name)


def _outcome(criterion: str, text: str, place: Place, pack: Pack) -> SupposedOutcome | Problem:
    rules = (f"{criterion}.{name}" for name in OUTCOMES)
    unknown = {rule: None for rule in rules if rule in pack.rules}
    every = outcome(pack, criterion, unknown)
    if not text:
        return SupposedOutcome(criterion, every)
    can = [one for one in OUTCOMES if one in every or one == NOT_SHOWN]
    if text not in can:
        hint = did_you_mean(text, can) or f"it can be {listed(map(quoted, can))}"
        message = f"{quoted(text)} is no outcome that `{criterion}` can have"
        return Problem(place, "E606", message, hint)
    # what is not shown may still be met
    possible = {text, "meets"} if text == NOT_SHOWN else {text}
    return SupposedOutcome(criterion, frozenset(possible))


def _value(indicator: Indicator, text: str, place: Place, pack: Pack) -> Decimal | str | Problem:
    if indicator.unit == "rank-band":
        if text in BANDS:
            return text
        hint = did_you_mean(text, BANDS) or f"it is one of {listed(map(quoted, BANDS))}"
        return Problem(place, "E606", f"{quoted(text)} is no band", hint)
    value = number(text, place)
    if isinstance(value, Problem):
        return value
    for says in (_values, _share, _below_zero, _whole, _decimals):
        wrong = says(indicator, value, pack)
        if wrong:
            return Problem(place, "E606", *wrong)
    plain = value.normalize()
    return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain


Wrong = tuple[str, str] | None
"""Why an indicator cannot have a value, and what it can have."""


def _values(indicator: Indicator, value: Decimal, pack: Pack) -> Wrong:
    series = pack.series[indicator.series[0]] if indicator.series else None
    allowed = series.values if series is not None and indicator.method == "value" else ()
    if not allowed or value in allowed:
        return None
    return f"{value} is no value of the indicator", f"it is one of {listed(map(str, allowed))}"


def _share(indicator: Indicator, value: Decimal, pack: Pack) -> Wrong:
    if indicator.unit != "percent" or 0 <= value <= 100:
        return None
    return f"a share cannot be {value} per cent", "a share lies between 0 and 100"


def _below_zero(indicator: Indicator, value: Decimal, pack: Pack) -> Wrong:
    signed = indicator.method in {"difference", "change", "agreement"}
    if value >= 0 or signed or not never_negative(indicator.unit):
        return None
    return f"it cannot be {value}, below zero", "leave the sign out"


def _whole(indicator: Indicator, value: Decimal, pack: Pack) -> Wrong:
    if indicator.method == "tally" and value != value.to_integral_value():
        return f"{value} is not a whole number", "write it without a decimal point"
    if indicator.method == "agreement" and not -1 <= value <= 1:
        return f"reviewers cannot agree to {value}", "an agreement lies between -1 and 1"
    return None


def _decimals(indicator: Indicator, value: Decimal, pack: Pack) -> Wrong:
    if value == round(value, indicator.places):
        return None
    most = f"{indicator.places} decimal{'' if indicator.places == 1 else 's'}"
    return f"{value} has more than {most}, to which the indicator is rounded", "round it"
