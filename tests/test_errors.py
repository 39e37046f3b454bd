"""Every code that reading can give, with the exact text of its problems."""

from __future__ import annotations

import datetime
import errno
import os
import pathlib
from collections.abc import Callable
from typing import Annotated, Literal, Self

import pytest
from pydantic import Field, model_validator

from grading.problems import CODES, Problem
from grading.source import (
    Model,
    Number,
    Row,
    cell_choice,
    cell_date,
    cell_decimal,
    cell_int,
    fit,
    read_csv,
    read_folder,
    read_yaml,
)

FOLDER = pathlib.Path(__file__).parent / "errors"
STORED = sorted(path for path in FOLDER.iterdir() if path.suffix in (".yaml", ".csv"))


class AtLeast(Model):
    indicator: str
    at_least: Number = Field(alias="at-least")


class Below(Model):
    indicator: str
    below: Number


class AllOf(Model):
    all: tuple[Condition, ...]


Condition = AtLeast | Below | AllOf


class Interview(Model):
    form: Literal["interview"]
    who: str


class Paper(Model):
    form: Literal["document"]
    page: int


class Sample(Model):
    name: str
    kind: Literal["strength", "area for improvement", "cause of concern"]
    when: Condition
    title: str = Field(default="a", min_length=1, max_length=10)
    code: str = Field(default="q-1", pattern="^[a-z]+-[0-9]$")
    date: datetime.date | None = None
    share: Annotated[Number, Field(le=1, decimal_places=4)] | None = None
    count: int = Field(default=2, ge=1, multiple_of=2)
    open: bool = False
    lines: tuple[str, ...] = Field(default=("a",), min_length=1, max_length=3)
    notes: dict[str, str] = Field(default={})
    source: Interview | Paper | None = None
    recommendation: str = ""

    @model_validator(mode="after")
    def _a_concern_recommends(self) -> Self:
        if self.kind == "cause of concern" and not self.recommendation:
            raise ValueError("a cause of concern needs a `recommendation`", "add one")
        return self


def problems_of(path: pathlib.Path) -> list[Problem]:
    if path.name == "folder":
        folder = read_folder(path, path.name, lambda name: name.endswith((".csv", ".yaml")))
        assert folder is not None
        return [problem for name in folder.names for problem in folder.text(name)[1]]
    return _of_table(path) if path.suffix == ".csv" else _of_document(path)


def _of_document(path: pathlib.Path) -> list[Problem]:
    document, problems = read_yaml(path, path.name)
    if document is None or not path.name.startswith("E2"):
        return problems
    return fit(Sample, document.data, document)[1]


def _of_table(path: pathlib.Path) -> list[Problem]:
    optional = ("note", "share", "count", "date")
    table, problems = read_csv(path, path.name, ("id", "answer"), optional)
    return problems if table is None else [p for row in table.rows for p in _of_row(row)]


def _of_row(row: Row) -> list[Problem]:
    readers: dict[str, Callable[[Row, str], object]] = {
        "share": cell_decimal,
        "count": cell_int,
        "date": cell_date,
        "answer": lambda row, column: cell_choice(row, column, ("yes", "no")),
    }
    values = [read(row, column) for column, read in readers.items() if column in row.cells]
    return [value for value in values if isinstance(value, Problem)]


def _large(size: int) -> Callable[[pathlib.Path], object]:
    return lambda path: path.write_bytes(b"a" * size)


def _nine_files(path: pathlib.Path) -> None:
    path.mkdir()
    for number in range(9):
        (path / f"{number}.yaml").write_bytes(b"a: 1\n" + b"#" * (8 * 1024 * 1024 - 5))


def _text(text: str) -> Callable[[pathlib.Path], object]:
    return lambda path: path.write_text(text, encoding="utf-8")


def _rows(count: int) -> str:
    return "id,answer\n" + "a,yes\n" * count


WIDE = ",".join(f"column-{number}" for number in range(1_001)) + "\n"
LAUGHS = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 100))

