"""RUN or EVIDENCE, as commands take them: a record, the id of one in a store, or a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from grading.commands.common import read_inputs
from grading.commands.stores import nearest_store
from grading.judge.judgments import Grading
from grading.problems import BadInput
from grading.record.inputs import Inputs
from grading.record.reading import LARGEST_RECORD, read_record
from grading.record.replay import replay
from grading.record.run_record import RunRecord, inputs_of
from grading.record.store import SHORTEST_ID, content_of, find
from grading.rules.pack import Kind
from grading.source import read_content
from grading.source.folder import sha256

_ID = re.compile(f"[0-9a-f]{{{SHORTEST_ID},64}}")


@dataclass(frozen=True)
class LoadedRun:
    """A record, its id, and how whoever asked for it can find it."""

    record: RunRecord
    id: str
    label: str


def is_run(reference: Path) -> bool:
    """Whether the reference is of a run: a file, or what may be an id where no folder has the name."""
    return reference.is_file() or (bool(_ID.fullmatch(str(reference))) and not reference.is_dir())


def load_run(reference: Path, store: Path | None = None) -> LoadedRun:
    """The record in a file, or of the one run in the store whose id begins so.

    Raises BadInput where there is none, and IntegrityBroken where it is not as it was written.
    """
    if reference.is_file() or not _ID.fullmatch(str(reference)):
        content, problem = read_content(reference, reference.as_posix(), LARGEST_RECORD)
        if content is None:
            raise BadInput([problem] if problem else [])
        label = reference.as_posix()
        return LoadedRun(read_record(content, label), sha256(content), label)
    folder = nearest_store(store)
    run = find(folder, str(reference))
    content = content_of(folder, run)
    label = f"run {run[: len(str(reference))]}"
    return LoadedRun(read_record(content, label), run, label)


def graded(
    reference: Path,
    as_of: date | None = None,
    dropped: Iterable[Kind] = (),
    rules: Path | None = None,
    table: Path | None = None,
    store: Path | None = None,
) -> Grading:
    """The grading of a run or of a folder of evidence.

    A run is made again from its record, and comes to what the record says. Raises BadInput,
    Disagreement, IntegrityBroken where a record was changed, and UsageError where a run is asked for
    with options that only evidence takes.
    """
    if is_run(reference):
        _refuse(as_of=as_of, drop_kind=tuple(dropped), rules=rules, table=table)
        run = load_run(reference, store)
        return replay(run.record, run.label)
    return read_inputs(reference, as_of, dropped, rules, table).grade()


def inputs_for(
    reference: Path,
    as_of: date | None = None,
    dropped: Iterable[Kind] = (),
    rules: Path | None = None,
    table: Path | None = None,
    store: Path | None = None,
) -> Inputs:
    """What a run was made from, or what one of a folder of evidence would be. Raises as `graded`."""
    if is_run(reference):
        _refuse(as_of=as_of, drop_kind=tuple(dropped), rules=rules, table=table)
        return inputs_of(load_run(reference, store).record)
    return read_inputs(reference, as_of, dropped, rules, table)


def _refuse(**options: object) -> None:
    given = [f"--{name.replace('_', '-')}" for name, value in options.items() if value]
    if given:
        raise click.UsageError(
            f"{given[0]} is for evidence: a run has its own date, kinds, rules and table"
        )
