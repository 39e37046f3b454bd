"""The JSON of a what-if: what is otherwise, and everything that could change, before and after."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from grading.derive.intervals import Interval
from grading.explain.because import Because
from grading.explain.differences import Change, Differences, Figure, Sentences
from grading.explain.used import asked, used
from grading.explain.what_if import WhatIf
from grading.explain.what_if_said import otherwise
from grading.judge.judgments import Finding, Grading
from grading.record.what_if_parts import (
    AlteredPart,
    AskedPart,
    ChangePart,
    CorrectedPart,
    CriterionPart,
    FigurePart,
    FindingPart,
    IntervalPart,
    JudgmentPart,
    LeftPart,
    LimitPart,
    OtherwisePart,
    RecordPart,
    SentencePart,
    SidePart,
    SubQuestionPart,
    UsePart,
    ValuePart,
    WhatIfDocument,
    WithdrawnPart,
    WordsPart,
)

Grades = tuple[str, ...]


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
        sub_questions={name: _sub_question(name, found) for name in found.sub_questions},
        criteria={name: _criterion(name, found) for name in found.criteria},
        figures={name: _figure(name, found) for name in found.figures},
        fallen_findings=tuple(map(_finding, found.fallen)),
        unsure_findings=tuple(map(_finding, found.unsure)),
        new_findings=tuple(map(_finding, found.new)),
        sure_findings=tuple(map(_finding, found.sure)),
        altered_findings=tuple(
            AlteredPart(before=_finding(one), after=_finding(other)) for one, other in found.altered
        ),
        used=tuple(
            UsePart(record=use.record, criteria=use.criteria, indicators=use.indicators)
            for use in used(result)
        ),
        asked=tuple(AskedPart(indicator=one, owners=by) for one, by in asked(result).items()),
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


def _sub_question(name: str, found: Differences) -> SubQuestionPart:
    change = found.sub_questions[name]
    side = found.after if name in found.after.sub_questions else found.before
    title = side.sub_questions[name].title
    return SubQuestionPart(
        before=change.before, after=change.after, stands=change.stands, title=title
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
