"""`grading rules impact BEFORE AFTER --over STORE-OR-FOLDER`: a change over past inspections."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import click

from grading.commands.common import Exit
from grading.commands.impact_html import impact_html
from grading.commands.past import pasts
from grading.commands.rules_pack import find_pack, rules_option
from grading.commands.writing import write_out
from grading.engine.compile import Program
from grading.explain.english import counted
from grading.judge.method import program_of
from grading.policy.impact.document import impact_document
from grading.policy.impact.impact import impact as impact_of
from grading.policy.impact.telling import impact_text


@click.command()
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="AFTER")
@click.option(
    "--over",
    required=True,
    metavar="STORE-OR-FOLDER",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A run store, or a folder with folders of evidence anywhere below it.",
)
@rules_option
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 where any inspection changes.")
def impact(
    before: str,
    after: str,
    over: Path,
    rules: Path | None,
    form: str,
    out: Path | None,
    exit_code: bool,
) -> int:
    """Say what the change from rule pack BEFORE to AFTER does to past inspections:

    each is graded by both; told are the moves of grades, each with the change of a rule that caused
    it, and the findings gained and lost. What is known to stay is not graded again. Exit code
    1 also where an inspection does not fit one of the packs.
    """
    was, now = find_pack(before, rules).load(), find_pack(after, rules).load()
    every = pasts(over, was.manifest.framework)

    @cache
    def after_program() -> Program:
        return program_of(now)

    found = impact_of(program_of(was), now, after_program, every.found)
    if form == "json":
        document = {**impact_document(found), "other-frameworks": every.others}
        write_out(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n", out)
    elif form == "html":
        write_out(impact_html(found, every.others), out)
    else:
        others = ""
        if every.others:
            number = counted(every.others, "inspection", "inspections")
            others = f"\n{number} of another framework left out\n"
        write_out(impact_text(found) + others, out)
    return Exit.PROBLEMS_FOUND if found.unread or (exit_code and found.moved) else Exit.DONE
