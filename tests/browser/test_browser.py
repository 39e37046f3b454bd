"""A report in a browser: it opens, can be used by mouse and keyboard, and asks for nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from grading.__main__ import cli
from grading.commands.reported import subject_of
from grading.report.html import html, html_of_two
from tests.browser.chromium import Page, page
from tests.test_report import DURHAM, MADE_UP, RULES, TABLE, hostile_evidence

REPORTS = ("durham", "made-up", "table", "hostile", "open", "two")
PEEL = RULES / "peel-effectiveness-2016"
POLICY = ("book", "coverage", "impact")
NAMES = (*REPORTS, *POLICY)
WIDTHS = (360, 768, 1440)
BEYOND = """[...document.querySelectorAll("body *")].filter((e) => {
  const box = e.getBoundingClientRect();
  return box.width > 1 && (box.right > innerWidth + 0.5 || box.left < -0.5) && !e.closest(".skip");
}).map((e) => `${e.tagName} ${e.className} ${e.id}`).slice(0, 5)"""
CLEARED = """new Promise((done) => setTimeout(
  () => done(document.querySelector("#filter output").innerText), 50))"""
RECORD = "document.querySelector('.findings a[href=\"#r.ic-036\"]')"
SEEN = """new Promise((done) => setTimeout(
  () => done(document.getElementById("r.ic-036").checkVisibility()), 200))"""
UNFOLD = 'document.querySelectorAll("details").forEach((fold) => { fold.open = true; })'
SHOWN = """[...document.querySelectorAll(".register > li")]
  .filter((e) => e.checkVisibility()).map((e) => e.id)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    with page() as found:
        yield found


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    home = tmp_path_factory.mktemp("reports")
    subjects = {
        "durham": subject_of(DURHAM),
        "made-up": subject_of(MADE_UP, table=TABLE),
        "table": subject_of(
            MADE_UP.parents[2] / "tests/data/synthetic-inspection", rules=RULES, table=TABLE
        ),
        "hostile": subject_of(hostile_evidence(home / "hostile")),
        "open": subject_of(DURHAM, dropped=("fieldwork",)),
    }
    for name, subject in subjects.items():
        (home / f"{name}.html").write_text(html(subject), "utf-8")
    two = html_of_two(subjects["durham"], subjects["open"])
    (home / "two.html").write_text(two, "utf-8")
    made_for_policy(home)
    return {name: home / f"{name}.html" for name in NAMES}


