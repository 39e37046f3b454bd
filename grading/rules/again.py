"""Grading again where a few facts or rules differ: only the rules that can see a difference are asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from grading.rules.definition import Verdict, holds, shows
from grading.rules.facts import Facts, RecordFact, Standing
from grading.rules.loaded import Pack
from grading.rules.rule import STAGES, Compared, Count, Node, OutcomeIn, Rule, Sought, Stage, leaves
from grading.rules.stages import Truth, advance, findings, judged, outcome

Key = tuple[str, ...]
_Exchange = tuple[Sequence[RecordFact], Sequence[RecordFact]]  # what went, and what came instead
_ANY_EARLIER: Key = ("previous",)  # whether earlier findings were gathered at all


class Again:
    """The facts of one inspection, graded by definition, and ready to be graded with differences.

    `final` has what they come to. `with_facts` and `with_rules` say the same as
    `stages.by_definition` does of the other facts, and of the pack with the other rules.
    """

    def __init__(self, pack: Pack, facts: Facts) -> None:
        self.pack, self.facts = pack, facts
        self.rules = {stage: dict[Key, list[str]]() for stage in STAGES}
        self.verdicts: dict[str, Verdict] = {}
        self.after: dict[str, Facts] = {}
        self.seeks: dict[str, tuple[Sought, ...]] = {}
        for rule in pack.rules.values():
            asks = leaves(rule.body)
            self.seeks[rule.id] = tuple(leaf for leaf in asks if isinstance(leaf, Sought))
            for key in {key for leaf in asks for key in sees(leaf)}:
                self.rules[rule.stage].setdefault(key, []).append(rule.id)
        for stage in STAGES:
            for rule in pack.rules.values():
                if rule.stage == stage:
                    self.verdicts[rule.id] = holds(rule.body, facts)
            truths = {rule: verdict.settled for rule, verdict in self.verdicts.items()}
            facts = self.after[stage] = advance(pack, stage, truths, facts)
        self.truths: dict[str, Truth] = truths
        self.final = facts

    def with_facts(self, facts: Facts) -> Facts:
        """What other facts of the same inspection come to."""
        return self.with_rules({}, facts)

    def with_rules(self, rules: Mapping[str, Rule], facts: Facts | None = None) -> Facts:
        """What the inspection, or other facts of it, comes to with other rules in place of some.

        `rules` has the others by the id of the one in whose place each stands.
        """
        return self._again(rules, self.facts if facts is None else facts)[1]

    def verdicts_with(self, facts: Facts) -> tuple[dict[str, Verdict], Facts]:
        """What every rule comes to of other facts, and what those come to."""
        new, final = self._again({}, facts)
        return self.verdicts | new, final

    def _again(self, rules: Mapping[str, Rule], facts: Facts) -> tuple[dict[str, Verdict], Facts]:
        """The verdicts of the rules that were asked again, and what the facts come to."""
        verdicts, truths = dict[str, Verdict](), dict(self.truths)
        differ = set(differences(self.facts, facts))
        touched = _touched(self.facts, facts, differ)
        differ.difference_update(touched)
        same_decided = facts.decided == self.facts.decided and facts.moves == self.facts.moves
        # a question whose grade was carried forward on one side only is judged on the other
        same_owners = same_decided and facts.judgments.keys() == self.facts.judgments.keys()
        # what people changed stands or not by what is derived, owner by owner
        same_owners = same_owners and not facts.moves
        for stage in STAGES:
            asked = {rule for key in differ for rule in self.rules[stage].get(key, ())}
            asked |= {
                rule
                for key in touched
                for rule in self.rules[stage].get(key, ())
                if rule not in asked and self._can_tell(rule, touched)
            }
            bodies = {rule: self.pack.rules[rule].body for rule in asked}
            bodies |= {rule: other.body for rule, other in rules.items() if other.stage == stage}
            new = {rule: holds(body, facts) for rule, body in bodies.items()}
            verdicts.update(new)
            truths.update((rule, verdict.settled) for rule, verdict in new.items())
            if same_owners or (same_decided and stage in ("criteria", "findings")):
                owners = {
                    self.pack.rules[rule].owner
                    for rule in new
                    if self.truths[rule] is not truths[rule]
                }
                facts = self._concluding(stage, owners, truths, facts)
            else:
                facts = advance(self.pack, stage, truths, facts)
            differ.update(conclusions(stage, self.after[stage], facts))
        return verdicts, facts

    def _can_tell(self, rule: str, touched: Mapping[Key, _Exchange]) -> bool:
        """Whether a rule can tell the records of these topics from those that they were."""
        return any(
            _bears(gone, node) != _bears(come, node)
            for node in self.seeks[rule]
            for key, (gone, come) in touched.items()
            if key[1] in node.topics
        )

    def _concluding(
        self, stage: Stage, owners: set[str], truths: Mapping[str, Truth], facts: Facts
    ) -> Facts:
        """The facts with what the stage concludes: as before, but for these owners."""
        pack, after = self.pack, self.after[stage]
        match stage:
            case "criteria":
                open_ = owners.difference(facts.decided)
                outcomes = {c: outcome(pack, c, truths) for c in open_}
                return replace(facts, outcomes=_with(after.outcomes, outcomes))
            case "findings":
                found = findings(pack, owners, truths)
                return replace(facts, findings=_with(after.findings, found))
            case _:
                derived = {
                    owner: judged(pack, owner, truths)
                    for owner in owners
                    if owner not in self.facts.judgments
                }
                # what earlier stages judged stands in the facts
                return replace(facts, judgments={**after.judgments, **facts.judgments, **derived})


def searched_in_vain(pack: Pack) -> Again:
    """The inspection in which everything was searched, and nothing was found, now or earlier."""
    return Again(pack, Facts(concluded=frozenset(pack.topics), previous={}))


def sees(leaf: Node) -> Iterator[Key]:
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
        case Count(counted="previous", members=members):
            yield _ANY_EARLIER
            yield from (("previous", topic) for topic in members)
        case Count(counted=counted, members=members):
            yield from ((counted, member) for member in members)
        case _:
            return


def differences(before: Facts, now: Facts) -> Iterator[Key]:
    """What rules can see differently at the start."""
    yield from (("topic", t) for t in before.concluded ^ now.concluded)
    yield from (("topic", t) for t in _changed(before.records, now.records))
    yield from (("indicator", i) for i in _changed(before.indicators, now.indicators))
    yield from (("judgments", q) for q in _changed(before.judgments, now.judgments))
    if (before.previous is None) != (now.previous is None):
        yield _ANY_EARLIER
    yield from (("previous", t) for t in _changed(before.previous or {}, now.previous or {}))


def _touched(before: Facts, now: Facts, differ: Collection[Key]) -> dict[Key, _Exchange]:
    """Of what differs, the topics that differ in their records alone: which went, and which came."""
    found: dict[Key, _Exchange] = {}
    for key in differ:
        topic = key[-1]
        if key[0] == "topic" and (topic in before.concluded) == (topic in now.concluded):
            was, is_ = before.records.get(topic, ()), now.records.get(topic, ())
            # by identity, which is quick: what is merely alike bears alike
            stood, stands = set(map(id, was)), set(map(id, is_))
            gone = [record for record in was if id(record) not in stands]
            found[key] = gone, [record for record in is_ if id(record) not in stood]
    return found


def _bears(records: Sequence[RecordFact], node: Sought) -> set[tuple[Standing | None, bool]]:
    """What some records do for what is sought: show it, and of what standing; or show it perhaps."""
    found = set()
    for record in records:
        surely = not record.withdrawn and shows(record, node, left_out=False)
        perhaps = (record.open or record.withdrawn) and shows(record, node, left_out=record.open)
        if surely or perhaps:
            found.add((record.standing if surely else None, perhaps))
    return found


def conclusions(stage: Stage, before: Facts, now: Facts) -> Iterator[Key]:
    """What rules can see differently of what the stage concluded."""
    match stage:
        case "criteria":
            yield from (("outcomes", c) for c in _changed(before.outcomes, now.outcomes))
        case "findings":
            yield from (("findings", *f) for f in _changed(before.findings, now.findings))
        case _:
            yield from (("judgments", q) for q in _changed(before.judgments, now.judgments))
            yield from (("judgments", q) for q in _changed(before.moderated, now.moderated))


def _with(before: Mapping[Any, Any], new: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """What was concluded before with what is new; the same object where nothing is."""
    return {**before, **new} if new else before


def _changed(before: Mapping[Any, Any], now: Mapping[Any, Any]) -> list[Any]:
    """The keys whose values differ."""
    if before is now:
        return []
    if before.keys() == now.keys():
        return [k for k, v in now.items() if v is not (was := before[k]) and v != was]
    return [k for k in before.keys() | now.keys() if before.get(k) != now.get(k)]
