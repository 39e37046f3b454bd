"""Files that a command writes where it was told to: a reader sees the old one or the new one."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import click


def write_file(content: bytes, out: Path) -> None:
    """The file holds this. Raises OSError that names it, and then what was there is still there.

    Who may read and write a file that was there stays as it was.
    """
    unfinished = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            shutil.copymode(out, unfinished)
        unfinished.replace(out)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(out)) from error
    finally:
        unfinished.unlink(missing_ok=True)


def write_folder(files: Mapping[str, bytes], out: Path) -> None:
    """The folder holds these files. Raises OSError where there is one that is not empty."""
    unfinished = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        unfinished.mkdir()
        for name, content in files.items():
            write_file(content, unfinished / name)
        unfinished.replace(out)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(out)) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def write_secret(content: bytes, out: Path) -> None:
    """The new file holds this, and only its owner can read it. Raises FileExistsError."""
    descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_out(text: str, out: Path | None) -> None:
    """To stdout, or to the file in one step."""
    if out is None:
        click.echo(text, nl=False)
    else:
        write_file(text.encode("utf-8"), out)
