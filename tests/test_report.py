"""A report holds everything that a run concluded, as text, with links that lead somewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grading.__main__ import cli
from grading.commands.reported import subject_of
from grading.explain.asked import asked
from grading.explain.english import capital
from grading.problems import Place
from grading.record.store import entries_of
from grading.report.comparing import Change, compared
from grading.report.drawn import bars, segments, strip
from grading.report.grades import Shown
from grading.report.html import html, html_of_two, rendered
from grading.report.markdown import markdown, plain
from grading.report.rule_book import excerpt
from grading.report.subject import Subject
from grading.report.visible import visible
from grading.source import Folder

ROOT = Path(__file__).parent.parent
DURHAM = ROOT / "evidence/peel-effectiveness-2016/durham"
MADE_UP = ROOT / "evidence/peel-effectiveness-2016/example-force"
KETTLE = ROOT / "evidence/food-hygiene/the-copper-kettle"
TABLE = ROOT / "tests/data/synthetic-43-bodies.csv"
RULES = ROOT / "rules"
VOID = {"meta", "input"}


class Reading(HTMLParser):
    """What a browser would make of a page: its elements, their text, links and headings."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.headings: list[int] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._started(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def _started(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        for name, value in attrs:
            self.attributes.append((tag, name, value or ""))
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.targets.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._started(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if not {"script", "style"}.intersection(self.open):
            self.text.append(data)


@pytest.fixture(scope="module")
def durham(tmp_path_factory: pytest.TempPathFactory) -> Subject:
    return subject_of(DURHAM, store=tmp_path_factory.mktemp("durham") / "store")


@pytest.fixture(scope="module")
def page(durham: Subject) -> str:
    return html(durham)


@pytest.fixture(scope="module")
def read(page: str) -> Reading:
    return Reading(page)


def test_a_report_of_durham_is_below_a_megabyte(page: str) -> None:
    assert 100_000 < len(page.encode("utf-8")) < 1_000_000


@pytest.mark.parametrize(("seed", "language"), [("1", "C"), ("2", "C.UTF-8")])
def test_a_report_has_the_same_bytes_in_every_process(
    page: str, seed: str, language: str, tmp_path: Path
) -> None:
    out = tmp_path / "report.html"
    settings_ = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": language, "PYTHONPATH": str(ROOT)}
    settings_["GRADING_STORE"] = str(tmp_path / "store")
    command = [sys.executable, "-m", "grading", "report", str(DURHAM), "--out", str(out)]
    subprocess.run(command, check=True, env=settings_, cwd=tmp_path)
    assert out.read_bytes() == page.encode("utf-8")


def test_every_judgment_finding_criterion_indicator_rule_and_record_is_in_a_report(
    durham: Subject, read: Reading
) -> None:
    grading, ids, text = durham.grading, set(read.ids), "".join(read.text)
    assert ids >= set(grading.judgments)
    assert ids >= {f"why.{judgment}" for judgment in grading.judgments}
    assert ids >= {f"c.{criterion}" for criterion in grading.pack.criteria}
    assert ids >= {f"figure.{indicator}" for indicator in grading.derivation.indicators}
    assert ids >= {f"r.{record}" for record in durham.explainer.leaves.ids()}
    for judgment in grading.judgments.values():
        assert judgment.title in text
    for finding in grading.findings.values():
        assert finding.says in text
    missing = [
        rule.id
        for rule in grading.pack.rules.values()
        if capital(asked(rule.body, grading.pack)) not in text
    ]
    assert missing == []


def test_every_link_of_a_report_leads_to_something_in_it_and_no_id_stands_twice(
    read: Reading,
) -> None:
    ids = set(read.ids)
    assert len(ids) == len(read.ids)
    assert [t for t in read.targets if not t.startswith("#") or t[1:] not in ids] == []
    assert len(read.targets) > 1_000


def test_a_report_names_no_other_address_and_allows_none(page: str, read: Reading) -> None:
    assert re.findall(r"(?i)(?:https?:)?//[a-z0-9.-]+\.[a-z]+", page) == []
    loading = {"src", "srcset", "action", "data", "poster", "background", "formaction"}
    assert [a for a in read.attributes if a[1] in loading or a[1].startswith("on")] == []
    policy = next(v for tag, name, v in read.attributes if (tag, name) == ("meta", "content"))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_headings_of_a_report_go_down_one_level_at_a_time(read: Reading) -> None:
    assert read.headings[0] == 1
    assert read.headings.count(1) == 1
    steps = zip(read.headings, read.headings[1:], strict=False)
    assert [(a, b) for a, b in steps if b > a + 1] == []


def test_no_grade_is_told_by_its_colour_alone(page: str) -> None:
    for shown in re.findall(r'<span class="grade [^>]*>(.*?)</span></span>|$', page):
        assert shown == "" or re.search(r"</span> \w", shown)
    grades = re.findall(r'class="grade [^"]*"><span aria-hidden="true">(.)</span> ([^<]+)<', page)
    assert set(grades) == {
        ("★", "Outstanding"),
        ("●", "Good"),
        ("◐", "Requires improvement"),
        ("○", "Inadequate"),
        ("–", "Ungraded"),
    }


def test_an_area_for_improvement_says_when_it_was_first_raised(read: Reading) -> None:
    text = " ".join("".join(read.text).split())
    assert "delay investigations. [pv-002" in text
    assert "First raised in 2015; persisting. On “Digital evidence is retrieved in time”." in text
    assert "First raised in 2016; new. On “Incidents are attended promptly" in text


def test_a_missing_figure_is_a_dash_with_its_reason(read: Reading) -> None:
    text = " ".join("".join(read.text).split())
    assert "– Recorded as 40 and 41 for one period [m-015, m-048]" in text


def test_figures_that_one_number_can_be_rounded_to_are_one_figure(read: Reading) -> None:
    assert "England and Wales: 68.2 per 1,000 people [m-004, m-038]" in "".join(read.text)


HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> &amp; {{ 7*7 }} {% raw %} ${x} {0!r}"
    " \" ' ` --> ]]> javascript:alert(1) " + "long" * 60
)


