"""`grading evidence gaps EVIDENCE`: what is thin or missing, while there is time to collect it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from grading.commands.common import Exit, load
from grading.explain.english import counted, figure, grades_span, listed
from grading.explain.gaps import Covered, Gaps, Lead
from grading.explain.gaps import gaps as gaps_of
from grading.explain.narrowing import Completion, Missing
from grading.judge.method import grade, program_of
from grading.judge.observations import Seen
from grading.record.gaps import gaps_document
from grading.record.parts import canonical
from grading.rules.loaded import Pack

_MOST = 10
_WORDS = {
    "exceeds": "that exceeds the standard",
    "meets": "that meets the standard",
    "falls-short": "that falls short of the standard",
    "conflicted": "that conflicts with what is there",
}


@click.command()
@click.argument("folder", metavar="EVIDENCE", type=click.Path(path_type=Path))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="As it stood on this date.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--rules", type=click.Path(path_type=Path), help="The folder that holds rule packs.")
def gaps(folder: Path, as_of: datetime | None, form: str, rules: Path | None) -> int:
    """Say what is thin, which missing record would narrow which grade, and what was not followed."""
    loaded, pack = load(folder, as_of.date() if as_of else None, rules)
    found = gaps_of(grade(loaded, program_of(pack)))
    if form == "json":
        click.echo(canonical(gaps_document(found)), nl=False)
    else:
        click.echo("\n".join(lines(found)))
    return Exit.UNDETERMINED if found.grading.undetermined else Exit.DONE


def lines(found: Gaps) -> Iterator[str]:
    """Coverage, thin criteria, missing records and leads."""
    inspection, pack = found.grading.evidence.inspection, found.grading.pack
    synthetic = " (SYNTHETIC: made up, no real body)" if inspection.synthetic else ""
    yield f"{inspection.body_name}{synthetic}, as of {inspection.as_of.isoformat()}"
    searched, number = inspection.plan.searched, len(pack.topics)
    said = number if searched == "all" else len(set(searched))
    if number:
        yield f"The plan says that {said} of {counted(number, 'topic', 'topics')} were searched"
    yield from _coverage(found)
    yield ""
    yield from _missing(found)
    yield ""
    yield from _leads(found)


def _coverage(found: Gaps) -> Iterator[str]:
    pack = found.grading.pack
    for question, model in pack.questions.items():
        covered = [c for c in found.criteria if c.criterion.question == question]
        if covered:
            yield ""
            yield model.title
            yield "  indep. kinds methods sites days"
            yield from map(_criterion, covered)
    if not found.criteria:
        return
    yield ""
    if not found.least:
        yield "The rule pack does not say what thin is, so nothing is called thin"
        return
    least = listed(f"{number} {what}" for what, number in found.least.items())
    policy = pack.manifest.evidence_policy.thin
    basis = "the pack's own" if policy is None or policy.cite is None else policy.cite
    thin = counted(len(found.thin), "criterion is thin", "criteria are thin")
    yield f"{thin}: fewer than {least} ({basis})"


def _criterion(covered: Covered) -> str:
    numbers = (
        f"{covered.independent:8}{len(covered.kinds):6}{len(covered.methods):8}"
        f"{len(covered.sites):6}{len(covered.days):5}"
    )
    written = covered.criterion.written
    notes = ["core"] if written.core else []
    notes += ["open"] if covered.open else []
    thin = [f"{there} of {least} {what}" for what, there, least in covered.thin]
    notes += [f"THIN: {listed(thin)}"] if thin else []
    missed = covered.not_searched
    notes += [f"not searched: {', '.join(missed)}"] if missed else []
    return f"{numbers}  {written.says}" + (f" ({'; '.join(notes)})" if notes else "")


def _missing(found: Gaps) -> Iterator[str]:
    grading = found.grading
    if not grading.undetermined:
        yield "Every judgment is settled, so no missing record would narrow one"
        return
    for name in grading.undetermined:
        judgment = grading.judgments[name]
        yield f"{judgment.title} is open: {grades_span(grading.pack, judgment.derived)}"
        own = [missing for missing in found.missing if missing.judgment == name]
        yield from (line for m in own[:_MOST] for line in _record(m, grading.pack))
        if not own:
            yield "  no single record would settle what leaves it open"
        if len(own) > _MOST:
            yield f"  {len(own) - _MOST} more records would narrow it no better; --format json has them"


def _record(missing: Missing, pack: Pack) -> Iterator[str]:
    remain = counted(missing.best, "grade", "grades")
    if missing.worst != missing.best:
        remain += f" at best, {missing.worst} at worst"
    what = (
        f"an observation that settles “{pack.criteria[missing.about].written.says}”"
        if missing.needs == "observation"
        else f"a figure for “{pack.indicators[missing.about].title}”"
    )
    yield f"  · {what} would leave {remain}"
    yield from (f"      {line}" for line in _completions(missing, pack))


def _completions(missing: Missing, pack: Pack) -> Iterator[str]:
    for completion in missing.completions:
        if missing.needs == "figure":
            said = figure(completion.says, pack.indicators[missing.about].unit)
            yield f"at {said}: {_grades(completion, pack)}"
        else:
            words = _WORDS[completion.says]
            example = f", such as {_seen(completion.example)}" if completion.example else ""
            yield f"one {words}{example}: {_grades(completion, pack)}"


def _grades(completion: Completion, pack: Pack) -> str:
    fewest, most = (grades_span(pack, g) for g in (completion.fewest, completion.most))
    return fewest if fewest == most else f"{fewest}, or as it is coded {most}"


def _seen(seen: Seen) -> str:
    levels = [f"{scale} {level.replace('-', ' ')}" for scale, level in seen.levels]
    levels += ["mitigated"] if seen.mitigated else []
    side = "for" if seen.supports else "against"
    return f"one {side} `{seen.topic}`" + (f" with {listed(levels)}" if levels else "")


def _leads(found: Gaps) -> Iterator[str]:
    if not found.leads:
        yield "No record only opens an enquiry"
        return
    open_, number = found.not_followed, len(found.leads)
    yield f"{len(open_)} of {counted(number, 'lead', 'leads')} not followed by a deciding observation"
    yield from map(_lead, open_)


def _lead(lead: Lead) -> str:
    why = (
        "the rule pack does not say on which topic"
        if lead.topic is None
        else f"nothing that decides on `{lead.topic}`"
    )
    return f"  · {lead.says} [{lead.record}]: {why}"
