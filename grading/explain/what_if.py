"""An inspection graded as it is, and graded once more with something otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from grading.derive.derive import derive
from grading.derive.sources import Source
from grading.derive.suppose import Value, suppose
from grading.derive.withdraw import withdraw
from grading.engine.compile import Program
from grading.evidence.changes.changed import Changed
from grading.judge.judgments import Grading
from grading.judge.method import grade_facts
from grading.rules.facts import Possible


@dataclass(frozen=True)
class Otherwise:
    """What is otherwise than it is: the evidence, its sources, what is supposed of its figures."""

    changed: Changed
    withdrawn: tuple[Source, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)  # of indicators; None is unknown
    outcomes: Mapping[str, Possible] = field(default_factory=dict)  # of criteria


@dataclass(frozen=True)
class WhatIf:
    """An inspection as it was graded, what is otherwise, and how it is graded then."""

    before: Grading
    otherwise: Otherwise
    after: Grading


def what_if(before: Grading, otherwise: Otherwise, program: Program | None = None) -> WhatIf:
    """The run beside the run in which something is otherwise, by its own pack or by another.

    Raises Disagreement as `grade` does. Of a kind that is withdrawn nothing was gathered, so that
    nothing is concluded from its absence either. What is supposed comes last: it stands whatever
    the records are.
    """
    program = program or before.program
    evidence, pack, dropped = otherwise.changed.evidence, program.pack, before.dropped
    records = frozenset(r for source in otherwise.withdrawn for r in source.records)
    kinds = frozenset(
        r for source in otherwise.withdrawn if source.by == "kind" for r in source.records
    )
    dropped |= {p.kind for p in evidence.every() if p.record.id in kinds}
    derivation = derive(evidence, pack, dropped)
    if records:
        derivation = withdraw(derivation, evidence, pack, records, dropped)
        # a judgment that is carried forward is still from where it is, whatever it then may be
        gone = records - {entry.record for entry in evidence.inspection.carried_forward}
        left = tuple(p for p in evidence.previous if p.record.id not in gone)
        evidence = replace(evidence, previous=left)
    if otherwise.values or otherwise.outcomes:
        derivation = suppose(derivation, pack, otherwise.values, otherwise.outcomes)
    return WhatIf(before, otherwise, grade_facts(evidence, program, derivation, dropped))
