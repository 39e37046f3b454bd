"""How firmly each grade stands: in how many of the perturbations it held, and in which it did not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grading.explain.balance import Balance
from grading.explain.perturbation import Family
from grading.explain.perturbations import DRAWS, SEED, Perturbations
from grading.explain.tally import Tally
from grading.judge.judgments import Grading


@dataclass(frozen=True)
class Robustness:
    """How firmly every judgment and criterion of a run stands, in the order of the pack.

    `stated` counts the members of each family of changes, and `tried` those that change anything
    that a rule asks about which leads to a judgment or a criterion, each once.
    """

    judgments: Mapping[str, Balance]
    criteria: Mapping[str, Balance]
    stated: Mapping[Family, int]
    tried: Mapping[Family, int]
    draws: int
    seed: int


def robustness(grading: Grading, draws: int = DRAWS, seed: int = SEED) -> Robustness:
    """How firmly every judgment and criterion of a run stands under the stated perturbations."""
    perturbations = Perturbations(grading, draws, seed)
    tally = Tally(grading, perturbations.withdrawals.used)
    balances = tally.balances(perturbations)
    stated = perturbations.stated
    return Robustness(
        {name: b for name, b in balances.items() if name not in grading.pack.criteria},
        {name: balances[name] for name in grading.pack.criteria},
        stated,
        {family: tally.tried.get(family, 0) for family in stated},
        draws,
        seed,
    )
