"""The evidence of one inspection: a folder, read and checked against its rule pack."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path as FilePath
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from grading.evidence.records import (
    FileReview,
    FileReviewFile,
    Inspection,
    Metric,
    NotGraded,
    Observation,
    ObservationFile,
    Previous,
    PreviousFile,
    Survey,
)
from grading.problems import Place, Problem, did_you_mean, known_instead, listed, raise_if
from grading.rules.load import OVERALL, Pack
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
R = TypeVar("R", Observation, FileReview, Metric, Survey, Previous)
P = TypeVar("P", bound="Placed[Any]")
OPTIONAL_SCALES = ("extent", "maturity", "effect", "severity")
_NEVER_NEGATIVE = frozenset({"count", "days", "months", "hours", "years"})
METRIC_COLUMNS = (
    *("id", "series", "body", "value", "unit", "from", "to", "comparator", "status", "reason"),
    *("numerator", "denominator", "release", "heading", "locator", "caveats", "note"),
)
SURVEY_COLUMNS = (
    *("id", "survey", "item", "answer", "value", "unit", "n", "population", "sampling"),
    *("weighting", "from", "to", "status", "reason", "heading", "locator", "note"),
)


@dataclass(frozen=True)
class Placed(Generic[R]):
    """A record, its kind, and the line it was written on."""

    kind: Kind
    record: R
    place: Place
    document: Document | None = field(default=None, repr=False, compare=False)
    path: Path = ()

    def at(self, *keys: str | int) -> Place:
        """The place of one of the record's values; of the record where it does not say it."""
        return self.document.place((*self.path, *keys)) if self.document else self.place


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


@dataclass(frozen=True)
class PlacedNotGraded:
    """What is said of a question that is not graded, and the line of `inspection.yaml`."""

    written: NotGraded
    place: Place


@dataclass(frozen=True)
class Evidence:
    """The evidence of one inspection. `gathered` are the kinds for which the folder has a file."""

    folder: FilePath
    inspection: Inspection
    observations: tuple[Placed[Observation] | Placed[FileReview], ...]
    metrics: tuple[Placed[Metric], ...]
    surveys: tuple[Placed[Survey], ...]
    previous: tuple[Placed[Previous], ...]
    gathered: frozenset[Kind]
    not_graded: Mapping[str, PlacedNotGraded] = field(default_factory=dict)  # by question

    def places(self) -> dict[str, Place]:
        """Where each record was written, by its id."""
        every = (*self.observations, *self.metrics, *self.surveys, *self.previous)
        return {placed.record.id: placed.place for placed in every}


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
        reader.unknown_files()
    return problems


def load_evidence(folder: FilePath, pack: Pack, as_of: date | None = None) -> Evidence:
    """The evidence of a folder, as it stood on a date. Raises BadInput with every problem of every file."""
    document, inspection, problems = read_inspection(folder)
    if inspection is not None and as_of is not None:
        inspection = inspection.model_copy(update={"as_of": as_of})
    reader = _Reader(folder, problems)
    observations = reader.observations()
    metrics = reader.metrics()
    surveys = reader.surveys()
    previous = reader.previous()
    reader.unknown_files()
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
    )
    is_partial = bool(problems)
    for problem in _against_pack(evidence, pack, document):
        # what is named and not there may be in a file that could not be read
        if not (is_partial and problem.code == "E404"):
            problems.append(problem)
    raise_if(problems)
    return evidence


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
        self.known = {"inspection.yaml"}

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
        """The rows of `metrics.csv`."""
        typed = {
            "value": cell_decimal,
            "numerator": cell_decimal,
            "denominator": cell_decimal,
            "from": cell_date,
            "to": cell_date,
        }
        return self._table("metrics.csv", "metric", METRIC_COLUMNS, Metric, typed)

    def surveys(self) -> list[Placed[Survey]]:
        """The rows of `surveys.csv`."""
        typed = {"value": cell_decimal, "n": cell_int, "from": cell_date, "to": cell_date}
        return self._table("surveys.csv", "survey", SURVEY_COLUMNS, Survey, typed)

    def _table(
        self,
        name: str,
        kind: Kind,
        columns: tuple[str, ...],
        model: type[M],
        typed: Mapping[str, object],
    ) -> list[Placed]:  # type: ignore[type-arg]
        self.known.add(name)
        path = self.folder / name
        if not path.exists() and not path.is_symlink():
            return []
        self.gathered.add(kind)
        table, found = read_csv(path, f"{self.label}/{name}", columns, ())
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
            elif column == "comparator":
                value = cell_choice(row, column, ("yes", "no"))
                value = value if isinstance(value, Problem) else value == "yes"
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


