"""Every broken pack of libraries: what lint says of it, to the letter, as somebody has read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading.commands.lint_formats import text
from tests.lint_broken import BROKEN, UNSEALED
from tests.lint_packs import base, edited, linted

EXPECTED = Path(__file__).parent / "lint" / "expected"


def said(name: str) -> str:
    """What lint says of a broken pack."""
    return text(linted(edited(BROKEN[name]), sealed=name not in UNSEALED)) + "\n"


@pytest.mark.parametrize("name", BROKEN)
def test_lint_says_of_a_broken_pack_what_is_expected(name: str) -> None:
    assert said(name) == (EXPECTED / f"{name}.txt").read_text("utf-8")


def test_nothing_else_is_expected() -> None:
    assert {path.stem for path in EXPECTED.iterdir()} == set(BROKEN)


def test_the_pack_that_is_broken_has_nothing_wrong() -> None:
    assert text(linted(base(), sealed=False)) == "libraries 1.1.0: 34 checks, 0 errors, 0 warnings"
