"""The text of `grading what-if`: judgments first, then what led there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grading.commands.common import synthetic
from grading.explain.because import Because
from grading.explain.differences import Differences
from grading.explain.what_if import WhatIf
from grading.explain.what_if_said import (
    altered,
    criteria,
    figures,
    findings,
    grades,
    limits,
    otherwise,
    stands,
    touched,
)

_MOST = 12
_MOST_SENTENCES = 8


def lines(result: WhatIf) -> Iterator[str]:
    """What is otherwise, and everything that changes with it."""
    before, after = result.before, result.after
    found = Differences(before, after)
    inspection, manifest = before.evidence.inspection, before.pack.manifest
    yield from synthetic(before.evidence)
    yield inspection.body_name
    yield (
        f"{manifest.title} · rule pack {manifest.id} {manifest.version}"
        f" · as of {inspection.as_of.isoformat()}"
    )
    yield "What if, with nothing written:"
    yield from (f"  · {clause}" for clause in otherwise(result))
    yield ""
    if before.pack.grades != after.pack.grades:
        yield "The two rule packs have different scales: their grades are not to be compared."
    for name, change in found.judgments.items():
        yield f"{_title(found, name)}: {grades(before, after, change)}"
    yield ""
    if found.nothing:
        yield stands(found)
        yield from _section("Figures that change:", figures(found))
        yield from _section("What it touches:", touched(result))
        return
    subs = {name: change for name, change in found.sub_questions.items() if not change.stands}
    changed = list(criteria(found))
    number = f"{len(changed)} of {len(found.criteria)}"
    yield from _section("Before any limit:", _provisional(found))
    yield from _section("Limits that change:", limits(found))
    yield from _section("Beside the judgment before:", _trends(found))
    yield from _section(f"Criteria that change, {number}:", changed)
    yield from _section("Findings that fall away:", findings(before, found.fallen))
    yield from _section("Findings that are no longer sure:", findings(before, found.unsure))
    yield from _section("Findings that are new:", findings(after, found.new))
    yield from _section("Findings that are now sure:", findings(after, found.sure))
    yield from _section("Findings that change:", altered(found))
    yield from _section("Figures that change:", figures(found))
    yield from _section(
        "Sub-questions that stand elsewhere:",
        (
            f"{_sub_title(found, name)}: {grades(before, after, change)}"
            for name, change in subs.items()
        ),
    )
    for name, said in found.sentences.items():
        if found.changes(name):
            title = _title(found, name)
            yield from _section(f"Now said of “{title}”:", _sentences(said.new), _MOST_SENTENCES)
            yield from _section(
                f"No longer said of “{title}”:", _sentences(said.fallen), _MOST_SENTENCES
            )


def _section(heading: str, told: Iterable[str], most: int = _MOST) -> Iterator[str]:
    """So many lines under their heading, and how many more there are; nothing where there are none."""
    found = list(told)
    if found:
        yield heading
        yield from (f"  · {line}" for line in found[:most])
    if len(found) > most:
        yield f"  · … and {len(found) - most} more, all of which --format json has"


def _provisional(found: Differences) -> Iterator[str]:
    """The judgments whose grade stands by their limits alone."""
    for name, change in found.provisional.items():
        graded = change.before and change.after
        if graded and not change.stands and found.judgments[name].stands:
            yield f"{_title(found, name)}: {grades(found.before, found.after, change)}"


def _trends(found: Differences) -> Iterator[str]:
    for name, change in found.trends.items():
        if not change.stands:
            was, then = (said or "not graded" for said in (change.before, change.after))
            yield f"{_title(found, name)}: {was}, then {then}"


def _sentences(said: tuple[Because, ...]) -> Iterator[str]:
    return (f"{step.text} [{step.record}]" if step.record else step.text for step in said)


def _title(found: Differences, name: str) -> str:
    side = found.after if name in found.after.judgments else found.before
    return side.judgments[name].title


def _sub_title(found: Differences, name: str) -> str:
    side = found.after if name in found.after.sub_questions else found.before
    return side.sub_questions[name].title
