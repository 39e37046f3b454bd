"""`grading explain EVIDENCE TARGET`: why, in sentences, down to records and rule lines."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import click

from grading.commands.common import Exit, synthetic
from grading.commands.loaded import graded
from grading.commands.stores import store_option
from grading.commands.tree import dot, plain
from grading.explain.because import Because, base, cut, is_count
from grading.explain.headlines import headline
from grading.explain.missing import missing
from grading.explain.moved import moved
from grading.explain.perturbations import DRAWS, SEED
from grading.explain.robustness import Robustness, robustness
from grading.explain.robustness_lines import robustness_lines
from grading.explain.why import Explainer, UnknownTarget
from grading.judge.judgments import Judgment
from grading.record.moves import flips_part, unknowns_part
from grading.record.robustness import robustness_part
from grading.rules.pack import Kind

_PAGE = 45
"""Lines that a rationale may fill when no depth is asked for; two levels are always shown."""


@click.command()
@click.argument("reference", metavar="RUN-OR-EVIDENCE", type=click.Path(path_type=Path))
@click.argument("target")
@click.option("--why-not", "why_not", metavar="GRADE", help="Why the judgment has not this grade.")
@click.option(
    "--flips",
    "most",
    type=click.IntRange(1, 4),
    help="The smallest sets of at most so many changes that would raise or lower the judgment.",
)
@click.option(
    "--unknowns",
    "open_",
    is_flag=True,
    help="What is missing from an open judgment, and what would narrow it most.",
)
@click.option(
    "--robustness", "firmly", is_flag=True, help="How firmly a judgment or criterion stands."
)
@click.option(
    "--draws",
    type=click.IntRange(0, 100_000),
    default=DRAWS,
    show_default=True,
    help="How often samples are drawn again for `--robustness`.",
)
@click.option(
    "--seed", type=int, default=SEED, show_default=True, help="Where those draws start from."
)
@click.option("--depth", type=click.IntRange(min=0), help="How many levels of detail to show.")
@click.option("--base", "only_base", is_flag=True, help="The records and rule lines alone.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="As it stood on this date.")
@click.option("--format", "form", type=click.Choice(["text", "json", "dot"]), default="text")
@click.option("--drop-kind", "dropped", type=click.Choice(get_args(Kind)), multiple=True)
@click.option("--rules", type=click.Path(path_type=Path), help="The folder that holds rule packs.")
@click.option(
    "--table", type=click.Path(path_type=Path), help="The figures of many bodies, as CSV."
)
@store_option
def explain(
    reference: Path,
    target: str,
    why_not: str | None,
    most: int | None,
    open_: bool,
    firmly: bool,
    draws: int,
    seed: int,
    depth: int | None,
    only_base: bool,
    as_of: datetime | None,
    form: str,
    dropped: tuple[Kind, ...],
    rules: Path | None,
    table: Path | None,
    store: Path | None,
) -> int:
    """Say why: TARGET is a question, sub-question, criterion, finding, limiter, indicator or record."""
    day = as_of.date() if as_of else None
    explainer = Explainer(graded(reference, day, dropped, rules, table, store))
    loaded, pack = explainer.grading.evidence, explainer.grading.pack
    if sum((why_not is not None, most is not None, open_, firmly)) > 1:
        options = "`--why-not`, `--flips`, `--unknowns` and `--robustness`"
        raise click.UsageError(f"ask one of {options} at a time")
    if firmly:
        return _firmly(explainer, target, form, robustness(explainer.grading, draws, seed))
    if most is not None:
        found, whole = moved(explainer.grading, explainer.where, _graded(explainer, target), most)
        if form == "json":
            part = flips_part(found, pack).model_dump(mode="json")
            click.echo(_json(explainer, {**plain(whole), "flips": part}))
            return Exit.DONE
    elif open_:
        unknown, whole = missing(explainer.grading, explainer.where, _graded(explainer, target))
        if form == "json":
            unknown_part = unknowns_part(unknown, pack).model_dump(mode="json")
            click.echo(_json(explainer, {**plain(whole), "unknowns": unknown_part}))
            return Exit.DONE
    else:
        whole = _asked(explainer, target, why_not)
    if only_base:
        whole = base(whole)
    if form == "json":
        shown = whole if depth is None else cut(whole, depth)
        click.echo(_json(explainer, plain(shown)))
    elif form == "dot":
        click.echo(dot(whole if depth is None else cut(whole, depth), whole.text), nl=False)
    else:
        levels = _fitting(whole) if depth is None else depth
        click.echo("\n".join([*synthetic(loaded), *_text(cut(whole, levels))]))
    return Exit.DONE


def _asked(explainer: Explainer, target: str, grade_: str | None) -> Because:
    try:
        if grade_ is None:
            return explainer.why(target)
        return explainer.why_not(target, grade_)
    except UnknownTarget as error:
        said, hint = error.args
        raise click.UsageError(f"{said}{f' ({hint})' if hint else ''}") from None


def _graded(explainer: Explainer, target: str) -> Judgment:
    """The judgment that is asked about, which has a grade."""
    judged = explainer.judged()
    if target not in judged:
        _asked(explainer, target, None)
        raise click.UsageError(f"`{target}` is no judgment, so it has no grade")
    if not judged[target].graded:
        raise click.UsageError(f"`{target}` is not graded")
    return judged[target]


def _firmly(explainer: Explainer, target: str, form: str, robust: Robustness) -> int:
    """How firmly a judgment or criterion stands."""
    if target not in {**robust.judgments, **robust.criteria}:
        _asked(explainer, target, None)
        raise click.UsageError(f"`{target}` is no graded judgment and no criterion")
    if form == "json":
        part = robustness_part(robust, explainer.grading.pack).model_dump(mode="json")
        own = part["judgments"].get(target) or part["criteria"][target]
        click.echo(_json(explainer, {"target": target, **own, "conventions": part["conventions"]}))
        return Exit.DONE
    judged = explainer.judged()
    pack = explainer.grading.pack
    head = (
        headline(pack, judged[target]) if target in judged else explainer.criteria.headline(target)
    )
    lines_ = robustness_lines(target, robust, pack)
    click.echo("\n".join([*synthetic(explainer.grading.evidence), f"{head}.", *lines_]))
    return Exit.DONE


def _json(explainer: Explainer, plain: dict[str, Any]) -> str:
    made_up = explainer.grading.evidence.inspection.synthetic
    marked = {"synthetic": True, **plain} if made_up else plain
    return json.dumps(marked, ensure_ascii=False, indent=1)


def _fitting(whole: Because) -> int:
    """The most levels of a rationale that fit on a page."""
    depth = 2
    while (more := cut(whole, depth + 1)) != cut(whole, depth) and len(lines(more)) <= _PAGE:
        depth += 1
    return depth


def _text(shown: Because) -> Iterator[str]:
    """The lines of a rationale, wrapped on a terminal."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    for line in lines(shown):
        if width and len(line) > width:
            indent = " " * (len(line) - len(line.lstrip()) + 4)
            yield from textwrap.wrap(line, width, subsequent_indent=indent, break_on_hyphens=False)
        else:
            yield line


def lines(because: Because, depth: int = 0) -> list[str]:
    """The rationale as indented lines: records in brackets, rule lines after an arrow."""
    text = "  " * depth + because.text
    if because.record:
        text += f" [{because.record}]"
    elif because.place and not because.text.endswith(":"):
        text += f"  → {because.place.file}:{because.place.line}"
    steps = because.rests_on
    if len(steps) == 1 and is_count(steps[0]):
        return [f"{text}  ({steps[0].text})"]
    return [text, *(line for step in steps for line in lines(step, depth + 1))]
