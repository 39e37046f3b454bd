"""`grading rules test`: what it says of cases that pass and fail, of coverage, and of new cases."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

from grading.policy.cases import PlacedCase, load_cases
from grading.policy.coverage import Coverage, coverage
from grading.policy.inspections import Inspections
from grading.rules.definition import holds
from grading.rules.load import load_pack
from grading.rules.loaded import Pack
from grading.rules.rule import Always, Compared, Node, inside
from grading.rules.stages import by_definition
from tests.test_bad_input import Grading, grading

__all__ = ["grading"]

ROOT = Path(__file__).parent.parent
FOOD, PEEL = "food-hygiene", "peel-effectiveness-2016"


@pytest.fixture
def at_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.fixture
def bakery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the food pack in a folder of its own, named otherwise, from where commands run."""
    shutil.copytree(ROOT / "rules" / FOOD, tmp_path / "mine")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "mine"


def change(path: Path, was: str, now: str) -> None:
    text = path.read_text("utf-8")
    assert was in text
    path.write_text(text.replace(was, now, 1), "utf-8")


@cache
def pack_of(name: str) -> Pack:
    return load_pack(ROOT / "rules" / name)


@cache
def cases_of(name: str) -> tuple[PlacedCase, ...]:
    return load_cases(ROOT / "rules" / name, pack_of(name))


def reach_of(pack: Pack, cases: tuple[PlacedCase, ...]) -> Coverage:
    return coverage(Inspections(pack, cases).views)


# What is said of cases


@pytest.mark.usefixtures("at_root")
def test_cases_that_pass_are_told_in_a_line(grading: Grading) -> None:
    told = grading("rules", "test", FOOD)
    assert (told.code, told.out) == (0, "food-hygiene 1.0.0: 20 cases passed\n")


def test_a_case_that_fails_is_told_with_both_values_both_places_and_the_rationale(
    grading: Grading, bakery: Path
) -> None:
    change(bakery / "pack.yaml", "total-score, at-most: 15", "total-score, at-most: 10")
    told = grading("rules", "test", "mine", "--case", "total-15-worst-5")
    assert told.code == 1
    assert told.out.splitlines() == [
        "mine/cases/ratings.yaml:24:5: total-15-worst-5: 15 and 5 are the most that the best rating"
        " allows",
        "    judgment of food-hygiene-rating",
        "        expected 5 (mine/cases/ratings.yaml:31:19)",
        "        found 4",
        "        by the rule at mine/pack.yaml:38:9",
        "        by the rule at mine/pack.yaml:42:9",
        "        because Food hygiene rating is graded 4 (good).",
        "                  Why 4 (good), and not 3 (generally satisfactory):",
        "                    The total of the three scores is 15; at most 20 is allowed (5 to spare)"
        " [m-1, m-2, m-3]. (mine/pack.yaml:43:13)",
        "                    The worst single score is 5; at most 10 is allowed (5 to spare)"
        " [m-1, m-2, m-3]. (mine/pack.yaml:44:13)",
        "                  Why not 5 (very good):",
        "                    The total of the three scores is 15; at most 10 is allowed (5 away)"
        " [m-1, m-2, m-3]. (mine/pack.yaml:39:13)",
        "                    Met already: the worst single score is 5; at most 5 is allowed"
        " (none to spare). (mine/pack.yaml:38:9)",
        "                  The figures it rests on:",
        "                    The total of the three scores: 15 (the sum of 5, 5 and 5).",
        "                      3 more steps",
        "                    The worst single score: 5 (the highest of 5, 5 and 5).",
        "                      3 more steps",
        "",
        "food-hygiene 1.0.0: 1 case, 1 failed",
    ]


def test_a_case_that_fails_in_the_engine_is_told_as_it_is_by_meaning(
    grading: Grading, bakery: Path
) -> None:
    change(bakery / "pack.yaml", "total-score, at-most: 15", "total-score, at-most: 10")
    by_meaning = grading("rules", "test", "mine")
    assert grading("rules", "test", "mine", "--engine").out == by_meaning.out
    assert "food-hygiene 1.0.0: 20 cases, 1 failed" in by_meaning.out


