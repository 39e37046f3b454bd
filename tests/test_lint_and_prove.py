"""Lint and the proof look at the same states, each in its own way: neither denies what the other finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.judge.completions import TooMany
from grading.judge.groups import Group
from grading.policy.lint.criteria_states import OPEN, Looked, looked_at
from grading.policy.lint.ladder_states import Graded
from grading.policy.lint.ladder_states import graded as lint_graded
from grading.policy.proof import evidence_states
from grading.policy.proof.asks import Parting
from grading.policy.proof.ladders import reachable
from grading.policy.proof.looking import Looking
from grading.policy.proof.order import better_never_lower
from grading.policy.proof.prove import graded
from grading.policy.proof.readings import OPEN as OPEN_GRADE
from grading.policy.proof.relevance import criteria_of, matters
from grading.policy.proof.sides import one_side
from grading.rules.loaded import Pack
from grading.rules.stages import rungs
from tests.packs import Case, cases
from tests.proving import FAULTS, library
from tests.test_prove import RANDOM

SEEN: Counter[str] = Counter()
Found = dict[str, set[str]]


def by_lint(judgment: Graded) -> Found:
    """The rungs and limiters of a judgment that lint says do nothing, and its idle criteria."""
    states, pack, owner = judgment.states, judgment.states.ladder.pack, judgment.states.ladder.owner
    limiters = {x.id: x.rule for x in pack.limiters.get(owner, ())}
    rules = {rule.id: rule for rule in states.ladder.rules}
    seen = {name for part in judgment.parts if part.kind == "criteria" for name in part.names}
    return {
        "rungs": {grade for grade in rungs(pack, owner) if grade not in states.reached},
        "limiters": {
            name for name, rule in limiters.items() if not states.differs(rules[rule], None)
        },
        "criteria": {
            criterion
            for part in judgment.parts
            if part.kind == "criteria"
            for n, criterion in enumerate(part.names)
            if not states.matters(part.adds, n)
        }
        | (set(criteria_of(pack, judgment.owner)) - seen),
        "lowered": {"lowered" for part in judgment.parts if states.worse(part.adds)},
    }


def by_proof(looking: Looking) -> Found:
    """The same by the proof."""
    dead = [f for f in reachable(looking).failures if f.why != "always held down"]
    idle = matters(looking).failures
    return {
        "rungs": {f.about for f in dead if f.kind == "rung"},
        "limiters": {f.about for f in dead if f.kind == "limiter"},
        "criteria": {f.about for f in idle if f.kind == "criterion"},
        "lowered": {"lowered" for _ in better_never_lower(looking).failures},
    }


def is_withheld(looked: Mapping[Group, Looked]) -> bool:
    """Whether some evidence may not carry what it shows by itself.

    Lint says that a conclusion on it is never drawn, and the proof that people may draw it.
    """
    return any(
        (len(among) > 1 and among != OPEN) or None in chain(*state.findings)
        for found in looked.values()
        for state in found.states
        for among in state.outcomes
        if all(value is not None for _, value in state.example.figures)
    )


def compared(pack: Pack) -> None:
    """What lint says of each judgment against what the proof says of it."""
    looked = looked_at(pack)
    if is_withheld(looked):
        return
    lints = {judgment.owner: judgment for judgment in lint_graded(pack, looked)}
    parting = Parting(one_side(pack))
    judged: dict[str, list[tuple[str | None, ...]]] = {}
    for owner, _ in graded(pack):
        try:
            looking = Looking(parting, owner, judged)
        except TooMany:
            return
        grades = dict.fromkeys(seen.reading.grade for seen in looking.every)
        settled = [(grade,) for grade in grades if grade in pack.grades]
        judged[owner] = [*settled] or [(grade,) for grade in rungs(pack, owner)]
        if OPEN_GRADE in grades:
            break  # what counts this judgment counts it with any grade in the proof
        if not lints[owner].every:
            continue
        lint, proof = by_lint(lints[owner]), by_proof(looking)
        free = len(looking.asks.shared.of) == 1
        for what in ("rungs", "limiters", "criteria"):
            # of states that lint takes for possible and that are not, it may say less
            assert lint[what] <= proof[what], (owner, what, lint, proof)
            if free:
                assert lint[what] == proof[what], (owner, what, lint, proof)
            SEEN[what] += len(lint[what])
        if free:
            assert lint["lowered"] == proof["lowered"], (owner, lint, proof)
        SEEN["lowered"] += len(lint["lowered"])


@pytest.mark.parametrize("fault", [*FAULTS, "none"])
def test_of_each_faulty_pack_lint_and_the_proof_say_the_same(fault: str) -> None:
    compared(library(FAULTS.get(fault, ())))


@RANDOM
@given(st.booleans().flatmap(lambda alone: cases(0, 2, 2, 1, alone=alone)))
def agrees(case: Case) -> None:
    compared(case.pack)


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
def test_of_random_packs_lint_and_the_proof_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    SEEN.clear()
    monkeypatch.setattr(evidence_states, "MOST_LED_TO", 1000)
    agrees()
    assert all(SEEN[what] > 3 for what in ("rungs", "limiters", "criteria", "lowered")), SEEN
