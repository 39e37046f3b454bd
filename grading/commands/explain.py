"""`grading explain EVIDENCE TARGET`: why, in sentences, down to records and rule lines."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import click

from grading.commands.common import Exit, load, synthetic
from grading.explain.because import Because
from grading.explain.why import Explainer, UnknownTarget
from grading.judge.method import grade, program_of
from grading.rules.pack import Kind


@click.command()
@click.argument("evidence", type=click.Path(path_type=Path))
@click.argument("target")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="As it stood on this date.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--drop-kind", "dropped", type=click.Choice(get_args(Kind)), multiple=True)
@click.option("--rules", type=click.Path(path_type=Path), help="The folder that holds rule packs.")
@click.option(
    "--table", type=click.Path(path_type=Path), help="The figures of many bodies, as CSV."
)
def explain(
    evidence: Path,
    target: str,
    as_of: datetime | None,
    form: str,
    dropped: tuple[Kind, ...],
    rules: Path | None,
    table: Path | None,
) -> int:
    """Say why: TARGET is a question, sub-question, criterion, finding, limiter, indicator or record."""
    loaded, pack = load(evidence, as_of.date() if as_of else None, rules, table)
    grading = grade(loaded, program_of(pack), frozenset(dropped))
    try:
        because = Explainer(grading).why(target)
    except UnknownTarget as error:
        said, hint = error.args
        raise click.UsageError(f"{said}{f' ({hint})' if hint else ''}") from None
    if form == "json":
        made_up = {"synthetic": True} if loaded.inspection.synthetic else {}
        click.echo(json.dumps({**made_up, **_plain(because)}, ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join([*synthetic(loaded), *lines(because)]))
    return Exit.DONE


def lines(because: Because, depth: int = 0) -> list[str]:
    """The rationale as indented lines: records in brackets, rule lines after an arrow."""
    text = "  " * depth + because.text
    if because.record:
        text += f" [{because.record}]"
    elif because.place and not because.text.endswith(":"):
        text += f"  → {because.place.file}:{because.place.line}"
    return [text, *(line for step in because.rests_on for line in lines(step, depth + 1))]


def _plain(because: Because) -> dict[str, Any]:
    return {
        "text": because.text,
        "record": because.record,
        "place": str(because.place) if because.place else None,
        "because": [_plain(step) for step in because.rests_on],
    }
