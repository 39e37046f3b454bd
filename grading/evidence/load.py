"""The evidence of one inspection: a folder, read and checked against its rule pack."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path as FilePath
from typing import Any, TypeVar

from pydantic import BaseModel

from grading.evidence.answers import FILE as ANSWERS
from grading.evidence.answers import read_answers
from grading.evidence.check import against_pack
from grading.evidence.evidence import Evidence, Placed, PlacedNotGraded
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
from grading.evidence.reviewed import REVIEWED_COLUMNS, ReviewedFile
from grading.evidence.together import has_changed, seen, unfinished
from grading.problems import Place, Problem, did_you_mean, raise_if
from grading.rules.loaded import Pack
from grading.rules.pack import Kind
from grading.source import (
    Document,
    Path,
    Row,
    cell_choice,
    cell_date,
    cell_decimal,
    cell_int,
    fit,
    read_csv,
    read_yaml,
)

M = TypeVar("M", bound=BaseModel)
P = TypeVar("P", bound="Placed[Any]")
METRIC_COLUMNS = (
    *("id", "series", "body", "value", "unit", "from", "to", "comparator", "status", "reason"),
    *("numerator", "denominator", "release", "heading", "locator", "caveats", "note"),
)
EVERY_BODY = "_all"
METRIC_OPTIONAL = ("definition", "synthetic")
SURVEY_COLUMNS = (
    *("id", "survey", "item", "answer", "value", "unit", "n", "population", "sampling"),
    *("weighting", "from", "to", "status", "reason", "heading", "locator", "note"),
)


@dataclass(frozen=True)
class _CellPlaces(Mapping[Path, Place]):
    """The places of a row as those of a document whose keys are its columns."""

    row: Row

    def __getitem__(self, path: Path) -> Place:
        if not path:
            return self.row.place
        if len(path) > 1:
            raise KeyError(path)
        return self.row.places[str(path[0])]

    def __iter__(self) -> Iterator[Path]:
        return iter([(), *((column,) for column in self.row.places)])

    def __len__(self) -> int:
        return 1 + len(self.row.places)


def read_inspection(folder: FilePath) -> tuple[Document | None, Inspection | None, list[Problem]]:
    """`inspection.yaml` of a folder, which names the rule pack that everything else needs.

    Raises BadInput where some files of the folder may be those of an import and others not.
    """
    raise_if(unfinished(folder))
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
        read_answers(folder, problems)
        reader.unknown_files()
    return problems


def load_evidence(
    folder: FilePath, pack: Pack, as_of: date | None = None, table: FilePath | None = None
) -> Evidence:
    """The evidence of a folder, as it stood on a date, and the table of bodies it is set among.

    Without a `table` it is `_all/metrics.csv` beside the folder, where there is one. Raises BadInput
    with every problem of every file, and where the files were not read as they stood together.
    """
    before = seen(folder)
    document, inspection, problems = read_inspection(folder)
    if inspection is not None and as_of is not None:
        inspection = inspection.model_copy(update={"as_of": as_of})
    reader = _Reader(folder, problems)
    observations = reader.observations()
    metrics = reader.metrics()
    surveys = reader.surveys()
    previous = reader.previous()
    reviewed = reader.reviewed()
    answers = read_answers(folder, problems)
    reader.unknown_files()
    if seen(folder) != before:
        raise_if([has_changed(folder)])
    bodies = _bodies(folder, table, problems)
    if document is None or inspection is None:
        raise_if(problems)
        raise AssertionError("an inspection that cannot be read has at least one problem")
    evidence = Evidence(
        folder,
        inspection,
        _by_id(observations),
        _by_id(metrics),
        _by_id(surveys),
        _by_id(previous),
        frozenset(reader.gathered),
        _not_graded(inspection, document),
        _by_id(reviewed),
        answers,
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
        return [
            Placed(kind, record, document.place(("records", i)), document, ("records", i))
            for i, record in enumerate(records)
        ]

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
        typed = {
            "value": cell_decimal,
            "numerator": cell_decimal,
            "denominator": cell_decimal,
            "from": cell_date,
            "to": cell_date,
        }
        return self._table(name, "metric", METRIC_COLUMNS, Metric, typed, METRIC_OPTIONAL)

    def surveys(self) -> list[Placed[Survey]]:
        """The rows of `surveys.csv`; none where there is no such file."""
        if not self._is_there("surveys.csv"):
            return []
        typed = {"value": cell_decimal, "n": cell_int, "from": cell_date, "to": cell_date}
        return self._table("surveys.csv", "survey", SURVEY_COLUMNS, Survey, typed)

    def reviewed(self) -> list[Placed[ReviewedFile]]:
        """The rows of `file-review.csv`; none where there is no such file."""
        if not self._is_there("file-review.csv"):
            return []
        typed = {"reviewed": cell_date}
        return self._table("file-review.csv", "file-review", REVIEWED_COLUMNS, ReviewedFile, typed)

    def _is_there(self, name: str) -> bool:
        self.known.add(name)
        path = self.folder / name
        return path.exists() or path.is_symlink()

    def _table(
        self,
        name: str,
        kind: Kind,
        columns: tuple[str, ...],
        model: type[M],
        typed: Mapping[str, object],
        optional: tuple[str, ...] = (),
    ) -> list[Placed]:  # type: ignore[type-arg]
        self.gathered.add(kind)
        path = self.folder / name
        table, found = read_csv(path, path.as_posix(), columns, optional)
        self.problems.extend(found)
        placed = []
        for row in table.rows if table else ():
            document = Document(row.place.file, None, _CellPlaces(row), {})
            record = self._row(row, document, model, typed)
            if record is not None:
                placed.append(Placed(kind, record, row.place, document))  # type: ignore[type-var]
        return placed

    def _row(
        self, row: Row, document: Document, model: type[M], typed: Mapping[str, object]
    ) -> M | None:
        data: dict[str, object] = {}
        wrong: list[Problem] = []
        for column, text in row.cells.items():
            value: object = text
            if column in typed:
                value = typed[column](row, column) if text else None  # type: ignore[operator]
            elif column == "comparator" or (column == "synthetic" and text):
                value = cell_choice(row, column, ("yes", "no"))
                value = value if isinstance(value, Problem) else value == "yes"
            elif column in METRIC_OPTIONAL and not text:
                continue
            elif column == "caveats":
                value = [part for part in text.split(";") if part]
            if isinstance(value, Problem):
                wrong.append(value)
            data[column] = value
        if wrong:
            self.problems.extend(wrong)
            return None
        record, found = fit(model, data, document)
        self.problems.extend(found)
        return record

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
