"""`grading rules mutate PACK`: changes of the rules that no case notices."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import click

from grading.commands.common import Exit
from grading.commands.rules_mutate_formats import FORMS
from grading.commands.rules_pack import find_pack, pack_argument, rules_option
from grading.commands.rules_test import Percent
from grading.policy.cases import load_cases
from grading.policy.mutate import mutate as mutated
from grading.policy.testing import Testing


@click.command()
@pack_argument
@rules_option
@click.option("--format", "form", type=click.Choice(tuple(FORMS)), default="text")
@click.option(
    "--fail-under",
    "least",
    type=Percent(),
    default=Decimal(100),
    help="Problems found where fewer than so many per cent are noticed: 100 if not said.",
)
def mutate(reference: str, rules: Path | None, form: str, least: Decimal) -> int:
    """Change the rules of PACK one by one, and say which changes no case notices.

    With each stands the case that would, ready to be pasted in. A change that no inspection could
    show is proved so, by looking at every state, and does not count.
    """
    found = find_pack(reference, rules)
    pack = found.load()
    cases = load_cases(found.path, pack, found.files.label)
    failed = [result.case for result in Testing(pack, cases).results() if not result.passed]
    if failed:
        for case in failed:
            click.echo(f"{case.place}: {case.id} fails on the rules as they are", err=True)
        click.echo("nothing was changed: mend the cases first", err=True)
        return Exit.PROBLEMS_FOUND
    manifest, series = (found.files.yaml(name)[0] for name in ("pack.yaml", "series.yaml"))
    assert manifest is not None
    with _progress() as step:
        report = mutated(pack, cases, manifest, series, step)
    click.echo(FORMS[form](f"{pack.manifest.id} {pack.manifest.version}", report))
    return Exit.PROBLEMS_FOUND if report.score < least else Exit.DONE


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """How far it is, on one line of a terminal."""
    shown = sys.stderr.isatty()

    def step(done: int, every: int) -> None:
        if shown:
            click.echo(f"\r{done} of {every} changes tried", err=True, nl=False)

    try:
        yield step
    finally:
        if shown:
            click.echo("\r" + " " * 40 + "\r", err=True, nl=False)