def test_json_has_every_case_and_what_differs(grading: Grading, bakery: Path) -> None:
    change(bakery / "pack.yaml", "total-score, at-most: 15", "total-score, at-most: 10")
    document = json.loads(grading("rules", "test", "mine", "--format", "json").out)
    assert len(document["cases"]) == 20
    (failed,) = [case for case in document["cases"] if not case["passed"]]
    (difference,) = failed["differences"]
    assert (failed["case"], difference["expected"], difference["found"]) == (
        "total-15-worst-5",
        "5",
        "4",
    )
    assert difference["rules"] == ["mine/pack.yaml:38:9", "mine/pack.yaml:42:9"]


def test_junit_has_a_test_for_each_case(grading: Grading, bakery: Path) -> None:
    change(bakery / "pack.yaml", "total-score, at-most: 15", "total-score, at-most: 10")
    suite = ElementTree.fromstring(grading("rules", "test", "mine", "--format", "junit").out)
    assert (suite.get("tests"), suite.get("failures")) == ("20", "1")
    (failure,) = suite.iter("failure")
    assert failure.get("message") == "judgment of food-hygiene-rating: expected 5, found 4"


def test_github_has_an_annotation_where_the_case_expects_what_is_not_so(
    grading: Grading, bakery: Path
) -> None:
    change(bakery / "pack.yaml", "total-score, at-most: 15", "total-score, at-most: 10")
    first, last = grading("rules", "test", "mine", "--format", "github").out.splitlines()
    assert first.startswith(
        "::error file=mine/cases/ratings.yaml,line=31,col=19,title=total-15-worst-5::judgment of"
        " food-hygiene-rating: expected 5, found 4%0Aalso mine/pack.yaml:38:9"
    )
    assert last == "food-hygiene 1.0.0: 20 cases, 1 failed"


@pytest.mark.usefixtures("at_root")
def test_a_case_that_is_not_there_is_wrong_usage(grading: Grading) -> None:
    told = grading("rules", "test", FOOD, "--case", "total-15-worst-6")
    assert told.code == 2
    assert "there is no case `total-15-worst-6` (did you mean `total-15-worst-5`?)" in told.err
    assert grading("rules", "test", FOOD, "--case", "total-15-*").out == (
        "food-hygiene 1.0.0: 2 cases passed\n"
    )


def test_cases_that_cannot_be_read_are_told_all_at_once(grading: Grading, bakery: Path) -> None:
    change(bakery / "cases" / "ratings.yaml", "food-hygiene-rating:", "food-hygiene-ratings:")
    change(bakery / "cases" / "ratings.yaml", "hygiene: {own: 5}", "hygeine: {own: 5}")
    told = grading("rules", "test", "mine")
    assert told.code == 3
    assert [line.split(": ")[0] for line in told.err.splitlines()[:-1]] == [
        "mine/cases/ratings.yaml:11:19",
        "mine/cases/ratings.yaml:17:24",
    ]


# What cases reach


def test_coverage_that_is_too_little_is_a_problem(grading: Grading, bakery: Path) -> None:
    told = grading("rules", "test", "mine", "--case", "total-1*", "--cov-fail-under", "100")
    assert (told.code, told.err) == (1, "35.8 per cent are less than 100\n")
    assert (
        "mine/pack.yaml:47:13: no case is just below, at or just above the threshold `at-most`"
        in told.out
    )
    assert "mine/pack.yaml:57:12: no case reaches 0 of food-hygiene-rating" in told.out
    assert "    29 of    81 in all: 35.8 per cent" in told.out
    full = grading("rules", "test", "mine", "--cov-fail-under", "100")
    assert (full.code, full.err) == (0, "")


