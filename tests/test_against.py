"""Records beside the document they were taken from, and the reading of numbers in a text."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.evidence import layout
from grading.evidence.against import compare
from grading.evidence.document import SourceDocument, cut
from grading.evidence.matching import direction
from grading.evidence.notfigures import period_or_basis, spans_of_no_figures
from grading.evidence.numbers import numbers_in, of_words
from grading.evidence.recorded import Recorded
from grading.problems import BadInput, Place
from grading.source.plain import read_plain
from tests.test_bad_input import Grading, grading, home

__all__ = ["grading", "home"]

HERE = Path(__file__).parent / "against"
PLACE = Place("records", 1)


@pytest.fixture
def bakery(home: Path) -> Path:
    """The good bakery with the figures of the made-up report, in the folder of commands."""
    evidence = home / "evidence"
    for path in evidence.iterdir():
        if path.name != "inspection.yaml":
            path.unlink()
    for name in ("metrics.csv", "surveys.csv", "fieldwork.yaml"):
        (evidence / name).write_bytes((HERE / name).read_bytes())
    (home / "report.txt").write_bytes((HERE / "report.txt").read_bytes())
    series = home / "rules/bakery/series.yaml"
    known = {"loaves-baked", "loaves-sold"}
    with (HERE / "metrics.csv").open(encoding="utf-8", newline="") as file:
        units = {row["series"]: row["unit"] for row in csv.DictReader(file)}
    more = [
        f"  {name}: {{title: A series, unit: {unit}, direction: none, role: deciding, cite: x}}\n"
        for name, unit in units.items()
        if name not in known
    ]
    series.write_text(series.read_text("utf-8") + "".join(more), "utf-8")
    return home


def test_the_whole_report_is_compared(bakery: Path, grading: Grading) -> None:
    told = grading("evidence", "check", "evidence", "--against", "report.txt")
    assert (told.code, told.err) == (1, "")
    assert told.out == (HERE / "expected.txt").read_text("utf-8")


def test_the_same_is_told_as_json(bakery: Path, grading: Grading) -> None:
    told = grading("evidence", "check", "evidence", "--against", "report.txt", "--format", "json")
    assert (told.code, told.err) == (1, "")
    plain = json.loads(told.out)
    lines = (HERE / "expected.txt").read_text("utf-8").splitlines()

    def texts(found: list[dict[str, object]]) -> list[str]:
        form = "{file}:{line}:{column}: {code} {message} ({hint})"
        return [form.format(**problem) for problem in found]

    unfound, uncovered = texts(plain["unfound"]), texts(plain["uncovered"])
    summed = len(unfound)
    assert lines[:summed] == unfound
    assert lines[summed + 1 : -2] == uncovered
    assert lines[summed] == (
        f"{plain['recorded'] - summed} of {plain['recorded']} recorded figures"
        " are in report.txt under their heading"
    )
    assert lines[-2] == (
        f"{plain['figures'] - len(uncovered)} of {plain['figures']} figures of report.txt"
        " are covered by a record"
    )
    passed = ", ".join(f"{count} {why}" for why, count in plain["passed-over"].items())
    assert lines[-1] == f"passed over as no figures: {passed}"


def test_where_every_recorded_figure_is_found_it_is_done(bakery: Path, grading: Grading) -> None:
    metrics = bakery / "evidence/metrics.csv"
    rows = metrics.read_text("utf-8").splitlines(keepends=True)
    wrong = ("m-04,", "m-07,", "m-11,", "m-32,", "m-34,", "m-36,")
    metrics.write_text("".join(row for row in rows if not row.startswith(wrong)), "utf-8")
    surveys = bakery / "evidence/surveys.csv"
    surveys.write_text("".join(surveys.read_text("utf-8").splitlines(keepends=True)[:2]), "utf-8")
    fieldwork = bakery / "evidence/fieldwork.yaml"
    fieldwork.write_text(fieldwork.read_text("utf-8").replace("39 percent", "most"), "utf-8")
    told = grading("evidence", "check", "evidence", "--against", "report.txt")
    assert told.code == 0
    assert told.out.splitlines()[0] == (
        "36 of 36 recorded figures are in report.txt under their heading"
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "report.txt:1:1: E101 there is no such file (check its name and folder)"),
        (
            "Ovens\n12 \u00e9".encode("latin-1"),
            "report.txt:2:4: E105 byte 0xe9 at byte offset 9 is not UTF-8 (save the file as UTF-8)",
        ),
        (b"Ovens\n1\x002", "report.txt:2:2: E107 the control character U+0000 (delete it)"),
    ],
    ids=["no such file", "not UTF-8", "a control character"],
)
def test_a_document_that_cannot_be_read_is_a_problem(
    bakery: Path, grading: Grading, content: bytes | None, problem: str
) -> None:
    (bakery / "report.txt").unlink()
    if content is not None:
        (bakery / "report.txt").write_bytes(content)
    told = grading("evidence", "check", "evidence", "--against", "report.txt")
    assert (told.code, told.out, told.problems) == (3, "", [problem])
    plain = grading("evidence", "check", "evidence", "--against", "report.txt", "--format", "json")
    (found,) = json.loads(plain.out)["problems"]
    assert (plain.code, plain.err) == (3, "")
    assert "{file}:{line}:{column}: {code} {message} ({hint})".format(**found) == problem


def test_page_breaks_are_let_through(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one\f2\n", "utf-8")
    assert read_plain(tmp_path / "a.txt", "a.txt") == ("one 2\n", [])


def test_too_many_numbers_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "MOST_NUMBERS", 3)
    assert len(cut("1 2 3", "a.txt", ()).numbers) == 3
    with pytest.raises(BadInput) as raised:
        cut("1 2 3 4", "a.txt", ())
    assert str(raised.value) == (
        "a.txt:1:1: D104 the document has more than 3 numbers (compare it in parts)"
    )


# numbers

FORMS = {
    "4Ps and the 2nd": [],
    "£143 million": [("143000000", "gbp")],
    "£1.2bn": [("1200000000.0", "gbp")],
    "$5": [("5", "usd")],
    "a gap of 5m": [],
    "-3.4%": [("-3.4", "percent")],
    "−3.4 per cent": [("-3.4", "percent")],
    "+18.9%": [("18.9", "percent")],
    "10-15 percent": [("10", "percent"), ("15", "percent")],
    "331 – 429": [("331", ""), ("429", "")],
    "from 75 percent to 91 percent": [("75", "percent"), ("91", "percent")],
    "between four and five months": [("4", "months"), ("5", "months")],
    "six-monthly": [("6", "months")],
    "six to 19-year-olds": [("6", "years"), ("19", "years")],
    "aged 16 or over": [("16", "years")],
    "£5 to £6 million": [("5000000", "gbp"), ("6000000", "gbp")],
    "900 to 1 million": [("900", ""), ("1000000", "")],
    "fifteen percentage points": [("15", "percentage-points")],
    "12\nmonths": [("12", "months")],
    "1.2.3 and 30/06/2016": [],
    "COVID-19": [],
    "someone stone often": [],
    "Two hundred and fifty": [("250", "")],
    "three thousand and twelve": [("3012", "")],
    "more than half": [("0.5", "")],
    "(60)": [("60", "")],
    "100.00\t0.1": [("100.00", ""), ("0.1", "")],
    "1" * 31: [],
}


@pytest.mark.parametrize("text", FORMS)
def test_numbers_are_read_in_every_form(text: str) -> None:
    assert [(str(n.value), n.unit) for n in numbers_in(text)] == FORMS[text]


ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"]
SMALL = ["zero", *ONES, *TEENS, "eighteen", "nineteen"]
BY_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_words(number: int) -> str:
    """The number in words, as British reports write it."""
    if number >= 1000:
        rest = number % 1000
        gap = " and " if 0 < rest < 100 else " "
        return in_words(number // 1000) + " thousand" + (gap + in_words(rest) if rest else "")
    if number >= 100:
        rest = number % 100
        return SMALL[number // 100] + " hundred" + (f" and {in_words(rest)}" if rest else "")
    if number >= 20:
        ones = number % 10
        return BY_TENS[number // 10 - 2] + (f"-{SMALL[ones]}" if ones else "")
    return SMALL[number]


@given(st.integers(0, 999_999))
def test_a_number_in_words_is_read_back(number: int) -> None:
    assert of_words(in_words(number)) == number
    (found,) = numbers_in(f"There were {in_words(number)} of them.")
    assert (found.value, found.unit, found.in_words) == (Decimal(number), "", True)


UNITS = {
    "%": "percent",
    " %": "percent",
    " percent": "percent",
    " per cent": "percent",
    "\nper cent": "percent",
    " percentage points": "percentage-points",
    " months": "months",
    "-day": "days",
    "": "",
    " loaves": "",
}


@given(
    st.decimals(0, 10**9, places=2).map(lambda value: value.normalize()),
    st.sampled_from(["", "+", "-", "−", "–"]),
    st.booleans(),
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(["It was ", "(", "\t", "\n", "“"]),
    st.sampled_from([" then.", ".", ", and", ")", "; no", "\n"]),
)
def test_a_number_in_digits_is_read_back(
    value: Decimal, sign: str, grouped: bool, unit: str, before: str, after: str
) -> None:
    digits = f"{value:,f}" if grouped else f"{value:f}"
    (found,) = numbers_in(f"{before}{sign}{digits}{unit}{after}")
    minus = sign not in ("", "+")
    assert (found.value, found.unit) == (-value if minus else value, UNITS[unit])
    assert (found.signed, found.in_words) == (sign != "", False)


@given(
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.sampled_from(["-", "–", " to ", " – ", " and ", " or "]),
    st.sampled_from([unit for unit in sorted(UNITS) if UNITS[unit]]),
)
def test_both_ends_of_a_range_have_its_unit(low: int, high: int, dash: str, unit: str) -> None:
    found = numbers_in(f"between {low:,}{dash}{high:,}{unit} in all")
    assert [(int(n.value), n.unit) for n in found] == [(low, UNITS[unit]), (high, UNITS[unit])]


@given(st.decimals(0, 999, places=1), st.sampled_from([("million", 6), ("billion", 9)]))
def test_money_is_read_with_its_scale(value: Decimal, scale: tuple[str, int]) -> None:
    for text in (f"£{value} {scale[0]}", f"£{value}{'m' if scale[1] == 6 else 'bn'}"):
        (found,) = numbers_in(f"It cost {text} in all")
        assert (found.value, found.unit) == (value * 10 ** scale[1], "gbp")


@given(st.text(alphabet="0123456789 -–.,/:%£+\nabmnkper²^{}[]onetw", max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    for number in numbers_in(text):
        assert 0 <= number.start < number.end <= len(text)
    document = cut(text, "a.txt", ("one", "per …"))
    assert all(n.place.line <= text.count("\n") + 1 for n in document.numbers)


NO_FIGURES = {
    "on 30 June 2016": "date",
    "from 5 to 7 March": "date",
    "June 2016": "date",
    "up to 30\n\nJune 2016": "date",
    "on November 13, 2015": "date",
    "in 2014-15": "date",
    "at 9.30am": "date",
    "since 2014 they": "year",
    "see figures 4 and 7": "reference",
    "in phase two": "reference",
    "ISBN: 978-1-78655-347-8": "identifier",
    "www.example.org/2016/7": "address",
    "by outcome^{16,17}": "mark",
    "as shown [12]": "mark",
    "1. How good is it?": "mark",
    "per 1,000 people": "basis",
    "the rate for 1,000 homes": "basis",
    "the 12 months to 30 June": "period",
    "the last six months": "period",
    "a five year period": "period",
}


@pytest.mark.parametrize("text", NO_FIGURES)
def test_what_is_no_figure_is_told_apart(text: str) -> None:
    spans = [why for *_, why in spans_of_no_figures(text)]
    others = [period_or_basis(text, number) for number in numbers_in(text)]
    assert NO_FIGURES[text] in [*spans, *others]


@pytest.mark.parametrize(
    "text",
    [
        "every six months",
        "In June 58 came",
        "60 may be",
        "for 12 homes",
        "£2016 was paid",
        "Part\n\n4",
        "46\n\nMay",
    ],
)
def test_what_is_a_figure_stays_one(text: str) -> None:
    (number,) = numbers_in(text)
    assert not list(spans_of_no_figures(text))
    assert period_or_basis(text, number) == ""


# where figures stand


def recorded(value: str, unit: str, heading: str, locator: str = "") -> Recorded:
    """A recorded figure."""
    return Recorded("m-1", Decimal(value), unit, PLACE, heading, locator)


def is_found(document: SourceDocument, figure: Recorded) -> bool:
    """The document has the figure where the record says."""
    return not compare([figure], document).unfound


SECTIONS = (
    "First\n\nThere are 5 here.²\n\nSecond part\n\nThere are 7 here.\n\n² In all, 9 were seen.\n"
)


def test_a_figure_is_looked_for_under_its_heading_alone() -> None:
    document = cut(SECTIONS, "a.txt", ("First", "Second …"))
    assert [title for _, title in document.headings] == ["First", "Second part"]
    assert is_found(document, recorded("5", "count", "First"))
    assert is_found(document, recorded("9", "count", "First"))  # its mark is there
    assert is_found(document, recorded("7", "count", "Part 2, Second …"))
    assert not is_found(document, recorded("7", "count", "First"))
    assert not is_found(document, recorded("5", "count", "Second …"))
    assert is_found(document, recorded("9", "count", "Second …", "footnote 2"))
    assert not is_found(document, recorded("7", "count", "Second …", "footnote 2"))


def test_a_heading_may_run_over_two_lines_and_differ_in_quotes() -> None:
    document = cut("The ‘long’ heading\nruns on¹\n\n5\n", "a.txt", ("The 'long' heading runs on",))
    assert document.headings == ((1, "The ‘long’ heading runs on¹"),)
    assert is_found(document, recorded("5", "count", "The 'long' heading runs on"))


@pytest.mark.parametrize(
    ("text", "value", "unit", "expected"),
    [
        ("It fell by 4 percent.", "-4", "percent-change", True),
        ("It fell by 4 percent.", "4", "percent-change", False),
        ("It rose by 4 percent.", "-4", "percent-change", False),
        ("It rose by 4 percent, a fall followed.", "4", "percent-change", True),
        ("There were 4 percent fewer.", "-4", "percent-change", True),
        ("It changed by -4 percent.", "-4", "percent-change", True),
        ("It changed by -4 percent.", "4", "percent-change", False),
        ("It was 4 percent.", "4", "percent", True),
        ("There were 4 of them.", "4", "percent", False),
        ("There were 4 of them.", "4", "count", True),
        ("There were 4 percent.", "4", "count", False),
        ("It took 4 days.", "4", "months", False),
        ("It took 4 days.", "4", "days", True),
        ("It cost £4.", "4", "gbp", True),
        ("It cost 4.", "4", "gbp", False),
        ("in the last 4 months", "4", "count", False),
        ("4", "4", "percent", True),
        ("Share\t4", "4", "percent", True),
        ("See figure 4.", "4", "count", False),
    ],
)
def test_sign_direction_and_unit_have_to_fit(
    text: str, value: str, unit: str, expected: bool
) -> None:
    document = cut(f"Part\n\n{text}\n", "a.txt", ("Part",))
    assert is_found(document, recorded(value, unit, "Part")) is expected


def test_the_nearest_word_gives_the_direction() -> None:
    text = "It increased by 7.2 percent here compared with a decrease of 3.4 percent there."
    document = cut(text, "a.txt", ())
    assert [direction(document.text, n) for n in document.numbers] == [1, -1]


@given(st.lists(st.integers(0, 99), min_size=1, max_size=8), st.data())
def test_each_cell_of_a_table_needs_a_record_and_each_record_a_cell(
    cells: list[int], data: st.DataObject
) -> None:
    values = data.draw(st.lists(st.sampled_from(cells), max_size=8))
    table = "\n".join(f"Row\t{cell}" for cell in cells)
    document = cut(f"Part\n\nTable 1: Cells\n\nWhat\tValue\n{table}\n", "a.txt", ("Part",))
    figures = [
        Recorded(f"m-{i}", Decimal(v), "count", PLACE, "Part", "table 1", subject=(str(i),))
        for i, v in enumerate(values)
    ]
    comparison = compare(figures, document)
    short = sum(max(0, cells.count(v) - values.count(v)) for v in set(cells))
    claimed = [v for v in set(values) if values.count(v) > cells.count(v)]
    assert len(comparison.uncovered) == short
    assert [p.code for p in comparison.unfound] == ["D105"] * len(claimed)
