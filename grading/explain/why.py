"""Why: the rationale of a judgment, criterion, finding, limiter, indicator or record."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from grading.explain.because import Because
from grading.explain.criteria import Criteria
from grading.explain.decided import decision
from grading.explain.english import capital, grade_label, listed, quoted
from grading.explain.figures import Figures
from grading.explain.headlines import said_of
from grading.explain.judgments import Judgments
from grading.explain.ladders import Ladders
from grading.explain.leaves import Leaves
from grading.explain.uses import Uses
from grading.judge.judgments import Finding, Grading, Judgment, Limited
from grading.judge.position import Position, position
from grading.problems import did_you_mean, known_instead
from grading.rules.loaded import OVERALL
from grading.rules.rule import Count, leaves


class UnknownTarget(Exception):
    """Nothing of that name can be explained. The second argument is the nearest known name."""


@dataclass(frozen=True)
class Explainer:
    """Answers why, for anything that a run concluded."""

    grading: Grading

    @cached_property
    def leaves(self) -> Leaves:
        """The leaf of each record."""
        return Leaves(self.grading.evidence, self.grading.pack)

    @cached_property
    def figures(self) -> Figures:
        """Explains indicators."""
        return Figures(self.grading, self.leaves)

    @cached_property
    def criteria(self) -> Criteria:
        """Explains criteria."""
        return Criteria(self.grading, self.leaves, self.figures)

    @cached_property
    def judgments(self) -> Judgments:
        """Explains questions, sub-questions and the overall judgment."""
        return Judgments(self.grading, self.leaves, self.criteria, self.figures, self.ladders)

    @cached_property
    def ladders(self) -> Ladders:
        """Explains rungs and limiters."""
        return Ladders(self.grading, self.leaves, self.criteria)

    @cached_property
    def uses(self) -> Uses:
        """Says what records are used in."""
        return Uses(self.grading, self.criteria, self.judgments)

    @cached_property
    def where(self) -> Position:
        """Where the run stands, as its ladders see it."""
        return position(self.grading)

    def targets(self) -> tuple[str, ...]:
        """The names of all that can be explained, judgments first and records last."""
        g = self.grading
        known = [*g.judgments, *g.sub_questions, *g.pack.criteria, *g.findings]
        known += dict.fromkeys(x.limiter.id for x in self._every_limiter())
        known += g.derivation.indicators
        known += (m.decided.written.id for m in g.moderation)
        known += (c.decided.written.id for c in g.challenges)
        return (*known, *self.leaves.ids())

    def why(self, target: str) -> Because:
        """The rationale of a target by its id. Raises UnknownTarget."""
        g = self.grading
        judged = self.judged()
        if target in judged:
            return self.judgment(judged[target])
        if target in g.pack.criteria:
            return self.criteria.why(target)
        if target in g.findings:
            return self.finding(g.findings[target])
        if target in g.derivation.indicators:
            return self.figures.why(target)
        limited = [x for x in self._every_limiter() if target in (x.limiter.id, x.limiter.rule)]
        if limited:
            return self._limiters(limited)
        if target in self.leaves:
            return self.record(target)
        decided = decision(g, self.leaves, target)
        if decided is not None:
            return decided
        raise UnknownTarget(f"nothing called `{target}`", did_you_mean(target, self.targets()))

    def why_not(self, target: str, grade: str) -> Because:
        """Why a judgment has not this grade. Raises UnknownTarget for what is no judgment or no grade."""
        judged, pack = self.judged(), self.grading.pack
        if target not in judged:
            self.why(target)
            raise UnknownTarget(f"`{target}` is no judgment, so it has no grade", "")
        labels = {g.label.lower(): name for name, g in pack.manifest.scale.grades.items()}
        named = labels.get(grade.lower(), grade)
        if named not in pack.grades:
            raise UnknownTarget(
                f"the scale has no grade `{grade}`", known_instead(grade, pack.grades)
            )
        return self.ladders.why_not(judged[target], named)

    def judgment(self, judgment: Judgment) -> Because:
        """Why a question has its grade: the rung, what holds it up and back, and the rung above."""
        return self.judgments.why(judgment)

    def grades(self, judgment: Judgment) -> str:
        """The grade in words, or the grades that the evidence leaves possible."""
        pack = self.grading.pack
        if len(judgment.derived) == 1:
            return grade_label(pack, judgment.derived[0])
        between = listed((grade_label(pack, g) for g in reversed(judgment.derived)), "or")
        return f"undetermined; on this evidence it can be {between}"

    def headline(self, finding: Finding) -> str:
        """What a finding says, and since when."""
        return said_of(self.grading, finding)

    def unknowns(self, question: str) -> list[str]:
        """What leaves a judgment open: questions, criteria, figures or earlier findings not known.

        Criteria that are not core are told only where nothing else is.
        """
        g = self.grading
        absent = [
            f"{self.figures.said(i)}."
            for i in self.judgments.asked(question)
            if g.derivation.indicators[i].value is None
        ]
        found = [*absent, *self._limits_not_known(question)]
        if question == OVERALL:
            open_ones = [f"{g.judgments[q].title} is open" for q in g.undetermined if q != OVERALL]
            return open_ones + found
        return self._open_criteria(question, core=True) + found or self._open_criteria(
            question, core=False
        )

    def _open_criteria(self, question: str, core: bool) -> list[str]:
        """The criteria of a question that are open, by the reason."""
        g = self.grading
        by_reason: dict[str, list[str]] = {}
        for criterion in g.pack.criteria_of(question):
            written = g.pack.criteria[criterion].written
            if written.core == core and len(g.fired.facts.outcomes[criterion]) > 1:
                reason = self.criteria.silence(criterion).text.rstrip(".")
                by_reason.setdefault(reason, []).append(quoted(written.says))
        return [f"{reason}: {listed(says)}." for reason, says in by_reason.items()]

    def _limits_not_known(self, question: str) -> list[str]:
        """The limiters that ask about earlier findings, and of which it is not known whether they bite."""
        rules = self.grading.pack.rules
        return [
            f"It is not known whether {limited.limiter.written.because}."
            for limited in self.grading.judgments[question].limiters
            if limited.bites is None
            and any(
                isinstance(leaf, Count) and leaf.counted == "previous"
                for leaf in leaves(rules[limited.limiter.rule].body)
            )
        ]

    def finding(self, finding: Finding) -> Because:
        """A finding with the criterion that it rests on, earlier findings and its recommendation."""
        steps = [self.criteria.why(finding.criterion)]
        steps += [self.leaves[record] for record in finding.previous]
        place = self.grading.pack.rules[finding.rule].place
        return Because(f"{self.headline(finding)}.", tuple(steps), place=place)

    def record(self, record: str) -> Because:
        """What a record says, where it was taken from, and all that it supports."""
        leaf = self.leaves[record]
        used = tuple(self.uses.of(record))
        text = "Used in:" if used else self._unused(record)
        use = Because(text, used, place=leaf.place)
        steps = (*leaf.rests_on, *self.leaves.source(record), use)
        return Because(f"{leaf.text}.", steps, record, leaf.place)

    def _unused(self, record: str) -> str:
        """What a record is for that nothing rests on."""
        g = self.grading
        for placed in g.evidence.observations:
            criterion = g.pack.topics[placed.record.topic]
            if placed.record.id == record and placed.record.direction == "supports" and criterion:
                says = quoted(self.criteria.says(criterion))
                return f"It speaks for {says}; the outcome rests on other records."
        return "No rule rests on this record; it is kept and shown."

    def _limiters(self, limited: list[Limited]) -> Because:
        """A limiter as it stands for each question that has it."""
        if len(limited) == 1:
            return self.ladders.limiter(limited[0])
        judged = self.judged()
        steps = tuple(
            Because(
                f"{judged[x.limiter.rule.split('.')[0]].title}:",
                (self.ladders.limiter(x),),
                place=x.limiter.place,
            )
            for x in limited
        )
        because = capital(limited[0].limiter.written.because)
        at_best = grade_label(self.grading.pack, limited[0].limiter.written.at_best)
        return Because(f"{because}: {at_best} at best.", steps, place=limited[0].limiter.place)

    def judged(self) -> dict[str, Judgment]:
        """Every judgment and sub-question, by its id."""
        return {**self.grading.sub_questions, **self.grading.judgments}

    def _every_limiter(self) -> list[Limited]:
        return [x for judgment in self.judged().values() for x in judgment.limiters]
