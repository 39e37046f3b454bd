"""What a run concludes about an inspection: outcomes, findings and judgments, each step kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from grading.derive.derive import Derivation
from grading.engine.compile import Program
from grading.engine.run import Fired
from grading.evidence.evidence import Evidence, PlacedNotGraded
from grading.evidence.moderation import Challenge, Decided, Moderation
from grading.rules.facts import UNDETERMINED
from grading.rules.loaded import Pack, PlacedLimiter
from grading.rules.pack import Kind

UNGRADED = "ungraded"
TrendWord = Literal["same", "improved", "deteriorated", "unknown"]
FindingStatus = Literal["new", "persisting"]
ModerationStatus = Literal[
    "stands",
    "no longer fits",
    "forbidden",
    "not yet made",
    "expired",
    "superseded",
    "withdraws another",
]
ChallengeStatus = Literal["not yet made", "open", "answered"]


@dataclass(frozen=True)
class Trend:
    """The judgment beside the one before it, and the record of that one."""

    word: TrendWord
    says: str
    previous: str | None = None
    raised: int | None = None
    record: str | None = None


@dataclass(frozen=True)
class Limited:
    """A limiter, and whether it bites: True, False or None for unknown."""

    limiter: PlacedLimiter
    bites: bool | None


@dataclass(frozen=True)
class Moderated:
    """A change of a grade that people recorded, how it stands, and the limiters that forbid it.

    It `stands` where the rules give the grade that was changed, and no limiter that bites is broken.
    """

    decided: Decided[Moderation]
    status: ModerationStatus
    forbidden_by: tuple[PlacedLimiter, ...] = ()

    @property
    def in_force(self) -> bool:
        """Whether it is one that stands, or that would if it could."""
        return self.status in {"stands", "no longer fits", "forbidden"}


@dataclass(frozen=True)
class Challenged:
    """What the inspected body disputes, and how that stands on the as-of date."""

    decided: Decided[Challenge]
    status: ChallengeStatus


@dataclass(frozen=True)
class Finding:
    """One finding on a criterion; `certain` is False where unknown evidence may take it away."""

    id: str
    kind: str
    rule: str
    question: str
    criterion: str
    says: str
    first_raised: int
    previous: tuple[str, ...]
    recommendation: str | None = None

    @property
    def status(self) -> FindingStatus:
        """Whether it is new, or was raised before and is still open."""
        return "persisting" if self.previous else "new"


@dataclass(frozen=True)
class Judgment:
    """A question or sub-question with every step of its grade.

    `provisional` and `derived` hold the grades that remain possible, best first: one when the
    evidence decides. They are empty for an ungraded question. `not_graded` is what the inspection
    says of a question that the pack grades and it does not. `moderated` is the change of its grade
    that is in force, whether it stands or not: what the rules give is never replaced.
    """

    id: str
    title: str
    graded: bool
    provisional: tuple[str, ...]
    derived: tuple[str, ...]
    limiters: tuple[Limited, ...]
    trend: Trend
    findings: tuple[str, ...]
    carried_from: str | None = None
    not_graded: PlacedNotGraded | None = None
    moderated: Moderated | None = None

    @property
    def settled(self) -> str | None:
        """The grade that people settled on, where a change of theirs stands."""
        stands = self.moderated is not None and self.moderated.status == "stands"
        return self.moderated.decided.written.to if stands and self.moderated else None

    @property
    def standing(self) -> tuple[str, ...]:
        """The grades that remain possible in the end: as settled by people, or as derived."""
        return (self.settled,) if self.settled is not None else self.derived

    @property
    def final(self) -> str:
        """The one grade in the end, or the word for having none."""
        return self.settled or self.given

    @property
    def given(self) -> str:
        """The one grade that rules and evidence give, or the word for having none."""
        if self.not_graded is not None:
            return self.not_graded.written.value
        return one(self.derived) if self.graded else UNGRADED

    @property
    def interval(self) -> tuple[str, str] | None:
        """The worst and the best grade that remain possible, where there is more than one."""
        return (self.derived[-1], self.derived[0]) if len(self.derived) > 1 else None


@dataclass(frozen=True)
class Concluded:
    """One inspection: inputs, what every rule comes to, and what was concluded."""

    evidence: Evidence
    pack: Pack
    dropped: frozenset[Kind]
    derivation: Derivation
    fired: Fired
    judgments: Mapping[str, Judgment]
    sub_questions: Mapping[str, Judgment]
    findings: Mapping[str, Finding]
    moderation: tuple[Moderated, ...]  # every change, in the order of its file
    challenges: tuple[Challenged, ...]

    @property
    def undetermined(self) -> tuple[str, ...]:
        """The graded questions, and the overall judgment, that evidence and people leave open."""
        return tuple(q for q, j in self.judgments.items() if j.graded and len(j.standing) != 1)

    @property
    def not_standing(self) -> tuple[Moderated, ...]:
        """The changes in force that do not stand."""
        return tuple(m for m in self.moderation if m.in_force and m.status != "stands")


@dataclass(frozen=True)
class Grading(Concluded):
    """One inspection, graded: the engine fired its rules, and the definition says the same."""

    program: Program


def one(grades: tuple[str, ...]) -> str:
    """The grade where there is one; otherwise that it is undetermined."""
    return grades[0] if len(grades) == 1 else UNDETERMINED
