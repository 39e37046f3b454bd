"""The states that criteria can be in, and grades as a function of what they add: against brute force."""

from __future__ import annotations

from itertools import islice, product
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from grading.explain.variables import To, Variable
from grading.judge.earlier import by_topic
from grading.judge.figures import Reckoning
from grading.judge.groups import Group, groups
from grading.judge.judging import Added, Judging, total
from grading.judge.observations import observed
from grading.judge.position import position_of
from grading.judge.reachable import reachable, reachable_by
from grading.judge.states import State, kinds_of_finding
from grading.rules.definition import Verdict, holds
from grading.rules.facts import Facts, Possible, RecordFact
from grading.rules.load import load_pack
from grading.rules.loaded import Pack
from grading.rules.rule import Compared, Count, leaves
from grading.rules.stages import Truth, by_definition
from tests.evidence import earlier, figures, observations, subsets
from tests.free import Free
from tests.packs import Case, cases

ROOT = Path(__file__).parent.parent
PEEL = ROOT / "rules/peel-effectiveness-2016"
RANDOM = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
Seen = tuple[tuple[Possible, ...], tuple[tuple[Truth, ...], ...], tuple[Verdict, ...]]
SEEN: list[int] = []


def of(state: State) -> Seen:
    """A state without the evidence for it."""
    return state.outcomes, state.findings, state.shown


def comes_to(pack: Pack, group: Group, facts: Facts) -> Seen:
    """What facts come to for the criteria of a group, by definition."""
    final = by_definition(pack, facts)[1]
    return (
        tuple(final.outcomes[c] for c in group.criteria),
        tuple(
            tuple(final.findings[kind, c] for kind in kinds_of_finding(pack))
            for c in group.criteria
        ),
        tuple(holds(node, facts) for node in group.later),
    )


def brute(pack: Pack, group: Group) -> set[Seen]:
    """What the criteria of a group come to, with every evidence that there could be on them."""
    facts = observations(pack, group.topics)
    rules = (*group.outcome_rules, *group.finding_rules)
    asks = [leaf for rule in rules for leaf in leaves(rule.body)]
    names = sorted({leaf.indicator for leaf in asks if isinstance(leaf, Compared)})
    counts = [leaf for leaf in asks if isinstance(leaf, Count) and leaf.counted == "previous"]
    assume(all(count.fewest < 5 for count in counts))  # an `all-but` of any number of them
    values = list(figures(pack, names))
    found = [*islice(earlier(counts), 200), None]
    assume(2 ** len(facts) * len(values) * len(found) < 1000)
    return {
        comes_to(pack, group, Facts(records, frozenset(pack.topics), value, previous=previous))
        for records, value, previous in product(subsets(facts), values, found)
    }


@settings(RANDOM, max_examples=25)
@given(cases(facts=0, questions=1, criteria=2, depth=2), st.integers(0, 3))
def reaches(case: Case, number: int) -> None:
    every = groups(case.pack)
    group = every[number % len(every)]
    expected = brute(case.pack, group)
    found = reachable_by(case.pack, group)
    assert found.every
    assert [of(state) for state in found.states] == list(dict.fromkeys(map(of, found.states)))
    assert {of(state) for state in found.states} == expected
    SEEN.append(len(expected))


def test_the_states_of_a_criterion_are_those_that_some_evidence_comes_to() -> None:
    SEEN.clear()
    reaches()
    assert sum(number > 3 for number in SEEN) >= 8


def with_example(pack: Pack, state: State) -> Facts:
    """Facts with the evidence that is said to lead to a state."""
    reckoning, example = Reckoning(pack), state.example
    indicators = {
        name: fact
        for among in reckoning.together(pack.indicators)
        if set(among.figures) <= dict(example.figures).keys()
        for name, fact in reckoning.indicators(among, dict(example.figures)).items()
    }
    records: dict[str, tuple[RecordFact, ...]] = {}
    for seen in example.observations:
        records[seen.topic] = (*records.get(seen.topic, ()), observed(pack, "", seen))
    previous = None if example.earlier is None else by_topic(example.earlier)
    return Facts(records, frozenset(pack.topics), indicators, previous=previous)


@settings(RANDOM, max_examples=15)
@given(st.booleans().flatmap(lambda alone: cases(0, 2, 2, 2, alone=alone)))
def test_the_example_of_a_state_leads_to_it(case: Case) -> None:
    for group, found in reachable(case.pack).items():
        for state in found.states[:50]:
            assert comes_to(case.pack, group, with_example(case.pack, state)) == of(state)


