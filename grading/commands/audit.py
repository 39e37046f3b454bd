"""`grading audit log|show`: what was recorded; `audit_verify` says whether it still is that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

import click

from grading.commands.audit_verify import sign, verify
from grading.commands.common import Exit
from grading.commands.loaded import load_run
from grading.commands.stores import nearest_store, shown, store_option
from grading.explain.english import counted
from grading.record.chain import Entry, EntryKind
from grading.record.parts import canonical_json
from grading.record.run_record import FolderPart, RunRecord, written
from grading.record.store import check_there, entries_of, entry_of
from grading.record.taken import decision

_FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")


@click.group()
def audit() -> None:
    """Read the run store, and see whether anything in it was changed."""


audit.add_command(verify)
audit.add_command(sign)


@audit.command()
@store_option
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(get_args(EntryKind)),
    multiple=True,
    help="Only entries of this kind; may be given several times.",
)
@_FORMAT
def log(store: Path | None, kinds: tuple[EntryKind, ...], form: str) -> int:
    """List the entries of the chain, the first one first."""
    entries = list(entries_of(nearest_store(store)))
    asked = [entry for entry in entries if not kinds or entry.kind in kinds]
    if form == "json":
        plain = [entry.model_dump(mode="json") for entry in asked]
        click.echo(canonical_json(plain), nl=False)
        return Exit.DONE
    for entry in asked:
        click.echo(_line(entry))
    click.echo(_ends(entries, asked))
    return Exit.DONE


@audit.command()
@click.argument("run", required=False, type=click.Path(path_type=Path))
@click.option("--entry", "number", type=click.IntRange(1), help="An entry of the chain instead.")
@store_option
@_FORMAT
def show(run: Path | None, number: int | None, store: Path | None, form: str) -> int:
    """Say what a run was made from and what it came to: RUN is an id, or a file with a record.

    Or with --entry, what was recorded under that number of the log.
    """
    if (run is None) == (number is None):
        raise click.UsageError("name a run, or an entry with --entry")
    if number is not None:
        return _show_entry(nearest_store(store), number, form)
    assert run is not None
    loaded = load_run(run, store)
    if form == "json":
        click.echo(written(loaded.record).decode("utf-8"), nl=False)
    else:
        click.echo("\n".join(_record(loaded.id, loaded.record)))
    return Exit.DONE


def _show_entry(store: Path, number: int, form: str) -> int:
    check_there(store)
    entry = entry_of(store, number)
    record = load_run(Path(entry.record), store).record
    if form == "json":
        said = decision(record, entry)
        click.echo(canonical_json({"entry": entry.model_dump(mode="json"), "said": said}), nl=False)
    else:
        click.echo("\n".join([*_entry(entry), *_details(entry, record)]))
    return Exit.DONE


def _line(entry: Entry) -> str:
    about, subject = entry.about, entry.subject
    of = f": {subject.name} {shown(subject.sha256)}" if subject else ""
    return (
        f"{entry.number:6}  {entry.at}  {entry.kind:10}  run {shown(entry.record)}"
        f"  {about.inspection} as of {about.as_of}, {about.pack} {about.pack_version}{of}"
    )


def _ends(entries: Sequence[Entry], asked: Sequence[Entry]) -> str:
    number = counted(len(entries), "entry", "entries")
    of = "" if len(asked) == len(entries) else f"{len(asked)} of "
    return f"{of}{number}; head {entries[-1].digest}" if entries else number


def _entry(entry: Entry) -> Iterator[str]:
    about = entry.about
    yield f"entry {entry.number}: {entry.kind}, {entry.at}"
    yield f"digest {entry.digest}"
    yield f"after {entry.previous}" if entry.previous else "the first entry"
    yield f"run {entry.record}"
    yield f"{about.inspection} ({about.body}) as of {about.as_of}, {about.pack} {about.pack_version}"
    if entry.subject:
        yield f"{entry.kind} {entry.subject.name}, SHA-256 {entry.subject.sha256}"


def _details(entry: Entry, record: RunRecord) -> Iterator[str]:
    """What the record of its run says of what an entry is of."""
    match entry.kind:
        case "evidence":
            yield from _files(record.inputs.evidence)
        case "moderation" | "challenge":
            yield canonical_json(decision(record, entry)).rstrip()
        case "run":
            yield from list(_record(entry.record, record))[1:]
        case "report":
            return


def _record(run: str, record: RunRecord) -> Iterator[str]:
    made, kept = record.software, record.inputs
    yield f"run {run}"
    yield f"made by inspection-grading {made.inspection_grading}, durable-rules {made.durable_rules}"
    yield f"as of {kept.as_of.isoformat()}"
    if kept.dropped:
        yield f"without {', '.join(kept.dropped)}"
    for what, folder in (("evidence", kept.evidence), ("rules", kept.pack), ("table", kept.table)):
        if folder is not None:
            yield from _folder(what, folder)
    yield "judgments"
    judgments = record.document.get("judgments")
    for name, judgment in judgments.items() if isinstance(judgments, dict) else ():
        final = judgment.get("final") if isinstance(judgment, dict) else None
        yield f"  {final}  {name}"


def _folder(what: str, folder: FolderPart) -> Iterator[str]:
    yield f"{what} {folder.label}, SHA-256 {folder.digest}"
    yield from _files(folder)


def _files(folder: FolderPart) -> Iterator[str]:
    for name, file in sorted(folder.files.items()):
        yield f"  {file.sha256}  {name}"
