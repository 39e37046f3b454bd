"""`answers.yaml`: what the checks found and a person accepted, by whom, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from grading.evidence.records import Id, Text
from grading.problems import Place, Problem
from grading.rules.pack import Line
from grading.source import Folder, Model, fit

FILE = "answers.yaml"
CheckName = Annotated[str, Field(pattern=r"^(C1[0-9]{2}|[a-z0-9]+(-[a-z0-9]+)*)$", max_length=80)]


class Answer(Model):
    """What one check found in exactly these records is accepted. People are named by role."""

    check: CheckName
    records: tuple[Id, ...] = Field(min_length=1, max_length=10_000)
    accepted_because: Text = Field(alias="accepted-because")
    by: Line
    date_: date = Field(alias="date")


class AnswerFile(Model):
    """The whole file."""

    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class PlacedAnswer:
    """An answer and the line it was written on."""

    written: Answer
    place: Place


def read_answers(folder: Folder, problems: list[Problem]) -> tuple[PlacedAnswer, ...]:
    """The answers of a folder; none where there is no such file."""
    if FILE not in folder.names:
        return ()
    document, found = folder.yaml(FILE)
    problems.extend(found)
    if document is None:
        return ()
    value, found = fit(AnswerFile, document.data, document)
    problems.extend(found)
    return tuple(
        PlacedAnswer(answer, document.place(("answers", i)))
        for i, answer in enumerate(value.answers if value else ())
    )
