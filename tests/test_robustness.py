"""How firmly grades stand: counts against brute force, labels at their edges, and what is said."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped,unused-ignore]

from grading.commands.common import load
from grading.derive.derive import derive
from grading.derive.draws import redrawn
from grading.derive.sources import Source, sources_by
from grading.derive.withdraw import withdraw
from grading.evidence.evidence import Evidence
from grading.explain.balance import CONVENTIONS, Altered, Balance, Held
from grading.explain.perturbation import (
    FAMILIES,
    Change,
    Family,
    MissingBody,
    Perturbation,
    Redraw,
    Withdrawal,
    Within,
)
from grading.explain.perturbations import Perturbations
from grading.explain.robustness import robustness
from grading.explain.robustness_lines import WORDS, robustness_lines
from grading.explain.tally import possible
from grading.explain.withdrawals import FAMILY_OF
from grading.judge.judgments import Grading as Run
from grading.judge.method import grade, program_of
from grading.problems import Place
from grading.record.document import document
from grading.record.document_parts import schema
from grading.record.parts import canonical
from grading.rules.facts import Facts
from grading.rules.loaded import Pack
from grading.rules.rule import Compared, Count, OutcomeIn, Sought, leaves
from grading.rules.stages import by_definition
from grading.rules.thresholds import Step, Threshold
from tests.inspections import derivations, graded, inspections
from tests.packs import Case, cases
from tests.test_bad_input import Grading, grading, home

__all__ = ["grading", "home"]

ROOT = Path(__file__).parent.parent
PEEL = ROOT / "evidence/peel-effectiveness-2016"
DRAWS, SEED = 25, 7
RANDOM = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


# against brute force


Asked = frozenset[tuple[str, ...]]


def asked_by(pack: Pack, name: str, settled: frozenset[str]) -> tuple[Asked, frozenset[str]]:
    """What the rules that lead to a judgment or criterion ask about, and those rules: by following all."""
    if name in settled:
        return frozenset({("judgment", name)}), frozenset()
    asked: set[tuple[str, ...]] = set()
    rules: set[str] = set()
    names, done = {name}, set[str]()
    findings: set[str] = set()
    while names - done or findings - rules:
        among = [
            rule
            for rule in pack.rules.values()
            if rule.id in findings
            or (rule.owner in names and rule.owner not in settled and rule.stage != "findings")
        ]
        done |= names
        for rule in among:
            rules.add(rule.id)
            for leaf in leaves(rule.body):
                match leaf:
                    case Sought(topics=topics):
                        asked |= {("topic", topic) for topic in topics}
                    case Compared(indicator=indicator):
                        asked.add(("indicator", indicator))
                    case OutcomeIn(criterion=criterion):
                        names.add(criterion)
                    case Count(counted="previous", members=members):
                        asked |= {("earlier", topic) for topic in members} | {("earlier",)}
                    case Count(counted="findings", kind=kind, members=members):
                        given_ = [n for n, f in pack.manifest.findings.items() if f.kind == kind]
                        findings |= {f"{m}.{n}" for m in members for n in given_}
                    case Count(members=members):
                        names |= set(members)
    asked |= {("judgment", owner) for owner in names & settled}
    return frozenset(asked), frozenset(rules)


def sees(asked: Asked, before: Facts, now: Facts) -> bool:
    """Whether anything that is asked about differs."""
    for ask in asked:
        match ask:
            case ("topic", topic):
                same = before.records.get(topic, ()) == now.records.get(topic, ())
                same = same and (topic in before.concluded) == (topic in now.concluded)
            case ("indicator", name):
                same = before.indicators.get(name) == now.indicators.get(name)
            case ("earlier",):
                same = (before.previous is None) == (now.previous is None)
            case ("earlier", topic):
                one, other = before.previous or {}, now.previous or {}
                same = one.get(topic) == other.get(topic)
            case (_, owner):
                same = before.judgments.get(owner) == now.judgments.get(owner)
        if not same:
            return True
    return False


@dataclass
class Counts:
    """What brute force counts of one judgment or criterion."""

    held: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    altered: list[Altered] = field(default_factory=list)
    set_aside: list[Altered] = field(default_factory=list)


def by_brute_force(run: Run, every: list[Perturbation]) -> dict[str, Counts]:
    """Each perturbation graded by the whole definition, and counted for each judgment and criterion."""
    pack, before = run.pack, run.derivation.facts
    settled = frozenset(before.judgments)
    names = [q for q, j in run.judgments.items() if j.graded] + list(pack.criteria)
    asked = {name: asked_by(pack, name, settled) for name in names}
    counts = {name: Counts() for name in names}
    base = by_definition(pack, before)[1]
    for one in every:
        final = by_definition(replace(pack, rules={**pack.rules, **one.rules}), one.facts)[1]
        for name in names:
            then, stood = possible(pack, name, final), possible(pack, name, base)
            seen, rules = asked[name]
            reached = bool(rules & one.rules.keys()) or sees(seen, before, one.facts)
            if isinstance(one.change, Within):
                reached = ("indicator", one.change.indicator) in seen
            if isinstance(one.change, Redraw):
                reached = any(("indicator", n) in seen for n, _ in one.change.values)
            if not reached:
                assert then == stood
                continue
            counted, times = counts[name], one.times
            altered = [] if then == stood else [Altered(one.family, one.change, then)]
            if takes_most(run, seen, one):
                counted.set_aside += altered
                continue
            counted.tried[one.family] += times
            counted.held[one.family] += 0 if altered else times
            counted.altered += altered
    return counts


def takes_most(run: Run, asked: Asked, one: Perturbation) -> bool:
    """Whether it leaves out a site, method or kind that gave most records, or was not gathered."""
    if not isinstance(one.change, Withdrawal):
        return False
    source, *_ = one.change.sources
    if source.by in ("record", "subjects"):
        return False
    everything = [p.record.id for p in run.evidence.every()]
    own = {record for record in everything if rests_on(run, asked, record)}
    if 2 * len(own.intersection(source.records)) > len(own):
        return True
    if source.by != "kind":
        return False
    told = withdraw(run.derivation, run.evidence, run.pack, frozenset(source.records)).facts
    return sees(asked, told, one.facts)


def rests_on(run: Run, asked: Asked, record: str) -> bool:
    """Whether what is asked about can see a record, or the weakness that it mitigates."""
    facts, evidence = run.derivation.facts, run.evidence
    for ask in asked:
        match ask:
            case ("topic", topic):
                if any(r.id == record and not r.withdrawn for r in facts.records.get(topic, ())):
                    return True
                for o in evidence.observations:
                    m = o.record.mitigation
                    if m and o.record.topic == topic and record in m.records:
                        return True
            case ("indicator", name) if name in facts.indicators:
                if record in facts.indicators[name].records:
                    return True
            case ("earlier", topic):
                if any(
                    p.record.id == record and p.record.topic == topic for p in evidence.previous
                ):
                    return True
            case ("judgment", owner):
                carried = evidence.inspection.carried_forward
                if any(c.record == record and c.question == owner for c in carried):
                    return True
    return False


def counted(balance: Balance) -> Counts:
    tried = Counter({str(f): h.tried for f, h in balance.families.items()})
    held = Counter({str(f): h.held for f, h in balance.families.items()})
    return Counts(held, tried, list(balance.altered), list(balance.set_aside))


def test_what_is_counted_is_what_brute_force_counts() -> None:
    seen: Counter[str] = Counter()

    @settings(RANDOM, max_examples=300)
    @given(cases(facts=1, questions=2, criteria=3, depth=2), st.data())
    def agrees(case: Case, data: st.DataObject) -> None:
        pack, evidence = data.draw(inspections(case.pack))
        derivation = data.draw(derivations(pack, evidence))
        with graded(pack, evidence, derivation) as run:
            every = list(Perturbations(run, DRAWS, SEED))
            found = robustness(run, DRAWS, SEED)
            expected = by_brute_force(run, every)
        balances = {**found.judgments, **found.criteria}
        assert {name: counted(balance) for name, balance in balances.items()} == expected
        base = by_definition(pack, derivation.facts)[1]
        assert {n: b.stands for n, b in balances.items()} == {
            n: possible(pack, n, base) for n in balances
        }
        for balance in balances.values():
            seen.update(f"{altered.family} altered" for altered in balance.altered)
            seen.update(f"{family} held" for family, held in balance.families.items() if held.held)
            seen.update(f"{altered.family} set aside" for altered in balance.set_aside)
            seen[str(balance.label)] += 1

    agrees()
    # what was compared was worth comparing
    tried = set(FAMILIES) - {"bodies"}
    wanted = {f"{family} {how}" for family in tried for how in ("altered", "held")}
    wanted |= {"kinds set aside", "firm", "sensitive", "finely balanced", "None"}
    assert wanted - seen.keys() == set()


@RANDOM
@given(cases(facts=1, questions=2, criteria=3, depth=2), st.data())
def test_each_source_is_left_out_once_or_leaves_everything_as_it_is(
    case: Case, data: st.DataObject
) -> None:
    pack, evidence = data.draw(inspections(case.pack))
    derivation = data.draw(derivations(pack, evidence))
    with graded(pack, evidence, derivation) as run:
        every = [p for p in Perturbations(run, 0, SEED) if isinstance(p.change, Withdrawal)]
        stated = Perturbations(run, 0, SEED).stated
    of = {s: p for p in every if isinstance(p.change, Withdrawal) for s in p.change.sources}
    assert len(of) == sum(len(p.change.sources) for p in every if isinstance(p.change, Withdrawal))
    base = by_definition(pack, derivation.facts)[1]
    for by, family in FAMILY_OF.items():
        sources = [s for s in sources_by(evidence, by) if str(s) != "method=not-stated"]
        assert stated[family] == len(sources)
        for source in sources:
            records = frozenset(source.records)
            dropped = frozenset({source.name}) if by == "kind" else frozenset[str]()
            from_all = derive(evidence, pack, dropped) if by == "kind" else derivation  # type: ignore[arg-type]
            without = withdraw(from_all, evidence, pack, records, dropped)  # type: ignore[arg-type]
            if source in of:
                assert of[source].facts == without.facts
                assert FAMILY_OF[of[source].change.sources[0].by] == of[source].family  # type: ignore[union-attr]
            else:
                assert by_definition(pack, without.facts)[1].judgments == base.judgments
                assert by_definition(pack, without.facts)[1].outcomes == base.outcomes
    # no two withdrawals are of the same records, but for a kind that was not gathered
    told = [(p.change.records, bool(p.change.leaves_open)) for p in every]  # type: ignore[union-attr]
    assert len(set(told)) == len(told)


@RANDOM
@given(cases(facts=1, questions=2, criteria=3, depth=2), st.data())
def test_redraws_counted_together_are_those_graded_one_by_one(
    case: Case, data: st.DataObject
) -> None:
    pack, evidence = data.draw(inspections(case.pack))
    derivation = data.draw(derivations(pack, evidence))
    with graded(pack, evidence, derivation) as run:
        found = robustness(run, DRAWS, SEED)
    asked = {
        n.indicator for r in pack.rules.values() for n in leaves(r.body) if isinstance(n, Compared)
    }
    facts = derivation.facts
    sampled = [n for n, i in facts.indicators.items() if i.bounds is not None and n in asked]
    streams = {
        name: redrawn(drawn, pack.indicators[name].places, f"{SEED} {name}")
        for name in sampled
        if (drawn := derivation.indicators[name].drawn) is not None
    }
    assert streams.keys() == set(sampled)
    base = by_definition(pack, facts)[1]
    held: Counter[str] = Counter()
    for _ in range(DRAWS if sampled else 0):
        values = {name: next(stream) for name, stream in streams.items()}
        indicators = {
            name: replace(fact, value=value)
            for name, fact in facts.indicators.items()
            if (value := values.get(name, fact.value)) is not None
        }
        final = by_definition(pack, replace(facts, indicators=indicators))[1]
        for name in {**found.judgments, **found.criteria}:
            held[name] += possible(pack, name, final) == possible(pack, name, base)
    for name, balance in {**found.judgments, **found.criteria}.items():
        if balance.redraws.tried:
            assert balance.redraws == Held(held[name], DRAWS)
        elif sampled:
            assert held[name] == DRAWS  # no sample reaches it
    assert found.tried["redraws"] in (0, DRAWS)


# the words, at their edges


PLACES = tuple(Place("rules/p/pack.yaml", line=n) for n in range(1, 9))


def altered(family: Family, number: int, *, of: int, there: str = "poor") -> Balance:
    """A balance of one family, altered in so many of the changes that were tried."""
    changes: list[Change] = []
    for n in range(number):
        match family:
            case "thresholds":
                changes.append(Step(Threshold(PLACES[n], "at-least"), "up", {}, {}))
            case "samples":
                changes.append(Within("share", "low", Decimal(n)))
            case "redraws":
                changes.append(Redraw((("share", Decimal(n)),), 1))
            case _:
                source = Source("record", f"r-{n}", (f"r-{n}",))
                changes.append(Withdrawal((source,), frozenset(source.records)))
    every = tuple(Altered(family, change, (there,)) for change in changes)
    return Balance(("good",), {family: Held(of - number, of)}, every, ())


@pytest.mark.parametrize(
    ("balance", "label"),
    [
        (altered("records", 0, of=600), "firm"),
        (altered("records", 1, of=600), "sensitive"),
        (altered("records", 1, of=1), "sensitive"),
        (altered("records", 4, of=4), "sensitive"),  # not many, if all
        (altered("records", 5, of=50), "sensitive"),  # one in ten, not more
        (altered("records", 5, of=49), "finely balanced"),
        (altered("sources", 5, of=5), "finely balanced"),
        (altered("bodies", 4, of=42), "sensitive"),
        (altered("bodies", 5, of=42), "finely balanced"),
        (altered("thresholds", 2, of=2), "sensitive"),
        (altered("thresholds", 3, of=2000), "finely balanced"),
        (altered("samples", 1, of=100), "finely balanced"),
        (altered("redraws", 20, of=200), "sensitive"),
        (altered("redraws", 21, of=200), "finely balanced"),
        (replace(altered("records", 0, of=9), stands=("good", "poor")), None),
        (replace(altered("records", 9, of=9), stands=("good", "poor")), None),
    ],
)
def test_a_grade_is_firm_sensitive_or_finely_balanced(balance: Balance, label: str | None) -> None:
    assert balance.label == label


def test_a_threshold_that_alters_a_grade_both_ways_is_one_threshold() -> None:
    moved = [Step(Threshold(place, "at-most"), "up", {}, {}) for place in PLACES[:2]]
    both = [Altered("thresholds", step, ("poor",)) for step in moved]
    both += [Altered("thresholds", replace(step, way="down"), ("best",)) for step in moved]
    balance = Balance(("good",), {"thresholds": Held(96, 100)}, tuple(both), ())
    assert balance.label == "sensitive"
    other = Altered("thresholds", Step(Threshold(PLACES[1], "at-least"), "up", {}, {}), ("poor",))
    assert replace(balance, altered=(*both, other)).label == "finely balanced"


def test_what_was_set_aside_alters_no_label_and_redraws_enter_no_count_of_single_changes() -> None:
    balance = altered("records", 0, of=9)
    aside = altered("records", 9, of=9).altered
    assert replace(balance, set_aside=aside).label == "firm"
    drawn = replace(balance, families={"records": Held(8, 9), "redraws": Held(150, 200)})
    assert (drawn.singly, drawn.redraws) == (Held(8, 9), Held(150, 200))
    assert balance.redraws == Held(0, 0)


# by hand


@pytest.fixture(scope="module")
def durham() -> Run:
    return graded_of("durham")


@pytest.fixture(scope="module")
def force() -> Run:
    return graded_of("example-force")


def graded_of(name: str) -> Run:
    evidence, pack = load(PEEL / name)
    return grade(evidence, program_of(pack))


def bakery(home: Path) -> Run:
    evidence, pack = load(Path("evidence"))
    return grade(evidence, program_of(pack))


def told(balance: Balance) -> dict[str, tuple[int, int]]:
    return {family: (held.held, held.tried) for family, held in balance.families.items()}


def test_a_small_inspection_counted_by_hand(home: Path) -> None:
    """Read: the second fieldwork record is on a topic that no rule leading to a grade asks about."""
    found = robustness(bakery(home))
    assert dict(found.stated) == {
        "records": 9,
        "sources": 1,
        "sites": 0,
        "methods": 2,
        "kinds": 5,
        # levels of one question, each one way, and two numbers of another, each both ways
        "thresholds": 7,
        "samples": 0,
        "bodies": 0,
        "redraws": 0,
    }
    assert {name: told(balance) for name, balance in found.judgments.items()} == {
        "bread": {"records": (0, 2), "kinds": (0, 2), "thresholds": (7, 7)},
        "overall": {"records": (0, 2), "kinds": (0, 2), "thresholds": (7, 7)},
    }
    assert {name: told(balance) for name, balance in found.criteria.items()} == {
        "heat": {"records": (0, 1), "thresholds": (2, 2)},
        "output": {"records": (0, 1), "thresholds": (4, 4)},
    }


RECORDS = """records:
  - {id: fw-1, topic: oven-heat, direction: supports, extent: all, method: interview, site: Shop,
     statement: It is hot, heading: Ovens}
  - {id: fw-2, topic: oven-heat, direction: supports, extent: all, method: interview, site: shop,
     statement: It is hot, heading: Ovens}
