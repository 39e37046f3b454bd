"""`grading rules fmt PACK`: every file of a pack in the one layout."""

from __future__ import annotations

from pathlib import Path

import click

from grading.commands.common import Exit
from grading.commands.rules_pack import find_pack, pack_argument, rules_option
from grading.commands.writing import write_file
from grading.policy.formatted import formatted
from grading.policy.lint.lint import texts_of
from grading.problems import Problem, raise_if


@click.command()
@pack_argument
@rules_option
@click.option(
    "--check", is_flag=True, help="Name the files that are not in the layout; write none."
)
def fmt(reference: str, rules: Path | None, check: bool) -> int:
    """Write the files of PACK in one layout. What they say stays the same, and so do their comments.

    Nothing is written unless every file can be read.
    """
    found = find_pack(reference, rules)
    problems: list[Problem] = []
    changed: dict[str, str] = {}
    for label, text in texts_of(found.files, found.path).items():
        new, wrong = formatted(text, label)
        problems.extend(wrong)
        if new is not None and new != text:
            changed[label] = new
    raise_if(problems)
    for label, new in changed.items():
        click.echo(label)
        if not check:
            name = label.removeprefix(f"{found.files.label}/")
            write_file(new.encode("utf-8"), found.path / name)
    return Exit.PROBLEMS_FOUND if check and changed else Exit.DONE
