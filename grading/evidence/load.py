"""The evidence of one inspection: a folder, read and checked against its rule pack."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path as FilePath
from typing import Any, TypeVar

from pydantic import BaseModel

from grading.evidence.answers import FILE as ANSWERS
from grading.evidence.answers import read_answers
from grading.evidence.check import against_pack
from grading.evidence.evidence import Evidence, Placed, PlacedNotGraded, R
from grading.evidence.records import (
    FileReview,
    FileReviewFile,
    Inspection,
    Metric,
    Observation,
    ObservationFile,
    Previous,
    PreviousFile,
    Survey,
)
from grading.evidence.reviewed import ReviewedFile
from grading.evidence.tables import METRICS, REVIEWED, SURVEYS, Form, read_table
from grading.problems import Place, Problem, did_you_mean, raise_if
from grading.rules.loaded import Pack
from grading.rules.pack import Kind
from grading.source import Document, fit, read_yaml

P = TypeVar("P", bound="Placed[Any]")
EVERY_BODY = "_all"


def read_inspection(folder: FilePath) -> tuple[Document | None, Inspection | None, list[Problem]]:
    """`inspection.yaml` of a folder, which names the rule pack that everything else needs."""
    label = folder.as_posix()
    if not folder.is_dir():
        problem = Problem(
            Place(label, 1), "E401", "there is no such folder", "name a folder with inspection.yaml"
        )
        return None, None, [problem]
    document, problems = read_yaml(folder / "inspection.yaml", f"{label}/inspection.yaml")
    if document is None:
        return None, None, problems
    inspection, found = fit(Inspection, document.data, document)
    return document, inspection, [*problems, *found]


def unread_problems(folder: FilePath) -> list[Problem]:
    """The problems of the files beside `inspection.yaml`, when the pack cannot be known."""
    problems: list[Problem] = []
    if folder.is_dir():
        reader = _Reader(folder, problems)
        reader.observations(), reader.metrics(), reader.surveys(), reader.previous()
        reader.reviewed()
        reader.unknown_files()
    return problems


def load_evidence(
    folder: FilePath, pack: Pack, as_of: date | None = None, table: FilePath | None = None
) -> Evidence:
    """The evidence of a folder, as it stood on a date, and the table of bodies it is set among.

    Without a `table` it is `_all/metrics.csv` beside the folder, where there is one. Raises BadInput
    with every problem of every file.
    """
    document, inspection, problems = read_inspection(folder)
    if inspection is not None and as_of is not None:
        inspection = inspection.model_copy(update={"as_of": as_of})
    reader = _Reader(folder, problems)
    observations = reader.observations()
    metrics = reader.metrics()
    surveys = reader.surveys()
    previous = reader.previous()
    reviewed = reader.reviewed()
    reader.unknown_files()
    bodies = _bodies(folder, table, problems)
    if document is None or inspection is None:
        raise_if(problems)
        raise AssertionError("an inspection that cannot be read has at least one problem")
    evidence = Evidence(
        folder,
        inspection,
        _by_id(sorted(observations, key=lambda placed: placed.place)),
        _by_id(metrics),
        _by_id(surveys),
        _by_id(previous),
        frozenset(reader.gathered),
        _not_graded(inspection, document),
        _by_id(reviewed),
        read_answers(folder, problems),
        _by_id(bodies),
    )
    is_partial = bool(problems)
    for problem in against_pack(evidence, pack, document):
        # what is named and not there may be in a file that could not be read
        if not (is_partial and problem.code == "E404"):
            problems.append(problem)
    raise_if(problems)
    return evidence


def _bodies(
    folder: FilePath, table: FilePath | None, problems: list[Problem]
) -> list[Placed[Metric]]:
    """The rows of the table of bodies; a table that was named must be there."""
    if table is not None:
        return _Reader(table.parent, problems).figures(table.name)
    # a folder named as `.` or `..` has no parent in its name
    beside = (folder / ".." if folder.name in {"", ".."} else folder.parent) / EVERY_BODY
    return _Reader(beside, problems).metrics() if beside.is_dir() else []


def _by_id(records: list[P]) -> tuple[P, ...]:
    """Records of one file, or in order of place, in an order that no other order would change."""
    return tuple(sorted(records, key=lambda placed: placed.record.id))


def _not_graded(inspection: Inspection, document: Document) -> dict[str, PlacedNotGraded]:
    return {
        entry.question: PlacedNotGraded(entry, document.place(("not-graded", i)))
        for i, entry in enumerate(inspection.not_graded)
    }


class _Reader:
    """Reads the files of a folder and keeps every problem."""

    def __init__(self, folder: FilePath, problems: list[Problem]) -> None:
        self.folder, self.problems = folder, problems
        self.label = folder.as_posix()
        self.gathered: set[Kind] = set()
        self.known = {"inspection.yaml", ANSWERS}

    def coded(self, name: str, kind: Kind, model: type[BaseModel]) -> list[Placed]:  # type: ignore[type-arg]
        """The records of a YAML file; none where there is no such file."""
        self.known.add(name)
        path = self.folder / name
        if not path.exists() and not path.is_symlink():
            return []
        self.gathered.add(kind)
        document, found = read_yaml(path, f"{self.label}/{name}")
        self.problems.extend(found)
        if document is None:
            return []
        value, found = fit(model, document.data, document)
        self.problems.extend(found)
        records = value.records if value is not None else ()  # type: ignore[attr-defined]
        return [Placed(kind, record, document, ("records", i)) for i, record in enumerate(records)]

    def observations(self) -> list[Placed[Observation] | Placed[FileReview]]:
        """The coded records of fieldwork, in one file or several, and of file reviews."""
        names = ["fieldwork.yaml", *sorted(p.name for p in self.folder.glob("fieldwork-*.yaml"))]
        fieldwork = [p for name in names for p in self.coded(name, "fieldwork", ObservationFile)]
        return [*fieldwork, *self.coded("file-review-summary.yaml", "file-review", FileReviewFile)]

    def previous(self) -> list[Placed[Previous]]:
        """The records of `previous.yaml`."""
        return self.coded("previous.yaml", "previous", PreviousFile)

    def metrics(self) -> list[Placed[Metric]]:
        """The rows of `metrics.csv`; none where there is no such file."""
        return self.figures("metrics.csv") if self._is_there("metrics.csv") else []

    def figures(self, name: str) -> list[Placed[Metric]]:
        """The rows of a table of figures."""
        return self._table(name, METRICS)

    def surveys(self) -> list[Placed[Survey]]:
        """The rows of `surveys.csv`; none where there is no such file."""
        return self._table("surveys.csv", SURVEYS) if self._is_there("surveys.csv") else []

    def reviewed(self) -> list[Placed[ReviewedFile]]:
        """The rows of `file-review.csv`; none where there is no such file."""
        name = "file-review.csv"
        return self._table(name, REVIEWED) if self._is_there(name) else []

    def _is_there(self, name: str) -> bool:
        self.known.add(name)
        path = self.folder / name
        return path.exists() or path.is_symlink()

    def _table(self, name: str, form: Form[R]) -> list[Placed[R]]:
        self.gathered.add(form.kind)
        records, found = read_table(self.folder / name, form)
        self.problems.extend(found)
        return records

    def unknown_files(self) -> None:
        """A problem for each file that would not be read."""
        for path in sorted(self.folder.iterdir()):
            name = path.name
            if (
                name.startswith(".")
                or name in self.known
                or re.fullmatch(r"fieldwork-.+\.yaml", name)
            ):
                continue
            hint = did_you_mean(name, self.known) or "take it out of the folder"
            self.problems.append(
                Problem(
                    Place(f"{self.label}/{name}", 1),
                    "E402",
                    f"`{name}` is no file of an inspection",
                    hint,
                )
            )
