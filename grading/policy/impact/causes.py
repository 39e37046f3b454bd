"""Which change of a rule moved a grade: each change by itself put into the pack as it was."""

from __future__ import annotations

from collections.abc import Sequence

from grading.policy.impact.units import Cause, Unit, units, with_units
from grading.rules.facts import Facts, Possible
from grading.rules.loaded import Pack
from grading.rules.stages import by_definition


class Causes:
    """The changes between two packs on one ground, for what they move."""

    def __init__(self, before: Pack, after: Pack) -> None:
        self.before = before
        self.units = units(before, after)

    def of(self, facts: Facts, owner: str, grades: Possible) -> tuple[Cause, ...]:
        """What moves a judgment to these grades on these facts.

        Each change that does by itself; if none does, each without which it would not move so far;
        and if there is none such either, each that it rests on when they are taken back in turn.
        None where all of them together do not come to these grades: then something else is at work.
        """
        if self._graded(facts, owner, self.units) != grades:
            return ()
        alone = [u for u in self.units if self._graded(facts, owner, [u]) == grades]
        if not alone:
            alone = [
                unit
                for unit in self.units
                if self._graded(facts, owner, [u for u in self.units if u is not unit]) != grades
            ]
        return tuple(unit.cause for unit in alone or self._enough(facts, owner, grades))

    def _enough(self, facts: Facts, owner: str, grades: Possible) -> tuple[Unit, ...]:
        """Changes that together move it so far, and none of them for nothing."""
        kept = list(self.units)
        for unit in self.units:
            others = [u for u in kept if u is not unit]
            if self._graded(facts, owner, others) == grades:
                kept = others
        return tuple(kept)

    def _graded(self, facts: Facts, owner: str, chosen: Sequence[Unit]) -> Possible:
        final = by_definition(with_units(self.before, chosen), facts)[1]
        return final.judgments.get(owner, frozenset())
