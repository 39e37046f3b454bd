"""What people decided beside the rules, as parts of a document."""

from __future__ import annotations

from typing import Literal

from grading.evidence.moderation import Reply, Second
from grading.explain.decided import answer_said, change_said, status_said, turns_on, turns_said
from grading.judge.judgments import (
    Challenged,
    ChallengeStatus,
    Grading,
    Moderated,
    ModerationStatus,
)
from grading.record.parts import Part


class SecondPart(Part):
    """A second person who agreed."""

    by: str
    role: str


class ModerationPart(Part):
    """A recorded change of a grade, and how it stands on the as-of date.

    `to` is null where it takes another change back; `forbidden_by` are limiters that it would break.
    """

    id: str
    question: str
    from_grade: str
    to_grade: str | None
    by: str
    role: str
    date: str
    because: str
    evidence: tuple[str, ...]
    until: str | None
    second: SecondPart | None
    supersedes: str | None
    status: ModerationStatus
    forbidden_by: tuple[str, ...]
    says: tuple[str, ...]
    place: str


class ReplyPart(Part):
    """What was answered to a challenge."""

    outcome: Literal["upheld", "partly-upheld", "not-upheld"]
    by: str
    role: str
    date: str
    because: str
    corrections: tuple[str, ...]


class TurnsPart(Part):
    """What would be open or otherwise if nothing were known by the records that are disputed."""

    judgments: dict[str, tuple[str, ...]]
    criteria: dict[str, tuple[str, ...]]
    findings: tuple[str, ...]
    says: tuple[str, ...]


class ChallengePart(Part):
    """What the inspected body disputes, what turns on it, and what was answered."""

    id: str
    by: str
    role: str
    date: str
    of: tuple[str, ...]
    says: str
    status: ChallengeStatus
    answer: ReplyPart | None
    answer_says: str
    turns: TurnsPart
    place: str


def moderation_part(grading: Grading, moderated: Moderated, place: str) -> ModerationPart:
    """A change of a grade, and the place within the folder where it is written."""
    written = moderated.decided.written
    return ModerationPart(
        id=written.id,
        question=written.question,
        from_grade=written.from_,
        to_grade=written.to,
        by=written.by,
        role=written.role,
        date=written.date_.isoformat(),
        because=written.because,
        evidence=written.evidence,
        until=written.until.isoformat() if written.until else None,
        second=_second(written.second),
        supersedes=written.supersedes,
        status=moderated.status,
        forbidden_by=tuple(limiter.id for limiter in moderated.forbidden_by),
        says=(f"{change_said(grading.pack, moderated)}", status_said(grading, moderated)),
        place=place,
    )


def challenge_part(grading: Grading, challenged: Challenged, place: str) -> ChallengePart:
    """A challenge, and the place within the folder where it is written.

    An answer that was given after the as-of date is not told.
    """
    written = challenged.decided.written
    turns = turns_on(grading, challenged)
    return ChallengePart(
        id=written.id,
        by=written.by,
        role=written.role,
        date=written.date_.isoformat(),
        of=written.of,
        says=written.says,
        status=challenged.status,
        answer=_reply(written.answer) if challenged.status == "answered" else None,
        answer_says=answer_said(challenged),
        turns=TurnsPart(
            judgments=turns.judgments,
            criteria=turns.criteria,
            findings=tuple(finding.id for finding in turns.findings),
            says=tuple(turns_said(grading, turns)),
        ),
        place=place,
    )


def _second(second: Second | None) -> SecondPart | None:
    return None if second is None else SecondPart(by=second.by, role=second.role)


def _reply(reply: Reply | None) -> ReplyPart | None:
    if reply is None:
        return None
    return ReplyPart(
        outcome=reply.outcome,
        by=reply.by,
        role=reply.role,
        date=reply.date_.isoformat(),
        because=reply.because,
        corrections=reply.corrections,
    )
