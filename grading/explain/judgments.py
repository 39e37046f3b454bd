"""Why a judgment has its grade: the rung, why not the next, what holds it up and what holds it back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grading.explain.asked import every
from grading.explain.because import Because
from grading.explain.criteria import Criteria
from grading.explain.english import (
    capital,
    cited,
    clauses,
    counted,
    finding_words,
    grade_label,
    listed,
    outcome_words,
    quoted,
    value_words,
)
from grading.explain.figures import Figures
from grading.explain.leaves import Leaves
from grading.explain.measured import Measured
from grading.explain.rungs import Rung, ladder, measured_limiter, neighbours
from grading.explain.told import told
from grading.judge.judgments import Finding, Grading, Judgment, Limited
from grading.problems import Place
from grading.rules.loaded import OVERALL
from grading.rules.rule import Always, Compared, Count, leaves

_FEW = 4


@dataclass(frozen=True)
class Judgments:
    """Explains the judgments of one run."""

    grading: Grading
    leaves: Leaves
    criteria: Criteria
    figures: Figures

    def why(self, judgment: Judgment) -> Because:
        """The whole rationale of a judgment."""
        place = self._place(judgment.id)
        if judgment.not_graded is not None:
            return self._not_graded(judgment)
        if not judgment.graded:
            question = self.grading.pack.questions.get(judgment.id)
            reason = f" {question.ungraded}." if question and question.ungraded else ""
            steps = tuple(self._balance(judgment.id))
            return Because(f"{self.title(judgment)} is not graded.{reason}", steps, place=place)
        if judgment.carried_from:
            leaf = self.leaves[judgment.carried_from]
            text = f"{self.headline(judgment)}, carried forward: it was not inspected this time."
            return Because(text, (leaf,), place=leaf.place)
        within = self._questions() if judgment.id == OVERALL else self._balance(judgment.id)
        steps = (*self._ladder(judgment), *within, *self._read(judgment), *self._trend(judgment))
        return Because(f"{self.headline(judgment)}.", steps, place=place)

    def why_not(self, judgment: Judgment, grade: str) -> Because:
        """Why a judgment has not this grade: each condition of its rung, and the limiters above it."""
        rungs = {rung.grade: rung for rung in ladder(self.grading, judgment)}
        label = grade_label(self.grading.pack, grade)
        if judgment.carried_from or not judgment.graded or grade not in rungs:
            text = f"{self.headline(judgment)}: no rung of {label} was asked for."
            return Because(text, (), place=self._place(judgment.id))
        order = self.grading.pack.grades.index
        if grade in judgment.derived:
            word = "is graded" if len(judgment.derived) == 1 else "may be"
            text = f"{self.title(judgment)} {word} {label}:"
            return Because(text, tuple(self._conditions(rungs[grade])), place=rungs[grade].place)
        if judgment.derived and order(grade) > order(judgment.derived[-1]):
            return self._above_it(judgment, rungs, grade)
        return self._not_reached(
            rungs[grade], f"{self.headline(judgment)}, not {label}:", deep=True
        )

    def headline(self, judgment: Judgment) -> str:
        """A judgment and its grade: `Baking bread is graded good`."""
        if judgment.not_graded is not None or not judgment.graded:
            return f"{self.title(judgment)} is {value_words(judgment.final)}"
        pack = self.grading.pack
        if len(judgment.derived) == 1:
            return f"{self.title(judgment)} is graded {grade_label(pack, judgment.derived[0])}"
        between = listed((grade_label(pack, g) for g in reversed(judgment.derived)), "or")
        return f"{self.title(judgment)} is undetermined: on this evidence it can be {between}"

    def title(self, judgment: Judgment) -> str:
        """The title of a judgment as a name; in quotation marks where it is a question."""
        return quoted(judgment.title) if judgment.title.endswith("?") else judgment.title

    def limiter(self, limited: Limited) -> Because:
        """Whether a limiter bites, and on what."""
        g, written = self.grading, limited.limiter.written
        at_best = grade_label(g.pack, written.at_best)
        text = {
            True: f"{capital(written.because)}, so the grade is {at_best} at best",
            False: f"Not held at {at_best}: that would be so if {written.because}",
            None: f"Perhaps {at_best} at best: it is not known whether {written.because}",
        }[limited.bites]
        rule = g.pack.rules[limited.limiter.rule]
        steps: list[Because] = []
        for measured in measured_limiter(self.grading, limited):
            words = told(measured, g.pack, g.fired.facts)
            inside = tuple(self._members(measured)) if limited.bites is not False else ()
            steps.append(Because(f"{capital(words)}.", inside, place=rule.place))
        return Because(f"{text}.", tuple(steps), place=limited.limiter.place)

    def finding(self, finding: Finding) -> str:
        """What a finding says, and since when."""
        g, says = self.grading, finding.says
        if finding.kind != "strength":
            says = f"{g.evidence.inspection.body_name} should {says}"
        text = f"{capital(finding_words(finding.kind))}: {says}"
        if finding.kind == "cause-of-concern":
            about = g.pack.criteria[finding.criterion].written.says
            text = f"Cause of concern about {quoted(about)}; recommendation: {says}"
        return text + (f" (first raised in {finding.first_raised})" if finding.previous else "")

    def asked(self, owner: str) -> list[str]:
        """The indicators that a judgment's ladder asks about itself."""
        bodies = [rule.body for rule in self.grading.pack.rules.values() if rule.owner == owner]
        nodes = (leaf for body in bodies for leaf in leaves(body))
        return sorted({node.indicator for node in nodes if isinstance(node, Compared)})

    def _ladder(self, judgment: Judgment) -> Iterator[Because]:
        """The rung that is reached or those that may be, and why not the one above."""
        rungs = ladder(self.grading, judgment)
        above, below = neighbours(rungs, judgment.derived)
        by_grade = {rung.grade: rung for rung in rungs}
        pack = self.grading.pack
        if len(judgment.provisional) > 1 or len(judgment.derived) > 1:
            yield from self._open(judgment, rungs)
        elif judgment.provisional == judgment.derived:
            reached = by_grade[judgment.derived[0]]
            also = f", and not {grade_label(pack, below)}" if below else ""
            head = f"Why {grade_label(pack, reached.grade)}{also}:"
            yield Because(head, tuple(self._conditions(reached)), place=reached.place)
        else:
            before = by_grade[judgment.provisional[0]]
            yield self._limited(judgment, before)
            above = neighbours(rungs, judgment.provisional)[0]
        if above is not None:
            yield self._not_reached(by_grade[above], f"Why not {grade_label(pack, above)}:")

    def _open(self, judgment: Judgment, rungs: tuple[Rung, ...]) -> Iterator[Because]:
        """What each grade that is possible asks beyond what is known already, and what limits it."""
        pack = self.grading.pack
        steps = []
        for rung in (r for r in rungs if r.grade in judgment.provisional):
            asks = [m.node for m in rung.unmet] or [m.node for m in rung.conditions]
            if any(isinstance(node, Always) for node in asks):
                text = f"Otherwise {grade_label(pack, rung.grade)}."
            else:
                text = f"{capital(grade_label(pack, rung.grade))} if {every(asks, pack)}."
            steps.append(Because(text, place=rung.place))
        yield Because("What it can be, read from the top:", tuple(steps), place=rungs[0].place)
        bite = tuple(self.limiter(x) for x in judgment.limiters if x.bites is not False)
        if bite:
            yield Because("What limits it:", bite, place=bite[0].place)

    def _limited(self, judgment: Judgment, before: Rung) -> Because:
        """Where limiters lowered the grade: what it was before, and each that bit."""
        pack, facts = self.grading.pack, self.grading.fired.facts
        label = grade_label(pack, before.grade)
        met = clauses(told(m, pack, facts) for m in before.conditions)
        steps = [Because(f"What {label} asks is met: {met}.", place=before.place)]
        order = pack.grades.index
        steps += [
            self.limiter(limited)
            for limited in judgment.limiters
            if limited.bites and order(limited.limiter.written.at_best) > order(before.grade)
        ]
        head = f"Why {grade_label(pack, judgment.derived[0])}, and not {label}:"
        return Because(head, tuple(steps), place=before.place)

    def _conditions(self, rung: Rung) -> Iterator[Because]:
        """Each condition of a rung with what was found."""
        for measured in rung.conditions:
            yield self._condition(measured)

    def _condition(
        self, measured: Measured, *, deep: bool = False, named: frozenset[str] = frozenset()
    ) -> Because:
        pack, facts = self.grading.pack, self.grading.fired.facts
        if isinstance(measured.node, Always):
            text = "No better rung holds, and the last one asks nothing"
            return Because(f"{text}.", place=measured.node.place)
        text = capital(told(measured, pack, facts))
        steps: tuple[Because, ...] = ()
        if measured.truth is not True:
            if not named.issuperset((*measured.members, *measured.open_members)) or not named:
                text += self._named(measured)
            steps = tuple(self._members(measured)) if deep else ()
        elif measured.records:
            text += f" {cited(measured.records)}"
        return Because(f"{text}.", steps, place=measured.node.place)

    def _not_reached(self, rung: Rung, head: str, *, deep: bool = False) -> Because:
        """What fails of a rung, what is met, and the limiters that would still hold it below."""
        pack, facts = self.grading.pack, self.grading.fired.facts
        steps = []
        named: set[str] = set()  # what was named once is not named again
        for measured in rung.unmet:
            steps.append(self._condition(measured, deep=deep, named=frozenset(named)))
            named.update(measured.members, measured.open_members)
        if rung.withheld:
            sole = listed(kind.replace("-", " ") for kind in rung.withheld)
            text = f"Its conditions hold on {sole} alone, which may not be the sole basis."
            steps.append(Because(text, place=rung.place))
        elif not rung.unmet:
            steps.append(Because("All its conditions are met.", place=rung.place))
        bite = [x for x in rung.limiters if x.bites]
        if bite:
            steps.append(self._still(rung, bite, frozenset(named)))
        if rung.holds is not None:
            steps += [self.limiter(x) for x in rung.limiters if not x.bites]
        if rung.unmet and rung.met:
            met = clauses(told(m, pack, facts) for m in rung.met)
            steps.append(Because(f"Met already: {met}.", place=rung.place))
        return Because(head, tuple(steps), place=rung.place)

    def _still(self, rung: Rung, bite: list[Limited], named: frozenset[str]) -> Because:
        """The limiters that would hold a rung down, though its conditions were met."""
        g = self.grading
        worst = max((x.limiter.written.at_best for x in bite), key=g.pack.grades.index)
        would = "Even then it would be" if rung.unmet else "It is"
        reasons = clauses(self._because(x, named) for x in bite)
        text = f"{would} {grade_label(g.pack, worst)} at best, because {reasons}"
        steps = tuple(
            step
            for x in bite
            for measured in measured_limiter(g, x)
            for step in self._members(measured)
        )
        return Because(f"{text}.", steps, place=bite[0].limiter.place)

    def _because(self, limited: Limited, named: frozenset[str]) -> str:
        """Why a limiter bites, and the criteria or records on which it does, if not named yet."""
        measured = measured_limiter(self.grading, limited)
        new = [m for m in measured if not m.members or not named.issuperset(m.members)]
        names = listed(dict.fromkeys(name for m in new for name in self._names(m)))
        said = limited.limiter.written.because
        return f"{said} {names if names.startswith('[') else f'({names})'}" if names else said

    def _above_it(self, judgment: Judgment, rungs: dict[str, Rung], grade: str) -> Because:
        """Why a judgment is no worse: the rung that it reaches, with room, and limiters that do not bite."""
        pack = self.grading.pack
        label = grade_label(pack, grade)
        steps: list[Because] = []
        for reached in judgment.provisional:
            steps += self._conditions(rungs[reached])
        order = pack.grades.index
        steps += [
            self.limiter(x)
            for x in judgment.limiters
            if x.bites is not True and order(x.limiter.written.at_best) >= order(grade)
        ]
        text = f"{self.headline(judgment)}, no worse, and so not {label}:"
        return Because(text, tuple(steps), place=rungs[grade].place)

    def _named(self, measured: Measured) -> str:
        """Which criteria, questions or records are in the way of a condition, in a few words."""
        node = measured.node
        if not isinstance(node, Count):
            return f" {cited(measured.records)}" if measured.records else ""
        if node.counted == "outcomes" and measured.truth is False and node.fewest > 0:
            return "".join(f". {capital(s)}" for s in self._lacking(measured, node))
        names = self._names(measured)
        if not names or (measured.truth is None and len(names) > _FEW):
            return ""
        return f": {listed(names)}"

    def _names(self, measured: Measured) -> list[str]:
        pack, node = self.grading.pack, measured.node
        if not isinstance(node, Count):
            return [cited(measured.records)] if measured.records else []
        members = measured.members if measured.truth is not None else measured.open_members
        match node.counted:
            case "outcomes" | "findings":
                return [quoted(pack.criteria[m].written.says) for m in members]
            case "judgments":
                return [self.title(self.grading.judgments[m]) for m in members]
            case "previous":
                return [cited(members)] if members else []

    def _lacking(self, measured: Measured, node: Count) -> Iterator[str]:
        """The criteria that a count lacks, together where they are alike, and what is in their way."""
        alike: dict[tuple[frozenset[str], str], list[str]] = {}
        outcomes = self.grading.fired.facts.outcomes
        for member in (*measured.members, *measured.open_members):
            way = self.criteria.way(member, frozenset(node.states))
            alike.setdefault((outcomes[member], way), []).append(member)
        for (possible, way), members in alike.items():
            names = listed(quoted(self.grading.pack.criteria[m].written.says) for m in members)
            if len(possible) == 1:
                does = outcome_words(possible, len(members))
            else:
                does = "is not shown" if len(members) == 1 else "are not shown"
            does = does.replace(" the standard", " it")
            yield f"{names} {does}" + (f"; {way}" if way else "")

    def _members(self, measured: Measured) -> Iterator[Because]:
        """Each criterion, question, finding or record that is in the way of a condition."""
        node = measured.node
        if not isinstance(node, Count):
            yield from (self.leaves[record] for record in measured.records)
            return
        members = (*measured.members, *measured.open_members)
        match node.counted:
            case "outcomes":
                for member in members:
                    yield self.criteria.short_of(member, frozenset(node.states))
            case "judgments":
                for member in members:
                    text = f"{self.headline(self.grading.judgments[member])}."
                    yield Because(text, place=self._place(member))
            case "findings":
                for finding in self.grading.findings.values():
                    if finding.kind == node.kind and finding.criterion in members:
                        brief = self.criteria.brief(finding.criterion)
                        text = f"{self.finding(finding)}."
                        yield Because(text, (brief,), place=brief.place)
            case "previous":
                yield from (self.leaves[record] for record in members)

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
            number = counted(len(found), "criterion", "criteria")
            names = listed(quoted(self.criteria.says(m)) for m in found)
            text = f"{number} {outcome_words([outcome], len(found))}: {names}."
            steps = tuple(self.criteria.brief(m) for m in found)
            yield Because(capital(text), steps, place=steps[0].place)

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
            self.finding(f)
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
        text = self.headline(judgment)
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
            f"{self.title(judgment)}: {value_words(value)}. {means}.", (leaf,), place=said.place
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
            text = f"Beside the last judgment, this is {judgment.trend.says} [{leaf.record}]."
            if judgment.trend.word == "unknown":
                text = f"It cannot be set beside the last judgment: {judgment.trend.says}."
            yield Because(text, (leaf,), place=leaf.place)

    def _place(self, owner: str) -> Place | None:
        return self.grading.pack.places.get(owner)
