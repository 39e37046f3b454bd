"""What a condition means. The engine is checked against this on every run.

Three-valued: True, False, or None where there is no evidence to say. Beside the truth stand the
ways in which it holds, each the set of kinds of evidence that it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations

from grading.rules.facts import NO_RECORDS, WITHDRAWN, Facts, RecordFact, Ways, sound
from grading.rules.rule import (
    MOST_EARLIER,
    All,
    Always,
    Any,
    Compared,
    Count,
    No,
    Node,
    OutcomeIn,
    Some,
    Sought,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a condition holds, and on which kinds of evidence."""

    truth: bool | None
    ways: Ways = frozenset()

    @property
    def settled(self) -> bool | None:
        """The truth that counts: one that rests on no sound way is withheld, so unknown."""
        return None if self.truth and not any(map(sound, self.ways)) else self.truth

    @property
    def withheld(self) -> bool:
        """Whether it would hold but for the roles of the evidence."""
        return self.truth is True and self.settled is None


UNKNOWN, FALSE, TRUE = Verdict(None), Verdict(False), Verdict(True, NO_RECORDS)


def holds(node: Node, facts: Facts) -> Verdict:
    """Whether a condition holds of an inspection."""
    return combined(node, lambda leaf: asked(leaf, facts))


def combined(node: Node, verdict: Callable[[Node], Verdict]) -> Verdict:
    """Whether a condition holds, given what each of its leaves comes to."""
    match node:
        case All(parts=parts):
            # what is written twice is evidence once
            return _all([combined(part, verdict) for part in dict.fromkeys(parts)])
        case Any(parts=parts):
            return _some(1, [(part, combined(part, verdict)) for part in parts])
        case Some(least=least, parts=parts):
            return _some(least, [(part, combined(part, verdict)) for part in parts])
        case No(parts=parts):
            settled = [combined(part, verdict).settled for part in parts]
            return FALSE if True in settled else UNKNOWN if None in settled else TRUE
        case _:
            return verdict(node)


def asked(leaf: Node, facts: Facts) -> Verdict:
    """What a leaf comes to of an inspection."""
    match leaf:
        case Always():
            return TRUE
        case Sought(topics=topics):
            about = [record for topic in topics for record in facts.records.get(topic, ())]
            surely = [r for r in about if not r.withdrawn and shows(r, leaf, left_out=False)]
            if surely:
                return Verdict(True, frozenset(frozenset({r.standing}) for r in surely))
            perhaps = any(
                (r.open or r.withdrawn) and shows(r, leaf, left_out=r.open) for r in about
            )
            return FALSE if facts.concluded.issuperset(topics) and not perhaps else UNKNOWN
        case Compared(indicator=name):
            if name not in facts.indicators:
                return UNKNOWN
            value, way = facts.indicators[name].value, facts.indicators[name].way
            return Verdict(True, frozenset({way})) if compares(leaf, value) else FALSE
        case OutcomeIn(criterion=criterion, outcomes=wanted):
            return reaches(*within([facts.outcomes.get(criterion)], wanted), 1, 1)
        case Count(fewest=fewest, most=most):
            return reaches(*tally(leaf, facts), fewest, most)
    raise TypeError(f"no meaning for {leaf!r}")


def shows(record: RecordFact, sought: Sought, *, left_out: bool) -> bool:
    """Whether a record shows what is sought, if a level left out counts as `left_out` says."""
    return (
        record.supports == sought.supports
        and not (sought.unmitigated and record.mitigated)
        and all(record.levels.get(s, 99 if left_out else 0) >= rank for s, rank in sought.shown)
        and all(record.levels.get(s, 99) > rank for s, rank in sought.excluded)
    )


def compares(node: Compared, value: object) -> bool:
    """Whether the value stands as the comparison asks to its numbers or words."""
    match node.operator:
        case "in":
            return value in node.words
        case "at-least":
            return value >= node.numbers[0]  # type: ignore[operator]
        case "at-most":
            return value <= node.numbers[0]  # type: ignore[operator]
        case "above":
            return value > node.numbers[0]  # type: ignore[operator]
        case "below":
            return value < node.numbers[0]  # type: ignore[operator]
        case "between":
            return node.numbers[0] <= value <= node.numbers[1]  # type: ignore[operator]


def tally(node: Count, facts: Facts) -> tuple[int, int]:
    """The fewest and the most members that can be in one of the states."""
    match node.counted:
        case "outcomes":
            return within([facts.outcomes.get(m) for m in node.members], node.states)
        case "judgments":
            return within([facts.counted(m) for m in node.members], node.states)
        case "findings":
            truths = [facts.findings.get((node.kind, m)) for m in node.members]
            return truths.count(True), len(truths) - truths.count(False)
        case "previous":
            if facts.previous is None:
                return 0, MOST_EARLIER
            found = [item for m in node.members for item in facts.previous.get(m, ())]
            statuses = [status for kind, status in found if kind == node.kind]
            number = sum(status in node.states for status in statuses)
            return number, number + statuses.count(WITHDRAWN)


def within(possible: Sequence[frozenset[str] | None], wanted: tuple[str, ...]) -> tuple[int, int]:
    """How many are surely, and how many may be, one of those wanted."""
    states = frozenset(wanted)
    surely = sum(p is not None and p <= states for p in possible)
    return surely, sum(p is None or bool(p & states) for p in possible)


def reaches(least: int, greatest: int, fewest: int, most: int) -> Verdict:
    """Whether a number between `least` and `greatest` is between `fewest` and `most`."""
    if least >= fewest and greatest <= most:
        return TRUE
    return FALSE if greatest < fewest or least > most else UNKNOWN


def _all(verdicts: Sequence[Verdict]) -> Verdict:
    truths = {v.truth for v in verdicts}
    if truths != {True}:
        return FALSE if False in truths else UNKNOWN
    return Verdict(True, reduce(_beside, (v.ways for v in verdicts), NO_RECORDS))


def _some(least: int, parts: Sequence[tuple[Node, Verdict]]) -> Verdict:
    true = [(part, verdict) for part, verdict in parts if verdict.truth]
    if len(true) >= least:
        chosen = ([*dict(choice).values()] for choice in combinations(true, least))
        return Verdict(True, frozenset().union(*(_all(verdicts).ways for verdicts in chosen)))
    false = [verdict.truth for _, verdict in parts].count(False)
    return FALSE if len(parts) - false < least else UNKNOWN


def _beside(left: Ways, right: Ways) -> Ways:
    """The ways of two conditions that hold together."""
    return frozenset(a | b for a in left for b in right)
