"""The models of a rule pack, as its files are written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from grading.rules.comparable import Bands, Break, ComparatorMethod, Pilot, Population
from grading.rules.conditions import Condition, FindingKind, Outcome
from grading.rules.facts import Role
from grading.rules.words import Line as Line
from grading.rules.words import Slug as Slug
from grading.source import Model

Kind = Literal["fieldwork", "file-review", "survey", "metric", "previous"]
Unit = Literal[
    "percent",
    "percent-change",
    "percentage-points",
    "per-1000-population",
    "per-1000-households",
    "per-10000-population",
    "per-100000-population",
    "per-million-population",
    "count",
    "days",
    "months",
    "hours",
    "years",
    "gbp",
    "ratio",
    "score",
    "rank-band",
]


class Grade(Model):
    """One grade of a scale."""

    label: Line
    symbol: str = Field(max_length=4)


class Scale(Model):
    """The grades that can be given, best first, and the values that are not grades."""

    grades: dict[Slug, Grade] = Field(min_length=2, max_length=20)
    not_grades: dict[Slug, Line] = Field(default_factory=dict, alias="not-grades")
    comparable_with: tuple[str, ...] = Field(default=(), alias="comparable-with")


class Level(Model):
    """One level of a coding scale: what it means, and how it sounds in evidence."""

    means: Line
    examples: tuple[Line, ...] = Field(min_length=2, max_length=4)


class Coding(Model):
    """How observations are coded, lowest level first."""

    extent: dict[Slug, Level]
    maturity: dict[Slug, Level]
    effect: dict[Slug, Level]
    severity: dict[Slug, Level]


class Silence(Model):
    """What a criterion is when none of its conditions holds of topics that were searched."""

    core: Literal["unknown", "meets", "falls-short"]
    other: Literal["unknown", "meets", "falls-short"]
    says: Line
    basis: Literal["pack"] | None = None


class Sourced(Model):
    """A rule that says where it comes from: a published passage, or the pack itself."""

    basis: Literal["pack"] | None = None
    cite: Line | None = None

    @model_validator(mode="after")
    def _says_where_it_comes_from(self) -> Self:
        if self.basis is None and self.cite is None:
            raise ValueError("a rule needs a `cite`, or `basis: pack` when it is the pack's own")
        return self


class Thin(Sourced):
    """How much evidence a criterion needs: with less of any that is named, it is called thin."""

    observations: int | None = Field(default=None, ge=1, le=1000)
    kinds: int | None = Field(default=None, ge=1, le=1000)
    methods: int | None = Field(default=None, ge=1, le=1000)
    sites: int | None = Field(default=None, ge=1, le=1000)
    days: int | None = Field(default=None, ge=1, le=1000)

    def least(self) -> dict[str, int]:
        """The least of each that is named."""
        named = self.model_dump(exclude={"basis", "cite"}, exclude_none=True)
        return {what: int(number) for what, number in named.items()}

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.least():
            raise ValueError(
                "`thin` names the least of `observations`, `kinds`, `methods`, `sites` or `days`"
            )
        return self


class EvidencePolicy(Model):
    """What each kind of evidence may do, and what silence means: nothing, unless the pack says.

    `leads-to` gives the topic that an item of a survey opens an enquiry on.
    """

    roles: dict[str, Role] = Field(min_length=1)
    needed: tuple[Kind, ...] = Field(default=())
    silence: Silence = Silence(
        core="unknown", other="unknown", says="Nothing is concluded from silence"
    )
    thin: Thin | None = None
    leads_to: dict[Slug, dict[Slug, Slug]] = Field(default_factory=dict, alias="leads-to")


class CriterionTest(Sourced):
    """The conditions of a criterion's outcomes."""

    exceeds: Condition | None = None
    meets: Condition
    falls_short: Condition = Field(alias="falls-short")


class Criterion(Model):
    """The smallest thing that is judged."""

    says: Line
    cite: Line
    core: bool
    topics: dict[Slug, Line] = Field(min_length=1, max_length=12)
    test: Slug | None = None
    exceeds: Condition | None = None
    meets: Condition | None = None
    falls_short: Condition | None = Field(default=None, alias="falls-short")
    basis: Literal["pack"] | None = None
    improve: Line
    recommend: Line

    @model_validator(mode="after")
    def _conditions_are_complete(self) -> Self:
        if (self.meets is None) != (self.falls_short is None):
            raise ValueError(
                "a criterion with conditions of its own needs `meets` and `falls-short`"
            )
        if self.meets is not None and self.basis is None:
            raise ValueError("a criterion with conditions of its own says `basis: pack`")
        if self.exceeds is not None and self.meets is None:
            raise ValueError(
                "a criterion with `exceeds` of its own needs `meets` and `falls-short`"
            )
        return self


