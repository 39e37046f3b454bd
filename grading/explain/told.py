"""The English of a condition beside the evidence: what was found, what is needed, how far apart."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from grading.explain.asked import (
    asked,
    bounded,
    comparison,
    denied,
    predicate,
    subject,
    whether,
)
from grading.explain.english import clauses, figure, listed, lower, outcome_words, quoted
from grading.explain.measured import Measured
from grading.rules.facts import Facts, IndicatorFact
from grading.rules.loaded import Pack
from grading.rules.rule import All, Any, Compared, Count, No, OutcomeIn, Some, Sought


def told(measured: Measured, pack: Pack, facts: Facts) -> str:
    """What was found of a condition and what is needed, as a clause without its full stop."""
    node = measured.node
    match node:
        case Count():
            return _count(measured, node, pack)
        case Compared():
            return _compared(measured, node, pack, facts.indicators.get(node.indicator))
        case OutcomeIn():
            return _outcome(measured, node, pack, facts)
        case All():
            return clauses(told(part, pack, facts) for part in measured.parts)
    if measured.withheld:
        sole = listed(kind.replace("-", " ") for kind in measured.withheld)
        return f"{asked(node, pack)}, but {sole} may not be the sole basis"
    if measured.truth is None:
        return f"it is not known whether {whether(node, pack)}"
    match node:
        case Any() if measured.truth:
            return next(_true(measured, pack, facts))
        case Any():
            return clauses(dict.fromkeys(_failing(part, pack, facts) for part in measured.parts))
        case No() if not measured.truth:
            return clauses(_true(measured, pack, facts))
        case Some():
            number = sum(part.truth is True for part in measured.parts)
            inside = "; ".join(asked(part.node, pack) for part in measured.parts)
            held = f"{number} of these {len(measured.parts)}"
            return f"{held} {'holds' if number == 1 else 'hold'}; {node.least} are needed: {inside}"
        case _:
            return asked(node, pack) if measured.truth else denied(node, pack)


def found_of(measured: Measured, node: Count, pack: Pack) -> str:
    """How many were found: `none of the 5 core criteria exceeds the standard`."""
    least, greatest = (int(number) for number in measured.found)
    if node.counted == "previous":
        return _earlier(least, greatest, node, pack)
    total = len(node.members)
    many = subject(node, pack, total)
    if least != greatest:
        does = predicate(node, pack, greatest)
        return f"{least} to {min(greatest, total)} of the {total} {many} {does}"
    if total == 1:
        one = f"the one {subject(node, pack, 1)}"
        return f"{one} {predicate(node, pack, 1)}" if least else f"{one} does not count"
    if least == 0:
        return f"none of the {total} {many} {predicate(node, pack, 1)}"
    if least == total:
        return f"all {total} {many} {predicate(node, pack, total)}"
    return f"{least} of the {total} {many} {predicate(node, pack, least)}"


def _earlier(least: int, greatest: int, node: Count, pack: Pack) -> str:
    if least != greatest:
        return f"it is not known how many earlier findings are {predicate(node, pack, 2)[4:]}"
    number = least or "no"
    few = 1 if least <= 1 else least
    return f"{number} {subject(node, pack, few)} {predicate(node, pack, few)}"


def _count(measured: Measured, node: Count, pack: Pack) -> str:
    return f"{found_of(measured, node, pack)}; {_limit(measured, node)}"


def _limit(measured: Measured, node: Count) -> str:
    if bounded(node):
        words = f"at most {node.most} may" if node.most else "none may"
        over = measured.distance if node.most else None
        return words + _room(measured.slack if node.most else None, over, "too many")
    are = "is" if node.fewest == 1 else "are"
    whole = node.counted != "previous" and node.fewest == len(node.members) > 1
    words = f"{'all' if whole else node.fewest} {are} needed"
    return words + _room(measured.slack, measured.distance, "too few")


def _room(slack: Decimal | None, distance: Decimal | None, beyond: str) -> str:
    if distance is not None:
        return f" ({distance} {beyond})"
    if slack is None:
        return ""
    return f" ({slack} to spare)" if slack else " (none to spare)"


def _compared(measured: Measured, node: Compared, pack: Pack, fact: IndicatorFact | None) -> str:
    indicator = pack.indicators[node.indicator]
    title, needs = lower(indicator.title), comparison(node, indicator.unit).removeprefix("is ")
    needs = needs.replace("lies between", "between")
    if fact is None:
        return f"it is not known whether {title} {comparison(node, indicator.unit)}"
    limit = "is allowed" if node.operator in {"at-most", "below"} else "is needed"
    room = "; ".join((*_apart(measured, indicator.unit), *_sampled(node, fact, indicator.unit)))
    said = f"{title} is {figure(fact.value, indicator.unit)}; {needs} {limit}"
    return said + (f" ({room})" if room else "")


def _apart(measured: Measured, unit: str) -> Iterator[str]:
    unit = "percentage-points" if unit == "percent" else unit
    if measured.distance is not None:
        yield f"{figure(measured.distance, unit)} away"
    elif measured.slack is not None:
        yield f"{figure(measured.slack, unit)} to spare" if measured.slack else "none to spare"


def _sampled(node: Compared, fact: IndicatorFact, unit: str) -> Iterator[str]:
    """What must be said of a figure from a sample wherever it is compared."""
    if fact.bounds is not None:
        low, high = fact.bounds
        inside = any(low <= number <= high for number in node.numbers)
        settled = ", so the sample does not settle it" if inside else ""
        yield f"95 per cent interval {low} to {figure(high, unit)}{settled}"
    yield from fact.cautions


def _outcome(measured: Measured, node: OutcomeIn, pack: Pack, facts: Facts) -> str:
    says = quoted(pack.criteria[node.criterion].written.says)
    possible = facts.outcomes.get(node.criterion)
    if possible is None or len(possible) > 1:
        return f"it is not known whether {says} {outcome_words(node.outcomes)}"
    needs = "" if measured.truth else f"; it is needed that it {outcome_words(node.outcomes)}"
    return f"{says} {outcome_words(possible)}{needs}"


def _true(measured: Measured, pack: Pack, facts: Facts) -> Iterator[str]:
    """The parts that hold, each once."""
    yield from dict.fromkeys(told(part, pack, facts) for part in measured.parts if part.truth)


def _failing(part: Measured, pack: Pack, facts: Facts) -> str:
    """A part that does not hold, said without a double negative."""
    if isinstance(part.node, Sought):
        return denied(part.node, pack)
    return told(part, pack, facts)
