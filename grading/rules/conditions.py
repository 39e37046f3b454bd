"""What a rule can ask: a closed vocabulary, so that every condition can be analysed.

The models refuse what they do not know. What a condition *means* is in `definition.holds`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from grading.rules.rule import Limit
from grading.source import Model

Outcome = Literal["exceeds", "meets", "falls-short", "unknown", "conflicted"]
FindingKind = Literal["strength", "area-for-improvement", "cause-of-concern"]
PreviousKind = Literal["area-for-improvement", "cause-of-concern", "suggestion"]
PreviousStatus = Literal["unresolved", "resolved", "partly-resolved", "not-known"]
Among = Literal["core", "criteria"]


class Basis(Model):
    """Where a threshold comes from: a published source, or the pack itself."""

    basis: Literal["pack"] | None = None
    cite: str | None = None


class Levels(Model):
    """Levels of the coding of an observation; a level left out is not asked for."""

    extent: str | None = None
    maturity: str | None = None
    effect: str | None = None
    severity: str | None = None

    def asked(self) -> tuple[tuple[str, str], ...]:
        """The scales that are asked for, each with its level."""
        named = {
            "extent": self.extent,
            "maturity": self.maturity,
            "effect": self.effect,
            "severity": self.severity,
        }
        return tuple((scale, level) for scale, level in named.items() if level is not None)


class Sought(Levels):
    """What an observation must show at least, and the levels up to which it does not count."""

    topics: tuple[str, ...] | None = None
    of: Among | None = None
    excluding: Levels = Levels()


class SoughtWeakness(Sought):
    """What an observation against must show at least."""

    unmitigated: Literal[True] | None = None


class Observed(Model):
    """Something that speaks for the topic was observed with at least these levels."""

    observed: Sought


class Weakness(Model):
    """Something that speaks against the topic was observed with at least these levels."""

    weakness: SoughtWeakness


class Compared(Basis):
    """One comparison of an indicator with a threshold."""

    indicator: str
    at_least: Decimal | int | None = Field(default=None, alias="at-least")
    at_most: Decimal | int | None = Field(default=None, alias="at-most")
    above: Decimal | int | None = None
    below: Decimal | int | None = None
    between: tuple[Decimal | int, Decimal | int] | None = None
    one_of: tuple[str, ...] | None = Field(default=None, alias="in")

    @model_validator(mode="after")
    def _one_comparison(self) -> Self:
        given = [self.at_least, self.at_most, self.above, self.below, self.between, self.one_of]
        if sum(value is not None for value in given) != 1:
            raise ValueError(
                "an indicator needs exactly one of `at-least`, `at-most`, `above`, `below`,"
                " `between` and `in`"
            )
        if self.between is not None and self.between[0] > self.between[1]:
            raise ValueError("`between` needs its lower number first")
        if self.basis is None and self.cite is None:
            raise ValueError(
                "a threshold needs a `cite`, or `basis: pack` when it is the pack's own"
            )
        return self


class CriterionIs(Model):
    """The outcome of a criterion is one of these; `this` is the criterion that is asked about."""

    criterion: str
    is_: tuple[Outcome, ...] = Field(alias="is", min_length=1)


class Limits(Model):
    """How many are needed: a number, a share of all of them, or all but a number."""

    at_least: int | None = Field(default=None, alias="at-least", ge=0, le=250)
    at_most: int | None = Field(default=None, alias="at-most", ge=0, le=250)
    at_least_share: Decimal | int | None = Field(default=None, alias="at-least-share", ge=0, le=1)
    all_but: int | None = Field(default=None, alias="all-but", ge=0, le=250)

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        given = [self.at_least, self.at_most, self.at_least_share, self.all_but]
        if sum(value is not None for value in given) != 1:
            raise ValueError(
                "a count needs exactly one of `at-least`, `at-most`, `at-least-share` and `all-but`"
            )
        return self

    def written(self) -> tuple[Limit, Decimal]:
        """The word and the number that the limit was written with."""
        numbers: dict[Limit, Decimal | int | None] = {
            "at-least": self.at_least,
            "at-most": self.at_most,
            "at-least-share": self.at_least_share,
            "all-but": self.all_but,
        }
        return next((word, Decimal(n)) for word, n in numbers.items() if n is not None)

    def bounds(self, total: int) -> tuple[int, int]:
        """The fewest and the most that satisfy the limit where there are `total` of them."""
        if self.at_most is not None:
            return 0, self.at_most
        if self.at_least is not None:
            return self.at_least, total
        if self.all_but is not None:
            return max(0, total - self.all_but), total
        share = Decimal(self.at_least_share or 0) * total
        return int(share.to_integral_value(rounding="ROUND_CEILING")), total


class CountOutcomes(Limits):
    """How many criteria of the question have one of these outcomes."""

    count: tuple[Outcome, ...] = Field(min_length=1)
    of: Among


class CountFindings(Limits):
    """How many criteria of the question have a finding of this kind."""

    findings: FindingKind
    of: Among


class CountPrevious(Limits):
    """How many earlier findings on the question's topics have one of these states."""

    previous: PreviousKind
    status: tuple[PreviousStatus, ...] = Field(min_length=1)


