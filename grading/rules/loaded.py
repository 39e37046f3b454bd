"""A rule pack whose every reference is known to resolve: what the rest of the program reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grading.problems import Place
from grading.rules.checks import AnyCheck
from grading.rules.comparable import Bands, Population
from grading.rules.pack import Caveat, Criterion, Indicator, Limiter, Manifest, Question, Series
from grading.rules.rule import Rule

OVERALL = "overall"


@dataclass(frozen=True)
class PlacedCriterion:
    """A criterion, the question and sub-question it belongs to, and where it is written."""

    id: str
    question: str
    sub_question: str
    written: Criterion
    place: Place


@dataclass(frozen=True)
class PlacedLimiter:
    """A limiter of a question's ladder, with the id of the rule that says when it bites."""

    id: str
    rule: str
    written: Limiter
    place: Place


@dataclass(frozen=True)
class Pack:
    """A rule pack whose every reference is known to resolve."""

    manifest: Manifest
    questions: Mapping[str, Question]
    criteria: Mapping[str, PlacedCriterion]
    series: Mapping[str, Series]
    caveats: Mapping[str, Caveat]
    indicators: Mapping[str, Indicator]
    rules: Mapping[str, Rule]
    limiters: Mapping[str, tuple[PlacedLimiter, ...]]  # by question, `overall` among them
    topics: Mapping[str, str | None]  # topic: its criterion; None for topics of context
    places: Mapping[str, Place] = field(default_factory=dict)  # of questions and sub-questions
    digest: str = ""
    checks: Mapping[str, AnyCheck] = field(default_factory=dict)
    bands: Mapping[str, Bands] = field(default_factory=dict)
    populations: Mapping[str, Population] = field(default_factory=dict)

    @property
    def grades(self) -> tuple[str, ...]:
        """The grades of the scale, best first."""
        return tuple(self.manifest.scale.grades)

    @property
    def graded(self) -> tuple[str, ...]:
        """The questions that are graded, in order."""
        return tuple(q for q, question in self.questions.items() if question.ladder is not None)

    def criteria_of(self, question: str, sub_question: str | None = None) -> tuple[str, ...]:
        """The criteria of a question, or of one of its sub-questions, in order."""
        return tuple(
            c.id
            for c in self.criteria.values()
            if c.question == question and sub_question in (None, c.sub_question)
        )
