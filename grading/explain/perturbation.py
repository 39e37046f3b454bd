"""One thing changed about an inspection, and the inspection as it then would be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, get_args

from grading.derive.sources import Source
from grading.rules.again import Key
from grading.rules.facts import Facts
from grading.rules.rule import Rule
from grading.rules.thresholds import Step

Family = Literal[
    "records",
    "sources",
    "sites",
    "methods",
    "kinds",
    "thresholds",
    "samples",
    "bodies",
    "redraws",
]
FAMILIES: tuple[Family, ...] = get_args(Family)


@dataclass(frozen=True)
class Withdrawal:
    """Records that are left out: what they showed is unknown. `records` are those that count.

    Where several sources gave the same records that count, they are one withdrawal of them all. A
    kind that was not gathered `leaves_open` more than its records told: what conditions ask about,
    as `again.differences` names it.
    """

    sources: tuple[Source, ...]
    records: frozenset[str]
    leaves_open: frozenset[Key] = field(default=frozenset(), repr=False)


@dataclass(frozen=True)
class Within:
    """The value of a sample's indicator elsewhere within its 95 per cent interval."""

    indicator: str
    at: Literal["low", "high", "between"]
    value: Decimal


@dataclass(frozen=True)
class MissingBody:
    """A body of the table that gave no figures."""

    body: str


@dataclass(frozen=True)
class Redraw:
    """All samples drawn again, as often as the rules could not tell one draw from another.

    `values` are those of the first such draw; an indicator that is not defined in it has none.
    """

    values: tuple[tuple[str, Decimal | None], ...]
    times: int


Change = Withdrawal | Step | Within | MissingBody | Redraw


@dataclass(frozen=True)
class Perturbation:
    """An inspection with one thing changed: its facts, and the rules that are others.

    It can be graded as any inspection is; `Again.with_rules` does it cheaply. `touches` has what
    conditions can see of the change in the facts, as `again.differences` names it.
    """

    family: Family
    change: Change
    facts: Facts = field(repr=False)
    rules: Mapping[str, Rule] = field(default_factory=dict, repr=False)
    touches: frozenset[Key] = field(default=frozenset(), repr=False)

    @property
    def times(self) -> int:
        """For how many of the changes that were tried it stands: one, but for draws."""
        return self.change.times if isinstance(self.change, Redraw) else 1
