"""`rules lint` and `rules explain` as they are typed: formats, exit codes, what is accepted and marked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from grading.commands.lint_formats import text
from grading.policy.lint.accepted import acceptances
from grading.policy.lint.claims import Claim, claimed
from grading.policy.lint.lint import lint
from grading.policy.lint.pages import GROUPS, pages, pages_of_checks, shorts
from grading.policy.lint.snippet import snippet, width
from grading.policy.meaning import meaning
from grading.problems import CODES
from grading.rules.files import read_pack
from grading.rules.load import load_pack
from tests.lint_packs import BASE, Edit, edited
from tests.test_bad_input import Grading, grading

__all__ = ["grading"]

ROOT = Path(__file__).parent.parent
SHIPPED = sorted(path.parent for path in ROOT.glob("rules/*/pack.yaml"))
_FAIR = "      fair: {judgments: [good, fair], at-least: 1}"
_IDLE = "{judgments: [good, fair], at-least: 1}, {judgments: [poor], at-most: 1}"
TWO = (
    Edit("series.yaml", "caveats: [counted-by-hand], ", ""),
    Edit("pack.yaml", _FAIR, f"      fair: {{all: [{_IDLE}]}}  # accepted L109: both: as in §3"),
)
"""An edit that leaves one warning open, and one that is accepted."""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Writes the pack of libraries with edits into `mine`, from where commands run."""
    monkeypatch.chdir(tmp_path)

    def written(*edits: Edit) -> None:
        shutil.rmtree(tmp_path / "mine", ignore_errors=True)
        for name, text_of in edited(edits).items():
            (tmp_path / "mine" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "mine" / name).write_text(text_of, "utf-8")
        now = meaning(load_pack(tmp_path / "mine"))
        manifest = tmp_path / "mine/pack.yaml"
        sealed = manifest.read_text("utf-8").replace(meaning(load_pack(BASE)), now)
        manifest.write_text(sealed, "utf-8")

    return written


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_a_shipped_pack_has_nothing_wrong(folder: Path) -> None:
    assert list(lint(read_pack(folder), folder).open) == []


def test_each_result_is_told_with_its_line_and_a_remedy(
    write: Callable[..., None], grading: Grading
) -> None:
    write(*TWO)
    told = grading("rules", "lint", "mine")
    assert (told.code, told.err) == (1, "")
    assert told.out == (
        "mine/series.yaml:2:3: warning L601 nothing uses caveat `counted-by-hand`\n"
        '    2 |   counted-by-hand: {says: Loans are counted by hand, cite: "Guide, notes"}\n'
        "      |   ^^^^^^^^^^^^^^^\n"
        "      = use it, or take it out\n"
        "\n"
        "mine/pack.yaml:72:60: accepted because both: as in §3: L109 this part of rung `fair` of"
        " ladder `whole` never changes a grade\n"
        "\n"
        "libraries 1.1.0: 34 checks, 0 errors, 1 warning; 1 accepted\n"
    )


def test_a_pack_with_nothing_wrong_is_done(write: Callable[..., None], grading: Grading) -> None:
    write()
    assert grading("rules", "lint", "mine") == (
        0,
        "libraries 1.1.0: 34 checks, 0 errors, 0 warnings\n",
        "",
    )


def test_a_pack_that_does_not_load_is_told_in_every_format(
    write: Callable[..., None], grading: Grading, tmp_path: Path
) -> None:
    write()
    (tmp_path / "mine/building.yaml").write_text("question: building\n", "utf-8")
    for form in ("text", "json", "sarif", "junit", "github"):
        told = grading("rules", "lint", "mine", "--format", form)
        assert told.code == 3
        assert "E202" in told.out
    found = json.loads(grading("rules", "lint", "mine", "--format", "json").out)
    assert (found["loads"], found["checks"]) == (False, 0)
    suite = ElementTree.fromstring(grading("rules", "lint", "mine", "--format", "junit").out)
    assert suite.get("tests") == suite.get("failures") == str(len(found["problems"]))


