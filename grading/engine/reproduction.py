"""Where engine and definition differ: the smallest case of it that can be found, saved to be read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from grading.engine.compile import Program
from grading.engine.run import Disagreement, run_checked
from grading.engine.wall import EngineFault
from grading.rules.facts import Facts

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
    """Write what is known of the fault to a file in the folder, and say where."""
    path = folder / FILE
    data: dict[str, object] = {"says": str(error)}
    if isinstance(error, Disagreement):
        facts = smallest(error.program, error.facts)
        data |= {
            "rules": [
                {
                    "rule": rule,
                    "place": str(error.program.pack.rules[rule].place),
                    "by_definition": defined.truth,
                    "by_the_engine": fired.truth,
                }
                for rule, defined, fired in error.rules
            ],
            "pack": error.program.pack.manifest.id,
            "pack_digest": error.program.pack.digest,
            "records": [
                {
                    "id": r.id,
                    "topic": r.topic,
                    "supports": r.supports,
                    "levels": dict(r.levels),
                    "mitigated": r.mitigated,
                    "kind": r.standing.kind,
                    "role": r.standing.role,
                    "withdrawn": r.withdrawn,
                }
                for records in facts.records.values()
                for r in records
            ],
            "indicators": {i.id: str(i.value) for i in facts.indicators.values()},
        }
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    return path


def _differs(program: Program, facts: Facts) -> bool:
    try:
        run_checked(program, facts)
    except (Disagreement, EngineFault):
        return True
    return False
