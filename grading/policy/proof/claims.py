"""What is claimed of a rule pack, and what is found where a claim fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from grading.explain.variables import Variable
from grading.judge.figures import Figure
from grading.judge.states import Example
from grading.policy.proof.evidence_states import Step
from grading.policy.proof.known import Known
from grading.policy.proof.nearest import Told
from grading.policy.proof.parts import Grades
from grading.policy.proof.tables import How
from grading.rules.rule import Node

Name = Literal[
    "one-grade", "no-overlap", "better-never-lower", "reachable", "matters", "unknown-is-open"
]
CLAIMS: tuple[Name, ...] = (
    "one-grade",
    "no-overlap",
    "better-never-lower",
    "reachable",
    "matters",
    "unknown-is-open",
)
Why = Literal[
    "never holds",
    "always decided above",
    "always held down",
    "conflicts with itself",
    "withheld",
    "counted with an answer",
    "earns a grade",
    "gives a finding",
    "lowers nothing",
    "others hold as low",
    "",
]


About = Literal["judgment", "rung", "limiter", "criterion", "outcome", "figure", "earlier", "word"]


@dataclass(frozen=True)
class Said:
    """One thing that an inspection found: criteria in a state, figures, earlier findings, a grade."""

    variable: Variable
    to: Told | Known | Grades
    example: Example


@dataclass(frozen=True)
class Inspection:
    """An inspection, and the grade that it comes to: none, an empty word, in a gap.

    Of criteria alone it is the outcome that they come to.
    """

    found: tuple[Said, ...]
    grade: str


@dataclass(frozen=True)
class Failure:
    """What a claim fails for: a rung, a limiter, a criterion or a figure, and inspections that show it.

    `states` is in how many states it does. `beside` is the other rung of an overlap. `changed` is the
    part of an inspection that is better, and `step` or `figure` what of it; `also` are others of which
    the same is so. `missing` are the parts of a condition that never hold together with the rest.
    """

    claim: Name
    about: str
    kind: About
    states: int
    inspections: tuple[Inspection, ...] = ()
    beside: str = ""
    why: Why = ""
    changed: Variable | None = None
    step: Step | None = None
    figure: Figure | None = None
    also: tuple[Variable, ...] = ()
    missing: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Claim:
    """A claim, how many cases were looked at, and the failures; it holds where there are none."""

    name: Name
    looked_at: int
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True)
class Proved:
    """What was found of one judgment, or of the criteria of one group.

    Where `how` is None there was too much to look at, and nothing is claimed. `grades` are those
    that some state comes to, with the number of states. Where the judgments that are counted are not
    `free` of each other, some of the states may be such as no inspection can be in.
    """

    id: str
    kind: Literal["question", "sub-question", "overall", "criteria"]
    states: int
    how: How | None
    claims: tuple[Claim, ...] = ()
    grades: tuple[tuple[str, int], ...] = ()
    free: bool = True

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Every failure of every claim."""
        return tuple(failure for claim in self.claims for failure in claim.failures)


@dataclass(frozen=True)
class Proof:
    """What was found of a pack."""

    pack: str
    version: str
    digest: str
    judgments: tuple[Proved, ...]
    criteria: tuple[Proved, ...]
    words: Claim
    unordered: tuple[str, ...]  # figures of which the pack does not say whether more is better

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Every failure."""
        found = (f for proved in (*self.judgments, *self.criteria) for f in proved.failures)
        return (*found, *self.words.failures)

    @property
    def unseen(self) -> tuple[Proved, ...]:
        """What there was too much to look at."""
        return tuple(proved for proved in (*self.judgments, *self.criteria) if proved.how is None)
