"""`grading rules serve`: rule packs looked at as an editor types them."""

from __future__ import annotations

import logging
from importlib.util import find_spec

import click

from grading.commands.common import Exit


@click.command()
def serve() -> int:
    """Serve an editor as a language server, over stdin and stdout.

    The editor starts the command itself. Of the pack that an open file is part of, it shows what lint
    and the cases find as it is typed, explains codes and names, and goes to where names are defined.
    """
    if find_spec("pygls") is None:
        raise click.UsageError(
            "an editor is served with the package `pygls`: install inspection-grading[editor]"
        )
    from grading.commands.editor_answers import serve as served

    logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.WARNING)
    return Exit.DONE if served() else Exit.PROBLEMS_FOUND
