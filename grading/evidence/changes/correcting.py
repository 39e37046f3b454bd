"""One value of a record said otherwise: read and validated as the files of evidence are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grading.evidence.changes.said import Said, unseen, value_for
from grading.evidence.evidence import Placed
from grading.evidence.forms import Entries, RowPlaces, Rows, form_of
from grading.problems import Place, Problem, did_you_mean, listed, quoted
from grading.source import Document, Path, Row, fit
from grading.source.kinds import kind_at, known_keys


@dataclass(frozen=True)
class Correction:
    """What one value of a record is said to be; an empty value takes it away."""

    record: str
    field: tuple[str, ...]
    value: str
    said: Said

    @property
    def field_place(self) -> Place:
        """Where the name of the value begins."""
        return self.said.place(len(self.record) + 2)

    @property
    def value_place(self) -> Place:
        """Where the value begins."""
        return self.said.place(len(self.record) + len(".".join(self.field)) + 3)


@dataclass(frozen=True)
class Corrected:
    """A value of a record before and after it was corrected; None where it says none."""

    record: str
    field: str
    before: str | None
    after: str | None


def correction(said: Said) -> Correction | Problem:
    """The correction that is said as `RECORD.FIELD=VALUE`."""
    name, equals, value = said.text.partition("=")
    record, dot, field = name.partition(".")
    if not (equals and dot and record and field):
        hint = "write RECORD.FIELD=VALUE, such as ab-001.severity=minor"
        return Problem(said.place(), "E602", f"{quoted(said.text)} corrects nothing", hint)
    made = Correction(record, tuple(field.split(".")), value, said)
    if field == "id":
        hint = "drop the record, and add it under its other id"
        message = "the id of a record cannot be corrected"
        return Problem(made.field_place, "E608", message, hint)
    return made


def correct(
    placed: Placed[Any], corrections: Sequence[Correction]
) -> tuple[Placed[Any], tuple[Corrected, ...], list[Problem]]:
    """The record with its corrections, where it stands; the record as it is where one is wrong."""
    form = form_of(placed)
    if isinstance(form, Rows):
        return _row(placed, form, corrections)
    return _entry(placed, form, corrections)


def _row(
    placed: Placed[Any], form: Rows, corrections: Sequence[Correction]
) -> tuple[Placed[Any], tuple[Corrected, ...], list[Problem]]:
    columns = (*form.columns, *form.optional)
    cells, problems = form.written(placed.record), list[Problem]()
    there = {column: placed.at(column) for column in columns}
    corrected = []
    for one in corrections:
        column = ".".join(one.field)
        wrong = _cell_problem(one, column, columns)
        if wrong:
            problems.append(wrong)
            continue
        corrected.append(
            Corrected(one.record, column, cells.get(column) or None, one.value or None)
        )
        cells[column], there[column] = one.value, one.value_place
    if problems:
        return placed, (), problems
    # what is wrong with the row as a whole came of the first correction
    record, problems = form.record(Row(corrections[0].said.place(), cells, there))
    if record is None:
        return placed, (), problems
    whole = RowPlaces(Row(placed.place, cells, there))
    document = Document(placed.place.file, None, whole, {})
    return Placed(placed.kind, record.record, document), tuple(corrected), []


def _cell_problem(one: Correction, column: str, columns: Sequence[str]) -> Problem | None:
    if column not in columns:
        hint = did_you_mean(column, columns)
        hint = hint or f"the columns are {listed(map(quoted, columns), 'and')}"
        return Problem(one.field_place, "E151", f"unknown column {quoted(column)}", hint)
    if one.value != one.value.strip():
        message = f"spaces around {quoted(one.value.strip())}"
        return Problem(one.value_place, "E157", message, "remove them")
    return unseen(one.value, one.value_place)


def _entry(
    placed: Placed[Any], form: Entries, corrections: Sequence[Correction]
) -> tuple[Placed[Any], tuple[Corrected, ...], list[Problem]]:
    document = placed.origin
    if not isinstance(document, Document):
        raise TypeError(f"`{placed.record.id}` was not read from a file")
    raw: Any = document.data
    for key in placed.path:
        raw = raw[key]
    # what is wrong with the record as a whole came of the first correction
    there: dict[Path, Place] = {placed.path: corrections[0].said.place()}
    keys: dict[Path, Place] = {}
    problems, corrected = list[Problem](), []
    for one in corrections:
        value = _value(form, one)
        if isinstance(value, Problem):
            problems.append(value)
            continue
        before = _inside(raw, one.field)
        corrected.append(Corrected(one.record, ".".join(one.field), said(before), said(value)))
        raw = _with(raw, one.field, value)
        there[(*placed.path, *one.field)] = one.value_place
        keys[(*placed.path, *one.field)] = one.field_place
    if problems:
        return placed, (), problems
    written = Document(
        document.file,
        document.data,
        _outside(document.places, keys) | there,
        _outside(document.key_places, keys) | keys,
    )
    record, problems = fit(form.model, raw, written, placed.path)
    if record is None:
        return placed, (), problems
    places = {**written.places, placed.path: document.place(placed.path)}
    origin = replace(written, places=places)
    return replace(placed, record=record, origin=origin), tuple(corrected), []


def _outside(places: Mapping[Path, Place], corrected: Iterable[Path]) -> dict[Path, Place]:
    """The places of what is not inside a value that was corrected."""
    gone = tuple(corrected)
    return {
        path: place
        for path, place in places.items()
        if not any(path[: len(value)] == value for value in gone)
    }


def _value(form: Entries, one: Correction) -> Any:
    """The corrected value as the file would give it, None where it is taken away; or the problem."""
    for depth, key in enumerate(one.field):
        known = known_keys(kind_at(form.model, one.field[:depth]))
        if key not in known:
            hint = did_you_mean(key, known) or f"the keys are {listed(map(quoted, known), 'and')}"
            hint = hint if known else f"`{'.'.join(one.field[:depth])}` has no parts"
            return Problem(one.field_place, "E201", f"unknown key {quoted(key)}", hint)
    return value_for(form.model, one.field, one.value, one.value_place) if one.value else None


def _inside(raw: Any, field: Sequence[str]) -> Any:
    for key in field:
        raw = raw.get(key) if isinstance(raw, Mapping) else None
    return raw


def _with(raw: Any, field: Sequence[str], value: Any) -> Any:
    """The mapping with another value at a path; without the last key where it is taken away."""
    key, *deeper = field
    rest = dict(raw) if isinstance(raw, Mapping) else {}
    if deeper:
        return {**rest, key: _with(rest.get(key), deeper, value)}
    if value is None:
        return {name: kept for name, kept in rest.items() if name != key}
    return {**rest, key: value}


def said(value: Any) -> str | None:
    """A value of a file in words; None where there is none."""
    match value:
        case None:
            return None
        case bool():
            return str(value).lower()
        case Mapping():
            return "; ".join(f"{key}: {said(part)}" for key, part in value.items())
        case tuple() | list():
            return "; ".join(str(said(part)) for part in value)
        case _:
            return str(value)
