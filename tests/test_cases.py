"""The cases beside the rules of every pack: each passes, and between them they leave nothing out."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from grading.engine.compile import Program
from grading.judge.method import program_of
from grading.policy.cases import PlacedCase, load_cases
from grading.policy.expecting import concluded_of, run_case
from grading.policy.inspections import Inspections
from grading.policy.noticed import expected
from grading.policy.smallest import Shorthand
from grading.policy.stand import stand
from grading.problems import BadInput, Problem
from grading.rules.load import load_pack
from grading.rules.loaded import OVERALL, Pack
from grading.rules.rule import Compared, leaves

RULES = Path(__file__).parent.parent / "rules"
FOLDERS = sorted(path.parent for path in RULES.glob("*/pack.yaml"))
PEEL = RULES / "peel-effectiveness-2016"


@cache
def program(folder: Path) -> Program:
    return program_of(load_pack(folder))


@cache
def cases(folder: Path) -> tuple[PlacedCase, ...]:
    return load_cases(folder, program(folder).pack)


EVERY = [(folder, case) for folder in FOLDERS for case in cases(folder)]


@pytest.mark.parametrize(
    ("folder", "case"), EVERY, ids=[f"{folder.name}/{case.id}" for folder, case in EVERY]
)
def test_a_case_is_as_its_rules_make_it(folder: Path, case: PlacedCase) -> None:
    differences = run_case(case, program(folder))
    said = "".join(f"\n  {difference}" for difference in differences)
    assert not differences, f"{case.place} {case.id}: {case.written.because}{said}"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_case_stands_for_the_same_alone_as_after_all_the_others(folder: Path) -> None:
    """What shorthand stands for is found once for cases of which a criterion sees the same."""
    pack = program(folder).pack
    for case in cases(folder):
        lines = case.lines.under("given")
        assert stand(case.written.given, Shorthand(pack), lines) == case.stand


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_cases_graded_together_come_to_what_each_comes_to_alone(folder: Path) -> None:
    together = Inspections(program(folder).pack, cases(folder))
    for number, case in enumerate(cases(folder)):
        alone = concluded_of(case, program(folder).pack)
        concluded = together.concluded(number)
        assert concluded.fired == alone.fired
        assert concluded.judgments == alone.judgments
        assert concluded.findings == alone.findings


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_question_reaches_every_grade_in_some_case(folder: Path) -> None:
    assert list(unreached(program(folder).pack, cases(folder))) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_criterion_has_a_case_that_expects_something_of_it(folder: Path) -> None:
    pack = program(folder).pack
    named = {name for case in cases(folder) for name in expected(pack, case.written.expect)}
    assert [criterion for criterion in pack.criteria if criterion not in named] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_limiter_has_a_case_in_which_it_bites_and_one_in_which_it_does_not(
    folder: Path,
) -> None:
    assert list(unlimited(program(folder).pack, cases(folder))) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_threshold_has_cases_below_at_and_above_it(folder: Path) -> None:
    assert list(untried(program(folder), cases(folder))) == []


def unreached(pack: Pack, among: tuple[PlacedCase, ...]) -> Iterator[str]:
    """The grades of the graded questions, and of the overall judgment, that no case reaches."""
    reached = {item for case in among for item in case.written.expect.judgments.items()}
    overall = [OVERALL] if pack.manifest.overall is not None else []
    for question in [*pack.graded, *overall]:
        for grade in pack.grades:
            if f"{question}.{grade}" in pack.rules and (question, grade) not in reached:
                yield f"{question} is {grade} in no case"


def unlimited(pack: Pack, among: tuple[PlacedCase, ...]) -> Iterator[str]:
    """The limiters that bite in no case, or that are clear in none."""
    seen = {
        (question, limiter, bite)
        for case in among
        for question, limiters in case.written.expect.limiters.items()
        for limiter, bite in limiters.items()
    }
    for question, placed in pack.limiters.items():
        for limiter in placed:
            for bite in ("bites", "clear"):
                if (question, limiter.id, bite) not in seen:
                    yield f"{limiter.id} of {question} {bite} in no case"


def untried(compiled: Program, among: tuple[PlacedCase, ...]) -> Iterator[str]:
    """The sides of thresholds on which no case has a value."""
    values: dict[str, set[Decimal]] = {}
    for case in among:
        derived = case.stand.derivation(compiled.pack).indicators
        for name, indicator in derived.items():
            if isinstance(indicator.value, Decimal):
                values.setdefault(name, set()).add(indicator.value)
    for rule in compiled.pack.rules.values():
        for leaf in leaves(rule.body):
            for number in leaf.numbers if isinstance(leaf, Compared) else ():
                assert isinstance(leaf, Compared)
                tried = {_side(value, number) for value in values.get(leaf.indicator, ())}
                for side in sorted({"below", "at", "above"} - tried):
                    yield f"{leaf.place}: {leaf.indicator} has no case {side} {number}"


def _side(value: Decimal, number: Decimal) -> str:
    return "below" if value < number else "above" if value > number else "at"


# What the tests above would miss if they were wrong, and what is said of wrong cases


def write(tmp_path: Path, text: str) -> Path:
    """The PEEL pack with one file of cases, and no other."""
    folder = tmp_path / PEEL.name
    shutil.copytree(PEEL, folder)
    shutil.rmtree(folder / "cases")
    (folder / "cases").mkdir()
    (folder / "cases" / "some.yaml").write_text(text, "utf-8")
    return folder


def run(tmp_path: Path, given: str, expect: str) -> list[str]:
    text = f"cases:\n  - {{id: a, given: {given}, expect: {expect}, because: it says so}}\n"
    [case] = load_cases(write(tmp_path, text), program(PEEL).pack)
    return run_case(case, program(PEEL))


def problems(tmp_path: Path, text: str) -> list[Problem]:
    with pytest.raises(BadInput) as bad:
        load_cases(write(tmp_path, text), program(PEEL).pack)
    return list(bad.value.problems)


WRONG = {
    "a grade": (
        "{all-core: {preventing-crime: exceeds}}",
        "{judgments: {preventing-crime: good}}",
        "judgment of preventing-crime: expected good, found outstanding",
    ),
    "a grade where there is an interval": (
        "{}",
        "{judgments: {preventing-crime: good}}",
        "judgment of preventing-crime: expected good, found requires-improvement to good",
    ),
    "an interval": (
        "{}",
        "{judgments: {preventing-crime: [inadequate, good]}}",
        "judgment of preventing-crime: expected inadequate to good, found requires-improvement to good",
    ),
    "a grade of an ungraded question": (
        "{all-core: {specialist-capabilities: exceeds}}",
        "{judgments: {specialist-capabilities: outstanding}}",
        "judgment of specialist-capabilities: expected outstanding, found ungraded",
    ),
    "a trend": (
        "{}",
        "{trends: {overall: same}}",
        "trend of overall: expected same, found unknown",
    ),
    "an outcome": (
        "{criteria: {problem-solving: meets}}",
        "{criteria: {problem-solving: [exceeds, meets]}}",
        "outcome of problem-solving: expected exceeds or meets, found meets",
    ),
    "a limiter": (
        "{}",
        "{limiters: {preventing-crime: {core-concern: bites}}}",
        "limiter core-concern of preventing-crime: expected bites, found clear",
    ),
    "a finding that is not there": (
        "{}",
        "{findings: [strength-problem-solving]}",
        "finding strength-problem-solving: expected, and there is none",
    ),
    "a finding that is there": (
        "{criteria: {problem-solving: exceeds}}",
        "{not-findings: [strength-problem-solving]}",
        "finding strength-problem-solving: not expected, and there is one",
    ),
    "a year": (
        "{criteria: {problem-solving: falls-short}}",
        "{first-raised: {area-for-improvement-problem-solving: 2014}}",
        "first year of area-for-improvement-problem-solving: expected 2014, found 2015",
    ),
    "a rule": (
        "{criteria: {problem-solving: meets}}",
        "{rules: {problem-solving.meets: withheld}}",
        "rule problem-solving.meets: expected withheld, found holds",
    ),
    "a reason": (
        "{criteria: {problem-solving: meets}}",
        "{reasons: [problem-solving]}",
        "criterion problem-solving: expected to hold its question back, and it does not",
    ),
    "an indicator": (
        "{figures: {victim-satisfaction: {own: 90, england-and-wales: 80}}}",
        "{indicators: {victim-satisfaction-against-england-and-wales: 11}}",
        "indicator victim-satisfaction-against-england-and-wales: expected 11, found 10",
    ),
    "an indicator that is absent": (
        "{figures: {victim-satisfaction: {own: missing, england-and-wales: 80}}}",
        "{indicators: {victim-satisfaction-against-england-and-wales: 10}}",
        "indicator victim-satisfaction-against-england-and-wales: expected 10, found absent",
    ),
    "why an indicator is absent": (
        "{figures: {victim-satisfaction: {own: 90}}}",
        "{absent-because: {victim-satisfaction-against-england-and-wales: no reason}}",
        "why victim-satisfaction-against-england-and-wales is absent: expected no reason, found no"
        " record of victim-satisfaction for england-and-wales",
    ),
    "a caveat": (
        "{figures: {victim-satisfaction: {own: 90, england-and-wales: 80}}}",
        "{caveats: {victim-satisfaction-against-england-and-wales: [crime-figures-alone]}}",
        "caveats of victim-satisfaction-against-england-and-wales: expected also crime-figures-alone",
    ),
}


@pytest.mark.parametrize(("given", "expect", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_expectation_is_reported(
    given: str, expect: str, said: str, tmp_path: Path
) -> None:
    assert run(tmp_path, given, expect) == [said]


def test_a_grade_or_limiter_without_a_case_is_reported() -> None:
    pack = program(PEEL).pack
    few = tuple(case for case in cases(PEEL) if case.id == "preventing-outstanding")
    missing = [*unreached(pack, few), *unlimited(pack, few)]
    assert "preventing-crime is outstanding in no case" not in missing
    assert "preventing-crime is good in no case" in missing
    assert "overall is inadequate in no case" in missing
    assert "conflict of preventing-crime bites in no case" in missing
    assert "conflict of preventing-crime clear in no case" not in missing
    assert len(missing) == 4 * 4 + 4 - 1 + 4 * 4 * 2 - 4


def test_every_problem_of_a_case_is_told_at_its_place(tmp_path: Path) -> None:
    text = """cases:
  - id: a
    given:
      observations:
        - {supports: problem-solvin}
        - {supports: problem-solving, extent: very}
      criteria: {problem-solvings: meets}
      all-core: {preventing-crimes: meets}
      indicators: {public-satisfactio: 3}
      figures: {victim-satisfactio: {own: 90}}
      searched: [problem-solvin]
      carried-forward: {specialist-capabilities: good}
    expect:
      judgments: {preventing-crime: [good, inadequate], investigating-crime: fair, x: good}
      limiters: {preventing-crime: {core-concerns: bites}}
      findings: [strength-x]
    because: every name is wrong
  - id: a
    given: {}
    expect: {judgments: {overall: [inadequate, inadequate]}}
    because: the id is taken and the interval is one grade
