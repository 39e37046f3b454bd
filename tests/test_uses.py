"""What records are used in, against a search through every record, rule and figure."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading.commands.reported import subject_of
from grading.explain.causes import causes
from grading.explain.english import quoted
from grading.judge.judgments import Grading
from tests.test_report import KETTLE, MADE_UP

DOES = (
    ("exceeds", True, "speaks for it"),
    ("meets", True, "speaks for it"),
    ("falls-short", True, "speaks against it"),
    ("meets", False, "speaks against it"),
    ("exceeds", False, "keeps it from more"),
)


def searched(grading: Grading, record: str) -> list[str]:
    """What a record does for each criterion, by looking at every rule of it."""
    found = []
    for criterion, placed in grading.pack.criteria.items():
        for name, truth, does in DOES:
            rule = grading.pack.rules.get(f"{criterion}.{name}")
            if (
                rule is not None
                and grading.fired.verdicts[rule.id].settled is truth
                and record in causes(rule.body, grading.fired.facts)
            ):
                found.append(f"{quoted(placed.written.says)}: {does}")
                break
    return found


@pytest.mark.parametrize("folder", [MADE_UP, KETTLE], ids=lambda folder: str(folder.name))
def test_a_record_is_used_in_every_criterion_that_rests_on_it_and_in_no_other(
    folder: Path,
) -> None:
    subject = subject_of(folder)
    for record in subject.explainer.leaves.ids():
        used = [
            f"{step.text[: step.text.index('”') + 1]}: {step.text.rpartition('this record ')[2][:-1]}"
            for step in subject.explainer.uses.of(record)
            if "; this record " in step.text
        ]
        assert used == searched(subject.grading, record)
