"""Spreadsheets in and out: what is read, what is refused and where, and that nothing is lost."""

from __future__ import annotations

import datetime
import json
import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.commands.common import load
from grading.evidence.sheets.cells import Cell, SheetRow
from grading.evidence.sheets.columns import SHEETS, Column
from grading.evidence.sheets.look import ERRORS, Format, format_of
from grading.evidence.sheets.making import workbook
from grading.evidence.sheets.rows import flat
from grading.evidence.sheets.sources import Read, take_workbook
from grading.evidence.sheets.typed import typed
from grading.evidence.sheets.workbook import read_workbook
from grading.evidence.sheets.written import csv_text, yaml_text
from grading.problems import BadInput, Place, Problem, column_letters
from grading.source import parse_csv, parse_yaml
from tests.sheets import (
    BAKERY,
    ROOT,
    RULES,
    bakery_book,
    change,
    content,
    content_xml,
    durham,
    durham_book,
    edit,
    figure,
    good,
    ods,
    sheet,
    stamps,
    tree,
    words,
)
from tests.test_bad_input import Grading, Told, grading, home, swap

__all__ = ["bakery_book", "durham", "durham_book", "good", "grading", "home"]

SHIPPED = sorted(
    path.parent.relative_to(ROOT / "evidence").as_posix()
    for path in ROOT.glob("evidence/*/*/inspection.yaml")
)

# out and in again: nothing is lost


def there_and_back(folder: Path, tmp_path: Path, grading: Grading) -> None:
    """Out and into a new folder it is the same; into its own, it is not even touched."""
    book, again, into = (str(tmp_path / name) for name in ("x.xlsx", "y.xlsx", "into"))
    assert grading("evidence", "export", str(folder), "--out", book, *RULES) == Told(0, "", "")
    told = grading("evidence", "import", book, "--into", into, *RULES)
    assert (told.code, told.err) == (0, "")
    before, after = (load(path, None, ROOT / "rules")[0] for path in (folder, Path(into)))
    assert content(after) == content(before)
    assert len(before.every()) > 2
    assert grading("evidence", "export", into, "--out", again, *RULES) == Told(0, "", "")
    assert Path(again).read_bytes() == Path(book).read_bytes()
    for path in (folder, Path(into)):
        files, seen = tree(path), stamps(path)
        told = grading("evidence", "import", book, "--into", str(path), *RULES)
        assert (told.code, told.err) == (0, "")
        assert {line.split()[0] for line in told.out.splitlines()} == {"unchanged"}
        assert (tree(path), stamps(path)) == (files, seen)


@pytest.mark.parametrize("name", SHIPPED)
def test_evidence_goes_out_and_comes_in_again_as_the_same(
    name: str, tmp_path: Path, grading: Grading
) -> None:
    shutil.copytree(ROOT / "evidence" / name, tmp_path / "own")
    there_and_back(tmp_path / "own", tmp_path, grading)


ANSWERS = """\
# What was found and accepted.
answers:
  - {check: C101, records: [m-048, m-015], accepted-because: "both: as printed", by: lead, date: 2017-03-01}
  - check: attendance-times
    records:
      - ic-036
      - ic-037
      - m-117
    accepted-because: The figure was never printed
    by: analyst
    date: 2017-03-02
"""


def test_accepted_checks_go_out_and_come_in_again_as_the_same(
    durham: Path, tmp_path: Path, grading: Grading
) -> None:
    (durham / "answers.yaml").write_text(ANSWERS)
    there_and_back(durham, tmp_path, grading)
    page = openpyxl.load_workbook(tmp_path / "x.xlsx")["answers"]
    day = datetime.datetime
    assert [[cell.value for cell in row] for row in page] == [
        ["check", "records", "accepted-because", "by", "date"],
        ["C101", "m-048;m-015", "both: as printed", "lead", day(2017, 3, 1)],
        [
            *("attendance-times", "ic-036;ic-037;m-117"),
            *("The figure was never printed", "analyst", day(2017, 3, 2)),
        ],
    ]
    assert (tmp_path / "into" / "answers.yaml").read_text() == (
        "answers:\n"
        "  - check: C101\n"
        "    records: [m-048, m-015]\n"
        '    accepted-because: "both: as printed"\n'
        "    by: lead\n"
        "    date: 2017-03-01\n"
        "  - check: attendance-times\n"
        "    records: [ic-036, ic-037, m-117]\n"
        "    accepted-because: The figure was never printed\n"
        "    by: analyst\n"
        "    date: 2017-03-02\n"
    )
    for folder in (durham, tmp_path / "into"):
        told = grading("evidence", "check", str(folder), *RULES)
        assert "; 2 answered" in told.out.splitlines()[-1]