class SubQuestion(Model):
    """A part of a question: criteria, or context that is shown and never graded."""

    title: Line
    cite: Line
    context: Literal[True] | None = None
    topics: dict[Slug, Line] = Field(default_factory=dict)
    criteria: dict[Slug, Criterion] = Field(default_factory=dict, max_length=12)

    @model_validator(mode="after")
    def _context_or_criteria(self) -> Self:
        if bool(self.context) == bool(self.criteria):
            raise ValueError("a sub-question has `criteria`, or is `context: true` with `topics`")
        return self


class Limiter(Sourced):
    """What a grade cannot be better than, when, and why."""

    at_best: Slug = Field(alias="at-best")
    when: Condition
    because: Line


class Ladder(Sourced):
    """The grades of a scale from the top, each with the condition that reaches it."""

    says: Line
    rungs: dict[Slug, Condition] = Field(min_length=2, max_length=20)
    limiters: dict[Slug, Limiter] = Field(default_factory=dict, max_length=20)


class Question(Model):
    """A question file: what is graded, or stated as ungraded."""

    question: Slug
    title: Line
    cite: Line
    ladder: Slug | None = None
    ungraded: Line | None = None
    criterion_test: Slug | None = Field(default=None, alias="criterion-test")
    sub_questions: dict[Slug, SubQuestion] = Field(default_factory=dict, alias="sub-questions")

    @model_validator(mode="after")
    def _graded_or_not(self) -> Self:
        if (self.ladder is None) == (self.ungraded is None):
            raise ValueError("a question has a `ladder`, or says under `ungraded` why it has none")
        return self


class FindingRule(Sourced):
    """When a criterion gives a finding, and which of its sentences the finding says."""

    kind: FindingKind
    when: Condition
    say: Literal["says", "improve", "recommend"]


class Overall(Model):
    """How the overall judgment is reached."""

    title: Line
    policy: Slug
    ladder: Slug


class Change(Model):
    """One line of the pack's history; `meaning` is the digest of what the rules of the version mean."""

    version: str = Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")
    date: date
    says: Line
    meaning: str | None = Field(default=None, pattern=r"^sha256-[0-9a-f]{16}$")


class InForce(Model):
    """The dates between which the pack applies; without `to` it still does."""

    from_: date = Field(alias="from")
    to: date | None = None


class Manifest(Model):
    """`pack.yaml`."""

    id: Slug
    version: str = Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")
    title: Line
    framework: Slug
    source: Line
    in_force: InForce = Field(alias="in-force")
    scale: Scale
    questions: tuple[Slug, ...] = Field(min_length=1, max_length=40)
    coding: Coding | None = None
    evidence_policy: EvidencePolicy = Field(alias="evidence-policy")
    criterion_tests: dict[Slug, CriterionTest] = Field(
        default_factory=dict, alias="criterion-tests"
    )
    ladders: dict[Slug, Ladder] = Field(min_length=1)
    sub_question_ladder: Slug | None = Field(default=None, alias="sub-question-ladder")
    findings: dict[Slug, FindingRule] = Field(default_factory=dict)
    overall: Overall | None = None
    history: tuple[Change, ...] = Field(min_length=1)


class Caveat(Model):
    """A limit on how a figure may be read."""

    says: Line
    cite: Line


class Series(Model):
    """A metric's definition, and what its figures may be compared with.

    A body that a series `excludes` leaves ranking, comparator and chart together. `combined` bodies
    are counted as one. Figures of a part of the period are compared only where `partial` names the
    caveat that allows it. `definition: varies` says that each body has its own. Only a series with
    `bands` is ranked.
    """

    title: Line
    unit: Unit
    direction: Literal["higher-is-better", "lower-is-better", "none"]
    role: Role
    denominator: str | None = None
    population: str | None = None
    excludes: tuple[str, ...] = ()
    combined: dict[Slug, tuple[Slug, ...]] = Field(default_factory=dict)
    partial: Slug | None = None
    pilots: tuple[Pilot, ...] = ()
    definition: Slug | None = None
    breaks: tuple[Break, ...] = ()
    not_comparable_with: tuple[str, ...] = Field(default=(), alias="not-comparable-with")
    comparator_method: ComparatorMethod | None = Field(default=None, alias="comparator-method")
    bands: Slug | None = None
    caveats: tuple[Slug, ...] = ()
    values: tuple[Decimal | int, ...] = ()  # where only these values can occur
    cite: Line


