"""`grading rules …`: the policy team's loop. Each command stands in a file of its own."""

from __future__ import annotations

import click

from grading.commands.rules_book import book
from grading.commands.rules_diff import diff
from grading.commands.rules_fmt import fmt
from grading.commands.rules_impact import impact
from grading.commands.rules_lint import explain, lint
from grading.commands.rules_mutate import mutate
from grading.commands.rules_prove import prove
from grading.commands.rules_schema import schema
from grading.commands.rules_test import test


@click.group()
def rules() -> None:
    """Work with a rule pack: check it, test it, and see what a change of it does.

    PACK is the folder of a pack, wherever it is, or the name of a pack in a folder `rules` here or
    further up.
    """


rules.add_command(lint)
rules.add_command(explain)
rules.add_command(prove)
rules.add_command(diff)
rules.add_command(impact)
rules.add_command(test)
rules.add_command(mutate)
rules.add_command(schema)
rules.add_command(fmt)
rules.add_command(book)
