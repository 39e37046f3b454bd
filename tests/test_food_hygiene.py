"""A second regime through the same code: the published arithmetic of food hygiene ratings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from grading.__main__ import cli
from grading.commands.common import Exit, load
from grading.engine.compile import Program
from grading.evidence.load import load_evidence
from grading.explain.why import Explainer
from grading.judge.judgments import Grading
from grading.judge.method import grade, program_of
from grading.problems import CODES, BadInput, Problem
from grading.record.document import document
from grading.record.parts import canonical
from grading.rules.load import load_pack

ROOT = Path(__file__).parent.parent
PACK = ROOT / "rules" / "food-hygiene"
KETTLE = Path("evidence/food-hygiene/the-copper-kettle")
QUESTION = "food-hygiene-rating"
INSPECTION = (ROOT / KETTLE / "inspection.yaml").read_text("utf-8")
HEADER = (ROOT / KETTLE / "metrics.csv").read_text("utf-8").splitlines()[0]
SERIES = ("hygiene", "structural", "confidence-in-management")
ALLOWED = ((0, 5, 10, 15, 20, 25), (0, 5, 10, 15, 20, 25), (0, 5, 10, 20, 30))
EVERY = tuple(product(*ALLOWED))
Scores = tuple[int | None, ...]

# The table as published, written out a second time: columns of total scores, limit, rating.
COLUMNS = (
    ((0, 5, 10, 15), 5, "5"),
    ((20,), 10, "4"),
    ((25, 30), 10, "3"),
    ((35, 40), 15, "2"),
    ((45, 50), 20, "1"),
    ((55, 60, 65, 70, 75, 80), 30, "0"),
)
EXEMPT = f"""
not-graded:
  - {{question: {QUESTION}, value: exempt, because: it sells wrapped sweets beside its main trade}}
"""


def published(scores: tuple[int, ...]) -> str:
    """Start in the column of the total; while a score is above its limit, go one to the right."""
    column = next(i for i, (totals, _, _) in enumerate(COLUMNS) if sum(scores) in totals)
    while any(score > COLUMNS[column][1] for score in scores):
        column += 1
    return COLUMNS[column][2]


@pytest.fixture(scope="module")
def program() -> Program:
    """The pack, compiled once."""
    return program_of(load_pack(PACK))


def row(number: int, series: str, score: int | None) -> str:
    """One line of `metrics.csv`; a score that is not there says why."""
    value = "" if score is None else score
    status = "missing,the page with this score was lost" if score is None else "ok,"
    return (
        f"m-{number:03},{series},the-copper-kettle,{value},score,2026-03-04,2026-03-04,no,"
        f"{status},,,,Scores,line {number},,"
    )


def write(folder: Path, scores: Scores | None, inspection: str = INSPECTION) -> Path:
    """A folder of evidence with these scores."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "inspection.yaml").write_text(inspection, "utf-8")
    if scores is not None:
        rows = [row(i, s, v) for i, (s, v) in enumerate(zip(SERIES, scores, strict=True), start=1)]
        (folder / "metrics.csv").write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    return folder


def graded(folder: Path, program: Program) -> Grading:
    """The folder, graded by the compiled pack; the engine is checked against the definition."""
    return grade(load_evidence(folder, program.pack), program)


def problems(folder: Path, program: Program) -> tuple[Problem, ...]:
    """The problems that keep a folder from being graded."""
    with pytest.raises(BadInput) as caught:
        load_evidence(folder, program.pack)
    return caught.value.problems


@pytest.mark.parametrize(
    ("scores", "rating"),
    [
        ((5, 5, 5), "5"),
        ((5, 0, 10), "4"),
        ((10, 10, 10), "3"),
        ((15, 0, 0), "2"),
        ((20, 0, 0), "1"),
        ((25, 0, 0), "0"),
    ],
)
def test_the_worked_examples(scores: Scores, rating: str, program: Program, tmp_path: Path) -> None:
    judgment = graded(write(tmp_path, scores), program).judgments[QUESTION]
    assert (judgment.provisional, judgment.derived, judgment.final, judgment.interval) == (
        (rating,),
        (rating,),
        rating,
        None,
    )


