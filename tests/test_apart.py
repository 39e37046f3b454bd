"""Two packs told apart: each sort of inspection that alone can show a change is looked at."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from grading.policy.apart import criteria, ladders, roles
from grading.policy.apart.search import told_apart
from grading.policy.apart.values import Apart, NotFound, Proof, Witness
from grading.policy.mutants import Mutant
from grading.policy.noticed import Noticing
from grading.policy.pasted import case_for
from grading.rules.loaded import OVERALL, Pack
from grading.rules.rule import All, Always, Compared, Count, No, Node, Sought
from tests.shipped import FOOD, PEEL, every, pack_of

NOT_WRITABLE = NotFound("only evidence that no case can give tells them apart")


def with_bodies(pack: Pack, bodies: dict[str, Node]) -> Pack:
    rules = {name: replace(pack.rules[name], body=body) for name, body in bodies.items()}
    return replace(pack, rules={**pack.rules, **rules})


def with_body(pack: Pack, rule: str, body: Node) -> Pack:
    return with_bodies(pack, {rule: body})


def never(pack: Pack, rule: str) -> Node:
    place = pack.rules[rule].place
    return No(place, (Always(place),))


def assert_a_case_notices(pack: Pack, mutant: Mutant, apart: Apart, expects: str) -> None:
    assert isinstance(apart, Witness)
    pasted = case_for(pack, mutant, apart)
    assert pasted is not None
    assert expects in pasted.text
    assert Noticing(pack, [pasted.case]).noticed_by(mutant) == pasted.case


# Changes that a search must not take for none


@pytest.mark.parametrize("number", range(6))
def test_a_limiter_that_holds_grades_elsewhere_is_told_apart(number: int) -> None:
    """No rule comes to anything else: what differs is the grade that a limiter holds down to."""
    mutant = [m for m in every(PEEL) if m.operator == "cap"][number]
    apart = told_apart(pack_of(PEEL), mutant)
    assert_a_case_notices(pack_of(PEEL), mutant, apart, "judgments: {")


def test_a_limiter_also_holds_what_people_change() -> None:
    """Nothing better than requires improvement is reached, so no grade shows where it is held to."""
    pack = pack_of(PEEL)
    capped, *_ = [m.pack for m in every(PEEL) if m.says.endswith("-improvement` becomes `good`")]
    reached = ("preventing-crime.outstanding", "preventing-crime.good")
    one, other = (
        with_bodies(each, {rule: never(each, rule) for rule in reached}) for each in (pack, capped)
    )
    found = ladders.told_apart(one, other, ["preventing-crime"])
    assert found == NotFound("a grade that people change could show it, and no case gives one")


def test_findings_are_told_apart_where_outcomes_are_alike() -> None:
    left_out = [m for m in every(PEEL) if m.says.startswith("finding `")]
    assert len(left_out) == len(pack_of(PEEL).manifest.findings)
    for mutant in left_out:
        apart = told_apart(pack_of(PEEL), mutant)
        assert_a_case_notices(pack_of(PEEL), mutant, apart, "findings: [")


def test_a_grade_that_is_reached_and_held_down_is_told_apart() -> None:
    """The limiter of a cause of concern bites wherever the change shows, so no derived grade does."""
    pack = pack_of(PEEL)
    line = pack.rules["preventing-crime.good"].place.line
    (mutant,) = [
        m
        for m in every(PEEL)
        if m.says == "`severity: critical` becomes `serious`"
        and m.place.file.endswith("/pack.yaml")
        and line < m.place.line < line + 5
    ]
    apart = told_apart(pack, mutant)
    assert_a_case_notices(pack, mutant, apart, 'rules: {"preventing-crime.good": unknown}')


def test_a_threshold_of_a_ladder_that_moves_a_little_is_told_apart() -> None:
    """The figure that shows it is one that only the changed pack tells from its neighbours."""
    pack, rule = pack_of(PEEL), "preventing-crime.good"
    place = pack.rules[rule].place
    name = "charged-against-england-and-wales"
    above = Compared(place, name, "above", (Decimal(50),))
    one = with_body(pack, rule, above)
    other = with_body(pack, rule, replace(above, numbers=(Decimal("50.001"),)))
    found = ladders.told_apart(one, other, ["preventing-crime"])
    assert isinstance(found, Witness)
    assert Decimal(50) < found.given["indicators"][name] <= Decimal("50.001")


# What is open


def uncoded(pack: Pack, rule: str, scale: str) -> Sought:
    """Something observed that has a level on a scale of which every level is excluded.

    What supports something has no severity, so that none needs to be excluded.
    """
    coding = pack.manifest.coding
    assert coding is not None
    topics = tuple(pack.criteria[pack.rules[rule].owner].written.topics)
    excluded = () if scale == "severity" else ((scale, len(getattr(coding, scale))),)
    return Sought(pack.rules[rule].place, True, topics, ((scale, 1),), excluded, False)


@pytest.mark.parametrize("scale", ["maturity", "severity"])
def test_a_level_that_an_open_record_leaves_out_may_be_any(scale: str) -> None:
    """No record that is coded in full shows either, and where none searched both are unknown."""
    rule, pack = "problem-solving.meets", pack_of(PEEL)
    one, other = (with_body(pack, rule, uncoded(pack, rule, name)) for name in ("extent", scale))
    assert isinstance(criteria.told_apart(one, one, [rule]), Proof)
    assert criteria.told_apart(one, other, [rule]) == NOT_WRITABLE


def impossible(pack: Pack, kind: str) -> Node:
    """An earlier finding of a kind that is there and is not: unknown at most."""
    place = pack.rules["preventing-crime.limiter-repeat-area"].place
    (topic, *_) = pack.criteria["problem-solving"].written.topics
    some = Count(place, "previous", (topic,), ("unresolved",), 1, 250, kind)
    return All(place, (some, replace(some, fewest=0, most=0)))


def test_an_earlier_finding_may_be_withdrawn_while_others_are_known() -> None:
    """Where all are known neither holds, and where none were gathered both are unknown."""
    pack = pack_of(PEEL)
    rule = next(x.rule for x in pack.limiters["preventing-crime"] if x.id == "repeat-area")
    kinds = ("area-for-improvement", "cause-of-concern")
    one, other = (with_body(pack, rule, impossible(pack, kind)) for kind in kinds)
    assert isinstance(ladders.told_apart(one, one, ["preventing-crime"]), Proof)
    assert ladders.told_apart(one, other, ["preventing-crime"]) == NOT_WRITABLE


def test_a_question_may_have_a_value_that_is_no_grade() -> None:
    """Of four graded questions each has some grade, unless one is not graded at all."""
    pack = pack_of(PEEL)
    rule = next(name for name in pack.rules if name == f"{OVERALL}.outstanding")
    place = pack.rules[rule].place
    members = tuple(pack.graded)
    every_one = Count(place, "judgments", members, pack.grades, len(members), len(members))
    one = with_body(pack, rule, every_one)
    found = ladders.told_apart(one, with_body(pack, rule, Always(place)), [OVERALL])
    assert isinstance(found, Witness)
    assert list(found.given["not-graded"].values()) == ["ungraded"]


def test_figures_may_be_there_and_not_comparable() -> None:
    """Each figure is there, and their sum is not: their periods or definitions do not match."""
    pack = pack_of(FOOD)
    total = pack.indicators["total-score"]
    single = {
        f"only-{series}": total.model_copy(update={"method": "value", "series": [series]})
        for series in total.series
    }
    pack = replace(pack, indicators={**pack.indicators, **single})
    rule = "food-hygiene-rating.5"
    place = pack.rules[rule].place
    present = {
        name: Compared(place, name, "at-least", (Decimal(0),)) for name in (*single, "total-score")
    }
    three = tuple(present[name] for name in single)
    one = with_body(pack, rule, All(place, three))
    other = with_body(pack, rule, All(place, (*three, present["total-score"])))
    assert ladders.told_apart(one, other, ["food-hygiene-rating"]) == NOT_WRITABLE


# What kinds of evidence may do


def with_roles(pack: Pack, **changes: str) -> Pack:
    policy = pack.manifest.evidence_policy
    written = {**policy.roles, **{k.replace("_", "/"): role for k, role in changes.items()}}
    changed = policy.model_copy(update={"roles": written})
    manifest = pack.manifest.model_copy(update={"evidence_policy": changed})
    return replace(pack, manifest=manifest)


def asks_of_a_survey(pack: Pack) -> tuple[str, Compared]:
    (survey,) = [n for n, i in pack.indicators.items() if i.method == "survey"]
    rule = "problem-solving.meets"
    return rule, Compared(pack.rules[rule].place, survey, "at-least", (Decimal(50),))


def test_what_a_survey_may_do_depends_on_its_sample_so_that_thresholds_on_it_are_not_proved() -> (
    None
):
    pack = pack_of(PEEL)
    rule, node = asks_of_a_survey(pack)
    one = with_body(with_roles(pack, survey_statistical="deciding"), rule, node)
    other = with_body(one, rule, replace(node, numbers=(Decimal(51),)))
    why = "what a survey may do depends on how its sample was drawn"
    assert criteria.told_apart(one, other, [rule]) == NotFound(why)


def test_several_samples_that_agree_may_do_what_none_may_alone() -> None:
    """One sample decides beside another kind alone, and so the two together are told apart too."""
    pack = pack_of(PEEL)
    _, node = asks_of_a_survey(pack)
    sources = roles._sources(pack, node.indicator)
    assert roles.Source("statistical + quota-panel", node.indicator) in set(sources)


def test_a_kind_that_conditions_no_longer_see_is_told_apart_beside_one_they_never_saw() -> None:
    """Where the rule could not hold anyway, a record still makes it unknown in place of false."""
    rule, node = asks_of_a_survey(pack_of(PEEL))
    none = {f"survey_{sampling}": "lead-only" for sampling in ("statistical", "quota-panel")}
    blind = with_roles(pack_of(PEEL), **none, **{"survey_not-stated": "lead-only"})
    topics = tuple(blind.criteria["problem-solving"].written.topics)
    seen = Sought(blind.rules[rule].place, True, topics, (), (), False)
    bodies: dict[str, Node] = {
        name: All(node.place, (seen, node)) if name == rule else Always(node.place)
        for name in blind.rules
    }
    one = with_bodies(blind, bodies)
    found = roles.told_apart(one, with_roles(one, **{"file-review": "lead-only"}))
    assert not isinstance(found, Proof)
