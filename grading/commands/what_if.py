"""`grading what-if EVIDENCE`: what changes in grades, findings and sentences if something were otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

from grading.commands.common import Exit, load, tell
from grading.commands.what_if_text import lines
from grading.derive.sources import Source, UnknownSource, source
from grading.derive.supposed import SupposedOutcome, SupposedValue, supposed, twice
from grading.evidence.changes.changed import Changes, changed
from grading.evidence.changes.correcting import correction
from grading.evidence.changes.said import Said, day
from grading.evidence.evidence import Evidence
from grading.explain.what_if import Otherwise
from grading.explain.what_if import what_if as graded_otherwise
from grading.judge.method import grade, program_of
from grading.problems import BadInput, Problem, quoted, raise_if
from grading.record.parts import canonical
from grading.record.what_if import what_if_document
from grading.rules.load import load_pack
from grading.rules.loaded import Pack

T = TypeVar("T")
_UNREAD = ("E1", "E2", "E607")


@click.command("what-if")
@click.argument("evidence", type=click.Path(path_type=Path))
@click.option(
    "--without-source",
    "sources",
    multiple=True,
    metavar="KEY=VALUE",
    help="Withdraw what came from subjects=…, site=…, method=…, kind=… or record=…: the records were"
    " written and cannot be relied on, so what they alone showed becomes unknown.",
)
@click.option(
    "--drop",
    "dropped",
    multiple=True,
    metavar="RECORD",
    help="Take a record as never written: unlike one that is withdrawn it leaves nothing unknown, and"
    " what was searched is searched without it.",
)
@click.option(
    "--add",
    "added",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Add the records of a YAML file in the form of fieldwork.yaml, or of a table in the form of"
    " metrics.csv, surveys.csv or file-review.csv.",
)
@click.option(
    "--correct",
    "corrected",
    multiple=True,
    metavar="RECORD.FIELD=VALUE",
    help="Change one value of a record; an empty value takes it away.",
)
@click.option(
    "--set",
    "values",
    multiple=True,
    metavar="NAME=VALUE",
    help="Suppose the value of an indicator, or the outcome of a criterion as if a person had decided"
    " it; an empty value is unknown. What asks for the value or outcome sees it, findings among them;"
    " what asks for records sees the records as they are.",
)
@click.option("--as-of", metavar="DATE", help="As it stood on this date; the base keeps its own.")
@click.option(
    "--pack",
    "other",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Grade by the rule pack in this folder; the base keeps its own.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--rules", type=click.Path(path_type=Path), help="The folder that holds rule packs.")
@click.option(
    "--table", type=click.Path(path_type=Path), help="The figures of many bodies, as CSV."
)
def what_if(
    evidence: Path,
    sources: tuple[str, ...],
    dropped: tuple[str, ...],
    added: tuple[Path, ...],
    corrected: tuple[str, ...],
    values: tuple[str, ...],
    as_of: str | None,
    other: Path | None,
    form: str,
    rules: Path | None,
    table: Path | None,
) -> int:
    """Say what changes in grades, findings and sentences if something were otherwise.

    All that is said is taken together: records are added, then corrected, then dropped, sources are
    withdrawn from what is left, and what is supposed comes last. Nothing is written. A problem with
    an option is told with its place: the option, which of its uses, and the character.
    """
    if not (sources or dropped or added or corrected or values or other) and as_of is None:
        raise click.UsageError("say what is otherwise: --drop, --add, --correct, --set, …")
    base, pack = load(evidence, None, rules, table)
    said = _Options(
        tuple(added),
        _uses("--correct", corrected),
        _uses("--drop", dropped),
        _uses("--without-source", sources),
        _uses("--set", values),
        _uses("--as-of", () if as_of is None else (as_of,)),
    )
    try:
        then = pack if other is None else _other_pack(other, pack)
        otherwise = _otherwise(said, base, then)
    except BadInput as error:
        if not all(problem.place.file.startswith("--") for problem in error.problems):
            raise
        tell(error)
        return Exit.WRONG_USAGE
    program = program_of(pack)
    by = program if other is None else program_of(then)
    result = graded_otherwise(grade(base, program), otherwise, by)
    if form == "json":
        click.echo(canonical(what_if_document(result)), nl=False)
    else:
        click.echo("\n".join(lines(result)))
    return Exit.UNDETERMINED if result.after.undetermined else Exit.DONE


@dataclass(frozen=True)
class _Options:
    """What was said on the command line, each use of an option with its place."""

    add: tuple[Path, ...]
    correct: tuple[Said, ...]
    drop: tuple[Said, ...]
    sources: tuple[Said, ...]
    values: tuple[Said, ...]
    as_of: tuple[Said, ...]


def _other_pack(folder: Path, own: Pack) -> Pack:
    """The pack in a folder, of the framework of the inspection's own. Raises BadInput."""
    place = Said("--pack", 1, folder.as_posix()).place()
    if not (folder / "pack.yaml").is_file():
        message = f"there is no rule pack in {quoted(folder.as_posix())}"
        raise BadInput([Problem(place, "E417", message, "name the folder that has its pack.yaml")])
    pack = load_pack(folder)
    framework = own.manifest.framework
    if pack.manifest.framework != framework:
        message = f"the pack `{pack.manifest.id}` is for framework `{pack.manifest.framework}`"
        hint = f"name a pack for `{framework}`"
        raise BadInput([Problem(place, "E405", message, hint)])
    return pack


def _uses(option: str, texts: tuple[str, ...]) -> tuple[Said, ...]:
    return tuple(Said(option, use, text) for use, text in enumerate(texts, 1))


def _otherwise(said: _Options, base: Evidence, pack: Pack) -> Otherwise:
    """What is otherwise, checked against the evidence and the pack. Raises BadInput."""
    problems: list[Problem] = []
    corrections = _right(map(correction, said.correct), problems)
    days = _right((day(one.text, one.place()) for one in said.as_of), problems)
    as_of = (days[0], said.as_of[0]) if days else None
    changes = Changes(said.add, corrections, said.drop, as_of)
    made, found = changed(base, pack, changes)
    problems += found
    sources = _right((_source(one, made.evidence) for one in said.sources), problems)
    set_to = _right((supposed(one, pack) for one in said.values), problems)
    problems += twice(said.values)
    if _is_unread(said.add, problems):
        # what is named and not there may be in the file that could not be read
        problems = [p for p in problems if p.code not in {"E404", "E601", "E609"}]
    raise_if(problems)
    return Otherwise(
        made,
        tuple(dict.fromkeys(sources)),
        {one.indicator: one.value for one in set_to if isinstance(one, SupposedValue)},
        {one.criterion: one.possible for one in set_to if isinstance(one, SupposedOutcome)},
    )


def _is_unread(files: Iterable[Path], problems: Iterable[Problem]) -> bool:
    """Whether records of some of the files are not known."""
    added = {path.as_posix() for path in files}
    return any(p.place.file in added and p.code.startswith(_UNREAD) for p in problems)


def _right(found: Iterable[T | Problem], problems: list[Problem]) -> tuple[T, ...]:
    """What is right of what was read; what is wrong joins the problems."""
    right: list[T] = []
    for one in found:
        if isinstance(one, Problem):
            problems.append(one)
        else:
            right.append(one)
    return tuple(right)


def _source(said: Said, evidence: Evidence) -> Source | Problem:
    try:
        return source(said.text, evidence)
    except UnknownSource as error:
        message, hint = error.args
        return Problem(said.place(), "E609", message, hint)
