"""A fault put into the engine or into the definition is seen, and its reproduction can be read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any as Anything

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from grading.engine import compile as compiling
from grading.engine import run as running
from grading.engine.reproduction import FILE, save
from grading.engine.run import Disagreement, run_checked
from grading.engine.shapes import EngineFault, EngineRule
from grading.rules import definition, stages
from grading.rules.facts import Facts, IndicatorFact, RecordFact, Standing
from grading.rules.loaded import Pack
from grading.rules.rule import Always, Any, Compared, Node, Sought, inside
from tests.packs import Case, cases, load, program

Patch = pytest.MonkeyPatch
FIELDWORK = Standing("fieldwork", "deciding")
SMALL = {
    "pack.yaml": """\
id: small
version: 1.0.0
title: A small pack
framework: small
source: Nowhere
in-force: {from: 2016-01-01}
scale: {grades: {good: {label: Good, symbol: g}, poor: {label: Poor, symbol: p}}}
questions: [q1]
evidence-policy: {roles: {fieldwork: deciding}}
ladders:
  plain:
    says: From the top
    basis: pack
    rungs: {good: {count: [meets], of: core, at-least: 1}, poor: {otherwise: true}}
history: [{version: 1.0.0, date: 2016-01-01, says: First}]
""",
    "q1.yaml": """\
question: q1
title: A question
cite: Here
ladder: plain
sub-questions:
  s1:
    title: A part
    cite: Here
    criteria:
      c1:
        says: It is done
        cite: Here
        core: true
        topics: {t1: A topic}
        basis: pack
        meets: {any: [{observed: {}}, {indicator: i1, at-least: 12.5, basis: pack}]}
        falls-short: {weakness: {}}
        improve: Do it
        recommend: Do it soon
""",
    "series.yaml": """\
series:
  s1: {title: S, unit: percent, direction: none, role: deciding, cite: Here}
""",
    "indicators.yaml": """\
indicators:
  i1: {title: One, method: value, series: [s1], unit: percent}
  i2: {title: Two, method: value, series: [s1], unit: percent}
