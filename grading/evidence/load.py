"""The evidence of one inspection: a folder, read and checked against its rule pack."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path as FilePath
from typing import Any, TypeVar

from grading.evidence.answers import read_answers
from grading.evidence.check import against_pack
from grading.evidence.evidence import Evidence, Placed, PlacedNotGraded
from grading.evidence.forms import METRICS, PREVIOUS, REVIEW, SURVEYS
from grading.evidence.moderation import read_challenges, read_moderation
from grading.evidence.reader import INSPECTION, TABLE, Reader, read_evidence
from grading.evidence.records import Inspection
from grading.evidence.together import has_changed, seen, unfinished
from grading.problems import BadInput, Place, Problem, raise_if
from grading.rules.loaded import Pack
from grading.source import Document, Folder, fit, read_alone

P = TypeVar("P", bound="Placed[Any]")
EVERY_BODY = "_all"


def read_inspection(folder: Folder) -> tuple[Document | None, Inspection | None, list[Problem]]:
    """`inspection.yaml` of a folder, which names the rule pack that everything else needs."""
    document, problems = folder.yaml(INSPECTION)
    if document is None:
        return None, None, problems
    inspection, found = fit(Inspection, document.data, document)
    return document, inspection, [*problems, *found]


def folder_of(path: FilePath) -> Folder:
    """The folder of an inspection, read once.

    Raises BadInput where there is none, where some of its files may be those of an import and others
    not, and where the files were not read as they stood together.
    """
    raise_if(unfinished(path))
    before = seen(path)
    folder = read_evidence(path)
    if seen(path) != before:
        raise BadInput([has_changed(path)])
    if folder is None:
        place = Place(path.as_posix(), 1)
        hint = "name a folder with inspection.yaml"
        raise BadInput([Problem(place, "E401", "there is no such folder", hint)])
    return folder


def table_path(folder: FilePath, table: FilePath | None) -> FilePath | None:
    """The table of bodies: the one that is named, or `_all/metrics.csv` beside the folder."""
    if table is not None:
        return table
    # a folder named as `.` or `..` has no parent in its name
    beside = (folder / ".." if folder.name in {"", ".."} else folder.parent) / EVERY_BODY
    path = beside / TABLE
    return path if path.exists() or path.is_symlink() else None


def unread_problems(folder: Folder) -> list[Problem]:
    """The problems of the files beside `inspection.yaml`, when the pack cannot be known."""
    problems: list[Problem] = []
    reader = Reader(folder, problems)
    reader.observations(), reader.rows(METRICS), reader.rows(SURVEYS)
    reader.entries(PREVIOUS), reader.rows(REVIEW)
    read_answers(folder, problems)
    read_moderation(folder, problems), read_challenges(folder, problems)
    reader.unknown_files()
    return problems


def load_evidence(
    folder: FilePath, pack: Pack, as_of: date | None = None, table: FilePath | None = None
) -> Evidence:
    """The evidence of a folder, as it stood on a date, and the table of bodies it is set among.

    Without a `table` it is `_all/metrics.csv` beside the folder, where there is one. Raises BadInput
    with every problem of every file, and where the files were not read as they stood together.
    """
    path = table_path(folder, table)
    bodies = None if path is None else read_alone(path, path.parent.as_posix())
    return evidence_of(folder_of(folder), pack, as_of, bodies)


def evidence_of(
    folder: Folder, pack: Pack, as_of: date | None = None, table: Folder | None = None
) -> Evidence:
    """The evidence that the files of a folder are; the table is alone in its folder.

    Raises BadInput with every problem of every file.
    """
    document, inspection, problems = read_inspection(folder)
    if inspection is not None and as_of is not None:
        inspection = inspection.model_copy(update={"as_of": as_of})
    reader = Reader(folder, problems)
    observations = reader.observations()
    metrics = reader.rows(METRICS)
    surveys = reader.rows(SURVEYS)
    previous = reader.entries(PREVIOUS)
    reviewed = reader.rows(REVIEW)
    answers = read_answers(folder, problems)
    moderation = read_moderation(folder, problems)
    challenges = read_challenges(folder, problems)
    reader.unknown_files()
    bodies = Reader(table, problems).table(METRICS, *table.names) if table is not None else []
    if document is None or inspection is None:
        raise_if(problems)
        raise AssertionError("an inspection that cannot be read has at least one problem")
    evidence = Evidence(
        FilePath(folder.label),
        inspection,
        by_id(sorted(observations, key=lambda placed: placed.place)),
        by_id(metrics),
        by_id(surveys),
        by_id(previous),
        frozenset(reader.gathered),
        _not_graded(inspection, document),
        by_id(reviewed),
        answers,
        moderation,
        challenges,
        by_id(bodies),
        document,
    )
    is_partial = bool(problems)
    for problem in against_pack(evidence, pack, document):
        # what is named and not there may be in a file that could not be read
        if not (is_partial and problem.code == "E404"):
            problems.append(problem)
    raise_if(problems)
    return evidence


def by_id(records: Iterable[P]) -> tuple[P, ...]:
    """Records of one file, or in order of place, in an order that no other order would change."""
    return tuple(sorted(records, key=lambda placed: placed.record.id))


def _not_graded(inspection: Inspection, document: Document) -> dict[str, PlacedNotGraded]:
    return {
        entry.question: PlacedNotGraded(entry, document.place(("not-graded", i)))
        for i, entry in enumerate(inspection.not_graded)
    }