def test_an_accepted_check_that_is_there_is_not_lost(
    durham: Path, tmp_path: Path, grading: Grading
) -> None:
    (durham / "answers.yaml").write_text(ANSWERS)
    book = str(tmp_path / "x.xlsx")
    assert grading("evidence", "export", "durham", "--out", book, *RULES).code == 0
    edit(Path(book), "answers", B2="m-015; m-048", D2="chief", B3="ic-036;ic-037")
    told = grading("evidence", "import", book, "--into", "durham", *RULES)
    assert told.problems == [
        "durham/answers.yaml:4:5: E714 the answer `attendance-times ic-036 ic-037 m-117` is not in"
        " the sheet `answers` (add its row, or delete the answer here first)"
    ]
    assert (durham / "answers.yaml").read_text() == ANSWERS
    edit(Path(book), "answers", B3="m-117 ;ic-037; ic-036")
    told = grading("evidence", "import", book, "--into", "durham", *RULES)
    assert (told.code, told.err) == (0, "")
    assert [line for line in told.out.splitlines() if "written" in line] == [
        "written    durham/answers.yaml"
    ]
    assert "    by: chief\n" in (durham / "answers.yaml").read_text()


def test_what_was_looked_for_and_not_found_goes_out_and_comes_in_again(
    durham: Path, tmp_path: Path, grading: Grading
) -> None:
    """A kind of evidence that was gathered and is empty is not one that nobody gathered."""
    for name in ("previous.yaml", "file-review-summary.yaml"):
        (durham / name).write_text("# none of them\nrecords: []\n")
    table = (durham / "surveys.csv").read_text().splitlines()[0]
    (durham / "surveys.csv").write_text(f"{table}\n")
    for path in durham.glob("fieldwork-*.yaml"):
        path.unlink()
    (durham / "fieldwork-visits.yaml").write_text("records: []\n")
    there_and_back(durham, tmp_path, grading)
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    for name in ("fieldwork", "file-review-summary", "surveys", "previous"):
        assert [cell.value for cell in book[name]["A"]] == ["id", "none"]
    assert [cell.value for cell in book["file-review"]["A"]] == ["id"]
    assert sorted(path.name for path in (tmp_path / "into").iterdir()) == [
        *("fieldwork.yaml", "file-review-summary.yaml", "inspection.yaml", "metrics.csv"),
        *("previous.yaml", "surveys.csv"),
    ]


def test_a_sheet_that_says_none_does_not_do_away_with_what_is_there(
    good: Path, home: Path, grading: Grading
) -> None:
    change(good, lambda book: book["previous"].delete_rows(2, 9))
    edit(good, "previous", A2="none")
    before = tree(home / "evidence")
    told = grading("evidence", "import", "good.xlsx", "--into", "evidence")
    assert told.problems == [
        f"evidence/previous.yaml:{line}:5: E714 the record `pv-{number}` is not in the sheet"
        " `previous` (add its row, or delete the record here first)"
        for number, line in ((1, 2), (2, 9))
    ]
    assert tree(home / "evidence") == before


