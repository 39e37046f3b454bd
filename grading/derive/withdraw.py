"""What is known of an inspection without some of its records: what they alone showed is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grading.derive.derive import Derivation, earlier_findings
from grading.derive.indicators import Derived, derive_indicators
from grading.derive.standing import Roles
from grading.evidence.evidence import Evidence
from grading.rules.facts import Facts, RecordFact
from grading.rules.loaded import Pack
from grading.rules.pack import Kind
from grading.rules.stages import rungs

Records = frozenset[str]


def withdraw(
    derivation: Derivation,
    evidence: Evidence,
    pack: Pack,
    withdrawn: Records,
    dropped: frozenset[Kind] = frozenset(),
) -> Derivation:
    """What was derived from the evidence, as it stands without the records that are withdrawn.

    An observation that is withdrawn shows nothing, and what it showed is unknown. A figure is absent
    where its records are withdrawn: no older figure takes its place. A tally counts what remains.
    An earlier finding may be there or not, and a judgment carried forward may be any.
    """
    facts = derivation.facts
    touched = {
        name: without
        for name, derived in derivation.indicators.items()
        if withdrawn.intersection(derived.records)
        for without in (_figure(derived, evidence, pack, withdrawn, dropped),)
    }
    indicators = {**derivation.indicators, **touched}
    known = {n: i for n, i in facts.indicators.items() if n not in touched}
    known |= {n: i.fact for n, i in touched.items() if i.fact is not None}
    earlier = any(p.record.id in withdrawn for p in evidence.previous)
    return Derivation(
        replace(
            facts,
            records=_observed(facts, evidence, withdrawn),
            indicators={n: known[n] for n in indicators if n in known},
            previous=earlier_findings(evidence, dropped, withdrawn) if earlier else facts.previous,
            judgments={**facts.judgments, **_carried(evidence, pack, withdrawn)},
        ),
        indicators,
    )


def _observed(
    facts: Facts, evidence: Evidence, withdrawn: Records
) -> dict[str, tuple[RecordFact, ...]]:
    """The records by topic; those of topics that nothing is withdrawn from stay as they are."""
    bare = frozenset(_unmitigated(evidence, withdrawn))
    return {
        topic: tuple(fact for record in about for fact in _without(record, withdrawn, bare))
        if any(record.id in withdrawn or record.id in bare for record in about)
        else about
        for topic, about in facts.records.items()
    }


def _without(record: RecordFact, withdrawn: Records, bare: Records) -> Iterator[RecordFact]:
    yield replace(record, withdrawn=True) if record.id in withdrawn else record
    if record.id in bare and record.id not in withdrawn:
        # whether it is mitigated is not known, so there may be a weakness that nothing mitigates
        yield replace(record, mitigated=False, withdrawn=True)


def _unmitigated(evidence: Evidence, withdrawn: Records) -> Iterator[str]:
    """The weaknesses whose mitigation rests on records that are all withdrawn."""
    for placed in evidence.observations:
        mitigation = placed.record.mitigation
        if mitigation and mitigation.records and withdrawn.issuperset(mitigation.records):
            yield placed.record.id


def _figure(
    derived: Derived,
    evidence: Evidence,
    pack: Pack,
    withdrawn: Records,
    dropped: frozenset[Kind],
) -> Derived:
    """The indicator from the records that remain of those that it rests on; absent where it needs others."""
    if derived.value is None:
        return derived
    remaining = replace(
        evidence,
        observations=tuple(p for p in evidence.observations if p.record.id not in withdrawn),
        metrics=tuple(p for p in evidence.metrics if p.record.id not in withdrawn),
        surveys=tuple(p for p in evidence.surveys if p.record.id not in withdrawn),
        reviewed=tuple(p for p in evidence.reviewed if p.record.id not in withdrawn),
        table=tuple(p for p in evidence.table if p.record.id not in withdrawn),
    )
    alone = replace(pack, indicators={derived.id: pack.indicators[derived.id]})
    again = derive_indicators(remaining, alone, Roles(pack), dropped)[derived.id]
    if set(again.records) <= set(derived.records):
        return again
    reason = "the record that it rests on was left out"
    return replace(again, value=None, reason=reason, records=(), standings=frozenset(), shown="")


def _carried(evidence: Evidence, pack: Pack, withdrawn: Records) -> dict[str, frozenset[str]]:
    return {
        carried.question: frozenset(rungs(pack, carried.question))
        for carried in evidence.inspection.carried_forward
        if carried.record in withdrawn
    }
