"""`grading rules schema`: JSON Schemas for the editors in which rule files are written."""

from __future__ import annotations

import json
from pathlib import Path

import click

from grading.commands.common import Exit
from grading.commands.rules_pack import find_pack, rules_option
from grading.commands.writing import write_file
from grading.policy.schema import schemas


@click.command()
@click.argument("reference", metavar="[PACK]", required=False)
@rules_option
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write the schemas to.",
)
def schema(reference: str | None, rules: Path | None, out: Path) -> int:
    """Write a JSON Schema for each kind of rule file; with PACK, one that knows its names.

    An editor with a YAML language server uses it where the first line of a file names it:
    `# yaml-language-server: $schema=FOLDER/question.schema.json`.
    """
    pack = None if reference is None else find_pack(reference, rules).load()
    out.mkdir(parents=True, exist_ok=True)
    for kind, written in schemas(pack).items():
        text = json.dumps(written, ensure_ascii=False, indent=1) + "\n"
        write_file(text.encode("utf-8"), out / f"{kind}.schema.json")
        click.echo(str(out / f"{kind}.schema.json"))
    return Exit.DONE
