"""The pack against twelve other force-years: published grades beside derived ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from grading.rules.load import load_pack
from tests.calibration.summaries import ENOUGH, FORCES, PACK, Comparison, compare

DIFFERENCES = yaml.safe_load((FORCES.parent / "differences.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def table() -> list[Comparison]:
    """Every question of every force-year with a published grade."""
    return list(compare())


def test_at_least_half_are_exact_and_three_quarters_exact_or_in_a_narrow_interval(
    table: list[Comparison],
) -> None:
    enough = [row.verdict for row in table if row.observations >= ENOUGH]
    assert len(enough) == 20
    exact, interval = enough.count("exact"), enough.count("interval")
    assert 2 * exact >= len(enough)
    assert 4 * (exact + interval) >= 3 * len(enough)


def test_it_holds_of_forces_whose_words_the_table_of_topics_has_not_seen() -> None:
    rows = [row for row in compare(unseen=True) if row.observations >= ENOUGH]
    verdicts = [row.verdict for row in rows]
    exact, interval = verdicts.count("exact"), verdicts.count("interval")
    assert 2 * exact >= len(rows)
    assert 4 * (exact + interval) >= 3 * len(rows)
    assert "far" not in verdicts


def test_no_confident_grade_is_two_rungs_away(table: list[Comparison]) -> None:
    assert [row for row in table if row.verdict == "far"] == []


def test_every_difference_is_explained_and_every_explanation_is_of_a_difference(
    table: list[Comparison],
) -> None:
    differ = {(r.force, r.question): list(r.derived) for r in table if r.verdict != "exact"}
    explained = {
        (force, question): entry["derived"]
        for force, questions in DIFFERENCES.items()
        for question, entry in questions.items()
    }
    assert differ == explained
    assert all(e["because"] for questions in DIFFERENCES.values() for e in questions.values())


def test_no_rule_names_a_body_that_was_inspected() -> None:
    bodies = {json.loads(p.read_text("utf-8"))["force"].lower() for p in FORCES.glob("*.json")}
    rules = [p for p in sorted(PACK.rglob("*.yaml")) if p.name != "series.yaml"]
    text = "\n".join(p.read_text("utf-8") for p in rules).lower()
    assert [body for body in sorted(bodies | {"durham"}) if body in text] == []


def test_series_name_bodies_only_where_the_source_excludes_them() -> None:
    assert "durham" not in (PACK / "series.yaml").read_text("utf-8").lower()


def test_the_pack_loads_without_a_problem() -> None:
    assert load_pack(Path(PACK)).manifest.id == "peel-effectiveness-2016"
