"""What people decided beside the rules: grades that they changed, old and new, and what is disputed."""

from __future__ import annotations

from dataclasses import dataclass

from grading.explain.decided import (
    answer_said,
    challenge_said,
    change_said,
    status_said,
    turns_on,
    turns_said,
)
from grading.explain.english import capital, quoted
from grading.judge.judgments import Challenged, Moderated
from grading.report.grades import Shown, grade_shown
from grading.report.links import Line, Piece, criterion_target, decision_target, record_target
from grading.report.subject import Subject
from grading.rules.loaded import Pack


@dataclass(frozen=True)
class Changed:
    """A grade that people changed: what it was, what it became, who did it, and how that stands.

    `after` is None where the change takes another one back.
    """

    id: str
    target: str
    question: Piece
    before: Shown
    after: Shown | None
    stands: bool
    status: Line
    says: Line
    evidence: tuple[Piece, ...]
    place: str


@dataclass(frozen=True)
class Disputed:
    """What the inspected body disputes, what turns on it, and what was answered.

    `was` is what is disputed as it was written, `now` the records that correct it.
    """

    id: str
    target: str
    status: str
    says: Line
    was: tuple[tuple[Piece, str], ...]
    now: tuple[tuple[Piece, str], ...]
    answer: Line
    turns: tuple[str, ...]
    place: str


@dataclass(frozen=True)
class Decisions:
    """Every change and every challenge, in the order in which they were written."""

    changes: tuple[Changed, ...]
    challenges: tuple[Disputed, ...]


def decisions(subject: Subject) -> Decisions:
    """What people decided of a run."""
    grading = subject.grading
    return Decisions(
        tuple(_changed(subject, moderated) for moderated in grading.moderation),
        tuple(_disputed(subject, challenged) for challenged in grading.challenges),
    )


def _changed(subject: Subject, moderated: Moderated) -> Changed:
    grading, links = subject.grading, subject.links
    pack, written = grading.pack, moderated.decided.written
    judgment = grading.judgments[written.question]
    return Changed(
        id=written.id,
        target=decision_target(written.id),
        question=Piece(judgment.title, judgment.id),
        before=_shown(pack, written.from_),
        after=None if written.to is None else _shown(pack, written.to),
        stands=moderated.status == "stands",
        status=Line(links.pieces(f"{status_said(grading, moderated)}.")),
        says=Line(links.pieces(f"{capital(change_said(pack, moderated))}.")),
        evidence=tuple(Piece(record, record_target(record)) for record in written.evidence),
        place=moderated.decided.place.file.rpartition("/")[2] + f":{moderated.decided.place.line}",
    )


def _shown(pack: Pack, grade: str) -> Shown:
    """A grade of the scale, or that it was open."""
    return grade_shown(pack, grade) if grade in pack.grades else Shown("?", capital(grade), "open")


def _disputed(subject: Subject, challenged: Challenged) -> Disputed:
    grading, links = subject.grading, subject.links
    written = challenged.decided.written
    answered = challenged.status == "answered" and written.answer is not None
    now = written.answer.corrections if answered and written.answer else ()
    place = challenged.decided.place
    return Disputed(
        id=written.id,
        target=decision_target(written.id),
        status=_STATUSES[challenged.status],
        says=Line(links.pieces(f"{capital(challenge_said(challenged))}.")),
        was=tuple(_named(subject, name) for name in written.of),
        now=tuple(_named(subject, name) for name in now),
        answer=Line(links.pieces(f"{answer_said(challenged)}.")),
        turns=tuple(f"{line}." for line in turns_said(grading, turns_on(grading, challenged))),
        place=f"{place.file.rpartition('/')[2]}:{place.line}",
    )


_STATUSES = {"not yet made": "not yet made", "open": "not answered", "answered": "answered"}


def _named(subject: Subject, name: str) -> tuple[Piece, str]:
    """A record, criterion or question by its id, and what it says."""
    pack, leaves = subject.grading.pack, subject.explainer.leaves
    if name in leaves:
        return Piece(name, record_target(name)), f"{leaves[name].text}."
    if name in pack.criteria:
        return Piece(name, criterion_target(name)), quoted(pack.criteria[name].written.says)
    if name in subject.grading.judgments:
        return Piece(name, name), subject.grading.judgments[name].title
    return Piece(name), ""
