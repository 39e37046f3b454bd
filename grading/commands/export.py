"""`grading export RUN --to FORM`: a run in the open formats of others, redacted where asked."""

from __future__ import annotations

from pathlib import Path

import click

from grading.commands.common import Exit, read_inputs
from grading.commands.loaded import is_run, load_run
from grading.commands.redaction_key import key_beside, made_key, read_key
from grading.commands.stores import nearest_store, store_beside, store_option
from grading.commands.writing import write_file, write_folder
from grading.evidence.sheets.container import packed
from grading.explain.english import counted
from grading.problems import BadInput
from grading.record.document import document
from grading.record.exports.csv_tables import csv_tables
from grading.record.exports.exported import exported
from grading.record.exports.forms import FORMS, check, is_redacted
from grading.record.exports.redaction import Hidden, hidden_by, left, marked, redacted
from grading.record.exports.tables import NAMES, tables_of
from grading.record.run_record import RunRecord, record_of, written
from grading.source import read_content
from grading.source.folder import sha256

_LARGEST_EXPORT = 256 * 1024 * 1024
_BINARY = ("csv", "xlsx")


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--to", "form", type=click.Choice(sorted(FORMS)), required=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Write to this file; CSV tables to a folder, or to an archive where it ends with .zip.",
)
@click.option(
    "--redact",
    "pointers",
    multiple=True,
    metavar="POINTER",
    help="Keep this text of the run's document out, wherever it is told; may be given several times.",
)
@click.option("--with-marked", is_flag=True, help="Export texts that are marked [[so]] as well.")
@click.option(
    "--redaction-key",
    "key",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The key of redactions; without it the one beside the store, which is made if need be.",
)
@click.option(
    "--check",
    "checked",
    type=click.Path(path_type=Path),
    help="Write nothing: say whether this export is what the record says.",
)
@store_option
def export(
    run: Path,
    form: str,
    out: Path | None,
    pointers: tuple[str, ...],
    with_marked: bool,
    key: Path | None,
    checked: Path | None,
    store: Path | None,
) -> int:
    """Write a run as PROV, OSCAL, CSV, JSON Lines or XLSX: RUN is an id, a record, or evidence.

    What is redacted is replaced wherever it is told by a salted digest, which the holder of the key
    can check against the record. The exit code is 7 where the form itself would tell a redacted
    text, and 5 where a checked export is not what the record says.
    """
    record, label = _record(run, store)
    if key is None:
        key = key_beside(store or (nearest_store(None) if is_run(run) else store_beside(run)))
    whole = exported(record, sha256(written(record)), label)
    if checked is not None:
        content = _read(checked, form)
        found = read_key(key) if is_redacted(content, whole) else None
        number = check(form, whole, record.document, content, found, checked.as_posix())
        said = f", {counted(number, 'string', 'strings')} of it redacted" if number else ""
        click.echo(f"{checked.as_posix()} is what the record of run {whole.run[:12]} says{said}")
        return Exit.DONE
    if out is None and form in _BINARY:
        raise click.UsageError(f"{form} is not written to a terminal: name a file with --out")
    if out is not None and form == "xlsx" and out.suffix.lower() != ".xlsx":
        raise click.UsageError(f"`{out.name}` is written as a workbook: end its name with .xlsx")
    hidden = hidden_by(record.document, pointers)
    hidden |= Hidden() if with_marked else marked(record.document)
    shown = redacted(whole, record.document, hidden, made_key(key)) if hidden else whole
    content = FORMS[form](shown)
    if hidden and left(content, hidden):
        click.echo(
            f"nothing was exported: a redacted text is also a word that {form} itself uses, and"
            " would still be read there; redact a longer text",
            err=True,
        )
        return Exit.REFUSED
    if out is None:
        click.echo(content.decode("utf-8"), nl=False)
    elif form == "csv" and out.suffix.lower() != ".zip":
        write_folder(csv_tables(tables_of(shown)), out)
    else:
        write_file(content, out)
    return Exit.DONE


def _record(run: Path, store: Path | None) -> tuple[RunRecord, str]:
    """The record of a run; of a folder of evidence the one that a run of it would have."""
    if is_run(run):
        loaded = load_run(run, store)
        return loaded.record, loaded.label
    inputs = read_inputs(run)
    return record_of(inputs, document(inputs.grade())), run.as_posix()


def _read(path: Path, form: str) -> bytes:
    """The content of an export; a folder of CSV tables as the archive that it would be."""
    if form == "csv" and path.is_dir():
        names = sorted(p.name for p in path.iterdir())
        known = [f"{name}.csv" for name in NAMES]
        order = [n for n in known if n in names] + [n for n in names if n not in known]
        return packed({name: _content(path / name) for name in order})
    return _content(path)


def _content(path: Path) -> bytes:
    content, problem = read_content(path, path.as_posix(), _LARGEST_EXPORT)
    if content is None:
        raise BadInput([problem] if problem else [])
    return content
