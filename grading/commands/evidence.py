"""`grading evidence check EVIDENCE`: does it load, and does it fit its rule pack?"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click

from grading.commands.common import Exit, load, synthetic
from grading.evidence.records import RECORD_KINDS
from grading.problems import BadInput


@click.group()
def evidence() -> None:
    """Work with the evidence of an inspection."""


@evidence.command()
@click.argument("folder", metavar="EVIDENCE", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--rules", type=click.Path(path_type=Path), help="The folder that holds rule packs.")
def check(folder: Path, form: str, rules: Path | None) -> int:
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
    found = Counter(placed.kind for placed in loaded.every())
    kinds = {kind: found[kind] for kind in RECORD_KINDS if found[kind]}
    if form == "json":
        made_up = {"synthetic": True} if loaded.inspection.synthetic else {}
        plain = {**made_up, "problems": [], "records": kinds}
        click.echo(json.dumps(plain, ensure_ascii=False, indent=1))
        return Exit.DONE
    for line in synthetic(loaded):
        click.echo(line)
    number = sum(kinds.values())
    click.echo(f"{number} records fit the rule pack {pack.manifest.id} {pack.manifest.version}:")
    for kind, count in kinds.items():
        click.echo(f"  {count:4} {kind}")
    return Exit.DONE
