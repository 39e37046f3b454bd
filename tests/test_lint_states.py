"""What lint says is never so, against random inspections, and its sums against every combination."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import reduce
from itertools import product
from math import prod

from hypothesis import HealthCheck, Phase, given, settings

from grading.derive.standing import Roles
from grading.judge.columns import Numbers, plus
from grading.policy.lint.checks.shadowed import needless
from grading.policy.lint.criteria_states import looked_at
from grading.policy.lint.implied import always, excludes, implies, never
from grading.policy.lint.ladder_states import Graded, graded, without
from grading.policy.lint.subject import every_node
from grading.rules.definition import holds
from grading.rules.facts import Facts, Possible, RecordFact
from grading.rules.loaded import Pack
from grading.rules.rule import Node
from grading.rules.stages import by_definition, judged
from tests.packs import Case, cases

RANDOM = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
MOST = 3_000


def possible(pack: Pack, facts: Facts) -> Facts:
    """The facts without what cannot be, figures as the policy lets them weigh, nothing given."""
    records = {topic: tuple(map(_coded, about)) for topic, about in facts.records.items()}
    kept = {
        name: replace(fact, way=Roles(pack).of_indicator(pack.indicators[name]))
        for name, fact in facts.indicators.items()
        # these packs have rank bands of their own, which no ranking gives
        if isinstance(fact.value, Decimal) and Decimal(0) <= fact.value <= Decimal(100)
    }
    given_none: dict[str, Possible] = {}
    return replace(
        facts,
        records=records,
        indicators=kept,
        judgments=given_none,
        decided=given_none,
        moves={},
        moderated=given_none,
    )


def _coded(record: RecordFact) -> RecordFact:
    """A record that supports has no severity, and nothing to mitigate."""
    if not record.supports:
        return record
    levels = {scale: rank for scale, rank in record.levels.items() if scale != "severity"}
    return replace(record, levels=levels, mitigated=False)


def final(case: Case) -> Iterator[Facts]:
    """What the facts of a case come to."""
    for facts in case.facts:
        yield by_definition(case.pack, possible(case.pack, facts))[1]


@RANDOM
@given(cases(facts=6, questions=2, criteria=2, depth=2))
def test_what_follows_from_a_condition_holds_where_it_does(case: Case) -> None:
    pack = case.pack
    every = list(final(case))
    for rule in pack.rules.values():
        nodes = list(every_node(rule.body))
        truths = {id(node): [holds(node, facts).truth for facts in every] for node in nodes}
        for a, b in product(nodes, nodes):
            both = list(zip(truths[id(a)], truths[id(b)], strict=True))
            if implies(pack, a, b):
                assert all(second for first, second in both if first), (a, b)
            if excludes(pack, a, b):
                assert not any(first and second for first, second in both), (a, b)


@RANDOM
@given(cases(facts=6, questions=2, criteria=2, depth=1))
def test_what_never_or_always_holds_never_or_always_does(case: Case) -> None:
    for facts in final(case):
        for rule in case.pack.rules.values():
            for node in every_node(rule.body):
                truth = holds(node, facts).truth
                assert not (never(case.pack, node) and truth), node
                assert not (always(case.pack, node) and truth is False), node


@RANDOM
@given(cases(facts=8, questions=2, criteria=3, depth=2))
def test_a_needless_condition_can_be_left_out(case: Case) -> None:
    for facts in final(case):
        for rule in case.pack.rules.values():
            truth = holds(rule.body, facts).settled
            for part, _ in needless(case.pack, rule.body):
                shorter = next(rest for left, rest in without(rule.body) if left is part)
                assert holds(shorter, facts).settled == truth, (rule, part)


@RANDOM
@given(cases(facts=8, questions=2, criteria=2, depth=2, alone=True))
def test_what_holds_of_an_inspection_is_found_among_the_states(case: Case) -> None:
    pack = case.pack
    looked = looked_at(pack)
    judgments = graded(pack, looked)
    for given_facts in case.facts:
        facts = possible(pack, given_facts)
        verdicts, after = by_definition(pack, facts)
        hold = {rule for rule, verdict in verdicts.items() if verdict.settled}
        for group, found in looked.items():
            for number, criterion in enumerate(group.criteria):
                own = {r.name for r in pack.rules.values() if r.owner == criterion and r.id in hold}
                names = {name for n, name in found.settled if n == number}
                assert not found.every or own <= names, (criterion, own - names)
                outcome = after.outcomes[criterion]
                if found.every and len(outcome) == 1 and outcome != {"unknown"}:
                    assert outcome <= found.outcomes[number], (criterion, outcome)
        for judgment in judgments:
            if judgment.every and all(found.every for found in looked.values()):
                _is_among(judgment, hold, after)


def _is_among(judgment: Graded, hold: set[str], after: Facts) -> None:
    states, owner = judgment.states, judgment.owner
    names = {rule.partition(".")[2] for rule in hold if rule.partition(".")[0] == owner}
    assert names <= {rule.partition(".")[2] for rule in states.holding}, (owner, names)
    grades = after.judgments[owner]
    if len(grades) == 1:
        assert grades in states.grades, (owner, grades)


@RANDOM
@given(cases(facts=1, questions=2, criteria=2, depth=1, alone=True))
def test_the_sums_say_what_every_combination_says(case: Case) -> None:
    looked = looked_at(case.pack)
    for judgment in graded(case.pack, looked):
        sizes = prod(len(part.adds.numbers) for part in judgment.parts)
        if not judgment.every or sizes > MOST:
            continue
        states = judgment.states
        totals = list(_totals(judgment))
        grades = {states.ladder.grades(total) for total in totals}
        assert states.grades == grades
        for rule in states.ladder.rules:
            for _, body in without(rule.body):
                assert states.differs(rule, body) == _differs(judgment, totals, rule.id, body)
        for number, part in enumerate(judgment.parts):
            for criterion in range(len(part.adds.by_criterion)):
                found = states.matters(part.adds, criterion)
                assert found == _matters(judgment, number, criterion), part.names
            assert bool(states.worse(part.adds)) == _worsens(judgment, number), part.names


def _totals(judgment: Graded, without_part: int | None = None) -> Iterator[Numbers]:
    parts = [p.adds.numbers for n, p in enumerate(judgment.parts) if n != without_part]
    for chosen in product(*parts):
        yield reduce(plus, chosen, judgment.states.ladder.nothing)


def _differs(judgment: Graded, totals: list[Numbers], rule: str, body: Node) -> bool:
    ladder = judgment.states.ladder
    others = replace(ladder.pack.rules[rule], body=body)
    rules = {**ladder.pack.rules, rule: others}
    pack = replace(ladder.pack, rules=rules)
    for total in totals:
        verdicts = ladder.verdicts(total)
        now = {each.id: ladder.truth(rules[each.id].body, verdicts) for each in ladder.rules}
        was = ladder.truths(verdicts)
        if _graded(pack, judgment, now) != _graded(pack, judgment, was):
            return True
    return False


def _graded(pack: Pack, judgment: Graded, truths: Mapping[str, bool | None]) -> Possible:

    return judged(pack, judgment.states.ladder.owner, truths)


def _matters(judgment: Graded, number: int, criterion: int) -> bool:
    ladder = judgment.states.ladder
    return any(
        len({ladder.grades(plus(total, own)) for own in among}) > 1
        for total in _totals(judgment, number)
        for among in judgment.parts[number].adds.by_criterion[criterion]
    )


def _worsens(judgment: Graded, number: int) -> bool:
    ladder = judgment.states.ladder
    order = ladder.pack.grades.index
    for total in _totals(judgment, number):
        for before, after, better in judgment.parts[number].adds.moves:
            was, now = (ladder.grades(plus(total, own)) for own in (before, after))
            if len(was) == len(now) == 1:
                steps = order(next(iter(now))) - order(next(iter(was)))
                if (steps > 0) if better else (steps < 0):
                    return True
    return False