"""
ONE_MORE = """  - {id: fw-3, topic: oven-heat, direction: contradicts, severity: minor, method: document,
     site: Back, statement: It is cool, heading: Ovens}
"""
BOTH_MORE = """  - {id: fw-4, topic: oven-heat, direction: contradicts, severity: minor, method: document,
     site: Back, statement: It is cool, heading: Ovens}
"""


def test_a_site_or_method_that_gave_more_than_half_is_set_aside_and_one_that_gave_half_is_not(
    home: Path,
) -> None:
    path = home / "evidence/fieldwork.yaml"
    path.write_text(RECORDS + ONE_MORE, "utf-8")
    heat = robustness(bakery(home)).criteria["heat"]
    aside = [a.change.sources for a in heat.set_aside if isinstance(a.change, Withdrawal)]
    # the site and the method are the same records, so they are one withdrawal
    assert [list(map(str, sources)) for sources in aside] == [
        ["site=Shop", "method=interview"],
        ["kind=fieldwork"],
    ]
    assert told(heat) == {"records": (3, 3), "thresholds": (1, 2)}
    path.write_text(RECORDS + ONE_MORE + BOTH_MORE, "utf-8")
    heat = robustness(bakery(home)).criteria["heat"]
    assert told(heat) == {"records": (4, 4), "sites": (1, 2), "thresholds": (1, 2)}


def test_a_kind_that_was_not_gathered_is_set_aside_where_that_leaves_more_open(
    durham: Run, force: Run
) -> None:
    """Read: without earlier findings an open cause of concern can limit each question."""
    for run in (durham, force):
        found = robustness(run, 0)
        for name in ("preventing-crime", "investigating-crime"):
            aside = [str(a.change.sources[0]) for a in found.judgments[name].set_aside]  # type: ignore[union-attr]
            assert "kind=fieldwork" in aside
    assert told(robustness(durham, 0).judgments["investigating-crime"])["kinds"] == (2, 2)


def test_durham_stands_as_firmly_as_this(durham: Run) -> None:
    """Read: what rests on single records of one criterion each, and on levels of the pack's own test."""
    found = robustness(durham)
    assert {n: (b.label, b.singly.held, b.singly.tried) for n, b in found.judgments.items()} == {
        "preventing-crime": ("finely balanced", 179, 189),
        "investigating-crime": ("firm", 342, 342),
        "protecting-vulnerable-people": ("sensitive", 273, 274),
        "serious-and-organised-crime": ("finely balanced", 225, 235),
        "overall": ("finely balanced", 869, 888),
    }
    assert not any(balance.redraws.tried for balance in found.judgments.values())


