"""The evidence of an inspection with records added, corrected and dropped, as of another day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from grading.evidence.changes.adding import read_added
from grading.evidence.changes.correcting import Corrected, Correction, correct
from grading.evidence.changes.dropping import Loosened, drop
from grading.evidence.changes.said import Said
from grading.evidence.check import against_pack
from grading.evidence.evidence import Evidence, Placed
from grading.evidence.load import by_id
from grading.evidence.records import FileReview, Metric, Observation, Previous, Survey
from grading.evidence.reviewed import ReviewedFile
from grading.problems import Problem, known_instead, quoted
from grading.rules.loaded import Pack

Each = Callable[[Placed[Any]], Placed[Any]]


@dataclass(frozen=True)
class Changes:
    """What is otherwise: files of records added, values corrected, records dropped, the day."""

    add: tuple[Path, ...] = ()
    correct: tuple[Correction, ...] = ()
    drop: tuple[Said, ...] = ()
    as_of: tuple[date, Said] | None = None


@dataclass(frozen=True)
class Changed:
    """The evidence with its changes, and what they came to."""

    evidence: Evidence
    added: tuple[Placed[Any], ...] = ()
    corrected: tuple[Corrected, ...] = ()
    dropped: tuple[Placed[Any], ...] = ()
    loosened: tuple[Loosened, ...] = field(default=())


def changed(evidence: Evidence, pack: Pack, changes: Changes) -> tuple[Changed, list[Problem]]:
    """The evidence added to, then corrected, then without what is dropped; and every problem.

    It is checked against the pack as evidence of a folder is. Records are the same whatever the
    order in which their changes were said.
    """
    joined, added, problems = _join(evidence, changes.add)
    problems += _unknown(joined, changes)
    contradictions = list(_contradictions(changes))
    problems += (problem for _, problem in contradictions)
    contradicted = {record for record, _ in contradictions}
    right = [one for one in changes.correct if one.record not in contradicted]
    joined, corrected, wrong = _correct(joined, right)
    problems += wrong
    names = [said.text for said in changes.drop]
    # a record of an added file that is dropped was never there
    dropped = [p for p in (*evidence.every(), *evidence.table) if p.record.id in names]
    added = [p for p in added if p.record.id not in names]
    left, loosened = drop(joined, names)
    left = _as_of(left, changes.as_of)
    if left.document is None:
        raise TypeError("evidence that was not read from a folder cannot be checked")
    problems += against_pack(left, pack, left.document)
    made = Changed(left, tuple(added), corrected, tuple(dropped), loosened)
    return made, problems


def _correct(
    evidence: Evidence, corrections: Sequence[Correction]
) -> tuple[Evidence, tuple[Corrected, ...], list[Problem]]:
    by_record: dict[str, list[Correction]] = {}
    for one in corrections:
        by_record.setdefault(one.record, []).append(one)
    corrected, problems = list[Corrected](), list[Problem]()

    def otherwise(placed: Placed[Any]) -> Placed[Any]:
        asked = by_record.get(placed.record.id)
        if asked is None:
            return placed
        record, told, wrong = correct(placed, asked)
        corrected.extend(told)
        problems.extend(wrong)
        return record

    return _each(evidence, otherwise), tuple(corrected), problems


def _join(
    evidence: Evidence, paths: Sequence[Path]
) -> tuple[Evidence, list[Placed[Any]], list[Problem]]:
    added, problems = list[Placed[Any]](), list[Problem]()
    there = evidence.places()
    for path in paths:
        kind, records, found = read_added(path)
        problems += found
        if kind is not None:
            evidence = replace(evidence, gathered=evidence.gathered | {kind})
        for placed in records:
            name = placed.record.id
            if name in there:
                message = f"there is a record `{name}` already"
                hint = f"to change it use --correct; it stands at {there[name]}"
                problems.append(Problem(placed.at("id"), "E603", message, hint))
            else:
                added.append(placed)
    return _with(evidence, added), added, problems


def _with(evidence: Evidence, added: Sequence[Placed[Any]]) -> Evidence:
    def of(*models: type[Any]) -> Iterator[Placed[Any]]:
        return (placed for placed in added if isinstance(placed.record, models))

    return replace(
        evidence,
        observations=by_id([*evidence.observations, *of(Observation, FileReview)]),
        metrics=by_id([*evidence.metrics, *of(Metric)]),
        surveys=by_id([*evidence.surveys, *of(Survey)]),
        previous=by_id([*evidence.previous, *of(Previous)]),
        reviewed=by_id([*evidence.reviewed, *of(ReviewedFile)]),
    )


def _each(evidence: Evidence, change: Each) -> Evidence:
    return replace(
        evidence,
        observations=tuple(map(change, evidence.observations)),
        metrics=tuple(map(change, evidence.metrics)),
        surveys=tuple(map(change, evidence.surveys)),
        previous=tuple(map(change, evidence.previous)),
        reviewed=tuple(map(change, evidence.reviewed)),
        table=tuple(map(change, evidence.table)),
    )


def _unknown(evidence: Evidence, changes: Changes) -> Iterator[Problem]:
    ids = evidence.places()
    named = [(one.said, one.record) for one in changes.correct]
    named += [(said, said.text) for said in changes.drop]
    for said, record in named:
        if record not in ids:
            hint = known_instead(record, ids)
            yield Problem(said.place(), "E601", f"no record has the id {quoted(record)}", hint)


def _contradictions(changes: Changes) -> Iterator[tuple[str, Problem]]:
    """The records of which two things are said that cannot both be, each with the problem."""
    dropped = {said.text for said in changes.drop}
    for i, one in enumerate(changes.correct):
        if one.record in dropped:
            message = f"`{one.record}` is dropped as well as corrected"
            yield one.record, Problem(one.said.place(), "E604", message, "say one of the two")
        if any(_overlap(one, earlier) for earlier in changes.correct[:i]):
            name = f"{one.record}.{'.'.join(one.field)}"
            message = f"`{name}` is corrected more than once"
            yield one.record, Problem(one.field_place, "E604", message, "say one value")


def _overlap(one: Correction, other: Correction) -> bool:
    """Whether two corrections are of one value, or of a value and a part of it."""
    both = zip(one.field, other.field, strict=False)
    return one.record == other.record and all(mine == theirs for mine, theirs in both)


def _as_of(evidence: Evidence, asked: tuple[date, Said] | None) -> Evidence:
    if asked is None:
        return evidence
    day, said = asked
    document = evidence.document
    if document is not None:
        places = {**document.places, ("as-of",): said.place()}
        document = replace(document, places=places)
    inspection = evidence.inspection.model_copy(update={"as_of": day})
    return replace(evidence, inspection=inspection, document=document)
