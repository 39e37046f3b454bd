"""The grades over all completions, and what would narrow them: against brute force, and by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, islice, product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from grading.commands.common import load
from grading.derive.derive import SCALES
from grading.derive.standing import Roles
from grading.derive.withdraw import withdraw
from grading.explain import sums
from grading.explain.unknowns import Missing, Told, Unknowns, unknowns
from grading.explain.variables import Variable
from grading.judge.earlier import STATUSES
from grading.judge.groups import Group
from grading.judge.judging import Judging
from grading.judge.method import grade, program_of
from grading.judge.observations import codings, observed
from grading.judge.position import Position, position, position_of
from grading.judge.states import State, kinds_of_finding
from grading.rules.definition import holds, shows
from grading.rules.facts import WITHDRAWN, Facts, IndicatorFact, RecordFact, Standing
from grading.rules.load import load_pack
from grading.rules.loaded import OVERALL, Pack
from grading.rules.rule import Count, Sought
from grading.rules.stages import advance, rungs
from tests import packs
from tests.evidence import earlier, grid, nodes, subsets
from tests.free import asked_indicators, graded
from tests.packs import CODING, Case, cases

ROOT = Path(__file__).parent.parent
SCORES = {
    "hygiene": (0, 5, 10, 15, 20, 25),
    "structural": (0, 5, 10, 15, 20, 25),
    "confidence-in-management": (0, 5, 10, 20, 30),
}
RANDOM = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
ByState = dict[tuple[Group, State], set[str]]


def small(enough: bool) -> None:
    """Another example is drawn where there is too much to try."""
    if not enough:
        reject()


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
        small(all(count.fewest < 5 for count in counts))
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
    small(2 ** len(added) * len(values) * len(previous) * len(judgments) < 400)
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


def brute(position: Position, judgments: Sequence[str]) -> dict[str, tuple[set[str], ByState]]:
    """The grades in all completions, and those with each group in each state that completions give."""
    pack = position.pack
    found: dict[str, tuple[set[str], ByState]] = {j: (set(), {}) for j in judgments}
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
            small(len(done) < 1500)
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


@settings(RANDOM, max_examples=50)
@given(st.booleans().flatmap(lambda alone: cases(2, 2, 2, 2, alone=alone)))
def agrees(case: Case) -> None:
    for facts in (known for drawn in case.facts for known in less(case.pack, drawn)):
        here = position_of(case.pack, facts)
        open_ = [
            j for j in here.graded if len(here.final.judgments[j]) > 1 and j not in facts.judgments
        ]
        if not open_:
            continue
        expected = brute(here, open_)
        for judgment in open_:
            every, told = expected[judgment]
            found = unknowns(here, judgment)
            assert every <= set(found.three_valued)
            if not found.exact:
                assert (found.grades, found.missing) == (found.three_valued, ())
                continue
            assert set(found.grades) == every
            missing = {m.variable: m for m in found.missing}
            # criteria that no ladder sees may ask about the same figure, and are not told of
            for group in Judging(here, judgment).groups:
                left = {s: grades for (g, s), grades in told.items() if g == group}
                variable = Variable("criteria", group.criteria)
                if variable in missing:
                    says = {to: set(t.grades) for t in missing[variable].told for to in t.to}
                    assert says == left
                else:
                    assert len(left) == 1 or all(grades == every for grades in left.values())
            SEEN.append((len(found.three_valued), len(found.grades), len(found.missing)))


def test_the_grades_are_those_of_all_completions_and_three_values_exclude_none() -> None:
    SEEN.clear()
    agrees()
    assert sum(exact < three for three, exact, _ in SEEN) >= 10  # exactness says more
    assert sum(missing > 0 for *_, missing in SEEN) >= 10


# figures


def rating(scores: Iterable[int]) -> str:
    """The rating of the food hygiene scheme as it is published, by the total and the worst score."""
    found = list(scores)
    for stars, highest, worst in ((5, 15, 5), (4, 20, 10), (3, 30, 10), (2, 40, 15), (1, 50, 20)):
        if sum(found) <= highest and max(found) <= worst:
            return str(stars)
    return "0"


def cafe(scores: Mapping[str, int], tmp_path: Path) -> Position:
    """A café with these scores, and no record of the others."""
    source = ROOT / "evidence/food-hygiene/the-copper-kettle"
    head, *lines = (source / "metrics.csv").read_text("utf-8").splitlines()
    rows = [line.split(",") for line in lines]
    kept = [",".join([*row[:3], str(scores[row[1]]), *row[4:]]) for row in rows if row[1] in scores]
    (tmp_path / "metrics.csv").write_text("\n".join([head, *kept]) + "\n", "utf-8")
    (tmp_path / "inspection.yaml").write_bytes((source / "inspection.yaml").read_bytes())
    evidence, pack = load(tmp_path, None, ROOT / "rules")
    return position(grade(evidence, program_of(pack)))


def test_a_score_of_25_alone_makes_the_rating_exactly_0(tmp_path: Path) -> None:
    found = unknowns(cafe({"hygiene": 25}, tmp_path), "food-hygiene-rating")
    assert found == Unknowns(
        judgment="food-hygiene-rating",
        three_valued=("5", "4", "3", "2", "1", "0"),
        grades=("0",),
        exact=True,
        missing=(),
    )


@pytest.mark.parametrize(
    "known", [some for n in range(3) for some in combinations(SCORES, n)], ids=str
)
def test_with_some_scores_the_ratings_are_those_of_all_others(
    known: tuple[str, ...], tmp_path: Path
) -> None:
    for values in product(*(SCORES[name][1::2] for name in known)):
        scores = dict(zip(known, values, strict=True))
        others = [name for name in SCORES if name not in known]
        possible = {
            others_: rating([*values, *others_])
            for others_ in product(*(SCORES[name] for name in others))
        }
        found = unknowns(cafe(scores, tmp_path), "food-hygiene-rating")
        assert (found.exact, set(found.grades)) == (True, set(possible.values()))
        for missing in found.missing:
            place = others.index(missing.variable.names[0])
            for told in missing.told:
                for to in told.to:
                    left = {r for score, r in possible.items() if score[place] == to}
                    assert set(told.grades) == left


def test_the_missing_score_is_told_by_what_it_leaves(tmp_path: Path) -> None:
    found = unknowns(
        cafe({"structural": 10, "confidence-in-management": 5}, tmp_path), "food-hygiene-rating"
    )
    (missing,) = found.missing
    assert missing == Missing(
        Variable("series", ("hygiene",)),
        (
            Told((Decimal(0), Decimal(5)), ("4",)),
            Told((Decimal(10),), ("3",)),
            Told((Decimal(15),), ("2",)),
            Told((Decimal(20),), ("1",)),
            Told((Decimal(25),), ("0",)),
        ),
    )
    assert (missing.worst, missing.best) == (1, 1)


def test_sums_of_scores_without_a_list_are_left_to_three_values(tmp_path: Path) -> None:
    whole = cafe({"hygiene": 25}, tmp_path)
    unlisted = {n: s.model_copy(update={"values": ()}) for n, s in whole.pack.series.items()}
    position = replace(whole, pack=replace(whole.pack, series=unlisted))
    found = unknowns(position, "food-hygiene-rating")
    assert (found.exact, found.grades, found.missing) == (False, ("5", "4", "3", "2", "1", "0"), ())


def test_what_takes_too_long_is_left_to_three_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sums, "MOST_SUMS", 2)
    found = unknowns(without_fieldwork(), "investigating-crime")
    assert (found.exact, found.grades) == (False, ("good", "requires-improvement", "inadequate"))


SHARED = {
    "pack.yaml": """\
