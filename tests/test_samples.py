"""Shares and agreement from samples: against published values, by hand, and by brute force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grading.commands.common import load
from grading.derive.derive import derive
from grading.derive.draws import Share
from grading.derive.indicators import Derived
from grading.derive.intervals import Z_95, Interval, kappa, wilson
from grading.derive.surveys import Claim, claim
from grading.engine.compile import Program
from grading.evidence.evidence import Evidence, Placed
from grading.evidence.records import Survey
from grading.evidence.reviewed import ReviewedFile
from grading.explain.measured import measure
from grading.explain.told import told
from grading.explain.why import Explainer
from grading.judge.method import grade, program_of
from grading.problems import Place
from grading.rules.loaded import Pack
from grading.rules.pack import Indicator
from grading.rules.references import undeciding
from grading.rules.rule import Compared, leaves

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "evidence/peel-effectiveness-2016/example-force"
ALLOCATED, AGREE = "files-allocated-rightly", "reviewers-agree-on-investigations"
CLOSE = Fraction(1, 10**11)
ANSWERS = ("yes", "no", "na", "unclear")

# Wilson's interval


@pytest.mark.parametrize(
    ("yes", "n", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, table I, method 3
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
        # by hand: 1 of 1 is 1 / (1 + z²) to 1; 1 of 2 lies evenly around a half
        (1, 1, "0.2065", "1"),
        (1, 2, "0.0945", "0.9055"),
    ],
)
def test_wilson_gives_the_published_values(yes: int, n: int, low: str, high: str) -> None:
    found = wilson(Fraction(yes, n), n)
    assert (round(found.low, 4), round(found.high, 4)) == (Decimal(low), Decimal(high))


def test_z_is_the_quantile_that_leaves_a_fortieth_above_it() -> None:
    from statistics import NormalDist

    assert abs(NormalDist().inv_cdf(0.975) - float(Z_95)) < 1e-14


@cache
def shares() -> st.SearchStrategy[tuple[int, int]]:
    return st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(shares(), st.lists(st.fractions(0, 1, max_denominator=10_000), max_size=20))
def test_a_share_is_inside_exactly_where_the_score_test_does_not_reject_it(
    drawn: tuple[int, int], tried: list[Fraction]
) -> None:
    yes, n = drawn
    share, z2 = Fraction(yes, n), Fraction(Z_95) ** 2
    found = wilson(share, n)
    low, high = Fraction(found.low), Fraction(found.high)
    assert 0 <= low <= share <= high <= 1
    near = [f for bound in (low, high) for f in (bound - CLOSE, bound + CLOSE)]
    for t in [*tried, *near]:
        if 0 <= t <= 1 and min(abs(t - low), abs(t - high)) >= CLOSE:
            assert (low < t < high) == ((share - t) ** 2 < z2 * t * (1 - t) / n)


@given(shares())
def test_no_is_the_mirror_of_yes_and_more_files_say_more(drawn: tuple[int, int]) -> None:
    yes, n = drawn
    found, mirror = wilson(Fraction(yes, n), n), wilson(Fraction(n - yes, n), n)
    assert (mirror.low, mirror.high) == (1 - found.high, 1 - found.low)
    twice = wilson(Fraction(yes, n), 2 * n)
    assert twice.high - twice.low < found.high - found.low


@given(shares(), st.integers(0, 4))
def test_bounds_are_rounded_outwards(drawn: tuple[int, int], places: int) -> None:
    exact = wilson(Fraction(*drawn), drawn[1])
    told = exact.scaled(100, places)
    step = Decimal(1).scaleb(-places)
    assert 0 <= exact.low * 100 - told.low < step
    assert 0 <= told.high - exact.high * 100 < step


@pytest.mark.parametrize(("share", "n"), [(Fraction(1, 2), 0), (Fraction(3, 2), 4)])
def test_there_is_no_interval_of_nothing_or_of_more_than_all(share: Fraction, n: int) -> None:
    with pytest.raises(ValueError, match="at least one answer"):
        wilson(share, n)


# Cohen's kappa


def table(*rows: tuple[int, ...]) -> dict[tuple[str, str], int]:
    return {
        (ANSWERS[i], ANSWERS[j]): number
        for i, row in enumerate(rows)
        for j, number in enumerate(row)
        if number
    }


@pytest.mark.parametrize(
    ("pairs", "value", "low", "high"),
    [
        # the table of SAS's PROC FREQ example that statsmodels tests against
        (table((0, 4, 1), (0, 8, 0), (0, 1, 5)), "0.4842", "0.2137", "0.7547"),
        # Fleiss, Statistical Methods for Rates and Proportions: kappa .676, standard error .0877
        (table((75, 1, 4), (5, 4, 1), (0, 0, 10)), "0.6765", "0.5046", "0.8484"),
        # by hand: agreement 35/50 = 0.7, chance 0.5 x 0.6 + 0.5 x 0.4 = 0.5
        (table((20, 5), (10, 15)), "0.4", "0.1511", "0.6489"),
    ],
)
def test_kappa_gives_the_published_values(
    pairs: dict[tuple[str, str], int], value: str, low: str, high: str
) -> None:
    found = kappa(pairs)
    assert found.value is not None
    assert found.interval is not None
    told = [round(number, 4) for number in (found.value, found.interval.low, found.interval.high)]
    assert told == [Decimal(value), Decimal(low), Decimal(high)]


def brute(pairs: list[tuple[str, str]]) -> tuple[Fraction, Fraction] | None:
    """Kappa by setting every first answer against every second one, and its delta-method variance."""
    n = len(pairs)
    firsts, seconds = [a for a, _ in pairs], [b for _, b in pairs]
    po = Fraction(sum(a == b for a, b in pairs), n)
    pe = Fraction(sum(a == b for a in firsts for b in seconds), n * n)
    if pe == 1:
        return None
    row, column = Counter(firsts), Counter(seconds)
    slopes = [
        ((a == b) * (1 - pe) - (1 - po) * Fraction(column[a] + row[b], n)) / (1 - pe) ** 2
        for a, b in pairs
    ]
    mean = sum(slopes, Fraction(0)) / n
    variance = (sum((s * s for s in slopes), Fraction(0)) / n - mean**2) / n
    return (po - pe) / (1 - pe), variance


@given(st.lists(st.tuples(st.sampled_from(ANSWERS), st.sampled_from(ANSWERS)), max_size=40))
def test_kappa_is_what_brute_force_finds(pairs: list[tuple[str, str]]) -> None:
    found = kappa(Counter(pairs))
    assert (found.both, found.same) == (len(pairs), sum(a == b for a, b in pairs))
    expected = brute(pairs) if pairs else None
    if expected is None:
        assert (found.value, found.interval) == (None, None)
        return
    assert found.value is not None
    assert found.interval is not None
    value, variance = expected
    assert abs(Fraction(found.value) - value) < CLOSE
    assert -1 <= found.interval.low <= found.value <= found.interval.high <= 1
    for bound, end in ((found.interval.low, -1), (found.interval.high, 1)):
        if bound != end:
            distance = (Fraction(bound) - value) ** 2
            assert abs(distance - Fraction(Z_95) ** 2 * variance) < Fraction(1, 10**9)


# rows to indicators


@cache
def example() -> tuple[Evidence, Pack, Program]:
    evidence, pack = load(EXAMPLE)
    return evidence, pack, program_of(pack)


def row(number: int, answer: str, **changes: Any) -> Placed[ReviewedFile]:
    said = {
        "id": f"r-{number}",
        "file": f"f-{number}",
        "case-type": "robbery",
        "sampled-from": "the files of January",
        "sampling": "random",
        "criterion": "allocation",
        "answer": answer,
        "reviewer": "first",
        "second-reviewer": "",
        "second-answer": "",
        "reviewed": date(2016, 10, 4),
        "note": "",
        **changes,
    }
    place = Place("file-review.csv", number + 2)
    return Placed("file-review", ReviewedFile.model_validate(said), place)


def with_rows(rows: list[Placed[ReviewedFile]]) -> Evidence:
    return replace(example()[0], reviewed=tuple(rows))


def derived(rows: list[Placed[ReviewedFile]], name: str = ALLOCATED, **how: Any) -> Derived:
    return derive(with_rows(rows), example()[1], **how).indicators[name]


def yes_and_no(yes: int, no: int, **changes: Any) -> list[Placed[ReviewedFile]]:
    answers = ["yes"] * yes + ["no"] * no
    return [row(number, answer, **changes) for number, answer in enumerate(answers)]


def test_a_share_is_of_yes_and_no_and_the_others_stand_apart() -> None:
    others = [row(100 + i, a) for i, a in enumerate(["na", "na", "unclear"])]
    found = derived([*yes_and_no(27, 13), *others])
    assert (found.value, found.shown) == (Decimal("67.5"), "27 of 40 files")
    assert found.interval == Interval(Decimal("52"), Decimal("80"))
    assert found.sample is not None
    whole = found.sample.whole
    assert (whole.yes, whole.no, whole.na, whole.unclear) == (27, 13, 2, 1)
    assert len(found.records) == 43
    assert found.cautions == ()
    assert found.caveats == ("file-review-small-sample",)


@given(st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=80))
def test_a_share_counted_by_hand(answers: list[str]) -> None:
    found = derived([row(i, answer) for i, answer in enumerate(answers)])
    yes, n = answers.count("yes"), answers.count("yes") + answers.count("no")
    if n < 30:
        files = "1 file was" if n == 1 else f"{n or 'no'} files were"
        assert found.value is None
        assert found.reason == f"{files} answered yes or no, and at least 30 are asked for"
        assert found.sample is not None
        assert found.sample.whole.interval is None
    else:
        assert isinstance(found.value, Decimal)
        assert abs(Fraction(found.value) - Fraction(100 * yes, n)) <= Fraction(1, 200)
        assert found.interval == wilson(Fraction(yes, n), n).scaled(100, 1)


def test_case_types_have_their_own_counts_and_a_share_where_there_are_enough() -> None:
    rows = yes_and_no(25, 5) + [
        row(50 + i, "yes", **{"case-type": "domestic-burglary"}) for i in range(7)
    ]
    found = derived(rows)
    assert found.sample is not None
    burglary, robbery = found.sample.case_types
    assert (burglary[0], burglary[1].yes, burglary[1].interval) == ("domestic-burglary", 7, None)
    assert robbery[1].interval == wilson(Fraction(25, 30), 30).scaled(100, 1)
    step = Explainer(grade(with_rows(rows), example()[2])).why(ALLOCATED)
    said = [part.text for part in step.walk()]
    assert (
        "Domestic burglary: 7 of 7 files, too few to tell a share (at least 8 are asked for)."
        in said
    )


def test_files_not_drawn_at_random_claim_no_interval() -> None:
    rows = [*yes_and_no(30, 10), row(90, "yes", sampling="not-random")]
    found = derived(rows)
    assert found.interval is None
    assert found.cautions == (
        "1 of 41 files were not drawn at random, so the share is of these files alone and"
        " no interval is claimed",
    )


def test_sampling_that_is_not_stated_travels_into_sentences() -> None:
    rows = [*yes_and_no(30, 9), row(90, "yes", sampling="not-stated")]
    caution = "random sampling is not stated for 1 of 40 files, so the interval may mislead"
    found = derived(rows)
    assert found.interval is not None
    assert found.cautions == (caution,)
    grading = grade(with_rows(rows), example()[2])
    assert caution in Explainer(grading).why(ALLOCATED).text
    rule = grading.pack.rules["allocation.exceeds"]
    compared = next(leaf for leaf in leaves(rule.body) if isinstance(leaf, Compared))
    facts = grading.fired.facts
    assert caution in told(measure(compared, facts), grading.pack, facts)


def test_a_threshold_inside_the_interval_is_said_to_be_so_and_one_outside_is_not() -> None:
    for yes, no, inside in ((35, 5, True), (38, 2, True), (60, 0, False), (20, 20, False)):
        grading = grade(with_rows(yes_and_no(yes, no)), example()[2])
        for target in ("allocation", "investigating-crime", ALLOCATED):
            said = [s.text for s in Explainer(grading).why(target).walk()]
            found = [s for s in said if "90 per cent lies inside" in s and "not settle it" in s]
            assert bool(found) == inside, (yes, no, target)
        rule = grading.pack.rules["allocation.exceeds"]
        compared = next(leaf for leaf in leaves(rule.body) if isinstance(leaf, Compared))
        facts = grading.fired.facts
        sentence = told(measure(compared, facts), grading.pack, facts)
        assert ("the sample does not settle it" in sentence) == inside


def test_a_review_after_the_as_of_date_or_left_out_of_the_run_is_not_used() -> None:
    rows = [*yes_and_no(30, 0), *[row(50 + i, "no", reviewed=date(2017, 4, 1)) for i in range(9)]]
    assert derived(rows).shown == "30 of 30 files"
    assert derived(rows, dropped=frozenset({"file-review"})).reason == (
        "file reviews were left out of this run"
    )
    assert derived(rows[30:]).reason == "no file was reviewed by the as-of date"
    on_the_day = yes_and_no(30, 0, reviewed=example()[0].inspection.as_of)
    assert derived(on_the_day).value == 100
    assert derived([]).reason == "no file was reviewed for it"


def test_agreement_is_of_the_files_that_two_reviewers_answered() -> None:
    second = {"second-reviewer": "second", "criterion": "investigation-quality"}
    rows = [row(i, "yes", **{**second, "second-answer": "yes"}) for i in range(12)]
    rows += [row(20 + i, "no", **{**second, "second-answer": "no"}) for i in range(6)]
    rows += [row(30 + i, "no", **{**second, "second-answer": "yes"}) for i in range(2)]
    rows += [row(40 + i, "no", criterion="investigation-quality") for i in range(9)]
    found = derived(rows, AGREE)
    # agreement 18/20; chance 12/20 x 14/20 + 8/20 x 6/20 = 0.54; kappa 0.36/0.46
    assert (found.value, found.shown) == (Decimal("0.78"), "alike on 18 of 20 files")
    assert len(found.records) == 20
    too_few = derived(rows[6:], AGREE)
    assert too_few.sample is None
    assert too_few.reason == (
        "14 files were answered by two reviewers, and at least 15 are asked for"
    )
    alike = derived(rows[:12] + [replace_answer(r) for r in rows[12:18]], AGREE)
    assert alike.reason == (
        "both reviewers gave the same one answer to every file, so chance explains it all"
    )


def replace_answer(placed: Placed[ReviewedFile]) -> Placed[ReviewedFile]:
    changed = placed.record.model_copy(update={"answer": "yes", "second_answer": "yes"})
    return replace(placed, record=changed)


def test_files_alone_never_carry_a_conclusion() -> None:
    evidence = replace(with_rows(yes_and_no(60, 0)), observations=())
    grading = grade(evidence, example()[2])
    assert grading.derivation.indicators[ALLOCATED].value == 100
    assert "exceeds" not in grading.fired.facts.outcomes["allocation"]


def test_files_that_a_policy_keeps_as_context_may_not_be_asked_about() -> None:
    pack = example()[1]
    assert not {ALLOCATED, AGREE} & set(undeciding(pack))
    policy = pack.manifest.evidence_policy
    roles = {**policy.roles, "file-review": "context-only"}
    manifest = pack.manifest.model_copy(
        update={"evidence_policy": policy.model_copy(update={"roles": roles})}
    )
    found = undeciding(replace(pack, manifest=manifest))
    assert found[ALLOCATED] == found[AGREE] == "file reviews are context-only"


GOOD = {
    "title": "Files",
    "method": "proportion",
    "topics": ("allocation",),
    "minimum": 30,
    "unit": "percent",
}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"minimum": None}, "`proportion` needs one of `topics` and a `minimum` of files"),
        ({"topics": ()}, "`proportion` needs one of `topics` and a `minimum` of files"),
        ({"topics": ("a", "b")}, "`proportion` needs one of `topics` and a `minimum` of files"),
        ({"unit": "count"}, "the unit of `proportion` is `percent`"),
        ({"method": "agreement"}, "the unit of `agreement` is `score`"),
        (
            {"method": "value", "series": ("a",), "minimum": None, "case-types": ("b",)},
            "only a review of files has case types",
        ),
        ({"method": "value", "series": ("a",)}, "only a review of files or a survey has a"),
    ],
)
def test_an_indicator_of_a_review_says_what_it_needs(change: dict[str, Any], says: str) -> None:
    assert Indicator.model_validate(GOOD).minimum == 30
    with pytest.raises(ValidationError, match=says):
        Indicator.model_validate({**GOOD, **change})


# surveys


def asked(sampling: str, n: int | None, weighting: str = "") -> Survey:
    said = {
        **dict.fromkeys(("population", "reason", "locator", "note"), ""),
        "id": "s-1",
        "survey": "a",
        "item": "b",
        "answer": "c",
        "unit": "percent",
        "value": Decimal(60),
        "status": "ok",
        "heading": "h",
        "from": None,
        "to": None,
        "sampling": sampling,
        "n": n,
        "weighting": weighting,
    }
    return Survey.model_validate(said)


INTERVAL_400 = wilson(Fraction(3, 5), 400).scaled(100, 1)
OF_400 = Share(Fraction(3, 5), 400)
NONE_SET = "the rule pack sets no smallest number of answers"


@pytest.mark.parametrize(
    ("row", "minimum", "expected"),
    [
        (asked("statistical", 400), 100, Claim("", INTERVAL_400, drawn=OF_400)),
        (asked("statistical", 400), None, Claim("", INTERVAL_400, (NONE_SET,), OF_400)),
        (
            asked("statistical", 400, "age"),
            100,
            Claim(
                "",
                INTERVAL_400,
                ("answers are weighted and the interval takes them as equal",),
                OF_400,
            ),
        ),
        (
            asked("quota-panel", 400),
            100,
            Claim(
                cautions=("a quota panel is not drawn at random, so no interval is claimed",),
            ),
        ),
        (
            asked("voluntary", 400),
            100,
            Claim(cautions=("people chose for themselves to answer, so no interval is claimed",)),
        ),
        (
            asked("not-stated", 400),
            100,
            Claim(cautions=("how the sample was drawn is not stated, so no interval is claimed",)),
        ),
        (
            asked("statistical", 100),
            100,
            Claim(
                "",
                wilson(Fraction(3, 5), 100).scaled(100, 1),
                drawn=Share(Fraction(3, 5), 100),
            ),
        ),
        (asked("statistical", 99), 100, Claim("99 answered, and at least 100 are asked for")),
        (
            asked("statistical", None),
            100,
            Claim("how many answered is not stated, and at least 100 are asked for"),
        ),
        (
            asked("statistical", None),
            None,
            Claim(
                cautions=(NONE_SET, "how many answered is not stated, so no interval is claimed")
            ),
        ),
    ],
    ids=lambda value: "" if not isinstance(value, Survey) else f"{value.sampling}-{value.n}",
)
def test_a_share_of_a_survey_claims_what_its_sample_bears(
    row: Survey, minimum: int | None, expected: Claim
) -> None:
    assert claim([row], Decimal(60), minimum) == expected


def survey_of(change: Callable[[Survey], Survey]) -> Derived:
    evidence, pack, _ = example()
    surveys = tuple(replace(p, record=change(p.record)) for p in evidence.surveys)
    found = derive(replace(evidence, surveys=surveys), pack)
    return found.indicators["public-satisfaction"]


def test_a_voluntary_survey_leads_only_and_a_small_one_is_suppressed() -> None:
    assert survey_of(lambda s: s).interval == Interval(Decimal("49.4"), Decimal("55.4"))
    panel = survey_of(lambda s: s.model_copy(update={"sampling": "quota-panel"}))
    assert (panel.value, panel.interval) == (Decimal("52.4"), None)
    voluntary = survey_of(lambda s: s.model_copy(update={"sampling": "voluntary"}))
    assert voluntary.reason == "survey public-attitudes may open an enquiry and decides nothing"
    small = survey_of(lambda s: s.model_copy(update={"n": 99}))
    assert (small.value, small.reason) == (None, "99 answered, and at least 100 are asked for")
