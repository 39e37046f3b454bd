"""What is thin, what is missing and what was not followed: against brute force, and on Durham."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator  # type: ignore[import-untyped,unused-ignore]

from grading.commands.common import load
from grading.derive.derive import Derivation
from grading.explain.additions import with_record
from grading.explain.gaps import Gaps, Lead, gaps
from grading.explain.narrowing import Completion, Missing, narrowing
from grading.judge.method import grade, grade_facts, program_of
from grading.judge.observations import Seen, codings, observed
from grading.judge.ranges import values
from grading.record.gaps import gaps_schema
from grading.rules.facts import Facts
from grading.rules.loaded import OVERALL, Pack
from grading.rules.stages import by_definition
from tests.packs import Case, cases
from tests.test_bad_input import Grading, grading, home, swap

__all__ = ["grading", "home"]

ROOT = Path(__file__).parent.parent
DURHAM = ROOT / "evidence/peel-effectiveness-2016/durham"
Found = Mapping[tuple[str, str, str, str], frozenset[tuple[str, ...]]]
MORE = """
  - {id: fw-3, topic: oven-heat, direction: supports, method: interview, subjects: The bakers,
     date: 2020-03-01, site: Back room, statement: It is hot, heading: Ovens}
  - {id: fw-4, topic: oven-heat, direction: supports, method: interview, subjects: the  bakers,
     date: 2020-03-01, site: Shop, statement: Still hot, heading: Ovens}
  - {id: fw-5, topic: oven-heat, direction: neutral, method: reality-test, subjects: a thermometer,
     date: 2020-03-02, site: Yard, statement: It was read, heading: Ovens}