id: random
version: 1.0.0
title: A pack
framework: random
source: Nowhere
in-force: {from: 2016-01-01}
scale: {grades: {good: {label: good, symbol: g}, poor: {label: poor, symbol: p}}}
questions: [q1]
evidence-policy: {roles: {metric: deciding}}
ladders:
  q1:
    says: Both are met
    basis: pack
    rungs: {good: {count: [meets], of: criteria, all-but: 0}, poor: {otherwise: true}}
history: [{version: 1.0.0, date: 2016-01-01, says: First}]
""",
    "series.yaml": """\
series:
  s: {title: A series, unit: percent, direction: none, role: deciding, cite: Here}
""",
    "indicators.yaml": """\
indicators:
  i: {title: A figure, method: value, series: [s], unit: percent, cite: Here}
""",
    "q1.yaml": """\
question: q1
title: A question
cite: Here
ladder: q1
sub-questions:
  part:
    title: A part
    cite: Here
    criteria:
      high:
        says: It is high
        cite: Here
        core: true
        topics: {t1: A topic}
        improve: Raise it
        recommend: Raise it
        basis: pack
        meets: {indicator: i, at-least: 50, basis: pack}
        falls-short: {indicator: i, below: 50, basis: pack}
      low:
        says: It is low
        cite: Here
        core: true
        topics: {t2: A topic}
        improve: Lower it
        recommend: Lower it
        basis: pack
        meets: {indicator: i, below: 50, basis: pack}
        falls-short: {indicator: i, at-least: 50, basis: pack}
