"""The files of an inspection, read record by record."""

from __future__ import annotations

import re
from pathlib import Path as FilePath
from typing import Any

from grading.evidence.answers import FILE as ANSWERS
from grading.evidence.evidence import Placed
from grading.evidence.forms import ENTRIES, FIELDWORK, METRICS, ROWS, SUMMARY, Entries, Rows
from grading.evidence.moderation import CHALLENGES, MODERATION
from grading.evidence.records import FileReview, Observation
from grading.evidence.tables import read_table
from grading.problems import Place, Problem, did_you_mean
from grading.rules.pack import Kind
from grading.source import Folder, read_folder

INSPECTION = "inspection.yaml"
TABLE = METRICS.file
DECIDED = (ANSWERS, MODERATION, CHALLENGES)
FILES = (INSPECTION, *DECIDED, *(form.file for form in (*ENTRIES, *ROWS)))
_PART = re.compile(r"fieldwork-.+\.yaml")


def is_evidence(name: str) -> bool:
    """Whether a file of this name is read as evidence of an inspection."""
    return name in FILES or bool(_PART.fullmatch(name))


def read_evidence(path: FilePath) -> Folder | None:
    """The folder of an inspection as it is; nothing where there is none."""
    return read_folder(path, path.as_posix(), is_evidence)


class Reader:
    """Reads the records of a folder's files and keeps every problem."""

    def __init__(self, folder: Folder, problems: list[Problem]) -> None:
        self.folder, self.problems = folder, problems
        self.gathered: set[Kind] = set()

    def entries(self, form: Entries, *names: str) -> list[Placed[Any]]:
        """The records of YAML files of one form; none where there is no such file."""
        return [placed for name in names or (form.file,) for placed in self._entries(form, name)]

    def _entries(self, form: Entries, name: str) -> list[Placed[Any]]:
        if name not in self.folder.names:
            return []
        self.gathered.add(form.kind)
        document, found = self.folder.yaml(name)
        self.problems.extend(found)
        records, found = form.records(document) if document is not None else ([], [])
        self.problems.extend(found)
        return records

    def observations(self) -> list[Placed[Observation] | Placed[FileReview]]:
        """The coded records of fieldwork, in one file or several, and of file reviews."""
        parts = filter(_PART.fullmatch, self.folder.names)
        fieldwork = self.entries(FIELDWORK, FIELDWORK.file, *parts)
        return [*fieldwork, *self.entries(SUMMARY)]

    def rows(self, form: Rows) -> list[Placed[Any]]:
        """The records of a table; none where there is no such file."""
        return self.table(form, form.file) if form.file in self.folder.names else []

    def table(self, form: Rows, name: str) -> list[Placed[Any]]:
        """The records of a table that must be there."""
        self.gathered.add(form.kind)
        records, found = read_table(self.folder, name, form)
        self.problems.extend(found)
        return records

    def unknown_files(self) -> None:
        """A problem for each file that would not be read."""
        for name in self.folder.names:
            if name.startswith(".") or is_evidence(name):
                continue
            hint = did_you_mean(name, FILES) or "take it out of the folder"
            self.problems.append(
                Problem(
                    Place(self.folder.at(name), 1),
                    "E402",
                    f"`{name}` is no file of an inspection",
                    hint,
                )
            )
