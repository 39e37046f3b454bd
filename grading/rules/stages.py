"""From the truths of one stage's rules to what the next stage can ask about.

Three-valued throughout: an outcome or a grade is the set of those that it may still be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product

from grading.rules.definition import Verdict, holds
from grading.rules.facts import Facts, Move, Possible
from grading.rules.loaded import OVERALL, Pack, PlacedLimiter
from grading.rules.rule import STAGES, Stage

Truth = bool | None
NOT_SHOWN = "unknown"


def by_definition(pack: Pack, facts: Facts) -> tuple[dict[str, Verdict], Facts]:
    """What every rule of the pack comes to, stage by stage, and the facts at the end."""
    verdicts: dict[str, Verdict] = {}
    for stage in STAGES:
        verdicts |= {
            rule.id: holds(rule.body, facts) for rule in pack.rules.values() if rule.stage == stage
        }
        facts = advance(pack, stage, {r: v.settled for r, v in verdicts.items()}, facts)
    return verdicts, facts


def advance(pack: Pack, stage: Stage, truths: Mapping[str, Truth], facts: Facts) -> Facts:
    """The facts with what the stage concluded."""
    match stage:
        case "criteria":
            outcomes = {c: outcome(pack, c, truths) for c in pack.criteria}
            return replace(facts, outcomes={**outcomes, **facts.decided})
        case "findings":
            return replace(facts, findings=findings(pack, pack.criteria, truths))
        case "sub-questions":
            subs = {c.sub_question for c in pack.criteria.values()}
            return _judged(pack, sorted(subs), truths, facts)
        case "questions":
            return _judged(pack, pack.graded, truths, facts)
        case "overall":
            return _judged(pack, [OVERALL], truths, facts)


def outcome(pack: Pack, criterion: str, truths: Mapping[str, Truth]) -> Possible:
    """The outcomes that a criterion may have, given the truths of its conditions."""
    asked = (
        truths.get(f"{criterion}.{name}", False) for name in ("exceeds", "meets", "falls-short")
    )
    silence = pack.manifest.evidence_policy.silence
    silent = silence.core if pack.criteria[criterion].written.core else silence.other
    possible: set[str] = set()
    for exceeds, meets, falls in product(*map(_completions, asked)):
        if falls:
            possible.add("conflicted" if exceeds or meets else "falls-short")
        elif exceeds:
            possible.add("exceeds")
        elif meets:
            possible.add("meets")
        elif silent == NOT_SHOWN:
            # nothing shows it; whether it is met is open, and below the standard it is not
            possible |= {NOT_SHOWN, "meets"}
        else:
            possible.add(silent)
    return frozenset(possible)


def findings(
    pack: Pack, criteria: Iterable[str], truths: Mapping[str, Truth]
) -> dict[tuple[str, str], Truth]:
    """For each kind of finding and each of the criteria, whether any rule gives it."""
    return {
        (kind, criterion): truth
        for criterion in criteria
        for kind, truth in found(pack, criterion, truths).items()
    }


def judged(pack: Pack, owner: str, truths: Mapping[str, Truth]) -> Possible:
    """The grades that an owner's ladder and its limiters leave possible."""
    return limited(pack, owner, provisional(pack, owner, truths), truths)


def rungs(pack: Pack, owner: str) -> tuple[str, ...]:
    """The grades of the owner's ladder that have a rung, best first."""
    return tuple(grade for grade in pack.grades if f"{owner}.{grade}" in pack.rules)


def provisional(pack: Pack, owner: str, truths: Mapping[str, Truth]) -> Possible:
    """The grades that the ladder leaves possible: read from the top, the first rung that holds."""
    possible = set()
    for grade in rungs(pack, owner):
        truth = truths[f"{owner}.{grade}"]
        if truth is not False:
            possible.add(grade)
        if truth:
            return frozenset(possible)
    return frozenset(possible)


def limited(pack: Pack, owner: str, grades: Possible, truths: Mapping[str, Truth]) -> Possible:
    """The grades that stay possible under the limiters: those that bite, and those that may."""
    limiters = pack.limiters.get(owner, ())
    bite = [x.written.at_best for x in limiters if truths[x.rule]]
    may = [x.written.at_best for x in limiters if truths[x.rule] is None]
    held = {worst(pack, [grade, *bite]) for grade in grades}
    return frozenset(held | {worst(pack, [grade, cap]) for grade in held for cap in may})


def stands(
    pack: Pack,
    owner: str,
    move: Move,
    judgments: Mapping[str, Possible],
    truths: Mapping[str, Truth],
) -> bool:
    """Whether a change of a grade stands: the rules give what was changed, and no limiter forbids it."""
    return move.is_of(judgments.get(owner, frozenset())) and not forbidding(
        pack, owner, move, truths
    )


def forbidding(
    pack: Pack, owner: str, move: Move, truths: Mapping[str, Truth]
) -> tuple[PlacedLimiter, ...]:
    """The limiters that bite and that a change would break: its grade is better than they allow."""
    return tuple(
        limiter
        for limiter in pack.limiters.get(owner, ())
        if truths.get(limiter.rule) and worst(pack, [move.to, limiter.written.at_best]) != move.to
    )


def worst(pack: Pack, grades: Iterable[str]) -> str:
    """The worst of some grades of the pack's scale."""
    return max(grades, key=pack.grades.index)


def found(pack: Pack, criterion: str, truths: Mapping[str, Truth]) -> dict[str, Truth]:
    """For each kind of finding, whether any rule gives it on a criterion."""
    given: dict[str, list[Truth]] = {}
    for name, finding in pack.manifest.findings.items():
        given.setdefault(finding.kind, []).append(truths[f"{criterion}.{name}"])
    return {kind: _or(among) for kind, among in given.items()}


def _judged(pack: Pack, owners: Sequence[str], truths: Mapping[str, Truth], facts: Facts) -> Facts:
    derived = {
        owner: judged(pack, owner, truths)
        for owner in owners
        if rungs(pack, owner) and owner not in facts.judgments
    }
    judgments = {**facts.judgments, **derived}
    moderated = {
        owner: frozenset({facts.moves[owner].to})
        for owner in owners
        if owner in facts.moves
        # no limiter holds what was carried forward
        and stands(pack, owner, facts.moves[owner], judgments, truths if owner in derived else {})
    }
    return replace(facts, judgments=judgments, moderated={**facts.moderated, **moderated})


def _completions(truth: Truth) -> tuple[bool, ...]:
    return (False, True) if truth is None else (truth,)


def _or(truths: Sequence[Truth]) -> Truth:
    return True if True in truths else None if None in truths else False
