"""What follows from what, by hand; what cases try, against the definition; roles that keep a condition."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading.policy.cases import PlacedCase, load_cases
from grading.policy.lint.implied import excludes, implies
from grading.policy.lint.tried import Tried, tried
from grading.problems import Place
from grading.rules.definition import asked
from grading.rules.load import load_pack
from grading.rules.loaded import Pack
from grading.rules.rule import Count, Node, Sought, leaves
from grading.rules.stages import by_definition
from tests.lint_packs import BASE, Edit, edited, linted

PACK = load_pack(BASE)
RULES = Path(__file__).parent.parent / "rules"
AT = Place("pack.yaml", 1)
CRITERIA = ("choice", "waiting", "advice")


def count(fewest: int, most: int, *states: str, of: tuple[str, ...] = CRITERIA) -> Count:
    """So many criteria in one of these states."""
    return Count(AT, "outcomes", of, states or ("meets",), fewest, most)


def sought(shown: dict[str, int], excluded: dict[str, int] | None = None) -> Sought:
    """Something in favour of the choice, with these levels."""
    given = tuple((excluded or {}).items())
    return Sought(AT, True, ("choice",), tuple(shown.items()), given, False)


@pytest.mark.parametrize(
    ("a", "b", "follows"),
    [
        (count(2, 3), count(1, 3), True),
        (count(1, 3), count(2, 3), False),
        (count(1, 2), count(1, 3), True),
        (count(1, 3), count(1, 2), False),
        (count(1, 3), count(1, 3, "meets", "exceeds"), True),
        (count(1, 3, "meets", "exceeds"), count(1, 3), False),
        (count(0, 1, "meets", "exceeds"), count(0, 1), True),
        (count(0, 1), count(0, 1, "meets", "exceeds"), False),
        (count(1, 1, of=CRITERIA[:1]), count(1, 3), True),
        (count(0, 0), count(0, 0, of=CRITERIA[:1]), True),
        (count(1, 3), count(1, 1, of=CRITERIA[:1]), False),
        (sought({"extent": 3}), sought({"extent": 2}), True),
        (sought({"extent": 2}), sought({"extent": 3}), False),
        (sought({"extent": 3}), sought({}), True),
        (sought({}), sought({"extent": 1}), False),
        (sought({"extent": 2}), sought({}, {"extent": 1}), True),
        (sought({"extent": 2}), sought({}, {"extent": 2}), False),
        (sought({}, {"extent": 2}), sought({}, {"extent": 1}), True),
        (sought({}, {"extent": 1}), sought({}, {"extent": 2}), False),
        (sought({"extent": 1}, {"extent": 1}), sought({"extent": 2}), True),
        (sought({}, {"extent": 1}), sought({"extent": 2}), False),
    ],
)
def test_what_follows_from_a_count_or_from_levels(a: Node, b: Node, follows: bool) -> None:
    assert implies(PACK, a, b) is follows


@pytest.mark.parametrize(
    ("a", "b", "never"),
    [
        (count(2, 3), count(0, 1), True),
        (count(1, 3), count(0, 1), False),
        (count(0, 0), count(3, 3), True),
        (count(2, 3), count(0, 1, of=CRITERIA[:2]), False),
    ],
)
def test_counts_that_exclude_each_other(a: Node, b: Node, never: bool) -> None:
    assert excludes(PACK, a, b) is never
    assert excludes(PACK, b, a) is never


@pytest.mark.parametrize("folder", [BASE, RULES / "food-hygiene"], ids=lambda path: path.name)
def test_what_cases_try_is_what_the_definition_says_of_them(folder: Path) -> None:
    pack = load_pack(folder)
    every = load_cases(folder, pack)
    assert tried(pack, every) == by_the_definition(pack, every)
    for case in every:
        assert tried(pack, [case]) == by_the_definition(pack, (case,)), case.id
    assert tried(pack, []) == Tried()


def by_the_definition(pack: Pack, cases: tuple[PlacedCase, ...]) -> Tried:
    """What every condition comes to in the cases, asked one by one."""
    rules, told, values = set(), set(), set()
    for case in cases:
        facts = case.stand.derivation(pack).facts
        verdicts, final = by_definition(pack, facts)
        for name, rule in pack.rules.items():
            rules.add((rule.place, verdicts[name].settled))
            told |= {(leaf.place, asked(leaf, final).settled) for leaf in leaves(rule.body)}
        values |= {
            (n, f.value) for n, f in facts.indicators.items() if not isinstance(f.value, str)
        }
    return Tried(frozenset(rules), frozenset(told), frozenset(values))


TWICE = Edit(
    "pack.yaml",
    "        - {observed: {extent: all, effect: seen}}",
    "        - {observed: {extent: all, effect: seen}}\n        - {observed: {extent: most}}",
)


def test_a_wider_condition_beside_a_narrower_is_needless_where_all_records_weigh_alike() -> None:
    assert [p.code for p in linted(edited([TWICE])).open] == ["L106"]


def test_it_is_not_where_it_may_bring_a_deciding_kind_to_a_corroborating_one() -> None:
    roles = Edit("pack.yaml", "metric: deciding,", "metric: deciding, file-review: corroborating,")
    assert linted(edited([TWICE, roles])).open == ()
