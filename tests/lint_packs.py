"""The pack of libraries, in which nothing is wrong, with something made wrong in it, and linted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from grading.policy.lint.lint import Report, lint
from grading.policy.meaning import meaning
from grading.problems import BadInput
from grading.rules.files import read_pack
from grading.rules.load import load_pack

BASE = Path(__file__).parent / "lint" / "base"
NAME = "libraries"
_MEANING = re.compile(r"meaning: sha256-[0-9a-f]{16}")


class Edit(NamedTuple):
    """In a file, one passage is another."""

    file: str
    old: str
    new: str


def base() -> dict[str, str]:
    """The files of the pack by name, and their texts."""
    return {p.relative_to(BASE).as_posix(): p.read_text("utf-8") for p in BASE.rglob("*.yaml")}


def edited(edits: Iterable[Edit], files: Mapping[str, str] | None = None) -> dict[str, str]:
    """The files with each passage, which is there once, changed in order."""
    texts = dict(files or base())
    for file, old, new in edits:
        if not old:  # a file of its own
            texts[file] = new
            continue
        assert texts[file].count(old) == 1, f"{texts[file].count(old)} times in {file}: {old}"
        texts[file] = texts[file].replace(old, new)
    return texts


def linted(
    files: Mapping[str, str], *, sealed: bool = True, beside: Callable[[Path], None] | None = None
) -> Report:
    """What lint finds in these files; where `sealed`, their history holds what they now mean.

    A byte that is no text is a surrogate. `beside` changes the folder before it is read.
    """
    with TemporaryDirectory() as around:
        folder = Path(around, NAME)
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8", "surrogateescape"))
        if sealed:
            _seal(folder)
        if beside is not None:
            beside(folder)
        return lint(read_pack(folder).named(NAME), folder)


def _seal(folder: Path) -> None:
    try:
        now = meaning(load_pack(folder))
    except BadInput:
        return
    manifest = folder / "pack.yaml"
    text = manifest.read_text("utf-8")
    manifest.write_text(_MEANING.sub(f"meaning: {now}", text), "utf-8")
