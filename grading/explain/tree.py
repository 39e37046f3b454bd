"""A rationale cut to what a reader asked for: down to a depth, or its base facts alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grading.explain.because import Because


def cut(because: Because, depth: int) -> Because:
    """The rationale down to so many levels below its head; what is left out is counted."""
    if not because.rests_on:
        return because
    if depth == 0:
        return replace(because, rests_on=())
    return replace(because, rests_on=tuple(cut(step, depth - 1) for step in because.rests_on))


def hidden(whole: Because, shown: Because) -> int:
    """How many steps of the whole rationale are not shown."""
    return sum(1 for _ in whole.walk()) - sum(1 for _ in shown.walk())


def base(because: Because) -> Iterator[Because]:
    """The base facts of a rationale: each record, and each line of a rule that nothing is below, once."""
    seen: set[tuple[str | None, str]] = set()
    for step in because.walk():
        if step.record is None and step.rests_on:
            continue
        key = (step.record, "" if step.record else f"{step.place} {step.text}")
        if key not in seen:
            seen.add(key)
            yield replace(step, rests_on=())
