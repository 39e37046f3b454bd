"""How a condition stands on the evidence: what was found, what is needed, and how far the two are apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from grading.explain.asked import bounded
from grading.explain.causes import causes
from grading.rules.definition import holds, tally
from grading.rules.facts import Facts
from grading.rules.rule import All, Compared, Count, Node, OutcomeIn, inside


@dataclass(frozen=True)
class Measured:
    """One condition beside the evidence.

    `truth` is True, False or None for unknown. `found` is the number that was found, or the fewest
    and the most that it may be; `needed` are the fewest and the most that would satisfy it. `distance`
    is how much is missing or too much where it does not hold, `slack` how much more or less would
    still do where it does: members for a count, units for a figure. `members` are the criteria,
    questions or records of earlier findings that are in the way where it does not hold, and that it
    rests on where it does; `open_members` those that may be. `records` are the evidence records that
    it rests on or that are in its way. `withheld` are the kinds of evidence on which it would hold
    alone, if their roles allowed it.
    """

    node: Node
    truth: bool | None
    found: tuple[Decimal | str, ...] = ()
    needed: tuple[Decimal | None, Decimal | None] = (None, None)
    distance: Decimal | None = None
    slack: Decimal | None = None
    members: tuple[str, ...] = ()
    open_members: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    parts: tuple[Measured, ...] = ()

    def walk(self) -> Iterator[Measured]:
        """This condition and every condition inside it, from the top."""
        yield self
        for part in self.parts:
            yield from part.walk()


Earlier = tuple[tuple[str, str, str, str], ...]  # record, topic, kind, status


def measure(node: Node, facts: Facts, earlier: Earlier = ()) -> Measured:
    """How a condition stands. `earlier` are the earlier findings that the facts count, by record."""
    verdict = holds(node, facts)
    truth = verdict.truth  # whether its evidence may carry it is a matter of the whole rule
    match node:
        case Count():
            return _count(node, facts, truth, earlier)
        case Compared():
            return _compared(node, facts, truth)
        case OutcomeIn(criterion=criterion):
            return Measured(node, truth, members=(criterion,))
        case _:
            within = dict.fromkeys(inside(node))
            parts = tuple(measure(part, facts, earlier) for part in within)
            kinds = {s.kind for way in verdict.ways for s in way} if verdict.withheld else ()
            rests_on = causes(node, facts)
            return Measured(
                node, truth, records=rests_on, withheld=tuple(sorted(kinds)), parts=parts
            )


def conjuncts(node: Node) -> tuple[Node, ...]:
    """The conditions that all have to hold for this one, each once, in the order written."""
    if not isinstance(node, All):
        return (node,)
    return tuple(dict.fromkeys(part for each in node.parts for part in conjuncts(each)))


def _count(node: Count, facts: Facts, truth: bool | None, earlier: Earlier) -> Measured:
    least, greatest = tally(node, facts)
    surely, perhaps, never = _members(node, facts, earlier)
    distance = slack = None
    most = node.most if bounded(node) else None
    if truth is False:
        distance = Decimal(node.fewest - greatest if greatest < node.fewest else least - node.most)
    elif truth:
        slack = Decimal(least - node.fewest if most is None else most - greatest)
    in_the_way = never if truth is not True and greatest < node.fewest else surely
    if truth is None and most is None:
        in_the_way = never
    return Measured(
        node,
        truth,
        (Decimal(least), Decimal(greatest)),
        (
            Decimal(node.fewest) if most is None else None,
            Decimal(most) if most is not None else None,
        ),
        distance,
        slack,
        in_the_way,
        perhaps,
    )


def _members(
    node: Count, facts: Facts, earlier: Earlier
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Those that surely are in one of the states, those that may be, and those that are not."""
    if node.counted == "previous":
        about = [e for e in earlier if e[1] in node.members and e[2] == node.kind]
        counted = tuple(record for record, _, _, status in about if status in node.states)
        return counted, (), tuple(record for record, *_ in about if record not in counted)
    surely, perhaps, never = [], [], []
    for member in node.members:
        match _is(node, member, facts):
            case True:
                surely.append(member)
            case False:
                never.append(member)
            case None:
                perhaps.append(member)
    return tuple(surely), tuple(perhaps), tuple(never)


def _is(node: Count, member: str, facts: Facts) -> bool | None:
    if node.counted == "findings":
        return facts.findings.get((node.kind, member))
    counted = facts.outcomes.get if node.counted == "outcomes" else facts.counted
    possible, wanted = counted(member), set(node.states)
    if possible is None:
        return None
    return True if possible <= wanted else None if possible & wanted else False


def _compared(node: Compared, facts: Facts, truth: bool | None) -> Measured:
    fact = facts.indicators.get(node.indicator)
    needed = _needed(node)
    if fact is None:
        return Measured(node, truth, needed=needed)
    distance = slack = None
    if isinstance(fact.value, Decimal):
        gap = _gap(fact.value, needed)
        distance, slack = (None, gap) if truth else (gap, None)
    return Measured(
        node, truth, (fact.value,), needed, distance, slack, records=tuple(fact.records)
    )


def _needed(node: Compared) -> tuple[Decimal | None, Decimal | None]:
    match node.operator:
        case "between":
            return node.numbers[0], node.numbers[1]
        case "at-least" | "above":
            return node.numbers[0], None
        case "at-most" | "below":
            return None, node.numbers[0]
        case _:
            return None, None


def _gap(value: Decimal, needed: tuple[Decimal | None, Decimal | None]) -> Decimal:
    """How far a value is from the nearest end of what is needed, on either side of it."""
    return min(abs(value - bound) for bound in needed if bound is not None)
