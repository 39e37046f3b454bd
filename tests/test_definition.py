"""What conditions mean: true, false or unknown, and on which kinds of evidence they rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any as Anything

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from grading.problems import Place
from grading.rules.definition import FALSE, TRUE, UNKNOWN, Verdict, holds, tally
from grading.rules.facts import (
    NO_RECORDS,
    Facts,
    IndicatorFact,
    RecordFact,
    Role,
    Standing,
    sound,
)
from grading.rules.loaded import Pack
from grading.rules.rule import (
    All,
    Always,
    Any,
    Compared,
    Count,
    Counted,
    No,
    Node,
    Operator,
    OutcomeIn,
    Some,
    Sought,
    leaves,
)
from grading.rules.stages import by_definition
from tests.packs import cases, facts_of

HERE = Place("rules/random/q1.yaml", 1)
RANDOM = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
FIELDWORK = Standing("fieldwork", "deciding")
DOCUMENTS = Standing("documents", "deciding")
FILES = Standing("file-review", "corroborating")
METRIC = Standing("metric", "corroborating")
SURVEY = Standing("survey/statistical", "indicative")
PANEL = Standing("survey/quota-panel", "indicative")


def record(name: str = "r1", topic: str = "t1", **fields: Anything) -> RecordFact:
    """A record that speaks for its topic, from fieldwork, but for what is said otherwise."""
    known: dict[str, Anything] = {
        "supports": True,
        "levels": {},
        "mitigated": False,
        "standing": FIELDWORK,
    }
    return RecordFact(id=name, topic=topic, criterion="c1", **(known | fields))


def found(*records: RecordFact, searched: str = "") -> Facts:
    """These records, and the topics that were searched."""
    by_topic: dict[str, tuple[RecordFact, ...]] = {}
    for one in records:
        by_topic[one.topic] = (*by_topic.get(one.topic, ()), one)
    return Facts(records=by_topic, concluded=frozenset(searched.split()))


def sought(
    topics: str = "t1",
    shown: Mapping[str, int] | None = None,
    excluded: Mapping[str, int] | None = None,
    *,
    supports: bool = True,
    unmitigated: bool = False,
) -> Sought:
    """A condition on records."""
    levels = tuple((shown or {}).items()), tuple((excluded or {}).items())
    return Sought(HERE, supports, tuple(topics.split()), *levels, unmitigated)


def indicator(name: str, value: Decimal | str | int, *way: Standing) -> Facts:
    """One indicator and nothing else."""
    exact = value if isinstance(value, str) else Decimal(value)
    return Facts(indicators={name: IndicatorFact(name, exact, frozenset(way), ("m1",))})


YES, NO, OPEN = (Compared(HERE, name, "at-least", (Decimal(1),)) for name in ("yes", "no", "open"))
KNOWN = Facts(
    indicators={**indicator("yes", 1).indicators, **indicator("no", 0).indicators},
)
TRUTHS = {True: YES, False: NO, None: OPEN}
SEVERE = {"severity": 2}


@pytest.mark.parametrize(
    ("node", "facts", "verdict"),
    [
        pytest.param(sought(), found(), UNKNOWN, id="nobody searched"),
        pytest.param(sought(), found(searched="t1"), FALSE, id="searched, nothing there"),
        pytest.param(sought(), found(searched="t2"), UNKNOWN, id="another topic was searched"),
        pytest.param(sought("t1 t2"), found(searched="t1"), UNKNOWN, id="one of two was searched"),
        pytest.param(sought("t1 t2"), found(searched="t1 t2"), FALSE, id="both were searched"),
        pytest.param(
            sought("t1 t2"),
            found(record(topic="t2")),
            Verdict(True, frozenset({frozenset({FIELDWORK})})),
            id="found, though nobody searched all",
        ),
        pytest.param(
            sought(),
            found(record("r1"), record("r2", standing=FILES), searched="t1"),
            Verdict(True, frozenset({frozenset({FIELDWORK}), frozenset({FILES})})),
            id="found twice: two ways",
        ),
        pytest.param(sought(), found(record(supports=False), searched="t1"), FALSE, id="against"),
        pytest.param(
            sought(supports=False),
            found(record(supports=False)),
            Verdict(True, frozenset({frozenset({FIELDWORK})})),
            id="a weakness",
        ),
        pytest.param(
            sought(supports=False, unmitigated=True),
            found(record(supports=False, mitigated=True), searched="t1"),
            FALSE,
            id="a mitigated weakness is none where it must not be mitigated",
        ),
        pytest.param(
            sought(shown={"extent": 2}),
            found(record(levels={"extent": 2})),
            Verdict(True, frozenset({frozenset({FIELDWORK})})),
            id="the level asked for",
        ),
        pytest.param(
            sought(shown={"extent": 2}),
            found(record(levels={"extent": 1, "effect": 3}), searched="t1"),
            FALSE,
            id="a level below",
        ),
        pytest.param(
            sought(shown={"extent": 1}), found(record(), searched="t1"), FALSE, id="level left out"
        ),
        pytest.param(
            sought(shown={"extent": 1}),
            found(record(open=True), searched="t1"),
            UNKNOWN,
            id="a level left out of a summary may hold",
        ),
        pytest.param(
            sought(shown={"extent": 2}),
            found(record(open=True, levels={"extent": 1}), searched="t1"),
            FALSE,
            id="a level that a summary gives does not",
        ),
        pytest.param(
            sought(excluded={"extent": 1}),
            found(record(levels={"extent": 1}), searched="t1"),
            FALSE,
            id="an excluded level",
        ),
        pytest.param(
            sought(excluded={"extent": 1}),
            found(record(levels={"extent": 2})),
            Verdict(True, frozenset({frozenset({FIELDWORK})})),
            id="a level above an excluded one",
        ),
        pytest.param(
            sought(excluded={"extent": 1}),
            found(record()),
            Verdict(True, frozenset({frozenset({FIELDWORK})})),
            id="no level is no excluded level",
        ),
        pytest.param(
            sought(), found(record(withdrawn=True), searched="t1"), UNKNOWN, id="withdrawn"
        ),
        pytest.param(
            sought(shown={"extent": 2}),
            found(record(withdrawn=True, levels={"extent": 1}), searched="t1"),
            FALSE,
            id="withdrawn, and would not have shown it",
        ),
        pytest.param(sought(""), found(), FALSE, id="of no topic nothing is found"),
    ],
)
def test_a_record_shows_does_not_show_or_may_show(
    node: Node, facts: Facts, verdict: Verdict
) -> None:
    assert holds(node, facts) == verdict


@pytest.mark.parametrize(
    ("operator", "bounds", "below", "at", "above"),
    [
        ("at-least", ("12.5",), False, True, True),
        ("at-most", ("12.5",), True, True, False),
        ("above", ("12.5",), False, False, True),
        ("below", ("12.5",), True, False, False),
        ("between", ("12.5", "12.5"), False, True, False),
        ("between", ("12.5", "13"), False, True, True),
        ("between", ("12", "12.5"), True, True, False),
    ],
)
def test_a_number_is_compared_exactly(
    operator: Operator, bounds: tuple[str, ...], below: bool, at: bool, above: bool
) -> None:
    node = Compared(HERE, "i1", operator, tuple(map(Decimal, bounds)))
    values = ("12.4999999999999", "12.50", "12.5000000000001")
    truths = [holds(node, indicator("i1", Decimal(value))).truth for value in values]
    assert truths == [below, at, above]
    assert holds(node, Facts()) == UNKNOWN


def test_a_sum_of_decimals_is_the_decimal_that_is_written() -> None:
    node = Compared(HERE, "i1", "at-most", (Decimal("0.3"),))
    assert holds(node, indicator("i1", Decimal("0.1") + Decimal("0.2"), METRIC)) == Verdict(
        True, frozenset({frozenset({METRIC})})
    )


def test_a_word_is_one_of_the_words_or_not() -> None:
    node = Compared(HERE, "band", "in", (), ("top", "middle"))
    truths = [holds(node, indicator("band", word)).truth for word in ("top", "bottom")]
    assert [*truths, holds(node, Facts()).truth] == [True, False, None]


@pytest.mark.parametrize(
    ("possible", "verdict"),
    [
        ({"meets"}, TRUE),
        ({"meets", "exceeds"}, TRUE),
        ({"meets", "unknown"}, UNKNOWN),
        ({"unknown"}, FALSE),
        ({"conflicted", "falls-short"}, FALSE),
        (None, UNKNOWN),
    ],
)
def test_an_outcome_is_surely_perhaps_or_surely_not_among_those_asked_for(
    possible: set[str] | None, verdict: Verdict
) -> None:
    outcomes = {"c1": frozenset(possible)} if possible is not None else {}
    node = OutcomeIn(HERE, "c1", ("meets", "exceeds"))
    assert holds(node, Facts(outcomes=outcomes)) == verdict


@pytest.mark.parametrize(
    ("counted", "facts", "numbers"),
    [
        ("outcomes", Facts(), (0, 3)),
        (
            "outcomes",
            Facts(outcomes={"a": frozenset({"x"}), "b": frozenset({"x", "y"})}),
            (1, 3),
        ),
        ("judgments", Facts(), (0, 3)),
        (
            "judgments",
            Facts(judgments={m: frozenset({"x"} if m == "a" else {"y"}) for m in "abc"}),
            (1, 1),
        ),
        ("findings", Facts(), (0, 3)),
        (
            "findings",
            Facts(findings={("kind", "a"): True, ("kind", "b"): False, ("kind", "c"): None}),
            (1, 2),
        ),
        ("findings", Facts(findings={("other", m): True for m in "abc"}), (0, 3)),
        ("previous", Facts(), (0, 250)),
        ("previous", Facts(previous={}), (0, 0)),
        (
            "previous",
            Facts(
                previous={
                    "a": (("kind", "x"), ("kind", "x"), ("kind", "y"), ("other", "x")),
                    "d": (("kind", "x"),),
                }
            ),
            (2, 2),
        ),
    ],
)
def test_a_count_is_from_those_that_surely_are_to_those_that_may_be(
    counted: Counted, facts: Facts, numbers: tuple[int, int]
) -> None:
    node = Count(HERE, counted, ("a", "b", "c"), ("x",), 0, 3, "kind")
    assert tally(node, facts) == numbers


@pytest.mark.parametrize(
    ("fewest", "most", "verdict"),
    [
        (0, 3, TRUE),
        (1, 2, TRUE),
        (2, 3, UNKNOWN),
        (0, 1, UNKNOWN),
        (3, 3, FALSE),
        (0, 0, FALSE),
    ],
)
def test_a_count_of_one_or_two_against_its_limits(fewest: int, most: int, verdict: Verdict) -> None:
    outcomes = {"a": frozenset({"x"}), "b": frozenset({"x", "y"}), "c": frozenset({"y"})}
    node = Count(HERE, "outcomes", ("a", "b", "c"), ("x",), fewest, most)
    assert holds(node, Facts(outcomes=outcomes)) == verdict


def test_what_always_holds_needs_no_evidence() -> None:
    assert holds(Always(HERE), Facts()) == Verdict(True, NO_RECORDS)
    assert holds(Always(HERE), Facts()).settled is True


@pytest.mark.parametrize("truths", list(product(TRUTHS, repeat=3)), ids=str)
def test_parts_combine_as_every_completion_of_the_unknown_ones_would(
    truths: tuple[bool | None, ...],
) -> None:
    parts = tuple(replace(TRUTHS[t], indicator=f"i{n}") for n, t in enumerate(truths))
    facts = Facts(
        indicators={
            f"i{n}": IndicatorFact(f"i{n}", Decimal(int(t)), frozenset(), ())
            for n, t in enumerate(truths)
            if t is not None
        }
    )
    every = [sum(c) for c in product(*([t] if t is not None else [True, False] for t in truths))]
    asked: dict[Node, list[bool]] = {
        All(HERE, parts): [n == 3 for n in every],
        Any(HERE, parts): [n > 0 for n in every],
        No(HERE, parts): [n == 0 for n in every],
    }
    for least in (1, 2, 3):
        asked[Some(HERE, least, parts)] = [n >= least for n in every]
    for node, completions in asked.items():
        expected = completions[0] if len(set(completions)) == 1 else None
        assert holds(node, facts).truth is expected, node


def test_none_of_what_is_withheld_is_unknown_and_none_of_what_is_unknown_is_too() -> None:
    withheld = holds(No(HERE, (sought(),)), found(record(standing=FILES)))
    assert withheld == UNKNOWN
    assert holds(No(HERE, (sought(), NO)), KNOWN) == UNKNOWN
    assert holds(No(HERE, (sought(), YES)), KNOWN) == FALSE


@pytest.mark.parametrize(
    ("way", "carries"),
    [
        ((), True),
        ((FIELDWORK,), True),
        ((FILES,), False),
        ((SURVEY,), False),
        ((FILES, METRIC), False),
        ((FILES, FIELDWORK), True),
        ((SURVEY, PANEL), True),
        ((SURVEY, FIELDWORK), True),
        ((SURVEY, FILES), False),
        ((SURVEY, FILES, DOCUMENTS), True),
        ((FILES, Standing("file-review", "deciding")), False),
        ((SURVEY, Standing("survey/statistical", "deciding")), False),
        ((FIELDWORK, Standing("gossip", "lead-only")), False),
        ((FIELDWORK, Standing("news", "context-only")), False),
    ],
)
def test_corroborating_needs_a_deciding_kind_beside_it_and_indicative_any_other(
    way: tuple[Standing, ...], carries: bool
) -> None:
    assert sound(frozenset(way)) is carries


@pytest.mark.parametrize("role", ["corroborating", "indicative", "lead-only", "context-only"])
def test_what_rests_on_one_such_kind_alone_is_withheld_and_so_unknown(role: Role) -> None:
    alone = Standing("alone", role)
    verdict = holds(sought(), found(record(standing=alone)))
    assert verdict == Verdict(True, frozenset({frozenset({alone})}))
    assert (verdict.settled, verdict.withheld) == (None, True)


def test_conditions_that_hold_together_rest_on_each_combination_of_their_ways() -> None:
    facts = found(
        record("r1", standing=FIELDWORK),
        record("r2", standing=SURVEY),
        record("r3", "t2", standing=FILES),
    )
    verdict = holds(All(HERE, (sought("t1"), sought("t2"))), facts)
    assert verdict.ways == {frozenset({FIELDWORK, FILES}), frozenset({SURVEY, FILES})}
    assert verdict.settled is True


def test_either_of_two_conditions_rests_on_the_ways_of_each_alone() -> None:
    facts = found(record("r1", standing=SURVEY), record("r2", "t2", standing=FILES))
    verdict = holds(Any(HERE, (sought("t1"), sought("t2"))), facts)
    assert verdict.ways == {frozenset({SURVEY}), frozenset({FILES})}
    assert verdict.withheld is True


def test_some_of_three_rest_on_the_ways_of_each_pair_that_holds() -> None:
    facts = found(
        record("r1", "t1", standing=FIELDWORK),
        record("r2", "t2", standing=FILES),
        record("r3", "t3", standing=SURVEY),
    )
    verdict = holds(Some(HERE, 2, (sought("t1"), sought("t2"), sought("t3"))), facts)
    assert verdict.ways == {
        frozenset({FIELDWORK, FILES}),
        frozenset({FIELDWORK, SURVEY}),
        frozenset({FILES, SURVEY}),
    }


@pytest.mark.parametrize("node", [All(HERE, (sought(),) * 2), Some(HERE, 2, (sought(),) * 2)])
def test_a_condition_written_twice_is_one_piece_of_evidence(node: Node) -> None:
    facts = found(record("r1", standing=SURVEY), record("r2", standing=PANEL))
    assert holds(node, facts) == holds(sought(), facts)


def test_a_condition_that_is_false_or_unknown_rests_on_nothing() -> None:
    assert holds(All(HERE, (YES, NO)), KNOWN) == FALSE
    assert holds(All(HERE, (YES, OPEN)), KNOWN) == UNKNOWN


# A small world: each of three topics has one record that may be there, each of two indicators one
# of two values; each of the five may be known or not.
STATES = st.lists(st.sampled_from([True, False, None]), min_size=5, max_size=5).map(tuple)
ATOMS = (
    *(sought(f"t{n}") for n in range(3)),
    *(Compared(HERE, f"i{n}", "above", (Decimal(0),)) for n in range(2)),
)


def world(states: tuple[bool | None, ...], kinds: tuple[Standing, ...]) -> Facts:
    """What is found where this is known of each."""
    records = [record(f"r{n}", f"t{n}", standing=kinds[n]) for n in range(3) if states[n]]
    searched = " ".join(f"t{n}" for n in range(3) if states[n] is not None)
    figures = {
        f"i{n}": IndicatorFact(f"i{n}", Decimal(bool(states[3 + n])), frozenset({kinds[3 + n]}), ())
        for n in range(2)
        if states[3 + n] is not None
    }
    return replace(found(*records, searched=searched), indicators=figures)


def completed(states: tuple[bool | None, ...]) -> Iterator[tuple[bool, ...]]:
    """Every way in which what is not known may turn out."""
    return product(*([True, False] if state is None else [state] for state in states))


def nested(leaf: SearchStrategy[Node], depth: int = 3) -> SearchStrategy[Node]:
    """Conditions of these leaves."""
    node = leaf
    for _ in range(depth):
        parts = st.lists(node, min_size=1, max_size=3).map(tuple)
        node = st.one_of(
            leaf,
            st.builds(All, st.just(HERE), parts),
            st.builds(Any, st.just(HERE), parts),
            st.builds(No, st.just(HERE), parts),
            st.builds(
                lambda least, inside: Some(HERE, min(least, len(inside)), inside),
                st.integers(1, 3),
                parts,
            ),
        )
    return node


KINDS = st.lists(st.sampled_from([FIELDWORK, FILES, SURVEY]), min_size=5, max_size=5).map(tuple)


@settings(RANDOM, max_examples=600)
@given(
    nested(st.sampled_from([*ATOMS, sought("t0 t1"), sought("t1 t2"), Always(HERE)])),
    STATES,
    KINDS,
)
def test_what_is_said_with_some_facts_unknown_is_said_however_they_turn_out(
    node: Node, states: tuple[bool | None, ...], kinds: tuple[Standing, ...]
) -> None:
    said = holds(node, world(states, kinds)).settled
    assume(said is not None)
    assert {holds(node, world(c, kinds)).settled for c in completed(states)} == {said}


@settings(RANDOM, max_examples=400)
@given(nested(st.just(Always(HERE)), 2), STATES)
def test_what_is_unknown_of_facts_that_are_each_asked_about_once_may_turn_out_either_way(
    shape: Node, states: tuple[bool | None, ...]
) -> None:
    assume(len(leaves(shape)) <= len(ATOMS))
    atoms = iter(ATOMS)
    node = _filled(shape, atoms)
    kinds = (FIELDWORK,) * 5
    truths = {holds(node, world(c, kinds)).truth for c in completed(states)}
    said = holds(node, world(states, kinds)).truth
    assert truths == ({True, False} if said is None else {said})


def _filled(shape: Node, atoms: Iterator[Node]) -> Node:
    match shape:
        case All(parts=parts) | Any(parts=parts) | No(parts=parts) | Some(parts=parts):
            return replace(shape, parts=tuple(_filled(part, atoms) for part in parts))
        case _:
            return next(atoms)


@st.composite
def refined(draw: DrawFn, pack: Pack, facts: Facts) -> Facts:
    """The facts with more known: only what was unknown is added, and nothing known is changed.

    A missing indicator gets a value; a topic that was not searched gets records, or is searched, or
    both; earlier findings that nobody looked for are looked for; a withdrawn record is restored, or
    is known not to exist; a record of a summary is known to show no more than it says, or is coded
    on a scale on which it was not. The last leaves out scales on which the pack excludes levels:
    there, a level left out is taken as not excluded.
    """
    other = draw(facts_of(pack))
    records = dict(facts.records)
    for topic, more in other.records.items():
        if topic not in facts.concluded:
            added = tuple(replace(one, id=f"more-{one.id}") for one in more)
            records[topic] = (*records.get(topic, ()), *added)
    excluding = {
        scale
        for rule in pack.rules.values()
        for leaf in leaves(rule.body)
        if isinstance(leaf, Sought)
        for scale, _ in leaf.excluded
    }
    settled = {
        topic: tuple(draw(_settled(r, excluding)) for r in records[topic]) for topic in records
    }
    return replace(
        facts,
        records={t: tuple(r for r in found if r is not None) for t, found in settled.items()},
        concluded=facts.concluded | other.concluded if draw(st.booleans()) else facts.concluded,
        indicators={**other.indicators, **facts.indicators},
        previous=other.previous if facts.previous is None else facts.previous,
    )


@st.composite
def _settled(draw: DrawFn, one: RecordFact, excluding: set[str]) -> RecordFact | None:
    if one.withdrawn and draw(st.booleans()):
        if draw(st.booleans()):
            return None
        one = replace(one, withdrawn=False)
    if one.open and draw(st.booleans()):
        one = replace(one, open=False)
    elif one.open:
        scales = {"extent", "maturity", "effect", "severity"} - excluding - set(one.levels)
        coded = {scale: draw(st.integers(1, 3)) for scale in sorted(scales)}
        one = replace(one, levels={**coded, **one.levels})
    return one


@settings(RANDOM, max_examples=250)
@given(st.data(), cases(2, questions=2, criteria=3, depth=2))
def test_knowing_more_never_turns_a_verdict_round_nor_opens_a_judgment(
    data: st.DataObject, case: Anything
) -> None:
    for facts in case.facts:
        more = data.draw(refined(case.pack, facts))
        before, ended = by_definition(case.pack, facts)
        after, settled = by_definition(case.pack, more)
        turned = {
            rule: (verdict.settled, after[rule].settled)
            for rule, verdict in before.items()
            if verdict.settled is not None and after[rule].settled is not verdict.settled
        }
        assert turned == {}
        assert all(settled.outcomes[c] <= may for c, may in ended.outcomes.items())
        assert all(settled.judgments[q] <= may for q, may in ended.judgments.items())
        assert all(settled.judgments.values()), "a judgment with no grade possible"
        assert all(
            settled.findings[key] is given
            for key, given in ended.findings.items()
            if given is not None
        )
