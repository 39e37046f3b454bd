"""`grading evidence check EVIDENCE --against DOCUMENT`: the records beside their source."""

from __future__ import annotations

import json
from pathlib import Path

import click

from grading.commands.common import Exit
from grading.evidence.against import Comparison, against
from grading.evidence.evidence import Evidence
from grading.problems import BadInput, Problem


def tell_against(evidence: Evidence, document: Path, form: str) -> int:
    """Say what is recorded and not printed, then what is printed and not recorded."""
    try:
        comparison = against(evidence, document)
    except BadInput as error:
        if form == "json":
            problems = [_problem(problem) for problem in error.problems]
            click.echo(json.dumps({"problems": problems}, ensure_ascii=False, indent=1))
            return Exit.NOT_LOADED
        raise
    if form == "json":
        click.echo(json.dumps(_plain(comparison), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(_lines(comparison)))
    return Exit.PROBLEMS_FOUND if comparison.unfound else Exit.DONE


def _lines(comparison: Comparison) -> list[str]:
    label = comparison.document.label
    found = comparison.looked_up - len(comparison.unfound)
    covered = comparison.numbers - len(comparison.uncovered)
    passed = ", ".join(f"{count} {why}" for why, count in comparison.passed_over) or "none"
    return [
        *map(str, comparison.unfound),
        f"{found} of {comparison.looked_up} recorded figures are in {label} under their heading",
        *map(str, comparison.uncovered),
        f"{covered} of {comparison.numbers} figures of {label} are covered by a record",
        f"passed over as no figures: {passed}",
    ]


def _plain(comparison: Comparison) -> dict[str, object]:
    return {
        "document": comparison.document.label,
        "recorded": comparison.looked_up,
        "unfound": [_problem(problem) for problem in comparison.unfound],
        "figures": comparison.numbers,
        "uncovered": [_problem(problem) for problem in comparison.uncovered],
        "passed-over": dict(comparison.passed_over),
    }


def _problem(problem: Problem) -> dict[str, object]:
    return {
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
    }
