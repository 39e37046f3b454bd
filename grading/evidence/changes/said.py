"""A change as it is said on the command line, and its words as values of records.

The place of a problem with it is the option, which of its uses, and the character: `--correct:2:8`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from grading.problems import Place, Problem, listed, quoted
from grading.source.kinds import (
    DATE,
    LIST,
    MAPPING,
    NUMBER,
    TEXT,
    TRUTH,
    WHOLE,
    kind_at,
    kinds_for,
    known_keys,
)
from grading.source.scalars import Refusal
from grading.source.scalars import date as date_in
from grading.source.scalars import number as number_in
from grading.source.text import LONGEST_TEXT, hidden_in, why_forbidden


@dataclass(frozen=True, order=True)
class Said:
    """The text of one use of an option; uses count from 1."""

    option: str
    use: int
    text: str

    def place(self, column: int = 1) -> Place:
        """The place of a character of the text, from 1."""
        return Place(self.option, self.use, column)


def unseen(text: str, place: Place) -> Problem | None:
    """The problem of a text that is too long, or that holds a character which no file may hold."""
    if len(text) > LONGEST_TEXT:
        message = f"a text of more than {LONGEST_TEXT:,} characters"
        return Problem(place, "E121", message, "shorten it")
    hidden = hidden_in(text)
    return why_forbidden(hidden, place) if hidden else None


def value_for(model: Any, path: tuple[str, ...], text: str, place: Place) -> Any:
    """The words as the value that the model has at this path, or the problem with them.

    Words that are no such value stay text, for the model to refuse.
    """
    hidden = unseen(text, place)
    if hidden:
        return hidden
    kinds = kinds_for(kind_at(model, path))
    if not kinds or TEXT in kinds:
        return text
    if MAPPING in kinds:
        name = ".".join(path)
        parts = listed(quoted(f"{name}.{key}") for key in known_keys(kind_at(model, path)))
        return Problem(place, "E602", f"{quoted(name)} has parts", f"correct {parts}")
    if LIST in kinds:
        return tuple(part.strip() for part in text.split(";"))
    if TRUTH in kinds and text in ("true", "false"):
        return text == "true"
    read: Any = None
    if NUMBER in kinds or WHOLE in kinds:
        read = number_in(text)
    elif DATE in kinds:
        read = date_in(text)
    if isinstance(read, Refusal):
        return Problem(place, read.code, read.message, _REMEDIES[read.code])
    return text if read is None else read


def number(text: str, place: Place) -> Decimal | Problem:
    """The number that the words are."""
    read = number_in(text)
    if isinstance(read, Refusal):
        return Problem(place, read.code, read.message, _REMEDIES[read.code])
    if read is None:
        hint = "write digits and a point alone, such as 1234.5"
        return Problem(place, "E171", f"{quoted(text)} is not a number", hint)
    return Decimal(read)


def day(text: str, place: Place) -> date | Problem:
    """The date that the words are."""
    read = date_in(text)
    if isinstance(read, Refusal):
        return Problem(place, read.code, read.message, _REMEDIES[read.code])
    if read is None:
        message = f"{quoted(text)} is not a date"
        return Problem(place, "E173", message, "write it such as 2016-03-31")
    return read


_REMEDIES = {"E122": "round it", "E123": "write the date such as 2016-03-31"}
