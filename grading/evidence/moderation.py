"""`moderation.yaml` and `challenges.yaml`: grades that people changed, and what the body disputes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Literal, Self, TypeVar

from pydantic import Field, model_validator

from grading.evidence.records import Id, Text
from grading.problems import Place, Problem
from grading.rules.pack import Line, Slug
from grading.source import Document, Folder, Model, Path, fit

MODERATION, CHALLENGES = "moderation.yaml", "challenges.yaml"
DecisionStatus = Literal["not yet made", "expired", "superseded", "withdraws another", "in force"]


class Second(Model):
    """A second person who agreed. People may be named by role."""

    by: Line
    role: Line


class Moderation(Model):
    """A grade that people changed: from, to, who, why, on what evidence, and until when.

    It is never changed afterwards: another one `supersedes` it, and without a `to` takes it back.
    """

    id: Id
    question: Slug
    from_: Slug = Field(alias="from")
    to: Slug | None = None
    by: Line
    role: Line
    date_: date = Field(alias="date")
    because: Text
    evidence: tuple[Id, ...] = Field(default=(), max_length=1000)
    until: date | None = None
    second: Second | None = None
    supersedes: Id | None = None

    @model_validator(mode="after")
    def _changes_something_for_some_time(self) -> Self:
        if self.to is None and self.supersedes is None:
            raise ValueError(
                "a change of a grade has no `to`",
                "write the grade that people settled on, or `supersedes` to take another change back",
            )
        if self.to == self.from_:
            raise ValueError(
                "`to` is the grade that stands in `from`",
                "correct one of them, or take the change out",
            )
        if self.until is not None and self.until < self.date_:
            raise ValueError("`until` is before `date`", "exchange them, or correct one")
        if self.second is not None and self.second.by == self.by:
            raise ValueError(
                "the `second` person is the one who changes the grade", "name who agreed with them"
            )
        return self


class Reply(Model):
    """What the inspectorate answered, and the records that were corrected or added."""

    outcome: Literal["upheld", "partly-upheld", "not-upheld"]
    by: Line
    role: Line
    date_: date = Field(alias="date")
    because: Text
    corrections: tuple[Id, ...] = Field(default=(), max_length=1000)


class Challenge(Model):
    """What the inspected body disputes: records, criteria or questions, in its own words."""

    id: Id
    by: Line
    role: Line
    date_: date = Field(alias="date")
    of: tuple[Id, ...] = Field(min_length=1, max_length=1000)
    says: Text
    answer: Reply | None = None

    @model_validator(mode="after")
    def _is_answered_afterwards(self) -> Self:
        if self.answer is not None and self.answer.date_ < self.date_:
            raise ValueError(
                "the `answer` is dated before the challenge", "correct one of the two dates"
            )
        return self


class ModerationFile(Model):
    """The whole of `moderation.yaml`."""

    moderation: tuple[Moderation, ...] = ()


class ChallengeFile(Model):
    """The whole of `challenges.yaml`."""

    challenges: tuple[Challenge, ...] = ()


D = TypeVar("D", Moderation, Challenge)


@dataclass(frozen=True)
class Decided(Generic[D]):
    """What people wrote, and where."""

    written: D
    place: Place
    document: Document
    path: Path

    def at(self, *keys: str | int) -> Place:
        """The place of one of its values; its own where it does not say it."""
        return self.document.place((*self.path, *keys))


def read_moderation(folder: Folder, problems: list[Problem]) -> tuple[Decided[Moderation], ...]:
    """The changes of grades that a folder has; none where there is no such file."""
    return _read(folder, MODERATION, ModerationFile, "moderation", problems)


def read_challenges(folder: Folder, problems: list[Problem]) -> tuple[Decided[Challenge], ...]:
    """The challenges that a folder has; none where there is no such file."""
    return _read(folder, CHALLENGES, ChallengeFile, "challenges", problems)


def known_by(decisions: tuple[Decided[Moderation], ...], day: date) -> dict[str, DecisionStatus]:
    """How each change of a grade stands on a day, by its id, before the grades are known."""
    made = [d.written for d in decisions if d.written.date_ <= day]
    gone = {written.supersedes for written in made}
    found: dict[str, DecisionStatus] = {}
    for decided in decisions:
        written = decided.written
        if written.date_ > day:
            found[written.id] = "not yet made"
        elif written.id in gone:
            found[written.id] = "superseded"
        elif written.to is None:
            found[written.id] = "withdraws another"
        elif written.until is not None and written.until < day:
            found[written.id] = "expired"
        else:
            found[written.id] = "in force"
    return found


def in_force(
    decisions: tuple[Decided[Moderation], ...], day: date
) -> dict[str, Decided[Moderation]]:
    """The change that is in force on a day for each question that has one."""
    standing = known_by(decisions, day)
    return {d.written.question: d for d in decisions if standing[d.written.id] == "in force"}


def _read(
    folder: Folder, name: str, model: type[Any], key: str, problems: list[Problem]
) -> tuple[Any, ...]:
    if name not in folder.names:
        return ()
    document, found = folder.yaml(name)
    problems.extend(found)
    if document is None:
        return ()
    value, found = fit(model, document.data, document)
    problems.extend(found)
    return tuple(
        Decided(written, document.place((key, i)), document, (key, i))
        for i, written in enumerate(getattr(value, key) if value else ())
    )
