"""Changes of rules: which there are, which cases notice them, and what is proved of the others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from grading.derive.standing import Roles
from grading.evidence.records import BANDS
from grading.policy.apart.search import told_apart
from grading.policy.apart.values import NotFound, Proof, Witness
from grading.policy.cases import case_of, load_cases
from grading.policy.mutants import mutants
from grading.policy.mutate import Mutations, mutate
from grading.policy.noticed import Noticing, concluded_anew
from grading.policy.pasted import case_for, name_of, passes
from grading.policy.views import Views
from grading.policy.written import written_file
from grading.rules.facts import WITHDRAWN, Facts, IndicatorFact, RecordFact
from grading.rules.files import read_pack
from grading.rules.loaded import Pack
from grading.rules.ranges import range_of
from grading.rules.stages import by_definition, provisional, rungs
from grading.source import Document
from tests.packs import Case, cases
from tests.shipped import FOOD, PEEL, every, pack_of

NO_DOCUMENT = Document("pack.yaml", {}, {}, {})


@cache
def mutated(folder: Path) -> Mutations:
    files = read_pack(folder)
    manifest, series = (files.yaml(name)[0] for name in ("pack.yaml", "series.yaml"))
    assert manifest is not None
    pack = pack_of(folder)
    return mutate(pack, load_cases(folder, pack), manifest, series)


def at(folder: Path, line: int) -> list[str]:
    found = (m for m in every(folder) if m.place.file.endswith("/pack.yaml"))
    return [f"{m.operator}: {m.says}" for m in found if m.place.line == line]


# Which changes there are


def test_a_comparison_is_moved_made_strict_and_dropped() -> None:
    text = (FOOD / "pack.yaml").read_text("utf-8").splitlines()
    line = next(n for n, said in enumerate(text, 1) if "worst-score, at-most: 5" in said)
    assert at(FOOD, line) == [
        "condition dropped: one condition of `all` is left out",
        "strictness: `at-most: 5` becomes `below`",
        "threshold: `at-most: 5` becomes `0`",
        "threshold: `at-most: 5` becomes `10`",
    ]


def test_what_is_sought_loses_each_level_and_each_level_moves() -> None:
    text = (PEEL / "pack.yaml").read_text("utf-8").splitlines()
    line = next(n for n, said in enumerate(text, 1) if "{effect: measured, excluding" in said)
    assert at(PEEL, line) == [
        "condition dropped: `effect: measured` is left out",
        "condition dropped: `excluding: {extent: some}` is left out",
        "condition dropped: one condition of `any` is left out",
        "threshold: `effect: measured` becomes `observed`",
        "threshold: `excluding: {extent: some}` becomes `isolated`",
        "threshold: `excluding: {extent: some}` becomes `most`",
    ]


def test_a_limiter_is_dropped_and_holds_grades_elsewhere() -> None:
    text = (PEEL / "pack.yaml").read_text("utf-8").splitlines()
    line = next(n for n, said in enumerate(text, 1) if said == "      core-concern:")
    assert at(PEEL, line) == [
        "cap: limiter `core-concern`: `at-best: requires-improvement` becomes `good`",
        "cap: limiter `core-concern`: `at-best: requires-improvement` becomes `inadequate`",
        "limiter dropped: limiter `core-concern` is left out",
    ]


def test_every_sort_of_change_is_made_of_the_shipped_pack() -> None:
    assert Counter(m.operator for m in every(PEEL)) == {
        "condition dropped": 268,
        "threshold": 249,
        "connective": 57,
        "role": 18,
        "rule dropped": 10,
        "rungs swapped": 9,
        "strictness": 8,
        "cap": 6,
        "silence": 4,
        "limiter dropped": 4,
    }


def test_no_two_changes_come_to_the_same_rules() -> None:
    for folder in (PEEL, FOOD):
        pack = pack_of(folder)
        bodies = [
            tuple((rule, m.pack.rules[rule].body) for rule in m.rules)
            for m in every(folder)
            if m.rules
        ]
        assert len(set(bodies)) == len(bodies)
        assert all(
            m.pack.rules[rule].body != pack.rules[rule].body
            for m in every(folder)
            for rule in m.rules
        )


# Which are noticed, and what of the others is proved


def test_every_change_of_the_shipped_packs_is_noticed_or_proved_to_change_nothing() -> None:
    for folder, equivalent in ((PEEL, 9), (FOOD, 6)):
        report = mutated(folder)
        assert [str(u.mutant) for u in report.unnoticed] == []
        assert len(report.equivalent) == equivalent
        assert report.score == Decimal("100.0")


def test_what_is_proved_to_change_nothing_is_what_a_reader_can_follow() -> None:
    assert [f"{e.mutant}".split(": ", 1)[1] for e in mutated(FOOD).equivalent] == [
        "condition dropped: one condition of `all` is left out",
        "threshold: `at-most: 15` becomes `20`",
        "condition dropped: one condition of `all` is left out",
        "threshold: `at-most: 30` becomes `35`",
        "condition dropped: one condition of `all` is left out",
        "threshold: `at-most: 40` becomes `45`",
    ]


def test_the_food_proofs_agree_with_every_inspection_there_is() -> None:
    pack = pack_of(FOOD)
    series = [(*map(Decimal, s.values), None) for s in pack.series.values()]
    names = list(pack.series)
    proved = [e.mutant for e in mutated(FOOD).equivalent]
    assert proved
    for one in series[0]:
        for two in series[1]:
            for three in series[2]:
                scores = dict(zip(names, (one, two, three), strict=True))
                figures = {
                    name: {"own": "missing" if v is None else v} for name, v in scores.items()
                }
                lines = ", ".join(f"{n}: {{own: {f['own']}}}" for n, f in figures.items())
                text = (
                    f"  - {{id: a, given: {{figures: {{{lines}}}}},"
                    ' expect: {judgments: {food-hygiene-rating: "5"}}, because: all}\n'
                )
                case = case_of(written_file([text]), "x", pack)
                grade = concluded_anew(case, pack).judgments
                for mutant in proved:
                    assert concluded_anew(case, mutant.pack).judgments == grade


@pytest.mark.parametrize("number", range(0, 633, 37))
def test_a_case_to_paste_in_passes_on_the_pack_and_fails_on_the_change(number: int) -> None:
    """As if the pack had no cases at all, of changes of every sort."""
    pack, mutant = pack_of(PEEL), every(PEEL)[number]
    apart = told_apart(pack, mutant)
    if mutant.operator == "silence":
        assert isinstance(apart, NotFound)
        return
    if isinstance(apart, Proof):
        assert (mutant.operator, number) == ("role", 629)
        return
    assert isinstance(apart, Witness)
    pasted = case_for(pack, mutant, apart)
    assert pasted is not None
    case = case_of(written_file([pasted.text]), "pasted", pack)
    assert passes(case, pack)
    assert not passes(case, mutant.pack)
    assert Noticing(pack, [case]).noticed_by(mutant) == case


def test_what_only_files_could_show_is_not_proved_to_change_nothing() -> None:
    """Silence counts as met here, so that no observation of fieldwork alone tells them apart."""
    pack = pack_of(PEEL)
    (mutant,) = [
        m
        for m in every(PEEL)
        if m.place.file.endswith("investigating-crime.yaml")
        and m.place.line == pack.rules["call-assessment.meets"].place.line + 1
        and m.says == "`excluding: {effect: none-seen}` is left out"
    ]
    apart = told_apart(pack, mutant)
    assert isinstance(apart, Witness)
    pasted = case_for(pack, mutant, apart)
    assert pasted is not None
    assert "kind: file-review" in pasted.text
    assert Noticing(pack, [pasted.case]).noticed_by(mutant) == pasted.case


def test_a_case_to_paste_in_may_expect_an_interval() -> None:
    pack = pack_of(PEEL)
    says = "`at-least-share` asks for 1 in place of 2"
    (mutant, *_) = [m for m in every(PEEL) if m.says == says]
    apart = told_apart(pack, mutant)
    assert isinstance(apart, Witness)
    pasted = case_for(pack, mutant, apart)
    assert pasted is not None
    assert "judgments: {actions-that-prevent: [requires-improvement, good]}" in pasted.text


# Random packs: what is proved holds of random inspections, and quick ways agree with slow ones


def seen_by(pack: Pack, facts: Facts) -> Facts:
    """The facts with records and figures as an inspection can have them."""
    roles = Roles(pack)
    kinds = {"fieldwork": "fieldwork", "documents": "fieldwork"}

    def record(one: RecordFact) -> RecordFact | None:
        kind = kinds.get(one.standing.kind, "file-review")
        standing = roles.of("fieldwork" if kind == "fieldwork" else "file-review")
        known = standing.role in {"deciding", "corroborating", "indicative"}
        if one.supports:  # what supports is neither severe nor mitigated
            levels = {scale: rank for scale, rank in one.levels.items() if scale != "severity"}
            one = replace(one, levels=levels, mitigated=False)
        return replace(one, standing=standing) if known else None

    records = {
        topic: tuple(r for one in some if (r := record(one)) is not None)
        for topic, some in facts.records.items()
    }
    indicators: dict[str, IndicatorFact] = {}
    for name, fact in facts.indicators.items():
        found = range_of(pack, name)
        value = fact.value
        low = isinstance(value, Decimal) and found.least is not None and value < found.least
        high = isinstance(value, Decimal) and found.greatest is not None and value > found.greatest
        if isinstance(value, str) and value not in BANDS:
            value = BANDS[len(value) % len(BANDS)]
        if not low and not high:
            indicators[name] = replace(
                fact, value=value, way=roles.of_indicator(pack.indicators[name])
            )
    return replace(facts, records=records, indicators=indicators)


def concluded(pack: Pack, facts: Facts) -> Mapping[str, Any]:
    truths = by_definition(pack, facts)
    bites = {
        limiter.rule: truths[0][limiter.rule].settled
        for placed in pack.limiters.values()
        for limiter in placed
    }
    final = truths[1]
    settled = {rule: verdict.settled for rule, verdict in truths[0].items()}
    judged = [o for o in final.judgments if rungs(pack, o) and o not in facts.judgments]
    return {
        "provisional": {owner: provisional(pack, owner, settled) for owner in judged},
        "outcomes": final.outcomes,
        "findings": final.findings,
        "judgments": final.judgments,
        "limiters": bites,
    }


def with_some_withdrawn(facts: Facts) -> Iterator[Facts]:
    """The facts, and the same where an earlier finding on each topic is withdrawn."""
    yield facts
    if facts.previous:
        some = {
            topic: ((found[0][0], WITHDRAWN), *found[1:]) for topic, found in facts.previous.items()
        }
        yield replace(facts, previous=some)


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(max_examples=100, phases=[Phase.generate])
@given(cases(facts=12, questions=1, criteria=2, depth=2, alone=True), st.integers(0, 10_000))
def test_what_is_proved_to_change_nothing_changes_nothing(case: Case, number: int) -> None:
    """Of inspections in which all is known and of those in which much is open."""
    changes = mutants(case.pack, NO_DOCUMENT, None)
    assume(changes)
    mutant = changes[number % len(changes)]
    apart = told_apart(case.pack, mutant)
    if isinstance(apart, Proof):
        for facts in (part for each in case.facts for part in with_some_withdrawn(each)):
            seen, other = (seen_by(pack, facts) for pack in (case.pack, mutant.pack))
            assert concluded(case.pack, seen) == concluded(mutant.pack, other)
    elif isinstance(apart, Witness):
        pasted = case_for(case.pack, mutant, apart)
        if pasted is not None:  # what only earlier findings counted twice could show has none
            assert passes(pasted.case, case.pack)
            assert not passes(pasted.case, mutant.pack)


def in_part(facts: Facts) -> tuple[Facts, ...]:
    """The facts, and the same with each of their records withdrawn, open or mitigated."""
    found = [facts, replace(facts, concluded=frozenset()), replace(facts, previous=None)]
    for topic, records in facts.records.items():
        first, *rest = records
        for other in (
            replace(first, withdrawn=True),
            replace(first, open=True),
            replace(first, mitigated=True),
        ):
            found.append(replace(facts, records={**facts.records, topic: (other, *rest)}))
    return tuple(found)


@settings(max_examples=15)
@given(cases(facts=2, questions=1, criteria=2, depth=2))
def test_what_a_changed_pack_comes_to_is_worked_out_from_what_the_pack_came_to(case: Case) -> None:
    changes = [m for m in mutants(case.pack, NO_DOCUMENT, None) if m.rules]
    views = Views(case.pack, case.facts)
    for mutant in changes[:: max(1, len(changes) // 8)]:
        for n, facts in enumerate(case.facts):
            fired = views.fired(n, mutant.pack, mutant.rules)
            assert (fired.verdicts, fired.facts) == by_definition(mutant.pack, facts)


@settings(max_examples=15)
@given(cases(facts=2, questions=1, criteria=2, depth=2))
def test_inspections_that_look_alike_to_a_rule_come_to_the_same_by_it(case: Case) -> None:
    every_facts = [part for facts in case.facts for part in in_part(facts)]
    views = Views(case.pack, every_facts)
    verdicts = [by_definition(case.pack, facts)[0] for facts in every_facts]
    for rule in case.pack.rules.values():
        among = views.alike(rule)
        assert sorted(n for alike in among for n in alike.numbers) == list(range(len(verdicts)))
        for alike in among:
            assert len({verdicts[n][rule.id] for n in alike.numbers}) == 1


def test_a_case_is_named_for_its_change_in_words_that_a_file_can_have() -> None:
    for mutant in every(PEEL):
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name_of(mutant))
