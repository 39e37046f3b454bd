"""The English of a failed claim: what fails, and the smallest inspection that shows it."""

from __future__ import annotations

from grading.explain.asked import asked, denied
from grading.explain.english import (
    clauses,
    grade_label,
    listed,
    outcome_words,
    quoted,
)
from grading.judge.ranges import Value
from grading.policy.proof.claims import Failure, Inspection, Said
from grading.policy.proof.directions import direction
from grading.policy.proof.inspections import (
    comes_to,
    evidence,
    figure_title,
    grade_words,
    inspection,
    named,
    observation,
    title,
    value,
)
from grading.policy.proof.known import Known
from grading.rules.loaded import Pack
from grading.rules.rule import Count


def failure(pack: Pack, owner: str, failed: Failure) -> str:
    """What a claim on a judgment, or on criteria, fails for."""
    match failed.claim:
        case "one-grade":
            return _gap(pack, failed)
        case "no-overlap":
            return _overlap(pack, failed)
        case "better-never-lower":
            return _lowered(pack, failed)
        case "reachable":
            return _dead(pack, owner, failed)
        case "matters":
            return _idle(pack, owner, failed)
        case "unknown-is-open":
            return _answered(pack, owner, failed)


def _gap(pack: Pack, failed: Failure) -> str:
    shown, *others = failed.inspections
    if others:
        better, worse = (_evidence(pack, failed, n) for n in (1, 2))
        return (
            f"{_criterion(pack, failed.about)} has a gap: with {_evidence(pack, failed, 0)}, none of its"
            f" conditions holds. With {better}, it {_outcome(others[0])}; with {worse}, it"
            f" {_outcome(others[1])}"
        )
    if failed.kind == "criterion":
        return (
            f"{_criterion(pack, failed.about)} has a gap: where {inspection(shown, pack)}, none of"
            " its conditions holds"
        )
    if failed.why == "withheld":
        return (
            f"A grade stays open: where {inspection(shown, pack)}, a condition rests on evidence that"
            " may not carry it by itself, so it is withheld whatever is known"
        )
    return f"There is a gap: where {inspection(shown, pack)}, no rung holds and there is no grade"


def _overlap(pack: Pack, failed: Failure) -> str:
    if failed.kind == "criterion":
        (shown,) = failed.inspections
        both = listed(f"`{name}`" for name in failed.beside.split(", "))
        return (
            f"Conditions of {_criterion(pack, failed.about)} overlap: where"
            f" {inspection(shown, pack)}, {both} hold at once, and the evidence conflicts with itself"
        )
    both_hold, alone = failed.inspections
    better, worse = grade_label(pack, failed.about), grade_label(pack, failed.beside)
    return (
        f"The rungs for {better} and {worse} overlap, and neither takes in the other, so the order in"
        f" which they are read makes the grade. Both hold where {inspection(both_hold, pack)}; read"
        f" from the top, that is {_grade(pack, both_hold)}. Only the rung for {better} holds where"
        f" {inspection(alone, pack)}"
    )


def _lowered(pack: Pack, failed: Failure) -> str:
    before, after = failed.inspections
    if failed.kind == "criterion":
        return (
            f"Better evidence makes an outcome worse. With {_evidence(pack, failed, 0)},"
            f" {_criterion(pack, failed.about)} {_outcome(before)}. With {_change(pack, failed)}, it"
            f" {_outcome(after)}"
        )
    so = ""
    if failed.changed is not None and failed.changed.kind == "criteria":
        so = f", so that {comes_to(_changed(failed, after), pack)}"
    return (
        f"Better evidence lowers the grade. Where {inspection(before, pack)}, the grade is"
        f" {_grade(pack, before)}. With {_change(pack, failed)}{so}, it is {_grade(pack, after)}"
        f"{_also(pack, failed)}"
    )


def _also(pack: Pack, failed: Failure) -> str:
    """Of what else the same is so."""
    match failed.also:
        case ():
            return ""
        case (one,):
            return f". The same is so of {named(pack, one)}"
        case others:
            kinds = {other.kind for other in others}
            words = {"criteria": "criteria", "judgment": "questions"}
            what = words.get(next(iter(kinds)), "") if len(kinds) == 1 else ""
            what = what or "parts of an inspection"
            return f". The same is so of {len(others)} other {what}"


def _change(pack: Pack, failed: Failure) -> str:
    """What is better in the second inspection than in the first."""
    step = failed.step
    if step is not None and step.observation is not None:
        seen = observation(pack, step.observation)
        about = quoted(step.observation.topic.replace("-", " "))
        more = "more" if step.change == "more in favour" else "fewer"
        return f"one observation {more} on {about}, {seen}"
    if step is not None and step.change == "concluded":
        return "the standard found to be met where nothing was shown either way"
    if failed.figure is not None:
        was, now = (value(pack, failed.figure, _amount(failed, n)) for n in (0, 1))
        towards = direction(pack, failed.figure).replace("-", " ")
        return f"{quoted(figure_title(pack, failed.figure))} at {now} instead of {was} ({towards})"
    now = _said_of(pack, failed, failed.inspections[1])
    if failed.changed is not None and failed.changed.kind == "judgment":
        return f"one judgment better, so that {now}"
    return f"earlier findings nearer to being closed, so that {now}"


def _said_of(pack: Pack, failed: Failure, shown: Inspection) -> str:
    """What the part that changes is in one of the inspections."""
    found = [said for said in shown.found if said.variable == failed.changed]
    return comes_to(found[0], pack) if found else "nothing is open from earlier inspections"


