"""A rationale as plain values and as a graph for Graphviz."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Literal

from grading.explain.because import Because

Sort = Literal["conclusion", "record", "rule", "line", "count"]
_SHAPES: dict[Sort, str] = {
    "conclusion": "box",
    "record": "note",
    "rule": "component",
    "line": "tab",
    "count": "plaintext",
}
_WIDEST = 48


def plain(because: Because) -> dict[str, Any]:
    """The rationale as mappings and lists, for JSON."""
    return {
        "text": because.text,
        "record": because.record,
        "place": str(because.place) if because.place else None,
        "because": [plain(step) for step in because.rests_on],
    }


def dot(because: Because, title: str) -> str:
    """The rationale as a graph in the DOT language, from conclusions to what they rest on.

    Steps that are equal, and rest on equal steps, are one node; a count of steps that were cut
    belongs to the one step that it stands below. The id of a node depends on the step alone. Sorts
    of steps have different shapes, and their labels say the sort in words, so that nothing is told
    by colour.
    """
    graph = _Graph()
    graph.add(because)
    attributes = (
        f'rankdir=LR, ordering=out, labelloc=t, fontname="Helvetica", label={_label([title])}'
    )
    return "\n".join(
        [
            "digraph rationale {",
            f"  graph [{attributes}];",
            '  node [fontname="Helvetica", margin="0.15,0.1"];',
            *graph.nodes.values(),
            *graph.edges,
            "}\n",
        ]
    )


class _Graph:
    """The nodes and edges of a rationale, in the order of the rationale."""

    def __init__(self) -> None:
        self.nodes: dict[str, str] = {}
        self.edges: dict[str, None] = {}

    def add(self, because: Because, above: str = "") -> str:
        """The step is a node, with all that it rests on; its id."""
        name = f"count_{above}" if _sort(because) == "count" else _name(because)
        if name not in self.nodes:
            shape, label = _SHAPES[_sort(because)], _label(_lines(because))
            self.nodes[name] = f"  {name} [shape={shape}, label={label}];"
            for step in because.rests_on:
                self.edges[f"  {name} -> {self.add(step, name)};"] = None
        return name


def _name(because: Because) -> str:
    """The id of a step: its sort, and a digest of what it says and rests on."""
    inner = [_name(step) for step in because.rests_on]
    said = [because.text, because.record, str(because.place), inner]
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()
    return f"{_sort(because)}_{digest[:16]}"


def _sort(because: Because) -> Sort:
    if because.record is not None:
        return "record"
    if because.rests_on:
        return "conclusion"
    if because.place is None:
        return "count"
    return "rule" if because.place.file.startswith("rules/") else "line"


def _lines(because: Because) -> Iterator[str]:
    """The label of a step: what sort of step it is, and what it says."""
    place = f"{because.place.file}:{because.place.line}" if because.place else ""
    match _sort(because):
        case "record":
            yield f"Record {because.record}"
        case "rule":
            yield f"Rule {place}"
        case "line":
            yield f"Line {place}"
        case "conclusion":
            yield f"Conclusion {place}".rstrip()
        case "count":
            pass
    yield because.text


def _label(lines: Iterator[str] | list[str]) -> str:
    wrapped = (part for line in lines for part in _wrapped(line))
    return '"' + r"\n".join(map(_escaped, wrapped)) + '"'


def _wrapped(text: str) -> Iterator[str]:
    """The words of a text in lines; a word that is longer than a line has one for itself."""
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > _WIDEST:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _escaped(text: str) -> str:
    # a label is unescaped twice, and its entities are those of HTML
    return text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