"""


def of(folder: Path, as_of: date | None = None) -> Gaps:
    evidence, pack = load(folder, as_of)
    return gaps(grade(evidence, program_of(pack)))


def thin(least: str, home: Path) -> None:
    swap("rules/bakery/pack.yaml", "  silence: {core", f"  thin: {least}\n  silence: {{core")(home)


# coverage


def test_a_criterion_has_so_many_independent_observations_kinds_methods_sites_and_days(
    home: Path,
) -> None:
    with (home / "evidence/fieldwork.yaml").open("a") as file:
        file.write(MORE)
    heat, output = of(Path("evidence")).criteria
    assert heat.records == ("fw-1", "fw-3", "fw-4")
    assert heat.independent == 2  # the bakers were asked once, at two sites; fw-1 names nobody
    assert heat.kinds == ("fieldwork",)
    assert heat.methods == ("interview", "observation")
    assert heat.sites == ("back room", "shop")
    assert heat.days == ("2020-03-01",)
    # a review of files is context in this pack; the criterion asks about a figure
    assert (output.records, output.kinds) == (("fw-2",), ("fieldwork", "metric"))
    assert output.days == ()


def test_what_was_observed_after_the_as_of_date_is_not_counted(home: Path) -> None:
    heat, _ = of(Path("evidence"), date(2020, 2, 1)).criteria
    assert (heat.records, heat.independent, heat.days) == ((), 0, ())


def test_without_a_word_of_the_pack_nothing_is_thin_and_the_output_says_so(
    home: Path, grading: Grading
) -> None:
    found = of(Path("evidence"))
    assert (found.least, found.thin) == ({}, ())
    told = grading("evidence", "gaps", "evidence")
    assert "The rule pack does not say what thin is, so nothing is called thin\n" in told.out
    said = json.loads(grading("evidence", "gaps", "evidence", "--format", "json").out)
    assert said["thin_below"] is None


def test_a_criterion_with_less_than_the_pack_asks_for_is_thin(home: Path, grading: Grading) -> None:
    thin("{observations: 1, kinds: 2, days: 1, basis: pack}", home)
    found = of(Path("evidence"))
    assert {c.criterion.id: c.thin for c in found.criteria} == {
        "heat": (("kinds", 1, 2),),
        "output": (("days", 0, 1),),
    }
    told = grading("evidence", "gaps", "evidence")
    assert "The oven is hot (core; THIN: 1 of 2 kinds)\n" in told.out
    said = "2 criteria are thin: fewer than 1 observations, 2 kinds and 1 days (the pack's own)\n"
    assert said in told.out


@pytest.mark.parametrize(
    ("least", "told"),
    [
        (
            "{basis: pack}",
            "rules/bakery/pack.yaml:24:9: E209 `thin` names the least of `observations`, `kinds`,"
            " `methods`, `sites` or `days`",
        ),
        (
            "{days: 2}",
            "rules/bakery/pack.yaml:24:9: E209 a rule needs a `cite`, or `basis: pack` when it is"
            " the pack's own",
        ),
    ],
)
def test_what_thin_is_has_a_number_and_a_source(
    least: str, told: str, home: Path, grading: Grading
) -> None:
    thin(least, home)
    said = grading("evidence", "gaps", "evidence")
    assert (said.code, said.problems) == (3, [told])


def test_topics_that_the_plan_left_out_are_said(home: Path, grading: Grading) -> None:
    swap("evidence/inspection.yaml", "searched: [oven-heat, loaves]", "searched: [loaves]")(home)
    heat, output = of(Path("evidence")).criteria
    assert (heat.not_searched, output.not_searched) == (("oven-heat",), ())
    told = grading("evidence", "gaps", "evidence").out
    assert "The plan says that 1 of 2 topics were searched\n" in told
    assert "The oven is hot (core; open; not searched: oven-heat)\n" in told


# leads


def test_a_lead_is_followed_by_an_observation_that_decides_on_its_topic(home: Path) -> None:
    says = "customers, mood, happy"
    assert of(Path("evidence")).leads == (Lead("s-1", "survey", says, None, ()),)
    swap("rules/bakery/pack.yaml", "  silence: {core", "  leads-to: {customers: {mood: oven-heat}}\n  silence: {core")(home)  # fmt: skip  # noqa: E501
    (lead,) = of(Path("evidence")).leads
    assert lead == Lead("s-1", "survey", says, "oven-heat", ("fw-1",))
    assert of(Path("evidence")).not_followed == ()
    swap("evidence/fieldwork.yaml", "direction: supports", "direction: neutral")(home)
    assert of(Path("evidence")).not_followed == (Lead("s-1", "survey", says, "oven-heat", ()),)


def test_an_observation_of_a_kind_that_only_leads_is_a_lead_on_its_topic(home: Path) -> None:
    swap("rules/bakery/pack.yaml", "metric: deciding", "metric: deciding, file-review: lead-only")(
        home
    )
    says = "Twenty order slips were served"
    assert of(Path("evidence")).leads[0] == Lead("fr-1", "file-review", says, "loaves", ("fw-2",))


# missing records


def brute(pack: Pack, facts: Facts) -> Found:
    """What would remain of each open judgment, with each observation and figure that could be added.

    By judgment, what is missing, of what, and what it says. Every rule is asked every time.
    """
    final = by_definition(pack, facts)[1]
    open_ = [q for q in (*pack.graded, OVERALL) if len(final.judgments.get(q, ())) > 1]
    found: dict[tuple[str, str, str, str], set[tuple[str, ...]]] = {}
    for criterion, placed in pack.criteria.items():
        if placed.question not in open_ or len(final.outcomes[criterion]) == 1:
            continue
        for seen in codings(pack, tuple(placed.written.topics)):
            added = with_record(pack, facts, observed(pack, criterion, seen))
            after = by_definition(pack, added)[1]
            outcome = next(iter(after.outcomes[criterion]))
            if len(after.outcomes[criterion]) > 1 or outcome == "unknown":
                continue
            for judgment in {placed.question, OVERALL}.intersection(open_):
                key = judgment, "observation", criterion, outcome
                left = tuple(g for g in pack.grades if g in after.judgments[judgment])
                found.setdefault(key, set()).add(left)
    return {key: frozenset(left) for key, left in found.items()}


def shape(completion: Completion) -> tuple[int, int]:
    return len(completion.fewest), len(completion.most)


SEEN: list[int] = []


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(cases(facts=1, questions=1, criteria=2, depth=2))
def agrees(case: Case) -> None:
    # nothing searched yet leaves more open than what random records show
    unsearched = replace(case.facts[0], records={}, judgments={}, concluded=frozenset())
    for facts in (case.facts[0], unsearched):
        expected = brute(case.pack, facts)
        found = {
            (m.judgment, m.needs, m.about, c.says): c
            for m in narrowing(case.pack, facts)
            if m.needs == "observation"
            for c in m.completions
        }
        SEEN.append(len(found))
        assert found.keys() == expected.keys()
        for key, completion in found.items():
            numbers = [len(left) for left in expected[key]]
            assert shape(completion) == (min(numbers), max(numbers))
            assert {completion.fewest, completion.most} <= expected[key]


def test_every_observation_was_tried_and_none_is_missed() -> None:
    SEEN.clear()
    agrees()
    assert sum(SEEN) >= 8  # there was something to narrow


def test_every_coding_of_an_observation_is_there_once(home: Path) -> None:
    _, pack = load(Path("evidence"))
    found = list(codings(pack, ("oven-heat", "loaves")))
    # two levels of extent, one of maturity, one of effect, two of severity; and each left out
    for_, against = 3 * 2 * 2, 3 * 2 * 2 * 3
    assert len(found) == len(set(found)) == 2 * (for_ + 2 * against)
    assert found[:2] == [Seen("oven-heat", True, ()), Seen("loaves", True, ())]


def test_those_that_surely_narrow_most_come_first(home: Path) -> None:
    swap("evidence/fieldwork.yaml", "topic: oven-heat", "topic: loaves")(home)
    found = of(Path("evidence")).missing
    assert [(m.judgment, m.about, m.worst, m.best) for m in found] == [
        ("bread", "heat", 1, 1),
        ("overall", "heat", 1, 1),
    ]
    assert found[0] == Missing(
        judgment="bread",
        needs="observation",
        about="heat",
        completions=(
            Completion(
                "meets", ("good",), ("good",), Seen("oven-heat", True, (("extent", "some"),))
            ),
            Completion(
                "falls-short",
                ("poor",),
                ("poor",),
                Seen("oven-heat", False, (("severity", "grave"),)),
            ),
        ),
    )


def test_the_engine_grades_a_completion_as_it_is_said(home: Path) -> None:
    swap("evidence/fieldwork.yaml", "topic: oven-heat", "topic: loaves")(home)
    evidence, pack = load(Path("evidence"))
    run = grade(evidence, program_of(pack))
    for missing in narrowing(pack, run.derivation.facts):
        for completion in missing.completions:
            assert completion.example is not None
            fact = observed(pack, missing.about, completion.example)
            added = with_record(pack, run.derivation.facts, fact)
            derivation = Derivation(added, run.derivation.indicators)
            after = grade_facts(evidence, run.program, derivation, frozenset())
            assert after.fired.facts.outcomes[missing.about] == {completion.says}
            assert after.judgments[missing.judgment].derived in (
                completion.fewest,
                completion.most,
            )


def test_a_missing_figure_is_tried_on_each_side_of_each_threshold(home: Path) -> None:
    swap("evidence/metrics.csv", "crumb,120,count", "crumb,,count")(home)
    swap("evidence/metrics.csv", "no,ok,,", "no,missing,lost,")(home)
    found = {m.about: m for m in of(Path("evidence")).missing if m.judgment == "bread"}
    assert [(c.says, c.fewest, c.most) for c in found["loaves-a-day"].completions] == [
        ("9", ("poor",), ("poor",)),
        ("10", ("good",), ("good",)),
        ("11", ("good",), ("good",)),
    ]
    assert found["loaves-a-day"].needs == "figure"


def test_the_values_of_a_figure_are_those_that_can_occur() -> None:
    _, hygiene = load(ROOT / "evidence/food-hygiene/the-copper-kettle")
    assert values(hygiene, "worst-score") == tuple(
        map(Decimal, ("4", "5", "7.5", "10", "12.5", "15", "17.5", "20", "21"))
    )


def test_a_missing_score_leaves_every_rating_open_and_settles_it(tmp_path: Path) -> None:
    source = ROOT / "evidence/food-hygiene/the-copper-kettle"
    for name in ("inspection.yaml", "metrics.csv"):
        text = (source / name).read_text("utf-8")
        kept = [line for line in text.splitlines() if ",hygiene," not in line]
        (tmp_path / name).write_text("\n".join(kept) + "\n", "utf-8")
    evidence, pack = load(tmp_path, None, ROOT / "rules")
    found = gaps(grade(evidence, program_of(pack)))
    assert found.grading.undetermined == ("food-hygiene-rating",)
    assert [(m.needs, m.about) for m in found.missing] == [
        ("figure", "total-score"),
        ("figure", "worst-score"),
    ]


# Durham


def _numbers(found: Gaps) -> Iterator[tuple[str, int, int]]:
    for covered in found.thin:
        ((_, there, least),) = covered.thin
        yield covered.criterion.id, there, least


def test_the_gaps_of_durham() -> None:
    """Read: the report says little on these four; the other leads were looked into."""
    found = of(DURHAM)
    assert list(_numbers(found)) == [
        ("public-confidence", 0, 3),
        ("victims-supporting-action", 2, 3),
        ("range-of-outcomes", 0, 3),
        ("mental-health", 1, 3),
    ]
    assert (found.missing, found.grading.undetermined) == ((), ())
    leads = {lead.record: (lead.topic, len(lead.followed_by)) for lead in found.leads}
    assert leads == {
        "sv-001": ("neighbourhood-resourcing", 2),
        "sv-002": ("neighbourhood-resourcing", 2),
        "sv-003": ("problem-solving", 10),
        "sv-004": ("community-engagement", 12),
        "m-051": (None, 0),
    }
    independent = {c.criterion.id: (len(c.records), c.independent) for c in found.criteria}
    assert independent["diverting-from-organised-crime"] == (37, 20)
    assert independent["organised-crime-threats"] == (11, 5)


def test_while_durham_is_under_way_the_best_next_record_is_named() -> None:
    """Read: records without a day count as made at the end of fieldwork, so hardly any is there yet.

    Half of the core criteria of a question met make it good; these two more are half.
    """
    found = of(DURHAM, date(2016, 10, 15))
    first, second, third = ((m.judgment, m.about, m.worst, m.best) for m in found.missing[:3])
    assert first == ("investigating-crime", "initial-investigation", 1, 1)
    assert second == ("investigating-crime", "investigation-quality", 1, 1)
    assert third == ("investigating-crime", "victim-care", 2, 1)
    assert list(found.missing) == sorted(found.missing, key=lambda m: (m.worst, m.best))


# the command


OPEN = """\
Crumb & Sons, as of 2020-06-30
The plan says that 2 of 2 topics were searched

