"""What rests on one source: found by withdrawing each source, not by counting records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grading.derive.sources import Source, single_sources
from grading.derive.withdraw import withdraw
from grading.judge.judgments import Grading
from grading.rules.again import Again
from grading.rules.facts import Facts

Possible = tuple[str, ...]


@dataclass(frozen=True)
class Without:
    """A source, and what a judgment or criterion may be without it."""

    source: Source
    possible: Possible


@dataclass(frozen=True)
class Resting:
    """The judgments and criteria that change when one source is withdrawn, with each such source."""

    judgments: Mapping[str, tuple[Without, ...]]
    criteria: Mapping[str, tuple[Without, ...]]


def resting(grading: Grading) -> Resting:
    """Every judgment and criterion of a run that rests on one source, in the order of the pack."""
    evidence, pack, derivation = grading.evidence, grading.pack, grading.derivation
    again = Again(pack, derivation.facts)
    owners = [q for q, j in grading.judgments.items() if j.graded]
    found: dict[str, list[Without]] = {name: [] for name in (*owners, *pack.criteria)}
    used = _used(grading)
    for source in single_sources(evidence):
        withdrawn = used.intersection(source.records)
        if not withdrawn:
            continue
        without = withdraw(derivation, evidence, pack, withdrawn, grading.dropped)
        final = again.with_facts(without.facts)
        for name in found:
            possible = _may_be(name, final, grading)
            if possible != _may_be(name, again.final, grading):
                found[name].append(Without(source, possible))
    return Resting(
        {name: tuple(found[name]) for name in owners if found[name]},
        {name: tuple(found[name]) for name in pack.criteria if found[name]},
    )


def by_outcome(found: Iterable[Without]) -> dict[Possible, list[str]]:
    """The sources, in words, by what is possible without each of them."""
    sources: dict[Possible, list[str]] = {}
    for without in found:
        sources.setdefault(without.possible, []).append(in_words(without.source))
    return sources


def in_words(source: Source) -> str:
    """A record by its id in brackets, and subjects in quotation marks."""
    return f"[{source.name}]" if source.by == "record" else f"“{source.name}”"


def _used(grading: Grading) -> frozenset[str]:
    """The records that a condition can see, alone or in a figure, or that settle a judgment."""
    facts, evidence = grading.derivation.facts, grading.evidence
    seen = {r.id for about in facts.records.values() for r in about if not r.withdrawn}
    seen |= {r for i in facts.indicators.values() for r in i.records}
    seen |= {p.record.id for p in evidence.previous if p.record.topic is not None}
    seen |= {c.record for c in evidence.inspection.carried_forward}
    cited = {
        record
        for placed in evidence.observations
        if placed.record.mitigation
        for record in placed.record.mitigation.records
    }
    # what is left out already cannot be withdrawn
    gone = {r.id for about in facts.records.values() for r in about if r.withdrawn}
    gone |= {p.record.id for p in evidence.every() if p.kind in grading.dropped}
    return frozenset((seen | cited) - gone)


def _may_be(name: str, facts: Facts, grading: Grading) -> Possible:
    if name in grading.pack.criteria:
        return tuple(sorted(facts.outcomes[name]))
    grades = grading.pack.grades
    return tuple(g for g in grades if g in facts.judgments.get(name, frozenset()))
