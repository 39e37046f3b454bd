"""Evidence as if some records had never been written, and what named them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from grading.evidence.evidence import Evidence, Placed
from grading.evidence.moderation import Challenge, Decided, Moderation
from grading.problems import Place
from grading.source import Document, Path

T = TypeVar("T", bound="Placed[Any]")
D = TypeVar("D", Moderation, Challenge)
Left = Literal["unmitigated", "mitigated-by-others", "not-carried-forward"]


@dataclass(frozen=True)
class Loosened:
    """What named a dropped record, and how that leaves it.

    `name` is the record whose weakness was mitigated, or the question that was carried forward.
    """

    name: str
    dropped: str
    left: Left


def drop(evidence: Evidence, records: Sequence[str]) -> tuple[Evidence, tuple[Loosened, ...]]:
    """The evidence without these records, as if nobody had ever written them.

    What was searched stays searched. A mitigation that named no other record goes with those it
    named; a judgment carried forward from one of them is not carried forward.
    """
    gone = frozenset(records)
    loosened = (*_mitigated(evidence, gone), *_carried(evidence, gone))
    kept = _kept(evidence.observations, gone)
    carried = evidence.inspection.carried_forward
    stay = [i for i, entry in enumerate(carried) if entry.record not in gone]
    update = {"carried_forward": tuple(carried[i] for i in stay)}
    return replace(
        evidence,
        inspection=evidence.inspection.model_copy(update=update),
        observations=tuple(_unnamed(placed, gone) for placed in kept),
        reviewed=_kept(evidence.reviewed, gone),
        metrics=_kept(evidence.metrics, gone),
        surveys=_kept(evidence.surveys, gone),
        previous=_kept(evidence.previous, gone),
        table=_kept(evidence.table, gone),
        moderation=tuple(_without(m, "evidence", gone) for m in evidence.moderation),
        challenges=tuple(
            _without(c, "of", gone)
            for c in evidence.challenges
            if not gone.issuperset(c.written.of)
        ),
        document=_entries_left(evidence.document, stay),
    ), loosened


def _kept(placed: tuple[T, ...], gone: frozenset[str]) -> tuple[T, ...]:
    return tuple(p for p in placed if p.record.id not in gone)


def _without(
    decided: Decided[D], key: Literal["evidence", "of"], gone: frozenset[str]
) -> Decided[D]:
    """What people decided, where it does not name the records that are gone."""
    left = tuple(name for name in getattr(decided.written, key) if name not in gone)
    return replace(decided, written=decided.written.model_copy(update={key: left}))


def _unnamed(placed: Any, gone: frozenset[str]) -> Any:
    """The record without what it says of records that are gone."""
    mitigation = placed.record.mitigation
    if mitigation is None or gone.isdisjoint(mitigation.records):
        return placed
    left = tuple(record for record in mitigation.records if record not in gone)
    without = mitigation.model_copy(update={"records": left}) if left else None
    return replace(placed, record=placed.record.model_copy(update={"mitigation": without}))


def _mitigated(evidence: Evidence, gone: frozenset[str]) -> Iterator[Loosened]:
    for placed in _kept(evidence.observations, gone):
        mitigation = placed.record.mitigation
        named = mitigation.records if mitigation is not None else ()
        left: Left = "unmitigated" if gone.issuperset(named) else "mitigated-by-others"
        yield from (Loosened(placed.record.id, record, left) for record in named if record in gone)


def _carried(evidence: Evidence, gone: frozenset[str]) -> Iterator[Loosened]:
    for entry in evidence.inspection.carried_forward:
        if entry.record in gone:
            yield Loosened(entry.question, entry.record, "not-carried-forward")


def _entries_left(document: Document | None, stay: Sequence[int]) -> Document | None:
    """The document of the inspection whose entries carried forward are those that stay."""
    if document is None:
        return None
    moved = {old: new for new, old in enumerate(stay)}
    return replace(
        document,
        places=dict(_moved(document.places, moved)),
        key_places=dict(_moved(document.key_places, moved)),
    )


def _moved(places: Mapping[Path, Place], moved: Mapping[int, int]) -> Iterator[tuple[Path, Place]]:
    for path, place in places.items():
        match path:
            case ("carried-forward", int(old), *rest):
                if old in moved:
                    yield ("carried-forward", moved[old], *rest), place
            case _:
                yield path, place
