"""Why: the rationale of a judgment, criterion, finding, limiter, indicator or record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grading.derive.indicators import Derived
from grading.evidence.load import Placed
from grading.evidence.records import FileReview, Observation
from grading.explain.because import Because
from grading.explain.english import (
    condition,
    counted,
    figure,
    grade_label,
    listed,
    outcome_phrase,
)
from grading.judge.judgments import Finding, Grading, Judgment, Limited
from grading.problems import Place, did_you_mean
from grading.rules.definition import holds, shows
from grading.rules.load import OVERALL
from grading.rules.rule import All, Compared, Node, Sought, inside, leaves
from grading.rules.stages import rungs

_KIND_WORDS = {
    "strength": "Strength",
    "area-for-improvement": "Area for improvement",
    "cause-of-concern": "Cause of concern",
}


class UnknownTarget(Exception):
    """Nothing of that name can be explained."""


@dataclass(frozen=True)
class Explainer:
    """Answers why, for anything that a run concluded."""

    grading: Grading

    def why(self, target: str) -> Because:
        """The rationale of a target by its id. Raises UnknownTarget, with the nearest known name."""
        g = self.grading
        judgments = {**g.sub_questions, **g.judgments}
        if target in judgments:
            return self.judgment(judgments[target])
        if target in g.pack.criteria:
            return self.criterion(target)
        if target in g.findings:
            return self.finding(g.findings[target])
        if target in g.derivation.indicators:
            return self.indicator(g.derivation.indicators[target])
        for judgment in judgments.values():
            for limited in judgment.limiters:
                if target in (limited.limiter.id, limited.limiter.rule):
                    return self.limiter(limited)
        places = g.evidence.places()
        if target in places:
            return self.record(target)
        known = [*judgments, *g.pack.criteria, *g.findings, *g.derivation.indicators, *places]
        raise UnknownTarget(f"nothing called `{target}`", did_you_mean(target, known))

    def judgment(self, judgment: Judgment) -> Because:
        """Why a question has its grade: the rung, what holds it up and back, and the rung above."""
        if not judgment.graded:
            return self._ungraded(judgment)
        if judgment.carried_from:
            return self._carried(judgment)
        steps = [
            *self._rungs(judgment),
            *self._limits(judgment),
            *(self._overall() if judgment.id == OVERALL else self._criteria(judgment.id)),
            *self._trend(judgment),
        ]
        return Because(f"{judgment.title}: {self.grades(judgment)}.", tuple(steps), place=self._place(judgment.id))

    def grades(self, judgment: Judgment) -> str:
        """The grade in words, or the interval."""
        pack = self.grading.pack
        if len(judgment.derived) == 1:
            return grade_label(pack, judgment.derived[0])
        between = listed((grade_label(pack, g) for g in reversed(judgment.derived)), "or")
        return f"undetermined; on this evidence it can be {between}"

    def criterion(self, criterion: str) -> Because:
        """The outcome of a criterion with the records that decide it and the line that says how."""
        placed = self.grading.pack.criteria[criterion]
        possible = self.grading.fired.facts.outcomes[criterion]
        text = f"{placed.written.says}: {outcome_phrase(possible)}"
        steps = [*self._evidence(criterion), *self._figures(criterion), *self._withheld(criterion)]
        if not steps:
            steps = [self._silence(criterion)]
        rule = self.grading.pack.rules[f"{criterion}.{self._decided_by(possible)}"]
        asked = Because(
            f"This is asked of every force by the rule on {placed.written.cite}", place=rule.place
        )
        return Because(text + ".", (*steps, asked), place=placed.place)

    def headline(self, finding: Finding) -> str:
        """What a finding says, and since when."""
        text = f"{_KIND_WORDS[finding.kind]}: {self._says(finding)}"
        return text + (f" (first raised in {finding.first_raised})" if finding.previous else "")

    def unknowns(self, question: str) -> list[str]:
        """What leaves a judgment open: core criteria that are not known, by what is missing."""
        g = self.grading
        if question == OVERALL:
            return [f"{g.judgments[q].title} is open" for q in g.undetermined if q != OVERALL]
        criteria = [c for c in g.pack.criteria_of(question) if g.pack.criteria[c].written.core]
        found = []
        for criterion in criteria:
            if len(g.fired.facts.outcomes[criterion]) > 1:
                says = g.pack.criteria[criterion].written.says
                found.append(f"{says}: {self._silence(criterion).text}")
        return found

    def finding(self, finding: Finding) -> Because:
        """A finding with the criterion that it rests on, earlier findings and its recommendation."""
        text = self.headline(finding)
        steps = [self.criterion(finding.criterion)]
        steps += [self._leaf(record) for record in finding.previous]
        if finding.recommendation:
            steps.append(
                Because(
                    f"Recommendation: {self._body()} should {finding.recommendation}",
                    place=self.grading.pack.criteria[finding.criterion].place,
                )
            )
        return Because(text + ".", tuple(steps), place=self.grading.pack.rules[finding.rule].place)

    def limiter(self, limited: Limited) -> Because:
        """Whether a limiter bites, and on what."""
        at_best = grade_label(self.grading.pack, limited.limiter.written.at_best)
        because = limited.limiter.written.because
        match limited.bites:
            case True:
                text = f"The grade is at best {at_best}, because {because}"
            case False:
                text = f"Nothing limits the grade to {at_best}: it would if {because}"
            case None:
                text = f"The grade may be limited to {at_best}: whether {because} is not known"
        rule = self.grading.pack.rules[limited.limiter.rule]
        found = condition(rule.body, self.grading.pack, self.grading.fired.facts)
        steps = [Because(found[:1].upper() + found[1:] + ".", place=rule.place)]
        if limited.bites:
            steps += [self._leaf(record) for record in self._earlier(rule.body)]
        return Because(text + ".", tuple(steps), place=limited.limiter.place)

    def indicator(self, derived: Derived) -> Because:
        """The value of an indicator and the records it comes from, or why it has none."""
        place = self.grading.pack.places.get(f"indicator.{derived.id}")
        if derived.value is None:
            return Because(f"{derived.title}: not available, {derived.reason}.", place=place)
        text = f"{derived.title}: {figure(derived.value, derived.unit)}"
        text += f" ({derived.shown})" if derived.shown else ""
        steps = [self._leaf(record) for record in derived.records]
        caveats = self.grading.pack.caveats
        steps += [Because(f"Caveat: {caveats[c].says}.", place=place) for c in derived.caveats]
        return Because(text + ".", tuple(steps), place=place)

    def record(self, record: str) -> Because:
        """What a record says, and everything that it supports."""
        used = [
            Because(self.criterion(criterion).text, place=self.grading.pack.criteria[criterion].place)
            for criterion in self.grading.pack.criteria
            if record in {step.record for step in self.criterion(criterion).walk()}
        ]
        leaf = self._leaf(record)
        note = "Used in:" if used else "No criterion uses this record; it is kept and shown."
        return Because(leaf.text, (Because(note, tuple(used), place=leaf.place),), record, leaf.place)

    def _rungs(self, judgment: Judgment) -> Iterator[Because]:
        """The rung that is reached, then those above it, nearest first, each with what fails."""
        pack, facts = self.grading.pack, self.grading.fired.facts
        ladder = rungs(pack, judgment.id)
        reached = [g for g in ladder if g in judgment.provisional]
        for grade in reached:
            rule = pack.rules[f"{judgment.id}.{grade}"]
            word = "is reached" if len(reached) == 1 else "is possible"
            found = condition(rule.body, pack, facts)
            yield Because(f"{grade_label(pack, grade).capitalize()} {word}: {found}.", place=rule.place)
        above = ladder[: ladder.index(reached[0])] if reached else ladder
        for grade in reversed(above):
            rule = pack.rules[f"{judgment.id}.{grade}"]
            fails = [p for p in self._conjuncts(rule.body) if holds(p, facts).settled is False]
            found = "; ".join(condition(p, pack, facts) for p in fails)
            yield Because(
                f"{grade_label(pack, grade).capitalize()} is not reached: {found}.", place=rule.place
            )

    def _limits(self, judgment: Judgment) -> Iterator[Because]:
        return (self.limiter(x) for x in judgment.limiters if x.bites is not False)

    def _criteria(self, owner: str) -> Iterator[Because]:
        """What holds the question up, what holds it back, and what is not known."""
        g = self.grading
        question = owner if owner in g.pack.questions else None
        criteria = [
            c.id
            for c in g.pack.criteria.values()
            if (c.question == question if question else c.sub_question == owner)
        ]
        outcomes = g.fired.facts.outcomes
        back = [c for c in criteria if self._holds_back(c)]
        up = [c for c in criteria if c not in back and outcomes[c] <= {"exceeds", "meets"}]
        up = [c for c in up if self._supporting(c) or self._figures(c)]
        up.sort(key=lambda c: (outcomes[c] != {"exceeds"}, not g.pack.criteria[c].written.core))
        silent = [c for c in criteria if c not in back and c not in up]
        core = [c for c in silent if g.pack.criteria[c].written.core]
        groups = (
            ("What holds it up", [self._brief(c, 2) for c in up]),
            ("What holds it back", [self._brief(c, 4) for c in back]),
            ("What is not shown", [self._brief(c, 1) for c in core]),
        )
        for title, steps in groups:
            if steps:
                yield Because(f"{title}:", tuple(steps), place=self._place(owner))
        rest = [c for c in silent if c not in core]
        if rest:
            taken = listed(f"“{g.pack.criteria[c].written.says}”" for c in rest)
            yield Because(f"Nothing decides either way on {taken}.", place=self._place(owner))

    def _brief(self, criterion: str, most: int) -> Because:
        """A criterion with its weightiest records: weaknesses first where it is held back."""
        full = self.criterion(criterion)
        leaves_ = [step for step in full.rests_on if step.record or step.rests_on]
        shown = leaves_[:most] if leaves_ else list(full.rests_on[:1])
        more = len(leaves_) - len(shown)
        rest = (
            (Because(f"and {counted(more, 'record', 'records')} more", place=full.place),)
            if more > 0
            else ()
        )
        raised = [
            f
            for f in self.grading.findings.values()
            if f.criterion == criterion and f.kind != "strength"
        ]
        text = full.text
        for finding in raised:
            since = f" first raised in {finding.first_raised}" if finding.previous else ""
            text = f"{text[:-1]}; {_KIND_WORDS[finding.kind].lower()}{since}."
        return Because(text, (*shown, *rest), place=full.place)

    def _holds_back(self, criterion: str) -> bool:
        """Whether a weakness of substance stands against it, mitigated or not."""
        possible = self.grading.fired.facts.outcomes[criterion]
        grave = any(r.levels.get("severity", 0) >= 2 for r in self._against(criterion))
        return grave or bool(possible & {"falls-short", "conflicted"})

    def _overall(self) -> Iterator[Because]:
        g = self.grading
        overall = g.pack.manifest.overall
        if overall is None:
            return
        ladder = g.pack.manifest.ladders[overall.ladder]
        yield Because(ladder.says + ".", place=self._place(OVERALL))
        yield Because(
            "The questions:",
            tuple(
                Because(f"{j.title}: {self.grades(j) if j.graded else 'ungraded, and not counted'}.", place=self._place(q))
                for q, j in g.judgments.items()
                if q != OVERALL
            ),
            place=self._place(OVERALL),
        )

    def _trend(self, judgment: Judgment) -> Iterator[Because]:
        if judgment.trend.record:
            leaf = self._leaf(judgment.trend.record)
            yield Because(f"Beside the judgment before: {judgment.trend.says}.", (leaf,), place=leaf.place)

    def _ungraded(self, judgment: Judgment) -> Because:
        why = self.grading.pack.questions.get(judgment.id)
        reason = f" {why.ungraded}." if why and why.ungraded else ""
        steps = tuple(self._criteria(judgment.id))
        return Because(f"{judgment.title}: ungraded.{reason}", steps, place=self._place(judgment.id))

    def _carried(self, judgment: Judgment) -> Because:
        leaf = self._leaf(judgment.carried_from or "")
        text = f"{judgment.title}: {self.grades(judgment)}, carried forward; it was not inspected this time."
        return Because(text, (leaf,), place=leaf.place)

    def _evidence(self, criterion: str) -> list[Because]:
        """The records on a criterion: against it by gravity, then for it by what they show."""
        against = sorted(self._against(criterion), key=lambda r: (-r.levels.get("severity", 0), r.id))
        supporting = self._supporting(criterion)
        return [self._leaf(r.id) for r in against] + [self._leaf(r.id) for r in supporting]

    def _against(self, criterion: str) -> list:  # type: ignore[type-arg]
        return [r for r in self._facts(criterion) if not r.supports and not r.withdrawn]

    def _supporting(self, criterion: str) -> list:  # type: ignore[type-arg]
        """Records that a true condition of the criterion rests on, those of the outcome first."""
        g = self.grading
        possible = g.fired.facts.outcomes[criterion]
        rule = g.pack.rules.get(f"{criterion}.{self._decided_by(possible)}")
        deciding = {r.id for node in leaves(rule.body) if isinstance(node, Sought) for r in self._showing(node)} if rule else set()
        every = [r for r in self._facts(criterion) if r.supports and not r.withdrawn]
        shown = [r for r in every if r.id in deciding]
        return sorted(shown, key=lambda r: (-sum(r.levels.values()), r.id))

    def _showing(self, node: Sought) -> Iterator:  # type: ignore[type-arg]
        records = self.grading.fired.facts.records
        for topic in node.topics:
            for record in records.get(topic, ()):
                if node.supports and not record.withdrawn and shows(record, node, left_out=False):
                    yield record

    def _facts(self, criterion: str) -> list:  # type: ignore[type-arg]
        topics = self.grading.pack.criteria[criterion].written.topics
        records = self.grading.fired.facts.records
        return [r for topic in topics for r in records.get(topic, ())]

    def _figures(self, criterion: str) -> list[Because]:
        """The indicators that the criterion's conditions ask about, with their values."""
        g = self.grading
        asked = {
            node.indicator
            for name in ("exceeds", "meets", "falls-short")
            if f"{criterion}.{name}" in g.pack.rules
            for node in leaves(g.pack.rules[f"{criterion}.{name}"].body)
            if isinstance(node, Compared)
        }
        return [self.indicator(g.derivation.indicators[name]) for name in sorted(asked)]

    def _withheld(self, criterion: str) -> Iterator[Because]:
        g = self.grading
        for name in ("exceeds", "meets", "falls-short"):
            verdict = g.fired.verdicts.get(f"{criterion}.{name}")
            if verdict is not None and verdict.withheld:
                kinds = sorted({s.kind.replace("-", " ") for way in verdict.ways for s in way})
                yield Because(
                    f"That it {name.replace('-', ' ')} is withheld: {listed(kinds)} would be the sole basis.",
                    place=g.pack.rules[f"{criterion}.{name}"].place,
                )

    def _silence(self, criterion: str) -> Because:
        g = self.grading
        written = g.pack.criteria[criterion].written
        searched = g.fired.facts.concluded.issuperset(written.topics)
        if not searched:
            text = "No evidence was gathered or kept that could show it either way."
        elif g.fired.facts.outcomes[criterion] == {"meets"}:
            text = f"Searched for, and nothing was found either way. {g.pack.manifest.evidence_policy.silence.says}."
        else:
            text = "Searched for, and nothing was found that shows it either way."
        return Because(text, place=g.pack.criteria[criterion].place)

    def _decided_by(self, possible: Iterable[str]) -> str:
        names = set(possible)
        if names <= {"falls-short"}:
            return "falls-short"
        return "exceeds" if names == {"exceeds"} else "meets"

    def _earlier(self, node: Node) -> list[str]:
        """Records of earlier findings that a count of them rests on."""
        kinds = {getattr(leaf, "kind", "") for leaf in leaves(node)}
        topics = {m for leaf in leaves(node) for m in getattr(leaf, "members", ())}
        return [
            p.record.id
            for p in self.grading.evidence.previous
            if p.record.kind in kinds and p.record.topic in topics and p.record.status == "unresolved"
        ]

    def _leaf(self, record: str) -> Because:
        """A record: what it says, what mitigates it, and its line."""
        g = self.grading
        for placed in g.evidence.observations:
            if placed.record.id == record:
                return _observation(placed)
        for metric in g.evidence.metrics:
            if metric.record.id == record:
                m = metric.record
                title = g.pack.series[m.series].title
                value = figure(m.value, m.unit) if m.value is not None else f"{m.status}, {m.reason}"
                until = f", to {m.to.isoformat()}" if m.to else ""
                return Because(f"{title}, {m.body}{until}: {value}", record=record, place=metric.place)
        for survey in g.evidence.surveys:
            if survey.record.id == record:
                s = survey.record
                value = figure(s.value, s.unit) if s.value is not None else f"{s.status}, {s.reason}"
                n = f" of {s.n}" if s.n else ""
                text = f"Survey {s.survey}, {s.item}, {s.answer}: {value}{n} ({s.sampling} sample)"
                return Because(text.replace("-", " "), record=record, place=survey.place)
        for earlier in g.evidence.previous:
            if earlier.record.id == record:
                return Because(earlier.record.statement, record=record, place=earlier.place)
        raise UnknownTarget(f"no record `{record}`", "")

    def _conjuncts(self, node: Node) -> tuple[Node, ...]:
        return inside(node) if isinstance(node, All) else (node,)

    def _says(self, finding: Finding) -> str:
        if finding.kind == "area-for-improvement":
            return f"{self._body()} should {finding.says}"
        return finding.says

    def _body(self) -> str:
        return self.grading.evidence.inspection.body_name

    def _place(self, owner: str) -> Place | None:
        return self.grading.pack.places.get(owner)


def _observation(placed: Placed[Observation] | Placed[FileReview]) -> Because:
    record = placed.record
    text = record.statement.rstrip(".")
    steps: tuple[Because, ...] = ()
    if record.mitigation is not None:
        cited = f" ({', '.join(record.mitigation.records)})" if record.mitigation.records else ""
        steps = (
            Because(
                f"{record.mitigation.weight.capitalize()} mitigated: {record.mitigation.says}{cited}",
                place=placed.place,
            ),
        )
    if record.severity:
        text += f" ({record.severity} weakness)"
    return Because(text, steps, record.id, placed.place)
