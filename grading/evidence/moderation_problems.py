"""Changes of grades and challenges against the pack, the records and each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grading.evidence.evidence import Evidence
from grading.evidence.moderation import Challenge, Decided, Moderation
from grading.problems import Place, Problem, did_you_mean, known_instead, listed
from grading.rules.facts import UNDETERMINED
from grading.rules.loaded import OVERALL, Pack


def decision_problems(evidence: Evidence, pack: Pack) -> Iterator[Problem]:
    """What changes of grades and challenges name that is not there, and what they may not do."""
    records = frozenset(placed.record.id for placed in (*evidence.every(), *evidence.table))
    yield from _repeated(evidence)
    for decided in evidence.moderation:
        yield from _names(decided, evidence, pack)
        yield from _second(decided, pack)
        yield from _not_there(decided, "evidence", decided.written.evidence, records)
    yield from _superseding(evidence.moderation)
    yield from _together(evidence.moderation)
    known = records | {*pack.criteria, *pack.questions, OVERALL}
    for challenge in evidence.challenges:
        yield from _not_there(challenge, "of", challenge.written.of, known)
        if challenge.written.answer is not None:
            corrections = challenge.written.answer.corrections
            yield from _not_there(challenge, "corrections", corrections, records, "answer")


def _repeated(evidence: Evidence) -> Iterator[Problem]:
    first: dict[str, Place] = {p.record.id: p.at("id") for p in evidence.every()}
    decisions: list[Decided[Moderation] | Decided[Challenge]] = [
        *evidence.moderation,
        *evidence.challenges,
    ]
    for decided in decisions:
        name, place = decided.written.id, decided.at("id")
        if name in first:
            yield Problem(
                place, "E408", f"two records have the id `{name}`", f"the first is at {first[name]}"
            )
        first.setdefault(name, place)


def _names(decided: Decided[Moderation], evidence: Evidence, pack: Pack) -> Iterator[Problem]:
    written, overall = decided.written, (OVERALL,) if pack.manifest.overall is not None else ()
    graded = [q for q in (*pack.graded, *overall) if q not in evidence.not_graded]
    if written.question not in graded:
        message = f"`{written.question}` has no grade that could be changed"
        hint = did_you_mean(written.question, graded) or f"it is one of {listed(graded)}"
        yield Problem(decided.at("question"), "E451", message, hint)
    for key, grade, known in (
        ("from", written.from_, (*pack.grades, UNDETERMINED)),
        ("to", written.to, pack.grades),
    ):
        if grade is not None and grade not in known:
            message = f"unknown grade `{grade}`"
            yield Problem(decided.at(key), "E452", message, known_instead(grade, known))


def _second(decided: Decided[Moderation], pack: Pack) -> Iterator[Problem]:
    """A change of two grades or more, or of one that was open, needs two people."""
    written, grades = decided.written, pack.grades
    if written.second is not None or written.to not in grades:
        return
    if written.from_ == UNDETERMINED:
        message = "a grade that the evidence leaves open is settled by two people"
    elif (
        written.from_ in grades and abs(grades.index(written.from_) - grades.index(written.to)) > 1
    ):
        message = "a grade is changed by more than one step by two people"
    else:
        return
    yield Problem(decided.place, "E453", message, "say under `second` who agreed, and in what role")


def _superseding(moderation: tuple[Decided[Moderation], ...]) -> Iterator[Problem]:
    """What a change takes the place of stands above it, is of the same question, and is not younger."""
    above: dict[str, Moderation] = {}
    for decided in moderation:
        written = decided.written
        if written.supersedes is not None:
            before = above.get(written.supersedes)
            if before is None:
                message = f"no change above this one has the id `{written.supersedes}`"
                hint = known_instead(written.supersedes, above)
                yield Problem(decided.at("supersedes"), "E455", message, hint)
            elif before.question != written.question or before.date_ > written.date_:
                what = (
                    "is of another question" if before.question != written.question else "is later"
                )
                message = f"`{before.id}` {what}"
                yield Problem(
                    decided.at("supersedes"), "E455", message, "name the change it replaces"
                )
        above[written.id] = written


def _together(moderation: tuple[Decided[Moderation], ...]) -> Iterator[Problem]:
    """On no day may two changes of one grade be in force."""
    by_id = {d.written.id: d.written for d in moderation}
    ends = {m.supersedes: m.date_ for m in by_id.values() if m.supersedes is not None}
    changes = sorted(
        (d for d in moderation if d.written.to is not None), key=lambda d: d.written.date_
    )
    for number, later in enumerate(changes):
        for earlier in changes[:number]:
            one, two = earlier.written, later.written
            ended = one.until is not None and one.until < two.date_
            replaced = one.id in ends and ends[one.id] <= two.date_
            if one.question == two.question and not ended and not replaced:
                message = f"on {two.date_} `{one.id}` is in force as well"
                hint = f"write `supersedes: {one.id}` where it takes its place"
                yield Problem(later.place, "E454", message, hint)


def _not_there(
    decided: Decided[Moderation] | Decided[Challenge],
    key: str,
    names: Iterable[str],
    known: frozenset[str] | set[str],
    *above: str,
) -> Iterator[Problem]:
    for i, name in enumerate(names):
        if name not in known:
            place = decided.at(*above, key, i)
            yield Problem(place, "E404", f"unknown record `{name}`", known_instead(name, known))
