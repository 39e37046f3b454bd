"""The rule book: every rule, source, case and version of a pack, and which passages no rule covers."""

from __future__ import annotations

import shutil
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from grading.explain.asked import asked
from grading.explain.english import capital
from grading.policy.cases import load_cases
from grading.report.book import sources, uncovered
from grading.rules.load import load_pack
from tests.lint_packs import BASE
from tests.test_bad_input import Grading, grading

__all__ = ["grading"]

RULES = Path(__file__).parent.parent / "rules"
FOLDERS = [BASE, *sorted(path.parent for path in RULES.glob("*/pack.yaml"))]


class Reader(HTMLParser):
    """The text of a page, and whatever it would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.fetched: list[str] = []

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.fetched += [
            v for k in ("src", "href") if (v := named.get(k)) and not v.startswith("#")
        ]


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_book_has_every_rule_criterion_case_and_version(folder: Path, grading: Grading) -> None:
    pack = load_pack(folder)
    told = grading("rules", "book", str(folder))
    assert (told.code, told.err) == (0, "")
    page = read(told.out)
    text = " ".join("".join(page.text).split())
    assert page.fetched == []
    wanted = [f"{capital(asked(rule.body, pack))}." for rule in pack.rules.values()]
    wanted += [criterion.written.says for criterion in pack.criteria.values()]
    wanted += [case.written.because for case in load_cases(folder, pack)]
    wanted += [change.says for change in pack.manifest.history]
    assert [said for said in wanted if " ".join(unescape(said).split()) not in text] == []


def test_markdown_says_the_same(grading: Grading, tmp_path: Path) -> None:
    out = tmp_path / "book.md"
    told = grading("rules", "book", str(BASE), "--format", "md", "--out", str(out))
    assert (told.code, told.out) == (0, "")
    text = out.read_text("utf-8")
    assert text.startswith("# Rule book: Public libraries 1.1.0\n")
    for line in (
        "\\+ Good, o Fair, \\- Poor.",
        "- Everyone can get in (core); Guide, part 2.1",
        "- metric: deciding",
        "- books\\-at\\-70: 70 is not below 70 (all.yaml:14)",
        "- 1.1.0, 2020\\-06\\-01: Waiting is judged",
    ):
        assert line.replace("\\-", "-") in text.replace("\\-", "-"), line


def test_what_a_pack_says_is_text_in_the_book(grading: Grading, tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path / "pack")
    path = tmp_path / "pack/service.yaml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("Readers are advised", "<b>Readers</b> & co. are advised"), "utf-8"
    )
    page = grading("rules", "book", str(tmp_path / "pack")).out
    assert "&lt;b&gt;Readers&lt;/b&gt; &amp; co. are advised" in page
    assert "<b>Readers</b>" not in page


def test_the_book_names_the_passages_that_no_rule_covers(grading: Grading, tmp_path: Path) -> None:
    passages = tmp_path / "passages.txt"
    passages.write_text("Guide, part 1.1\n\nGuide, part 3\nGuide, part\n", "utf-8")
    told = grading("rules", "book", str(BASE), "--format", "md", "--passages", str(passages))
    start = told.out.index("## Passages that no rule covers")
    assert told.out[start:].split("\n\n")[1:3] == ["1 of 3.", "- Guide, part 3"]


@pytest.mark.parametrize(
    ("passage", "cited", "is_open"),
    [
        ("Q2, allocation", ["Q2, allocation; Annex A, Review"], False),
        ("annex a", ["Q2, allocation; Annex A, Review"], False),
        ("Q2, alloc", ["Q2, allocation"], True),
        ("Q1", ["Q10, text", "Q2"], True),
        ("Q1", [""], True),
    ],
)
def test_a_passage_is_covered_where_a_source_names_it_or_a_part_of_it(
    passage: str, cited: list[str], is_open: bool
) -> None:
    assert uncovered([passage], cited) == ((passage,) if is_open else ())


def test_sources_are_those_of_every_part_of_a_pack() -> None:
    found = set(sources(load_pack(BASE)))
    assert {"Guide, part 1", "Guide, part 1.3", "Guide, table 1", "Guide, table 3"} <= found
    assert "Guide, notes" in found


def test_the_same_pack_gives_the_same_book(grading: Grading) -> None:
    first, second = (grading("rules", "book", str(BASE)).out for _ in range(2))
    assert first == second
