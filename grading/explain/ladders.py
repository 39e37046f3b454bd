"""Why a rung of a ladder is reached or not: each condition beside the evidence, and the limiters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grading.explain.asked import bounded, every
from grading.explain.because import Because
from grading.explain.criteria import Criteria
from grading.explain.english import (
    capital,
    cited,
    clauses,
    grade_label,
    listed,
    outcome_words,
    quoted,
)
from grading.explain.headlines import headline, said_of, title
from grading.explain.leaves import Leaves
from grading.explain.measured import Measured
from grading.explain.rungs import Rung, ladder, measured_limiter, neighbours
from grading.explain.told import found_of, told
from grading.judge.judgments import Grading, Judgment, Limited
from grading.rules.rule import Always, Count

_FEW = 4


@dataclass(frozen=True)
class Ladders:
    """Explains the rungs and limiters of one run's judgments."""

    grading: Grading
    leaves: Leaves
    criteria: Criteria

    def why_not(self, judgment: Judgment, grade: str) -> Because:
        """Why a judgment has not this grade: each condition of its rung, and the limiters above it."""
        rungs = {rung.grade: rung for rung in ladder(self.grading, judgment)}
        label = grade_label(self.grading.pack, grade)
        if judgment.carried_from or not judgment.graded or grade not in rungs:
            text = f"{headline(self.grading.pack, judgment)}: no rung of {label} was asked for."
            return Because(text, (), place=self.grading.pack.places.get(judgment.id))
        order = self.grading.pack.grades.index
        if grade in judgment.derived:
            word = "is graded" if len(judgment.derived) == 1 else "may be"
            text = f"{title(judgment)} {word} {label}:"
            return Because(text, tuple(self._conditions(rungs[grade])), place=rungs[grade].place)
        if judgment.derived and order(grade) > order(judgment.derived[-1]):
            return self._above_it(judgment, rungs, grade)
        return self._not_reached(
            rungs[grade], f"{headline(self.grading.pack, judgment)}, not {label}:", deep=True
        )

    def limiter(self, limited: Limited) -> Because:
        """Whether a limiter bites, and on what."""
        g, written = self.grading, limited.limiter.written
        at_best = grade_label(g.pack, written.at_best)
        text = {
            True: f"{capital(written.because)}, so the grade is {at_best} at best",
            False: f"It would be {at_best} at best only where {written.because}; that is not so",
            None: f"Perhaps {at_best} at best: it is not known whether {written.because}",
        }[limited.bites]
        rule = g.pack.rules[limited.limiter.rule]
        steps: list[Because] = []
        for measured in measured_limiter(self.grading, limited):
            words = self._limits(measured)
            inside = tuple(self._members(measured)) if limited.bites is not False else ()
            steps.append(Because(f"{capital(words)}.", inside, place=rule.place))
        return Because(f"{text}.", tuple(steps), place=limited.limiter.place)

    def _limits(self, measured: Measured) -> str:
        """What was found of a condition that limits, and how many it takes where one is not enough."""
        node, pack = measured.node, self.grading.pack
        if not isinstance(node, Count) or bounded(node):
            return told(measured, pack, self.grading.fired.facts)
        takes = f"; it takes {node.fewest}" if node.fewest > 1 else ""
        return f"{found_of(measured, node, pack)}{takes}"

    def steps(self, judgment: Judgment) -> Iterator[Because]:
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
        text = f"{headline(self.grading.pack, judgment)}, no worse, and so not {label}:"
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
        if measured.truth is False and node.fewest > 0:
            return f". Not among them: {listed(names)}"
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
                return [title(self.grading.judgments[m]) for m in members]
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
                    text = f"{headline(self.grading.pack, self.grading.judgments[member])}."
                    yield Because(text, place=self.grading.pack.places.get(member))
            case "findings":
                for finding in self.grading.findings.values():
                    if finding.kind == node.kind and finding.criterion in members:
                        brief = self.criteria.brief(finding.criterion)
                        text = f"{said_of(self.grading, finding)}."
                        yield Because(text, (brief,), place=brief.place)
            case "previous":
                yield from (self.leaves[record] for record in members)
