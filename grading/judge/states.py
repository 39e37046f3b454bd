"""What the stages after the criteria can see of a criterion: its state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product

from grading.judge.earlier import Items
from grading.judge.figures import Figure
from grading.judge.groups import Group
from grading.judge.observations import Seen
from grading.judge.ranges import Value
from grading.rules.definition import Verdict, asked, combined
from grading.rules.facts import Facts, Possible
from grading.rules.loaded import Pack
from grading.rules.rule import Node, Rule, Sought
from grading.rules.stages import Truth, found, outcome

Shown = Mapping[Sought, Verdict]
Verdicts = tuple[Verdict, ...]
Settling = Callable[[Rule, Facts], Truth]


@dataclass(frozen=True)
class Example:
    """Evidence that leads to a state: observations on the topics, figures, earlier findings.

    `figures` are those that the rules of the criterion ask about, and so is `earlier`, which is
    None where no earlier findings were gathered.
    """

    observations: tuple[Seen, ...] = ()
    figures: tuple[tuple[Figure, Value | None], ...] = ()
    earlier: Items | None = ()


@dataclass(frozen=True)
class State:
    """What later stages can see of the criteria of a group.

    For each criterion in order its possible outcomes, and the truth of each of `kinds_of_finding`;
    and for each condition of `Group.later` whether the topics of the group make it hold.
    """

    outcomes: tuple[Possible, ...]
    findings: tuple[tuple[Truth, ...], ...]
    shown: tuple[Verdict, ...]
    example: Example = field(default_factory=Example, compare=False)


def kinds_of_finding(pack: Pack) -> tuple[str, ...]:
    """The kinds of finding that a pack draws, in its order."""
    return tuple(dict.fromkeys(finding.kind for finding in pack.manifest.findings.values()))


def current(pack: Pack, group: Group, facts: Facts) -> State:
    """The state of the criteria of a group, by facts as they were derived from evidence."""
    shown = {node: asked(node, facts) for node in group.every}
    return judged(pack, group, facts, seen_in(group, shown), by(shown))


def judged(pack: Pack, group: Group, facts: Facts, later: Verdicts, truth: Settling) -> State:
    """The state that criteria come to, by the truths of their rules.

    Of the facts, only indicators and earlier findings are asked about; `later` is what ladders see.
    """
    outcomes = _outcomes(pack, group, facts, truth)
    return State(outcomes, _findings(pack, group, facts, truth, outcomes), later)


def resolved(
    pack: Pack, group: Group, facts: Facts, later: Verdicts, truth: Settling
) -> Iterator[State]:
    """The states in which every conclusion that `judged` leaves open is drawn, one way or another.

    Each criterion has one of its possible outcomes; then each finding is there or is not.
    """
    possible = _outcomes(pack, group, facts, truth)
    for chosen in product(*(sorted(outcomes) for outcomes in possible)):
        outcomes = tuple(frozenset({outcome}) for outcome in chosen)
        findings = _findings(pack, group, facts, truth, outcomes)
        for decided in product(*(_decided(truths) for truths in findings)):
            yield State(outcomes, decided, later)


def by(shown: Shown) -> Settling:
    """The truths of rules where topics show this."""

    def truth(rule: Rule, facts: Facts) -> Truth:
        def verdict(leaf: Node) -> Verdict:
            return shown[leaf] if isinstance(leaf, Sought) else asked(leaf, facts)

        return combined(rule.body, verdict).settled

    return truth


def seen_in(group: Group, shown: Shown) -> Verdicts:
    """What ladders see of the topics of the group."""
    return tuple(shown[node] for node in group.later)


def _outcomes(pack: Pack, group: Group, facts: Facts, truth: Settling) -> tuple[Possible, ...]:
    truths = {rule.id: truth(rule, facts) for rule in group.outcome_rules}
    return tuple(outcome(pack, criterion, truths) for criterion in group.criteria)


def _findings(
    pack: Pack, group: Group, facts: Facts, truth: Settling, outcomes: tuple[Possible, ...]
) -> tuple[tuple[Truth, ...], ...]:
    known = replace(facts, outcomes=dict(zip(group.criteria, outcomes, strict=True)))
    truths = {rule.id: truth(rule, known) for rule in group.finding_rules}
    return tuple(tuple(found(pack, criterion, truths).values()) for criterion in group.criteria)


def _decided(truths: tuple[Truth, ...]) -> Iterator[tuple[Truth, ...]]:
    return product(*((True, False) if truth is None else (truth,) for truth in truths))
