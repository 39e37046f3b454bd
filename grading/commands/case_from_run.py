"""`grading rules test PACK --new RUN`: a case from a run, told or added to a file of cases."""

from __future__ import annotations

from pathlib import Path

import click

from grading.commands.common import Exit
from grading.commands.loaded import graded, is_run
from grading.commands.rules_pack import FoundPack
from grading.commands.writing import write_file
from grading.policy.cases import load_cases
from grading.policy.from_run import case_from
from grading.policy.written import written_file
from grading.problems import BadInput
from grading.source import read_alone


def tell_case(found: FoundPack, run: Path, out: Path | None, store: Path | None) -> int:
    """Print the case, or add it to a file; a case that would not pass is not written."""
    pack = found.load()
    rules = None if is_run(run) else found.path.parent
    grading = graded(run, rules=rules, store=store)
    if grading.pack.manifest.id != pack.manifest.id:
        raise click.UsageError(
            f"the run is by the pack `{grading.pack.manifest.id}`, not `{pack.manifest.id}`"
        )
    taken = [case.id for case in load_cases(found.path, pack, found.files.label)]
    text, differences = case_from(grading, taken)
    for difference in differences:
        click.echo(f"the case would not pass: {difference}", err=True)
    if differences:
        return Exit.PROBLEMS_FOUND
    if out is None:
        click.echo(text, nl=False)
        return Exit.DONE
    write_file(_with(out, text).encode("utf-8"), out)
    return Exit.DONE


def _with(out: Path, case: str) -> str:
    """The file of cases with one more at its end. Raises BadInput where it cannot be read."""
    if not out.exists():
        return written_file([case])
    before, problems = read_alone(out, out.parent.as_posix()).text(out.name)
    if before is None:
        raise BadInput(problems)
    return before.rstrip("\n") + "\n" + case
