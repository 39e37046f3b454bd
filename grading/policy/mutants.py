"""Changes of the rules of a pack, each of which some case should notice.

A change is one of a place in the pack's files: a condition that serves many rules changes in all of
them at once. What a change would leave as it is word for word is left out.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from grading.policy.edits import Edit, edits, moved
from grading.policy.policies import policies
from grading.problems import Place
from grading.rules.loaded import Pack, PlacedLimiter
from grading.rules.pack import Limiter
from grading.rules.rule import Always, No, Node, Rule, inside
from grading.rules.stages import rungs
from grading.rules.thresholds import steps
from grading.source import Document

Operator = Literal[
    "threshold",
    "strictness",
    "connective",
    "condition dropped",
    "rule dropped",
    "limiter dropped",
    "cap",
    "rungs swapped",
    "role",
    "silence",
]
_Key = tuple[Place, str]


@dataclass(frozen=True)
class Mutant:
    """A changed pack: what was changed, where, and which rules are other than they were.

    Without `rules` it is the policy on evidence, or what a limiter holds a grade down to.
    """

    place: Place
    operator: Operator
    says: str
    pack: Pack = field(repr=False, compare=False)
    rules: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.place}: {self.operator}: {self.says}"


def mutants(pack: Pack, manifest: Document, series: Document | None) -> tuple[Mutant, ...]:
    """Every change of the pack, by place; of two that come to the same rules, the first.

    The documents are those of `pack.yaml` and `series.yaml`, which say where roles are written.
    """
    found: dict[Hashable, Mutant] = {}
    for mutant in (*_steps(pack), *_edited(pack), *_dropped(pack), *_swapped(pack)):
        same = tuple((rule, mutant.pack.rules[rule].body) for rule in mutant.rules)
        found.setdefault(same, mutant)
    others = [Mutant(place, "cap", says, other) for place, says, other in _caps(pack)]
    for operator, place, says, other in policies(pack, manifest, series):
        others.append(Mutant(place, operator, says, other))
    every = (*found.values(), *others)
    return tuple(sorted(every, key=lambda m: (m.place, m.operator, m.says)))


def _mutant(
    pack: Pack, place: Place, operator: Operator, says: str, rules: Iterable[Rule]
) -> Iterator[Mutant]:
    other = {rule.id: rule for rule in rules if rule.body != pack.rules[rule.id].body}
    if other:
        changed = replace(pack, rules={**pack.rules, **other})
        yield Mutant(place, operator, says, changed, tuple(other))


def _steps(pack: Pack) -> Iterator[Mutant]:
    for step in steps(pack):
        was, now = next(iter(step.conditions.values()))
        says = moved(pack, step.threshold.word, was, now)
        yield from _mutant(pack, step.threshold.place, "threshold", says, step.rules.values())


def _edited(pack: Pack) -> Iterator[Mutant]:
    """Changes inside conditions."""
    serves: dict[tuple[Place, str, str], list[tuple[Rule, Edit]]] = {}
    for rule in pack.rules.values():
        for edit in edits(pack, rule.body):
            key = edit.place, edit.operator, edit.says
            serves.setdefault(key, []).append((rule, edit))
    for (place, _, says), among in serves.items():
        rules = [replace(rule, body=_instead(rule.body, e.was, e.now)) for rule, e in among]
        yield from _mutant(pack, place, among[0][1].operator, says, rules)


def _instead(node: Node, was: Node, now: Node) -> Node:
    """A condition with another in the place of the part that is meant, or of itself."""
    if node is was:
        return now
    parts = inside(node)
    if not parts:
        return node
    return replace(node, parts=tuple(_instead(part, was, now) for part in parts))  # type: ignore[call-arg]


def _dropped(pack: Pack) -> Iterator[Mutant]:
    """Limiters, findings and tests of what exceeds, each as if it were not written: it never holds."""
    limiting = {x.rule: x for placed in pack.limiters.values() for x in placed}
    among: dict[_Key, list[Rule]] = {}
    for rule in pack.rules.values():
        if rule.id in limiting:
            limiter = limiting[rule.id]
            among.setdefault((limiter.place, f"limiter `{limiter.id}`"), []).append(rule)
        elif rule.stage == "findings":
            among.setdefault((rule.place, f"finding `{rule.name}`"), []).append(rule)
        elif rule.stage == "criteria" and rule.name == "exceeds":
            among.setdefault((rule.place, "`exceeds`"), []).append(rule)
    for (place, what), rules in among.items():
        operator: Operator = "limiter dropped" if "limiter" in what else "rule dropped"
        none = [replace(rule, body=_never(rule.place)) for rule in rules]
        yield from _mutant(pack, place, operator, f"{what} is left out", none)


def _never(place: Place) -> Node:
    return No(place, (Always(place),))


def _swapped(pack: Pack) -> Iterator[Mutant]:
    """Each rung with the condition of the one below it, and that one with its."""
    among: dict[tuple[Place, str, str], list[Rule]] = {}
    for owner in dict.fromkeys(rule.owner for rule in pack.rules.values()):
        grades = rungs(pack, owner)
        for upper, lower in pairwise(grades):
            one, other = pack.rules[f"{owner}.{upper}"], pack.rules[f"{owner}.{lower}"]
            swapped = [replace(one, body=other.body), replace(other, body=one.body)]
            among.setdefault((one.place, upper, lower), []).extend(swapped)
    for (place, upper, lower), rules in among.items():
        says = f"`{upper}` and `{lower}` have each other's condition"
        yield from _mutant(pack, place, "rungs swapped", says, rules)


def _caps(pack: Pack) -> Iterator[tuple[Place, str, Pack]]:
    """Each limiter holding a grade down to one grade better, or one worse."""
    places: Mapping[Place, PlacedLimiter] = {
        x.place: x for placed in pack.limiters.values() for x in placed
    }
    for place, limiter in places.items():
        at_best = limiter.written.at_best
        number = pack.grades.index(at_best)
        for other in (*pack.grades[1:number][-1:], *pack.grades[number + 1 : number + 2]):
            says = f"limiter `{limiter.id}`: `at-best: {at_best}` becomes `{other}`"
            yield place, says, _capped(pack, place, other)


def _capped(pack: Pack, place: Place, grade: str) -> Pack:
    def other(limiter: PlacedLimiter) -> PlacedLimiter:
        if limiter.place != place:
            return limiter
        written: Limiter = limiter.written.model_copy(update={"at_best": grade})
        return replace(limiter, written=written)

    limiters = {owner: tuple(map(other, placed)) for owner, placed in pack.limiters.items()}
    return replace(pack, limiters=limiters)