GOLDEN = sorted((ROOT / "tests/data/robustness").glob("*.txt"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_what_is_said_of_a_grade_is_what_was_read(path: Path) -> None:
    folder = next(f for f in (ROOT / "evidence").glob("*/*") if path.stem.startswith(f.name))
    name = path.stem.removeprefix(f"{folder.name}-")
    evidence, pack = load(folder)
    found = robustness(grade(evidence, program_of(pack)))
    assert list(robustness_lines(name, found, pack)) == path.read_text("utf-8").splitlines()


def test_what_is_said_is_a_page_and_every_number_and_id_in_it_is_in_the_record(force: Run) -> None:
    found, written = robustness(force), canonical(document(force))
    for name in (*found.judgments, *found.criteria):
        lines = list(robustness_lines(name, found, force.pack))
        assert len(lines) < 50
        for word in re.findall(r"\[([a-z0-9-]+)\]|([0-9]+)", " ".join(lines)):
            assert word[0] or word[1] in written


# ranks among fewer bodies


TABLE = ROOT / "tests/data/synthetic-43-bodies.csv"


def ranked(tmp_path: Path, missing: str = "") -> tuple[Evidence, Pack]:
    """An inspection that is twelfth of 42, where one body may have given no figures.

    A rule asks for the band, and another for its opposite.
    """
    rows = list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))
    for cells in rows:
        if (cells["body"], cells["series"]) == ("synthetic-07", "charged-or-summonsed-share"):
            cells["value"] = "14.1"
        if cells["body"] == missing:
            gone = {"value": "", "numerator": "", "denominator": ""}
            cells |= gone | {"status": "missing", "reason": "left out to see what rests on it"}
    table = tmp_path / f"table-{missing}.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    evidence, pack = load(ROOT / "tests/data/synthetic-inspection", None, ROOT / "rules", table)
    criterion = pack.criteria_of("investigating-crime")[0]
    bands: dict[str, tuple[str, ...]] = {
        "exceeds": (),
        "meets": ("broadly-in-line",),
        "falls-short": ("highest", "lowest"),
    }
    rules = {
        f"{criterion}.{name}": replace(
            pack.rules[f"{criterion}.{name}"],
            body=Compared(PLACES[0], "charged-band", "in", (), words),
        )
        for name, words in bands.items()
    }
    roles = {**pack.manifest.evidence_policy.roles, "metric": "deciding"}
    series = {
        name: model.model_copy(update={"role": "deciding"}) for name, model in pack.series.items()
    }
    policy = pack.manifest.evidence_policy.model_copy(update={"roles": roles})
    manifest = pack.manifest.model_copy(update={"evidence_policy": policy})
    changed = replace(pack, rules={**pack.rules, **rules}, series=series, manifest=manifest)
    return evidence, changed