def _amount(failed: Failure, number: int) -> Value | None:
    """The figure that changes, as it is in one of the inspections."""
    if failed.step is not None:
        example = failed.step.after if number else failed.step.before
        return dict(example.figures).get(failed.figure) if failed.figure else None
    known = (said.to for said in failed.inspections[number].found if isinstance(said.to, Known))
    figures = {figure: amount for one in known for figure, amount in one.figures}
    return figures.get(failed.figure) if failed.figure else None


def _changed(failed: Failure, shown: Inspection) -> Said:
    """The part of an inspection that changes."""
    return next(said for said in shown.found if said.variable == failed.changed)


def _evidence(pack: Pack, failed: Failure, number: int) -> str:
    """The evidence on criteria in one of the inspections."""
    return evidence(pack, failed.inspections[number].found[0].example)


def _dead(pack: Pack, owner: str, failed: Failure) -> str:
    if failed.kind == "outcome":
        return _dead_outcome(pack, failed)
    (shown,) = failed.inspections
    where = inspection(shown, pack)
    graded = _grade(pack, shown)
    if failed.kind == "rung":
        label = grade_label(pack, failed.about)
        never = f"No inspection is graded {label}."
        why = {
            "never holds": f"Its rung never holds. The closest is where {where}, and there"
            f" {_denied(pack, failed)}",
            "withheld": "Wherever its rung would be reached it is withheld, because it rests on"
            f" evidence that may not carry it by itself, as where {where}",
            "always decided above": "Wherever its rung is reached, a better one holds, as where"
            f" {where}; there the grade is {graded}",
            "always held down": "Wherever its rung is reached, a limiter holds the grade lower, as"
            f" where {where}; there the grade is {graded}",
        }
        return f"{never} {why[failed.why]}"
    limiter = next(x.written for x in pack.limiters[owner] if x.id == failed.about)
    never = (
        f"Limiter `{failed.about}` (at best {grade_label(pack, limiter.at_best)}) lowers no grade."
    )
    why = {
        "never holds": f"It never holds. The closest is where {where}, and there"
        f" {_denied(pack, failed)}",
        "withheld": "Wherever it would hold it is withheld, because it rests on evidence that may not"
        f" carry it by itself, as where {where}",
        "lowers nothing": "Wherever it holds, the grade is no better without it, as where"
        f" {where}; there the grade is {graded}",
        "others hold as low": "Wherever it would lower the grade, another limiter holds it as low,"
        f" as where {where}; there the grade is {graded}",
    }
    return f"{never} {why[failed.why]}"


def _dead_outcome(pack: Pack, failed: Failure) -> str:
    name = _criterion(pack, failed.about)
    never = f"Condition `{failed.beside}` of {name} decides nothing."
    if failed.why == "never holds":
        return f"{never} No evidence makes it hold: it asks that {asked(failed.missing[0], pack)}"
    (shown,) = failed.inspections
    return (
        f"{never} Wherever it holds, the criterion comes out otherwise: with"
        f" {_evidence(pack, failed, 0)} it {_outcome(shown)}"
    )


def _idle(pack: Pack, owner: str, failed: Failure) -> str:
    never = "No two inspections that differ in it alone are graded differently"
    shown = failed.inspections[0] if failed.inspections else None
    changed = [s.variable for s in shown.found if failed.about in s.variable.names] if shown else []
    as_here = (
        f"; where {inspection(shown, pack, changed)}, the grade is {_grade(pack, shown)} whatever it is"
        if shown
        else ""
    )
    match failed.kind:
        case "criterion":
            return f"{_criterion(pack, failed.about)} does not matter. {never}{as_here}"
        case "judgment":
            return f"{title(pack, failed.about)} does not matter. {never}{as_here}"
        case "earlier":
            return f"What is open from earlier inspections does not matter. {never}"
        case _ if failed.about in pack.criteria and failed.figure is not None:
            figure = quoted(figure_title(pack, failed.figure))
            about = _criterion(pack, failed.about)
            return f"{figure} changes nothing about {about}, whose conditions ask for it"
        case _:
            what = quoted(figure_title(pack, failed.figure)) if failed.figure else failed.about
            return f"{what} does not matter. {never}{as_here}"


def _answered(pack: Pack, owner: str, failed: Failure) -> str:
    if failed.kind == "word":
        return f"The words “{failed.about}” answer what is unknown"
    if failed.kind == "criterion":
        return (
            f"{_criterion(pack, failed.about)} gets the finding `{failed.beside}` where nothing is"
            " shown either way"
        )
    shown, without = failed.inspections
    what = "Limiter" if failed.kind == "limiter" else "The rung for"
    name = f"`{failed.about}`" if failed.kind == "limiter" else grade_label(pack, failed.about)
    unknown = "what is not shown"
    if isinstance(failed.missing[0], Count) and failed.missing[0].counted == "previous":
        unknown = "a status that is not known"
    counts = (
        f"counts {unknown} as if that were an answer"
        if failed.why == "counted with an answer"
        else f"gives a grade for {unknown}"
    )
    return (
        f"{what} {name} {counts}: it asks that {asked(failed.missing[0], pack)}. Where"
        f" {inspection(shown, pack)}, the grade is {_grade(pack, shown)}; if {unknown}"
        f" counted for nothing, it would be {_grade(pack, without)}"
    )


def _denied(pack: Pack, failed: Failure) -> str:
    return clauses(denied(part, pack) for part in failed.missing)


def _criterion(pack: Pack, criterion: str) -> str:
    return quoted(pack.criteria[criterion].written.says)


def _outcome(shown: Inspection) -> str:
    return outcome_words(shown.grade.split(" or "))


def _grade(pack: Pack, shown: Inspection) -> str:
    return grade_words(pack, shown.grade)
