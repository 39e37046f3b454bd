"""What a condition can see of an inspection: records, indicators, what earlier stages concluded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Role = Literal["deciding", "corroborating", "indicative", "lead-only", "context-only"]
UNDETERMINED = "undetermined"
WITHDRAWN = "withdrawn"  # the status of an earlier finding whose record was withdrawn
MATCHED_ROLES: frozenset[Role] = frozenset({"deciding", "corroborating", "indicative"})


@dataclass(frozen=True, slots=True, order=True)
class Standing:
    """What kind of evidence a record is, and what that kind may do."""

    kind: str
    role: Role


Way = frozenset[Standing]
Ways = frozenset[Way]
NO_RECORDS: Ways = frozenset({frozenset()})


def sound(way: Way) -> bool:
    """Whether this combination of evidence may carry a conclusion.

    A corroborating kind needs a deciding one of another kind beside it; an indicative kind needs
    any other kind beside it.
    """
    for standing in way:
        others = [other for other in way if other.kind != standing.kind]
        match standing.role:
            case "deciding":
                continue
            case "corroborating" if any(other.role == "deciding" for other in others):
                continue
            case "indicative" if others:
                continue
            case _:
                return False
    return True


@dataclass(frozen=True, slots=True)
class RecordFact:
    """One record as conditions see it.

    `levels` has the rank of each level that was coded, 1 for the lowest. `open` says that a level
    left out may still hold (a published summary leaves levels out); otherwise it is not shown.
    `withdrawn` records support nothing, and what they might have shown is unknown.
    """

    id: str
    topic: str
    criterion: str
    supports: bool
    levels: Mapping[str, int]
    mitigated: bool
    standing: Standing
    open: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class IndicatorFact:
    """The value of an indicator and the records that it was derived from."""

    id: str
    value: Decimal | str
    way: Way
    records: tuple[str, ...]
    bounds: tuple[Decimal, Decimal] | None = None  # of its 95 per cent interval
    cautions: tuple[str, ...] = ()  # what is said wherever its value is


Possible = frozenset[str]


@dataclass(frozen=True, slots=True)
class Move:
    """A grade that people change: from what the rules give, or where that is open, to another."""

    before: str
    to: str

    def is_of(self, derived: Possible) -> bool:
        """Whether the rules still give what people changed."""
        return derived == {self.before} if len(derived) == 1 else self.before == UNDETERMINED


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a condition can ask about.

    `concluded` are the topics of which absence can be said: searched for, by kinds of evidence that
    were gathered. `outcomes` and `judgments` give what each may still be; one value when it is
    known. `findings` and `previous` are true, false or None for unknown. `decided` are outcomes that
    people settle and no rule. `moves` are the grades that people change, and `moderated` the grades
    of the moves that stand.
    """

    records: Mapping[str, tuple[RecordFact, ...]] = field(default_factory=dict)  # by topic
    concluded: frozenset[str] = frozenset()
    indicators: Mapping[str, IndicatorFact] = field(default_factory=dict)
    outcomes: Mapping[str, Possible] = field(default_factory=dict)
    findings: Mapping[tuple[str, str], bool | None] = field(default_factory=dict)
    previous: Mapping[str, tuple[tuple[str, str], ...]] | None = None  # topic: (kind, status)
    judgments: Mapping[str, Possible] = field(default_factory=dict)
    decided: Mapping[str, Possible] = field(default_factory=dict)  # by criterion
    moves: Mapping[str, Move] = field(default_factory=dict)  # by question
    moderated: Mapping[str, Possible] = field(default_factory=dict)  # by question

    def counted(self, question: str) -> Possible | None:
        """The grades that a judgment counts with: those that people settled on, or derived ones."""
        return self.moderated.get(question) or self.judgments.get(question)
