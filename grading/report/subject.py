"""What a report is about: one run, how firmly it stands, and where it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from grading.explain.robustness import Robustness
from grading.explain.why import Explainer
from grading.judge.judgments import Grading
from grading.record.chain import Entry
from grading.record.run_record import RunRecord, written
from grading.report.links import Links
from grading.source import Folder
from grading.source.folder import sha256


@dataclass(frozen=True)
class Subject:
    """One run, ready to be told.

    `rules` are the files of its pack. `entry` is the first one in the chain of a run store that names
    the run; none where the run was not found in one.
    """

    grading: Grading
    robust: Robustness
    record: RunRecord
    rules: Folder
    entry: Entry | None = None

    @cached_property
    def id(self) -> str:
        """The id of the run: the SHA-256 of its record."""
        return sha256(written(self.record))

    @cached_property
    def explainer(self) -> Explainer:
        """Answers why."""
        return Explainer(self.grading)

    @cached_property
    def links(self) -> Links:
        """What can be gone to within the report."""
        return Links(self.explainer)
