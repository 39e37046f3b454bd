"""What an editor shows, without an editor: positions, marks, names and the comment that accepts."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from grading.commands.editor_pages import page, said
from grading.policy.editor.accepting import Insertion, accepting
from grading.policy.editor.checked import Mark, Related, check, home_of
from grading.policy.editor.names import Named, name_at, names_of
from grading.policy.editor.positions import Span, column_at, lines_of, span
from grading.policy.lint.accepted import acceptances
from grading.policy.lint.pages import pages, shorts
from grading.problems import CODES, Place, Problem
from grading.source.folder import Folder, in_memory, overlaid, sha256
from tests.lint_packs import BASE

MIB = 1024 * 1024
ENCODINGS = ("utf-8", "utf-16", "utf-32")


def read(name: str) -> str:
    return (BASE / name).read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ("a: b", 1, 4, Span(0, 3, 4)),
        ("a: 😀, b: word", 1, 10, Span(0, 10, 14)),
        ("é: word", 1, 4, Span(0, 3, 7)),
        ("\tkey: word", 1, 7, Span(0, 6, 10)),
        ("one\r\ntwo: 😀😀\r\nthree", 2, 6, Span(1, 5, 9)),
        ("one\r\ntwo: word\r\n", 2, 6, Span(1, 5, 9)),
        ("one\rtwo: word", 2, 6, Span(1, 5, 9)),
        ('x: {a: "😀 b", c: d}', 1, 4, Span(0, 3, 20)),
        ("a\u2028b: c\nd: e", 2, 4, Span(1, 3, 4)),  # ends no line for an editor
        ("short", 1, 9, Span(0, 8, 8)),
        ("short", 7, 2, Span(6, 1, 1)),
        ("", 1, 1, Span(0, 0, 0)),
    ],
)
def test_a_place_is_marked_in_units_of_utf_16(
    text: str, line: int, column: int, expected: Span
) -> None:
    assert span(text, Place("x.yaml", line, column), "utf-16") == expected


def test_the_units_are_those_of_the_encoding() -> None:
    place = Place("x.yaml", 1, 7)
    found = [span("é😀: a wörd😀", place, encoding) for encoding in ENCODINGS]
    assert found == [Span(0, 10, 19), Span(0, 7, 13), Span(0, 6, 11)]


@given(st.text(st.sampled_from("aé😀\t \ud800"), max_size=12), st.sampled_from(ENCODINGS))
def test_a_column_is_found_again_by_its_units(line: str, encoding: str) -> None:
    bom = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-be", 2), "utf-32": ("utf-32-be", 4)}[encoding]
    for column in range(len(line) + 1):
        units = len(line[:column].encode(bom[0], "surrogatepass")) // bom[1]
        assert column_at(line, units, encoding) == column
        wide = column < len(line) and line[column] == "😀" and encoding == "utf-16"
        if wide:  # in the middle of a character is at it
            assert column_at(line, units + 1, encoding) == column
    assert column_at(line, 1000, encoding) == len(line)


def test_lines_end_as_the_protocol_says() -> None:
    assert lines_of("a\r\nb\rc\nd\x0be\x85f\u2028g") == ["a", "b", "c", "d\x0be\x85f\u2028g"]


def test_texts_take_the_place_of_files_or_stand_beside_them() -> None:
    folder = in_memory("here", {"a.yaml": b"a", "b.yaml": b"b"})
    expected = in_memory("here", {"a.yaml": b"a", "b.yaml": "é".encode(), "c.yaml": b""})
    assert overlaid(folder, {"b.yaml": "é", "c.yaml": ""}) == expected


def test_a_text_mends_a_file_that_could_not_be_read() -> None:
    problem = Problem(Place("a.yaml", 1), "E104", "the file is larger than 8 MiB")
    folder = Folder("", ("a.yaml",), {}, {"a.yaml": problem})
    assert overlaid(folder, {"a.yaml": "a"}) == in_memory("", {"a.yaml": b"a"})


def test_texts_are_bounded_as_files_are() -> None:
    folder = in_memory("", {f"{n}.yaml": b" " * (8 * MIB) for n in range(8)})
    found = overlaid(folder, {"0.yaml": " " * (8 * MIB) + "x", "1.yaml": "ok", "9.yaml": "é" * 5})
    assert {name: str(problem) for name, problem in found.unreadable.items()} == {
        "0.yaml": "0.yaml:1:1: E104 the file is larger than 8 MiB (divide it into several files)"
    }
    full = overlaid(folder, {"9.yaml": "x"})
    assert {name: str(problem) for name, problem in full.unreadable.items()} == {
        "9.yaml": "9.yaml:1:1: E144 with this file the folder holds more than 64 MiB "
        "(leave out what is not needed)"
    }
    assert "9.yaml" not in {**full.contents, **full.digests}
    both = overlaid(folder, {"0.yaml": "é", "8.yaml": " " * (8 * MIB - 1)})
    assert list(both.unreadable) == ["8.yaml"]
    assert found.digests["1.yaml"] == sha256(b"ok")


def test_half_a_character_is_told_where_it_stands() -> None:
    marks = check(BASE, {"series.yaml": "series: \ud83d"}, "utf-16").marks_of("series.yaml")
    assert marks == (
        Mark(
            "series.yaml",
            Span(0, 8, 8),
            "error",
            "lint",
            "E105",
            "byte 0xed at byte offset 8 is not UTF-8\nsave the file as UTF-8",
        ),
    )


def test_a_clean_pack_has_nothing_to_show() -> None:
    checked = check(BASE, {}, "utf-16")
    names = {path.relative_to(BASE).as_posix() for path in BASE.rglob("*.yaml")}
    assert checked.marks == ()
    assert checked.files == names


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_what_lint_finds_is_marked_at_level_with_its_remedy(ends: str) -> None:
    text = read("series.yaml").replace("caveats: [counted-by-hand], ", "").replace("\n", ends)
    assert check(BASE, {"series.yaml": text}, "utf-16").marks == (
        Mark(
            "series.yaml",
            Span(1, 2, 17),
            "warning",
            "lint",
            "L601",
            "nothing uses caveat `counted-by-hand`\nuse it, or take it out",
        ),
    )


def test_a_place_that_a_message_names_is_related() -> None:
    text = read("building.yaml").replace("question: building", "question: service", 1)
    again = check(BASE, {"cases/more.yaml": read("cases/all.yaml")}, "utf-16")
    first = again.marks[0]
    assert (first.file, first.code, first.message, first.related) == (
        "cases/more.yaml",
        "E501",
        "two cases have the id `all-good`\nthe first is at cases/all.yaml:2:5",
        (Related("cases/all.yaml", Span(1, 4, 6), "named in the message"),),
    )
    assert {mark.code for mark in check(BASE, {"building.yaml": text}, "utf-16").marks} == {"E301"}


def test_a_file_belongs_to_the_pack_around_it(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    (pack / "cases").mkdir(parents=True)
    (pack / "pack.yaml").write_text("", "utf-8")
    homes = {
        "pack/pack.yaml": pack,
        "pack/new.yaml": pack,
        "pack/cases/new.yaml": pack,
        "pack/other/new.yaml": None,
        "pack/passages.txt": None,
        "new.yaml": None,
    }
    assert {name: home_of(tmp_path / name) for name in homes} == homes


TEXT = "question: service\ncriteria:\n  choice: {topics: [choice, a topic], says: 😀 choice}\n"


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        (0, 0, "question"),
        (0, 8, "question"),
        (0, 9, ""),
        (0, 12, "service"),
        (2, 1, ""),
        (2, 2, "choice"),
        (2, 22, "choice"),
        (2, 30, "a topic"),
        (2, 47, "😀 choice"),
        (9, 0, ""),
    ],
)
def test_a_name_is_a_key_or_value_of_its_own(line: int, column: int, expected: str) -> None:
    assert name_at(TEXT, line, column) == expected


def test_a_name_is_found_before_a_mistake_and_none_in_a_text_with_hidden_characters() -> None:
    assert name_at("a: name\nb: [\n", 0, 4) == "name"
    assert name_at("a: [}\nb: 'name", 1, 5) == ""
    assert name_at("a: name \ud800", 0, 4) == ""


def test_every_name_of_a_pack_says_where_it_is_defined() -> None:
    subject = check(BASE, {}, "utf-16").subject
    assert subject is not None
    names = names_of(subject)
    assert names["choice"] == (
        Named(
            "criterion", "choice", "There is a wide choice of books", Place("service.yaml", 11, 7)
        ),
        Named("topic", "choice", "How wide the choice is", Place("service.yaml", 15, 18)),
    )
    assert {named.kind for every in names.values() for named in every} == {
        *("ladder", "question", "sub-question", "criterion", "topic"),
        *("indicator", "series", "caveat"),
    }
    for name, every in names.items():
        for named in every:
            line = read(named.place.file).splitlines()[named.place.line - 1]
            assert line[named.place.column - 1 :].startswith(name)


def test_pages_and_texts_of_a_pack_are_text_in_markdown() -> None:
    told = Named("topic", "a", "<b>x</b> [y](z) *w*\n# no", Place("x.yaml", 2, 3))
    assert said([told]) == "topic **a**: \\<b\\>x\\</b\\> \\[y\\](z) \\*w\\* \\# no\n\nx.yaml:2:3"
    for code in CODES:
        found, short = pages().get(code), shorts().get(code)
        assert page(code).startswith(
            f"**{code}** ({found.severity}): " if found else f"**{code}**: "
        )
        assert page(code).count("\n```yaml\n") == (2 if found else 0)
        assert found is not None or short is not None


def test_a_page_says_why_how_to_settle_it_and_shows_both_examples() -> None:
    assert page("L601") == (
        "**L601** (warning): something that nothing uses\n\n"
        "What is defined and used nowhere is read as if it counted.\n\n"
        "To settle it: use it, or take it out.\n\n"
        "Bad, in series.yaml:\n\n```yaml\nrole: deciding, bands\n```\n\n"
        "Good:\n\n```yaml\nrole: deciding, caveats: [counted-by-hand], bands\n```"
    )


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("a: 1\n", 0, Insertion(0, "# accepted L109: \n")),
        ("a:\r\n  b: 1\r\n", 1, Insertion(1, "  # accepted L109: \r\n")),
        ("a:\n  b: 1", 1, Insertion(1, "  # accepted L109: \n")),
        ("a: {x: 1,\n    b: 2}\n", 1, Insertion(1, "    # accepted L109: \n")),
        ("a: |\n  text\nb: 1\n", 2, Insertion(2, "# accepted L109: \n")),
        ("a: |\n  text\nb: 1\n", 1, None),  # it would be part of the text
        ("a: {x: long\n  text, b: 2}\n", 1, None),  # it would cut the text in two
        ("a: 'long\n  text'\n", 1, None),
        ("a: [\n", 0, None),
        ("a: 1\n", 5, None),
        ("a: \ud800\n", 0, None),
    ],
)
def test_a_comment_that_accepts_is_written_above_where_it_changes_nothing(
    text: str, line: int, expected: Insertion | None
) -> None:
    assert accepting(text, line, "L109") == expected


@pytest.mark.parametrize("code", ["E201", "L901", "L903", "L999", "all-good"])
def test_what_lint_does_not_let_be_accepted_is_not_offered(code: str) -> None:
    assert accepting("a: 1\n", 0, code) is None


@pytest.mark.parametrize("name", ["building.yaml", "service.yaml", "series.yaml"])
def test_on_every_line_of_a_pack_the_comment_is_read_as_meant(name: str) -> None:
    text = read(name)
    lines = text.splitlines(keepends=True)
    for line, written in enumerate(lines):
        insertion = accepting(text, line, "L109")
        assert (insertion is None) == written.startswith("#"), line
        if insertion is None:
            continue
        changed = "".join([*lines[:line], insertion.text.rstrip() + " why\n", *lines[line:]])
        [found] = acceptances({name: changed})
        assert (found.place.line, found.line, found.because) == (line + 1, line + 2, "why")
        assert yaml.safe_load(changed) == yaml.safe_load(text)
