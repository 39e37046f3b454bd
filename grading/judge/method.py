"""The whole method, in order: evidence and rule pack in, judgments out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from grading.derive.derive import Derivation, derive
from grading.engine.compile import Program, compile_pack
from grading.engine.run import Fired, run_checked
from grading.evidence.evidence import Evidence
from grading.judge.judgments import (
    Concluded,
    Finding,
    Grading,
    Judgment,
    Limited,
    Moderated,
    Trend,
)
from grading.judge.moderation import challenged, moderated
from grading.rules.loaded import OVERALL, Pack
from grading.rules.pack import Kind
from grading.rules.stages import by_definition, provisional, rungs

_FINDING_ORDER = ("strength", "area-for-improvement", "cause-of-concern")


def grade(
    evidence: Evidence,
    program: Program,
    dropped: frozenset[Kind] = frozenset(),
) -> Grading:
    """Grade one inspection. Raises Disagreement where engine and definition differ."""
    return grade_facts(evidence, program, derive(evidence, program.pack, dropped), dropped)


def grade_facts(
    evidence: Evidence, program: Program, derivation: Derivation, dropped: frozenset[Kind]
) -> Grading:
    """Grade what was derived from the evidence. Raises Disagreement as `grade` does."""
    fired = run_checked(program, derivation.facts)
    all_of_it = concluded(evidence, program.pack, derivation, fired, dropped)
    return Grading(**vars(all_of_it), program=program)


def by_meaning(evidence: Evidence, pack: Pack, derivation: Derivation) -> Concluded:
    """What the definition alone makes of the evidence: what a grading says, and nothing fires."""
    verdicts, facts = by_definition(pack, derivation.facts)
    return concluded(evidence, pack, derivation, Fired(verdicts, facts, ()))


def concluded(
    evidence: Evidence,
    pack: Pack,
    derivation: Derivation,
    fired: Fired,
    dropped: frozenset[Kind] = frozenset(),
) -> Concluded:
    """What the verdicts of the rules come to as findings and judgments."""
    findings = {f.id: f for f in _findings(evidence, pack, fired)}
    moderation = moderated(evidence, pack, fired)
    judge = _Judge(evidence, pack, fired, findings, moderation)
    return Concluded(
        evidence=evidence,
        pack=pack,
        dropped=dropped,
        derivation=derivation,
        fired=fired,
        judgments=judge.questions(),
        sub_questions=judge.sub_questions(),
        findings=findings,
        moderation=moderation,
        challenges=challenged(evidence),
    )


def program_of(pack: Pack) -> Program:
    """The pack inside the engine: compile once, grade many inspections."""
    return compile_pack(pack)


def _findings(evidence: Evidence, pack: Pack, fired: Fired) -> Iterator[Finding]:
    """The findings that fired, by kind and then in the order of the pack."""
    rules = sorted(
        pack.manifest.findings.items(), key=lambda item: _FINDING_ORDER.index(item[1].kind)
    )
    for name, rule in rules:
        for criterion in pack.criteria.values():
            verdict = fired.verdicts[f"{criterion.id}.{name}"]
            if not verdict.settled:
                continue
            earlier = _earlier(evidence, set(criterion.written.topics), rule.kind)
            written = criterion.written
            yield Finding(
                id=f"{rule.kind}-{criterion.id}",
                kind=rule.kind,
                rule=f"{criterion.id}.{name}",
                question=criterion.question,
                criterion=criterion.id,
                says={
                    "says": written.says,
                    "improve": written.improve,
                    "recommend": written.recommend,
                }[rule.say],
                first_raised=min([_year(evidence), *(year for _, year in earlier)]),
                previous=tuple(record for record, _ in earlier),
                recommendation=written.recommend if rule.kind == "cause-of-concern" else None,
            )


def _year(evidence: Evidence) -> int:
    """The year in which an inspection raises its findings: that of its fieldwork."""
    fieldwork = evidence.inspection.fieldwork
    return (fieldwork.to if fieldwork else evidence.inspection.as_of).year


def _earlier(evidence: Evidence, topics: set[str], kind: str) -> list[tuple[str, int]]:
    """Earlier findings on the topics that are still open, with the year they were raised."""
    if kind == "strength":
        return []
    return [
        (p.record.id, p.record.raised)
        for p in evidence.previous
        if p.record.topic in topics
        and p.record.status in {"unresolved", "partly-resolved"}
        and p.record.raised <= evidence.inspection.as_of.year
    ]


@dataclass(frozen=True)
class _Judge:
    """Reads the verdicts of rungs and limiters into judgments."""

    evidence: Evidence
    pack: Pack
    fired: Fired
    findings: Mapping[str, Finding]
    moderation: tuple[Moderated, ...]

    def questions(self) -> dict[str, Judgment]:
        """Every question in order, then the overall judgment where the pack has one."""
        judged = {q: self._question(q) for q in self.pack.questions}
        overall = self.pack.manifest.overall
        if overall is not None:
            judged[OVERALL] = self._judgment(OVERALL, overall.title, ())
        return judged

    def sub_questions(self) -> dict[str, Judgment]:
        """Every sub-question that has criteria, in order."""
        return {
            sub: self._judgment(sub, model.title, self._found(question, sub))
            for question, written in self.pack.questions.items()
            for sub, model in written.sub_questions.items()
            if not model.context
        }

    @cached_property
    def truths(self) -> Mapping[str, bool | None]:
        """The truth that counts of every rule."""
        return {rule: verdict.settled for rule, verdict in self.fired.verdicts.items()}

    def _question(self, question: str) -> Judgment:
        model = self.pack.questions[question]
        return self._judgment(question, model.title, self._found(question))

    def _judgment(self, owner: str, title: str, findings: Iterable[str]) -> Judgment:
        said = self.evidence.not_graded.get(owner)
        if said is not None:
            trend = Trend("unknown", "not graded")
            return Judgment(
                owner, title, False, (), (), (), trend, tuple(findings), not_graded=said
            )
        graded = bool(rungs(self.pack, owner))
        truths = self.truths
        carried = next(
            (c.record for c in self.evidence.inspection.carried_forward if c.question == owner),
            None,
        )
        derived = self._ordered(self.fired.facts.judgments.get(owner, ()))
        stands = self._ordered(self.fired.facts.counted(owner) or ())
        changed = (m for m in self.moderation if m.decided.written.question == owner)
        return Judgment(
            id=owner,
            title=title,
            graded=graded,
            provisional=derived
            if carried
            else self._ordered(provisional(self.pack, owner, truths) if graded else ()),
            derived=derived,
            limiters=()
            if carried
            else tuple(
                Limited(limiter, truths[limiter.rule])
                for limiter in self.pack.limiters.get(owner, ())
            ),
            trend=self._trend(owner, stands) if graded else Trend("unknown", "not graded"),
            findings=tuple(findings),
            carried_from=carried,
            moderated=next((m for m in changed if m.in_force), None),
        )

    def _ordered(self, grades: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(grades, key=self.pack.grades.index))

    def _found(self, question: str, sub_question: str | None = None) -> tuple[str, ...]:
        criteria = set(self.pack.criteria_of(question, sub_question))
        return tuple(f.id for f in self.findings.values() if f.criterion in criteria)

    def _trend(self, owner: str, stands: tuple[str, ...]) -> Trend:
        """The judgment beside the newest one of the same question that was there by the as-of date."""
        earlier = [
            p.record
            for p in self.evidence.previous
            if p.record.kind == "judgment"
            and p.record.question == owner
            and p.record.raised <= self.evidence.inspection.as_of.year
        ]
        if not earlier:
            return Trend("unknown", "no earlier judgment is recorded")
        last = max(earlier, key=lambda record: (record.raised, record.id))
        if len(stands) != 1 or last.grade is None:
            return Trend("unknown", "this judgment is open", last.grade, last.raised, last.id)
        steps = self.pack.grades.index(last.grade) - self.pack.grades.index(stands[0])
        says, word = (
            ("the same as", "same")
            if steps == 0
            else ("an improvement on", "improved")
            if steps > 0
            else ("a deterioration from", "deteriorated")
        )
        label = self.pack.manifest.scale.grades[last.grade].label.lower()
        return Trend(word, f"{says} {last.raised} ({label})", last.grade, last.raised, last.id)  # type: ignore[arg-type]
