"""What `grading explain` says: read by a person, kept as golden files, and traceable word for word.

The files in `tests/explained` are the output of the commands in their first lines.
"""

from __future__ import annotations

import json
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from click.testing import CliRunner

from grading.__main__ import cli
from grading.commands.common import load
from grading.explain import lacks
from grading.explain.because import Because
from grading.explain.why import Explainer
from grading.judge.method import grade, program_of
from grading.record.document import document
from grading.rules.pack import Kind

ROOT = Path(__file__).parent.parent
GOLDEN = sorted((ROOT / "tests" / "explained").glob("*.txt"))
INSPECTIONS = (
    "evidence/peel-effectiveness-2016/durham",
    "evidence/peel-effectiveness-2016/example-force",
    "evidence/food-hygiene/the-copper-kettle",
)
_ID = re.compile(r"\[([a-z0-9]+(?:-[a-z0-9]+)*(?:, [a-z0-9]+(?:-[a-z0-9]+)*)*)\]")
_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")


@cache
def explainer(folder: str) -> Explainer:
    evidence, pack = load(ROOT / folder)
    return Explainer(grade(evidence, program_of(pack)))


def leaf(folder: str, record: str) -> str:
    """What a record says, in the inspector's words."""
    return explainer(folder).leaves[record].text


