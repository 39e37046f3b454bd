"""PACK as the commands of `grading rules` take it: a folder anywhere, or a name."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import click
import pytest

from grading.commands.rules_pack import find_pack
from grading.problems import BadInput

GOOD = Path(__file__).parent / "errors_pack" / "good"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a pack in `rules/bakery` and another in `mine`, from where commands run."""
    shutil.copytree(GOOD, tmp_path / "rules/bakery")
    shutil.copytree(GOOD, tmp_path / "mine")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(reference: str, rules: Path | None = None) -> str:
    """What is said of a pack that is not there."""
    with pytest.raises(click.UsageError) as refused:
        find_pack(reference, rules)
    return refused.value.message


@pytest.mark.parametrize(
    ("reference", "label"),
    [
        ("bakery", "rules/bakery"),
        ("mine", "mine"),
        ("./mine/", "mine"),
        ("rules/bakery", "rules/bakery"),
    ],
)
def test_a_pack_is_a_folder_or_the_name_of_one_in_rules(
    home: Path, reference: str, label: str
) -> None:
    found = find_pack(reference)
    assert (found.path.resolve(), found.files.label) == (home / label, label)
    assert found.load().manifest.id == "bakery"


def test_a_folder_may_be_anywhere(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "away").mkdir()
    monkeypatch.chdir(home / "away")
    assert find_pack(str(home / "mine")).files.label == (home / "mine").as_posix()
    assert find_pack("../mine").files.label == "../mine"
    assert find_pack("bakery").files.label == "../rules/bakery"
    assert find_pack("bakery", home / "rules").path == home / "rules" / "bakery"


def test_the_nearest_pack_of_a_name_is_taken(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(GOOD, home / "away/rules/bakery")
    monkeypatch.chdir(home / "away")
    assert find_pack("bakery").path.resolve() == home / "away/rules/bakery"


def test_places_are_named_from_here(home: Path) -> None:
    manifest = home / "mine/pack.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace("version: 1.0.0", "version: 1"))
    with pytest.raises(BadInput, match=re.escape("mine/pack.yaml:2:10: E203")):
        find_pack("mine").load()


@pytest.mark.parametrize(
    ("reference", "rules", "says"),
    [
        ("bakry", None, "there is no rule pack `bakry` (did you mean `bakery`?)"),
        ("tax", None, "there is no rule pack `tax` (known packs are bakery)"),
        ("tax", "mine", "there is no rule pack `tax` (name the folder of the pack)"),
        ("rules", None, "the folder `rules` is no rule pack: it has no `pack.yaml`"),
        ("../bakery", None, "there is no rule pack `../bakery` (did you mean `bakery`?)"),
    ],
)
def test_what_is_no_pack_is_refused_with_what_there_is(
    home: Path, reference: str, rules: str | None, says: str
) -> None:
    assert refusal(reference, None if rules is None else home / rules) == says
