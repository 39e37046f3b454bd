"""`grading rules lint PACK` and `grading rules explain CODE`."""

from __future__ import annotations

from pathlib import Path

import click

from grading.commands.common import Exit
from grading.commands.lint_formats import FORMS
from grading.commands.lint_pages import codes_json, codes_text, page_json, page_text
from grading.commands.rules_pack import find_pack, pack_argument, rules_option
from grading.policy.lint.lint import lint as linted
from grading.problems import CODES, did_you_mean


@click.command()
@pack_argument
@rules_option
@click.option("--format", "form", type=click.Choice(tuple(FORMS)), default="text")
@click.option("--since", metavar="PACK", help="The pack as it was: has its meaning changed?")
def lint(reference: str, rules: Path | None, form: str, since: str | None) -> int:
    """Say what is wrong or doubtful in the rule pack PACK, each with its place and a remedy.

    A comment `# accepted CODE: reason` on a line, or above it, accepts what is found there.
    """
    pack = find_pack(reference, rules)
    before = None if since is None else find_pack(since, rules).load()
    report = linted(pack.files, pack.path, before)
    click.echo(FORMS[form](report))
    if not report.loaded:
        return Exit.NOT_LOADED
    return Exit.PROBLEMS_FOUND if report.problems else Exit.DONE


@click.command()
@click.argument("code", required=False)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text")
def explain(code: str | None, form: str) -> int:
    """Say what a CODE means, why it matters, and how to settle it; without CODE, list all of them.

    What is told of a rule pack or its cases has a bad and a good example as well.
    """
    if code is None:
        click.echo(codes_text() if form == "text" else codes_json())
        return Exit.DONE
    known = code.upper()
    if known not in CODES:
        hint = did_you_mean(known, CODES) or "`grading rules explain` lists all codes"
        raise click.UsageError(f"there is no code `{code}` ({hint})")
    click.echo(page_text(known) if form == "text" else page_json(known))
    return Exit.DONE
