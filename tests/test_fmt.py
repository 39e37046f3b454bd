"""Rule files laid out alike: every comment stays, and no file comes to say anything else."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from grading.policy import formatting
from grading.policy.formatting import Formatted, comments, formatted
from grading.policy.laid_out import laid_out
from grading.problems import BadInput
from grading.source import parse_yaml
from grading.source.text import LARGEST_FILE
from grading.source.tokens import tokens
from tests.packs import pack_files
from tests.test_bad_input import Grading, grading, home

__all__ = ["grading", "home"]

ROOT = Path(__file__).parent.parent
SHIPPED = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for path in sorted((ROOT / "rules").rglob("*.yaml"))
}
PARSERS = [yaml.CSafeLoader, yaml.SafeLoader]
EXAMPLES = {
    "spaces before a colon and after the signs": ("a :   1\nb:  [1]\n", "a: 1\nb: [1]\n"),
    "inside brackets": (
        "a: { b : 1,c:   [ 1,2 ,3 , ], d: { }, e: [ ] }\n",
        "a: {b: 1, c: [1, 2, 3,], d: {}, e: []}\n",
    ),
    "a value that is left empty keeps its space": ("{a: , b: }\n", "{a: , b: }\n"),
    "a colon beside a quote": ('{"a":1,"b":"c"}\n', '{"a": 1, "b": "c"}\n'),
    "spaces at the end of lines": ("a: 1  \n# c  \nb: 2 \n", "a: 1\n# c\nb: 2\n"),
    "line ends": ("a: 1\r\nb: 2\rc: 3\r\n", "a: 1\nb: 2\nc: 3\n"),
    "no line end": ("a: 1", "a: 1\n"),
    "line ends too many": ("a: 1\n\n  \n", "a: 1\n"),
    "empty lines": ("\n\na: 1\n\n\n \nb: 2\n\nc: 3\n", "a: 1\n\nb: 2\n\nc: 3\n"),
    "empty lines around comments": (
        "\n\n# c\n\n\na: 1\n\n\n# d\n# e\nb: 2\n\n\n# f\n\n",
        "# c\n\na: 1\n\n# d\n# e\nb: 2\n\n# f\n",
    ),
    "levels": (
        "a:\n    b:\n        c: 1\n    d: 2\ne:\n f: 3\n",
        "a:\n  b:\n    c: 1\n  d: 2\ne:\n  f: 3\n",
    ),
    "a file that is indented as a whole": ("  a: 1\n  b:\n    c: 2\n", "a: 1\nb:\n  c: 2\n"),
    "a list no deeper than its key": (
        "a:\n- b: 1\n  c: 2\n- 3\nd:\n-\n",
        "a:\n  - b: 1\n    c: 2\n  - 3\nd:\n  -\n",
    ),
    "a list no deeper than its key at the end of a mapping": (
        "a:\n  b:\n  - 1\nc: 2\n",
        "a:\n  b:\n    - 1\nc: 2\n",
    ),
    "comments in and after a list no deeper than its key": (
        "a:\n# b\n- c\n# d\n- e\n# f\ng: 1\n",
        "a:\n  # b\n  - c\n  # d\n  - e\n# f\ng: 1\n",
    ),
    "a text over lines that moves to the right": (
        'a:\n- "b\n\n  c"\n',
        'a:\n  - "b\n\n    c"\n',
    ),
    "a list at the top": (
        "-   a: 1\n    b: 2\n-   - 3\n    - 4\n",
        "- a: 1\n  b: 2\n- - 3\n  - 4\n",
    ),
    "values on lines of their own": (
        "a:\n      b\nc:\n        {d: 1}\n-x:\n    y z\n",
        "a:\n  b\nc:\n  {d: 1}\n-x:\n  y z\n",
    ),
    "space before a comment": (
        "a: 1 # b\nc:    # d\n  - 1  # e\n",
        "a: 1  # b\nc:    # d\n  - 1  # e\n",
    ),
    "what stands in a comment stays": (
        "#a:  {  1\n#\n##  b\nc: 1\n",
        "#a:  {  1\n#\n##  b\nc: 1\n",
    ),
    "comments go with the lines that they stand with": (
        "a:\n    # of b\n    b:\n        c: 1\n        # after c\n    # after b\n# of d\nd: 2\n    # last\n",
        "a:\n  # of b\n  b:\n    c: 1\n    # after c\n  # after b\n# of d\nd: 2\n# last\n",
    ),
    "comments that stand with no line": (
        "a:\n    b: 1\n   # left\n      # right\n    c: 2\n",
        "a:\n  b: 1\n# left\n  # right\n  c: 2\n",
    ),
    "a comment that stands further right than what it is above": (
        "a:\n     # b\n    c: 1\n",
        "a:\n  # b\n  c: 1\n",
    ),
    "a comment above a value on a line of its own": (
        "a:\n    # b\n   c\nd:\n # e\n   f\n",
        "a:\n  # b\n  c\nd:\n# e\n  f\n",
    ),
    "brackets over lines only move": (
        "a:\n    b: [  1,   # c\n       2 ,\n\n\n  3\n  ]\n",
        "a:\n  b: [  1,   # c\n     2 ,\n\n3\n]\n",
    ),
    "texts over lines only move": (
        'a:\n    b: c\n      d  e\n    f: "g\n        h  \n\n\n      i"\n',
        'a:\n  b: c\n    d  e\n  f: "g\n      h  \n\n\n    i"\n',
    ),
    "blocks only move": (
        "a:\n    b: |  \n       c  \n\n\n         d #e\n\n\n    f: >-   # g\n        h\n",
        "a:\n  b: |\n     c  \n\n\n       d #e\n\n  f: >-   # g\n      h\n",
    ),
    "a block that says how far its text is indented": (
        "a:\n    b: |2\n         c\n      d\n",
        "a:\n  b: |2\n       c\n    d\n",
    ),
    "spaces below a block that says so": (
        "a:\n  b: |1\n     c\n   \nd: 1\n",
        "a:\n  b: |1\n     c\n\nd: 1\n",
    ),
    "a block in a list no deeper than its key": ("a:\n- |1\n  b\n", "a:\n  - |1\n    b\n"),
    "a block that keeps its empty lines": ("a: |+\n  b\n\n\n", "a: |+\n  b\n\n\n"),
    "a block that keeps them before a key": ("a: |+\n  b\n\n\nc: 1\n", "a: |+\n  b\n\n\nc: 1\n"),
    "a block whose line ends with the file": ("a: |\n  b", "a: |\n  b"),
    "a block without its line end": ("a: |-\n  b", "a: |-\n  b\n"),
    "a block of spaces": ("a: |\n  b\n    \n  \nc: 1\n", "a: |\n  b\n    \n\nc: 1\n"),
    "bounds of the document": ("--- # a\nb:  1\n...  \n# c", "---  # a\nb: 1\n...\n# c\n"),
    "a key with a sign": ("?   a\n:   b\n", "? a\n: b\n"),
}


def rewritten(text: str) -> Formatted:
    """The text formatted, the same with both parsers, and once as often."""
    told = formatted(text, "a.yaml")
    for parser in PARSERS:
        assert formatted(text, "a.yaml", parser) == told
    if told.safe:
        assert formatted(told.after, "a.yaml") == Formatted(told.after, told.after)
    return told


def said(text: str) -> Any:
    """What a text says, told apart to the digits of its numbers and the order of its keys."""
    document, problems = parse_yaml(text, "a.yaml")
    assert document is not None, problems
    return repr(document.data)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_file_is_laid_out_already(name: str) -> None:
    assert rewritten(SHIPPED[name]) == Formatted(SHIPPED[name], SHIPPED[name])


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_before_and_after(name: str) -> None:
    before, after = EXAMPLES[name]
    assert rewritten(before) == Formatted(before, after)


def test_dashes_that_would_begin_a_document_are_kept_from_the_first_column() -> None:
    before = '   a: ["b\n  --- c",\n ... ,\n  ---]\n'
    after = 'a: ["b\n --- c",\n ... ,\n ---]\n'
    assert rewritten(before) == Formatted(before, after)


SPACES = st.integers(0, 3).map(lambda n: " " * n)


@st.composite
def respaced(draw: DrawFn, text: str) -> str:
    """The text of a shipped file with other spaces and more empty lines, where they mean nothing."""
    found = [token for token in tokens(text) if token.end > token.start]
    # few places of many, so that a long file is as likely to be changed here as there
    chosen = draw(st.sets(st.integers(1, len(found) - 1), max_size=20))
    out, end = [], 0
    for at, token in enumerate(found):
        gap = text[end : token.start]
        # more space after a dash would move what it leads to away from the lines below
        if at in chosen and "\n" not in gap and found[at - 1].kind != "-":
            gap += draw(SPACES)
        out += [gap, text[token.start : token.end]]
        end = token.end
    out.append(text[end:])
    steps = draw(st.lists(st.integers(2, 5), min_size=16, max_size=16))
    columns = list(itertools.accumulate(steps, initial=len(draw(SPACES))))
    lines = [_moved(line, 0, columns) for line in "".join(out).split("\n")]
    trailing = draw(st.dictionaries(st.integers(0, len(lines) - 1), SPACES, max_size=9))
    lines = [line + trailing.get(n, "") for n, line in enumerate(lines)]
    again = draw(st.sampled_from(("\n", "\n\n", "\n  \n \n")))
    lines = [line or again.removesuffix("\n") for line in lines]
    return draw(st.sampled_from(("\n", "\r\n", "\r"))).join("\n".join(lines).split("\n"))


def _moved(line: str, column: int, columns: list[int], written: int = 0) -> str:
    """The line with each level at another column."""
    bare = line.lstrip(" ")
    if not bare:
        return ""
    column += len(line) - len(bare)
    goal = columns[column // 2]
    if bare.startswith("- "):
        return " " * (goal - written) + "-" + _moved(bare[2:], column + 2, columns, goal + 1)
    return " " * (goal - written) + bare


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(sorted(SHIPPED)), st.data())
def test_a_shipped_file_with_other_spaces_comes_back_as_it_was(name: str, data: Any) -> None:
    before = data.draw(respaced(SHIPPED[name]))
    assert formatted(before, "a.yaml") == Formatted(before, SHIPPED[name])


WORDS = st.sampled_from(("a", "b c", "it's", "x-y", "a:b", "c#d", "- e", "# f", "{g", "--- h", ""))
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-9, 999),
    st.lists(WORDS, max_size=4).map(" ".join),
    st.lists(WORDS, min_size=1, max_size=5).map("\n".join),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from("klmopq"), inner, max_size=4)
    ),
    max_leaves=14,
)


@st.composite
def writings(draw: DrawFn, value: Any) -> str:
    """The value as YAML, laid out in any way that the rules of YAML leave open."""
    column = draw(st.integers(0, 3))
    start = draw(st.sampled_from(("", "", "\n", "---\n", "--- # a\n", "# b\n\n\n", "   # c\n")))
    text = start + "\n".join(draw(_collection(value, column)))
    end = draw(st.sampled_from(("", "\n", "\n\n\n", "\n# y", "\n...", "\n  \n# z\n")))
    return (text + end).replace("\n", draw(st.sampled_from(("\n", "\n", "\r\n", "\r"))))


@st.composite
def _collection(draw: DrawFn, value: Any, column: int) -> list[str]:
    """The lines of a list or mapping that begins at a column."""
    lines: list[str] = []
    members = value.items() if isinstance(value, dict) else [("", member) for member in value]
    in_block = False
    for key, member in members:
        for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2)))):
            most = column if in_block else 9
            comment = draw(st.sampled_from(("# c", "#", "#  {d: [  \\", "## '")))
            lines.append(
                draw(st.sampled_from(("", "", "  ", " " * draw(st.integers(0, most)) + comment)))
            )
        sign = f"{draw(st.sampled_from((key, json.dumps(key))))}{draw(SPACES)}:" if key else "-"
        written = draw(_member(member, column, is_entry=not key))
        in_block = bool(re.match(r" *[|>]", written[0]))
        lines += [" " * column + sign + written[0], *written[1:]]
    return lines


@st.composite
def _member(draw: DrawFn, value: Any, column: int, is_entry: bool) -> list[str]:
    """What follows a key or dash at a column: the rest of its line, and further lines."""
    deeper = column + draw(st.integers(1, 5))
    comment = draw(st.sampled_from(("", "", " ", " # e", "     #f")))
    if isinstance(value, list | dict) and value and draw(st.booleans()):
        if is_entry and draw(st.booleans()):
            # on the line of the dash
            [first, *lines] = draw(_collection(value, max(deeper, column + 2)).filter(_begins))
            return [first[column + 1 :], *lines]
        if isinstance(value, list) and not is_entry and draw(st.booleans()):
            deeper = column
        return [comment, *draw(_collection(value, deeper))]
    if isinstance(value, str) and value.strip() and draw(st.booleans()):
        sign = draw(st.sampled_from(("|", ">"))) + draw(st.sampled_from(("", "-", "+")))
        pad = " " * deeper
        rows = [
            pad + line if line else draw(st.sampled_from(("", pad))) for line in value.split("\n")
        ]
        if rows[0].strip():
            return [f" {sign}{comment}", *rows]
    before = " " if draw(st.booleans()) else f"{comment}\n" + " " * deeper
    return (before + draw(_inline(value, column + 1)) + comment).split("\n")


def _begins(lines: list[str]) -> bool:
    """Whether the first line is one with a member, and not empty or a comment."""
    return lines[0].strip()[:1] not in ("", "#")


@st.composite
def _inline(draw: DrawFn, value: Any, column: int) -> str:
    """The value on one line, or over several from a column on."""
    broken = "\n" + " " * (column + draw(st.integers(0, 4)))
    gaps = st.sampled_from(("", " ", "   ", "", " ", broken, f" # g{broken}", f"\n\n{broken}"))
    if isinstance(value, list | dict):
        parts = []
        for key in value:
            name = (
                f"{draw(st.sampled_from((key, json.dumps(key))))}{draw(SPACES)}: "
                if isinstance(value, dict)
                else ""
            )
            member = value[key] if isinstance(value, dict) else key
            parts.append(draw(gaps) + name + draw(_inline(member, column)) + draw(gaps))
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        return opening + ",".join(parts) + closing
    if not isinstance(value, str):
        return json.dumps(value)
    quoted = json.dumps(value)
    if draw(st.booleans()):
        quoted = re.sub(r"(?<=\w) (?=\w)", lambda _: broken, quoted)
    if re.fullmatch(r"[a-z]( [a-z])*", value):
        return draw(st.sampled_from((value, value.replace(" ", broken), quoted, f"'{value}'")))
    return quoted


def holds(before: str) -> None:
    """What is promised of every text that is read."""
    told = rewritten(before)
    assert told.safe
    assert said(told.after) == said(before)
    assert comments(told.after) == comments(re.sub("\r\n|\r", "\n", before))
    assert "\r" not in told.after


@settings(deadline=None, max_examples=250)
@given(
    VALUES.filter(lambda value: isinstance(value, list | dict) and bool(value)).flatmap(writings)
)
def test_any_layout_of_any_values_says_what_it_said(text: str) -> None:
    document, _ = parse_yaml(text, "a.yaml")
    if document is not None:
        holds(text)


@settings(deadline=None, max_examples=12)
@given(pack_files(1, 2, 2), st.data())
def test_any_layout_of_a_random_pack_says_what_it_said(files: dict[str, str], data: Any) -> None:
    for text in files.values():
        value = yaml.load(text, Loader=yaml.BaseLoader)
        holds(data.draw(writings(value)))


SNIPPETS = st.sampled_from(
    (
        *(
            "a",
            "b",
            "1",
            '"',
            "'",
            ":",
            ": ",
            "- ",
            "? ",
            ",",
            "[",
            "]",
            "{",
            "}",
            "#",
            " # c",
            "\\",
        ),
        *(
            "|",
            ">",
            "+",
            "-",
            "2",
            "---",
            "...",
            "\n",
            "\n",
            "\n ",
            "\n  ",
            "\n    ",
            " ",
            "  ",
            "\r\n",
        ),
    )
)


@settings(deadline=None, max_examples=1_000)
@given(st.lists(SNIPPETS, min_size=1, max_size=25).map("".join))
@example("a: |\n    b\n  # c\n   # d\n")
@example("a:\n - |\n  b\n #c\n - d\n")
@example("|\n  a\n #b")
@example("? |\n  a\n: - b\n")
def test_any_text_says_the_same_or_is_left_as_it_is(text: str) -> None:
    try:
        told = rewritten(text)
    except BadInput:
        assert parse_yaml(text, "a.yaml")[0] is None
        return
    assert said(told.after) == said(text)
    assert told.safe or told.after == text


BAD = {
    "a number with other digits": ("a: 1.0\n", "a: 1.00\n"),
    "a number that is now true": ("a: 1\n", "a: true\n"),
    "keys in another order": ("a: 1\nb: 2\n", "b: 2\na: 1\n"),
    "a comment lost": ("a: 1  # b\n", "a: 1\n"),
    "a comment that says something else": ("# b\na: 1\n", "# c\na: 1\n"),
    "comments in another order": ("# b\na: 1  # c\n", "# c\na: 1  # b\n"),
    "a comment lost beside a block": ("a: |  # b\n  c\n", "a: |\n  c\n"),
    "what is no YAML": ("a: 1\n", "a: [\n"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_text_that_would_not_say_the_same_is_left_as_it_is(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = BAD[name]
    monkeypatch.setattr(formatting, "laid_out", lambda text, tokens: after)
    assert formatted(before, "a.yaml") == Formatted(before, before, safe=False)


def test_a_text_that_would_be_too_large_to_read_again_is_left_as_it_is() -> None:
    before = "a:\n b: 1\n#"
    before += "c" * (LARGEST_FILE - len(before) - 1) + "\n"
    smaller = before.replace("#c", "#")
    assert formatted(smaller, "a.yaml").after == smaller.replace(" b", "  b")
    assert formatted(before, "a.yaml") == Formatted(before, before, safe=False)


def test_comments_are_read_where_they_stand_and_nowhere_else() -> None:
    text = "# a\nb: 'c # d'  # e\nf: |  # g\n  # h\n# i\nj: [k, # l\n  m#n]\n# o"
    for parser in PARSERS:
        assert comments(text, parser) == ["# a", "# e", "# g", "# i", "# l", "# o"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "a: [" + " 1 ," * 30_000 + "1]", "a: [" + "1, " * 30_000 + "1]\n", id="one long line"
        ),
        pytest.param("a: [\n" + "\n\n 1 ,\n" * 20_000 + "1]", None, id="brackets over many lines"),
        pytest.param("a:  1\n" + "\n" * 500_000 + "b: 2", "a: 1\n\nb: 2\n", id="empty lines"),
        pytest.param("#" * 4_000_000 + "\na:  1", "#" * 4_000_000 + "\na: 1\n", id="a comment"),
        pytest.param("a:" + " " * 4_000_000 + "1", "a: 1\n", id="spaces"),
        pytest.param(
            "a: 1\n" + " # b\n" * 100_000, "a: 1\n" + "# b\n" * 100_000, id="many comments"
        ),
        pytest.param(
            "".join("  " * n + "a:\n" for n in range(30)).replace("  ", "    ")
            + " " * 120
            + "b: 1",
            "".join("  " * n + "a:\n" for n in range(30)) + "  " * 30 + "b: 1\n",
            id="many levels",
        ),
    ],
)
def test_large_files_are_laid_out_as_well(before: str, after: str | None) -> None:
    told = formatted(before, "a.yaml")
    assert told.safe
    assert after is None or told.after == after


def untidy(home: Path) -> dict[str, bytes]:
    """The bakery's pack with two files laid out otherwise, one of them of cases, and a hidden one."""
    pack = home / "rules/bakery"
    (pack / ".draft.yaml").write_bytes(b"a:  1")
    (pack / "cases").mkdir()
    (pack / "cases/some.yaml").write_bytes(b"cases:\r\n- {id:  a}\r\n")
    file = pack / "series.yaml"
    file.write_text(file.read_text("utf-8") + "\n\n\n#  the end", "utf-8")
    return contents(pack)


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of every file by its name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_pack_is_laid_out_and_then_nothing_is_left_to_do(home: Path, grading: Grading) -> None:
    assert grading("rules", "fmt", "bakery").code == 0
    before = untidy(home)
    told = grading("rules", "fmt", "bakery")
    assert (told.code, told.err) == (0, "")
    assert (
        told.out == "formatted rules/bakery/series.yaml\nformatted rules/bakery/cases/some.yaml\n"
    )
    after = contents(home / "rules/bakery")
    assert after == before | {
        "series.yaml": before["series.yaml"].replace(b"\n\n\n\n#", b"\n\n#") + b"\n",
        "cases/some.yaml": b"cases:\n  - {id: a}\n",
    }
    told = grading("rules", "fmt", "bakery", "--check")
    number = sum(name.endswith(".yaml") for name in after) - 1
    assert (told.code, told.out, told.err) == (0, f"nothing to change in {number} files\n", "")


