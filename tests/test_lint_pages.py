"""The page of every code: its bad example gives exactly that code at that place, its good one nothing."""

from __future__ import annotations

import pytest

from grading.judge import shown
from grading.policy.lint.pages import Page, pages
from grading.policy.lint.registry import CHECKS, UNUSED
from grading.problems import CODES, Problem
from tests.lint_packs import NAME, Edit, base, edited, linted

PAGES = pages()
_MEANING = base()["pack.yaml"].rpartition("meaning: ")[2].partition("}")[0]
_OWN_MEANING = ("L501", "L503")  # they are about what the history holds


def example(code: str, passage: str) -> tuple[dict[str, str], list[Problem]]:
    """The files with one of the page's examples, and what lint finds in them."""
    page = PAGES[code]
    good, passage = (text.replace("MEANING", _MEANING) for text in (page.good, passage))
    edits = [Edit(e.file, e.from_, e.to) for e in page.with_]
    edits.append(Edit(page.file, "" if page.whole else good, passage))
    if page.whole:
        edits[-1] = Edit(page.file, "", passage)
    files = edited(edits)
    return files, list(linted(files, sealed=code not in _OWN_MEANING).open)


def place(page: Page, files: dict[str, str]) -> tuple[str, int, int]:
    """Where what the page marks stands: the first place after its passage begins."""
    name = page.at_file or page.file
    text = files[name]
    passage = 0
    if not (page.whole or page.at_file):
        passage = text.rfind("\n", 0, text.index(page.bad)) + 1
    start = text.index(page.at, passage)
    line = text.count("\n", 0, start) + 1
    return f"{NAME}/{name}", line, start - (text.rfind("\n", 0, start))


@pytest.fixture(autouse=True)
def few_states(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the page on too many states, few are already too many where the example is bad."""
    if request.node.name.endswith("bad_example_gives_exactly_its_code_at_its_place[L113]"):
        monkeypatch.setattr(shown, "MOST_SHOWN", 8)


@pytest.mark.parametrize("code", PAGES)
def test_the_bad_example_gives_exactly_its_code_at_its_place(code: str) -> None:
    page = PAGES[code]
    files, problems = example(code, page.bad)
    own = [p for p in problems if p.code == code]
    assert {p.code for p in problems} == {code, *page.besides}, problems
    first = own[0].place
    assert (first.file, first.line, first.column) == place(page, files), own


@pytest.mark.parametrize("code", [code for code in PAGES if not PAGES[code].whole])
def test_the_good_example_gives_nothing(code: str) -> None:
    assert example(code, PAGES[code].good)[1] == []


def test_every_check_has_a_page_and_every_page_a_check() -> None:
    assert set(PAGES) == {*CHECKS, UNUSED}
    assert set(PAGES) == {code for code in CODES if code.startswith("L")}
