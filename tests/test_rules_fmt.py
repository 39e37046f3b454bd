"""The layout of rule files: shipped files are in it, and a file out of it comes back into it, whole."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from random import Random

import pytest

from grading.policy.formatted import comments, formatted
from grading.source import parse_yaml
from tests.lint_packs import BASE
from tests.test_bad_input import Grading, grading

__all__ = ["grading"]

ROOT = Path(__file__).parent.parent
FILES = sorted(
    [*ROOT.glob("rules/*/*.yaml"), *ROOT.glob("rules/*/cases/*.yaml"), *BASE.rglob("*.yaml")]
)


_PLAIN = re.compile(r"(?:- )?[\w-]+:(?: [\w-]+| [{\[](?:[\w{}\[\]-]|: |, )+)?")
"""Lines without texts of several words, in which every space is the layout's."""


def made(text: str) -> str:
    """The text in the layout."""
    found, problems = formatted(text, "a.yaml")
    assert found is not None, problems
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_shipped_file_is_in_the_layout(path: Path) -> None:
    text = path.read_text("utf-8")
    assert made(text) == text


def untidy(text: str, random: Random) -> str:
    """The text with other spaces wherever they mean nothing."""
    lines = []
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip(" "))
        body = line.lstrip(" ")
        if _PLAIN.fullmatch(body):
            body = re.sub(r", ", lambda _: "," + " " * random.randint(1, 3), body)
            body = re.sub(r": ", lambda _: ":" + " " * random.randint(1, 3), body)
            body = re.sub(r"\{(?=\w)", lambda _: "{" + " " * random.randint(0, 2), body)
            body = re.sub(r"(?<=\w)\}", lambda _: " " * random.randint(0, 2) + "}", body)
            body += " " * random.randint(0, 2)
        if body.startswith("- "):
            body = "-   " + body[2:].lstrip(" ")  # what stands beside the dash moves as well
        lines.append(" " * indent * 2 + body)
        if random.random() < 0.1:
            lines += [""] * random.randint(1, 3)
    return "\n".join(lines) + "\n" * random.randint(0, 3)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_out_of_the_layout_comes_back_with_all_that_it_says(path: Path) -> None:
    text = path.read_text("utf-8")
    for seed in range(3):
        messy = untidy(text, Random(seed))
        before, problems = parse_yaml(messy, "a.yaml")
        assert before is not None, problems
        found = made(messy)
        after, _ = parse_yaml(found, "a.yaml")
        assert after is not None
        assert after.data == before.data
        assert comments(found) == comments(text)
        assert made(found) == found
        if "  #" not in text:  # the column of a comment beside a line is its author's
            assert [line for line in found.splitlines() if line] == [
                line for line in text.splitlines() if line
            ]


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("a:   1\n", "a: 1\n"),
        ("a: {b: 1,c: [ 1,2 ] }\n", "a: {b: 1, c: [1, 2]}\n"),
        ("a: 1 # why\n", "a: 1  # why\n"),
        ("a: 1      #why\n", "a: 1      # why\n"),
        ("a:\n     b: 1\n     # of c\n     c: 2\n", "a:\n  b: 1\n  # of c\n  c: 2\n"),
        ("a:\n- 1\n-   2\n", "a:\n- 1\n- 2\n"),
        (
            "a:\n    - b: 1\n      c: 2\n    -   b: 3\n        c: 4\n",
            "a:\n  - b: 1\n    c: 2\n  - b: 3\n    c: 4\n",
        ),
        ("a:\n    - - 1\n      - 2\n", "a:\n  - - 1\n    - 2\n"),
        (
            "a: |\n    one   two\n      three\n\n\n    four\nb: 1\n",
            "a: |\n    one   two\n      three\n\n\n    four\nb: 1\n",
        ),
        ("a:\n    b: >-\n        one\n        two\n", "a:\n  b: >-\n      one\n      two\n"),
        ("a: one\n  two\nb: 'it''s #1'  \n", "a: one\n  two\nb: 'it''s #1'\n"),
        ("a: {b: 1,\n    c: 2}\n", "a: {b: 1,\n    c: 2}\n"),
        ("a: 'x:  y,z'\n", "a: 'x:  y,z'\n"),
        ("\n\na: 1\n\n\n\nb: 2\n\n", "a: 1\n\nb: 2\n"),
        ("# one\n#two\n\na: 1\n# end", "# one\n# two\n\na: 1\n# end\n"),
        ("a: # of a\n    b: 1\n", "a:  # of a\n  b: 1\n"),
        ('a: "x # y"   # z\n', 'a: "x # y"   # z\n'),
        ("a: {b: {c: [{d: 1}]}}\n", "a: {b: {c: [{d: 1}]}}\n"),
        ("a: |  # text\n  b # c\nd: 1\n", "a: |  # text\n  b # c\nd: 1\n"),
    ],
)
def test_the_layout(written: str, wanted: str) -> None:
    assert made(written) == wanted
    assert made(wanted) == wanted


def test_a_file_that_cannot_be_read_has_no_layout() -> None:
    found, problems = formatted("a: [1\n", "a.yaml")
    assert found is None
    assert [p.code for p in problems] == ["E138"]


def test_the_command_writes_what_is_not_in_the_layout(grading: Grading, tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path / "mine")
    case = tmp_path / "mine/cases/all.yaml"
    good = case.read_text("utf-8")
    folder = str(tmp_path / "mine")
    assert grading("rules", "fmt", folder, "--check") == (0, "", "")
    case.write_text(good.replace("id: all-good", "id:   all-good"), "utf-8")
    named = f"{folder}/cases/all.yaml\n"
    assert grading("rules", "fmt", folder, "--check") == (1, named, "")
    assert "id:   all-good" in case.read_text("utf-8")
    assert grading("rules", "fmt", folder) == (0, named, "")
    assert case.read_text("utf-8") == good
    assert grading("rules", "fmt", folder) == (0, "", "")


def test_nothing_is_written_where_a_file_cannot_be_read(grading: Grading, tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path / "mine")
    (tmp_path / "mine/series.yaml").write_text("series: [\n", "utf-8")
    service = tmp_path / "mine/service.yaml"
    untidied = service.read_text("utf-8").replace("ladder: standard", "ladder:  standard")
    service.write_text(untidied, "utf-8")
    told = grading("rules", "fmt", str(tmp_path / "mine"))
    assert (told.code, told.out) == (3, "")
    assert service.read_text("utf-8") == untidied
