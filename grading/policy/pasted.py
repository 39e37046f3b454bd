"""A case to paste in: it passes on the rules as they are, and fails on a change that none noticed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from grading.judge.judgments import Concluded, Judgment
from grading.policy.apart.values import Witness
from grading.policy.cases import Bite, PlacedCase, Ruling, case_of
from grading.policy.expecting import BITES, concluded_of, differences, ruled
from grading.policy.mutants import Mutant
from grading.policy.noticed import concluded_anew
from grading.policy.written import written_case, written_file
from grading.problems import BadInput
from grading.rules.facts import Facts
from grading.rules.loaded import OVERALL, Pack
from grading.rules.stages import rungs

_LONGEST_NAME = 70
_LABEL = "the case to paste in"


@dataclass(frozen=True)
class Pasted:
    """A case as it is written, as it is read, and what its inspection comes to."""

    text: str
    case: PlacedCase
    facts: Facts


def case_for(pack: Pack, mutant: Mutant, witness: Witness) -> Pasted | None:
    """The case that would notice the change; None where no case can stand for the inspection.

    It was read and run: it passes on the pack and fails on the mutant.
    """
    given = witness.given
    name, because = name_of(mutant), because_of(mutant)
    first = next(iter(pack.questions))
    draft = written_case(name, given, {"judgments": {first: "ungraded"}}, because)
    try:
        case = case_of(written_file([draft]), _LABEL, pack)
    except BadInput:
        return None  # an inspection that no case can stand for
    concluded = concluded_of(case, pack)
    expect = dict(_differing(concluded, concluded_anew(case, mutant.pack)))
    if not expect:
        return None
    text = written_case(name, given, expect, because)
    case = case_of(written_file([text]), _LABEL, pack)
    notices = passes(case, pack) and not passes(case, mutant.pack)
    return Pasted(text, case, concluded.fired.facts) if notices else None


def passes(case: PlacedCase, pack: Pack) -> bool:
    """Whether all is as the case expects by the rules of a pack."""
    return next(differences(case, concluded_anew(case, pack)), None) is None


def name_of(mutant: Mutant) -> str:
    """A name for the case: where the change is, and what it is."""
    stem = PurePosixPath(mutant.place.file).stem
    words = re.sub(r"[^a-z0-9]+", "-", f"{stem} {mutant.place.line} {mutant.says}".lower())
    return words.strip("-")[:_LONGEST_NAME].strip("-")


def because_of(mutant: Mutant) -> str:
    """Why the case is there, until somebody writes what the rule is for."""
    return f"no other case notices at {mutant.place} that {mutant.says}"


def _differing(
    one: Concluded, other: Concluded
) -> Iterator[tuple[str, Mapping[str, Any] | list[str]]]:
    """What the one comes to and the other does not: of criteria and findings, or else of judgments.

    Where limiters hold all grades alike, it is the rungs that reach other grades.
    """
    outcomes, others = one.fired.facts.outcomes, other.fired.facts.outcomes
    criteria = {c: _outcomes(found) for c, found in outcomes.items() if found != others[c]}
    gained = [finding for finding in one.findings if finding not in other.findings]
    lost = [finding for finding in other.findings if finding not in one.findings]
    if criteria:
        yield "criteria", criteria
    if gained:
        yield "findings", gained
    if lost:
        yield "not-findings", lost
    if criteria or gained or lost:
        return
    limiters = dict(_limiters(one, other))
    if limiters:
        yield "limiters", limiters
    judged, judged_other = ({**c.sub_questions, **c.judgments} for c in (one, other))
    differ = {o: j for o, j in judged.items() if j.derived != judged_other[o].derived}
    own = {o: j for o, j in differ.items() if o != OVERALL} or differ
    if own:
        yield "judgments", {owner: _judged(judgment) for owner, judgment in own.items()}
    reached = {o: j for o, j in judged.items() if j.provisional != judged_other[o].provisional}
    if reached and not own and not limiters:
        yield "rules", dict(_rungs(one, other, reached))


def _rungs(one: Concluded, other: Concluded, owners: Iterable[str]) -> Iterator[tuple[str, Ruling]]:
    """What the rungs of these come to by the one, where it is something else by the other."""
    for owner in owners:
        for rule in (f"{owner}.{grade}" for grade in rungs(one.pack, owner)):
            found = ruled(one.fired.verdicts[rule])
            if found != ruled(other.fired.verdicts[rule]):
                yield rule, found


def _limiters(one: Concluded, other: Concluded) -> Iterator[tuple[str, dict[str, Bite]]]:
    for owner, judgment in one.judgments.items():
        others = {x.limiter.id: x.bites for x in other.judgments[owner].limiters}
        bites = {
            x.limiter.id: BITES[x.bites]
            for x in judgment.limiters
            if x.bites is not others.get(x.limiter.id)
        }
        if bites:
            yield owner, bites


def _outcomes(found: Iterable[str]) -> str | list[str]:
    names = sorted(found)
    return names[0] if len(names) == 1 else names


def _judged(judgment: Judgment) -> str | list[str]:
    return list(judgment.interval) if judgment.interval else judgment.final
