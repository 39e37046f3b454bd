"""Each rule of method has a test or case named after it, which fails when the rule is broken."""

from __future__ import annotations

import re
from functools import cache

import pytest

from tests.breaking import Fault, arguments, broken, cases, failure, named_tests
from tests.method_rules import RULES

EVERY = [(number, fault) for number, rule in RULES.items() for fault in rule.faults]


@pytest.mark.parametrize(
    ("number", "fault"), EVERY, ids=[f"rule {number}, {fault.says}" for number, fault in EVERY]
)
def test_the_test_named_after_a_rule_fails_when_the_rule_is_broken(
    number: int, fault: Fault
) -> None:
    assert without_fault(fault.seen_by) == ""
    with broken(fault):
        assert failure(fault.seen_by) != "", f"{fault.seen_by} does not see: {RULES[number].says}"


def test_each_of_fifty_rules_has_a_fault_and_a_test_or_case_that_bears_its_number() -> None:
    assert list(RULES) == list(range(1, 51))
    assert [number for number, rule in RULES.items() if not rule.faults] == []
    assert [(n, f.seen_by) for n, f in EVERY if n not in numbers(f.seen_by)] == []


def test_each_test_and_case_named_after_a_rule_sees_a_fault() -> None:
    seen = {fault.seen_by.partition("[")[0] for _, fault in EVERY}
    assert sorted(set(named_tests()) - seen) == []
    assert sorted({name for name in cases() if numbers(name)} - seen) == []


@cache
def without_fault(name: str) -> str:
    """What the test or case says where nothing is broken: nothing."""
    return failure(name)


def numbers(name: str) -> set[int]:
    """The numbers of the rules that a test or case is named after; none where there is none such."""
    if name.startswith("test_"):
        assert arguments(name), name
        found = re.match(r"test_rules?(?:_(?:and_)?\d+)+_", name)
        return {int(n) for n in re.findall(r"\d+", found[0])} if found else set()
    because = re.search(r"because: \"([\d, and]+): ", cases().get(name, ""))
    return {int(n) for n in re.findall(r"\d+", because[1])} if because else set()
