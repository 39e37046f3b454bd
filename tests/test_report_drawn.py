"""What a report draws: ladders as steps, figures in tiles, and any text in a drawing as text."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.commands.reported import subject_of
from grading.report.audit import audit
from grading.report.drawn import segments, strip
from grading.report.html import html, html_of_two
from grading.report.markdown import markdown
from grading.report.stairs import STEP_HIGH, WIDE, Stair, Stairs, Tread, capped_at, stairs
from tests.test_report import DURHAM, HOSTILE, KETTLE, MADE_UP, Reading, hostile_evidence

FOLDERS = {"durham": DURHAM, "made-up": MADE_UP, "kettle": KETTLE}


@cache
def page(name: str) -> str:
    return html(subject_of(FOLDERS[name]))


def test_steps_rise_to_the_best_grade_and_the_cap_lies_on_the_best_that_is_left() -> None:
    best = Tread("not reached", "★", "Best", "0", "not reached: 1 of 2 met")
    fair = Tread("reached", "●", "Fair", "1", "reached")
    poor = Tread("below", "○", "Poor", "3", "met; a better one is reached")
    on_fair = Stair(fair, 28, 46, 332, "● Fair", "reached")
    assert stairs((best, fair, poor), 1) == Stairs(
        360,
        138,
        (
            Stair(best, 56, 0, 304, "★ Best", "not reached: 1 of 2 met"),
            on_fair,
            Stair(poor, 0, 92, 360, "○ Poor", "met; a better one is reached"),
        ),
        on_fair,
    )
    assert stairs((best,)).cap is None


def test_limiters_lie_on_the_worst_grade_that_one_of_them_leaves() -> None:
    grades = ("best", "good", "fair", "poor")
    assert capped_at(grades, ["good", "fair"]) == 2
    assert capped_at(grades, ["fair", "good"]) == 2
    assert capped_at(grades, ["best"]) is None
    assert capped_at(grades, ["of another ladder"]) is None
    assert capped_at(grades, []) is None


TREADS = st.builds(
    Tread,
    st.sampled_from(["reached", "below", "not reached"]),
    st.just("★"),
    st.text(min_size=1, max_size=200),
    st.just("0"),
    st.text(max_size=200),
)


@given(st.lists(TREADS, min_size=1, max_size=12))
def test_steps_lie_on_each_other_and_no_text_is_longer_than_its_step(treads: list[Tread]) -> None:
    drawn = stairs(treads)
    assert [s.tread for s in drawn.steps] == treads
    assert [s.y for s in drawn.steps] == [n * STEP_HIGH for n in range(len(treads))]
    assert drawn.height == len(treads) * STEP_HIGH
    for step, below in zip(drawn.steps, drawn.steps[1:], strict=False):
        assert below.x < step.x
    for step in drawn.steps:
        assert step.x + step.width == WIDE
        assert len(step.label) * 8.6 <= step.width
        assert len(step.says) * 6.9 <= step.width
        whole = f"{step.tread.symbol} {step.tread.label}"
        assert step.label == whole or step.label.endswith("…")


@pytest.mark.parametrize("name", FOLDERS)
def test_every_ladder_is_drawn_with_a_title_and_a_description(name: str) -> None:
    reasons = [r for r in audit(subject_of(FOLDERS[name])) if r.ladder]
    found = re.findall(r'<svg class="stairs".*?</svg>', page(name), re.DOTALL)
    assert len(found) == len(reasons) > 0
    for reason, drawn in zip(reasons, found, strict=True):
        title, desc = f"steps.{reason.id}", f"says.{reason.id}"
        assert f'role="img" aria-labelledby="{title} {desc}"' in drawn
        assert f'<title id="{title}">The ladder of {reason.title},' in drawn
        said = re.search(rf'<desc id="{desc}">(.*?)</desc>', drawn)
        assert said is not None
        for step in reason.ladder:
            assert f"{step.grade.words}: " in said[1]
        assert drawn.count('<g class="reached') == sum(s.reached for s in reason.ladder)


def test_the_ladder_of_a_limited_grade_has_a_line_and_says_so() -> None:
    reasons = {r.id: r for r in audit(subject_of(DURHAM))}
    limited, free = reasons["investigating-crime"].drawn, reasons["preventing-crime"].drawn
    assert limited is not None
    assert limited.cap is not None
    assert (limited.cap.label, free and free.cap) == ("● Good", None)
    assert [(s.tread.stands, s.tread.says) for s in limited.steps] == [
        ("not reached", "not reached: 1 of 3 met"),
        ("reached", "reached"),
        ("below", "met; a better one is reached"),
        ("below", "met; a better one is reached"),
    ]
    assert page("durham").count('<path class="cap"') == 1
    assert "A limiter lies on Good." in page("durham")


def test_a_rung_that_is_met_and_held_by_a_limiter_is_told_as_such() -> None:
    held = [
        (r.id, s.tread.label)
        for r in audit(subject_of(MADE_UP))
        if r.drawn
        for s in r.drawn.steps
        if s.tread.stands == "held"
    ]
    assert held == [("protecting-vulnerable-people", "Good")]


def test_rungs_that_may_be_reached_are_told_as_possible() -> None:
    reasons = {r.id: r for r in audit(subject_of(DURHAM, dropped=("fieldwork",)))}
    drawn = reasons["investigating-crime"].drawn
    assert drawn is not None
    assert [s.tread.stands for s in drawn.steps] == [
        "not known",
        "possible",
        "possible",
        "possible",
    ]


def test_a_part_of_a_whole_has_its_number_where_there_is_room() -> None:
    found = segments([Decimal(5), Decimal(6), Decimal(89)])
    assert [s.middle for s in found] == ["", "8", "55.5"]


def test_the_value_of_the_body_stands_inside_its_strip() -> None:
    values = [Decimal(v) for v in range(101)]
    sides = [strip(values, Decimal(v), 25).side for v in (0, 22, 50, 78, 100)]
    assert sides == ["start", "start", "middle", "end", "end"]


def test_drawings_have_no_style_of_their_own_and_ask_for_nothing() -> None:
    for name in FOLDERS:
        for drawn in re.findall(r"<svg.*?</svg>", page(name), re.DOTALL):
            assert not re.search(r"style=|href|url\(|<image|<use|<foreignObject", drawn)
            assert "<title" in drawn


@cache
def hostile_rules(home: Path) -> Path:
    """The made-up inspection under a pack with hostile text wherever its files take free text."""
    folder = hostile_evidence(home)
    for path in (home / "rules/peel-effectiveness-2016").glob("*.yaml"):
        text = path.read_text("utf-8")
        for key in ("title", "says", "because"):
            text = re.sub(
                rf"(?m)^( *(?:- )?{key}: )[^\n|>{{]*$",
                lambda m: f"{m[1]}{_quoted(HOSTILE[:110])}",
                text,
            )
        text = re.sub(r"label: [A-Z][a-z ]+,", f"label: {_quoted(HOSTILE[:38])},", text)
        path.write_text(text, "utf-8")
    return folder


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def test_hostile_text_of_a_pack_appears_as_text_in_drawings_and_everywhere(tmp_path: Path) -> None:
    subject = subject_of(hostile_rules(tmp_path))
    text = html(subject)
    found, harmless = Reading(text), Reading(page("made-up"))
    assert "".join(found.text).count(HOSTILE[:36]) > 100
    assert found.tags <= harmless.tags
    assert {a[:2] for a in found.attributes} <= {a[:2] for a in harmless.attributes}
    assert text.count("<script") == 1
    drawn = re.findall(r'<svg class="stairs".*?</svg>', text, re.DOTALL)
    assert "&lt;script&gt;alert(1)&lt;/sc" in drawn[0]
    both = Reading(html_of_two(subject, subject_of(MADE_UP)))
    assert "script" not in both.tags
    assert [a for a in both.attributes if a[1].startswith("on")] == []
    plain = markdown(subject)
    assert not re.search(r"(?<!\\)<script", plain)
    assert "\\<script\\>" in plain
