"""Why each grade and why not the next: the ladder, its conditions, how firm it is, what would move it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from grading.explain.because import cut
from grading.explain.english import capital, grade_label
from grading.explain.moved import moved
from grading.explain.robustness_lines import robustness_lines
from grading.explain.rungs import Rung, ladder
from grading.explain.told import told
from grading.judge.judgments import Judgment
from grading.report.grades import Shown, grade_shown, judgment_shown
from grading.report.links import Line, Piece
from grading.report.stairs import Stairs, Stands, Tread, capped_at, stairs
from grading.report.subject import Subject
from grading.rules.rule import Always

_MOST_CHANGES = 2
_DEEP = 1  # what is below stands with each criterion
Truth = Literal["met", "not met", "not known"]
_TRUTHS: dict[bool | None, Truth] = {True: "met", False: "not met", None: "not known"}


@dataclass(frozen=True)
class Condition:
    """One condition of a rung: whether it is met, and what was found and needed."""

    truth: Truth
    says: str


@dataclass(frozen=True)
class Step:
    """A rung of a ladder as it stands."""

    grade: Shown
    stands: str
    reached: bool
    conditions: tuple[Condition, ...]
    held_by: tuple[str, ...]


@dataclass(frozen=True)
class Reasons:
    """Why a judgment is what it is: two columns, the ladder, and what the rest of it rests on.

    `why` and `why_not` are the first and second column. `rest` is the other steps of the rationale.
    """

    id: str
    title: str
    grade: Shown
    head: Line
    changed: tuple[Line, ...]
    why: tuple[Line, ...]
    why_not: tuple[Line, ...]
    ladder: tuple[Step, ...]
    drawn: Stairs | None
    firmness: tuple[tuple[Piece, ...], ...]
    moves: Line | None
    rest: tuple[Line, ...]


def audit(subject: Subject) -> tuple[Reasons, ...]:
    """The reasons for every judgment of a run, in order."""
    return tuple(_reasons(subject, judgment) for judgment in subject.grading.judgments.values())


def _reasons(subject: Subject, judgment: Judgment) -> Reasons:
    explainer, links = subject.explainer, subject.links
    whole = explainer.judgment(judgment)
    rungs = ladder(subject.grading, judgment)
    changed = 0 if judgment.moderated is None else 1  # what people changed stands before the rest
    columns = tuple(explainer.ladders.steps(judgment)) if rungs else ()
    firm = robustness_lines(judgment.id, subject.robust, subject.grading.pack)
    return Reasons(
        id=judgment.id,
        title=judgment.title,
        grade=judgment_shown(subject.grading.pack, judgment),
        head=links.line(whole),
        changed=tuple(map(links.line, whole.rests_on[:changed])),
        why=tuple(map(links.line, columns[:1])),
        why_not=tuple(map(links.line, columns[1:])),
        ladder=tuple(_step(subject, judgment, rung) for rung in rungs),
        drawn=_drawn(subject, judgment, rungs) if rungs else None,
        firmness=tuple(map(links.pieces, firm)) if judgment.graded else (),
        moves=_moves(subject, judgment),
        rest=tuple(links.line(cut(s, _DEEP)) for s in whole.rests_on[changed + len(columns) :]),
    )


def _moves(subject: Subject, judgment: Judgment) -> Line | None:
    """The smallest changes that would move the grade."""
    if not judgment.graded:
        return None
    return subject.links.line(
        moved(subject.grading, subject.explainer.where, judgment, _MOST_CHANGES)[1]
    )


def _step(subject: Subject, judgment: Judgment, rung: Rung) -> Step:
    pack = subject.grading.pack
    reached = rung.grade in judgment.derived
    stands = _STANDS[_standing(judgment, rung, reached=reached)]
    if rung.grade == judgment.settled:
        stands = f"⚑ what people settled on; by the rules: {stands}"
    held = tuple(
        f"{capital(x.limiter.written.because)}:"
        f" {grade_label(pack, x.limiter.written.at_best)} at best"
        for x in rung.limiters
        if x.bites
    )
    return Step(
        grade_shown(pack, rung.grade),
        stands,
        reached,
        tuple(_conditions(subject, rung)),
        held,
    )


_STANDS: dict[Stands, str] = {
    "reached": "reached",
    "possible": "possible",
    "withheld": "withheld: a sole basis that the rules do not allow",
    "held": "its conditions are met; a limiter holds the grade below it",
    "below": "its conditions are met, and a better rung is reached",
    "not reached": "not reached",
    "not known": "not known",
}
"""What has become of a rung, in a word or a few."""


def _drawn(subject: Subject, judgment: Judgment, rungs: tuple[Rung, ...]) -> Stairs:
    """The ladder as steps. A limiter lies on the best rung that it leaves, if a rung stands above it."""
    pack = subject.grading.pack
    treads = []
    for rung in rungs:
        shown, reached = grade_shown(pack, rung.grade), rung.grade in judgment.derived
        stands = _standing(judgment, rung, reached=reached)
        met = sum(condition.truth is True for condition in rung.conditions)
        says = _SAYS[stands].format(met=met, of=len(rung.conditions))
        settled = rung.grade == judgment.settled
        if settled:
            says = "⚑ what people settled on"
        elif stands == "reached" and judgment.settled is not None:
            says = "reached by the rules"
        treads.append(Tread(stands, shown.symbol, shown.words, shown.tone, says, settled))
    at_best = [x.limiter.written.at_best for x in judgment.limiters if x.bites]
    return stairs(treads, capped_at([rung.grade for rung in rungs], at_best))


_SAYS: dict[Stands, str] = {
    "reached": "reached",
    "possible": "possible",
    "held": "met, but a limiter holds it",
    "below": "met; a better one is reached",
    "not reached": "not reached: {met} of {of} met",
    "not known": "not known: {met} of {of} met",
    "withheld": "withheld: sole basis",
}


def _standing(judgment: Judgment, rung: Rung, *, reached: bool) -> Stands:
    """What has become of a rung."""
    if reached:
        return "reached" if len(judgment.derived) == 1 else "possible"
    if rung.withheld:
        return "withheld"
    if rung.holds:
        return "held" if any(x.bites for x in rung.limiters) else "below"
    return "not reached" if rung.holds is False else "not known"


def _conditions(subject: Subject, rung: Rung) -> Iterator[Condition]:
    for measured in rung.conditions:
        if isinstance(measured.node, Always):
            yield Condition("met", "It asks for nothing more.")
        else:
            says = told(measured, subject.grading.pack, subject.grading.fired.facts)
            yield Condition(_TRUTHS[measured.truth], f"{capital(says)}.")
