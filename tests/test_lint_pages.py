"""The page of every code: its bad example gives exactly that code at that place, its good one nothing.

Codes without examples have a short text; every code that the program gives has one or the other.
"""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import grading
from grading.judge import shown
from grading.policy.lint.pages import GROUPS, Page, Stands, grouped, pages, pages_of_checks, shorts
from grading.policy.lint.registry import CHECKS, UNUSED
from grading.problems import CODES, Problem
from tests.lint_packs import NAME, Edit, base, edited, linted
from tests.test_references import EVIDENCE, PACKS, problems_in

PAGES = pages()
ROOT = Path(grading.__file__).parent
_MEANING = base()["pack.yaml"].rpartition("meaning: ")[2].partition("}")[0]
_OWN_MEANING = ("L501", "L503")  # they are about what the history holds
_MANY_FILES = (
    "L403"  # a pack whose cases are those of its example alone has no case for other rules
)
_MANY_VALUES = "E120"  # which of very many values on a line is the first too many is not shown
_NAMED = re.compile(r"(?P<name>\S+)(?: \((?P<remark>.+)\))?")


def example(code: str, passage: str) -> tuple[dict[str, str], list[Problem]]:
    """The files with one of the page's examples, and what is found in them."""
    page = PAGES[code]
    if page.of == "evidence":
        return example_of_evidence(page, passage)
    if not page.file:
        return base(), found_in(code, base(), passage)
    good = page.good.replace("MEANING", _MEANING)
    passage = written(page, passage.replace("MEANING", _MEANING))
    edits = [Edit(e.file, e.from_, e.to) for e in page.with_]
    edits.append(Edit(page.file, "" if page.whole else good, passage))
    files = edited(edits)
    return files, found_in(code, files)


def example_of_evidence(page: Page, passage: str) -> tuple[dict[str, str], list[Problem]]:
    """The same of evidence that is loaded with its pack."""
    good = {path.name: path.read_text("utf-8") for path in (EVIDENCE / "good").iterdir()}
    texts = good
    if page.file:
        edits = [Edit(e.file, e.from_, e.to) for e in page.with_]
        old = "" if page.whole else page.good
        texts = edited([*edits, Edit(page.file, old, written(page, passage))], good)
    with TemporaryDirectory() as around:
        shutil.copytree(PACKS / "good", Path(around, "rules/bakery"))
        folder = Path(around, "evidence")
        folder.mkdir()
        for name, text in texts.items():
            (folder / name).write_text(text, "utf-8")
        if not page.file:
            lay_out(folder, passage)
        return texts, list(problems_in(Path(around)))


def found_in(code: str, files: dict[str, str], names: str | None = None) -> list[Problem]:
    """What lint finds."""

    def beside(folder: Path) -> None:
        if names is not None:
            lay_out(folder, names)

    return list(linted(files, sealed=code not in _OWN_MEANING, beside=beside).open)


def lay_out(folder: Path, names: str) -> None:
    """The folder holds the files that are named, each of the kind that its remark says."""
    named = [_NAMED.fullmatch(line) for line in names.splitlines()]
    wanted = {match["name"]: match["remark"] for match in named if match}
    assert len(wanted) == len(named)
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if wanted.get(path.relative_to(folder).as_posix(), "") is not None:
            path.unlink()
    for name, remark in wanted.items():
        path = folder / name
        match (remark or "").split():
            case ["a", "folder"]:
                path.mkdir()
            case ["a", "link", "to", "itself"]:
                path.symlink_to(path)
            case ["a", "link", *_]:
                path.symlink_to(folder / "deleted.yaml")
            case [size, "MiB"]:
                path.touch()
                with open(path, "r+b") as file:
                    file.truncate(int(size) * 1024 * 1024)
            case []:
                path.touch()
            case _:
                raise AssertionError(f"no file is made that is {remark}")


def written(page: Page, text: str) -> str:
    """The text with what it shows in the place of what cannot be shown; a byte is a surrogate."""
    for stands in page.stands:
        text = text.replace(stands.shown, meant(stands))
    return text


def meant(stands: Stands) -> str:
    """What an example shows by these words."""
    if stands.byte is not None:
        return bytes.fromhex(stands.byte).decode("utf-8", "surrogateescape")
    if stands.character is not None:
        return chr(int(stands.character, 16))
    assert stands.text is not None
    return stands.text * stands.times


