"""Records of a file that join the evidence: the file is read as one of the same form in the folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grading.evidence.evidence import Placed
from grading.evidence.forms import ENTRIES, ROWS, Entries
from grading.problems import Place, Problem
from grading.rules.pack import Kind
from grading.source import Document, read_likest_csv, read_yaml
from grading.source.kinds import known_keys

Added = tuple[Kind | None, list[Placed[Any]], list[Problem]]
"""The kind of a file's records, the records, and every problem of the file."""


def read_added(path: Path) -> Added:
    """The records of a YAML file or of a table, in the form that its keys or columns are nearest to."""
    label = path.as_posix()
    if path.suffix == ".yaml":
        return _entries(path, label)
    if path.suffix == ".csv":
        return _rows(path, label)
    hint = "write them as in `fieldwork.yaml`, or as rows as in `metrics.csv`"
    return _no_form(label, "records are added from a `.yaml` or a `.csv` file", hint)


def _entries(path: Path, label: str) -> Added:
    document, problems = read_yaml(path, label)
    if document is None:
        return None, [], problems
    form = _form_of(document)
    records, problems = form.records(document)
    return form.kind, records, problems


def _form_of(document: Document) -> Entries:
    """The form with most of the keys that the entries have; of observations where they tie."""
    written = document.data.get("records") if isinstance(document.data, Mapping) else None
    entries = written if isinstance(written, tuple) else ()
    keys = {key for entry in entries if isinstance(entry, Mapping) for key in entry}
    return max(ENTRIES, key=lambda form: len(keys.intersection(known_keys(form.model))))


def _rows(path: Path, label: str) -> Added:
    forms = {form.file: (form.columns, form.optional) for form in ROWS}
    name, table, problems = read_likest_csv(path, label, forms)
    if not name and not problems:
        hint = "begin with the columns of `metrics.csv`, `surveys.csv` or `file-review.csv`"
        return _no_form(label, "the columns are those of no table of evidence", hint)
    if table is None:
        return None, [], problems
    form = next(form for form in ROWS if form.file == name)
    records, problems = form.records(table)
    return form.kind, records, problems


def _no_form(label: str, message: str, hint: str) -> Added:
    return None, [], [Problem(Place(label, 1), "E607", message, hint)]
