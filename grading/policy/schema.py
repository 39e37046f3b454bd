"""JSON Schemas of rule files, so that editors complete, explain and check what is written in them.

A schema knows the form of a file. With a pack it knows the names of that pack as well: its grades,
ladders, levels, topics, criteria, indicators, series and caveats.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from grading.policy.cases import CaseFile
from grading.problems import raise_if
from grading.rules.checks import ChecksFile
from grading.rules.loaded import Pack
from grading.rules.pack import IndicatorFile, Manifest, Question, SeriesFile
from grading.source import Model, fit, read_yaml

MODELS: Mapping[str, type[BaseModel]] = {
    "pack": Manifest,
    "question": Question,
    "series": SeriesFile,
    "indicators": IndicatorFile,
    "checks": ChecksFile,
    "cases": CaseFile,
}
"""The kinds of rule files by the names of their schemas."""
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NULL = {"type": "null"}


class _Words(Model):
    """What editors say of a key."""

    keys: dict[str, str]
    files: dict[str, dict[str, str]]
    models: dict[str, str]


def schemas(pack: Pack | None = None) -> dict[str, dict[str, Any]]:
    """The schema of each kind of rule file; with a pack, of that pack's files."""
    names = {} if pack is None else _names(pack)
    return {kind: schema(kind, names) for kind in MODELS}


def schema(kind: str, names: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """One schema; `names` has the words that there are for some keys, by model and key."""
    model = MODELS[kind]
    found = model.model_json_schema(by_alias=True)
    definitions = {**found.pop("$defs", {}), model.__name__: found}
    for name, definition in definitions.items():
        _describe(kind, name, definition)
        _restrict(name, definition, names)
    root = definitions.pop(model.__name__)
    cleaned = {name: _cleaned(definition) for name, definition in sorted(definitions.items())}
    return {"$schema": _DIALECT, **_cleaned(root), "$defs": cleaned}


def _describe(kind: str, model: str, definition: dict[str, Any]) -> None:
    words = _words()
    by_key = words.files.get(kind, words.keys)
    for key, value in definition.get("properties", {}).items():
        said = words.models.get(f"{model}.{key}") or by_key.get(key)
        if said is not None:
            value["description"] = said


def _restrict(model: str, definition: dict[str, Any], names: Mapping[str, Iterable[str]]) -> None:
    for key, value in definition.get("properties", {}).items():
        known = names.get(f"{model}.{key}")
        if known is not None:
            for place in _texts(value):
                place.pop("pattern", None)
                place["enum"] = list(known)


def _texts(value: dict[str, Any]) -> list[dict[str, Any]]:
    """Where in the schema of a key a word is asked for: itself, or the entries of its list."""
    found = [value] if value.get("type") == "string" else []
    for inside in (value.get("items"), *value.get("anyOf", ())):
        if isinstance(inside, dict):
            found += _texts(inside)
    return found


def _cleaned(value: Any) -> Any:
    """Without what says nothing to a writer of files: titles of keys, nulls, numbers in quotes."""
    if isinstance(value, list):
        return [_cleaned(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    found = {key: _cleaned(inner) for key, inner in value.items()}
    if not isinstance(found.get("title"), dict):
        found.pop("title", None)
    if found.get("default", 0) is None:
        found.pop("default")
    if "anyOf" in found and isinstance(found["anyOf"], list):
        found |= _alternatives(found.pop("anyOf"))
    if "patternProperties" in found and "additionalProperties" not in found:
        found["additionalProperties"] = False
    return found


def _alternatives(every: list[dict[str, Any]]) -> dict[str, Any]:
    """The alternatives that a file is written with; the one, where there is one."""
    left = [one for one in every if one != _NULL]
    numbers = [one for one in left if one.get("type") in ("number", "integer")]
    if numbers:
        left = [o for o in left if o.get("type") != "string" or {"enum", "const"} & o.keys()]
        if any(one.get("type") == "number" for one in numbers):
            left = [one for one in left if one.get("type") != "integer"]
    return left[0] if len(left) == 1 else {"anyOf": left}


def _names(pack: Pack) -> dict[str, Iterable[str]]:
    """The words that a pack has for some keys."""
    manifest = pack.manifest
    coding = manifest.coding
    levels = {
        f"{model}.{scale}": tuple(getattr(coding, scale)) if coding else ()
        for model in ("Sought", "SoughtWeakness", "Levels")
        for scale in ("extent", "maturity", "effect", "severity")
    }
    caveats, series = tuple(pack.caveats), tuple(pack.series)
    return {
        **levels,
        "Limiter.at-best": pack.grades,
        "CountJudgments.judgments": pack.grades,
        "Compared.indicator": tuple(pack.indicators),
        "CriterionIs.criterion": ("this", *pack.criteria),
        "Sought.topics": tuple(pack.topics),
        "SoughtWeakness.topics": tuple(pack.topics),
        "Question.ladder": tuple(manifest.ladders),
        "Question.criterion-test": tuple(manifest.criterion_tests),
        "Criterion.test": tuple(manifest.criterion_tests),
        "Manifest.sub-question-ladder": tuple(manifest.ladders),
        "Overall.ladder": tuple(manifest.ladders),
        "Series.caveats": caveats,
        "Series.bands": tuple(pack.bands),
        "Indicator.series": series,
        "Indicator.caveats": caveats,
        "Indicator.topics": tuple(pack.topics),
    }


@cache
def _words() -> _Words:
    path = Path(str(files("grading.policy"))) / "schema_words.yaml"
    document, problems = read_yaml(path, path.name)
    raise_if(problems)
    assert document is not None
    words, problems = fit(_Words, document.data, document)
    raise_if(problems)
    assert words is not None
    return words
