"""What a series says of comparisons: breaks, pilots, populations, and the bands of a ranking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from grading.problems import Problem, known_instead
from grading.rules.words import Line, Slug
from grading.source import Document, Model, Number

if TYPE_CHECKING:
    from grading.rules.files import PackFiles

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


def comparison_problems(files: PackFiles) -> Iterator[Problem]:
    """Names about comparison in `series.yaml` and `indicators.yaml` that nothing answers to."""
    document = files.series_document
    if document is not None:
        yield from _series_problems(files, document)
    indicators = files.indicators_document
    if indicators is None:
        return
    for name, indicator in files.indicators.indicators.items():
        ranked = files.series.series.get(indicator.series[0]) if indicator.series else None
        if indicator.method == "rank-band" and ranked is not None and ranked.bands is None:
            place = indicators.place(("indicators", name, "series", 0))
            message = f"series `{indicator.series[0]}` has no `bands`, so it is not ranked"
            hint = "give the series `bands` where a source ranks it, or read its published band"
            yield Problem(place, "E331", message, hint)


def _series_problems(files: PackFiles, document: Document) -> Iterator[Problem]:
    known = files.series
    for name, series in known.series.items():
        at = ("series", name)
        for i, other in enumerate(series.not_comparable_with):
            if other != EARLIER_YEARS and other not in known.series:
                place = document.place((*at, "not-comparable-with", i))
                hint = known_instead(other, (EARLIER_YEARS, *known.series))
                yield Problem(place, "E332", f"unknown series `{other}`", hint)
        if series.bands is not None and series.bands not in known.bands:
            place = document.place((*at, "bands"))
            hint = known_instead(series.bands, known.bands)
            yield Problem(place, "E331", f"unknown bands `{series.bands}`", hint)
        named: list[tuple[tuple[str | int, ...], str]]
        named = [((*at, "pilots", i, "caveat"), p.caveat) for i, p in enumerate(series.pilots)]
        if series.partial is not None:
            named.append(((*at, "partial"), series.partial))
        for path, caveat in named:
            if caveat not in known.caveats:
                hint = known_instead(caveat, known.caveats)
                yield Problem(document.place(path), "E313", f"unknown caveat `{caveat}`", hint)
