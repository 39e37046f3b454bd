"""An inspection that tells a pack from a changed one, or the proof that there is none."""

from __future__ import annotations

from grading.policy.apart import criteria, ladders, roles
from grading.policy.apart.values import Apart, NotFound
from grading.policy.mutants import Mutant
from grading.rules.loaded import Pack


def told_apart(pack: Pack, mutant: Mutant) -> Apart:
    """What tells the pack from the mutant."""
    rules = [pack.rules[rule] for rule in mutant.rules]
    stages = {rule.stage for rule in rules}
    if mutant.operator == "cap":
        owners = [
            owner
            for owner, placed in pack.limiters.items()
            if placed != mutant.pack.limiters[owner]
        ]
        return ladders.told_apart(pack, mutant.pack, owners)
    if mutant.operator == "role":
        return roles.told_apart(pack, mutant.pack)
    if not rules:
        return NotFound("no search knows what evidence would show it")
    if stages <= {"criteria", "findings"}:
        return criteria.told_apart(pack, mutant.pack, mutant.rules)
    if stages.isdisjoint({"criteria", "findings"}):
        return ladders.told_apart(pack, mutant.pack, [rule.owner for rule in rules])
    return NotFound("the change is in tests and in ladders at once")
