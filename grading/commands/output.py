"""Where a command writes what it made: to stdout, or to a file in one step."""

from __future__ import annotations

import os
from pathlib import Path

import click


def write_out(text: str, out: Path | None) -> None:
    """To stdout, or to the file in one step: a reader sees the old file or the new one."""
    if out is None:
        click.echo(text, nl=False)
        return
    unfinished = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(out)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(out)) from error
    finally:
        unfinished.unlink(missing_ok=True)
