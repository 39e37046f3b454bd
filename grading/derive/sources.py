"""The sources of an inspection's records, and which records each of them gave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from grading.derive.independence import Coded, same_words, subjects
from grading.evidence.evidence import Evidence
from grading.evidence.records import RECORD_KINDS, Observation
from grading.problems import known_instead, listed, quoted

By = Literal["subjects", "site", "method", "kind", "record"]


@dataclass(frozen=True, order=True)
class Source:
    """What some records have in common: who was asked, where, how, their kind; or one record."""

    by: By
    name: str
    records: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.by}={self.name}"


class UnknownSource(Exception):
    """Nothing in the evidence comes from that. The second argument is a remedy, or empty."""


def single_sources(evidence: Evidence) -> tuple[Source, ...]:
    """The sources that are one by themselves: each of the subjects, and each record without any."""
    own = _by(evidence, subjects)
    spoken = {record for records in own.values() for record in records}
    alone = [record for record in evidence.places() if record not in spoken]
    found = [Source("subjects", name, records) for name, records in own.items()]
    return tuple(sorted([*found, *(Source("record", record, (record,)) for record in alone)]))


def sources_by(evidence: Evidence, by: By) -> tuple[Source, ...]:
    """Every source of one sort, in order: each of the subjects, each site, and so on."""
    return tuple(Source(by, name, records) for name, records in _records(evidence, by).items())


def source(said: str, evidence: Evidence) -> Source:
    """The source named as `subjects=…`, `site=…`, `method=…`, `kind=…` or `record=…`.

    Case and spacing do not matter. Raises UnknownSource.
    """
    by, equals, name = said.partition("=")
    known = get_args(By)
    if not equals or by not in known:
        hint = f"write {listed(f'{word}=…' for word in known)}"
        raise UnknownSource(f"{quoted(said)} names no source", hint)
    records = _records(evidence, by)  # type: ignore[arg-type]
    written = {same_words(word): word for word in records}.get(same_words(name))
    if written is None:
        hint = known_instead(name, records)
        raise UnknownSource(f"no record has the {by} {quoted(name)}", hint)
    return Source(by, written, records[written])  # type: ignore[arg-type]


def _records(evidence: Evidence, by: By) -> dict[str, tuple[str, ...]]:
    match by:
        case "subjects":
            return _by(evidence, subjects)
        case "site":
            return _by(evidence, _site)
        case "method":
            return _by(evidence, _method)
        case "kind":
            every = dict(_kinds(evidence))
            return {kind: records for kind in RECORD_KINDS if (records := every[kind])}
        case "record":
            return {record: (record,) for record in sorted(evidence.places())}


def _by(evidence: Evidence, says: Callable[[Coded], str | None]) -> dict[str, tuple[str, ...]]:
    """The records by what they say, those that differ in case or spacing under one spelling."""
    found: dict[str, dict[str, str]] = {}  # what it says in one spelling: each record as written
    for placed in evidence.observations:
        name = says(placed)
        if name is not None:
            found.setdefault(same_words(name), {})[placed.record.id] = name
    named = {min(records.values()): tuple(sorted(records)) for records in found.values()}
    return dict(sorted(named.items()))


def _kinds(evidence: Evidence) -> Iterator[tuple[str, tuple[str, ...]]]:
    for kind in RECORD_KINDS:
        yield kind, tuple(sorted(p.record.id for p in evidence.every() if p.kind == kind))


def _site(placed: Coded) -> str | None:
    return placed.record.site if isinstance(placed.record, Observation) else None


def _method(placed: Coded) -> str | None:
    return placed.record.method if isinstance(placed.record, Observation) else None