def hostile_evidence(home: Path) -> Path:
    """The made-up inspection with hostile text wherever its files take free text.

    Characters that turn a text around are not among it: no file with one is read.
    """
    shutil.copytree(RULES, home / "rules")
    folder = home / "evidence" / "hostile"
    shutil.copytree(MADE_UP, folder)
    word = HOSTILE.replace('"', '\\"')

    def hostile_now(path: Path, key: str, text: str) -> None:
        written = re.sub(
            rf"(?m)^( *(?:- )?{key}: ).*$", lambda m: f'{m[1]}"{text}"', path.read_text("utf-8")
        )
        path.write_text(written, "utf-8")

    for path in folder.glob("fieldwork-*.yaml"):
        hostile_now(path, "statement", word)
        hostile_now(path, "heading", word)
    hostile_now(folder / "inspection.yaml", "body-name", word[:100])
    hostile_now(folder / "inspection.yaml", "source", word[:120])
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    return html(subject_of(hostile_evidence(tmp_path_factory.mktemp("hostile"))))


def test_hostile_text_of_evidence_appears_as_text(hostile: str) -> None:
    found, harmless = Reading(hostile), Reading(html(subject_of(MADE_UP)))
    assert HOSTILE[:60] in "".join(found.text)
    assert "{{ 7*7 }}" in "".join(found.text)
    assert found.tags <= harmless.tags
    assert [a for a in found.attributes if a[1].startswith("on")] == []
    assert hostile.count("<script") == 1


TEXTS = st.text(st.characters(codec="utf-8") | st.sampled_from("<>&\"'{}%\u202e\x00\u2028"))


@settings(deadline=None, max_examples=40)
@given(TEXTS)
@example("<script>alert(1)</script> &lt;b&gt; {{ 7 }}")
def test_any_value_of_a_report_appears_as_text(text: str) -> None:
    named = {"title": text, "body": text, "inspection_source": text}
    found = Reading(rendered("header.html.j2", {**HEADER, **named}))
    assert "".join(found.text).count(visible(text)) >= 3
    assert found.tags == {"header", "p", "h1", "a"}


HEADER = {
    "title": "",
    "body": "",
    "inspection_source": "",
    "synthetic": False,
    "as_of": "",
    "published": "",
    "fieldwork": "",
    "shown_id": "",
}


def test_what_cannot_be_seen_is_shown_by_its_number() -> None:
    unseen = "a\x00b\u202ec\u2066d\ufeffe\U000e0041f\x85g\nh\u200di"
    assert visible(unseen) == ("a⟨U+0000⟩b⟨U+202E⟩c⟨U+2066⟩d⟨U+FEFF⟩e⟨U+E0041⟩f⟨U+0085⟩g\nh\u200di")


