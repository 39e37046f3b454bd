"""What is known of an inspection without some of its records: what they alone showed is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from grading.derive.bodies import gave_nothing
from grading.derive.derive import Derivation, earlier_findings
from grading.derive.indicators import Derived, derive_indicators
from grading.derive.standing import Roles
from grading.evidence.evidence import Evidence
from grading.rules.facts import RecordFact
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
    return Withdrawing(derivation, evidence, pack, dropped).without(withdrawn)


class Withdrawing:
    """What was derived from some evidence, ready to be seen without some records, again and again.

    `without` says the same as `withdraw` does.
    """

    def __init__(
        self,
        derivation: Derivation,
        evidence: Evidence,
        pack: Pack,
        dropped: frozenset[Kind] = frozenset(),
    ) -> None:
        self.derivation, self.evidence = derivation, evidence
        self.pack, self.dropped = pack, dropped
        self.topics: dict[str, list[str]] = {}  # by record, and so below
        self.figures: dict[str, list[str]] = {}
        self.mitigates: dict[str, list[str]] = {}
        self.mitigations: dict[str, Records] = {}  # by weakness
        self.earlier = frozenset(p.record.id for p in evidence.previous)
        for topic, about in derivation.facts.records.items():
            for record in about:
                self.topics.setdefault(record.id, []).append(topic)
        for name, derived in derivation.indicators.items():
            for record_id in derived.records:
                self.figures.setdefault(record_id, []).append(name)
        for placed in evidence.observations:
            mitigation = placed.record.mitigation
            if mitigation and mitigation.records:
                self.mitigations[placed.record.id] = frozenset(mitigation.records)
                for record_id in mitigation.records:
                    self.mitigates.setdefault(record_id, []).append(placed.record.id)

    def without(self, withdrawn: Records) -> Derivation:
        """What was derived, without the records that are withdrawn."""
        facts, indicators = self.derivation.facts, self.derivation.indicators
        touched = {
            name: _figure(indicators[name], self.evidence, self.pack, withdrawn, self.dropped)
            for name in _of(self.figures, withdrawn)
        }
        indicators = {**indicators, **touched} if touched else indicators
        known = facts.indicators
        if touched:
            facts_of = {n: i.fact for n, i in touched.items()}
            known = {
                name: fact
                for name in indicators
                if (fact := facts_of.get(name) if name in touched else known.get(name)) is not None
            }
        earlier = facts.previous
        if not self.earlier.isdisjoint(withdrawn):
            earlier = earlier_findings(self.evidence, self.dropped, withdrawn)
        carried = _carried(self.evidence, self.pack, withdrawn)
        return Derivation(
            replace(
                facts,
                records=self._observed(withdrawn),
                indicators=known,
                previous=earlier,
                judgments={**facts.judgments, **carried} if carried else facts.judgments,
            ),
            indicators,
        )

    def _observed(self, withdrawn: Records) -> Mapping[str, tuple[RecordFact, ...]]:
        """The records by topic; those of topics that nothing is withdrawn from stay as they are."""
        # the weaknesses whose mitigation rests on records that are all withdrawn
        bare = frozenset(
            weakness
            for weakness in _of(self.mitigates, withdrawn)
            if self.mitigations[weakness] <= withdrawn
        )
        records = self.derivation.facts.records
        fewer = {
            topic: tuple(f for r in records[topic] for f in _without(r, withdrawn, bare))
            for topic in _of(self.topics, withdrawn | bare)
        }
        return {**records, **fewer} if fewer else records


def _of(by_record: Mapping[str, Sequence[str]], records: Records) -> list[str]:
    """What stands beside these records, once each."""
    found = (name for record in sorted(records) for name in by_record.get(record, ()))
    return list(dict.fromkeys(found))


def _without(record: RecordFact, withdrawn: Records, bare: Records) -> Iterator[RecordFact]:
    yield replace(record, withdrawn=True) if record.id in withdrawn else record
    if record.id in bare and record.id not in withdrawn:
        # whether it is mitigated is not known, so there may be a weakness that nothing mitigates
        yield replace(record, mitigated=False, withdrawn=True)


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
        # a row of a table is one of its population, whether it has a figure or not
        table=tuple(gave_nothing(p) if p.record.id in withdrawn else p for p in evidence.table),
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
