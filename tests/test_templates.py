"""Workbooks to fill in: what they offer, explain and refuse."""

from __future__ import annotations

import datetime
import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from grading.evidence.checks.registry import CHECKS
from grading.evidence.sheets.columns import SHEETS
from grading.evidence.sheets.guide import guide
from grading.evidence.sheets.lists import lists_of
from grading.evidence.sheets.making import template, workbook
from grading.evidence.sheets.notes import SHEET_NOTES, note
from grading.problems import CODES
from grading.rules.load import load_pack
from tests.sheets import BAKERY, ROOT, edit
from tests.test_bad_input import Grading, Told, grading, home

__all__ = ["grading", "home"]

PEEL = load_pack(ROOT / "rules" / "peel-effectiveness-2016")


def rules_of(page: Worksheet) -> dict[str, DataValidation]:
    """What the program offers or refuses in each column, which begins below the heading."""
    heads = [cell.value for cell in page[1]]
    found = {}
    for rule in page.data_validations.dataValidation:
        letters, _, last = str(rule.sqref).partition("2:")
        assert last == f"{letters}20000"
        found[str(heads[column_index_from_string(letters) - 1])] = rule
    return found


def test_a_template_has_a_sheet_a_kind_with_lists_of_the_pack(home: Path, grading: Grading) -> None:
    assert grading("evidence", "template", "bakery", "--out", "t.xlsx") == Told(0, "", "")
    book = openpyxl.load_workbook(home / "t.xlsx")
    assert book.sheetnames == ["notes", *SHEETS, "guide", "lists"]
    lists = book["lists"]
    found: dict[str, list[object]] = {}
    open_to_others = set()
    for name, kind in SHEETS.items():
        page = book[name]
        assert [cell.value for cell in page[1]] == [column.name for column in kind.columns]
        has_names = kind.columns[0].name in kind.identity
        assert page.freeze_panes == ("B2" if has_names else "A2")
        for column, rule in rules_of(page).items():
            if rule.type == "date":
                continue
            assert rule.type == "list"
            area = str(rule.formula1).removeprefix("lists!").replace("$", "")
            found[f"{name} {column}"] = [cell.value for (cell,) in lists[area]]
            if not rule.showErrorMessage:
                open_to_others.add(f"{name} {column}")
    assert open_to_others == {"inspection plan-searched", "metrics caveats"}
    assert found["inspection plan-searched"] == ["all", *BAKERY.topics]
    assert found["metrics caveats"] == list(BAKERY.caveats)
    assert found["fieldwork topic"] == list(BAKERY.topics)
    assert found["fieldwork direction"] == ["supports", "contradicts", "neutral"]
    assert found["file-review-summary quantified"] == ["yes", "no"]
    assert found["metrics series"] == list(BAKERY.series)
    assert found["previous grade"] == list(BAKERY.grades)
    assert found["inspection pack"] == ["bakery"]
    assert BAKERY.manifest.coding is not None
    for scale in ("extent", "maturity", "effect", "severity"):
        assert found[f"fieldwork {scale}"] == list(getattr(BAKERY.manifest.coding, scale))
    listed = {f"{n} {c.name}" for n, k in SHEETS.items() for c in k.columns if c.kind == "words"}
    assert listed <= set(found)


def test_the_checks_that_can_be_accepted_are_those_that_can_find_something() -> None:
    codes = {code for group in CHECKS for code in re.findall(r"C\d{3}", group)}
    words = lists_of(PEEL)["answers", "check"]
    assert words == (*PEEL.checks, *sorted(codes))
    assert "outcomes-assigned" in words


def test_dates_are_taken_as_dates_alone(home: Path, grading: Grading) -> None:
    assert grading("evidence", "template", "bakery", "--out", "t.xlsx").code == 0
    book = openpyxl.load_workbook(home / "t.xlsx")
    dated = {
        f"{name} {column}"
        for name in SHEETS
        for column, rule in rules_of(book[name]).items()
        if rule.type == "date" and rule.showErrorMessage
    }
    assert dated == {
        f"{n} {c.name}" for n, k in SHEETS.items() for c in k.columns if c.kind == "date"
    }


def test_headings_say_what_they_are_for_and_show_what_must_be_filled(
    home: Path, grading: Grading
) -> None:
    assert grading("evidence", "template", "bakery", "--out", "t.xlsx").code == 0
    page = openpyxl.load_workbook(home / "t.xlsx")["fieldwork"]
    said = {str(cell.value): cell.comment.text if cell.comment else "" for cell in page[1]}
    assert said["topic"] == (
        "What it is about, as the rule pack names it\nHolds a word of the list.\nMust be filled."
    )
    assert said["mitigation-weight"] == (
        "Whether that makes up for it partly or fully\nHolds a word of the list.\n"
        "Must be filled where any cell of `mitigation` is filled."
    )
    assert said["date"] == (
        "The day on which it was seen or told\nHolds a date, or text such as 2016-03-31."
    )
    assert all(said.values())
    blue = [cell.value for cell in page[1] if cell.fill.fgColor.rgb == "FFBDD7EE"]
    assert blue == ["id", "topic", "direction", "method", "statement", "heading"]


