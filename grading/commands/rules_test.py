"""`grading rules test PACK`: the cases beside the rules, and what of the rules they reach."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from pathlib import Path

import click

from grading.commands.case_from_run import tell_case
from grading.commands.common import Exit
from grading.commands.coverage_page import page
from grading.commands.rules_pack import FoundPack, find_pack, pack_argument, rules_option
from grading.commands.rules_test_formats import FORMS, Report
from grading.commands.writing import write_file
from grading.policy.cases import PlacedCase, load_cases
from grading.policy.coverage import coverage
from grading.policy.testing import Testing
from grading.problems import did_you_mean


class Percent(click.ParamType[Decimal]):
    """A number from 0 to 100, as it is written."""

    name = "number"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        """The number."""
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            self.fail(f"`{value}` is not a number", param, ctx)
        if not 0 <= number <= 100:
            self.fail(f"`{value}` is not a number from 0 to 100", param, ctx)
        return number


@click.command()
@pack_argument
@rules_option
@click.option(
    "--case", "names", multiple=True, help="Only cases of this name; `*` for any letters."
)
@click.option("--format", "form", type=click.Choice(tuple(FORMS)), default="text")
@click.option("--engine", is_flag=True, help="Fire the rules of every case in the engine as well.")
@click.option("--cov", "covers", is_flag=True, help="Say what of the rules no case reaches.")
@click.option(
    "--cov-fail-under", "least", type=Percent(), help="Problems found below so many per cent."
)
@click.option(
    "--cov-html",
    "html",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The files of the pack with their lines coloured, as one page.",
)
@click.option("--new", "run", metavar="RUN", help="Write a case from a run, or from evidence.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="With --new: the file of cases that the case is added to.",
)
@click.option("--store", type=click.Path(path_type=Path), help="The store of the run.")
def test(
    reference: str,
    rules: Path | None,
    names: tuple[str, ...],
    form: str,
    engine: bool,
    covers: bool,
    least: Decimal | None,
    html: Path | None,
    run: str | None,
    out: Path | None,
    store: Path | None,
) -> int:
    """Try the cases beside the rules of PACK.

    Cases are judged by the definition of what rules mean; a case that fails is fired in the engine as
    well, for its rationale.
    """
    found = find_pack(reference, rules)
    if run is not None:
        return tell_case(found, Path(run), out, store)
    if out is not None or store is not None:
        raise click.UsageError("`--out` and `--store` go with `--new`")
    pack = found.load()
    cases = _chosen(load_cases(found.path, pack, found.files.label), names)
    testing = Testing(pack, cases)
    results = testing.fired() if engine else testing.results()
    wanted = covers or least is not None or html is not None
    reached = coverage(testing.inspections.views) if wanted else None
    report = Report(f"{pack.manifest.id} {pack.manifest.version}", testing, results, reached)
    if html is not None and reached is not None:
        write_file(page(report.pack, texts(found), reached).encode("utf-8"), html)
    click.echo(FORMS[form](report))
    short = least is not None and reached is not None and reached.percent < least
    if short and form == "text" and reached is not None:
        click.echo(f"{reached.percent} per cent are less than {least}", err=True)
    return Exit.PROBLEMS_FOUND if report.failed or short else Exit.DONE


def texts(found: FoundPack) -> dict[str, str]:
    """The text of each YAML file of the pack, by the name that places have for it."""
    names = (name for name in found.files.names if name in found.files.contents)
    return {found.files.at(name): found.files.text(name)[0] or "" for name in names}


def _chosen(cases: tuple[PlacedCase, ...], names: Iterable[str]) -> tuple[PlacedCase, ...]:
    """The cases that are named, or all. Raises UsageError for a name that no case has."""
    names = tuple(names)
    for name in names:
        if not any(fnmatchcase(case.id, name) for case in cases):
            hint = did_you_mean(name, [case.id for case in cases])
            raise click.UsageError(f"there is no case `{name}`" + (f" ({hint})" if hint else ""))
    return tuple(c for c in cases if not names or any(fnmatchcase(c.id, n) for n in names))
