"""Where the conditions of a criterion leave a gap between them, or overlap in one figure.

What shows nothing either way is silence, and the pack says what that means. A gap is between evidence
that meets the standard and evidence that falls short of it: a figure between two figures, or what
meets the standard with a weakness that is less than one that falls short, on which no condition holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Literal, Protocol

from grading.judge.figures import Figure
from grading.judge.observations import Seen
from grading.judge.states import Example
from grading.policy.proof.directions import place
from grading.policy.proof.known import Known
from grading.rules.rule import Compared, Rule, Sought, leaves

Shows = frozenset[str] | None  # the outcomes whose conditions hold; None where one is withheld
Piece = tuple[int, int]  # what is known, by its number, and what the topics show
_BAD = "falls-short"


@dataclass(frozen=True)
class Unclear:
    """A gap of a criterion, by its place in its group, or an overlap; on how many pieces of evidence.

    Of a gap, `better` is evidence that meets the standard, and `worse` evidence that falls short.
    """

    criterion: int
    what: Literal["gap", "overlap"]
    pieces: int
    example: Example
    better: Example | None = None
    worse: Example | None = None
    shows: frozenset[str] = frozenset()


class Evidence(Protocol):
    """All evidence on the criteria of a group, and what the conditions of one criterion say of it."""

    shown: dict[int, tuple[Seen, ...]]

    @property
    def known(self) -> Sequence[Known]:
        """What is known, case by case."""

    @property
    def in_favour(self) -> int:
        """All that observations in favour can show."""

    @property
    def against(self) -> int:
        """All that observations against can show."""

    def shows(self, rules: Sequence[Rule], piece: Piece) -> Shows:
        """The outcomes whose conditions hold."""

    def example(self, case: int, bits: int) -> Example:
        """The evidence that this is."""


def unclear(number: int, rules: Sequence[Rule], evidence: Evidence) -> Iterator[Unclear]:
    """The gaps and the overlaps of the conditions of one criterion.

    Those of a criterion that asks about figures and nothing else are told of all its figures.
    """
    asked = list(chain(*(leaves(rule.body) for rule in rules)))
    if not any(isinstance(leaf, Sought) for leaf in asked):
        return
    found = {
        (case, bits): evidence.shows(rules, (case, bits))
        for case in range(len(evidence.known))
        for bits in evidence.shown
    }
    gaps = {piece: between for piece, *between in _between(evidence, found)}
    if gaps:
        least = min(gaps, key=lambda piece: (len(evidence.shown[piece[1]]), piece))
        better, worse = gaps[least]
        if worse[0] == least[0]:
            worse = _least_that_falls(evidence, found, least)
        own, good, bad = (evidence.example(*piece) for piece in (least, better, worse))
        yield Unclear(number, "gap", len(gaps), own, good, bad)
    asks = {rule.name: _indicators(rule) for rule in rules}
    both = [
        (piece, shows)
        for piece, shows in found.items()
        if piece[1] == 0 and shows and _BAD in shows
        if any(asks[_BAD] & asks[other] for other in shows - {_BAD})
    ]
    if both:
        (first, shows) = both[0]
        yield Unclear(number, "overlap", len(both), evidence.example(*first), shows=shows)


def _between(
    evidence: Evidence, found: Mapping[Piece, Shows]
) -> Iterator[tuple[Piece, Piece, Piece]]:
    """What shows nothing, between a piece of evidence that meets and one that falls short."""
    chains = [*_chains(evidence.known)]
    for (case, bits), shows in found.items():
        if shows is None or shows:
            continue
        alone, all_against = bits & evidence.in_favour, bits | evidence.against
        if _meets(found[case, alone]) and _falls(found.get((case, all_against))):
            yield (case, bits), (case, alone), (case, all_against)
            continue
        for numbers in chains:
            if case not in numbers:
                continue
            at = numbers.index(case)
            below, above = (
                [(n, bits) for n in some] for some in (reversed(numbers[:at]), numbers[at + 1 :])
            )
            for one, other in ((below, above), (above, below)):
                better = next((piece for piece in one if _meets(found[piece])), None)
                worse = next((piece for piece in other if _falls(found[piece])), None)
                if better and worse:
                    yield (case, bits), better, worse


def _least_that_falls(evidence: Evidence, found: Mapping[Piece, Shows], gap: Piece) -> Piece:
    """The least evidence with more against that falls short."""
    case, bits = gap
    more = (
        (case, showing)
        for showing in evidence.shown
        if showing | bits == showing and not (showing & ~bits) & evidence.in_favour
    )
    falling = (piece for piece in more if _falls(found[piece]))
    return min(falling, key=lambda piece: (len(evidence.shown[piece[1]]), piece))


def _chains(known: Sequence[Known]) -> Iterator[list[int]]:
    """The numbers of those in which one figure alone differs, from its lowest value on."""
    alike: dict[tuple[Figure, object], list[tuple[Decimal, int]]] = {}
    for n, one in enumerate(known):
        for figure, amount in one.figures:
            if amount is not None:
                others = tuple(pair for pair in one.figures if pair[0] != figure)
                alike.setdefault((figure, (others, one.items)), []).append((place(amount), n))
    for numbers in alike.values():
        yield [n for _, n in sorted(numbers)]


def _meets(shows: Shows) -> bool:
    return shows is not None and "meets" in shows and _BAD not in shows


def _falls(shows: Shows) -> bool:
    return shows is not None and _BAD in shows


def _indicators(rule: Rule) -> frozenset[str]:
    return frozenset(leaf.indicator for leaf in leaves(rule.body) if isinstance(leaf, Compared))
