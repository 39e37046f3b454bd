"""What a comparison comes to: something found, or that it held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from grading.evidence.evidence import Placed
from grading.problems import Place
from grading.rules.checks import Severity

_NAMED = 6


@dataclass(frozen=True)
class Held:
    """A comparison that holds, with its arithmetic."""

    code: str
    check: str
    message: str
    records: tuple[str, ...]


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
    message: str,
    settle: str,
    records: Iterable[Placed[Any]],
    check: str = "",
) -> Found:
    """What was found, with each record once, in order of id."""
    every = sorted({r.record.id: r for r in records}.values(), key=lambda r: str(r.record.id))
    ids, places = tuple(r.record.id for r in every), tuple(r.place for r in every)
    return Found(code, check or code, severity, message, settle, ids, places)


def held(code: str, check: str, message: str, records: Iterable[Placed[Any]]) -> Held:
    """What held, with each record once, in order of id."""
    return Held(code, check, message, tuple(sorted({r.record.id for r in records})))


def named(records: Iterable[Placed[Any]]) -> str:
    """The ids of records; of many, the first and how many more."""
    ids = sorted({r.record.id for r in records})
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return ", ".join(ids[:_NAMED]) + more
