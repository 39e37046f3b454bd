"""`grading rules …`: the policy team's loop. Each command stands in a file of its own."""

from __future__ import annotations

import click

from grading.commands.lazily import Lazily


@click.group(
    cls=Lazily,
    where={
        "lint": "grading.commands.rules_lint:lint",
        "explain": "grading.commands.rules_lint:explain",
        "prove": "grading.commands.rules_prove:prove",
        "diff": "grading.commands.rules_diff:diff",
        "impact": "grading.commands.rules_impact:impact",
        "test": "grading.commands.rules_test:test",
        "mutate": "grading.commands.rules_mutate:mutate",
        "schema": "grading.commands.rules_schema:schema",
        "fmt": "grading.commands.rules_fmt:fmt",
        "book": "grading.commands.rules_book:book",
        "serve": "grading.commands.rules_serve:serve",
    },
)
def rules() -> None:
    """Work with a rule pack: check it, test it, and see what a change of it does.

    PACK is the folder of a pack, wherever it is, or the name of a pack in a folder `rules` here or
    further up.
    """