""",
}


def test_a_figure_that_two_criteria_ask_about_has_one_value_in_both() -> None:
    found = unknowns(position_of(packs.load(SHARED), Facts()), "q1")
    assert (found.three_valued, found.grades, found.exact) == (("good", "poor"), ("poor",), True)


def test_what_a_figure_and_the_criteria_that_ask_about_it_would_narrow() -> None:
    """Read: from 50 to 60 the second criterion shows neither, and silence leaves it met or unknown."""
    below = "meets: {indicator: i, below: 50"
    criteria = SHARED["q1.yaml"].replace(below, "meets: {indicator: i, at-least: 60")
    below = "falls-short: {indicator: i, at-least: 50"
    files = {**SHARED, "q1.yaml": criteria.replace(below, "falls-short: {indicator: i, below: 50")}
    found = unknowns(position_of(packs.load(files), Facts()), "q1")
    assert [(m.variable.names[0], m.worst, m.best) for m in found.missing] == [
        ("low", 1, 1),
        ("i", 2, 1),
        ("high", 2, 1),
    ]
    assert found.missing[1].told == (
        Told((Decimal(60), Decimal(61)), ("good",)),
        Told((Decimal(49),), ("poor",)),
        Told((Decimal(50), Decimal(55)), ("good", "poor")),
    )


# what is open otherwise


def without_fieldwork() -> Position:
    """Durham as if nobody had been there: 61 criteria that are all open."""
    evidence, pack = load(ROOT / "evidence/peel-effectiveness-2016/durham")
    return position(grade(evidence, program_of(pack), frozenset({"fieldwork"})))


def test_seventeen_open_criteria_are_no_problem() -> None:
    """Read: an earlier area is still open, so that it is good at best, whatever is found."""
    found = unknowns(without_fieldwork(), "investigating-crime")
    assert found.grades == ("good", "requires-improvement", "inadequate")
    assert found.exact
    core = ["outcomes", "initial-investigation", "investigation-quality", "victim-care"]
    names = [missing.variable.names[0] for missing in found.missing]
    assert names == [*core, "offender-management"]
    # one of the core that fails as a whole is the end of it; no other finding settles anything
    assert {(m.worst, m.best) for m in found.missing} == {(3, 1)}
    (failing, *_) = found.missing[0].told
    assert failing.grades == ("inadequate",)
    assert all(isinstance(to, State) and to.shown[0].truth for to in failing.to)


def test_a_criterion_whose_evidence_may_not_decide_is_open_and_so_is_its_grade() -> None:
    """Read: files alone speak for the one core criterion; met or not shown is what it may be."""
    pack = load_pack(ROOT / "rules/peel-effectiveness-2016")
    files = Standing("file-review", "corroborating")
    record = RecordFact("r", "reducing-re-offending", "offender-management", True, {}, False, files)
    facts = Facts({record.topic: (record,)}, frozenset(pack.topics), previous={})
    found = unknowns(position_of(pack, facts), "reducing-re-offending")
    assert (found.grades, found.exact) == (("good", "requires-improvement"), True)
    (missing,) = found.missing
    assert missing.variable == Variable("criteria", ("offender-management",))
    told = [
        (told.grades, [sorted(to.outcomes[0]) for to in told.to if isinstance(to, State)])
        for told in missing.told
    ]
    assert told == [(("good",), [["meets"]]), (("requires-improvement",), [["unknown"]])]


def test_earlier_findings_that_were_not_gathered_may_be_any() -> None:
    """Read: an open area would make it good, an open concern would make it require improvement."""
    evidence, pack = load(ROOT / "evidence/peel-effectiveness-2016/durham")
    found = unknowns(
        position(grade(evidence, program_of(pack), frozenset({"previous"}))), "preventing-crime"
    )
    assert found.grades == ("outstanding", "good", "requires-improvement")
    (missing,) = found.missing
    assert (missing.variable.kind, missing.worst, missing.best) == ("earlier", 1, 1)
    topic = missing.variable.names[0]
    area, concern = "area-for-improvement", "cause-of-concern"
    assert missing.told == (
        Told(((),), ("outstanding",)),
        Told((((topic, area, "unresolved"),),), ("good",)),
        Told(
            (
                ((topic, concern, "unresolved"),),
                ((topic, concern, "unresolved"), (topic, area, "unresolved")),
            ),
            ("requires-improvement",),
        ),
    )


EARLIER = """\
question: q1
title: A question
cite: Here
ladder: q1
sub-questions:
  part:
    title: A part
    cite: Here
    criteria:
      done:
        says: It was done
        cite: Here
        core: true
        topics: {t1: A topic}
        improve: Do it
        recommend: Do it
        basis: pack
        meets: {previous: area-for-improvement, status: [resolved], at-least: 1}
        falls-short: {previous: area-for-improvement, status: [resolved], at-most: 0}
