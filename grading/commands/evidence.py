"""`grading evidence check EVIDENCE`: does it load, and does it fit its rule pack?"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click

from grading.commands.against import tell_against
from grading.commands.common import Exit, load
from grading.evidence.records import RECORD_KINDS
from grading.problems import BadInput


@click.group()
def evidence() -> None:
    """Work with the evidence of an inspection."""


@evidence.command()
@click.argument("folder", metavar="EVIDENCE", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--rules", type=click.Path(path_type=Path), help="The folder that holds rule packs.")
@click.option(
    "--against",
    "document",
    type=click.Path(path_type=Path),
    help="The text that the records were taken from: look each recorded figure up in it.",
)
def check(folder: Path, form: str, rules: Path | None, document: Path | None) -> int:
    """Say every problem of every file at once, or that there is none."""
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
        return tell_against(loaded, document, form)
    every = (*loaded.observations, *loaded.metrics, *loaded.surveys, *loaded.previous)
    found = Counter(placed.kind for placed in every)
    kinds = {kind: found[kind] for kind in RECORD_KINDS if found[kind]}
    if form == "json":
        click.echo(json.dumps({"problems": [], "records": kinds}, ensure_ascii=False, indent=1))
        return Exit.DONE
    number = sum(kinds.values())
    click.echo(f"{number} records fit the rule pack {pack.manifest.id} {pack.manifest.version}:")
    for kind, count in kinds.items():
        click.echo(f"  {count:4} {kind}")
    return Exit.DONE
