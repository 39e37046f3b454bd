"""L601: what is defined and used nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from grading.policy.lint.subject import Subject
from grading.problems import Place, Problem


def unused(subject: Subject) -> Iterator[Problem]:
    """The criterion tests, ladders, caveats and bands that nothing in the pack names."""
    document, manifest = subject.files.manifest
    questions = [question for _, question in subject.files.questions.values()]
    ladders = {question.ladder for question in questions} | {manifest.sub_question_ladder}
    if manifest.overall is not None:
        ladders.add(manifest.overall.ladder)
    tests = {rule.place for rule in subject.pack.rules.values()}
    named = [("ladders", ladder, "ladder") for ladder in manifest.ladders if ladder not in ladders]
    named += [
        ("criterion-tests", written.home, "criterion test")
        for written in subject.written
        if written.path[0] == "criterion-tests" and written.name == "meets"
        if written.place not in tests
    ]
    for key, name, what in named:
        yield _problem(f"{what} `{name}`", document.key_place((key, name)))
    series = subject.files.series_document
    if series is None:
        return
    every = subject.pack.series.values()
    caveats = {caveat for each in every for caveat in each.caveats}
    caveats |= {each.partial or "" for each in every}
    caveats |= {pilot.caveat for each in every for pilot in each.pilots}
    caveats |= {c for indicator in subject.pack.indicators.values() for c in indicator.caveats}
    bands = {each.bands for each in every}
    for caveat in subject.pack.caveats:
        if caveat not in caveats:
            yield _problem(f"caveat `{caveat}`", series.key_place(("caveats", caveat)))
    for band in subject.pack.bands:
        if band not in bands:
            yield _problem(f"bands `{band}`", series.key_place(("bands", band)))


def _problem(what: str, place: Place) -> Problem:
    return Problem(place, "L601", f"nothing uses {what}", "use it, or take it out")
