"""RUN or EVIDENCE as a report takes it: the grading, its record, and its place in a run store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from grading.commands.loaded import inputs_for, is_run, load_run
from grading.commands.stores import nearest_store, store_beside
from grading.explain.robustness import robustness
from grading.record.chain import Entry
from grading.record.document import document
from grading.record.replay import replay
from grading.record.run_record import inputs_of, record_of, written
from grading.record.store import HEAD, entries_of
from grading.report.subject import Subject
from grading.rules.pack import Kind
from grading.source.folder import sha256


def subject_of(
    reference: Path,
    as_of: date | None = None,
    dropped: Iterable[Kind] = (),
    rules: Path | None = None,
    table: Path | None = None,
    store: Path | None = None,
) -> Subject:
    """What a report of a run, or of a folder of evidence, is about. Raises as `loaded.graded`."""
    inputs = inputs_for(reference, as_of, dropped, rules, table, store)
    folder = store_of(reference, store)
    if is_run(reference):
        run = load_run(reference, store)
        grading = replay(run.record, run.label)
        pack, entry = inputs_of(run.record).pack, _entry(folder, run.id)
        return Subject(grading, robustness(grading), run.record, pack, entry)
    grading = inputs.grade()
    robust = robustness(grading)
    record = record_of(inputs, document(grading, robust))
    entry = _entry(folder, sha256(written(record)))
    return Subject(grading, robust, record, inputs.pack, entry)


def store_of(reference: Path, store: Path | None) -> Path | None:
    """The store that a run is looked for in; none for the file of a record, unless one is named."""
    if not is_run(reference):
        return store or store_beside(reference)
    return None if reference.is_file() and store is None else nearest_store(store)


def _entry(store: Path | None, run: str) -> Entry | None:
    """The first entry of the run in a store; nothing where there is no store.

    Reports of a run tell this entry whatever was entered after it, so that their bytes are the same.
    """
    if store is None or not (store / HEAD).is_file():
        return None
    runs = (entry for entry in entries_of(store) if entry.kind == "run")
    return next((entry for entry in runs if entry.record == run), None)
