"""`grading evidence check EVIDENCE`: does it load, fit its rule pack, and hang together?"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from pathlib import Path

import click

from grading.commands.against import tell_against
from grading.commands.check_formats import FORMS
from grading.commands.common import Exit, load, synthetic
from grading.commands.lazily import Lazily
from grading.evidence.checks.registry import check as run_checks
from grading.evidence.records import RECORD_KINDS
from grading.problems import BadInput

_AT_ONCE = 1_000  # pieces that are said at once


@click.group(
    cls=Lazily,
    where={
        "gaps": "grading.commands.gaps:gaps",
        "template": "grading.commands.evidence_template:template",
        "export": "grading.commands.evidence_template:export_",
        "import": "grading.commands.evidence_import:import_",
    },
)
def evidence() -> None:
    """Work with the evidence of an inspection."""


@evidence.command()
@click.argument("folder", metavar="EVIDENCE", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(tuple(FORMS)), default="text")
@click.option("--rules", type=click.Path(path_type=Path), help="The folder that holds rule packs.")
@click.option(
    "--against",
    "document",
    type=click.Path(path_type=Path),
    help="The text that the records were taken from: look each recorded figure up in it.",
)
def check(folder: Path, form: str, rules: Path | None, document: Path | None) -> int:
    """Say every problem of every file at once; then what contradicts itself or does not add up."""
    try:
        loaded, pack = load(folder, None, rules)
    except BadInput as error:
        if form == "json":
            problems = [
                {
                    "file": p.place.file,
                    "line": p.place.line,
                    "column": p.place.column,
                    "code": p.code,
                    "message": p.message,
                    "hint": p.hint,
                }
                for p in error.problems
            ]
            click.echo(json.dumps({"problems": problems}, ensure_ascii=False, indent=1))
            return Exit.NOT_LOADED
        raise
    if document is not None:
        if form not in ("text", "json"):
            raise click.UsageError("`--against` is told as `text` or `json`")
        return tell_against(loaded, document, form)
    number = Counter(placed.kind for placed in loaded.every())
    kinds: dict[str, int] = {kind: number[kind] for kind in RECORD_KINDS if number[kind]}
    report = run_checks(loaded, pack)
    if form == "text":
        for line in synthetic(loaded):
            click.echo(line)
    told = FORMS[form](report, kinds, f"{pack.manifest.id} {pack.manifest.version}")
    while pieces := "".join(itertools.islice(told, _AT_ONCE)):
        click.echo(pieces, nl=False)
    click.echo()
    return Exit.PROBLEMS_FOUND if report.problems else Exit.DONE
