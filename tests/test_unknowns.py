"""The grades over all completions, and what would narrow them: against brute force, and by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, product

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from grading.derive.derive import SCALES
from grading.derive.standing import Roles
from grading.explain.unknowns import unknowns
from grading.explain.variables import Variable
from grading.judge.earlier import STATUSES
from grading.judge.groups import Group
from grading.judge.judging import Judging
from grading.judge.observations import codings, observed
from grading.judge.position import Position, position_of
from grading.judge.states import State, kinds_of_finding
from grading.rules.definition import holds, shows
from grading.rules.facts import WITHDRAWN, Facts, IndicatorFact, RecordFact, Standing
from grading.rules.loaded import OVERALL, Pack
from grading.rules.rule import Count, Sought
from grading.rules.stages import advance, rungs
from tests.evidence import earlier, grid, nodes, subsets
from tests.free import asked_indicators, graded
from tests.packs import CODING, Case, cases

RANDOM = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
Told = dict[tuple[Group, State], set[str]]


def more(pack: Pack, facts: Facts) -> list[RecordFact]:
    """The records that a completion may add: one for all of a kind that show the same of a criterion."""
    every = [r for about in facts.records.values() for r in about]
    again = [replace(r, withdrawn=False) for r in every if r.withdrawn]
    filled = [
        replace(record, levels=levels, withdrawn=False)
        for record in every
        if record.open
        for levels in fillings(record)
    ]
    topics = [t for t, criterion in pack.topics.items() if criterion and t not in facts.concluded]
    new = [observed(pack, "", seen) for seen in codings(pack, topics)]
    sought = nodes(pack, Sought)
    found: dict[tuple[str, Standing, tuple[bool, ...]], RecordFact] = {}
    for record in (*again, *filled, *new):
        does = [record.topic in n.topics and shows(record, n, left_out=False) for n in sought]
        if any(does):
            about = pack.topics[record.topic] or ""
            found.setdefault((about, record.standing, tuple(does)), replace(record, open=False))
    return list(found.values())


def fillings(record: RecordFact) -> Iterator[dict[str, int]]:
    """The levels of a record with any levels on the scales that it leaves out."""
    scales = SCALES[:3] if record.supports else SCALES
    left_out = [scale for scale in scales if scale not in record.levels]
    for ranks in product(*(range(len(CODING[scale]) + 1) for scale in left_out)):
        chosen = {s: rank for s, rank in zip(left_out, ranks, strict=True) if rank}
        yield {**record.levels, **chosen}


def found_earlier(pack: Pack, facts: Facts) -> list[dict[str, tuple[tuple[str, str], ...]]]:
    """The earlier findings that there may be."""
    counts = [c for c in nodes(pack, Count) if c.counted == "previous"]
    if facts.previous is None:
        assume(all(count.fewest < 5 for count in counts))
        return list(islice(earlier(counts), 400))
    every: list[dict[str, tuple[tuple[str, str], ...]]] = [{}]
    for topic, items in facts.previous.items():
        for kind, status in items:
            statuses = (*STATUSES, None) if status == WITHDRAWN else (status,)
            every = [
                {**before, topic: (*before.get(topic, ()), *([(kind, s)] if s else []))}
                for before in every
                for s in statuses
            ]
    return every


def settled(pack: Pack, facts: Facts) -> Iterator[Facts]:
    """The facts with all evidence settled, in every way that there is."""
    added = more(pack, facts)
    stand = {
        topic: tuple(replace(r, open=False) for r in about if not r.withdrawn)
        for topic, about in facts.records.items()
    }
    missing = sorted(asked_indicators(pack) - facts.indicators.keys())
    values = list(product(*(grid(pack, name) for name in missing)))
    previous = found_earlier(pack, facts)
    judgments = list(product(*(sorted(facts.judgments[q]) for q in facts.judgments)))
    assume(2 ** len(added) * len(values) * len(previous) * len(judgments) < 400)
    roles = Roles(pack)
    for records, numbers, findings, grades in product(
        list(subsets(added)), values, previous, judgments
    ):
        figures = {
            name: IndicatorFact(name, value, roles.of_indicator(pack.indicators[name]), ())
            for name, value in zip(missing, numbers, strict=True)
        }
        yield Facts(
            records={t: (*stand.get(t, ()), *records.get(t, ())) for t in {**stand, **records}},
            concluded=frozenset(pack.topics),
            indicators={**facts.indicators, **figures},
            previous=findings,
            judgments={q: frozenset({g}) for q, g in zip(facts.judgments, grades, strict=True)},
        )


def concluded(pack: Pack, facts: Facts) -> Iterator[Facts]:
    """Settled facts with every outcome and finding that is open drawn one way or another."""
    truths = {
        r.id: holds(r.body, facts).settled for r in pack.rules.values() if r.stage == "criteria"
    }
    outcomes = advance(pack, "criteria", truths, facts).outcomes
    for chosen in product(*(sorted(outcomes[c]) for c in outcomes)):
        known = replace(
            facts, outcomes={c: frozenset({o}) for c, o in zip(outcomes, chosen, strict=True)}
        )
        truths = {
            r.id: holds(r.body, known).settled for r in pack.rules.values() if r.stage == "findings"
        }
        findings = advance(pack, "findings", truths, known).findings
        decided = [(True, False) if truth is None else (truth,) for truth in findings.values()]
        for each in product(*decided):
            yield replace(known, findings=dict(zip(findings, each, strict=True)))


def grades(pack: Pack, judgment: str, facts: Facts) -> set[str]:
    """The grades that conclusions leave; of judgments below, whichever each may have."""
    if judgment != OVERALL:
        return set(graded(pack, judgment, facts))
    below = [q for q in pack.graded if q not in facts.judgments]
    found: set[str] = set()
    for chosen in product(*(sorted(graded(pack, question, facts)) for question in below)):
        judged = {q: frozenset({g}) for q, g in zip(below, chosen, strict=True)}
        found |= graded(pack, OVERALL, replace(facts, judgments={**facts.judgments, **judged}))
    return found


def brute(position: Position, judgments: Sequence[str]) -> dict[str, tuple[set[str], Told]]:
    """The grades in all completions, and those with each group in each state that completions give."""
    pack = position.pack
    found: dict[str, tuple[set[str], Told]] = {j: (set(), {}) for j in judgments}
    done = set()
    for evidence in settled(pack, position.facts):
        for facts in concluded(pack, evidence):
            states = tuple((group, state(pack, group, facts)) for group in position.states)
            key = (
                states,
                tuple(facts.indicators.items()),
                tuple((facts.previous or {}).items()),
                tuple(facts.judgments.items()),
            )
            if key in done:
                continue
            done.add(key)
            assume(len(done) < 1500)
            for judgment in judgments:
                left = grades(pack, judgment, facts)
                every, told = found[judgment]
                every |= left
                for group, reached in states:
                    told.setdefault((group, reached), set()).update(left)
    return found


def state(pack: Pack, group: Group, facts: Facts) -> State:
    kinds = kinds_of_finding(pack)
    return State(
        tuple(facts.outcomes[c] for c in group.criteria),
        tuple(tuple(facts.findings[kind, c] for kind in kinds) for c in group.criteria),
        tuple(holds(node, facts) for node in group.later),
    )


SEEN: list[tuple[int, int, int]] = []


def less(pack: Pack, facts: Facts) -> Iterator[Facts]:
    """The facts, and the facts without the first of each sort of thing that can be withdrawn."""
    yield facts
    records = {
        topic: (replace(about[0], withdrawn=True), *about[1:])
        for topic, about in facts.records.items()
    }
    previous = {
        topic: ((items[0][0], WITHDRAWN), *items[1:])
        for topic, items in (facts.previous or {}).items()
    }
    yield replace(
        facts,
        records=records,
        previous=None if facts.previous is None else previous,
        judgments={q: frozenset(rungs(pack, q)) for q in facts.judgments},
    )


@settings(RANDOM, max_examples=30)
@given(st.booleans().flatmap(lambda alone: cases(2, 2, 2, 2, alone=alone)))
def agrees(case: Case) -> None:
    for facts in (known for drawn in case.facts for known in less(case.pack, drawn)):
        position = position_of(case.pack, facts)
        open_ = [
            j
            for j in position.graded
            if len(position.final.judgments[j]) > 1 and j not in facts.judgments
        ]
        if not open_:
            continue
        expected = brute(position, open_)
        for judgment in open_:
            every, told = expected[judgment]
            found = unknowns(position, judgment)
            assert every <= set(found.three_valued)
            if not found.exact:
                assert (found.grades, found.missing) == (found.three_valued, ())
                continue
            assert set(found.grades) == every
            missing = {m.variable: m for m in found.missing}
            # criteria that no ladder sees may ask about the same figure, and are not told of
            for group in Judging(position, judgment).groups:
                left = {s: grades for (g, s), grades in told.items() if g == group}
                variable = Variable("criteria", group.criteria)
                if variable in missing:
                    says = {to: set(t.grades) for t in missing[variable].told for to in t.to}
                    assert says == left
                else:
                    assert len(left) == 1 or all(grades == every for grades in left.values())
            SEEN.append((len(found.three_valued), len(found.grades), len(found.missing)))


def test_the_grades_are_those_of_all_completions() -> None:
    SEEN.clear()
    agrees()
    print(SEEN)
