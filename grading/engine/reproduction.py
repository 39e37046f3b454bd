"""Where engine and definition differ: the smallest case of it that can be found, saved to be read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from grading.engine.compile import Program
from grading.engine.run import Disagreement, run_checked
from grading.engine.shapes import EngineFault
from grading.rules.definition import Verdict
from grading.rules.facts import Facts, RecordFact, Way
from grading.rules.loaded import Pack

FILE = ".grading-disagreement.json"


def smallest(program: Program, facts: Facts) -> Facts:
    """The facts with every record and indicator left out that the disagreement does not need."""
    for topic, records in facts.records.items():
        kept = list(records)
        for record in records:
            without = [r for r in kept if r is not record]
            trial = replace(facts, records={**facts.records, topic: tuple(without)})
            if _differs(program, trial):
                kept, facts = without, trial
    for name in list(facts.indicators):
        rest = {k: v for k, v in facts.indicators.items() if k != name}
        trial = replace(facts, indicators=rest)
        if _differs(program, trial):
            facts = trial
    return facts


def save(error: Disagreement | EngineFault, folder: Path) -> Path:
    """Write what is known of the fault to a file in the folder, and say where.

    What a disagreement leaves there is enough to run it again: the pack by its digest, and all facts.
    """
    path = folder / FILE
    data: dict[str, object] = {"says": str(error)}
    if isinstance(error, Disagreement):
        pack = error.program.pack
        data |= {"rules": [_rule(pack, *differs) for differs in error.rules]}
        data |= {"pack": pack.manifest.id, "pack_digest": pack.digest}
        data |= _plain(smallest(error.program, error.facts))
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    return path


def _rule(pack: Pack, rule: str, defined: Verdict, fired: Verdict) -> dict[str, object]:
    said: dict[str, object] = {
        "rule": rule,
        "place": str(pack.rules[rule].place),
        "by_definition": defined.truth,
        "by_the_engine": fired.truth,
    }
    if defined.ways != fired.ways:
        said["ways_by_definition"] = sorted(map(_way, defined.ways))
        said["ways_by_the_engine"] = sorted(map(_way, fired.ways))
    return said


def _plain(facts: Facts) -> dict[str, object]:
    previous = facts.previous
    return {
        "records": [_record(r) for records in facts.records.values() for r in records],
        "concluded": sorted(facts.concluded),
        "indicators": {i.id: str(i.value) for i in facts.indicators.values()},
        "indicator_evidence": {i.id: _way(i.way) for i in facts.indicators.values()},
        "previous": None
        if previous is None
        else {t: list(map(list, p)) for t, p in previous.items()},
        "judgments": {question: sorted(grades) for question, grades in facts.judgments.items()},
        "decided": {criterion: sorted(those) for criterion, those in facts.decided.items()},
    }


def _record(record: RecordFact) -> dict[str, object]:
    return {
        "id": record.id,
        "topic": record.topic,
        "criterion": record.criterion,
        "supports": record.supports,
        "levels": dict(record.levels),
        "mitigated": record.mitigated,
        "kind": record.standing.kind,
        "role": record.standing.role,
        "open": record.open,
        "withdrawn": record.withdrawn,
    }


def _way(way: Way) -> list[str]:
    return sorted(f"{standing.kind} ({standing.role})" for standing in way)


def _differs(program: Program, facts: Facts) -> bool:
    try:
        run_checked(program, facts)
    except (Disagreement, EngineFault):
        return True
    return False