@pytest.mark.parametrize("sheet", ["answers", "inspection", "team"])
def test_only_a_kind_of_evidence_can_be_said_to_be_empty(
    sheet: str, good: Path, home: Path, grading: Grading
) -> None:
    change(good, lambda book: book[sheet].delete_rows(2, 9))
    edit(good, sheet, A2="none")
    told = grading("evidence", "import", "good.xlsx", "--into", "new")
    assert told.code == 3
    assert told.problems[0].startswith(f"good.xlsx#{sheet}!B2: E170 ")


def test_what_a_second_import_finds_it_does_not_touch(
    good: Path, home: Path, grading: Grading
) -> None:
    first = grading("evidence", "import", "good.xlsx", "--into", "new")
    names = (
        *("fieldwork.yaml", "file-review-summary.yaml", "inspection.yaml"),
        *("metrics.csv", "previous.yaml", "surveys.csv"),
    )
    assert first == Told(0, "".join(f"written    new/{name}\n" for name in names), "")
    files, seen = tree(home / "new"), stamps(home / "new")
    second = grading("evidence", "import", "good.xlsx", "--into", "new")
    assert second == Told(0, "".join(f"unchanged  new/{name}\n" for name in names), "")
    assert (tree(home / "new"), stamps(home / "new")) == (files, seen)


def test_files_that_say_the_same_in_other_words_are_left_as_they_are(
    durham: Path, grading: Grading
) -> None:
    """Durham's fieldwork stands in five files with comments; the workbook has one sheet."""
    before = tree(durham)
    told = grading("evidence", "import", "durham.xlsx", "--into", "durham", *RULES)
    assert (told.code, told.err) == (0, "")
    assert {line.split()[0] for line in told.out.splitlines()} == {"unchanged"}
    assert tree(durham) == before


def test_a_corrected_cell_changes_its_file_alone(good: Path, home: Path, grading: Grading) -> None:
    before = tree(home / "evidence")
    edit(good, "metrics", D2=130)
    told = grading("evidence", "import", "good.xlsx", "--into", "evidence", "--format", "json")
    assert json.loads(told.out)["changed"] == ["metrics.csv"]
    after = tree(home / "evidence")
    old = before.pop("metrics.csv")
    assert after.pop("metrics.csv") == old.replace(b",120,", b",130,")
    assert after == before


def test_what_no_workbook_can_hold_is_told_and_not_written(home: Path, grading: Grading) -> None:
    swap("evidence/fieldwork.yaml", "Each oven was hot", '" Each oven was hot"')(home)
    told = grading("evidence", "export", "evidence", "--out", "x.xlsx")
    assert (told.code, told.out) == (3, "")
    assert told.problems == [
        "fieldwork.yaml:1:1: E718 the record `fw-1` does not fit in a workbook:"
        " spaces around `Each oven was hot` (remove them)"
    ]
    assert not (home / "x.xlsx").exists()


def test_a_carriage_return_does_not_get_lost_silently(home: Path, grading: Grading) -> None:
    swap("evidence/fieldwork.yaml", "Each oven was hot", '"Each oven\\r was hot"')(home)
    told = grading("evidence", "export", "evidence", "--out", "x.xlsx")
    assert (told.code, told.problems) == (
        3,
        [
            "evidence/fieldwork.yaml:1:1: E718 a text of `fieldwork.yaml` does not survive in a"
            " workbook (take out semicolons in lists, carriage returns and empty lists)"
        ],
    )


# what the library that reads would not say


def test_the_reading_library_is_as_its_wall_says(home: Path) -> None:
    breaks = '<table:table-cell office:value-type="string"><text:p>a<text:line-break/>b</text:p>'
    tables = sheet(
        "team",
        figure("0.164", "percent", "percentage") + breaks + "</table:table-cell>",
        words("seen"),
        words("hidden"),
        hidden=frozenset({3}),
    )
    book = python_calamine.load_workbook(str(ods(home / "x.ods", content_xml(tables))))
    assert book.get_sheet_by_name("team").to_python(skip_empty_area=False) == [
        [0.164, "ab"],
        ["seen", ""],
        ["hidden", ""],
    ]
    made = openpyxl.Workbook()
    page = made.worksheets[0]
    page["A1"], page["B1"], page["C3"] = "=1+1", "#REF!", "far"
    made.save(home / "x.xlsx")
    read = python_calamine.load_workbook(str(home / "x.xlsx")).get_sheet_by_index(0)
    assert read.to_python(skip_empty_area=False) == [["", "", ""], ["", "", ""], ["", "", "far"]]


