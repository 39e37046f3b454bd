"""The JSON of a run: models from which its schema is generated, filled from a grading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from grading.derive.intervals import Interval as Bounds
from grading.derive.proportion import PLACES, Sample, Tally
from grading.derive.sources import single_sources
from grading.explain.asked import asked
from grading.explain.because import Because
from grading.explain.lacks import measured, tests_of
from grading.explain.measured import Measured
from grading.explain.resting import Without, flips_of
from grading.explain.robustness import Robustness, robustness
from grading.explain.rungs import Rung, ladder
from grading.explain.why import Explainer
from grading.judge.judgments import FindingStatus, Grading, Judgment, one
from grading.record.decided import (
    ChallengePart,
    ModerationPart,
    challenge_part,
    moderation_part,
)
from grading.record.parts import Part, canonical
from grading.record.robustness import RobustnessPart, robustness_part
from grading.rules.rule import Count, Node

__all__ = ["RunDocument", "canonical", "document", "schema"]


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


def document(grading: Grading, robust: Robustness | None = None) -> RunDocument:
    """The document of a run: the same for the same inputs, whatever the order they were read in.

    How firmly its grades stand is reckoned where it is not given.
    """
    return _Writer(grading, robust or robustness(grading)).document()


def schema() -> dict[str, Any]:
    """The JSON Schema of the document."""
    return RunDocument.model_json_schema()


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
            indicators=self._indicators(),
            caveats=self._caveats(),
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

    def _indicators(self) -> dict[str, IndicatorPart]:
        return {
            name: IndicatorPart(
                title=i.title,
                value=None if i.value is None else str(i.value),
                unit=i.unit,
                reason=i.reason,
                records=i.records,
                caveats=i.caveats,
                interval=_bounds(i.interval),
                cautions=i.cautions,
                sample=None if i.sample is None else _sample(i.sample),
                shown=i.shown,
                notes=i.notes,
            )
            for name, i in self.grading.derivation.indicators.items()
        }

    def _caveats(self) -> dict[str, CaveatPart]:
        """The caveats that some indicator of the run carries."""
        g = self.grading
        carried = {c for i in g.derivation.indicators.values() for c in i.caveats}
        places = {c: g.pack.places.get(f"caveat.{c}") for c in carried}
        return {
            name: CaveatPart(
                says=g.pack.caveats[name].says,
                place=None if places[name] is None else str(places[name]),
            )
            for name in sorted(carried)
        }

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


def _bounds(interval: Bounds | None) -> IntervalPart | None:
    if interval is None:
        return None
    return IntervalPart(low=str(interval.low), high=str(interval.high))


def _tally(tally: Tally) -> TallyPart:
    return TallyPart(
        yes=tally.yes,
        no=tally.no,
        na=tally.na,
        unclear=tally.unclear,
        share=str(tally.percent(PLACES)) if tally.n else None,
        interval=_bounds(tally.interval),
    )


def _sample(sample: Sample) -> SamplePart:
    found = sample.agreement
    return SamplePart(
        whole=_tally(sample.whole),
        case_types={kind: _tally(tally) for kind, tally in sample.case_types},
        agreement=AgreementPart(
            both=found.both,
            same=found.same,
            kappa=None if found.value is None else str(round(found.value, 2)),
            interval=_bounds(found.interval and found.interval.scaled(1, 2)),
        ),
    )


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
