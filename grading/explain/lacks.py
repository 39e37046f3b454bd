"""What a criterion lacks for a better outcome: conditions that do not hold, records in the way of them."""

from __future__ import annotations

from collections.abc import Iterator

from grading.explain.asked import asked, whether
from grading.explain.because import Because
from grading.explain.english import capital, cited
from grading.explain.measured import Measured, conjuncts, measure
from grading.explain.told import told
from grading.judge.judgments import Concluded, Grading
from grading.rules.facts import RecordFact
from grading.rules.loaded import Pack
from grading.rules.rule import Any, No, Rule

TESTS = ("exceeds", "meets", "falls-short")
_BETTER = {"meets": "exceeds", "falls-short": "meets", "unknown": "meets"}
_WOULD = {"exceeds": "exceed", "meets": "meet"}


def tests_of(pack: Pack, criterion: str) -> list[Rule]:
    """The rules that test a criterion, the best outcome first."""
    named = (f"{criterion}.{name}" for name in TESTS)
    return [pack.rules[rule] for rule in named if rule in pack.rules]


def records_on(grading: Concluded, criterion: str) -> list[RecordFact]:
    """The records on a criterion that conditions see and that were not withdrawn."""
    records = grading.fired.facts.records
    topics = grading.pack.criteria[criterion].written.topics
    return [r for topic in topics for r in records.get(topic, ()) if not r.withdrawn]


def measured(grading: Grading, rule: Rule) -> list[Measured]:
    """How each condition that a rule asks together stands."""
    return [measure(node, grading.fired.facts) for node in conjuncts(rule.body)]


def in_the_way(grading: Grading, criterion: str, test: str) -> str:
    """What a criterion lacks to pass a test, and the weaknesses that are in its way."""
    rule = grading.pack.rules.get(f"{criterion}.{test}")
    if rule is None:
        return "the rules know nothing better for it"
    unmet = [m for m in measured(grading, rule) if m.truth is not True]
    against = {r.id for r in records_on(grading, criterion) if not r.supports}
    blocking = [r for m in unmet for r in m.records if r in against]
    shown = [m for m in unmet if not against.intersection(m.records)]
    said = []
    if shown:
        said.append("no record shows more")
    if blocking:
        stand = "stands" if len(blocking) == 1 else "stand"
        said.append(f"{cited(dict.fromkeys(blocking))} {stand} in its way")
    return ", and ".join(said) or "whether it does more is not known"


def above(grading: Grading, criterion: str) -> Iterator[Because]:
    """What it would take to have a better outcome, and what is in the way of it."""
    facts = grading.fired.facts
    possible = facts.outcomes[criterion]
    name = _BETTER.get(next(iter(possible)) if len(possible) == 1 else "unknown")
    rule = grading.pack.rules.get(f"{criterion}.{name}")
    if rule is None or grading.fired.verdicts[rule.id].settled:
        return
    steps = [s for m in measured(grading, rule) if m.truth is not True for s in _lacks(grading, m)]
    yield Because(
        f"What it lacks to {_WOULD[rule.name]} the standard:", tuple(steps), place=rule.place
    )


def _option(part: Measured, pack: Pack) -> str:
    """One of several ways in which a condition could hold."""
    if part.truth is None:
        return f"it is not known whether {whether(part.node, pack)}"
    return asked(part.node, pack)


def _lacks(grading: Grading, lacking: Measured) -> Iterator[Because]:
    """What a condition that does not hold asks for; the records in its way where there are some."""
    pack, node = grading.pack, lacking.node
    match node:
        case Any():
            steps = tuple(
                Because(f"{capital(_option(part, pack))}.", place=part.node.place)
                for part in lacking.parts
            )
            known = (
                "None of these is shown"
                if lacking.truth is False
                else "None of these is known to hold"
            )
            yield Because(f"{known}, and one is needed:", steps, place=node.place)
        case No():
            for part in lacking.parts:
                if part.truth is not False:
                    said = asked(part.node, pack)
                    text = f"In the way: {said.removeprefix('there is ')} {cited(part.records)}"
                    if part.truth is None:
                        text = f"It is not known whether {whether(part.node, pack)}"
                    yield Because(f"{text.rstrip()}.", place=part.node.place)
        case _:
            text = capital(told(lacking, pack, grading.fired.facts))
            yield Because(f"{text}.", place=node.place)
