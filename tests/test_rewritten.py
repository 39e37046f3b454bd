"""Rules that say the same in other words: no check finds a fault in them, and they compare as equal."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading.policy.diff.difference import diff
from grading.policy.proof.prove import prove
from grading.rules.load import load_pack
from tests.lint_packs import Edit, edited, linted
from tests.packs import load
from tests.proving import LIBRARY

RULES = Path(__file__).parent.parent / "rules"
FOLDERS = {
    "library": LIBRARY,
    "food": RULES / "food-hygiene",
    "police": RULES / "peel-effectiveness-2016",
}
OF_CASES = {
    "L401",
    "L402",
    "L403",
    "L503",
}  # what no case tries yet, and a library without a history
SAME: dict[str, tuple[str, tuple[Edit, ...]]] = {
    "at-most-15-as-below-20": (
        "food",
        (
            Edit("pack.yaml", "total-score, at-most: 15,", "total-score, below: 20,"),
            Edit("indicators.yaml", "title: The worst single score", "title: The highest score"),
        ),
    ),
    "at-most-as-between": (
        "food",
        (
            Edit(
                "pack.yaml",
                'worst-score, at-most: 10, cite: "How your rating is calculated, highest permitted'
                ' individual score for 4"',
                'worst-score, between: [0, 14], cite: "How your rating is calculated, table"',
            ),
        ),
    ),
    "at-least-two-as-half-of-four": (
        "police",
        (
            Edit(
                "pack.yaml",
                "{judgments: [outstanding], at-least: 2}",
                "{judgments: [outstanding], at-least-share: 0.5}",
            ),
        ),
    ),
    "at-most-none-as-none-of": (
        "police",
        (
            Edit(
                "pack.yaml",
                "- {judgments: [requires-improvement, inadequate], at-most: 0}",
                "- {none: [{judgments: [requires-improvement, inadequate], at-least: 1}]}",
            ),
        ),
    ),
    "parts-in-another-order": (
        "police",
        (
            Edit(
                "pack.yaml",
                "{observed: {extent: all, maturity: embedded}}",
                "{observed: {maturity: embedded, effect: FIRST}}",
            ),
            Edit(
                "pack.yaml",
                "{observed: {maturity: embedded, effect: observed}}",
                "{observed: {extent: all, maturity: embedded}}",
            ),
            Edit("pack.yaml", "effect: FIRST", "effect: observed"),
        ),
    ),
    "other-words": (
        "police",
        (
            Edit(
                "pack.yaml",
                "because: there is a cause of concern on a core criterion",
                "because: a core criterion has a cause of concern",
            ),
            Edit(
                "preventing-crime.yaml",
                "says: The public is satisfied with local policing",
                "says: The public is content with local policing   # a comment",
            ),
        ),
    ),
    "a-label": ("library", (Edit("pack.yaml", "{label: Excellent,", "{label: Outstanding,"),)),
    "met-as-not-below": (
        "library",
        (
            Edit(
                "reading-rooms.yaml",
                "meets: {indicator: opening-hours, at-least: 40, basis: pack}",
                "meets: {none: [{indicator: opening-hours, below: 40, basis: pack}]}",
            ),
        ),
    ),
    "two-counts-as-none-of-both": (
        "library",
        (
            Edit(
                "pack.yaml",
                "- {count: [falls-short, conflicted], of: criteria, at-most: 0}",
                "- none:\n"
                "              - {count: [falls-short], of: criteria, at-least: 1}\n"
                "              - {count: [conflicted], of: criteria, at-least: 1}",
            ),
        ),
    ),
    "a-limit-on-figures-as-none-below": (
        "library",
        (
            Edit(
                "pack.yaml",
                "when: {indicator: complaints, at-least: 20, basis: pack}",
                "when: {none: [{indicator: complaints, below: 20, basis: pack}]}",
            ),
        ),
    ),
    "all-of-two-in-all": (
        "library",
        (
            Edit(
                "pack.yaml",
                "fair: {count: [falls-short], of: core, at-most: 1}",
                "fair: {all: [{count: [falls-short], of: core, at-most: 1}]}",
            ),
        ),
    ),
}


def texts(name: str) -> dict[str, str]:
    """The files of a pack by name, with its cases."""
    folder = FOLDERS[name]
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in folder.rglob("*.yaml")}


@pytest.mark.parametrize("name", SAME)
def test_what_is_said_in_other_words_has_no_fault_and_is_equal(name: str) -> None:
    pack, edits = SAME[name]
    files = edited(edits, texts(pack))
    found = {(p.code, p.message) for p in linted(files).open if p.code not in OF_CASES}
    before = {(p.code, p.message) for p in linted(texts(pack)).open if p.code not in OF_CASES}
    assert found <= before
    after = load({file: text for file, text in files.items() if "/" not in file})
    assert prove(after).failures == ()
    difference = diff(load_pack(FOLDERS[pack]), after)
    judgments = {one.meaning for one in difference.judgments}
    assert judgments | {one.meaning for one in difference.criteria} <= {"equal"}
