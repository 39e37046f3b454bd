"""Why a judgment has its grade: the rung, why not the next, what holds it up and what holds it back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grading.explain.because import Because
from grading.explain.criteria import Criteria
from grading.explain.decided import moderation_steps
from grading.explain.english import (
    capital,
    cited,
    listed,
    outcome_words,
    quoted,
    value_words,
)
from grading.explain.figures import Figures
from grading.explain.headlines import headline, said_of, title
from grading.explain.ladders import Ladders
from grading.explain.leaves import Leaves
from grading.judge.judgments import Grading, Judgment
from grading.problems import Place
from grading.rules.loaded import OVERALL
from grading.rules.rule import Compared, leaves


@dataclass(frozen=True)
class Judgments:
    """Explains the judgments of one run."""

    grading: Grading
    leaves: Leaves
    criteria: Criteria
    figures: Figures
    ladders: Ladders

    def why(self, judgment: Judgment) -> Because:
        """The whole rationale of a judgment."""
        place = self._place(judgment.id)
        if judgment.not_graded is not None:
            return self._not_graded(judgment)
        if not judgment.graded:
            question = self.grading.pack.questions.get(judgment.id)
            reason = f" {question.ungraded}." if question and question.ungraded else ""
            steps = tuple(self._balance(judgment.id))
            return Because(f"{title(judgment)} is not graded.{reason}", steps, place=place)
        if judgment.carried_from:
            leaf = self.leaves[judgment.carried_from]
            graded = headline(self.grading.pack, judgment)
            text = f"{graded}, carried forward: it was not inspected this time."
            steps = (*moderation_steps(self.grading, self.leaves, judgment), leaf)
            return Because(text, steps, place=leaf.place)
        within = self._questions() if judgment.id == OVERALL else self._balance(judgment.id)
        steps = (
            *moderation_steps(self.grading, self.leaves, judgment),
            *self.ladders.steps(judgment),
            *within,
            *self._read(judgment),
            *self._trend(judgment),
        )
        return Because(f"{headline(self.grading.pack, judgment)}.", steps, place=place)

    def asked(self, owner: str) -> list[str]:
        """The indicators that a judgment's ladder asks about itself."""
        bodies = [rule.body for rule in self.grading.pack.rules.values() if rule.owner == owner]
        nodes = (leaf for body in bodies for leaf in leaves(body))
        return sorted({node.indicator for node in nodes if isinstance(node, Compared)})

    def _balance(self, owner: str) -> Iterator[Because]:
        """What holds a question up, what holds it back, and what is not shown."""
        pack, criteria = self.grading.pack, self.criteria
        own = [c.id for c in pack.criteria.values() if owner in (c.question, c.sub_question)]
        core = {c for c in own if pack.criteria[c].written.core}
        back = [c for c in own if criteria.holds_back(c)]
        up = [c for c in own if c not in back and criteria.is_shown(c)]
        place = self._place(owner)
        shown = tuple(criteria.brief(c) for c in up if c in core)
        if shown:
            yield Because("What holds it up:", shown, place=place)
        beyond = [c for c in up if c not in core]
        if beyond:
            yield Because("Beyond its core:", tuple(self._together(beyond)), place=place)
        if back:
            steps = tuple(self._held_back(c) for c in back)
            yield Because("What holds it back:", steps, place=place)
        silent = [c for c in own if c not in back and c not in up]
        if silent:
            yield Because("What no record decides:", tuple(self._silent(silent)), place=place)

    def _together(self, members: list[str]) -> Iterator[Because]:
        """Criteria with one outcome in one sentence, each with its records below."""
        alike: dict[str, list[str]] = {}
        for member in members:
            (outcome,) = sorted(self.grading.fired.facts.outcomes[member])[:1]
            alike.setdefault(outcome, []).append(member)
        for outcome, found in sorted(alike.items()):
            names = listed(quoted(self.criteria.says(m)) for m in found)
            text = f"{names} {outcome_words([outcome], len(found))}."
            steps = tuple(self.criteria.brief(m) for m in found)
            yield Because(text, steps, place=steps[0].place)

    def _silent(self, members: list[str]) -> Iterator[Because]:
        """Criteria that no record decides, together where the reason is one."""
        alike: dict[str, list[str]] = {}
        for member in members:
            reason = self.criteria.silence(member).text
            alike.setdefault(reason, []).append(member)
        for reason, found in alike.items():
            names = listed(quoted(self.criteria.says(m)) for m in found)
            place = self.grading.pack.criteria[found[0]].place
            withheld = tuple(step for m in found for step in self.criteria.withheld(m))
            yield Because(f"{names}: {reason[:1].lower()}{reason[1:]}", withheld, place=place)

    def _held_back(self, criterion: str) -> Because:
        brief = self.criteria.brief(criterion)
        findings = [
            said_of(self.grading, f)
            for f in self.grading.findings.values()
            if f.criterion == criterion and f.kind != "strength"
        ]
        text = " ".join([brief.text, *(f"{said}." for said in findings)])
        return Because(text, brief.rests_on, place=brief.place)

    def _questions(self) -> Iterator[Because]:
        """The policy that the overall judgment follows, and the judgments that enter it."""
        g = self.grading
        overall = g.pack.manifest.overall
        if overall is None:
            return
        place = self._place(OVERALL)
        ladder_ = g.pack.manifest.ladders[overall.ladder]
        yield Because(f"The rule: {ladder_.says}.", place=place)
        steps = tuple(
            Because(f"{self._counts_as(j)}.", place=self._place(q))
            for q, j in g.judgments.items()
            if q != OVERALL
        )
        yield Because("The questions:", steps, place=place)

    def _counts_as(self, judgment: Judgment) -> str:
        text = headline(self.grading.pack, judgment)
        if judgment.not_graded is not None:
            # a share of the questions, or all but some of them, is of this one too
            return f"{text}, and is counted as a question without a grade"
        if not judgment.graded:
            return f"{text}, and does not count"
        if judgment.carried_from:
            return f"{text}, carried forward {cited([judgment.carried_from])}"
        return text

    def _not_graded(self, judgment: Judgment) -> Because:
        """The value that the inspection gives instead of a grade, what it means, and why."""
        said = judgment.not_graded
        if said is None:
            raise AssertionError("only a judgment that the inspection does not grade comes here")
        value, because = said.written.value, said.written.because.rstrip(".")
        means = self.grading.pack.manifest.scale.not_grades[value].rstrip(".")
        leaf = Because(f"{capital(because)}.", place=said.place)
        return Because(
            f"{title(judgment)}: {value_words(value)}. {means}.", (leaf,), place=said.place
        )

    def _read(self, judgment: Judgment) -> Iterator[Because]:
        """The figures that a judgment rests on, each with how it may be read."""
        own = self.asked(judgment.id)
        criteria = [
            c.id
            for c in self.grading.pack.criteria.values()
            if judgment.id in (c.question, c.sub_question)
        ]
        below = [name for c in criteria for name in self.criteria.rests_on_figures(c)]
        names: Iterable[str] = dict.fromkeys([*own, *below])
        steps = tuple(self.figures.brief(name) for name in names)
        if steps:
            place = self._place(judgment.id)
            yield Because("The figures it rests on:", steps, place=place)
        unsettled = tuple(step for c in criteria for step in self.criteria.unsettled(c))
        if unsettled:
            place = unsettled[0].place
            yield Because("What samples do not settle:", unsettled, place=place)

    def _trend(self, judgment: Judgment) -> Iterator[Because]:
        if judgment.trend.record:
            leaf = self.leaves[judgment.trend.record]
            text = f"It is {judgment.trend.says} [{leaf.record}]."
            if judgment.trend.word == "unknown":
                text = f"It cannot be set beside the last judgment: {judgment.trend.says}."
            yield Because(text, (leaf,), place=leaf.place)

    def _place(self, owner: str) -> Place | None:
        return self.grading.pack.places.get(owner)
