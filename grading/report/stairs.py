"""A ladder as a drawing of steps: where each step lies, what stands on it, and where a limiter lies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

WIDE, STEP_HIGH = 360, 46
_MOST_INDENT, _EACH_INDENT = 140, 28
_MARGIN, _LABEL_CHARACTER, _SAID_CHARACTER = 26, 8.6, 6.9

Stands = Literal["reached", "possible", "held", "below", "not reached", "not known", "withheld"]


@dataclass(frozen=True)
class Tread:
    """What is to be drawn of one rung: how it stands, its grade, and a few words on it.

    `settled` says that people settled on it, whatever the rules give.
    """

    stands: Stands
    symbol: str
    label: str
    tone: str
    says: str
    settled: bool = False


@dataclass(frozen=True)
class Stair:
    """A tread in its place. Texts are cut to what fits on it; `y` is its upper edge."""

    tread: Tread
    x: int
    y: int
    width: int
    label: str
    says: str


@dataclass(frozen=True)
class Stairs:
    """A flight of steps, the best grade at the top. `cap` is where limiters end it, if they do."""

    width: int
    height: int
    steps: tuple[Stair, ...]
    cap: Stair | None


def stairs(treads: Sequence[Tread], capped_at: int | None = None) -> Stairs:
    """Some treads, the best first, as steps; limiters lie on the tread of that number."""
    rise = min(_EACH_INDENT, _MOST_INDENT // max(1, len(treads) - 1))
    steps = []
    for number, tread in enumerate(treads):
        x = rise * (len(treads) - 1 - number)
        room = WIDE - x - _MARGIN
        label = _cut(f"{tread.symbol} {tread.label}", int(room / _LABEL_CHARACTER))
        says = _cut(tread.says, int(room / _SAID_CHARACTER))
        steps.append(Stair(tread, x, number * STEP_HIGH, WIDE - x, label, says))
    cap = None if capped_at is None else steps[capped_at]
    return Stairs(WIDE, len(treads) * STEP_HIGH, tuple(steps), cap)


def capped_at(grades: Sequence[str], at_best: Iterable[str]) -> int | None:
    """On which of some grades, best first, limiters lie; on none where they leave the best one."""
    lowest = max((grades.index(grade) for grade in at_best if grade in grades), default=0)
    return lowest or None


def _cut(text: str, most: int) -> str:
    """The text, or as much of it as there is room for."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
