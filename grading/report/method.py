"""How the run was made and how it can be made again: digests, chain, checks, caveats, conventions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grading.evidence.checks.registry import Report, check
from grading.explain.balance import CONVENTIONS
from grading.explain.english import listed, quoted
from grading.explain.rungs import ladder
from grading.record.chain import Entry
from grading.record.store import SHOWN_ID
from grading.report.links import (
    Line,
    Piece,
    caveat_target,
    criterion_target,
    record_target,
    why_target,
)
from grading.report.register import caveat_numbers
from grading.report.subject import Subject
from grading.rules.loaded import OVERALL

_ABSENT = ("missing", "unavailable", "excluded")


@dataclass(frozen=True)
class Checked:
    """What a check found: what is said, what would settle it, and who accepted it and why."""

    code: str
    severity: str
    says: str
    settle: str
    records: tuple[Piece, ...]
    accepted: str = ""


@dataclass(frozen=True)
class Caveat:
    """A caveat that a figure of the inspection carries, and where it is written down."""

    number: int
    target: str
    says: str
    cite: str


@dataclass(frozen=True)
class Method:
    """The last part of a report."""

    checked: tuple[Checked, ...]
    held: int
    caveats: tuple[Caveat, ...]
    withheld: tuple[tuple[Piece, Line], ...]
    conventions: tuple[str, ...]
    policies: tuple[str, ...]
    limits: tuple[str, ...]
    digests: tuple[tuple[str, str], ...]
    entry: Entry | None
    run: str
    shown: str


def method(subject: Subject) -> Method:
    """How a run was made, what it withheld, and how to make it again."""
    report = check(subject.grading.evidence, subject.grading.pack)
    return Method(
        checked=_checked(report),
        held=len(report.held),
        caveats=_caveats(subject),
        withheld=_withheld(subject),
        conventions=CONVENTIONS,
        policies=_policies(subject),
        limits=tuple(_limits(subject)),
        digests=_digests(subject),
        entry=subject.entry,
        run=subject.id,
        shown=subject.id[:SHOWN_ID],
    )


def _checked(report: Report) -> tuple[Checked, ...]:
    """What is open first, then what was answered."""
    left = [
        Checked(f.code, f.severity, f.message, f.settle, _pieces(f.records)) for f in report.open
    ]
    done = [
        Checked(
            f.code,
            "answered",
            f.message,
            f.settle,
            _pieces(f.records),
            f"{a.written.accepted_because} ({a.written.by}, {a.written.date_.isoformat()})",
        )
        for f, a in report.answered
    ]
    return (*left, *done)


def _pieces(records: tuple[str, ...]) -> tuple[Piece, ...]:
    return tuple(Piece(record, record_target(record)) for record in records)


def _caveats(subject: Subject) -> tuple[Caveat, ...]:
    pack = subject.grading.pack
    return tuple(
        Caveat(number, caveat_target(number), f"{pack.caveats[c].says}.", pack.caveats[c].cite)
        for c, number in caveat_numbers(subject).items()
    )


def _withheld(subject: Subject) -> tuple[tuple[Piece, Line], ...]:
    """The conclusions that would hold but for the roles of their evidence."""
    criteria, links = subject.explainer.criteria, subject.links
    found = [
        (Piece(quoted(criteria.says(c)), criterion_target(c)), links.line(step))
        for c in subject.grading.pack.criteria
        for step in criteria.withheld(c)
    ]
    for judgment in subject.grading.judgments.values():
        for rung in ladder(subject.grading, judgment):
            if rung.withheld:
                why = subject.explainer.ladders.why_not(judgment, rung.grade)
                found.append((Piece(judgment.title, why_target(judgment.id)), links.line(why)))
    return tuple(found)


def _policies(subject: Subject) -> tuple[str, ...]:
    """What the pack says of its own ladders, of silence, and of the overall judgment."""
    grading = subject.grading
    manifest, plan = grading.pack.manifest, grading.evidence.inspection.plan
    named = {q.ladder for q in grading.pack.questions.values() if q.ladder}
    named |= (
        {manifest.overall.ladder} if manifest.overall and OVERALL in grading.judgments else set()
    )
    said = [f"{ladder.says}." for name, ladder in manifest.ladders.items() if name in named]
    said.append(f"{manifest.evidence_policy.silence.says}.")
    if plan.coverage == "full":
        said.append("Of a topic that was searched, what was not found is taken as not there.")
    return tuple(said)


def _limits(subject: Subject) -> Iterator[str]:
    """What the run cannot tell, and what a reader should not take from it."""
    grading = subject.grading
    evidence, plan = grading.evidence, grading.evidence.inspection.plan
    yield (
        "The grades are what the rules give on this evidence. They are no better than the records and"
        " their coding, and they decide nothing that the inspectorate leaves to people."
    )
    settled = [j.title for j in grading.judgments.values() if j.settled is not None]
    if settled:
        yield f"Settled by people, with the grade of the rules beside it: {listed(settled)}."
    if plan.coverage != "full":
        yield (
            "The evidence was taken from a published summary, which was cut short: a strength that it"
            " mentions may reach further than it says."
        )
    if plan.searched != "all":
        out = [t.replace("-", " ") for t in grading.pack.topics if t not in plan.searched]
        if out:
            yield f"Not searched, and so not known: {listed(out)}."
    if grading.dropped:
        out = [kind.replace("-", " ") for kind in sorted(grading.dropped)]
        yield f"Left out of this run: {listed(out)}."
    absent = sum(placed.record.status in _ABSENT for placed in evidence.metrics)
    if absent:
        have = "has no value and says" if absent == 1 else "have no value and say"
        yield (
            f"Of {len(evidence.metrics)} records of figures {absent} {have} why; a figure that is not"
            " there is no zero."
        )
    carried = [j.title for j in grading.judgments.values() if j.carried_from]
    if carried:
        yield f"Carried forward, and not inspected this time: {listed(carried)}."
    yield "Sub-questions are told as they stand; they are not graded in their own right."
    yield "How firm a grade is, is told by changes that were tried; others can be thought of."


def _digests(subject: Subject) -> tuple[tuple[str, str], ...]:
    """The SHA-256 of everything that went into the run."""
    inputs = subject.record.inputs
    found = [
        ("Evidence", inputs.evidence.digest),
        ("Rule pack", inputs.pack.digest),
        ("All inputs together", inputs.digest),
    ]
    if inputs.table is not None:
        found.insert(2, ("Table of bodies", inputs.table.digest))
    return tuple(found)