MADE: dict[str, tuple[str, Callable[[pathlib.Path], object], tuple[str, ...]]] = {
    "E101": (
        "a.yaml",
        lambda path: None,
        ("a.yaml:1:1: E101 there is no such file (check its name and folder)",),
    ),
    "E102": (
        "a.yaml",
        pathlib.Path.mkdir,
        ("a.yaml:1:1: E102 this is a folder, not a file (name a regular file)",),
    ),
    "E102-pipe": (
        "a.csv",
        os.mkfifo,
        ("a.csv:1:1: E102 this is a device or pipe, not a file (name a regular file)",),
    ),
    "E103": (
        "a.yaml",
        lambda path: path.symlink_to(path),
        (
            f"a.yaml:1:1: E103 the file cannot be read: {os.strerror(errno.ELOOP).lower()}"
            " (check its permissions and links)",
        ),
    ),
    "E104": (
        "a.yaml",
        _large(10_000_000),
        ("a.yaml:1:1: E104 the file is larger than 8 MiB (divide it into several files)",),
    ),
    "E104-table": (
        "a.csv",
        _large(8 * 1024 * 1024 + 1),
        ("a.csv:1:1: E104 the file is larger than 8 MiB (divide it into several files)",),
    ),
    "E119": (
        "a.yaml",
        _text("a:\n  " + "[" * 100_000),
        ("a.yaml:2:34: E119 nested more than 32 levels deep (flatten it)",),
    ),
    "E119-block": (
        "a.yaml",
        _text("- " * 100_000),
        ("a.yaml:1:65: E119 nested more than 32 levels deep (flatten it)",),
    ),
    "E120": (
        "a.yaml",
        _text("- 1\n" * 200_000),
        (
            "a.yaml:200000:3: E120 more than 200,000 values in one file"
            " (divide it into several files)",
        ),
    ),
    "E121": (
        "a.yaml",
        _text(f"a: {'b' * 20_000}\nc: {'d' * 20_001}\n"),
        ("a.yaml:2:4: E121 a text of more than 20,000 characters (shorten or divide it)",),
    ),
    "E144": (
        "folder",
        _nine_files,
        (
            "folder/8.yaml:1:1: E144 with this file the folder holds more than 64 MiB"
            " (leave out what is not needed)",
        ),
    ),
    "E158": (
        "a.csv",
        _text(f"id,answer\n{'b' * 20_000},yes\n{'c' * 20_001},yes\n"),
        ("a.csv:3:1: E158 a cell of more than 20,000 characters (shorten it)",),
    ),
    "E163": (
        "a.csv",
        _text(WIDE),
        ("a.csv:1:1: E163 more than 1,000 columns (divide it into several files)",),
    ),
    "E159": (
        "a.csv",
        _text(_rows(200_001)),
        ("a.csv:200002:1: E159 more than 200,000 rows (divide it into several files)",),
    ),
}


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.name)
def test_a_bad_file_has_exactly_the_problems_written_beside_it(path: pathlib.Path) -> None:
    expected = path.with_name(path.name + ".expected").read_text(encoding="utf-8")
    assert "".join(f"{problem}\n" for problem in problems_of(path)) == expected


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.name)
def test_a_bad_file_is_named_for_a_problem_that_it_has(path: pathlib.Path) -> None:
    assert path.name[:4] in {problem.code for problem in problems_of(path)}


@pytest.mark.parametrize(("name", "make", "expected"), MADE.values(), ids=MADE)
def test_a_file_that_cannot_be_stored_has_exactly_its_problems(
    name: str,
    make: Callable[[pathlib.Path], object],
    expected: tuple[str, ...],
    tmp_path: pathlib.Path,
) -> None:
    make(tmp_path / name)
    assert tuple(map(str, problems_of(tmp_path / name))) == expected


def test_a_billion_laughs_are_refused_one_by_one(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(LAUGHS, encoding="utf-8")
    codes = [problem.code for problem in problems_of(path)]
    assert (codes.count("E112"), codes.count("E113"), len(codes)) == (99, 891, 990)


def test_every_code_of_reading_has_a_case() -> None:
    reading = {code for code in CODES if code.startswith(("E1", "E2"))}
    cases = {path.name[:4] for path in STORED} | {name[:4] for name in MADE}
    assert reading == cases
    assert len(reading) >= 40


def test_no_expected_text_is_without_its_file() -> None:
    expected = {path.name.removesuffix(".expected") for path in FOLDER.glob("*.expected")}
    assert expected == {path.name for path in STORED}


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.name)
def test_messages_are_one_plain_line(path: pathlib.Path) -> None:
    for problem in problems_of(path):
        for said in (problem.message, problem.hint):
            assert "\n" not in said
            assert not said.endswith(".")
            assert said[:1] == said[:1].lower() or said.startswith("U+")
        assert problem.code in CODES
