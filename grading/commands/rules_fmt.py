"""`grading rules fmt PACK`: lays the files of a pack out alike, and changes nothing that they say."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from grading.commands.common import Exit, tell
from grading.commands.rules_pack import FoundPack, find_pack, pack_argument, rules_option
from grading.commands.writing import write_file
from grading.policy.formatting import Formatted, formatted
from grading.problems import BadInput, Problem, raise_if
from grading.source import Folder, read_folder

_CASES = "cases"


@click.command()
@pack_argument
@rules_option
@click.option(
    "--check", is_flag=True, help="Write nothing; problems found where a file would change."
)
@click.option("--diff", "shown", is_flag=True, help="Write nothing; show what would change.")
def fmt(reference: str, rules: Path | None, check: bool, shown: bool) -> int:
    """Lay out the YAML files of PACK alike: spaces, indentation, empty lines.

    Every comment is kept, and nothing that a file says changes: both are read again and compared
    before a file is written. A file of which that does not hold is left as it is, and named.
    """
    found = find_pack(reference, rules)
    try:
        files = _formatted(found)
    except BadInput as error:
        tell(error, "nothing was formatted")
        return Exit.NOT_LOADED
    changed = {name: file for name, file in files.items() if file.changed}
    for name, file in changed.items():
        label = found.files.at(name)
        if shown:
            click.echo(_diff(file, label), nl=False)
        elif not check:
            # where the file is a link, what it leads to is written
            write_file(file.after.encode("utf-8"), (found.path / name).resolve())
        click.echo(f"{'would change' if check or shown else 'formatted'} {label}", err=shown)
    if not changed:
        click.echo(f"nothing to change in {len(files)} files", err=shown)
    return _ended(files, found, len(changed) if check else 0)


def _ended(files: Mapping[str, Formatted], found: FoundPack, unwanted: int) -> int:
    """The exit code, after the files were named that had to be left as they are."""
    left = [found.files.at(name) for name, file in files.items() if not file.safe]
    for label in left:
        click.echo(f"{label}: left as it is: laid out, it would not say the same", err=True)
    if left:
        return Exit.REFUSED
    return Exit.PROBLEMS_FOUND if unwanted else Exit.DONE


def _formatted(found: FoundPack) -> dict[str, Formatted]:
    """Every file by its name in the pack. Raises BadInput with every problem of every file."""
    files: dict[str, Formatted] = {}
    problems: list[Problem] = []
    for prefix, folder in _folders(found):
        for name in folder.names:
            if not name.endswith(".yaml") or name.startswith("."):
                continue
            text, unread = folder.text(name)
            problems.extend(unread)
            if text is None:
                continue
            try:
                files[prefix + name] = formatted(text, folder.at(name))
            except BadInput as error:
                problems.extend(error.problems)
    raise_if(problems)
    return files


def _folders(found: FoundPack) -> Iterator[tuple[str, Folder]]:
    """The folder of the pack and that of its cases, each with what its names begin with."""
    yield "", found.files
    cases = read_folder(found.path / _CASES, _CASES, lambda name: name.endswith(".yaml"))
    if cases is not None:
        yield f"{_CASES}/", cases.named(found.files.at(_CASES))


def _diff(file: Formatted, label: str) -> str:
    """What changes, as `diff -u` says it and `patch` takes it."""
    lines = difflib.unified_diff(
        _lines(file.before), _lines(file.after), f"a/{label}", f"b/{label}"
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    return [line for line in re.split(r"(?<=\n)", text) if line]
