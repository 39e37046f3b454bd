"""What an export is made from: the document of a run, and which files and software it came from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from grading.problems import BadInput, Place, Problem
from grading.record.document_parts import ConditionPart, CriterionPart, RunDocument
from grading.record.run_record import RunRecord, SoftwarePart


@dataclass(frozen=True)
class Exported:
    """A run as it is exported.

    `run` is its id, or what stands for it in a redacted export. `files` are the files of evidence
    with their SHA-256; a redacted export has no such digests, by which texts could be guessed.
    """

    run: str
    software: SoftwarePart
    document: RunDocument
    files: Mapping[str, str | None]

    @property
    def notice(self) -> str:
        """What every export of an inspection that is made up says; nothing of a real one."""
        return "SYNTHETIC: made up, no real body" if self.document.inspection.synthetic else ""


def exported(record: RunRecord, run: str, label: str) -> Exported:
    """The run of a record as it is. Raises BadInput where its document is of another form."""
    try:
        document = in_order(record.document)
    except ValidationError:
        message = "the document of this run is of another form than this program exports"
        hint = "export it with the version of the program that made it, as `audit show` says"
        raise BadInput([Problem(Place(label, 1), "E807", message, hint)]) from None
    files = {name: file.sha256 for name, file in sorted(record.inputs.evidence.files.items())}
    return Exported(run, record.software, document, files)


def in_order(document: dict[str, Any]) -> RunDocument:
    """The document with every mapping in the order of its keys, as a stored record has them.

    So the same run is exported alike whether it comes from a store or was just made, and the place
    of a redacted name says nothing of it. Raises ValidationError where it is none of this form.
    """
    return RunDocument.model_validate(json.loads(json.dumps(document, sort_keys=True)))


def file_of(place: str) -> str:
    """The file of a place that is written `file:line:column`."""
    return place.rsplit(":", 2)[0]


def every(conditions: Iterable[ConditionPart]) -> Iterator[ConditionPart]:
    """The conditions and all of their parts, each before its parts."""
    for condition in conditions:
        yield condition
        yield from every(condition.parts)


def of_tests(criterion: CriterionPart) -> Iterator[ConditionPart]:
    """Every condition of the tests of a criterion."""
    for test in criterion.tests.values():
        yield from every(test.conditions)