def test_json_has_what_is_open_and_what_is_accepted(
    write: Callable[..., None], grading: Grading
) -> None:
    write(*TWO)
    assert json.loads(grading("rules", "lint", "mine", "--format", "json").out) == {
        "pack": "libraries 1.1.0",
        "loads": True,
        "checks": 34,
        "problems": [
            {
                "file": "mine/series.yaml",
                "line": 2,
                "column": 3,
                "code": "L601",
                "severity": "warning",
                "message": "nothing uses caveat `counted-by-hand`",
                "hint": "use it, or take it out",
            }
        ],
        "accepted": [
            {
                "file": "mine/pack.yaml",
                "line": 72,
                "column": 60,
                "code": "L109",
                "severity": "warning",
                "message": "this part of rung `fair` of ladder `whole` never changes a grade",
                "hint": "take it out, or accept it with the reason why it stands there",
                "because": "both: as in §3",
                "comment": "mine/pack.yaml:72:95",
            }
        ],
    }


def test_sarif_marks_what_the_result_is_about(write: Callable[..., None], grading: Grading) -> None:
    write(*TWO)
    document = json.loads(grading("rules", "lint", "mine", "--format", "sarif").out)
    [run] = document["runs"]
    assert run["tool"]["driver"]["name"] == "grading rules lint"
    for rule in run["tool"]["driver"]["rules"]:
        assert rule["help"]["text"] + "\n" == grading("rules", "explain", rule["id"]).out
    opened, accepted = run["results"]
    assert opened["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "mine/series.yaml"},
        "region": {"startLine": 2, "startColumn": 3, "endColumn": 18},
    }
    assert (opened["level"], opened["suppressions"]) == ("warning", [])
    assert accepted["suppressions"] == [
        {"kind": "external", "justification": "accepted because both: as in §3"}
    ]


def test_junit_has_a_test_for_each_check(write: Callable[..., None], grading: Grading) -> None:
    write(*TWO)
    suite = ElementTree.fromstring(grading("rules", "lint", "mine", "--format", "junit").out)
    numbers = {name: suite.get(name) for name in ("tests", "failures", "skipped")}
    assert numbers == {"tests": str(len(pages_of_checks())), "failures": "1", "skipped": "1"}
    assert {case.get("classname") for case in suite} == set(pages_of_checks())


def test_github_has_an_annotation_for_each_result(
    write: Callable[..., None], grading: Grading
) -> None:
    write(*TWO)
    assert grading("rules", "lint", "mine", "--format", "github").out.splitlines() == [
        "::warning file=mine/series.yaml,line=2,col=3,title=L601::nothing uses caveat"
        " `counted-by-hand`%0Ause it, or take it out",
        "::notice file=mine/pack.yaml,line=72,col=60,title=L109::this part of rung `fair` of ladder"
        " `whole` never changes a grade%0Aaccepted because both: as in §3",
        "libraries 1.1.0: 34 checks, 0 errors, 1 warning; 1 accepted",
    ]


def test_a_version_is_set_against_the_pack_as_it_was(
    write: Callable[..., None], grading: Grading, tmp_path: Path
) -> None:
    write()
    shutil.copytree(tmp_path / "mine", tmp_path / "before")
    assert grading("rules", "lint", "mine", "--since", "before").code == 0
    write(Edit("service.yaml", "at-least: 95,", "at-least: 90,"))
    assert grading("rules", "lint", "mine").code == 0
    told = grading("rules", "lint", "mine", "--since", "before")
    assert told.code == 1
    assert told.out.startswith(
        "mine/pack.yaml:3:10: error L501 the rules mean something else than the other pack of"
        " version 1.1.0\n    3 | version: 1.1.0\n      |          ^^^^^\n"
    )


