"""What the shorthand of cases stands for: found once, and the same for every case that it serves."""

from __future__ import annotations

from typing import get_args

from hypothesis import given, settings

from grading.policy.given import Given, Wanted
from grading.policy.lines import Lines
from grading.policy.smallest import Shorthand
from grading.rules.facts import Facts
from grading.rules.loaded import Pack
from grading.source import Document
from tests.packs import Case, cases


def stands_for(shorthand: Shorthand, written: Given, facts: Facts) -> tuple[object, list[str]]:
    lines = Lines(Document("cases/a.yaml", {}, {}, {}), (), [])
    observations = shorthand.observations(written, facts, lines)
    return observations, [problem.message for problem in lines.problems]


def every_given(pack: Pack) -> list[Given]:
    return [
        Given.model_validate({"criteria": {criterion: wanted}, "coverage": coverage})
        for criterion in pack.criteria
        for wanted in get_args(Wanted)
        for coverage in ("full", "published-summary")
    ]


@settings(max_examples=60)
@given(cases(facts=3, questions=1, criteria=2, depth=2))
def test_what_was_found_for_one_case_serves_another_only_if_the_criterion_sees_the_same(
    case: Case,
) -> None:
    shorthand = Shorthand(case.pack)
    for written in every_given(case.pack):
        for facts in (*case.facts, *reversed(case.facts)):
            alone = stands_for(Shorthand(case.pack), written, facts)
            assert stands_for(shorthand, written, facts) == alone
