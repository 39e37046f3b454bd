"""What the change of a rule pack does to inspections that were graded: each under both packs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from grading.engine.compile import Program
from grading.evidence.evidence import Evidence
from grading.judge.judgments import Concluded, Finding, Grading, Judgment
from grading.judge.method import grade, program_of
from grading.policy.diff.same import on_one_ground
from grading.policy.diff.wording import Change, changes
from grading.policy.impact.again import graded_in_part, part, stays
from grading.policy.impact.causes import Causes
from grading.policy.impact.units import Cause
from grading.policy.proof.sides import two_sides
from grading.problems import BadInput
from grading.rules.loaded import OVERALL, Pack
from grading.rules.pack import Kind
from grading.rules.stages import rungs


@dataclass(frozen=True)
class Past:
    """An inspection that was graded: how its evidence is read for a pack, and the kinds left out."""

    label: str
    read: Callable[[Program], Evidence]
    dropped: frozenset[Kind] = frozenset()


@dataclass(frozen=True)
class Move:
    """A judgment that is graded otherwise, and what of the rules did it.

    Grades that are possible stand best first; one that is no grade stands as its word.
    """

    owner: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    causes: tuple[Cause, ...]


@dataclass(frozen=True)
class Impacted:
    """One inspection under both packs.

    Where what changed leads to nothing else on its facts, it is known to be `untouched`, and was not
    graded again. Otherwise `again` are the questions that were, and `overall`.
    """

    label: str
    body: str
    as_of: str
    synthetic: bool
    untouched: bool
    judged: tuple[tuple[str, str, str], ...]  # each judgment with its word before and after
    moves: tuple[Move, ...] = ()
    gained: tuple[Finding, ...] = ()
    lost: tuple[Finding, ...] = ()
    again: tuple[str, ...] = ()

    @property
    def moved(self) -> bool:
        """Whether anything is otherwise."""
        return bool(self.moves or self.gained or self.lost)


@dataclass(frozen=True)
class Impact:
    """What a change does to some inspections. `unread` are those that one of the packs cannot grade."""

    before: Pack
    after: Pack
    changes: tuple[Change, ...]
    inspections: tuple[Impacted, ...]
    unread: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def moved(self) -> tuple[Impacted, ...]:
        """The inspections in which anything is otherwise."""
        return tuple(one for one in self.inspections if one.moved)

    def matrix(self, owner: str) -> Mapping[tuple[str, str], int]:
        """How many inspections go from which grade of a judgment to which."""
        return Counter(
            (was, now)
            for one in self.inspections
            for judgment, was, now in one.judged
            if judgment == owner
        )


def impact(
    before: Program, after: Pack, program: Callable[[], Program], pasts: Iterable[Past]
) -> Impact:
    """What a change does to inspections; `program` is the changed pack inside the engine.

    One is graded again only where what changed leads to something else on its facts, and of it only the
    questions whose rules are not the same. Raises Disagreement as `grade` does.
    """
    grading = _Grading(before, after, program)
    found: list[Impacted] = []
    unread: list[tuple[str, tuple[str, ...]]] = []
    for past in pasts:
        try:
            found.append(grading.impacted(past))
        except BadInput as error:
            unread.append((past.label, tuple(map(str, error.problems))))
    return Impact(before.pack, after, grading.changes, tuple(found), tuple(unread))


class _Grading:
    def __init__(self, before: Program, after: Pack, program: Callable[[], Program]) -> None:
        self.before, self.after, self.program = before, after, program
        packs = before.pack, after
        self.changes = changes(*packs)
        reckoned = any(change.kind == "evidence" for change in self.changes)
        sides = two_sides(*packs)
        self.on_one_ground = on_one_ground(*sides) and not reckoned
        alike = packs[0].grades == after.grades and not reckoned
        self.part = part(*sides) if alike else None
        self.causes = Causes(*packs)

    @cached_property
    def part_program(self) -> Program:
        """What may be otherwise, inside the engine."""
        assert self.part is not None
        return program_of(self.part.pack)

    def impacted(self, past: Past) -> Impacted:
        was = grade(past.read(self.before), self.before, past.dropped)
        inspection = was.evidence.inspection
        about = (
            past.label,
            inspection.body_name,
            inspection.as_of.isoformat(),
            inspection.synthetic is True,
        )
        if self._stays(was):
            judged = tuple((name, _word(j), _word(j)) for name, j in _judgments(was))
            return Impacted(*about, untouched=True, judged=judged)
        program = self.program()
        evidence = past.read(program)
        if self.part is None:
            now: Concluded = grade(evidence, program, past.dropped)
        else:
            now = graded_in_part(was, self.after, self.part_program, self.part, evidence)
        after = dict(_judgments(now))
        before = dict(_judgments(was))
        every = dict.fromkeys([*before, *after])
        return Impacted(
            *about,
            untouched=False,
            judged=tuple((n, _word(before.get(n)), _word(after.get(n))) for n in every),
            moves=tuple(self._moves(was, before, after)),
            gained=tuple(f for name, f in now.findings.items() if name not in was.findings),
            lost=tuple(f for name, f in was.findings.items() if name not in now.findings),
            again=self.questions if self.part is None else self.part.again,
        )

    @property
    def questions(self) -> tuple[str, ...]:
        """All that is graded or told of, with the overall judgment."""
        overall = (OVERALL,) if rungs(self.after, OVERALL) else ()
        return (*self.after.questions, *overall)

    def _stays(self, was: Grading) -> bool:
        """Whether it is known without grading again that nothing is otherwise.

        Where every stage concludes what it did, so does everything that follows: whatever is known or
        unknown and whichever kinds of evidence there are.
        """
        return self.on_one_ground and stays(was.pack, self.after, was.derivation.facts, was.fired)

    def _moves(
        self, was: Grading, before: Mapping[str, Judgment], after: Mapping[str, Judgment]
    ) -> Iterator[Move]:
        for owner in dict.fromkeys([*before, *after]):
            one, other = _grades(before.get(owner)), _grades(after.get(owner))
            if one != other:
                causes: tuple[Cause, ...] = ()
                if self.on_one_ground:
                    causes = self.causes.of(was.derivation.facts, owner, frozenset(other))
                yield Move(owner, one, other, causes)


def _judgments(grading: Concluded) -> Iterator[tuple[str, Judgment]]:
    """Sub-questions with their question, in order, and the overall judgment last."""
    for name, question in grading.pack.questions.items():
        for sub in question.sub_questions:
            if sub in grading.sub_questions and grading.sub_questions[sub].graded:
                yield sub, grading.sub_questions[sub]
        yield name, grading.judgments[name]
    if OVERALL in grading.judgments:
        yield OVERALL, grading.judgments[OVERALL]


def _word(judgment: Judgment | None) -> str:
    """The one grade of a judgment, or the word for having none."""
    return "" if judgment is None else judgment.final


def _grades(judgment: Judgment | None) -> tuple[str, ...]:
    if judgment is None:
        return ()
    return judgment.derived if judgment.graded else (judgment.final,)
