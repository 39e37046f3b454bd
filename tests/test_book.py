"""The rule book holds everything that a pack says, as text, in the same bytes each time."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from grading.__main__ import cli
from grading.commands.book_pages import book_html, book_markdown
from grading.explain.asked import asked
from grading.explain.english import capital, quoted
from grading.policy.book.book import Book, book
from grading.policy.book.parts import Link, Passage, Source, ThresholdPart, Tried
from grading.policy.book.passages import headings
from grading.policy.cases import load_cases
from grading.problems import BadInput
from grading.rules.files import PackFiles, read_pack
from grading.rules.load import files_and_pack
from grading.rules.loaded import Pack
from grading.rules.pack import Sourced
from grading.rules.thresholds import steps
from tests.lint_packs import BASE
from tests.test_report import HOSTILE, Reading

ROOT = Path(__file__).parent.parent
FOOD, POLICE = ROOT / "rules/food-hygiene", ROOT / "rules/peel-effectiveness-2016"
PACKS = pytest.mark.parametrize("folder", [FOOD, POLICE, BASE], ids=lambda folder: folder.name)
GOLDEN = Path(__file__).parent / "data/book/food-hygiene.md"


@cache
def loaded(folder: Path) -> tuple[PackFiles, Pack]:
    return files_and_pack(read_pack(folder))


def book_of(folder: Path, listed: tuple[str, ...] | None = None) -> Book:
    files, pack = files_and_pack(read_pack(folder))
    return book(files, pack, load_cases(folder, pack), listed)


@cache
def made(folder: Path) -> Book:
    return book_of(folder)


@cache
def page(folder: Path) -> str:
    return book_html(made(folder))


def told(text: str) -> str:
    """A text with its white space as a reader sees it."""
    return " ".join(text.split())


@cache
def texts(folder: Path) -> tuple[str, str]:
    """What a reader sees of the book as HTML, and of it as Markdown."""
    seen = re.sub(r"\\(.)", r"\1", book_markdown(made(folder)))
    return told("".join(Reading(page(folder)).text)), told(seen)


def lines_of(pack: Pack) -> set[str]:
    """The place of each rule and limiter, as the book names places."""
    places = {rule.place for rule in pack.rules.values()}
    return {f"{place.file.rpartition('/')[2]}:{place.line}" for place in places}


@PACKS
def test_every_rule_is_in_the_book_with_its_place(folder: Path) -> None:
    _, pack = loaded(folder)
    for text in texts(folder):
        assert [place for place in sorted(lines_of(pack)) if place not in text] == []
        for rule in pack.rules.values():
            own = (
                quoted(pack.criteria[rule.owner].written.says)
                if rule.owner in pack.criteria
                else ""
            )
            says = f"{capital(asked(rule.body, pack))}."
            if own and own in says:
                continue  # it is told of `it`, which the tests below look at
            assert told(says) in text, rule.id


@PACKS
def test_every_definition_of_the_pack_is_in_the_book(folder: Path) -> None:
    _, pack = loaded(folder)
    manifest = pack.manifest
    wanted: list[str] = [manifest.title, manifest.source, pack.digest]
    for criterion in pack.criteria.values():
        w = criterion.written
        wanted += [criterion.id, w.says, w.cite, w.improve, w.recommend, *w.topics.values()]
    for limiters in pack.limiters.values():
        wanted += [limiter.written.because for limiter in limiters]
    for ladder in manifest.ladders.values():
        wanted += [ladder.says, ladder.cite or ""]
    for question in pack.questions.values():
        wanted += [question.title, question.cite, question.ungraded or ""]
        for sub in question.sub_questions.values():
            wanted += [sub.title, sub.cite, *sub.topics.values()]
    for series in pack.series.values():
        wanted += [series.title, series.cite, *(b.says for b in series.breaks)]
    wanted += [text for i in pack.indicators.values() for text in (i.title, i.cite or "")]
    wanted += [text for c in pack.caveats.values() for text in (c.says, c.cite)]
    wanted += [text for p in pack.populations.values() for text in (p.title, p.cite)]
    wanted += [bands.cite for bands in pack.bands.values()]
    wanted += [text for c in pack.checks.values() for text in (capital(c.says), c.cite or "")]
    wanted += [manifest.evidence_policy.silence.says, *(h.says for h in manifest.history)]
    for scale in ("extent", "maturity", "effect", "severity") if manifest.coding else ():
        for name, level in getattr(manifest.coding, scale).items():
            wanted += [name, level.means, *level.examples]
    for case in load_cases(folder, pack):
        wanted += [case.id, case.written.because]
    for text in texts(folder):
        assert [want for want in wanted if told(want) not in text] == []


@PACKS
def test_every_threshold_is_in_the_book_once(folder: Path) -> None:
    _, pack = loaded(folder)
    found = Counter(t.place for t in made(folder).thresholds if t.tried or t.untried)
    moved = {step.threshold for step in steps(pack)}
    wanted = Counter(f"{t.place.file.rpartition('/')[2]}:{t.place.line}" for t in moved)
    assert {place: found[place] for place in wanted} == dict(wanted)
    rows = Counter((t.written, t.says, t.place) for t in made(folder).thresholds)
    for text in texts(folder):
        for written, says, place in rows:
            assert [w for w in (written, told(says), place) if w not in text] == []


def test_the_pack_s_own_thresholds_are_marked_and_no_others() -> None:
    police, food = made(POLICE), made(FOOD)
    others = [(t.written, t.source.cite) for t in police.thresholds if not t.source.own]
    concern = "Next steps; a serious, critical or systemic shortcoming"
    area = "Next steps; a practice, policy or performance below the expected standard"
    assert others[:2] == [("severity serious", area), ("severity serious", concern)]
    assert {written.split()[0] for written, _ in others[2:]} == {"minimum", "minimum-per-case-type"}
    assert (police.own, len(police.thresholds)) == (152, 162)
    assert (food.own, len(food.thresholds)) == (0, 10)
    assert page(POLICE).count("own-mark") > 152


def test_a_threshold_says_what_it_asks_where_it_comes_from_and_what_tries_it() -> None:
    first = made(FOOD).thresholds[0]
    assert first == ThresholdPart(
        written="at-most 15",
        says="The total of the three scores is at most 15.",
        more=0,
        source=Source(cite="How your rating is calculated, total score 0 to 15"),
        place="pack.yaml:39",
        tried=("just below", "at", "just above"),
        untried=(),
    )


def test_the_test_of_many_criteria_is_told_once_and_of_it() -> None:
    found = made(POLICE)
    assert [len(c.asks) for t in (*found.tests, *found.findings) for c in t.conditions] == [1] * 6
    (area,) = next(f for f in found.findings if f.id == "area-for-improvement").conditions
    assert area.asks[0].says == (
        "It falls short of the standard or has conflicting evidence and there is no unmitigated"
        " serious or graver weakness."
    )
    criteria = [c for q in found.questions for s in q.sub_questions for c in s.criteria]
    assert [c.id for c in criteria if (c.test is not None) != c.as_test or not c.as_findings] == []
    _, pack = loaded(POLICE)
    assert [c.id for c in criteria] == list(pack.criteria)


def test_a_criterion_has_the_cases_that_expect_something_of_it_and_those_that_give_evidence() -> (
    None
):
    criteria = {c.id: c for q in made(BASE).questions for s in q.sub_questions for c in s.criteria}
    waiting = criteria["waiting"]
    assert waiting.cases[:2] == (
        Tried(
            Link("books-at-90", "case.books-at-90"),
            "it meets the standard",
            "90 is enough to meet the standard",
        ),
        Tried(
            Link("books-at-70", "case.books-at-70"),
            "its rule falls-short fails",
            "70 is not below 70",
        ),
    )
    assert Link("all-good", "case.all-good") in waiting.given
    assert Link("books-at-90", "case.books-at-90") not in waiting.given


@PACKS
def test_everything_that_is_linked_to_is_there_once(folder: Path) -> None:
    read = Reading(page(folder))
    assert [t for t in read.targets if not t.startswith("#") or t[1:] not in read.ids] == []
    assert [name for name, number in Counter(read.ids).items() if number > 1] == []
    text = book_markdown(made(folder))
    there = re.findall(r'<a id="([^"]+)"></a>', text)
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(there)
    assert len(there) == len(set(there))


def test_a_book_has_no_script_and_needs_no_network() -> None:
    read = Reading(page(POLICE))
    assert read.tags.isdisjoint({"script", "img", "link", "iframe"})
    assert "default-src 'none'" in page(POLICE)
    assert "@media print" in page(POLICE)


def hostile_pack(home: Path, word: str) -> Path:
    """The pack of libraries with one text wherever its files take free text."""
    folder = home / "libraries"
    shutil.copytree(BASE, folder)
    keys = "title|says|because|cite|improve|recommend|source|label|means"
    for path in folder.rglob("*.yaml"):
        text = re.sub(
            rf"(?m)^( *(?:- )?(?:{keys}): )(?!\|).*$",
            lambda m: f"{m[1]}{word}",
            path.read_text("utf-8"),
        )
        text = re.sub(r"(means: )[^,{}]+", lambda m: m[1] + word, text)
        path.write_text(text, "utf-8")
    return folder


def test_hostile_text_of_a_pack_appears_as_text(tmp_path: Path) -> None:
    word = "'" + HOSTILE.replace("'", "''") + " [a](javascript:b) *c* | d'"
    hostile = book_of(hostile_pack(tmp_path / "one", word))
    harmless = book_of(hostile_pack(tmp_path / "two", "plain"))
    found, same = Reading(book_html(hostile)), Reading(book_html(harmless))
    assert "".join(found.text).count(HOSTILE[:60]) > 40
    assert found.tags == same.tags
    assert Counter(found.attributes) == Counter(same.attributes)
    assert "<script" not in book_html(hostile)
    text = book_markdown(hostile)
    assert set(re.findall(r"(?<!\\)<[^>\\]*>", text)) == set(
        re.findall(r"(?<!\\)<[^>\\]*>", book_markdown(harmless))
    )
    assert re.findall(r"(?<!\\)\]\(javascript", text) == []
    assert text.count("\n") == book_markdown(harmless).count("\n")


@pytest.mark.parametrize(("seed", "language"), [("1", "C"), ("2", "C.UTF-8")])
@pytest.mark.parametrize(("form", "made_of"), [("html", book_html), ("md", book_markdown)])
def test_a_book_has_the_same_bytes_in_every_process(
    form: str, made_of: Callable[[Book], str], seed: str, language: str, tmp_path: Path
) -> None:
    out = tmp_path / "book"
    settings = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": language, "PYTHONPATH": str(ROOT)}
    words = ["rules", "book", str(BASE), "--format", form, "--out", str(out)]
    subprocess.run(
        [sys.executable, "-m", "grading", *words], check=True, env=settings, cwd=tmp_path
    )
    assert out.read_bytes() == made_of(made(BASE)).encode("utf-8")


def test_the_book_of_food_hygiene_as_markdown_is_the_one_that_was_read() -> None:
    assert book_markdown(book_of(FOOD, ("total score", "appeals"))) == GOLDEN.read_text("utf-8")


def test_passages_that_no_rule_cites_are_listed() -> None:
    listed = headings("Q1\n\n  Annex A,   Population\nQ1\nAnnex A, Figure 1\n...\nQ\nnext STEPS\n")
    assert listed == ("Q1", "Annex A, Population", "Annex A, Figure 1", "Q", "next STEPS")
    found = book_of(POLICE, listed)
    assert found.passages is not None
    assert [(p.heading, p.rules > 0, p.figures > 0) for p in found.passages] == [
        ("Q1", True, True),
        ("Annex A, Population", False, True),
        ("Annex A, Figure 1", False, False),
        ("Q", False, False),
        ("next STEPS", True, False),
    ]
    assert found.uncited == ("Annex A, Figure 1", "Q")
    assert found.figures_alone == ("Annex A, Population",)


def test_a_heading_is_cited_within_one_reference_alone() -> None:
    assert book_of(FOOD, ("hygienically the food",)).passages == (
        Passage("hygienically the food", 0, 1),
    )
    crossing = book_of(POLICE, ("justice figure 4", "Figure 4")).passages
    assert crossing is not None
    assert [p.rules > 0 for p in crossing] == [False, True]


def test_without_a_list_of_passages_the_book_says_so() -> None:
    assert made(FOOD).passages is None
    for text in texts(FOOD):
        assert "No list of the methodology’s passages was given, so this is not known." in text


def test_the_list_of_the_police_pack_has_every_passage_of_its_questions_cited() -> None:
    listed = headings((POLICE / "passages.txt").read_text("utf-8"))
    found = book_of(POLICE, listed)
    assert [h for h in found.uncited if h.startswith("Q")] == []
    _, pack = loaded(POLICE)
    cites = [q.cite for q in pack.questions.values()]
    cites += [s.cite for q in pack.questions.values() for s in q.sub_questions.values()]
    assert len([h for h in listed if h.startswith("Q")]) >= len(set(cites)) - 1


def test_what_is_wrong_with_a_list_of_passages_has_its_place(tmp_path: Path) -> None:
    listed = tmp_path / "passages.txt"
    listed.write_text("Q1\nQ2 \u202e\n", "utf-8")
    words = ["rules", "book", str(FOOD), "--passages", str(listed)]
    result = CliRunner().invoke(cli, words, standalone_mode=False)
    assert isinstance(result.exception, BadInput)
    assert [(p.place.line, p.place.column) for p in result.exception.problems] == [(2, 4)]


def test_a_finding_s_source_is_that_of_the_pack() -> None:
    _, pack = loaded(POLICE)
    for shared in made(POLICE).findings:
        written: Sourced = pack.manifest.findings[shared.id]
        assert shared.source == Source(written.basis == "pack", written.cite or "")
