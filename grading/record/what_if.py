"""The JSON of what stands without one source."""

from __future__ import annotations

from typing import Any, Literal

from grading.explain.what_if import Change, WhatIf
from grading.judge.judgments import Finding
from grading.record.parts import Part


class ChangePart(Part):
    """What was possible, what is possible without the source, and whether that is the same."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    stands: bool


class FindingPart(Part):
    """A finding that stands on one side only."""

    id: str
    kind: str
    criterion: str
    says: str


class WhatIfDocument(Part):
    """Every judgment, criterion and finding of an inspection, with and without one source."""

    schema_version: Literal["1.0"] = "1.0"
    inspection: str
    without: str
    records: tuple[str, ...]
    judgments: dict[str, ChangePart]
    criteria: dict[str, ChangePart]
    fallen_findings: tuple[FindingPart, ...]
    new_findings: tuple[FindingPart, ...]


def what_if_document(result: WhatIf) -> WhatIfDocument:
    """The document of a what-if: the same for the same inputs."""
    return WhatIfDocument(
        inspection=result.before.evidence.inspection.id,
        without=str(result.source),
        records=result.source.records,
        judgments={name: _change(change) for name, change in result.judgments.items()},
        criteria={name: _change(change) for name, change in result.criteria.items()},
        fallen_findings=tuple(map(_finding, result.fallen)),
        new_findings=tuple(map(_finding, result.new)),
    )


def what_if_schema() -> dict[str, Any]:
    """The JSON Schema of the document."""
    return WhatIfDocument.model_json_schema()


def _change(change: Change) -> ChangePart:
    return ChangePart(before=change.before, after=change.after, stands=change.stands)


def _finding(finding: Finding) -> FindingPart:
    return FindingPart(
        id=finding.id, kind=finding.kind, criterion=finding.criterion, says=finding.says
    )
