"""pytest collects the cases of rule packs: `pytest rules/` in a policy team's own repository."""

from __future__ import annotations

import shutil
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
ROOT = Path(__file__).parent.parent
PLUGIN = "grading.commands.pytest_plugin"


@pytest.fixture
def team(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A repository with two packs under `rules/`, and files that look like cases and are none."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # the plugin is named instead
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for name in ("food-hygiene", "second"):
        shutil.copytree(ROOT / "rules" / "food-hygiene", pytester.path / "rules" / name)
    elsewhere = pytester.path / "other" / "cases"
    elsewhere.mkdir(parents=True)
    (elsewhere / "some.yaml").write_text("no: cases\n", "utf-8")
    (pytester.path / "rules" / "notes.yaml").write_text("a: note\n", "utf-8")
    pytester.makepyfile(test_own="def test_own():\n    pass\n")
    return pytester


def run(team: pytest.Pytester, *words: str) -> pytest.RunResult:
    strict = ("-p", PLUGIN, "--strict-markers", "--strict-config", "-W", "error")
    return team.runpytest_subprocess(*strict, *words)


def test_each_case_is_an_item(team: pytest.Pytester) -> None:
    run(team, "rules").assert_outcomes(passed=40)
    run(team).assert_outcomes(passed=41)


def test_a_case_is_chosen_as_a_test_is(team: pytest.Pytester) -> None:
    run(team, "rules", "-k", "total-15-worst-5").assert_outcomes(passed=2, deselected=38)
    one = "rules/second/cases/ratings.yaml::total-15-worst-5"
    run(team, one).assert_outcomes(passed=1)


def test_a_case_that_fails_says_what_differs_and_where(team: pytest.Pytester) -> None:
    pack = team.path / "rules" / "second" / "pack.yaml"
    text = pack.read_text("utf-8")
    pack.write_text(text.replace("total-score, at-most: 15", "total-score, at-most: 10"), "utf-8")
    result = run(team, "rules")
    result.assert_outcomes(passed=39, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*rules/second/cases/ratings.yaml:24:5: total-15-worst-5: 15 and 5 are the most that*",
            "*judgment of food-hygiene-rating",
            "*expected 5 (rules/second/cases/ratings.yaml:31:19)",
            "*found 4",
            "*by the rule at rules/second/pack.yaml:38:9",
            "*because Food hygiene rating is graded 4 (good).",
            "FAILED rules/second/cases/ratings.yaml::total-15-worst-5*",
        ]
    )


def test_a_pack_or_case_that_cannot_be_read_is_an_error_with_every_problem(
    team: pytest.Pytester,
) -> None:
    cases = team.path / "rules" / "second" / "cases" / "ratings.yaml"
    text = cases.read_text("utf-8")
    cases.write_text(text.replace("food-hygiene-rating:", "food-hygiene-ratings:", 2), "utf-8")
    result = run(team, "rules")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            "rules/second/cases/ratings.yaml:11:19: E502 unknown question `food-hygiene-ratings`*",
            "rules/second/cases/ratings.yaml:21:19: E502 unknown question `food-hygiene-ratings`*",
        ]
    )


def test_where_there_is_no_pack_nothing_is_collected(team: pytest.Pytester) -> None:
    shutil.rmtree(team.path / "rules")
    run(team).assert_outcomes(passed=1)


def test_the_package_registers_the_plugin() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"grading-rules": PLUGIN}
    assert hasattr(import_module(PLUGIN), "pytest_collect_file")


def test_the_projects_own_tests_collect_no_cases_of_packs_among_their_data(
    team: pytest.Pytester,
) -> None:
    pack = team.path / "tests" / "data" / "pack"
    shutil.copytree(ROOT / "rules" / "food-hygiene", pack)
    shutil.copy(ROOT / "tests" / "conftest.py", team.path / "tests" / "conftest.py")
    (team.path / "tests" / "test_it.py").write_text("def test_it():\n    pass\n", "utf-8")
    run(team, "tests", "-p", "no:cacheprovider").assert_outcomes(passed=1)