# figures: as they are shown


@pytest.mark.parametrize(
    ("value", "form", "unit", "read"),
    [
        (0.164, "0.0%", "percent", "16.4"),
        (0.164, "0%", "percent", "16.4"),
        (0.16, "0.0%", "percent-change", "16.0"),
        (-0.034, "0.0%", "percentage-points", "-3.4"),
        (0.28999999999999998, "0.00%", "percent", "29.00"),
        (16.4, "General", "percent", "16.4"),
        (16, "0.0", "percent", "16.0"),
        (16.44, "0.0", "percent", "16.44"),
        (1234.5, "#,##0.00", "count", "1234.50"),
        (40, '0" per cent"', "count", "40"),
        (40, "0.0##", "count", "40.0"),
        (0.1 + 0.2, "General", "ratio", "0.3"),
        (123456789012345, "General", "count", "123456789012345"),
        (0.000001, "General", "ratio", "0.000001"),
        (0, "0.00", "count", "0.00"),
        ("16.40", "@", "percent", "16.40"),
        ("16.40%", "@", "percent", "16.40"),
        ("16.4 %", "@", "percent", "16.4"),
    ],
)
def test_a_figure_is_read_as_it_is_shown(
    value: str | float, form: str, unit: str, read: str, home: Path
) -> None:
    made = openpyxl.Workbook()
    page = made.worksheets[0]
    page.title = "metrics"
    page["A1"].value = value
    page["A1"].number_format = form
    made.save(home / "x.xlsx")
    content = (home / "x.xlsx").read_bytes()
    _, grids, problems = read_workbook(content, "x.xlsx", frozenset({"metrics"}))
    assert problems == []
    place = Place("x.xlsx", 2, 1, sheet="metrics")
    cells = {"value": grids["metrics"][1, 1], "unit": Cell(unit, place)}
    found = typed(SheetRow(place, cells, {}), Column(("value",), "number"))
    assert isinstance(found, Decimal)
    assert str(found) == format(found, "f") == read


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("General", Format()),
        ("0", Format()),
        ("0.00", Format(places=2)),
        ("0.0%;[Red]-0.00%", Format(True, 1)),
        ('0.0" %"', Format(places=1)),
        ("0.0\\%", Format(places=1)),
        ("0.00E+00", Format()),
        ("yyyy-mm-dd", Format()),
        ("mm:ss.0", Format()),
        ("[$£-809]#,##0.00", Format(places=2)),
        ("#,##0.##", Format()),
    ],
)
def test_a_number_format_says_how_a_figure_is_shown(code: str, form: Format) -> None:
    assert format_of(code) == form


WHOLE = st.integers(-(10**9), 10**9)
TEXTS = st.text(
    st.characters(
        blacklist_categories=("Cc", "Cs", "Zl", "Zp"),
        blacklist_characters="\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        "\ufeff\ufffe\uffff",
    )
    | st.sampled_from("\n\t\"'\\:#-?=,;{}[]&*!|>%@`~ _x0041_"),
    max_size=40,
).map(str.strip)


