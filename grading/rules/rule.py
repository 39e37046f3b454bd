"""Rules with everything that their words refer to resolved: what the engine compiles and `definition` reads.

A rule is a tree. Its inner nodes are `All`, `Any`, `No` and `Some`; its leaves ask about records,
indicators, outcomes and counts. Each node knows the line of the pack that it was written on; two
nodes that ask the same are equal wherever they were written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from grading.problems import Place

Stage = Literal["criteria", "findings", "sub-questions", "questions", "overall"]
STAGES: tuple[Stage, ...] = ("criteria", "findings", "sub-questions", "questions", "overall")
Operator = Literal["at-least", "at-most", "above", "below", "between", "in"]
Counted = Literal["outcomes", "findings", "previous", "judgments"]
Limit = Literal["at-least", "at-most", "at-least-share", "all-but"]
MOST_EARLIER = 250
"""The most earlier findings that are counted; how many there are has no bound of its own."""


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a rule, and where it was written."""

    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class All(Node):
    """Every part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any(Node):
    """At least one part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class No(Node):
    """No part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Some(Node):
    """At least `least` of the parts hold."""

    least: int
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Always(Node):
    """Holds whatever the evidence."""


@dataclass(frozen=True, slots=True)
class Sought(Node):
    """A record on one of the topics, in one direction, that shows at least these levels.

    `shown` and `excluded` pair a scale of the coding with a rank, 1 for its lowest level. A record
    coded at an excluded rank or below does not count; one without a level on that scale does.
    """

    supports: bool
    topics: tuple[str, ...]
    shown: tuple[tuple[str, int], ...]
    excluded: tuple[tuple[str, int], ...]
    unmitigated: bool


@dataclass(frozen=True, slots=True)
class Compared(Node):
    """An indicator compared with one or two numbers, or with words."""

    indicator: str
    operator: Operator
    numbers: tuple[Decimal, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomeIn(Node):
    """The outcome of a criterion is one of these."""

    criterion: str
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count(Node):
    """Between `fewest` and `most` of the members are in one of the states."""

    counted: Counted
    members: tuple[str, ...]
    states: tuple[str, ...]
    fewest: int
    most: int
    kind: str = ""  # of findings and earlier findings: which kind is counted
    # the word and the number that it was written with
    limit: Limit = field(default="at-least", compare=False)
    number: Decimal = field(default=Decimal(0), compare=False)


Leaf = Always | Sought | Compared | OutcomeIn | Count


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a pack: what it concludes is said by its owner and its name.

    `criterion-x.meets`, `question-y.outstanding`, `question-y.limiter-z`, `finding.criterion-x`.
    """

    id: str
    stage: Stage
    owner: str
    name: str
    body: Node

    @property
    def place(self) -> Place:
        """The line on which the rule's condition starts."""
        return self.body.place


def inside(node: Node) -> tuple[Node, ...]:
    """The parts of a node; none for a leaf."""
    match node:
        case All(parts=parts) | Any(parts=parts) | No(parts=parts) | Some(parts=parts):
            return parts
        case _:
            return ()


def leaves(node: Node) -> tuple[Node, ...]:
    """The leaves of a rule, in the order written."""
    below = inside(node)
    return tuple(leaf for part in below for leaf in leaves(part)) if below else (node,)
