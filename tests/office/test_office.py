"""Workbooks made by LibreOffice, not by the library that reads them here.

These tests need `soffice`; run them with `python -m pytest tests/office`.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.sheets import (
    EMPTY,
    FODS,
    INSPECTION_SHEET,
    METRIC_HEADS,
    RULES,
    bakery_book,
    day,
    durham,
    durham_book,
    figure,
    sheet,
    tree,
    words,
)
from tests.test_bad_input import Grading, Told, grading, home
from tests.test_broken_sheets import BROKEN, OF_THE_CONTAINER, number

__all__ = ["bakery_book", "durham", "durham_book", "grading", "home"]


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_durham_survives_another_spreadsheet_program(
    form: str, durham: Path, tmp_path: Path, grading: Grading
) -> None:
    before = tree(durham)
    office(tmp_path, form, tmp_path / "durham.xlsx")
    told = grading("evidence", "import", f"office/durham.{form}", "--into", "durham", *RULES)
    assert (told.code, told.err) == (0, "")
    assert tree(durham) == before


def office(folder: Path, form: str, *documents: Path) -> None:
    """LibreOffice has saved the documents in this form, in the folder `office`."""
    command = (
        *("soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"),
        *("--convert-to", form, "--outdir", str(folder / "office"), *map(str, documents)),
    )
    done = subprocess.run(command, capture_output=True, timeout=300, check=True)
    for document in documents:
        assert (folder / "office" / f"{document.stem}.{form}").is_file(), done.stderr


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_a_workbook_of_a_spreadsheet_program_becomes_evidence(
    form: str, home: Path, grading: Grading
) -> None:
    sold = words("m-2", "loaves-sold", "crumb") + figure("0.955", "percent", "percentage")
    text = words("m-3", "loaves-sold", "crumb", "16.40%", "percent") + day("2020-02-01")
    metrics = sheet(
        "metrics",
        METRIC_HEADS,
        words("m-1", "loaves-baked", "crumb")
        + figure("120")
        + words("count")
        + day("2020-01-01")
        + words("2020-01-31", "no", "ok", "", "", "", "")
        + words("Loaves", "", "counted-by-hand"),
        sold
        + words("percent")
        + day("2020-01-01")
        + day("2020-01-31")
        + words("no", "ok", "")
        + figure("191")
        + words("200")
        + figure("2020")
        + words("Loaves, “sold”"),
        text + day("2020-02-29") + words("yes", "ok", "", "", "", "", "Loaves"),
        words("m-4", "loaves-baked", "crumb")
        + figure("16", "two")
        + words("count", "", "", "no", "ok", "", "", "", "", "Loaves", "", "", "one\ntwo"),
    )
    fieldwork = sheet(
        "fieldwork",
        words("id", "topic", "direction", "extent", "method", "date", "statement", "heading"),
        words("fw-1", "oven-heat", "supports", "all", "observation")
        + day("2020-03-01")
        + words("yes: 100 # hot", "Ovens"),
        EMPTY,
        words("fw-2", "loaves", "supports", "", "interview", "", "Loaves, as a rule", "2020"),
    )
    (home / "hand.fods").write_text(
        FODS.replace("TABLES", INSPECTION_SHEET + metrics + fieldwork), "utf-8"
    )
    office(home, form, home / "hand.fods")
    told = grading("evidence", "import", f"office/hand.{form}", "--into", "new")
    assert (told.code, told.err) == (0, "")
    assert {name: text.decode() for name, text in tree(home / "new").items()} == {
        "inspection.yaml": (
            "id: crumb-2020\n"
            "body: crumb\n"
            "body-name: Crumb & Sons\n"
            "framework: bakery\n"
            "pack: bakery\n"
            "fieldwork:\n"
            "  from: 2020-03-01\n"
            "  to: 2020-03-02\n"
            "as-of: 2020-06-30\n"
            'source: "Made up: for these tests"\n'
            "plan:\n"
            "  coverage: full\n"
            "  searched: [oven-heat, loaves]\n"
        ),
        "metrics.csv": (
            "id,series,body,value,unit,from,to,comparator,status,reason,numerator,denominator,"
            "release,heading,locator,caveats,note\n"
            "m-1,loaves-baked,crumb,120,count,2020-01-01,2020-01-31,no,ok,,,,,Loaves,,"
            "counted-by-hand,\n"
            "m-2,loaves-sold,crumb,95.5,percent,2020-01-01,2020-01-31,no,ok,,191,200,2020,"
            '"Loaves, “sold”",,,\n'
            "m-3,loaves-sold,crumb,16.40,percent,2020-02-01,2020-02-29,yes,ok,,,,,Loaves,,,\n"
            'm-4,loaves-baked,crumb,16.00,count,,,no,ok,,,,,Loaves,,,"one\ntwo"\n'
        ),
        "fieldwork.yaml": (
            "records:\n"
            "  - id: fw-1\n"
            "    topic: oven-heat\n"
            "    direction: supports\n"
            "    extent: all\n"
            "    method: observation\n"
            "    date: 2020-03-01\n"
            '    statement: "yes: 100 # hot"\n'
            "    heading: Ovens\n"
            "  - id: fw-2\n"
            "    topic: loaves\n"
            "    direction: supports\n"
            "    method: interview\n"
            "    statement: Loaves, as a rule\n"
            '    heading: "2020"\n'
        ),
    }


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_a_broken_workbook_of_a_spreadsheet_program_is_told_cell_by_cell(
    form: str, home: Path, grading: Grading
) -> None:
    merged = (
        '<table:table-cell office:value-type="string" table:number-columns-spanned="2"'
        ' table:number-rows-spanned="1"><text:p>team</text:p></table:table-cell>'
        "<table:covered-table-cell/>"
    )
    metrics = sheet(
        "metrics",
        METRIC_HEADS,
        words("m-1", "loaves-baked", "crumb")
        + '<table:table-cell table:formula="of:=1/0"/>'
        + words("count", "31/01/2020", "", "no", "ok", "", "", "", "", "Loaves"),
        words("m-2", "loaves-baked", "crumb")
        + figure("0.164", "percent", "percentage")
        + words("count", "", "", "no", "ok", "", "", "", "", "Loaves"),
        words("m-3", "loaves-baked", "crumb", "7", "count", "", "", "no", "ok", "", "", "")
        + words("", "Loaves"),
        hidden=frozenset({4}),
    )
    team = sheet("team", words("role", "did"), merged)
    (home / "hand.fods").write_text(
        FODS.replace("TABLES", INSPECTION_SHEET + metrics + team), "utf-8"
    )
    office(home, form, home / "hand.fods")
    told = grading("evidence", "import", f"office/hand.{form}", "--into", "new")
    book = f"office/hand.{form}"
    assert (told.code, told.out) == (3, "")
    assert told.err.splitlines() == [
        f"{book}#metrics!D2: E709 the cell holds the error `#DIV/0!`"
        " (correct the formula, or type the value)",
        f"{book}#metrics!F2: E173 `31/01/2020` is not a date"
        " (write it such as 2016-03-31, or format the cell as a date)",
        f"{book}#metrics!D3: E712 the cell shows a percentage, 16.4%, and the unit is `count`"
        " (format the cell as a number and type it again)",
        f"{book}#metrics!A4: E710 row 4 is hidden (show it, or delete it)",
        f"{book}#team!A2: E707 the cells A2 to B2 are merged (unmerge them and fill each cell)",
        f"{book}#team!B2: E170 the cell `did` is empty (fill it)",
        "6 problems; nothing was written",
    ]
    assert not (home / "new").exists()


MENDED = {
    "a formula without a value": "the program works the value out",
    "a truth value for a text": "the program makes it the number 1",
}
TRIED = sorted(set(BROKEN) - OF_THE_CONTAINER - set(MENDED))


@pytest.fixture(scope="session")
def broken(tmp_path_factory: pytest.TempPathFactory, bakery_book: bytes) -> Path:
    """A folder with each broken workbook as the spreadsheet program has saved it, in both forms."""
    folder = tmp_path_factory.mktemp("broken")
    for i, name in enumerate(TRIED):
        (folder / f"{i}.xlsx").write_bytes(bakery_book)
        BROKEN[name][0](folder / f"{i}.xlsx")
    documents = sorted(folder.glob("*.xlsx"))
    for form in ("xlsx", "ods"):
        office(folder, form, *documents)
    return folder / "office"


@pytest.mark.parametrize("form", ["xlsx", "ods"])
@pytest.mark.parametrize("name", TRIED)
def test_what_is_broken_is_told_alike_after_a_spreadsheet_program_has_saved_it(
    name: str, form: str, broken: Path, home: Path, grading: Grading
) -> None:
    book = broken / f"{TRIED.index(name)}.{form}"
    line = BROKEN[name][1].replace("good.xlsx", str(book))
    told = grading("evidence", "import", str(book), "--into", "new")
    assert told == Told(3, "", f"{line}\n{number(line)}; nothing was written\n")
