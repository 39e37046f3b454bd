"""Tables of many rows: read in pieces, bounded, told in full, and no slower by the row."""

from __future__ import annotations

import csv
import gc
import io
import itertools
import json
import random
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import grading.source.cut
import grading.source.table
import grading.source.text
from grading.__main__ import cli, main
from grading.commands import check_formats
from grading.evidence import check as checking
from grading.evidence import tables
from grading.evidence.checks.registry import check
from grading.evidence.evidence import Evidence
from grading.evidence.load import load_evidence
from grading.evidence.records import Metric
from grading.evidence.tables import METRIC_COLUMNS, METRICS, read_table
from grading.problems import BadInput, Place, Problem, did_you_mean, first_told
from grading.rules.load import load_pack
from grading.rules.loaded import Pack
from grading.source import fitter, read_lines
from grading.source.cut import cut
from grading.source.lines import Line, lines_of
from grading.source.text import text_of
from tests.many import figures, write_inspection

RULES = Path(__file__).parent.parent / "rules"
BREAKS = ("\n", "\r\n", "\r")
TOKENS = st.sampled_from(
    (*'ab,"\n\r \té\u2028\0;', '""', ",", ",", "\r\n", "\n", '"q"', '"a,b"', '"a\nb"', '"a""b"')
)
CELLS = st.lists(st.sampled_from((*'ab,"\n\r;é-', "\r\n", '""', "€")), max_size=6).map(
    lambda parts: "".join(parts).strip()
)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(RULES / "peel-effectiveness-2016")