def test_all_180_combinations_of_scores_get_the_published_rating(
    program: Program, tmp_path: Path
) -> None:
    assert len(EVERY) == 180
    found = {
        scores: graded(write(tmp_path / "kettle", scores), program).judgments[QUESTION].final
        for scores in EVERY
    }
    assert found == {scores: published(scores) for scores in EVERY}
    assert set(found.values()) == set("543210")


def with_one_missing() -> Iterator[Scores]:
    """Every combination of scores of which exactly one is missing."""
    for missing in range(3):
        known = [(None,) if i == missing else allowed for i, allowed in enumerate(ALLOWED)]
        yield from product(*known)


def could_be(scores: Scores) -> set[str]:
    """Brute force: the published rating for every value that the missing score can take."""
    choices = [
        allowed if score is None else (score,)
        for score, allowed in zip(scores, ALLOWED, strict=True)
    ]
    return {published(filled) for filled in product(*choices)}


def test_a_missing_score_leaves_open_at_least_what_it_can_decide(
    program: Program, tmp_path: Path
) -> None:
    """With a score missing there is neither total nor worst score, so every rung is open.

    That contains what brute force over the missing score finds, and is often wider: no rule of
    the pack can use the two scores that are there.
    """
    combinations = list(with_one_missing())
    assert len(combinations) == 36 + 30 + 30
    wider = 0
    for scores in combinations:
        grading = graded(write(tmp_path / "kettle", scores), program)
        judgment = grading.judgments[QUESTION]
        assert could_be(scores) <= set(judgment.derived), scores
        assert judgment.derived == ("5", "4", "3", "2", "1", "0")
        assert (judgment.final, judgment.interval) == ("undetermined", ("0", "5"))
        assert grading.undetermined == (QUESTION,)
        wider += could_be(scores) < set(judgment.derived)
    assert wider == len(combinations)


def test_an_unwritten_score_is_as_open_as_a_missing_one(program: Program, tmp_path: Path) -> None:
    folder = write(tmp_path, (5, 5, 5))
    rows = (folder / "metrics.csv").read_text("utf-8").splitlines()
    (folder / "metrics.csv").write_text("\n".join(rows[:3]) + "\n", "utf-8")
    assert graded(folder, program).judgments[QUESTION].interval == ("0", "5")


