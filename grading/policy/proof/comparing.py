"""A judgment under two packs at once: every state, with the grade that each of the packs gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grading.judge.columns import Numbers
from grading.policy.proof.asks import Parting
from grading.policy.proof.claims import Inspection, Said
from grading.policy.proof.known import Known
from grading.policy.proof.looking import settled_beforehand
from grading.policy.proof.parts import Cost, Grades, setting
from grading.policy.proof.readings import Reader, Reading
from grading.policy.proof.tables import How, tables


@dataclass(frozen=True)
class Both:
    """States that add up to the same for both packs, the one told shortest, and what each pack says.

    A pack that does not grade the judgment says nothing.
    """

    states: int
    cost: Cost
    table: int
    chosen: tuple[int, ...]
    readings: tuple[Reading | None, Reading | None]

    @property
    def grades(self) -> tuple[str, str]:
        """The grades that the packs give; an empty word for none."""
        first, second = (reading.grade if reading else "" for reading in self.readings)
        return first, second


class Comparing:
    """All states of a judgment that at least one of two packs grades. Raises TooMany."""

    def __init__(
        self,
        parting: Parting,
        owner: str,
        judged: Mapping[str, Sequence[Grades]],
        how: How | None = None,
    ) -> None:
        self.owner = owner
        self.asks = parting.asks(owner)
        self.readers = [
            None if ladder is None else Reader(side.pack, ladder)
            for side, ladder in zip(parting.sides, self.asks.ladders, strict=True)
        ]
        known = self.asks.shared.of
        self.tables = tables([setting(parting, self.asks, [k], judged) for k in known], how)
        self.states = sum(table.states for table in self.tables)
        self.every = tuple(self._every())

    @property
    def how(self) -> How:
        """How they were looked at."""
        return self.tables[0].how

    def inspection(self, both: Both, side: int) -> Inspection:
        """The state that is told shortest, with the grade that one side gives."""
        found = list(settled_beforehand(self.asks.shared.of[both.table]))
        for part, option in zip(self.tables[both.table].setting.parts, both.chosen, strict=True):
            one = part.options[option]
            to = one.to if isinstance(one.to, Known) else one.to[side : side + 1]
            if to != (None,):
                found.append(Said(part.variable, to, one.example))
        return Inspection(tuple(found), both.grades[side])

    def _every(self) -> Iterator[Both]:
        for n, table in enumerate(self.tables):
            for numbers, reached in table.whole().items():
                first, second = self._read(numbers)
                yield Both(reached.states, reached.cost, n, reached.chosen, (first, second))

    def _read(self, numbers: Numbers) -> Iterator[Reading | None]:
        start = 0
        for reader in self.readers:
            if reader is None:
                yield None
                continue
            end = start + len(reader.ladder.nothing)
            yield reader.read(numbers[start:end])
            start = end
