"""`grading audit log|show|verify|sign`: what was recorded, and whether it is as it was recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from grading.commands.common import Exit
from grading.commands.loaded import load_run
from grading.commands.stores import nearest_store, shown, store_option
from grading.commands.writing import write_file
from grading.engine.compile import Program
from grading.explain.english import counted
from grading.problems import BadInput, Problem
from grading.record.chain import LARGEST_ENTRY, Entry
from grading.record.integrity import IntegrityBroken
from grading.record.replay import replay
from grading.record.run_record import FolderPart, RunRecord, written
from grading.record.signatures import NotInstalled, SignedHead, check_signature
from grading.record.signatures import sign as made_signature
from grading.record.store import entries_of
from grading.record.verify import Verified
from grading.record.verify import verify as verified
from grading.source import read_content

_FILE = click.Path(path_type=Path, dir_okay=False)
_FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")


@click.group()
def audit() -> None:
    """Read the run store, and see whether anything in it was changed."""


@audit.command()
@store_option
@_FORMAT
def log(store: Path | None, form: str) -> int:
    """List the entries of the chain, the first one first."""
    entries = list(entries_of(nearest_store(store)))
    if form == "json":
        plain = [entry.model_dump(mode="json") for entry in entries]
        click.echo(json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True))
        return Exit.DONE
    for entry in entries:
        click.echo(_line(entry))
    click.echo(_ends(entries))
    return Exit.DONE


@audit.command()
@click.argument("run", type=click.Path(path_type=Path))
@store_option
@_FORMAT
def show(run: Path, store: Path | None, form: str) -> int:
    """Say what a run was made from and what it came to: RUN is an id, or a file with a record."""
    loaded = load_run(run, store)
    if form == "json":
        click.echo(written(loaded.record).decode("utf-8"), nl=False)
    else:
        click.echo("\n".join(_record(loaded.id, loaded.record)))
    return Exit.DONE


@audit.command()
@store_option
@click.option("--head", default="", help="The digest of a head that was noted, or its beginning.")
@click.option("--replay", "again", is_flag=True, help="Make every run again as well.")
@click.option("--signature", type=_FILE, help="A signature that `audit sign` made of the chain.")
@click.option("--public-key", type=_FILE, help="The public key of whoever signed, as PEM.")
@_FORMAT
def verify(
    store: Path | None,
    head: str,
    again: bool,
    signature: Path | None,
    public_key: Path | None,
    form: str,
) -> int:
    """Say whether every record and entry is as it was written; if not, which is not.

    Who can write to the store can write all of it anew. Note the head elsewhere, such as in a
    report, and name it later with --head; or sign it, and name the signature and the key.
    """
    if (signature is None) != (public_key is None):
        raise click.UsageError("--signature and --public-key are named together")
    folder = nearest_store(store)
    found = verified(folder, head)
    problems = [*found.problems, *(_replayed(folder, found) if again else ())]
    unsigned: tuple[Problem, ...] = ()
    signed = None
    if signature is not None and public_key is not None:
        try:
            signed = _signed(signature, public_key, found)
        except IntegrityBroken as error:
            unsigned = error.problems
    if form == "json":
        click.echo(json.dumps(_plain(found, [*problems, *unsigned]), ensure_ascii=False, indent=1))
    else:
        for problem in (*problems, *unsigned):
            click.echo(str(problem))
        click.echo("\n".join(_summary(found, problems, again)))
        if signed is not None:
            click.echo(f"signed up to entry {signed.number}, by the key that was named")
    return Exit.INTEGRITY_BROKEN if problems or unsigned else Exit.DONE


@audit.command("sign")
@store_option
@click.option("--key", type=_FILE, required=True, help="A private Ed25519 key, as PEM.")
@click.option("--out", type=_FILE, help="The file for the signature.")
def sign(store: Path | None, key: Path, out: Path | None) -> int:
    """Sign the head of the chain, and with it all that was recorded; the store is verified first.

    Keep the signature away from the store. `audit verify --signature` checks it.
    """
    found = verified(nearest_store(store))
    if found.problems:
        raise IntegrityBroken(found.problems)
    if not found.entries:
        raise click.UsageError("there is nothing recorded to be signed")
    with _installed():
        content = made_signature(found.entries[-1], _content(key), key.as_posix())
    if out is None:
        click.echo(content.decode("utf-8"), nl=False)
    else:
        write_file(content, out)
    return Exit.DONE


def _signed(signature: Path, public_key: Path, found: Verified) -> SignedHead:
    """The head that the signature is of."""
    content, key = _content(signature), _content(public_key)
    with _installed():
        return check_signature(
            content, key, found.entries, signature.as_posix(), public_key.as_posix()
        )


@contextmanager
def _installed() -> Iterator[None]:
    """That the package for signatures is missing is told as wrong usage."""
    try:
        yield
    except NotInstalled:
        message = (
            "signatures need the package `cryptography`: install inspection-grading[signatures]"
        )
        raise click.UsageError(message) from None


def _content(path: Path) -> bytes:
    content, problem = read_content(path, path.as_posix(), LARGEST_ENTRY)
    if content is None:
        raise BadInput([problem] if problem else [])
    return content


def _line(entry: Entry) -> str:
    about = entry.about
    return (
        f"{entry.number:6}  {entry.at}  {entry.kind} {shown(entry.record)}  {about.inspection}"
        f" as of {about.as_of}, {about.pack} {about.pack_version}"
    )


def _ends(entries: list[Entry]) -> str:
    number = counted(len(entries), "entry", "entries")
    return f"{number}; head {entries[-1].digest}" if entries else number


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
    for name, file in sorted(folder.files.items()):
        yield f"  {file.sha256}  {name}"


def _replayed(folder: Path, found: Verified) -> Iterator[Problem]:
    """Every run is made again; each pack goes into the engine once."""
    programs: list[tuple[FolderPart, Program]] = []
    for run in found.runs:
        try:
            loaded = load_run(Path(run), folder)
            pack = loaded.record.inputs.pack
            known = next((program for same, program in programs if same == pack), None)
            grading = replay(loaded.record, loaded.label, known)
        except IntegrityBroken as error:
            yield from error.problems
        else:
            programs += [(pack, grading.program)] if known is None else []


def _summary(found: Verified, problems: list[Problem], again: bool) -> Iterator[str]:
    if found.unfinished:
        number = counted(len(found.unfinished), "file", "files")
        yield f"{number} in `unfinished` of writers that were cut off; they count for nothing"
    entries, runs = (
        counted(len(found.entries), "entry", "entries"),
        counted(len(found.runs), "record", "records"),
    )
    if problems:
        yield f"{counted(len(problems), 'problem', 'problems')}; the store is not as it was written"
        return
    yield f"{entries} and {runs} are as they were written{', and come out again' if again else ''}"
    if found.entries:
        yield f"head {found.entries[-1].digest}"


def _plain(found: Verified, problems: list[Problem]) -> dict[str, object]:
    return {
        "entries": len(found.entries),
        "records": len(found.runs),
        "head": found.entries[-1].digest if found.entries else None,
        "unfinished": list(found.unfinished),
        "problems": [
            {"file": p.place.file, "code": p.code, "message": p.message, "hint": p.hint}
            for p in problems
        ],
    }