def test_texts_sources_and_layout_are_no_part_of_what_a_pack_means(
    write: Callable[..., None], tmp_path: Path
) -> None:
    write()
    was = meaning(load_pack(tmp_path / "mine"))
    write(
        Edit("service.yaml", "at-least: 95,", "at-least: 95.0,"),
        Edit("service.yaml", "There is a wide choice of books", "Many books are there"),
        Edit("service.yaml", "cite: Guide, part 1.4", "cite: Guide, part 4"),
        Edit("pack.yaml", "title: Public libraries", "title: Libraries  # all of them"),
    )
    assert meaning(load_pack(tmp_path / "mine")) == was


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("service.yaml", "at-least: 95,", "at-least: 96,"),
        ("service.yaml", "at-least: 95,", "above: 95,"),
        ("service.yaml", "core: false", "core: true"),
        ("pack.yaml", "core: unknown", "core: meets"),
        ("pack.yaml", "metric: deciding", "metric: corroborating"),
        (
            "pack.yaml",
            "      conflict:\n        at-best: fair",
            "      conflict:\n        at-best: poor",
        ),
        ("pack.yaml", "say: improve", "say: says"),
        ("pack.yaml", "kind: strength", "kind: area-for-improvement"),
        ("pack.yaml", "severity: moderate}}]", "severity: serious}}]"),
        ("pack.yaml", "extent: most}}", "extent: some}}"),
        ("series.yaml", "share: 0.1", "share: 0.2"),
        ("series.yaml", "excludes", "excludes"),
        ("indicators.yaml", "method: change", "method: value"),
    ],
)
def test_whatever_decides_is_part_of_what_a_pack_means(
    file: str, old: str, new: str, tmp_path: Path
) -> None:
    shutil.copytree(BASE, tmp_path / "mine")
    was = meaning(load_pack(tmp_path / "mine"))
    path = tmp_path / "mine" / file
    changed = path.read_text("utf-8").replace(old, new, 1)
    if old == "excludes":
        changed = changed.replace("bands: tenths, cite", "bands: tenths, excludes: [branch], cite")
    path.write_text(changed, "utf-8")
    assert meaning(load_pack(tmp_path / "mine")) != was


@pytest.mark.parametrize("code", pages())
def test_a_page_says_what_why_and_how(code: str, grading: Grading) -> None:
    told = grading("rules", "explain", code.lower())
    assert told.code == 0
    page = pages()[code]
    assert told.out.startswith(f"{code} ({page.severity}): {CODES[code]}\n")
    whole = "pack" if page.of == "pack" else "inspection"
    where = f"in {page.file}" if page.file else f"the folder of the {whole}"
    for heading in ("To settle it: ", f"Bad, {where}:\n\n", "Good:\n\n"):
        assert heading in told.out
    words = " ".join(told.out.split())
    for said in filter(None, (page.what, page.why, page.settle)):
        assert " ".join(said.split()) in words


def test_the_example_of_a_page_is_marked_where_the_result_is(grading: Grading) -> None:
    assert (
        grading("rules", "explain", "E203").out
        == """\
E203 (error): a value of the wrong kind

A value is of another kind than is needed here: text, a number, a date, true or false, a list,
or keys with values.

A number in the place of a text, or a list in the place of one word, was not meant so. No kind
is turned into another.

To settle it: write it as the message says; a number or date that is text stands in quotes.

Bad, in building.yaml:

    cite: 2.2
          ^^^
    core: true

Good:

    cite: Guide, part 2.2
    core: true
"""
    )


@pytest.mark.parametrize("code", shorts())
def test_a_code_without_examples_says_what_why_and_how(code: str, grading: Grading) -> None:
    told = grading("rules", "explain", code)
    short = shorts()[code]
    paragraphs = [
        f"{code}: {CODES[code]}",
        short.what,
        short.why,
        f"To settle it: {short.settle}",
    ]
    assert told.code == 0
    assert [" ".join(p.split()) for p in told.out.strip().split("\n\n")] == [
        " ".join(p.split()) for p in paragraphs
    ]


def test_without_a_code_all_of_them_are_listed(grading: Grading) -> None:
    told = grading("rules", "explain")
    assert told.code == 0
    lines = [line for line in told.out.splitlines() if line.startswith("  ")]
    listed = {line[2:6]: line[8:] for line in lines}
    assert (listed, len(lines)) == (dict(CODES), len(CODES))
    titles = [block.partition("\n")[0] for block in told.out.split("\n\n")]
    assert titles == [
        *(title for title, *_ in GROUPS),
        "`grading rules explain CODE` tells more of one.",
    ]


def test_the_pages_as_json_say_the_same(grading: Grading) -> None:
    page = pages()["E203"]
    one = json.loads(grading("rules", "explain", "E203", "--format", "json").out)
    assert one == {
        "code": "E203",
        "means": CODES["E203"],
        "what": page.what,
        "why": page.why,
        "settle": page.settle,
        "severity": "error",
        "of": "pack",
        "example": {"file": page.file, "bad": page.bad, "at": page.at, "good": page.good},
    }
    every = json.loads(grading("rules", "explain", "--format", "json").out)
    assert [group["about"] for group in every] == [title for title, *_ in GROUPS]
    by_code = {said["code"]: said for group in every for said in group["codes"]}
    assert by_code.keys() == CODES.keys()
    assert by_code["E203"] == one
    assert by_code["E401"].keys() == {"code", "means", "what", "why", "settle"}


