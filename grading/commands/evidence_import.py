"""`grading evidence import FILE… --into DIR`: workbooks and tables → a folder of evidence.

Without a file it completes an import into the folder that was interrupted.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from grading.commands.common import Exit, load, tell
from grading.evidence.sheets.sources import read_sources
from grading.evidence.sheets.staging import commit, staged
from grading.evidence.sheets.standing import standing
from grading.evidence.together import NotComplete, complete, seen, unfinished
from grading.problems import BadInput, Problem, column_letters, listed, raise_if


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--into",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of evidence to fill; it may be new.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--rules", type=click.Path(path_type=Path), help="The folder that holds rule packs.")
def import_(files: tuple[Path, ...], into: Path, form: str, rules: Path | None) -> int:
    """Read XLSX, ODS and CSV files into a folder of evidence: everything, or nothing at all.

    A workbook has a sheet a kind of evidence, and a CSV file is named after its kind. Nothing is
    written unless every cell is right and the folder that results fits its rule pack. An import
    that was interrupted is completed first; without a FILE nothing else is done.
    """
    try:
        completed = _completed(into)
        if files:
            made, changed = _imported(files, into, rules)
        elif completed is not None:
            made, changed = completed, completed
        else:
            raise click.UsageError(f"name the files to read: no import into `{into}` is unfinished")
    except BadInput as error:
        if form == "json":
            problems = [_described(problem) for problem in error.problems]
            click.echo(json.dumps({"problems": problems}, ensure_ascii=False, indent=1))
        else:
            tell(error, "nothing was written")
        return Exit.NOT_LOADED
    except NotComplete as error:
        click.echo(str(error), err=True)
        return Exit.REFUSED
    except OSError as error:
        click.echo(f"{error.filename or into}: {error.strerror}; nothing was written", err=True)
        return Exit.REFUSED
    if form == "json":
        done = {"problems": [], "files": made, "changed": changed}
        click.echo(json.dumps(done, ensure_ascii=False, indent=1))
        return Exit.DONE
    for name in made:
        click.echo(f"{'written' if name in changed else 'unchanged':9}  {into.as_posix()}/{name}")
    return Exit.DONE


def _completed(into: Path) -> list[str] | None:
    """The files that an interrupted import had left and that are now in place; None without one."""
    if not unfinished(into):
        return None
    try:
        names = complete(into)
    except OSError as error:
        raise NotComplete(into, error.strerror or "unknown reason") from error
    said = f" ({listed(names, 'and')})" if names else ""
    click.echo(f"{into}: the import that was interrupted is complete{said}", err=True)
    return names


def _imported(files: Sequence[Path], into: Path, rules: Path | None) -> tuple[list[str], list[str]]:
    """The files that the import makes, and those of them that changed."""
    before = seen(into)
    there = standing(into)
    read = read_sources(files, (into / "inspection.yaml").exists())
    with staged(read, into, there) as stage:
        problems = [*read.problems, *there.lost(read)]
        try:
            load(stage.folder, None, rules, place=into)
        except BadInput as error:
            # A record that is wrong itself is left out, so that others name it in vain.
            in_vain = ("E101", "E404") if read.problems else ()
            problems += [p for p in stage.told(error.problems) if p.code not in in_vain]
        raise_if(problems)
        return sorted(stage.made), commit(stage, before)


def _described(problem: Problem) -> dict[str, object]:
    place = problem.place
    said = {"code": problem.code, "message": problem.message, "hint": problem.hint}
    if not place.sheet:
        return {"file": place.file, "line": place.line, "column": place.column, **said}
    cell = f"{column_letters(place.column)}{place.line}" if place.line else None
    return {"file": place.file, "sheet": place.sheet, "cell": cell, **said}
