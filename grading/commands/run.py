"""`grading run EVIDENCE`: the grading pass."""

from __future__ import annotations

from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any, get_args

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grading.commands.common import Exit, read_inputs
from grading.commands.stores import Kept, keep, shown, store_beside, store_option
from grading.commands.writing import write_out
from grading.derive.sources import single_sources
from grading.explain.decided import (
    answer_said,
    challenge_said,
    change_said,
    status_said,
    turns_on,
    turns_said,
)
from grading.explain.english import (
    counted,
    grade_label,
    grades_span,
    listed,
    value_words,
)
from grading.explain.resting import by_outcome, flips_of
from grading.explain.robustness import Robustness, robustness
from grading.explain.robustness_lines import WORDS
from grading.explain.why import Explainer
from grading.judge.judgments import Grading, Judgment
from grading.record.document import document
from grading.record.parts import canonical
from grading.rules.pack import Kind

_COLOURS = ("bold green", "green", "yellow", "red")


@click.command()
@click.argument("evidence", type=click.Path(path_type=Path))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Grade as it stood on this date.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option(
    "--drop-kind",
    "dropped",
    type=click.Choice(get_args(Kind)),
    multiple=True,
    help="Leave a kind of evidence out; may be given several times.",
)
@click.option("--rules", type=click.Path(path_type=Path), help="The folder that holds rule packs.")
@click.option(
    "--table", type=click.Path(path_type=Path), help="The figures of many bodies, as CSV."
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@store_option
@click.option("--no-store", is_flag=True, help="Keep no record of the run.")
def run(
    evidence: Path,
    as_of: datetime | None,
    form: str,
    dropped: tuple[Kind, ...],
    rules: Path | None,
    table: Path | None,
    out: Path | None,
    store: Path | None,
    no_store: bool,
) -> int:
    """Grade an inspection: every judgment, what it rests on and what is missing.

    A record of the run is kept in a store: `.grading` beside the nearest folder `rules` above the
    evidence, unless another is named. What cannot be kept is graded and told all the same, and the
    exit code is 7; it is 5 where the store was changed.
    """
    inputs = read_inputs(evidence, as_of.date() if as_of else None, dropped, rules, table)
    grading = inputs.grade()
    robust = robustness(grading)
    made = None if no_store and form == "text" else document(grading, robust)
    kept = Kept()
    if made is not None and not no_store:
        kept = keep(store or store_beside(evidence), inputs, made)
    if made is not None and form == "json":
        write_out(canonical(made), out)
    elif out is not None:
        text = StringIO()
        plain = _console(file=text, width=100, no_color=True, color_system=None)
        _print(grading, robust, kept, plain)
        write_out(text.getvalue(), out)
    else:
        _print(grading, robust, kept, _console())
    if kept.failed is not None:
        click.echo(kept.why, err=True)
        return kept.failed
    if grading.not_standing:
        return Exit.REFUSED
    return Exit.UNDETERMINED if grading.undetermined else Exit.DONE


def _console(**settings: Any) -> Console:
    """A console that shows every text as it is written: what people write is no markup."""
    return Console(highlight=False, markup=False, emoji=False, **settings)


def _print(grading: Grading, robust: Robustness, kept: Kept, console: Console) -> None:
    inspection, pack = grading.evidence.inspection, grading.pack
    synthetic = " (SYNTHETIC: made up, no real body)" if inspection.synthetic else ""
    console.print(Text(f"{inspection.body_name}{synthetic}", style="bold"))
    console.print(
        f"{pack.manifest.title} · rule pack {pack.manifest.id} {pack.manifest.version}"
        f" · as of {inspection.as_of.isoformat()}"
    )
    if grading.dropped:
        console.print(f"Left out of this run: {', '.join(sorted(grading.dropped))}", style="yellow")
    if grading.evidence.table:
        console.print(_table(grading))
    console.print()
    console.print(_ladder(grading, robust))
    if any(balance.label for balance in robust.judgments.values()):
        console.print(WORDS, style="dim")
    _findings(grading, console)
    _decided(grading, console)
    _missing(grading, console)
    _single_sources(grading, robust, console)
    number = len(grading.evidence.every())
    console.print(
        f"{number} evidence records · {len(pack.rules)} rules · {len(grading.fired.firings)} firings,"
        " each checked against its facts · engine and definition agree"
    )
    if kept.run:
        console.print(f"run {shown(kept.run)}")


def _table(grading: Grading) -> str:
    """Which table of bodies the inspected one is set among."""
    table = grading.evidence.table
    made_up = any(m.record.synthetic for m in table)
    synthetic = " · SYNTHETIC: made-up figures, of no real bodies" if made_up else ""
    return f"Set among the {len(table)} figures of {table[0].place.file}{synthetic}"


def _ladder(grading: Grading, robust: Robustness) -> Table:
    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
    table.add_column("Question")
    table.add_column("Judgment")
    table.add_column("How firm")
    table.add_column("Beside last time")
    table.add_column("Held by", overflow="fold")
    for judgment in grading.judgments.values():
        bites = [x.limiter.written.because for x in judgment.limiters if x.bites]
        if judgment.not_graded is not None:
            bites.append(judgment.not_graded.written.because)
        trend = judgment.trend.says if judgment.graded else ""
        label = _label(grading, judgment)
        firm = robust.judgments[judgment.id].label or "" if judgment.graded else ""
        table.add_row(judgment.title, label, firm, trend, "; ".join(bites))
    return table


def _label(grading: Grading, judgment: Judgment) -> Text:
    pack, scale = grading.pack, grading.pack.manifest.scale.grades
    if not judgment.graded:
        return Text(value_words(judgment.final).capitalize(), style="dim")
    if len(judgment.standing) == 1:
        grade_ = judgment.standing[0]
        place = pack.grades.index(grade_) * (len(_COLOURS) - 1) // max(1, len(pack.grades) - 1)
        aside = " (carried forward)" if judgment.carried_from else ""
        if judgment.settled is not None:
            aside = f" (changed from {grades_span(pack, judgment.derived)})"
        return Text(f"{scale[grade_].symbol} {scale[grade_].label}{aside}", style=_COLOURS[place])
    worst, best = judgment.derived[-1], judgment.derived[0]
    between = f"{grade_label(pack, worst)} to {grade_label(pack, best)}"
    return Text(f"? Undetermined: {between}", style="magenta")


def _findings(grading: Grading, console: Console) -> None:
    explainer = Explainer(grading)
    found = [f for f in grading.findings.values() if f.kind != "strength"]
    strengths = len(grading.findings) - len(found)
    if not grading.findings:
        return
    console.print()
    for finding in found:
        console.print(explainer.headline(finding), style="yellow", highlight=False)
    console.print(f"{strengths} strength{'' if strengths == 1 else 's'}", style="dim")


def _decided(grading: Grading, console: Console) -> None:
    """What people changed, and what is disputed."""
    if grading.moderation or grading.challenges:
        console.print()
    for moderated in grading.moderation:
        written, judgment = moderated.decided.written, grading.judgments
        named = f"[{written.id}] {judgment[written.question].title}"
        said = change_said(grading.pack, moderated)
        style = "yellow" if moderated in grading.not_standing else "dim"
        console.print(f"{named}: {said}. {status_said(grading, moderated)}.", style=style)
    for challenged in grading.challenges:
        said = f"{challenge_said(challenged)}. {answer_said(challenged)}."
        console.print(f"[{challenged.decided.written.id}] {said}", style="dim")
        if challenged.status == "open":
            for line in turns_said(grading, turns_on(grading, challenged)):
                console.print(f"  · {line}.")


def _missing(grading: Grading, console: Console) -> None:
    """For each open judgment, what is not known."""
    console.print()
    explainer = Explainer(grading)
    for name in grading.undetermined:
        judgment = grading.judgments[name]
        console.print(f"{judgment.title} is open: {explainer.grades(judgment)}.", style="magenta")
        for line in explainer.unknowns(name):
            console.print(f"  · {line}")
    if grading.undetermined:
        console.print()


def _single_sources(grading: Grading, robust: Robustness, console: Console) -> None:
    """Each judgment that rests on one source, what it would be without; and how many criteria do."""
    balances = {**robust.judgments, **robust.criteria}
    rests = flips_of(grading, balances).on(single_sources(grading.evidence))
    if not rests.judgments and not rests.criteria:
        return
    console.print("Rests on one source, and changes without it:", style="yellow")
    for name, found in rests.judgments.items():
        for possible, sources in by_outcome(found).items():
            span = grades_span(grading.pack, possible)
            without = f"{span} without {listed(sources, 'or')}"
            console.print(f"  · {grading.judgments[name].title}: {without}")
    if rests.criteria:
        number = counted(len(rests.criteria), "criterion", "criteria")
        console.print(
            f"  · and {number} (--format json lists them, under single_source)", style="dim"
        )
    console.print()
