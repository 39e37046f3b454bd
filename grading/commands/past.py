"""The inspections that `grading rules impact` goes over: runs of a store, or folders of evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from grading.commands.loaded import load_run
from grading.engine.compile import Program
from grading.evidence.evidence import Evidence
from grading.evidence.load import evidence_of, folder_of, read_inspection, table_path
from grading.policy.impact.impact import Past
from grading.record.inputs import Inputs, Named
from grading.record.run_record import inputs_of
from grading.record.store import ENTRIES, HEAD, SHOWN_ID, entries_of
from grading.source import Folder, read_alone

INSPECTION = "inspection.yaml"


@dataclass(frozen=True)
class Pasts:
    """The inspections of a framework, and how many there are of another."""

    found: tuple[Past, ...]
    others: int


def pasts(over: Path, framework: str) -> Pasts:
    """The inspections of a store, or of the folders below a folder, of one framework.

    Of runs of a store that are made from the same evidence, date and kinds, the last one stands for
    all. Raises BadInput and IntegrityBroken where something cannot be read, and UsageError where there
    is no inspection.
    """
    is_store = (over / HEAD).exists() or (over / ENTRIES).is_dir()
    every = list(_of_store(over) if is_store else _of_folder(over))
    if not every:
        raise click.UsageError(f"there is no inspection in `{over.as_posix()}`")
    found = [(label, inputs) for label, inputs in every if _framework(inputs) == framework]
    return Pasts(
        tuple(Past(label, _Reading(inputs), inputs.dropped) for label, inputs in found),
        len(every) - len(found),
    )


@dataclass(frozen=True)
class _Reading:
    """Reads the evidence of an inspection for a pack. Raises BadInput."""

    inputs: Inputs

    def __call__(self, program: Program) -> Evidence:
        inputs = self.inputs.as_named()
        return evidence_of(inputs.evidence, program.pack, inputs.as_of, inputs.table)


def _of_store(store: Path) -> Iterator[tuple[str, Inputs]]:
    last: dict[object, tuple[str, Inputs]] = {}
    runs = (entry.record for entry in entries_of(store) if entry.kind == "run")
    for run in dict.fromkeys(runs):
        record = load_run(Path(run), store).record
        kept = record.inputs
        table = None if kept.table is None else kept.table.digest
        made_from = kept.evidence.digest, table, kept.as_of, tuple(kept.dropped)
        last[made_from] = f"run {run[:SHOWN_ID]}", inputs_of(record)
    yield from last.values()


def _of_folder(over: Path) -> Iterator[tuple[str, Inputs]]:
    for path in sorted(over.rglob(INSPECTION)):
        folder = path.parent
        bodies = table_path(folder, None)
        evidence = folder_of(folder)
        table = None if bodies is None else read_alone(bodies, bodies.parent.as_posix())
        none = Folder("", (), {}, digests={})
        named = Named(evidence.label, "" if bodies is None else bodies.parent.as_posix())
        yield folder.as_posix(), Inputs(evidence, none, table, None, frozenset(), named)


def _framework(inputs: Inputs) -> str:
    """The framework that the inspection names; none where that cannot be read."""
    _, inspection, _ = read_inspection(inputs.evidence)
    return "" if inspection is None else inspection.framework
