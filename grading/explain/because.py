"""A rationale: what is said, and what it rests on, down to records and the lines of rule files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

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


def cut(because: Because, depth: int) -> Because:
    """The rationale down to so many levels below its top.

    Below a step whose own steps are left out stands how many: a leaf such as "3 more steps", which
    has no place.
    """
    if depth > 0:
        return replace(because, rests_on=tuple(cut(step, depth - 1) for step in because.rests_on))
    hidden = sum(1 for _ in because.walk()) - 1
    if not hidden:
        return because
    count = Because(f"{hidden} more step{'' if hidden == 1 else 's'}")
    return replace(because, rests_on=(count,))


def is_count(because: Because) -> bool:
    """Whether a step is the number of those that `cut` left out."""
    return because.place is None and because.record is None and not because.rests_on


def base(because: Because) -> Because:
    """The rationale without what lies between its top and its base facts.

    A base fact is a record, or a line on which nothing else rests. Each stands once, in the order
    of the rationale; what several leaves say of one line stands together.
    """
    said: dict[object, Because] = {}
    for step in because.walk():
        if step is because or (step.rests_on and step.record is None):
            continue
        leaf = replace(step, rests_on=())
        key = step.record or step.place or step.text
        before = said.get(key, leaf)
        new = step.record is None and leaf.text not in before.text
        said[key] = replace(before, text=f"{before.text} {leaf.text}") if new else before
    return replace(because, rests_on=tuple(said.values()))
