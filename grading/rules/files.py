"""The files of a rule pack, read one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path as FilePath
from typing import TypeVar

from pydantic import BaseModel

from grading.problems import Place, Problem, did_you_mean
from grading.rules.checks import ChecksFile
from grading.rules.pack import IndicatorFile, Manifest, Question, SeriesFile
from grading.source import Document, Folder, fit, read_folder
from grading.source.folder import digests_below

_NO_QUESTION = ("pack.yaml", "series.yaml", "indicators.yaml", "checks.yaml")
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class PackFiles:
    """The documents of a pack as read, and the models that fitted."""

    manifest: tuple[Document, Manifest]
    questions: Mapping[str, tuple[Document, Question]]
    series: SeriesFile
    series_document: Document | None
    indicators: IndicatorFile
    indicators_document: Document | None
    checks: ChecksFile
    checks_document: Document | None


def read_pack(path: FilePath) -> Folder:
    """The folder of a pack as it is, with the digest of every file; empty where there is none."""
    label = f"rules/{path.name}"
    folder = read_folder(path, label, lambda name: name.endswith(".yaml"))
    if folder is None:
        return Folder(label, (), {})
    return replace(folder, digests=digests_below(path, folder))


def digest(digests: Mapping[str, str]) -> str:
    """SHA-256 over the names and digests of the files of a folder, in order of name."""
    total = hashlib.sha256()
    for name in sorted(digests, key=lambda name: name.split("/")):
        total.update(name.encode() + b"\0")
        total.update(bytes.fromhex(digests[name]))
    return total.hexdigest()


def read_files(folder: Folder, problems: list[Problem]) -> PackFiles | None:
    """The models of the files of a pack; nothing where its manifest cannot be read."""
    manifest = _one(folder, "pack.yaml", Manifest, problems)
    series = _optional(folder, "series.yaml", SeriesFile, problems)
    indicators = _optional(folder, "indicators.yaml", IndicatorFile, problems)
    checks = _optional(folder, "checks.yaml", ChecksFile, problems)
    yaml = [name for name in folder.names if name.endswith(".yaml")]
    if manifest is None:
        for name in yaml:
            if name not in _NO_QUESTION:
                _one(folder, name, Question, problems)
        return None
    named = manifest[1].questions
    questions: dict[str, tuple[Document, Question]] = {}
    for i, name in enumerate(named):
        if name in named[:i]:
            place = manifest[0].place(("questions", i))
            problems.append(
                Problem(place, "E309", f"question `{name}` is listed twice", "remove one")
            )
            continue
        if f"{name}.yaml" not in folder.names:
            known = [name.removesuffix(".yaml") for name in yaml]
            place = manifest[0].place(("questions", i))
            message = f"there is no file for question `{name}`"
            problems.append(Problem(place, "E301", message, did_you_mean(name, known)))
            continue
        found = _one(folder, f"{name}.yaml", Question, problems)
        if found is not None:
            if found[1].question != name:
                message = f"question `{found[1].question}` stands in the file of `{name}`"
                problems.append(
                    Problem(found[0].place(("question",)), "E301", message, "give both one name")
                )
            questions[name] = found
    known_files = {*_NO_QUESTION, *(f"{q}.yaml" for q in named)}
    for extra in folder.names:
        if extra in known_files or not fnmatchcase(extra, "*.y*ml"):
            continue
        problems.append(
            Problem(
                Place(folder.at(extra), 1),
                "E308",
                f"file `{extra}` is no part of the pack",
                "list its question in pack.yaml, or take it out",
            )
        )
    return PackFiles(
        manifest,
        questions,
        series[1] if series else SeriesFile(),
        series[0] if series else None,
        indicators[1] if indicators else IndicatorFile(),
        indicators[0] if indicators else None,
        checks[1] if checks else ChecksFile(),
        checks[0] if checks else None,
    )


def _one(
    folder: Folder, name: str, model: type[M], problems: list[Problem]
) -> tuple[Document, M] | None:
    document, found = folder.yaml(name)
    problems.extend(found)
    if document is None:
        return None
    value, found = fit(model, document.data, document)
    problems.extend(found)
    return None if value is None else (document, value)


def _optional(
    folder: Folder, name: str, model: type[M], problems: list[Problem]
) -> tuple[Document, M] | None:
    return _one(folder, name, model, problems) if name in folder.names else None