def test_ranks_are_taken_again_without_each_other_body(tmp_path: Path) -> None:
    """Read: eleven bodies lie above; without one of them it is eleventh of 41, of which a quarter is
    ten or eleven as the share is rounded, so that there is no band."""
    evidence, pack = ranked(tmp_path)
    run = grade(evidence, program_of(pack))
    assert run.derivation.indicators["charged-band"].value == "broadly-in-line"
    found = robustness(run, 0)
    criterion = pack.criteria_of("investigating-crime")[0]
    assert (found.stated["bodies"], found.tried["bodies"]) == (42, 42)
    assert told(found.criteria[criterion])["bodies"] == (30, 41)
    assert found.criteria[criterion].label == "finely balanced"
    every = [leaf for rule in pack.rules.values() for leaf in leaves(rule.body)]
    asked = {leaf.indicator for leaf in every if isinstance(leaf, Compared)}
    for one in Perturbations(run, 0):
        if isinstance(one.change, MissingBody) and one.change.body[-1] in "27":
            fewer, _ = ranked(tmp_path, one.change.body)
            expected = derive(fewer, pack).facts.indicators
            assert {n: one.facts.indicators.get(n) for n in asked} == {
                n: expected.get(n) for n in asked
            }


# in a run


def test_a_run_says_how_firmly_each_grade_stands(home: Path, grading: Grading) -> None:
    ran = grading("run", "evidence", "--out", "run.txt")
    assert ran == (0, "", "")
    lines = (home / "run.txt").read_text("utf-8").splitlines()
    assert [line.split("  ")[0] for line in lines if "sensitive" in line.split()] == [
        "Is the bread good?",
        "Is it a good bakery?",
    ]
    assert WORDS in " ".join(" ".join(lines).split())
    # where everything is open, there is no word to explain
    assert "finely" not in grading("run", "evidence", "--drop-kind", "fieldwork").out.lower()


