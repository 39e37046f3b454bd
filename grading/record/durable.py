"""Files that are there whole or not at all, whatever stops the program or the machine."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


def write_new(path: Path, content: bytes) -> None:
    """A new file holds the content, and a loss of power does not lose it. Nothing on failure."""
    try:
        with open(path, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def appear(unfinished: Path, path: Path) -> None:
    """The unfinished file is at the path. Raises FileExistsError where something was there.

    Of several processes one succeeds, because a link never takes the place of a file. Where the
    file system has no links, the lock that the caller holds keeps the others away.
    """
    try:
        os.link(unfinished, path)
    except OSError as error:
        if isinstance(error, FileExistsError) or error.errno not in _NO_LINKS:
            raise
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        os.rename(unfinished, path)
    else:
        os.unlink(unfinished)
    sync_folder(path.parent)


def take_place(unfinished: Path, path: Path) -> None:
    """The unfinished file is at the path, in place of what was there."""
    os.replace(unfinished, path)
    sync_folder(path.parent)


def make_folder(path: Path) -> None:
    """The folder is there, and so are those around it."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(exist_ok=True)
        sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """What was put into the folder outlasts a loss of power."""
    if sys.platform == "win32":  # which opens no folders
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """No other process that asks for the lock is inside; a process that ends has let go of it."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if sys.platform != "win32":
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def still(lock: Path) -> Iterator[None]:
    """No process is inside `alone`; where there is no lock nobody ever was."""
    try:
        descriptor = os.open(lock, os.O_RDONLY)
    except OSError:
        yield
        return
    try:
        if sys.platform != "win32":
            fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)
