"""The one place where input files are opened: a regular file → text that is safe to parse."""

from __future__ import annotations

import bisect
import itertools
import os
import pathlib
import re
import stat
from collections.abc import Iterable, Sequence

from grading.problems import Place, Problem

LARGEST_FILE = 8 * 1024 * 1024
LONGEST_TEXT = 20_000
MOST_SHOWN = 1_000
"""Problems of single characters, or of cells, that are shown for one file."""

_BREAK = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FORBIDDEN = re.compile(f"{_CONTROL.pattern}|{_DIRECTION.pattern}|\ufeff")


def read_text(path: pathlib.Path, label: str) -> tuple[str | None, list[Problem]]:
    """The file's text, read once, or the one problem for which it has none."""
    content, problem = read_content(path, label)
    if content is None or problem is not None:
        return None, [problem] if problem else []
    return decoded(content, label)


def decoded(content: bytes, label: str) -> tuple[str | None, list[Problem]]:
    """The text that the bytes are, or the one problem for which they are none."""
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as error:
        return None, [_not_utf8(label, content, error.start)]


def forbidden(text: str, label: str) -> list[Problem]:
    """A problem for each character that a reader cannot see or that changes what is seen."""
    hits = list(itertools.islice(_FORBIDDEN.finditer(text), MOST_SHOWN))
    places = places_of(text, label, (hit.start() for hit in hits))
    return [why_forbidden(hit[0], place) for hit, place in zip(hits, places, strict=True)]


def hidden_in(text: str) -> str:
    """The first forbidden character of a text, or nothing."""
    found = None if text.isascii() and text.isprintable() else _FORBIDDEN.search(text)
    return found[0] if found else ""


def why_forbidden(character: str, place: Place) -> Problem:
    """The problem that this character is at this place."""
    name = f"U+{ord(character):04X}"
    if character == "\ufeff":
        return Problem(place, "E106", "a byte order mark", "save the file as UTF-8 without BOM")
    if _DIRECTION.match(character):
        message = f"the character {name} changes the direction of the text around it"
        return Problem(place, "E108", message, "delete it")
    return Problem(place, "E107", f"the control character {name}", "delete it")


def places_of(text: str, label: str, offsets: Iterable[int]) -> list[Place]:
    """The line and column of each offset into the text."""
    wanted = list(offsets)
    if not wanted:
        return []
    starts = [0, *(found.end() for found in _BREAK.finditer(text))]
    return [_place(starts, label, offset) for offset in wanted]


def _place(starts: Sequence[int], label: str, offset: int) -> Place:
    line = bisect.bisect_right(starts, offset)
    return Place(label, line, offset - starts[line - 1] + 1)


def read_content(
    path: pathlib.Path, label: str, largest: int = LARGEST_FILE
) -> tuple[bytes | None, Problem | None]:
    """The file's bytes, read once, or the one problem for which it has none."""
    start = Place(label, 1)
    try:
        with open(path, "rb", buffering=0, opener=_open_without_waiting) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                return None, _not_regular(start, stat.S_ISDIR(status.st_mode))
            if status.st_size > largest:
                return None, _too_large(start, largest)
            content = _up_to(file.fileno(), largest + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None, no_such_file(label)
    except IsADirectoryError:
        return None, _not_regular(start, directory=True)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        message = f"the file cannot be read: {reason}"
        return None, Problem(start, "E103", message, "check its permissions and links")
    return (None, _too_large(start, largest)) if len(content) > largest else (content, None)


def no_such_file(label: str) -> Problem:
    """The problem that there is no file of this name."""
    return Problem(Place(label, 1), "E101", "there is no such file", "check its name and folder")


def _open_without_waiting(path: str, flags: int) -> int:
    # A named pipe would otherwise hold the program until somebody writes to it.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _up_to(descriptor: int, limit: int) -> bytes:
    parts: list[bytes] = []
    left = limit
    while left and (part := os.read(descriptor, left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _not_regular(place: Place, directory: bool) -> Problem:
    what = "a folder" if directory else "a device or pipe"
    return Problem(place, "E102", f"this is {what}, not a file", "name a regular file")


def _too_large(place: Place, largest: int) -> Problem:
    message = f"the file is larger than {largest // 1024 // 1024} MiB"
    return Problem(place, "E104", message, "divide it into several files")


def _not_utf8(label: str, content: bytes, offset: int) -> Problem:
    [place] = places_of(
        content[:offset].decode("utf-8") + "?", label, [_characters(content, offset)]
    )
    message = f"byte 0x{content[offset]:02x} at byte offset {offset} is not UTF-8"
    return Problem(place, "E105", message, "save the file as UTF-8")


def _characters(content: bytes, offset: int) -> int:
    return len(content[:offset].decode("utf-8"))