def test_the_guide_explains_each_word_of_the_pack(home: Path, grading: Grading) -> None:
    assert grading("evidence", "template", "bakery", "--out", "t.xlsx").code == 0
    page = openpyxl.load_workbook(home / "t.xlsx")["guide"]
    rows = [tuple(cell.value for cell in row) for row in page]
    assert rows[0] == ("list", "word", "what it means", "for example")
    assert BAKERY.manifest.coding is not None
    extent = BAKERY.manifest.coding.extent
    for word, level in extent.items():
        assert ("extent", word, level.means, "; ".join(level.examples)) in rows
    assert ("topic", "oven-heat", "How hot the oven is (The oven is hot)", None) in rows
    assert ("series", "loaves-sold", "Loaves sold, in percent", None) in rows
    assert ("caveat", "counted-by-hand", "Loaves are counted by hand", None) in rows
    assert ("check", "C101", CODES["C101"], None) in rows
    for pack in (BAKERY, PEEL):
        explained = {(entry.of, entry.word) for entry in guide(pack)}
        wanted = {
            *(("topic", topic) for topic in pack.topics),
            *(("series", series) for series in pack.series),
            *(("caveat", caveat) for caveat in pack.caveats),
            *(("grade", grade) for grade in pack.grades),
            *(("question", question) for question in pack.questions),
            *(("check", check) for check in lists_of(pack)["answers", "check"]),
        }
        assert wanted <= explained
        assert all(entry.means for entry in guide(pack))


def test_rows_are_as_high_as_their_text_and_grow_with_it() -> None:
    long = {"id": "m-1", "heading": "word " * 40, "note": "a\nb"}
    records = [long, {"id": "m-2", "note": "short"}]
    book = workbook(BAKERY, {"metrics": records})
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        text = archive.read("xl/worksheets/sheet2.xml").decode()
    assert re.findall(r"<row [^>]*>", text) == [
        '<row r="1">',
        '<row r="2" ht="75">',
        '<row r="3">',
    ]


def test_what_was_filled_into_a_template_is_imported_and_the_rest_is_left_out(
    home: Path, grading: Grading
) -> None:
    assert grading("evidence", "template", "bakery", "--out", "t.xlsx").code == 0
    first = grading("evidence", "import", "t.xlsx", "--into", "new")
    empty = [line.partition(": ")[0] for line in first.problems if ": E170 " in line]
    assert len(empty) == len(first.problems)
    assert empty == [f"t.xlsx#inspection!{letter}2" for letter in "ABCJKLM"]
    day = datetime.date(2020, 3, 1)
    edit(
        home / "t.xlsx",
        "inspection",
        A2="crumb-2020",
        B2="crumb",
        C2="Crumb",
        G2=day,
        H2=day,
        J2=day,
        K2="Made up",
        L2="full",
        M2="all",
    )
    edit(home / "t.xlsx", "previous", A2="none")
    told = grading("evidence", "import", "t.xlsx", "--into", "new")
    assert told == Told(0, "written    new/inspection.yaml\nwritten    new/previous.yaml\n", "")
    assert (home / "new" / "previous.yaml").read_text() == "records: []\n"


def test_every_sheet_and_column_is_explained() -> None:
    assert set(SHEET_NOTES) == set(SHEETS)
    silent = [
        f"{sheet.name} {column.name}"
        for sheet in SHEETS.values()
        for column in sheet.columns
        if not note(sheet, column)
    ]
    assert silent == []


def test_a_template_is_the_same_bytes_whenever_it_is_made(
    home: Path, grading: Grading, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for seed in ("1", "2"):
        command = ("python", "-m", "grading", "evidence", "template", "bakery", "--out", "t.xlsx")
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        subprocess.run((sys.executable, *command[1:]), env=environment, check=True)
        made.append((home / "t.xlsx").read_bytes())
    assert made[0] == made[1] == template(BAKERY)


def test_a_template_for_no_pack_is_wrong_usage(home: Path, grading: Grading) -> None:
    told = grading("evidence", "template", "bakry", "--out", "t.xlsx")
    assert (told.code, told.out) == (2, "")
    assert "there is no rule pack `bakry` in rules (did you mean `bakery`?)" in told.err
    told = grading("evidence", "template", "bakery", "--out", "t.ods")
    assert (told.code, told.out) == (2, "")
    assert sorted(path.name for path in home.iterdir()) == ["evidence", "rules"]
