"""The commands as they are typed: exit codes, what stands where, and what a record must say."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped,unused-ignore]

from grading.engine import run as engine_run
from grading.engine.run import Fired
from grading.record.document import schema
from grading.rules.definition import Verdict
from tests.test_bad_input import FIELDWORK, Grading, grading, home, swap

__all__ = ["grading", "home"]

ROOT = Path(__file__).parent.parent
DURHAM = "evidence/peel-effectiveness-2016/durham"
SHIPPED = sorted(
    path.parent.relative_to(ROOT) for path in ROOT.glob("evidence/*/*/inspection.yaml")
)
PLACE = re.compile(r"(.+):([1-9]\d*):([1-9]\d*)")


def values(data: Any, *keys: str) -> Iterator[Any]:
    """Every value of these keys, wherever they stand; of lists, each entry."""
    if isinstance(data, dict):
        for name, part in data.items():
            if name in keys:
                yield from part if isinstance(part, list) else [part]
            yield from values(part, *keys)
    elif isinstance(data, list):
        for part in data:
            yield from values(part, *keys)


@pytest.fixture
def at_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.fixture
def durham(tmp_path: Path) -> Path:
    """A copy of the evidence of Durham that may be changed."""
    shutil.copytree(ROOT / DURHAM, tmp_path / "durham")
    return tmp_path / "durham"


def record(grading: Grading, *words: str) -> Any:
    """The record of a run that gave one."""
    told = grading("run", *words, "--format", "json")
    assert told.code in (0, 4, 7)
    assert told.err == ""
    return json.loads(told.out)


# exit codes


def test_a_grading_pass_that_settles_every_judgment_is_done(home: Path, grading: Grading) -> None:
    told = grading("run", "evidence")
    assert (told.code, told.err) == (0, "")
    assert "Good" in told.out


def test_a_judgment_that_stays_open_has_a_code_of_its_own(home: Path, grading: Grading) -> None:
    told = grading("run", "evidence", "--drop-kind", "fieldwork")
    assert (told.code, told.err) == (4, "")
    assert "Undetermined" in told.out


@pytest.mark.parametrize(
    "words",
    [
        ["run"],
        ["run", "evidence", "more"],
        ["run", "evidence", "--drop-kind", "gossip"],
        ["run", "evidence", "--as-of", "yesterday"],
        ["run", "evidence", "--format", "xml"],
        ["explain", "evidence"],
        ["moderete"],
    ],
    ids=" ".join,
)
def test_wrong_usage_grades_nothing(words: list[str], home: Path, grading: Grading) -> None:
    told = grading(*words)
    assert (told.code, told.out) == (2, "")
    assert told.err != ""


def test_bad_input_grades_nothing(home: Path, grading: Grading) -> None:
    swap(FIELDWORK, "oven-heat", "owen-heat")(home)
    told = grading("run", "evidence", "--out", "record.json", "--format", "json")
    assert (told.code, told.out) == (3, "")
    assert not (home / "record.json").exists()


def test_where_engine_and_definition_differ_nothing_is_graded(
    home: Path, grading: Grading, monkeypatch: pytest.MonkeyPatch
) -> None:
    fire = engine_run.run_engine

    def mistaken(*inputs: Any) -> Fired:
        fired = fire(*inputs)
        wrong = {**fired.verdicts, "heat.meets": Verdict(False)}
        return Fired(wrong, fired.facts, fired.firings)

    monkeypatch.setattr(engine_run, "run_engine", mistaken)
    told = grading("run", "evidence", "--out", "record.json")
    assert (told.code, told.out) == (6, "")
    assert "`heat.meets` is true by definition and false by the engine" in told.err
    assert not (home / "record.json").exists()
    saved = json.loads((home / ".grading-disagreement.json").read_text("utf-8"))
    assert [rule["rule"] for rule in saved["rules"]] == ["heat.meets"]
    assert [found["id"] for found in saved["records"]] == ["fw-1"]


def test_a_file_that_cannot_be_written_is_told(home: Path, grading: Grading) -> None:
    told = grading("run", "evidence", "--out", "nowhere/record.json")
    assert (told.code, told.out) == (7, "")
    assert told.err == "nowhere/record.json: No such file or directory\n"


# --out


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_run_that_is_cut_off_leaves_the_file_as_it_was(
    form: str, home: Path, grading: Grading, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    (home / "record").write_text("the record before", "utf-8")
    before = sorted(home.iterdir())
    monkeypatch.setattr(os, "fsync", full)
    told = grading("run", "evidence", "--format", form, "--out", "record")
    assert (told.code, told.err) == (7, "record: No space left on device\n")
    assert (home / "record").read_text("utf-8") == "the record before"
    assert sorted(home.iterdir()) == before


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_file_holds_what_would_have_been_printed(
    form: str, home: Path, grading: Grading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    told = grading("run", "evidence", "--format", form, "--out", "record")
    assert (told.code, told.out, told.err) == (0, "", "")
    assert (home / "record").read_bytes() == grading(
        "run", "evidence", "--format", form
    ).out.encode("utf-8")
    assert {path.name for path in home.iterdir()} == {"evidence", "rules", "record"}


# --as-of


def test_what_was_not_yet_known_on_the_date_is_not_used(home: Path, grading: Grading) -> None:
    made = record(grading, "evidence", "--as-of", "2020-01-15")
    assert made["as_of"] == "2020-01-15"
    assert made["criteria"]["heat"]["records_for"] == []
    assert made["judgments"]["bread"]["derived"] == "undetermined"
    assert made["indicators"]["loaves-a-day"]["value"] is None
    assert made["indicators"]["loaves-a-day"]["reason"] == "no usable figure by the as-of date"
    assert made["indicators"]["hot-ovens"]["value"] == "0"
    later = record(grading, "evidence")
    assert later["criteria"]["heat"]["records_for"] == ["fw-1"]
    assert later["indicators"]["loaves-a-day"]["value"] == "120"
    assert later["indicators"]["hot-ovens"]["value"] == "1"


def test_a_date_before_the_pack_was_in_force_is_refused(home: Path, grading: Grading) -> None:
    told = grading("run", "evidence", "--as-of", "2019-12-31")
    assert (told.code, told.out) == (3, "")
    assert told.problems == [
        "evidence/inspection.yaml:7:8: E406 the pack `bakery` was not in force on 2019-12-31"
        " (it is in force from 2020-01-01 to 2020-12-31)"
    ]


@pytest.mark.usefixtures("at_root")
def test_no_figure_of_a_later_period_is_used(grading: Grading) -> None:
    with (ROOT / DURHAM / "metrics.csv").open(encoding="utf-8", newline="") as file:
        ends = {row["id"]: row["to"] for row in csv.DictReader(file)}

    def last(*words: str) -> str:
        found = record(grading, DURHAM, *words)["indicators"].values()
        used = [name for part in found if part["value"] is not None for name in part["records"]]
        return max((ends[name] for name in used if name in ends), default="")

    assert last("--as-of", "2015-06-30") <= "2015-06-30" < last()


# explain


@pytest.mark.parametrize(
    ("target", "near"),
    [("bred", "bread"), ("haet", "heat"), ("FW-2", "fw-2"), ("loaves_a_day", "loaves-a-day")],
)
def test_an_unknown_target_is_told_with_the_nearest_one(
    target: str, near: str, home: Path, grading: Grading
) -> None:
    told = grading("explain", "evidence", target)
    assert (told.code, told.out) == (2, "")
    assert f"nothing called `{target}` (did you mean `{near}`?)" in told.err


@pytest.mark.parametrize(
    "target", ["bread", "overall", "oven", "heat", "burnt", "loaves-a-day", "fw-1", "m-1", "pv-2"]
)
def test_whatever_has_a_name_can_be_explained(target: str, home: Path, grading: Grading) -> None:
    told = grading("explain", "evidence", target)
    assert (told.code, told.err) == (0, "")
    plain = json.loads(grading("explain", "evidence", target, "--format", "json").out)
    assert set(plain) == {"text", "record", "place", "because"}
    assert told.out.startswith(plain["text"])


# evidence check


def test_good_evidence_is_counted(home: Path, grading: Grading) -> None:
    told = grading("evidence", "check", "evidence")
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines() == [
        "9 records fit the rule pack bakery 1.0.0:",
        "     2 fieldwork",
        "     1 file-review",
        "     1 survey",
        "     3 metric",
        "     2 previous",
        "",
        "2 comparisons held; open: 0 errors, 0 warnings, 0 for information; 0 answered",
    ]
    plain = json.loads(grading("evidence", "check", "evidence", "--format", "json").out)
    assert {key: plain[key] for key in ("problems", "records", "open", "answered")} == {
        "open": [],
        "answered": [],
        "problems": [],
        "records": {"fieldwork": 2, "file-review": 1, "metric": 3, "survey": 1, "previous": 2},
    }


def test_bad_evidence_is_told_as_text_or_as_json(home: Path, grading: Grading) -> None:
    swap(FIELDWORK, "oven-heat", "owen-heat")(home)
    told = grading("evidence", "check", "evidence")
    assert (told.code, told.out) == (3, "")
    assert told.problems == [
        "evidence/fieldwork.yaml:3:12: E403 unknown topic `owen-heat` (did you mean `oven-heat`?)"
    ]
    plain = grading("evidence", "check", "evidence", "--format", "json")
    assert (plain.code, plain.err) == (3, "")
    assert json.loads(plain.out) == {
        "problems": [
            {
                "file": "evidence/fieldwork.yaml",
                "line": 3,
                "column": 12,
                "code": "E403",
                "message": "unknown topic `owen-heat`",
                "hint": "did you mean `oven-heat`?",
            }
        ]
    }


# the record of a run


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema())


@pytest.mark.usefixtures("at_root")
@pytest.mark.parametrize("dropped", [[], ["fieldwork"], ["metric", "survey", "previous"]], ids=str)
@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_a_record_fits_its_schema(folder: Path, dropped: list[str], grading: Grading) -> None:
    words = [word for kind in dropped for word in ("--drop-kind", kind)]
    Draft202012Validator(schema()).validate(record(grading, str(folder), *words))


@pytest.mark.usefixtures("at_root")
@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_every_place_of_a_record_is_a_line_that_somebody_wrote(
    folder: Path, grading: Grading
) -> None:
    places = {place for place in values(record(grading, str(folder)), "place") if place}
    assert places
    for place in places:
        matched = PLACE.fullmatch(place)
        assert matched
        home = ROOT if matched[1].startswith("rules/") else folder
        lines = (home / matched[1]).read_text("utf-8").splitlines()
        assert int(matched[2]) <= len(lines)
        assert lines[int(matched[2]) - 1].strip()


@pytest.mark.usefixtures("at_root")
@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_every_record_that_a_record_names_is_there(folder: Path, grading: Grading) -> None:
    made = record(grading, str(folder))
    written = "".join(
        path.read_text("utf-8") for path in folder.iterdir() if path.suffix in (".yaml", ".csv")
    )
    known = set(re.findall(r"^(?: *-? +\{?id: |)([a-z0-9-]+)(?=$|,)", written, re.M))
    lists = ("record", "records_for", "records_against", "carried_forward_from")
    named = {name for name in values(made, *lists) if name}
    named |= {name for part in made["indicators"].values() for name in part["records"]}
    named |= {name for part in made["findings"] for name in part["previous"]}
    facts = [fact for part in made["firings"] for fact in part["facts"]]
    named |= {fact.removeprefix("record ") for fact in facts if fact.startswith("record ")}
    assert named
    assert named <= known


@pytest.mark.usefixtures("at_root")
@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_a_step_on_a_record_has_the_place_of_that_record(folder: Path, grading: Grading) -> None:
    def steps(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield step
        for part in step["because"]:
            yield from steps(part)

    for judgment in record(grading, str(folder))["judgments"].values():
        for step in steps(judgment["rationale"]):
            if step["record"] and not str(step["place"]).startswith("rules/"):
                file, line, _ = step["place"].split(":")
                written = (folder / file).read_text("utf-8").splitlines()[int(line) - 1]
                assert re.search(rf"\b{re.escape(step['record'])}\b", written)


@pytest.mark.usefixtures("at_root")
@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_what_firings_rest_on_was_asserted_or_concluded(folder: Path, grading: Grading) -> None:
    made = record(grading, str(folder))
    concluded = {part["concludes"] for part in made["firings"]}
    given = ("always", "record ", "indicator ", "outcome of ", "tally ")
    for part in made["firings"]:
        for fact in part["facts"]:
            absent = fact.endswith(" is false")  # asserted between stages: searched, not found
            assert fact in concluded or fact.startswith(given) or absent


# what decides


@pytest.mark.usefixtures("at_root")
def test_without_fieldwork_no_question_is_graded(grading: Grading) -> None:
    made = record(grading, DURHAM, "--drop-kind", "fieldwork")
    graded = {q: j for q, j in made["judgments"].items() if j["final"] != "ungraded"}
    assert len(graded) == 5
    for judgment in graded.values():
        assert (judgment["derived"], judgment["final"]) == ("undetermined", "undetermined")
        assert judgment["interval"]["worst"] != judgment["interval"]["best"]
        assert set(judgment["interval"]["possible"]) > {judgment["interval"]["best"]}
    assert made["inspection"]["dropped"] == ["fieldwork"]


@pytest.mark.usefixtures("at_root")
def test_a_survey_of_staff_alone_grades_nothing(durham: Path, grading: Grading) -> None:
    header, *rows = (durham / "surveys.csv").read_text("utf-8").splitlines()
    staff = [row for row in rows if row.split(",")[1] == "staff-survey"]
    assert staff
    for path in durham.iterdir():
        if path.name != "inspection.yaml":
            path.unlink()
    (durham / "surveys.csv").write_text("\n".join([header, staff[0], ""]), "utf-8")
    made = record(grading, str(durham), "--rules", str(ROOT / "rules"))
    assert made["inspection"]["records"] == {"survey": 1}
    assert {j["final"] for j in made["judgments"].values()} == {"undetermined", "ungraded"}
    assert made["findings"] == []
    assert list(values(made["firings"], "facts")) == ["always"] * len(made["firings"])
    assert all(part["value"] is None for part in made["indicators"].values())
    assert {part["outcome"] for part in made["criteria"].values()} == {"unknown"}
