"""The synthetic inspection: what it shows, and that everything said of it says that it is made up."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grading.__main__ import cli
from grading.commands.common import Exit, load
from grading.explain.why import Explainer
from grading.judge.judgments import Grading
from grading.judge.method import grade, program_of
from grading.record.document import document
from grading.record.parts import canonical

ROOT = Path(__file__).parent.parent
FOLDER = "evidence/peel-effectiveness-2016/example-force"
DURHAM = "evidence/peel-effectiveness-2016/durham"
MADE_UP = "SYNTHETIC: Westmarch Police (fictional) is made up, no real body"


@pytest.fixture(autouse=True)
def at_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@cache
def graded(folder: str = FOLDER) -> Grading:
    evidence, pack = load(ROOT / folder)
    return grade(evidence, program_of(pack))


@cache
def made() -> Any:
    return json.loads(canonical(document(graded())))


def steps(target: str) -> list[str]:
    return [step.text for step in Explainer(graded()).why(target).walk()]


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# what it shows


def test_its_grades_are_these_and_each_differs_from_the_other_inspection() -> None:
    own = {q: j.given for q, j in graded().judgments.items()}
    assert own == {
        "preventing-crime": "good",
        "investigating-crime": "requires-improvement",
        "protecting-vulnerable-people": "requires-improvement",
        "serious-and-organised-crime": "good",
        "specialist-capabilities": "ungraded",
        "overall": "requires-improvement",
    }
    assert {q: j.settled for q, j in graded().judgments.items() if j.settled} == {
        "preventing-crime": "requires-improvement"
    }
    other = {q: j.final for q, j in graded(DURHAM).judgments.items()}
    same = {q for q in own if own[q] == other[q]}
    assert same == {"specialist-capabilities"}


def test_one_criterion_is_conflicted_and_holds_its_question() -> None:
    outcomes = graded().fired.facts.outcomes
    assert [c for c, o in outcomes.items() if o == {"conflicted"}] == ["initial-investigation"]
    bites = {x.limiter.id for x in graded().judgments["investigating-crime"].limiters if x.bites}
    assert bites == {"conflict", "repeat-area"}


def test_one_cause_of_concern_limits_its_question_and_recommends() -> None:
    concerns = [f for f in graded().findings.values() if f.kind == "cause-of-concern"]
    assert [(f.criterion, bool(f.recommendation)) for f in concerns] == [
        ("response-to-vulnerable", True)
    ]
    judgment = graded().judgments["protecting-vulnerable-people"]
    assert (judgment.provisional, judgment.derived) == (("good",), ("requires-improvement",))


def test_a_survey_alone_is_withheld() -> None:
    assert [(part["rule"], part["kinds"]) for part in made()["withheld"]] == [
        ("public-confidence.meets", ["survey"])
    ]
    assert (
        "Withheld: that it meets the standard would rest on the survey alone, which the rules do not"
        " allow as the sole basis."
    ) in steps("public-confidence")


def test_a_missing_figure_leaves_open_what_it_could_have_shown() -> None:
    absent = {n: i["reason"] for n, i in made()["indicators"].items() if i["value"] is None}
    reason = "the system does not tell these disclosures from others"
    assert absent["right-to-know-to-england-and-wales"] == reason
    assert made()["criteria"]["protective-powers"]["possible"] == ["exceeds", "meets"]
    assert any(text.endswith(f"missing ({reason})") for text in steps("protective-powers"))


def test_a_mitigated_weakness_is_said_and_costs_nothing() -> None:
    assert graded().fired.facts.outcomes["neighbourhood-policing"] == {"meets"}
    said = steps("neighbourhood-policing")
    assert "Fully mitigated: a relief rota has given the hours back since June [pc-009]" in said


def test_a_question_that_was_not_inspected_is_carried_forward() -> None:
    part = made()["judgments"]["serious-and-organised-crime"]
    assert (part["final"], part["carried_forward_from"]) == ("good", "pv-004")
    assert part["rationale"]["text"].endswith("carried forward: it was not inspected this time.")


def test_sixty_files_and_some_fifty_observations_cover_every_question() -> None:
    assert made()["inspection"]["records"] == {
        "fieldwork": 53,
        "file-review": 180,
        "metric": 10,
        "previous": 6,
        "survey": 3,
    }
    reviewed = rows("file-review.csv")
    assert len({row["file"] for row in reviewed}) == 60
    assert len([row for row in reviewed if row["second-answer"]]) == 60
    pack = graded().pack
    about = {pack.topics[o.record.topic] for o in graded().evidence.observations}
    assert {pack.criteria[c].question for c in about if c is not None} == set(pack.questions)


# its samples, counted again from the rows as a spreadsheet would


@pytest.mark.parametrize(
    ("indicator", "topic", "value", "low", "high"),
    [
        ("files-with-risk-recorded", "call-assessment", "90.74", "80", "96"),
        ("files-allocated-rightly", "allocation", "82.76", "71", "90.4"),
        ("files-investigated-effectively", "investigation-quality", "64.29", "51.1", "75.6"),
    ],
)
def test_its_shares_are_those_of_its_rows(
    indicator: str, topic: str, value: str, low: str, high: str
) -> None:
    answers = [row["answer"] for row in rows("file-review.csv") if row["criterion"] == topic]
    part = made()["indicators"][indicator]
    assert (part["value"], part["interval"]) == (value, {"low": low, "high": high})
    whole = part["sample"]["whole"]
    assert {a: whole[a] for a in ("yes", "no", "na", "unclear")} == {
        a: answers.count(a) for a in ("yes", "no", "na", "unclear")
    }
    by_type = part["sample"]["case_types"]
    assert sum(t[a] for t in by_type.values() for a in ("yes", "no", "na", "unclear")) == 60
    assert part["cautions"] == [
        "random sampling is not stated for 2 of 60 files, so the interval may mislead"
    ]


@pytest.mark.parametrize("indicator", ["files-with-risk-recorded", "files-allocated-rightly"])
def test_that_a_threshold_lies_inside_an_interval_stands_in_the_record(indicator: str) -> None:
    title = made()["indicators"][indicator]["title"]
    told = json.dumps(made()["judgments"]["investigating-crime"]["rationale"])
    assert f"{title}: the threshold of 90 per cent lies inside the 95 per cent interval" in told


def test_a_survey_at_its_threshold_is_said_to_be_so() -> None:
    assert (
        "Public very or fairly satisfied with local policing: the threshold of 50 per cent lies"
        " inside the 95 per cent interval 49.4 to 55.4 per cent, so the sample does not settle it;"
        " 52.4 per cent as found decides."
    ) in steps("public-confidence")


def test_a_file_that_was_answered_yes_knows_the_share_it_counts_in() -> None:
    said = steps("fr-002")
    assert said[0] == "File wm-1400 (robbery), allocation: yes."
    assert any(text.startswith("Reviewed files allocated to someone") for text in said)


def test_a_grade_was_changed_twice_and_two_things_are_disputed() -> None:
    found = graded()
    assert [(m.decided.written.id, m.status) for m in found.moderation] == [
        ("mo-001", "superseded"),
        ("mo-002", "stands"),
    ]
    assert [(c.decided.written.id, c.status) for c in found.challenges] == [
        ("ch-001", "answered"),
        ("ch-002", "open"),
    ]
    assert steps("preventing-crime")[:2] == [
        "Preventing crime and tackling anti-social behaviour is graded requires improvement,"
        " changed from good [mo-002].",
        "By the rules it is good. Panel member 1 (fictional), chair of the moderation panel, changed"
        " it from good to requires improvement on 2017-03-06, until 2017-12-31: “The panel weighs"
        " the advice that victims of burglary do not get more than the rules do” [mo-002].",
    ]


# it is made up, and everything says so


def test_every_file_says_that_it_is_synthetic() -> None:
    files = sorted((ROOT / FOLDER).iterdir())
    assert len(files) == 12
    for path in files:
        if path.suffix == ".yaml":
            assert path.read_text("utf-8").startswith("# SYNTHETIC: Westmarch Police is fictional")
        else:
            assert all(row["note"].startswith("synthetic") for row in rows(path.name)), path.name


@pytest.mark.parametrize(
    "words",
    [
        ["run", FOLDER],
        ["evidence", "check", FOLDER],
        *(
            ["explain", FOLDER, target]
            for target in ("overall", "allocation", "files-allocated-rightly", "fr-001", "pc-001")
        ),
    ],
    ids=" ".join,
)
def test_every_output_says_so_first(words: list[str]) -> None:
    ran = CliRunner().invoke(cli, words, standalone_mode=False, env={"COLUMNS": "100"})
    assert ran.return_value in (Exit.DONE, Exit.PROBLEMS_FOUND)
    first = ran.output.splitlines()[0]
    assert first.startswith("SYNTHETIC") or "(SYNTHETIC: made up, no real body)" in first
    plain = CliRunner().invoke(cli, [*words, "--format", "json"], standalone_mode=False)
    data = json.loads(plain.output)
    assert data.get("synthetic", data.get("inspection", {}).get("synthetic")) is True


def test_a_real_inspection_is_not_called_synthetic() -> None:
    for words in (["explain", DURHAM, "overall"], ["evidence", "check", DURHAM]):
        ran = CliRunner().invoke(cli, words, standalone_mode=False)
        assert "SYNTHETIC" not in ran.output
        plain = CliRunner().invoke(cli, [*words, "--format", "json"], standalone_mode=False)
        assert "synthetic" not in json.loads(plain.output)


def test_explain_heads_its_text_with_it() -> None:
    ran = CliRunner().invoke(cli, ["explain", FOLDER, "overall"], standalone_mode=False)
    assert ran.output.splitlines()[0] == MADE_UP
