"""Whether what people changed stands beside what the rules give."""

from __future__ import annotations

from grading.engine.run import Fired
from grading.evidence.evidence import Evidence
from grading.evidence.moderation import Challenge, Decided, Moderation, known_by
from grading.judge.judgments import Challenged, ChallengeStatus, Moderated
from grading.rules.loaded import Pack
from grading.rules.stages import forbidding


def moderated(evidence: Evidence, pack: Pack, fired: Fired) -> tuple[Moderated, ...]:
    """Every recorded change of a grade, and how it stands on the as-of date."""
    known = known_by(evidence.moderation, evidence.inspection.as_of)
    made = []
    for decided in evidence.moderation:
        status = known[decided.written.id]
        if status == "in force":
            made.append(_judged(decided, pack, fired))
        else:
            made.append(Moderated(decided, status))
    return tuple(made)


def challenged(evidence: Evidence) -> tuple[Challenged, ...]:
    """Every challenge, and how it stands on the as-of date."""
    return tuple(Challenged(made, _status(made, evidence)) for made in evidence.challenges)


def _judged(decided: Decided[Moderation], pack: Pack, fired: Fired) -> Moderated:
    question = decided.written.question
    if question in fired.facts.moderated:
        return Moderated(decided, "stands")
    move = fired.facts.moves[question]
    if not move.is_of(fired.facts.judgments.get(question, frozenset())):
        return Moderated(decided, "no longer fits")
    truths = {rule: verdict.settled for rule, verdict in fired.verdicts.items()}
    return Moderated(decided, "forbidden", forbidding(pack, question, move, truths))


def _status(made: Decided[Challenge], evidence: Evidence) -> ChallengeStatus:
    written, day = made.written, evidence.inspection.as_of
    if written.date_ > day:
        return "not yet made"
    return "answered" if written.answer is not None and written.answer.date_ <= day else "open"
