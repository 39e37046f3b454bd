"""The claims on the rungs and limiters of a judgment, decided by looking at all its states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Literal

from grading.policy.proof.claims import Claim, Failure, Why
from grading.policy.proof.looking import Looking, Seen
from grading.policy.proof.readings import OPEN
from grading.rules.rule import All, Always, Node


def one_grade(looking: Looking) -> Claim:
    """Every state has a grade, and where all is known it has one."""
    failures = []
    for grade in ("", OPEN):
        found = [seen for seen in looking.every if seen.reading.grade == grade]
        failed = Failure("one-grade", looking.owner, "judgment", _states(found))
        if found:
            shown = looking.shortest(found)
            why: Why = "withheld" if grade == OPEN else ""
            failures.append(replace(failed, inspections=shown, why=why))
    return Claim("one-grade", looking.states, tuple(failures))


def no_overlap(looking: Looking) -> Claim:
    """Of two rungs that both hold, the better one asks for all that the worse one asks.

    Where one does not, and they are not apart either, the grade hangs on which of them is read first.
    """
    return Claim("no-overlap", looking.states, tuple(_overlaps(looking)))


def reachable(looking: Looking) -> Claim:
    """Every rung gives its grade in some state, and every limiter lowers one in some state."""
    failures = (*_dead_rungs(looking), *_dead_limiters(looking))
    return Claim("reachable", looking.states, failures)


def _overlaps(looking: Looking) -> Iterator[Failure]:
    reader, owner = looking.reader, looking.owner
    bodies = {grade: looking.pack.rules[f"{owner}.{grade}"].body for grade in reader.rungs}
    asking = [grade for grade, body in bodies.items() if not isinstance(body, Always)]
    for better, worse in combinations(asking, 2):
        deciding = [
            seen
            for seen in looking.every
            if seen.reading.provisional == better
            and seen.reading.grade != OPEN
            and reader.held(worse, seen.reading.limiters) != seen.reading.grade
        ]
        both = [seen for seen in deciding if worse in seen.reading.rungs]
        alone = [seen for seen in deciding if worse in seen.reading.others]
        if both and alone:
            yield Failure(
                "no-overlap",
                better,
                "rung",
                _states(both),
                looking.shortest(both) + looking.shortest(alone),
                beside=worse,
            )


def _dead_rungs(looking: Looking) -> Iterator[Failure]:
    for grade in looking.reader.rungs:
        if any(s.reading.provisional == grade == s.reading.grade for s in looking.every):
            continue
        held = [seen for seen in looking.every if grade in seen.reading.rungs]
        first = [seen for seen in held if seen.reading.provisional == grade]
        if first:
            yield Failure(
                "reachable",
                grade,
                "rung",
                _states(first),
                looking.shortest(first),
                why="always held down",
            )
        elif held:
            yield Failure(
                "reachable",
                grade,
                "rung",
                _states(held),
                looking.shortest(held),
                why="always decided above",
            )
        else:
            yield _never(looking, grade, "rung", f"{looking.owner}.{grade}")


def _dead_limiters(looking: Looking) -> Iterator[Failure]:
    for limiter in looking.reader.limiters:
        if any(_lowers(looking, limiter.id, seen) for seen in looking.every):
            continue
        held = [seen for seen in looking.every if limiter.id in seen.reading.limiters]
        if not held:
            yield _never(looking, limiter.id, "limiter", limiter.rule)
            continue
        alone = [seen for seen in held if _would_lower(looking, limiter.id, seen)]
        yield Failure(
            "reachable",
            limiter.id,
            "limiter",
            _states(held),
            looking.shortest(alone or held),
            why="others hold as low" if alone else "lowers nothing",
        )


def _lowers(looking: Looking, limiter: str, seen: Seen) -> bool:
    """Whether the grade would be otherwise without this limiter."""
    return looking.reader.without(seen.numbers, limiter) != seen.reading.grade


def _would_lower(looking: Looking, limiter: str, seen: Seen) -> bool:
    """Whether the grade would be lower with this limiter than with none."""
    before = seen.reading.provisional
    return before in looking.reader.rungs and looking.reader.held(before, [limiter]) != before


def _never(looking: Looking, about: str, kind: Literal["rung", "limiter"], rule: str) -> Failure:
    """A condition that holds in no state: where it is withheld, or else what comes closest lacks."""
    withheld = [
        seen for seen in looking.every if looking.ladder.truths_at(seen.numbers)[rule] is None
    ]
    if withheld:
        shown = looking.shortest(withheld)
        return Failure("reachable", about, kind, _states(withheld), shown, why="withheld")
    body = looking.pack.rules[rule].body
    parts: tuple[Node, ...] = body.parts if isinstance(body, All) else (body,)

    def lacks(seen: Seen) -> tuple[Node, ...]:
        return tuple(part for part in parts if not looking.ladder.holds(part, seen.numbers))

    fewest = min(len(lacks(seen)) for seen in looking.every)
    closest = [seen for seen in looking.every if len(lacks(seen)) == fewest]
    nearest = min(closest, key=lambda seen: (seen.cost, seen.table, seen.chosen))
    return Failure(
        "reachable",
        about,
        kind,
        looking.states,
        looking.shortest([nearest]),
        why="never holds",
        missing=lacks(nearest),
    )


def _states(seen: list[Seen]) -> int:
    return sum(one.states for one in seen)