def test_bars_start_at_zero_on_one_scale() -> None:
    found = bars([Decimal(-5), Decimal(15), None])
    assert found.zero == "25"
    assert [b and (b.x, b.width) for b in found.bars] == [("0", "25"), ("25", "75"), None]
    assert [b and b.width for b in bars([Decimal(1)], Decimal(4)).bars] == ["25"]
    assert [b and b.width for b in bars([Decimal(0)]).bars] == ["0"]


def test_parts_of_a_whole_lie_beside_each_other() -> None:
    found = segments([Decimal(1), Decimal(3), Decimal(4)])
    assert [(s.x, s.width) for s in found] == [("0", "12.5"), ("12.5", "37.5"), ("50", "50")]


def test_the_bands_of_a_strip_hold_so_many_bodies_at_each_end() -> None:
    values = [Decimal(v) for v in (0, 10, 20, 30, 40, 50, 60, 100)]
    found = strip(values, Decimal(20), 2)
    low, high = Decimal(found.low_band), Decimal(found.high_band)
    assert sum(Decimal(dot) < low for dot in found.dots) == 2
    assert sum(Decimal(dot) > high for dot in found.dots) == 2
    assert found.own == found.dots[2]
    alone = strip([Decimal(1)], Decimal(1), 1)
    assert (alone.low_width, alone.high_width) == ("0", "0")


def test_the_lines_of_a_rule_are_its_own() -> None:
    rung = "  rung:\n    # why\n    all:\n      - {x: 1, basis: pack}\n"
    text = f"a:\n{rung}\n    # next\n  other: {{y: 2}}\nb: 1\n"
    files = Folder("rules/p", ("f.yaml",), {"f.yaml": text.encode()})
    assert list(excerpt(files, Place("rules/p/f.yaml", 4, 5))) == [
        (2, "rung:", False),
        (3, "  # why", False),
        (4, "  all:", False),
        (5, "    - {x: 1, basis: pack}", True),
    ]
    assert list(excerpt(files, Place("rules/p/f.yaml", 8, 10))) == [(8, "other: {y: 2}", False)]
    assert list(excerpt(files, Place("rules/p/none.yaml", 1, 1))) == []


def test_the_lines_of_every_rule_of_the_pack_hold_the_line_of_its_condition(
    durham: Subject,
) -> None:
    for rule in durham.grading.pack.rules.values():
        assert rule.place.line in [number for number, _, _ in excerpt(durham.rules, rule.place)]


def test_a_table_of_bodies_is_drawn_with_its_bands() -> None:
    subject = subject_of(ROOT / "tests/data/synthetic-inspection", rules=RULES, table=TABLE)
    text = html(subject)
    assert text.count('<svg class="strip"') == 2
    assert text.count('<line class="mine"') == 2
    assert "rank 13 of 42 from the highest" in text
    assert "SYNTHETIC" in text


@pytest.mark.parametrize("folder", [KETTLE, MADE_UP], ids=lambda folder: str(folder.name))
def test_any_regime_has_a_report_whose_links_lead_somewhere(folder: Path) -> None:
    found = Reading(html(subject_of(folder)))
    assert [t for t in found.targets if t[1:] not in set(found.ids)] == []
    assert len(set(found.ids)) == len(found.ids)


def test_what_is_left_open_is_told_with_the_grades_that_are_possible() -> None:
    subject = subject_of(DURHAM, dropped=("fieldwork",))
    found = Reading(html(subject))
    text = " ".join("".join(found.text).split())
    assert "? Undetermined: inadequate to outstanding" in text
    assert "What is not known:" in text
    assert "Left out of this run: fieldwork." in text


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("home") / "store"
    assert CliRunner().invoke(cli, ["run", str(KETTLE), "--store", str(store)]).exception is None
    return store


def test_a_run_is_told_with_its_place_in_the_chain_and_so_is_its_evidence(
    stored: Path,
) -> None:
    evidence, first, *_ = entries_of(stored)
    assert (evidence.kind, first.kind) == ("evidence", "run")
    of_run = html(subject_of(Path(first.record[:12]), store=stored))
    assert f"<dd><code>{first.record}</code></dd>" in of_run
    assert f"<dd><code>{first.digest}</code></dd>" in of_run
    assert of_run == html(subject_of(KETTLE, store=stored))
    elsewhere = html(subject_of(KETTLE, store=stored / "none"))
    assert f"<dd><code>{first.record}</code></dd>" in elsewhere
    assert "This run was not found in a run store." in elsewhere


@settings(deadline=None, max_examples=200)
@given(TEXTS)
def test_any_text_is_one_line_of_markdown_without_marks(text: str) -> None:
    escaped = plain(text)
    assert "\n" not in escaped
    assert re.sub(r"\\(.)", r"\1", escaped) == " ".join(visible(text).split())
    assert not re.match(r"(?:[-+=]|\d+[.)])(?:\s|$)|---|===", escaped)
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_<>\[\]#|&]", escaped)


