"""The key of redactions: 32 random bytes in a file beside the store, made when first needed."""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from pathlib import Path

from grading.commands.writing import write_secret
from grading.problems import BadInput, Place, Problem
from grading.source import read_content

_LENGTH = 32
_WRITTEN = re.compile(rb"[0-9a-f]{64}\n")


def key_beside(store: Path) -> Path:
    """Where the key of a store is: beside it, because nothing in a store is secret or ever changes."""
    return store.with_name(f"{store.name}.redaction-key")


def read_key(path: Path) -> bytes:
    """The key in a file. Raises BadInput where there is none."""
    content, problem = read_content(path, path.as_posix(), 1_000)
    if problem is None and (content is None or not _WRITTEN.fullmatch(content)):
        message, hint = (
            "this is no redaction key",
            "`grading export --redact` makes one where none is",
        )
        problem = Problem(Place(path.as_posix(), 1), "E811", message, hint)
    if problem is not None or content is None:
        raise BadInput([problem] if problem else [])
    return bytes.fromhex(content.decode("ascii"))


def made_key(path: Path) -> bytes:
    """The key in a file, which was made where there was none. Raises BadInput and OSError."""
    with suppress(FileExistsError):
        write_secret(f"{secrets.token_hex(_LENGTH)}\n".encode(), path)
    return read_key(path)
