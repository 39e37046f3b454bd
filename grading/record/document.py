"""The JSON of a run, filled from a grading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grading.derive.sources import single_sources
from grading.explain.asked import asked
from grading.explain.because import Because
from grading.explain.lacks import measured, tests_of
from grading.explain.measured import Measured
from grading.explain.resting import Without, flips_of
from grading.explain.robustness import Robustness, robustness
from grading.explain.rungs import Rung, ladder
from grading.explain.why import Explainer
from grading.judge.judgments import Grading, Judgment, one
from grading.record.decided import (
    challenge_part,
    moderation_part,
)
from grading.record.document_parts import (
    ConditionPart,
    CriterionPart,
    EnginePart,
    FindingPart,
    FiringPart,
    InspectionPart,
    Interval,
    JudgmentPart,
    LimiterPart,
    PackPart,
    RecordPart,
    RunDocument,
    RungPart,
    SingleSourcePart,
    Step,
    SubQuestionPart,
    TablePart,
    TestPart,
    TrendPart,
    WithheldPart,
    WithoutPart,
)
from grading.record.figures import caveat_parts, indicator_parts
from grading.record.robustness import robustness_part
from grading.rules.rule import Count, Node


def document(grading: Grading, robust: Robustness | None = None) -> RunDocument:
    """The document of a run: the same for the same inputs, whatever the order they were read in.

    How firmly its grades stand is reckoned where it is not given.
    """
    return _Writer(grading, robust or robustness(grading)).document()


class _Writer:
    """Fills the models from a grading."""

    def __init__(self, grading: Grading, robust: Robustness) -> None:
        self.grading = grading
        self.robust = robust
        self.explainer = Explainer(grading)
        self.folder = grading.evidence.folder.as_posix()

    def document(self) -> RunDocument:
        g = self.grading
        return RunDocument(
            inspection=self._inspection(),
            pack=PackPart(
                id=g.pack.manifest.id,
                version=g.pack.manifest.version,
                title=g.pack.manifest.title,
                digest=g.pack.digest,
                overall_policy=g.pack.manifest.overall.policy if g.pack.manifest.overall else None,
            ),
            as_of=g.evidence.inspection.as_of.isoformat(),
            judgments={q: self._judgment(j) for q, j in g.judgments.items()},
            sub_questions={s: self._sub_question(s, j) for s, j in g.sub_questions.items()},
            criteria={c: self._criterion(c) for c in g.pack.criteria},
            findings=tuple(
                FindingPart(
                    id=f.id,
                    kind=f.kind,
                    question=f.question,
                    criterion=f.criterion,
                    says=f.says,
                    first_raised=f.first_raised,
                    status=f.status,
                    previous=f.previous,
                    recommendation=f.recommendation,
                    rule=f.rule,
                )
                for f in g.findings.values()
            ),
            indicators=indicator_parts(g),
            caveats=caveat_parts(g),
            evidence=self._evidence(),
            firings=tuple(
                FiringPart(rule=f.rule, facts=f.facts, concludes=f.asserts)
                for f in sorted(g.fired.firings, key=lambda f: (f.rule, f.facts))
            ),
            withheld=self._withheld(),
            single_source=self._single_source(),
            robustness=robustness_part(self.robust, g.pack),
            moderation=tuple(
                moderation_part(g, m, self._relative(str(m.decided.place))) for m in g.moderation
            ),
            challenges=tuple(
                challenge_part(g, c, self._relative(str(c.decided.place))) for c in g.challenges
            ),
            engine=EnginePart(
                rules=len(g.pack.rules),
                engine_rules=len(g.program.compiled.rules),
                firings=len(g.fired.firings),
                agrees_with_definition=True,
            ),
        )

    def _inspection(self) -> InspectionPart:
        evidence, inspection = self.grading.evidence, self.grading.evidence.inspection
        kinds: dict[str, int] = {}
        for placed in evidence.every():
            kinds[placed.kind] = kinds.get(placed.kind, 0) + 1
        return InspectionPart(
            id=inspection.id,
            body=inspection.body,
            body_name=inspection.body_name,
            framework=inspection.framework,
            source=inspection.source,
            synthetic=bool(inspection.synthetic),
            records=kinds,
            table=TablePart(
                rows=len(evidence.table), synthetic=any(m.record.synthetic for m in evidence.table)
            )
            if evidence.table
            else None,
            dropped=tuple(sorted(self.grading.dropped)),
        )

    def _judgment(self, judgment: Judgment) -> JudgmentPart:
        trend = judgment.trend
        return JudgmentPart(
            title=judgment.title,
            provisional=one(judgment.provisional) if judgment.graded else judgment.given,
            derived=judgment.given,
            moderated=judgment.settled,
            final=judgment.final,
            interval=_interval(judgment),
            trend=TrendPart(
                word=trend.word,
                says=trend.says,
                previous=trend.previous,
                year=trend.raised,
                record=trend.record,
            ),
            limiters=tuple(
                LimiterPart(
                    id=x.limiter.id,
                    at_best=x.limiter.written.at_best,
                    because=x.limiter.written.because,
                    bites=x.bites,
                    place=str(x.limiter.place),
                )
                for x in judgment.limiters
            ),
            findings=judgment.findings,
            carried_forward_from=judgment.carried_from,
            ladder=tuple(self._rung(rung) for rung in ladder(self.grading, judgment)),
            rationale=self._step(self.explainer.judgment(judgment)),
        )

    def _rung(self, rung: Rung) -> RungPart:
        return RungPart(
            grade=rung.grade,
            holds=rung.holds,
            withheld=rung.withheld,
            conditions=tuple(self._condition(m) for m in rung.conditions),
            limiters=tuple(x.limiter.id for x in rung.limiters),
            place=str(rung.place),
        )

    def _condition(self, found: Measured) -> ConditionPart:
        low, high = found.needed
        return ConditionPart(
            asks=asked(found.node, self.grading.pack),
            holds=found.truth,
            of=_counted_of(found.node),
            found=tuple(map(str, found.found)),
            needed=(None if low is None else str(low), None if high is None else str(high)),
            distance=None if found.distance is None else str(found.distance),
            slack=None if found.slack is None else str(found.slack),
            members=found.members,
            open=found.open_members,
            records=found.records,
            place=str(found.node.place),
            parts=tuple(self._condition(part) for part in found.parts),
        )

    def _sub_question(self, sub: str, judgment: Judgment) -> SubQuestionPart:
        pack = self.grading.pack
        question = next(q for q, m in pack.questions.items() if sub in m.sub_questions)
        return SubQuestionPart(
            title=judgment.title,
            question=question,
            stands_at=judgment.final,
            interval=_interval(judgment),
        )

    def _criterion(self, name: str) -> CriterionPart:
        placed = self.grading.pack.criteria[name]
        possible = self.grading.fired.facts.outcomes[name]
        topics = placed.written.topics
        records = self.grading.fired.facts.records
        about = [r for topic in topics for r in records.get(topic, ()) if not r.withdrawn]
        return CriterionPart(
            says=placed.written.says,
            question=placed.question,
            sub_question=placed.sub_question,
            core=placed.written.core,
            outcome=next(iter(possible)) if len(possible) == 1 else "unknown",
            possible=tuple(sorted(possible)),
            records_for=tuple(sorted(r.id for r in about if r.supports)),
            records_against=tuple(sorted(r.id for r in about if not r.supports)),
            tests={
                rule.name: TestPart(
                    holds=self.grading.fired.verdicts[rule.id].settled,
                    conditions=tuple(map(self._condition, measured(self.grading, rule))),
                    place=str(rule.place),
                )
                for rule in tests_of(self.grading.pack, name)
            },
            place=str(placed.place),
        )

    def _evidence(self) -> dict[str, RecordPart]:
        """Every record of the inspection, and those of the table that some indicator rests on."""
        g = self.grading
        used = {r for i in g.derivation.indicators.values() for r in i.records}
        beside = (p for p in g.evidence.table if p.record.id in used)
        found = {}
        for placed in (*g.evidence.every(), *beside):
            leaf = self.explainer.leaves[placed.record.id]
            below = [step.text for step in leaf.rests_on]
            found[placed.record.id] = RecordPart(
                kind=placed.kind,
                says="; ".join([leaf.text, *below]),
                place=self._relative(str(placed.place)),
            )
        return found

    def _withheld(self) -> tuple[WithheldPart, ...]:
        rules: Mapping[str, Any] = self.grading.pack.rules
        return tuple(
            WithheldPart(
                rule=rule,
                kinds=tuple(sorted({s.kind for way in verdict.ways for s in way})),
                reason="sole basis",
                place=str(rules[rule].place),
            )
            for rule, verdict in sorted(self.grading.fired.verdicts.items())
            if verdict.withheld
        )

    def _single_source(self) -> SingleSourcePart:
        balances = {**self.robust.judgments, **self.robust.criteria}
        rests = flips_of(self.grading, balances).on(single_sources(self.grading.evidence))
        return SingleSourcePart(
            judgments={name: _without(found) for name, found in rests.judgments.items()},
            criteria={name: _without(found) for name, found in rests.criteria.items()},
        )

    def _relative(self, place: str) -> str:
        """A place of the evidence as it is inside its folder; any other as it is."""
        return place.removeprefix(self.folder + "/")

    def _step(self, because: Because) -> Step:
        return Step(
            text=because.text,
            record=because.record,
            place=self._relative(str(because.place)) if because.place else None,
            because=tuple(map(self._step, because.rests_on)),
        )


def _counted_of(node: Node) -> int | None:
    """How many there are of what a condition counts; earlier findings have no such number."""
    if isinstance(node, Count) and node.counted != "previous":
        return len(node.members)
    return None


def _without(found: tuple[Without, ...]) -> tuple[WithoutPart, ...]:
    return tuple(
        WithoutPart(source=str(w.source), records=w.source.records, possible=w.possible)
        for w in found
    )


def _interval(judgment: Judgment) -> Interval | None:
    if judgment.interval is None:
        return None
    worst, best = judgment.interval
    return Interval(worst=worst, best=best, possible=judgment.derived)