def test_a_missing_score_is_named_on_the_terminal_and_in_the_rationale(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = write(tmp_path / "kettle", (5, 0, None))
    monkeypatch.chdir(ROOT)
    rules = ["--rules", str(ROOT / "rules")]
    ran = CliRunner().invoke(cli, ["run", str(folder), *rules], standalone_mode=False)
    assert ran.return_value == Exit.UNDETERMINED
    said = " ".join(ran.output.split())
    assert "The total of the three scores: not available, the page with this score was lost" in said
    told = CliRunner().invoke(cli, ["explain", str(folder), QUESTION, *rules]).output
    assert "5 (very good) if the total of the three scores is at most 15" in told
    assert "on 2026-03-04: missing (the page with this score was lost) [m-003]" in told


def test_a_score_that_cannot_occur_is_a_problem_with_its_place(
    program: Program, tmp_path: Path
) -> None:
    folder = write(tmp_path, (0, 7, 15))
    found = problems(folder, program)
    assert list(map(str, found)) == [
        f"{folder.as_posix()}/metrics.csv:3:4: E412 `7` is no value of series `structural`"
        " (it is one of 0, 5, 10, 15, 20, 25)",
        f"{folder.as_posix()}/metrics.csv:4:4: E412 `15` is no value of series"
        " `confidence-in-management` (it is one of 0, 5, 10, 20, 30)",
    ]


def test_the_fictional_inspection_grades_and_explains_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    ran = CliRunner().invoke(cli, ["run", str(KETTLE)], standalone_mode=False)
    assert ran.return_value == Exit.DONE
    assert "SYNTHETIC" in ran.output
    assert "● 4 (good)" in ran.output
    told = CliRunner().invoke(cli, ["explain", str(KETTLE), QUESTION]).output.splitlines()
    said = [line.split("  → ")[0].strip() for line in told]
    assert said[:5] == [
        "SYNTHETIC: The Copper Kettle (fictional café) is made up, no real body",
        "Food hygiene rating is graded 4 (good).",
        "Why 4 (good), and not 3 (generally satisfactory):",
        "The total of the three scores is 15; at most 20 is allowed (5 to spare)"
        " [m-001, m-002, m-003].",
        "The worst single score is 10; at most 10 is allowed (none to spare)"
        " [m-001, m-002, m-003].",
    ]
    leaf = (
        "Condition of the structure, The Copper Kettle (fictional café), on 2026-03-04: 10 [m-002]"
    )
    assert said.count(leaf) == 2
    assert (
        "The worst single score is 10; at most 5 is allowed (5 away) [m-001, m-002, m-003]." in said
    )


def test_every_step_of_the_rationale_ends_at_a_line_that_somebody_wrote(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    evidence, pack = load(KETTLE)
    because = Explainer(grade(evidence, program_of(pack))).why(QUESTION)
    for step in because.walk():
        assert step.place is not None
        assert (ROOT / step.place.file).is_file()


def test_a_score_says_which_figures_use_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    told = CliRunner().invoke(cli, ["explain", str(KETTLE), "m-002"]).output
    assert "Used in:" in told
    assert "The worst single score: 10" in told


@pytest.mark.parametrize("value", ["exempt", "awaiting-inspection", "awaiting-publication"])
def test_an_establishment_without_a_rating_has_the_value_that_was_stated(
    value: str, program: Program, tmp_path: Path
) -> None:
    inspection = INSPECTION + EXEMPT.replace("exempt", value)
    grading = graded(write(tmp_path, None, inspection), program)
    judgment = grading.judgments[QUESTION]
    assert (judgment.graded, judgment.final, judgment.interval) == (False, value, None)
    assert (judgment.provisional, judgment.derived, judgment.limiters) == ((), (), ())
    assert grading.undetermined == ()


def test_the_rationale_of_an_exemption_is_the_line_that_states_it(
    program: Program, tmp_path: Path
) -> None:
    grading = graded(write(tmp_path, None, INSPECTION + EXEMPT), program)
    because = Explainer(grading).why(QUESTION)
    assert because.text.startswith("Food hygiene rating: exempt. The establishment is inspected")
    (leaf,) = because.rests_on
    assert leaf.text == "It sells wrapped sweets beside its main trade."
    line = (INSPECTION + EXEMPT).splitlines().index("not-graded:") + 2
    assert leaf.place is not None
    assert (leaf.place.file, leaf.place.line) == (f"{tmp_path.as_posix()}/inspection.yaml", line)
    written = json.loads(canonical(document(grading)))["judgments"][QUESTION]
    assert [written[key] for key in ("provisional", "derived", "final", "interval")] == [
        "exempt",
        "exempt",
        "exempt",
        None,
    ]


def test_an_exemption_stands_although_scores_are_there(program: Program, tmp_path: Path) -> None:
    grading = graded(write(tmp_path, (0, 0, 0), INSPECTION + EXEMPT), program)
    assert grading.judgments[QUESTION].final == "exempt"


def test_an_establishment_that_awaits_inspection_has_no_fieldwork(
    program: Program, tmp_path: Path
) -> None:
    without = re.sub(r"(?m)^fieldwork:.*\n", "", INSPECTION)
    awaiting = EXEMPT.replace("exempt", "awaiting-inspection")
    grading = graded(write(tmp_path / "a", None, without + awaiting), program)
    assert grading.judgments[QUESTION].final == "awaiting-inspection"
    (problem,) = problems(write(tmp_path / "b", (0, 0, 0), without), program)
    assert problem.message == "an inspection needs `fieldwork`, or `not-graded` with the reason"


def test_an_exemption_is_done_on_the_command_line(tmp_path: Path) -> None:
    folder = write(tmp_path / "kettle", None, INSPECTION + EXEMPT)
    arguments = ["run", str(folder), "--rules", str(ROOT / "rules")]
    ran = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert ran.return_value == Exit.DONE
    assert "Exempt" in ran.output


def test_not_graded_knows_its_questions_and_values(program: Program, tmp_path: Path) -> None:
    entries = (
        "\nnot-graded:\n"
        "  - {question: food-hygiene-ratings, value: exempt, because: a mistyped question}\n"
        "  - {question: food-hygiene-rating, value: exemt, because: a mistyped value}\n"
    )
    found = problems(write(tmp_path, None, INSPECTION + entries), program)
    start = (INSPECTION + entries).splitlines().index("not-graded:") + 1
    file = f"{tmp_path.as_posix()}/inspection.yaml"
    assert list(map(str, found)) == [
        f"{file}:{start + 1}:16: E418 unknown graded question `food-hygiene-ratings`"
        " (did you mean `food-hygiene-rating`?)",
        f"{file}:{start + 2}:44: E419 unknown value that is not a grade `exemt`"
        " (did you mean `exempt`?)",
    ]
    assert {"E418", "E419"} <= set(CODES)


def test_a_grade_is_no_value_for_a_question_that_is_not_graded(
    program: Program, tmp_path: Path
) -> None:
    entries = EXEMPT.replace("exempt", '"5"')
    (problem,) = problems(write(tmp_path, None, INSPECTION + entries), program)
    assert (problem.code, problem.hint) == (
        "E419",
        "`scale.not-grades` of the pack has exempt, awaiting-inspection or awaiting-publication",
    )


def test_a_question_is_settled_only_once(program: Program, tmp_path: Path) -> None:
    entry = EXEMPT.splitlines()[-1]
    found = problems(write(tmp_path, None, f"{INSPECTION}{EXEMPT}{entry}\n"), program)
    (message,) = [p.message for p in found]
    assert message == (
        "question `food-hygiene-rating` stands twice under `carried-forward` and `not-graded`"
    )


def test_no_threshold_is_the_packs_own() -> None:
    text = (PACK / "pack.yaml").read_text("utf-8")
    assert "basis" not in text
    rungs = yaml.safe_load(text)["ladders"]["score-bands"]["rungs"]
    thresholds = [part for rung in rungs.values() for part in rung.get("all", ())]
    assert len(thresholds) == 10
    assert all(part["cite"] for part in thresholds)


# --- an overall judgment beside questions that are not graded ---------------------------------

TWO_QUESTIONS = {
    "pack.yaml": """
id: two-questions
version: 1.0.0
title: Two questions and an overall judgment
framework: two-questions
source: Made up for a test
in-force: {from: 2020-01-01}
scale:
  grades:
    good: {label: Good, symbol: "+"}
    poor: {label: Poor, symbol: "-"}
  not-grades: {exempt: Not looked at}
questions: [first, second]
evidence-policy:
  roles: {metric: deciding}
ladders:
  figures:
    says: Good from ten
    basis: pack
    rungs:
      good: {indicator: figure, at-least: 10, basis: pack}
      poor: {otherwise: true}
  none-poor:
    says: Good where no question is poor
    basis: pack
    rungs:
      good: {judgments: [poor], at-most: 0}
      poor: {otherwise: true}
overall: {title: Overall, policy: none-poor, ladder: none-poor}
history: [{version: 1.0.0, date: 2020-01-01, says: First}]
""",
    "first.yaml": "question: first\ntitle: First\ncite: a test\nladder: figures\n",
    "second.yaml": "question: second\ntitle: Second\ncite: a test\nladder: figures\n",
    "series.yaml": (
        "series:\n  figure: {title: Figure, unit: count, direction: none, role: deciding,"
        " cite: a test}\n"
    ),
    "indicators.yaml": (
        "indicators:\n  figure: {title: Figure, method: value, series: [figure], unit: count}\n"
    ),
}
OF_TWO = (
    INSPECTION.replace("framework: food-hygiene-rating-scheme", "framework: two-questions")
    + "not-graded:\n"
)


def two_questions(folder: Path, not_graded: Mapping[str, str]) -> tuple[Path, Program]:
    """A pack with an overall judgment, and an inspection without figures."""
    rules = folder / "rules" / "two-questions"
    rules.mkdir(parents=True)
    for name, text in TWO_QUESTIONS.items():
        (rules / name).write_text(text.lstrip(), "utf-8")
    lines = [
        f"  - {{question: {question}, value: {value}, because: a test}}\n"
        for question, value in not_graded.items()
    ]
    evidence = write(folder / "evidence", None, OF_TWO + "".join(lines))
    return evidence, program_of(load_pack(rules))


def test_a_question_that_is_not_graded_enters_the_overall_judgment_without_a_grade(
    tmp_path: Path,
) -> None:
    folder, program = two_questions(tmp_path, {"first": "exempt"})
    grading = graded(folder, program)
    assert grading.judgments["first"].final == "exempt"
    assert grading.judgments["second"].interval == ("poor", "good")
    assert grading.judgments["overall"].interval == ("poor", "good")
    said = [step.text for step in Explainer(grading).why("overall").walk()]
    assert "First is exempt, and is counted as a question without a grade." in said


def test_no_overall_judgment_is_made_of_nothing(tmp_path: Path) -> None:
    every = {"first": "exempt", "second": "exempt"}
    folder, program = two_questions(tmp_path / "a", every)
    (problem,) = problems(folder, program)
    assert (problem.code, problem.message) == (
        "E420",
        "no question is graded, so the overall judgment cannot be",
    )
    folder, program = two_questions(tmp_path / "b", {**every, "overall": "exempt"})
    assert graded(folder, program).judgments["overall"].final == "exempt"


# --- nothing of any regime in the code ------------------------------------------------------------

POLICING = (
    *("police", "policing", "constable", "constables", "constabulary", "officer", "officers"),
    *("crime", "crimes", "criminal", "force", "forces", "victim", "victims", "burglary"),
    *("offender", "offenders", "hmic", "hmicfrs", "peel", "durham"),
)
CATERING = (
    *("food", "hygiene", "hygienic", "restaurant", "restaurants", "café", "cafe", "kitchen"),
    *("kettle", "fsa", "fhrs"),
)
IN_FORCE = re.compile(r"in[ _-]force|inforce")  # a pack is in force between dates


def words_of_regimes(text: str) -> set[str]:
    """The words of some regime that a text has, in names with underscores too."""
    plain = IN_FORCE.sub(" ", text.lower())
    return {*POLICING, *CATERING} & set(re.findall(r"[^\W\d_]+", plain))


def names_of_packs() -> Iterator[str]:
    """The ids of packs, questions, sub-questions, criteria, topics, series and indicators."""
    for folder in sorted((ROOT / "rules").iterdir()):
        if not (folder / "pack.yaml").is_file():
            continue
        pack = load_pack(folder)
        yield folder.name
        for names in (pack.questions, pack.criteria, pack.topics, pack.series, pack.indicators):
            yield from names
        yield from (sub for q in pack.questions.values() for sub in q.sub_questions)


def test_the_check_for_words_of_regimes_sees_them_and_lets_in_force_pass() -> None:
    assert words_of_regimes("of every force") == {"force"}
    assert words_of_regimes("crime_types: tuple") == {"crime"}
    assert words_of_regimes('InForce = Field(alias="in-force")  # in force; enforced') == set()
    assert words_of_regimes("evidence_policy, a policy") == set()


def test_no_code_of_the_engine_names_a_regime() -> None:
    sources = sorted((ROOT / "grading").rglob("*.py"))
    assert len(sources) > 30
    found = {
        path.relative_to(ROOT).as_posix(): words
        for path in sources
        if (words := words_of_regimes(path.read_text("utf-8")))
    }
    assert found == {}


def test_no_code_of_the_engine_names_a_thing_of_a_rule_pack() -> None:
    """Ids of two words or more, as packs write them: single words are anybody's."""
    names = {name for name in names_of_packs() if "-" in name}
    assert QUESTION in names
    found = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in sorted((ROOT / "grading").rglob("*.py"))
        for name in re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", path.read_text("utf-8"))
        if name in names
    }
    assert found == set()
