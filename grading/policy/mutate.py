"""Changes of a pack's rules, and for each whether a case notices it, or that nothing could."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from grading.policy.apart.search import told_apart
from grading.policy.apart.values import Proof, Witness
from grading.policy.cases import PlacedCase
from grading.policy.mutants import Mutant, mutants
from grading.policy.noticed import Noticing, comes_to_another, expected, led_to
from grading.policy.pasted import Pasted, case_for, passes
from grading.rules.loaded import Pack
from grading.source import Document


@dataclass(frozen=True)
class Noticed:
    """A change that a case notices."""

    mutant: Mutant
    case: str


@dataclass(frozen=True)
class Equivalent:
    """A change that no inspection tells from the rules as they are: all states were looked at."""

    mutant: Mutant
    proof: Proof


@dataclass(frozen=True)
class Unnoticed:
    """A change that no case notices, with a case that would; without one, why none was found.

    Where `is_new` is false, the case is that of an earlier change.
    """

    mutant: Mutant
    case: Pasted | None
    why: str = ""
    is_new: bool = True


Outcome = Noticed | Equivalent | Unnoticed


@dataclass(frozen=True)
class Mutations:
    """What came of every change, in order of place."""

    outcomes: tuple[Outcome, ...]

    @property
    def noticed(self) -> tuple[Noticed, ...]:
        """The changes that a case notices."""
        return tuple(o for o in self.outcomes if isinstance(o, Noticed))

    @property
    def equivalent(self) -> tuple[Equivalent, ...]:
        """The changes that change nothing."""
        return tuple(o for o in self.outcomes if isinstance(o, Equivalent))

    @property
    def unnoticed(self) -> tuple[Unnoticed, ...]:
        """The changes that no case notices."""
        return tuple(o for o in self.outcomes if isinstance(o, Unnoticed))

    @property
    def score(self) -> Decimal:
        """The share of the changes that change something which is noticed, in per cent, rounded down."""
        every = len(self.noticed) + len(self.unnoticed)
        share = Decimal(100 * len(self.noticed)) / every if every else Decimal(100)
        return share.quantize(Decimal("0.1"), ROUND_FLOOR)


def mutate(
    pack: Pack,
    cases: Iterable[PlacedCase],
    manifest: Document,
    series: Document | None,
    step: Callable[[int, int], None] = lambda done, every: None,
) -> Mutations:
    """Try every change of the pack on the cases, which all pass; `step` is told how far it is.

    The documents are those of `pack.yaml` and `series.yaml`.
    """
    trying = _Trying(pack, Noticing(pack, cases), [])
    every = mutants(pack, manifest, series)
    outcomes: list[Outcome] = []
    for number, mutant in enumerate(every, 1):
        outcomes.append(trying.outcome(mutant))
        step(number, len(every))
    return Mutations(tuple(outcomes))


@dataclass(frozen=True)
class _Trying:
    """Tries one change after another; `pasted` are the cases found so far that are to paste in."""

    pack: Pack
    noticing: Noticing
    pasted: list[Pasted]

    def outcome(self, mutant: Mutant) -> Outcome:
        """What comes of a change."""
        case = self.noticing.noticed_by(mutant)
        if case is not None:
            return Noticed(mutant, case.id)
        for found in self.pasted:
            if self._may_notice(found, mutant) and not passes(found.case, mutant.pack):
                return Unnoticed(mutant, found, is_new=False)
        apart = told_apart(self.pack, mutant)
        match apart:
            case Proof():
                return Equivalent(mutant, apart)
            case Witness():
                return self._unnoticed(mutant, apart)
            case _:
                return Unnoticed(mutant, None, apart.why)

    def _unnoticed(self, mutant: Mutant, witness: Witness) -> Unnoticed:
        found = case_for(self.pack, mutant, witness)
        if found is None:
            why = "a case cannot stand for the inspection that would show it"
            return Unnoticed(mutant, None, why)
        self.pasted.append(found)
        return Unnoticed(mutant, found)

    def _may_notice(self, found: Pasted, mutant: Mutant) -> bool:
        """Whether a rule that leads to what a case expects comes to something else of it."""
        expects = frozenset(expected(self.pack, found.case.written.expect))
        rules = [self.pack.rules[rule] for rule in mutant.rules]
        return not rules or any(
            comes_to_another(rule, mutant.pack.rules[rule.id], found.facts)
            for rule in rules
            if expects & led_to(self.pack, rule)
        )
