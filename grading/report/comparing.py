"""Two runs side by side: the grades that changed first, then what caused each change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Literal

from grading.evidence.records import FileReview, Observation
from grading.explain.asked import asked
from grading.explain.decided import answer_said, challenge_said, change_said, status_said
from grading.explain.english import capital, figure
from grading.explain.headlines import said_of
from grading.judge.judgments import Grading
from grading.report.grades import Shown, judgment_shown, outcome_shown
from grading.report.subject import Subject
from grading.rules.loaded import OVERALL
from grading.rules.rule import Compared as Figured
from grading.rules.rule import Node, leaves

Kind = Literal[
    "Questions",
    "Moderation",
    "Challenges",
    "Limiters",
    "Criteria",
    "Findings",
    "Figures",
    "Records",
    "Rules",
    "Inputs",
]


@dataclass(frozen=True)
class Moved:
    """A judgment in both runs; `causes` is what changed on the way to it, the nearest first."""

    id: str
    title: str
    before: Shown | None
    after: Shown | None
    changed: bool
    causes: tuple[Change, ...]

    @property
    def by_kind(self) -> tuple[tuple[str, tuple[Change, ...]], ...]:
        """The causes of each kind under its heading, in their order."""
        kinds = dict.fromkeys(change.kind for change in self.causes)
        return tuple((k, tuple(c for c in self.causes if c.kind == k)) for k in kinds)


@dataclass(frozen=True)
class Change:
    """One thing that is not as it was: of what kind, what it is, and how it is in each run."""

    kind: Kind
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Compared:
    """Two runs of inspections. `not_comparable` says why no grade is called changed."""

    judgments: tuple[Moved, ...]
    inputs: tuple[Change, ...]
    not_comparable: str

    @property
    def changed(self) -> tuple[Moved, ...]:
        """The judgments whose grade is another."""
        return tuple(moved for moved in self.judgments if moved.changed)

    @property
    def same(self) -> tuple[Moved, ...]:
        """The judgments whose grade is the same."""
        return tuple(moved for moved in self.judgments if not moved.changed)


_ABSENT = "–"


def compared(first: Subject, second: Subject) -> Compared:
    """The first run beside the second. Grades of different scales are shown and never called changed."""
    scales = [s.grading.pack.manifest.scale.grades for s in (first, second)]
    apart = "" if scales[0] == scales[1] else "The two runs have different scales"
    pair = _Pair(first.grading, second.grading)
    return Compared(tuple(pair.judgments(apart)), tuple(_inputs(first, second)), apart)


@dataclass(frozen=True)
class _Pair:
    first: Grading
    second: Grading

    def judgments(self, apart: str) -> Iterator[Moved]:
        """Every judgment of either run, the overall one first, then in the order of the first run."""
        names = {**self.first.judgments, **self.second.judgments}
        for name in sorted(names, key=lambda name: name != OVERALL):
            one, two = self.first.judgments.get(name), self.second.judgments.get(name)
            shown = [
                judgment_shown(g.pack, j) if j else None
                for g, j in ((self.first, one), (self.second, two))
            ]
            known = one or two
            if known is None:
                raise AssertionError("a judgment is of one of the two")
            changed = not apart and shown[0] != shown[1]
            yield Moved(name, known.title, shown[0], shown[1], changed, tuple(self._causes(name)))

    def _causes(self, question: str) -> Iterator[Change]:
        """What leads to a judgment and is another, what is nearest to it first."""
        yield from self._below(question)
        criteria = self._criteria(question)
        yield from self._moderation(question)
        yield from self._challenges({question, *criteria})
        yield from self._limiters(question)
        yield from self._outcomes(criteria)
        yield from self._findings(question)
        yield from self._figures({question, *criteria})
        yield from self._records(criteria)
        yield from self._rules({question, *criteria})

    def _criteria(self, question: str) -> tuple[str, ...]:
        own = (*self.first.pack.criteria_of(question), *self.second.pack.criteria_of(question))
        return tuple(dict.fromkeys(own))

    def _below(self, question: str) -> Iterator[Change]:
        """Of the overall judgment, the questions whose grade is another."""
        if question in self.first.pack.questions or question in self.second.pack.questions:
            return
        for name in self.first.judgments:
            both = [g.judgments.get(name) for g in (self.first, self.second)]
            words = [
                judgment_shown(g.pack, j).words if j else _ABSENT
                for g, j in zip((self.first, self.second), both, strict=True)
            ]
            if name != question and words[0] != words[1] and both[0]:
                yield Change("Questions", both[0].title, words[0], words[1])

    def _moderation(self, question: str) -> Iterator[Change]:
        """The changes of its grade that people recorded, and how they stand."""
        said = [
            {
                f"[{m.decided.written.id}] {capital(change_said(g.pack, m))}": status_said(g, m)
                for m in g.moderation
                if m.decided.written.question == question
            }
            for g in (self.first, self.second)
        ]
        yield from _changes("Moderation", said[0], said[1], str, "not there")

    def _challenges(self, names: set[str]) -> Iterator[Change]:
        """What the inspected body disputes of a question: itself, its criteria and their records."""
        said = [
            {
                f"[{c.decided.written.id}] {capital(challenge_said(c))}": answer_said(c)
                for c in g.challenges
                if names.intersection(map(partial(_subject, g), c.decided.written.of))
            }
            for g in (self.first, self.second)
        ]
        yield from _changes("Challenges", said[0], said[1], str, "not there")

    def _limiters(self, question: str) -> Iterator[Change]:
        said = [
            {
                x.limiter.written.because: _HOLDS[x.bites]
                for x in (g.judgments[question].limiters if question in g.judgments else ())
            }
            for g in (self.first, self.second)
        ]
        yield from _changes("Limiters", said[0], said[1], capital)

    def _outcomes(self, criteria: tuple[str, ...]) -> Iterator[Change]:
        said = [
            {
                c: outcome_shown(g.fired.facts.outcomes[c]).words
                for c in criteria
                if c in g.pack.criteria
            }
            for g in (self.first, self.second)
        ]
        yield from _changes("Criteria", said[0], said[1], self._says)

    def _says(self, criterion: str) -> str:
        pack = self.first.pack if criterion in self.first.pack.criteria else self.second.pack
        return pack.criteria[criterion].written.says

    def _findings(self, question: str) -> Iterator[Change]:
        said = [
            {said_of(g, f): "found" for f in g.findings.values() if f.question == question}
            for g in (self.first, self.second)
        ]
        yield from _changes("Findings", said[0], said[1], str, "not found")

    def _figures(self, owners: set[str]) -> Iterator[Change]:
        names = {
            i
            for g in (self.first, self.second)
            for rule in g.pack.rules.values()
            if rule.owner in owners
            for i in g.derivation.indicators
            if i in _indicators(rule.body)
        }
        said = [
            {
                i: _value(d.value, d.unit, d.reason)
                for i, d in g.derivation.indicators.items()
                if i in names
            }
            for g in (self.first, self.second)
        ]
        titles = {
            i: d.title
            for g in (self.second, self.first)
            for i, d in g.derivation.indicators.items()
        }
        yield from _changes("Figures", said[0], said[1], lambda name: titles[name])

    def _records(self, criteria: tuple[str, ...]) -> Iterator[Change]:
        said = [
            {
                p.record.id: _coded(p.record)
                for p in g.evidence.observations
                if g.pack.topics.get(p.record.topic) in criteria and p.kind not in g.dropped
            }
            for g in (self.first, self.second)
        ]
        yield from _changes("Records", said[0], said[1], str, "not there")

    def _rules(self, owners: set[str]) -> Iterator[Change]:
        said = [
            {
                r.id: capital(asked(r.body, g.pack))
                for r in g.pack.rules.values()
                if r.owner in owners
            }
            for g in (self.first, self.second)
        ]
        yield from _changes("Rules", said[0], said[1], str, "not there")


_HOLDS = {True: "holds the grade", False: "does not hold it", None: "may hold it"}


def _changes(
    kind: Kind,
    first: Mapping[str, str],
    second: Mapping[str, str],
    name: Callable[[str], str],
    absent: str = _ABSENT,
) -> Iterator[Change]:
    for key in {**first, **second}:
        before, after = first.get(key, absent), second.get(key, absent)
        if before != after:
            yield Change(kind, name(key), before, after)


def _subject(grading: Grading, name: str) -> str:
    """The criterion that a record is on; the name itself where it is none of a record on one."""
    found = next((p.record for p in grading.evidence.observations if p.record.id == name), None)
    return name if found is None else grading.pack.topics.get(found.topic) or name


def _indicators(node: Node) -> set[str]:
    return {leaf.indicator for leaf in leaves(node) if isinstance(leaf, Figured)}


def _value(value: Decimal | str | None, unit: str, reason: str) -> str:
    return f"not available, {reason}" if value is None else figure(value, unit)


def _coded(record: Observation | FileReview) -> str:
    """What an observation says, in which direction and how much it weighs."""
    levels = [getattr(record, s) for s in ("extent", "maturity", "effect", "severity")]
    said = ", ".join(level.replace("-", " ") for level in levels if level)
    return f"{record.statement.rstrip('.')} ({record.direction}{f'; {said}' if said else ''})"


def _inputs(first: Subject, second: Subject) -> Iterator[Change]:
    """The inputs of the two runs that differ."""
    said = []
    for subject in (first, second):
        inputs, manifest = subject.record.inputs, subject.grading.pack.manifest
        said.append(
            {
                "Inspected body": subject.grading.evidence.inspection.body_name,
                "As of": inputs.as_of.isoformat(),
                "Left out": ", ".join(inputs.dropped) or "nothing",
                "Evidence": inputs.evidence.digest,
                "Rule pack": f"{manifest.id} {manifest.version}, {inputs.pack.digest}",
                "Table of bodies": inputs.table.digest if inputs.table else "none",
                "Program": subject.record.software.inspection_grading,
            }
        )
    yield from _changes("Inputs", said[0], said[1], str)
