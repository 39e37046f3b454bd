"""What a search for an inspection that tells two packs apart comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from grading.judge.earlier import Items
from grading.judge.figures import Figure
from grading.judge.observations import Seen
from grading.judge.ranges import Value
from grading.rules.loaded import Pack

UNWRITABLE = 1_000
"""What evidence costs that cannot be written as a case."""

Given = Mapping[str, Any]
"""What a case gives, as it is written."""


class TooMany(Exception):
    """There is more to look at than can be; the argument says what."""


@dataclass(frozen=True)
class Witness:
    """What a case may give so that the two packs come to different conclusions."""

    given: Given


@dataclass(frozen=True)
class Proof:
    """That no inspection tells the two apart: how many states were looked at, of what."""

    states: int
    of: str


@dataclass(frozen=True)
class NotFound:
    """Neither an inspection nor a proof, and why."""

    why: str


Apart = Witness | Proof | NotFound


@dataclass(frozen=True)
class Pieces:
    """What an inspection consists of, before it is written as a case."""

    observations: tuple[Seen, ...] = ()
    figures: tuple[tuple[Figure, Value | None], ...] = ()
    earlier: Items | None = ()
    carried: Mapping[str, str] = field(default_factory=dict)  # grades, and values of the ungraded
    kinds: Mapping[int, str] = field(default_factory=dict)  # of observations that are no fieldwork
    unsearched: frozenset[str] = frozenset()  # topics


def given_of(pack: Pack, pieces: Pieces) -> Given:
    """What a case gives that stands for these pieces."""
    given: dict[str, Any] = {}
    observations = [
        _observation(seen, pieces.kinds.get(number, "fieldwork"))
        for number, seen in enumerate(pieces.observations)
    ]
    if observations:
        given["observations"] = observations
    own = [(f.id, v) for f, v in pieces.figures if f.series]
    if own:
        given["figures"] = {
            name: {"own": "missing" if value is None else value} for name, value in own
        }
    values = {f.id: v for f, v in pieces.figures if not f.series and v is not None}
    words = {name: v for name, v in values.items() if not isinstance(v, Decimal)}
    if words:
        # the place among others is published as a figure of its series, and is no number
        given["figures"] = {
            **given.get("figures", {}),
            **{pack.indicators[name].series[0]: {"own": word} for name, word in words.items()},
        }
    numbers = {name: v for name, v in values.items() if name not in words}
    if numbers:
        given["indicators"] = numbers
    if pieces.earlier is None:
        given["not-gathered"] = ["previous"]
    elif pieces.earlier:
        given["previous"] = _previous(pack, pieces.earlier)
    not_grades = pack.manifest.scale.not_grades
    carried = {q: value for q, value in pieces.carried.items() if value not in not_grades}
    if carried:
        given["carried-forward"] = carried
    if carried != pieces.carried:
        given["not-graded"] = {q: v for q, v in pieces.carried.items() if v in not_grades}
    if pieces.unsearched:
        given["searched"] = _searched(pack, pieces)
    return given


def _searched(pack: Pack, pieces: Pieces) -> list[str] | str:
    """The topics that were searched, of the questions that the pieces are about."""
    seen = {*pieces.unsearched, *(seen.topic for seen in pieces.observations)}
    about = {c.question for c in pack.criteria.values() if seen & set(c.written.topics)}
    topics = [t for c in pack.criteria.values() if c.question in about for t in c.written.topics]
    return [topic for topic in topics if topic not in pieces.unsearched] or "none"


def _observation(seen: Seen, kind: str) -> dict[str, Any]:
    coded: dict[str, Any] = {"supports" if seen.supports else "contradicts": seen.topic}
    coded |= dict(seen.levels)
    if seen.mitigated:
        coded["mitigated"] = True
    return coded if kind == "fieldwork" else {**coded, "kind": kind}


def _previous(pack: Pack, items: Iterable[tuple[str, str, str]]) -> list[dict[str, Any]]:
    year = pack.manifest.in_force.from_.year - 1
    return [
        {"kind": kind, "topic": topic, "status": status, "raised": year}
        for topic, kind, status in items
    ]
