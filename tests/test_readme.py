"""Every command that the README prints runs, and the output is what it says."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
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


@pytest.mark.parametrize("command", COMMANDS)
def test_a_printed_command_runs(
    command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words = [w if w != "durham.json" else str(tmp_path / w) for w in shlex.split(command)[1:]]
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(cli, words, standalone_mode=False)
    assert result.exception is None, result.output
    assert result.return_value == (4 if "--drop-kind" in words else 0)


def test_the_readme_prints_only_commands_that_a_test_runs() -> None:
    others = [line for line in printed() if line not in COMMANDS]
    assert others == [
        "python3 -m venv .venv && CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject "
        ".venv/bin/pip install -q . && .venv/bin/grading run evidence/peel-effectiveness-2016/durham",
        "python3 -m venv .venv && CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject "
        ".venv/bin/pip install -q '.[dev]' && .venv/bin/python -m pytest",
        ".venv/bin/python -m pytest tests/test_cases.py",
    ]