"""
RESOLVED = "{previous: area-for-improvement, status: [resolved], at-most: 0}"


@pytest.mark.parametrize(
    "previous", [None, {"t1": (("area-for-improvement", WITHDRAWN),)}], ids=["none", "withdrawn"]
)
def test_earlier_findings_are_the_same_for_criteria_and_for_ladders(
    previous: dict[str, tuple[tuple[str, str], ...]] | None,
) -> None:
    """Read: the criterion is met exactly where the limiter does not bite, so that one of them holds."""
    both = "good: {any: [{count: [meets], of: criteria, all-but: 0}, " + RESOLVED + "]}"
    manifest = SHARED["pack.yaml"].replace("good: {count: [meets], of: criteria, all-but: 0}", both)
    pack = packs.load({**SHARED, "pack.yaml": manifest, "q1.yaml": EARLIER})
    found = unknowns(position_of(pack, Facts(previous=previous)), "q1")
    assert (found.three_valued, found.grades, found.exact) == (("good", "poor"), ("good",), True)
    alone = packs.load({**SHARED, "q1.yaml": EARLIER})
    found = unknowns(position_of(alone, Facts(previous=previous)), "q1")
    assert (found.grades, found.exact) == (("good", "poor"), True)
    assert [m.variable for m in found.missing] == [
        Variable("earlier", ("t1",)),
        Variable("criteria", ("done",)),
    ]


def test_what_rests_on_evidence_that_may_not_decide_is_so_or_is_not_in_ladders_too() -> None:
    """Files alone tell of a critical weakness on one core criterion of the first question.

    Whether it has an outcome, a finding and a grade by it is withheld, each time; all is tried.
    """
    pack = load_pack(ROOT / "rules/peel-effectiveness-2016")
    fieldwork, files = Standing("fieldwork", "deciding"), Standing("file-review", "corroborating")
    records = {
        topic: (RecordFact(topic, topic, name, True, {}, False, fieldwork),)
        for name, criterion in pack.criteria.items()
        for topic in list(criterion.written.topics)[:1]
    }
    weak = RecordFact(
        "w", "problem-solving", "problem-solving", False, {"severity": 4}, False, files
    )
    low = {
        name: IndicatorFact(name, Decimal(0), Roles(pack).of_indicator(pack.indicators[name]), ())
        for name in asked_indicators(pack)
    }
    every = {**records, weak.topic: (weak,)}
    facts = Facts(every, frozenset(pack.topics), low, previous={})
    here = position_of(pack, facts)
    expected = brute(here, ["preventing-crime", "overall"])
    for judgment, (grades_, _) in expected.items():
        found = unknowns(here, judgment)
        assert (set(found.grades), found.exact) == (grades_, True)
    assert expected["preventing-crime"][0] == {"good", "requires-improvement", "inadequate"}


def test_a_judgment_that_is_withheld_has_each_of_its_grades_where_it_is_counted() -> None:
    """Read: files alone tell of a weakness, so that the question is good or poor, and so is the whole."""
    rungs_ = "rungs: {good: {judgments: [good], at-least: 1}, poor: {otherwise: true}}"
    manifest = SHARED["pack.yaml"].replace(
        "good: {count: [meets], of: criteria, all-but: 0}", "good: {none: [{weakness: {of: core}}]}"
    )
    manifest = manifest.replace(
        "{metric: deciding}", "{metric: deciding, fieldwork: deciding, file-review: corroborating}"
    ).replace(
        "history:",
        f"  whole: {{says: So, basis: pack, {rungs_}}}\n"
        "overall: {title: All, policy: mine, ladder: whole}\nhistory:",
    )
    pack = packs.load({**SHARED, "pack.yaml": manifest})
    files = Standing("file-review", "corroborating")
    weak = RecordFact("w", "t1", "high", False, {}, False, files)
    number = IndicatorFact("i", Decimal(60), frozenset({Standing("metric", "deciding")}), ())
    facts = Facts({"t1": (weak,)}, frozenset(pack.topics), {"i": number}, previous={})
    for judgment in ("q1", "overall"):
        found = unknowns(position_of(pack, facts), judgment)
        assert (found.grades, found.exact, found.missing) == (("good", "poor"), True, ())


def test_a_finding_that_is_withheld_is_there_or_is_not() -> None:
    """Read: with one finding it is good, without any it is good too; three values leave it open."""
    manifest = SHARED["pack.yaml"].replace(
        "good: {count: [meets], of: criteria, all-but: 0}",
        "good: {any: [{findings: strength, of: criteria, at-least: 1},"
        " {findings: strength, of: criteria, at-most: 0}]}",
    )
    manifest = manifest.replace("{metric: deciding}", "{metric: corroborating}").replace(
        "history:",
        "findings:\n  f: {kind: strength, when: {indicator: i, at-least: 50, basis: pack},"
        " say: says, basis: pack}\nhistory:",
    )
    files = {**SHARED, "pack.yaml": manifest}
    files["series.yaml"] = files["series.yaml"].replace("role: deciding", "role: corroborating")
    metric = frozenset({Standing("metric", "corroborating")})
    facts = Facts(indicators={"i": IndicatorFact("i", Decimal(60), metric, ())})
    found = unknowns(position_of(packs.load(files), facts), "q1")
    assert (found.three_valued, found.grades, found.exact) == (("good", "poor"), ("good",), True)


def test_a_judgment_whose_record_was_withdrawn_may_be_any() -> None:
    evidence, pack = load(ROOT / "evidence/peel-effectiveness-2016/example-force")
    run = grade(evidence, program_of(pack))
    facts = withdraw(run.derivation, evidence, pack, frozenset({"pv-004"})).facts
    position = position_of(pack, facts)
    found = unknowns(position, "serious-and-organised-crime")
    assert found.grades == found.three_valued == pack.grades
    assert found.missing[0].told == tuple(Told((grade,), (grade,)) for grade in pack.grades)
    # two questions require improvement, so that a third one moves nothing but at the bottom
    assert unknowns(position, "overall").grades == ("requires-improvement",)


def test_a_settled_judgment_has_one_grade_and_nothing_is_missing() -> None:
    evidence, pack = load(ROOT / "evidence/peel-effectiveness-2016/durham")
    found = unknowns(position(grade(evidence, program_of(pack))), "overall")
    assert found == Unknowns("overall", ("outstanding",), ("outstanding",), True, ())