@settings(deadline=None, max_examples=200)
@given(st.lists(TEXTS.filter(bool), min_size=1, max_size=6), st.lists(WHOLE, max_size=3))
def test_yaml_that_is_written_is_read_as_what_was_meant(
    texts: list[str], numbers: list[int]
) -> None:
    day, words_ = datetime.date(2016, 3, 31), ["a-b", "no", "x1"]
    records = [{"id": text, "more": {"says": text, "list": texts}} for text in texts]
    data = {"records": records, "numbers": numbers, "day": day, "is": True, "words": words_}
    text = yaml_text(data)
    document, problems = parse_yaml(text, "x.yaml")
    assert problems == []
    assert document is not None
    assert document.data == {
        "records": tuple({**r, "more": {**r["more"], "list": tuple(texts)}} for r in records),  # type: ignore[dict-item]
        "numbers": tuple(numbers),
        "day": day,
        "is": True,
        "words": tuple(words_),
    }
    assert yaml_text(document.data) == text


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            TEXTS.filter(lambda text: text not in ERRORS),  # such a text is refused, E709
            st.integers(-(10**14), 10**14),
            st.integers(0, 6),
        ),
        max_size=5,
    ),
)
def test_what_a_workbook_and_a_table_are_given_they_give_back(
    rows: list[tuple[str, int, int]],
) -> None:
    metrics = SHEETS["metrics"]
    records = [
        {
            "id": f"m-{i}",
            "series": "loaves-baked",
            "body": "crumb",
            "unit": "count",
            "value": Decimal(number).scaleb(-places),
            "comparator": i % 2 == 0,
            "status": "ok",
            "heading": text or "none",
            "caveats": ("a", "b"),
            "from": datetime.date(2016, 3, 31),
            **({"note": text} if text else {}),
        }
        for i, (text, number, places) in enumerate(rows)
    ]
    read = Read()
    take_workbook(workbook(BAKERY, {"metrics": records}), "x.xlsx", read)
    assert read.problems == []
    back = [flat(metrics, row.data) for row in read.records["metrics"]]
    # as text too, since 16.0 and 16 are equal and do not say the same
    assert list(map(str, back)) == [str(flat(metrics, record)) for record in records]
    names = [column.name for column in metrics.columns]
    table, problems = parse_csv(csv_text(names, back), "x.csv", names)
    assert problems == []
    assert table is not None
    assert [row.cells["note"] for row in table.rows] == [text for text, _, _ in rows]


# into a folder that has something in it


def test_a_record_of_the_folder_is_not_lost(good: Path, home: Path, grading: Grading) -> None:
    change(good, lambda book: book["metrics"].delete_rows(3))
    before = tree(home / "evidence")
    told = grading("evidence", "import", "good.xlsx", "--into", "evidence")
    assert told.problems == [
        "evidence/metrics.csv:3:1: E714 the record `m-2` is not in the sheet `metrics`"
        " (add its row, or delete the record here first)"
    ]
    assert tree(home / "evidence") == before


def test_another_inspection_does_not_take_the_place_of_one(
    good: Path, home: Path, grading: Grading
) -> None:
    edit(good, "inspection", A2="crumb-2021")
    told = grading("evidence", "import", "good.xlsx", "--into", "evidence")
    assert told.problems == [
        "good.xlsx#inspection!A2: E717 the folder holds the inspection `crumb-2020`, not"
        " `crumb-2021` (name another folder, or correct the id)"
    ]


TEAM = "team:\n  - {role: baker, did: baked}\n  - {role: taster, did: tasted}\n"


def test_an_entry_of_the_inspection_is_not_lost(good: Path, home: Path, grading: Grading) -> None:
    there = home / "evidence" / "inspection.yaml"
    text = there.read_text()
    there.write_text(text + TEAM)
    line = text.count("\n") + 3
    lost = (
        f"evidence/inspection.yaml:{line}:5: E714 the entry `taster` is not in the sheet `team`"
        " (add its row, or delete the entry here first)"
    )
    edit(good, "team", A2="baker", B2="baked and cleaned")
    told = grading("evidence", "import", "good.xlsx", "--into", "evidence")
    assert told.problems == [lost]
    assert there.read_text() == text + TEAM
    change(good, lambda book: book.remove(book["inspection"]))
    told = grading("evidence", "import", "good.xlsx", "--into", "evidence")
    assert told.problems == [
        "good.xlsx#team: E716 no inspection (fill in the sheet `inspection`, to which it belongs)"
    ]
    change(good, lambda book: book.remove(book["team"]))
    told = grading("evidence", "import", "good.xlsx", "--into", "evidence")
    assert (told.code, told.err) == (0, "")
    assert there.read_text() == text + TEAM


