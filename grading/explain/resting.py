"""What rests on one record, source, site, method or kind: found by withdrawing each, not by counting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grading.derive.sources import Source, single_sources
from grading.explain.balance import Balance
from grading.explain.perturbation import Withdrawal
from grading.explain.tally import Tally
from grading.explain.withdrawals import Withdrawals
from grading.judge.judgments import Grading

Possible = tuple[str, ...]


@dataclass(frozen=True)
class Without:
    """A source, and what a judgment or criterion may be without it."""

    source: Source
    possible: Possible


@dataclass(frozen=True)
class Resting:
    """The judgments and criteria that change when one source is withdrawn, with each such source."""

    judgments: Mapping[str, tuple[Without, ...]]
    criteria: Mapping[str, tuple[Without, ...]]

    def on(self, sources: Iterable[Source]) -> Resting:
        """What rests on one of these sources alone, in their order."""
        order = {source: number for number, source in enumerate(sources)}

        def some(found: Mapping[str, tuple[Without, ...]]) -> dict[str, tuple[Without, ...]]:
            among = {
                name: sorted(
                    (one for one in without if one.source in order),
                    key=lambda one: order[one.source],
                )
                for name, without in found.items()
            }
            return {name: tuple(without) for name, without in among.items() if without}

        return Resting(some(self.judgments), some(self.criteria))


def resting(grading: Grading) -> Resting:
    """Every judgment and criterion that rests on one source: one of the subjects, or a record without."""
    return evidence_flips(grading).on(single_sources(grading.evidence))


def evidence_flips(grading: Grading) -> Resting:
    """Every judgment and criterion that one record, source, site, method or kind changes if withdrawn."""
    withdrawals = Withdrawals(grading)
    return flips_of(grading, Tally(grading, withdrawals.used).balances(withdrawals))


def flips_of(grading: Grading, balances: Mapping[str, Balance]) -> Resting:
    """What changes without one part of the evidence, from what was counted of every such part."""
    found = {name: tuple(_flips(balance)) for name, balance in balances.items()}
    changed = {name: flips for name, flips in found.items() if flips}
    criteria = grading.pack.criteria
    return Resting(
        {name: flips for name, flips in changed.items() if name not in criteria},
        {name: flips for name, flips in changed.items() if name in criteria},
    )


def by_outcome(found: Iterable[Without]) -> dict[Possible, list[str]]:
    """The sources, in words, by what is possible without each of them."""
    sources: dict[Possible, list[str]] = {}
    for without in found:
        sources.setdefault(without.possible, []).append(in_words(without.source))
    return sources


def in_words(source: Source) -> str:
    """A record by its id in brackets, and subjects in quotation marks."""
    return f"[{source.name}]" if source.by == "record" else f"“{source.name}”"


def _flips(balance: Balance) -> Iterable[Without]:
    for altered in (*balance.altered, *balance.set_aside):
        if isinstance(altered.change, Withdrawal):
            for source in altered.change.sources:
                yield Without(source, altered.possible)
