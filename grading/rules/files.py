"""The files of a rule pack, read one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TypeVar

from pydantic import BaseModel

from grading.problems import Place, Problem, did_you_mean
from grading.rules.checks import ChecksFile
from grading.rules.pack import IndicatorFile, Manifest, Question, SeriesFile
from grading.source import Document, fit, read_yaml

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


def digest(folder: FilePath) -> str:
    """SHA-256 over the names and bytes of the files of a folder, in order of name."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def read_files(folder: FilePath, label: str, problems: list[Problem]) -> PackFiles | None:
    manifest = _one(folder / "pack.yaml", label, Manifest, problems)
    series = _optional(folder / "series.yaml", label, SeriesFile, problems)
    indicators = _optional(folder / "indicators.yaml", label, IndicatorFile, problems)
    checks = _optional(folder / "checks.yaml", label, ChecksFile, problems)
    if manifest is None:
        for path in sorted(p for p in folder.glob("*.yaml") if p.name not in _NO_QUESTION):
            _one(path, label, Question, problems)
        return None
    named = manifest[1].questions
    questions: dict[str, tuple[Document, Question]] = {}
    for i, name in enumerate(named):
        path = folder / f"{name}.yaml"
        if name in named[:i]:
            place = manifest[0].place(("questions", i))
            problems.append(
                Problem(place, "E309", f"question `{name}` is listed twice", "remove one")
            )
            continue
        if not _is_there(path):
            known = sorted(p.stem for p in folder.glob("*.yaml"))
            place = manifest[0].place(("questions", i))
            message = f"there is no file for question `{name}`"
            problems.append(Problem(place, "E301", message, did_you_mean(name, known)))
            continue
        found = _one(path, label, Question, problems)
        if found is not None:
            if found[1].question != name:
                message = f"question `{found[1].question}` stands in the file of `{name}`"
                problems.append(
                    Problem(found[0].place(("question",)), "E301", message, "give both one name")
                )
            questions[name] = found
    known_files = {*_NO_QUESTION, *(f"{q}.yaml" for q in named)}
    for extra in sorted(p.name for p in folder.glob("*.y*ml") if p.name not in known_files):
        problems.append(
            Problem(
                Place(f"{label}/{extra}", 1),
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
    path: FilePath, label: str, model: type[M], problems: list[Problem]
) -> tuple[Document, M] | None:
    document, found = read_yaml(path, f"{label}/{path.name}")
    problems.extend(found)
    if document is None:
        return None
    value, found = fit(model, document.data, document)
    problems.extend(found)
    return None if value is None else (document, value)


def _optional(
    path: FilePath, label: str, model: type[M], problems: list[Problem]
) -> tuple[Document, M] | None:
    return _one(path, label, model, problems) if _is_there(path) else None


def _is_there(path: FilePath) -> bool:
    """Whether the folder has an entry of this name: a link that leads nowhere is one."""
    return path.exists() or path.is_symlink()
