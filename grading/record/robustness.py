"""How firmly grades stand, as a part of the JSON of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from grading.explain.balance import CONVENTIONS, Altered, Balance
from grading.explain.changes import change_words
from grading.explain.perturbation import Redraw, Withdrawal
from grading.explain.robustness import Robustness
from grading.record.parts import Part
from grading.rules.loaded import Pack
from grading.rules.thresholds import Step


class HeldPart(Part):
    """In how many of the changes that were tried a grade stood as it was."""

    held: int
    tried: int


class AlteredPart(Part):
    """A change, in words, and what is possible under it.

    `sources` are those of the records that it leaves out, `place` is that of the threshold that it
    moves, and `times` is how many redraws it stands for.
    """

    family: str
    says: str
    sources: tuple[str, ...]
    place: str | None
    times: int
    possible: tuple[str, ...]


class BalancePart(Part):
    """How firmly a judgment or criterion stands; no label where more than one thing is possible.

    `held` and `tried` count changes of one thing; redraws are in `by_family` alone.
    """

    label: Literal["firm", "sensitive", "finely balanced"] | None
    stands: tuple[str, ...]
    held: int
    tried: int
    by_family: dict[str, HeldPart]
    altered: tuple[AlteredPart, ...]
    set_aside: tuple[AlteredPart, ...]


class RobustnessPart(Part):
    """How firmly everything stands, under how many changes of each family, and by which conventions.

    `stated` counts what there is to change and `tried` what changes anything that leads to a
    judgment or criterion.
    """

    conventions: tuple[str, ...]
    draws: int
    seed: int
    stated: dict[str, int]
    tried: dict[str, int]
    judgments: dict[str, BalancePart]
    criteria: dict[str, BalancePart]


def robustness_part(robust: Robustness, pack: Pack) -> RobustnessPart:
    """The part of a run's document: the same for the same run, draws and seed."""

    def parts(balances: Mapping[str, Balance]) -> dict[str, BalancePart]:
        return {name: _balance(balance, pack) for name, balance in balances.items()}

    return RobustnessPart(
        conventions=CONVENTIONS,
        draws=robust.draws,
        seed=robust.seed,
        stated=dict(robust.stated.items()),
        tried=dict(robust.tried.items()),
        judgments=parts(robust.judgments),
        criteria=parts(robust.criteria),
    )


def _balance(balance: Balance, pack: Pack) -> BalancePart:
    return BalancePart(
        label=balance.label,
        stands=balance.stands,
        held=balance.singly.held,
        tried=balance.singly.tried,
        by_family={
            family: HeldPart(held=held.held, tried=held.tried)
            for family, held in balance.families.items()
        },
        altered=tuple(_altered(altered, pack) for altered in balance.altered),
        set_aside=tuple(_altered(altered, pack) for altered in balance.set_aside),
    )


def _altered(altered: Altered, pack: Pack) -> AlteredPart:
    change = altered.change
    return AlteredPart(
        family=altered.family,
        says=change_words(change, pack),
        sources=tuple(map(str, change.sources)) if isinstance(change, Withdrawal) else (),
        place=str(change.threshold.place) if isinstance(change, Step) else None,
        times=change.times if isinstance(change, Redraw) else 1,
        possible=altered.possible,
    )
