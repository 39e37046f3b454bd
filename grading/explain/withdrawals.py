"""Each record, source, site, method and kind of evidence left out of an inspection in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from grading.derive.derive import derive
from grading.derive.missing import other_bodies
from grading.derive.sources import By, Source, sources_by
from grading.derive.withdraw import Withdrawing, withdraw
from grading.explain.perturbation import Family, Perturbation, Withdrawal
from grading.judge.judgments import Grading
from grading.rules.again import Key, differences
from grading.rules.facts import Facts
from grading.rules.pack import Kind

FAMILY_OF: Mapping[By, Family] = {
    "record": "records",
    "subjects": "sources",
    "site": "sites",
    "method": "methods",
    "kind": "kinds",
}
_NO_METHOD = "not-stated"


class Withdrawals:
    """What can be left out of an inspection, and the inspection without each of it.

    A record that no condition can see, alone or in a figure, changes nothing and is not tried; nor
    is a source that gave the same of those records as one tried before it: a record, then a source,
    a site, a method, a kind. A method that is not stated is none.
    """

    def __init__(self, grading: Grading) -> None:
        self.grading, self.evidence, self.pack = grading, grading.evidence, grading.pack
        self.derivation, self.dropped = grading.derivation, grading.dropped
        self.withdrawing = Withdrawing(self.derivation, self.evidence, self.pack, self.dropped)

    def stated(self) -> dict[Family, int]:
        """How many there are to leave out, whether or not any condition can see them."""
        return {family: sum(1 for _ in self._sources(by)) for by, family in FAMILY_OF.items()}

    def __iter__(self) -> Iterator[Perturbation]:
        before = self.derivation.facts
        for (kind, records), sources in self._distinct().items():
            facts, leaves_open = self.withdrawing.without(records).facts, frozenset[Key]()
            if kind is not None:
                told, facts = facts, self._without_kind(kind)
                leaves_open = frozenset(differences(told, facts))
            yield Perturbation(
                FAMILY_OF[sources[0].by],
                Withdrawal(tuple(sources), records, leaves_open),
                facts,
                touches=frozenset(differences(before, facts)),
            )

    @cached_property
    def used(self) -> Mapping[str, frozenset[Key]]:
        """The records that a condition can see, alone or in a figure, or that settle a judgment.

        Each with what a condition asks about to see it, as `again.differences` names it.
        """
        facts, evidence = self.derivation.facts, self.evidence
        seen: dict[str, set[Key]] = {}
        for topic, about in facts.records.items():
            for fact in about:
                if not fact.withdrawn:
                    seen.setdefault(fact.id, set()).add(("topic", topic))
        for name, figure in facts.indicators.items():
            for record in figure.records:
                seen.setdefault(record, set()).add(("indicator", name))
        for placed in evidence.previous:
            if placed.record.topic is not None:
                seen.setdefault(placed.record.id, set()).add(("previous", placed.record.topic))
        for carried in evidence.inspection.carried_forward:
            seen.setdefault(carried.record, set()).add(("judgments", carried.question))
        for coded in evidence.observations:
            for record in coded.record.mitigation.records if coded.record.mitigation else ():
                seen.setdefault(record, set()).add(("topic", coded.record.topic))
        # what is left out already cannot be withdrawn
        gone = self._dropped_already.union(
            r.id for about in facts.records.values() for r in about if r.withdrawn
        )
        return {record: frozenset(keys) for record, keys in seen.items() if record not in gone}

    @cached_property
    def _dropped_already(self) -> frozenset[str]:
        return frozenset(p.record.id for p in self.evidence.every() if p.kind in self.dropped)

    def _sources(self, by: By) -> Iterator[Source]:
        """What can be left out: not what is dropped already, and not rows of other bodies."""
        others = frozenset(other_bodies(self.evidence, self.pack))
        rows = (m.record.id for m in self.evidence.table if m.record.body in others)
        never = self._dropped_already.union(rows)
        for source in sources_by(self.evidence, by):
            if not never.issuperset(source.records) and str(source) != f"method={_NO_METHOD}":
                yield source

    def _distinct(self) -> dict[tuple[Kind | None, frozenset[str]], list[Source]]:
        """The sources by the records that count; a kind apart where its absence says more."""
        found: dict[tuple[Kind | None, frozenset[str]], list[Source]] = {}
        for by in FAMILY_OF:
            for source in self._sources(by):
                records = frozenset(r for r in source.records if r in self.used)
                kind: Kind | None = source.name if by == "kind" else None  # type: ignore[assignment]
                if kind and self._without_kind(kind) == self.withdrawing.without(records).facts:
                    kind = None
                if kind or records:
                    found.setdefault((kind, records), []).append(source)
        return found

    def _without_kind(self, kind: Kind) -> Facts:
        """The facts of the inspection without a kind of evidence: it was not gathered at all."""
        records = frozenset(p.record.id for p in self.evidence.every() if p.kind == kind)
        dropped = self.dropped | {kind}
        derivation = derive(self.evidence, self.pack, dropped)
        return withdraw(derivation, self.evidence, self.pack, records, dropped).facts
