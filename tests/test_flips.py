"""The smallest sets of changes that move a grade: all of them, and no others."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings

from grading.explain.flips import Flip, flips
from grading.judge.position import position_of
from tests.free import Free, Set
from tests.packs import Case, cases

RANDOM = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def sets(found: tuple[Flip, ...]) -> set[Set]:
    every = [changes for flip in found for changes in flip.sets()]
    assert len(every) == len(set(every))  # nothing is told twice
    return set(every)


SEEN: list[tuple[int, int]] = []


@settings(RANDOM, max_examples=40)
@given(cases(facts=1, questions=2, criteria=2, depth=2))
def agrees(case: Case) -> None:
    position = position_of(case.pack, case.facts[0])
    free = Free(case.pack, case.facts[0], position.reachable)
    assume(sum(map(len, free.could().values())) < 120)
    for judgment in position.graded:
        raising, lowering = free.smallest(judgment, 2)
        found = flips(position, judgment, 2)
        assert sets(found.raising) == raising
        assert sets(found.lowering) == lowering
        SEEN.append((len(raising), len(lowering)))


def test_every_smallest_set_of_one_or_two_changes_is_found_and_no_other() -> None:
    SEEN.clear()
    agrees()
    print(SEEN)
