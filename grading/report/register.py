"""The evidence register: every record, what it says, where it was taken from and what it is used in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grading.derive.comparison import caveats
from grading.evidence.evidence import Placed
from grading.evidence.records import FileReview, Metric, Observation
from grading.explain.english import capital
from grading.report.links import Line, Piece, caveat_target, decision_target, record_target
from grading.report.subject import Subject


@dataclass(frozen=True)
class Registered:
    """One record. `used` is what rests on it; where it bears on something all the same, `idle` says so."""

    id: str
    target: str
    side: str
    coding: tuple[str, ...]
    line: Line
    taken: tuple[Line, ...]
    caveats: tuple[Piece, ...]
    used: tuple[Piece, ...]
    decided: tuple[Piece, ...]
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
_SIDES = {"supports": "for", "contradicts": "against", "neutral": "neutral"}


def register(subject: Subject) -> tuple[Kept, ...]:
    """Every record of a run by its kind, those of a table of bodies last."""
    evidence = subject.grading.evidence
    by_kind: dict[str, list[Registered]] = {}
    numbered = caveat_numbers(subject)
    for placed in evidence.every():
        by_kind.setdefault(placed.kind, []).append(_registered(subject, placed, numbered))
    kept = [Kept(kind, _TITLES[kind], tuple(by_kind[kind])) for kind in _TITLES if kind in by_kind]
    if evidence.table:
        bodies = tuple(_registered(subject, placed, numbered) for placed in evidence.table)
        kept.append(Kept("table", "Table of bodies", bodies))
    return tuple(kept)


def caveat_numbers(subject: Subject) -> dict[str, int]:
    """Every caveat that a figure of the inspection carries, by its id, numbered from one."""
    pack, evidence = subject.grading.pack, subject.grading.evidence
    used = caveats(pack, [placed.record for placed in (*evidence.metrics, *evidence.table)])
    used.update(c for i in subject.grading.derivation.indicators.values() for c in i.caveats)
    return {caveat: number for number, caveat in enumerate(sorted(used), 1)}


def _registered(subject: Subject, placed: Placed[Any], numbered: dict[str, int]) -> Registered:
    record, links = placed.record, subject.links
    why = subject.explainer.record(record.id)
    *steps, use = why.rests_on
    leaf = subject.explainer.leaves[record.id]
    own = len(leaf.rests_on)
    carried = sorted(caveats(subject.grading.pack, [record])) if isinstance(record, Metric) else []
    taken = steps[own : len(steps) - len(carried)]
    return Registered(
        id=record.id,
        target=record_target(record.id),
        side=_SIDES[record.direction] if isinstance(record, Observation | FileReview) else "",
        coding=_coding(record),
        line=links.line(leaf),
        taken=tuple(map(links.line, taken)),
        caveats=tuple(Piece(str(numbered[c]), caveat_target(numbered[c])) for c in carried),
        used=tuple(links.use(step) for step in use.rests_on),
        decided=tuple(_decided(subject, record.id)),
        idle=use.text if not use.rests_on and _bears(subject, record) else "",
        place=f"{placed.place.file.rpartition('/')[2]}:{placed.place.line}",
    )


def _decided(subject: Subject, record: str) -> Iterator[Piece]:
    """The changes of grades that a record was weighed in, and the challenges that dispute it.

    What was not yet made or answered on the as-of date is left out.
    """
    for moderated in subject.grading.moderation:
        written = moderated.decided.written
        if moderated.status != "not yet made" and record in written.evidence:
            yield Piece(f"weighed in {written.id}", decision_target(written.id))
    for challenged in subject.grading.challenges:
        disputed, answer = challenged.decided.written, challenged.decided.written.answer
        if challenged.status != "not yet made" and record in disputed.of:
            yield Piece(f"disputed in {disputed.id}", decision_target(disputed.id))
        if challenged.status == "answered" and answer and record in answer.corrections:
            yield Piece(f"corrected after {disputed.id}", decision_target(disputed.id))


def _bears(subject: Subject, record: object) -> bool:
    """Whether a record on which nothing rests speaks for a criterion all the same."""
    if not isinstance(record, Observation | FileReview) or record.direction != "supports":
        return False
    return subject.grading.pack.topics[record.topic] is not None


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
