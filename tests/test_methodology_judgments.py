"""Rules of method on judgments, on what evidence may do and on follow-up, by their numbers in the
list made from the source.

Most of these rules are cases in `rules/peel-effectiveness-2016/cases/`; here stands what a case
cannot give: what is said, what is refused, and the inspection that the rules were read from.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from grading.evidence.checks.registry import check
from grading.evidence.evidence import Evidence, Placed
from grading.evidence.records import FileReview, Period, Previous
from grading.explain.why import Explainer
from grading.judge.judgments import Grading
from grading.judge.method import grade
from grading.rules.rule import Count, leaves
from tests.figures import evidence, row
from tests.method import (
    changed_durham,
    differences,
    durham,
    durham_problems,
    example,
    pack_problems,
    peel,
)


def weaknesses(grading: Grading) -> dict[str, str]:
    """The question of each area for improvement and cause of concern."""
    return {f.id: f.question for f in grading.findings.values() if f.kind != "strength"}


# 2 to 6: what is judged, and in which words


def test_rule_2_the_grades_are_four_and_ungraded_is_none_of_them() -> None:
    assert peel().grades == ("outstanding", "good", "requires-improvement", "inadequate")
    assert "ungraded" in peel().manifest.scale.not_grades
    for grading in (durham(), example()):
        said = {j.final for j in grading.judgments.values()}
        assert said <= {*peel().grades, "ungraded"}


def test_rule_2_a_rung_with_another_word_is_refused(tmp_path: Path) -> None:
    passages = {"pack.yaml": ("requires-improvement: {judgments", "adequate: {judgments")}
    assert [told.partition(" (")[0] for told in pack_problems(tmp_path, passages)] == [
        "unknown grade `adequate`"
    ]


def test_rule_2_an_earlier_judgment_in_another_word_is_refused(tmp_path: Path) -> None:
    told = durham_problems(tmp_path, {"previous.yaml": ("grade: good", "grade: adequate")})
    assert [problem.partition(" (")[0] for problem in told] == ["unknown grade `adequate`"]


def test_rules_3_and_4_the_overall_answers_one_question_and_names_what_entered_it() -> None:
    said: dict[str, tuple[str, list[str]]] = {}
    for grading in (durham(), example()):
        why = Explainer(grading).why("overall")
        questions = [
            q for step in why.rests_on if step.text == "The questions:" for q in step.rests_on
        ]
        body = grading.evidence.inspection.body
        said[body] = (why.text, [question.text for question in questions])
    assert said == {
        "durham": (
            "Overall, keeping people safe and reducing crime is graded outstanding.",
            [
                "Preventing crime and tackling anti-social behaviour is graded outstanding.",
                "Investigating crime and reducing re-offending is graded good.",
                "Protecting vulnerable people and supporting victims is graded good.",
                "Tackling serious and organised crime is graded outstanding.",
                "Specialist capabilities is ungraded, and does not count.",
            ],
        ),
        "westmarch": (
            "Overall, keeping people safe and reducing crime is graded requires improvement.",
            [
                "Preventing crime and tackling anti-social behaviour is graded requires improvement,"
                " changed from good [mo-002].",
                "Investigating crime and reducing re-offending is graded requires improvement.",
                "Protecting vulnerable people and supporting victims is graded requires improvement.",
                "Tackling serious and organised crime is graded good, carried forward [pv-004].",
                "Specialist capabilities is ungraded, and does not count.",
            ],
        ),
    }


def test_rule_6_questions_are_made_of_sub_questions_and_of_context() -> None:
    parts = {q: written.sub_questions.values() for q, written in peel().questions.items()}
    context = {q: sum(bool(sub.context) for sub in subs) for q, subs in parts.items()}
    assert {q: (len(subs) - context[q], context[q]) for q, subs in parts.items()} == {
        "preventing-crime": (2, 1),
        "investigating-crime": (4, 0),
        "protecting-vulnerable-people": (3, 0),
        "serious-and-organised-crime": (3, 0),
        "specialist-capabilities": (2, 0),
    }


def test_rule_6_no_grade_counts_a_sub_question() -> None:
    counted = {
        member
        for rule in peel().rules.values()
        for leaf in leaves(rule.body)
        if isinstance(leaf, Count) and leaf.counted == "judgments"
        for member in leaf.members
    }
    assert counted == {
        "preventing-crime",
        "investigating-crime",
        "protecting-vulnerable-people",
        "serious-and-organised-crime",
    }


def test_rule_6_where_a_sub_question_stands_is_said_not_to_be_a_grade() -> None:
    for grading in (durham(), example()):
        explainer = Explainer(grading)
        said = {sub: explainer.why(sub).text for sub in grading.sub_questions}
        assert len(said) == 14
        ungraded = peel().questions["specialist-capabilities"].sub_questions
        assert {
            sub for sub, text in said.items() if f"{_title(sub)} is not graded." in text
        } == set(ungraded)
        standing = set(said) - set(ungraded)
        aside = (" stands at ", " is not graded, and where it stands is open: ")
        starts = {sub: tuple(f"{_title(sub)}{words}" for words in aside) for sub in standing}
        assert [sub for sub in standing if not said[sub].startswith(starts[sub])] == []
        assert not set(said) & set(grading.judgments)


def _title(sub_question: str) -> str:
    titles = (written.sub_questions for written in peel().questions.values())
    return next(subs[sub_question].title for subs in titles if sub_question in subs)


# 7 to 11: findings, follow-up, and who is inspected when


def test_rule_7_one_question_has_areas_for_improvement_and_the_others_have_none() -> None:
    weak = weaknesses(durham())
    assert set(weak.values()) == {"investigating-crime"}
    listed = {q: j.findings for q, j in durham().judgments.items() if j.graded and q != "overall"}
    assert [q for q, found in listed.items() if set(found) & set(weak)] == ["investigating-crime"]
    assert [q for q, found in listed.items() if not set(found) - set(weak)] == []


def test_rule_7_without_a_weakness_there_is_none_and_everything_is_graded() -> None:
    g = durham()
    praised = tuple(o for o in g.evidence.observations if o.record.direction == "supports")
    found = grade(replace(g.evidence, observations=praised), g.program)
    assert weaknesses(found) == {}
    assert found.undetermined == ()


def test_rule_8_an_area_for_improvement_says_since_when_and_whether_it_is_new() -> None:
    g = durham()
    said = {
        (finding.first_raised, finding.status, Explainer(g).headline(finding))
        for name, finding in g.findings.items()
        if name in weaknesses(g)
    }
    should = "Area for improvement: Durham Constabulary should"
    assert said == {
        (2016, "new", f"{should} attend incidents within the time that their risk calls for"),
        (
            2015,
            "persisting",
            f"{should} retrieve evidence from digital devices quickly enough not to delay"
            " investigations (first raised in 2015)",
        ),
    }


def test_rule_8_what_was_raised_after_the_as_of_date_is_no_earlier_finding() -> None:
    g = durham()
    later = tuple(
        replace(p, record=p.record.model_copy(update={"raised": 2018})) for p in g.evidence.previous
    )
    found = grade(replace(g.evidence, previous=later), g.program)
    area = found.findings["area-for-improvement-digital-evidence"]
    assert (area.first_raised, area.status, area.previous) == (2016, "new", ())
    assert {judgment.trend.word for judgment in found.judgments.values()} == {"unknown"}


def test_rule_9_a_weakness_that_is_partly_mitigated_is_said_and_raised_as_nothing_more() -> None:
    g, topic = durham(), "call-assessment"
    mitigations = {
        o.record.id: o.record.mitigation.weight
        for o in g.evidence.observations
        if o.record.topic == topic and o.record.mitigation is not None
    }
    assert set(mitigations.values()) == {"partly"}
    assert f"area-for-improvement-{topic}" not in g.findings
    said = [step.text for step in Explainer(g).why(topic).walk()]
    assert sum(text.startswith("Partly mitigated: ") for text in said) == len(mitigations)
    bare = tuple(map(_unmitigated, g.evidence.observations))
    without = grade(replace(g.evidence, observations=bare), g.program)
    assert f"area-for-improvement-{topic}" in without.findings
    assert without.judgments["investigating-crime"].final == "good"


def _unmitigated(placed: Placed[Any]) -> Placed[Any]:
    record = placed.record.model_copy(update={"mitigation": None})
    return replace(placed, record=record) if placed.record.topic == "call-assessment" else placed


def test_rule_10_an_open_area_is_followed_into_the_next_inspection() -> None:
    found = durham().findings["area-for-improvement-digital-evidence"]
    assert (found.first_raised, found.previous) == (2015, ("pv-002",))
    bites = {x.limiter.id for x in durham().judgments["investigating-crime"].limiters if x.bites}
    assert "repeat-area" in bites


@pytest.mark.parametrize("status", ["unresolved", "resolved"])
def test_rule_10_what_is_found_now_is_followed_until_it_is_closed(status: str) -> None:
    g = durham()
    found = grade(next_year(g, status), g.program)
    weak = weaknesses(found)
    assert weak == weaknesses(g)
    is_open = status == "unresolved"
    since = {
        name: (found.findings[name].first_raised, found.findings[name].status) for name in weak
    }
    names = ("area-for-improvement-prompt-attendance", "area-for-improvement-digital-evidence")
    years = ((2016, "persisting"), (2015, "persisting")) if is_open else ((2017, "new"),) * 2
    assert since == dict(zip(names, years, strict=True))
    limiters = {x.limiter.id: x.bites for x in found.judgments["investigating-crime"].limiters}
    assert limiters.get("repeat-area") is is_open


def test_rule_10_a_cause_of_concern_is_followed_until_it_is_closed() -> None:
    g = example()
    [concern] = [f for f in g.findings.values() if f.kind == "cause-of-concern"]
    for status in ("unresolved", "resolved"):
        found = grade(next_year(g, status), g.program)
        assert (found.findings[concern.id].status == "persisting") is (status == "unresolved")
        limiters = {x.limiter.id: x.bites for x in found.judgments[concern.question].limiters}
        assert limiters.get("open-concern") is (status == "unresolved")


def next_year(g: Grading, status: str) -> Evidence:
    """The evidence a year later, when what is found now is an earlier finding of this status."""
    earlier = [
        Previous.model_validate(
            {
                "id": f"earlier-{finding.criterion}",
                "kind": finding.kind,
                "topic": next(iter(g.pack.criteria[finding.criterion].written.topics)),
                "raised": finding.first_raised,
                "status": status,
                "statement": finding.says,
                "heading": "The report before",
            }
        )
        for finding in g.findings.values()
        if finding.kind != "strength"
    ]
    place = g.evidence.previous[0].place
    year = {
        "fieldwork": Period(from_=date(2017, 9, 1), to=date(2017, 12, 31)),
        "as_of": date(2018, 3, 31),
    }
    return replace(
        g.evidence,
        inspection=g.evidence.inspection.model_copy(update=year),
        previous=tuple(Placed("previous", record, place) for record in earlier),
    )


def test_rule_11_a_pilot_inspected_earlier_is_read_and_graded_as_the_others(tmp_path: Path) -> None:
    g = durham()
    passages = {
        "inspection.yaml": (
            "fieldwork: {from: 2016-09-01, to: 2016-12-31}",
            "fieldwork: {from: 2016-06-01, to: 2016-06-30}",
        )
    }
    pilot = grade(changed_durham(tmp_path, passages), g.program)
    assert pilot.evidence.inspection.fieldwork == Period(
        from_=date(2016, 6, 1), to=date(2016, 6, 30)
    )
    assert {q: j.derived for q, j in pilot.judgments.items()} == {
        q: j.derived for q, j in g.judgments.items()
    }


def test_rule_11_the_pack_is_in_force_when_the_pilot_is_inspected(tmp_path: Path) -> None:
    passages = {"inspection.yaml": ("as-of: 2017-03-31", "as-of: 2016-06-30")}
    assert durham_problems(tmp_path, passages) == []


# 12 to 14: what never sets a grade


def test_rule_12_no_series_of_recorded_crime_may_be_asked_about() -> None:
    series = peel().series
    crime = {n for n, s in series.items() if "crime-figures-alone" in s.caveats}
    assert crime == {
        "recorded-crime-rate",
        "recorded-crime-rate-five-year-course",
        "recorded-crime-change-one-year",
        "recorded-crime-change-five-years",
        "victim-based-crime-change-five-years",
        "victim-based-crime-rate",
        "sexual-offences-rate",
        "assault-with-injury-rate",
        "burglary-in-a-dwelling-rate",
    }
    assert {series[name].role for name in crime} == {"context-only"}


def test_rule_12_a_pack_that_asks_about_crime_rates_is_refused(tmp_path: Path) -> None:
    passages = {
        "preventing-crime.yaml": (
            "{indicator: public-satisfaction, at-least: 50,",
            "{indicator: recorded-crime-change, at-most: 0,",
        )
    }
    assert pack_problems(tmp_path, passages) == [
        "no condition may ask about indicator `recorded-crime-change`: series"
        " `recorded-crime-change-one-year` is context-only (take the condition out, or rest the"
        " indicator on evidence that may decide)"
    ]


def test_rule_13_an_arrest_rate_counts_beside_fieldwork_alone(tmp_path: Path) -> None:
    passages = {
        "indicators.yaml": (
            "",
            "  arrests: {title: Arrests, method: value, series: [domestic-abuse-arrest-rate],"
            " unit: percent}\n",
        ),
        "protecting-vulnerable-people.yaml": (
            "        improve: understand and improve its outcomes in domestic abuse\n",
            "        improve: understand and improve its outcomes in domestic abuse\n"
            "        basis: pack\n"
            "        exceeds:\n"
            "          all: [{indicator: arrests, at-least: 60, basis: pack}, {observed: {}}]\n"
            "        meets: {observed: {}}\n"
            "        falls-short: {indicator: arrests, at-most: 30, basis: pack}\n",
        ),
    }
    cases = """cases:
  - id: low-rate-alone
    given: {figures: {domestic-abuse-arrest-rate: {own: 10}}}
    expect:
      rules: {domestic-abuse.falls-short: withheld}
      caveats: {arrests: [arrests-not-tracked]}
    because: the arrest rate is weighed together with other measures
  - id: high-rate-beside-fieldwork
    given:
      figures: {domestic-abuse-arrest-rate: {own: 70}}
      observations: [{supports: domestic-abuse}]
    expect: {rules: {domestic-abuse.exceeds: holds, domestic-abuse.falls-short: fails}}
    because: beside what inspectors saw it counts
