"""`grading report RUN-OR-EVIDENCE --out FILE`: the report that a reader wants, with the audit trail."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import get_args

import click

from grading.commands.common import Exit
from grading.commands.output import write_out
from grading.commands.reported import subject_of
from grading.commands.stores import store_option
from grading.report.html import html
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
@store_option
def report(
    reference: Path,
    out: Path | None,
    as_of: datetime | None,
    dropped: tuple[Kind, ...],
    rules: Path | None,
    table: Path | None,
    store: Path | None,
) -> int:
    """Tell a run in one file: grades and findings first, then everything that led there."""
    day = as_of.date() if as_of else None
    subject = subject_of(reference, day, dropped, rules, table, store)
    write_out(html(subject), out)
    return Exit.UNDETERMINED if subject.grading.undetermined else Exit.DONE
