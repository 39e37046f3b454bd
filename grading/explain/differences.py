"""What differs between two gradings: judgments, limits, criteria, findings, figures and sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Generic, Literal, TypeVar

from grading.derive.indicators import Derived
from grading.derive.intervals import Interval
from grading.explain.because import Because
from grading.explain.why import Explainer
from grading.judge.judgments import Finding, Grading, Judgment, Limited
from grading.rules.facts import Possible

T = TypeVar("T")
Grades = tuple[str, ...]
Figure = tuple[Decimal | str | None, Interval | None]
Bites = Literal["bites", "may bite", "does not bite"]


@dataclass(frozen=True)
class Change(Generic[T]):
    """What was and what is then; None where the pack of that side does not have it."""

    before: T | None
    after: T | None

    @property
    def stands(self) -> bool:
        """Whether it is the same."""
        return self.before == self.after


@dataclass(frozen=True)
class Limit:
    """A limiter of a judgment, and whether it bit and then bites."""

    judgment: str
    id: str
    because: str
    at_best: str
    bites: Change[Bites]


@dataclass(frozen=True)
class Sentences:
    """The sentences of a judgment's rationale that are said on one side only, in their order."""

    new: tuple[Because, ...]
    fallen: tuple[Because, ...]


@dataclass(frozen=True)
class Differences:
    """Two gradings side by side. What neither side has, or has and does not grade, is left out."""

    before: Grading
    after: Grading

    @cached_property
    def judgments(self) -> Mapping[str, Change[Grades]]:
        """Every judgment that a side grades, with the grades that it could have and then can."""
        before, after = self.before.judgments, self.after.judgments
        return {
            name: Change(_grades(before.get(name)), _grades(after.get(name)))
            for name in _either(before, after)
            if any(side[name].graded for side in (before, after) if name in side)
        }

    @cached_property
    def provisional(self) -> Mapping[str, Change[Grades]]:
        """The grades that each judgment could and then can have before any limit."""
        before, after = self.before.judgments, self.after.judgments
        return {
            name: Change(
                *(side[name].provisional if name in side else None for side in (before, after))
            )
            for name in self.judgments
        }

    @cached_property
    def sub_questions(self) -> Mapping[str, Change[Grades]]:
        """Where each sub-question that a side grades stood and then stands."""
        before, after = self.before.sub_questions, self.after.sub_questions
        return {
            name: Change(_grades(before.get(name)), _grades(after.get(name)))
            for name in _either(before, after)
            if any(side[name].graded for side in (before, after) if name in side)
        }

    @cached_property
    def trends(self) -> Mapping[str, Change[str]]:
        """How each judgment stood and then stands beside the one before it."""
        before, after = self.before.judgments, self.after.judgments
        return {
            name: Change(_trend(before.get(name)), _trend(after.get(name)))
            for name in self.judgments
        }

    @cached_property
    def limits(self) -> tuple[Limit, ...]:
        """Every limiter of a judgment on either side."""
        return tuple(limit for name in self.judgments for limit in self._limits(name))

    @cached_property
    def criteria(self) -> Mapping[str, Change[Grades]]:
        """Every criterion, with the outcomes that it could have and then can."""
        before, after = self.before.fired.facts.outcomes, self.after.fired.facts.outcomes
        return {
            name: Change(_sorted(before.get(name)), _sorted(after.get(name)))
            for name in _either(self.before.pack.criteria, self.after.pack.criteria)
        }

    @cached_property
    def figures(self) -> Mapping[str, Change[Figure]]:
        """Every indicator with its value and interval."""
        before, after = self.before.derivation.indicators, self.after.derivation.indicators
        return {
            name: Change(_figure(before.get(name)), _figure(after.get(name)))
            for name in _either(before, after)
        }

    @property
    def fallen(self) -> tuple[Finding, ...]:
        """The findings that no longer stand."""
        return tuple(f for f in _only_in(self.before, self.after) if not _may_stand(f, self.after))

    @property
    def unsure(self) -> tuple[Finding, ...]:
        """The findings of which it is no longer sure that they stand."""
        return tuple(f for f in _only_in(self.before, self.after) if _may_stand(f, self.after))

    @property
    def new(self) -> tuple[Finding, ...]:
        """The findings that stand only then."""
        return tuple(f for f in _only_in(self.after, self.before) if not _may_stand(f, self.before))

    @property
    def sure(self) -> tuple[Finding, ...]:
        """The findings that may have stood and then surely do."""
        return tuple(f for f in _only_in(self.after, self.before) if _may_stand(f, self.before))

    @property
    def altered(self) -> tuple[tuple[Finding, Finding], ...]:
        """The findings that stand on both sides and say something else, or are of another year."""
        both = ((f, self.after.findings.get(f.id)) for f in self.before.findings.values())
        return tuple((f, g) for f, g in both if g is not None and _said(f) != _said(g))

    @cached_property
    def sentences(self) -> Mapping[str, Sentences]:
        """What is newly said and no longer said of each judgment of which that is anything."""
        found = {name: self._sentences(name) for name in self.judgments}
        return {name: said for name, said in found.items() if said.new or said.fallen}

    def changes(self, judgment: str) -> bool:
        """Whether a judgment's grade, a step to it or its standing beside the last one changes."""
        limits = (limit.bites.stands for limit in self.limits if limit.judgment == judgment)
        grades = self.judgments[judgment].stands and self.provisional[judgment].stands
        return not (grades and self.trends[judgment].stands and all(limits))

    @cached_property
    def nothing(self) -> bool:
        """Whether nothing is concluded otherwise: at most figures change, and what is said."""
        stand = (
            all(change.stands for change in self.sub_questions.values()),
            all(change.stands for change in self.criteria.values()),
        )
        findings = (self.fallen, self.unsure, self.new, self.sure, self.altered)
        return all(stand) and not any(findings) and not any(map(self.changes, self.judgments))

    def _limits(self, name: str) -> Iterator[Limit]:
        before, after = (
            {x.limiter.id: x for x in found.limiters} if found is not None else {}
            for found in (self.before.judgments.get(name), self.after.judgments.get(name))
        )
        for limiter, limited in {**before, **after}.items():
            written = limited.limiter.written
            bites = Change[Bites](_bites(before.get(limiter)), _bites(after.get(limiter)))
            yield Limit(name, limiter, written.because, written.at_best, bites)

    def _sentences(self, name: str) -> Sentences:
        before, after = (
            list(Explainer(side).judgment(found).walk()) if found is not None else []
            for side in (self.before, self.after)
            for found in (side.judgments.get(name),)
        )
        return Sentences(tuple(_not_in(after, before)), tuple(_not_in(before, after)))