def test_the_narrative_is_the_grades_findings_and_figures_of_a_run(durham: Subject) -> None:
    text = markdown(durham)
    assert text == markdown(durham)
    assert text.splitlines()[0] == "# Durham Constabulary: PEEL police effectiveness 2016"
    assert (
        "| Protecting vulnerable people and supporting victims | ● Good | ● Good (2015, same) |"
        " ▲ 6, ● 9 | sensitive |" in text.splitlines()
    )
    assert (
        "- Durham Constabulary should retrieve evidence from digital devices quickly enough not to"
        " delay investigations. First raised in 2015 (persisting)." in text.splitlines()
    )
    for finding in durham.grading.findings.values():
        assert plain(finding.says) in text
    row = next(line for line in text.splitlines() if line.startswith("| Victim-based crime |"))
    assert row == (
        "| Victim-based crime | year to 30 June 2016 | 55.9 per 1,000 people |"
        " England and Wales: 60.4 per 1,000 people | 5, 7, 8, 26 |"
    )


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Subject:
    """The copper kettle with the worst score for its hygiene."""
    home = tmp_path_factory.mktemp("other")
    shutil.copytree(RULES, home / "rules")
    folder = home / "evidence" / "kettle"
    shutil.copytree(KETTLE, folder)
    path = folder / "metrics.csv"
    first, second, *rest = path.read_text("utf-8").splitlines()
    cells = second.split(",")
    cells[3] = "25"
    path.write_text("\n".join([first, ",".join(cells), *rest, ""]), "utf-8")
    return subject_of(folder)


def test_of_two_runs_changed_grades_come_first_with_what_caused_them(other: Subject) -> None:
    first = subject_of(KETTLE)
    found = compared(first, other)
    assert [moved.id for moved in found.changed] == ["food-hygiene-rating"]
    (moved,) = found.changed
    assert (moved.before, moved.after) == (
        Shown("●", "4 (good)", "0"),
        Shown("○", "0 (urgent improvement necessary)", "3"),
    )
    assert moved.causes == (
        Change("Figures", "The total of the three scores", "15", "40"),
        Change("Figures", "The worst single score", "10", "25"),
    )
    assert {change.what for change in found.inputs} == {"Evidence"}
    page_ = Reading(html_of_two(first, other))
    assert page_.headings[0] == 1
    assert [t for t in page_.targets if t[1:] not in set(page_.ids)] == []


def test_two_runs_of_the_same_inputs_differ_in_nothing() -> None:
    same = compared(subject_of(KETTLE), subject_of(KETTLE))
    assert same.changed == ()
    assert [moved.causes for moved in same.same] == [()] * len(same.same)
    assert (same.inputs, same.not_comparable) == ((), "")


def test_grades_of_different_scales_are_never_called_changed(durham: Subject) -> None:
    found = compared(subject_of(KETTLE), durham)
    assert found.changed == ()
    assert found.not_comparable == "The two runs have different scales"
    assert "so no grade is called changed" in html_of_two(subject_of(KETTLE), durham)


def test_the_command_writes_a_report_of_evidence_and_of_a_run(stored: Path, tmp_path: Path) -> None:
    def report(*words: str) -> tuple[object, str]:
        done = CliRunner().invoke(cli, ["report", *words], standalone_mode=False)
        return (done.exception and str(done.exception)) or done.return_value, done.stdout

    run, store, out = next(iter(entries_of(stored))).record, str(stored), tmp_path / "report.html"
    of_evidence = ["report", str(KETTLE), "--store", store]
    assert report(*of_evidence[1:], "--out", str(out)) == (0, "")
    assert report(run[:8], "--store", store) == (0, out.read_text("utf-8"))
    code, text = report(run, "--store", store, "--format", "md")
    assert (code, text) == (0, markdown(subject_of(KETTLE)))
    code, text = report(run, "--store", store, "--compare", run)
    assert (code, "Both runs were made from the same inputs." in text) == (0, True)
    assert report(str(DURHAM), "--drop-kind", "fieldwork", "--out", str(out)) == (4, "")
    refused = "two runs are set side by side as HTML"
    assert report(run, "--store", store, "--compare", run, "--format", "md") == (refused, "")
    said, _ = report(run, "--store", store, "--drop-kind", "survey")
    assert "a run has its own date" in str(said)
