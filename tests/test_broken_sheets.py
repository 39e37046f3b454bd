"""Broken workbooks: each is told at its cell, sheet or file with a remedy, and nothing is written."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from grading.evidence.sheets.columns import SHEETS
from grading.evidence.sheets.workbook import read_workbook
from grading.problems import CODES
from tests.sheets import (
    EMPTY,
    as_ods,
    bakery_book,
    change,
    content_xml,
    edit,
    good,
    ods,
    pack_parts,
    parts_of,
    patch,
    sheet,
    tree,
    words,
)
from tests.test_bad_input import Grading, Told, grading, home

__all__ = ["bakery_book", "good", "grading", "home"]


# broken workbooks: a cell or a sheet, and a remedy

SHEET_PARTS = {name: f"xl/worksheets/sheet{i}.xml" for i, name in enumerate(("notes", *SHEETS), 1)}
Break = Callable[[Path], object]
DAMAGED = "good.xlsx:1:1: E705 the workbook is damaged: its archive cannot be unpacked"


def cells(sheet: str, **values: object) -> Break:
    return lambda path: edit(path, sheet, **values)


def on(sheet: str, act: Callable[[Worksheet], object]) -> Break:
    return lambda path: change(path, lambda book: act(book[sheet]))


def renamed(old: str, new: str) -> Break:
    return on(old, lambda page: setattr(page, "title", new))


def added(name: str, part: bytes = b"") -> Break:
    return lambda path: pack_parts(path, {**parts_of(path), name: part})


def accepted(**values: object) -> Break:
    """A check is accepted, with these cells instead of those that are right."""
    right = {"A2": "C101", "B2": "m-1;m-2", "C2": "So it is", "D2": "baker", "E2": "2020-06-01"}
    return cells("answers", **(right | values))


def hide_column(page: Worksheet) -> None:
    page.column_dimensions["C"].hidden = True


def hide_row(page: Worksheet) -> None:
    page.row_dimensions[3].hidden = True


def hide_sheet(page: Worksheet) -> None:
    page.sheet_state = "hidden"


def hide_rows(page: Worksheet) -> None:
    page.row_dimensions[2].hidden = page.row_dimensions[3].hidden = True


def hide_apart(page: Worksheet) -> None:
    for i, cell in enumerate(page[3], 1):
        page.cell(4, i).value = "fw-3" if i == 1 else cell.value
    page.row_dimensions[2].hidden = page.row_dimensions[4].hidden = True


def formula(path: Path, said: str) -> None:
    """The cell D2 of the metrics has a formula, and the value that a program worked out."""
    edit(path, "metrics", D2=120)
    patch(path, SHEET_PARTS["metrics"], "<v>120</v>", f"<f>{escape(said)}</f><v>120</v>")


def linked_cell(path: Path) -> None:
    formula(path, "[1]Sheet1!$A$1")
    added("xl/externalLinks/externalLink1.xml", b"<a/>")(path)


def far_row(page: Worksheet) -> None:
    page["A1048576"] = "m-9"


def far_column(page: Worksheet) -> None:
    page["ZZ2"] = "x"


def no_column(page: Worksheet) -> None:
    page.delete_cols(2)


def percent(page: Worksheet) -> None:
    page["D2"].value, page["D2"].number_format = 0.5, "0%"


def one_row_more(page: Worksheet) -> None:
    page["A3"] = "crumb-2021"


def no_row(page: Worksheet) -> None:
    page.delete_rows(2)


def locked(path: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(ole)


def bomb_by_size(path: Path) -> None:
    zeros = bytes(33 * 1024 * 1024)
    pack_parts(path, {**parts_of(path), "xl/media/a.bin": zeros, "xl/media/b.bin": zeros})


def bomb_by_ratio(path: Path) -> None:
    added("xl/media/a.bin", bytes(20 * 1024 * 1024))(path)


def lying_size(path: Path) -> None:
    """The directory of the archive says that a large part is a small one."""
    added("xl/extra.xml", bytes(3_000_000))(path)
    data = path.read_bytes()
    assert data.count((3_000_000).to_bytes(4, "little")) == 2
    path.write_bytes(data.replace((3_000_000).to_bytes(4, "little"), (3).to_bytes(4, "little")))


def many_parts(path: Path) -> None:
    pack_parts(path, {**parts_of(path), **{f"xl/{i}.bin": b"" for i in range(1_000)}})


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


def entities(path: Path) -> None:
    part = SHEET_PARTS["metrics"]
    content = parts_of(path)[part]
    start = b"<?xml version='1.0'?>" + BOMB.encode() if content[:5] != b"<?xml" else b""
    assert start
    pack_parts(path, {**parts_of(path), part: start + content})


BROKEN: dict[str, tuple[Break, str]] = {
    "merged cells": (
        on("metrics", lambda page: page.merge_cells("O2:P2")),
        "good.xlsx#metrics!O2: E707 the cells O2 to P2 are merged (unmerge them and fill each cell)",
    ),
    "a formula without a value": (
        cells("metrics", D2="=60+60"),
        "good.xlsx#metrics!D2: E708 a formula without a value"
        " (open the workbook in a spreadsheet program and save it, or type the value)",
    ),
    "an error": (
        cells("metrics", D2="#REF!"),
        "good.xlsx#metrics!D2: E709 the cell holds the error `#REF!`"
        " (correct the formula, or type the value)",
    ),
    "a zip bomb by its size": (
        bomb_by_size,
        "good.xlsx:1:1: E703 the workbook unpacks to more than 64 MiB"
        " (divide it into several workbooks)",
    ),
    "a zip bomb by its ratio": (
        bomb_by_ratio,
        "good.xlsx:1:1: E703 the workbook unpacks to more than 200 times its size"
        " (copy its cells into a new workbook)",
    ),
    "a zip bomb that lies about its size": (
        lying_size,
        f"{DAMAGED} (open it and save it again)",
    ),
    "a thousand parts": (
        many_parts,
        "good.xlsx:1:1: E703 the workbook has more than 1,000 parts"
        " (divide it into several workbooks)",
    ),
    "entities": (
        entities,
        "good.xlsx:1:1: E705 the workbook is damaged: its sheets cannot be read"
        " (open it and save it again)",
    ),
    "a sheet name misspelled": (
        renamed("metrics", "Metric"),
        "good.xlsx#Metric: E706 the sheet `Metric` is no part of the evidence"
        " (did you mean `metrics`?)",
    ),
    "a sheet of another kind": (
        renamed("surveys", "Sheet 1"),
        "good.xlsx#Sheet 1: E706 the sheet `Sheet 1` is no part of the evidence"
        " (delete it, or name it after what it holds: `inspection`, `team`, `carried-forward`,"
        " `not-graded`, `fieldwork`, `file-review-summary`, `file-review`, `metrics`, `surveys`,"
        " `previous`, `answers`, `moderation` or `challenges`)",
    ),
    "a date as text": (
        cells("metrics", F2="31/01/2020"),
        "good.xlsx#metrics!F2: E173 `31/01/2020` is not a date"
        " (write it such as 2016-03-31, or format the cell as a date)",
    ),
    "a date that is none": (
        cells("metrics", F2="2020-02-30"),
        "good.xlsx#metrics!F2: E123 there is no date `2020-02-30`"
        " (write it such as 2016-03-31, or format the cell as a date)",
    ),
    "a date as a number": (
        on("metrics", lambda page: page["F2"].__setattr__("number_format", "0")),
        "good.xlsx#metrics!F2: E711 expected a date, found the number `43831`"
        " (write it such as 2016-03-31, or format the cell as a date)",
    ),
    "a date with a time": (
        cells("metrics", F2=datetime.datetime(2020, 1, 1, 12, 30)),
        "good.xlsx#metrics!F2: E134 `2020-01-01 12:30:00` is a date with a time"
        " (write the date alone)",
    ),
    "a time of day": (
        cells("fieldwork", G2=datetime.time(12, 30)),
        "good.xlsx#fieldwork!G2: E711 a time of day or a length of time, `12:30:00`"
        " (format the cell as text and type it again)",
    ),
    "a text that became a date": (
        cells("metrics", A2=datetime.date(2020, 2, 1)),
        "good.xlsx#metrics!A2: E711 expected text, found the date `2020-02-01`"
        " (format the cell as text and type it again)",
    ),
    "a hidden row": (
        on("metrics", hide_row),
        "good.xlsx#metrics!A3: E710 row 3 is hidden (show it, or delete it)",
    ),
    "a hidden column": (
        on("metrics", hide_column),
        "good.xlsx#metrics!C1: E710 column C is hidden (show it, or delete it)",
    ),
    "a hidden sheet": (
        on("metrics", hide_sheet),
        "good.xlsx#metrics: E710 the sheet is hidden (show it, or delete it)",
    ),
    "a password": (
        locked,
        "good.xlsx:1:1: E702 the workbook needs a password (save it without a password)",
    ),
    "an old workbook": (
        lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        "good.xlsx:1:1: E701 this is a workbook of the old binary form (save it as .xlsx or .ods)",
    ),
    "no workbook": (
        lambda path: path.write_text("id,series\n"),
        "good.xlsx:1:1: E701 this is neither an XLSX nor an ODS workbook"
        " (save it as .xlsx, .ods or .csv)",
    ),
    "an archive of something else": (
        lambda path: pack_parts(path, {"word/document.xml": b"<a/>"}),
        "good.xlsx:1:1: E701 the archive holds no XLSX or ODS workbook"
        " (save the workbook as .xlsx or .ods)",
    ),
    "half a workbook": (
        lambda path: path.write_bytes(path.read_bytes()[:9_000]),
        f"{DAMAGED} (open it and save it again)",
    ),
    "a sheet that is cut short": (
        lambda path: patch(path, SHEET_PARTS["metrics"], "</worksheet>", ""),
        "good.xlsx:1:1: E705 the workbook is damaged: its sheets cannot be read"
        " (open it and save it again)",
    ),
    "one heading twice": (
        cells("metrics", R1="note"),
        "good.xlsx#metrics!R1: E153 the column `note` occurs twice"
        " (the first is at good.xlsx#metrics!Q1)",
    ),
    "a missing column": (
        on("metrics", no_column),
        "good.xlsx#metrics!A1: E152 missing column `series` (add it)",
    ),
    "a column that is not known": (
        cells("metrics", T1="colour"),
        "good.xlsx#metrics!T1: E151 unknown column `colour` (the columns are `id`, `series`,"
        " `body`, `value`, `unit`, `from`, `to`, `comparator`, `status`, `reason`, `numerator`,"
        " `denominator`, `release`, `heading`, `locator`, `caveats`, `note`, `definition` and"
        " `synthetic`)",
    ),
    "a misspelled column": (
        cells("metrics", D1="vlaue"),
        "good.xlsx#metrics!D1: E151 unknown column `vlaue` (did you mean `value`?)",
    ),
    "a cell under no heading": (
        cells("metrics", U3="see above"),
        "good.xlsx#metrics!U3: E715 a cell outside the headed columns"
        " (delete it, or head its column)",
    ),
    "a truth value for a text": (
        cells("metrics", J2=True),
        "good.xlsx#metrics!J2: E711 expected text, found the truth value `TRUE`"
        " (format the cell as text and type it again)",
    ),
    "a text for a figure": (
        cells("metrics", D2="1,200"),
        "good.xlsx#metrics!D2: E171 `1,200` is not a number"
        " (write digits and a point alone, such as 1234.5)",
    ),
    "a percentage of a count": (
        on("metrics", percent),
        "good.xlsx#metrics!D2: E712 the cell shows a percentage, 50%, and the unit is `count`"
        " (format the cell as a number and type it again)",
    ),
    "a percentage where none belongs": (
        cells("metrics", K2="50%"),
        "good.xlsx#metrics!K2: E712 the cell shows a percentage, 50%, where none belongs"
        " (format the cell as a number and type it again)",
    ),
    "half a respondent": (
        cells("surveys", G2=50.5),
        "good.xlsx#surveys!G2: E172 `50.5` is not a whole number"
        " (write it without a decimal point)",
    ),
    "a word that is none": (
        cells("fieldwork", C2="suports"),
        "good.xlsx#fieldwork!C2: E174 `suports` is not one of `supports`, `contradicts` or"
        " `neutral` (did you mean `supports`?)",
    ),
    "a cell like a book": (
        cells("metrics", Q2="a" * 20_001),
        "good.xlsx#metrics!Q2: E158 a cell of more than 20,000 characters (shorten it)",
    ),
    "a bidi override": (
        cells("metrics", Q2="\u202eabc"),
        "good.xlsx#metrics!Q2: E108 the character U+202E changes the direction of the text"
        " around it (delete it)",
    ),
    "a control character": (
        cells("metrics", Q2="a\u0085c"),
        "good.xlsx#metrics!Q2: E107 the control character U+0085 (delete it)",
    ),
    "spaces around a cell": (
        cells("metrics", Q2="abc "),
        "good.xlsx#metrics!Q2: E157 spaces around `abc` (remove them)",
    ),
    "macros": (
        added("xl/vbaProject.bin"),
        "good.xlsx:1:1: E704 the workbook contains macros"
        " (save it as .xlsx or .ods without macros)",
    ),
    "links to other workbooks": (
        added("xl/externalLinks/externalLink1.xml", b"<a/>"),
        "good.xlsx:1:1: E704 the workbook takes values from other files"
        " (break its links, so that it holds the values itself)",
    ),
    "a link to another workbook": (
        linked_cell,
        "good.xlsx#metrics!D2: E704 the formula takes its value from another file (type the value)",
    ),
    "a value from an address": (
        lambda path: formula(path, 'WEBSERVICE("https://example.org/")'),
        "good.xlsx#metrics!D2: E704 the formula takes its value from another file (type the value)",
    ),
    "rows that a filter hides": (
        on("metrics", hide_rows),
        "good.xlsx#metrics!A2: E710 rows 2 to 3 are hidden"
        " (show them, by clearing a filter if there is one, or delete them)",
    ),
    "two hidden rows with one between": (
        on("fieldwork", hide_apart),
        "good.xlsx#fieldwork!A2: E710 row 2 is hidden (show it, or delete it)\n"
        "good.xlsx#fieldwork!A4: E710 row 4 is hidden (show it, or delete it)",
    ),
    "a million rows": (
        on("metrics", far_row),
        "good.xlsx#metrics!A1048576: E159 more than 200,000 rows (divide it into several files)",
    ),
    "hundreds of columns": (
        on("metrics", far_column),
        "good.xlsx#metrics!ZZ2: E163 more than 200 columns (delete what stands beyond)",
    ),
    "a cell that must be filled": (
        cells("fieldwork", B2=None),
        "good.xlsx#fieldwork!B2: E170 the cell `topic` is empty (fill it)",
    ),
    "half a mitigation": (
        cells("fieldwork", H2="It was a holiday"),
        "good.xlsx#fieldwork!I2: E170 the cell `mitigation-weight` is empty (fill it)",
    ),
    "two inspections": (
        on("inspection", one_row_more),
        "good.xlsx#inspection!A3: E716 2 rows of one inspection (keep one)",
    ),
    "no inspection": (
        on("inspection", no_row),
        "good.xlsx#inspection: E716 no inspection (fill in the row below the headings)",
    ),
    "an empty sheet": (
        on("previous", lambda page: page.delete_rows(1, 3)),
        "good.xlsx#previous: E109 the sheet is empty (fill it, or delete it)",
    ),
    "an accepted check of no records": (
        accepted(B2=None),
        "good.xlsx#answers!B2: E170 the cell `records` is empty (fill it)",
    ),
    "an accepted check that nobody accepted": (
        accepted(D2=None),
        "good.xlsx#answers!D2: E170 the cell `by` is empty (fill it)",
    ),
    "a check accepted yesterday": (
        accepted(E2="yesterday"),
        "good.xlsx#answers!E2: E173 `yesterday` is not a date"
        " (write it such as 2016-03-31, or format the cell as a date)",
    ),
    # what the rule pack or the models find, told at the cell that it came from
    "a check by another name": (
        accepted(A2="Attendance times"),
        "good.xlsx#answers!A2: E207 `Attendance times` does not have the form it must have"
        " (write it as `attendance-times`: small letters and digits, with a hyphen between words)",
    ),
    "a record of an accepted check by another name": (
        accepted(B2="m-1; M 2"),
        "good.xlsx#answers!B2: E207 `M 2` does not have the form it must have"
        " (write it as `m-2`: small letters and digits, with a hyphen between words)",
    ),
    "a topic of no pack": (
        cells("fieldwork", B3="loafs"),
        "good.xlsx#fieldwork!B3: E403 unknown topic `loafs` (did you mean `loaves`?)",
    ),
    "a topic of the plan": (
        cells("inspection", M2="oven-heat; loafs"),
        "good.xlsx#inspection!M2: E403 unknown topic `loafs` (did you mean `loaves`?)",
    ),
    "a series of no pack": (
        cells("metrics", B2="loaves-bakd"),
        "good.xlsx#metrics!B2: E410 unknown series `loaves-bakd` (did you mean `loaves-baked`?)",
    ),
    "a caveat of no pack": (
        cells("metrics", P2="counted-by-hand;counted"),
        "good.xlsx#metrics!P2: E414 unknown caveat `counted` (did you mean `counted-by-hand`?)",
    ),
    "one id twice": (
        cells("metrics", A3="m-1"),
        "good.xlsx#metrics!A3: E408 two records have the id `m-1`"
        " (the first is at good.xlsx#metrics!A2)",
    ),
    "a record that is not there": (
        cells("fieldwork", J3="fw-1;fw-7"),
        "good.xlsx#fieldwork!J3: E404 unknown record `fw-7` (did you mean `fw-2`?)",
    ),
    "a severity of a strength": (
        cells("fieldwork", G2="minor"),
        "good.xlsx#fieldwork!A2: E209 only a record that contradicts has a `severity`",
    ),
    "a period reversed": (
        cells("metrics", G2=datetime.date(2019, 1, 31)),
        "good.xlsx#metrics!G2: E413 the period ends before it starts (exchange `from` and `to`)",
    ),
    "a name with capitals": (
        cells("fieldwork", A2="FW-1"),
        "good.xlsx#fieldwork!A2: E207 `FW-1` does not have the form it must have"
        " (write it as `fw-1`: small letters and digits, with a hyphen between words)",
    ),
    "a pack that is not there": (
        cells("inspection", E2="bakry"),
        "good.xlsx#inspection!E2: E417 there is no rule pack `bakry` (did you mean `bakery`?)",
    ),
}


def number(lines: str) -> str:
    count = lines.count("\n") + 1
    return "1 problem" if count == 1 else f"{count} problems"


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_workbook_is_told_at_its_cell_with_a_remedy(
    name: str, good: Path, home: Path, grading: Grading
) -> None:
    break_it, line = BROKEN[name]
    break_it(good)
    before = tree(home)
    told = grading("evidence", "import", "good.xlsx", "--into", "new")
    assert told == Told(3, "", f"{line}\n{number(line)}; nothing was written\n")
    assert tree(home) == before
    assert sorted(path.name for path in home.iterdir()) == ["evidence", "good.xlsx", "rules"]


OF_THE_CONTAINER = {
    *("a zip bomb by its size", "a zip bomb by its ratio", "a zip bomb that lies about its size"),
    *("a thousand parts", "entities", "a password", "an old workbook", "no workbook"),
    *("an archive of something else", "half a workbook", "a sheet that is cut short", "macros"),
    *("links to other workbooks", "a link to another workbook", "a value from an address"),
}
"""What is broken otherwise in ODS: the table `OF_THE_ODS_CONTAINER` has those."""


@pytest.mark.parametrize("name", sorted(set(BROKEN) - OF_THE_CONTAINER))
def test_what_is_broken_in_xlsx_is_told_of_ods_at_the_same_cell(
    name: str, good: Path, home: Path, grading: Grading
) -> None:
    break_it, line = BROKEN[name]
    break_it(good)
    as_ods(good, home / "good.ods")
    before = tree(home)
    told = grading("evidence", "import", "good.ods", "--into", "new")
    line = line.replace("good.xlsx", "good.ods")
    assert told == Told(3, "", f"{line}\n{number(line)}; nothing was written\n")
    assert tree(home) == before


def test_macros_in_the_name_of_a_file_are_refused(home: Path, grading: Grading) -> None:
    (home / "x.xlsm").write_bytes(b"PK")
    (home / "x.pdf").write_bytes(b"%PDF")
    told = grading("evidence", "import", "x.xlsm", "x.pdf", "none.xlsx", "--into", "new")
    assert told.problems == [
        "none.xlsx:1:1: E101 there is no such file (check its name and folder)",
        "x.pdf:1:1: E701 files whose names end with `.pdf` are not read"
        " (save it as .xlsx, .ods or .csv)",
        "x.xlsm:1:1: E704 the workbook may contain macros (save it as .xlsx or .ods without macros)",
    ]


def test_what_is_no_workbook_by_its_name_says_what_to_do(home: Path, grading: Grading) -> None:
    (home / "notes").write_text("x")
    files = ("evidence", "evidence/fieldwork.yaml", "notes")
    assert grading("evidence", "import", *files, "--into", "new").problems == [
        "evidence:1:1: E102 this is a folder, not a file (name the workbooks or tables in it)",
        "evidence/fieldwork.yaml:1:1: E701 files whose names end with `.yaml` are not read"
        " (copy it into the folder of evidence as it is)",
        "notes:1:1: E701 the name does not say what kind of file this is"
        " (save it as .xlsx, .ods or .csv)",
    ]


ODS_BROKEN: dict[str, tuple[str, dict[str, str], str]] = {
    "a table within a table": (
        sheet("team", f"<table:table-cell>{sheet('other', EMPTY)}</table:table-cell>"),
        {},
        "x.ods:1:1: E705 the workbook is damaged: its sheets cannot be read"
        " (open it and save it again)",
    ),
    "a link to another file": (
        sheet(
            "team",
            words("role", "did"),
            words("cook") + "<table:table-cell table:formula=\"of:='file:///x.ods'#$a.A1\""
            ' office:value-type="string"><text:p>baked</text:p></table:table-cell>',
        ),
        {},
        "x.ods#team!B2: E704 the formula takes its value from another file (type the value)",
    ),
    "a formula without a value": (
        sheet(
            "team", words("role", "did"), words("cook") + '<table:table-cell table:formula="=1"/>'
        ),
        {},
        "x.ods#team!B2: E708 a formula without a value"
        " (open the workbook in a spreadsheet program and save it, or type the value)",
    ),
    "a cell that is repeated a million times": (
        sheet(
            "team",
            words("role", "did"),
            '<table:table-cell table:number-columns-repeated="999999" office:value-type="string">'
            "<text:p>x</text:p></table:table-cell>",
        ),
        {},
        "x.ods#team!A2: E163 more than 200 columns (delete what stands beyond)",
    ),
}


@pytest.mark.parametrize("name", ODS_BROKEN)
def test_a_broken_ods_workbook_is_told_at_its_cell(name: str, home: Path, grading: Grading) -> None:
    tables, others, line = ODS_BROKEN[name]
    ods(home / "x.ods", content_xml(tables), **others)
    told = grading("evidence", "import", "x.ods", "--into", "evidence")
    assert line in told.problems
    assert {problem.split()[1] for problem in told.problems} <= {line.split()[1], "E170", "E716"}
    assert told.code == 3


DAMAGED_ODS = "good.ods:1:1: E705 the workbook is damaged"
OF_THE_ODS_CONTAINER: dict[str, tuple[Break, str]] = {
    "a zip bomb by its size": (
        bomb_by_size,
        "good.ods:1:1: E703 the workbook unpacks to more than 64 MiB"
        " (divide it into several workbooks)",
    ),
    "a zip bomb by its ratio": (
        bomb_by_ratio,
        "good.ods:1:1: E703 the workbook unpacks to more than 200 times its size"
        " (copy its cells into a new workbook)",
    ),
    "a zip bomb that lies about its size": (
        lying_size,
        f"{DAMAGED_ODS}: its archive cannot be unpacked (open it and save it again)",
    ),
    "a thousand parts": (
        many_parts,
        "good.ods:1:1: E703 the workbook has more than 1,000 parts"
        " (divide it into several workbooks)",
    ),
    "entities": (
        lambda path: patch(
            path, "content.xml", "<office:document-content", f"{BOMB}<office:document-content"
        ),
        f"{DAMAGED_ODS}: its sheets cannot be read (open it and save it again)",
    ),
    "a password": (
        added("META-INF/manifest.xml", b"<manifest><encryption-data/></manifest>"),
        "good.ods:1:1: E702 the workbook needs a password (save it without a password)",
    ),
    "a password that hides even the parts": (
        lambda path: pack_parts(
            path,
            {
                "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                "META-INF/manifest.xml": b"<manifest><encryption-data/></manifest>",
                "encrypted-package": b"?" * 600,
            },
        ),
        "good.ods:1:1: E702 the workbook needs a password (save it without a password)",
    ),
    "an old workbook": (
        lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        "good.ods:1:1: E701 this is a workbook of the old binary form (save it as .xlsx or .ods)",
    ),
    "no workbook": (
        lambda path: path.write_text("id,series\n"),
        "good.ods:1:1: E701 this is neither an XLSX nor an ODS workbook"
        " (save it as .xlsx, .ods or .csv)",
    ),
    "a text document": (
        added("mimetype", b"application/vnd.oasis.opendocument.text"),
        "good.ods:1:1: E701 the archive holds no XLSX or ODS workbook"
        " (save the workbook as .xlsx or .ods)",
    ),
    "half a workbook": (
        lambda path: path.write_bytes(path.read_bytes()[:1_500]),
        f"{DAMAGED_ODS}: its archive cannot be unpacked (open it and save it again)",
    ),
    "a sheet that is cut short": (
        lambda path: patch(path, "content.xml", "</office:document-content>", ""),
        f"{DAMAGED_ODS}: its sheets cannot be read (open it and save it again)",
    ),
    "macros": (
        added("Basic/Standard/Module1.xml", b"<a/>"),
        "good.ods:1:1: E704 the workbook contains macros (save it as .xlsx or .ods without macros)",
    ),
    "a sheet of another file": (
        lambda path: patch(
            path,
            "content.xml",
            '<table:table table:name="metrics">',
            '<table:table table:name="metrics"><table:table-source/>',
        ),
        "good.ods#metrics: E704 the sheet takes its cells from another file"
        " (break its link, so that it holds the values itself)",
    ),
    "a link to another workbook": (
        lambda path: ods_formula(path, "of:='file:///a.ods'#$a.A1"),
        "good.ods#metrics!D2: E704 the formula takes its value from another file (type the value)",
    ),
    "a value from an address": (
        lambda path: ods_formula(path, "of:=WEBSERVICE(&quot;https://example.org&quot;)"),
        "good.ods#metrics!D2: E704 the formula takes its value from another file (type the value)",
    ),
}


def ods_formula(path: Path, said: str) -> None:
    """The cell D2 of the metrics has a formula, and the value that a program worked out."""
    old = 'office:value="120"'
    patch(path, "content.xml", old, f'{old} table:formula="{said}"')


@pytest.mark.parametrize("name", OF_THE_ODS_CONTAINER)
def test_an_ods_file_that_is_broken_is_told_with_a_remedy(
    name: str, good: Path, home: Path, grading: Grading
) -> None:
    as_ods(good, home / "good.ods")
    assert grading("evidence", "import", "good.ods", "--into", "evidence").code == 0
    break_it, line = OF_THE_ODS_CONTAINER[name]
    break_it(home / "good.ods")
    before = tree(home)
    told = grading("evidence", "import", "good.ods", "--into", "new")
    assert told == Told(3, "", f"{line}\n1 problem; nothing was written\n")
    assert tree(home) == before


def test_every_kind_of_broken_workbook_is_tried_in_both_forms() -> None:
    elsewhere = {"an archive of something else", "links to other workbooks"}
    assert OF_THE_CONTAINER - set(OF_THE_ODS_CONTAINER) == elsewhere  # a text document; a sheet


def test_line_breaks_spaces_and_remarks_of_ods_are_read_as_they_are_shown(home: Path) -> None:
    cell = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>no</text:p>'
        '</office:annotation><text:p>a<text:line-break/>b<text:s text:c="2"/>c<text:tab/>d</text:p>'
        "<text:p>e</text:p></table:table-cell>"
    )
    book = ods(home / "x.ods", content_xml(sheet("team", cell))).read_bytes()
    _, grids, problems = read_workbook(book, "x.ods", frozenset({"team"}))
    assert problems == []
    assert [cell.value for cell in grids["team"].values()] == ["a\nb  c\td\ne"]


def test_every_code_of_spreadsheets_is_shown_by_a_test() -> None:
    lines = [line for _, line in BROKEN.values()] + [line for _, _, line in ODS_BROKEN.values()]
    shown = {code for line in lines for code in re.findall(r": (E7\d\d) ", line)}
    elsewhere = {"E713", "E714", "E717", "E718", "E719", "E720"}
    assert shown | elsewhere == {code for code in CODES if code.startswith("E7")}