def test_the_record_of_a_run_says_how_firmly_everything_stands(force: Run) -> None:
    said = json.loads(canonical(document(force)))
    Draft202012Validator(schema()).validate(said)
    part = said["robustness"]
    assert (part["draws"], part["seed"]) == (200, 2016)
    assert part["conventions"] == list(CONVENTIONS)
    assert part["judgments"].keys() == {q for q, j in force.judgments.items() if j.graded}
    assert part["criteria"].keys() == force.pack.criteria.keys()
    assert part["criteria"]["allocation"]["by_family"]["redraws"] == {"held": 190, "tried": 200}
    drawn = [a for a in part["criteria"]["allocation"]["altered"] if a["family"] == "redraws"]
    assert sum(a["times"] for a in drawn) == 10
    assert {tuple(a["possible"]) for a in drawn} == {("exceeds",)}
    assert drawn[0]["says"].startswith("in ")
    moved = [a for a in part["judgments"]["investigating-crime"]["altered"] if a["place"]]
    assert moved[0] == {
        "family": "thresholds",
        "says": "if, for falling short of the standard, a weakness counted from “serious” up,"
        " not “moderate”",
        "sources": [],
        "place": "rules/peel-effectiveness-2016/pack.yaml:125:18",
        "times": 1,
        "possible": ["good"],
    }


@pytest.mark.usefixtures("at_root")
def test_another_seed_or_number_of_draws_gives_another_record_and_the_same_the_same(
    grading: Grading,
) -> None:
    words = ["explain", "evidence/peel-effectiveness-2016/example-force", "allocation"]
    words += ["--robustness", "--format", "json"]
    first = grading(*words).out
    assert grading(*words, "--seed", "2016", "--draws", "200").out == first
    assert grading(*words, "--draws", "50").out != first
    assert grading(*words, "--seed", "7").out != first


@pytest.fixture
def at_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
