"""The wall holds against what durable_rules is known to do wrong."""

from __future__ import annotations

import locale
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.engine import shapes
from grading.engine.limits import MOST_OPEN
from grading.engine.shapes import (
    EngineFault,
    EngineRule,
    Fact,
    Operator,
    Pattern,
    TooLarge,
    Value,
    matches,
)
from grading.engine.wall import Close, Compiled, Firing, Session, compile_rules, fire, release
from grading.engine.written import fnv
from grading.rules.facts import Standing

RANDOM = settings(deadline=None, derandomize=True, database=None)
OPERATORS: Mapping[Operator, str] = {
    "==": "eq",
    "!=": "ne",
    "<": "lt",
    "<=": "le",
    ">": "gt",
    ">=": "ge",
}


@contextmanager
def compiled(*rules: EngineRule) -> Iterator[Compiled]:
    """The rules in the engine, and out of it again."""
    inside = compile_rules(rules)
    try:
        yield inside
    finally:
        release(inside)


def rule(name: str, *when: Pattern) -> EngineRule:
    """A rule that concludes a fact of its own name."""
    return EngineRule(name, when, lambda _facts: Fact(f"by {name}", "node", name))


def asks(test_of: Operator, value: Value, field: str = "v") -> Pattern:
    """Facts of one kind and key, compared in one field."""
    return Pattern("kind", "key", (shapes.Test(field, test_of, value),))


def fact(name: str = "a", **fields: Value) -> Fact:
    """A fact of that kind and key."""
    return Fact(name, "kind", "key", fields)


def run(
    rules: Sequence[EngineRule], facts: Iterable[Fact], stages: Sequence[Close] = ()
) -> Session:
    """What the rules make of the facts."""
    with compiled(*rules) as inside:
        return fire(inside, facts, stages)


def fires(pattern: Pattern, one: Fact) -> bool:
    """Whether a rule of one pattern fires on a fact."""
    return run([rule("r", pattern)], [one]).firings == (Firing("r", (one.id,), "by r"),)


@pytest.mark.parametrize(
    ("constant", "value"),
    [("1", 1), (1, "1"), ("12.5", Decimal("12.5")), (Decimal("12.5"), "12.5"), ("", 0), (0, "")],
)
@pytest.mark.parametrize("test_of", OPERATORS)
def test_text_and_number_never_match_each_other(
    test_of: Operator, constant: Value, value: Value
) -> None:
    pattern = asks(test_of, constant)
    assert not fires(pattern, fact(v=value))
    assert not matches(pattern, fact(v=value))


@pytest.mark.parametrize("test_of", OPERATORS)
def test_a_field_that_is_not_there_matches_nothing(test_of: Operator) -> None:
    assert not fires(asks(test_of, 1), fact())
    assert not fires(asks(test_of, 1), fact(other=1))


@pytest.mark.parametrize(
    ("constant", "value", "same"),
    [
        pytest.param("caf\u00e9", "caf\u00e9", True, id="one letter with its accent"),
        pytest.param("caf\u00e9", "cafe\u0301", False, id="letter and accent apart"),
        pytest.param('a "b" \\ /', 'a "b" \\ /', True, id="quotes and slashes"),
        pytest.param("a/b", "a\\/b", False, id="an escaped slash is another text"),
        pytest.param("line\nline\t\x01", "line\nline\t\x01", True, id="control characters"),
        pytest.param("\u2028\U0001f600", "\u2028\U0001f600", True, id="beyond the first plane"),
        pytest.param("", "", True, id="no text"),
        pytest.param("Good", "Good ", False, id="a space at the end"),
        pytest.param("true", "True", False, id="case"),
        pytest.param("€" * 1000, "€" * 1000, True, id="long"),
        pytest.param("€" * 1000, "€" * 999 + "e", False, id="long, and other at the end"),
    ],
)
def test_texts_match_when_they_are_the_same_and_only_then(
    constant: str, value: str, same: bool
) -> None:
    assert fires(asks("==", constant), fact(v=value)) is same
    assert fires(asks("!=", constant), fact(v=value)) is not same


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("a" * 70_000, id="longer than the engine counts"),
        pytest.param("a" * 1001, id="long"),
        pytest.param("a\0b", id="a character that ends a text in C"),
        pytest.param(Decimal("1.234567890123456"), id="sixteen digits"),
        pytest.param(Decimal("1E-16"), id="sixteen places"),
        pytest.param(Decimal("NaN"), id="not a number"),
        pytest.param(Decimal("Infinity"), id="infinity"),
        pytest.param(Decimal("999999999999999E+5"), id="larger than 64 bits"),
        pytest.param(2**53, id="an integer that a double cannot keep"),
        pytest.param(-(2**64), id="an integer that 64 bits cannot keep"),
    ],
)
def test_a_value_that_the_engine_would_change_is_refused_in_a_rule_and_in_a_fact(
    value: Value,
) -> None:
    with pytest.raises(EngineFault):
        compile_rules([rule("r", asks("==", value))])
    constant = "x" if isinstance(value, str) else 1
    with pytest.raises(EngineFault):
        run([rule("r", asks("==", constant))], [fact(v=value)])


