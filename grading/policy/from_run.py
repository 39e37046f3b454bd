"""A case from a run: what rules see of the inspection is given, and what the run came to is expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, get_args

from grading.evidence.evidence import Evidence
from grading.evidence.records import Previous
from grading.judge.judgments import Grading, Judgment
from grading.policy.cases import PlacedCase, case_of
from grading.policy.expecting import Difference, result_of
from grading.policy.written import written_case, written_file
from grading.rules.facts import RecordFact
from grading.rules.loaded import Pack
from grading.rules.pack import Kind
from grading.rules.rule import Compared, leaves

_LABEL = "the case from the run"


def case_from(grading: Grading, taken: Iterable[str]) -> tuple[str, tuple[Difference, ...]]:
    """The case as it is written, under a name that is not taken; and what it does not come to.

    It stands for the inspection as rules see it: for a run that people changed, or of which records
    were withdrawn, a case may come to something else.
    """
    text = written_case(
        _name(grading, set(taken)), _given(grading), _expect(grading), _why(grading)
    )
    case: PlacedCase = case_of(written_file([text]), _LABEL, grading.pack)
    return text, result_of(case, grading.pack).differences


def _name(grading: Grading, taken: set[str]) -> str:
    inspection = grading.evidence.inspection
    name = f"{inspection.body}-{inspection.as_of.isoformat()}"[:72]
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(n for n in numbered if n not in taken)


def _why(grading: Grading) -> str:
    inspection, manifest = grading.evidence.inspection, grading.pack.manifest
    made_up = "made up: " if inspection.synthetic else ""
    day = inspection.as_of.isoformat()
    return f"{made_up}{inspection.body_name} as of {day}, as {manifest.id} {manifest.version} grades it"


def _given(grading: Grading) -> dict[str, Any]:
    evidence = grading.evidence
    carried = {c.record for c in evidence.inspection.carried_forward}
    plan = evidence.inspection.plan
    searched = plan.searched if plan.searched == "all" else list(plan.searched) or "none"
    gathered = evidence.gathered - grading.dropped
    given: dict[str, Any] = {
        "observations": list(_observations(grading)),
        "indicators": dict(_indicators(grading)),
        "previous": [_earlier(p.record) for p in evidence.previous if p.record.id not in carried],
        "carried-forward": dict(_carried(evidence)),
        "not-graded": {q: said.written.value for q, said in evidence.not_graded.items()},
        "searched": "" if searched == "all" else searched,
        "coverage": "" if plan.coverage == "full" else plan.coverage,
        "not-gathered": sorted(set(get_args(Kind)) - gathered),
        "as-of": evidence.inspection.as_of,
    }
    return {key: value for key, value in given.items() if value}


def _observations(grading: Grading) -> Iterator[dict[str, Any]]:
    """The records that conditions see; of those that are coded alike one, where none counts them."""
    pack, facts = grading.pack, grading.derivation.facts
    counted = {topic for i in pack.indicators.values() if i.method == "tally" for topic in i.topics}
    by_id = {r.id: r for records in facts.records.values() for r in records if not r.withdrawn}
    said: list[dict[str, Any]] = []
    for placed in grading.evidence.observations:
        record = by_id.get(placed.record.id)
        if record is None:
            continue
        one = _observation(pack, record)
        if one not in said or record.topic in counted:
            said.append(one)
    yield from said


def _observation(pack: Pack, record: RecordFact) -> dict[str, Any]:
    coding = pack.manifest.coding
    coded: dict[str, Any] = {"supports" if record.supports else "contradicts": record.topic}
    for scale, rank in record.levels.items():
        coded[scale] = tuple(getattr(coding, scale))[rank - 1]
    if record.mitigated:
        coded["mitigated"] = True
    return coded if record.standing.kind == "fieldwork" else {**coded, "kind": record.standing.kind}


def _indicators(grading: Grading) -> Iterator[tuple[str, Decimal]]:
    """The values of the indicators that some rule compares."""
    asks = (leaf for rule in grading.pack.rules.values() for leaf in leaves(rule.body))
    for name in sorted({leaf.indicator for leaf in asks if isinstance(leaf, Compared)}):
        value = grading.derivation.indicators[name].value
        if isinstance(value, Decimal):
            yield name, value


def _earlier(record: Previous) -> dict[str, Any]:
    said = record.model_dump(include={"kind", "question", "topic", "raised", "grade", "status"})
    return {key: value for key, value in said.items() if value is not None}


def _carried(evidence: Evidence) -> Iterator[tuple[str, str]]:
    grades = {p.record.id: p.record.grade for p in evidence.previous}
    for carried in evidence.inspection.carried_forward:
        grade = grades.get(carried.record)
        if grade is not None:
            yield carried.question, grade


def _expect(grading: Grading) -> dict[str, Any]:
    judgments = {owner: _judged(judgment) for owner, judgment in grading.judgments.items()}
    bite = {
        owner: {x.limiter.id: "bites" for x in judgment.limiters if x.bites}
        for owner, judgment in grading.judgments.items()
    }
    expect: dict[str, Any] = {"judgments": judgments, "findings": list(grading.findings)}
    expect["limiters"] = {owner: limiters for owner, limiters in bite.items() if limiters}
    return {key: value for key, value in expect.items() if value}


def _judged(judgment: Judgment) -> str | list[str]:
    return list(judgment.interval) if judgment.interval else judgment.given