class CountJudgments(Limits):
    """How many graded questions have one of these grades."""

    judgments: tuple[str, ...] = Field(min_length=1)


class Otherwise(Model):
    """Always holds: the last rung of a ladder."""

    otherwise: Literal[True]


class AllOf(Model):
    """Every part holds."""

    all: tuple[Condition, ...] = Field(min_length=1, max_length=16)


class AnyOf(Model):
    """At least one part holds."""

    any: tuple[Condition, ...] = Field(min_length=1, max_length=16)


class NoneOf(Model):
    """No part holds."""

    none: tuple[Condition, ...] = Field(min_length=1, max_length=16)


class AtLeastOf(Model):
    """At least so many of the parts hold."""

    at_least: int = Field(alias="at-least", ge=1, le=8)
    of: tuple[Condition, ...] = Field(min_length=1, max_length=8)

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.at_least > len(self.of):
            raise ValueError("`at-least` asks for more parts than `of` has")
        return self


TAGS: tuple[str, ...] = (
    "observed",
    "weakness",
    "indicator",
    "criterion",
    "count",
    "findings",
    "previous",
    "judgments",
    "otherwise",
    "all",
    "any",
    "none",
    "of",
)


_TAG_OF: Mapping[str, str] = {
    "Observed": "observed",
    "Weakness": "weakness",
    "Compared": "indicator",
    "CriterionIs": "criterion",
    "CountOutcomes": "count",
    "CountFindings": "findings",
    "CountPrevious": "previous",
    "CountJudgments": "judgments",
    "Otherwise": "otherwise",
    "AllOf": "all",
    "AnyOf": "any",
    "NoneOf": "none",
    "AtLeastOf": "of",
}


def _tag(value: Any) -> str | None:
    """The key that says which condition this is."""
    if not isinstance(value, dict):
        return _TAG_OF.get(type(value).__name__)
    return next((tag for tag in TAGS if tag in value), None)


Condition = Annotated[
    Annotated[Observed, Tag("observed")]
    | Annotated[Weakness, Tag("weakness")]
    | Annotated[Compared, Tag("indicator")]
    | Annotated[CriterionIs, Tag("criterion")]
    | Annotated[CountOutcomes, Tag("count")]
    | Annotated[CountFindings, Tag("findings")]
    | Annotated[CountPrevious, Tag("previous")]
    | Annotated[CountJudgments, Tag("judgments")]
    | Annotated[Otherwise, Tag("otherwise")]
    | Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[NoneOf, Tag("none")]
    | Annotated[AtLeastOf, Tag("of")],
    Discriminator(
        _tag,
        custom_error_type="no_condition",
        custom_error_message="a condition starts with one of the words of the rule language",
    ),
]

Leaf = (
    Observed
    | Weakness
    | Compared
    | CriterionIs
    | CountOutcomes
    | CountFindings
    | CountPrevious
    | CountJudgments
    | Otherwise
)


def parts(condition: Condition) -> tuple[Condition, ...]:
    """The conditions inside a condition, in the order written."""
    match condition:
        case AllOf(all=inside) | AnyOf(any=inside) | NoneOf(none=inside) | AtLeastOf(of=inside):
            return inside
        case _:
            return ()


def part_key(condition: Condition) -> str:
    """The YAML key under which `parts` are written."""
    match condition:
        case AllOf():
            return "all"
        case AnyOf():
            return "any"
        case NoneOf():
            return "none"
        case _:
            return "of"


for _model in (AllOf, AnyOf, NoneOf, AtLeastOf):
    _model.model_rebuild()
