"""A judgment in a few sentences, as a reader wants it first: grade, trend, what it rests on, findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from grading.explain.decided import status_said
from grading.explain.english import (
    capital,
    cited,
    clauses,
    counted,
    finding_words,
    grade_label,
    grades_span,
    listed,
    lower,
    outcome_words,
    quoted,
    value_words,
)
from grading.explain.headlines import headline, title
from grading.judge.judgments import Finding, Grading, Judgment
from grading.rules.loaded import OVERALL

_KINDS = ("strength", "area-for-improvement", "cause-of-concern")
_OUTCOMES = ("exceeds", "meets", "falls-short", "conflicted")
_NAMED = ("falls-short", "conflicted")  # of these a reader wants to know which
_MOST_NAMED = 3


def summary(grading: Grading, judgment: Judgment) -> tuple[str, ...]:
    """The judgment in sentences: what it is, of what it is made up, what holds it, what was found."""
    return tuple(_sentences(grading, judgment))


def _sentences(grading: Grading, judgment: Judgment) -> Iterator[str]:
    yield f"{headline(grading.pack, judgment)}."
    yield from _changed(grading, judgment)
    if judgment.trend.previous is not None and judgment.trend.word != "unknown":
        yield f"That is {judgment.trend.says}."
    if judgment.id == OVERALL:
        yield from _questions(grading)
    elif judgment.not_graded is None and judgment.carried_from is None:
        yield from _criteria(grading, judgment.id)
    yield from _limiters(grading, judgment)
    yield from _findings(grading, judgment.id)


def _changed(grading: Grading, judgment: Judgment) -> Iterator[str]:
    """What the rules give, where people changed it; and that a change does not stand."""
    moderated = judgment.moderated
    if moderated is None:
        return
    if judgment.settled is not None:
        yield f"By the rules it is {grades_span(grading.pack, judgment.derived)}."
        return
    said = lower(status_said(grading, moderated)).removeprefix("it ")
    yield f"A change by people is recorded and {said} {cited([moderated.decided.written.id])}."


def _questions(grading: Grading) -> Iterator[str]:
    """How the questions that lead to the overall judgment were graded, the best first."""
    pack, judged = grading.pack, [j for q, j in grading.judgments.items() if q != OVERALL]
    said = []
    for grade in pack.grades:
        names = [title(j) for j in judged if j.graded and j.standing == (grade,)]
        if names:
            said.append(
                f"{len(names)} {_are(len(names))} graded {grade_label(pack, grade)} ({_few(names)})"
            )
    still = [title(j) for j in judged if j.graded and len(j.standing) > 1]
    if still:
        said.append(f"{len(still)} {_are(len(still))} undetermined ({_few(still)})")
    graded = [j for j in judged if j.graded and j.not_graded is None]
    if said and graded:
        of = counted(len(graded), "graded question", "graded questions")
        yield f"Of the {of}, {clauses(said)}."
    others = [j for j in judged if not j.graded or j.not_graded is not None]
    for value in dict.fromkeys(j.final for j in others):
        names = [title(j) for j in others if j.final == value]
        yield f"{capital(listed(names))} {_are(len(names))} {value_words(value)}."


def _criteria(grading: Grading, question: str) -> Iterator[str]:
    """How many criteria have each outcome, and which of them hold the judgment back."""
    pack, outcomes = grading.pack, grading.fired.facts.outcomes
    own = pack.criteria_of(question)
    said: list[str] = []
    for outcome in _OUTCOMES:
        found = [c for c in own if outcomes[c] == {outcome}]
        if found:
            names = f" ({_quoted(grading, found)})" if outcome in _NAMED else ""
            said.append(f"{len(found)} {outcome_words([outcome], len(found))}{names}")
    still = [c for c in own if len(outcomes[c]) != 1 or outcomes[c] == {"unknown"}]
    if still:
        said.append(f"{len(still)} {_are(len(still))} open")
    if len(said) == 1 and len(own) > 1:
        yield f"All {said[0]}.".replace(f"All {len(own)} ", f"All {len(own)} criteria ", 1)
    elif said:
        yield f"Of {counted(len(own), 'criterion', 'criteria')}, {clauses(said)}."


def _limiters(grading: Grading, judgment: Judgment) -> Iterator[str]:
    """The best grade that the limiters leave open, and why."""
    biting = [x.limiter.written for x in judgment.limiters if x.bites]
    if biting:
        order = grading.pack.grades.index
        best = max((limiter.at_best for limiter in biting), key=order)
        held = [limiter.because for limiter in biting if limiter.at_best == best]
        because = "; and because ".join(dict.fromkeys(held))
        yield f"It cannot be better than {grade_label(grading.pack, best)}, because {because}."


def _findings(grading: Grading, judgment: str) -> Iterator[str]:
    """How many findings there are of each kind, and how old the oldest open one is."""
    found = [f for f in grading.findings.values() if judgment in (OVERALL, f.question)]
    if found:
        said = (_number(kind, [f for f in found if f.kind == kind]) for kind in _KINDS)
        yield f"There {_be(found)} {clauses(said)}."


def _number(kind: str, found: Sequence[Finding]) -> str:
    number = len(found)
    said = counted(number, finding_words(kind), finding_words(kind, 2))
    years = [f.first_raised for f in found if f.previous and kind != "strength"]
    if not years:
        return said
    first = min(years)
    if number == 1:
        return f"{said} first raised in {first}"
    return f"{said} (the oldest first raised in {first})"


def _be(found: Sequence[Finding]) -> str:
    return _are(sum(f.kind == _KINDS[0] for f in found))


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _few(names: Sequence[str]) -> str:
    if len(names) <= _MOST_NAMED + 1:
        return listed(names)
    return listed([*names[:_MOST_NAMED], f"{len(names) - _MOST_NAMED} more"])


def _quoted(grading: Grading, criteria: Iterable[str]) -> str:
    return _few([quoted(grading.pack.criteria[c].written.says) for c in criteria])
