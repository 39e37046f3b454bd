"""Why a criterion has its outcome: what decides it, what does not, and what a better one would take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grading.explain import samples
from grading.explain.because import Because
from grading.explain.causes import causes
from grading.explain.english import (
    capital,
    cited,
    clauses,
    listed,
    lower,
    outcome_phrase,
    quoted,
)
from grading.explain.figures import Figures
from grading.explain.lacks import above, in_the_way, measured, records_on, tests_of
from grading.explain.leaves import Leaves
from grading.explain.told import told
from grading.explain.weaknesses import against, holds_back
from grading.judge.judgments import Grading
from grading.problems import Place
from grading.rules.rule import Compared, Rule, leaves

_TESTS = ("exceeds", "meets", "falls-short")
_WOULD = {
    "exceeds": "exceeds the standard",
    "meets": "meets the standard",
    "falls-short": "falls short of the standard",
}


@dataclass(frozen=True)
class Criteria:
    """Explains the criteria of one run."""

    grading: Grading
    leaves: Leaves
    figures: Figures

    def why(self, criterion: str) -> Because:
        """The outcome of a criterion: what decides it, what else bears on it, what is not reached."""
        steps = [*self._decided(criterion), *self._beside(criterion)]
        steps += [self.figures.why(name) for name in self.asked(criterion)]
        steps += [*self.withheld(criterion), *above(self.grading, criterion)]
        return Because(f"{self.headline(criterion)}.", tuple(steps), place=self._place(criterion))

    def brief(self, criterion: str) -> Because:
        """The outcome of a criterion with the weightiest record on each side, in one sentence."""
        supports, against = self.supports(criterion), self.against(criterion)
        sides = [(side, records) for side, records in self._sides(criterion) if records]
        if len(sides) == 1:
            said = f": {self._one(sides[0][1])}."
        elif sides:
            said = "." + "".join(f" {side}: {self._one(records)}." for side, records in sides)
        else:
            said = f": {self.silence(criterion).text}"
        text = f"{self.headline(criterion)}{said}"
        steps = (*self._leaves(supports), *self._leaves(against), *self.withheld(criterion))
        return Because(text, steps or (self.silence(criterion),), place=self._place(criterion))

    def headline(self, criterion: str) -> str:
        """What a criterion says and its outcome: `“It is done” meets the standard`."""
        possible = self.grading.fired.facts.outcomes[criterion]
        return f"{quoted(self.says(criterion))} {outcome_phrase(possible)}"

    def says(self, criterion: str) -> str:
        """What the criterion says."""
        return self.grading.pack.criteria[criterion].written.says

    def holds_back(self, criterion: str) -> bool:
        """Whether a weakness that some rule of the criterion looks for stands against it."""
        return holds_back(self.grading, criterion)

    def is_shown(self, criterion: str) -> bool:
        """Whether records or figures show that it is met or exceeded."""
        possible = self.grading.fired.facts.outcomes[criterion]
        return possible <= {"exceeds", "meets"} and bool(self.supports(criterion))

    def supports(self, criterion: str) -> list[str]:
        """The records on which it rests that the criterion is met or exceeded, the fullest first."""
        facts = self.grading.fired.facts
        decided_by = "exceeds" if facts.outcomes[criterion] == {"exceeds"} else "meets"
        rule = self.grading.pack.rules.get(f"{criterion}.{decided_by}")
        found = {r.id: r for r in records_on(self.grading, criterion) if r.supports}
        rests_on = causes(rule.body, facts) if rule is not None and self._verdict(rule) else ()
        own = [found[record] for record in rests_on if record in found]
        return [r.id for r in sorted(own, key=lambda r: (-sum(r.levels.values()), r.id))]

    def against(self, criterion: str) -> list[str]:
        """The weaknesses that some rule of the criterion looks for, the gravest first."""
        return against(self.grading, criterion)

    def asked(self, criterion: str) -> list[str]:
        """The indicators that the criterion's rules ask about."""
        nodes = (
            node for rule in tests_of(self.grading.pack, criterion) for node in leaves(rule.body)
        )
        return sorted({node.indicator for node in nodes if isinstance(node, Compared)})

    def rests_on_figures(self, criterion: str) -> list[str]:
        """The indicators on which its outcome rests."""
        facts = self.grading.fired.facts
        rule = self.grading.pack.rules.get(f"{criterion}.{self._decided_by(criterion)}")
        known = [i for i in self.asked(criterion) if i in facts.indicators]
        if rule is None or not known or not self._verdict(rule):
            return []
        rests_on = set(causes(rule.body, facts))
        return [i for i in known if rests_on.intersection(facts.indicators[i].records)]

    def unsettled(self, criterion: str) -> list[Because]:
        """The thresholds of its rules that lie inside the interval of a sample."""
        indicators, rules = (
            self.grading.derivation.indicators,
            tests_of(self.grading.pack, criterion),
        )
        return [
            step
            for name in self.asked(criterion)
            for step in samples.inside(indicators[name], rules)
        ]

    def withheld(self, criterion: str) -> list[Because]:
        """The conclusions that would hold but for the roles of their evidence."""
        g = self.grading
        found = []
        for name in _TESTS:
            verdict = g.fired.verdicts.get(f"{criterion}.{name}")
            if verdict is not None and verdict.withheld:
                kinds = sorted({s.kind.replace("-", " ") for way in verdict.ways for s in way})
                text = (
                    f"Withheld: that it {_WOULD[name]} would rest on the {listed(kinds)} alone,"
                    " which the rules do not allow as the sole basis."
                )
                found.append(Because(text, place=g.pack.rules[f"{criterion}.{name}"].place))
        return found

    def silence(self, criterion: str) -> Because:
        """What it means that no record decides the criterion."""
        g = self.grading
        placed = g.pack.criteria[criterion]
        searched = g.fired.facts.concluded.issuperset(placed.written.topics)
        if not searched:
            text = "no evidence was gathered or kept that could show it either way"
        elif g.fired.facts.outcomes[criterion] == {"meets"}:
            text = f"nothing found decides it, so it is taken as met. {self.policy()}"
        elif any(g.fired.verdicts[r.id].settled is None for r in tests_of(g.pack, criterion)):
            text = "it was searched for, and what is known does not decide it"
        else:
            text = "it was searched for, and nothing found shows it"
        return Because(f"{capital(text)}.", place=placed.place)

    def policy(self) -> str:
        """What the pack says of silence."""
        return self.grading.pack.manifest.evidence_policy.silence.says

    def short_of(self, criterion: str, outcomes: frozenset[str]) -> Because:
        """Why a criterion has none of these outcomes: what is in its way, in one sentence."""
        way = self.way(criterion, outcomes)
        if not way:
            return self.brief(criterion)
        return Because(f"{self.headline(criterion)}; {way}.", place=self._place(criterion))

    def way(self, criterion: str, outcomes: frozenset[str]) -> str:
        """What is in the way of a better outcome where the criterion is met; nothing where it is not."""
        met = self.grading.fired.facts.outcomes[criterion] == {"meets"}
        return (
            in_the_way(self.grading, criterion, "exceeds") if met and "exceeds" in outcomes else ""
        )

    def _decided(self, criterion: str) -> Iterator[Because]:
        """The conditions that settled the outcome, each with the records that it rests on."""
        facts = self.grading.fired.facts
        possible = facts.outcomes[criterion]
        settled = [
            rule
            for rule in tests_of(self.grading.pack, criterion)
            if self._verdict(rule) and rule.name != "meets"
        ]
        meets = self.grading.pack.rules.get(f"{criterion}.meets")
        if "exceeds" not in {rule.name for rule in settled} and meets and self._verdict(meets):
            settled.insert(0, meets)
        for rule in settled:
            seen = {record.id for record in records_on(self.grading, criterion)}
            rests_on = [record for record in causes(rule.body, facts) if record in seen]
            leaf_steps = tuple(self._leaves(self._heaviest(rests_on)))
            words = clauses(told(m, self.grading.pack, facts) for m in measured(self.grading, rule))
            text = f"It {_WOULD[rule.name]}: {words}."
            yield Because(text, leaf_steps, place=rule.place)
        if possible == {"conflicted"}:
            text = "Both hold, so the evidence conflicts, and how it was resolved is not recorded."
            yield Because(text, place=self._place(criterion))
        if not settled:
            yield self.silence(criterion)

    def _beside(self, criterion: str) -> Iterator[Because]:
        """Records that bear on a criterion and do not decide it."""
        facts = self.grading.fired.facts
        deciding = {
            record
            for rule in tests_of(self.grading.pack, criterion)
            if self._verdict(rule)
            for record in causes(rule.body, facts)
        }
        place = self._place(criterion)
        rest = [r for r in records_on(self.grading, criterion) if r.id not in deciding]
        weak = [r.id for r in rest if not r.supports]
        if weak:
            steps = tuple(self._leaves(self._heaviest(weak)))
            text = "Weaknesses that do not decide it:" if deciding else "What speaks against it:"
            yield Because(text, steps, place=place)
        more = sorted(r.id for r in rest if r.supports)
        if more:
            speak = "record speaks" if len(more) == 1 else "records speak"
            yield Because(f"More {speak} for it: {cited(more)}.", place=place)

    def _sides(self, criterion: str) -> Iterator[tuple[str, list[str]]]:
        """The records against and for a criterion."""
        yield "Against it", self.against(criterion)
        yield "For it", self.supports(criterion)

    def _one(self, records: list[str]) -> str:
        """The first of some records in words, and the ids of the others."""
        first = self.leaves[records[0]]
        said = f"{first.text} [{records[0]}]"
        said += "".join(f", {lower(step.text)}" for step in first.rests_on[:1])
        return said + (f"; also {cited(records[1:])}" if records[1:] else "")

    def _leaves(self, records: list[str]) -> list[Because]:
        return [self.leaves[record] for record in records]

    def _heaviest(self, records: list[str] | tuple[str, ...]) -> list[str]:
        """Records with most levels first, weaknesses the gravest first."""
        weight = {
            r.id: r.levels.get("severity", 0) * 100 + sum(r.levels.values())
            for about in self.grading.fired.facts.records.values()
            for r in about
        }
        return sorted(records, key=lambda record: (-weight.get(record, 0), record))

    def _verdict(self, rule: Rule) -> bool:
        return self.grading.fired.verdicts[rule.id].settled is True

    def _decided_by(self, criterion: str) -> str:
        possible = self.grading.fired.facts.outcomes[criterion]
        if possible == {"falls-short"}:
            return "falls-short"
        return "exceeds" if possible == {"exceeds"} else "meets"

    def _place(self, criterion: str) -> Place:
        return self.grading.pack.criteria[criterion].place
