"""The lines of one part of a file, and the problems met on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from grading.problems import Place, Problem, known_instead
from grading.source import Document, Path


@dataclass(frozen=True)
class Lines:
    """A value of a document, and the list that keeps every problem of the document."""

    document: Document
    path: Path
    problems: list[Problem]

    def under(self, *keys: str | int) -> Lines:
        """The lines of a value inside this one."""
        return replace(self, path=(*self.path, *keys))

    @property
    def place(self) -> Place:
        """Where the value is written."""
        return self.document.place(self.path)

    def problem(self, code: str, message: str, hint: str = "", *, key: bool = False) -> None:
        """A problem of the value, or of its key, is kept."""
        place = self.document.key_place(self.path) if key else self.place
        self.problems.append(Problem(place, code, message, hint))

    def known(self, what: str, word: str, among: Iterable[str], *, key: bool = False) -> bool:
        """Whether the pack has what is named; where it has not, a problem is kept."""
        names = tuple(among)
        if word not in names:
            self.problem("E502", f"unknown {what} `{word}`", known_instead(word, names), key=key)
        return word in names
