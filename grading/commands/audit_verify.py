"""`grading audit verify|sign`: whether what was recorded is as it was recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from grading.commands.common import Exit
from grading.commands.stores import nearest_store, shown, store_option
from grading.commands.writing import write_file
from grading.explain.english import counted
from grading.problems import BadInput, Place, Problem
from grading.record.chain import LARGEST_ENTRY, Entry
from grading.record.integrity import IntegrityBroken
from grading.record.reading import LARGEST_RECORD
from grading.record.replays import replay_all
from grading.record.signatures import NotInstalled, SignedHead, check_signature
from grading.record.signatures import sign as made_signature
from grading.record.verify import Verified
from grading.record.verify import verify as verified
from grading.source import read_content
from grading.source.folder import sha256

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@store_option
@click.option("--head", default="", help="The digest of a head that was noted, or its beginning.")
@click.option("--replay", "again", is_flag=True, help="Make every run again as well.")
@click.option("--signature", type=_FILE, help="A signature that `audit sign` made of the chain.")
@click.option("--public-key", type=_FILE, help="The public key of whoever signed, as PEM.")
@click.option("--report", type=_FILE, help="Say which entry tells of the file of a report.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def verify(
    store: Path | None,
    head: str,
    again: bool,
    signature: Path | None,
    public_key: Path | None,
    report: Path | None,
    form: str,
) -> int:
    """Say whether every record and entry is as it was written; if not, which is not.

    Who can write to the store can write all of it anew. Note the head elsewhere, such as in a
    report, and name it later with --head; or sign it, and name the signature and the key.
    """
    if (signature is None) != (public_key is None):
        raise click.UsageError("--signature and --public-key are named together")
    folder = nearest_store(store)
    content = None if report is None else _content(report, LARGEST_RECORD)
    found = verified(folder, head)
    told = () if content is None else _telling(found, content)
    problems = [*found.problems, *(replay_all(folder, found.runs) if again else ())]
    others: list[Problem] = []
    signed = None
    if signature is not None and public_key is not None:
        try:
            signed = _signed(signature, public_key, found)
        except IntegrityBroken as error:
            others += error.problems
    if report is not None and not told:
        others.append(_untold(report))
    if form == "json":
        plain = _plain(found, [*problems, *others])
        if report is not None:
            plain["report"] = [entry.number for entry in told]
        click.echo(json.dumps(plain, ensure_ascii=False, indent=1))
    else:
        for problem in (*problems, *others):
            click.echo(str(problem))
        click.echo("\n".join(_summary(found, problems, again)))
        if signed is not None:
            click.echo(f"signed up to entry {signed.number}, by the key that was named")
        for entry in told:
            click.echo(_tells(entry))
    return Exit.INTEGRITY_BROKEN if problems or others else Exit.DONE


@click.command()
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


def _content(path: Path, largest: int = LARGEST_ENTRY) -> bytes:
    content, problem = read_content(path, path.as_posix(), largest)
    if content is None:
        raise BadInput([problem] if problem else [])
    return content


def _telling(found: Verified, content: bytes) -> tuple[Entry, ...]:
    """The entries of reports of these bytes."""
    digest = sha256(content)
    reports = (entry for entry in found.entries if entry.kind == "report")
    return tuple(entry for entry in reports if entry.subject and entry.subject.sha256 == digest)


def _untold(report: Path) -> Problem:
    message = "no entry tells of a report of these bytes"
    hint = "the file was changed, or was written by `grading report --no-entry` or elsewhere"
    return Problem(Place(report.as_posix(), 1), "A129", message, hint)


def _tells(entry: Entry) -> str:
    what = entry.subject.name if entry.subject else ""
    return f"entry {entry.number} of {entry.at} tells of this report: {what}, run {shown(entry.record)}"


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
