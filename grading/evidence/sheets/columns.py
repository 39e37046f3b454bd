"""The sheets of a workbook of evidence and their columns, as the models of records have them."""

from __future__ import annotations

import datetime
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from grading.evidence.answers import FILE as ANSWERS
from grading.evidence.answers import Answer
from grading.evidence.moderation import CHALLENGES, MODERATION, Challenge, Moderation
from grading.evidence.records import (
    CarriedForward,
    FileReview,
    Inspection,
    Metric,
    NotGraded,
    Observation,
    Previous,
    Role,
    Survey,
)
from grading.evidence.reviewed import ReviewedFile
from grading.source import Path

ColumnKind = Literal["text", "number", "whole", "date", "yes-no", "words", "list"]
PERCENTS = ("percent", "percent-change", "percentage-points")
_KINDS: Mapping[type, ColumnKind] = {datetime.date: "date", Decimal: "number", int: "whole"}
_LAST = ("statement", "heading", "footnote")
IGNORED = ("notes", "guide", "lists")
"""Sheets of a template that help to fill the others in."""

NONE = "none"
"""What the first cell of a sheet says, alone, where it was looked for and nothing was found."""


@dataclass(frozen=True)
class Column:
    """One column: the keys that lead to its value in a record, and what it may hold."""

    path: tuple[str, ...]
    kind: ColumnKind
    words: tuple[str, ...] = ()
    required: bool = False
    only_yes: bool = False  # `no` is said by leaving it out
    optional: bool = False  # a table may do without the column

    @property
    def name(self) -> str:
        """The heading of the column."""
        return "-".join(self.path)

    @property
    def group(self) -> str:
        """The key of the part of a record to which the column belongs, where it has parts."""
        return self.path[0] if len(self.path) > 1 else ""


@dataclass(frozen=True)
class Sheet:
    """One sheet, the file that it becomes, and the key under which the file lists its rows.

    The cells of its `identity` tell a row from every other of the inspection, and `noun` is what
    each is called.
    """

    name: str
    file: str
    model: type[BaseModel]
    key: str = "records"
    identity: tuple[str, ...] = ("id",)
    noun: str = "record"

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns in the order of the model; what a record says and where from, at its end."""
        found = tuple(_columns(self.model, ()))
        if self.is_table:
            fields = {_key(name, field): field for name, field in self.model.model_fields.items()}
            return tuple(
                replace(column, optional=not fields[column.name].is_required()) for column in found
            )
        return tuple(sorted(found, key=lambda c: c.name in _LAST))

    @property
    def is_kind(self) -> bool:
        """Whether it counts as gathered where the file is there, if only to say that nothing was found."""
        return self.noun == "record" and not self.is_inspection

    @property
    def is_table(self) -> bool:
        """Whether the file is a table of cells, not YAML."""
        return self.file.endswith(".csv")

    @property
    def is_inspection(self) -> bool:
        """Whether the rows are part of `inspection.yaml`."""
        return self.file == "inspection.yaml"

    @cached_property
    def needs_whole(self) -> Mapping[str, bool]:
        """For each part of a record, whether every record has it."""
        fields = {_key(name, field): field for name, field in self.model.model_fields.items()}
        groups = {column.group for column in self.columns if column.group}
        return {group: fields[group].is_required() for group in groups}


_QUESTIONS = (("question",), "entry")
SHEETS: Mapping[str, Sheet] = {
    sheet.name: sheet
    for sheet in (
        Sheet("inspection", "inspection.yaml", Inspection, ""),
        Sheet("team", "inspection.yaml", Role, "team", ("role",), "entry"),
        Sheet("carried-forward", "inspection.yaml", CarriedForward, "carried-forward", *_QUESTIONS),
        Sheet("not-graded", "inspection.yaml", NotGraded, "not-graded", *_QUESTIONS),
        Sheet("fieldwork", "fieldwork.yaml", Observation),
        Sheet("file-review-summary", "file-review-summary.yaml", FileReview),
        Sheet("file-review", "file-review.csv", ReviewedFile),
        Sheet("metrics", "metrics.csv", Metric),
        Sheet("surveys", "surveys.csv", Survey),
        Sheet("previous", "previous.yaml", Previous),
        Sheet("answers", ANSWERS, Answer, "answers", ("check", "records"), "answer"),
        Sheet("moderation", MODERATION, Moderation, "moderation", noun="change"),
        Sheet("challenges", CHALLENGES, Challenge, "challenges", noun="challenge"),
    )
}


def column_at(sheet: Sheet, path: Path) -> Column | None:
    """The column that holds the value at this path of a record, or the value around it."""
    for length in range(len(path), 0, -1):
        for column in sheet.columns:
            if column.path == path[:length]:
                return column
    return next((column for column in sheet.columns if path and column.group == path[0]), None)


def _columns(model: type[BaseModel], above: tuple[str, ...]) -> Iterator[Column]:
    for name, field in model.model_fields.items():
        path = (*above, _key(name, field))
        kinds = tuple(_members(field.annotation))
        models = [kind for kind in kinds if _is_model(kind)]
        if models:
            yield from _columns(models[0], path)
        elif not any(_is_model(part) for kind in kinds for part in get_args(kind)):
            yield _column(path, kinds, field)


def _column(path: tuple[str, ...], kinds: tuple[Any, ...], field: FieldInfo) -> Column:
    literals = [word for kind in kinds if get_origin(kind) is Literal for word in get_args(kind)]
    words = tuple(map(str, literals))
    required = field.is_required() and type(None) not in kinds
    if any(get_origin(kind) is tuple for kind in kinds):
        filled = any(isinstance(bound, MinLen) for bound in field.metadata)
        return Column(path, "list", words, required and (filled or bool(literals)))
    if bool in kinds or True in literals:
        return Column(path, "yes-no", ("yes", "no"), required, only_yes=bool not in kinds)
    if literals:
        return Column(path, "words", tuple(filter(None, words)), required and "" not in literals)
    for kind, said in _KINDS.items():
        if kind in kinds:
            return Column(path, said, (), required)
    # Text that has neither a form nor a length may be empty.
    return Column(path, "text", (), required and bool(field.metadata))


def _members(annotation: Any) -> Iterator[Any]:
    """The annotations of which one is meant, without what pydantic adds to them."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _members(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from _members(part)
    else:
        yield annotation


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _key(name: str, field: FieldInfo) -> str:
    return field.alias or name
