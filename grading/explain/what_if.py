"""What stands of an inspection without one source: outcomes, findings and judgments before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from grading.derive.derive import derive
from grading.derive.sources import Source
from grading.derive.withdraw import withdraw
from grading.judge.judgments import Finding, Grading
from grading.judge.method import grade_facts
from grading.rules.facts import Possible


@dataclass(frozen=True)
class Change:
    """What something could be with all evidence, and what it can be without the source."""

    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def stands(self) -> bool:
        """Whether it is the same without the source."""
        return self.before == self.after


@dataclass(frozen=True)
class WhatIf:
    """An inspection with all its evidence, and without one source."""

    source: Source
    before: Grading
    after: Grading

    @property
    def judgments(self) -> Mapping[str, Change]:
        """Every judgment that is graded, with the grades that it could and can have."""
        return {
            name: Change(judgment.derived, self.after.judgments[name].derived)
            for name, judgment in self.before.judgments.items()
            if judgment.graded
        }

    @property
    def criteria(self) -> Mapping[str, Change]:
        """Every criterion, with the outcomes that it could and can have."""
        before, after = self.before.fired.facts.outcomes, self.after.fired.facts.outcomes
        return {c: Change(_sorted(before[c]), _sorted(after[c])) for c in before}

    @property
    def fallen(self) -> tuple[Finding, ...]:
        """The findings that no longer stand."""
        return tuple(_only_in(self.before, self.after))

    @property
    def new(self) -> tuple[Finding, ...]:
        """The findings that stand only without the source."""
        return tuple(_only_in(self.after, self.before))


def what_if(grading: Grading, source: Source) -> WhatIf:
    """The run beside the run without the source. Raises Disagreement as `grade` does.

    A kind that is left out was not gathered, so that nothing is concluded from its absence either.
    """
    evidence, program, dropped = grading.evidence, grading.program, grading.dropped
    records = frozenset(source.records)
    if source.by == "kind":
        dropped |= {p.kind for p in evidence.every() if p.record.id in records}
        derivation = derive(evidence, program.pack, dropped)
    else:
        derivation = grading.derivation
    derivation = withdraw(derivation, evidence, program.pack, records, dropped)
    earlier = tuple(p for p in evidence.previous if p.record.id not in records)
    without = replace(evidence, previous=earlier)
    return WhatIf(source, grading, grade_facts(without, program, derivation, dropped))


def _only_in(one: Grading, other: Grading) -> Iterable[Finding]:
    return (finding for name, finding in one.findings.items() if name not in other.findings)


def _sorted(possible: Possible) -> tuple[str, ...]:
    return tuple(sorted(possible))