""",
}


@pytest.fixture(scope="module")
def fixed() -> tuple[Case, ...]:
    """Cases that are the same on every run."""
    drawn: list[Case] = []

    @settings(
        max_examples=80,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(cases(5, questions=2, criteria=3, depth=2))
    def draw(case: Case) -> None:
        drawn.append(case)

    draw()
    return tuple(drawn)


def seen_in(case: Case) -> Iterator[str]:
    """What is raised on the facts of a case."""
    with program(case.pack) as compiled:
        for facts in case.facts:
            try:
                fired = run_checked(compiled, facts)
            except (Disagreement, EngineFault) as error:
                yield type(error).__name__
                continue
            if fired.facts != stages.by_definition(case.pack, facts)[1]:
                yield "other outcomes, findings or judgments"


def at_least_compiled_as_above(patch: Patch) -> None:
    patch.setitem(compiling._OPERATOR, "at-least", ">")


def at_most_compiled_as_below(patch: Patch) -> None:
    patch.setitem(compiling._OPERATOR, "at-most", "<")


def not_above_compiled_as_below(patch: Patch) -> None:
    patch.setitem(compiling._NEGATED, "above", "<")


def a_branch_of_any_not_compiled(patch: Patch) -> None:
    patch.setattr(compiling, "inside", lambda node: _shorter(node, inside(node)))


def a_rule_not_compiled(patch: Patch) -> None:
    whole = compiling._rules

    def fewer(node: Node, nodes: Mapping[Node, str], pack: Pack) -> Iterator[EngineRule]:
        return iter(()) if nodes[node] == next(iter(pack.rules)) else whole(node, nodes, pack)

    patch.setattr(compiling, "_rules", fewer)


def roles_ignored_by_the_engine(patch: Patch) -> None:
    patch.setattr(compiling, "sound", lambda way: True)


def absence_asserted_where_nobody_searched(patch: Patch) -> None:
    patch.setattr(running._Stepper, "_absent", lambda self, node: True)


def absence_asserted_of_no_topic(patch: Patch) -> None:
    patch.setattr(running._Stepper, "_absent", lambda self, node: False)


def a_limiter_lost_by_the_engine(patch: Patch) -> None:
    patch.setattr(running, "advance", _without_the_first_limiter(stages.advance))


def the_evidence_of_a_record_lost(patch: Patch) -> None:
    whole = running.record_fact
    patch.setattr(running, "record_fact", lambda r: replace(whole(r), way=frozenset()))


def at_least_read_as_above(patch: Patch) -> None:
    whole = definition.compares

    def strictly(node: Compared, value: object) -> bool:
        return whole(
            replace(node, operator="above") if node.operator == "at-least" else node, value
        )

    patch.setattr(definition, "compares", strictly)


def a_branch_of_any_not_read(patch: Patch) -> None:
    def shorter(node: Node, facts: Facts) -> tuple[Node, Facts]:
        return (
            replace(node, parts=_shorter(node, node.parts)) if isinstance(node, Any) else node
        ), facts

    _read_otherwise(patch, shorter)


def absence_read_where_nobody_searched(patch: Patch) -> None:
    def searched(node: Node, facts: Facts) -> tuple[Node, Facts]:
        topics = frozenset(node.topics) if isinstance(node, Sought) else frozenset()
        return node, replace(facts, concluded=facts.concluded | topics)

    _read_otherwise(patch, searched)


def otherwise_not_read(patch: Patch) -> None:
    def lost(node: Node, facts: Facts) -> tuple[Node, Facts]:
        unknown = Compared(node.place, "no such indicator", "above", (Decimal(0),))
        return (unknown if isinstance(node, Always) else node), facts

    _read_otherwise(patch, lost)


def roles_ignored_by_the_definition(patch: Patch) -> None:
    patch.setattr(definition, "sound", lambda way: True)


def a_limiter_lost_by_the_definition(patch: Patch) -> None:
    patch.setattr(stages, "advance", _without_the_first_limiter(stages.advance))


FAULTS: tuple[Callable[[Patch], None], ...] = (
    at_least_compiled_as_above,
    at_most_compiled_as_below,
    not_above_compiled_as_below,
    a_branch_of_any_not_compiled,
    a_rule_not_compiled,
    roles_ignored_by_the_engine,
    absence_asserted_where_nobody_searched,
    absence_asserted_of_no_topic,
    the_evidence_of_a_record_lost,
    at_least_read_as_above,
    a_branch_of_any_not_read,
    absence_read_where_nobody_searched,
    otherwise_not_read,
    roles_ignored_by_the_definition,
)
UNSEEN_BY_RULES = (a_limiter_lost_by_the_engine, a_limiter_lost_by_the_definition)


def test_without_a_fault_nothing_is_seen(fixed: tuple[Case, ...]) -> None:
    assert [seen for case in fixed for seen in seen_in(case)] == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_on_either_side_is_seen(
    fault: Callable[[Patch], None], fixed: tuple[Case, ...], monkeypatch: Patch
) -> None:
    fault(monkeypatch)
    assert next((seen for case in fixed for seen in seen_in(case)), None) == "Disagreement"


@pytest.mark.parametrize("fault", UNSEEN_BY_RULES, ids=lambda fault: fault.__name__)
def test_a_limiter_lost_on_either_side_is_seen_in_the_judgments(
    fault: Callable[[Patch], None], fixed: tuple[Case, ...], monkeypatch: Patch
) -> None:
    fault(monkeypatch)
    assert next((seen for case in fixed for seen in seen_in(case)), None) is not None


def test_a_disagreement_is_saved_with_its_rule_its_place_and_no_more_facts_than_it_needs(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    at_least_compiled_as_above(monkeypatch)
    pack = load(SMALL)
    twelve = IndicatorFact("i1", Decimal("12.5"), frozenset({FIELDWORK}), ("m1",))
    facts = Facts(
        records={"t1": tuple(_weakness(f"r{n}") for n in range(40))},
        concluded=frozenset({"t1"}),
        indicators={"i2": replace(twelve, id="i2"), "i1": twelve},
    )
    with program(pack) as compiled:
        with pytest.raises(Disagreement) as caught:
            run_checked(compiled, facts)
        path = save(caught.value, tmp_path)
    assert str(caught.value) == "`c1.meets` is true by definition and unknown by the engine"
    assert path == tmp_path / FILE
    saved = json.loads(path.read_text("utf-8"))
    assert saved["says"] == str(caught.value)
    assert saved["rules"] == [
        {
            "rule": "c1.meets",
            "place": "rules/random/q1.yaml:16:16",
            "by_definition": True,
            "by_the_engine": None,
            "ways_by_definition": [["fieldwork (deciding)"]],
            "ways_by_the_engine": [],
        }
    ]
    assert (saved["pack"], saved["pack_digest"]) == ("small", pack.digest)
    assert saved["records"] == []
    assert saved["indicators"] == {"i1": "12.5"}
    assert saved["indicator_evidence"] == {"i1": ["fieldwork (deciding)"]}
    assert (saved["concluded"], saved["previous"], saved["judgments"]) == (["t1"], None, {})
    assert saved["decided"] == {}
    assert len(path.read_text("utf-8").splitlines()) < 40


def test_a_disagreement_over_records_is_saved_with_the_one_record_that_shows_it(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    the_evidence_of_a_record_lost(monkeypatch)
    facts = Facts(records={"t1": tuple(_weakness(f"r{n}") for n in range(9))})
    with program(load(SMALL)) as compiled:
        with pytest.raises(Disagreement) as caught:
            run_checked(compiled, facts)
        saved = json.loads(save(caught.value, tmp_path).read_text("utf-8"))
    [rule] = saved["rules"]
    assert (rule["rule"], rule["place"]) == ("c1.falls-short", "rules/random/q1.yaml:17:22")
    [record] = saved["records"]
    assert record["id"] == "r8"
    assert _known_of(record) == {
        "topic": "t1",
        "supports": False,
        "levels": {"severity": 2},
        "mitigated": False,
        "kind": "fieldwork",
        "role": "deciding",
        "withdrawn": False,
    }


def test_a_fault_of_the_engine_is_saved_in_its_own_words(tmp_path: Path) -> None:
    path = save(EngineFault("the engine fired `é` out of turn"), tmp_path)
    assert path.read_text("utf-8") == '{\n "says": "the engine fired `é` out of turn"\n}\n'


def _shorter(node: Node, parts: tuple[Node, ...]) -> tuple[Node, ...]:
    return parts[:-1] if isinstance(node, Any) and len(parts) > 1 else parts


def _read_otherwise(patch: Patch, change: Callable[[Node, Facts], tuple[Node, Facts]]) -> None:
    """The definition reads another node, or other facts, wherever it reads a node."""
    whole = definition.holds

    def holds(node: Node, facts: Facts) -> definition.Verdict:
        return whole(*change(node, facts))

    patch.setattr(definition, "holds", holds)
    patch.setattr(stages, "holds", holds)


def _without_the_first_limiter(whole: Callable[..., Facts]) -> Callable[..., Facts]:
    def advance(pack: Pack, *rest: Anything) -> Facts:
        limiters = {owner: found[1:] for owner, found in pack.limiters.items()}
        return whole(replace(pack, limiters=limiters), *rest)

    return advance


def _weakness(name: str) -> RecordFact:
    return RecordFact(name, "t1", "c1", False, {"severity": 2}, False, FIELDWORK)


def _known_of(record: dict[str, object]) -> dict[str, object]:
    fields = ("topic", "supports", "levels", "mitigated", "kind", "role", "withdrawn")
    return {name: record[name] for name in fields}