def test_check_names_the_files_and_writes_nothing(home: Path, grading: Grading) -> None:
    grading("rules", "fmt", "bakery")
    before = untidy(home)
    told = grading("rules", "fmt", "bakery", "--check")
    assert (told.code, told.err) == (1, "")
    assert told.out == (
        "would change rules/bakery/series.yaml\nwould change rules/bakery/cases/some.yaml\n"
    )
    assert contents(home / "rules/bakery") == before


DIFF = """\
--- a/rules/bakery/series.yaml
+++ b/rules/bakery/series.yaml
@@ -1,5 +1,3 @@
 a: 1
·
-
-
-#  the end
\\ No newline at end of file
+#  the end
--- a/rules/bakery/cases/some.yaml
+++ b/rules/bakery/cases/some.yaml
@@ -1,2 +1,2 @@
-cases:\r
-- {id:  a}\r
+cases:
+  - {id: a}
""".replace("·", " ")


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--check",), 1)])
def test_diff_shows_what_would_change_and_writes_nothing(
    options: tuple[str, ...], code: int, home: Path, grading: Grading
) -> None:
    grading("rules", "fmt", "bakery")
    (home / "rules/bakery/series.yaml").write_text("a: 1\n", "utf-8")
    before = untidy(home)
    told = grading("rules", "fmt", "bakery", "--diff", *options)
    assert (told.code, told.out) == (code, DIFF)
    assert told.err == (
        "would change rules/bakery/series.yaml\nwould change rules/bakery/cases/some.yaml\n"
    )
    assert contents(home / "rules/bakery") == before


