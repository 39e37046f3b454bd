"""`grading what-if`: whole texts, its JSON, problems with each option, and that nothing is written."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped,unused-ignore]

from grading.commands.common import load
from grading.derive.sources import source
from grading.evidence.changes.changed import Changed
from grading.evidence.changes.dropping import drop
from grading.evidence.records import CarriedForward
from grading.explain.what_if import Otherwise
from grading.explain.what_if import what_if as graded_otherwise
from grading.judge.method import grade, program_of
from grading.problems import CODES, Place
from grading.record.what_if import what_if_schema
from grading.source import parse_yaml
from tests import what_ifs
from tests.test_bad_input import Grading, Told, grading, home, swap

__all__ = ["grading", "home"]

ROOT = Path(__file__).parent.parent
MORE = """records:
  - {id: fw-8, topic: oven-heat, direction: supports, extent: all, method: observation,
     statement: It glowed, heading: Ovens}
"""
METRIC_HEADS = (
    "id,series,body,value,unit,from,to,comparator,status,reason,numerator,denominator,release,"
    "heading,locator,caveats,note\n"
)


@pytest.fixture(scope="module")
def stricter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return what_ifs.stricter(tmp_path_factory.mktemp("packs"))


def written(home: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its bytes and the time at which it was last written."""
    return {
        path.relative_to(home).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in home.rglob("*")
        if path.is_file()
    }


def what_if(grading: Grading, *words: str) -> Told:
    return grading("what-if", "evidence", *words)


def made(grading: Grading, *words: str) -> Any:
    told = what_if(grading, *words, "--format", "json")
    assert told.err == ""
    said = json.loads(told.out)
    Draft202012Validator(what_if_schema()).validate(said)
    return said


# whole texts


@pytest.mark.parametrize("name", what_ifs.CASES)
def test_a_what_if_is_told_as_it_was_read(name: str, stricter: Path) -> None:
    text, code = what_ifs.said(name, stricter)
    assert text == (what_ifs.TEXTS / f"{name}.txt").read_text("utf-8")
    grades = text.split("\n\n")[1]
    open_ = any(line.endswith(")") and "undetermined (" in line for line in grades.splitlines())
    assert code == (4 if open_ else 0)


@pytest.mark.parametrize(
    "name", ["several-at-once", "as-of-before-the-end", "example-withdraw-subjects", "another-pack"]
)
def test_every_record_and_sentence_of_a_text_is_in_the_document(name: str, stricter: Path) -> None:
    text, _ = what_ifs.said(name, stricter)
    made, _ = what_ifs.said(name, stricter, "--format", "json")
    document = json.loads(made)
    Draft202012Validator(what_if_schema()).validate(document)
    for record in set(re.findall(r"\[([a-z0-9-]+)\]", text)):
        assert record in made
    told = text[text.index("Now said of") :]
    said = {
        f"{one['text']} [{one['record']}]" if one["record"] else one["text"]
        for judgment in document["judgments"].values()
        for one in (*judgment["now_said"], *judgment["no_longer_said"])
    }
    for line in told.splitlines():
        if line.startswith("  · ") and not line.startswith("  · … and"):
            assert line.removeprefix("  · ") in said


def test_every_kept_text_is_that_of_a_what_if() -> None:
    assert {path.stem for path in what_ifs.TEXTS.iterdir()} == set(what_ifs.CASES)


def test_every_option_has_a_kept_text_of_a_real_and_of_a_made_up_body() -> None:
    options = {"--drop", "--add", "--correct", "--set", "--as-of", "--pack", "--without-source"}
    for body in (what_ifs.DURHAM, what_ifs.EXAMPLE):
        told = {word for case in what_ifs.CASES.values() if case[0] == body for word in case}
        assert options <= told


# the same in a folder that is changed by hand


def sentences(grading: Grading, folder: Path, target: str) -> list[tuple[str, str | None]]:
    told = grading("explain", str(folder), target, "--format", "json", "--rules", "rules")

    def walk(step: Any) -> Iterator[tuple[str, str | None]]:
        yield step["text"], step["record"]
        for inner in step["because"]:
            yield from walk(inner)

    return list(walk(json.loads(told.out)))


def run(grading: Grading, folder: Path, *words: str) -> Any:
    return json.loads(
        grading("run", str(folder), "--format", "json", "--rules", "rules", *words).out
    )