NUMBERS = st.one_of(
    st.sampled_from([Decimal(n) for n in ("0", "-0", "0.1", "0.30", "1E-15", "1E+3", "1E+15")]),
    st.builds(
        lambda digits, places: Decimal(digits).scaleb(-places),
        st.integers(-(10**15) + 1, 10**15 - 1),
        st.integers(0, 15),
    ),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.integers(-3, 3),
)


@settings(RANDOM, max_examples=400)
@given(st.one_of(st.tuples(NUMBERS, NUMBERS), NUMBERS.map(lambda n: (n, n))))
def test_numbers_of_fifteen_digits_compare_as_they_are_written(
    pair: tuple[Decimal | int, Decimal | int],
) -> None:
    constant, value = pair
    fired = run([rule(o, asks(o, constant)) for o in OPERATORS], [fact(v=value)]).firings
    assert {f.rule for f in fired} == {
        o for o, name in OPERATORS.items() if getattr(operator, name)(value, constant)
    }


def test_a_sum_of_decimals_equals_the_decimal_that_is_written() -> None:
    assert fires(asks("<=", Decimal("0.3")), fact(v=Decimal("0.1") + Decimal("0.2")))


def test_two_ids_with_one_hash_are_two_facts() -> None:
    assert fnv("fact-25388") == fnv("fact-909936")
    session = run([rule("r", asks("==", 1))], [fact("fact-25388", v=1), fact("fact-909936", v=1)])
    assert sorted(f.facts for f in session.firings) == [("fact-25388",), ("fact-909936",)]


@pytest.mark.parametrize("name", ["session", "begin", "sid-session", "sid-0", "", "é", "f0", "f1"])
def test_no_id_of_a_fact_reaches_the_engine(name: str) -> None:
    assert fires(asks("==", 1), fact(name, v=1))


@pytest.mark.parametrize("field", ["id", "sid", "begin:n", "$s", "a.b"])
def test_fields_may_be_called_what_the_engine_calls_its_own(field: str) -> None:
    one = Fact("a", "kind", "key", {field: 7})
    assert fires(asks("==", 7, field), one)
    assert not fires(asks("==", 8, field), one)


@pytest.mark.parametrize("key", ["", "é", 'a "b"', "a/b", "key:s", "a\\b"])
def test_facts_reach_the_rules_of_their_own_kind_and_key_alone(key: str) -> None:
    rules = [rule("own", Pattern("kind", key)), rule("other", Pattern("kind", f"{key}."))]
    assert run(rules, [Fact("a", "kind", key)]).firings == (Firing("own", ("a",), "by own"),)


def test_two_field_names_with_one_hash_are_refused() -> None:
    assert fnv("p2039599") == fnv("p2222382")
    with pytest.raises(TooLarge, match="two field names have one hash in the engine"):
        compile_rules([rule("r", asks("==", 1, "p2039599"), asks("==", 1, "p2222382"))])


