"""Why a criterion has its outcome: the records for and against it, figures, what is withheld."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grading.derive.indicators import Derived
from grading.explain import samples
from grading.explain.because import Because
from grading.explain.english import capital, condition, figure, listed, outcome_phrase
from grading.explain.leaves import Leaves
from grading.judge.judgments import Grading
from grading.rules.definition import holds, shows
from grading.rules.facts import Possible, RecordFact
from grading.rules.rule import Compared, Rule, Sought, leaves

_TESTS = ("exceeds", "meets", "falls-short")
_TAKES = {
    "exceeds": "To exceed the standard, this is asked",
    "meets": "To meet the standard, this is asked",
    "falls-short": "To fall short of the standard, this is enough",
}
_GRAVE = (
    2  # the second level of severity and above: weaknesses that can keep a standard from being met
)


@dataclass(frozen=True)
class Criteria:
    """Explains the criteria of one run."""

    grading: Grading
    leaves: Leaves

    def why(self, criterion: str) -> Because:
        """The outcome of a criterion, all records that bear on it, and what the rule asks."""
        deciding, weaknesses = self.supports(criterion), self.weaknesses(criterion)
        steps = (*deciding, *self._beside(criterion, deciding), *weaknesses)
        steps = (*steps, *self.figures(criterion), *self.withheld(criterion))
        return self._headed(criterion, steps or (self.silence(criterion),), asked=True)

    def brief(self, criterion: str, *, weaknesses_first: bool, most: int) -> Because:
        """The outcome of a criterion with its weightiest records, and how many more there are."""
        supports, weaknesses = self.supports(criterion), self.weaknesses(criterion)
        ordered = [*weaknesses, *supports] if weaknesses_first else [*supports, *weaknesses]
        steps = ordered[:most] or [self.silence(criterion)]
        rest = [step.record for step in ordered[most:] if step.record]
        steps += self._ids("also", criterion, rest)
        steps += [*self._carried(criterion), *self.unsettled(criterion)]
        steps += self.withheld(criterion)
        return self._headed(criterion, tuple(steps), asked=False)

    def holds_back(self, criterion: str) -> bool:
        """Whether a weakness of substance stands against it, mitigated or not."""
        possible = self.grading.fired.facts.outcomes[criterion]
        grave = any(r.levels.get("severity", 0) >= _GRAVE for r in self._against(criterion))
        return grave or bool(possible & {"falls-short", "conflicted"} and len(possible) < 4)

    def is_shown(self, criterion: str) -> bool:
        """Whether records show that it is met or exceeded."""
        possible = self.grading.fired.facts.outcomes[criterion]
        return possible <= {"exceeds", "meets"} and bool(self.supports(criterion))

    def supports(self, criterion: str) -> list[Because]:
        """The records on which its outcome rests, those that show most first."""
        return [self.leaves[r.id] for r in self._for(criterion)]

    def weaknesses(self, criterion: str) -> list[Because]:
        """The records against it, the gravest first."""
        against = self._against(criterion)
        against.sort(key=lambda r: (-r.levels.get("severity", 0), r.id))
        return [self.leaves[r.id] for r in against]

    def figures(self, criterion: str) -> list[Because]:
        """The indicators that its conditions ask about."""
        return [self.indicator(name) for name in self._asked(criterion)]

    def unsettled(self, criterion: str) -> list[Because]:
        """The thresholds of its conditions that lie inside the interval of a sample."""
        indicators, rules = self.grading.derivation.indicators, self._rules(criterion)
        return [
            step
            for name in self._asked(criterion)
            for step in samples.inside(indicators[name], rules)
        ]

    def indicator(self, name: str) -> Because:
        """The value of an indicator and the records it comes from, or why it has none."""
        derived = self.grading.derivation.indicators[name]
        place = self.grading.pack.places.get(f"indicator.{name}")
        told = tuple(samples.steps(derived, self.leaves, place))
        known = told or tuple(self.leaves[record] for record in derived.records)
        if derived.value is None:
            return Because(said(derived), (*known, *self._limits(name)), place=place)
        inside = tuple(samples.inside(derived, self.grading.pack.rules.values()))
        return Because(said(derived), (*inside, *known, *self._limits(name)), place=place)

    def _limits(self, indicator: str) -> list[Because]:
        """How an indicator may be read: the caveats and notes that travel with its figures."""
        derived = self.grading.derivation.indicators[indicator]
        places, caveats = self.grading.pack.places, self.grading.pack.caveats
        place = places.get(f"indicator.{indicator}")
        steps = [
            Because(f"Caveat: {caveats[c].says}.", place=places.get(f"caveat.{c}", place))
            for c in derived.caveats
        ]
        return [*steps, *(Because(f"{capital(n)}.", place=place) for n in derived.notes)]

    def _carried(self, criterion: str) -> list[Because]:
        """The figures that the outcome of a criterion rests on, with all that limits them."""
        pack, facts = self.grading.pack, self.grading.fired.facts
        rule = pack.rules.get(f"{criterion}.{_decided_by(facts.outcomes[criterion])}")
        nodes = leaves(rule.body) if rule is not None else ()
        asked = {n.indicator for n in nodes if isinstance(n, Compared) and holds(n, facts).truth}
        return [
            Because(
                said(self.grading.derivation.indicators[name]),
                tuple(self._limits(name)),
                place=pack.places.get(f"indicator.{name}"),
            )
            for name in sorted(asked)
        ]

    def withheld(self, criterion: str) -> list[Because]:
        """The conclusions that would hold but for the roles of their evidence."""
        g = self.grading
        found = []
        for name in _TESTS:
            verdict = g.fired.verdicts.get(f"{criterion}.{name}")
            if verdict is not None and verdict.withheld:
                kinds = sorted({s.kind.replace("-", " ") for way in verdict.ways for s in way})
                words = name.replace("-", " ")
                text = f"Withheld that it {words}: the sole basis would be {listed(kinds)}."
                found.append(Because(text, place=g.pack.rules[f"{criterion}.{name}"].place))
        return found

    def silence(self, criterion: str) -> Because:
        """What it means that no record decides the criterion."""
        g = self.grading
        placed = g.pack.criteria[criterion]
        if not g.fired.facts.concluded.issuperset(placed.written.topics):
            text = "No evidence was gathered or kept that could show it either way"
        elif g.fired.facts.outcomes[criterion] == {"meets"}:
            policy = g.pack.manifest.evidence_policy.silence.says
            text = f"Searched for, and nothing found that decides it. {policy}"
        else:
            text = "Searched for, and nothing found that shows it"
        return Because(f"{text}.", place=placed.place)

    def _beside(self, criterion: str, deciding: list[Because]) -> list[Because]:
        """The records in support that the outcome does not rest on, by their ids."""
        shown = {step.record for step in deciding}
        rest = [r.id for r in self._facts(criterion) if r.supports and r.id not in shown]
        return self._ids("Other records in support:", criterion, sorted(rest))

    def _ids(self, words: str, criterion: str, records: list[str]) -> list[Because]:
        place = self.grading.pack.criteria[criterion].place
        named = ", ".join(f"[{record}]" for record in records)
        return [Because(f"{words} {named}", place=place)] if records else []

    def _headed(self, criterion: str, steps: tuple[Because, ...], *, asked: bool) -> Because:
        pack, facts = self.grading.pack, self.grading.fired.facts
        placed = pack.criteria[criterion]
        possible = facts.outcomes[criterion]
        if asked:
            name = _decided_by(possible)
            rule = pack.rules.get(f"{criterion}.{name}")
            if rule is not None:
                words = condition(rule.body, pack)
                steps = (*steps, Because(f"{_TAKES[name]}: {words}.", place=rule.place))
        text = f"{placed.written.says}: {outcome_phrase(possible)}."
        return Because(text, steps, place=placed.place)

    def _rules(self, criterion: str) -> list[Rule]:
        rules = self.grading.pack.rules
        named = (f"{criterion}.{name}" for name in _TESTS)
        return [rules[rule] for rule in named if rule in rules]

    def _asked(self, criterion: str) -> list[str]:
        nodes = (node for rule in self._rules(criterion) for node in leaves(rule.body))
        return sorted({node.indicator for node in nodes if isinstance(node, Compared)})

    def _facts(self, criterion: str) -> Iterator[RecordFact]:
        records = self.grading.fired.facts.records
        for topic in self.grading.pack.criteria[criterion].written.topics:
            yield from (r for r in records.get(topic, ()) if not r.withdrawn)

    def _against(self, criterion: str) -> list[RecordFact]:
        return [r for r in self._facts(criterion) if not r.supports]

    def _for(self, criterion: str) -> list[RecordFact]:
        possible = self.grading.fired.facts.outcomes[criterion]
        rule = self.grading.pack.rules.get(f"{criterion}.{_decided_by(possible)}")
        if rule is None:
            return []
        sought = [n for n in leaves(rule.body) if isinstance(n, Sought) and n.supports]
        shown = [
            r
            for r in self._facts(criterion)
            if r.supports and any(shows(r, node, left_out=False) for node in sought)
        ]
        return sorted(shown, key=lambda r: (-sum(r.levels.values()), r.id))


def said(derived: Derived) -> str:
    """The value of an indicator in words and how it was reached, or why it has none."""
    if derived.value is None:
        return f"{derived.title}: not available, {derived.reason}."
    return f"{derived.title}: {figure(derived.value, derived.unit)}{samples.beside(derived)}."


def _decided_by(possible: Possible) -> str:
    """The condition whose records say most about an outcome."""
    if possible == {"falls-short"}:
        return "falls-short"
    return "exceeds" if possible == {"exceeds"} else "meets"