def test_what_is_no_yaml_is_told_with_its_place_and_nothing_is_written(
    home: Path, grading: Grading
) -> None:
    untidy(home)
    (home / "rules/bakery/cases/bad.yaml").write_text("a: [1\nb: 2\n", "utf-8")
    (home / "rules/bakery/checks.yaml").write_text("\ta: 1\n", "utf-8")
    before = contents(home / "rules/bakery")
    told = grading("rules", "fmt", "bakery")
    assert (told.code, told.out) == (3, "")
    assert told.err == (
        "rules/bakery/cases/bad.yaml:1:4: E138 the bracket `[` that begins here is not closed, or a"
        " comma is missing (close it with `]`, and put commas between the entries)\n"
        "rules/bakery/checks.yaml:1:1: E118 a tab (put spaces instead, or write \\t inside double"
        " quotes)\n"
        "2 problems; nothing was formatted\n"
    )
    assert contents(home / "rules/bakery") == before


def test_a_file_that_would_not_say_the_same_is_named_and_the_others_are_written(
    home: Path, grading: Grading, monkeypatch: pytest.MonkeyPatch
) -> None:
    grading("rules", "fmt", "bakery")
    before = untidy(home)
    monkeypatch.setattr(
        formatting,
        "laid_out",
        lambda text, tokens: laid_out(text, tokens).replace("id: a", "id: b"),
    )
    told = grading("rules", "fmt", "bakery")
    assert (told.code, told.out) == (7, "formatted rules/bakery/series.yaml\n")
    assert told.err == (
        "rules/bakery/cases/some.yaml: left as it is: laid out, it would not say the same\n"
    )
    after = contents(home / "rules/bakery")
    assert {name for name in after if after[name] != before[name]} == {"series.yaml"}


def test_a_pack_that_does_not_load_is_laid_out_all_the_same(home: Path, grading: Grading) -> None:
    (home / "rules/bakery/pack.yaml").write_text("no-such-key:   1\n", "utf-8")
    assert grading("rules", "fmt", str(home / "rules/bakery")).code == 0
    assert (home / "rules/bakery/pack.yaml").read_text("utf-8") == "no-such-key: 1\n"


def test_who_may_write_a_file_and_what_links_to_it_stay(home: Path, grading: Grading) -> None:
    file, link = home / "shared.yaml", home / "rules/bakery/series.yaml"
    file.write_text("a:  1\n", "utf-8")
    file.chmod(0o660)
    link.unlink()
    link.symlink_to(file)
    assert grading("rules", "fmt", "bakery").code == 0
    assert link.is_symlink()
    assert file.read_text("utf-8") == "a: 1\n"
    assert file.stat().st_mode & 0o777 == 0o660