def test_as_many_alternatives_as_the_engine_stands_fire_and_one_more_is_refused() -> None:
    rules = [rule(f"r{n}", asks("==", n)) for n in range(481)]
    session = run(rules[:480], [fact(f"f{n}", v=n) for n in range(481)])
    assert sorted(f.rule for f in session.firings) == sorted(f"r{n}" for n in range(480))
    with pytest.raises(TooLarge, match="more than 480 alternatives in one place"):
        compile_rules(rules)


def test_as_many_rules_of_one_condition_as_the_engine_stands_fire_and_one_more_is_refused() -> None:
    rules = [rule(f"r{n}", asks("==", 1)) for n in range(251)]
    session = run(rules[:250], [fact(v=1)])
    assert sorted(f.rule for f in session.firings) == sorted(f"r{n}" for n in range(250))
    with pytest.raises(TooLarge, match="more than 250 rules share one condition"):
        compile_rules(rules)


def test_as_many_thresholds_as_one_fact_can_pass_at_once_fire_and_one_more_is_refused() -> None:
    rules = [rule(f"r{n}", asks(">", n)) for n in range(80)]
    most = next(n for n in range(80) if _is_too_large(rules[: n + 1]))
    assert 50 <= most <= MOST_OPEN
    assert len(run(rules[:most], [fact(v=1000)]).firings) == most
    with pytest.raises(TooLarge, match="more than 56 conditions can hold of one fact at once"):
        compile_rules(rules[: most + 1])


@pytest.mark.parametrize("number", [0, 17])
def test_a_rule_has_one_to_sixteen_patterns(number: int) -> None:
    with pytest.raises(TooLarge, match=f"rule r has {number} patterns"):
        compile_rules([rule("r", *(asks("==", n) for n in range(number)))])


def test_sixteen_patterns_fire_on_sixteen_facts() -> None:
    facts = [fact(f"f{n}", v=n) for n in range(16)]
    session = run([rule("r", *(asks("==", n) for n in range(16)))], facts)
    assert session.firings == (Firing("r", tuple(f"f{n}" for n in range(16)), "by r"),)


def test_more_rules_than_the_engine_takes_are_refused() -> None:
    with pytest.raises(TooLarge, match="4001 engine rules are more than 4000"):
        compile_rules([rule("r", asks("==", 1))] * 4001)