def place(page: Page, files: dict[str, str]) -> tuple[str, int, int]:
    """Where what the page marks stands: the first place after its passage begins."""
    home = NAME if page.of == "pack" else "evidence"
    if not page.file:
        return f"{home}/{page.at}", 1, 1
    name = page.at_file or page.file
    text = files[name]
    passage = 0
    if not (page.whole or page.at_file):
        passage = text.rfind("\n", 0, text.index(written(page, page.bad))) + 1
    start = text.index(written(page, page.at), passage)
    line = text.count("\n", 0, start) + 1
    before = text[text.rfind("\n", 0, start) + 1 : start]
    column = before.count(",") if name.endswith(".csv") else len(before)
    return f"{home}/{name}", line, column + 1


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
    file, line, column = place(page, files)
    first = own[0].place
    column = first.column if code == _MANY_VALUES else column
    assert (first.file, first.line, first.column) == (file, line, column), own


@pytest.mark.parametrize("code", [code for code in PAGES if code != _MANY_FILES])
def test_the_good_example_gives_nothing(code: str) -> None:
    assert example(code, PAGES[code].good)[1] == []


@pytest.mark.parametrize("code", [code for code in PAGES if not code.startswith("L")])
def test_an_example_of_several_lines_shows_all_of_them(code: str) -> None:
    page = PAGES[code]
    if page.file and "\n" in page.bad:
        files, _ = example(code, page.bad)
        text, bad = files[page.file], written(page, page.bad)
        assert text.rfind("\n", 0, text.index(bad)) + 1 == text.index(bad)


@pytest.mark.parametrize("code", PAGES)
def test_an_example_shows_what_is_marked(code: str) -> None:
    page = PAGES[code]
    if not code.startswith("L"):  # lint may mark what a change elsewhere makes wrong
        assert page.at_file or page.at in page.bad
        assert page.bad != page.good
    for stands in page.stands:
        assert stands.shown in page.bad
        assert [stands.byte, stands.character, stands.text].count(None) == 2


def test_every_check_has_a_page_and_every_page_a_check() -> None:
    assert set(pages_of_checks()) == {*CHECKS, UNUSED}
    assert set(pages_of_checks()) == {code for code in CODES if code.startswith("L")}


def given(paths: Iterator[Path]) -> set[str]:
    """The codes that modules write where they give problems: all but those of the list of codes."""
    found: set[str] = set()
    for path in paths:
        tree = ast.parse(path.read_text("utf-8"))
        lists = [
            node.value
            for node in tree.body
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) in ("CODES", "GROUPS")
        ]
        skipped = {inner for node in lists if node for inner in ast.walk(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words = node.value.split()  # some checks are listed with the two codes they give
                if node not in skipped and all(re.fullmatch("[A-Z][0-9]{3}", w) for w in words):
                    found |= set(words)
    return found


def test_every_code_that_the_program_gives_is_told_of_and_no_other() -> None:
    assert given(ROOT.rglob("*.py")) == set(CODES)
    assert {*PAGES, *shorts()} == set(CODES)
    assert set(PAGES) & set(shorts()) == set()


ABOUT_TABLES = {"lines.py", "cut.py", "cells.py"}
NOT_OF_A_PACK = {
    "E210",  # no key of a rule file asks for so many places or for a multiple
    "E443",  # more problems than are told
}
OF_CASES = {"E403", "E407", "E409", "E410", "E412", "E413", "E415", "E416", "E421"}
"""What the records that a case stands for can get wrong; other problems of records it cannot have."""


def test_every_code_that_is_told_of_a_pack_and_its_cases_has_examples() -> None:
    rooms = [
        *(path for path in (ROOT / "source").glob("*.py") if path.name not in ABOUT_TABLES),
        *(ROOT / "rules").glob("*.py"),
        *(ROOT / "policy").rglob("*.py"),
        ROOT / "engine/compile.py",
    ]
    of_packs = {*given(iter(rooms)), *OF_CASES} - NOT_OF_A_PACK
    assert of_packs == {code for code, page in PAGES.items() if page.of == "pack"}


def test_every_code_is_in_one_group() -> None:
    listed = [code for _, codes in grouped() for code in codes]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(CODES)
    for (_, first, last), (_, codes) in zip(GROUPS, grouped(), strict=True):
        assert (codes[0], codes[-1]) == (first, last)


@pytest.mark.parametrize("code", [*PAGES, *shorts()])
def test_what_is_said_is_short_plain_sentences(code: str) -> None:
    said = PAGES.get(code) or shorts()[code]
    assert code.startswith("L") or code in shorts() or said.what
    for text in filter(None, (said.what, said.why, said.settle)):
        assert text.rstrip().endswith((".", "…"))
        assert not re.search(r"\b(pydantic|PyYAML|Python|durable)\b", text)
        for sentence in re.split(r"(?<=[.:;]) ", text):
            assert len(sentence.split()) <= 35, sentence
