"""Files of a folder that change together: at any moment the folder is wholly old or wholly new.

What is new is written to `.staged-import-…` inside the folder, and synced. Renaming that to
`.accepted-import` is the one step at which it counts. While `.accepted-import` is there, each file
in it stands for the one of its name beside it: `complete` moves them, and goes on wherever it was
interrupted, and nobody reads the folder before that. No other file is touched.
"""

from __future__ import annotations

import contextlib
import errno
import os
import pathlib
import secrets
import shlex
import shutil
from collections.abc import Iterator, Mapping

from grading.problems import BadInput, Place, Problem

ACCEPTED = ".accepted-import"
_STAGED = ".staged-import-"
_NOT_SYNCED = (errno.EINVAL, errno.ENOTSUP)
_MEANWHILE = (errno.ENOENT, errno.ENOTEMPTY)
"""What somebody else who completes the same import leaves to be found."""

Seen = Mapping[str, tuple[int, ...]]
"""The files of a folder, by name, and what tells each from any other that had its name."""


class NotComplete(Exception):
    """The change counts, and something kept it from being completed: `complete` goes on with it."""

    def __init__(self, folder: pathlib.Path, reason: str) -> None:
        message = "the import is accepted and not complete"
        super().__init__(f"{folder}: {reason}; {message} ({completing(folder)})")


def seen(folder: pathlib.Path) -> Seen:
    """What stands in the folder now. Equal before and after a reading, it was read as one."""
    found: dict[str, tuple[int, ...]] = {}
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") and entry.name != ACCEPTED:
                continue
            try:
                status = entry.stat()
            except OSError:  # a link that leads nowhere, or a file that has just gone
                found[entry.name] = ()
            else:
                found[entry.name] = (status.st_ino, status.st_size, status.st_mtime_ns)
    return found


def has_changed(folder: pathlib.Path) -> Problem:
    """The folder is not what it was when the reading of it began."""
    message = "the folder changed while it was read"
    return Problem(Place(folder.as_posix(), 1), "E720", message, "run the command again")


def unfinished(folder: pathlib.Path) -> list[Problem]:
    """The one problem of a folder in which an accepted import was interrupted; otherwise none."""
    accepted = folder / ACCEPTED
    place = Place(accepted.as_posix(), 1)
    if accepted.is_dir() and not accepted.is_symlink():
        message = "an import was interrupted when some of its files were in place and some not"
        return [Problem(place, "E719", message, completing(folder))]
    if accepted.exists() or accepted.is_symlink():
        return [Problem(place, "E719", "this is nothing that an import left", "delete it")]
    return []


def completing(folder: pathlib.Path) -> str:
    """What to do about an import that is not complete."""
    return f"complete it: grading evidence import --into {shlex.quote(folder.as_posix())}"


def create(folder: pathlib.Path, files: Mapping[str, bytes]) -> None:
    """The folder is there, with these files, in one step; where OSError is raised, it is not."""
    start = f".{folder.name}{_STAGED}"
    above = [parent for parent in folder.parents if not parent.exists()]
    with told_of(folder):
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with _staged(folder.parent, start, files, folder) as staged:
                os.rename(staged, folder)
        except BaseException:
            for parent in above:
                with contextlib.suppress(OSError):
                    parent.rmdir()
            raise
    try:
        for made in (folder, *above):
            _sync(made.parent)
        for left in folder.parent.iterdir():
            if left.name.startswith(start):
                _remove(left)
    except OSError as error:
        raise NotComplete(folder, error.strerror or "unknown reason") from error


def replace(folder: pathlib.Path, files: Mapping[str, bytes], before: Seen) -> bool:
    """Whether the folder was still as it was seen before: then its files of these names are these.

    They keep the permissions of those they replace. Where OSError is raised, nothing has changed;
    where NotComplete is, everything has, and `complete` does what is left.
    """
    with told_of(folder), _staged(folder, _STAGED, files, folder) as staged:
        if seen(folder) != before:
            return False
        os.rename(staged, folder / ACCEPTED)
    try:
        _sync(folder)
        complete(folder)
    except OSError as error:
        raise NotComplete(folder, error.strerror or "unknown reason") from error
    return True


def complete(folder: pathlib.Path) -> list[str]:
    """The folder is whole: what was accepted is in place; the names of the files that were not.

    Raises BadInput where what has the name of an import is none. Several may do this at once: what
    one finds gone, another has moved.
    """
    accepted = folder / ACCEPTED
    if accepted.is_symlink() or (accepted.exists() and not accepted.is_dir()):
        raise BadInput(unfinished(folder))
    moved: list[str] = []
    while accepted.is_dir():
        try:
            moved.extend(_emptied(accepted, folder))
            _sync(folder)
            os.rmdir(accepted)
        except OSError as error:
            if error.errno not in _MEANWHILE:
                raise
    _sync(folder)
    return moved


def _emptied(accepted: pathlib.Path, folder: pathlib.Path) -> Iterator[str]:
    """The names of the files, each once it is in its place; what others abandoned is gone."""
    for left in sorted(folder.glob(f"{_STAGED}*")):
        # Out of its place first, so that whoever is still at work on it cannot accept half of it.
        os.rename(left, accepted / left.name)
    for path in sorted(accepted.iterdir()):
        if path.name.startswith(_STAGED):
            _remove(path)
        else:
            os.replace(path, folder / path.name)
            yield path.name
    _sync(accepted)


@contextlib.contextmanager
def _staged(
    home: pathlib.Path, start: str, files: Mapping[str, bytes], folder: pathlib.Path
) -> Iterator[pathlib.Path]:
    """A folder of a new name with these files, for certain on the disk; gone where it is not moved."""
    staged = home / f"{start}{secrets.token_hex(8)}"
    try:
        staged.mkdir()
        for name, content in files.items():
            with (staged / name).open("xb") as file:
                file.write(content)
                file.flush()
                if (folder / name).exists():
                    shutil.copymode(folder / name, staged / name)
                os.fsync(file.fileno())
        _sync(staged)
        yield staged
    finally:
        shutil.rmtree(staged, ignore_errors=True)


@contextlib.contextmanager
def told_of(folder: pathlib.Path) -> Iterator[None]:
    """What the operating system refuses is told of the folder, not of a name that nobody chose."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(folder)) from error


def _remove(path: pathlib.Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _sync(folder: pathlib.Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOT_SYNCED:  # as some network drives answer for any folder
            raise
    finally:
        os.close(descriptor)
