"""What a report says in sentences: judgments in a few of them, dates and periods, limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.commands.reported import subject_of
from grading.explain.summaries import summary
from grading.report.dates import day_words, period_words
from grading.report.judged_criteria import judged_criteria
from grading.report.links import Piece
from grading.report.method import method
from grading.report.numbers import numbers
from grading.report.reader import reader
from grading.report.rows import shared_caveats
from grading.report.rule_book import own_thresholds, rule_book
from grading.report.subject import Subject
from grading.rules.pack import Kind
from tests.test_report import DURHAM, KETTLE, MADE_UP, ROOT, RULES, TABLE

SYNTHETIC = ROOT / "tests/data/synthetic-inspection"
SUBJECTS: dict[str, tuple[Path, tuple[Kind, ...]]] = {
    "durham": (DURHAM, ()),
    "made-up": (MADE_UP, ()),
    "open": (DURHAM, ("fieldwork",)),
}


@cache
def subject(name: str) -> Subject:
    folder, dropped = SUBJECTS[name]
    return subject_of(folder, dropped=dropped)


def told(name: str, judgment: str) -> tuple[str, ...]:
    grading = subject(name).grading
    return summary(grading, grading.judgments[judgment])


def test_the_overall_judgment_is_told_with_its_questions_and_its_findings() -> None:
    assert told("durham", "overall") == (
        "Overall, keeping people safe and reducing crime is graded outstanding.",
        "That is the same as 2015 (outstanding).",
        "Of the 4 graded questions, 2 are graded outstanding (Preventing crime and tackling anti-social"
        " behaviour and Tackling serious and organised crime); and 2 are graded good (Investigating crime"
        " and reducing re-offending and Protecting vulnerable people and supporting victims).",
        "Specialist capabilities is ungraded.",
        "There are 23 strengths, 2 areas for improvement (the oldest first raised in 2015) and no"
        " causes of concern.",
    )


def test_a_question_is_told_with_its_criteria_its_limiters_and_its_findings() -> None:
    assert told("durham", "investigating-crime") == (
        "Investigating crime and reducing re-offending is graded good.",
        "Of 17 criteria, 6 exceed the standard; 9 meet the standard; 1 falls short of the standard"
        " (“Digital evidence is retrieved in time”); and 1 has conflicting evidence (“Incidents are"
        " attended promptly and by the right people”).",
        "It cannot be better than good, because an earlier area for improvement is still open; and"
        " because the evidence on a criterion conflicts and nobody has recorded how that was"
        " resolved.",
        "There are 6 strengths, 2 areas for improvement (the oldest first raised in 2015) and no"
        " causes of concern.",
    )
    assert told("durham", "specialist-capabilities") == (
        "Specialist capabilities is ungraded.",
        "All 6 criteria meet the standard.",
    )


def test_what_was_carried_forward_is_not_told_as_if_it_had_been_inspected() -> None:
    assert told("made-up", "serious-and-organised-crime") == (
        "Tackling serious and organised crime is graded good.",
        "That is the same as 2015 (good).",
    )


def test_the_worst_of_several_limiters_is_the_one_that_holds() -> None:
    assert told("made-up", "protecting-vulnerable-people")[3:] == (
        "It cannot be better than requires improvement, because there is a cause of concern on a"
        " core criterion.",
        "There are no strengths, no areas for improvement and 1 cause of concern.",
    )


def test_of_limiters_that_hold_at_several_grades_the_lowest_is_told_with_its_own_reasons() -> None:
    grading = subject("durham").grading
    judgment = grading.judgments["investigating-crime"]
    every = tuple(replace(limited, bites=True) for limited in judgment.limiters)
    told_of = summary(grading, replace(judgment, limiters=every))
    assert [s for s in told_of if "cannot be better" in s] == [
        "It cannot be better than requires improvement, because there is a cause of concern on a"
        " core criterion; and because an earlier cause of concern has not been resolved."
    ]


def test_what_is_open_is_told_as_open_and_no_trend_is_claimed() -> None:
    assert told("open", "protecting-vulnerable-people") == (
        "Protecting vulnerable people and supporting victims is undetermined: on this evidence it"
        " can be inadequate, requires improvement, good or outstanding.",
        "All 15 criteria are open.",
    )


def test_a_question_without_criteria_is_told_by_its_ladder() -> None:
    (rating,) = reader(subject_of(KETTLE)).questions
    assert [s.text for s in rating.summary] == ["Food hygiene rating is graded 4 (good)."]
    assert [line.text for line in rating.because] == [
        "Why 4 (good), and not 3 (generally satisfactory):",
        "Why not 5 (very good):",
    ]


def test_the_criteria_of_a_question_are_counted_by_their_outcome() -> None:
    counted = {
        q.judged.id: [(share.outcome.symbol, share.number) for share in q.judged.profile]
        for q in reader(subject("made-up")).all
    }
    assert counted == {
        "overall": [("▲", 3), ("●", 39), ("◆", 1), ("▼", 5), ("?", 13)],
        "preventing-crime": [("▲", 2), ("●", 9), ("▼", 1)],
        "investigating-crime": [("▲", 1), ("●", 12), ("◆", 1), ("▼", 3)],
        "protecting-vulnerable-people": [("●", 13), ("▼", 1), ("?", 1)],
        "serious-and-organised-crime": [("?", 11)],
        "specialist-capabilities": [("●", 5), ("?", 1)],
    }


def test_the_kinds_of_evidence_on_a_criterion_are_named_as_what_they_are() -> None:
    (found,) = (
        c
        for q in judged_criteria(subject("durham"))
        for part in q.parts
        for c in part.criteria
        if c.id == "public-confidence"
    )
    assert {(cell.kind, cell.figures) for cell in found.cells if not cell.empty} == {("survey", 1)}


def test_criteria_stand_under_their_question_and_sub_question() -> None:
    found = judged_criteria(subject("durham"))
    pack = subject("durham").grading.pack
    assert [q.question.target for q in found] == list(pack.questions)
    assert [c.id for q in found for part in q.parts for c in part.criteria] == list(pack.criteria)
    first = found[0].parts[0]
    assert (first.title, first.stands and first.stands.words) == (
        "Understanding threat and risk of harm in communities",
        "Outstanding",
    )


def test_figures_of_which_the_body_has_none_stand_apart_unless_a_rule_asks() -> None:
    *_, last = numbers(subject("durham")).groups
    assert last.unit == "Recorded of others alone"
    assert {row.own.shown for row in last.rows} == {"–"}
    assert "Types of outcome in the national framework" in [row.title for row in last.rows]
    assert not any(row.asked for row in last.rows)


def test_caveats_that_every_row_has_are_told_once_and_lead_to_their_texts() -> None:
    found = subject("durham")
    whole = numbers(found).wholes[0]
    assert [c.text for c in whole.caveats] == ["5", "14", "22", "23", "24", "33", "34"]
    assert [c.text for c in whole.rows[5].caveats] == [
        "5",
        "14",
        "15",
        "22",
        "23",
        "24",
        "33",
        "34",
    ]
    known = {c.target for c in method(found).caveats}
    assert {c.target for c in whole.rows[5].caveats} <= known


def test_only_caveats_that_every_row_has_are_told_once() -> None:
    one, two, three = (Piece(str(n), f"caveat.{n}") for n in (1, 2, 3))
    row = numbers(subject("durham")).wholes[0].rows[0]
    rows = [replace(row, caveats=c) for c in ((one, two), (two, three), (two,))]
    assert shared_caveats(rows) == (two,)
    assert shared_caveats([*rows, replace(row, caveats=())]) == ()


def test_a_figure_that_a_rule_asks_about_stands_among_the_others_though_none_is_recorded() -> None:
    found = subject_of(SYNTHETIC, rules=RULES, table=TABLE)
    rows = {row.series: row for group in numbers(found).groups for row in group.rows}
    assert rows["right-to-know-rate"].own.records == ()
    assert rows["right-to-know-rate"].asked
    assert "Recorded of others alone" not in [group.unit for group in numbers(found).groups]


def test_what_the_run_cannot_tell_is_told() -> None:
    limits = method(subject("made-up")).limits
    assert (
        "Carried forward, and not inspected this time: Tackling serious and organised crime."
        in (limits)
    )
    assert "Left out of this run: fieldwork." in method(subject("open")).limits
    assert "Left out of this run: fieldwork." not in method(subject("durham")).limits


def test_all_that_is_the_packs_own_is_listed_with_its_marked_thresholds() -> None:
    own = dict(own_thresholds(rule_book(subject("durham"))))
    assert [o.title for o in own["Findings"]] == ["Strength"]
    public = [o for o in own["Outcomes of criteria"] if "public is satisfied" in o.title]
    assert [o.lines for o in public] == [
        ("{indicator: public-satisfaction, at-least: 70, basis: pack}",),
        ("{indicator: public-satisfaction, at-least: 50, basis: pack}",),
        (),
    ]
    assert {o.place for o in public} == {f"preventing-crime.yaml:{n}" for n in (64, 69, 74)}


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2015, 7, 1), date(2016, 6, 30), "year to 30 June 2016"),
        (date(2015, 3, 1), date(2016, 2, 29), "year to 29 February 2016"),
        (date(2011, 7, 1), date(2016, 6, 30), "5 years to 30 June 2016"),
        (date(2016, 9, 1), date(2016, 12, 31), "1 September 2016 to 31 December 2016"),
        (date(2016, 7, 1), date(2016, 7, 1), "on 1 July 2016"),
        (None, date(2016, 7, 1), "on 1 July 2016"),
        (date(2016, 7, 1), None, ""),
        (None, None, ""),
    ],
)
def test_a_period_is_told_as_a_reader_says_it(
    first: date | None, last: date | None, words: str
) -> None:
    assert period_words(first, last) == words


DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@given(DAYS, st.integers(1, 3000))
def test_only_whole_years_are_told_as_years(first: date, days: int) -> None:
    last = first + timedelta(days)
    said = period_words(first, last)
    whole = any(_same_day_years_on(first, years) == last + timedelta(1) for years in range(1, 10))
    assert said.startswith(("year to ", *(f"{n} years to " for n in range(2, 10)))) == whole
    assert said.endswith(day_words(last))
    assert whole or said == f"{day_words(first)} to {day_words(last)}"


def _same_day_years_on(day: date, years: int) -> date | None:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return None


@given(DAYS)
def test_a_day_is_told_in_english(day: date) -> None:
    number, month, year = day_words(day).split()
    assert (int(number), int(year)) == (day.day, day.year)
    names = "January February March April May June July August September October November December"
    assert month == names.split()[day.month - 1]
