"""What the tests of exports share: runs, the published schemas, and all the text of an export."""

from __future__ import annotations

import csv
import html
import io
import json
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped,unused-ignore]
import prov

from grading.commands.common import read_inputs
from grading.record.document import document
from grading.record.exports.exported import Exported, exported
from grading.record.run_record import RunRecord, record_of, written
from grading.source.folder import sha256

ROOT = Path(__file__).parent.parent
DURHAM = "evidence/peel-effectiveness-2016/durham"
MADE_UP = "evidence/peel-effectiveness-2016/example-force"
HYGIENE = "evidence/food-hygiene/the-copper-kettle"


@cache
def record(folder: str) -> RunRecord:
    """The record of a run of the evidence in a folder of the repository."""
    rules = ROOT / "rules"
    inputs = read_inputs(ROOT / folder, rules=rules)
    return record_of(inputs, document(inputs.grade()))


@cache
def run(folder: str) -> Exported:
    """The run of a folder, as it is exported."""
    made = record(folder)
    return exported(made, sha256(written(made)), folder)


@cache
def schema(form: str) -> Any:
    """A validator by the published schema of a form."""
    if form == "prov":
        path = Path(prov.__file__).parent / "tests/schemas/prov-json.schema.json"
        text = path.read_text("utf-8")
    else:
        path = ROOT / "tests/data/schemas/oscal_assessment-results_schema-1.2.3.json"
        # The classes of letters and of numbers, which the `re` of Python does not know by name.
        text = path.read_text("utf-8").replace(r"\\p{L}", r"[^\\W\\d_]").replace(r"\\p{N}", r"\\d")
    plain = json.loads(text)
    return jsonschema.validators.validator_for(plain)(plain)


def problems(form: str, content: bytes) -> list[str]:
    """What the published schema of a form finds wrong with an export."""
    errors = schema(form).iter_errors(json.loads(content))
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in errors]


def texts(content: bytes) -> Iterator[str]:
    """All of an export that somebody can read: as it is, unpacked, and without the escapes."""
    yield content.decode("utf-8", "replace")
    parts = {"": content}
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    for name, part in parts.items():
        text = part.decode("utf-8")
        yield name
        yield text
        if name.endswith(".xml"):
            yield html.unescape(text)
        elif name.endswith(".csv"):
            yield from (cell for row in csv.reader(io.StringIO(text)) for cell in row)
        elif not name:
            whole = text.startswith("{\n")
            yield from _strings(
                [json.loads(t) for t in ([text] if whole else text.split("\n")[:-1])]
            )


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for key, inner in value.items():
                yield key
                yield from _strings(inner)
        case list():
            for inner in value:
                yield from _strings(inner)