@pytest.fixture
def durham(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Durham in a folder of its own, beside the rules."""
    shutil.copytree(what_ifs.DURHAM, tmp_path / "durham")
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_grades_and_sentences_are_those_of_the_folder_changed_by_hand(
    durham: Path, grading: Grading
) -> None:
    words = ["what-if", "durham", "--correct", "ic-036.severity=minor", "--drop", "m-028"]
    words += ["--drop", "oc-159", "--format", "json"]
    said = json.loads(grading(*words).out)
    folder = durham / "durham"
    targets = ("investigating-crime", "serious-and-organised-crime", "overall")
    before = {target: sentences(grading, folder, target) for target in targets}
    path = folder / "fieldwork-investigating-crime.yaml"
    head, record = path.read_text("utf-8").split("  - id: ic-036\n")
    record = record.replace("severity: moderate", "severity: minor", 1)
    path.write_text(f"{head}  - id: ic-036\n{record}", "utf-8")
    path = folder / "fieldwork-serious-and-organised-crime.yaml"
    records = path.read_text("utf-8").split("  - id: ")
    path.write_text("  - id: ".join(r for r in records if not r.startswith("oc-159\n")), "utf-8")
    path = folder / "metrics.csv"
    rows = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(row for row in rows if not row.startswith("m-028,")), "utf-8")
    after = {target: sentences(grading, folder, target) for target in targets}
    for target in targets:
        part = said["judgments"][target]
        for key, these, those in (
            ("now_said", after, before),
            ("no_longer_said", before, after),
        ):
            told = [(one["text"], one["record"]) for one in part[key]]
            assert told == list(dict.fromkeys(s for s in these[target] if s not in those[target]))
            assert told
    found = run(grading, durham / "durham")
    assert {q: j["after"] for q, j in said["judgments"].items()} == {
        q: [j["derived"]] for q, j in found["judgments"].items() if j["final"] != "ungraded"
    }
    assert {c: i["after"] for c, i in said["criteria"].items()} == {
        c: i["possible"] for c, i in found["criteria"].items()
    }


@pytest.mark.parametrize("day", ["2016-12-01", "2016-12-31", "2017-06-30"])
def test_another_day_is_graded_as_a_run_as_of_it_is(
    day: str, durham: Path, grading: Grading
) -> None:
    said = json.loads(grading("what-if", "durham", "--as-of", day, "--format", "json").out)
    found = run(grading, durham / "durham", "--as-of", day)
    assert said["after"]["as_of"] == day
    assert said["before"]["as_of"] == "2017-03-31"
    assert {c: i["after"] for c, i in said["criteria"].items()} == {
        c: i["possible"] for c, i in found["criteria"].items()
    }


# the made-up bakery


def test_nothing_is_written_by_any_option(home: Path, grading: Grading) -> None:
    (home / "more.yaml").write_text(MORE, "utf-8")
    (home / "more.csv").write_text(
        METRIC_HEADS + "m-9,loaves-baked,crumb,5,count,,2020-02-29,no,ok,,,,,Loaves,,,\n", "utf-8"
    )
    shutil.copytree(home / "rules/bakery", home / "drafts/bakery")
    before = written(home)
    for words in (
        ("--drop", "fw-1"),
        ("--add", "more.yaml", "--add", "more.csv"),
        ("--correct", "fw-1.extent=some"),
        ("--set", "loaves-a-day=3"),
        ("--set", "heat=falls-short"),
        ("--as-of", "2020-03-31"),
        ("--pack", "drafts/bakery"),
        ("--without-source", "kind=metric"),
        ("--drop", "fw-9"),
        ("--drop", "fw-1", "--format", "json"),
    ):
        told = what_if(grading, *words)
        assert told.code in (0, 2, 4), told
    assert written(home) == before


def test_what_is_otherwise_is_taken_together(home: Path, grading: Grading) -> None:
    (home / "more.yaml").write_text(MORE, "utf-8")
    said = made(
        grading,
        *("--drop", "fw-1", "--add", "more.yaml", "--correct", "m-1.value=9"),
        *("--correct", "m-1.note=counted again", "--set", "share-sold=12.5"),
    )
    assert said["otherwise"] == {
        "says": [
            "[fw-8] had been written as well: “It glowed”",
            "[m-1] had value “9” and not “120”",
            "[m-1] had note “counted again”, where it says none",
            "[fw-1] had never been written: “Each oven was hot”",
            "and nothing mitigated [fw-2], as [fw-1] does",
            "“Share of loaves sold” were 12.5 per cent, where it is 95.5 per cent",
        ],
        "added": [{"record": "fw-8", "place": "more.yaml:2:5"}],
        "corrected": [
            {"record": "m-1", "field": "value", "before": "120", "after": "9"},
            {"record": "m-1", "field": "note", "before": None, "after": "counted again"},
        ],
        "dropped": [{"record": "fw-1", "place": "evidence/fieldwork.yaml:2:5"}],
        "left": [{"name": "fw-2", "dropped": "fw-1", "left": "unmitigated"}],
        "withdrawn": [],
        "values": {"share-sold": "12.5"},
        "outcomes": {},
    }
    assert said["before"]["records"] == said["after"]["records"] == 9
    assert said["judgments"]["bread"]["after"] == ["poor"]  # too few loaves are a concern
    assert said["criteria"]["output"] == {
        "says": "Enough is baked",
        "before": ["meets"],
        "after": ["falls-short"],
        "stands": False,
    }
    figures = {
        name: (f["before"]["value"], f["after"]["value"]) for name, f in said["figures"].items()
    }
    assert figures == {
        "loaves-a-day": ("120", "9"),
        "share-sold": ("95.5", "12.5"),
        "happy-customers": (None, None),
        "hot-ovens": ("1", "1"),
    }


def test_a_dropped_record_leaves_nothing_unknown_and_a_withdrawn_one_does(
    home: Path, grading: Grading
) -> None:
    swap("evidence/fieldwork.yaml", "direction: supports", "direction: contradicts")(home)
    swap("evidence/fieldwork.yaml", "extent: all", "severity: grave")(home)
    dropped = made(grading, "--drop", "fw-1")
    withdrawn = made(grading, "--without-source", "record=fw-1")
    assert dropped["criteria"]["heat"]["after"] == ["meets", "unknown"]
    assert withdrawn["criteria"]["heat"]["after"] == ["falls-short", "meets", "unknown"]
    assert [f["id"] for f in dropped["fallen_findings"]] == ["cause-of-concern-heat"]
    assert [f["id"] for f in withdrawn["unsure_findings"]] == ["cause-of-concern-heat"]
    assert dropped["unsure_findings"] == withdrawn["fallen_findings"] == []


def test_a_weakness_that_others_mitigate_as_well_stays_mitigated(
    home: Path, grading: Grading
) -> None:
    (home / "more.yaml").write_text(MORE, "utf-8")
    words = ["--add", "more.yaml", "--correct", "fw-2.mitigation.records=fw-1;fw-8"]
    left = made(grading, *words, "--drop", "fw-1")["otherwise"]["left"]
    assert left == [{"name": "fw-2", "dropped": "fw-1", "left": "mitigated-by-others"}]
    told = what_if(grading, *words, "--drop", "fw-1")
    assert "and [fw-1] did not mitigate [fw-2], which other records still do\n" in told.out


@pytest.mark.parametrize(
    ("named", "left"), [("[fw-1, m-1]", ("m-1",)), ("[fw-1]", None), ("[m-1]", ("m-1",))]
)
def test_a_mitigation_names_what_is_left_and_goes_with_the_last(
    named: str, left: tuple[str, ...] | None, home: Path
) -> None:
    swap("evidence/fieldwork.yaml", "records: [fw-1]", f"records: {named}")(home)
    evidence, _ = load(Path("evidence"))
    dropped, _ = drop(evidence, ["fw-1"])
    (weakness,) = (p for p in dropped.observations if p.record.id == "fw-2")
    mitigation = weakness.record.mitigation
    assert (mitigation.records if mitigation is not None else None) == left


def test_a_record_of_an_added_file_can_be_dropped_and_corrected(
    home: Path, grading: Grading
) -> None:
    (home / "more.yaml").write_text(MORE, "utf-8")
    said = made(grading, "--add", "more.yaml", "--drop", "fw-8")
    assert said["nothing_changes"] is True
    assert said["otherwise"]["says"] == []
    assert [j["now_said"] for j in said["judgments"].values()] == [[], []]
    said = made(grading, "--add", "more.yaml", "--correct", "fw-8.statement=It was: cold")
    assert said["otherwise"]["says"][0] == "[fw-8] had been written as well: “It was: cold”"


def test_one_sentence_of_another_record_is_another_sentence(home: Path, grading: Grading) -> None:
    (home / "more.yaml").write_text(MORE.replace("It glowed", "Each oven was hot"), "utf-8")
    bread = made(grading, "--drop", "fw-1", "--add", "more.yaml")["judgments"]["bread"]
    same = "Each oven was hot"
    assert {"text": same, "record": "fw-8"} in bread["now_said"]
    assert {"text": same, "record": "fw-1"} in bread["no_longer_said"]


def test_limits_are_told_as_what_they_become(home: Path, grading: Grading) -> None:
    swap("evidence/inspection.yaml", "[oven-heat, loaves]", "[loaves]")(home)
    swap("evidence/fieldwork.yaml", "direction: supports", "direction: neutral")(home)
    swap("evidence/fieldwork.yaml", "    extent: all\n", "")(home)
    heads = "Is the bread good?, at best poor because something was burnt: "
    told = what_if(grading, "--set", "heat=falls-short")
    assert f"{heads}is now sure to bite\n" in told.out
    assert "Findings that are now sure:\n  · Cause of concern about “The oven is hot”" in told.out
    told = what_if(grading, "--set", "heat=meets")
    assert told.code == 0
    assert f"{heads}can no longer bite\n" in told.out
    assert (
        "a person decided “The oven is hot”: meets the standard, where the rules say: " in told.out
    )


def test_a_decided_outcome_brings_its_findings_and_leaves_the_records(
    home: Path, grading: Grading
) -> None:
    said = made(grading, "--set", "heat=falls-short")
    assert said["judgments"]["bread"]["after"] == ["poor"]
    assert [f["id"] for f in said["new_findings"]] == ["cause-of-concern-heat"]
    assert said["otherwise"]["outcomes"] == {"heat": ["falls-short"]}
    assert said["otherwise"]["says"] == [
        "a person decided “The oven is hot”: falls short of the standard, where the rules say:"
        " meets the standard"
    ]
    assert made(grading, "--set", "heat=unknown")["criteria"]["heat"]["after"] == [
        "meets",
        "unknown",
    ]
    assert made(grading, "--set", "heat=")["criteria"]["heat"]["after"] == [
        "conflicted",
        "falls-short",
        "meets",
        "unknown",
    ]
    same = made(grading, "--set", "heat=meets")
    assert same["nothing_changes"] is True
    assert same["otherwise"]["says"][0].endswith("meets the standard, as the rules do")


def test_a_set_indicator_is_told_and_says_where_it_is_asked_for(
    home: Path, grading: Grading
) -> None:
    assert made(grading, "--set", "loaves-a-day=9")["criteria"]["output"]["after"] == [
        "falls-short"
    ]
    unknown = made(grading, "--set", "loaves-a-day=")
    assert unknown["criteria"]["output"]["after"] == ["conflicted", "falls-short", "meets"]
    told = what_if(grading, "--set", "loaves-a-day=130.0")
    assert told.out.split("\n\n", 2)[-1] == (
        "No grade, limit, criterion or finding changes.\n"
        "Figures that change:\n"
        "  · Loaves a day: 120, then 130\n"
        "What it touches:\n"
        "  · “Loaves a day” is asked for in “Enough is baked”: meets the standard, as before.\n"
    )
    assert made(grading, "--set", "share-sold=0.50")["otherwise"]["values"] == {"share-sold": "0.5"}
    told = what_if(grading, "--set", "hot-ovens=4")
    assert told.out.endswith("What it touches:\n  · No rule asks for “Hot ovens seen”.\n")


def test_a_judgment_carried_forward_from_a_dropped_record_is_graded_on_its_evidence(
    home: Path, grading: Grading
) -> None:
    entry = "carried-forward: [{question: bread, record: pv-1}]\nplan:"
    swap("evidence/inspection.yaml", "plan:", entry)(home)
    swap("evidence/previous.yaml", "grade: good", "grade: poor")(home)
    told = what_if(grading, "--drop", "pv-1")
    assert told.out.startswith(
        "Crumb & Sons\n"
        "Bakeries · rule pack bakery 1.0.0 · as of 2020-06-30\n"
        "What if, with nothing written:\n"
        "  · [pv-1] had never been written: “The bread was good”\n"
        "  · and “Is the bread good?” were graded on what evidence there is, and not carried"
        " forward from [pv-1]\n"
        "\n"
        "Is the bread good?: poor, becomes good\n"
        "Is it a good bakery?: poor, becomes good\n"
    )


def test_another_pack_may_ask_other_things_on_another_scale(home: Path, grading: Grading) -> None:
    shutil.copytree(home / "rules/bakery", home / "drafts/bakery")
    swap("drafts/bakery/pack.yaml", "version: 1.0.0", "version: 2.0.0")(home)
    swap(
        "drafts/bakery/pack.yaml",
        "  grades: {good",
        "  grades: {superb: {label: Superb, symbol: S}, good",
    )(home)
    swap("drafts/bakery/pack.yaml", "overall: {title", "# overall: {title")(home)
    swap("drafts/bakery/pack.yaml", "  whole:\n", "  other:\n")(home)
    swap("drafts/bakery/bread.yaml", "      heat:\n", "      warmth:\n")(home)
    swap(
        "drafts/bakery/indicators.yaml", "hot-ovens: {title: Hot ovens seen", "ovens: {title: Ovens"
    )(home)
    told = what_if(grading, "--pack", "drafts/bakery")
    assert told.out == (
        "Crumb & Sons\n"
        "Bakeries · rule pack bakery 1.0.0 · as of 2020-06-30\n"
        "What if, with nothing written:\n"
        "  · it were graded by rule pack bakery 2.0.0 and not bakery 1.0.0\n"
        "\n"
        "The two rule packs have different scales: their grades are not to be compared.\n"
        "Is the bread good?: good, stands\n"
        "Is it a good bakery?: good, becomes not asked\n"
        "\n"
        "Beside the judgment before:\n"
        "  · Is it a good bakery?: no earlier judgment is recorded, then not graded\n"
        "Criteria that change, 2 of 3:\n"
        "  · “The oven is hot”: meets the standard, then not asked\n"
        "  · “The oven is hot”: not asked, then meets the standard\n"
        "Figures that change:\n"
        "  · Hot ovens seen: 1, then not asked\n"
        "  · Ovens: not asked, then 1\n"
        "No longer said of “Is it a good bakery?”:\n"
        "  · “Is it a good bakery?” is graded good.\n"
        "  · Why good, and not poor:\n"
        "  · The one question does not count; none may.\n"
        "  · The rule: Good bread is a good bakery.\n"
        "  · The questions:\n"
        "  · “Is the bread good?” is graded good.\n"
    )
    made(grading, "--pack", "drafts/bakery")


# what counts as a change


def changed_only(home: Path, grading: Grading, *words: str) -> dict[str, Any]:
    """The document of a what-if in which no criterion and no judgment changes."""
    said: dict[str, Any] = made(grading, *words)
    parts = (*said["criteria"].values(), *said["judgments"].values())
    assert all(part["stands"] for part in parts)
    assert said["nothing_changes"] is False
    return said


def test_a_grade_that_stands_by_a_limit_alone_is_a_change(home: Path, grading: Grading) -> None:
    pack = "rules/bakery/pack.yaml"
    many = "{indicator: loaves-a-day, at-least: 100, basis: pack}"
    asked = f"{{all: [{{count: [meets], of: core, all-but: 0}}, {many}]}}"
    swap(pack, "{count: [meets], of: core, all-but: 0}", asked)(home)
    swap(
        pack,
        "when: {findings: cause-of-concern, of: criteria, at-least: 1}",
        "when: {previous: area-for-improvement, status: [unresolved], at-least: 1}",
    )(home)
    swap(pack, "sub-question-ladder: standard", "# no ladder for sub-questions")(home)
    said = changed_only(home, grading, "--set", "loaves-a-day=50")
    assert said["judgments"]["bread"]["provisional"] == {
        "before": ["good"],
        "after": ["poor"],
        "stands": False,
    }
    text = what_if(grading, "--set", "loaves-a-day=50").out
    assert "Before any limit:\n  · Is the bread good?: good, becomes poor\n" in text
    assert "Is the bread good?: poor, stands\n" in text


def test_where_a_sub_question_stands_is_a_change(home: Path, grading: Grading) -> None:
    pack = "rules/bakery/pack.yaml"
    ladder = (
        "ladders:\n"
        "  parts:\n"
        "    basis: pack\n"
        "    says: A part is good with many loaves\n"
        "    rungs:\n"
        "      good: {indicator: loaves-a-day, at-least: 100, basis: pack}\n"
        "      poor: {otherwise: true}\n"
    )
    swap(pack, "ladders:\n", ladder)(home)
    swap(pack, "sub-question-ladder: standard", "sub-question-ladder: parts")(home)
    said = changed_only(home, grading, "--set", "loaves-a-day=50")
    assert said["sub_questions"] == {
        "oven": {"title": "The oven", "before": ["good"], "after": ["poor"], "stands": False}
    }
    text = what_if(grading, "--set", "loaves-a-day=50").out
    assert "Sub-questions that stand elsewhere:\n  · The oven: good, becomes poor\n" in text


@pytest.mark.parametrize("words", [("--drop", "pv-1"), ("--without-source", "record=pv-1")])
def test_how_a_judgment_stands_beside_the_one_before_is_a_change(
    words: tuple[str, str], home: Path, grading: Grading
) -> None:
    said = changed_only(home, grading, *words)
    assert said["judgments"]["bread"]["trend"] == {
        "before": "the same as 2019 (good)",
        "after": "no earlier judgment is recorded",
    }


def test_the_year_of_a_finding_is_a_change(home: Path, grading: Grading) -> None:
    swap("evidence/metrics.csv", "crumb,120,", "crumb,9,")(home)
    said = changed_only(home, grading, "--drop", "pv-2")
    (altered,) = said["altered_findings"]
    assert [altered[side]["first_raised"] for side in ("before", "after")] == [2019, 2020]
    assert [altered[side]["previous"] for side in ("before", "after")] == [["pv-2"], []]
    text = what_if(grading, "--drop", "pv-2").out
    assert (
        "Findings that change:\n"
        "  · Cause of concern about “Enough is baked”; recommendation: Crumb & Sons should bake at all"
        " (first raised in 2019), then not raised before\n"
    ) in text


def test_what_is_supposed_stands_whatever_the_records_are(home: Path, grading: Grading) -> None:
    words = ("--without-source", "record=m-1", "--set", "loaves-a-day=9")
    assert made(grading, *words)["criteria"]["output"]["after"] == ["falls-short"]


def test_a_file_is_left_out_of_a_share_when_it_is_withdrawn() -> None:
    kept = (what_ifs.TEXTS / "example-withdraw-a-file.txt").read_text("utf-8")
    assert "90.74 per cent (95 per cent interval 80 to 96), then 90.57 per cent" in kept


def test_a_body_of_the_table_is_left_out_of_a_rank_when_it_is_dropped_or_withdrawn() -> None:
    data = ROOT / "tests/data"
    evidence, pack = load(
        data / "synthetic-inspection", rules=ROOT / "rules", table=data / "synthetic-43-bodies.csv"
    )
    base = grade(evidence, program_of(pack))
    derived = base.derivation.indicators["charged-band"]
    body = derived.records[-1]  # the first is the inspected body itself
    fewer, _ = drop(evidence, [body])
    for otherwise in (
        Otherwise(Changed(fewer)),
        Otherwise(Changed(evidence), (source(f"record={body}", evidence),)),
    ):
        after = graded_otherwise(base, otherwise).after.derivation.indicators["charged-band"]
        assert body not in after.records
        assert len(after.records) == len(derived.records) - 1


def test_a_score_is_one_that_its_series_can_have(home: Path, grading: Grading) -> None:
    with (home / "rules/bakery/indicators.yaml").open("a") as file:
        file.write("  stars-now: {title: Stars, method: value, series: [stars], unit: score}\n")
    told = what_if(grading, "--set", "stars-now=4")
    assert told.problems == [
        "--set:1:11: E606 4 is no value of the indicator (it is one of 1, 2 or 3)"
    ]
    assert what_if(grading, "--set", "stars-now=3").code == 0


def test_the_places_of_what_is_carried_forward_move_up_with_their_entries(home: Path) -> None:
    text = (
        "carried-forward:\n"
        "  - {question: bread, record: pv-1}\n"
        "  - {question: cake, record: pv-2}\n"
    )
    document, _ = parse_yaml(text, "inspection.yaml")
    evidence, _ = load(Path("evidence"))
    carried = tuple(
        CarriedForward(question=q, record=r) for q, r in (("bread", "pv-1"), ("cake", "pv-2"))
    )
    inspection = evidence.inspection.model_copy(update={"carried_forward": carried})
    left, _ = drop(replace(evidence, inspection=inspection, document=document), ["pv-1"])
    assert left.inspection.carried_forward == carried[1:]
    assert left.document is not None
    assert left.document.place(("carried-forward", 0, "record")) == Place("inspection.yaml", 3, 30)


# problems


BAD: dict[str, tuple[tuple[str, ...], tuple[str, ...], int]] = {
    "an unknown record is dropped": (
        ("--drop", "fw-1", "--drop", "fw-11"),
        ("--drop:2:1: E601 no record has the id `fw-11` (did you mean `fw-1`?)",),
        2,
    ),
    "an unknown record is corrected": (
        ("--correct", "mm-1.value=3"),
        ("--correct:1:1: E601 no record has the id `mm-1` (did you mean `m-1`?)",),
        2,
    ),
    "a correction of nothing": (
        ("--correct", "fw-1"),
        (
            "--correct:1:1: E602 `fw-1` corrects nothing"
            " (write RECORD.FIELD=VALUE, such as ab-001.severity=minor)",
        ),
        2,
    ),
    "a field that is none": (
        ("--correct", "fw-1.sevrity=minor"),
        ("--correct:1:6: E201 unknown key `sevrity` (did you mean `severity`?)",),
        2,
    ),
    "a field that is none, taken away": (
        ("--correct", "fw-1.colour="),
        (
            "--correct:1:6: E201 unknown key `colour` (the keys are `id`, `topic`, `direction`,"
            " `extent`, `maturity`, `effect`, `severity`, `mitigation`, `statement`, `heading`,"
            " `footnote`, `method`, `subjects`, `site`, `date` and `when`)",
        ),
        2,
    ),
    "a part of what has none": (
        ("--correct", "fw-1.topic.name=loaves"),
        ("--correct:1:6: E201 unknown key `name` (`topic` has no parts)",),
        2,
    ),
    "what has parts": (
        ("--correct", "fw-2.mitigation=a holiday"),
        (
            "--correct:1:17: E602 `mitigation` has parts (correct `mitigation.says`,"
            " `mitigation.weight` or `mitigation.records`)",
        ),
        2,
    ),
    "a part of a mitigation that is not there": (
        ("--correct", "fw-2.mitigation.records=fw-7"),
        ("--correct:1:25: E404 unknown record `fw-7` (did you mean `fw-2`?)",),
        2,
    ),
    "half a mitigation": (
        ("--correct", "fw-1.mitigation.weight=fully"),
        ("--correct:1:1: E202 missing key `says` (add it)",),
        2,
    ),
    "a column that is none": (
        ("--correct", "m-1.vaule=3"),
        ("--correct:1:5: E151 unknown column `vaule` (did you mean `value`?)",),
        2,
    ),
    "spaces around a cell": (
        ("--correct", "m-1.note= x"),
        ("--correct:1:10: E157 spaces around `x` (remove them)",),
        2,
    ),
    "a hidden character": (
        ("--correct", "fw-1.statement=a\u202eb"),
        (
            "--correct:1:16: E108 the character U+202E changes the direction of the text around"
            " it (delete it)",
        ),
        2,
    ),
    "a word for a number": (
        ("--correct", "m-1.value=many"),
        ("--correct:1:11: E171 `many` is not a number",),
        2,
    ),
    "a number of a YAML file that is none": (
        ("--correct", "fr-1.files=many"),
        ("--correct:1:12: E203 expected a whole number, found the text `many`",),
        2,
    ),
    "too many digits": (
        ("--correct", "fr-1.files=1234567890123456"),
        ("--correct:1:12: E122 `1234567890123456` is a number of more than 15 digits (round it)",),
        2,
    ),
    "no such date": (
        ("--correct", "fw-1.date=2020-02-30"),
        ("--correct:1:11: E123 there is no date `2020-02-30` (write the date such as 2016-03-31)",),
        2,
    ),
    "a level that the coding does not have": (
        ("--correct", "fw-2.severity=grvae"),
        ("--correct:1:15: E409 unknown level of severity `grvae` (did you mean `grave`?)",),
        2,
    ),
    "a strength with a severity": (
        ("--correct", "fw-1.severity=grave"),
        ("--correct:1:1: E209 only a record that contradicts has a `severity`",),
        2,
    ),
    "what a record cannot be without": (
        ("--correct", "fw-1.topic="),
        ("--correct:1:12: E202 missing key `topic` (add it)",),
        2,
    ),
    "a figure without its value": (
        ("--correct", "m-1.value="),
        ("--correct:1:1: E209 a figure that is `ok` needs a `value`",),
        2,
    ),
    "another unit": (
        ("--correct", "m-1.unit=percent", "--correct", "m-1.value=20"),
        (
            "--correct:1:10: E411 series `loaves-baked` is in `count`, not in `percent`"
            " (correct the unit, or use another series)",
        ),
        2,
    ),
    "the id of a record": (
        ("--correct", "fw-1.id=fw-7"),
        (
            "--correct:1:6: E608 the id of a record cannot be corrected"
            " (drop the record, and add it under its other id)",
        ),
        2,
    ),
    "dropped and corrected": (
        ("--correct", "fw-1.extent=some", "--drop", "fw-1"),
        ("--correct:1:1: E604 `fw-1` is dropped as well as corrected (say one of the two)",),
        2,
    ),
    "corrected twice": (
        ("--correct", "fw-2.mitigation=", "--correct", "fw-2.mitigation.weight=partly"),
        (
            "--correct:2:6: E604 `fw-2.mitigation.weight` is corrected more than once"
            " (say one value)",
        ),
        2,
    ),
    "nothing set": (
        ("--set", "loaves-a-day"),
        (
            "--set:1:1: E602 `loaves-a-day` sets nothing"
            " (write INDICATOR=VALUE or CRITERION=OUTCOME)",
        ),
        2,
    ),
    "an unknown name set": (
        ("--set", "loaves=3"),
        (
            "--set:1:1: E605 the pack has no indicator or criterion `loaves` (did you mean `loaves-a-day`?)",
        ),
        2,
    ),
    "set twice": (
        ("--set", "heat=meets", "--set", "heat=meets"),
        ("--set:2:1: E604 `heat` is set more than once (say one value)",),
        2,
    ),
    "no outcome": (
        ("--set", "heat=meet"),
        ("--set:1:6: E606 `meet` is no outcome that `heat` can have (did you mean `meets`?)",),
        2,
    ),
    "an outcome that no condition gives": (
        ("--set", "heat=exceeds"),
        (
            "--set:1:6: E606 `exceeds` is no outcome that `heat` can have"
            " (it can be `meets`, `falls-short`, `conflicted` or `unknown`)",
        ),
        2,
    ),
    "no number": (
        ("--set", "loaves-a-day=ten"),
        (
            "--set:1:14: E171 `ten` is not a number"
            " (write digits and a point alone, such as 1234.5)",
        ),
        2,
    ),
    "more than all": (
        ("--set", "share-sold=100.5"),
        ("--set:1:12: E606 a share cannot be 100.5 per cent (a share lies between 0 and 100)",),
        2,
    ),
    "below zero": (
        ("--set", "loaves-a-day=-1"),
        ("--set:1:14: E606 it cannot be -1, below zero (leave the sign out)",),
        2,
    ),
    "part of an observation": (
        ("--set", "hot-ovens=1.5"),
        ("--set:1:11: E606 1.5 is not a whole number (write it without a decimal point)",),
        2,
    ),
    "too many decimals": (
        ("--set", "share-sold=0.1234567"),
        (
            "--set:1:12: E606 0.1234567 has more than 6 decimals, to which the indicator is"
            " rounded (round it)",
        ),
        2,
    ),
    "no date": (
        ("--as-of", "soon"),
        ("--as-of:1:1: E173 `soon` is not a date (write it such as 2016-03-31)",),
        2,
    ),
    "no day of the calendar": (
        ("--as-of", "2020-02-30"),
        ("--as-of:1:1: E123 there is no date `2020-02-30` (write the date such as 2016-03-31)",),
        2,
    ),
    "a day before the pack": (
        ("--as-of", "2019-12-31"),
        (
            "--as-of:1:1: E406 the pack `bakery` was not in force on 2019-12-31"
            " (it is in force from 2020-01-01 to 2020-12-31)",
        ),
        2,
    ),
    "a source that is none": (
        ("--without-source", "record=fw-11"),
        ("--without-source:1:1: E609 no record has the record `fw-11` (did you mean `fw-1`?)",),
        2,
    ),
    "a source that was dropped": (
        ("--drop", "fw-2", "--without-source", "method=interview"),
        ("--without-source:1:1: E609 no record has the method `interview` (known: `observation`)",),
        2,
    ),
    "no pack": (
        ("--pack", "rules/bakry"),
        (
            "--pack:1:1: E417 there is no rule pack in `rules/bakry`"
            " (name the folder that has its pack.yaml)",
        ),
        2,
    ),
    "no file": (
        ("--add", "nowhere.yaml"),
        ("nowhere.yaml:1:1: E101 there is no such file (check its name and folder)",),
        3,
    ),
    "a file in no form": (
        ("--add", "more.txt"),
        (
            "more.txt:1:1: E607 records are added from a `.yaml` or a `.csv` file"
            " (write them as in `fieldwork.yaml`, or as rows as in `metrics.csv`)",
        ),
        3,
    ),
    "a table in no form": (
        ("--add", "other.csv"),
        (
            "other.csv:1:1: E607 the columns are those of no table of evidence"
            " (begin with the columns of `metrics.csv`, `surveys.csv` or `file-review.csv`)",
        ),
        3,
    ),
    "a table with semicolons": (
        ("--add", "semi.csv"),
        ("semi.csv:1:1: E160 the cells are separated by semicolons (save the table with commas)",),
        3,
    ),
    "a record that is there": (
        ("--add", "again.yaml"),
        (
            "again.yaml:2:9: E603 there is a record `fw-1` already"
            " (to change it use --correct; it stands at evidence/fieldwork.yaml:2:5)",
        ),
        3,
    ),
    "one file twice": (
        ("--add", "more.yaml", "--add", "more.yaml"),
        ("more.yaml:2:10: E408 two records have the id `fw-8` (the first is at more.yaml:2:10)",),
        3,
    ),
    "an added record that does not fit": (
        ("--add", "bad.yaml"),
        (
            "bad.yaml:2:45: E204 `for` is not one of `supports`, `contradicts` or `neutral`",
            "bad.yaml:2:71: E204 `gossip` is not one of `interview`, `focus-group`,"
            " `observation`, `reality-test`, `document`, `data`, `published-finding` or"
            " `not-stated`",
        ),
        3,
    ),
    "an added record that does not fit the pack": (
        ("--add", "figures.csv"),
        (
            "figures.csv:2:2: E410 unknown series `loaves` (did you mean `loaves-sold`?)",
            "figures.csv:3:4: E421 `value` cannot be -3, below zero"
            " (the unit of a change is `percent-change` or `percentage-points`)",
        ),
        3,
    ),
}
FILES = {
    "more.txt": "none",
    "more.yaml": MORE,
    "other.csv": "id,colour\na,red\n",
    "semi.csv": METRIC_HEADS.replace(",", ";"),
    "again.yaml": "records:\n  - id: fw-1\n    topic: loaves\n    direction: neutral\n"
    "    method: data\n    statement: A\n    heading: B\n",
    "bad.yaml": "records:\n"
    "  - {id: fw-8, topic: oven-heat, direction: for, extent: all, method: gossip,"
    " statement: A, heading: B}\n",
    "figures.csv": METRIC_HEADS
    + "m-8,loaves,crumb,3,count,,2020-02-29,no,ok,,,,,Loaves,,,\n"
    + "m-9,loaves-baked,crumb,-3,count,,2020-02-29,no,ok,,,,,Loaves,,,\n",
}


@pytest.mark.parametrize(("words", "problems", "code"), BAD.values(), ids=BAD)
def test_what_is_wrong_with_an_option_is_told_in_its_place_with_a_remedy(
    words: tuple[str, ...],
    problems: tuple[str, ...],
    code: int,
    home: Path,
    grading: Grading,
) -> None:
    for name, text in FILES.items():
        (home / name).write_text(text, "utf-8")
    told = what_if(grading, *words)
    assert told.problems == list(problems)
    assert (told.code, told.out) == (code, "")


ALL = (
    *("--drop", "fw-11", "--correct", "m-1.vaule=3", "--set", "heat=meet", "--as-of", "soon"),
    *("--without-source", "site=Shop", "--add"),
)


@pytest.mark.parametrize(
    ("file", "told_of_names", "code"), [("again.yaml", True, "E603"), ("bad.yaml", False, "E204")]
)
def test_every_problem_of_every_option_is_told_at_once(
    file: str, told_of_names: bool, code: str, home: Path, grading: Grading
) -> None:
    """But for names that an added file may hold which could not be read."""
    (home / file).write_text(FILES[file], "utf-8")
    told = what_if(grading, *ALL, file)
    expected = {
        ("--as-of", "E173"),
        ("--correct", "E151"),
        ("--set", "E606"),
        (file, code),
    }
    names = {("--drop", "E601"), ("--without-source", "E609")}
    assert {(line.split(":")[0], line.split(": ")[1][:4]) for line in told.problems} == (
        expected | names if told_of_names else expected
    )
    assert told.code == 3
    assert told.err.splitlines()[-1].endswith("problems; nothing was graded")


def test_what_a_correction_names_may_be_in_an_added_file_that_could_not_be_read(
    home: Path, grading: Grading
) -> None:
    (home / "bad.yaml").write_text(FILES["bad.yaml"], "utf-8")
    names = ("--correct", "fw-2.mitigation.records=fw-8")
    assert [line[:26] for line in what_if(grading, *names).problems] == [
        "--correct:1:25: E404 unkno"
    ]
    told = what_if(grading, *names, "--add", "bad.yaml")
    assert {line.split(": ")[1][:4] for line in told.problems} == {"E204"}
    wrong = ("--correct", "fw-1.severity=grave")
    told = what_if(grading, *names, *wrong)
    assert [line.split(": ")[1][:4] for line in told.problems] == ["E404", "E209"]


def test_every_code_of_changes_has_a_case() -> None:
    told = {line.split(": ")[1][:4] for _, problems, _ in BAD.values() for line in problems}
    assert {code for code in CODES if code.startswith("E6")} <= told


def test_a_pack_of_another_framework_is_refused_in_one_line(home: Path, grading: Grading) -> None:
    told = what_if(grading, "--pack", str(ROOT / "rules/food-hygiene"))
    assert told.problems == [
        "--pack:1:1: E405 the pack `food-hygiene` is for framework `food-hygiene-rating-scheme`"
        " (name a pack for `bakery`)"
    ]
    assert told.code == 2


def test_evidence_that_another_pack_does_not_know_is_told_where_it_is_written(
    home: Path, grading: Grading
) -> None:
    shutil.copytree(home / "rules/bakery", home / "drafts/bakery")
    swap("drafts/bakery/bread.yaml", "{oven-heat: How hot", "{heat: How hot")(home)
    swap("drafts/bakery/indicators.yaml", "topics: [oven-heat]", "topics: [heat]")(home)
    told = what_if(grading, "--pack", "drafts/bakery", "--correct", "fw-2.topic=oven-heat")
    assert told.problems == [
        "--correct:1:12: E403 unknown topic `oven-heat` (did you mean `heat`?)",
        "evidence/fieldwork.yaml:3:12: E403 unknown topic `oven-heat` (did you mean `heat`?)",
        "evidence/inspection.yaml:9:35: E403 unknown topic `oven-heat` (did you mean `heat`?)",
    ]
    assert told.code == 3


def test_a_what_if_of_nothing_is_wrong_usage(home: Path, grading: Grading) -> None:
    told = what_if(grading)
    assert (told.code, told.out) == (2, "")
    assert "say what is otherwise: --drop, --add, --correct, --set" in told.err


def test_the_help_says_how_a_dropped_record_differs_from_a_withdrawn_one(
    grading: Grading,
) -> None:
    text = " ".join(grading("what-if", "--help").out.split())
    assert "as never written: unlike one that is withdrawn it leaves nothing unknown" in text
    assert "cannot be relied on, so what they alone showed becomes unknown" in text
