"""The schemas of rule files: as good as the models say, in every shipped file, with a word for each key."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped,unused-ignore]

from grading.policy import schema as schema_module
from grading.policy.schema import MODELS, schemas
from grading.rules.load import load_pack
from grading.source import parse_yaml
from tests.lint_packs import BASE, Edit, edited
from tests.test_bad_input import Grading, grading

__all__ = ["grading"]

ROOT = Path(__file__).parent.parent
SHIPPED = sorted(
    path for pack in ROOT.glob("rules/*/pack.yaml") for path in pack.parent.rglob("*.yaml")
)
SCHEMAS = ROOT / "rules/.schemas"
_MODELINE = re.compile(r"^# yaml-language-server: \$schema=(\S+)$", re.MULTILINE)
GENERAL, OF_BASE = schemas(), schemas(load_pack(BASE))


def plain(value: Any) -> Any:
    """The values of a document as JSON has them."""
    match value:
        case dict():
            return {key: plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case datetime.date():
            return value.isoformat()
        case Decimal():
            return float(value)
        case _:
            return value


def kind_of(name: str) -> str:
    """The kind of a rule file, by its name in the pack."""
    plain_name = name.removesuffix(".yaml")
    if name.startswith("cases/"):
        return "cases"
    return plain_name if plain_name in MODELS else "question"


def misfits(text: str, schema: dict[str, Any]) -> list[str]:
    """Where a text does not fit a schema."""
    document, problems = parse_yaml(text, "a.yaml")
    assert document is not None, problems
    errors = Draft202012Validator(schema).iter_errors(plain(document.data))
    return sorted("/".join(map(str, error.absolute_path)) for error in errors)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_shipped_file_names_its_schema_and_fits_it(path: Path) -> None:
    text = path.read_text("utf-8")
    named = _MODELINE.match(text)
    assert named, "the first line names the schema"
    schema = json.loads((path.parent / named[1]).read_text("utf-8"))
    pack = path.parent.parent if path.parent.name == "cases" else path.parent
    kind = kind_of(path.relative_to(pack).as_posix())
    assert schema == GENERAL[kind]
    assert misfits(text, schema) == []
    assert misfits(text, schemas(load_pack(pack))[kind]) == []


@pytest.mark.parametrize("kind", MODELS)
def test_the_shipped_schemas_are_those_that_the_command_writes(
    kind: str, grading: Grading, tmp_path: Path
) -> None:
    told = grading("rules", "schema", "--out", str(tmp_path))
    assert (told.code, len(told.out.splitlines())) == (0, len(MODELS))
    name = f"{kind}.schema.json"
    assert (tmp_path / name).read_bytes() == (SCHEMAS / name).read_bytes()
    Draft202012Validator.check_schema(GENERAL[kind])


WRONG = {
    "an unknown key": (
        Edit("pack.yaml", "version: 1.1.0\n", "version: 1.1.0\nverson: 1\n"),
        "",
        "",
    ),
    "a missing key": (Edit("pack.yaml", "title: Public libraries\n", ""), "", ""),
    "a number in quotes": (
        Edit("pack.yaml", "at-least-share: 0.5", 'at-least-share: "0.5"'),
        "ladders/standard/rungs/good",
        "ladders/standard/rungs/good",
    ),
    "a word that there is not": (
        Edit("pack.yaml", "kind: strength,", "kind: praise,"),
        "findings/strength/kind",
        "findings/strength/kind",
    ),
    "a name with spaces": (
        Edit("pack.yaml", "  strength: {", "  Great strength: {"),
        "findings",
        "findings",
    ),
    "an unknown indicator": (
        Edit("service.yaml", "books-in-time, below: 70", "books-in-tim, below: 70"),
        None,
        "sub-questions/lending/criteria/waiting/falls-short",
    ),
    "an unknown level": (
        Edit("pack.yaml", "meets: {observed: {extent: most}}", "meets: {observed: {extent: mots}}"),
        None,
        "criterion-tests/standard/meets",
    ),
    "an unknown ladder": (
        Edit("service.yaml", "ladder: standard\n", "ladder: standrd\n"),
        None,
        "ladder",
    ),
    "an unknown series": (
        Edit("indicators.yaml", "series: [in-time]", "series: [in-tim]"),
        None,
        "indicators/books-in-time/series/0",
    ),
    "an unknown grade": (
        Edit(
            "pack.yaml",
            "      conflict:\n        at-best: fair",
            "      conflict:\n        at-best: far",
        ),
        None,
        "ladders/standard/limiters/conflict/at-best",
    ),
}


@pytest.mark.parametrize(("edit", "in_general", "of_the_pack"), WRONG.values(), ids=WRONG)
def test_what_does_not_fit_is_told_at_its_place(
    edit: Edit, in_general: str | None, of_the_pack: str
) -> None:
    kind = kind_of(edit.file)
    text = edited([edit])[edit.file]
    general, own = misfits(text, GENERAL[kind]), misfits(text, OF_BASE[kind])
    assert general == ([] if in_general is None else [in_general])
    assert [place for place in own if place.startswith(of_the_pack)]


@pytest.mark.parametrize("kind", MODELS)
def test_every_key_is_explained(kind: str) -> None:
    unexplained = {key for key, said in explained(kind) if len(said.split()) < 2}
    assert unexplained == set()


def test_no_word_explains_a_key_that_there_is_not() -> None:
    """Nor one whose file has words of its own."""
    words = schema_words()
    keys = {kind: {key for key, _ in explained(kind)} for kind in MODELS}
    every = set().union(*keys.values())
    assert set(words["models"]) <= every
    general = set().union(*(keys[kind] for kind in MODELS if kind not in words["files"]))
    assert set(words["keys"]) <= {key.rpartition(".")[2] for key in general}
    for kind, own in words["files"].items():
        assert set(own) <= {key.rpartition(".")[2] for key in keys[kind]}


def explained(kind: str) -> Iterator[tuple[str, str]]:
    """Each key of a kind of file, by its model, and what is said of it."""
    schema = GENERAL[kind]
    for model, definition in (*schema["$defs"].items(), (MODELS[kind].__name__, schema)):
        for key, value in definition.get("properties", {}).items():
            yield f"{model}.{key}", value.get("description", "")


def schema_words() -> Any:
    """The words that the schemas explain keys with, as they are written."""
    path = Path(schema_module.__file__).with_name("schema_words.yaml")
    return parse_yaml(path.read_text("utf-8"), path.name)[0].data  # type: ignore[union-attr]


def test_no_schema_asks_for_what_a_file_never_has() -> None:
    assert [place for schema in GENERAL.values() for place in nulls(schema, ())] == []


def nulls(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Where a schema speaks of null."""
    if isinstance(value, dict):
        if value.get("type") == "null":
            yield path
        for key, inner in value.items():
            yield from nulls(inner, (*path, key))
    elif isinstance(value, list):
        for inner in value:
            yield from nulls(inner, path)
