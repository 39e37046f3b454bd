"""The evidence of one inspection: a folder, read and checked against its rule pack."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path as FilePath
from typing import Any, TypeVar

from grading.evidence.answers import FILE as ANSWERS
from grading.evidence.answers import read_answers
from grading.evidence.check import against_pack
from grading.evidence.evidence import Evidence, Placed, PlacedNotGraded
from grading.evidence.forms import (
    FIELDWORK,
    METRICS,
    PREVIOUS,
    REVIEW,
    SUMMARY,
    SURVEYS,
    Entries,
    Rows,
)
from grading.evidence.records import FileReview, Inspection, Metric, Observation
from grading.problems import Place, Problem, did_you_mean, raise_if
from grading.rules.loaded import Pack
from grading.rules.pack import Kind
from grading.source import Document, fit, read_csv, read_yaml

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
        reader.observations(), reader.rows(METRICS), reader.rows(SURVEYS)
        reader.entries(PREVIOUS), reader.rows(REVIEW)
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
    metrics = reader.rows(METRICS)
    surveys = reader.rows(SURVEYS)
    previous = reader.entries(PREVIOUS)
    reviewed = reader.rows(REVIEW)
    reader.unknown_files()
    bodies = _bodies(folder, table, problems)
    if document is None or inspection is None:
        raise_if(problems)
        raise AssertionError("an inspection that cannot be read has at least one problem")
    evidence = Evidence(
        folder,
        inspection,
        by_id(observations),
        by_id(metrics),
        by_id(surveys),
        by_id(previous),
        frozenset(reader.gathered),
        _not_graded(inspection, document),
        by_id(reviewed),
        read_answers(folder, problems),
        by_id(bodies),
        document,
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
        return _Reader(table.parent, problems).table(METRICS, table.name)
    # a folder named as `.` or `..` has no parent in its name
    beside = (folder / ".." if folder.name in {"", ".."} else folder.parent) / EVERY_BODY
    return _Reader(beside, problems).rows(METRICS) if beside.is_dir() else []


def by_id(records: Iterable[P]) -> tuple[P, ...]:
    """The records in an order that does not depend on the order in which they were written."""
    return tuple(sorted(records, key=lambda placed: (placed.record.id, placed.place)))


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

    def entries(self, form: Entries, *names: str) -> list[Placed[Any]]:
        """The records of YAML files of one form; none where there is no such file."""
        return [placed for name in names or (form.file,) for placed in self._entries(form, name)]

    def _entries(self, form: Entries, name: str) -> list[Placed[Any]]:
        if not self._is_there(name):
            return []
        self.gathered.add(form.kind)
        document, found = read_yaml(self.folder / name, f"{self.label}/{name}")
        self.problems.extend(found)
        records, found = form.records(document) if document is not None else ([], [])
        self.problems.extend(found)
        return records

    def observations(self) -> list[Placed[Observation] | Placed[FileReview]]:
        """The coded records of fieldwork, in one file or several, and of file reviews."""
        parts = sorted(p.name for p in self.folder.glob("fieldwork-*.yaml"))
        fieldwork = self.entries(FIELDWORK, FIELDWORK.file, *parts)
        return [*fieldwork, *self.entries(SUMMARY)]

    def rows(self, form: Rows) -> list[Placed[Any]]:
        """The records of a table; none where there is no such file."""
        return self.table(form, form.file) if self._is_there(form.file) else []

    def table(self, form: Rows, name: str) -> list[Placed[Any]]:
        """The records of a table that must be there."""
        self.gathered.add(form.kind)
        path = self.folder / name
        table, found = read_csv(path, path.as_posix(), form.columns, form.optional)
        self.problems.extend(found)
        records, found = form.records(table) if table is not None else ([], [])
        self.problems.extend(found)
        return records

    def _is_there(self, name: str) -> bool:
        self.known.add(name)
        path = self.folder / name
        return path.exists() or path.is_symlink()

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
