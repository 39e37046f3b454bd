"""The models of `checks.yaml`: what a framework knows about how its own figures hang together."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from grading.rules.pack import Line, OfSurvey, Slug, Sourced
from grading.source import Model, Number

Severity = Literal["error", "warning", "info"]
Months = int
Word = str


class Check(Sourced):
    """What every declared check has: a sentence, where it comes from, how grave a failure is."""

    says: Line
    severity: Severity | None = None


class TotalCheck(Check):
    """A series is the sum of others. A part may be a total itself: its group row counts once."""

    total: Slug
    parts: tuple[Slug, ...] = Field(min_length=1, max_length=60)


class ChangeCheck(Check):
    """A series is the change of another between two periods so many months apart."""

    change: Slug
    of: Slug
    months: Months = Field(default=12, ge=1, le=600)


class SubsetCheck(Check):
    """A series is never above another: a part of it, the shorter of two times, a lower end."""

    subset: Slug
    within: Slug


class CountAndRate(Model):
    """A count and the rate that was made of it, which together imply a population."""

    count: Slug
    rate: Slug


class PopulationCheck(Check):
    """Counts and rates of one body and period that must imply one population."""

    populations: tuple[CountAndRate, ...] = Field(min_length=2, max_length=20)


class GrowthCheck(Check):
    """The growth of a part follows from its share at both ends and the growth of the whole."""

    growth: Slug
    months: Months = Field(ge=1, le=600)
    share: Slug
    whole: Slug
    whole_months: Months = Field(alias="whole-months", ge=1, le=600)


class CourseCheck(Check):
    """A change over a longer and one over a shorter time imply one before, within these bounds."""

    longer: Slug
    longer_months: Months = Field(alias="longer-months", ge=2, le=600)
    shorter: Slug
    shorter_months: Months = Field(alias="shorter-months", ge=1, le=599)
    between: tuple[Number, Number]


class RangeCheck(Check):
    """A figure, or the sample size of a survey, lies in a range that is stated for all bodies."""

    range: Slug
    between: tuple[Number, Number] | None = None
    lowest: Slug | None = None
    highest: Slug | None = None
    survey: Slug | None = None

    @model_validator(mode="after")
    def _has_a_range(self) -> Self:
        if self.between is None and (self.lowest is None or self.highest is None):
            raise ValueError("a range needs `between`, or the bodies `lowest` and `highest`")
        if self.between is not None and self.between[0] > self.between[1]:
            raise ValueError("`between` is written lower end first")
        return self


class LabelCheck(Check):
    """Series that are published under one label and are not the same thing."""

    one_label: tuple[Slug, ...] = Field(alias="one-label", min_length=2, max_length=20)


class ClaimCheck(Check):
    """Statements on these topics with these words need one of these figures behind them."""

    figures: tuple[Slug, ...] = Field(min_length=1, max_length=20)
    topics: tuple[Slug, ...] = Field(min_length=1, max_length=40)
    words: tuple[Word, ...] = Field(min_length=1, max_length=40)


class OppositesCheck(Check):
    """Statements about one thing, some with one word in its favour, some with another against."""

    about: tuple[Word, ...] = Field(min_length=1, max_length=40)
    supports: tuple[Word, ...] = Field(min_length=1, max_length=40)
    contradicts: tuple[Word, ...] = Field(min_length=1, max_length=40)


class SameCheck(Check):
    """A series and an answer in a survey are one figure, recorded in two files."""

    same: Slug
    survey: OfSurvey


AnyCheck = (
    TotalCheck
    | ChangeCheck
    | SubsetCheck
    | PopulationCheck
    | GrowthCheck
    | CourseCheck
    | RangeCheck
    | LabelCheck
    | ClaimCheck
    | OppositesCheck
    | SameCheck
)


class ChecksFile(Model):
    """`checks.yaml`."""

    checks: dict[Slug, AnyCheck] = Field(default_factory=dict)


def series_named(check: AnyCheck) -> tuple[tuple[tuple[str | int, ...], str], ...]:
    """Every series that a check names, with the path under the check where it stands."""
    match check:
        case TotalCheck():
            return ((("total",), check.total), *_each("parts", check.parts))
        case ChangeCheck():
            return ((("change",), check.change), (("of",), check.of))
        case SubsetCheck():
            return ((("subset",), check.subset), (("within",), check.within))
        case PopulationCheck():
            return tuple(
                ((("populations", i, key), name))
                for i, pair in enumerate(check.populations)
                for key, name in (("count", pair.count), ("rate", pair.rate))
            )
        case GrowthCheck():
            named = (("growth", check.growth), ("share", check.share), ("whole", check.whole))
        case CourseCheck():
            named = (("longer", check.longer), ("shorter", check.shorter), ("longer", check.longer))
        case RangeCheck():
            return ((("range",), check.range),)
        case LabelCheck():
            return _each("one-label", check.one_label)
        case ClaimCheck():
            return _each("figures", check.figures)
        case OppositesCheck():
            return ()
        case SameCheck():
            return ((("same",), check.same),)
    return tuple(((key,), name) for key, name in named)


def _each(key: str, names: tuple[str, ...]) -> tuple[tuple[tuple[str | int, ...], str], ...]:
    return tuple(((key, i), name) for i, name in enumerate(names))