def emptied(path: Path, *sheets: str) -> None:
    """Only the headings of these sheets are left."""
    change(path, lambda book: [book[name].delete_rows(2, 9) for name in sheets])


def test_templates_that_several_people_filled_in_are_read_together(
    good: Path, home: Path, grading: Grading
) -> None:
    """One has filled in the inspection and the observations, another the figures alone."""
    for name, others in (("one", ("metrics", "surveys")), ("two", ("fieldwork", "previous"))):
        shutil.copy(good, home / f"{name}.xlsx")
        emptied(home / f"{name}.xlsx", *others, "file-review-summary")
    cells = {f"{letter}2": None for letter in "ABCFGHIJKLM"}
    edit(home / "two.xlsx", "inspection", **cells)
    assert [cell.value for cell in openpyxl.load_workbook(home / "two.xlsx")["inspection"][2]] == [
        *(None, None, None, "bakery", "bakery"),
        *[None] * 8,
    ]
    for files in (("one.xlsx", "two.xlsx"), ("two.xlsx", "one.xlsx")):
        told = grading("evidence", "import", *files, "--into", files[0][:3])
        assert (told.code, told.err) == (0, "")
        assert sorted(tree(home / files[0][:3])) == [
            *("fieldwork.yaml", "inspection.yaml", "metrics.csv", "previous.yaml", "surveys.csv")
        ]
    assert tree(home / "one") == tree(home / "two")


def test_figures_alone_are_read_into_a_folder_that_has_its_inspection(
    good: Path, home: Path, grading: Grading
) -> None:
    emptied(good, "fieldwork", "file-review-summary", "surveys", "previous")
    edit(good, "inspection", **{f"{letter}2": None for letter in "ABCFGHIJKLM"})
    edit(good, "metrics", D2=130)
    told = grading("evidence", "import", "good.xlsx", "--into", "evidence")
    assert told == Told(0, "written    evidence/metrics.csv\n", "")
    told = grading("evidence", "import", "good.xlsx", "--into", "new")
    assert told.code == 3
    assert told.problems[0] == "good.xlsx#inspection!A2: E170 the cell `id` is empty (fill it)"
    change(good, lambda book: book.remove(book["inspection"]))
    told = grading("evidence", "import", "good.xlsx", "--into", "new")
    assert told.problems == [
        "good.xlsx:1:1: E716 no inspection"
        " (fill in the sheet `inspection`, or name a folder that has one with --into)"
    ]


def test_what_is_wrong_with_the_folder_itself_is_told_at_its_lines(
    good: Path, home: Path, grading: Grading
) -> None:
    change(good, lambda book: book.remove(book["fieldwork"]))
    swap("evidence/fieldwork.yaml", "topic: loaves", "topic: loafs")(home)
    (home / "evidence" / "more").mkdir()
    told = grading("evidence", "import", "good.xlsx", "--into", "evidence")
    assert told.problems == [
        "evidence/fieldwork.yaml:11:12: E403 unknown topic `loafs` (did you mean `loaves`?)",
        "evidence/more:1:1: E402 `more` is no file of an inspection (take it out of the folder)",
    ]


def test_tables_are_imported_by_their_names(home: Path, grading: Grading) -> None:
    shutil.copytree(home / "evidence", home / "new")
    (home / "new" / "metrics.csv").unlink()
    (home / "new" / "previous.yaml").unlink()
    (home / "previous.csv").write_text(
        "id,kind,topic,raised,status,statement,heading\n"
        'pv-9,area-for-improvement,loaves,2019,unresolved,"more, soon",Then\n',
        "utf-8",
    )
    command = ("evidence", "import", "evidence/metrics.csv", "previous.csv", "--into", "new")
    assert grading(*command) == Told(
        0, "written    new/metrics.csv\nwritten    new/previous.yaml\n", ""
    )
    assert (home / "new/metrics.csv").read_bytes() == (home / "evidence/metrics.csv").read_bytes()
    assert (home / "new/previous.yaml").read_text("utf-8") == (
        "records:\n"
        "  - id: pv-9\n"
        "    kind: area-for-improvement\n"
        "    topic: loaves\n"
        "    raised: 2019\n"
        "    status: unresolved\n"
        "    statement: more, soon\n"
        "    heading: Then\n"
    )