def _against_pack(evidence: Evidence, pack: Pack, document: Document) -> Iterator[Problem]:
    """Everything that the evidence says and the pack does not know, or that contradicts itself."""
    yield from _inspection_problems(evidence.inspection, pack, document, evidence.previous)
    yield from _not_graded_problems(evidence.inspection, pack, document)
    yield from _repeated_ids(evidence)
    yield from record_problems(evidence, pack)


def record_problems(evidence: Evidence, pack: Pack) -> Iterator[Problem]:
    """Everything that single records say and the pack does not know, or that they get wrong."""
    for placed in evidence.observations:
        yield from _coding_problems(placed, pack)
    ids = set(evidence.places())
    for placed in evidence.observations:
        mitigation = placed.record.mitigation
        for i, cited in enumerate(mitigation.records if mitigation else ()):
            if cited not in ids:
                place = placed.at("mitigation", "records", i)
                yield _unknown(place, "E404", "record", cited, ids)
    for metric in evidence.metrics:
        yield from _metric_problems(metric, pack)
    for survey in evidence.surveys:
        yield from _figure_problems(survey)
    for earlier in evidence.previous:
        yield from _previous_problems(earlier, pack)


def _inspection_problems(
    inspection: Inspection,
    pack: Pack,
    document: Document,
    previous: tuple[Placed[Previous], ...],
) -> Iterator[Problem]:
    manifest = pack.manifest
    if inspection.framework != manifest.framework:
        place = document.place(("framework",))
        message = f"the pack `{manifest.id}` is for framework `{manifest.framework}`"
        yield Problem(place, "E405", message, "correct `framework` or `pack`")
    start, end = manifest.in_force.from_, manifest.in_force.to
    if inspection.as_of < start or (end is not None and inspection.as_of > end):
        place = document.place(("as-of",))
        message = f"the pack `{manifest.id}` was not in force on {inspection.as_of}"
        yield Problem(place, "E406", message, f"it is in force from {start} to {end or 'now'}")
    if inspection.plan.searched != "all":
        for i, topic in enumerate(inspection.plan.searched):
            if topic not in pack.topics:
                place = document.place(("plan", "searched", i))
                yield _unknown(place, "E403", "topic", topic, pack.topics)
    ids = {placed.record.id for placed in previous if placed.record.kind == "judgment"}
    for i, carried in enumerate(inspection.carried_forward):
        path: tuple[str | int, ...] = ("carried-forward", i)
        if carried.question not in pack.graded:
            place = document.place((*path, "question"))
            yield _unknown(place, "E407", "graded question", carried.question, pack.graded)
        if carried.record not in ids:
            place = document.place((*path, "record"))
            yield _unknown(place, "E404", "earlier judgment", carried.record, ids)


def _not_graded_problems(
    inspection: Inspection, pack: Pack, document: Document
) -> Iterator[Problem]:
    overall = (OVERALL,) if pack.manifest.overall is not None else ()
    questions, values = (*pack.graded, *overall), pack.manifest.scale.not_grades
    for i, entry in enumerate(inspection.not_graded):
        path: tuple[str | int, ...] = ("not-graded", i)
        if entry.question not in questions:
            place = document.place((*path, "question"))
            yield _unknown(place, "E418", "graded question", entry.question, questions)
        if entry.value not in values:
            place = document.place((*path, "value"))
            hint = did_you_mean(entry.value, values)
            hint = hint or f"`scale.not-grades` of the pack has {listed(values) or 'none'}"
            message = f"unknown value that is not a grade `{entry.value}`"
            yield Problem(place, "E419", message, hint)
    stated = {entry.question for entry in inspection.not_graded}
    if overall and stated.issuperset(pack.graded) and OVERALL not in stated:
        message = "no question is graded, so the overall judgment cannot be"
        hint = f"say under `not-graded` what `{OVERALL}` is"
        yield Problem(document.place(("not-graded",)), "E420", message, hint)