def made_for_policy(home: Path) -> None:
    """The pages of a pack in which a threshold was changed: its rule book, coverage and impact."""
    pack = home / "changed"
    shutil.copytree(PEEL, pack)
    investigating = pack / "investigating-crime.yaml"
    text = investigating.read_text("utf-8")
    assert "at-least: 3, basis" in text
    investigating.write_text(text.replace("at-least: 3, basis", "at-least: -30, basis"), "utf-8")
    passages, impact = str(PEEL / "passages.txt"), home / "impact.html"
    to_html = ("--format", "html", "--out")
    for code, words in (
        (0, ["book", str(pack), "--passages", passages, "--out", str(home / "book.html")]),
        (1, ["test", str(pack), "--cov-html", str(home / "coverage.html")]),
        (
            0,
            ["impact", str(PEEL), str(pack), "--over", str(DURHAM.parent), *to_html, str(impact)],
        ),
    ):
        told = CliRunner().invoke(cli, ["rules", *words], standalone_mode=False)
        assert told.return_value == code, told.output


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core: where AXE says, or fetched from the registry of npm."""
    named = os.environ.get("AXE")
    if named:
        return Path(named).read_text("utf-8")
    home = tmp_path_factory.mktemp("axe")
    npm = shutil.which("npm")
    assert npm is not None, "npm is needed to fetch axe-core"
    command = [
        npm,
        "install",
        "--silent",
        "--no-audit",
        "--no-fund",
        "--prefix",
        str(home),
        "axe-core@4",
    ]
    subprocess.run(command, check=True, cwd=home)
    return (home / "node_modules/axe-core/axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_report_opens_with_script_and_without_and_asks_for_nothing_else(
    browser: Page, reports: dict[str, Path], script: bool
) -> None:
    browser.open(reports["durham"], script=script)
    assert browser.requests == [reports["durham"].as_uri()]
    assert browser.value("document.querySelector('h1').innerText") == "Durham Constabulary"
    shown = browser.value("document.querySelector('main').innerText")
    assert "Area" in shown
    assert "First raised in 2015" in shown
    tools = "[...document.querySelectorAll('.tools')].map((e) => e.checkVisibility())"
    assert browser.value(tools) == [script, script]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_overflows_at_any_width_folded_or_not(
    browser: Page, reports: dict[str, Path], name: str, width: int
) -> None:
    browser.open(reports[name], width=width)
    assert browser.value(BEYOND) == []
    browser.value(UNFOLD)
    assert browser.value(BEYOND) == []
    assert browser.value("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("name", ["durham", "made-up", "table", "two", *POLICY])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_report_passes_the_accessibility_check(
    browser: Page, reports: dict[str, Path], axe: str, name: str, scheme: str
) -> None:
    browser.call(
        "Emulation.setEmulatedMedia",
        features=[{"name": "prefers-color-scheme", "value": scheme}],
    )
    browser.open(reports[name], width=1440)
    browser.value(UNFOLD)
    browser.value(
        """document.querySelectorAll(".register").forEach((kept) =>
          [...kept.children].slice(8).forEach((record) => record.remove()));
        document.querySelectorAll(".lines").forEach((kept) =>
          [...kept.children].slice(60).forEach((line) => line.remove()))"""
    )
    browser.value(axe)
    found = json.loads(browser.value("axe.run().then((found) => JSON.stringify(found))"))
    wrong = [
        (v["id"], n["target"], n["failureSummary"]) for v in found["violations"] for n in v["nodes"]
    ]
    assert wrong[:5] == []
    assert len(found["passes"]) > 25


@pytest.mark.parametrize("name", ["made-up", *POLICY])
def test_every_link_leads_to_something_that_is_then_seen(
    browser: Page, reports: dict[str, Path], name: str
) -> None:
    browser.open(reports[name])
    assert browser.requests == [reports[name].as_uri()]
    hidden = browser.value(
        """(async () => {
          const links = document.querySelectorAll("a[href^='#']");
          const targets = [...new Set([...links].map((a) => a.hash))];
          const some = Math.ceil(targets.length / 150);  // a browser follows no more in a row
          const hidden = [];
          for (const target of targets.filter((_, number) => number % some === 0)) {
            document.querySelectorAll("details").forEach((fold) => { fold.open = false; });
            location.hash = target;
            dispatchEvent(new HashChangeEvent("hashchange"));
            const found = document.getElementById(target.slice(1));
            if (location.hash !== target || !found.checkVisibility()) hidden.push(target);
          }
          return hidden;
        })()"""
    )
    assert hidden == []


def test_a_link_into_what_is_folded_leads_there_without_script(
    browser: Page, reports: dict[str, Path]
) -> None:
    browser.open(reports["durham"], target="#r.ic-030", script=False)
    box = browser.value(
        "JSON.stringify(document.getElementById('r.ic-030').getBoundingClientRect())"
    )
    found = json.loads(box)
    assert found["height"] > 0
    assert 0 <= found["top"] < 900


def test_filters_leave_what_they_ask_for_by_keyboard_alone(
    browser: Page, reports: dict[str, Path]
) -> None:
    browser.open(reports["durham"])
    browser.value("document.querySelector('#filter [name=text]').focus()")
    for letter in "thrive":
        browser.press(letter, ord(letter.upper()), letter)
    shown = browser.value(SHOWN)
    assert "r.ic-030" in shown
    assert all(
        "thrive" in browser.value(f"document.getElementById('{i}').innerText").lower()
        for i in shown
    )
    assert (
        browser.value("document.querySelector('#filter output').innerText")
        == f"{len(shown)} records"
    )
    for _ in range(2):
        browser.press("Tab", 9)
    assert browser.value("document.activeElement.name") == "side"
    browser.press("a", 65, "a")
    against = browser.value(SHOWN)
    assert 0 < len(against) < len(shown)
    assert "r.ic-030" in against
    for _ in range(2):
        browser.press("Tab", 9)
    browser.press("Enter", 13, "\r")
    assert browser.value(CLEARED) == ""


def test_a_click_goes_to_a_record_that_a_filter_hid(
    browser: Page, reports: dict[str, Path]
) -> None:
    browser.open(reports["durham"])
    browser.value(
        """(() => {
          const text = document.querySelector("#filter [name=text]");
          text.value = "nothing has this in it";
          text.dispatchEvent(new Event("input", {bubbles: true}));
        })()"""
    )
    assert browser.value(SHOWN) == []
    browser.value(f"{RECORD}.scrollIntoView({{block: 'center'}})")
    box = json.loads(browser.value(f"JSON.stringify({RECORD}.getBoundingClientRect())"))
    browser.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert browser.value(SEEN) is True
    assert browser.value("location.hash") == "#r.ic-036"


def test_the_first_key_leads_past_the_contents(browser: Page, reports: dict[str, Path]) -> None:
    browser.open(reports["made-up"])
    browser.press("Tab", 9)
    assert browser.value("document.activeElement.innerText") == "Skip to the report"
    browser.press("Enter", 13, "\r")
    assert browser.value("document.activeElement.id") == "part.report"


def test_a_fold_opens_by_mouse_and_by_keyboard(browser: Page, reports: dict[str, Path]) -> None:
    browser.open(reports["made-up"])
    fold = "document.querySelector('.question details')"
    browser.value(f"{fold}.scrollIntoView({{block: 'center'}})")
    box = json.loads(
        browser.value(f"JSON.stringify({fold}.firstElementChild.getBoundingClientRect())")
    )
    browser.click(box["x"] + 20, box["y"] + box["height"] / 2)
    assert browser.value(f"{fold}.open") is True
    browser.value(f"{fold}.firstElementChild.focus()")
    browser.press("Enter", 13, "\r")
    assert browser.value(f"{fold}.open") is False


def test_hostile_text_runs_nothing_and_makes_no_element(
    browser: Page, reports: dict[str, Path]
) -> None:
    browser.open(reports["hostile"])
    assert browser.value("document.querySelectorAll('img, iframe, script').length") == 1
    assert "<script>alert(1)</script>" in browser.value("document.querySelector('main').innerText")
    assert browser.requests == [reports["hostile"].as_uri()]


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_the_contents_stand_beside_a_wide_page_and_fold_on_a_narrow_one(
    browser: Page, reports: dict[str, Path], script: bool
) -> None:
    link = "document.querySelector('nav a[href=\"#part.rules\"]')"
    browser.open(reports["made-up"], width=1440, script=script)
    box = json.loads(browser.value(f"JSON.stringify({link}.getBoundingClientRect())"))
    browser.click(box["x"] + 5, box["y"] + box["height"] / 2)
    assert browser.value("location.hash") == "#part.rules"
    browser.open(reports["made-up"], width=360, script=script)
    assert browser.value(f"{link}.checkVisibility()") is False
    browser.value("document.querySelector('nav summary').focus()")
    browser.press("Enter", 13, "\r")
    assert browser.value(f"{link}.checkVisibility()") is True
    assert browser.value(f"{link}.getBoundingClientRect().height > 0") is True


@pytest.mark.parametrize("name", NAMES)
def test_nothing_overflows_on_paper(browser: Page, reports: dict[str, Path], name: str) -> None:
    browser.call("Emulation.setEmulatedMedia", media="print")
    browser.open(reports[name], width=680)  # between the margins of A4
    browser.value(UNFOLD)
    beyond = browser.value(BEYOND)
    heads = browser.value(
        "[...document.querySelectorAll('thead')].map((e) => getComputedStyle(e).display)"
    )
    browser.call("Emulation.setEmulatedMedia", media="")
    assert beyond == []
    assert set(heads) == {"table-header-group"}


def test_a_ladder_is_drawn_within_the_page_with_its_texts_within_their_steps(
    browser: Page, reports: dict[str, Path]
) -> None:
    for name in ("made-up", "open"):
        browser.open(reports[name], width=360)
        wide = browser.value(
            """[...document.querySelectorAll(".stairs g")].filter((step) => {
              const edge = step.querySelector("rect").getBoundingClientRect().right;
              return [...step.querySelectorAll("text")]
                .some((text) => text.getBoundingClientRect().right > edge);
            }).map((step) => step.textContent)"""
        )
        assert wide == []
        assert browser.value("document.querySelectorAll('.stairs').length") >= 4


def test_a_printed_report_shows_what_is_folded(browser: Page, reports: dict[str, Path]) -> None:
    browser.open(reports["made-up"], script=False)
    printed = browser.call("Page.printToPDF", preferCSSPageSize=True)
    assert len(printed["data"]) > 200_000
    browser.call("Emulation.setEmulatedMedia", media="print")
    shown = browser.value(
        "[...document.querySelectorAll('.register > li')].every((e) => e.getBoundingClientRect().height > 0)"
    )
    browser.call("Emulation.setEmulatedMedia", media="")
    assert shown is True