"""
    assert differences(tmp_path, passages, cases) == []


def test_rule_14_the_ungraded_question_says_how_far_the_inspection_goes() -> None:
    for grading in (durham(), example()):
        assert Explainer(grading).why("specialist-capabilities").text == (
            "Specialist capabilities is not graded. The inspection checks that arrangements to test"
            " preparedness exist, and gives no grade."
        )


# 15 to 17: samples


def test_rules_15_16_17_samples_are_recorded_as_they_were_drawn() -> None:
    g = durham().evidence
    files = [o.record for o in g.observations if isinstance(o.record, FileReview)]
    quarter = (date(2016, 1, 1), date(2016, 3, 31))
    sampled = [r for r in files if r.files is not None]
    assert len(sampled) == 5
    assert {(r.files, r.sampling, (r.from_, r.to)) for r in sampled} == {(60, "random", quarter)}
    drawn = {
        (s.record.survey, s.record.sampling, s.record.n)
        for s in g.surveys
        if s.record.survey in {"staff-survey", "public-attitudes"}
    }
    assert drawn == {("staff-survey", "voluntary", 242), ("public-attitudes", "quota-panel", 403)}


def test_rule_17_a_panel_gives_an_indication_and_no_interval() -> None:
    g = durham()
    panel = g.derivation.indicators["public-satisfaction"]
    assert panel.value == 60
    assert panel.interval is None
    assert panel.caveats == ("public-survey-quota-panel",)
    assert panel.cautions == ("a quota panel is not drawn at random, so no interval is claimed",)
    random = tuple(
        replace(s, record=s.record.model_copy(update={"sampling": "statistical"}))
        for s in g.evidence.surveys
    )
    found = grade(replace(g.evidence, surveys=random), g.program)
    assert found.derivation.indicators["public-satisfaction"].interval is not None


# 21 and 50: what is queried, and where evidence comes from


def durham_check(code: str, *records: str) -> list[str]:
    """The severities of what `evidence check` finds with this code on exactly these records."""
    report = check(durham().evidence, durham().pack)
    return [f.severity for f in report.open if f.code == code and set(records) <= set(f.records)]


def test_rule_21_figures_that_do_not_fit_each_other_are_queried() -> None:
    assert durham_check("C101", "m-015", "m-048") == ["error"]


@pytest.mark.parametrize(
    ("own", "again", "queried"),
    [
        ("20", "20", []),
        ("20", "21", [("C101", "error", ("m-1", "m-2"))]),
        ("50", "50", [("C122", "error", ("m-1", "m-2"))]),
    ],
    ids=["as others", "two values", "unlike others"],
)
def test_rule_21_what_is_inconsistent_or_unlike_all_others_is_queried(
    own: str, again: str, queried: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    name = "vulnerable-victim-share"
    rows = [
        row(name, "own", own),
        row(name, "own", again),
        row(name, "lowest-of-forces", "3.9", comparator=True),
        row(name, "highest-of-forces", "44.4", comparator=True),
    ]
    report = check(evidence(peel(), rows), peel())
    found = [f for f in report.open if f.severity == "error"]
    assert [(f.code, f.severity, f.records) for f in found] == queried


def test_rule_50_what_stands_in_a_footnote_says_which() -> None:
    explainer = Explainer(durham())
    under = "Taken from the source under “{}How effectively does the force prevent serious …”, {}."
    observed = [step.text for step in explainer.why("oc-115").rests_on]
    assert observed[0] == under.format("Q4, ", "footnote 35")
    counted = [step.text for step in explainer.why("m-206").rests_on]
    assert counted[:2] == [
        under.format("", "footnote 35"),
        "Caveat: Taken from a document of the family support team, not from a data return.",
    ]
