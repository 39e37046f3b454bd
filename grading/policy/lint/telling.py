"""Evidence of an example, told in the words of a rule file."""

from __future__ import annotations

from collections.abc import Iterator

from grading.judge.figures import Figure
from grading.judge.observations import Seen
from grading.judge.ranges import Value
from grading.judge.states import Example
from grading.problems import listed


def told(example: Example) -> str:
    """The evidence that leads to a state, as the end of a sentence."""
    every = list(_each(example))
    return f"with {listed(every, 'and')}" if every else "with nothing shown"


def added(more: Seen | tuple[Figure, Value]) -> str:
    """One more piece of evidence, as the subject of a sentence."""
    if isinstance(more, Seen):
        return f"one more observation, {_observation(more)},"
    figure, value = more
    return f"a better figure, `{figure.id}` at {value},"


def _each(example: Example) -> Iterator[str]:
    yield from map(_observation, example.observations)
    for figure, value in example.figures:
        if value is not None:
            yield f"`{figure.id}` at {value}"
    for topic, kind, status in example.earlier or ():
        yield f"an earlier {kind} on `{topic}` that is {status}"


def _observation(seen: Seen) -> str:
    way = "supports" if seen.supports else "contradicts"
    levels = [f"{scale}: {level}" for scale, level in seen.levels]
    coded = ", ".join([f"{way}: {seen.topic}", *levels, *["mitigated: true"] * seen.mitigated])
    return f"{{{coded}}}"