@cache
def said(folder: str) -> tuple[Because, ...]:
    """Everything that can be explained, and why not each other grade."""
    x = explainer(folder)
    found = [x.why(target) for target in x.targets()]
    for name, judgment in x.judged().items():
        if judgment.graded:
            found += [x.why_not(name, grade_) for grade_ in x.grading.pack.grades]
    return tuple(found)


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.stem)
def test_the_output_is_the_one_that_was_read(golden: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    command, _, told = golden.read_text("utf-8").partition("\n")
    words = command.removeprefix("$ grading ").split()
    assert CliRunner().invoke(cli, words, standalone_mode=False).output == told


def test_there_are_golden_files_for_each_kind_of_question() -> None:
    commands = [path.read_text("utf-8").partition("\n")[0] for path in GOLDEN]
    assert all(command.startswith("$ grading explain evidence/") for command in commands)
    for asked in ("--why-not", "--flips", "--unknowns", "--robustness", "--base", "--depth"):
        assert any(asked in command for command in commands), asked


def numbers_of(text: str) -> set[str]:
    return {number.replace(",", "").rstrip(".") for number in _NUMBER.findall(text)}


def strings(value: Any) -> list[str]:
    """Every text and number of a document, keys among them."""
    match value:
        case dict():
            return [*value, *(s for part in value.values() for s in strings(part))]
        case list() | tuple():
            return [s for part in value for s in strings(part)]
        case None | bool():
            return []
        case _:
            return [str(value)]


@cache
def traceable(folder: str) -> tuple[frozenset[str], frozenset[str]]:
    """The ids and the numbers of a run's document, without the prose of its rationales."""
    plain = json.loads(document(explainer(folder).grading).model_dump_json())
    for judgment in plain["judgments"].values():
        del judgment["rationale"]
    every = strings(plain)
    return frozenset(every), frozenset(number for s in every for number in numbers_of(s))


@pytest.mark.parametrize("folder", INSPECTIONS)
def test_every_id_and_number_that_is_said_stands_in_the_document_of_the_run(folder: str) -> None:
    known, numbers = traceable(folder)
    for because in said(folder):
        for step in because.walk():
            cited = {name for found in _ID.findall(step.text) for name in found.split(", ")}
            cited |= {step.record} if step.record else set()
            assert cited <= known, step.text
            bare = _ID.sub("", step.text)
            assert numbers_of(bare) <= numbers, (step.text, numbers_of(bare) - numbers)


@pytest.mark.parametrize("folder", INSPECTIONS)
def test_every_step_ends_at_a_record_or_at_a_line_that_somebody_wrote(folder: str) -> None:
    for because in said(folder):
        for step in because.walk():
            if not step.rests_on:
                assert step.record or step.place, step.text
            if step.place is not None:
                assert (ROOT / step.place.file).is_file()


@pytest.mark.parametrize("folder", INSPECTIONS)
def test_no_step_says_the_name_that_a_file_gives_to_a_thing(folder: str) -> None:
    """Names with hyphens are for files and commands; prose has titles and what criteria say."""
    g = explainer(folder).grading
    internal = {*g.pack.criteria, *g.pack.questions, *g.pack.rules, *g.pack.indicators}
    internal |= {*g.sub_questions, *g.findings, *g.pack.grades, "falls-short", "cause-of-concern"}
    written = " ".join(leaf(folder, record) for record in explainer(folder).leaves.ids())
    written += " ".join(c.written.says for c in g.pack.criteria.values())
    internal = {n for n in internal if ("-" in n or "." in n) and n not in written}
    for because in said(folder):
        for step in because.walk():
            words = set(re.findall(r"[\w.-]+", _ID.sub("", step.text)))
            assert not words & internal, step.text


@pytest.mark.parametrize("folder", INSPECTIONS)
def test_no_step_repeats_a_clause_or_denies_twice(folder: str) -> None:
    for because in said(folder):
        for step in because.walk():
            text = step.text
            assert not re.search(
                r"\b(no|not|none|never)\b[^,;:.“”]*\b(unless|no|not|none)\b", text
            ), text
            clauses = [c.strip() for c in re.split(r"[;.] ", text) if len(c.split()) > 5]
            assert len(clauses) == len(set(clauses)), text


@pytest.mark.parametrize("folder", INSPECTIONS[:2])
def test_the_explanation_of_a_question_is_a_page(folder: str) -> None:
    for name, judgment in explainer(folder).grading.judgments.items():
        if judgment.graded:
            told = CliRunner().invoke(
                cli, ["explain", str(ROOT / folder), name], standalone_mode=False
            )
            assert len(told.output.splitlines()) <= 50, name


def test_runs_with_equal_derivations_are_explained_alike(tmp_path: Path) -> None:
    here = explainer(INSPECTIONS[1])
    there = tmp_path / "elsewhere"
    shutil.copytree(ROOT / INSPECTIONS[1], there)
    evidence, pack = load(there, rules=ROOT / "rules")
    other = Explainer(grade(evidence, program_of(pack)))
    assert other.targets() == here.targets()
    for target in here.targets():
        assert texts(other.why(target)) == texts(here.why(target))


def texts(because: Because) -> tuple[Any, ...]:
    """What is said, without the places, which name folders."""
    return because.text, because.record, tuple(map(texts, because.rests_on))


def without(kind: Kind, folder: str = INSPECTIONS[0]) -> Explainer:
    evidence, pack = load(ROOT / folder)
    return Explainer(grade(evidence, program_of(pack), frozenset({kind})))


def test_a_judgment_that_earlier_findings_alone_leave_open_says_that_they_do() -> None:
    told = without("previous").unknowns("investigating-crime")
    assert told == [
        "It is not known whether an earlier cause of concern has not been resolved.",
        "It is not known whether an earlier area for improvement is still open.",
    ]


def test_every_open_judgment_says_what_leaves_it_open() -> None:
    for folder in INSPECTIONS:
        for kind in get_args(Kind):
            found = without(kind, folder)
            for name in found.grading.undetermined:
                assert found.unknowns(name), (folder, kind, name)


def test_a_criterion_whose_figure_is_missing_is_not_said_to_show_nothing() -> None:
    x = without("metric")
    verdicts = x.grading.fired.verdicts
    known = x.grading.fired.facts.concluded
    found = {
        criterion: x.criteria.silence(criterion).text
        for criterion, placed in x.grading.pack.criteria.items()
        if known.issuperset(placed.written.topics)
        and x.grading.fired.facts.outcomes[criterion] != {"meets"}
        and any(
            verdicts[rule.id].settled is None for rule in lacks.tests_of(x.grading.pack, criterion)
        )
    }
    assert found
    assert set(found.values()) == {"It was searched for, and what is known does not decide it."}
