"""From evidence to facts: what the conditions of a pack can see of an inspection."""

from __future__ import annotations

from dataclasses import dataclass

from grading.derive.indicators import Derived, derive_indicators
from grading.derive.standing import Roles
from grading.evidence.evidence import Evidence, Placed
from grading.evidence.moderation import in_force
from grading.evidence.records import FileReview, Observation, Previous
from grading.rules.facts import MATCHED_ROLES, WITHDRAWN, Facts, Move, RecordFact
from grading.rules.loaded import Pack
from grading.rules.pack import Kind

SCALES = ("extent", "maturity", "effect", "severity")


@dataclass(frozen=True)
class Derivation:
    """The facts of an inspection, and every indicator with the reason where it is absent."""

    facts: Facts
    indicators: dict[str, Derived]


def derive(evidence: Evidence, pack: Pack, dropped: frozenset[Kind] = frozenset()) -> Derivation:
    """The facts of an inspection without the kinds of evidence that were dropped."""
    roles = Roles(pack)
    indicators = derive_indicators(evidence, pack, roles, dropped)
    facts = Facts(
        records=_records(evidence, pack, roles, dropped),
        concluded=_concluded(evidence, pack, dropped),
        indicators={i.id: i.fact for i in indicators.values() if i.fact is not None},
        previous=earlier_findings(evidence, dropped),
        judgments=_settled(evidence),
        moves=moves(evidence),
    )
    return Derivation(facts, indicators)


def _records(
    evidence: Evidence, pack: Pack, roles: Roles, dropped: frozenset[Kind]
) -> dict[str, tuple[RecordFact, ...]]:
    by_topic: dict[str, list[RecordFact]] = {}
    for placed in evidence.observations:
        fact = _record(placed, evidence, pack, roles, dropped)
        if fact is not None:
            by_topic.setdefault(fact.topic, []).append(fact)
    return {
        topic: tuple(sorted(facts, key=lambda f: f.id)) for topic, facts in sorted(by_topic.items())
    }


def _record(
    placed: Placed[Observation] | Placed[FileReview],
    evidence: Evidence,
    pack: Pack,
    roles: Roles,
    dropped: frozenset[Kind],
) -> RecordFact | None:
    """The record as conditions see it; None where no condition may."""
    record = placed.record
    criterion, standing = pack.topics[record.topic], roles.of(placed.kind)
    if criterion is None or record.direction == "neutral" or standing.role not in MATCHED_ROLES:
        return None
    coding = pack.manifest.coding
    levels = {
        scale: tuple(getattr(coding, scale)).index(getattr(record, scale)) + 1
        for scale in SCALES
        if getattr(record, scale) is not None
    }
    supports = record.direction == "supports"
    return RecordFact(
        id=record.id,
        topic=record.topic,
        criterion=criterion,
        supports=supports,
        levels=levels,
        mitigated=record.mitigation is not None,
        standing=standing,
        # a summary cuts strengths short; how grave a weakness is, it says
        open=evidence.inspection.plan.coverage == "published-summary" and supports,
        withdrawn=placed.kind in dropped or _later(record, evidence),
    )


def _later(record: Observation | FileReview, evidence: Evidence) -> bool:
    """Whether a record was made after the as-of date; without a date, at the end of fieldwork."""
    day = record.date_ if isinstance(record, Observation) else record.to
    if day is None and evidence.inspection.fieldwork is not None:
        day = evidence.inspection.fieldwork.to
    return day is not None and day > evidence.inspection.as_of


def _concluded(evidence: Evidence, pack: Pack, dropped: frozenset[Kind]) -> frozenset[str]:
    """The topics of which absence can be said: searched, by the kinds that the pack needs."""
    needed = set(pack.manifest.evidence_policy.needed)
    if needed - evidence.gathered or needed & dropped:
        return frozenset()
    searched = evidence.inspection.plan.searched
    return frozenset(pack.topics) if searched == "all" else frozenset(searched)


def earlier_findings(
    evidence: Evidence, dropped: frozenset[Kind], withdrawn: frozenset[str] = frozenset()
) -> dict[str, tuple[tuple[str, str], ...]] | None:
    """The kind and status of the earlier findings on each topic; None where none were gathered."""
    if "previous" in dropped or "previous" not in evidence.gathered:
        return None
    return {
        topic: tuple(
            (record.kind, WITHDRAWN if record.id in withdrawn else str(record.status))
            for record in records
        )
        for topic, records in earlier_records(evidence).items()
    }


def earlier_records(evidence: Evidence) -> dict[str, tuple[Previous, ...]]:
    """The records of earlier findings that were known by the as-of date, by topic."""
    found: dict[str, list[Previous]] = {}
    for placed in evidence.previous:
        record = placed.record
        known = record.raised <= evidence.inspection.as_of.year
        if known and record.topic is not None and record.status is not None:
            found.setdefault(record.topic, []).append(record)
    return {topic: tuple(records) for topic, records in sorted(found.items())}


def moves(evidence: Evidence) -> dict[str, Move]:
    """The changes of grades that are in force on the as-of date, by question."""
    made = in_force(evidence.moderation, evidence.inspection.as_of)
    return {
        question: Move(decided.written.from_, decided.written.to)
        for question, decided in sorted(made.items())
        if decided.written.to is not None
    }


def _settled(evidence: Evidence) -> dict[str, frozenset[str]]:
    """What no rule decides: grades carried forward, and values of questions that are not graded."""
    values = {q: frozenset({said.written.value}) for q, said in evidence.not_graded.items()}
    return {**_carried_forward(evidence), **values}


def _carried_forward(evidence: Evidence) -> dict[str, frozenset[str]]:
    grades = {p.record.id: p.record.grade for p in evidence.previous}
    return {
        carried.question: frozenset({grade})
        for carried in evidence.inspection.carried_forward
        if (grade := grades.get(carried.record)) is not None
    }
