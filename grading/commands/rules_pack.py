"""PACK, as the commands of `grading rules` take it: a folder anywhere, or the name of a pack."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from grading.problems import did_you_mean, listed
from grading.rules.files import read_pack
from grading.rules.load import pack_of
from grading.rules.loaded import Pack
from grading.source import Folder

MANIFEST = "pack.yaml"
pack_argument = click.argument("reference", metavar="PACK")
rules_option = click.option(
    "--rules",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder that holds rule packs, where PACK is a name.",
)


@dataclass(frozen=True)
class FoundPack:
    """The folder of a pack, and its files as they were read once, named as from here."""

    path: Path
    files: Folder

    def load(self) -> Pack:
        """The pack. Raises BadInput with every problem of every file."""
        return pack_of(self.files)


def find_pack(reference: str, rules: Path | None = None) -> FoundPack:
    """The pack that is named. Raises UsageError where there is none.

    A folder with a `pack.yaml` is taken as it is. Any other word is the name of a pack: under
    `--rules`, or in `rules` here or in a folder around here, the nearest first.
    """
    path = _folder(reference, rules)
    return FoundPack(path, read_pack(path).named(label_of(path)))


def label_of(path: Path) -> str:
    """How places name a folder: from here where it lies below, and as it was named elsewhere."""
    full, here = Path(os.path.abspath(path)), Path(os.path.abspath("."))
    label = (full.relative_to(here) if full.is_relative_to(here) else path).as_posix()
    return "".join(c if c.isprintable() else "?" for c in label)


def _folder(reference: str, rules: Path | None) -> Path:
    given = Path(reference)
    if rules is None and (given / MANIFEST).is_file():
        return given
    homes = list(_homes(rules))
    for home in homes:
        if len(given.parts) == 1 and (home / reference / MANIFEST).is_file():
            return home / reference
    if given.is_dir() and rules is None:
        raise click.UsageError(f"the folder `{reference}` is no rule pack: it has no `{MANIFEST}`")
    known = sorted({path.parent.name for home in homes for path in home.glob(f"*/{MANIFEST}")})
    hint = did_you_mean(reference, known) or (
        f"known packs are {listed(known, 'and')}" if known else "name the folder of the pack"
    )
    raise click.UsageError(f"there is no rule pack `{reference}` ({hint})")


def _homes(rules: Path | None) -> Iterator[Path]:
    """The folders in which a pack may have its name, the nearest first."""
    if rules is not None:
        yield rules
        return
    for up in range(len(Path(os.path.abspath(".")).parts)):
        yield Path(*[".."] * up, "rules")
