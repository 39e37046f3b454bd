"""The English of an inspection that shows something: what was found, as clauses, without its grade."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from grading.explain.asked import asked
from grading.explain.english import (
    clauses,
    counted,
    figure,
    finding_words,
    grade_label,
    listed,
    outcome_words,
    quoted,
    status_words,
)
from grading.explain.variables import Variable
from grading.judge.earlier import Items
from grading.judge.figures import Figure
from grading.judge.groups import group_of
from grading.judge.observations import Seen, observed
from grading.judge.ranges import Value
from grading.judge.states import Example, State, kinds_of_finding
from grading.policy.proof.claims import Inspection, Said
from grading.policy.proof.known import Known
from grading.policy.proof.readings import OPEN
from grading.policy.proof.sides import AFTER
from grading.rules.definition import shows
from grading.rules.loaded import OVERALL, Pack
from grading.rules.rule import Sought

MOST_NAMED = 5
_USUAL = ("meets", (), ())


@dataclass(frozen=True)
class _Comes:
    """A criterion and what it comes to: an outcome, kinds of finding, and conditions of ladders shown."""

    criterion: str
    to: tuple[str, tuple[str, ...], tuple[str, ...]]


def inspection(shown: Inspection, pack: Pack, without: Iterable[Variable] = ()) -> str:
    """What an inspection found: what is unusual first, and then what all other criteria come to."""
    left_out = list(without)
    found = [said for said in shown.found if said.variable not in left_out]
    return clauses(
        [
            *_criteria(
                [one for said in found for one in _comes(said, pack)],
                pack,
                any(variable.kind == "criteria" for variable in left_out),
            ),
            *(words for said in found for words in _beside(said, pack)),
        ]
    )


def comes_to(said: Said, pack: Pack) -> str:
    """What one part of an inspection comes to, as a clause."""
    criteria = [_clause([one], pack) for one in _comes(said, pack)]
    return clauses(
        criteria or list(_beside(said, pack)) or ["nothing is open from earlier inspections"]
    )


def named(pack: Pack, variable: Variable) -> str:
    """The name of a part of an inspection."""
    match variable.kind:
        case "criteria":
            return listed(quoted(pack.criteria[c].written.says) for c in variable.names)
        case "judgment":
            return listed(title(pack, name) for name in variable.names)
        case "earlier":
            return "what is open from earlier inspections"
        case kind:
            figures = (Figure(name, kind == "series") for name in variable.names)
            return listed(quoted(figure_title(pack, one)) for one in figures)


def grade_words(pack: Pack, grade: str) -> str:
    """The label of a grade; or that there is none, or that it is open."""
    return {"": "none", OPEN: "open"}.get(grade) or grade_label(pack, grade)


def title(pack: Pack, owner: str) -> str:
    """The title of a judgment, as a name."""
    if owner == OVERALL and pack.manifest.overall is not None:
        return quoted(pack.manifest.overall.title)
    for name, question in pack.questions.items():
        if name == owner:
            return quoted(question.title)
        if owner in question.sub_questions:
            return quoted(question.sub_questions[owner].title)
    return quoted(owner)


def figure_title(pack: Pack, one: Figure) -> str:
    """The title of a figure."""
    name = one.id.removesuffix(AFTER)
    own = pack.series[name].title if one.series else pack.indicators[name].title
    return own + AFTER * one.id.endswith(AFTER)


def value(pack: Pack, one: Figure, amount: Value | None) -> str:
    """A value of a figure with its unit."""
    if amount is None:
        return "missing"
    name = one.id.removesuffix(AFTER)
    return figure(amount, pack.series[name].unit if one.series else pack.indicators[name].unit)


def observation(pack: Pack, seen: Seen) -> str:
    """An observation that could be made: `one in favour (extent all, effect observed)`."""
    levels = [f"{scale} {level.replace('-', ' ')}" for scale, level in seen.levels]
    levels += ["mitigated"] if seen.mitigated else []
    side = "in favour" if seen.supports else "against"
    return f"one {side}" + (f" ({', '.join(levels)})" if levels else " (no level coded)")


def evidence(pack: Pack, example: Example) -> str:
    """A piece of evidence on criteria: observations, figures, earlier findings."""
    seen = [observation(pack, one) for one in example.observations]
    figures = (
        f"{quoted(figure_title(pack, one))} at {value(pack, one, amount)}"
        for one, amount in example.figures
    )
    said = [f"observations: {'; '.join(seen)}"] if seen else []
    said += [*figures, *items(example.earlier or ())]
    return ", ".join(said) if said else "nothing observed either way"


def items(found: Items) -> Iterator[str]:
    """Earlier findings, as clauses: `1 earlier area for improvement is still open`."""
    numbers: dict[tuple[str, str], int] = {}
    for _, kind, status in found:
        numbers[kind, status] = numbers.get((kind, status), 0) + 1
    for (kind, status), number in numbers.items():
        words = counted(
            number, f"earlier {finding_words(kind)}", f"earlier {finding_words(kind, 2)}"
        )
        yield f"{words} {'is' if number == 1 else 'are'} {status_words([status])}"


def _comes(said: Said, pack: Pack) -> Iterator[_Comes]:
    """What each criterion of a part comes to."""
    state = said.to[0] if isinstance(said.to, tuple) else None
    if said.variable.kind != "criteria" or not isinstance(state, State):
        return
    group = group_of(pack, [c for c in said.variable.names if c in pack.criteria])
    kinds = kinds_of_finding(pack)
    for n, (criterion, outcomes) in enumerate(zip(group.criteria, state.outcomes, strict=True)):
        found = (k for k, truth in zip(kinds, state.findings[n], strict=True) if truth)
        shown = (
            asked(node, pack).removeprefix("there is ") + _mitigated(node, said.example, pack)
            for node, verdict in zip(group.later, state.shown, strict=True)
            if verdict.truth
        )
        kept = tuple(kind for kind in found if kind == "cause-of-concern")
        yield _Comes(criterion, (" or ".join(sorted(outcomes)), kept, tuple(shown)))


def _mitigated(node: Sought, example: Example, pack: Pack) -> str:
    """That what is shown of a weakness is mitigated, where all that shows it is."""
    showing = [
        seen.mitigated
        for seen in example.observations
        if seen.topic in node.topics and shows(observed(pack, "", seen), node, left_out=False)
    ]
    return ", which is mitigated" if showing and all(showing) else ""


def _criteria(every: Sequence[_Comes], pack: Pack, more: bool) -> Iterator[str]:
    """The criteria by what they come to; those that just meet the standard last."""
    by_to: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[_Comes]] = {}
    for one in every:
        by_to.setdefault(one.to, []).append(one)
    usual = by_to.pop(_USUAL, [])
    for alike in by_to.values():
        yield _clause(alike, pack)
    if usual and (len(usual) > MOST_NAMED or not by_to):
        number = len(usual)
        what = counted(number, "criterion", "criteria")
        all_of = {1: "the criterion", 2: "both criteria"}.get(number, f"all {what}")
        which = f"the other {what}" if by_to or more else all_of
        yield f"{which} {outcome_words(['meets'], number)}"
    elif usual:
        yield _clause(usual, pack)


def _clause(alike: Sequence[_Comes], pack: Pack) -> str:
    """Some criteria that come to the same, as a clause."""
    number = len(alike)
    outcome, findings, shown = alike[0].to
    core = [one for one in alike if pack.criteria[one.criterion].written.core]
    if number > MOST_NAMED:
        aside = {0: "none of them core", number: "all of them core"}
        names = f"{number} criteria, {aside.get(len(core), f'{len(core)} of them core')},"
    else:
        names = listed(
            quoted(pack.criteria[one.criterion].written.says)
            + (" (core)" if pack.criteria[one.criterion].written.core else "")
            for one in alike
        )
    beside = [*(f"a {finding_words(kind)}" for kind in findings), *shown]
    words = f"{names} {outcome_words(outcome.split(' or '), number)}"
    return words + (f", with {listed(beside)}" if beside else "")


def _beside(said: Said, pack: Pack) -> Iterator[str]:
    """What else an inspection found: figures, earlier findings, judgments."""
    match said.to:
        case Known(figures=figures, items=found):
            for one, amount in figures:
                yield f"{quoted(figure_title(pack, one))} is {value(pack, one, amount)}"
            yield from items(found)
        case (str(grade), *_):
            yield f"{named(pack, said.variable)} is graded {grade_label(pack, grade)}"
        case _:
            return
