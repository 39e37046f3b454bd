"""Each criterion: its outcome and why, and how much evidence of each kind speaks for it and against it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from grading.evidence.records import RECORD_KINDS
from grading.explain.gaps import Covered, gaps
from grading.explain.lacks import records_on
from grading.explain.robustness_lines import robustness_lines
from grading.report.grades import Shown, grades_shown, outcome_shown
from grading.report.links import Line, Piece, criterion_target, why_target
from grading.report.subject import Subject

KINDS = tuple(kind for kind in RECORD_KINDS if kind != "previous")


@dataclass(frozen=True)
class Cell:
    """How many records of one kind speak for a criterion and against it; figures speak by their rules."""

    kind: str
    speak_for: int
    against: int
    figures: int

    @property
    def empty(self) -> bool:
        """Whether there is no record of the kind."""
        return not (self.speak_for or self.against or self.figures)


@dataclass(frozen=True)
class JudgedCriterion:
    """A criterion as a reviewer wants it. `thin` says what there is less of than the pack asks for."""

    id: str
    target: str
    says: str
    question: Piece
    core: bool
    outcome: Shown
    stands: str
    cells: tuple[Cell, ...]
    independent: int
    kinds: int
    methods: int
    thin: tuple[str, ...]
    why: Line
    firmness: tuple[Piece, ...]


@dataclass(frozen=True)
class SubQuestion:
    """A sub-question, where it stands, and its criteria. Sub-questions are not graded."""

    title: str
    stands: Shown | None
    criteria: tuple[JudgedCriterion, ...]


@dataclass(frozen=True)
class QuestionCriteria:
    """A question and its criteria by sub-question."""

    question: Piece
    parts: tuple[SubQuestion, ...]


def judged_criteria(subject: Subject) -> tuple[QuestionCriteria, ...]:
    """Every criterion of a run, in the order of the pack, under its question and sub-question."""
    grading = subject.grading
    found: dict[str, dict[str, list[JudgedCriterion]]] = {}
    for covered in gaps(grading).criteria:
        placed = covered.criterion
        parts = found.setdefault(placed.question, {})
        parts.setdefault(placed.sub_question, []).append(_criterion(subject, covered))
    return tuple(
        QuestionCriteria(
            Piece(grading.judgments[question].title, question),
            tuple(_part(subject, question, *part) for part in parts.items()),
        )
        for question, parts in found.items()
    )


def _part(
    subject: Subject, question: str, name: str, criteria: list[JudgedCriterion]
) -> SubQuestion:
    grading = subject.grading
    judged = grading.sub_questions.get(name)
    title = grading.pack.questions[question].sub_questions[name].title
    stands = grades_shown(grading.pack, judged.derived) if judged and judged.derived else None
    return SubQuestion(title, stands, tuple(criteria))


def _criterion(subject: Subject, covered: Covered) -> JudgedCriterion:
    grading, links, criterion = subject.grading, subject.links, covered.criterion.id
    question = grading.judgments[covered.criterion.question]
    return JudgedCriterion(
        id=criterion,
        target=criterion_target(criterion),
        says=covered.criterion.written.says,
        question=Piece(question.title, why_target(question.id)),
        core=covered.criterion.written.core,
        outcome=outcome_shown(grading.fired.facts.outcomes[criterion]),
        stands=subject.robust.criteria[criterion].label or "open",
        cells=_cells(subject, criterion),
        independent=covered.independent,
        kinds=len(covered.kinds),
        methods=len(covered.methods),
        thin=tuple(f"{there} of {least} {what}" for what, there, least in covered.thin),
        why=links.line(subject.explainer.criteria.why(criterion)),
        firmness=links.pieces(next(robustness_lines(criterion, subject.robust, grading.pack))),
    )


def _cells(subject: Subject, criterion: str) -> tuple[Cell, ...]:
    """For each kind how many records there are on each side, and the figures that rules ask about."""
    sides: Counter[tuple[str, bool]] = Counter(
        (record.standing.kind, record.supports) for record in records_on(subject.grading, criterion)
    )
    indicators = subject.grading.derivation.facts.indicators
    figures: Counter[str] = Counter(
        kind
        for name in subject.explainer.criteria.asked(criterion)
        if name in indicators
        for kind in {standing.kind for standing in indicators[name].way}
    )
    return tuple(Cell(kind, sides[kind, True], sides[kind, False], figures[kind]) for kind in KINDS)