@pytest.fixture(scope="module")
def evidence(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Figures of three bodies, of every series for ten years."""
    folder = tmp_path_factory.mktemp("rows")
    write_inspection(folder, pack, 3 * 1240)
    return load_evidence(folder, pack)


def told(*command: str) -> tuple[int, str, str]:
    """The exit code of a command, and what it said where."""
    runner = CliRunner()
    outcome = runner.invoke(cli, command, standalone_mode=False)
    if isinstance(outcome.exception, BadInput):
        return 3, outcome.stdout, "".join(f"{p}\n" for p in outcome.exception.problems)
    assert outcome.exception is None, outcome.exception
    return int(outcome.return_value), outcome.stdout, outcome.stderr


def pieces(text: str, sizes: random.Random) -> Iterator[str]:
    """The text in pieces that do not end inside a line break."""
    start = 0
    while start < len(text):
        end = min(len(text), start + sizes.randint(1, 9))
        end += text[end - 1 : end + 1] == "\r\n"
        yield text[start:end]
        start = end


def all_lines(parts: Iterator[str], most: int = 50) -> tuple[list[Line], list[Problem]]:
    """Every line of a table of two columns, or every problem with it."""
    lines: list[Line] = []
    try:
        lines.extend(lines_of(parts, "a.csv", ("a", "b"), (), most))
    except BadInput as error:
        return [], list(error.problems)
    return lines, []


# reading in pieces


@settings(deadline=None, max_examples=300)
@given(
    parts=st.lists(
        st.sampled_from([b"a", b"\r", b"\n", b"\r\n", b"\xc3\xa9", b"\xe2\x82\xac", b"\xff"])
    ),
    size=st.integers(1, 5),
)
def test_text_in_pieces_is_the_text_and_its_first_bad_byte_has_the_same_place(
    parts: list[bytes], size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = b"".join(parts)
    path = tmp_path_factory.getbasetemp() / "text"
    path.write_bytes(content)
    try:
        whole, wrong = content.decode("utf-8"), None
    except UnicodeDecodeError as error:
        lines = content[: error.start].decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
        column = len(lines) - lines.rfind("\n")
        wrong = (Place("a", lines.count("\n") + 1, column), error.start)
    found: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grading.source.text, "_PIECE", size)
        try:
            found.extend(text_of(path, "a", 10_000))
        except BadInput as error:
            assert wrong is not None
            [problem] = error.problems
            assert (problem.place, problem.code) == (wrong[0], "E105")
            assert f"0xff at byte offset {wrong[1]} " in problem.message
            return
    assert wrong is None
    assert "".join(found) == whole
    assert not any(
        first.endswith("\r") and second.startswith("\n")
        for first, second in itertools.pairwise(found)
    )


@settings(deadline=None, max_examples=500)
@given(st.lists(TOKENS, max_size=25).map("".join), st.booleans(), st.randoms())
def test_a_table_is_the_same_however_it_comes_in_pieces(
    text: str, is_headed: bool, sizes: random.Random
) -> None:
    text = f"a,b\n{text}" if is_headed else text
    assert all_lines(pieces(text, sizes)) == all_lines(iter([text]))


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8),
    st.sampled_from(BREAKS),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]),
    st.randoms(),
)
def test_any_table_is_read_as_the_csv_library_reads_it(
    rows: list[tuple[str, str, str]], ending: str, quoting: int, sizes: random.Random
) -> None:
    written = io.StringIO(newline="")
    table = csv.writer(written, lineterminator=ending, quoting=quoting)  # type: ignore[arg-type]
    table.writerows([("a", "b", "c"), *rows])
    text = written.getvalue()
    expected, number = [], 1
    for row in csv.reader(io.StringIO(text, newline="")):
        expected.append((number, row))
        inside = "".join(row).replace("\r\n", "\n").replace("\r", "\n")
        number += 1 + inside.count("\n")
    assert list(lines_of(pieces(text, sizes), "a.csv", ("a", "b", "c"), (), 50)) == expected


def test_a_break_between_two_pieces_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grading.source.text, "_PIECE", 4)
    (tmp_path / "a.csv").write_bytes(b"a,b\r\n1,2\r\n")
    assert list(read_lines(tmp_path / "a.csv", "a.csv", ("a", "b"))) == [
        (1, ["a", "b"]),
        (2, ["1", "2"]),
    ]


# bounds


def test_a_table_has_as_many_rows_as_it_may_have_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grading.source.table, "MOST_ROWS", 2)
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n2\n")
    assert [number for number, _ in read_lines(path, "a.csv", ("a",))] == [1, 2, 3]
    path.write_text("a\n1\n2\n3\n")
    with pytest.raises(BadInput) as stopped:
        list(read_lines(path, "a.csv", ("a",)))
    assert str(stopped.value) == ("a.csv:4:1: E159 more than 2 rows (divide it into several files)")


def test_a_table_has_as_many_bytes_as_it_may_have_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grading.source.table, "LARGEST_TABLE", 1024 * 1024)
    path = tmp_path / "a.csv"
    rows = "a\n" + "1234567\n" * (128 * 1024)
    path.write_text(rows[: 1024 * 1024])
    assert sum(1 for _ in read_lines(path, "a.csv", ("a",))) == 128 * 1024 + 1
    path.write_text(rows[: 1024 * 1024 + 1])
    with pytest.raises(BadInput) as stopped:
        list(read_lines(path, "a.csv", ("a",)))
    assert str(stopped.value) == (
        "a.csv:1:1: E104 the file is larger than 1 MiB (divide it into several files)"
    )


def test_a_table_that_grows_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grading.source.text, "_PIECE", 8)
    path = tmp_path / "a.csv"
    path.write_text("a\n" + "1\n" * 10)
    parts = text_of(path, "a.csv", 100)
    next(parts)
    path.write_text("a\n" + "1\n" * 100)
    with pytest.raises(BadInput, match="E104 the file is larger than 0 MiB"):
        list(parts)


def test_tables_may_have_two_million_rows_and_a_gibibyte() -> None:
    assert grading.source.table.MOST_ROWS == 2_000_000
    assert grading.source.table.LARGEST_TABLE == 1024**3
    assert grading.source.text.LARGEST_FILE == 8 * 1024**2


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ("x" * 300, {"E154", "E158"}),
        ("x," * 150, {"E154"}),
        ('"' + "x" * 300, {"E155"}),
        ('"' + "x" * 300 + '",1', {"E155"}),
        ('1,"' + "x\n" * 150 + '"', {"E155"}),
        ('"x"y,' * 60, {"E156"}),
    ],
)
def test_a_row_without_end_is_refused_and_read_no_further(
    row: str, codes: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grading.source.cut, "MOST_COLUMNS", 5)
    monkeypatch.setattr(grading.source.lines, "MOST_COLUMNS", 5)
    monkeypatch.setattr(grading.source.lines, "LONGEST_TEXT", 10)
    monkeypatch.setattr(grading.source.cut, "LONGEST_ROW", 5 * (2 * 10 + 3))
    lines, problems = all_lines(pieces(f"a,b\n{row}\n,,,\n", random.Random(1)))
    assert lines == []
    assert {problem.code for problem in problems} == codes
    assert {problem.place.line for problem in problems} == {2}


def test_of_a_row_with_too_many_cells_no_more_are_kept_than_show_it() -> None:
    for row in ("," * 5_000, '"",' * 5_000, '"",' * 5_000 + 'x"', '"\n",' * 5_000):
        _, (number, cells, _), *_ = [*cut(iter([f"a\n{row}\n"]), "a.csv")]
        assert (number, len(cells)) == (2, 1_001)
        _, [problem, *_] = all_lines(iter([f"a,b\n{row}\n"]))
        if problem.code == "E154":
            assert problem.message == "more than 1,000 cells in a table of 2 columns"


def test_a_quote_that_is_never_closed_costs_no_more_than_its_length(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried = 0
    row = grading.source.cut._row

    def counted(text: str, *more: object) -> object:
        nonlocal tried
        tried += len(text)
        return row(text, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(grading.source.cut, "_row", counted)
    text = 'a,b\n"' + "x" * 100_000
    parts = (text[start : start + 100] for start in range(0, len(text), 100))
    _, [problem] = all_lines(parts)
    assert problem.code == "E155"
    assert tried < 4 * len(text)


# what is wrong with a table of evidence


def metrics(folder: Path, rows: list[dict[str, str]]) -> Path:
    """A `metrics.csv` of these rows in the folder."""
    folder.mkdir(exist_ok=True)
    with (folder / "metrics.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, METRIC_COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    return folder / "metrics.csv"


def some(pack: Pack, number: int, **said: str) -> list[dict[str, str]]:
    """So many rows that each say this."""
    return [row | said for row in itertools.islice(figures(pack), number)]


def test_rows_that_fit_are_records_and_each_other_row_is_told(pack: Pack, tmp_path: Path) -> None:
    rows = some(pack, 4, status="ok", value="3", reason="")
    rows[1] |= {"value": "many", "from": "2016"}
    rows[2] |= {"status": "missing"}
    path = metrics(tmp_path, rows)
    records, problems = read_table(path, METRICS)
    label = path.as_posix()
    assert [placed.record.id for placed in records] == ["m-1", "m-4"]
    assert [placed.at("value") for placed in records] == [Place(label, 2, 4), Place(label, 5, 4)]
    assert records[0].at("caveats", 1) == Place(label, 2, 16)
    assert records[0].at("definition") == records[0].place == Place(label, 2)
    assert list(map(str, problems)) == [
        f"{label}:3:4: E171 `many` is not a number",
        f"{label}:3:6: E173 `2016` is not a date (write it such as 2016-03-31)",
        f"{label}:4:1: E209 a figure that is `missing` needs a `reason`",
    ]


def test_of_a_table_that_is_none_no_row_is_used_and_only_that_is_told(
    pack: Pack, tmp_path: Path
) -> None:
    path = metrics(tmp_path, some(pack, 3, value="many"))
    with path.open("a") as file:
        file.write("m-9\n")
    records, [problem] = read_table(path, METRICS)
    assert records == []
    assert (problem.code, problem.place.line) == ("E154", 5)


def test_problems_of_rows_are_told_up_to_a_number_and_then_that_there_are_more(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_SHOWN", 3)
    path = metrics(tmp_path, some(pack, 9, value="many"))
    _, problems = read_table(path, METRICS)
    assert [(problem.code, problem.place.line) for problem in problems] == [
        ("E171", 2),
        ("E171", 3),
        ("E171", 4),
        ("E443", 5),
    ]
    assert problems[3].message == "more is wrong than the 3 problems that are told"
    assert len(read_table(metrics(tmp_path, some(pack, 3, value="many")), METRICS)[1]) == 3


@pytest.mark.parametrize(
    ("said", "code"),
    [({"id": "m"}, "E408"), ({"series": "no-such"}, "E410"), ({"caveats": "no-such"}, "E414")],
)
def test_problems_with_the_pack_are_told_up_to_a_number_too(
    said: dict[str, str], code: str, pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MOST_SHOWN", 3)
    write_inspection(tmp_path, pack, 0)
    metrics(tmp_path, some(pack, 9, **said))
    with pytest.raises(BadInput) as stopped:
        load_evidence(tmp_path, pack)
    codes = [problem.code for problem in stopped.value.problems if problem.code != "E411"]
    assert sorted(codes) == [code, code, code, "E443"]


def test_more_problems_than_are_told_are_not_counted_through() -> None:
    def endless() -> Iterator[Problem]:
        for line in itertools.count(1):
            yield Problem(Place("a", line), "E101", "x")

    assert [problem.code for problem in first_told(endless(), 2)] == ["E101", "E101", "E443"]
    assert first_told(itertools.islice(endless(), 2), 2) == list(itertools.islice(endless(), 2))


def test_among_very_many_words_none_is_offered() -> None:
    words = [f"word-{number}" for number in range(5_001)]
    assert did_you_mean("word-5x", words) == ""
    assert did_you_mean("word-5x", words[1:]) == "did you mean `word-5`?"


def test_a_figure_has_no_more_caveats_than_one_can_read(pack: Pack, tmp_path: Path) -> None:
    path = metrics(tmp_path, some(pack, 1, caveats=";".join(["a"] * 21)))
    _, [problem] = read_table(path, METRICS)
    assert (problem.code, problem.place.column) == ("E206", 16)


def test_a_table_that_import_cannot_compare_is_not_replaced(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_inspection(tmp_path / "large", pack, 20)
    write_inspection(tmp_path / "small", pack, 5)
    new, old = tmp_path / "small" / "metrics.csv", tmp_path / "large" / "metrics.csv"
    before = old.read_bytes()
    monkeypatch.setattr(grading.source.table, "MOST_KEPT", 10)
    command = ("evidence", "import", str(new), "--into", str(tmp_path / "large"))
    code, out, _ = told(*command, "--rules", str(RULES), "--format", "json")
    problems = json.loads(out)["problems"]
    assert code == 3
    assert [(p["file"], p["code"]) for p in problems] == [(old.as_posix(), "E159")]
    assert old.read_bytes() == before


# records of many rows


def test_models_of_rows_are_what_they_are_and_know_their_keys_once(
    pack: Pack, tmp_path: Path
) -> None:
    [placed], _ = read_table(metrics(tmp_path, some(pack, 1)), METRICS)
    values = placed.record.model_dump(by_alias=True)
    fitted = fitter(Metric)
    first, second = fitted({**values, "id": "m-1"}), fitted({**values, "id": "m-2"})
    assert first == placed.record == Metric.model_validate(values)
    assert first is not None
    assert second is not None
    assert first.model_fields_set is second.model_fields_set
    changed = second.model_copy(update={"extra": "d"})
    assert "extra" in changed.model_fields_set
    assert "extra" not in first.model_fields_set
    assert fitted({**values, "id": "M 3"}) is None


def test_a_row_takes_no_more_memory_than_a_kilobyte_and_a_half(pack: Pack, tmp_path: Path) -> None:
    path = metrics(tmp_path, some(pack, 3000))
    read_table(metrics(tmp_path / "warm", some(pack, 1)), METRICS)
    tracemalloc.start()
    try:
        records, _ = read_table(path, METRICS)
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(records) == 3000
    assert held < 3000 * 1500
    # beside the records there is one piece of the file, whatever the size of the file
    assert peak - held < 4 * path.stat().st_size


def calls(work: Callable[[], object]) -> int:
    """How many functions are called."""
    number = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal number
        number += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return number


def test_calls_of_reading_and_of_checking_grow_as_rows_do(pack: Pack, tmp_path: Path) -> None:
    def taken(rows: int) -> tuple[int, int]:
        write_inspection(tmp_path, pack, rows)
        read = calls(lambda: load_evidence(tmp_path, pack))
        loaded = load_evidence(tmp_path, pack)
        return read, calls(lambda: check(loaded, pack))

    taken(10)
    some_, twice, four_times = taken(1240), taken(2480), taken(4960)
    for few, more, most in zip(some_, twice, four_times, strict=True):
        assert most - more <= 2.2 * (more - few)
    # and a row is no work of hundreds of steps
    assert (four_times[0] - twice[0]) / 2480 < 100


# checks of many rows


def outcomes(evidence: Evidence, pack: Pack) -> set[tuple[object, ...]]:
    """Everything that was found and everything that held."""
    report = check(evidence, pack)
    assert report.number_held == len(report.held)
    found = {(r.code, r.check, r.severity, r.message, r.records, r.places) for r in report.open}
    return found | {(h.code, h.check, "", h.message, h.records) for h in report.held}


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10**6), other=st.sampled_from(["bodies", "series"]))
def test_checks_of_rows_are_not_affected_by_rows_of_other_bodies_and_series(
    seed: int, other: str, evidence: Evidence, pack: Pack
) -> None:
    chance = random.Random(seed)
    # series that no check sets beside each other
    apart = {name for name in pack.series if name.startswith(("organised", "digital"))}

    def is_own(metric: Metric) -> bool:
        return metric.body == "body-1" if other == "bodies" else metric.series in apart

    share = chance.random()
    own = [m for m in evidence.metrics if is_own(m.record) and chance.random() < share]
    rest = [m for m in evidence.metrics if not is_own(m.record)]
    padding = chance.sample(rest, chance.randint(0, 400))
    alone = outcomes(replace(evidence, metrics=tuple(own)), pack)
    mixed = [*own, *padding]
    chance.shuffle(mixed)
    ids = {m.record.id for m in own}
    among = outcomes(replace(evidence, metrics=tuple(mixed)), pack)
    assert {o for o in among if ids.issuperset(o[4])} == alone  # type: ignore[arg-type]
    assert all(ids.isdisjoint(o[4]) for o in among - alone)  # type: ignore[arg-type]


def test_a_check_of_very_many_rows_stays_readable_and_json_has_all(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_inspection(tmp_path, pack, 0)
    wrong = {"numerator": "1", "denominator": "2", "value": "7", "status": "ok", "reason": ""}
    gone = {"value": "", "numerator": "", "denominator": "", "status": "missing", "reason": "Lost"}
    rows = [row for row in itertools.islice(figures(pack), 600) if row["unit"] == "percent"]
    half = len(rows) // 2
    metrics(tmp_path, [row | (wrong if i < half else gone) for i, row in enumerate(rows)])
    code, out, _ = told("evidence", "check", str(tmp_path), "--rules", str(RULES))
    assert code == 1
    assert out.count(": error C108 ") == 50
    assert f"\nand {half - 50} more of C108; `--format json` has them all\n" in out
    _, whole, _ = told(
        "evidence", "check", str(tmp_path), "--rules", str(RULES), "--format", "json"
    )
    codes = [result["code"] for result in json.loads(whole)["open"]]
    lost = codes.count("C117")
    assert codes.count("C108") == half
    assert out.count(" has no figure (") == 50
    assert f"\n  and {lost - 50} more; `--format json` has them all\n" in out
    monkeypatch.setattr(check_formats, "_MOST_TOLD", 1000)
    _, out, _ = told("evidence", "check", str(tmp_path), "--rules", str(RULES))
    assert " more" not in out


def test_a_finding_on_very_many_records_names_the_first_places(pack: Pack, tmp_path: Path) -> None:
    write_inspection(tmp_path, pack, 0)
    one = some(pack, 1, status="ok", reason="", numerator="", denominator="")[0]
    metrics(tmp_path, [one | {"id": f"m-{n}", "value": str(n)} for n in range(1, 31)])
    _, out, _ = told("evidence", "check", str(tmp_path), "--rules", str(RULES))
    assert out.count("\n    also ") == 21
    assert "\n    also 9 more places\n" in out
    _, said, _ = told("evidence", "check", str(tmp_path), "--rules", str(RULES), "--format", "json")
    [found] = [r for r in json.loads(said)["open"] if r["code"] == "C101"]
    assert len(found["places"]) == 30


def test_a_command_leaves_the_collector_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    before = gc.get_threshold()
    monkeypatch.setattr(sys, "argv", ["grading", "evidence", "check", "nowhere"])
    with pytest.raises(SystemExit):
        main()
    assert gc.get_threshold() == before
