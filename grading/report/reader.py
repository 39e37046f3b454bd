"""What a reader wants first: grades beside those before, and for each question what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from grading.explain.english import capital
from grading.explain.rungs import ladder
from grading.explain.summaries import summary
from grading.judge.judgments import Finding, Judgment
from grading.report.grades import (
    OPEN,
    PROFILE,
    TRENDS,
    Shown,
    earlier_shown,
    grades_shown,
    judgment_shown,
    outcome_shown,
)
from grading.report.links import Line, Piece, criterion_target, record_target
from grading.report.subject import Subject
from grading.rules.loaded import OVERALL


@dataclass(frozen=True)
class Share:
    """How many criteria have one outcome."""

    outcome: Shown
    number: int


@dataclass(frozen=True)
class Judged:
    """One line of the table of grades. `stands` is how firmly, and is empty where that is not known.

    `given` is what the rules give, where people settled on another grade. `mark` is the symbol and
    the word of the trend; `profile` counts the criteria by their outcome, the best first.
    """

    id: str
    title: str
    grade: Shown
    given: Shown | None
    earlier: Shown | None
    raised: int | None
    mark: str
    trend: str
    profile: tuple[Share, ...]
    stands: str
    held_by: tuple[str, ...]
    carried: bool


@dataclass(frozen=True)
class Told:
    """What a record says, and the records that say it or more."""

    text: str
    records: tuple[Piece, ...]


@dataclass(frozen=True)
class Considered:
    """A criterion with its outcome and the weightiest record on each side."""

    target: str
    says: str
    core: bool
    holds_back: bool
    outcome: Shown
    told: tuple[Told, ...]
    silence: str


@dataclass(frozen=True)
class Raised:
    """A finding. `since` is the year in which it was first raised, `question` what it is a finding of."""

    id: str
    question: Piece
    says: str
    criterion: str
    about: str
    since: int
    persisting: bool
    records: tuple[Piece, ...]


@dataclass(frozen=True)
class Answered:
    """A question as a reader wants it answered. The overall judgment repeats no strength.

    `core` are the criteria that count most; of the others, `back` are those that hold it back.
    """

    judged: Judged
    summary: tuple[Line, ...]
    because: tuple[Line, ...]
    open: tuple[str, ...]
    core: tuple[Considered, ...]
    back: tuple[Considered, ...]
    other: tuple[Considered, ...]
    strengths: tuple[Raised, ...]
    areas: tuple[Raised, ...]
    concerns: tuple[Raised, ...]


@dataclass(frozen=True)
class Reader:
    """The first part of a report: the overall judgment, if there is one, and each question."""

    overall: Answered | None
    questions: tuple[Answered, ...]

    @property
    def all(self) -> tuple[Answered, ...]:
        """The overall judgment and each question."""
        return (*((self.overall,) if self.overall else ()), *self.questions)


def reader(subject: Subject) -> Reader:
    """What a reader wants to know of a run."""
    judgments = subject.grading.judgments
    teller = _Teller(subject)
    overall = teller.answered(judgments[OVERALL]) if OVERALL in judgments else None
    questions = (teller.answered(j) for q, j in judgments.items() if q != OVERALL)
    return Reader(overall, tuple(questions))


@dataclass(frozen=True)
class _Teller:
    subject: Subject

    def answered(self, judgment: Judgment) -> Answered:
        """One question, or the overall judgment."""
        grading, explainer = self.subject.grading, self.subject.explainer
        criteria = [self._considered(c) for c in grading.pack.criteria_of(judgment.id)]
        undetermined = judgment.id in grading.undetermined
        return Answered(
            self.judged(judgment),
            tuple(Line(self.subject.links.pieces(s)) for s in summary(grading, judgment)),
            tuple(self._because(judgment)),
            tuple(explainer.unknowns(judgment.id)) if undetermined else (),
            tuple(c for c in criteria if c.core),
            tuple(c for c in criteria if c.holds_back and not c.core),
            tuple(c for c in criteria if not c.holds_back and not c.core),
            () if judgment.id == OVERALL else self._raised(judgment.id, "strength"),
            self._raised(judgment.id, "area-for-improvement"),
            self._raised(judgment.id, "cause-of-concern"),
        )

    def judged(self, judgment: Judgment) -> Judged:
        """The line of a judgment in the table of grades."""
        pack, balance = self.subject.grading.pack, self.subject.robust.judgments.get(judgment.id)
        held = [x.limiter.written.because for x in judgment.limiters if x.bites]
        if judgment.not_graded is not None:
            held.append(judgment.not_graded.written.because)
        return Judged(
            id=judgment.id,
            title=judgment.title,
            grade=judgment_shown(pack, judgment),
            given=None if judgment.settled is None else grades_shown(pack, judgment.derived),
            earlier=earlier_shown(pack, judgment),
            raised=judgment.trend.raised,
            mark=TRENDS.get(judgment.trend.word, "") if judgment.graded else "",
            trend=capital(judgment.trend.says) if judgment.graded else "",
            profile=self._profile(judgment.id),
            stands=(balance.label or "") if balance and judgment.graded else "",
            held_by=tuple(map(capital, held)),
            carried=judgment.carried_from is not None,
        )

    def _profile(self, judgment: str) -> tuple[Share, ...]:
        """How many criteria of a question, or of all questions together, have each outcome."""
        pack, outcomes = self.subject.grading.pack, self.subject.grading.fired.facts.outcomes
        numbers = Counter(
            outcome_shown(outcomes[c])
            if len(outcomes[c]) == 1 and outcomes[c] != {"unknown"}
            else OPEN
            for c in (pack.criteria if judgment == OVERALL else pack.criteria_of(judgment))
        )
        order = [*(outcome_shown(frozenset({o})) for o in PROFILE), OPEN]
        return tuple(Share(shown, numbers[shown]) for shown in order if numbers[shown])

    def _because(self, judgment: Judgment) -> Iterator[Line]:
        """What an ungraded, carried or overall judgment rests on beside its summary."""
        explainer, links = self.subject.explainer, self.subject.links
        on_figures = not self.subject.grading.pack.criteria_of(judgment.id)
        if judgment.id == OVERALL or (on_figures and ladder(self.subject.grading, judgment)):
            yield from (links.line(s) for s in explainer.ladders.steps(judgment))
        elif judgment.carried_from or not judgment.graded or judgment.not_graded:
            yield from (
                links.line(s)
                for s in explainer.judgment(judgment).rests_on
                if not s.text.endswith(":")
            )

    def _considered(self, criterion: str) -> Considered:
        explainer = self.subject.explainer
        criteria = explainer.criteria
        against, supports = criteria.against(criterion), criteria.supports(criterion)
        back = criteria.holds_back(criterion)
        sides = (against, supports) if back else (supports, against)
        told = tuple(self._told(records) for records in sides if records)
        return Considered(
            target=criterion_target(criterion),
            says=criteria.says(criterion),
            core=self.subject.grading.pack.criteria[criterion].written.core,
            holds_back=back,
            outcome=outcome_shown(self.subject.grading.fired.facts.outcomes[criterion]),
            told=told,
            silence="" if told else criteria.silence(criterion).text,
        )

    def _told(self, records: list[str]) -> Told:
        text = self.subject.explainer.leaves[records[0]].text
        return Told(f"{text}.", tuple(Piece(r, record_target(r)) for r in records))

    def _raised(self, question: str, kind: str) -> tuple[Raised, ...]:
        found = self.subject.grading.findings.values()
        of_overall = question == OVERALL
        own = (f for f in found if f.kind == kind and (of_overall or f.question == question))
        return tuple(map(self._finding, own))

    def _finding(self, finding: Finding) -> Raised:
        criteria = self.subject.explainer.criteria
        about = finding.criterion
        sides = criteria.supports if finding.kind == "strength" else criteria.against
        records = [*finding.previous, *sides(about)]
        body = self.subject.grading.evidence.inspection.body_name
        says = finding.says if finding.kind == "strength" else f"{body} should {finding.says}"
        question = self.subject.grading.judgments[finding.question]
        return Raised(
            id=finding.id,
            question=Piece(question.title, question.id),
            says=f"{says}.",
            criterion=criterion_target(about),
            about=criteria.says(about),
            since=finding.first_raised,
            persisting=finding.status == "persisting",
            records=tuple(Piece(r, record_target(r)) for r in dict.fromkeys(records)),
        )
