"""`grading rules diff BEFORE AFTER`: what the change of a rule pack changes, by meaning."""

from __future__ import annotations

import json
from pathlib import Path

import click

from grading.commands.common import Exit
from grading.commands.rules_pack import find_pack, rules_option
from grading.commands.writing import write_out
from grading.policy.diff.difference import diff as differ
from grading.policy.diff.document import difference_document
from grading.policy.diff.telling import difference_text


@click.command()
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="AFTER")
@rules_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 where anything is graded otherwise.")
def diff(
    before: str, after: str, rules: Path | None, form: str, out: Path | None, exit_code: bool
) -> int:
    """Say what differs in meaning between the rule packs BEFORE and AFTER:

    for each judgment, rung and criterion whether it is equal, stricter, laxer or mixed, in how many
    states, with an inspection that shows each direction. Wording and metadata are told apart. Exit
    code 1 also where something could not be compared.
    """
    found = differ(find_pack(before, rules).load(), find_pack(after, rules).load())
    if form == "json":
        text = json.dumps(difference_document(found), ensure_ascii=False, indent=1, sort_keys=True)
        write_out(text + "\n", out)
    else:
        write_out(difference_text(found), out)
    unseen = found.refused or "not compared" in {
        *(one.meaning for one in found.judgments),
        *(one.meaning for one in found.criteria),
    }
    return Exit.PROBLEMS_FOUND if unseen or (exit_code and not found.equal) else Exit.DONE
