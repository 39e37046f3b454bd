"""The engine and the definition say the same of every rule, on random packs and random facts."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from grading.engine.run import run_checked
from grading.rules.rule import STAGES
from grading.rules.stages import by_definition
from tests.packs import Case, cases, program

EXAMPLES, FACTS, DISTINCT_PACKS, PAIRS = 350, 5, 200, 1200
RANDOM = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize(
    "generated",
    [
        pytest.param(cases(FACTS, questions=1, criteria=3, depth=3), id="one deep question"),
        pytest.param(cases(FACTS, questions=3, criteria=4, depth=2), id="several questions"),
    ],
)
def test_the_engine_says_of_every_rule_what_the_definition_says(
    generated: SearchStrategy[Case],
) -> None:
    packs: set[str] = set()
    seen: Counter[str] = Counter()

    @RANDOM
    @given(generated)
    def agrees(case: Case) -> None:
        packs.add(case.pack.digest)
        with program(case.pack) as compiled:
            for facts in case.facts:
                fired = run_checked(compiled, facts)
                assert (fired.verdicts, fired.facts) == by_definition(case.pack, facts)
                seen["pairs"] += 1
                seen.update(
                    f"{case.pack.rules[rule].stage} withheld"
                    if verdict.withheld
                    else f"{case.pack.rules[rule].stage} {verdict.truth}"
                    for rule, verdict in fired.verdicts.items()
                )

    agrees()
    assert len(packs) >= DISTINCT_PACKS
    assert seen["pairs"] >= PAIRS
    # what was compared was worth comparing: every stage had rules of every truth
    assert [
        (stage, truth)
        for stage in STAGES
        for truth in ("True", "False", "None", "withheld")
        if seen[f"{stage} {truth}"] < 10
    ] == []


def test_the_engine_fires_the_same_whatever_the_order_of_records_and_indicators() -> None:
    firings: set[int] = set()

    @settings(RANDOM, max_examples=40)
    @given(cases(2, questions=2, criteria=3, depth=2))
    def same(case: Case) -> None:
        with program(case.pack) as compiled:
            for facts in case.facts:
                backwards = type(facts)(
                    records={t: r[::-1] for t, r in reversed([*facts.records.items()])},
                    concluded=facts.concluded,
                    indicators=dict(reversed([*facts.indicators.items()])),
                    previous=facts.previous,
                    judgments=dict(reversed([*facts.judgments.items()])),
                )
                one, other = run_checked(compiled, facts), run_checked(compiled, backwards)
                assert sorted(map(str, one.firings)) == sorted(map(str, other.firings))
                assert one.verdicts == other.verdicts
                assert one.facts.outcomes == other.facts.outcomes
                assert one.facts.findings == other.facts.findings
                assert one.facts.judgments == other.facts.judgments
                firings.add(len(one.firings))

    same()
    assert max(firings) > 20
