"""The parts of the JSON of a what-if."""

from __future__ import annotations

from typing import Literal

from grading.record.parts import Part

Grades = tuple[str, ...]


class SidePart(Part):
    """By what a side was graded, as of which day, and how many records it has."""

    pack: str
    version: str
    as_of: str
    records: int


class RecordPart(Part):
    """A record and the line that it is written on."""

    record: str
    place: str


class CorrectedPart(Part):
    """A value of a record; null where the record says none."""

    record: str
    field: str
    before: str | None
    after: str | None


class LeftPart(Part):
    """A weakness or a question that named a dropped record, and how that leaves it."""

    name: str
    dropped: str
    left: Literal["unmitigated", "mitigated-by-others", "not-carried-forward"]


class WithdrawnPart(Part):
    """A source whose records are withdrawn."""

    source: str
    records: tuple[str, ...]


class OtherwisePart(Part):
    """What is otherwise, in words and in full. A supposed value is null where it is not known."""

    says: tuple[str, ...]
    added: tuple[RecordPart, ...]
    corrected: tuple[CorrectedPart, ...]
    dropped: tuple[RecordPart, ...]
    left: tuple[LeftPart, ...]
    withdrawn: tuple[WithdrawnPart, ...]
    values: dict[str, str | None]
    outcomes: dict[str, Grades]


class ChangePart(Part):
    """What was possible, what is possible then; null where the pack of that side does not ask."""

    before: Grades | None
    after: Grades | None
    stands: bool


class WordsPart(Part):
    """Words before and after."""

    before: str | None
    after: str | None


class LimitPart(Part):
    """A limiter, and whether it bit and then bites."""

    id: str
    at_best: str
    because: str
    before: Literal["bites", "may bite", "does not bite"] | None
    after: Literal["bites", "may bite", "does not bite"] | None


class SentencePart(Part):
    """A sentence of a rationale, and the record that it is of."""

    text: str
    record: str | None


class JudgmentPart(ChangePart):
    """A judgment before and after, and the sentences of its rationale that only one side says.

    `provisional` is before any limit, and empty where the question is not graded.
    """

    title: str
    provisional: ChangePart
    trend: WordsPart
    limits: tuple[LimitPart, ...]
    now_said: tuple[SentencePart, ...]
    no_longer_said: tuple[SentencePart, ...]


class SubQuestionPart(ChangePart):
    """Where a sub-question stood and then stands."""

    title: str


class CriterionPart(ChangePart):
    """A criterion with its outcomes before and after."""

    says: str


class IntervalPart(Part):
    """The 95 per cent interval of an indicator, in its unit."""

    low: str
    high: str


class ValuePart(Part):
    """The value of an indicator; null where it is not known."""

    value: str | None
    interval: IntervalPart | None


class FigurePart(Part):
    """An indicator before and after; null where the pack of that side does not have it."""

    title: str
    unit: str
    before: ValuePart | None
    after: ValuePart | None
    stands: bool


class FindingPart(Part):
    """A finding as one side has it."""

    id: str
    kind: str
    criterion: str
    says: str
    first_raised: int
    previous: tuple[str, ...]


class AlteredPart(Part):
    """A finding that both sides have and tell differently."""

    before: FindingPart
    after: FindingPart


class UsePart(Part):
    """The criteria and indicators that a record of the change is used in."""

    record: str
    criteria: tuple[str, ...]
    indicators: tuple[str, ...]


class AskedPart(Part):
    """The criteria, questions and sub-questions whose rules ask for an indicator of the change."""

    indicator: str
    owners: tuple[str, ...]


class WhatIfDocument(Part):
    """Everything of an inspection that could change, as it is and with something otherwise.

    Of findings that stand on one side only, `unsure` ones may still stand, and `sure` ones may have
    stood before. `nothing_changes` says that at most figures and sentences change.
    """

    schema_version: Literal["2.0"] = "2.0"
    inspection: str
    synthetic: bool
    before: SidePart
    after: SidePart
    otherwise: OtherwisePart
    nothing_changes: bool
    judgments: dict[str, JudgmentPart]
    sub_questions: dict[str, SubQuestionPart]
    criteria: dict[str, CriterionPart]
    figures: dict[str, FigurePart]
    fallen_findings: tuple[FindingPart, ...]
    unsure_findings: tuple[FindingPart, ...]
    new_findings: tuple[FindingPart, ...]
    sure_findings: tuple[FindingPart, ...]
    altered_findings: tuple[AlteredPart, ...]
    used: tuple[UsePart, ...]
    asked: tuple[AskedPart, ...]
