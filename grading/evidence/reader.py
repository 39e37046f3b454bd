"""The files of an inspection, read record by record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TypeVar

from pydantic import BaseModel

from grading.evidence.answers import FILE as ANSWERS
from grading.evidence.evidence import Placed
from grading.evidence.records import (
    FileReview,
    FileReviewFile,
    Metric,
    Observation,
    ObservationFile,
    Previous,
    PreviousFile,
    Survey,
)
from grading.evidence.reviewed import REVIEWED_COLUMNS, ReviewedFile
from grading.problems import Place, Problem, did_you_mean
from grading.rules.pack import Kind
from grading.source import (
    Document,
    Folder,
    Path,
    Row,
    cell_choice,
    cell_date,
    cell_decimal,
    cell_int,
    fit,
    read_folder,
)

M = TypeVar("M", bound=BaseModel)
METRIC_COLUMNS = (
    *("id", "series", "body", "value", "unit", "from", "to", "comparator", "status", "reason"),
    *("numerator", "denominator", "release", "heading", "locator", "caveats", "note"),
)
METRIC_OPTIONAL = ("definition", "synthetic")
SURVEY_COLUMNS = (
    *("id", "survey", "item", "answer", "value", "unit", "n", "population", "sampling"),
    *("weighting", "from", "to", "status", "reason", "heading", "locator", "note"),
)
INSPECTION = "inspection.yaml"
TABLE = "metrics.csv"
FILES = (
    *(INSPECTION, ANSWERS, "fieldwork.yaml", "file-review-summary.yaml", "previous.yaml"),
    *("metrics.csv", "surveys.csv", "file-review.csv"),
)
_PART = re.compile(r"fieldwork-.+\.yaml")


def is_evidence(name: str) -> bool:
    """Whether a file of this name is read as evidence of an inspection."""
    return name in FILES or bool(_PART.fullmatch(name))


def read_evidence(path: FilePath) -> Folder | None:
    """The folder of an inspection as it is; nothing where there is none."""
    return read_folder(path, path.as_posix(), is_evidence)


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


class Reader:
    """Reads the records of a folder's files and keeps every problem."""

    def __init__(self, folder: Folder, problems: list[Problem]) -> None:
        self.folder, self.problems = folder, problems
        self.gathered: set[Kind] = set()

    def coded(self, name: str, kind: Kind, model: type[BaseModel]) -> list[Placed]:  # type: ignore[type-arg]
        """The records of a YAML file; none where there is no such file."""
        if name not in self.folder.names:
            return []
        self.gathered.add(kind)
        document, found = self.folder.yaml(name)
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
        names = ["fieldwork.yaml", *filter(_PART.fullmatch, self.folder.names)]
        fieldwork = [p for name in names for p in self.coded(name, "fieldwork", ObservationFile)]
        return [*fieldwork, *self.coded("file-review-summary.yaml", "file-review", FileReviewFile)]

    def previous(self) -> list[Placed[Previous]]:
        """The records of `previous.yaml`."""
        return self.coded("previous.yaml", "previous", PreviousFile)

    def metrics(self) -> list[Placed[Metric]]:
        """The rows of `metrics.csv`; none where there is no such file."""
        return self.figures("metrics.csv") if "metrics.csv" in self.folder.names else []

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
        if "surveys.csv" not in self.folder.names:
            return []
        typed = {"value": cell_decimal, "n": cell_int, "from": cell_date, "to": cell_date}
        return self._table("surveys.csv", "survey", SURVEY_COLUMNS, Survey, typed)

    def reviewed(self) -> list[Placed[ReviewedFile]]:
        """The rows of `file-review.csv`; none where there is no such file."""
        if "file-review.csv" not in self.folder.names:
            return []
        typed = {"reviewed": cell_date}
        return self._table("file-review.csv", "file-review", REVIEWED_COLUMNS, ReviewedFile, typed)

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
        table, found = self.folder.table(name, columns, optional)
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
        for name in self.folder.names:
            if name.startswith(".") or is_evidence(name):
                continue
            hint = did_you_mean(name, FILES) or "take it out of the folder"
            self.problems.append(
                Problem(
                    Place(self.folder.at(name), 1),
                    "E402",
                    f"`{name}` is no file of an inspection",
                    hint,
                )
            )