def test_the_states_of_a_standard_criterion_by_hand() -> None:
    """Read: nothing seen; met; exceeded; short, gravely, critically; and the three conflicts."""
    pack = load_pack(PEEL)
    (group, found), *_ = reachable(pack).items()
    assert (group.criteria, len(group.later), found.every) == (
        ("threats-and-communities",),
        1,
        True,
    )
    told = [
        (
            sorted(state.outcomes[0]),
            state.findings[0],
            state.shown[0].truth,
            [seen.levels for seen in state.example.observations],
        )
        for state in found.states
    ]
    assert kinds_of_finding(pack) == ("strength", "area-for-improvement", "cause-of-concern")
    moderate, serious, critical = ((("severity", s),) for s in ("moderate", "serious", "critical"))
    most = (("extent", "most"),)
    assert told == [
        (["meets", "unknown"], (False, False, False), False, []),
        (["meets"], (False, False, False), False, [()]),
        (["exceeds"], (True, False, False), False, [(("effect", "measured"),)]),
        (["falls-short"], (False, True, False), False, [moderate]),
        (["falls-short"], (False, False, True), False, [serious]),
        (["falls-short"], (False, False, True), True, [critical]),
        (["conflicted"], (False, True, False), False, [most, moderate]),
        (["conflicted"], (False, False, True), False, [most, serious]),
        (["conflicted"], (False, False, True), True, [most, critical]),
    ]


def test_criteria_whose_rules_differ_in_names_alone_have_the_same_states() -> None:
    pack = load_pack(PEEL)
    found = reachable(pack)
    assert sum(len(reached.states) for reached in found.values()) == 442
    standard = [g for g in found if len(found[g].states) == 9]
    (first, *others) = (found[group] for group in standard)
    assert all(reached.states == first.states for reached in others)
    for group in standard:
        seen = [o.topic for state in found[group].states for o in state.example.observations]
        assert set(seen) <= set(pack.criteria[group.criteria[0]].written.topics)


# ladders


def added(judging: Judging, variables: dict[Variable, To]) -> Added:
    """What everything adds up to with these changes, each variable asked for by itself."""
    parts = [judging.now]
    for variable, to in variables.items():
        before, after = (_adds(judging, variable, value) for value in (None, to))
        parts += [after, tuple(tuple(-n for n in numbers) for numbers in before)]
    return total(*parts)


def _adds(judging: Judging, variable: Variable, to: To | None) -> Added:
    """What a variable adds in a state, or as it is."""
    position, names = judging.position, variable.names
    match variable.kind:
        case "criteria":
            (group,) = (g for g in position.states if g.criteria == names)
            state = to if isinstance(to, State) else position.states[group]
            return judging.of_criteria(group, state)
        case "indicator":
            (among,) = position.reckoning.together(names)
            (figure,) = among.figures
            assert not isinstance(to, State | tuple)
            value = position.reckoning.now(figure) if to is None else to
            return judging.of_figures(among, {figure: value})
        case "earlier":
            topic, kind, status = judging.earlier.get((names[0], variable.number), ("", "", ""))
            return judging.of_earlier(((topic, kind, status if to is None else str(to)),))
        case _:
            now = position.facts.judgments[names[0]]
            return judging.of_given(names[0], now if to is None else frozenset({str(to)}))


@settings(RANDOM, max_examples=40)
@given(
    st.booleans().flatmap(lambda alone: cases(2, 2, 2, 2, alone=alone)),
    st.randoms(use_true_random=False),
)
def test_what_everything_adds_up_to_gives_the_grades_by_definition(
    case: Case, random: Random
) -> None:
    for facts in case.facts:
        position = position_of(case.pack, facts)
        free = Free(case.pack, facts, position.reachable)
        could = {v: states for v, states in free.could().items() if states}
        for group, state in position.states.items():
            assert of(state) == comes_to(case.pack, group, facts)
        for judgment in position.graded:
            if judgment in facts.judgments:
                continue
            judging = Judging(position, judgment)
            assert judging.grades(judging.now) == position.final.judgments[judgment]
            for size in (1, 2, len(could)):
                chosen = random.sample(list(could), min(size, len(could)))
                changes = {variable: random.choice(could[variable]) for variable in chosen}
                found = judging.grades(added(judging, changes))
                assert found == free.grades(judgment, changes)
