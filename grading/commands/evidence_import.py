"""`grading evidence import FILE… --into DIR`: workbooks and tables → a folder of evidence."""

from __future__ import annotations

from pathlib import Path

import click

from grading.commands.common import Exit, load
from grading.evidence.sheets.sources import read_sources
from grading.evidence.sheets.staging import commit, staged
from grading.evidence.sheets.standing import standing
from grading.problems import BadInput, raise_if


@click.command("import")
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--into",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of evidence to fill; it may be new.",
)
@click.option("--rules", type=click.Path(path_type=Path), help="The folder that holds rule packs.")
def import_(files: tuple[Path, ...], into: Path, rules: Path | None) -> int:
    """Read XLSX, ODS and CSV files into a folder of evidence: everything, or nothing at all.

    A workbook has a sheet a kind of evidence, and a CSV file is named after its kind. Nothing is
    written unless every cell is right and the folder that results fits its rule pack.
    """
    read = read_sources(files)
    there = standing(into)
    with staged(read, into, there) as stage:
        problems = [*read.problems, *there.lost(read)]
        try:
            load(stage.folder, None, rules)
        except BadInput as error:
            found = stage.told(error.problems)
            # A record that is wrong itself is left out, so that others may miss it in vain.
            problems += [p for p in found if not (problems and p.code in ("E404", "E101"))]
        raise_if(problems)
        changed = commit(stage)
    for name in sorted(stage.made):
        click.echo(f"{'written' if name in changed else 'unchanged':9}  {into.as_posix()}/{name}")
    return Exit.DONE
