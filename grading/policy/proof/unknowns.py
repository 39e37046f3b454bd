"""No unknown is treated as an answer: neither by the words of the rules, nor by naming it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grading.policy.proof.asks import Parting
from grading.policy.proof.claims import Claim, Failure
from grading.policy.proof.comparing import Both, Comparing
from grading.policy.proof.looking import Looking
from grading.policy.proof.openness import closed_words
from grading.policy.proof.sides import two_sides
from grading.rules.loaded import Pack
from grading.rules.rule import All, Any, Count, No, Node, OutcomeIn, Rule, Some, leaves
from grading.rules.stages import NOT_SHOWN

_UNKNOWN = frozenset({NOT_SHOWN, "not-known"})


def words_stay_open(pack: Pack) -> Claim:
    """With unknowns, the grades that are possible contain that of every way to answer them."""
    looked, closed = closed_words(pack)
    failures = (Failure("unknown-is-open", word, "word", looked) for word in closed)
    return Claim("unknown-is-open", looked, tuple(failures))


def unknown_is_open(looking: Looking) -> Claim:
    """No rung is reached, and no limiter holds, by counting an outcome that is not shown as one that is.

    To hold a grade down because something is not shown is to withhold it, and no answer.
    """
    return Claim("unknown-is-open", looking.states, tuple(_failures(looking)))


def names_unknown(leaf: Node) -> bool:
    """Whether a condition asks by name for what is not shown, or for a status that is not known."""
    return bool(_UNKNOWN & set(_wanted(leaf)))


def _failures(looking: Looking) -> Iterator[Failure]:
    owner = looking.owner
    for rule in looking.ladder.rules:
        for leaf in dict.fromkeys(filter(names_unknown, leaves(rule.body))):
            without = _without(looking.pack, rule, leaf)
            judged = {q: [grades * 2 for grades in every] for q, every in looking.judged.items()}
            parting = Parting(two_sides(looking.pack, without))
            comparing = Comparing(parting, owner, judged, looking.how)
            answered = len(_wanted(leaf)) > 1
            found = [both for both in comparing.every if _is_answered(looking, both, answered)]
            if found:
                shown = min(found, key=lambda both: (both.cost, both.table, both.chosen))
                yield Failure(
                    "unknown-is-open",
                    rule.name.removeprefix("limiter-"),
                    "limiter" if rule.name.startswith("limiter-") else "rung",
                    sum(both.states for both in found),
                    tuple(comparing.inspection(shown, side) for side in (0, 1)),
                    why="counted with an answer" if answered else "earns a grade",
                    missing=(leaf,),
                )


def _is_answered(looking: Looking, both: Both, answered: bool) -> bool:
    """Whether an outcome that is not shown makes the grade: any other, or only a better one."""
    with_it, without = both.readings
    if with_it is None or without is None or with_it.grade == without.grade:
        return False
    return answered or looking.reader.is_worse(without.grade, with_it.grade)


def _without(pack: Pack, rule: Rule, leaf: Node) -> Pack:
    """The pack in which one condition does not ask for outcomes that are not shown."""
    changed = replace(rule, body=_dropped(rule.body, leaf))
    return replace(pack, rules={**pack.rules, rule.id: changed})


def _dropped(node: Node, leaf: Node) -> Node:
    match node:
        case All(parts=parts) | Any(parts=parts) | No(parts=parts) | Some(parts=parts):
            return replace(node, parts=tuple(_dropped(part, leaf) for part in parts))
        case Count(states=states) if node == leaf:
            return replace(node, states=tuple(s for s in states if s not in _UNKNOWN))
        case OutcomeIn(outcomes=outcomes) if node == leaf:
            return replace(node, outcomes=tuple(o for o in outcomes if o not in _UNKNOWN))
        case _:
            return node


def _wanted(leaf: Node) -> tuple[str, ...]:
    match leaf:
        case Count(counted="outcomes" | "previous", states=wanted) | OutcomeIn(outcomes=wanted):
            return wanted
        case _:
            return ()
