"""`grading replay RUN`: the run made again from its record, and compared byte by byte."""

from __future__ import annotations

from pathlib import Path

import click

from grading.commands.common import Exit
from grading.commands.loaded import load_run
from grading.commands.stores import shown, store_option
from grading.record.document import document
from grading.record.parts import canonical
from grading.record.replay import replay as again
from grading.record.run_record import software
from grading.source.folder import sha256


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@store_option
def replay(run: Path, store: Path | None) -> int:
    """Make a run again from its record alone: RUN is an id, or a file that holds a record.

    The exit code is 0 where it comes to the same bytes, and 5 with the first difference where not.
    """
    loaded = load_run(run, store)
    content = canonical(document(again(loaded.record, loaded.label))).encode("utf-8")
    click.echo(
        f"run {shown(loaded.id)}: the same {len(content):,} bytes, SHA-256 {sha256(content)}"
    )
    made, running = loaded.record.software, software()
    if made != running:
        click.echo(
            f"recorded by {made.inspection_grading} on durable-rules {made.durable_rules}, made again"
            f" by {running.inspection_grading} on {running.durable_rules}"
        )
    return Exit.DONE
