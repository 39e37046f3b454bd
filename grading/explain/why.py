"""Why: the rationale of a judgment, criterion, finding, limiter, indicator or record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from grading.evidence.evidence import PlacedNotGraded
from grading.explain.because import Because
from grading.explain.criteria import Criteria
from grading.explain.english import capital, condition, grade_label, listed, value_words
from grading.explain.leaves import Leaves
from grading.judge.judgments import Finding, Grading, Judgment, Limited
from grading.problems import Place, did_you_mean
from grading.rules.definition import holds
from grading.rules.loaded import OVERALL
from grading.rules.rule import All, Compared, Node, inside, leaves
from grading.rules.stages import rungs

_KIND_WORDS = {
    "strength": "Strength",
    "area-for-improvement": "Area for improvement",
    "cause-of-concern": "Cause of concern",
}


class UnknownTarget(Exception):
    """Nothing of that name can be explained. The second argument is the nearest known name."""


@dataclass(frozen=True)
class Explainer:
    """Answers why, for anything that a run concluded."""

    grading: Grading

    @cached_property
    def _leaves(self) -> Leaves:
        return Leaves(self.grading.evidence, self.grading.pack)

    @cached_property
    def _criteria(self) -> Criteria:
        return Criteria(self.grading, self._leaves)

    def why(self, target: str) -> Because:
        """The rationale of a target by its id. Raises UnknownTarget."""
        g = self.grading
        judgments = {**g.sub_questions, **g.judgments}
        if target in judgments:
            return self.judgment(judgments[target])
        if target in g.pack.criteria:
            return self._criteria.why(target)
        if target in g.findings:
            return self.finding(g.findings[target])
        if target in g.derivation.indicators:
            return self._criteria.indicator(target)
        limited = [
            x
            for j in judgments.values()
            for x in j.limiters
            if target in (x.limiter.id, x.limiter.rule)
        ]
        if limited:
            return self._limiters(limited)
        if target in self._leaves:
            return self.record(target)
        known = [*judgments, *g.pack.criteria, *g.findings, *g.derivation.indicators]
        known += [x.limiter.id for j in judgments.values() for x in j.limiters]
        hint = did_you_mean(target, [*known, *self._leaves.ids()])
        raise UnknownTarget(f"nothing called `{target}`", hint)

    def judgment(self, judgment: Judgment) -> Because:
        """Why a question has its grade: the rung, what holds it up and back, and the rung above."""
        place = self._place(judgment.id)
        if judgment.not_graded is not None:
            return self._not_graded(judgment.title, judgment.not_graded)
        if not judgment.graded:
            question = self.grading.pack.questions.get(judgment.id)
            reason = f" {question.ungraded}." if question and question.ungraded else ""
            steps = tuple(self._balance(judgment.id))
            return Because(f"{judgment.title}: ungraded.{reason}", steps, place=place)
        aside = (
            " (where it stands; not graded)" if judgment.id in self.grading.sub_questions else ""
        )
        text = f"{judgment.title}{aside}: {self.grades(judgment)}"
        if judgment.carried_from:
            leaf = self._leaves[judgment.carried_from]
            text += ", carried forward; it was not inspected this time"
            return Because(f"{text}.", (leaf,), place=leaf.place)
        within = self._questions() if judgment.id == OVERALL else self._balance(judgment.id)
        steps = (
            *self._reached(judgment),
            *within,
            *self._not_reached(judgment),
            *self._figures(judgment.id),
            *(self.limiter(x) for x in judgment.limiters if x.bites is not False),
            *self._trend(judgment),
        )
        return Because(f"{text}.", steps, place=place)

    def grades(self, judgment: Judgment) -> str:
        """The grade in words, or the grades that the evidence leaves possible."""
        pack = self.grading.pack
        if len(judgment.derived) == 1:
            return grade_label(pack, judgment.derived[0])
        between = listed((grade_label(pack, g) for g in reversed(judgment.derived)), "or")
        return f"undetermined; on this evidence it can be {between}"

    def headline(self, finding: Finding) -> str:
        """What a finding says, and since when."""
        g, says = self.grading, finding.says
        if finding.kind != "strength":
            says = f"{g.evidence.inspection.body_name} should {says}"
        text = f"{_KIND_WORDS[finding.kind]}: {says}"
        if finding.kind == "cause-of-concern":
            about = g.pack.criteria[finding.criterion].written.says
            text = f"{_KIND_WORDS[finding.kind]} about “{about}”; recommendation: {says}"
        return text + (f" (first raised in {finding.first_raised})" if finding.previous else "")

    def unknowns(self, question: str) -> list[str]:
        """What leaves a judgment open: the questions, core criteria or figures not known."""
        g = self.grading
        if question == OVERALL:
            return [f"{g.judgments[q].title} is open" for q in g.undetermined if q != OVERALL]
        by_reason: dict[str, list[str]] = {}
        for criterion in g.pack.criteria_of(question):
            written = g.pack.criteria[criterion].written
            if written.core and len(g.fired.facts.outcomes[criterion]) > 1:
                reason = self._criteria.silence(criterion).text.rstrip(".")
                by_reason.setdefault(reason, []).append(f"“{written.says}”")
        criteria = [f"{reason}: {listed(says)}." for reason, says in by_reason.items()]
        figures = self._asked(question)
        absent = [i for i in figures if g.derivation.indicators[i].value is None]
        return criteria + [self._criteria.indicator(i).text for i in absent]

    def finding(self, finding: Finding) -> Because:
        """A finding with the criterion that it rests on, earlier findings and its recommendation."""
        g = self.grading
        steps = [self._criteria.why(finding.criterion)]
        steps += [self._leaves[record] for record in finding.previous]
        return Because(
            f"{self.headline(finding)}.", tuple(steps), place=g.pack.rules[finding.rule].place
        )

    def limiter(self, limited: Limited) -> Because:
        """Whether a limiter bites, and on what."""
        g = self.grading
        at_best = grade_label(g.pack, limited.limiter.written.at_best)
        because = limited.limiter.written.because
        text = {
            True: f"The grade is at best {at_best}: {because}",
            False: f"It is not limited to {at_best}, as it would be if {because}",
            None: f"It may be limited to {at_best}: whether {because} is not known",
        }[limited.bites]
        rule = g.pack.rules[limited.limiter.rule]
        steps = [
            Because(f"{capital(condition(rule.body, g.pack, g.fired.facts))}.", place=rule.place)
        ]
        if limited.bites:
            steps += [self._leaves[record] for record in self._earlier(rule.body)]
        return Because(f"{text}.", tuple(steps), place=limited.limiter.place)

    def record(self, record: str) -> Because:
        """What a record says, where it was taken from, and the criteria and indicators that use it."""
        g, leaf = self.grading, self._leaves[record]
        used = [
            Because(why.text, place=why.place)
            for why in (self._criteria.why(criterion) for criterion in g.pack.criteria)
            if record in {step.record for step in why.walk()}
        ]
        asked = dict.fromkeys(i for owner in self._owners() for i in self._asked(owner))
        indicators = g.derivation.indicators
        # a row of a review stands in a rationale by its id alone where it says yes
        asked |= dict.fromkeys(name for name, i in indicators.items() if i.sample is not None)
        figures = [i for i in asked if record in indicators[i].records]
        used += [
            Because(why.text, place=why.place) for why in map(self._criteria.indicator, figures)
        ]
        note = "Used in:" if used else self._unused(record)
        source = self._leaves.source(record)
        steps = (*leaf.rests_on, *source, Because(note, tuple(used), place=leaf.place))
        return Because(f"{leaf.text}.", steps, record, leaf.place)

    def _unused(self, record: str) -> str:
        """What a record is for that no outcome and no figure rests on."""
        g = self.grading
        for placed in g.evidence.observations:
            criterion = g.pack.topics[placed.record.topic]
            if placed.record.id == record and placed.record.direction == "supports" and criterion:
                says = g.pack.criteria[criterion].written.says
                return f"It speaks for “{says}”; the outcome rests on other records."
        return "No rule rests on this record; it is kept and shown."

    def _limiters(self, limited: list[Limited]) -> Because:
        """A limiter as it stands for each question that has it."""
        if len(limited) == 1:
            return self.limiter(limited[0])
        titles = {**self.grading.sub_questions, **self.grading.judgments}
        steps = tuple(
            Because(
                f"{titles[x.limiter.rule.split('.')[0]].title}:",
                (self.limiter(x),),
                place=x.limiter.place,
            )
            for x in limited
        )
        because = capital(limited[0].limiter.written.because)
        at_best = grade_label(self.grading.pack, limited[0].limiter.written.at_best)
        return Because(f"{because}: at best {at_best}.", steps, place=limited[0].limiter.place)

    def _reached(self, judgment: Judgment) -> Iterator[Because]:
        """The rung that is reached, or those that may be."""
        pack, facts = self.grading.pack, self.grading.fired.facts
        one = len(judgment.provisional) == 1
        for grade in judgment.provisional:
            rule = pack.rules[f"{judgment.id}.{grade}"]
            found = condition(rule.body, pack, facts)
            word = "is reached" if one else "is possible"
            yield Because(f"{capital(grade_label(pack, grade))} {word}: {found}.", place=rule.place)

    def _not_reached(self, judgment: Judgment) -> Iterator[Because]:
        """The rungs above, nearest first, each with the conditions that fail."""
        pack, facts = self.grading.pack, self.grading.fired.facts
        ladder = rungs(pack, judgment.id)
        best = ladder.index(judgment.provisional[0]) if judgment.provisional else len(ladder)
        for grade in reversed(ladder[:best]):
            rule = pack.rules[f"{judgment.id}.{grade}"]
            fails = [part for part in _conjuncts(rule.body) if holds(part, facts).settled is False]
            found = listed(condition(part, pack, facts) for part in fails)
            yield Because(
                f"{capital(grade_label(pack, grade))} is not reached: {found}.", place=rule.place
            )

    def _balance(self, owner: str) -> Iterator[Because]:
        """What holds a question up, what holds it back, and what is not shown."""
        pack, criteria = self.grading.pack, self._criteria
        own = [c.id for c in pack.criteria.values() if owner in (c.question, c.sub_question)]
        core = {c for c in own if pack.criteria[c].written.core}
        back = [c for c in own if criteria.holds_back(c)]
        up = [c for c in own if c not in back and criteria.is_shown(c)]
        place = self._place(owner)
        shown = [criteria.brief(c, weaknesses_first=False, most=2) for c in up if c in core]
        if shown:
            yield Because("What holds it up:", tuple(shown), place=place)
        also = [c for c in up if c not in core]
        if also:
            steps = tuple(criteria.brief(c, weaknesses_first=False, most=1) for c in also)
            yield Because("Beyond its core:", steps, place=place)
        if back:
            steps = tuple(self._held_back(c) for c in back)
            yield Because("What holds it back:", steps, place=place)
        silent = [c for c in own if c not in back and c not in up]
        if silent:
            steps = tuple(criteria.brief(c, weaknesses_first=False, most=1) for c in silent)
            yield Because("What no record decides:", steps, place=place)

    def _held_back(self, criterion: str) -> Because:
        brief = self._criteria.brief(criterion, weaknesses_first=True, most=3)
        findings = [
            Because(f"{self.headline(f)}.", place=self.grading.pack.rules[f.rule].place)
            for f in self.grading.findings.values()
            if f.criterion == criterion and f.kind != "strength"
        ]
        return Because(brief.text, (*brief.rests_on, *findings), place=brief.place)

    def _questions(self) -> Iterator[Because]:
        """The policy that the overall judgment follows, and the judgments that enter it."""
        g = self.grading
        overall = g.pack.manifest.overall
        if overall is None:
            return
        place = self._place(OVERALL)
        yield Because(f"{g.pack.manifest.ladders[overall.ladder].says}.", place=place)
        steps = tuple(
            Because(
                f"{j.title}: {self._counts_as(j)}.",
                place=self._place(q),
            )
            for q, j in g.judgments.items()
            if q != OVERALL
        )
        yield Because("The questions:", steps, place=place)

    def _counts_as(self, judgment: Judgment) -> str:
        if judgment.graded:
            return self.grades(judgment)
        return f"{value_words(judgment.final)}, and not counted"

    def _not_graded(self, title: str, said: PlacedNotGraded) -> Because:
        """The value that the inspection gives instead of a grade, what it means, and why."""
        value, because = said.written.value, said.written.because.rstrip(".")
        means = self.grading.pack.manifest.scale.not_grades[value].rstrip(".")
        leaf = Because(f"{capital(because)}.", place=said.place)
        return Because(f"{title}: {value_words(value)}. {means}.", (leaf,), place=said.place)

    def _owners(self) -> tuple[str, ...]:
        """The questions and sub-questions, whose ladders may ask about figures themselves."""
        return (*self.grading.judgments, *self.grading.sub_questions)

    def _figures(self, owner: str) -> Iterator[Because]:
        """The figures that the owner's ladder asks about."""
        return (self._criteria.indicator(name) for name in self._asked(owner))

    def _asked(self, owner: str) -> list[str]:
        bodies = [rule.body for rule in self.grading.pack.rules.values() if rule.owner == owner]
        nodes = (leaf for body in bodies for leaf in leaves(body))
        return sorted({node.indicator for node in nodes if isinstance(node, Compared)})

    def _trend(self, judgment: Judgment) -> Iterator[Because]:
        if judgment.trend.record:
            leaf = self._leaves[judgment.trend.record]
            yield Because(
                f"Beside the judgment before: {judgment.trend.says}.", (leaf,), place=leaf.place
            )

    def _earlier(self, node: Node) -> list[str]:
        """Records of earlier findings that a count of them rests on."""
        kinds = {getattr(leaf, "kind", "") for leaf in leaves(node)}
        topics = {m for leaf in leaves(node) for m in getattr(leaf, "members", ())}
        states = {s for leaf in leaves(node) for s in getattr(leaf, "states", ())}
        return [
            p.record.id
            for p in self.grading.evidence.previous
            if p.record.kind in kinds and p.record.topic in topics and p.record.status in states
        ]

    def _place(self, owner: str) -> Place | None:
        return self.grading.pack.places.get(owner)


def _conjuncts(node: Node) -> tuple[Node, ...]:
    return inside(node) if isinstance(node, All) else (node,)