class SeriesFile(Model):
    """`series.yaml`."""

    caveats: dict[Slug, Caveat] = Field(default_factory=dict)
    populations: dict[Slug, Population] = Field(default_factory=dict)
    bands: dict[Slug, Bands] = Field(default_factory=dict)
    series: dict[Slug, Series] = Field(default_factory=dict)


class OfSurvey(Model):
    """Which answer of a survey."""

    survey: Slug
    item: Slug
    answer: Slug


class Indicator(Model):
    """A value derived from evidence records by a stated method.

    `value` takes the newest record of the inspected body; `difference` and `ratio` set it against
    the record of the comparator body for the same period, or against a second series; `change` sets
    it against the period before; `rank-band` ranks it in a table of bodies; `sum`, `mean`,
    `maximum` and `minimum` take the newest value of each series; `survey` takes a share; `tally`
    counts independent observations. Of the rows of a file review on one topic, `proportion` is the
    share of yes among yes and no and `agreement` is Cohen's kappa of two reviewers; both need a
    `minimum` of files, and `survey` may have one of answers. Derived values are rounded half even to
    `places` decimals.
    """

    title: Line
    method: Literal[
        "value",
        "difference",
        "ratio",
        "change",
        "rank-band",
        "sum",
        "mean",
        "maximum",
        "minimum",
        "survey",
        "tally",
        "proportion",
        "agreement",
    ]
    series: tuple[Slug, ...] = ()
    comparator: Slug | None = None
    survey: OfSurvey | None = None
    topics: tuple[Slug, ...] = ()
    direction: Literal["supports", "contradicts"] | None = None
    case_types: tuple[Slug, ...] = Field(default=(), alias="case-types")
    minimum: int | None = Field(default=None, ge=1)
    minimum_per_case_type: int | None = Field(default=None, alias="minimum-per-case-type", ge=1)
    caveats: tuple[Slug, ...] = ()  # beside those of its series
    unit: Unit
    places: int = Field(default=6, ge=0, le=6)
    cite: Line | None = None

    @model_validator(mode="after")
    def _method_has_what_it_needs(self) -> Self:
        against = self.method in {"difference", "ratio"}
        pair = against and len(self.series) == 2 and self.comparator is None
        one = against or self.method in {"value", "change", "rank-band"}
        if one and len(self.series) != 1 and not pair:
            raise ValueError(f"`{self.method}` needs exactly one series")
        if against and self.comparator is None and not pair:
            raise ValueError(f"`{self.method}` needs a `comparator`")
        if self.method in {"sum", "mean", "maximum", "minimum"} and not self.series:
            raise ValueError(f"`{self.method}` needs at least one series")
        if self.method == "survey" and self.survey is None:
            raise ValueError("`survey` needs the survey, item and answer")
        if self.unit == "rank-band" and self.method not in {"value", "rank-band"}:
            raise ValueError("a rank band is read by `value`; it cannot be reckoned with")
        if self.method == "rank-band" and self.unit != "rank-band":
            raise ValueError("the unit of a `rank-band` is `rank-band`")
        if self.method == "tally" and not (self.topics and self.direction):
            raise ValueError("`tally` needs `topics` and a `direction`")
        return self

    @model_validator(mode="after")
    def _a_sample_is_of_one_topic_and_large_enough(self) -> Self:
        units = {"proportion": "percent", "agreement": "score"}
        reviews = self.method in units
        if reviews and (len(self.topics) != 1 or self.minimum is None):
            raise ValueError(f"`{self.method}` needs one of `topics` and a `minimum` of files")
        if reviews and self.unit != units[self.method]:
            raise ValueError(f"the unit of `{self.method}` is `{units[self.method]}`")
        if not reviews and (self.case_types or self.minimum_per_case_type is not None):
            raise ValueError("only a review of files has case types")
        if not reviews and self.method != "survey" and self.minimum is not None:
            raise ValueError("only a review of files or a survey has a `minimum`")
        return self


class IndicatorFile(Model):
    """`indicators.yaml`."""

    indicators: dict[Slug, Indicator] = Field(default_factory=dict)


OUTCOMES: tuple[Outcome, ...] = (
    "exceeds",
    "meets",
    "falls-short",
    "conflicted",
    "unknown",
)
