"""A what-if in words: what is otherwise, each a clause after `what if`, and what that changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grading.derive.indicators import Derived
from grading.derive.sources import Source
from grading.evidence.changes.correcting import Corrected
from grading.evidence.changes.dropping import Loosened
from grading.explain.differences import Bites, Change, Differences, Grades
from grading.explain.english import capital, counted, figure, grades_span, listed, outcome_phrase
from grading.explain.leaves import Leaves
from grading.explain.used import Use, asked, dated_otherwise, used
from grading.explain.what_if import WhatIf
from grading.explain.why import Explainer
from grading.judge.judgments import Finding, Grading
from grading.rules.loaded import Pack

_MOST = 10
_BITES: dict[tuple[Bites, Bites], str] = {
    ("does not bite", "bites"): "bites now",
    ("may bite", "bites"): "is now sure to bite",
    ("does not bite", "may bite"): "may bite now",
    ("bites", "may bite"): "is no longer sure to bite",
    ("bites", "does not bite"): "no longer bites",
    ("may bite", "does not bite"): "can no longer bite",
}


def otherwise(result: WhatIf) -> Iterator[str]:
    """What is otherwise, in the order in which it takes effect."""
    changed = result.otherwise.changed
    before = Leaves(result.before.evidence, result.before.pack)
    after = Leaves(changed.evidence, result.after.pack)
    for placed in changed.added[:_MOST]:
        name = placed.record.id
        yield f"[{name}] had been written as well: “{after[name].text}”"
    more = len(changed.added) - _MOST
    if more > 0:
        yield f"{counted(more, 'record', 'records')} more had been written as well"
    yield from map(_corrected, changed.corrected)
    for placed in changed.dropped:
        name = placed.record.id
        yield f"[{name}] had never been written: “{before[name].text}”"
        own = (one for one in changed.loosened if one.dropped == name)
        yield from (_loosened(one, result.before) for one in own)
    yield from map(_withdrawn, result.otherwise.withdrawn)
    yield from (_value(name, result) for name in result.otherwise.values)
    yield from (_outcome(name, result) for name in result.otherwise.outcomes)
    was, then = (side.evidence.inspection.as_of for side in (result.before, result.after))
    if was != then:
        yield f"it stood as of {then} and not {was}"
    if result.before.program is not result.after.program:
        old, new = (side.pack.manifest for side in (result.before, result.after))
        yield f"it were graded by rule pack {new.id} {new.version} and not {old.id} {old.version}"


def _corrected(one: Corrected) -> str:
    if one.before == one.after:
        has = f"no {one.field}" if one.after is None else f"{one.field} “{one.after}”"
        return f"[{one.record}] had {has}, as it has"
    if one.after is None:
        return f"[{one.record}] had no {one.field}, where it says “{one.before}”"
    if one.before is None:
        return f"[{one.record}] had {one.field} “{one.after}”, where it says none"
    return f"[{one.record}] had {one.field} “{one.after}” and not “{one.before}”"


def _loosened(one: Loosened, grading: Grading) -> str:
    match one.left:
        case "unmitigated":
            return f"and nothing mitigated [{one.name}], as [{one.dropped}] does"
        case "mitigated-by-others":
            return (
                f"and [{one.dropped}] did not mitigate [{one.name}], which other records still do"
            )
        case "not-carried-forward":
            title = grading.judgments[one.name].title
            return (
                f"and “{title}” were graded on what evidence there is, and not carried forward"
                f" from [{one.dropped}]"
            )


def _withdrawn(source: Source) -> str:
    number = len(source.records)
    if source.by == "record":
        return f"[{source.name}] were withdrawn, so that what it alone showed is not known"
    alone = "it alone" if number == 1 else "they alone"
    records = (
        f"the record with {source.by}" if number == 1 else f"the {number} records with {source.by}"
    )
    return f"{records} “{source.name}” were withdrawn, so that what {alone} showed is not known"


def _value(name: str, result: WhatIf) -> str:
    was = result.before.derivation.indicators.get(name)
    then = result.after.derivation.indicators[name]
    if was is None:
        return f"“{then.title}” were {figure_said(then)}, where the other pack does not ask for it"
    if (was.value, was.interval) == (then.value, then.interval):
        return f"“{then.title}” were {figure_said(then)}, as it is"
    return f"“{then.title}” were {figure_said(then)}, where it is {figure_said(was)}"


def _outcome(name: str, result: WhatIf) -> str:
    was = result.before.fired.facts.outcomes.get(name)
    then = result.otherwise.outcomes[name]
    says = result.after.pack.criteria[name].written.says
    decided = f"a person decided “{says}”: {outcome_phrase(then)}"
    if was is None:
        return f"{decided}, where the other pack does not ask"
    return (
        f"{decided}, as the rules do"
        if was == then
        else f"{decided}, where the rules say: {outcome_phrase(was)}"
    )


def figure_said(derived: Derived) -> str:
    """The value of an indicator with its interval, or that it is not known."""
    if derived.value is None:
        return "not known"
    between = ""
    if derived.interval is not None:
        between = f" (95 per cent interval {derived.interval.low} to {derived.interval.high})"
    return f"{figure(derived.value, derived.unit)}{between}"


def span(pack: Pack, grades: Grades) -> str:
    """The one grade, or that it is undetermined and between which it lies."""
    said = grades_span(pack, grades)
    return said.replace("-", " ") if len(grades) == 1 else f"undetermined ({said})"


def grades(before: Grading, after: Grading, change: Change[Grades]) -> str:
    """What a judgment was and what it becomes."""
    was = "not asked" if change.before is None else span(before.pack, change.before)
    then = "not asked" if change.after is None else span(after.pack, change.after)
    return f"{was}, stands" if change.stands else f"{was}, becomes {then}"


def limits(found: Differences) -> Iterator[str]:
    """The limits that change whether they bite."""
    for limit in found.limits:
        if not limit.bites.stands:
            side = found.after if limit.judgment in found.after.judgments else found.before
            title, pack = side.judgments[limit.judgment].title, side.pack
            does = _BITES[
                limit.bites.before or "does not bite", limit.bites.after or "does not bite"
            ]
            at_best = grades_span(pack, (limit.at_best,))
            yield f"{title}, at best {at_best} because {limit.because}: {does}"


def criteria(found: Differences) -> Iterator[str]:
    """The criteria that change, each with its outcome before and after."""
    for name, change in found.criteria.items():
        if not change.stands:
            pack = found.after.pack if change.after is not None else found.before.pack
            was, then = (
                "not asked" if possible is None else outcome_phrase(frozenset(possible))
                for possible in (change.before, change.after)
            )
            yield f"“{pack.criteria[name].written.says}”: {was}, then {then}"


def figures(found: Differences) -> Iterator[str]:
    """The figures that change, each with its value before and after."""
    for name, change in found.figures.items():
        if not change.stands:
            was, then = (
                side.derivation.indicators.get(name) for side in (found.before, found.after)
            )
            title = next(one.title for one in (then, was) if one is not None)
            yield f"{title}: {_absent(was)}, then {_absent(then)}"


def _absent(derived: Derived | None) -> str:
    if derived is None:
        return "not asked"
    reason = f" ({derived.reason})" if derived.value is None else ""
    return f"{figure_said(derived)}{reason}"


def findings(grading: Grading, those: Iterable[Finding]) -> Iterator[str]:
    """What findings say, and since when."""
    explainer = Explainer(grading)
    return (explainer.headline(finding) for finding in those)


def altered(found: Differences) -> Iterator[str]:
    """The findings that stand on both sides, as they were told and as they then are."""
    before, after = Explainer(found.before), Explainer(found.after)
    for was, then in found.altered:
        same = (was.says, was.recommendation) == (then.says, then.recommendation)
        raised = f"first raised in {then.first_raised}" if then.previous else "not raised before"
        yield f"{before.headline(was)}, then {raised if same else after.headline(then)}"


def stands(found: Differences) -> str:
    """In one sentence, that nothing is concluded otherwise."""
    if all(change.stands for change in found.figures.values()):
        return "Nothing changes: every grade, limit, criterion, finding and figure is as it was."
    return "No grade, limit, criterion or finding changes."


def touched(result: WhatIf) -> Iterator[str]:
    """Where what is otherwise is used, and that it is there as before."""
    sides = (result.after, result.before)
    for use in used(result):
        yield _used(use, result)
    for indicator, owners in asked(result).items():
        places = [_stands(owner, result) for owner in owners]
        if places:
            yield f"{_figure_title(indicator, result)} is asked for in {'; in '.join(places)}, as before."
        else:
            yield f"No rule asks for {_figure_title(indicator, result)}."
    was, then = sorted(side.evidence.inspection.as_of for side in sides)
    if was != then and not dated_otherwise(result):
        yield f"No observation is dated after {was} and by {then}."
    if result.before.program is not result.after.program:
        yield _rules(result)


def _used(use: Use, result: WhatIf) -> str:
    criteria = [_stands(criterion, result) for criterion in use.criteria]
    figures = [_figure_title(name, result) for name in use.indicators]
    if criteria:
        return f"[{use.record}] is used in {'; in '.join((*figures, *criteria))}, as before."
    if figures:
        return f"[{use.record}] is used in {listed(figures)}."
    if use.earlier:
        turns = "no grade, limit or finding turns on it"
        return f"[{use.record}] tells of an earlier inspection; {turns}."
    return f"No rule rests on [{use.record}]."


def _figure_title(indicator: str, result: WhatIf) -> str:
    packs = (result.after.pack, result.before.pack)
    return f"“{next(p.indicators[indicator].title for p in packs if indicator in p.indicators)}”"


def _stands(owner: str, result: WhatIf) -> str:
    """A criterion with its outcome, or a question or sub-question with its grade."""
    for side in (result.after, result.before):
        judgment = {**side.sub_questions, **side.judgments}.get(owner)
        if owner in side.pack.criteria:
            outcome = outcome_phrase(side.fired.facts.outcomes[owner])
            return f"“{side.pack.criteria[owner].written.says}”: {outcome}"
        if judgment is not None:
            possible = judgment.standing if judgment.graded else (judgment.final,)
            return f"“{judgment.title}”: {span(side.pack, possible)}"
    raise KeyError(owner)


def _rules(result: WhatIf) -> str:
    before, after = (side.pack.rules for side in (result.before, result.after))
    differ = [rule for rule in {**before, **after} if before.get(rule) != after.get(rule)]
    if not differ:
        return "The two packs have the same rules."
    number = counted(len(differ), "rule differs", "rules differ")
    return f"{capital(number)} between the two packs; none of them changes anything here."
