"""`rules serve` as an editor has it: a whole server over pipes."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grading.__main__ import cli
from grading.commands.editor_server import At, Standing
from grading.policy.editor.checked import Checked, Mark
from grading.policy.editor.positions import Span
from tests.language_client import ROOT, SERVE, Editor, editing
from tests.lint_packs import BASE, edited
from tests.test_lint import TWO

LOANS = "  loans: {title: Loans, unit: count,"
WRONG = "  loans: {title: 😀 Loans, unti: count,"
COMMAND = "grading rules serve"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the pack of libraries, in a folder whose name needs care in a URI."""
    return Path(shutil.copytree(BASE, tmp_path / "my libraries, é"))


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    """One server for the tests that leave nothing open."""
    with editing() as found:
        yield found
        assert found.end() == (0, "")


def every(pack: Path) -> list[Path]:
    return sorted(pack.rglob("*.yaml"))


def bytes_of(pack: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in pack.rglob("*") if path.is_file()}


def span(line: int, start: int, end: int) -> dict[str, Any]:
    return {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def test_a_mistake_is_marked_in_every_file_as_it_is_typed_and_gone_when_it_is_mended(
    editor: Editor, pack: Path
) -> None:
    before, series = bytes_of(pack), pack / "series.yaml"
    clean: dict[str, list[Any]] = {path.name: [] for path in every(pack)}
    editor.open(series, read(series).replace(LOANS, WRONG))
    shown = editor.shown(*every(pack))
    indicators = shown.pop("indicators.yaml")
    assert shown == {name: [] for name in shown} | {
        "series.yaml": [
            {
                "range": span(6, 27, 31),  # the face before it is two units wide
                "severity": 1,
                "code": "E201",
                "source": "lint",
                "message": "unknown key `unti`\ndid you mean `unit`?",
            }
        ]
    }
    unknown = [(each["range"], each["code"], each["message"]) for each in indicators]
    assert unknown == [
        (span(1, 76, 83), "E314", "unknown series `in-time`"),
        (span(2, 63, 68), "E314", "unknown series `loans`"),
        (span(2, 70, 78), "E314", "unknown series `renewals`"),
        (span(3, 64, 69), "E314", "unknown series `loans`"),
        (span(4, 67, 72), "E314", "unknown series `loans`"),
    ]
    editor.change(series, read(series))
    assert editor.shown(*every(pack)) == clean
    editor.close(series)
    assert editor.shown(*every(pack)) == clean
    assert bytes_of(pack) == before


def test_a_case_that_fails_is_marked_with_the_rule_that_concludes_it(
    editor: Editor, pack: Path
) -> None:
    cases = pack / "cases" / "all.yaml"
    editor.open(cases, read(cases).replace("{waiting: meets}", "{waiting: falls-short}"))
    [mark] = editor.shown(cases)["all.yaml"]
    rules = mark.pop("relatedInformation")
    assert mark == {
        "range": span(11, 24, 31),
        "severity": 2,
        "code": "books-at-90",
        "source": "cases",
        "message": "outcome of waiting: expected falls-short, found meets",
    }
    service = (pack / "service.yaml").as_uri()
    assert rules == [
        {"location": {"uri": service, "range": where}, "message": "the rule that concludes it"}
        for where in (span(24, 10, 13), span(27, 15, 80), span(29, 10, 13))
    ]
    editor.close(cases)
    assert editor.shown(cases) == {"all.yaml": []}


def test_a_mark_explains_its_code_and_a_name_what_the_pack_says_of_it(
    editor: Editor, pack: Path
) -> None:
    series, service = pack / "series.yaml", pack / "service.yaml"
    editor.open(series, read(series).replace("caveats: [counted-by-hand], ", ""))
    editor.open(service, read(service))
    editor.shown(series)
    told = editor.at("textDocument/hover", series, 1, 4)["contents"]
    assert told["kind"] == "markdown"
    page, name = told["value"].split("\n\n---\n\n")
    assert page.startswith("**L601** (warning): something that nothing uses\n\n")
    assert page.count("```") == 4
    assert name == ("caveat **counted-by-hand**: Loans are counted by hand\n\nseries.yaml:2:3")
    assert editor.at("textDocument/hover", series, 0, 0) is None
    line = read(service).splitlines()
    row = next(n for n, text in enumerate(line) if "books-in-time" in text)
    at = line[row].index("books-in-time") + 3
    told = editor.at("textDocument/hover", service, row, at)["contents"]["value"]
    assert told == ("indicator **books-in-time**: Books that arrive in time\n\nindicators.yaml:2:3")
    assert editor.at("textDocument/definition", service, row, at) == [
        {"uri": (pack / "indicators.yaml").as_uri(), "range": span(1, 2, 15)}
    ]
    editor.close(series)
    editor.close(service)
    editor.shown(series)


def test_a_result_is_accepted_by_an_action_and_a_reason(editor: Editor, pack: Path) -> None:
    series = pack / "series.yaml"
    text = read(series).replace("caveats: [counted-by-hand], ", "").replace("\n", "\r\n")
    editor.open(series, text)
    [mark] = editor.shown(series)["series.yaml"]
    about = {"textDocument": {"uri": series.as_uri()}, "range": span(1, 0, 0)}
    [action] = editor.ask("textDocument/codeAction", about | {"context": {"diagnostics": []}})
    inserted = "  # accepted L601: \r\n"
    assert action == {
        "title": "Accept L601 with a reason",
        "kind": "quickfix",
        "diagnostics": [mark],
        "edit": {"changes": {series.as_uri(): [{"range": span(1, 0, 0), "newText": inserted}]}},
    }
    elsewhere = about | {"range": span(2, 0, 9), "context": {"diagnostics": []}}
    assert editor.ask("textDocument/codeAction", elsewhere) == []
    first, rest = text.split("\r\n", 1)
    editor.change(series, f"{first}\r\n{inserted}{rest}")
    told = editor.shown(series)["series.yaml"]
    assert [(each["code"], each["severity"]) for each in told] == [("L901", 1), ("L601", 2)]
    editor.change(series, f"{first}\r\n{inserted.rstrip()} it is to be used\r\n{rest}")
    told = editor.shown(series)["series.yaml"]
    assert [(each["code"], each["severity"]) for each in told] == [("L601", 4)]
    assert told[0]["message"].startswith("accepted because it is to be used: nothing uses ")
    below = about | {"range": span(2, 0, 9), "context": {"diagnostics": []}}
    assert editor.ask("textDocument/codeAction", below) == []
    editor.close(series)
    editor.shown(series)


def test_an_open_file_has_the_uri_that_the_editor_wrote(editor: Editor, pack: Path) -> None:
    series = pack / "series.yaml"
    uri = series.as_uri().replace("%2C", ",").replace("%C3%A9", "%c3%a9")
    assert uri != series.as_uri()
    item = {"uri": uri, "languageId": "yaml", "version": 1, "text": read(series)}
    editor.tell("textDocument/didOpen", {"textDocument": item})
    shown: list[str] = []
    last = pack / "service.yaml"
    while last.as_uri() not in shown:
        shown.append(editor.next()["params"]["uri"])
    assert uri in shown
    assert series.as_uri() not in shown
    editor.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
    editor.shown(series)


def test_a_file_outside_a_pack_has_nothing_and_harms_nothing(
    editor: Editor, tmp_path: Path
) -> None:
    alone = tmp_path / "alone.yaml"
    editor.open(alone, "a: [")
    assert editor.at("textDocument/hover", alone, 0, 0) is None
    assert editor.at("textDocument/definition", alone, 0, 0) == []
    about = {"textDocument": {"uri": alone.as_uri()}, "range": span(0, 0, 0)}
    assert editor.ask("textDocument/codeAction", about | {"context": {"diagnostics": []}}) == []
    editor.close(alone)


@pytest.fixture(scope="module")
def counting() -> Iterator[Editor]:
    """A server that counts columns by characters, as lint does."""
    with editing(["utf-32", "utf-16"]) as found:
        assert found.capabilities["positionEncoding"] == "utf-32"
        yield found
        assert found.end() == (0, "")


@pytest.mark.parametrize("loads", [True, False])
def test_an_editor_shows_what_lint_says(
    pack: Path, loads: bool, counting: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in edited(TWO).items():
        (pack / name).write_text(text, "utf-8")
    if not loads:
        (pack / "series.yaml").write_text(read(pack / "series.yaml").replace(LOANS, WRONG), "utf-8")
    monkeypatch.chdir(pack)
    said = json.loads(CliRunner().invoke(cli, ["rules", "lint", ".", "--format", "json"]).stdout)
    assert (said["loads"], bool(said["problems"]), bool(said["accepted"])) == (loads, True, loads)
    expected = [as_lint(each) for each in (*said["problems"], *said["accepted"])]
    counting.open(pack / "pack.yaml", read(pack / "pack.yaml"))
    shown = counting.shown(*every(pack))
    found = [
        as_shown(path.relative_to(pack).as_posix(), mark)
        for path in every(pack)
        for mark in shown[path.name]
        if mark["source"] == "lint"
    ]
    assert sorted(found) == sorted(expected)


def as_lint(said: dict[str, Any]) -> tuple[Any, ...]:
    because = f"accepted because {said['because']}: " if "because" in said else ""
    told = "\n".join(filter(None, (f"{because}{said['message']}", said["hint"])))
    severity = "hint" if because else said["severity"]
    return said["file"], said["line"], said["column"], said["code"], severity, told


def as_shown(file: str, mark: dict[str, Any]) -> tuple[Any, ...]:
    start = mark["range"]["start"]
    level = {1: "error", 2: "warning", 3: "info", 4: "hint"}[mark["severity"]]
    at = file, start["line"] + 1, start["character"] + 1
    return *at, mark["code"], level, mark["message"]


def test_a_mark_is_known_only_while_the_text_is_the_one_that_was_looked_at() -> None:
    standing = Standing()
    at = At(Path("pack"), "a.yaml", "a: 1\n", standing)
    assert not at.marks
    mark = Mark("a.yaml", Span(0, 0, 1), "error", "lint", "E201", "unknown key")
    standing.checked = Checked({"a.yaml": "a: 1\n"}, (mark,), None)
    assert at.marks == (mark,)
    assert not replace(at, text="a: 2\n").marks


BREAKS = """
import sys
import grading.commands.editor_server as server
from grading.__main__ import main
check = server.check
def breaking(home, texts, encoding):
    if "break" in str(texts):
        raise ZeroDivisionError("on purpose")
    return check(home, texts, encoding)
server.check = breaking
sys.argv = ["grading", "rules", "serve"]
main()
"""


def test_an_exception_is_logged_and_shown_and_the_server_goes_on(pack: Path) -> None:
    series = pack / "series.yaml"
    with editing(command=(sys.executable, "-c", BREAKS)) as editor:
        editor.open(series, read(series) + "# break\n")
        told = editor.next()
        assert told["method"] == "window/showMessage"
        assert told["params"] == {"type": 1, "message": "Error in server: on purpose"}
        editor.send_bytes(b"{no message")
        assert editor.next()["method"] == "window/showMessage"
        editor.tell("textDocument/didChange", {"textDocument": 3})
        assert editor.next()["method"] == "window/showMessage"
        editor.change(series, read(series))
        assert editor.shown(series) == {"series.yaml": []}
        code, logged = editor.exit()
    assert code == 1  # it was not asked to end before
    assert "ZeroDivisionError: on purpose" in logged


def test_without_the_package_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pygls", None)
    done = CliRunner().invoke(cli, ["rules", "serve"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == (
        "Error: an editor is served with the package `pygls`: install inspection-grading[editor]"
    )


def test_the_readme_names_the_command_that_is_served_here() -> None:
    assert f"`{COMMAND}`" in (ROOT / "README.md").read_text("utf-8")
    assert " ".join(("grading", *SERVE[3:])) == COMMAND
