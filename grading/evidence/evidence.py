"""The evidence of one inspection, each record with its kind and the line it was written on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Generic, TypeVar

from grading.evidence.answers import PlacedAnswer
from grading.evidence.moderation import Challenge, Decided, Moderation
from grading.evidence.records import (
    FileReview,
    Inspection,
    Metric,
    NotGraded,
    Observation,
    Previous,
    Survey,
)
from grading.evidence.reviewed import ReviewedFile
from grading.problems import Place
from grading.rules.pack import Kind
from grading.source import Document, Path, Places

R = TypeVar("R", Observation, FileReview, Metric, Survey, Previous, ReviewedFile)


@dataclass(frozen=True, slots=True)
class Placed(Generic[R]):
    """A record, its kind, and where it was written: a place, or a path among the places of a file."""

    kind: Kind
    record: R
    origin: Place | Places = field(repr=False, hash=False)
    path: Path = ()

    @property
    def place(self) -> Place:
        """The line that the record was written on."""
        return self.at()

    def at(self, *keys: str | int) -> Place:
        """The place of one of the record's values; of the record where it does not say it."""
        if isinstance(self.origin, Place):
            return self.origin
        return self.origin.place((*self.path, *keys))


@dataclass(frozen=True)
class PlacedNotGraded:
    """What is said of a question that is not graded, and the line of `inspection.yaml`."""

    written: NotGraded
    place: Place


@dataclass(frozen=True)
class Evidence:
    """The evidence of one inspection. `gathered` are the kinds for which the folder has a file.

    `table` holds figures of many bodies, to rank and compare the inspected one among them.
    """

    folder: FilePath
    inspection: Inspection
    observations: tuple[Placed[Observation] | Placed[FileReview], ...]
    metrics: tuple[Placed[Metric], ...]
    surveys: tuple[Placed[Survey], ...]
    previous: tuple[Placed[Previous], ...]
    gathered: frozenset[Kind]
    not_graded: Mapping[str, PlacedNotGraded] = field(default_factory=dict)  # by question
    reviewed: tuple[Placed[ReviewedFile], ...] = ()
    answers: tuple[PlacedAnswer, ...] = ()
    moderation: tuple[Decided[Moderation], ...] = ()  # in the order of the file
    challenges: tuple[Decided[Challenge], ...] = ()
    table: tuple[Placed[Metric], ...] = ()
    document: Document | None = field(default=None, repr=False, compare=False)  # inspection.yaml

    def every(self) -> tuple[Placed[Any], ...]:
        """Every record, by kind of file and then in the order of their ids."""
        coded = (*self.observations, *self.reviewed)
        return (*coded, *self.metrics, *self.surveys, *self.previous)

    def places(self) -> dict[str, Place]:
        """Where each record was written, by its id."""
        return {placed.record.id: placed.place for placed in (*self.every(), *self.table)}
