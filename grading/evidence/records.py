"""The models of evidence, as its files are written, and the records that they become."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from grading.rules.conditions import PreviousStatus
from grading.rules.pack import Kind, Line, Slug, Unit
from grading.source import Model

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Direction = Literal["supports", "contradicts", "neutral"]
Method = Literal[
    "interview",
    "focus-group",
    "observation",
    "reality-test",
    "document",
    "data",
    "published-finding",
    "not-stated",
]
Status = Literal["ok", "missing", "unavailable", "excluded", "estimated", "partial"]
BANDS = ("highest", "lowest", "broadly-in-line")
Sampling = Literal["statistical", "quota-panel", "voluntary", "not-stated"]


class Period(Model):
    """From and to, both included."""

    from_: date = Field(alias="from")
    to: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.to < self.from_:
            raise ValueError("a period cannot end before it starts")
        return self


class Plan(Model):
    """What the inspection set out to search: every topic of the pack, or those listed.

    `coverage: full` says that what was not found on a searched topic is not there. A
    `published-summary` was written by others and cut short: a strength that it mentions may reach
    further than it says. How grave a weakness is, it says.
    """

    coverage: Literal["full", "published-summary"]
    searched: Literal["all"] | tuple[Slug, ...]


class Role(Model):
    """A part in the inspection team; people are not named."""

    role: Line
    did: Line


class CarriedForward(Model):
    """A question that was not inspected this time, and where its grade comes from."""

    question: Slug
    record: Id


class NotGraded(Model):
    """A question that gets a value of the scale which is not a grade, and why."""

    question: Slug
    value: Slug
    because: Line


class Inspection(Model):
    """`inspection.yaml`. Without dates of `fieldwork` it says under `not-graded` why."""

    id: Id
    body: Slug
    body_name: Line = Field(alias="body-name")
    framework: Slug
    pack: Slug
    synthetic: Literal[True] | None = None
    fieldwork: Period | None = None
    published: date | None = None
    as_of: date = Field(alias="as-of")
    source: Line
    plan: Plan
    team: tuple[Role, ...] = ()
    carried_forward: tuple[CarriedForward, ...] = Field(default=(), alias="carried-forward")
    not_graded: tuple[NotGraded, ...] = Field(default=(), alias="not-graded")

    @model_validator(mode="after")
    def _was_carried_out_or_says_why_not(self) -> Self:
        if self.fieldwork is None and not self.not_graded:
            raise ValueError("an inspection needs `fieldwork`, or `not-graded` with the reason")
        return self

    @model_validator(mode="after")
    def _each_question_is_settled_once(self) -> Self:
        carried = [entry.question for entry in self.carried_forward]
        settled = [*carried, *(entry.question for entry in self.not_graded)]
        for question in settled:
            if settled.count(question) > 1:
                raise ValueError(
                    f"question `{question}` stands twice under `carried-forward` and `not-graded`"
                )
        return self


class Mitigation(Model):
    """What makes a weakness matter less, as the evidence states it."""

    says: Text
    weight: Literal["partly", "fully"]
    records: tuple[Id, ...] = ()


class Coded(Model):
    """What every coded record has: a topic, a direction and the levels that the evidence bears out."""

    id: Id
    topic: Slug
    direction: Direction
    extent: Slug | None = None
    maturity: Slug | None = None
    effect: Slug | None = None
    severity: Slug | None = None
    mitigation: Mitigation | None = None
    statement: Text
    heading: Text
    footnote: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _weaknesses_weigh_by_severity(self) -> Self:
        if self.direction != "contradicts" and self.severity is not None:
            raise ValueError("only a record that contradicts has a `severity`")
        if self.direction != "contradicts" and self.mitigation is not None:
            raise ValueError("only a record that contradicts has a `mitigation`")
        return self


class Observation(Coded):
    """One record of `fieldwork.yaml`."""

    method: Method
    subjects: Text | None = None
    site: Text | None = None
    date_: date | None = Field(default=None, alias="date")
    when: Text | None = None


class FileReview(Coded):
    """One record of `file-review-summary.yaml`: what a review of files is published to have shown."""

    files: int | None = Field(default=None, ge=1, le=100_000)
    sampling: Literal["random", "not-random", "not-stated"]
    quantified: bool
    from_: date | None = Field(default=None, alias="from")
    to: date | None = None
    case_types: tuple[Line, ...] = Field(default=(), alias="case-types")


class Previous(Model):
    """One record of `previous.yaml`."""

    id: Id
    kind: Literal["judgment", "area-for-improvement", "cause-of-concern", "suggestion"]
    question: Slug | None = None
    topic: Slug | None = None
    raised: int = Field(ge=1990, le=2100)
    grade: Slug | None = None
    status: PreviousStatus | None = None
    first_called: Line | None = Field(default=None, alias="first-called")
    statement: Text
    heading: Text
    footnote: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _says_what_its_kind_needs(self) -> Self:
        if self.kind == "judgment" and (self.question is None or self.grade is None):
            raise ValueError("an earlier judgment needs its `question` and its `grade`")
        if self.kind != "judgment" and (self.topic is None or self.status is None):
            raise ValueError("an earlier finding needs its `topic` and its `status`")
        return self


class ObservationFile(Model):
    """`fieldwork.yaml`, or one of several files whose names start with `fieldwork-`."""

    records: tuple[Observation, ...]


class FileReviewFile(Model):
    """`file-review-summary.yaml`."""

    records: tuple[FileReview, ...]


class PreviousFile(Model):
    """`previous.yaml`."""

    records: tuple[Previous, ...]


class Metric(Model):
    """One row of `metrics.csv`, or of a table of bodies; the last two columns may be left out.

    `definition` is what was counted, where that is not what the series says. A `synthetic` row is
    made up and stands for no real body.
    """

    id: Id
    series: Slug
    body: Slug
    value: Decimal | None
    unit: Unit
    from_: date | None = Field(alias="from")
    to: date | None
    comparator: bool
    status: Status
    reason: str
    numerator: Decimal | None
    denominator: Decimal | None
    release: str
    heading: Text
    locator: str
    caveats: tuple[Slug, ...] = Field(max_length=20)
    note: str
    definition: Slug | None = None
    synthetic: bool = False

    @model_validator(mode="after")
    def _what_is_not_there_has_a_reason(self) -> Self:
        if self.status != "ok" and not self.reason:
            raise ValueError(f"a figure that is `{self.status}` needs a `reason`")
        if self.status in {"missing", "unavailable", "excluded"} and self.value is not None:
            raise ValueError(f"a figure that is `{self.status}` has no `value`")
        if self.unit == "rank-band" and self.status == "ok" and self.note not in BANDS:
            raise ValueError(f"the `note` of a rank band is one of {', '.join(BANDS)}")
        if self.status == "ok" and self.value is None and self.unit != "rank-band":
            raise ValueError("a figure that is `ok` needs a `value`")
        if (
            self.unit == "percent"
            and self.numerator is not None
            and self.denominator is not None
            and self.numerator > self.denominator
        ):
            raise ValueError("a share cannot have a `numerator` above its `denominator`")
        return self


class Survey(Model):
    """One row of `surveys.csv`."""

    id: Id
    survey: Slug
    item: Slug
    answer: str
    value: Decimal | None
    unit: Unit
    n: int | None = Field(ge=0)
    population: str
    sampling: Sampling
    weighting: str
    from_: date | None = Field(alias="from")
    to: date | None
    status: Status
    reason: str
    heading: Text
    locator: str
    note: str

    @model_validator(mode="after")
    def _shares_are_shares(self) -> Self:
        if self.status != "ok" and not self.reason:
            raise ValueError(f"an answer that is `{self.status}` needs a `reason`")
        if self.status == "ok" and self.value is None:
            raise ValueError("an answer that is `ok` needs a `value`")
        return self


RECORD_KINDS: tuple[Kind, ...] = ("fieldwork", "file-review", "survey", "metric", "previous")
