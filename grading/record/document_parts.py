"""The parts of the JSON of a run, from which its schema is generated."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from grading.judge.judgments import FindingStatus
from grading.record.decided import ChallengePart, ModerationPart
from grading.record.parts import Part
from grading.record.robustness import RobustnessPart


class Step(Part):
    """One step of a rationale. `place` is a line of a rule file, or of the evidence folder."""

    text: str
    record: str | None = None
    place: str | None = None
    because: tuple[Step, ...] = ()


class Interval(Part):
    """The worst and the best grade that the evidence leaves possible, and all of them."""

    worst: str
    best: str
    possible: tuple[str, ...]


class TrendPart(Part):
    """The judgment beside the one before."""

    word: Literal["same", "improved", "deteriorated", "unknown"]
    says: str
    previous: str | None
    year: int | None
    record: str | None


class LimiterPart(Part):
    """What the grade cannot be better than. `bites` is null where that is not known."""

    id: str
    at_best: str
    because: str
    bites: bool | None
    place: str


class ConditionPart(Part):
    """One condition of a rung beside the evidence. `of` is how many there are of what is counted.

    `found` is the number or value that was found, two numbers where it may be any between; `needed`
    are the fewest and the most that satisfy it, null where there is no such end. `distance` is how
    much is missing or too much, `slack` how much room there is. `members` are the criteria, questions
    or earlier records that it rests on, or that are in its way; `open` those of which that is not known.
    """

    asks: str
    holds: bool | None
    of: int | None
    found: tuple[str, ...]
    needed: tuple[str | None, str | None]
    distance: str | None
    slack: str | None
    members: tuple[str, ...]
    open: tuple[str, ...]
    records: tuple[str, ...]
    place: str
    parts: tuple[ConditionPart, ...]


class RungPart(Part):
    """A rung of a judgment's ladder, its conditions, and the limiters that would hold it below."""

    grade: str
    holds: bool | None
    withheld: tuple[str, ...]
    conditions: tuple[ConditionPart, ...]
    limiters: tuple[str, ...]
    place: str


class JudgmentPart(Part):
    """One judgment with every step of its grade. `ladder` has its rungs, best first.

    `moderated` is the grade that people settled on; null where no change of theirs stands.
    """

    title: str
    provisional: str
    derived: str
    moderated: str | None
    final: str
    interval: Interval | None
    trend: TrendPart
    limiters: tuple[LimiterPart, ...]
    findings: tuple[str, ...]
    carried_forward_from: str | None
    ladder: tuple[RungPart, ...]
    rationale: Step


class SubQuestionPart(Part):
    """Where a sub-question stands; sub-questions are not graded in their own right."""

    title: str
    question: str
    stands_at: str
    interval: Interval | None


class TestPart(Part):
    """A test of a criterion, whether it holds, and how its conditions stand."""

    holds: bool | None
    conditions: tuple[ConditionPart, ...]
    place: str


class CriterionPart(Part):
    """The outcome of a criterion, every outcome that it may have, and its tests by their outcome."""

    says: str
    question: str
    sub_question: str
    core: bool
    outcome: str
    possible: tuple[str, ...]
    records_for: tuple[str, ...]
    records_against: tuple[str, ...]
    tests: dict[str, TestPart]
    place: str


class FindingPart(Part):
    """A strength, an area for improvement or a cause of concern."""

    id: str
    kind: str
    question: str
    criterion: str
    says: str
    first_raised: int
    status: FindingStatus
    previous: tuple[str, ...]
    recommendation: str | None
    rule: str


class IntervalPart(Part):
    """The 95 per cent interval of an indicator, in its unit."""

    low: str
    high: str


class TallyPart(Part):
    """How files were answered, and the share of yes in per cent: `na` and `unclear` enter none."""

    yes: int
    no: int
    na: int
    unclear: int
    share: str | None
    interval: IntervalPart | None


class AgreementPart(Part):
    """How far two reviewers agree, to two decimals; no kappa where it is not defined."""

    both: int
    same: int
    kappa: str | None
    interval: IntervalPart | None


class SamplePart(Part):
    """The rows of a file review behind an indicator. Intervals of shares are in per cent."""

    whole: TallyPart
    case_types: dict[str, TallyPart]
    agreement: AgreementPart


class IndicatorPart(Part):
    """An indicator; without a value where the evidence does not give it, and why.

    `shown` is the arithmetic in words; `caveats` and `notes` limit how the value may be read.
    """

    title: str
    value: str | None
    unit: str
    reason: str
    records: tuple[str, ...]
    caveats: tuple[str, ...]
    interval: IntervalPart | None
    cautions: tuple[str, ...]
    sample: SamplePart | None
    shown: str
    notes: tuple[str, ...]


class RecordPart(Part):
    """An evidence record: its kind, what it says, and where it was written."""

    kind: str
    says: str
    place: str


class CaveatPart(Part):
    """A limit on how a figure may be read, and where the pack says so."""

    says: str
    place: str | None


class FiringPart(Part):
    """A rule that fired, the facts it matched, what it concluded, and its line."""

    rule: str
    facts: tuple[str, ...]
    concludes: str


class WithheldPart(Part):
    """A conclusion that would hold but for the roles of its evidence."""

    rule: str
    kinds: tuple[str, ...]
    reason: str
    place: str


class WithoutPart(Part):
    """A source, the records that come from it, and what is possible when they are withdrawn."""

    source: str
    records: tuple[str, ...]
    possible: tuple[str, ...]


class SingleSourcePart(Part):
    """The judgments and criteria that change when one source is withdrawn, by their ids."""

    judgments: dict[str, tuple[WithoutPart, ...]]
    criteria: dict[str, tuple[WithoutPart, ...]]


class PackPart(Part):
    """Which rules graded it."""

    id: str
    version: str
    title: str
    digest: str
    overall_policy: str | None


class TablePart(Part):
    """The table of bodies beside the inspection. Synthetic figures are made up."""

    rows: int
    synthetic: bool


class InspectionPart(Part):
    """What was inspected."""

    id: str
    body: str
    body_name: str
    framework: str
    source: str
    synthetic: bool
    records: dict[str, int]
    table: TablePart | None
    dropped: tuple[str, ...]


class EnginePart(Part):
    """What the engine did; it agreed with the definition on every rule, or there is no run."""

    rules: int
    engine_rules: int
    firings: int
    agrees_with_definition: Literal[True]


class RunDocument(Part):
    """Everything that one run concluded, and why."""

    schema_version: Literal["1.0"] = "1.0"
    inspection: InspectionPart
    pack: PackPart
    as_of: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    judgments: dict[str, JudgmentPart]
    sub_questions: dict[str, SubQuestionPart]
    criteria: dict[str, CriterionPart]
    findings: tuple[FindingPart, ...]
    indicators: dict[str, IndicatorPart]
    caveats: dict[str, CaveatPart]
    evidence: dict[str, RecordPart]
    firings: tuple[FiringPart, ...]
    withheld: tuple[WithheldPart, ...]
    single_source: SingleSourcePart
    robustness: RobustnessPart
    moderation: tuple[ModerationPart, ...]
    challenges: tuple[ChallengePart, ...]
    engine: EnginePart


def schema() -> dict[str, Any]:
    """The JSON Schema of the document."""
    return RunDocument.model_json_schema()