@pytest.mark.parametrize("name", [FOOD, PEEL])
def test_the_cases_of_the_shipped_packs_reach_all_there_is(name: str) -> None:
    assert reach_of(pack_of(name), cases_of(name)).percent == Decimal("100.0")


def test_conditions_are_seen_as_they_are_case_by_case() -> None:
    """The quick way, by what looks alike, against every rule of every case."""
    pack, few = pack_of(PEEL), cases_of(PEEL)[::17]
    reached: dict[tuple[str, str], set[str]] = {}
    for case in few:
        _, facts = by_definition(pack, case.stand.derivation(pack).facts)
        for rule in pack.rules.values():
            for node in every(rule.body):
                truth = str(holds(node, facts).truth)
                reached.setdefault((str(node.place), type(node).__name__), set()).add(truth)
    found = [i for i in reach_of(pack, few).items if i.kind == "condition"]
    words = {"true": "True", "false": "False", "unknown": "None"}
    by_place: dict[str, list[set[str]]] = {}
    for (place, _), truths in reached.items():
        by_place.setdefault(place, []).append(truths)
    for item in found:
        assert {words[seen] for seen in item.seen} in by_place[str(item.place)]
    assert len(found) == len(reached)


def test_thresholds_of_figures_are_seen_as_they_are_case_by_case() -> None:
    pack, few = pack_of(FOOD), cases_of(FOOD)[::3]
    values: dict[str, set[Decimal]] = {}
    for case in few:
        for name, fact in case.stand.derivation(pack).facts.indicators.items():
            assert isinstance(fact.value, Decimal)
            values.setdefault(name, set()).add(fact.value)
    wanted = {}
    for rule in pack.rules.values():
        for node in every(rule.body):
            if isinstance(node, Compared):
                (number,) = node.numbers
                steps = {"just below": number - 5, "at": number, "just above": number + 5}
                seen = {side for side, value in steps.items() if value in values[node.indicator]}
                wanted[str(node.place)] = seen
    found = reach_of(pack, few).items
    assert {str(i.place): set(i.seen) for i in found if i.kind == "threshold"} == wanted


def every(node: Node) -> Iterator[Node]:
    if not isinstance(node, Always):
        yield node
    for part in inside(node):
        yield from every(part)


def few_reached() -> Coverage:
    return reach_of(pack_of(FOOD), cases_of(FOOD)[:2])


def test_limiters_and_rungs_are_seen_by_what_they_come_to() -> None:
    pack = pack_of(PEEL)
    one = tuple(c for c in cases_of(PEEL) if c.id == "preventing-outstanding")
    items = reach_of(pack, one).items
    limiters = {(i.place.line, i.name): i.seen for i in items if i.kind == "limiter"}
    assert {seen for (_, name), seen in limiters.items() if name == "preventing-crime"} == {
        frozenset({"clear"})
    }
    reached = {i.name for i in items if i.kind == "rung" and i.seen}
    assert "outstanding of preventing-crime" in reached
    assert "good of preventing-crime" not in reached
    assert [i.name for i in few_reached().items if i.kind == "rung" and i.seen] == [
        "5 of food-hygiene-rating"
    ]


def test_the_page_marks_each_line_and_says_what_is_missing(grading: Grading, bakery: Path) -> None:
    words = ("rules", "test", "mine", "--case", "total-1*", "--cov-html")
    assert grading(*words, "one.html").code == 0
    assert grading(*words, "two.html").code == 0
    one, two = (Path(f"{name}.html").read_text("utf-8") for name in ("one", "two"))
    assert one == two
    assert "http" not in re.sub(r'http-equiv="', "", one)
    assert "35.8 per cent" in one
    line = next(part for part in one.splitlines() if "at-most: 30" in part)
    assert 'class="l m-part"' in line
    assert "no case is just below, at or just above the threshold `at-most`" in line
    assert line.index("◐") < line.index("at-most")


