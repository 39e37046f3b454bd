"""The states of criteria by all that evidence can show."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace

from grading.judge.groups import Group
from grading.judge.states import State, judged
from grading.policy.apart.given import Case, every_given
from grading.policy.apart.showings import Showings, Shown
from grading.policy.apart.values import UNWRITABLE, Pieces
from grading.rules.facts import Facts
from grading.rules.loaded import Pack
from grading.rules.rule import Rule
from grading.rules.stages import Truth

Both = tuple[Shown, Shown]


class States:
    """The states of a group of criteria under a pack, where figures and earlier findings are given."""

    def __init__(self, pack: Pack, group: Group, showings: Showings) -> None:
        self.pack, self.group, self.showings = pack, group, showings
        self.truths: dict[Hashable, Truth] = {}

    def at(self, shown: Both) -> State:
        """The state in which the topics show this."""
        later = tuple(self.showings.later(node, shown) for node in self.group.later)

        def truth(rule: Rule, facts: Facts) -> Truth:
            key = rule.id, id(shown[0]), id(shown[1]), tuple(facts.outcomes.values())
            if key not in self.truths:
                self.truths[key] = self.showings.truth(rule, facts, shown)
            return self.truths[key]

        return judged(self.pack, self.group, self.showings.facts, later, truth)


def every_state(pack: Pack, group: Group) -> dict[State, tuple[int, Pieces]]:
    """The states of a group, each with the plainest evidence and what it costs. Raises TooMany."""
    rules = (*group.outcome_rules, *group.finding_rules)
    found: dict[State, tuple[int, Pieces]] = {}
    for case in every_given(pack, group):
        showings = Showings(pack, group, rules, group.later, case.facts)
        states = States(pack, group, showings)
        for shown in showings.every():
            state = states.at(shown)
            cost = cost_of(shown) + case.cost
            if state not in found or cost < found[state][0]:
                found[state] = cost, pieces_of(group, showings, shown, case)
    return found


def cost_of(shown: Both) -> int:
    """How much there is to write; topics are searched for what speaks either way, or for neither."""
    one, other = (side.searched for side in shown)
    apart = None not in (one, other) and one is not other
    return shown[0].cost + shown[1].cost + (UNWRITABLE if apart else 0)


def pieces_of(group: Group, showings: Showings, shown: Both, case: Case) -> Pieces:
    """The evidence that shows so much; where something may yet be shown, it was not searched for."""
    first = [seen for side in shown for seen in side.first]
    beside = [seen for side in shown for seen in side.beside]
    standing = showings.beside
    kinds = dict.fromkeys(
        range(len(first), len(first) + len(beside)), "" if standing is None else standing.kind
    )
    others = {n: kind for n, kind in kinds.items() if kind != "fieldwork"}
    open_ = group.topics if any(side.searched is False for side in shown) else ()
    return Pieces(
        (*first, *beside), case.written, case.items, kinds=others, unsearched=frozenset(open_)
    )


def retold(pieces: Pieces, topics: Mapping[str, str], group: Group) -> Pieces:
    """The pieces about the topics of a group that is alike."""
    seen = tuple(replace(s, topic=topics[s.topic]) for s in pieces.observations)
    items = pieces.earlier
    if items is not None:
        # an earlier finding may be on a topic of others, where a rule counts those of its question
        items = tuple((topics.get(topic, topic), kind, status) for topic, kind, status in items)
    unsearched = frozenset(group.topics if pieces.unsearched else ())
    return replace(pieces, observations=seen, earlier=items, unsearched=unsearched)
