"""What the ladder of a pack says in one state: every rung, every limiter, and the grade."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grading.judge.columns import Numbers
from grading.judge.ladder import Ladder
from grading.rules.facts import Possible
from grading.rules.loaded import Pack
from grading.rules.stages import limited, provisional, rungs, worst

OPEN = "open"


@dataclass(frozen=True)
class Reading:
    """The rungs that hold and those that do not, best first; the limiters that hold; and the grades.

    The grades before and after the limiters are empty words where no rung holds. Where evidence of its
    kind may not carry a condition by itself, the condition is withheld though all is known: it neither
    holds nor does not, and a grade may be open.
    """

    rungs: tuple[str, ...]
    others: tuple[str, ...]
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
            truths, owner = self.ladder.truths_at(numbers), self.ladder.owner
            said = {grade: truths[f"{owner}.{grade}"] for grade in self.rungs}
            self._read[numbers] = Reading(
                tuple(grade for grade, truth in said.items() if truth),
                tuple(grade for grade, truth in said.items() if truth is False),
                tuple(x.id for x in self.limiters if truths[x.rule]),
                _one(provisional(self.pack, owner, truths)),
                _one(self.ladder.grades(numbers)),
            )
        return self._read[numbers]

    def without(self, numbers: Numbers, limiter: str) -> str:
        """The grade as it would be if one limiter did not hold."""
        truths, owner = self.ladder.truths_at(numbers), self.ladder.owner
        rule = next(x.rule for x in self.limiters if x.id == limiter)
        grades = provisional(self.pack, owner, truths)
        return _one(limited(self.pack, owner, grades, {**truths, rule: False}))

    def held(self, grade: str, limiters: Iterable[str]) -> str:
        """The grade as these limiters leave it."""
        among = frozenset(limiters)
        caps = (x.written.at_best for x in self.limiters if x.id in among)
        return worst(self.pack, [grade, *caps])

    def is_worse(self, one: str, other: str) -> bool:
        """Whether a grade is worse than another; to have none is worse than any, and open is neither."""
        return OPEN not in (one, other) and self.place(one) > self.place(other)

    def place(self, grade: str) -> int:
        """How far from the best a grade is; to have none is farthest, and open next."""
        return (*self.pack.grades, OPEN, "").index(grade)


def _one(grades: Possible) -> str:
    """The grade where there is one; otherwise that it is open, or the empty word for none."""
    return OPEN if len(grades) > 1 else next(iter(grades), "")