def _either(before: Iterable[str], after: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*before, *after)))


def _grades(judgment: Judgment | None) -> Grades | None:
    if judgment is None:
        return None
    return judgment.standing if judgment.graded else (judgment.final,)


def _trend(judgment: Judgment | None) -> str | None:
    return judgment.trend.says if judgment is not None and judgment.graded else None


def _bites(limited: Limited | None) -> Bites:
    if limited is None or limited.bites is False:
        return "does not bite"
    return "bites" if limited.bites else "may bite"


def _sorted(possible: Possible | None) -> Grades | None:
    return None if possible is None else tuple(sorted(possible))


def _figure(derived: Derived | None) -> Figure | None:
    return None if derived is None else (derived.value, derived.interval)


def _only_in(one: Grading, other: Grading) -> Iterator[Finding]:
    return (finding for name, finding in one.findings.items() if name not in other.findings)


def _may_stand(finding: Finding, grading: Grading) -> bool:
    """Whether a finding that a grading does not have is open in it."""
    found = grading.fired.facts.findings
    key = finding.kind, finding.criterion
    return key in found and found[key] is None


def _said(finding: Finding) -> tuple[object, ...]:
    return finding.says, finding.first_raised, finding.previous, finding.recommendation


def _not_in(these: Iterable[Because], those: Iterable[Because]) -> Iterator[Because]:
    """The sentences of these that are none of those, once each, in order."""
    said = {(step.text, step.record) for step in those}
    for step in these:
        if (step.text, step.record) not in said:
            said.add((step.text, step.record))
            yield step
