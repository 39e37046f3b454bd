"""A folder of input files, read once: what is parsed, digested and recorded are the same bytes."""

from __future__ import annotations

import hashlib
import os
import pathlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from grading.problems import BadInput, Place, Problem
from grading.source.lines import Line, lines_of
from grading.source.table import LARGEST_TABLE, MOST_ROWS
from grading.source.text import LARGEST_FILE, decoded, no_such_file, read_content, too_large
from grading.source.tree import Document, parse_yaml

LARGEST_FOLDER = 64 * 1024 * 1024
"""Bytes of all files that are read of a folder, without its tables, which have their own bound."""


@dataclass(frozen=True)
class Folder:
    """The names in a folder and the bytes of those files that were wanted, as they once were.

    `label` is how places name the folder. `digests` has the SHA-256 of every file that was read,
    and may have those of files whose bytes nobody wanted.
    """

    label: str
    names: tuple[str, ...]
    contents: Mapping[str, bytes]
    unreadable: Mapping[str, Problem] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)

    def at(self, name: str) -> str:
        """How places name a file of the folder."""
        return name if self.label in {"", "."} else f"{self.label}/{name}"

    def named(self, label: str) -> Folder:
        """The same folder under another label."""
        folder = replace(self, label=label)
        unreadable = {
            name: replace(problem, place=replace(problem.place, file=folder.at(name)))
            for name, problem in self.unreadable.items()
        }
        return replace(folder, unreadable=unreadable)

    def text(self, name: str) -> tuple[str | None, list[Problem]]:
        """The text of a file, or the one problem for which it has none."""
        try:
            return "".join(self.pieces(name)), []
        except BadInput as error:
            return None, list(error.problems)

    def pieces(self, name: str) -> Iterator[str]:
        """The text of a file in pieces. Raises BadInput with the one problem for which it has none."""
        if name in self.unreadable:
            raise BadInput([self.unreadable[name]])
        if name not in self.contents:
            raise BadInput([no_such_file(self.at(name))])
        yield from decoded(self.contents[name], self.at(name))

    def yaml(self, name: str) -> tuple[Document | None, list[Problem]]:
        """The document of a file and no problems, or no document and every problem found."""
        text, problems = self.text(name)
        return (None, problems) if text is None else parse_yaml(text, self.at(name))

    def lines(
        self, name: str, required: Sequence[str], optional: Sequence[str] = ()
    ) -> Iterator[Line]:
        """The heading of a file's table and then each of its rows. Raises BadInput as `read_lines`."""
        return lines_of(self.pieces(name), self.at(name), required, optional, MOST_ROWS)


def read_folder(path: pathlib.Path, label: str, wanted: Callable[[str], bool]) -> Folder | None:
    """The folder with the bytes of the files whose names are wanted; nothing where it is none."""
    return _read(path, label, sorted(os.listdir(path)), wanted) if path.is_dir() else None


def read_alone(path: pathlib.Path, label: str) -> Folder:
    """One file as a folder that holds nothing else; the label is that of the folder."""
    return _read(path.parent, label, [path.name], lambda name: True)


def in_memory(label: str, contents: Mapping[str, bytes]) -> Folder:
    """A folder with these files, wherever they come from."""
    digests = {name: sha256(content) for name, content in contents.items()}
    return Folder(label, tuple(sorted(contents)), dict(contents), digests=digests)


def overlaid(folder: Folder, texts: Mapping[str, str]) -> Folder:
    """The folder with these texts in place of its files, or beside them; as large as files may be."""
    contents, unreadable = dict(folder.contents), dict(folder.unreadable)
    digests = {name: digest for name, digest in folder.digests.items() if name not in texts}
    for name in texts:
        contents.pop(name, None)
        unreadable.pop(name, None)
    left = LARGEST_FOLDER - sum(map(len, contents.values()))
    for name in sorted(texts):
        content = texts[name].encode(
            "utf-8", "surrogatepass"
        )  # half a character is told as no text
        if len(content) > LARGEST_FILE:
            unreadable[name] = too_large(Place(folder.at(name), 1), LARGEST_FILE)
        elif len(content) > left:
            unreadable[name] = _too_much(folder.at(name), LARGEST_FILE)
        else:
            left -= len(content)
            contents[name], digests[name] = content, sha256(content)
    names = tuple(sorted({*folder.names, *texts}))
    return Folder(folder.label, names, contents, unreadable, digests)


def sha256(content: bytes) -> str:
    """The SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def digests_below(path: pathlib.Path, folder: Folder) -> Mapping[str, str]:
    """The SHA-256 of every file below the path that is not hidden, by its name from there.

    Files that the folder has are not read again, nor are those that could not be read.
    """
    return {
        _shown(name): folder.digests.get(name) or _digest(path / name)
        for name in sorted(_below(path))
        if name not in folder.unreadable
    }


def _below(path: pathlib.Path) -> Iterator[str]:
    for home, _, names in os.walk(path):
        for name in names:
            file = pathlib.Path(home, name)
            if not name.startswith(".") and file.is_file():
                yield file.relative_to(path).as_posix()


def _digest(path: pathlib.Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(
    path: pathlib.Path, label: str, names: Sequence[str], wanted: Callable[[str], bool]
) -> Folder:
    contents: dict[str, bytes] = {}
    unreadable: dict[str, Problem] = {}
    folder = Folder(label, tuple(map(_shown, names)), contents, unreadable)
    left = {LARGEST_FILE: LARGEST_FOLDER, LARGEST_TABLE: LARGEST_TABLE}
    for name in names:
        if not name.isprintable() or not wanted(name):
            continue
        largest = LARGEST_TABLE if name.endswith(".csv") else LARGEST_FILE
        content, problem = read_content(path / name, folder.at(name), largest)
        if content is not None and len(content) > left[largest]:
            problem = _too_much(folder.at(name), largest)
        if problem is not None or content is None:
            unreadable[name] = problem or no_such_file(folder.at(name))
            continue
        left[largest] -= len(content)
        contents[name] = content
    digests = {name: sha256(content) for name, content in contents.items()}
    return Folder(label, folder.names, contents, unreadable, digests)


def _shown(name: str) -> str:
    """A name in which nothing is hidden; one that had to be changed is wanted by nobody."""
    return name if name.isprintable() else name.encode("unicode_escape").decode()


def _too_much(label: str, largest: int) -> Problem:
    whole, what = (
        (LARGEST_TABLE, " in tables") if largest == LARGEST_TABLE else (LARGEST_FOLDER, "")
    )
    message = f"with this file the folder holds more than {whole // 1024 // 1024} MiB{what}"
    return Problem(Place(label, 1), "E144", message, "leave out what is not needed")
