"""The texts of a pack's files, each with its path and place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grading.problems import Place
from grading.rules.files import PackFiles
from grading.source import Document, Path


@dataclass(frozen=True)
class Text:
    """One text, and where it is written."""

    document: Document
    path: Path
    text: str

    @property
    def key(self) -> str:
        """The key that it stands under."""
        return next((str(step) for step in reversed(self.path) if isinstance(step, str)), "")

    @property
    def place(self) -> Place:
        """Where it is written."""
        return self.document.place(self.path)


def documents(files: PackFiles) -> Iterator[Document]:
    """The documents of a pack, the manifest first."""
    yield files.manifest[0]
    yield from (document for document, _ in files.questions.values())
    for document in (files.series_document, files.indicators_document, files.checks_document):
        if document is not None:
            yield document


def texts(files: PackFiles) -> Iterator[Text]:
    """Every text of a pack's files."""
    for document in documents(files):
        for path, value in _in((), document.data):
            yield Text(document, path, value)


def _in(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    match value:
        case str():
            yield path, value
        case dict():
            for key, inner in value.items():
                yield from _in((*path, key), inner)
        case list() | tuple():
            for n, inner in enumerate(value):
                yield from _in((*path, n), inner)
