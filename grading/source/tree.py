"""Strict YAML: a file → plain values, each with the place where it was written."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import yaml

from grading.problems import Place, Problem
from grading.source.events import Path, Tree
from grading.source.syntax import before_parsing, explain, no_content, too_deep
from grading.source.text import read_text

PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser that reads files: the one in C where PyYAML was built with it."""


class Places(Protocol):
    """Where the values of a file were written."""

    def place(self, path: Path) -> Place:
        """The place of the value at this path, or of the nearest value around it."""

    def key_place(self, path: Path) -> Place:
        """The place of the key at the end of this path; of the value where it has no key."""


@dataclass(frozen=True)
class Document:
    """What one file says: mappings, tuples and plain values; and where each was written.

    A value that is left empty has the place of its key.
    """

    file: str
    data: Any
    places: Mapping[Path, Place]
    key_places: Mapping[Path, Place]

    def place(self, path: Path) -> Place:
        """The place of the value at this path, or of the nearest value around it."""
        return _nearest(self.places, path, Place(self.file, 1))

    def key_place(self, path: Path) -> Place:
        """The place of the key at the end of this path; of the value where it has no key."""
        return self.key_places.get(path) or self.place(path)


def read_yaml(path: pathlib.Path, label: str) -> tuple[Document | None, list[Problem]]:
    """The file's document and no problems, or no document and every problem found."""
    text, problems = read_text(path, label)
    return (None, problems) if text is None else parse_yaml(text, label)


def parse_yaml(
    text: str, label: str, parser: Any = PARSER
) -> tuple[Document | None, list[Problem]]:
    """The text's document and no problems, or no document and every problem found."""
    problems = before_parsing(text, label)
    if problems:
        return None, problems
    tree = Tree(text, label)
    try:
        tree.read(yaml.parse(text, Loader=parser))
    except yaml.YAMLError as error:
        deep = too_deep(error)
        if deep is not None and deep < len(text):
            # the parser gave up before it said what it had read; what stands before is nested as deep
            return parse_yaml(text[:deep], label, parser)
        return None, [explain(error, text, label)]
    if tree.problems:
        return None, sorted(tree.problems)
    if tree.data is None:
        return None, [no_content(label)]
    return Document(label, tree.data, tree.places, tree.key_places), []


def _nearest(places: Mapping[Path, Place], path: Path, otherwise: Place) -> Place:
    for length in range(len(path), -1, -1):
        if path[:length] in places:
            return places[path[:length]]
    return otherwise
