"""Evidence of an example, told in the words of a rule file."""

from __future__ import annotations

from collections.abc import Iterator

from grading.judge.figures import Figure
from grading.judge.observations import Seen
from grading.judge.ranges import Value
from grading.judge.states import Example
from grading.problems import listed


def told(example: Example) -> str:
    """The evidence that leads to a state."""
    return (
        listed(_each(example), "and") if any(True for _ in _each(example)) else "nothing is shown"
    )


def added(more: Seen | tuple[Figure, Value], *, better: bool) -> str:
    """One more piece of evidence, as the subject of a sentence."""
    if isinstance(more, Seen):
        return f"one more observation {_observation(more)}"
    figure, value = more
    return f"a better figure, `{figure.id}` at {value},"


def _each(example: Example) -> Iterator[str]:
    yield from (f"an observation {_observation(seen)}" for seen in example.observations)
    for figure, value in example.figures:
        if value is not None:
            yield f"`{figure.id}` is {value}"
    for topic, kind, status in example.earlier or ():
        yield f"an earlier {kind} on `{topic}` is {status}"


def _observation(seen: Seen) -> str:
    way = "supports" if seen.supports else "contradicts"
    levels = [f"{scale}: {level}" for scale, level in seen.levels]
    coded = ", ".join([f"{way}: {seen.topic}", *levels, *["mitigated: true"] * seen.mitigated])
    return f"{{{coded}}}"
