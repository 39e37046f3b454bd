"""`grading report RUN-OR-EVIDENCE --out FILE`: the report that a reader wants, with the audit trail."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import get_args

import click

from grading.commands.common import Exit
from grading.commands.loaded import is_run
from grading.commands.reported import store_of, subject_of
from grading.commands.stores import Kept, keep_report, store_option
from grading.commands.writing import write_out
from grading.report.html import html, html_of_two
from grading.report.markdown import markdown
from grading.rules.pack import Kind


@click.command()
@click.argument("reference", metavar="RUN|EVIDENCE", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="As it stood on this date.")
@click.option("--drop-kind", "dropped", type=click.Choice(get_args(Kind)), multiple=True)
@click.option("--rules", type=click.Path(path_type=Path), help="The folder that holds rule packs.")
@click.option(
    "--table", type=click.Path(path_type=Path), help="The figures of many bodies, as CSV."
)
@click.option("--format", "form", type=click.Choice(["html", "md"]), default="html")
@click.option(
    "--compare", "other", metavar="RUN2", type=click.Path(path_type=Path), help="Beside this run."
)
@store_option
@click.option("--no-entry", is_flag=True, help="Do not enter the report in the log of the store.")
def report(
    reference: Path,
    out: Path | None,
    as_of: datetime | None,
    dropped: tuple[Kind, ...],
    rules: Path | None,
    table: Path | None,
    form: str,
    other: Path | None,
    store: Path | None,
    no_entry: bool,
) -> int:
    """Tell a run in one file: grades and findings first, then everything that led there.

    Where the run is in a store, its log tells the SHA-256 of the file. A report that cannot be
    entered is written all the same, and the exit code is 7; it is 5 where the store was changed.
    """
    day = as_of.date() if as_of else None
    subject = subject_of(reference, day, dropped, rules, table, store)
    if other is None:
        text = {"html": html, "md": markdown}[form](subject)
    elif form != "html":
        raise click.UsageError("two runs are set side by side as HTML")
    else:
        beside = subject_of(other, store=store) if is_run(other) else subject_of(other, rules=rules)
        text, form = html_of_two(subject, beside), f"html beside {beside.id}"
    write_out(text, out)
    folder, kept = store_of(reference, store), Kept()
    if out is not None and folder is not None and subject.entry is not None and not no_entry:
        kept = keep_report(folder, subject.entry, form, text.encode("utf-8"))
    if kept.failed is not None:
        click.echo(kept.why, err=True)
        return kept.failed
    return Exit.UNDETERMINED if subject.grading.undetermined else Exit.DONE
