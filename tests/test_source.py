"""Reading: exact values, exact places, no exceptions, and the same with either parser."""

from __future__ import annotations

import datetime
import json
import pathlib
import pickle
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.problems import BadInput, Place, Problem, did_you_mean, quoted, raise_if
from grading.source import (
    Document,
    Model,
    Number,
    Table,
    cell_choice,
    cell_date,
    cell_decimal,
    cell_int,
    fit,
    parse_csv,
    parse_yaml,
    read_csv,
    read_yaml,
)

IN_C = getattr(yaml, "CSafeLoader", None)
VISIBLE = st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Cn"))
TEXTS = st.text(VISIBLE, max_size=40)
WORDS = st.from_regex(r"[a-z]{3,8}-[a-z]{1,8}", fullmatch=True)
PIECES = "a b1-'\":,[]{}#|>&*~.=é\\`@\n\r"
TOKENS = st.sampled_from(
    (*PIECES, "- ", ": ", ", ", "\n  ", "\n    ", "'x'", '"y"', "---\n", "...\n", "\r\n", " # c")
)


def read(text: str) -> Document:
    document, problems = parse_yaml(text, "a.yaml")
    assert problems == []
    assert document is not None
    return document


def table(text: str, *columns: str) -> Table:
    found, problems = parse_csv(text, "a.csv", columns)
    assert problems == []
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-0", 0),
        ("-12", -12),
        ("0.10", Decimal("0.10")),
        ("-0.5", Decimal("-0.5")),
        ("2016-03-31", datetime.date(2016, 3, 31)),
        ("'yes'", "yes"),
        ('"010"', "010"),
        ("'2016-03-31'", "2016-03-31"),
        ("1.2.3", "1.2.3"),
        ("20%", "20%"),
        ("3 officers", "3 officers"),
        ("|\n    two\n    lines\n", "two\nlines\n"),
        (">-\n    one\n    line\n", "one line"),
    ],
)
def test_a_value_is_read_exactly_as_written(written: str, value: Any) -> None:
    found = read(f"a:\n  - b\n  - {written}\n").data["a"][1]
    assert (type(found), str(found)) == (type(value), str(value))


def test_a_place_is_that_of_the_value_or_the_nearest_around_it() -> None:
    document = read("when:\n  all:\n    - {indicator: weak-files}\ntitle:\n")
    places = [
        (document.place(("when", "all", 0, "indicator")), Place("a.yaml", 3, 19)),
        (document.key_place(("when", "all", 0, "indicator")), Place("a.yaml", 3, 8)),
        (document.place(("when", "all", 0, "at-least")), Place("a.yaml", 3, 7)),
        (document.key_place(("when", "all", 0, "at-least")), Place("a.yaml", 3, 7)),
        (document.place(("elsewhere", 7)), Place("a.yaml", 1, 1)),
        (document.place(("title",)), Place("a.yaml", 4, 1)),
    ]
    assert [found for found, _ in places] == [expected for _, expected in places]


@settings(deadline=None)
@given(TEXTS)
def test_any_text_in_quotes_is_that_text(text: str) -> None:
    assert read(f"a: {json.dumps(text, ensure_ascii=False)}\n").data == {"a": text}
    single = text.replace("'", "''")
    assert read(f"a: '{single}'\n").data == {"a": text}


