"""What holds of a rule pack, by looking at every state of every ladder and all evidence on criteria."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from grading.judge.completions import TooMany
from grading.policy.proof.asks import Asks, Parting
from grading.policy.proof.claims import Proof, Proved
from grading.policy.proof.criteria import criteria
from grading.policy.proof.directions import direction
from grading.policy.proof.ladders import no_overlap, one_grade, reachable
from grading.policy.proof.looking import Looking
from grading.policy.proof.order import better_never_lower
from grading.policy.proof.relevance import matters
from grading.policy.proof.sides import one_side
from grading.policy.proof.tables import How
from grading.policy.proof.unknowns import unknown_is_open, words_stay_open
from grading.rules.loaded import OVERALL, Pack
from grading.rules.rule import Compared, leaves
from grading.rules.stages import rungs

_Kind = Literal["question", "sub-question", "overall"]


def prove(pack: Pack, how: How | None = None) -> Proof:
    """What holds of a pack, and where it does not, the smallest inspection that shows it.

    States are looked at one by one where they are few, and in a decision diagram where they are many;
    unless `how` says which.
    """
    parting = Parting(one_side(pack))
    judged: dict[str, list[tuple[str | None, ...]]] = {}
    judgments = []
    for owner, kind in graded(pack):
        proved = _judgment(parting, owner, kind, judged, how)
        settled = [(grade,) for grade, _ in proved.grades if grade in pack.grades]
        judged[owner] = [*settled] or [(grade,) for grade in rungs(pack, owner)]
        judgments.append(proved)
    return Proof(
        pack=pack.manifest.id,
        version=pack.manifest.version,
        digest=pack.digest,
        judgments=tuple(judgments),
        criteria=tuple(criteria(parting, joint) for joint in parting.joints),
        words=words_stay_open(pack),
        unordered=tuple(_unordered(parting)),
    )


def graded(pack: Pack) -> Iterator[tuple[str, _Kind]]:
    """What has a ladder: sub-questions and their question, in order, then the overall judgment."""
    for question, model in pack.questions.items():
        for sub in model.sub_questions:
            if rungs(pack, sub):
                yield sub, "sub-question"
        if rungs(pack, question):
            yield question, "question"
    if rungs(pack, OVERALL):
        yield OVERALL, "overall"


def _judgment(
    parting: Parting,
    owner: str,
    kind: _Kind,
    judged: Mapping[str, list[tuple[str | None, ...]]],
    how: How | None,
) -> Proved:
    pack = parting.sides[0].pack
    try:
        looking = Looking(parting, owner, judged, how)
        claims = (
            one_grade(looking),
            no_overlap(looking),
            better_never_lower(looking),
            reachable(looking),
            matters(looking),
            unknown_is_open(looking),
        )
    except TooMany:
        # nothing is claimed; what counts this judgment may count any grade of its ladder
        every = tuple((grade, 0) for grade in rungs(pack, owner))
        return Proved(owner, kind, 0, None, grades=every)
    grades = dict.fromkeys(pack.grades, 0)
    for seen in looking.every:
        grades[seen.reading.grade] = grades.get(seen.reading.grade, 0) + seen.states
    return Proved(
        owner,
        kind,
        looking.states,
        looking.how,
        claims,
        tuple((grade, states) for grade, states in grades.items() if states),
        free=_are_free(parting, looking.asks),
    )


def _are_free(parting: Parting, asks: Asks) -> bool:
    """Whether the judgments that are counted rest on nothing in common, nor on what counts them."""
    seen = set[object]()
    for owner in (*asks.judgments, asks.owner):
        own = parting.asks(owner) if owner != asks.owner else asks
        things: set[object] = {joint.every.criteria for joint, _ in own.joints}
        known = [some for _, classes in own.joints for some in classes]
        for some in (*known, *(figures for _, figures in own.figures), *own.earlier, own.shared):
            for one in some.of:
                things |= {figure for figure, _ in one.figures}
                things |= {topic for topic, _, _ in one.items}
        if asks.judgments and seen & things:
            return False
        seen |= things
    return True


def _unordered(parting: Parting) -> Iterator[str]:
    """The figures that rules ask about, and of which the pack does not say whether more is better."""
    asked = {
        leaf.indicator
        for rule in parting.pack.rules.values()
        for leaf in leaves(rule.body)
        if isinstance(leaf, Compared)
    }
    for together in parting.reckoning.together(asked):
        for figure in together.figures:
            if direction(parting.pack, figure) == "none":
                yield figure.id
