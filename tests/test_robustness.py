"""How firmly grades stand: counts against brute force, labels at their edges, and what is said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from grading.derive.derive import derive
from grading.derive.draws import redrawn
from grading.derive.sources import sources_by
from grading.derive.withdraw import withdraw
from grading.explain.balance import Altered, Balance, Held
from grading.explain.perturbation import Perturbation, Redraw, Withdrawal, Within
from grading.explain.perturbations import Perturbations
from grading.explain.robustness import robustness
from grading.explain.tally import possible
from grading.explain.withdrawals import FAMILY_OF
from grading.judge.judgments import Grading as Run
from grading.rules.facts import Facts
from grading.rules.loaded import Pack
from grading.rules.rule import Compared, Count, OutcomeIn, Sought, leaves
from grading.rules.stages import by_definition
from tests.inspections import derivations, graded, inspections
from tests.packs import Case, cases

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


@RANDOM
@given(cases(facts=1, questions=2, criteria=3, depth=2), st.data())
def test_what_is_counted_is_what_brute_force_counts(case: Case, data: st.DataObject) -> None:
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
            name: replace(fact, value=values[name]) if name in values else fact
            for name, fact in facts.indicators.items()
            if name not in values or values[name] is not None
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
