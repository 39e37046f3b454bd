"""What the commands share: finding the pack, telling problems, exit codes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from enum import IntEnum
from pathlib import Path

import click

from grading.evidence.evidence import Evidence
from grading.evidence.load import folder_of, read_inspection, table_path, unread_problems
from grading.problems import BadInput, Place, Problem, did_you_mean
from grading.record.inputs import Inputs, Named, label_below
from grading.rules.files import read_pack
from grading.rules.loaded import Pack
from grading.rules.pack import Kind
from grading.source import read_alone


class Exit(IntEnum):
    """What an exit code means, for every command."""

    DONE = 0
    PROBLEMS_FOUND = 1
    WRONG_USAGE = 2
    NOT_LOADED = 3
    UNDETERMINED = 4
    INTEGRITY_BROKEN = 5
    DISAGREEMENT = 6
    REFUSED = 7
    INTERNAL = 70


def load(
    folder: Path,
    as_of: date | None = None,
    rules: Path | None = None,
    table: Path | None = None,
    place: Path | None = None,
) -> tuple[Evidence, Pack]:
    """The evidence of a folder and the pack that it names. Raises BadInput with every problem.

    A `table` has the figures of many bodies, in place of `_all/metrics.csv` beside the folder. A
    folder that is to take the `place` of another is graded by the pack that is found from there.
    Places are named as the folder was.
    """
    return read_inputs(folder, as_of, (), rules, table, place).as_named().load()


def read_inputs(
    folder: Path,
    as_of: date | None = None,
    dropped: Iterable[Kind] = (),
    rules: Path | None = None,
    table: Path | None = None,
    place: Path | None = None,
) -> Inputs:
    """Everything that a run of the evidence in a folder is made from, read once. Raises BadInput."""
    evidence = folder_of(folder)
    document, inspection, problems = read_inspection(evidence)
    if document is None or inspection is None:
        raise BadInput([*problems, *unread_problems(evidence)])
    try:
        written = document.place(("pack",))
        pack = _pack_folder(place or folder, inspection.pack, written, rules)
    except BadInput as error:
        raise BadInput([*error.problems, *unread_problems(evidence)]) from None
    home = Path(os.path.abspath(pack)).parent.parent.resolve()
    path = table_path(folder, table)
    bodies = None if path is None else read_alone(path, label_below(home, path.parent))
    return Inputs(
        evidence=evidence.named(label_below(home, folder)),
        pack=read_pack(pack),
        table=bodies,
        as_of=as_of,
        dropped=frozenset(dropped),
        named=Named(evidence.label, "" if path is None else path.parent.as_posix()),
    )


def _pack_folder(folder: Path, pack: str, place: Place, rules: Path | None) -> Path:
    """The folder of the named pack: under `--rules`, or in `rules` beside an ancestor of the evidence."""
    homes = [rules] if rules else [p / "rules" for p in folder.resolve().parents]
    for home in homes:
        if (home / pack / "pack.yaml").is_file():
            return home / pack
    known = sorted({p.parent.name for home in homes for p in home.glob("*/pack.yaml")})
    hint = did_you_mean(pack, known) or (
        f"known packs are {', '.join(known)}" if known else "name the folder of packs with --rules"
    )
    raise BadInput([Problem(place, "E417", f"there is no rule pack `{pack}`", hint)])


def synthetic(evidence: Evidence) -> list[str]:
    """The line that heads whatever is said of an inspection that is made up; none of a real one."""
    inspection = evidence.inspection
    return [f"SYNTHETIC: {inspection.body_name} is made up, no real body"] * bool(
        inspection.synthetic
    )


def tell(error: BadInput, outcome: str = "nothing was graded") -> None:
    """Every problem on stderr, one a line, their number, and what was not done for them."""
    for problem in error.problems:
        click.echo(str(problem), err=True)
    number = len(error.problems)
    click.echo(f"{number} problem{'' if number == 1 else 's'}; {outcome}", err=True)
