"""Whether what is unknown stays open: each word of the rules with a part unknown, and answered.

What is unknown may turn out either way. A word of the rules is open if, with something unknown, it
says no more than it says whichever way that turns out. Open words put together are open, so with
unknowns the grades that are possible contain the grade of every inspection that it may turn out to
be. That is seen by looking at each word that the pack uses, not at each inspection.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import chain, combinations, combinations_with_replacement, product
from typing import TypeVar

from grading.judge.earlier import enough
from grading.problems import Place
from grading.rules.definition import FALSE, TRUE, UNKNOWN, Verdict, combined, reaches, within
from grading.rules.loaded import Pack
from grading.rules.rule import All, Always, Any, Count, No, Node, OutcomeIn, Some, inside
from grading.rules.stages import Truth, limited, outcome, provisional, rungs

T = TypeVar("T")
Cases = Iterator[bool]  # whether each case that was looked at is open
_TRUTHS: tuple[Truth, ...] = (True, False, None)
_VERDICTS = (TRUE, FALSE, UNKNOWN)
_NOWHERE = Place("", 1)


def closed_words(pack: Pack) -> tuple[int, tuple[str, ...]]:
    """How many cases were looked at, and the words of the pack that answer what is unknown."""
    looked, closed = 0, []
    for word, cases in _words(pack):
        found = list(cases)
        looked += len(found)
        closed += [] if all(found) else [word]
    return looked, tuple(closed)


def _words(pack: Pack) -> Iterator[tuple[str, Cases]]:
    """Each word that the rules of a pack use, once for each way to use it."""
    nodes = [node for rule in pack.rules.values() for node in _nodes(rule.body)]
    for name, node in _once(nodes, _word).items():
        yield name, chain(_joins(node), _counts(node), _members(node))
    for name, criterion in _once(pack.criteria, lambda c: _kind(pack, c)).items():
        yield name, _outcomes(pack, criterion)
    owners = [
        owner for owner in dict.fromkeys(r.owner for r in pack.rules.values()) if rungs(pack, owner)
    ]
    for owner in _once(owners, lambda owner: _ladder(pack, owner)).values():
        yield f"the rungs of {owner}", _rungs(pack, owner)
        yield f"the limiters of {owner}", _limiters(pack, owner)


def _joins(node: Node) -> Cases:
    """Conditions joined, with each number of them true, false and unknown."""
    parts = inside(node)
    if not parts:
        return
    leaves = [OutcomeIn(_NOWHERE, str(n), ()) for n in range(len(parts))]
    for verdicts in combinations_with_replacement(_VERDICTS, len(parts)):
        said = _joined(node, leaves, verdicts)
        for n, verdict in enumerate(verdicts):
            if verdict == UNKNOWN:
                answers = (_joined(node, leaves, _with(verdicts, n, to)) for to in (TRUE, FALSE))
                yield all(said is None or said == answer for answer in answers)


def _joined(node: Node, leaves: Sequence[Node], verdicts: Sequence[Verdict]) -> Truth:
    by_leaf = dict(zip(leaves, verdicts, strict=True))
    parts = tuple(leaves)
    match node:
        case All():
            return combined(All(_NOWHERE, parts), by_leaf.__getitem__).settled
        case Any():
            return combined(Any(_NOWHERE, parts), by_leaf.__getitem__).settled
        case No():
            return combined(No(_NOWHERE, parts), by_leaf.__getitem__).settled
        case Some(least=least):
            return combined(Some(_NOWHERE, least, parts), by_leaf.__getitem__).settled
    raise TypeError(f"{node!r} joins nothing")


def _counts(node: Node) -> Cases:
    """A count, with every number of members that surely are and that may be counted."""
    match node:
        case Count(members=members, fewest=fewest, most=most):
            total = enough(node) + 1 if node.counted == "previous" else len(members)
        case OutcomeIn():
            total, fewest, most = 1, 1, 1
        case _:
            return
    for surely, may in combinations_with_replacement(range(total + 1), 2):
        said = reaches(surely, may, fewest, most).truth
        if surely < may:
            answers = (
                reaches(surely + 1, may, fewest, most),
                reaches(surely, may - 1, fewest, most),
            )
            yield all(said is None or said == answer.truth for answer in answers)


def _members(node: Node) -> Cases:
    """One that is counted, with each set of states that it may be in; states of one sort are alike."""
    match node:
        case Count(counted="outcomes" | "judgments", states=wanted) | OutcomeIn(outcomes=wanted):
            every = [*wanted[:2], "another", "a third"]
        case _:
            return
    for size in range(2, len(every) + 1):
        for possible in combinations(every, size):
            surely, may = within([frozenset(possible)], wanted)
            for fewer in combinations(possible, size - 1):
                least, greatest = within([frozenset(fewer)], wanted)
                yield surely <= least <= greatest <= may


def _outcomes(pack: Pack, criterion: str) -> Cases:
    """What a criterion may come to, with each of its conditions true, false and unknown."""
    names = [f"{criterion}.{name}" for name in ("exceeds", "meets", "falls-short")]

    def may(truths: Sequence[Truth]) -> frozenset[str]:
        return outcome(pack, criterion, dict(zip(names, truths, strict=True)))

    return _narrowing(may, len(names))


def _rungs(pack: Pack, owner: str) -> Cases:
    """The grade of a ladder, with each of its rungs true, false and unknown."""
    names = [f"{owner}.{grade}" for grade in rungs(pack, owner)]
    return _narrowing(
        lambda t: provisional(pack, owner, dict(zip(names, t, strict=True))), len(names)
    )


def _limiters(pack: Pack, owner: str) -> Cases:
    """What limiters leave of each grade, and of each two, with each two of them in every way."""
    rules = [limiter.rule for limiter in pack.limiters.get(owner, ())]
    apart = dict[str, Truth].fromkeys(rules, False)
    grades = rungs(pack, owner)
    for pair in combinations(rules, min(2, len(rules))):
        for among in map(frozenset, chain(combinations(grades, 1), combinations(grades, 2))):
            for truths in product(_TRUTHS, repeat=len(pair)):
                said = {**apart, **dict(zip(pair, truths, strict=True))}
                may = limited(pack, owner, among, said)
                yield all(may >= limited(pack, owner, frozenset({one}), said) for one in among)
                for name, truth in zip(pair, truths, strict=True):
                    if truth is None:
                        answers = (
                            limited(pack, owner, among, {**said, name: to}) for to in (True, False)
                        )
                        yield all(may >= answer for answer in answers)


def _narrowing(may: Callable[[Sequence[Truth]], frozenset[str]], number: int) -> Cases:
    """Whether what may be only narrows as what is unknown is answered, in each case."""
    for truths in product(_TRUTHS, repeat=number):
        for n, truth in enumerate(truths):
            if truth is None:
                answers = (may(_with(truths, n, to)) for to in (True, False))
                yield all(answer <= may(truths) for answer in answers)


def _with(every: Sequence[T], place: int, to: T) -> tuple[T, ...]:
    return (*every[:place], to, *every[place + 1 :])


def _once(things: Iterable[T], key: Callable[[T], Hashable]) -> dict[str, T]:
    """The first of the things that are alike, by what they are called."""
    found: dict[Hashable, T] = {}
    for thing in things:
        found.setdefault(key(thing), thing)
    return {str(name): thing for name, thing in found.items()}


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for part in inside(node):
        yield from _nodes(part)


def _word(node: Node) -> str:
    match node:
        case All() | Any() | No():
            return f"{type(node).__name__.lower()} of {len(inside(node))} parts"
        case Some(least=least, parts=parts):
            return f"at least {least} of {len(parts)} parts"
        case Count(counted=counted, members=members, fewest=fewest, most=most, states=states):
            return f"{fewest} to {most} of {len(members)} {counted} {'/'.join(states)}".rstrip()
        case OutcomeIn(outcomes=outcomes):
            return f"outcome {'/'.join(outcomes)}"
        case Always():
            return "otherwise"
        case _:
            return type(node).__name__.lower()


def _kind(pack: Pack, criterion: str) -> str:
    return "a core criterion" if pack.criteria[criterion].written.core else "a criterion"


def _ladder(pack: Pack, owner: str) -> tuple[object, ...]:
    caps = (limiter.written.at_best for limiter in pack.limiters.get(owner, ()))
    return (*rungs(pack, owner), None, *caps)
