"""The evidence register: every record, what it says, where it was taken from and what it is used in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grading.evidence.evidence import Placed
from grading.evidence.records import FileReview, Observation
from grading.explain.english import capital
from grading.report.links import Line, Piece, record_target
from grading.report.subject import Subject


@dataclass(frozen=True)
class Registered:
    """One record. `used` is what rests on it; where nothing does, `idle` says so."""

    id: str
    target: str
    side: str
    coding: tuple[str, ...]
    line: Line
    taken: tuple[Line, ...]
    used: tuple[Piece, ...]
    idle: str
    place: str


@dataclass(frozen=True)
class Kept:
    """The records of one kind."""

    kind: str
    title: str
    records: tuple[Registered, ...]


_TITLES = {
    "fieldwork": "Fieldwork",
    "file-review": "Review of files",
    "survey": "Surveys",
    "metric": "Figures",
    "previous": "Earlier judgments and findings",
}
_SIDES = {"supports": "speaks for", "contradicts": "speaks against", "neutral": "neutral"}


def register(subject: Subject) -> tuple[Kept, ...]:
    """Every record of a run by its kind, those of a table of bodies last."""
    evidence = subject.grading.evidence
    by_kind: dict[str, list[Registered]] = {}
    for placed in evidence.every():
        by_kind.setdefault(placed.kind, []).append(_registered(subject, placed))
    kept = [
        Kept(kind, _TITLES[kind], tuple(by_kind[kind])) for kind in _TITLES if kind in by_kind
    ]
    if evidence.table:
        bodies = tuple(_registered(subject, placed) for placed in evidence.table)
        kept.append(Kept("table", "Table of bodies", bodies))
    return tuple(kept)


def _registered(subject: Subject, placed: Placed[Any]) -> Registered:
    record, links = placed.record, subject.links
    why = subject.explainer.record(record.id)
    *steps, use = why.rests_on
    leaf = subject.explainer.leaves[record.id]
    own = len(leaf.rests_on)
    return Registered(
        id=record.id,
        target=record_target(record.id),
        side=_SIDES[record.direction] if isinstance(record, Observation | FileReview) else "",
        coding=_coding(record),
        line=links.line(leaf),
        taken=tuple(map(links.line, steps[own:])),
        used=tuple(links.use(step) for step in use.rests_on),
        idle="" if use.rests_on else use.text,
        place=f"{placed.place.file.rpartition('/')[2]}:{placed.place.line}",
    )


def _coding(record: object) -> tuple[str, ...]:
    """The levels at which an observation was coded, and how and when it was made."""
    if not isinstance(record, Observation | FileReview):
        return ()
    levels = [
        f"{scale}: {level.replace('-', ' ')}"
        for scale in ("extent", "maturity", "effect", "severity")
        if (level := getattr(record, scale)) is not None
    ]
    made = []
    if isinstance(record, Observation):
        made = [] if record.method == "not-stated" else [record.method.replace("-", " ")]
        made += [x for x in (record.subjects, record.site, record.when) if x]
        made += [record.date_.isoformat()] if record.date_ else []
    return tuple(capital(said) for said in (*levels, *made))
