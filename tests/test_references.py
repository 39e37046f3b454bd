"""Every code of packs and of evidence against its pack, with the exact text of its problems.

A case is a folder of files that stand over those of the good pack or the good evidence, and
`expected.txt` with the text of every problem that follows.
"""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import pytest

from grading.commands.common import load
from grading.judge.method import program_of
from grading.problems import CODES, BadInput, Problem
from grading.rules.load import load_pack

HERE = Path(__file__).parent
PACKS, EVIDENCE = HERE / "errors_pack", HERE / "errors_evidence"
CASES = sorted(p for home in (PACKS, EVIDENCE) for p in home.iterdir() if p.name != "good")
SHIPPED = HERE.parent / "rules"
MADE = {"E401", "E443"}  # a folder that is not there, and thousands of wrong rows, are not stored


def problems_of(case: Path, tmp_path: Path) -> tuple[Problem, ...]:
    """The problems of the good bakery under the files of the case."""
    for home, folder in ((PACKS, "rules/bakery"), (EVIDENCE, "evidence")):
        shutil.copytree(home / "good", tmp_path / folder)
        if case.parent == home:
            for file in case.iterdir():
                if file.name != "expected.txt":
                    shutil.copy(file, tmp_path / folder)
    return problems_in(tmp_path)


def problems_in(home: Path) -> tuple[Problem, ...]:
    """What is wrong with `evidence` and `rules` in a folder."""
    with contextlib.chdir(home):
        try:
            program_of(load(Path("evidence"), None, Path("rules"))[1])
        except BadInput as error:
            return error.problems
    return ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_has_exactly_the_problems_written_beside_it(case: Path, tmp_path: Path) -> None:
    expected = (case / "expected.txt").read_text("utf-8")
    assert "".join(f"{problem}\n" for problem in problems_of(case, tmp_path)) == expected
    assert case.name[:4] in expected


@pytest.mark.parametrize("home", [PACKS, EVIDENCE], ids=["pack", "evidence"])
def test_the_good_bakery_has_no_problem(home: Path, tmp_path: Path) -> None:
    assert problems_of(home / "good", tmp_path) == ()


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert list(map(str, problems_in(tmp_path))) == [
        "evidence:1:1: E401 there is no such folder (name a folder with inspection.yaml)"
    ]


def test_of_more_than_a_thousand_wrong_rows_a_thousand_are_told(tmp_path: Path) -> None:
    assert problems_of(EVIDENCE / "good", tmp_path) == ()
    table = tmp_path / "evidence" / "metrics.csv"
    heading, row, *_ = table.read_text("utf-8").splitlines()
    rows = [
        row.replace("m-1,loaves-baked", f"n-{number:04},loafs-baked") for number in range(1_500)
    ]
    table.write_text("\n".join([heading, *rows]), "utf-8")
    problems = problems_in(tmp_path)
    assert [problem.code for problem in problems].count("E410") == 1_000
    assert [str(problem) for problem in problems if problem.code != "E410"] == [
        "evidence/metrics.csv:1002:2: E443 more is wrong than the 1,000 problems that are told"
        " (correct those first)"
    ]


def test_every_code_of_packs_and_evidence_has_a_case() -> None:
    registered = {code for code in CODES if code.startswith(("E3", "E4"))}
    assert registered == {case.name[:4] for case in CASES} | MADE


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_place_is_one_that_somebody_wrote(case: Path, tmp_path: Path) -> None:
    for problem in problems_of(case, tmp_path):
        file = tmp_path / problem.place.file
        assert file.exists()
        lines = file.read_text("utf-8").splitlines()
        assert problem.place.line <= len(lines)
        text = lines[problem.place.line - 1]
        cells = text.split(",") if file.suffix == ".csv" else text
        assert 1 <= problem.place.column <= len(cells)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_messages_are_one_plain_line(case: Path, tmp_path: Path) -> None:
    for problem in problems_of(case, tmp_path):
        for said in (problem.message, problem.hint):
            assert "\n" not in said
            assert not said.endswith(".")
            assert said[:1] == said[:1].lower()
        assert problem.code in CODES


def test_the_shipped_packs_have_no_problem() -> None:
    packs = sorted(path.parent for path in SHIPPED.glob("*/pack.yaml"))
    assert packs
    for folder in packs:
        program_of(load_pack(folder))
