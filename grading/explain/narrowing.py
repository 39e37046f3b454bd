"""Which missing record would narrow which judgment: every completion is tried, none is guessed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from grading.derive.standing import Roles
from grading.explain.additions import with_record
from grading.judge.observations import Seen, codings, observed
from grading.judge.ranges import values
from grading.rules.again import Again
from grading.rules.definition import shows
from grading.rules.facts import Facts, IndicatorFact
from grading.rules.loaded import OVERALL, Pack
from grading.rules.rule import Compared, Sought, leaves

Grades = tuple[str, ...]
Needs = Literal["observation", "figure"]
_TARGETS = ("exceeds", "meets", "falls-short", "conflicted")


@dataclass(frozen=True)
class Completion:
    """What the missing record could say, and the grades that are then possible.

    `fewest` and `most` differ where records that settle it alike still lead to other grades.
    """

    says: str  # the outcome of the criterion, or the value of the indicator
    fewest: Grades
    most: Grades
    example: Seen | None = None


@dataclass(frozen=True)
class Missing:
    """A record that is missing: an observation on a criterion, or the figure of an indicator."""

    judgment: str
    needs: Needs
    about: str
    completions: tuple[Completion, ...]

    @property
    def best(self) -> int:
        """How many grades remain possible if the record says what narrows most."""
        return min(len(c.fewest) for c in self.completions)

    @property
    def worst(self) -> int:
        """How many grades remain possible if the record says what narrows least."""
        return max(len(c.most) for c in self.completions)


def narrowing(pack: Pack, facts: Facts) -> tuple[Missing, ...]:
    """The missing records of every open judgment, those first that surely narrow most.

    By the grades that remain at worst, then at best, then in the order of the pack. `facts` are
    those that were derived from the evidence. A record that no completion settles is left out.
    """
    search = _Search(pack, facts)
    found = [missing for missing in search.all() if missing.completions]
    return tuple(sorted(found, key=lambda m: (m.worst, m.best)))


@dataclass(frozen=True)
class _Trial:
    """What a missing record could say, and the facts that the inspection then comes to."""

    says: str
    final: Facts
    example: Seen | None = None


@dataclass(frozen=True)
class _Search:
    pack: Pack
    facts: Facts

    @cached_property
    def again(self) -> Again:
        """The facts, ready to be graded with one record more."""
        return Again(self.pack, self.facts)

    @cached_property
    def open(self) -> Grades:
        """The judgments with more than one grade that is possible, in the order of the pack."""
        possible = self.again.final.judgments
        return tuple(q for q in (*self.pack.graded, OVERALL) if len(possible.get(q, ())) > 1)

    def all(self) -> Iterator[Missing]:
        """For each open question its criteria and figures, and beside it the overall judgment."""
        outcomes = self.again.final.outcomes
        for question in (q for q in self.open if q != OVERALL):
            for criterion in self.pack.criteria_of(question):
                if len(outcomes[criterion]) > 1:
                    trials = list(self._observed(criterion))
                    yield from self._missing(question, "observation", criterion, trials)
        for name, owners in self._figures().items():
            trials = list(self._valued(name))
            for owner in owners:
                yield self._told(owner, "figure", name, trials)

    def _missing(
        self,
        question: str,
        needs: Needs,
        about: str,
        trials: list[_Trial],
    ) -> Iterator[Missing]:
        for judgment in (question, *((OVERALL,) if OVERALL in self.open else ())):
            yield self._told(judgment, needs, about, trials)

    def _observed(self, criterion: str) -> Iterator[_Trial]:
        """The criterion with each observation that settles it; those that do the same once."""
        done: set[tuple[bool, ...]] = set()
        topics = tuple(self.pack.criteria[criterion].written.topics)
        sought = self._sought(topics)
        for seen in codings(self.pack, topics):
            fact = observed(self.pack, criterion, seen)
            does = tuple(
                seen.topic in node.topics and shows(fact, node, left_out=False) for node in sought
            )
            if does in done:
                continue
            done.add(does)
            final = self.again.with_facts(with_record(self.pack, self.facts, fact))
            (outcome, *others) = final.outcomes[criterion]
            if not others and outcome in _TARGETS:
                yield _Trial(outcome, final, seen)

    def _sought(self, topics: tuple[str, ...]) -> tuple[Sought, ...]:
        nodes = (leaf for rule in self.pack.rules.values() for leaf in leaves(rule.body))
        return tuple(
            dict.fromkeys(
                n for n in nodes if isinstance(n, Sought) and not set(topics).isdisjoint(n.topics)
            )
        )

    def _figures(self) -> dict[str, list[str]]:
        """The indicators that are absent and asked for, with the open judgments that they enter."""
        found: dict[str, list[str]] = {}
        for judgment in self.open:
            owners = {judgment, *self.pack.criteria_of(judgment)}
            bodies = [rule.body for rule in self.pack.rules.values() if rule.owner in owners]
            asked = {n.indicator for b in bodies for n in leaves(b) if isinstance(n, Compared)}
            for name in asked - self.facts.indicators.keys():
                found.setdefault(name, []).append(judgment)
        last = [OVERALL] if OVERALL in self.open else []
        return {
            name: list(dict.fromkeys([*found[name], *last]))
            for name in self.pack.indicators
            if name in found
        }

    def _valued(self, name: str) -> Iterator[_Trial]:
        """The inspection with each value of an indicator that some rule tells from the others."""
        way = Roles(self.pack).of_indicator(self.pack.indicators[name])
        for value in values(self.pack, name):
            fact = IndicatorFact(name, value, way, ())
            indicators = {**self.facts.indicators, name: fact}
            final = self.again.with_facts(replace(self.facts, indicators=indicators))
            yield _Trial(str(value), final)

    def _told(self, judgment: str, needs: Needs, about: str, trials: list[_Trial]) -> Missing:
        """The trials as completions, one for each outcome or value that a record could say."""
        by_word: dict[str, list[_Trial]] = {}
        for trial in trials:
            by_word.setdefault(trial.says, []).append(trial)
        words = [w for w in _TARGETS if w in by_word] if needs == "observation" else by_word
        completions = (self._completion(word, judgment, by_word[word]) for word in words)
        return Missing(judgment, needs, about, tuple(completions))

    def _completion(self, word: str, judgment: str, trials: list[_Trial]) -> Completion:
        order = self.pack.grades.index
        remain = sorted(
            (tuple(sorted(trial.final.judgments[judgment], key=order)) for trial in trials),
            key=lambda grades: (len(grades), [order(grade) for grade in grades]),
        )
        return Completion(word, remain[0], remain[-1], trials[0].example)
