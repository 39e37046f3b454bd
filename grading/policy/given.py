"""What a case gives: the models of its `given`."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from grading.evidence.records import Sampling, Status
from grading.rules.conditions import PreviousStatus
from grading.rules.pack import Kind, Slug
from grading.source import Model, Number

Wanted = Literal["exceeds", "meets", "falls-short", "conflicted", "silent"]


class Seen(Model):
    """One observation: `supports` or `contradicts` with its topic, and its coding.

    Without a `kind` it is fieldwork. `mitigated` stands for a mitigation that weighs fully.
    """

    supports: Slug | None = None
    contradicts: Slug | None = None
    extent: Slug | None = None
    maturity: Slug | None = None
    effect: Slug | None = None
    severity: Slug | None = None
    mitigated: Literal[True] | None = None
    kind: Literal["fieldwork", "file-review"] = "fieldwork"

    @model_validator(mode="after")
    def _one_direction(self) -> Self:
        if (self.supports is None) == (self.contradicts is None):
            raise ValueError("an observation says what it `supports` or what it `contradicts`")
        if self.supports is not None and (self.severity or self.mitigated):
            raise ValueError("only an observation that contradicts is severe or mitigated")
        return self


class Answer(Model):
    """A share of the answers in a survey, in per cent, how its sample was drawn, how many answered."""

    survey: Slug
    item: Slug
    answer: Slug
    share: Number
    sampling: Sampling
    answers: int | None = Field(default=None, ge=0)


class Figure(Model):
    """A figure that says more than its value: its period, its status, what it was divided by."""

    value: Number | None = None
    from_: date | None = Field(default=None, alias="from")
    to: date | None = None
    status: Status = "ok"
    reason: str = ""
    numerator: Number | None = None
    denominator: Number | None = None
    definition: Slug | None = None

    @model_validator(mode="after")
    def _what_is_not_there_has_a_reason(self) -> Self:
        if self.status == "ok" and self.value is None:
            raise ValueError("a figure that is `ok` needs a `value`")
        if self.status != "ok" and not self.reason:
            raise ValueError(f"a figure that is `{self.status}` needs a `reason`")
        return self


Figures = dict[Slug, dict[Slug, Number | Literal["missing"] | Figure | tuple[Figure, ...]]]
"""Figures by series and body; several where a body has figures of several periods."""


class Earlier(Model):
    """An earlier judgment of a question, or an earlier finding on a topic."""

    kind: Literal["judgment", "area-for-improvement", "cause-of-concern", "suggestion"]
    question: Slug | None = None
    topic: Slug | None = None
    raised: int = Field(ge=1990, le=2100)
    grade: Slug | None = None
    status: PreviousStatus | None = None

    @model_validator(mode="after")
    def _says_what_its_kind_needs(self) -> Self:
        if self.kind == "judgment" and (self.question is None or self.grade is None):
            raise ValueError("an earlier judgment needs its `question` and its `grade`")
        if self.kind != "judgment" and (self.topic is None or self.status is None):
            raise ValueError("an earlier finding needs its `topic` and its `status`")
        return self


class Given(Model):
    """The inspection of a case. What it does not say is the plainest inspection there is:

    every topic was searched (`searched: all`), nothing was cut short (`coverage: full`), every kind
    of evidence was gathered (`not-gathered: []`), and no record says anything beyond those given:
    no observation, no figure, no earlier finding. It is judged as of the pack's first day in force.

    `criteria` and `all-core` stand for the smallest observation, or pair of them, that makes a
    criterion come out so; a criterion of `criteria` is left out of `all-core`. `silent` adds
    nothing. `indicators` sets a value without its records. `table` has the figures of many bodies.
    """

    observations: tuple[Seen, ...] = ()
    criteria: dict[Slug, Wanted] = Field(default_factory=dict)
    all_core: dict[Slug, Wanted] = Field(default_factory=dict, alias="all-core")
    figures: Figures = Field(default_factory=dict)
    table: Figures = Field(default_factory=dict)
    surveys: tuple[Answer, ...] = ()
    indicators: dict[Slug, Number] = Field(default_factory=dict)
    previous: tuple[Earlier, ...] = ()
    carried_forward: dict[Slug, Slug] = Field(default_factory=dict, alias="carried-forward")
    not_graded: dict[Slug, Slug] = Field(default_factory=dict, alias="not-graded")
    searched: Literal["all", "none"] | tuple[Slug, ...] = "all"
    coverage: Literal["full", "published-summary"] = "full"
    not_gathered: tuple[Kind, ...] = Field(default=(), alias="not-gathered")
    as_of: date | None = Field(default=None, alias="as-of")
