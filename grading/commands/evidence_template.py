"""`grading evidence template` and `export`: workbooks to fill in, and evidence as a workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from grading.commands.common import Exit, load, tell
from grading.commands.writing import write_file
from grading.evidence.sheets.export import export
from grading.evidence.sheets.making import template as made
from grading.problems import BadInput, did_you_mean, listed
from grading.rules.load import load_pack

_OUT = click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The workbook to write, such as evidence.xlsx.",
)


@click.command()
@click.argument("framework")
@_OUT
@click.option(
    "--rules",
    type=click.Path(path_type=Path),
    default=Path("rules"),
    show_default=True,
    help="The folder that holds rule packs.",
)
def template(framework: str, out: Path, rules: Path) -> int:
    """Write a workbook to fill in for the rule pack FRAMEWORK: a sheet for each kind of evidence."""
    _is_xlsx(out)
    known = sorted(path.parent.name for path in rules.glob("*/pack.yaml"))
    if framework not in known:
        hint = did_you_mean(framework, known) or (
            f"known packs are {listed(known, 'and')}" if known else "say where with --rules"
        )
        raise click.UsageError(f"there is no rule pack `{framework}` in {rules} ({hint})")
    return _written(lambda: made(load_pack(rules / framework)), out)


@click.command("export")
@click.argument("folder", metavar="EVIDENCE", type=click.Path(path_type=Path))
@_OUT
@click.option("--rules", type=click.Path(path_type=Path), help="The folder that holds rule packs.")
def export_(folder: Path, out: Path, rules: Path | None) -> int:
    """Write the evidence of a folder as a workbook, which `import` reads back as the same."""
    _is_xlsx(out)
    return _written(lambda: export(folder, load(folder, None, rules)[1]), out)


def _is_xlsx(out: Path) -> None:
    if out.suffix.lower() != ".xlsx":
        raise click.UsageError(f"`{out.name}` is written as a workbook: end its name with .xlsx")


def _written(make: Callable[[], bytes], out: Path) -> int:
    """The exit code, once the workbook is written or its problems are told."""
    try:
        content = make()
    except BadInput as error:
        tell(error, "nothing was written")
        return Exit.NOT_LOADED
    write_file(content, out)
    return Exit.DONE
