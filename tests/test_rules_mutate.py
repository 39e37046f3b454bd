"""`grading rules mutate`: what it says, and what of its cases holds where they are pasted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grading.derive.standing import Roles
from grading.policy.cases import PlacedCase
from grading.policy.mutate import Mutations
from grading.policy.noticed import concluded_anew
from grading.rules.facts import Facts
from grading.rules.loaded import Pack
from tests.shipped import FOOD, PEEL, pack_of
from tests.test_bad_input import Grading, grading
from tests.test_mutate import concluded, mutated
from tests.test_rules_test import cases_of

__all__ = ["grading"]


@pytest.fixture
def bakery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the food pack with three of its cases, from where commands run."""
    shutil.copytree(FOOD, tmp_path / "mine")
    monkeypatch.chdir(tmp_path)
    cases = tmp_path / "mine" / "cases" / "ratings.yaml"
    text = cases.read_text("utf-8")
    cases.write_text(text[: text.index("  - id: total-10-worst-10")], "utf-8")
    return tmp_path / "mine"


def test_all_that_no_case_notices_is_told_with_the_cases_that_would(
    grading: Grading, bakery: Path
) -> None:
    told = grading("rules", "mutate", "mine")
    assert told.code == 1
    assert "mine/pack.yaml:43:13: threshold: `at-most: 20` becomes `15`\n    no case" in told.out
    assert told.out.splitlines()[-1] == (
        "food-hygiene 1.0.0: 53 changes, 7 noticed, 40 not, 6 proved to change nothing;"
        " score 14.8 per cent"
    )


def test_pasted_in_the_cases_leave_nothing_unnoticed(grading: Grading, bakery: Path) -> None:
    document = json.loads(grading("rules", "mutate", "mine", "--format", "json").out)
    cases = bakery / "cases" / "ratings.yaml"
    cases.write_text(cases.read_text("utf-8") + "".join(document["cases"]), "utf-8")
    assert grading("rules", "test", "mine").code == 0
    told = grading("rules", "mutate", "mine")
    assert told.code == 0
    assert told.out.splitlines()[-1].endswith(
        "47 noticed, 0 not, 6 proved to change nothing; score 100.0 per cent"
    )


def test_a_score_may_be_asked_for(grading: Grading, bakery: Path) -> None:
    assert grading("rules", "mutate", "mine", "--fail-under", "14.8").code == 0
    assert grading("rules", "mutate", "mine", "--fail-under", "14.9").code == 1
    told = grading("rules", "mutate", "mine", "--fail-under", "most")
    assert told.code == 2
    assert "`most` is not a number" in told.err


def test_nothing_is_changed_while_cases_fail(grading: Grading, bakery: Path) -> None:
    pack = bakery / "pack.yaml"
    text = pack.read_text("utf-8")
    pack.write_text(text.replace("total-score, at-most: 15", "total-score, at-most: 10"), "utf-8")
    told = grading("rules", "mutate", "mine")
    assert (told.code, told.out) == (1, "")
    assert told.err == (
        "mine/cases/ratings.yaml:24:5: total-15-worst-5 fails on the rules as they are\n"
        "nothing was changed: mend the cases first\n"
    )


# What is proved, against inspections: those of all cases, and what becomes of them in part


def variants(facts: Facts) -> Iterator[Facts]:
    """The facts; the same not searched for; in files alone; each record open, or withdrawn."""
    roles = Roles(pack_of(PEEL))
    yield facts
    yield replace(facts, concluded=frozenset())
    for changes in (
        {"standing": roles.of("file-review")},
        {"withdrawn": True},
        {"open": True},
    ):
        records = {
            topic: tuple(replace(record, **changes) for record in some)
            for topic, some in facts.records.items()
        }
        yield replace(facts, records=records)


def test_the_peel_proofs_hold_of_the_inspections_of_all_cases_and_of_parts_of_them() -> None:
    report: Mutations = mutated(PEEL)
    proved = [e.mutant for e in report.equivalent]
    assert {mutant.operator for mutant in proved} == {"role"}
    pack = pack_of(PEEL)
    for case in cases_of("peel-effectiveness-2016")[::5]:
        mine = [concluded(pack, facts) for facts in variants(derived(case, pack))]
        for mutant in proved:
            others = variants(derived(case, mutant.pack))
            assert [concluded(mutant.pack, facts) for facts in others] == mine


def derived(case: PlacedCase, pack: Pack) -> Facts:
    """What the inspection of a case comes to as facts, by what the pack says of kinds of evidence."""
    return concluded_anew(case, pack).derivation.facts
