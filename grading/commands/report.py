"""`grading report RUN-OR-EVIDENCE --out FILE`: the report that a reader wants, with the audit trail."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import get_args

import click

from grading.commands.common import Exit
from grading.commands.loaded import is_run
from grading.commands.reported import subject_of
from grading.commands.stores import store_option
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
) -> int:
    """Tell a run in one file: grades and findings first, then everything that led there."""
    day = as_of.date() if as_of else None
    subject = subject_of(reference, day, dropped, rules, table, store)
    if other is not None:
        if form != "html":
            raise click.UsageError("two runs are set side by side as HTML")
        beside = subject_of(other, store=store) if is_run(other) else subject_of(other, rules=rules)
        write_out(html_of_two(subject, beside), out)
    else:
        write_out({"html": html, "md": markdown}[form](subject), out)
    return Exit.UNDETERMINED if subject.grading.undetermined else Exit.DONE
