"""The smallest sets of changes that move a grade: all of them, and no others."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from grading.commands.common import load
from grading.explain.flips import Flip, flips, lowers, raises
from grading.explain.moves import Change, Option
from grading.explain.variables import To, Variable
from grading.judge.judging import Judging
from grading.judge.method import grade, program_of
from grading.judge.position import Position, position, position_of
from grading.judge.states import State
from grading.rules.stages import by_definition
from tests.free import Free, Set
from tests.packs import Case, cases

ROOT = Path(__file__).parent.parent
DURHAM = "peel-effectiveness-2016/durham"
FORCE = "peel-effectiveness-2016/example-force"
KETTLE = "food-hygiene/the-copper-kettle"
RANDOM = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
SEEN: list[tuple[int, int]] = []


def sets(found: tuple[Flip, ...]) -> set[Set]:
    every = [changes for flip in found for changes in flip.sets()]
    assert len(every) == len(set(every))  # nothing is told twice
    return set(every)


@settings(RANDOM, max_examples=30)
@given(st.booleans().flatmap(lambda alone: cases(1, 2, 2, 2, alone=alone)))
def agrees(case: Case) -> None:
    (facts,) = case.facts
    position = position_of(case.pack, facts)
    free = Free(case.pack, facts, position.reachable)
    assume(sum(map(len, free.could().values())) < 60)
    for judgment in position.graded:
        for most in (1, 2):
            raising, lowering = free.smallest(judgment, most)
            found = flips(position, judgment, most)
            assert sets(found.raising) == raising
            assert sets(found.lowering) == lowering
            for flip in (*found.raising, *found.lowering):
                for changes in flip.sets():
                    grades = free.grades(judgment, dict(changes))
                    assert set(flip.grades) == grades
        SEEN.append((len(raising), len(lowering)))


def test_every_smallest_set_of_one_or_two_changes_is_found_and_no_other() -> None:
    SEEN.clear()
    agrees()
    assert sum(raising + lowering > 0 for raising, lowering in SEEN) >= 12


@pytest.mark.parametrize(
    ("before", "after", "raised", "lowered"),
    [
        ("g", "g", False, False),
        ("g", "o", True, False),
        ("g", "r", False, True),
        ("gr", "g", True, False),  # the worst is better, and the best is as it was
        ("gr", "r", False, True),
        ("g", "gr", False, False),  # it may be lower, and may not
        ("g", "og", False, False),
        ("gr", "og", True, False),
        ("og", "gr", False, True),
        ("or", "g", False, False),
    ],
)
def test_what_it_is_to_raise_and_to_lower_where_several_grades_are_possible(
    before: str, after: str, raised: bool, lowered: bool
) -> None:
    pack = at(DURHAM).pack
    grades = {grade[0]: grade for grade in pack.grades}
    was, is_ = (frozenset(grades[letter] for letter in word) for word in (before, after))
    assert (raises(pack, was, is_), lowers(pack, was, is_)) == (raised, lowered)


# by hand


def at(folder: str) -> Position:
    evidence, pack = load(ROOT / "evidence" / folder)
    return position(grade(evidence, program_of(pack)))


def outcome(to: To) -> str:
    """The outcome of a criterion, `!` with a cause of concern and `!!` where it fails as a whole."""
    if not isinstance(to, State):
        return str(to)
    said = " or ".join(sorted(to.outcomes[0]))
    return said + "!" * bool(to.findings[0][2]) + "!" * any(verdict.truth for verdict in to.shown)


def told(flip: Flip) -> tuple[str, ...]:
    """The grades, and each change as how many of which variables go to what."""

    def one(change: Change) -> str:
        names = ", ".join("/".join(option.variable.names) for option in change.options)
        to = dict.fromkeys(outcome(state) for o in change.options for state in o.to)
        return f"{change.number} of {names}: {', '.join(to)}"

    return ("/".join(flip.grades), *map(one, flip.changes))


def test_the_smallest_sets_of_changes_of_durham_by_hand() -> None:
    """Read against the ladder: any two core criteria below the standard, or one of them gravely.

    The five core criteria of investigating crime are the only ones that move it. What else would be
    needed for outstanding is more than two changes: two limiters hold, and only three criteria exceed.
    """
    found = flips(at(DURHAM), "investigating-crime", 2)
    core = (
        "outcomes, initial-investigation, investigation-quality, victim-care, offender-management"
    )
    assert found.raising == ()
    assert list(map(told, found.lowering)) == [
        ("requires-improvement", f"1 of {core}: falls-short!, conflicted!"),
        ("inadequate", f"1 of {core}: falls-short!!, conflicted!!"),
        ("requires-improvement", f"2 of {core}: falls-short, conflicted"),
    ]
    assert (found.grades, found.complete) == (("good",), True)


def test_how_many_sets_of_changes_were_looked_at() -> None:
    """Read: 17 criteria, each with so many other states, and an earlier finding with three."""
    position = at(DURHAM)
    found = flips(position, "investigating-crime", 2)
    numbers = [
        sum(state != position.states[group] for state in position.reachable[group].states)
        for group in Judging(position, "investigating-crime").groups
    ]
    assert len(numbers) == 17
    pairs = sum(a * b for a, b in combinations([*numbers, 3], 2))
    assert found.looked_at == (sum(numbers) + 3, pairs) == (109, 5579)


def test_to_raise_the_grade_of_durhams_investigations_takes_four_changes() -> None:
    """Read: a fourth of five core criteria exceeds, both conflicts and the open area are settled."""
    position = at(DURHAM)
    assert flips(position, "investigating-crime", 3).raising == ()
    assert list(map(told, flips(position, "investigating-crime", 4).raising)) == [
        (
            "outstanding",
            "1 of initial-investigation, investigation-quality: exceeds",
            "2 of prompt-attendance, digital-evidence: meets, exceeds",
            "1 of digital-forensics: resolved, partly-resolved, not-known",
        )
    ]


def test_the_smallest_sets_of_changes_of_a_body_with_everything_by_hand() -> None:
    """Read: two core criteria conflict, a third has a cause of concern, a judgment is carried forward."""
    position = at(FORCE)
    investigating = (
        "outcomes, initial-investigation, investigation-quality, victim-care, offender-management"
    )
    found = flips(position, "investigating-crime", 2)
    assert list(map(told, found.raising)) == [
        (
            "good",
            "1 of initial-investigation, investigation-quality: meets or unknown, meets, exceeds",
        )
    ]
    assert list(map(told, found.lowering)) == [
        ("inadequate", f"1 of {investigating}: falls-short!!, conflicted!!"),
        ("inadequate", f"2 of {investigating}: falls-short!, conflicted!"),
    ]
    (raised,) = flips(position, "protecting-vulnerable-people", 1).raising
    assert told(raised)[1].startswith(
        "1 of response-to-vulnerable: meets or unknown, meets, exceeds"
    )
    # without what people changed, which would be held
    facts = replace(position.facts, moves={})
    free = replace(position, facts=facts, final=by_definition(position.pack, facts)[1])
    overall = flips(free, "overall", 1)
    assert flips(position, "overall", 1).raising == ()
    assert [told(flip)[0] for flip in overall.raising] == ["good"]
    assert overall.lowering == ()
    (change,) = overall.raising[0].changes
    assert [option.variable.names for option in change.options] == [
        ("initial-investigation",),
        ("investigation-quality",),
        ("response-to-vulnerable",),
    ]


def test_a_judgment_carried_forward_could_have_been_another() -> None:
    position = at(FORCE)
    found = flips(position, "serious-and-organised-crime", 2)
    assert [told(flip) for flip in (*found.raising, *found.lowering)] == [
        ("outstanding", "1 of serious-and-organised-crime: outstanding"),
        ("requires-improvement", "1 of serious-and-organised-crime: requires-improvement"),
        ("inadequate", "1 of serious-and-organised-crime: inadequate"),
    ]
    assert found.looked_at == (3, 0)
    carried = Variable("judgment", ("serious-and-organised-crime",))
    overall = flips(position, "overall", 2)
    assert sum(carried in dict(some) for flip in overall.lowering for some in flip.sets()) > 0


@pytest.mark.parametrize("folder", [DURHAM, FORCE])
def test_every_change_that_is_told_is_needed(folder: str) -> None:
    """Of each set the whole moves the grade by definition, and no part of it does so."""
    position = at(folder)
    free = Free(position.pack, position.facts, position.reachable)
    for judgment in position.pack.graded:
        found = flips(position, judgment, 2)
        for flip, moves in [(f, raises) for f in found.raising] + [
            (f, lowers) for f in found.lowering
        ]:
            changes = next(flip.sets())
            now = position.final.judgments[judgment]
            assert moves(position.pack, now, free.grades(judgment, dict(changes)))
            for size in range(len(changes)):
                for part in combinations(changes, size):
                    assert not moves(position.pack, now, free.grades(judgment, dict(part)))


# figures


def rating(hygiene: int, structural: int, confidence: int) -> int:
    """The rating of the food hygiene scheme as it is published, by the total and the worst score."""
    total, worst = hygiene + structural + confidence, max(hygiene, structural, confidence)
    for stars, highest, worst_allowed in (
        (5, 15, 5),
        (4, 20, 10),
        (3, 30, 10),
        (2, 40, 15),
        (1, 50, 20),
    ):
        if total <= highest and worst <= worst_allowed:
            return stars
    return 0


def test_the_smallest_sets_of_other_scores_are_those_of_the_published_arithmetic() -> None:
    """The café has 0, 10 and 5, a rating of 4; all other scores are tried, up to three at once."""
    scores = {
        "hygiene": (0, 5, 10, 15, 20, 25),
        "structural": (0, 5, 10, 15, 20, 25),
        "confidence-in-management": (0, 5, 10, 20, 30),
    }
    now = {"hygiene": 0, "structural": 10, "confidence-in-management": 5}
    moved: dict[int, set[frozenset[tuple[str, int]]]] = {1: set(), -1: set()}
    for size in (1, 2, 3):
        for names in combinations(scores, size):
            for values in product(*(scores[name] for name in names)):
                changes = frozenset(zip(names, values, strict=True))
                if any(now[name] == value for name, value in changes):
                    continue
                way = rating(*{**now, **dict(changes)}.values()) - 4
                for sign in (1, -1):
                    parts = (set(p) for n in range(1, size) for p in combinations(changes, n))
                    smaller = any(frozenset(part) in moved[sign] for part in parts)
                    if way * sign > 0 and not smaller:
                        moved[sign].add(changes)
    found = flips(at(KETTLE), "food-hygiene-rating", 3)

    def scored(flips_: tuple[Flip, ...]) -> set[frozenset[tuple[str, int]]]:
        return {
            frozenset(
                (variable.names[0], int(to)) for variable, to in some if isinstance(to, Decimal)
            )
            for some in sets(flips_)
        }

    assert found.complete
    assert scored(found.raising) == moved[1]
    assert scored(found.lowering) == moved[-1]
    assert (len(moved[1]), len(moved[-1])) == (2, 10)


def test_the_smallest_changes_of_the_scores_by_hand() -> None:
    found = flips(at(KETTLE), "food-hygiene-rating", 2)
    assert found.raising == (
        Flip(
            (Change(1, (Option(series("structural"), Decimal(10), (Decimal(0), Decimal(5))),)),),
            ("5",),
        ),
    )
    assert [told(flip) for flip in found.lowering][-1] == (
        "3",
        "1 of hygiene: 5",
        "1 of confidence-in-management: 10",
    )


def series(name: str) -> Variable:
    return Variable("series", (name,))


def test_what_cannot_be_looked_at_whole_is_said_to_be_incomplete() -> None:
    """Two scores of a sum, of which any number is possible: no list holds all pairs of them."""
    position = at(KETTLE)
    unlisted = {
        name: s.model_copy(update={"values": ()}) for name, s in position.pack.series.items()
    }
    pack = replace(position.pack, series=unlisted)
    found = [
        flips(
            Position(pack, position.facts, position.final, position.bases), "food-hygiene-rating", n
        )
        for n in (1, 2)
    ]
    assert [flips_.complete for flips_ in found] == [True, False]
    (raising,) = found[0].raising
    assert told(raising) == ("5", "1 of structural: 4, 5")  # 4 stands for all below 5


def test_a_question_that_the_inspection_does_not_grade_is_nothing_that_could_change() -> None:
    position = at(FORCE)
    said = {"serious-and-organised-crime": frozenset({"ungraded"})}
    found = flips(position_of(position.pack, replace(position.facts, judgments=said)), "overall", 1)
    flips_ = (*found.raising, *found.lowering)
    names = {o.variable.names for f in flips_ for c in f.changes for o in c.options}
    assert ("serious-and-organised-crime",) not in names
    assert (
        "serious-and-organised-crime"
        not in position_of(position.pack, replace(position.facts, judgments=said)).graded
    )
