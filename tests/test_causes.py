"""What a condition rests on, and how far it is from holding, against brute force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, product

from hypothesis import HealthCheck, given, settings

from grading.explain.causes import causes
from grading.explain.measured import conjuncts, measure
from grading.rules.definition import holds
from grading.rules.facts import Facts, IndicatorFact
from grading.rules.pack import OUTCOMES
from grading.rules.rule import Compared, Count, Node, leaves
from grading.rules.stages import by_definition
from tests.packs import Case, cases

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def comes_to(node: Node, facts: Facts) -> tuple[bool | None, bool | None]:
    verdict = holds(node, facts)
    return verdict.truth, verdict.settled


def without(facts: Facts, gone: frozenset[str]) -> Facts:
    """The facts with some records withdrawn; a figure is absent when one of its records is."""
    records = {
        topic: tuple(replace(r, withdrawn=True) if r.id in gone else r for r in about)
        for topic, about in facts.records.items()
    }
    known = {n: i for n, i in facts.indicators.items() if not gone.intersection(i.records)}
    return replace(facts, records=records, indicators=known)


def by_brute_force(node: Node, facts: Facts) -> tuple[str, ...]:
    """The records without which, some others gone, the condition comes to something else."""
    whole = comes_to(node, facts)
    if whole[0] is None:
        return ()
    seen = sorted({r.id for about in facts.records.values() for r in about if not r.withdrawn})
    seen += sorted({record for i in facts.indicators.values() for record in i.records})
    found = []
    for record in seen:
        others = [other for other in seen if other != record]
        if any(
            comes_to(node, without(facts, frozenset(gone))) == whole
            and comes_to(node, without(facts, frozenset((*gone, record)))) != whole
            for number in range(len(others) + 1)
            for gone in combinations(others, number)
        ):
            found.append(record)
    return tuple(sorted(found))


def small(facts: Facts, most: int = 6) -> Facts:
    """The facts with no more than so many records, so that every subset can be tried."""
    kept = [r for about in facts.records.values() for r in about][:most]
    records = {t: tuple(r for r in about if r in kept) for t, about in facts.records.items()}
    return replace(facts, records=records, indicators=dict(list(facts.indicators.items())[:2]))


@settings(max_examples=60, suppress_health_check=SLOW)
@given(cases(facts=2, questions=2, criteria=3, depth=2))
def test_causes_are_those_of_every_subset_of_the_records(case: Case) -> None:
    for facts in map(small, case.facts):
        _, final = by_definition(case.pack, facts)
        for rule in list(case.pack.rules.values())[:12]:
            assert causes(rule.body, final) == by_brute_force(rule.body, final)


@settings(max_examples=150, suppress_health_check=SLOW)
@given(cases(facts=3))
def test_a_condition_without_its_causes_comes_to_something_else(case: Case) -> None:
    for facts in case.facts:
        _, final = by_definition(case.pack, facts)
        for rule in case.pack.rules.values():
            found = causes(rule.body, final)
            if found:
                gone = without(final, frozenset(found))
                assert comes_to(rule.body, gone) != comes_to(rule.body, final)


def counts(case: Case) -> Iterator[tuple[Count, Facts]]:
    """Each count of outcomes in the pack with the facts that it is asked of."""
    for facts in case.facts:
        _, final = by_definition(case.pack, facts)
        known = {c: frozenset({sorted(p)[0]}) for c, p in final.outcomes.items()}
        settled = replace(final, outcomes=known)
        for rule in case.pack.rules.values():
            for node in leaves(rule.body):
                if isinstance(node, Count) and node.counted == "outcomes" and node.members:
                    yield node, settled


@settings(max_examples=80, suppress_health_check=SLOW)
@given(cases(facts=1, questions=1, criteria=3))
def test_a_count_is_as_far_as_the_fewest_criteria_that_would_have_to_change(case: Case) -> None:
    for node, facts in counts(case):
        now = tuple(next(iter(facts.outcomes[m])) for m in node.members)
        far = min(
            (
                sum(a != b for a, b in zip(now, then, strict=True))
                for then in product(OUTCOMES, repeat=len(now))
                if holds(node, with_outcomes(facts, node.members, then)).truth
            ),
            default=None,
        )
        measured = measure(node, facts)
        if measured.truth:
            assert (far, measured.distance) == (0, None)
        elif far is not None:
            assert measured.distance == far


@settings(max_examples=80, suppress_health_check=SLOW)
@given(cases(facts=1, questions=1, criteria=3))
def test_a_count_has_as_much_room_as_can_change_without_its_failing(case: Case) -> None:
    for node, facts in counts(case):
        measured = measure(node, facts)
        if not measured.truth:
            continue
        now = tuple(next(iter(facts.outcomes[m])) for m in node.members)
        fails = [
            sum(a != b for a, b in zip(now, then, strict=True))
            for then in product(OUTCOMES, repeat=len(now))
            if holds(node, with_outcomes(facts, node.members, then)).truth is False
        ]
        # one more than the room is what makes it fail, where anything can
        assert not fails or measured.slack == min(fails) - 1


def with_outcomes(facts: Facts, members: tuple[str, ...], then: tuple[str, ...]) -> Facts:
    changed = {m: frozenset({o}) for m, o in zip(members, then, strict=True)}
    return replace(facts, outcomes={**facts.outcomes, **changed})


@settings(max_examples=80, suppress_health_check=SLOW)
@given(cases(facts=3, questions=1, criteria=2))
def test_a_figure_moved_by_its_distance_is_enough_and_by_less_is_not(case: Case) -> None:
    tiny = Decimal("1e-18")
    for facts in case.facts:
        for rule in case.pack.rules.values():
            for node in leaves(rule.body):
                if not isinstance(node, Compared) or node.operator == "in":
                    continue
                measured = measure(node, facts)
                fact = facts.indicators.get(node.indicator)
                if measured.distance is None or fact is None:
                    continue
                assert holds(node, facts).truth is False
                reached = measured.distance + (tiny if node.operator in {"above", "below"} else 0)
                assert any(moved(node, facts, fact, by) for by in (reached, -reached))
                if measured.distance > tiny:
                    short = measured.distance - tiny
                    assert not any(moved(node, facts, fact, by) for by in (short, -short))


def moved(node: Compared, facts: Facts, fact: IndicatorFact, by: Decimal) -> bool:
    assert isinstance(fact.value, Decimal)
    known = {node.indicator: replace(fact, value=fact.value + by)}
    return holds(node, replace(facts, indicators={**facts.indicators, **known})).truth is True


@settings(max_examples=100, suppress_health_check=SLOW)
@given(cases(facts=3))
def test_a_rule_holds_exactly_when_all_that_it_asks_together_does(case: Case) -> None:
    for facts in case.facts:
        _, final = by_definition(case.pack, facts)
        for rule in case.pack.rules.values():
            truths = {measure(node, final).truth for node in conjuncts(rule.body)}
            whole = False if False in truths else None if None in truths else True
            assert holds(rule.body, final).truth is whole
