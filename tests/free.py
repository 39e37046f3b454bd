"""Judgments by definition where something is otherwise: the reference for what is searched for.

Nothing here is shared with what it is compared to but the definition and the stages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, product

from grading.derive.standing import Roles
from grading.explain.variables import To, Variable
from grading.judge.earlier import STATUSES
from grading.judge.groups import Group
from grading.judge.observations import observed
from grading.judge.ranges import values
from grading.judge.reachable import Reachable
from grading.judge.states import State, kinds_of_finding
from grading.rules.definition import holds
from grading.rules.facts import Facts, IndicatorFact, Possible, RecordFact
from grading.rules.loaded import OVERALL, Pack
from grading.rules.rule import Compared, leaves
from grading.rules.stages import by_definition, limited, provisional, rungs

Changes = Mapping[Variable, To]
Set = frozenset[tuple[Variable, To]]


@dataclass(frozen=True)
class Free:
    """An inspection in which each criterion may be in another state, free of the others."""

    pack: Pack
    facts: Facts
    states: Mapping[Group, Reachable]

    def grades(self, judgment: str, changes: Changes) -> Possible:
        """The grades of a judgment by definition, with these changes."""
        if judgment in self.facts.judgments:
            given = changes.get(Variable("judgment", (judgment,)))
            return frozenset({str(given)}) if given else self.facts.judgments[judgment]
        facts = self.changed(changes)
        if judgment == OVERALL:
            judged = {
                question: graded(self.pack, question, facts)
                for question in self.pack.graded
                if question not in facts.judgments
            }
            facts = replace(facts, judgments={**facts.judgments, **judged})
        return graded(self.pack, judgment, facts)

    def changed(self, changes: Changes) -> Facts:
        """The facts, outcomes and findings concluded, with these changes."""
        facts = replace(
            by_definition(self.pack, self.facts)[1], judgments=dict(self.facts.judgments)
        )
        for variable, to in changes.items():
            facts = self._with(facts, variable, to)
        return facts

    def _with(self, facts: Facts, variable: Variable, to: To) -> Facts:
        match variable.kind:
            case "criteria":
                assert isinstance(to, State)
                return self._in_state(facts, variable.names, to)
            case "indicator":
                (name,) = variable.names
                assert isinstance(to, Decimal | str)
                known = self.facts.indicators.get(name)
                way = (
                    known.way
                    if known
                    else Roles(self.pack).of_indicator(self.pack.indicators[name])
                )
                fact = IndicatorFact(name, to, way, ())
                return replace(facts, indicators={**facts.indicators, name: fact})
            case "earlier":
                (topic,) = variable.names
                found = list((facts.previous or {})[topic])
                found[variable.number] = (found[variable.number][0], str(to))
                return replace(facts, previous={**(facts.previous or {}), topic: tuple(found)})
            case "judgment":
                (question,) = variable.names
                given = {question: frozenset({str(to)})}
                return replace(facts, judgments={**facts.judgments, **given})
            case _:
                raise AssertionError(variable)

    def _in_state(self, facts: Facts, criteria: tuple[str, ...], state: State) -> Facts:
        """The facts with what stages after the criteria can see of these criteria in a state."""
        kinds = kinds_of_finding(self.pack)
        topics = [t for c in criteria for t in self.pack.criteria[c].written.topics]
        records: dict[str, tuple[RecordFact, ...]] = dict.fromkeys(topics, ())
        for seen in state.example.observations:
            records[seen.topic] += (observed(self.pack, "", seen),)
        return replace(
            facts,
            records={**facts.records, **records},
            concluded=facts.concluded.union(topics),
            outcomes={**facts.outcomes, **dict(zip(criteria, state.outcomes, strict=True))},
            findings={
                **facts.findings,
                **{
                    (kind, criterion): truth
                    for criterion, truths in zip(criteria, state.findings, strict=True)
                    for kind, truth in zip(kinds, truths, strict=True)
                },
            },
        )

    def could(self) -> dict[Variable, tuple[To, ...]]:
        """Everything that could be otherwise, whether a judgment asks about it or not."""
        final = by_definition(self.pack, self.facts)[1]
        found: dict[Variable, tuple[To, ...]] = {
            Variable("criteria", group.criteria): reached.states
            for group, reached in self.states.items()
        }
        for name in asked_indicators(self.pack):
            found[Variable("indicator", (name,))] = values(self.pack, name)
        for topic, items in (self.facts.previous or {}).items():
            for number, (_, status) in enumerate(items):
                found[Variable("earlier", (topic,), number)] = tuple(
                    s for s in STATUSES if s != status
                )
        for question, possible in self.facts.judgments.items():
            if possible <= set(self.pack.grades):
                grades = rungs(self.pack, question)
                found[Variable("judgment", (question,))] = tuple(
                    g for g in grades if {g} != final.judgments[question]
                )
        return found

    def smallest(self, judgment: str, most: int) -> tuple[set[Set], set[Set]]:
        """The smallest sets of changes that raise the judgment, and those that lower it."""
        order = self.pack.grades.index
        was = sorted(map(order, self.grades(judgment, {})))
        raising: set[Set] = set()
        lowering: set[Set] = set()
        for changes in self._sets(most):
            is_ = sorted(map(order, self.grades(judgment, dict(changes))))
            if is_[-1] < was[-1] and is_[0] <= was[0] and not _has_part(raising, changes):
                raising.add(changes)
            if is_[0] > was[0] and is_[-1] >= was[-1] and not _has_part(lowering, changes):
                lowering.add(changes)
        return raising, lowering

    def _sets(self, most: int) -> Iterator[Set]:
        could = self.could()
        for size in range(1, most + 1):
            for variables in combinations(could, size):
                for states in product(*(could[v] for v in variables)):
                    yield frozenset(zip(variables, states, strict=True))


def _has_part(found: set[Set], changes: Set) -> bool:
    """Whether some set of changes that was found is a part of these."""
    return any(
        frozenset(part) in found
        for size in range(1, len(changes))
        for part in combinations(changes, size)
    )


def asked_indicators(pack: Pack) -> set[str]:
    """The indicators that some rule compares."""
    nodes = [leaf for rule in pack.rules.values() for leaf in leaves(rule.body)]
    return {node.indicator for node in nodes if isinstance(node, Compared)}


def graded(pack: Pack, owner: str, facts: Facts) -> Possible:
    """The grades of a ladder by definition, where all that it asks about is concluded."""
    truths = {
        rule.id: holds(rule.body, facts).settled
        for rule in pack.rules.values()
        if rule.owner == owner
    }
    return limited(pack, owner, provisional(pack, owner, truths), truths)
