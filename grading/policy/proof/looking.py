"""All the states of one judgment of a pack, as inspections with their grades."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grading.explain.variables import Variable
from grading.judge.columns import Numbers
from grading.judge.states import Example
from grading.policy.proof.asks import Parting
from grading.policy.proof.claims import Inspection, Said
from grading.policy.proof.known import Known
from grading.policy.proof.parts import Cost, Grades, figures_of, setting
from grading.policy.proof.readings import Reader, Reading
from grading.policy.proof.tables import How, Table, tables


@dataclass(frozen=True)
class Seen:
    """States that add up to the same: how many, and of them the one that is told shortest."""

    states: int
    cost: Cost
    table: int
    chosen: tuple[int, ...]
    numbers: Numbers
    reading: Reading


class Looking:
    """All states of a judgment, in every setting of what several of its parts ask about.

    Raises TooMany.
    """

    def __init__(
        self,
        parting: Parting,
        owner: str,
        judged: Mapping[str, Sequence[Grades]],
        how: How | None = None,
    ) -> None:
        self.parting, self.owner, self.judged = parting, owner, judged
        self.asks = parting.asks(owner)
        (side,), (ladder,) = parting.sides, self.asks.ladders
        assert ladder is not None
        self.pack, self.ladder, self.reader = side.pack, ladder, Reader(side.pack, ladder)
        known = self.asks.shared.of
        self.tables = tables([setting(parting, self.asks, [k], judged) for k in known], how)
        self.states = sum(table.states for table in self.tables)
        self.every = tuple(self._every())

    @property
    def how(self) -> How:
        """How they were looked at."""
        return self.tables[0].how

    def between(self, one: int, other: int) -> Table:
        """The states in two settings at once, each a side of its own."""
        known = [self.asks.shared.of[one], self.asks.shared.of[other]]
        return Table(setting(self.parting, self.asks, known, self.judged), self.how)

    def inspection(
        self, table: int, chosen: Sequence[int], grade: str, known: Known | None = None
    ) -> Inspection:
        """A state as an inspection, in which this is known of all that is like it."""
        found = list(settled_beforehand(known or self.asks.shared.of[table]))
        for part, option in zip(self.tables[table].setting.parts, chosen, strict=True):
            one = part.options[option]
            found.append(Said(part.variable, one.to, one.example))
        return Inspection(tuple(found), grade)

    def shortest(self, among: Iterable[Seen]) -> tuple[Inspection, ...]:
        """Of some states the one that is told shortest, as an inspection; none where there are none."""
        found = sorted(among, key=lambda seen: (seen.cost, seen.table, seen.chosen))[:1]
        return tuple(self.inspection(s.table, s.chosen, s.reading.grade) for s in found)

    def _every(self) -> Iterator[Seen]:
        for n, table in enumerate(self.tables):
            for numbers, reached in table.whole().items():
                read = self.reader.read(numbers)
                yield Seen(reached.states, reached.cost, n, reached.chosen, numbers, read)


def settled_beforehand(known: Known) -> Iterator[Said]:
    """What is settled beforehand, as it is said of an inspection."""
    if known.figures:
        yield Said(figures_of(known), known, Example())
    if known.items:
        topics = dict.fromkeys(topic for topic, _, _ in known.items)
        yield Said(Variable("earlier", tuple(topics)), known, Example())