def test_a_wrong_table_is_told_by_line_and_cell(home: Path, grading: Grading) -> None:
    (home / "metric.csv").write_text("id\n", "utf-8")
    (home / "surveys.csv").write_text(
        (home / "evidence/surveys.csv").read_text("utf-8").replace(",50,", ",fifty,"), "utf-8"
    )
    command = ("evidence", "import", "metric.csv", "surveys.csv", "--into", "evidence")
    assert grading(*command).problems == [
        "metric.csv:1:1: E706 the table `metric` is no part of the evidence"
        " (did you mean `metrics`?)",
        "surveys.csv:2:7: E171 `fifty` is not a number"
        " (write digits and a point alone, such as 1234.5)",
    ]


def test_a_sheet_that_stands_in_two_files_is_refused(
    good: Path, home: Path, grading: Grading
) -> None:
    command = ("evidence", "import", "good.xlsx", "evidence/metrics.csv", "--into", "new")
    assert grading(*command).problems == [
        "evidence/metrics.csv:1:1: E713 the sheet `metrics` is read twice"
        " (the first is good.xlsx#metrics; join them)"
    ]


def test_problems_are_told_as_json_with_sheet_and_cell(
    good: Path, home: Path, grading: Grading
) -> None:
    edit(good, "metrics", D2="many")
    told = grading("evidence", "import", "good.xlsx", "--into", "new", "--format", "json")
    assert (told.code, told.err) == (3, "")
    assert json.loads(told.out) == {
        "problems": [
            {
                "file": "good.xlsx",
                "sheet": "metrics",
                "cell": "D2",
                "code": "E171",
                "message": "`many` is not a number",
                "hint": "write digits and a point alone, such as 1234.5",
            }
        ]
    }


def test_problems_of_several_sheets_come_at_once_and_in_order(
    good: Path, home: Path, grading: Grading
) -> None:
    edit(good, "metrics", D2="many", B3="unknown-series", A4="M 3")
    edit(good, "fieldwork", B3="loafs", J3="fw-7")
    told = grading("evidence", "import", "good.xlsx", "--into", "new")
    assert [problem.split()[:2] for problem in told.problems] == [
        ["good.xlsx#fieldwork!B3:", "E403"],
        ["good.xlsx#metrics!D2:", "E171"],
        ["good.xlsx#metrics!B3:", "E410"],
        ["good.xlsx#metrics!A4:", "E207"],
    ]


# places


def test_a_place_in_a_workbook_is_a_cell_of_a_sheet() -> None:
    assert str(Place("a.xlsx", 7, 2, sheet="metrics")) == "a.xlsx#metrics!B7"
    assert str(Place("a.xlsx", 0, 0, sheet="metrics")) == "a.xlsx#metrics"
    assert str(Place("a.csv", 7, 2)) == "a.csv:7:2"
    assert [column_letters(n) for n in (1, 26, 27, 52, 702, 703, 16384)] == [
        *("A", "Z", "AA", "AZ", "ZZ", "AAA", "XFD")
    ]


def test_places_stand_in_order_of_file_sheet_row_and_column() -> None:
    ordered = [
        Place("a.csv", 9, 9),
        Place("b.xlsx", 1, 1),
        Place("b.xlsx", 0, 0, sheet="m"),
        Place("b.xlsx", 2, 27, sheet="m"),
        Place("b.xlsx", 10, 1, sheet="m"),
        Place("b.xlsx", 1, 1, sheet="n"),
    ]
    backwards = list(reversed(ordered))
    assert sorted(backwards) == ordered
    found = [Problem(place, "E709", "x") for place in backwards]
    assert [problem.place for problem in BadInput(found).problems] == ordered
