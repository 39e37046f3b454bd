"""What a survey's share may claim, by how its sample was drawn and by how many answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from grading.derive.draws import Drawn, Share
from grading.derive.intervals import Interval, wilson
from grading.evidence.records import Survey

PLACES = 1
_NO_INTERVAL = {
    "quota-panel": "a quota panel is not drawn at random, so no interval is claimed",
    "voluntary": "people chose for themselves to answer, so no interval is claimed",
    "not-stated": "how the sample was drawn is not stated, so no interval is claimed",
}


@dataclass(frozen=True)
class Claim:
    """What is said beside a share: its interval, what limits it, or why it is suppressed."""

    reason: str = ""
    interval: Interval | None = None
    cautions: tuple[str, ...] = ()
    drawn: Drawn | None = None


def claim(rows: Sequence[Survey], value: Decimal, minimum: int | None) -> Claim:
    """What the rows of one share may claim. Its reason is not empty where too few answered."""
    stated = [row.n for row in rows if row.n is not None]
    n = min(stated) if len(stated) == len(rows) else None
    if minimum is not None and (n is None or n < minimum):
        known = "how many answered is not stated" if n is None else f"{n} answered"
        return Claim(f"{known}, and at least {minimum} are asked for")
    cautions = [] if minimum is not None else ["the rule pack sets no smallest number of answers"]
    kinds = sorted({row.sampling for row in rows})
    cautions += [_NO_INTERVAL[kind] for kind in kinds if kind in _NO_INTERVAL]
    if kinds != ["statistical"] or any(row.unit != "percent" for row in rows):
        return Claim(cautions=tuple(cautions))
    if not n:
        return Claim(
            cautions=(*cautions, "how many answered is not stated, so no interval is claimed")
        )
    if any(row.weighting for row in rows):
        cautions.append("answers are weighted and the interval takes them as equal")
    share = Fraction(value) / 100
    interval = wilson(share, n).scaled(100, PLACES)
    return Claim("", interval, tuple(cautions), Share(share, n))