def _repeated_ids(evidence: Evidence) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    every = (*evidence.observations, *evidence.metrics, *evidence.surveys, *evidence.previous)
    for placed in every:
        name = placed.record.id
        if name in first:
            yield Problem(
                placed.at("id"),
                "E408",
                f"two records have the id `{name}`",
                f"the first is at {first[name]}",
            )
        first.setdefault(name, placed.at("id"))


def _coding_problems(
    placed: Placed[Observation] | Placed[FileReview], pack: Pack
) -> Iterator[Problem]:
    record = placed.record
    if record.topic not in pack.topics:
        yield _unknown(placed.at("topic"), "E403", "topic", record.topic, pack.topics)
    for scale in OPTIONAL_SCALES:
        level = getattr(record, scale)
        known = tuple(getattr(pack.manifest.coding, scale)) if pack.manifest.coding else ()
        if level is not None and level not in known:
            yield _unknown(placed.at(scale), "E409", f"level of {scale}", level, known)
    if isinstance(record, FileReview) and _reversed(record.from_, record.to):
        yield _period_problem(placed.at("to"))


def _metric_problems(placed: Placed[Metric], pack: Pack) -> Iterator[Problem]:
    metric = placed.record
    yield from _figure_problems(placed)
    for i, caveat in enumerate(metric.caveats):
        if caveat not in pack.caveats:
            yield _unknown(placed.at("caveats", i), "E414", "caveat", caveat, pack.caveats)
    if metric.series not in pack.series:
        yield _unknown(placed.at("series"), "E410", "series", metric.series, pack.series)
        return
    series = pack.series[metric.series]
    if metric.unit != series.unit:
        message = f"series `{metric.series}` is in `{series.unit}`, not in `{metric.unit}`"
        hint = "correct the unit, or use another series"
        yield Problem(placed.at("unit"), "E411", message, hint)
    if series.values and metric.value is not None and metric.value not in series.values:
        allowed = ", ".join(map(str, series.values))
        message = f"`{metric.value}` is no value of series `{metric.series}`"
        yield Problem(placed.at("value"), "E412", message, f"it is one of {allowed}")


def _figure_problems(placed: Placed[Metric] | Placed[Survey]) -> Iterator[Problem]:
    figure = placed.record
    if figure.unit == "percent" and figure.value is not None and not 0 <= figure.value <= 100:
        yield Problem(
            placed.at("value"),
            "E415",
            f"a share cannot be {figure.value} per cent",
            "a share lies between 0 and 100; the unit of a change is `percent-change`",
        )
    elif figure.unit in _NEVER_NEGATIVE or figure.unit.startswith("per-"):
        yield from _negative_problems(placed, "value")
    yield from _negative_problems(placed, "numerator")
    yield from _negative_problems(placed, "denominator")
    if _reversed(figure.from_, figure.to):
        yield _period_problem(placed.at("to"))


def _negative_problems(placed: Placed[Metric] | Placed[Survey], column: str) -> Iterator[Problem]:
    value = getattr(placed.record, column, None)
    if value is not None and value < 0:
        message = f"`{column}` cannot be {value}, below zero"
        hint = "the unit of a change is `percent-change` or `percentage-points`"
        yield Problem(placed.at(column), "E421", message, hint if column == "value" else "")


def _reversed(start: date | None, end: date | None) -> bool:
    return start is not None and end is not None and end < start


def _period_problem(place: Place) -> Problem:
    return Problem(place, "E413", "the period ends before it starts", "exchange `from` and `to`")


def _previous_problems(placed: Placed[Previous], pack: Pack) -> Iterator[Problem]:
    previous = placed.record
    questions = (*pack.questions, OVERALL)
    if previous.question is not None and previous.question not in questions:
        yield _unknown(placed.at("question"), "E407", "question", previous.question, questions)
    if previous.grade is not None and previous.grade not in pack.grades:
        yield _unknown(placed.at("grade"), "E416", "grade", previous.grade, pack.grades)
    if previous.topic is not None and previous.topic not in pack.topics:
        yield _unknown(placed.at("topic"), "E403", "topic", previous.topic, pack.topics)


def _unknown(place: Place, code: str, what: str, word: str, known: Iterable[str]) -> Problem:
    return Problem(place, code, f"unknown {what} `{word}`", known_instead(word, known))
