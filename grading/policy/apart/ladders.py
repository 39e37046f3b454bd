"""Whether two packs whose ladders or limiters differ can be told apart.

A plain inspection is sought first. Without one, every state of the ladder is looked at: first of the
changed rules alone, whatever the other rungs and limiters of the ladder come to, and then of more and
more of these together, until the two packs agree on all or all rules are there.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from grading.policy.apart.counting import Counted, Counting, Every
from grading.policy.apart.values import Apart, NotFound, Proof, TooMany, Witness, given_of
from grading.rules.loaded import Pack
from grading.rules.stages import rungs

_SAID = "what a ladder can count"


def told_apart(pack: Pack, other: Pack, owners: Iterable[str]) -> Apart:
    """What tells the two apart, the ladders of these judgments being the only ones changed."""
    owners = tuple(dict.fromkeys(owners))
    try:
        for owner in owners:
            found = Counting(pack, other, owner, _rules_of(pack, owner)).plainest()
            if found is not None:
                return Witness(given_of(pack, found))
        states: dict[Hashable, Every] = {}
        looked, names = 0, frozenset[str]()
        for owner in owners:
            kept, counted = _every(pack, other, owner, names, states)
            if counted.differing:
                if counted.plainest is None:
                    return NotFound("only evidence that no case can give tells them apart")
                return Witness(given_of(pack, counted.plainest))
            looked += counted.states
            names = frozenset(pack.rules[rule].name for rule in kept)
    except TooMany as error:
        return NotFound(str(error))
    if any(_caps(pack, owner) != _caps(other, owner) for owner in owners):
        # what people change a grade to, a limiter forbids by the grade that it holds down to
        return NotFound("a grade that people change could show it, and no case gives one")
    return Proof(looked, _SAID)


def _caps(pack: Pack, owner: str) -> tuple[str, ...]:
    return tuple(limiter.written.at_best for limiter in pack.limiters.get(owner, ()))


def _every(
    pack: Pack, other: Pack, owner: str, names: frozenset[str], states: dict[Hashable, Every]
) -> tuple[frozenset[str], Counted]:
    """The rules that were kept, and the states on which the two differ by all or agree by some.

    `names` are of rules that were enough for another owner. Raises TooMany.
    """
    rules = _rules_of(pack, owner)
    kept = _changed(pack, other, owner)
    kept |= {rule for rule in rules if pack.rules[rule].name in names}
    counted = Counting(pack, other, owner, kept).every(states)
    while counted.differing and len(kept) < len(rules):
        kept, counted = _with_another(pack, other, owner, kept, states)
    return kept, counted


def _with_another(
    pack: Pack,
    other: Pack,
    owner: str,
    kept: frozenset[str],
    states: dict[Hashable, Every],
) -> tuple[frozenset[str], Counted]:
    """One more rule kept: that which leaves the fewest states on which the two differ.

    Of those, that which adds the fewest states. The rule that counts most is kept last.
    """
    more = [Counting(pack, other, owner, kept | {r}) for r in _rules_of(pack, owner) - kept]
    more.sort(key=lambda each: (each.width, sorted(each.kept)))
    tried = [(each.kept, each.every(states)) for each in (more[:-1] or more)]
    return min(tried, key=lambda one: (one[1].differing, one[1].states, sorted(one[0])))


def _rules_of(pack: Pack, owner: str) -> frozenset[str]:
    """The rungs and limiters of a ladder."""
    limiters = (limiter.rule for limiter in pack.limiters.get(owner, ()))
    return frozenset({*(f"{owner}.{grade}" for grade in rungs(pack, owner)), *limiters})


def _changed(pack: Pack, other: Pack, owner: str) -> frozenset[str]:
    """The rules of a ladder that differ, and the limiters that hold a grade down to another."""
    changed = {
        rule for rule in _rules_of(pack, owner) if pack.rules[rule].body != other.rules[rule].body
    }
    sides = zip(pack.limiters.get(owner, ()), other.limiters.get(owner, ()), strict=True)
    return frozenset(changed | {one.rule for one, two in sides if one.written != two.written})
