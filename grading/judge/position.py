"""Where an inspection stands: its facts, what they come to, and what each judgment sees of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from grading.derive.bases import Bases, bases
from grading.judge.completions import Completing
from grading.judge.figures import Reckoning
from grading.judge.groups import Group, groups
from grading.judge.judgments import Grading
from grading.judge.ladder import Ladder
from grading.judge.reachable import Reachable, reachable
from grading.judge.states import State, current
from grading.rules.facts import Facts, Possible
from grading.rules.loaded import OVERALL, Pack
from grading.rules.stages import by_definition

_LADDERS = ("sub-questions", "questions", "overall")


@dataclass(frozen=True)
class Position:
    """The facts of an inspection as they were derived, and as they are when all is concluded."""

    pack: Pack
    facts: Facts
    final: Facts
    bases: Bases

    @cached_property
    def given(self) -> Mapping[str, Possible]:
        """What judgments count with and no rule decides: carried forward, settled by people, not graded."""
        return {**self.facts.judgments, **self.final.moderated}

    @cached_property
    def reckoning(self) -> Reckoning:
        """Indicators as functions of the figures that there are."""
        return Reckoning(self.pack, self.bases, self.facts.indicators)

    @cached_property
    def states(self) -> Mapping[Group, State]:
        """Every criterion of the pack in its state, by groups."""
        return {group: current(self.pack, group, self.facts) for group in groups(self.pack)}

    @cached_property
    def reachable(self) -> Mapping[Group, Reachable]:
        """The settled states that each group of criteria could be in."""
        return reachable(self.pack)

    @cached_property
    def completing(self) -> Mapping[Group, Completing]:
        """What each group of criteria may come to when all that is open is settled."""
        return {group: Completing(self.pack, group, self.facts) for group in self.states}

    @cached_property
    def graded(self) -> tuple[str, ...]:
        """What has a grade: the questions and the overall judgment, then the sub-questions."""
        subs = dict.fromkeys(criterion.sub_question for criterion in self.pack.criteria.values())
        every = (*self.pack.graded, OVERALL, *subs)
        grades = frozenset(self.pack.grades)
        return tuple(j for j in every if grades.issuperset(self.final.judgments.get(j, {""})))

    @cached_property
    def ladders(self) -> Mapping[str, Ladder]:
        """Every ladder, by what it grades."""
        rules = self.pack.rules.values()
        owners = dict.fromkeys(rule.owner for rule in rules if rule.stage in _LADDERS)
        return {owner: Ladder(self.pack, owner, self.facts) for owner in owners}


def position(grading: Grading) -> Position:
    """Where a run stands."""
    derivation, pack = grading.derivation, grading.pack
    found = bases(derivation, grading.evidence, pack, grading.dropped)
    return Position(pack, derivation.facts, grading.fired.facts, found)


def position_of(pack: Pack, facts: Facts) -> Position:
    """Where facts stand, with nothing known of the figures behind indicators."""
    return Position(pack, facts, by_definition(pack, facts)[1], Bases())
