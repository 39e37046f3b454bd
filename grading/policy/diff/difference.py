"""What the change of a rule pack changes, by meaning: in which states of which judgments, and how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from grading.explain.variables import Variable
from grading.judge.completions import TooMany
from grading.policy.diff.same import same_criteria, same_judgment
from grading.policy.diff.wording import Change, changes
from grading.policy.proof.asks import Parting
from grading.policy.proof.claims import Inspection, Said
from grading.policy.proof.comparing import Both, Comparing
from grading.policy.proof.evidence_states import Led
from grading.policy.proof.nearest import RANK
from grading.policy.proof.parts import Grades
from grading.policy.proof.prove import graded
from grading.policy.proof.sides import Joint, two_sides
from grading.policy.proof.tables import How
from grading.rules.loaded import OVERALL, Pack
from grading.rules.stages import rungs

Meaning = Literal["equal", "stricter", "laxer", "mixed", "new", "gone", "not compared"]
Looked = How | Literal["by its rules", ""]


@dataclass(frozen=True)
class Moved:
    """States in which a grade, or an outcome, moves one way: how many, and one that shows it.

    The inspection is told twice: as it comes out before, and as it comes out after.
    """

    states: int
    before: Inspection
    after: Inspection


@dataclass(frozen=True)
class Rung:
    """In how many states a grade is reached or bettered: before, after, no longer, and newly."""

    grade: str
    before: int
    after: int
    lost: int
    gained: int

    @property
    def meaning(self) -> Meaning:
        """Whether it is harder to reach, or easier."""
        return meaning(self.lost, self.gained)


@dataclass(frozen=True)
class Judged:
    """A judgment before and after: worse in some states, better in others, or equal in all.

    Where `looked` says that its rules are the same, no state was looked at: there is nothing to see.
    `free` is as for a proof.
    """

    id: str
    kind: str
    meaning: Meaning
    looked: Looked
    states: int = 0
    stricter: Moved | None = None
    laxer: Moved | None = None
    rungs: tuple[Rung, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()  # the grades that some state has before and after


@dataclass(frozen=True)
class Criterion:
    """A criterion before and after: on how much evidence its outcome is worse, or better."""

    id: str
    meaning: Meaning
    evidence: int = 0
    stricter: Moved | None = None
    laxer: Moved | None = None
    other: Moved | None = None  # neither better nor worse: findings, or what a ladder sees


@dataclass(frozen=True)
class Difference:
    """What changes from one pack to another. `refused` says why states could not be compared at all."""

    before: Pack
    after: Pack
    judgments: tuple[Judged, ...]
    criteria: tuple[Criterion, ...]
    changes: tuple[Change, ...]
    refused: str = ""

    @property
    def equal(self) -> bool:
        """Whether nothing is graded otherwise, in any inspection, and all was compared."""
        every = [one.meaning for one in self.judgments] + [one.meaning for one in self.criteria]
        return not self.refused and set(every) <= {"equal"} and not self.derivation

    @property
    def derivation(self) -> tuple[Change, ...]:
        """The changes of what figures and records come to, which states do not show."""
        return tuple(change for change in self.changes if change.kind == "evidence")


def meaning(worse: int, better: int) -> Meaning:
    """What some states that are graded worse, and some that are graded better, come to."""
    if worse and better:
        return "mixed"
    return "stricter" if worse else "laxer" if better else "equal"


def diff(before: Pack, after: Pack, how: How | None = None) -> Difference:
    """What changes from one pack to another, by looking at every state where its rules differ."""
    found = changes(before, after)
    refused = _refused(before, after)
    if refused:
        return Difference(before, after, (), (), found, refused)
    parting = Parting(two_sides(before, after))
    judgments: dict[str, Judged] = {}
    for owner, kind in dict.fromkeys([*graded(before), *graded(after)]):
        if owner != OVERALL:
            judgments[owner] = _judged(parting, owner, kind, judgments, how)
    if rungs(before, OVERALL) or rungs(after, OVERALL):
        judgments[OVERALL] = _judged(parting, OVERALL, "overall", judgments, how)
    criteria = (one for joint in parting.joints for one in _criteria(parting, joint))
    return Difference(before, after, tuple(judgments.values()), tuple(criteria), found)


def _refused(before: Pack, after: Pack) -> str:
    """Why states of two packs cannot be compared, where they cannot."""
    if before.grades != after.grades:
        return "the packs have different scales, and no grade of one is a grade of the other"
    if _levels(before) != _levels(after):
        return "the packs code observations differently, so one inspection is not coded for both"
    return ""


def _levels(pack: Pack) -> Mapping[str, Sequence[str]]:
    coding = pack.manifest.coding
    return {} if coding is None else {s: list(levels) for s, levels in coding.model_dump().items()}


def _judged(
    parting: Parting,
    owner: str,
    kind: str,
    others: Mapping[str, Judged],
    how: How | None,
) -> Judged:
    before, after = (side.pack for side in parting.sides)
    if not rungs(before, owner) or not rungs(after, owner):
        return Judged(owner, kind, "new" if rungs(after, owner) else "gone", "")
    counted = (
        [q for q in others if q in before.graded or q in after.graded] if owner == OVERALL else []
    )
    if same_judgment(parting.sides[0], parting.sides[1], owner) and all(
        others[q].meaning == "equal" for q in counted
    ):
        pairs = tuple((grade, grade) for grade in rungs(before, owner))
        return Judged(owner, kind, "equal", "by its rules", pairs=pairs)
    try:
        comparing = Comparing(parting, owner, {q: _pairs(parting, others[q]) for q in counted}, how)
    except TooMany:
        every = tuple((a, b) for a in rungs(before, owner) for b in rungs(after, owner))
        return Judged(owner, kind, "not compared", "", pairs=every)
    found = _compared(comparing, owner, kind)
    if found.meaning != "equal" and any(others[q].meaning == "not compared" for q in counted):
        # how what it counts goes together is not known, and so neither is how it moves
        return Judged(owner, kind, "not compared", "", pairs=found.pairs)
    return found


def _pairs(parting: Parting, judged: Judged) -> list[Grades]:
    """The grades that a judgment can have before and after."""
    if judged.meaning in ("new", "gone"):
        side = parting.sides[judged.meaning == "new"].pack
        every = rungs(side, judged.id)
        return [(None, grade) if judged.meaning == "new" else (grade, None) for grade in every]
    return [tuple(pair) for pair in judged.pairs]


def _compared(comparing: Comparing, owner: str, kind: str) -> Judged:
    reader = comparing.readers[0]
    assert reader is not None
    place = reader.place
    worse = [b for b in comparing.every if place(b.grades[1]) > place(b.grades[0])]
    better = [b for b in comparing.every if place(b.grades[1]) < place(b.grades[0])]
    stricter, laxer = _moved(comparing, worse), _moved(comparing, better)
    settled = reader.pack.grades
    pairs = dict.fromkeys(
        both.grades for both in comparing.every if all(g in settled for g in both.grades)
    )
    return Judged(
        owner,
        kind,
        meaning(len(worse), len(better)),
        comparing.how,
        comparing.states,
        stricter,
        laxer,
        tuple(_rungs(comparing, reader.rungs)),
        tuple(pairs) or tuple((grade, grade) for grade in reader.rungs),
    )


def _moved(comparing: Comparing, found: Sequence[Both]) -> Moved | None:
    """States that move one way, and of them the one that is told shortest."""
    if not found:
        return None
    shown = min(found, key=lambda both: (both.cost, both.table, both.chosen))
    states = sum(both.states for both in found)
    return Moved(states, comparing.inspection(shown, 0), comparing.inspection(shown, 1))


def _rungs(comparing: Comparing, grades: Iterable[str]) -> Iterator[Rung]:
    """Each grade but the worst, by the states in which it is reached or bettered."""
    reader = comparing.readers[0]
    assert reader is not None
    for grade in list(grades)[:-1]:
        reached = {(was, now): 0 for was in (True, False) for now in (True, False)}
        for both in comparing.every:
            was, now = (reader.place(g) <= reader.place(grade) for g in both.grades)
            reached[was, now] += both.states
        yield Rung(
            grade,
            reached[True, True] + reached[True, False],
            reached[True, True] + reached[False, True],
            reached[True, False],
            reached[False, True],
        )


def _criteria(parting: Parting, joint: Joint) -> Iterator[Criterion]:
    """Each criterion of a joint, before and after."""
    before, after = joint.sides
    if before is None or after is None:
        for name in joint.every.criteria:
            yield Criterion(name, "gone" if after is None else "new")
        return
    if same_criteria(parting.sides[0], parting.sides[1], before, after):
        yield from (Criterion(name, "equal") for name in joint.every.criteria)
        return
    try:
        found = parting.alone(joint)
    except TooMany:
        yield from (Criterion(name, "not compared") for name in joint.every.criteria)
        return
    for name in joint.every.criteria:
        if name not in before.criteria or name not in after.criteria:
            yield Criterion(name, "gone" if name in before.criteria else "new")
            continue
        yield _criterion(joint, found, name)


def _criterion(joint: Joint, found: Led, name: str) -> Criterion:
    """One criterion, before and after, on all evidence."""
    places = [group.criteria.index(name) for group in joint.sides if group is not None]
    worse: list[int] = []
    better: list[int] = []
    other: list[int] = []
    for number, told in enumerate(found.states):
        states = [state for state in told if state is not None]
        (was, now) = (next(iter(s.outcomes[n])) for s, n in zip(states, places, strict=True))
        if RANK[now] != RANK[was]:
            (worse if RANK[now] < RANK[was] else better).append(number)
        elif was != now or len({s.findings[n] for s, n in zip(states, places, strict=True)}) > 1:
            other.append(number)
    stricter, laxer, otherwise = (
        _leading(joint, found, numbers, places) for numbers in (worse, better, other)
    )
    moved = meaning(len(worse), len(better))
    return Criterion(
        name,
        "mixed" if other and moved == "equal" else moved,
        found.evidence,
        stricter,
        laxer,
        otherwise,
    )


def _leading(
    joint: Joint, found: Led, numbers: Sequence[int], places: Sequence[int]
) -> Moved | None:
    """Evidence on which an outcome moves one way, and the least of it."""
    if not numbers:
        return None
    first = min(numbers, key=lambda n: (len(found.examples[n].observations), n))

    def told(side: int) -> Inspection:
        group, state = joint.sides[side], found.states[first][side]
        assert group is not None
        assert state is not None
        said = Said(Variable("criteria", group.criteria), (state,), found.examples[first])
        return Inspection((said,), next(iter(state.outcomes[places[side]])))

    return Moved(sum(found.pieces[n] for n in numbers), told(0), told(1))
