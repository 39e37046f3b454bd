"""`grading rules …`: the policy team's loop. Each command stands in a file of its own."""

from __future__ import annotations

import click

from grading.commands.rules_mutate import mutate
from grading.commands.rules_test import test


@click.group()
def rules() -> None:
    """Work with a rule pack: check it, test it, and see what a change of it does.

    PACK is the folder of a pack, wherever it is, or the name of a pack in a folder `rules` here or
    further up.
    """


rules.add_command(test)
rules.add_command(mutate)
