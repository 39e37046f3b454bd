"""A rationale: what is said, and what it rests on, down to records and the lines of rule files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grading.problems import Place


@dataclass(frozen=True)
class Because:
    """One step of a rationale. A leaf has the place of a record or of a rule that somebody wrote."""

    text: str
    rests_on: tuple[Because, ...] = ()
    record: str | None = None
    place: Place | None = None

    def walk(self) -> Iterator[Because]:
        """This step and every step below it, from the top."""
        yield self
        for step in self.rests_on:
            yield from step.walk()
