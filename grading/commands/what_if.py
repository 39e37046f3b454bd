"""`grading what-if EVIDENCE --without-source S`: what stands without one source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from grading.commands.common import Exit, load
from grading.derive.sources import UnknownSource, source
from grading.explain.english import counted, grades_span, outcome_phrase
from grading.explain.what_if import WhatIf
from grading.explain.what_if import what_if as without
from grading.judge.judgments import Finding
from grading.judge.method import grade, program_of
from grading.record.parts import canonical
from grading.record.what_if import what_if_document


@click.command("what-if")
@click.argument("evidence", type=click.Path(path_type=Path))
@click.option(
    "--without-source",
    "said",
    required=True,
    metavar="SOURCE",
    help="subjects=…, site=…, method=…, kind=… or record=…",
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="As it stood on this date.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--rules", type=click.Path(path_type=Path), help="The folder that holds rule packs.")
def what_if(
    evidence: Path, said: str, as_of: datetime | None, form: str, rules: Path | None
) -> int:
    """Say what stands without one source, before and after. Nothing is written."""
    loaded, pack = load(evidence, as_of.date() if as_of else None, rules)
    try:
        withdrawn = source(said, loaded)
    except UnknownSource as error:
        message, hint = error.args
        raise click.UsageError(f"{message}{f' ({hint})' if hint else ''}") from None
    result = without(grade(loaded, program_of(pack)), withdrawn)
    if form == "json":
        click.echo(canonical(what_if_document(result)), nl=False)
    else:
        click.echo("\n".join(lines(result)))
    return Exit.UNDETERMINED if result.after.undetermined else Exit.DONE


def lines(result: WhatIf) -> Iterator[str]:
    """What changes and what stands, judgments first."""
    pack, source = result.before.pack, result.source
    inspection = result.before.evidence.inspection
    number = counted(len(source.records), "record", "records")
    synthetic = " (SYNTHETIC: made up, no real body)" if inspection.synthetic else ""
    yield f"{inspection.body_name}{synthetic}, without {source} ({number})"
    yield ""
    for name, change in result.judgments.items():
        title = result.before.judgments[name].title
        before = grades_span(pack, change.before)
        after = "stands" if change.stands else f"becomes {grades_span(pack, change.after)}"
        yield f"{title}: {before}, {after}"
    changed = {c: change for c, change in result.criteria.items() if not change.stands}
    yield ""
    same = len(result.criteria) - len(changed)
    yield f"{counted(len(changed), 'criterion changes', 'criteria change')}, {same} stand"
    for criterion, change in changed.items():
        before, after = (outcome_phrase(frozenset(p)) for p in (change.before, change.after))
        yield f"  · “{pack.criteria[criterion].written.says}”: {before}, then {after}"
    for says, findings in (
        ("Findings that no longer stand:", result.fallen),
        ("Findings that stand only then:", result.new),
    ):
        if findings:
            yield says
            yield from (f"  · {_finding(finding)}" for finding in findings)


def _finding(finding: Finding) -> str:
    return f"{finding.kind.replace('-', ' ')}: {finding.says}"
