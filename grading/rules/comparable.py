"""What a series says of comparisons: breaks, pilots, populations, and the bands of a ranking."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from grading.rules.words import Line, Slug
from grading.source import Model, Number

EARLIER_YEARS = "earlier-years"
VARIES = "varies"
Rounding = Literal["down", "up", "nearest"]
Ties = Literal["include", "exclude", "split-refused"]
ComparatorMethod = Literal["pooled", "mean-of-bodies", "not-stated"]


class Break(Model):
    """A day from which a series counts something else: figures before it and from it on differ."""

    from_: date = Field(alias="from")
    says: Line
    cite: Line


class Pilot(Model):
    """Bodies whose figures come about in another way, for as long as a trial lasts.

    The caveat says in which. Where the source only warns, their figures are compared `with-caveat`;
    otherwise they are compared with nobody's.
    """

    bodies: tuple[Slug, ...] = Field(min_length=1, max_length=1000)
    caveat: Slug
    comparison: Literal["refused", "with-caveat"]


class Population(Model):
    """The bodies that a ranking or a comparator covers."""

    title: Line
    bodies: int = Field(ge=2, le=100_000)
    cite: Line


class Bands(Model):
    """Which bodies count as highest and as lowest: a share of those ranked, at each end.

    `cite` says where the share comes from. `basis: pack` says that how to round and what to do with
    ties is the pack's own and no source's; a band is then given only where every way agrees.
    """

    share: Number
    rounding: Rounding
    ties: Ties
    cite: Line
    basis: Literal["pack"] | None = None

    @model_validator(mode="after")
    def _a_share_of_each_end(self) -> Self:
        if not Decimal(0) < self.share <= Decimal("0.5"):
            raise ValueError("the `share` of each end lies above 0 and not above 0.5")
        return self