"""
    assert [(p.place.line, p.place.column, p.code) for p in problems(tmp_path, text)] == [
        (5, 11, "E403"),
        (6, 47, "E409"),
        (9, 20, "E502"),
        (10, 43, "E410"),
        (11, 18, "E502"),
        (12, 25, "E502"),
        (14, 37, "E504"),
        (14, 78, "E502"),
        (14, 84, "E502"),
        (15, 37, "E502"),
        (16, 18, "E502"),
        (18, 5, "E501"),
        (20, 35, "E504"),
    ]


def test_the_shorthand_is_checked_where_the_records_are_sound(tmp_path: Path) -> None:
    text = """cases:
  - id: a
    given:
      criteria: {problem-solvings: meets, public-confidence: exceeds, what-works: silent}
      all-core: {preventing-crimes: meets}
    expect: {judgments: {overall: good}}
    because: one criterion cannot exceed without its survey
"""
    assert [str(p).split(": ", 1)[1] for p in problems(tmp_path, text)] == [
        "E502 unknown criterion `problem-solvings` (did you mean `problem-solving`?)",
        "E503 no observation alone makes `public-confidence` come out as `exceeds`"
        " (give its observations, and the indicators that its conditions ask about)",
        "E502 unknown question `preventing-crimes` (did you mean `preventing-crime`?)",
    ]


def test_a_case_in_which_no_question_is_graded_is_refused_as_its_evidence_would_be(
    tmp_path: Path,
) -> None:
    four = ("preventing-crime", "investigating-crime", "protecting-vulnerable-people")
    every = ", ".join(f"{q}: ungraded" for q in (*four, "serious-and-organised-crime"))
    text = f"""cases:
  - id: a
    given:
      not-graded: {{{every}}}
    expect: {{judgments: {{overall: good}}}}
    because: none
