"""Which passages of a methodology the rules of a pack cite, and which they do not.

A passage is cited where its heading stands word for word in one reference of a `cite`, whatever
the case and the punctuation; references are set apart by semicolons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from grading.policy.book.parts import Passage
from grading.policy.lint.texts import texts
from grading.rules.files import PackFiles

_WORD = re.compile(r"\w+")
_Cite = list[tuple[str, ...]]  # the words of each reference
_FIGURES = ("series.yaml", "indicators.yaml", "checks.yaml")


def headings(text: str) -> tuple[str, ...]:
    """The headings of a list, one a line; each once, and none for an empty line."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if _words(line)))


def passages(files: PackFiles, listed: Iterable[str]) -> tuple[Passage, ...]:
    """How often each passage is cited: by rules and questions, and by figures and checks."""
    rules: list[_Cite] = []
    figures: list[_Cite] = []
    for text in texts(files):
        if text.key == "cite":
            name = text.document.file.rpartition("/")[2]
            into = figures if name in _FIGURES else rules
            into.append([_words(reference) for reference in text.text.split(";")])
    return tuple(
        Passage(heading, _citing(_words(heading), rules), _citing(_words(heading), figures))
        for heading in listed
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def _citing(heading: tuple[str, ...], cites: list[_Cite]) -> int:
    return sum(any(_within(heading, reference) for reference in cite) for cite in cites)


def _within(heading: tuple[str, ...], reference: tuple[str, ...]) -> bool:
    """Whether the words of a heading follow each other in a reference."""
    length = len(heading)
    return any(reference[n : n + length] == heading for n in range(len(reference) - length + 1))