def test_numbers_are_not_read_in_a_locale_with_a_decimal_comma(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with compiled(rule("r", asks(">", Decimal("12.4")))) as inside:
        with monkeypatch.context() as patch:
            patch.setattr(locale, "localeconv", lambda: {"decimal_point": ","})
            with pytest.raises(EngineFault, match="numbers cannot be read in this locale"):
                fire(inside, [fact(v=Decimal("12.5"))], [])
        assert len(fire(inside, [fact(v=Decimal("12.5"))], []).firings) == 1


def test_a_fact_asserted_twice_is_refused_and_the_next_session_is_clean() -> None:
    with compiled(rule("r", asks("==", 1))) as inside:
        with pytest.raises(EngineFault, match="fact `a` was asserted twice"):
            fire(inside, [fact(v=1), fact(v=1)], [])
        assert fire(inside, [fact("b", v=1)], []).firings == (Firing("r", ("b",), "by r"),)


def test_an_error_between_stages_leaves_no_session_behind() -> None:
    def fails(_known: Mapping[str, Fact]) -> Iterable[Fact]:
        raise ZeroDivisionError("a stage that fails")

    with compiled(rule("r", asks("==", 1))) as inside:
        with pytest.raises(ZeroDivisionError):
            fire(inside, [fact(v=1)], [fails])
        assert fire(inside, [], []) == Session({}, ())


def test_conclusions_that_fail_leave_no_session_behind_however_often() -> None:
    def fails(_facts: Sequence[Fact]) -> Fact:
        raise ZeroDivisionError("a conclusion that fails")

    with compiled(
        EngineRule("bad", (asks("==", 1),), fails), rule("good", asks("==", 2))
    ) as inside:
        # the engine keeps 1,024 sessions and dies of the next
        for _ in range(1100):
            with pytest.raises(ZeroDivisionError):
                fire(inside, [fact(v=1), fact("b", v=2)], [])
        assert fire(inside, [fact("b", v=2)], []).firings == (Firing("good", ("b",), "by good"),)


def test_a_session_in_which_nothing_fires_ends_well() -> None:
    with compiled(rule("r", asks("==", 1))) as inside:
        assert [fire(inside, [], []) for _ in range(3)] == [Session({}, ())] * 3


def test_two_rules_that_conclude_the_same_are_both_kept_and_one_fact_is_asserted() -> None:
    one = Fact("same", "node", "n")
    rules = [EngineRule(n, (asks(">", 0),), lambda _: one) for n in ("first", "second")]
    session = run(rules, [fact(v=1)])
    assert sorted(f.rule for f in session.firings) == ["first", "second"]
    assert sorted(session.facts) == ["a", "same"]


def test_two_rules_that_conclude_one_fact_differently_are_a_fault() -> None:
    rules = [
        EngineRule(kind, (asks(">", 0),), lambda _, kind=kind: Fact("same", kind, "n"))  # type: ignore[misc]
        for kind in ("this", "that")
    ]
    with pytest.raises(EngineFault, match="two rules conclude `same` differently"):
        run(rules, [fact(v=1)])


def test_a_firing_that_its_facts_do_not_bear_out_is_a_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("grading.engine.wall.matches", lambda pattern, one: False)
    with pytest.raises(EngineFault, match="the engine fired `r` on facts that do not match it"):
        run([rule("r", asks("==", 1))], [fact(v=1)])


def test_what_a_stage_asserts_fires_after_all_that_was_there_before() -> None:
    def counted(known: Mapping[str, Fact]) -> Iterable[Fact]:
        number = sum(one.kind == "node" for one in known.values())
        return [Fact("count", "kind", "key", {"v": 10 + number})]

    rules = [rule("one", asks("==", 1)), rule("two", asks("==", 2)), rule("both", asks("==", 12))]
    session = run(rules, [fact("a", v=1), fact("b", v=2)], [counted])
    assert session.firings[-1] == Firing("both", ("count",), "by both")
    assert len(session.firings) == 3


def test_a_conclusion_keeps_the_kinds_of_evidence_that_it_rests_on() -> None:
    way = frozenset({Standing("fieldwork", "deciding")})
    known = Fact("a", "kind", "key", {"v": 1}, way)
    keeps = EngineRule("r", (asks("==", 1),), lambda facts: Fact("c", "n", "n", {}, facts[0].way))
    assert run([keeps], [known]).facts["c"].way == way


CHAIN = (
    rule("low", asks("<", 3)),
    rule("high", asks(">=", 3)),
    rule("even", asks("==", 0, "odd")),
    rule("pair", asks("<", 3), asks(">=", 3)),
    rule("next", Pattern("node", "low"), Pattern("node", "even")),
    rule("last", Pattern("node", "next"), asks("==", 1, "odd")),
)
FACTS = tuple(fact(f"f{n}", v=n, odd=n % 2) for n in range(6))


@settings(RANDOM, max_examples=150)
@given(st.permutations(FACTS))
def test_the_same_fires_whatever_the_order_of_the_facts(order: list[Fact]) -> None:
    session = run(CHAIN, order)
    low, high = ("f0", "f1", "f2"), ("f3", "f4", "f5")
    assert set(session.firings) == {
        *(Firing("low", (f,), "by low") for f in low),
        *(Firing("high", (f,), "by high") for f in high),
        *(Firing("even", (f,), "by even") for f in ("f0", "f2", "f4")),
        *(Firing("pair", (one, two), "by pair") for one in low for two in high),
        Firing("next", ("by low", "by even"), "by next"),
        *(Firing("last", ("by next", f), "by last") for f in ("f1", "f3", "f5")),
    }
    assert len(session.firings) == len(set(session.firings))


def test_the_same_facts_in_the_same_order_fire_in_the_same_order() -> None:
    with compiled(*CHAIN) as one, compiled(*CHAIN) as other:
        first = fire(one, FACTS, []).firings
        assert [fire(one, FACTS, []).firings, fire(other, FACTS, []).firings] == [first, first]


def _is_too_large(rules: Sequence[EngineRule]) -> bool:
    try:
        with compiled(*rules):
            return False
    except TooLarge:
        return True
