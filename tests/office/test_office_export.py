"""Exported tables opened by LibreOffice: every text comes back as text, and nothing is computed.

These tests need `soffice`; run them with `python -m pytest tests/office`.
"""

from __future__ import annotations

import csv
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest

from grading.record.exports.csv_tables import csv_tables, unguarded
from grading.record.exports.tables import Table, tables_of
from grading.record.exports.xlsx import xlsx
from tests.exports import MADE_UP, run

HOSTILE = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    '=HYPERLINK("x","y")',
    "=cmd|'/c calc'!A0",
    " =1+1",
    "\t=1+1",
    "'=1+1",
    "＝1+1",
    '"=1+1"',
    'a,"b"',
    "_x0041_",
    "ä – “é”",
    "<b>&amp;</b>",
)
TABLE = Table("evidence", ("says", "value"), tuple((text, Decimal("-0.40")) for text in HOSTILE))


def opened(document: Path, profile: Path) -> list[list[str]]:
    """The first sheet of a document as LibreOffice shows it, opened without a warning."""
    out = document.parent / "opened"
    command = (
        *("soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"),
        "--infilter=CSV:44,34,76,1" if document.suffix == ".csv" else "--norestore",
        *("--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"),
        *("--outdir", str(out), str(document)),
    )
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    told = [line for line in done.stderr.splitlines() if "javaldx" not in line]
    assert told == []
    with (out / f"{document.stem}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("profile")


def test_no_cell_of_a_csv_table_is_computed(tmp_path: Path, profile: Path) -> None:
    path = tmp_path / "evidence.csv"
    path.write_bytes(csv_tables([TABLE])["evidence.csv"])
    head, *rows = opened(path, profile)
    assert head == ["says", "value"]
    assert [unguarded(row[0]) for row in rows] == list(HOSTILE)
    assert {Decimal(row[1]) for row in rows} == {Decimal("-0.40")}


def test_no_cell_of_a_workbook_is_computed(tmp_path: Path, profile: Path) -> None:
    path = tmp_path / "evidence.xlsx"
    path.write_bytes(xlsx([TABLE]))
    head, *rows = opened(path, profile)
    assert head == ["says", "value"]
    assert rows == [[text, "-0.40"] for text in HOSTILE]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_run_opens_as_it_was_written(form: str, tmp_path: Path, profile: Path) -> None:
    table = next(t for t in tables_of(run(MADE_UP)) if t.name == "evidence")
    path = tmp_path / f"evidence.{form}"
    path.write_bytes(csv_tables([table])["evidence.csv"] if form == "csv" else xlsx([table]))
    head, *rows = opened(path, profile)
    assert head == list(table.columns)
    assert [[unguarded(cell) for cell in row] for row in rows] == [
        ["" if cell is None else str(cell) for cell in row] for row in table.rows
    ]
