"""The claims on criteria, decided by looking at all evidence that their rules tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from grading.explain.variables import Variable
from grading.judge.completions import TooMany
from grading.judge.groups import Group
from grading.judge.states import Example
from grading.policy.proof.asks import Parting
from grading.policy.proof.claims import Claim, Failure, Inspection, Name, Proved, Said, Why
from grading.policy.proof.evidence_states import Led, Step
from grading.policy.proof.known import Known, every
from grading.policy.proof.nearest import RANK
from grading.policy.proof.parts import figures_of
from grading.policy.proof.sides import Joint
from grading.rules.definition import holds
from grading.rules.loaded import Pack
from grading.rules.pack import OUTCOMES
from grading.rules.rule import Compared, OutcomeIn, Rule, leaves


def criteria(parting: Parting, joint: Joint) -> Proved:
    """What is found of the criteria of one group of a pack."""
    name = ", ".join(joint.every.criteria)
    try:
        judged = _Judged(parting, joint)
    except TooMany:
        return Proved(name, "criteria", 0, None)
    found = judged.led
    claims = (
        Claim("one-grade", judged.cases, tuple(judged.gaps())),
        Claim("no-overlap", judged.cases, tuple(judged.overlaps())),
        Claim("better-never-lower", len(found.better), tuple(judged.lowered())),
        Claim("reachable", found.evidence, tuple(judged.dead())),
        Claim("matters", found.evidence, tuple(judged.idle())),
        Claim("unknown-is-open", found.evidence, tuple(judged.found_in_nothing())),
    )
    return Proved(name, "criteria", found.evidence, "one by one", claims)


@dataclass(frozen=True)
class _Figures:
    """A criterion whose conditions ask about figures alone, with these: the outcomes they show."""

    criterion: str
    known: Known
    shows: frozenset[str]


class _Judged:
    def __init__(self, parting: Parting, joint: Joint) -> None:
        (side,), (group,) = parting.sides, joint.sides
        assert group is not None
        self.pack: Pack = side.pack
        self.joint, self.group = joint, group
        self.led: Led = parting.alone(joint)
        self.figures = parting.figures(joint)
        self.by_figures = tuple(
            _Figures(
                criterion,
                known,
                frozenset(rule.name for rule in rules if holds(rule.body, facts).truth),
            )
            for criterion, rules in _asking_figures_alone(group)
            for known in every(self.figures).of
            for facts in [side.facts(dict(known.indicators), ())]
        )

    @property
    def cases(self) -> int:
        """How many cases there are: of figures that decide a criterion, or else of all its evidence."""
        asking = len({case.criterion for case in self.by_figures})
        others = len(self.group.criteria) - asking
        return len(self.by_figures) + others * self.led.evidence

    def gaps(self) -> Iterator[Failure]:
        """Figures that are there and lead to no outcome, and what lies between two outcomes."""
        yield from self._of_figures("one-grade", [c for c in self.by_figures if not c.shows])
        yield from self._of_evidence("one-grade", "gap")

    def overlaps(self) -> Iterator[Failure]:
        """Figures that say by themselves both that the standard is met and that it is not."""
        both = [c for c in self.by_figures if "falls-short" in c.shows and len(c.shows) > 1]
        yield from self._of_figures("no-overlap", both)
        yield from self._of_evidence("no-overlap", "overlap")

    def lowered(self) -> Iterator[Failure]:
        """Better evidence that makes an outcome worse: for each criterion the least of it."""
        for place, criterion in enumerate(self.group.criteria):
            found = [
                (pair, step)
                for pair, step in self.led.better.items()
                if self._rank(pair[1], place) < self._rank(pair[0], place)
            ]
            if not found:
                continue
            pair, step = min(found, key=lambda one: (_told(one[1]), one[0]))
            yield Failure(
                "better-never-lower",
                criterion,
                "criterion",
                len(found),
                (
                    self._inspection(pair[0], step.before, place),
                    self._inspection(pair[1], step.after, place),
                ),
                changed=self.variable,
                step=step,
                figure=step.figure,
            )

    def dead(self) -> Iterator[Failure]:
        """Conditions of outcomes that decide no outcome, whatever the evidence."""
        for held in self.led.conditions:
            if held.decides:
                continue
            criterion = self.group.criteria[held.criterion]
            shown: tuple[Inspection, ...] = ()
            why: Why = "never holds"
            if held.example is not None:
                shown = (self._inspection(held.leads_to, held.example, held.criterion),)
                conflicted = shown[0].grade == "conflicted"
                why = "conflicts with itself" if conflicted else "always decided above"
            rule = self.pack.rules[f"{criterion}.{held.outcome}"]
            yield Failure(
                "reachable",
                criterion,
                "outcome",
                held.holds or self.led.evidence,
                shown,
                beside=held.outcome,
                why=why,
                missing=() if shown else (rule.body,),
            )

    def idle(self) -> Iterator[Failure]:
        """Figures that are asked about and change nothing."""
        figures = {
            figure for some in self.figures for known in some.of for figure, _ in known.figures
        }
        for figure in sorted(figures - self.led.moving):
            yield Failure(
                "matters",
                self.group.criteria[0],
                "figure",
                self.led.evidence,
                beside=figure.id,
                figure=figure,
            )

    def found_in_nothing(self) -> Iterator[Failure]:
        """Findings that are drawn because an outcome is not shown."""
        asking = [rule for rule in self.group.finding_rules if _asks_unknown(rule)]
        for rule in asking:
            place = self.group.criteria.index(rule.owner)
            for n, (state,) in enumerate(self.led.states):
                if state and state.outcomes[place] == {"unknown"} and any(state.findings[place]):
                    shown = self._inspection(n, self.led.examples[n], place)
                    yield Failure(
                        "unknown-is-open",
                        rule.owner,
                        "criterion",
                        self.led.evidence,
                        (shown,),
                        beside=rule.name,
                        why="gives a finding",
                    )
                    break

    @property
    def variable(self) -> Variable:
        """The criteria, as what could be otherwise."""
        return Variable("criteria", self.group.criteria)

    def _of_figures(self, claim: Name, cases: list[_Figures]) -> Iterator[Failure]:
        for criterion in dict.fromkeys(case.criterion for case in cases):
            own = [case for case in cases if case.criterion == criterion]
            known = own[0].known
            grade = "conflicted" if own[0].shows else ""
            inspection = Inspection((Said(figures_of(known), known, Example()),), grade)
            shows = tuple(o for o in OUTCOMES if o in own[0].shows)
            yield Failure(
                claim, criterion, "criterion", len(own), (inspection,), beside=", ".join(shows)
            )

    def _of_evidence(self, claim: Name, what: Literal["gap", "overlap"]) -> Iterator[Failure]:
        for one in self.led.unclear:
            if one.what == what:
                every = (one.example, one.better, one.worse)
                told = (Said(self.variable, Known(e.figures), e) for e in every if e is not None)
                comes = ("", "meets", "falls-short") if what == "gap" else ("conflicted",)
                yield Failure(
                    claim,
                    self.group.criteria[one.criterion],
                    "criterion",
                    one.pieces,
                    tuple(Inspection((s,), to) for s, to in zip(told, comes, strict=True)),
                    beside=", ".join(o for o in OUTCOMES if o in one.shows),
                )

    def _inspection(self, number: int, example: Example, place: int) -> Inspection:
        (state,) = self.led.states[number]
        outcomes = sorted(state.outcomes[place]) if state else [""]
        return Inspection(
            (Said(self.variable, self.led.states[number], example),), " or ".join(outcomes)
        )

    def _rank(self, number: int, place: int) -> int:
        (state,) = self.led.states[number]
        return min(RANK[outcome] for outcome in state.outcomes[place]) if state else 0


def _asking_figures_alone(group: Group) -> Iterator[tuple[str, list[Rule]]]:
    """The criteria whose conditions ask about figures and nothing else, with those conditions."""
    for criterion in group.criteria:
        rules = [rule for rule in group.outcome_rules if rule.owner == criterion]
        asked = [leaf for rule in rules for leaf in leaves(rule.body)]
        if asked and all(isinstance(leaf, Compared) for leaf in asked):
            yield criterion, rules


def _asks_unknown(rule: Rule) -> bool:
    return any(
        isinstance(leaf, OutcomeIn) and "unknown" in leaf.outcomes for leaf in leaves(rule.body)
    )


def _told(step: Step) -> int:
    """How much there is to tell of evidence and of what is better."""
    return len(step.before.observations) + len(step.after.observations)
