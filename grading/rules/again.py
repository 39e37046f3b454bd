"""Grading again where a few facts differ: only the rules that can see the difference are asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from grading.rules.definition import holds
from grading.rules.facts import Facts
from grading.rules.loaded import Pack
from grading.rules.rule import STAGES, Compared, Count, Node, OutcomeIn, Sought, leaves
from grading.rules.stages import advance

Key = tuple[str, ...]


class Again:
    """The facts of one inspection, graded by definition, and ready to be graded with differences.

    `final` has what they come to. `with_facts` says the same as `stages.by_definition` does.
    """

    def __init__(self, pack: Pack, facts: Facts) -> None:
        self.pack, self.facts = pack, facts
        self.rules = {stage: dict[Key, list[str]]() for stage in STAGES}
        self.truths: dict[str, bool | None] = {}
        self.after: dict[str, Facts] = {}
        for rule in pack.rules.values():
            for key in {key for leaf in leaves(rule.body) for key in _sees(leaf)}:
                self.rules[rule.stage].setdefault(key, []).append(rule.id)
        for stage in STAGES:
            for rule in pack.rules.values():
                if rule.stage == stage:
                    self.truths[rule.id] = holds(rule.body, facts).settled
            facts = self.after[stage] = advance(pack, stage, self.truths, facts)
        self.final = facts

    def with_facts(self, facts: Facts) -> Facts:
        """What other facts of the same inspection come to."""
        truths = dict(self.truths)
        differ = set(_differences(self.facts, facts))
        settled = (facts.decided, facts.judgments) == (self.facts.decided, self.facts.judgments)
        for stage in STAGES:
            asked = {rule for key in differ for rule in self.rules[stage].get(key, ())}
            new = {rule: holds(self.pack.rules[rule].body, facts).settled for rule in asked}
            truths |= new
            after = self.after[stage]
            if settled and all(self.truths[rule] is truth for rule, truth in new.items()):
                # the stage concludes what it did, from truths that are what they were
                facts = _concluding(facts, after, stage)
            else:
                facts = advance(self.pack, stage, truths, facts)
            differ.update(_conclusions(after, facts))
            settled = settled and facts.judgments == after.judgments
        return facts


def _concluding(facts: Facts, after: Facts, stage: str) -> Facts:
    match stage:
        case "criteria":
            return replace(facts, outcomes=after.outcomes)
        case "findings":
            return replace(facts, findings=after.findings)
        case _:
            return replace(facts, judgments=after.judgments)


def _sees(leaf: Node) -> Iterator[Key]:
    """What the truth of a leaf depends on."""
    match leaf:
        case Sought(topics=topics):
            yield from (("topic", topic) for topic in topics)
        case Compared(indicator=name):
            yield ("indicator", name)
        case OutcomeIn(criterion=criterion):
            yield ("outcomes", criterion)
        case Count(counted="findings", kind=kind, members=members):
            yield from (("findings", kind, member) for member in members)
        case Count(counted="previous"):
            yield ("previous",)
        case Count(counted=counted, members=members):
            yield from ((counted, member) for member in members)
        case _:
            return


def _differences(before: Facts, now: Facts) -> Iterator[Key]:
    """What rules can see differently at the start."""
    yield from (("topic", t) for t in before.concluded ^ now.concluded)
    yield from (("topic", t) for t in _changed(before.records, now.records))
    yield from (("indicator", i) for i in _changed(before.indicators, now.indicators))
    yield from (("judgments", q) for q in _changed(before.judgments, now.judgments))
    if before.previous != now.previous:
        yield ("previous",)


def _conclusions(before: Facts, now: Facts) -> Iterator[Key]:
    """What rules can see differently of what the stages concluded."""
    yield from (("outcomes", c) for c in _changed(before.outcomes, now.outcomes))
    yield from (("findings", *f) for f in _changed(before.findings, now.findings))
    yield from (("judgments", q) for q in _changed(before.judgments, now.judgments))


def _changed(before: Mapping, now: Mapping) -> list:  # type: ignore[type-arg]
    """The keys whose values differ."""
    if before is now:
        return []
    return [key for key in {**before, **now} if before.get(key) != now.get(key)]
