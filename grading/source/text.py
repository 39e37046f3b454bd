"""The one place where input files are opened: a regular file → text that is safe to parse."""

from __future__ import annotations

import bisect
import codecs
import itertools
import os
import pathlib
import re
import stat
from collections.abc import Iterable, Iterator, Sequence

from grading.problems import BadInput, Place, Problem

LARGEST_FILE = 8 * 1024 * 1024
"""Bytes of a file that is held in memory as a whole."""
LONGEST_TEXT = 20_000
MOST_SHOWN = 1_000
"""Problems of single characters, or of cells, that are shown for one file."""

_PIECE = 1024 * 1024
_BREAK = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FORBIDDEN = re.compile(f"{_CONTROL.pattern}|{_DIRECTION.pattern}|\ufeff")


def read_text(path: pathlib.Path, label: str) -> tuple[str | None, list[Problem]]:
    """The file's text, read once, or the one problem for which it has none."""
    try:
        return "".join(text_of(path, label, LARGEST_FILE)), []
    except BadInput as error:
        return None, list(error.problems)


def text_of(path: pathlib.Path, label: str, largest: int) -> Iterator[str]:
    """The file's text in pieces, none of which ends inside a line break.

    Raises BadInput with the one problem for which the file, of at most so many bytes, has no text:
    when it was found, so that pieces may have been given before.
    """
    return _decoded(_content_of(path, label, largest), label)


def decoded(content: bytes, label: str) -> Iterator[str]:
    """The text that bytes are, in pieces as of a file. Raises BadInput where they are none."""
    pieces = (content[start : start + _PIECE] for start in range(0, len(content), _PIECE))
    return _decoded(pieces, label)


def _decoded(contents: Iterable[bytes], label: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    number, place, held = 0, Place(label, 1), ""
    for content in itertools.chain(contents, (b"",)):
        number += len(content)
        try:
            text = held + decoder.decode(content, final=not content)
        except UnicodeDecodeError as error:
            before = held + error.object[: error.start].decode("utf-8")
            offset = number - len(error.object) + error.start
            wrong = _not_utf8(_after(place, before), error.object[error.start], offset)
            raise BadInput([wrong]) from None
        held = "\r" if content and text.endswith("\r") else ""
        text = text.removesuffix(held)
        place = _after(place, text)
        if text:
            yield text


def _after(place: Place, text: str) -> Place:
    """Where the text ends that begins at a place."""
    breaks = text.count("\n") + text.count("\r") - text.count("\r\n")
    start = max(text.rfind("\n"), text.rfind("\r")) + 1
    column = len(text) - start + (1 if breaks else place.column)
    return Place(place.file, place.line + breaks, column)


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
    try:
        return b"".join(_content_of(path, label, largest)), None
    except BadInput as error:
        return None, error.problems[0]


def _content_of(path: pathlib.Path, label: str, largest: int) -> Iterator[bytes]:
    start = Place(label, 1)
    try:
        with open(path, "rb", buffering=0, opener=_open_without_waiting) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise BadInput([_not_regular(start, stat.S_ISDIR(status.st_mode))])
            left = largest if status.st_size <= largest else -1
            # A file may have grown since it said its size.
            while left >= 0 and (piece := os.read(file.fileno(), _PIECE)):
                left -= len(piece)
                yield piece
            if left < 0:
                raise BadInput([too_large(start, largest)])
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise BadInput([no_such_file(label)]) from None
    except IsADirectoryError:
        raise BadInput([_not_regular(start, directory=True)]) from None
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        message = f"the file cannot be read: {reason}"
        problem = Problem(start, "E103", message, "check its permissions and links")
        raise BadInput([problem]) from None


def no_such_file(label: str) -> Problem:
    """The problem that there is no file of this name."""
    return Problem(Place(label, 1), "E101", "there is no such file", "check its name and folder")


def _open_without_waiting(path: str, flags: int) -> int:
    # A named pipe would otherwise hold the program until somebody writes to it.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _not_regular(place: Place, directory: bool) -> Problem:
    what = "a folder" if directory else "a device or pipe"
    return Problem(place, "E102", f"this is {what}, not a file", "name a regular file")


def too_large(place: Place, largest: int) -> Problem:
    """The problem that a file holds more bytes than that."""
    message = f"the file is larger than {largest // 1024 // 1024} MiB"
    return Problem(place, "E104", message, "divide it into several files")


def _not_utf8(place: Place, byte: int, offset: int) -> Problem:
    message = f"byte 0x{byte:02x} at byte offset {offset} is not UTF-8"
    return Problem(place, "E105", message, "save the file as UTF-8")
