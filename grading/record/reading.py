"""Bytes → the record of a run. They may come from anybody: nothing that they name is ever opened."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ValidationError

from grading.evidence.reader import is_evidence
from grading.problems import BadInput, Place, Problem, quoted, raise_if
from grading.record.integrity import IntegrityBroken, broken_if
from grading.record.run_record import (
    FORM,
    FilePart,
    InputsPart,
    RunRecord,
    digest_of,
    written,
)
from grading.rules.files import digest
from grading.source.folder import LARGEST_FOLDER, sha256

LARGEST_RECORD = 128 * 1024 * 1024


class _Form(BaseModel):
    record_version: str


def read_record(content: bytes, label: str) -> RunRecord:
    """The record that the bytes are. Raises BadInput where they are none.

    Raises IntegrityBroken where they are not bytes that were written, or where a file is not what
    its digest says.
    """
    _check_form(content, label)
    try:
        record = RunRecord.model_validate_json(content)
    except ValidationError as error:
        raise BadInput([_no_record(label, _first(error))]) from None
    raise_if(_unfit(record.inputs, label))
    if _bytes(record) != content:
        message = "the record is not written as records are"
        hint = "get the record from its store"
        raise IntegrityBroken([Problem(Place(label, 1), "A103", message, hint)])
    broken_if(_wrong_digests(record.inputs, label))
    return record


def _bytes(record: RunRecord) -> bytes:
    try:
        return written(record)
    except ValueError:  # infinity or not-a-number, which is never written
        return b""


def _check_form(content: bytes, label: str) -> None:
    try:
        form = _Form.model_validate_json(content).record_version
    except ValidationError as error:
        raise BadInput([_no_record(label, _first(error))]) from None
    if form != FORM:
        message = f"a run record of the form {quoted(form)}; this program reads {quoted(FORM)}"
        hint = "use the version of the program that wrote it"
        raise BadInput([Problem(Place(label, 1), "E802", message, hint)])


def _no_record(label: str, why: str) -> Problem:
    hint = "name a run by its id, or a file that a run store holds"
    return Problem(Place(label, 1), "E801", f"this is no run record: {why}", hint)


def _first(error: ValidationError) -> str:
    """The first thing that does not fit, and where it is."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = "".join(f"/{part}" for part in first["loc"])
    said = first["msg"][:1].lower() + first["msg"][1:]
    return f"{said} at {quoted(where)}" if where else said


def _unfit(inputs: InputsPart, label: str) -> Iterator[Problem]:
    """A problem for each name that no run can have read; names are never followed."""
    folders = {"evidence": inputs.evidence, "pack": inputs.pack}
    if inputs.table is not None:
        folders["table"] = inputs.table
    for what, folder in folders.items():
        wrong = [name for name, file in folder.files.items() if not _fits(what, name, file)]
        for name in wrong:
            yield _refused(label, f"{quoted(name)} is no file of {what}")
        if not _is_label(folder.label):
            yield _refused(label, f"{quoted(folder.label)} is no label of {what}")
        size = sum(len(file.text or "") for file in folder.files.values())
        if size > LARGEST_FOLDER:
            yield _refused(label, f"the files of {what} are together too large")
    if inputs.table is not None and len(inputs.table.files) != 1:
        yield _refused(label, "the table of bodies is not one file")


def _refused(label: str, message: str) -> Problem:
    return Problem(Place(label, 1), "E803", message, "get the record from its store")


def _fits(what: str, name: str, file: FilePart) -> bool:
    parts = name.split("/")
    if not name.isprintable() or "\\" in name or any(part in {"", ".", ".."} for part in parts):
        return False
    if what == "pack" and file.text is None:
        return True
    known = {"evidence": is_evidence(name), "pack": name.endswith(".yaml"), "table": True}
    return len(parts) == 1 and file.text is not None and known[what]


def _is_label(label: str) -> bool:
    parts = label.split("/")
    return label.isprintable() and not label.startswith("/") and ".." not in parts


def _wrong_digests(inputs: InputsPart, label: str) -> Iterator[Problem]:
    """A problem for each file and folder whose digest is not the one that is written."""
    hint = "get the record from its store"
    for folder in filter(None, (inputs.evidence, inputs.pack, inputs.table)):
        for name, file in folder.files.items():
            if file.text is not None and sha256(file.text.encode("utf-8")) != file.sha256:
                message = f"{quoted(name)} of {quoted(folder.label)} is not what its digest says"
                yield Problem(Place(label, 1), "A101", message, hint)
        if digest({name: file.sha256 for name, file in folder.files.items()}) != folder.digest:
            message = f"the files of {quoted(folder.label)} do not have the digest that is written"
            yield Problem(Place(label, 1), "A102", message, hint)
    found = digest_of(inputs.as_of, inputs.dropped, inputs.evidence, inputs.pack, inputs.table)
    if found != inputs.digest:
        message = "the inputs together do not have the digest that is written"
        yield Problem(Place(label, 1), "A102", message, hint)
