"""A rationale as a Graphviz drawing: a node a step, and an arrow to each that it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from grading.explain.because import Because

_WIDTH = 48


def dot(because: Because) -> str:
    """The drawing in the DOT language; the same for the same rationale.

    A record is a note and stands once however often it is cited; a conclusion is a box, and a line of a
    rule that nothing is below an ellipse, so that no meaning rests on colour.
    """
    drawing = _Drawing()
    drawing.add(because)
    head = ["digraph rationale {", '  rankdir="TB";', '  node [fontname="sans-serif"];']
    return "\n".join([*head, *drawing.nodes, *drawing.arrows, "}"]) + "\n"


class _Drawing:
    """Numbers the steps as they are met."""

    def __init__(self) -> None:
        self.nodes: list[str] = []
        self.arrows: list[str] = []
        self.known: dict[str, str] = {}

    def add(self, step: Because) -> str:
        """The name of the step's node, which is made where there is none yet."""
        if step.record is not None and step.record in self.known:
            return self.known[step.record]
        name = f"n{len(self.nodes)}"
        if step.record is not None:
            self.known[step.record] = name
        shape = "note" if step.record else "box" if step.rests_on else "ellipse"
        self.nodes.append(f'  {name} [shape="{shape}", label="{_label(step)}"];')
        for below in step.rests_on:
            arrow = f"  {name} -> {self.add(below)};"
            if arrow not in self.arrows:
                self.arrows.append(arrow)
        return name


def _label(step: Because) -> str:
    text = step.text + (f" [{step.record}]" if step.record else "")
    return "\\n".join(map(_escaped, _wrapped(text)))


def _escaped(text: str) -> str:
    """Text that DOT shows as it is: quotes and backslashes escaped, no character that hides."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return plain.replace("\\", "\\\\").replace('"', '\\"')


def _wrapped(text: str) -> Iterator[str]:
    """The text in lines of at most so many characters, longer words cut."""
    line = ""
    for word in text.split():
        while len(word) > _WIDTH:
            if line:
                yield line
                line = ""
            yield word[:_WIDTH]
            word = word[_WIDTH:]
        if line and len(line) + 1 + len(word) > _WIDTH:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    if line:
        yield line
