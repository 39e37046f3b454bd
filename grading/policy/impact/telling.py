"""What a change does to past inspections in plain text: the moves in a table, then each inspection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grading.explain.english import capital, counted, finding_words, grade_label, grades_span
from grading.policy.impact.impact import Impact, Impacted, Move
from grading.policy.impact.units import Cause
from grading.policy.proof.inspections import title
from grading.rules.loaded import OVERALL, Pack


def impact_text(found: Impact) -> str:
    """The impact as text."""
    return "".join(f"{line}\n" for line in _lines(found))


def owners(found: Impact) -> tuple[str, ...]:
    """The judgments that some inspection has, in order; those of which none moves are left out."""
    every = dict.fromkeys(name for one in found.inspections for name, _, _ in one.judged)
    moving = {move.owner for one in found.inspections for move in one.moves}
    return tuple(name for name in every if name in moving)


def untouched(found: Impact) -> int:
    """How many inspections were not graded again: what changed leads to nothing else there."""
    return sum(one.untouched for one in found.inspections)


def judged_again(found: Impact) -> tuple[int, int]:
    """How many judgments the inspections have that were graded again, and how many of them were."""
    after = found.after
    number = len(after.questions) + (after.manifest.overall is not None)
    graded = [one for one in found.inspections if not one.untouched]
    return number * len(graded), sum(len(one.again) for one in graded)


def words_of(pack: Pack, grades: Sequence[str]) -> str:
    """The grade, those that are possible, or the word for having none."""
    if not grades:
        return "not there"
    if all(grade in pack.grades for grade in grades):
        return grades_span(pack, grades)
    return grades[0].replace("-", " ")


def cause_words(cause: Cause) -> str:
    """A change as a clause: what is asked or holds now, and what was or did before."""
    if cause.now is None:
        return f"it does not hold any more that {cause.before}"
    if cause.before is None:
        return f"it is new that {cause.now}"
    verb = "is now asked" if cause.condition else "now holds"
    return f"it {verb} that {cause.now}; before, that {cause.before}"


def because(found: Impact, move: Move) -> Iterator[str]:
    """What moved a judgment: the changes that did, or else all that could have."""
    for cause in move.causes:
        yield f"{cause.place}: {cause_words(cause)}"
    others = [c for c in found.changes if c.kind in ("rules", "evidence")]
    if not move.causes and len(others) > 1:
        yield "by one of these changes, or by several together:"
    for change in others if not move.causes else ():
        yield f"{change.path}: {change.before or 'nothing'} → {change.after or 'nothing'}"


def summary(found: Impact) -> Iterator[str]:
    """How many inspections there were, how many move, and how many were not graded again."""
    number = len(found.inspections)
    moved = len(found.moved)
    change = {0: "none of them changes", 1: "1 changes"}.get(moved, f"{moved} change")
    yield f"{counted(number, 'inspection', 'inspections')}: {change}"
    if untouched(found):
        why = "what changed leads to nothing else there"
        yield f"{untouched(found)} not graded again: {why}"
    every, again = judged_again(found)
    if again < every:
        graded = counted(number - untouched(found), "inspection", "inspections")
        yield (
            f"{graded} graded again, in {again} of {every} judgments of questions and overall: no rule of"
            " the rest changed"
        )
    if found.unread:
        yield f"{len(found.unread)} NOT GRADED: they do not fit one of the packs"


def _lines(found: Impact) -> Iterator[str]:
    before, after = found.before, found.after
    yield (
        f"{before.manifest.id} {before.manifest.version} →"
        f" {after.manifest.id} {after.manifest.version}"
    )
    yield from summary(found)
    for owner in owners(found):
        yield ""
        yield from _matrix(found, owner)
    for one in found.moved:
        yield ""
        yield from _impacted(found, one)
    for label, problems in found.unread:
        yield ""
        yield f"{label}: not graded"
        yield from (f"    {problem}" for problem in problems)


def _matrix(found: Impact, owner: str) -> Iterator[str]:
    pack = found.before
    yield capital(name_of(found, owner))
    for (was, now), number in sorted(
        found.matrix(owner).items(), key=lambda item: (_place(pack, item[0][0]), item[0])
    ):
        arrow = "stays" if was == now else f"→ {label(pack, now)}"
        yield f"    {label(pack, was)} {arrow}: {number}"


def name_of(found: Impact, owner: str) -> str:
    """The title of a judgment, as the packs have it."""
    before, after = found.before, found.after
    known = (owner == OVERALL and before.manifest.overall) or owner in before.places
    return title(before if known else after, owner)


def label(pack: Pack, word: str) -> str:
    """The label of a grade, or the word for having none."""
    if not word:
        return "not there"
    return grade_label(pack, word) if word in pack.grades else word.replace("-", " ")


def _place(pack: Pack, word: str) -> int:
    return pack.grades.index(word) if word in pack.grades else len(pack.grades)


def _impacted(found: Impact, one: Impacted) -> Iterator[str]:
    made_up = "SYNTHETIC, made up: " if one.synthetic else ""
    yield f"{made_up}{one.body}, as of {one.as_of} ({one.label})"
    for move in one.moves:
        yield f"    {move_words(found, move)}"
        yield from (f"        {line}" for line in because(found, move))
    for word, findings in (("new", one.gained), ("gone", one.lost)):
        for finding in findings:
            yield f"    {word}: {finding_words(finding.kind)} “{finding.says}”"


def move_words(found: Impact, move: Move) -> str:
    """How a judgment moves."""
    before, after = found.before, found.after
    was, now = words_of(before, move.before), words_of(after, move.after)
    return f"{name_of(found, move.owner)}: {was} → {now}"