"""
    assert [str(p).split(": ", 1)[1] for p in problems(tmp_path, text)] == [
        "E420 no question is graded, so the overall judgment cannot be"
        " (leave out a question that is graded)"
    ]
    one_less = text.replace("preventing-crime: ungraded, ", "")
    folder = write(tmp_path / "one-less", one_less)
    (case,) = load_cases(folder, program(PEEL).pack)
    assert set(case.written.given.not_graded) == {*four[1:], "serious-and-organised-crime"}


def test_a_case_that_expects_nothing_is_refused(tmp_path: Path) -> None:
    text = "cases:\n  - {id: a, given: {}, expect: {}, because: why not}\n"
    assert [p.code for p in problems(tmp_path, text)] == ["E209"]


def test_a_file_that_would_not_be_read_is_a_problem(tmp_path: Path) -> None:
    folder = write(tmp_path, "cases: []\n")
    (folder / "cases" / "more.yml").write_text("cases: []\n", "utf-8")
    with pytest.raises(BadInput) as bad:
        load_cases(folder, program(PEEL).pack)
    assert [(p.place.file, p.code) for p in bad.value.problems] == [
        ("rules/peel-effectiveness-2016/cases/more.yml", "E308")
    ]


@pytest.mark.parametrize("outcome", ["exceeds", "meets", "falls-short", "conflicted"])
@pytest.mark.parametrize("coverage", ["full", "published-summary"])
def test_the_shorthand_makes_what_it_says(outcome: str, coverage: str, tmp_path: Path) -> None:
    given = f"{{criteria: {{problem-solving: {outcome}}}, coverage: {coverage}}}"
    assert run(tmp_path, given, f"{{criteria: {{problem-solving: {outcome}}}}}") == []