Is the bread good?
  indep. kinds methods sites days
       0     0       0     0    0  The oven is hot (core; open)
       2     2       2     0    1  Enough is baked

The rule pack does not say what thin is, so nothing is called thin

Is the bread good? is open: poor to good
  · an observation that settles “The oven is hot” would leave 1 grade
      one that meets the standard, such as one for `oven-heat` with extent some: good
      one that falls short of the standard, such as one against `oven-heat` with severity grave: poor
Is it a good bakery? is open: poor to good
  · an observation that settles “The oven is hot” would leave 1 grade
      one that meets the standard, such as one for `oven-heat` with extent some: good
      one that falls short of the standard, such as one against `oven-heat` with severity grave: poor

1 of 1 lead not followed by a deciding observation
  · customers, mood, happy [s-1]: the rule pack does not say on which topic
"""


def test_the_gaps_of_an_inspection_in_text(home: Path, grading: Grading) -> None:
    swap("evidence/fieldwork.yaml", "topic: oven-heat", "topic: loaves")(home)
    told = grading("evidence", "gaps", "evidence")
    assert told == (4, OPEN, "")


def test_the_gaps_of_an_inspection_as_json_fit_their_schema(home: Path, grading: Grading) -> None:
    swap("evidence/fieldwork.yaml", "topic: oven-heat", "topic: loaves")(home)
    told = grading("evidence", "gaps", "evidence", "--format", "json")
    said = json.loads(told.out)
    Draft202012Validator(gaps_schema()).validate(said)
    assert said["undetermined"] == {"bread": ["good", "poor"], "overall": ["good", "poor"]}
    assert said["missing"][0]["completions"][0] == {
        "says": "meets",
        "fewest": ["good"],
        "most": ["good"],
        "example": {
            "topic": "oven-heat",
            "direction": "supports",
            "levels": {"extent": "some"},
            "mitigated": False,
        },
    }
    assert said["searched"] == ["oven-heat", "loaves"]


def test_gaps_of_settled_judgments_are_done(home: Path, grading: Grading) -> None:
    told = grading("evidence", "gaps", "evidence")
    assert told.code == 0
    assert "Every judgment is settled, so no missing record would narrow one\n" in told.out
    assert of(Path("evidence")).missing == ()
