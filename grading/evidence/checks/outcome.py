"""What a comparison comes to: something found, or that it held."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from grading.evidence.evidence import Placed
from grading.problems import Place
from grading.rules.checks import Severity

_NAMED = 6


Says = str | Callable[[], str]
"""What is said of a comparison, or what makes it: of a million that hold, few are looked at."""


@dataclass(frozen=True, slots=True)
class Held:
    """A comparison that holds."""

    code: str
    check: str
    says: Says = field(repr=False)
    rests_on: tuple[Placed[Any], ...] = field(repr=False)

    @property
    def message(self) -> str:
        """The comparison with its arithmetic."""
        return _said(self.says)

    @property
    def records(self) -> tuple[str, ...]:
        """The ids of the records that were compared, each once, in order."""
        return tuple(sorted({r.record.id for r in self.rests_on}))


@dataclass(frozen=True)
class Found:
    """A comparison that does not hold, what it rests on, and what would settle it."""

    code: str
    check: str  # the id of the pack's check; the code where the records alone say it
    severity: Severity
    message: str
    settle: str
    records: tuple[str, ...]
    places: tuple[Place, ...]


Outcome = Held | Found


def found(
    code: str,
    severity: Severity,
    says: Says,
    settle: str,
    records: Iterable[Placed[Any]],
    check: str = "",
) -> Found:
    """What was found, with each record once, in order of id."""
    every = sorted({r.record.id: r for r in records}.values(), key=lambda r: str(r.record.id))
    ids, places = tuple(r.record.id for r in every), tuple(r.place for r in every)
    return Found(code, check or code, severity, _said(says), settle, ids, places)


def _said(says: Says) -> str:
    return says if isinstance(says, str) else says()


def held(code: str, check: str, says: Says, records: Iterable[Placed[Any]]) -> Held:
    """What held, and the records that were compared."""
    return Held(code, check, says, tuple(records))


def named(records: Iterable[Placed[Any]]) -> str:
    """The ids of records; of many, the first and how many more."""
    return some({r.record.id for r in records}, ", ")


def some(words: Collection[str], between: str) -> str:
    """The words in order; of many, the first and how many more."""
    more = f" and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
    return between.join(sorted(words)[:_NAMED]) + more
