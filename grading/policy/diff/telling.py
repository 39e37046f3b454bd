"""The difference of two packs in plain text: meaning first, then what is written otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from grading.explain.english import (
    capital,
    clauses,
    counted,
    finding_words,
    grade_label,
    listed,
    outcome_words,
    quoted,
)
from grading.judge.states import State, kinds_of_finding
from grading.policy.diff.difference import Criterion, Difference, Judged, Moved, Rung
from grading.policy.diff.wording import Kind
from grading.policy.proof.claims import Inspection
from grading.policy.proof.inspections import comes_to, evidence, grade_words, inspection, title
from grading.rules.loaded import Pack

_HEADINGS: dict[Kind, str] = {
    "rules": "Rules written otherwise",
    "evidence": "What evidence comes to is written otherwise",
    "wording": "Wording",
    "metadata": "Metadata",
}


KNOWN = "no inspection in which all is known, by evidence that decides,"


def difference_text(found: Difference) -> str:
    """The difference as text."""
    return "".join(f"{line}\n" for line in _lines(found))


def judged_line(found: Difference, one: Judged) -> str:
    """What changes of a judgment, in one line."""
    pack = found.after if one.meaning == "new" else found.before
    name = f"{capital(one.kind)} {title(pack, one.id)}"
    worse = one.stricter.states if one.stricter else 0
    better = one.laxer.states if one.laxer else 0
    match one.meaning:
        case "new" | "gone":
            return f"{name}: {'is graded now' if one.meaning == 'new' else 'is no longer graded'}"
        case "not compared":
            return f"{name}: NOT COMPARED, there are too many states"
        case "equal" if one.looked == "by its rules":
            return f"{name}: equal, its rules are the same"
        case "equal":
            return f"{name}: equal in all {one.states:,} states, {one.looked}"
        case word:
            moves = [f"{better:,} better"] * bool(better) + [f"{worse:,} worse"] * bool(worse)
            return (
                f"{name}: {word}; of {one.states:,} states {listed(moves)}"
                f"{'' if len(moves) > 1 else ', and none ' + ('worse' if better else 'better')}"
                f" ({one.looked})"
            )


def _lines(found: Difference) -> Iterator[str]:
    before, after = found.before.manifest, found.after.manifest
    yield f"{before.id} {before.version} → {after.id} {after.version}"
    yield ""
    if found.refused:
        yield f"NOT COMPARED: {found.refused}"
    changed = [
        one for one in found.judgments if one.meaning != "equal" or one.looked != "by its rules"
    ]
    for one in changed:
        yield judged_line(found, one)
        yield from _judged(found, one)
    # a criterion on which evidence was looked at has rules that are not the same
    looked_at = [one for one in found.criteria if one.meaning != "equal" or one.evidence]
    for criterion in looked_at:
        yield from _criterion(found, criterion)
    same = len(found.judgments) - len(changed)
    alike = len(found.criteria) - len(looked_at)
    if same or alike:
        yield (
            f"Equal, their rules are the same: {counted(same, 'judgment', 'judgments')} and"
            f" {counted(alike, 'criterion', 'criteria')}"
        )
    for kind, heading in _HEADINGS.items():
        among = [change for change in found.changes if change.kind == kind]
        if among:
            yield ""
            yield f"{heading}:"
        for change in among:
            yield f"  {change.path}: {_said(change.before)} → {_said(change.after)}"
    yield ""
    yield _verdict(found)


def _judged(found: Difference, one: Judged) -> Iterator[str]:
    for rung in one.rungs:
        if rung.meaning != "equal":
            yield f"    {_rung(found.before, rung)}"
    for word, moved in (("better", one.laxer), ("worse", one.stricter)):
        if moved is not None:
            yield f"    {word}, as where {_moved(found, moved)}"


def _rung(pack: Pack, rung: Rung) -> str:
    label = grade_label(pack, rung.grade)
    best = rung.grade == pack.grades[0]
    reached = label if best else f"{label} or better"
    moves = [f"{rung.gained:,} newly"] * bool(rung.gained) + [f"{rung.lost:,} no longer"] * bool(
        rung.lost
    )
    return f"{reached}: {rung.meaning}; states {rung.before:,} → {rung.after:,} ({listed(moves)})"


def _moved(found: Difference, moved: Moved) -> str:
    """An inspection that is graded otherwise: as it comes out before, and what of it changes."""
    was, now = (grade_words(found.before, one.grade) for one in (moved.before, moved.after))
    so = [
        comes_to(after, found.after)
        for before, after in zip(moved.before.found, moved.after.found, strict=False)
        if before.variable == after.variable and before.to != after.to
    ]
    changed = (
        f"after the change {clauses(so)}, and the grade" if so else "after the change the grade"
    )
    return f"{inspection(moved.before, found.before)}; the grade is {was}, and {changed} is {now}"


def _criterion(found: Difference, one: Criterion) -> Iterator[str]:
    pack = found.after if one.meaning == "new" else found.before
    name = f"Criterion {quoted(pack.criteria[one.id].written.says)}"
    if one.meaning in ("new", "gone", "not compared"):
        is_so = {
            "new": "is new",
            "gone": "is gone",
            "not compared": "NOT COMPARED, there is too much evidence",
        }
        yield f"{name}: {is_so[one.meaning]}"
        return
    if one.meaning == "equal":
        yield f"{name}: equal on all {one.evidence:,} pieces of evidence"
        return
    moves = [(one.laxer, "better"), (one.stricter, "worse"), (one.other, "otherwise")]
    said = [f"{moved.states:,} {word}" for moved, word in moves if moved is not None]
    how = one.meaning if one.laxer or one.stricter else "concluded otherwise"
    yield f"{name}: {how}; of {one.evidence:,} pieces of evidence {listed(said)}"
    for moved, word in moves:
        if moved is not None:
            was, now = (
                outcome_words([side.grade]) + (_findings(pack, side, one.id) if by_them else "")
                for by_them in [word == "otherwise"]
                for side, pack in ((moved.before, found.before), (moved.after, found.after))
            )
            with_this = evidence(found.before, moved.before.found[0].example)
            yield f"    {word}, as with {with_this}: before, it {was}; after, it {now}"


def _findings(pack: Pack, shown: Inspection, criterion: str) -> str:
    """The findings on a criterion: `, with an area for improvement`."""
    (said,) = shown.found
    state = said.to[0] if isinstance(said.to, tuple) else None
    if not isinstance(state, State):
        return ""
    truths = state.findings[said.variable.names.index(criterion)]
    kinds = [kind for kind, so in zip(kinds_of_finding(pack), truths, strict=True) if so]
    words = [f"{'an' if kind[0] in 'aeiou' else 'a'} {finding_words(kind)}" for kind in kinds]
    return f", with {listed(words)}" if words else ", with no finding"


def _said(value: str | None) -> str:
    return "nothing" if value is None else f"`{value}`"


def _verdict(found: Difference) -> str:
    if found.equal and all(one.looked == "by its rules" for one in found.judgments):
        return "equal: no inspection is graded otherwise"
    if found.equal:
        return f"equal: {KNOWN} is graded otherwise"
    if found.refused:
        return "not compared"
    changed = [one for one in found.judgments if one.meaning != "equal"]
    unseen = [one for one in changed if one.meaning == "not compared"]
    said = [
        f"{counted(len(changed) - len(unseen), 'judgment changes', 'judgments change')}",
        *([f"{len(unseen)} not compared"] if unseen else []),
    ]
    otherwise = sum(one.meaning not in ("equal", "not compared") for one in found.criteria)
    if len(changed) == len(unseen) and otherwise:
        said.append(counted(otherwise, "criterion changes", "criteria change"))
    derivation = (
        "; evidence may come to other figures, which no state shows" if found.derivation else ""
    )
    return f"changed: {listed(said)}{derivation}"