@settings(deadline=None)
@given(st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_a_decimal_is_exact(digits: int, places: int) -> None:
    written = str(Decimal(digits).scaleb(-places).quantize(Decimal(1).scaleb(-places)))
    found = read(f"- {written}\n").data[0]
    assert str(found) == written if places else found == digits


@settings(deadline=None)
@given(st.recursive(WORDS, lambda inner: st.lists(inner, min_size=1, max_size=3)
                    | st.dictionaries(WORDS, inner, min_size=1, max_size=3),
                    max_leaves=12))  # fmt: skip
def test_a_place_points_at_its_value_in_the_text(value: Any) -> None:
    text = yaml.safe_dump({"top": value}, width=10_000)
    document = read(text)
    lines = text.split("\n")
    for path, place in document.places.items():
        found = _at(document.data, path)
        if isinstance(found, str):
            assert lines[place.line - 1][place.column - 1 :].startswith(found)
    for path, place in document.key_places.items():
        assert lines[place.line - 1][place.column - 1 :].startswith(f"{path[-1]}:")


def _at(data: Any, path: tuple[str | int, ...]) -> Any:
    for segment in path:
        data = data[segment]
    return data


@settings(deadline=None, max_examples=300)
@given(content=st.binary(max_size=200) | TOKENS.map(str.encode) | st.text(max_size=80).map(
    lambda text: text.encode("utf-8", "surrogatepass")))  # fmt: skip
def test_reading_never_raises(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(content)
    for found, problems in (read_yaml(path, "any"), read_csv(path, "any", ("a",))):
        assert (found is None) == bool(problems)


@settings(deadline=None, max_examples=500)
@given(st.lists(TOKENS, max_size=14).map("".join))
def test_both_parsers_accept_the_same_texts_and_read_the_same(text: str) -> None:
    in_c, in_python = parse_yaml(text, "a", IN_C), parse_yaml(text, "a", yaml.SafeLoader)
    assert in_c[0] == in_python[0]
    assert bool(in_c[1]) == bool(in_python[1])


BAD = sorted((pathlib.Path(__file__).parent / "errors").glob("*.yaml"))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.name)
def test_both_parsers_give_the_same_problems_and_places(path: pathlib.Path) -> None:
    text = path.read_bytes().decode("utf-8", "replace")
    assert parse_yaml(text, "a", IN_C) == parse_yaml(text, "a", yaml.SafeLoader)


def test_all_problems_of_a_file_are_found() -> None:
    _, problems = parse_yaml("a: yes\nb: 010\na: &x [1e5]\n", "a.yaml")
    assert [(p.place.line, p.place.column, p.code) for p in problems] == [
        (1, 4, "E124"),
        (2, 4, "E127"),
        (3, 1, "E115"),
        (3, 4, "E112"),
        (3, 8, "E130"),
    ]


@settings(deadline=None)
@given(st.lists(st.tuples(TEXTS.map(str.strip), TEXTS.map(str.strip)), max_size=6))
def test_any_cells_in_quotes_are_those_cells(rows: list[tuple[str, str]]) -> None:
    lines = ['"' + '","'.join(cell.replace('"', '""') for cell in row) + '"' for row in rows]
    found = table("\r\n".join(["a,b", *lines]), "a", "b")
    assert [(row.cells["a"], row.cells["b"]) for row in found.rows] == rows


def test_a_row_is_at_the_line_where_it_begins() -> None:
    found = table('\ufeffa,b\n1,"x\ny\r\nz"\r\n2,w', "a", "b")
    assert [row.cells for row in found.rows] == [{"a": "1", "b": "x\ny\r\nz"}, {"a": "2", "b": "w"}]
    assert [row.place.line for row in found.rows] == [2, 5]
    assert found.rows[1].places["b"] == Place("a.csv", 5, 2)


def test_cells_are_read_as_what_they_are_asked_for() -> None:
    [row] = table("a,b,c,d\n1.50,2,2016-03-31,yes\n", "a", "b", "c", "d").rows
    assert str(cell_decimal(row, "a")) == "1.50"
    assert cell_int(row, "b") == 2
    assert cell_decimal(row, "b") == Decimal(2)
    assert cell_date(row, "c") == datetime.date(2016, 3, 31)
    assert cell_choice(row, "d", ("yes", "no")) == "yes"


class Step(Model):
    name: str
    weight: Number = Decimal(1)
    steps: tuple[Step, ...] = ()


def test_a_fitting_document_becomes_a_frozen_model() -> None:
    document = read("name: a\nsteps:\n  - {name: b, weight: 3}\n  - {name: c, weight: 0.10}\n")
    found, problems = fit(Step, document.data, document)
    steps = (Step(name="b", weight=Decimal(3)), Step(name="c", weight=Decimal("0.10")))
    assert (found, problems) == (Step(name="a", steps=steps), [])


def test_a_part_of_a_document_is_fitted_with_its_own_places() -> None:
    document = read("rules:\n  - {name: a}\n  - {name: b, wieght: 1}\n")
    found, [problem] = fit(Step, document.data["rules"][1], document, ("rules", 1))
    assert found is None
    assert str(problem) == "a.yaml:3:15: E201 unknown key `wieght` (did you mean `weight`?)"


def test_lists_made_elsewhere_fit_as_those_read_do() -> None:
    document = read("name: a\n")
    found, _ = fit(Step, {"name": "a", "steps": [{"name": "b"}]}, document)
    assert found == Step(name="a", steps=(Step(name="b"),))


def test_bad_input_carries_each_problem_once_in_order() -> None:
    first, second = (Problem(Place("a", line), "E101", "x") for line in (9, 10))
    error = BadInput([second, first, second])
    assert error.problems == (first, second)
    assert str(error) == "a:9:1: E101 x\na:10:1: E101 x"
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


def test_raise_if_raises_only_if() -> None:
    raise_if([])
    with pytest.raises(BadInput, match="E101 x"):
        raise_if(iter([Problem(Place("a", 1), "E101", "x")]))


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("weak-flies", ["weak-files", "files"], "did you mean `weak-files`?"),
        ("Weak_Files", ["weak-files"], "did you mean `weak-files`?"),
        ("zebra", ["weak-files"], ""),
        ("", [], ""),
    ],
)
def test_the_nearest_known_word_is_offered(word: str, known: list[str], hint: str) -> None:
    assert did_you_mean(word, known) == did_you_mean(word, reversed(known)) == hint


def test_a_quoted_word_is_short_and_on_one_line() -> None:
    assert quoted("a\nb\x1b") == "`a\\nb\\x1b`"
    assert quoted("x" * 100) == f"`{'x' * 60}…`"
