"""The JSON of a what-if: what is otherwise, and everything that could change, before and after."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from grading.derive.intervals import Interval
from grading.explain.because import Because
from grading.explain.differences import Change, Differences, Figure, Sentences
from grading.explain.used import used
from grading.explain.what_if import WhatIf
from grading.explain.what_if_said import otherwise
from grading.judge.judgments import Finding, Grading
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


class WhatIfDocument(Part):
    """Everything of an inspection that could change, as it is and with something otherwise."""

    schema_version: Literal["2.0"] = "2.0"
    inspection: str
    synthetic: bool
    before: SidePart
    after: SidePart
    otherwise: OtherwisePart
    nothing_changes: bool
    judgments: dict[str, JudgmentPart]
    sub_questions: dict[str, ChangePart]
    criteria: dict[str, CriterionPart]
    figures: dict[str, FigurePart]
    fallen_findings: tuple[FindingPart, ...]
    new_findings: tuple[FindingPart, ...]
    altered_findings: tuple[AlteredPart, ...]
    used: tuple[UsePart, ...]


def what_if_document(result: WhatIf) -> WhatIfDocument:
    """The document of a what-if: the same for the same inputs."""
    found = Differences(result.before, result.after)
    return WhatIfDocument(
        inspection=result.before.evidence.inspection.id,
        synthetic=bool(result.before.evidence.inspection.synthetic),
        before=_side(result.before),
        after=_side(result.after),
        otherwise=_otherwise(result),
        nothing_changes=found.nothing,
        judgments={name: _judgment(name, found) for name in found.judgments},
        sub_questions={name: _change(change) for name, change in found.sub_questions.items()},
        criteria={name: _criterion(name, found) for name in found.criteria},
        figures={name: _figure(name, found) for name in found.figures},
        fallen_findings=tuple(map(_finding, found.fallen)),
        new_findings=tuple(map(_finding, found.new)),
        altered_findings=tuple(
            AlteredPart(before=_finding(one), after=_finding(other)) for one, other in found.altered
        ),
        used=tuple(
            UsePart(record=use.record, criteria=use.criteria, indicators=use.indicators)
            for use in used(result)
        ),
    )


def what_if_schema() -> dict[str, Any]:
    """The JSON Schema of the document."""
    return WhatIfDocument.model_json_schema()


def _side(grading: Grading) -> SidePart:
    manifest, evidence = grading.pack.manifest, grading.evidence
    return SidePart(
        pack=manifest.id,
        version=manifest.version,
        as_of=evidence.inspection.as_of.isoformat(),
        records=len(evidence.every()),
    )


def _otherwise(result: WhatIf) -> OtherwisePart:
    changed, supposed = result.otherwise.changed, result.otherwise
    return OtherwisePart(
        says=tuple(otherwise(result)),
        added=tuple(RecordPart(record=p.record.id, place=str(p.place)) for p in changed.added),
        corrected=tuple(CorrectedPart(**vars(one)) for one in changed.corrected),
        dropped=tuple(RecordPart(record=p.record.id, place=str(p.place)) for p in changed.dropped),
        left=tuple(LeftPart(**vars(one)) for one in changed.loosened),
        withdrawn=tuple(
            WithdrawnPart(source=str(s), records=s.records) for s in supposed.withdrawn
        ),
        values={name: None if v is None else str(v) for name, v in supposed.values.items()},
        outcomes={name: tuple(sorted(possible)) for name, possible in supposed.outcomes.items()},
    )


def _change(change: Change[Grades]) -> ChangePart:
    return ChangePart(before=change.before, after=change.after, stands=change.stands)


def _judgment(name: str, found: Differences) -> JudgmentPart:
    change, trend = found.judgments[name], found.trends[name]
    said = found.sentences.get(name, Sentences((), ()))
    side = found.after if name in found.after.judgments else found.before
    return JudgmentPart(
        before=change.before,
        after=change.after,
        stands=change.stands,
        title=side.judgments[name].title,
        provisional=_change(found.provisional[name]),
        trend=WordsPart(before=trend.before, after=trend.after),
        limits=tuple(
            LimitPart(
                id=limit.id,
                at_best=limit.at_best,
                because=limit.because,
                before=limit.bites.before,
                after=limit.bites.after,
            )
            for limit in found.limits
            if limit.judgment == name
        ),
        now_said=_sentences(said.new),
        no_longer_said=_sentences(said.fallen),
    )


def _sentences(said: Iterable[Because]) -> tuple[SentencePart, ...]:
    return tuple(SentencePart(text=step.text, record=step.record) for step in said)


def _criterion(name: str, found: Differences) -> CriterionPart:
    change = found.criteria[name]
    pack = found.after.pack if name in found.after.pack.criteria else found.before.pack
    return CriterionPart(
        before=change.before,
        after=change.after,
        stands=change.stands,
        says=pack.criteria[name].written.says,
    )


def _figure(name: str, found: Differences) -> FigurePart:
    change = found.figures[name]
    pack = found.after.pack if name in found.after.pack.indicators else found.before.pack
    return FigurePart(
        title=pack.indicators[name].title,
        unit=pack.indicators[name].unit,
        before=_value(change.before),
        after=_value(change.after),
        stands=change.stands,
    )


def _value(figure: Figure | None) -> ValuePart | None:
    if figure is None:
        return None
    value, interval = figure
    return ValuePart(value=None if value is None else str(value), interval=_interval(interval))


def _interval(interval: Interval | None) -> IntervalPart | None:
    return (
        None if interval is None else IntervalPart(low=str(interval.low), high=str(interval.high))
    )


def _finding(finding: Finding) -> FindingPart:
    return FindingPart(
        id=finding.id,
        kind=finding.kind,
        criterion=finding.criterion,
        says=finding.says,
        first_raised=finding.first_raised,
        previous=finding.previous,
    )
