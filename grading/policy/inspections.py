"""The inspections that the cases of a pack stand for, each graded once by what the rules mean."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from grading.derive.derive import Derivation
from grading.judge.judgments import Concluded
from grading.judge.method import concluded
from grading.policy.cases import PlacedCase
from grading.policy.views import Views
from grading.rules.loaded import Pack


class Inspections:
    """The inspections of some cases of a pack, by the number of the case."""

    def __init__(self, pack: Pack, cases: Iterable[PlacedCase]) -> None:
        self.pack, self.cases = pack, tuple(cases)

    def concluded(self, number: int) -> Concluded:
        """What the inspection of a case comes to."""
        evidence, derivation = self.cases[number].stand.evidence, self.derivations[number]
        return concluded(evidence, self.pack, derivation, self.views.as_it_is(number))

    @cached_property
    def derivations(self) -> tuple[Derivation, ...]:
        """What is derived from the evidence of each."""
        return tuple(case.stand.derivation(self.pack) for case in self.cases)

    @cached_property
    def views(self) -> Views:
        """What the rules see of each."""
        return Views(self.pack, (derivation.facts for derivation in self.derivations))
