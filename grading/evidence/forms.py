"""The forms that records are written in: entries of a YAML file, or rows of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

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
from grading.problems import Place, Problem
from grading.rules.pack import Kind
from grading.source import (
    Document,
    Path,
    Row,
    Table,
    cell_choice,
    cell_date,
    cell_decimal,
    cell_int,
    fit,
)

Cell = Callable[[Row, str], object]


@dataclass(frozen=True)
class RowPlaces(Mapping[Path, Place]):
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


@dataclass(frozen=True)
class Entries:
    """A YAML file of records."""

    file: str
    kind: Kind
    whole: type[BaseModel]
    model: type[BaseModel]

    def records(self, document: Document) -> tuple[list[Placed[Any]], list[Problem]]:
        """The records of a document, each at its place."""
        value, problems = fit(self.whole, document.data, document)
        records = value.records if value is not None else ()  # type: ignore[attr-defined]
        return [
            Placed(self.kind, record, document, ("records", i)) for i, record in enumerate(records)
        ], problems


@dataclass(frozen=True)
class Rows:
    """A table of records, one a row."""

    file: str
    kind: Kind
    model: type[BaseModel]
    columns: tuple[str, ...]
    cells: Mapping[str, Cell]  # the columns that are not text
    optional: tuple[str, ...] = ()
    truths: tuple[str, ...] = field(default=())  # the columns that are yes or no

    def records(self, table: Table) -> tuple[list[Placed[Any]], list[Problem]]:
        """The records of a table, each at its row."""
        placed, problems = [], []
        for row in table.rows:
            record, found = self.record(row)
            problems += found
            if record is not None:
                placed.append(record)
        return placed, problems

    def record(self, row: Row) -> tuple[Placed[Any] | None, list[Problem]]:
        """The record of a row, or every problem with its cells."""
        data = {column: self.value(row, column) for column in row.cells}
        wrong = [value for value in data.values() if isinstance(value, Problem)]
        if wrong:
            return None, wrong
        document = Document(row.place.file, None, RowPlaces(row), {})
        record, problems = fit(self.model, data, document)
        if record is None:
            return None, problems
        return Placed(self.kind, record, document), []

    def written(self, record: BaseModel) -> dict[str, str]:
        """The cells of the row that a record is, by column."""
        named = record.model_dump(by_alias=True)
        return {column: _cell(named[column]) for column in (*self.columns, *self.optional)}

    def value(self, row: Row, column: str) -> object:
        """What a cell says, or the problem with it; of an empty optional one, what it stands for."""
        text = row.cells[column]
        if not text and column in self.optional:
            return self.model.model_fields[column].default
        if column in self.cells:
            return self.cells[column](row, column) if text else None
        if column in self.truths:
            word = cell_choice(row, column, ("yes", "no"))
            return word if isinstance(word, Problem) else word == "yes"
        if column == "caveats":
            return tuple(part for part in text.split(";") if part)
        return text


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ";".join(map(str, value))
        case _:
            return str(value)


FIELDWORK = Entries("fieldwork.yaml", "fieldwork", ObservationFile, Observation)
SUMMARY = Entries("file-review-summary.yaml", "file-review", FileReviewFile, FileReview)
PREVIOUS = Entries("previous.yaml", "previous", PreviousFile, Previous)
METRICS = Rows(
    "metrics.csv",
    "metric",
    Metric,
    (
        *("id", "series", "body", "value", "unit", "from", "to", "comparator", "status", "reason"),
        *("numerator", "denominator", "release", "heading", "locator", "caveats", "note"),
    ),
    {
        "value": cell_decimal,
        "numerator": cell_decimal,
        "denominator": cell_decimal,
        "from": cell_date,
        "to": cell_date,
    },
    ("definition", "synthetic"),
    ("comparator", "synthetic"),
)
SURVEYS = Rows(
    "surveys.csv",
    "survey",
    Survey,
    (
        *("id", "survey", "item", "answer", "value", "unit", "n", "population", "sampling"),
        *("weighting", "from", "to", "status", "reason", "heading", "locator", "note"),
    ),
    {"value": cell_decimal, "n": cell_int, "from": cell_date, "to": cell_date},
)
REVIEW = Rows(
    "file-review.csv", "file-review", ReviewedFile, REVIEWED_COLUMNS, {"reviewed": cell_date}
)
ENTRIES = (FIELDWORK, SUMMARY, PREVIOUS)
ROWS = (METRICS, SURVEYS, REVIEW)


def form_of(placed: Placed[Any]) -> Entries | Rows:
    """The form that a record is written in."""
    forms: tuple[Entries | Rows, ...] = (*ENTRIES, *ROWS)
    return next(form for form in forms if isinstance(placed.record, form.model))