@pytest.mark.parametrize(
    ("code", "hint"),
    [("L999", "`grading rules explain` lists all codes"), ("e50", "did you mean `E504`?")],
)
def test_a_code_that_there_is_not_is_refused(code: str, hint: str, grading: Grading) -> None:
    told = grading("rules", "explain", code)
    assert told.code == 2
    assert f"there is no code `{code}` ({hint})" in told.err


def test_a_comment_is_one_only_outside_of_texts() -> None:
    found = acceptances(
        {
            "a.yaml": "a: 1 # accepted L101: at the end\n"
            "# accepted L102: above\n# and more\nb: '# accepted L103: in a text'\n"
            "c: |\n  # accepted L104: in a block\nd: x#accepted L105\n"
            "e: 1  # accepted practice\nf: 1  # accepted\n"
        }
    )
    assert [(a.place.line, a.place.column, a.line, a.code, a.because) for a in found] == [
        (1, 6, 1, "L101", "at the end"),
        (2, 1, 4, "L102", "above"),
        (9, 7, 9, "", ""),
    ]


def test_a_file_that_is_no_yaml_accepts_nothing() -> None:
    assert acceptances({"a.yaml": "a: b: c  # accepted L101: no\n"}) == ()


@pytest.mark.parametrize(
    ("line", "column", "marked"),
    [
        ("a: {b: [1, 2]}, c", 4, "{b: [1, 2]}"),
        ("a: {b: '}', c: 1} # d", 4, "{b: '}', c: 1}"),
        ("a: {b: 1,", 4, "{b: 1,"),
        ("a: 'it''s so'  # b", 4, "'it''s so'"),
        ('a: "say \\"so\\"" # b', 4, '"say \\"so\\""'),
        ("  key: value", 3, "key"),
        ("a: some words  # and more", 4, "some words"),
        ("- {a: b, c: d}", 10, "c"),
        ("a: 10:30", 4, "10:30"),
        ("a: # b", 4, "# b"),
        ("a:", 9, ""),
    ],
)
def test_what_is_marked_is_the_value_or_key_at_the_place(
    line: str, column: int, marked: str
) -> None:
    assert line[column - 1 : column - 1 + width(line, column)] == marked


def test_of_a_long_line_the_part_around_the_place_is_shown() -> None:
    line = "a: " + ", ".join(f"word-{n}" for n in range(40))
    [shown, marks] = snippet(line, 1, line.index("word-20") + 1)
    assert shown.startswith("    1 | …")
    assert shown.endswith("…")
    assert shown[marks.index("^") : marks.rindex("^") + 1] == "word-20"


@pytest.mark.parametrize(
    ("said", "claims"),
    [
        ("at least 90 per cent of files", [("at-least", "90", True)]),
        ("90% or more of files", [("at-least", "90", True)]),
        ("no more than two of them", [("at-most", "2", False)]),
        ("more than 1,000 loans", [("above", "1000", False)]),
        ("fewer than three", [("below", "3", False)]),
        ("half of the core met", [("", "50", True)]),
        ("at least nine in ten", [("at-least", "90", True)]),
        ("one of the best", []),
        ("per 1,000 people", []),
        ("within 24 hours, in at least 80 per cent", [("at-least", "80", True)]),
        ("figure 4 and question 2", []),
        ("in 2016", []),
        ("2.5 or below", [("at-most", "2.5", False)]),
    ],
)
def test_the_numbers_that_a_text_claims(said: str, claims: list[tuple[str, str, bool]]) -> None:
    assert [(c.way, str(c.number), c.share) for c in claimed(said)] == claims
    assert all(isinstance(claim, Claim) for claim in claimed(said))


def test_the_same_text_comes_of_the_same_pack(tmp_path: Path) -> None:
    first, second = (lint(read_pack(BASE).named("base"), BASE) for _ in range(2))
    assert text(first) == text(second)
