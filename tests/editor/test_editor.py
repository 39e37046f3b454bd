"""What an editor says of rule files, by the YAML language server that editors use."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading.__main__ import cli
from tests.editor.language_server import Server, running

ROOT = Path(__file__).parent.parent.parent
RULES = ROOT / "rules"
SHIPPED = sorted(p for pack in RULES.glob("*/pack.yaml") for p in pack.parent.rglob("*.yaml"))
KETTLE, PEEL = RULES / "food-hygiene", RULES / "peel-effectiveness-2016"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as found:
        yield found


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The shipped packs with their schemas, to be changed."""
    shutil.copytree(RULES, tmp_path / "rules")
    return tmp_path / "rules"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(RULES).as_posix())
def test_an_editor_finds_nothing_wrong_with_a_shipped_file(server: Server, path: Path) -> None:
    assert server.open(path) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "says"),
    [
        ("food-hygiene/pack.yaml", "framework:", "framwork:", 6, 'Missing property "framework".'),
        (
            "food-hygiene/pack.yaml",
            "framework:",
            "framwork:",
            9,
            "Property framwork is not allowed.",
        ),
        (
            "food-hygiene/series.yaml",
            "role: deciding\n    values",
            "role: decisive\n    values",
            8,
            'Value is not accepted. Valid values: "deciding", "corroborating", "indicative",'
            ' "lead-only", "context-only".',
        ),
        (
            "food-hygiene/series.yaml",
            "title: Hygienic handling of food",
            "title: [Hygienic]",
            5,
            'Incorrect type. Expected "string".',
        ),
    ],
)
def test_an_editor_marks_what_is_wrong(
    server: Server, copy: Path, file: str, old: str, new: str, line: int, says: str
) -> None:
    path = copy / file
    text = path.read_text("utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), "utf-8")
    found = server.open(path)
    assert says in [message for at, message in found if at == line], found


@pytest.mark.parametrize(
    ("file", "line", "key", "says"),
    [
        ("food-hygiene/pack.yaml", "    rungs:", "rungs", "the last is `otherwise`"),
        (
            "peel-effectiveness-2016/checks.yaml",
            "    total: outcomes-assigned-share",
            "total",
            "The series that is the sum of its parts",
        ),
        (
            "peel-effectiveness-2016/checks.yaml",
            "    cite: Figure 4",
            "cite",
            "The passage of the source that says so",
        ),
        (
            "food-hygiene/cases/ratings.yaml",
            "  - id: total-10",
            "id",
            "The name of the case, one in its pack",
        ),
        (
            "food-hygiene/cases/ratings.yaml",
            "    given:",
            "given",
            "The inspection that the case makes up",
        ),
        (
            "peel-effectiveness-2016/cases/investigating-crime.yaml",
            "      all-core: {investigating-crime: exceeds}",
            "all-core",
            "all of their core criteria come out so",
        ),
    ],
)
def test_an_editor_explains_a_key(
    server: Server, copy: Path, file: str, line: str, key: str, says: str
) -> None:
    path = copy / file
    server.open(path)
    number = path.read_text("utf-8").splitlines().index(line) + 1
    assert says in server.hover(path, number, line.index(key) + 2).replace("\\", "")


def test_an_editor_offers_the_keys_that_there_are(server: Server, copy: Path) -> None:
    path = copy / "food-hygiene/series.yaml"
    text = path.read_text("utf-8")
    lines = text.splitlines()
    at = lines.index("    unit: score") + 1
    lines.insert(at, "    ")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    server.open(path)
    offered = server.completions(path, at + 1, 5)
    assert {"denominator", "not-comparable-with", "breaks"} <= offered


def test_with_a_pack_an_editor_knows_its_names(server: Server, copy: Path) -> None:
    cli.main(
        ["rules", "schema", str(copy / PEEL.name), "--out", str(copy / ".schemas")],
        standalone_mode=False,
    )
    path = copy / PEEL.name / "preventing-crime.yaml"
    assert server.open(path) == []
    text = path.read_text("utf-8")
    path.write_text(text.replace("criterion-test: standard", "criterion-test: standrd"), "utf-8")
    changed = path.rename(path.with_name("changed.yaml"))
    line = changed.read_text("utf-8").splitlines().index("criterion-test: standrd") + 1
    assert [at for at, _ in server.open(changed)] == [line]
