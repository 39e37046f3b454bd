"""What the ladder of a pack says in one state: every rung, every limiter, and the grade."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grading.judge.columns import Numbers
from grading.judge.ladder import Ladder
from grading.rules.loaded import Pack
from grading.rules.stages import rungs, worst


@dataclass(frozen=True)
class Reading:
    """The rungs that hold, best first; the limiters that hold; the grade before and after them.

    Both grades are empty where no rung holds.
    """

    rungs: tuple[str, ...]
    limiters: tuple[str, ...]
    provisional: str
    grade: str


class Reader:
    """Reads a ladder where everything it asks about is settled; each sum once."""

    def __init__(self, pack: Pack, ladder: Ladder) -> None:
        self.pack, self.ladder = pack, ladder
        self.rungs = rungs(pack, ladder.owner)
        self.limiters = pack.limiters.get(ladder.owner, ())
        self._read: dict[Numbers, Reading] = {}

    def read(self, numbers: Numbers) -> Reading:
        """What the ladder says of what adds up to these numbers."""
        if numbers not in self._read:
            truths = self.ladder.truths(numbers)
            owner = self.ladder.owner
            held = tuple(grade for grade in self.rungs if truths[f"{owner}.{grade}"])
            bite = tuple(x.id for x in self.limiters if truths[x.rule])
            first = held[0] if held else ""
            self._read[numbers] = Reading(held, bite, first, self.held(first, bite))
        return self._read[numbers]

    def held(self, grade: str, limiters: Iterable[str]) -> str:
        """The grade as these limiters leave it."""
        if not grade:
            return ""
        among = frozenset(limiters)
        caps = (x.written.at_best for x in self.limiters if x.id in among)
        return worst(self.pack, [grade, *caps])

    def is_worse(self, one: str, other: str) -> bool:
        """Whether a grade is worse than another; to have none is worse than any."""
        return self.place(one) > self.place(other)

    def place(self, grade: str) -> int:
        """How far from the best a grade is; to have none is farthest."""
        return self.pack.grades.index(grade) if grade else len(self.pack.grades)
