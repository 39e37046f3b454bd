"""Bad input through the real command line: told in full and in place, and nothing is graded."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from grading.__main__ import main

HERE = Path(__file__).parent
TOLD = re.compile(r"(evidence|rules|nowhere)[^:]*:[1-9]\d*:[1-9]\d*: E\d{3} [^\n]+")
Change = Callable[[Path], object]


class Told(NamedTuple):
    """What a command left: its exit code, and what it said where."""

    code: int
    out: str
    err: str

    @property
    def problems(self) -> list[str]:
        """The lines that tell a problem: all but the last, which counts them."""
        return self.err.splitlines()[:-1]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the good bakery in `evidence` and `rules/bakery`, from where commands run."""
    shutil.copytree(HERE / "errors_pack" / "good", tmp_path / "rules/bakery")
    shutil.copytree(HERE / "errors_evidence" / "good", tmp_path / "evidence")
    monkeypatch.chdir(tmp_path)
    return tmp_path


Grading = Callable[..., Told]


@pytest.fixture
def grading(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Grading:
    """The command line, in this process."""

    def command(*words: str) -> Told:
        monkeypatch.setattr(sys, "argv", ["grading", *words])
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capsys.readouterr()
        assert isinstance(stopped.value.code, int)
        return Told(stopped.value.code, said.out, said.err)

    return command


def write(file: str, content: str | bytes) -> Change:
    """The file has this content."""
    data = content.encode() if isinstance(content, str) else content
    return lambda home: (home / file).write_bytes(data)


def swap(file: str, old: str, new: str) -> Change:
    """One passage of the file is another."""

    def change(home: Path) -> None:
        text = (home / file).read_text("utf-8")
        assert old in text
        (home / file).write_text(text.replace(old, new, 1), "utf-8")

    return change


def folder_instead(file: str) -> Change:
    """There is a folder where the file should be."""

    def change(home: Path) -> None:
        (home / file).unlink()
        (home / file).mkdir()

    return change


def link_instead(file: str, to: str) -> Change:
    """There is a link where the file should be."""

    def change(home: Path) -> None:
        (home / file).unlink()
        (home / file).symlink_to(to)

    return change


def pipe_instead(file: str) -> Change:
    """There is a named pipe where the file should be, which would be waited for."""

    def change(home: Path) -> None:
        (home / file).unlink()
        os.mkfifo(home / file)

    return change


def whole_folder(change: Callable[[Path], object]) -> Change:
    """The folder of evidence is gone, and something else is in its place."""

    def replaced(home: Path) -> None:
        shutil.rmtree(home / "evidence")
        change(home / "evidence")

    return replaced


INSPECTION, FIELDWORK = "evidence/inspection.yaml", "evidence/fieldwork.yaml"
METRICS, SURVEYS = "evidence/metrics.csv", "evidence/surveys.csv"
PREVIOUS, REVIEW = "evidence/previous.yaml", "evidence/file-review-summary.yaml"
PACK, BREAD, SERIES = (
    "rules/bakery/pack.yaml",
    "rules/bakery/bread.yaml",
    "rules/bakery/series.yaml",
)
LAUGHS = "a: &a [lol]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
BAD: dict[str, tuple[str, str, Change]] = {
    # texts that are no YAML, or not the YAML that is read
    "empty file": ("E109", INSPECTION, write(INSPECTION, "")),
    "comments alone": ("E109", FIELDWORK, write(FIELDWORK, "# to do\n")),
    "only spaces": ("E109", METRICS, write(METRICS, "  \n\n")),
    "open bracket": ("E138", INSPECTION, swap(INSPECTION, "03-02}", "03-02")),
    "open quote": ("E137", FIELDWORK, swap(FIELDWORK, "Each oven", '"Each oven')),
    "tab": ("E118", FIELDWORK, swap(FIELDWORK, "    topic", "\ttopic")),
    "wrong indentation": ("E136", FIELDWORK, swap(FIELDWORK, "    topic", "   topic")),
    "NUL in YAML": ("E107", FIELDWORK, swap(FIELDWORK, "Each", "Ea\0ch")),
    "NUL in CSV": ("E107", METRICS, swap(METRICS, "Loaves", "Lo\0aves")),
    "not UTF-8": ("E105", FIELDWORK, write(FIELDWORK, "records: caf\u00e9".encode("latin-1"))),
    "UTF-16": ("E105", METRICS, write(METRICS, "id,series".encode("utf-16"))),
    "byte order mark": ("E106", INSPECTION, write(INSPECTION, b"\xef\xbb\xbfid: a\n")),
    "bidi override": ("E108", FIELDWORK, swap(FIELDWORK, "Each", "\u202eEach")),
    "bidi mark in an escape": ("E108", FIELDWORK, swap(FIELDWORK, "Each oven", '"\\u200e"#')),
    "billion laughs": ("E113", INSPECTION, write(INSPECTION, LAUGHS)),
    "Python object": ("E114", PREVIOUS, write(PREVIOUS, "records: !!python/tuple [1]\n")),
    "two documents": ("E111", PREVIOUS, write(PREVIOUS, "records: []\n---\nrecords: []\n")),
    "one key twice": ("E115", FIELDWORK, swap(FIELDWORK, "extent: all", "topic: loaves")),
    "deep nesting": ("E119", FIELDWORK, write(FIELDWORK, "records: " + "[" * 50_000)),
    "10 MB": ("E104", FIELDWORK, write(FIELDWORK, b"records: " + b"a" * 10_000_000)),
    "10 MB in a cell": ("E158", METRICS, write(METRICS, b"a" * 10_000_000)),
    "text of 30,000 characters": ("E121", FIELDWORK, swap(FIELDWORK, "Each", "a" * 30_000)),
    "cell of 30,000 characters": ("E158", METRICS, swap(METRICS, "Loaves", "a" * 30_000)),
    # values that do not fit
    "a list for a mapping": ("E203", INSPECTION, write(INSPECTION, "- id: crumb\n")),
    "a number for a name": ("E203", INSPECTION, swap(INSPECTION, "body: crumb", "body: 3")),
    "a text for records": ("E203", FIELDWORK, write(FIELDWORK, "records: none yet\n")),
    "misspelled key": ("E201", INSPECTION, swap(INSPECTION, "as-of:", "as-off:")),
    "missing key": ("E202", INSPECTION, swap(INSPECTION, "body: crumb\n", "")),
    "30 February": ("E123", INSPECTION, swap(INSPECTION, "2020-06-30", "2020-02-30")),
    "a word for a date": ("E203", INSPECTION, swap(INSPECTION, "2020-06-30", "soon")),
    "month 13 in a table": ("E123", METRICS, swap(METRICS, "2020-01-01", "2020-13-01")),
    "31/01/2020": ("E173", METRICS, swap(METRICS, "2020-01-31", "31/01/2020")),
    "period reversed": ("E209", INSPECTION, swap(INSPECTION, "to: 2020-03-02", "to: 2020-02-02")),
    "period of a figure reversed": ("E413", METRICS, swap(METRICS, "2020-01-31", "2019-01-31")),
    "a word that is none": ("E204", FIELDWORK, swap(FIELDWORK, "supports", "suports")),
    "yes and no": ("E124", REVIEW, swap(REVIEW, "quantified: true", "quantified: yes")),
    "severity of a strength": (
        "E209",
        FIELDWORK,
        swap(FIELDWORK, "extent: all", "severity: minor"),
    ),
    "empty statement": ("E205", FIELDWORK, swap(FIELDWORK, "Each oven was hot", "''")),
    "a statement like a book": ("E206", FIELDWORK, swap(FIELDWORK, "Each", "a" * 3000)),
    "negative number of files": ("E208", REVIEW, swap(REVIEW, "files: 20", "files: -20")),
    "half a file": ("E203", REVIEW, swap(REVIEW, "files: 20", "files: 20.5")),
    "a number of 400 digits": ("E122", REVIEW, swap(REVIEW, "files: 20", "files: " + "9" * 400)),
    "a year before printing": ("E208", PREVIOUS, swap(PREVIOUS, "raised: 2019", "raised: 1019")),
    "a path for a pack": ("E207", INSPECTION, swap(INSPECTION, "pack: bakery", "pack: ../bakery")),
    # tables
    "other columns": ("E152", METRICS, write(METRICS, "id,what,how\nm-1,a,b\n")),
    "misspelled column": ("E151", METRICS, swap(METRICS, "comparator", "comparater")),
    "column twice": ("E153", METRICS, swap(METRICS, "locator", "heading")),
    "too many cells": ("E154", METRICS, swap(METRICS, "hand,", "hand,,")),
    "open quote in a cell": ("E155", METRICS, swap(METRICS, "Loaves", '"Loaves')),
    "semicolons": ("E160", SURVEYS, write(SURVEYS, "id;survey;item\ns-1;a;b\n")),
    "spaces around a cell": ("E157", METRICS, swap(METRICS, "m-2,", "m-2 ,")),
    "a formula for a number": ("E171", METRICS, swap(METRICS, ",120,", ",=60+60,")),
    "a thousands separator": ("E171", METRICS, swap(METRICS, ",120,", ',"1,200",')),
    "infinity": ("E171", METRICS, swap(METRICS, ",120,", ",.inf,")),
    "an exponent": ("E171", METRICS, swap(METRICS, ",120,", ",1e999,")),
    "a figure of 400 digits": ("E122", METRICS, swap(METRICS, ",120,", f",{'9' * 400},")),
    "neither yes nor no": ("E174", METRICS, swap(METRICS, ",no,", ",maybe,")),
    "missing without a reason": ("E209", METRICS, swap(METRICS, "120,count", ",count")),
    "a share above one": ("E209", METRICS, swap(METRICS, ",191,200,", ",201,200,")),
    "a negative sample": ("E208", SURVEYS, swap(SURVEYS, ",50,", ",-50,")),
    "half a respondent": ("E172", SURVEYS, swap(SURVEYS, ",50,", ",50.5,")),
    # evidence against its pack
    "unknown topic": ("E403", FIELDWORK, swap(FIELDWORK, "oven-heat", "owen-heat")),
    "unknown level": ("E409", FIELDWORK, swap(FIELDWORK, "extent: all", "extent: most")),
    "one id twice": ("E408", SURVEYS, swap(SURVEYS, "s-1,", "fw-1,")),
    "a percentage over 100": ("E415", METRICS, swap(METRICS, "95.5,", "100.5,")),
    "a negative percentage": ("E415", SURVEYS, swap(SURVEYS, "80,", "-80,")),
    "a negative count": ("E421", METRICS, swap(METRICS, ",120,", ",-120,")),
    "unknown series": ("E410", METRICS, swap(METRICS, "m-3,stars", "m-3,start")),
    "unknown pack": ("E417", INSPECTION, swap(INSPECTION, "pack: bakery", "pack: brewery")),
    "a date before the pack": ("E406", INSPECTION, swap(INSPECTION, "2020-06-30", "1820-06-30")),
    # packs
    "missing indicator": ("E302", BREAD, swap(BREAD, "indicator: loaves", "indicator: loafs")),
    "broken pack": ("E138", PACK, swap(PACK, "[bread]", "[bread")),
    "empty pack": ("E109", PACK, write(PACK, "")),
    "a condition of no kind": ("E201", PACK, swap(PACK, "{weakness: {", "{weekness: {")),
    "no such question": ("E301", PACK, swap(PACK, "[bread]", "[bread, breads]")),
    "a threshold like a phone number": (
        "E122",
        BREAD,
        swap(BREAD, "at-least: 10", "at-least: " + "9" * 400),
    ),
    # things that are no files
    "no inspection": ("E101", INSPECTION, lambda home: (home / INSPECTION).unlink()),
    "a folder for a file": ("E102", FIELDWORK, folder_instead(FIELDWORK)),
    "a folder for a rule file": ("E102", SERIES, folder_instead(SERIES)),
    "a pipe for a file": ("E102", METRICS, pipe_instead(METRICS)),
    "a link to itself": ("E103", FIELDWORK, link_instead(FIELDWORK, "fieldwork.yaml")),
    "a link to nowhere": ("E101", METRICS, link_instead(METRICS, "nowhere.csv")),
    "a rule file that leads nowhere": ("E101", SERIES, link_instead(SERIES, "nowhere.yaml")),
    "a spare file": ("E402", "evidence/field.yaml", write("evidence/field.yaml", "records: []\n")),
    "no folder": ("E401", "evidence", whole_folder(lambda path: None)),
    "a file for the folder": ("E401", "evidence", whole_folder(lambda path: path.write_text(""))),
    "a folder in a circle": ("E401", "evidence", whole_folder(lambda p: p.symlink_to("evidence"))),
}


@pytest.mark.parametrize(("code", "file", "change"), BAD.values(), ids=BAD)
def test_bad_input_is_told_in_its_place_with_a_remedy(
    code: str, file: str, change: Change, home: Path, grading: Grading
) -> None:
    change(home)
    told = grading("run", "evidence")
    assert (told.code, told.out) == (3, "")
    assert all(map(TOLD.fullmatch, told.problems))
    mine = [line for line in told.problems if f": {code} " in line]
    assert mine
    assert mine[0].startswith(f"{file}:")
    assert code in SELF_EVIDENT or all(line.endswith(")") for line in mine), "no remedy"
    number = len(told.problems)
    assert told.err.splitlines()[-1] == (
        f"{number} problem{'' if number == 1 else 's'}; nothing was graded"
    )


SELF_EVIDENT = {"E171", "E174", "E203", "E209"}  # whose message says what is needed


def test_there_are_at_least_forty_kinds() -> None:
    assert len(BAD) >= 40


@pytest.mark.parametrize("command", [["evidence", "check"], ["explain"]], ids=" ".join)
def test_every_command_tells_the_same_problems(
    command: list[str], home: Path, grading: Grading
) -> None:
    swap(FIELDWORK, "oven-heat", "owen-heat")(home)
    run = grading("run", "evidence")
    target = ["bread"] if command == ["explain"] else []
    assert grading(*command, "evidence", *target) == run


def test_the_problems_of_all_files_are_told_at_once(home: Path, grading: Grading) -> None:
    swap(FIELDWORK, "supports", "suports")(home)
    swap(METRICS, ",120,", ",many,")(home)
    swap(PREVIOUS, "raised: 2019", "raised: last year")(home)
    assert grading("run", "evidence").err.splitlines() == [
        "evidence/fieldwork.yaml:4:16: E204 `suports` is not one of `supports`, `contradicts` or"
        " `neutral` (did you mean `supports`?)",
        "evidence/metrics.csv:2:4: E171 `many` is not a number",
        "evidence/previous.yaml:5:13: E203 expected a whole number, found the text `last year`",
        "3 problems; nothing was graded",
    ]


def test_broken_evidence_does_not_hide_a_broken_pack_nor_one_rule_file_another(
    home: Path, grading: Grading
) -> None:
    for file in (FIELDWORK, SURVEYS):
        swap(file, "heading", "hading")(home)
    for file in (PACK, BREAD, SERIES):
        swap(file, "title", "tittle")(home)
    files = {line.split(":")[0] for line in grading("run", "evidence").problems}
    assert files == {FIELDWORK, SURVEYS, PACK, BREAD, SERIES}
    swap(INSPECTION, "body-name", "body-nam")(home)
    files = {line.split(":")[0] for line in grading("run", "evidence").problems}
    assert files == {INSPECTION, FIELDWORK, SURVEYS}


def test_text_that_looks_like_a_formula_is_text(home: Path, grading: Grading) -> None:
    swap(METRICS, "Loaves", "=1+1")(home)
    swap(FIELDWORK, "Each oven was hot", "'=HYPERLINK(\"http://x\") {{ 7*7 }} %s <b>'")(home)
    told = grading("explain", "evidence", "fw-1")
    assert told.code == 0
    assert '=HYPERLINK("http://x") {{ 7*7 }} %s <b>' in told.out


def test_text_that_looks_like_markup_is_shown_as_it_is_written(
    home: Path, grading: Grading
) -> None:
    swap(INSPECTION, "Crumb & Sons", '"[bold]Crumb[/bold] [/] [red]"')(home)
    swap(BREAD, "Is the bread good?", '"Is [the] bread [/good]?"')(home)
    told = grading("run", "evidence")
    assert told.code == 0
    assert "[bold]Crumb[/bold] [/] [red]" in told.out
    assert "Is [the] bread [/good]?" in told.out


def test_a_figure_that_the_engine_cannot_keep_is_no_disagreement(
    home: Path, grading: Grading
) -> None:
    change = "method: ratio, comparator: all, places: 6, series: [loaves-baked]"
    swap("rules/bakery/indicators.yaml", "method: value, series: [loaves-baked]", change)(home)
    comparison = "m-4,loaves-baked,all,7,count,2020-01-01,2020-01-31,yes,ok,,,,,Loaves,,,\n"
    swap(METRICS, "m-1,", comparison + "m-1,")(home)
    swap(METRICS, ",120,", ",999999999999999,")(home)
    told = grading("explain", "evidence", "loaves-a-day")
    assert (told.code, told.err) == (0, "")
    assert "more than 15 digits" in told.out


@pytest.mark.parametrize("words", [["run"], ["run", "a", "b"], ["grade"], ["run", "--as-of", "x"]])
def test_wrong_usage_is_told_on_stderr(words: list[str], home: Path, grading: Grading) -> None:
    told = grading(*words)
    assert (told.code, told.out) == (2, "")
    assert "Error" in told.err


def test_the_installed_command_stops_with_the_same_code_and_words(
    home: Path, grading: Grading
) -> None:
    swap(FIELDWORK, "oven-heat", "owen-heat")(home)
    told = grading("run", "evidence")
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    ran = subprocess.run(
        [sys.executable, "-m", "grading", "run", "evidence"],
        capture_output=True,
        check=False,
        env=environment,
        text=True,
    )
    assert Told(ran.returncode, ran.stdout, ran.stderr) == told
