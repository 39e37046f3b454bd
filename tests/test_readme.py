"""Every command that the README prints runs, and the output is what it says."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from grading.__main__ import cli

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def printed() -> list[str]:
    """The lines of the README's shell blocks."""
    lines, inside = [], False
    for line in README.splitlines():
        if line.startswith("```"):
            inside = line == "```sh"
        elif inside:
            lines.append(line)
    return lines


COMMANDS = [line for line in printed() if line.startswith("grading ")]


WRITTEN = (
    *("durham.json", "durham.html", "durham.md", "template.xlsx", "durham.xlsx", "imported"),
    *("durham-prov.json", "durham-oscal.json", "durham-tables", "changed"),
    *("impact.html", "coverage.html", "schemas", "rule-book.html"),
)


def expected(words: list[str]) -> int:
    """The exit code that the README's text promises: open where evidence is gone, problems found."""
    if "--drop-kind" in words or "--without-source" in words:
        return 4
    return 1 if words[:2] == ["evidence", "check"] else 0


def lower_a_threshold(pack: Path) -> None:
    """The folder holds the police pack with one threshold changed, as the README has its reader do."""
    shutil.copytree(ROOT / "rules" / "peel-effectiveness-2016", pack)
    file = pack / "investigating-crime.yaml"
    text = file.read_text("utf-8")
    asked = "charged-against-england-and-wales, at-least: "
    assert text.count(f"{asked}3") == 1
    file.write_text(text.replace(f"{asked}3", f"{asked}2"), "utf-8")


def test_the_printed_commands_run_in_their_order(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("GRADING_STORE", str(tmp_path / "store"))
    lower_a_threshold(tmp_path / "changed")
    for command in COMMANDS:
        words = [str(tmp_path / w) if w in WRITTEN else w for w in shlex.split(command)[1:]]
        if words[:2] == ["evidence", "import"]:
            words += [
                "--rules",
                "rules",
            ]  # the README imports beside the rules, this test elsewhere
        result = CliRunner().invoke(cli, words, standalone_mode=False)
        assert result.exception is None, f"{command}: {result.output}"
        assert (command, result.return_value) == (command, expected(words))


def recipes() -> list[str]:
    """The commands in the README's recipes for pre-commit and for continuous integration."""
    found = [
        step
        for block in README.split("```yaml\n")[1:]
        for step in yaml.safe_load(block.split("```")[0])
        if isinstance(step, dict)
    ]
    hooks = yaml.safe_load(README.split("```yaml\n")[1].split("```")[0])["repos"][0]["hooks"]
    return [*(hook["entry"] for hook in hooks), *(step["run"] for step in found)]


@pytest.mark.parametrize("recipe", recipes())
def test_a_recipe_passes_for_a_shipped_pack(
    recipe: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    meant = {
        **dict.fromkeys(("PACK", "PACK-AS-IT-WAS"), "food-hygiene"),
        "INSPECTIONS": "evidence",
        "impact.html": str(tmp_path / "impact.html"),
    }
    words = [meant.get(word, word) for word in shlex.split(recipe)[1:]]
    result = CliRunner().invoke(cli, words, standalone_mode=False)
    assert (result.exception, result.return_value) == (None, 0), result.output


def files() -> dict[str, str]:
    """The files that the README prints, by their names."""
    blocks = (block.split("```")[0] for block in README.split("```yaml ")[1:])
    return dict(block.split("\n", 1) for block in blocks)


def test_the_pack_that_the_readme_prints_wants_its_digest_alone_and_grades(tmp_path: Path) -> None:
    pack, evidence = tmp_path / "rules" / "pools", tmp_path / "evidence" / "pools" / "northside"
    for name, text in files().items():
        file = (evidence if name == "inspection.yaml" else pack) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    codes: dict[str, int] = {}
    for command in ("lint", "test", "prove", "mutate"):
        result = CliRunner().invoke(cli, ["rules", command, str(pack)], standalone_mode=False)
        assert result.exception is None
        codes[command] = result.return_value
        if command == "lint":
            assert set(re.findall(r" (L\d{3}) ", result.output)) == {"L503"}, result.output
    assert codes == {"lint": 1, "test": 0, "prove": 0, "mutate": 0}
    result = CliRunner().invoke(cli, ["run", str(evidence), "--no-store"], standalone_mode=False)
    assert (result.exception, result.return_value) == (None, 4), "no figure, so the water is open"


def test_the_readme_prints_only_commands_that_a_test_runs() -> None:
    others = [line for line in printed() if line not in COMMANDS]
    assert others == [
        "python3 -m venv .venv && CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject "
        ".venv/bin/pip install -q . && .venv/bin/grading run evidence/peel-effectiveness-2016/durham",
        "python3 -m venv .venv && CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject "
        ".venv/bin/pip install -q '.[dev]' && .venv/bin/python -m pytest -n 2 --dist worksteal",
        ".venv/bin/python -m pytest tests/test_cases.py",
    ]
