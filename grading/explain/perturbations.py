"""The stated set of perturbations of one inspection: what is changed, one thing at a time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from grading.derive.missing import other_bodies, ranks_in, without_body
from grading.explain.perturbation import FAMILIES, Family, MissingBody, Perturbation
from grading.explain.redraws import Samples, asked_about
from grading.explain.withdrawals import Withdrawals
from grading.judge.judgments import Grading
from grading.rules.again import differences
from grading.rules.thresholds import Step, steps

DRAWS, SEED = 200, 2016
"""How often samples are drawn again, and from which seed, where nothing else is asked for."""


class Perturbations:
    """Every perturbation of an inspection, family by family.

    - each record, source, site, method and kind of evidence left out (`Withdrawals`);
    - each threshold of the pack's conditions one step either way (`thresholds.steps`);
    - each sample's indicator at the ends of its interval, and between where rules tell it apart;
    - each other body of the table without figures, where ranks or comparators are asked about;
    - all samples drawn again at once, so often, from a seed.
    """

    def __init__(self, grading: Grading, draws: int = DRAWS, seed: int = SEED) -> None:
        self.grading, self.draws, self.seed = grading, draws, seed
        self.withdrawals, self.samples = Withdrawals(grading), Samples(grading)

    @cached_property
    def stated(self) -> dict[Family, int]:
        """How many members each family has, whether or not they change what a condition can see."""
        found = {
            **self.withdrawals.stated(),
            "thresholds": len(self._steps),
            "samples": self.samples.stated(),
            "bodies": len(self._others),
            "redraws": self.draws if self.samples.names else 0,
        }
        return {family: found[family] for family in FAMILIES}

    def __iter__(self) -> Iterator[Perturbation]:
        yield from self.withdrawals
        for step in self._steps:
            yield Perturbation("thresholds", step, self.grading.derivation.facts, step.rules)
        yield from self.samples.within()
        yield from self._bodies()
        yield from self.samples.redraws(self.draws, self.seed)

    @cached_property
    def _steps(self) -> tuple[Step, ...]:
        return tuple(steps(self.grading.pack))

    @cached_property
    def _others(self) -> tuple[str, ...]:
        return other_bodies(self.grading.evidence, self.grading.pack)

    def _bodies(self) -> Iterator[Perturbation]:
        grading, before = self.grading, self.grading.derivation.facts
        names = ranks_in(grading.pack, asked_about(grading.pack))
        for body in self._others if names else ():
            evidence, pack, dropped = grading.evidence, grading.pack, grading.dropped
            without = without_body(grading.derivation, evidence, pack, body, names, dropped)
            touches = frozenset(differences(before, without.facts))
            if touches:
                yield Perturbation("bodies", MissingBody(body), without.facts, touches=touches)