def test_what_a_pack_says_is_text_on_the_page(grading: Grading, bakery: Path) -> None:
    change(
        bakery / "pack.yaml", "says: The rating is", "says: <script>alert(1)</script> The rating is"
    )
    assert grading("rules", "test", "mine", "--cov-html", "page.html").code == 0
    page = Path("page.html").read_text("utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)" in page


# Cases from runs


@pytest.mark.parametrize(
    ("pack", "evidence"),
    [
        (PEEL, "evidence/peel-effectiveness-2016/durham"),
        (PEEL, "evidence/peel-effectiveness-2016/example-force"),
        (FOOD, "evidence/food-hygiene/the-copper-kettle"),
    ],
)
def test_a_case_from_evidence_passes_where_it_is_pasted(
    pack: str, evidence: str, grading: Grading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    told = grading("rules", "test", pack, "--new", evidence)
    assert (told.code, told.err) == (0, "")
    shutil.copytree(ROOT / "rules" / pack, tmp_path / "pack")
    out = tmp_path / "pack" / "cases" / "new.yaml"
    assert grading("rules", "test", pack, "--new", evidence, "--out", str(out)).code == 0
    assert out.read_text("utf-8") == "cases:\n" + told.out
    (name,) = re.findall(r"  - id: (.*)", told.out)
    again = grading("rules", "test", str(tmp_path / "pack"), "--case", name)
    assert again.out.endswith(": 1 case passed\n")


@pytest.mark.usefixtures("at_root")
def test_a_case_from_a_summary_that_cuts_strengths_short_says_so_and_needs_to(
    grading: Grading, tmp_path: Path
) -> None:
    """What a summary leaves out may be there, so grades stay open that a full plan would settle."""
    evidence = tmp_path / "peel-effectiveness-2016" / "durham"
    shutil.copytree(ROOT / "evidence/peel-effectiveness-2016/durham", evidence)
    inspection = evidence / "inspection.yaml"
    full = inspection.read_text("utf-8")
    assert full.count("coverage: full") == 1
    inspection.write_text(full.replace("coverage: full", "coverage: published-summary"), "utf-8")
    shutil.copytree(ROOT / "rules" / PEEL, tmp_path / "pack")
    out = tmp_path / "pack" / "cases" / "new.yaml"
    words = ("rules", "test", PEEL, "--new", str(evidence), "--out", str(out))
    told = grading(*words)
    assert (told.code, told.err) == (0, "")
    text = out.read_text("utf-8")
    assert text.count("      coverage: published-summary\n") == 1
    again = ("rules", "test", str(tmp_path / "pack"), "--case", "durham-2017-03-31")
    assert grading(*again).out.endswith(": 1 case passed\n")
    out.write_text(text.replace("      coverage: published-summary\n", ""), "utf-8")
    assert grading(*again).code == 1


@pytest.mark.usefixtures("at_root")
def test_a_case_is_written_from_a_recorded_run_and_added_to_a_file(
    grading: Grading, tmp_path: Path
) -> None:
    ran = grading("run", "evidence/food-hygiene/the-copper-kettle", "--store", str(tmp_path / "s"))
    (run,) = re.findall(r"^run ([0-9a-f]{12,})", ran.out, re.MULTILINE)
    out = tmp_path / "some.yaml"
    shutil.copy("rules/food-hygiene/cases/ratings.yaml", out)
    words = ("rules", "test", FOOD, "--new", run, "--store", str(tmp_path / "s"), "--out", str(out))
    assert grading(*words).code == 0
    text = out.read_text("utf-8")
    assert text.startswith(Path("rules/food-hygiene/cases/ratings.yaml").read_text("utf-8"))
    assert "  - id: the-copper-kettle-2026-03-31\n" in text


@pytest.mark.usefixtures("at_root")
def test_a_run_of_another_pack_is_refused(grading: Grading) -> None:
    told = grading("rules", "test", FOOD, "--new", "evidence/peel-effectiveness-2016/durham")
    assert told.code == 2
    assert "the run is by the pack `peel-effectiveness-2016`, not `food-hygiene`" in told.err
