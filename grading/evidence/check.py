"""Evidence against its rule pack: what it says that the pack does not know, or that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from grading.evidence.evidence import Evidence, Placed
from grading.evidence.moderation_problems import decision_problems
from grading.evidence.records import (
    FileReview,
    Inspection,
    Metric,
    Observation,
    Previous,
    Survey,
)
from grading.evidence.reviewed_rows import reviewed_problems
from grading.problems import Place, Problem, did_you_mean, first_told, known_instead, listed
from grading.rules.loaded import OVERALL, Pack
from grading.rules.pack import Unit
from grading.source import Document
from grading.source.text import MOST_SHOWN

OPTIONAL_SCALES = ("extent", "maturity", "effect", "severity")
_NEVER_NEGATIVE = frozenset({"count", "days", "months", "hours", "years"})


def against_pack(evidence: Evidence, pack: Pack, document: Document) -> Iterator[Problem]:
    """Everything that the evidence says and the pack does not know, or that contradicts itself."""
    yield from _inspection_problems(evidence.inspection, pack, document, evidence.previous)
    yield from _not_graded_problems(evidence.inspection, pack, document)
    yield from first_told(_repeated_ids(evidence), MOST_SHOWN)
    yield from _made_up_problems(evidence)
    yield from record_problems(evidence, pack)
    yield from decision_problems(evidence, pack)


def _made_up_problems(evidence: Evidence) -> Iterator[Problem]:
    """No grade of a real body may rest on made-up figures: one problem a file of them."""
    if evidence.inspection.synthetic:
        return
    first: dict[str, Placed[Metric]] = {}
    for metric in (*evidence.metrics, *evidence.table):
        if metric.record.synthetic:
            place = metric.place
            before = first.setdefault(place.file, metric)
            if place.line < before.place.line:
                first[place.file] = metric
    for file in sorted(first):
        message = f"`{evidence.inspection.body}` is a real body and these figures are made up"
        hint = "use the figures of real bodies, or mark the inspection `synthetic: true`"
        yield Problem(first[file].at("synthetic"), "E431", message, hint)


def record_problems(evidence: Evidence, pack: Pack) -> Iterator[Problem]:
    """What single records say and the pack does not know, or get wrong: of a table, the first."""
    for placed in evidence.observations:
        yield from _coding_problems(placed, pack)
    yield from first_told(_mitigation_problems(evidence), MOST_SHOWN)
    yield from first_told(reviewed_problems(evidence.reviewed, pack), MOST_SHOWN)
    for among in (evidence.metrics, evidence.table):
        wrong = (problem for metric in among for problem in _metric_problems(metric, pack))
        yield from first_told(wrong, MOST_SHOWN)
    wrong = (problem for survey in evidence.surveys for problem in _figure_problems(survey))
    yield from first_told(wrong, MOST_SHOWN)
    for earlier in evidence.previous:
        yield from _previous_problems(earlier, pack)


def _mitigation_problems(evidence: Evidence) -> Iterator[Problem]:
    citing = [placed for placed in evidence.observations if placed.record.mitigation is not None]
    if not citing:
        return
    ids = {placed.record.id for placed in (*evidence.every(), *evidence.table)}
    for placed in citing:
        mitigation = placed.record.mitigation
        for i, cited in enumerate(mitigation.records if mitigation else ()):
            if cited not in ids:
                place = placed.at("mitigation", "records", i)
                yield _unknown(place, "E404", "record", cited, ids)


def _inspection_problems(
    inspection: Inspection,
    pack: Pack,
    document: Document,
    previous: tuple[Placed[Previous], ...],
) -> Iterator[Problem]:
    manifest = pack.manifest
    if inspection.framework != manifest.framework:
        place = document.place(("framework",))
        message = f"the pack `{manifest.id}` is for framework `{manifest.framework}`"
        yield Problem(place, "E405", message, "correct `framework` or `pack`")
    start, end = manifest.in_force.from_, manifest.in_force.to
    if inspection.as_of < start or (end is not None and inspection.as_of > end):
        place = document.place(("as-of",))
        message = f"the pack `{manifest.id}` was not in force on {inspection.as_of}"
        yield Problem(place, "E406", message, f"it is in force from {start} to {end or 'now'}")
    if inspection.plan.searched != "all":
        for i, topic in enumerate(inspection.plan.searched):
            if topic not in pack.topics:
                place = document.place(("plan", "searched", i))
                yield _unknown(place, "E403", "topic", topic, pack.topics)
    ids = {placed.record.id for placed in previous if placed.record.kind == "judgment"}
    for i, carried in enumerate(inspection.carried_forward):
        path: tuple[str | int, ...] = ("carried-forward", i)
        if carried.question not in pack.graded:
            place = document.place((*path, "question"))
            yield _unknown(place, "E407", "graded question", carried.question, pack.graded)
        if carried.record not in ids:
            place = document.place((*path, "record"))
            yield _unknown(place, "E404", "earlier judgment", carried.record, ids)


def _not_graded_problems(
    inspection: Inspection, pack: Pack, document: Document
) -> Iterator[Problem]:
    overall = (OVERALL,) if pack.manifest.overall is not None else ()
    questions, values = (*pack.graded, *overall), pack.manifest.scale.not_grades
    for i, entry in enumerate(inspection.not_graded):
        path: tuple[str | int, ...] = ("not-graded", i)
        if entry.question not in questions:
            place = document.place((*path, "question"))
            yield _unknown(place, "E418", "graded question", entry.question, questions)
        if entry.value not in values:
            place = document.place((*path, "value"))
            hint = did_you_mean(entry.value, values)
            hint = hint or f"`scale.not-grades` of the pack has {listed(values) or 'none'}"
            message = f"unknown value that is not a grade `{entry.value}`"
            yield Problem(place, "E419", message, hint)
    stated = {entry.question for entry in inspection.not_graded}
    if overall and stated.issuperset(pack.graded) and OVERALL not in stated:
        message = "no question is graded, so the overall judgment cannot be"
        hint = f"say under `not-graded` what `{OVERALL}` is"
        yield Problem(document.place(("not-graded",)), "E420", message, hint)


def _repeated_ids(evidence: Evidence) -> Iterator[Problem]:
    first: dict[str, Placed[Any]] = {}
    for placed in (*evidence.every(), *evidence.table):
        name = placed.record.id
        before = first.setdefault(name, placed)
        if before is not placed:
            message, hint = (
                f"two records have the id `{name}`",
                f"the first is at {before.at('id')}",
            )
            yield Problem(placed.at("id"), "E408", message, hint)


def _coding_problems(
    placed: Placed[Observation] | Placed[FileReview], pack: Pack
) -> Iterator[Problem]:
    record = placed.record
    if record.topic not in pack.topics:
        yield _unknown(placed.at("topic"), "E403", "topic", record.topic, pack.topics)
    for scale in OPTIONAL_SCALES:
        level = getattr(record, scale)
        known = tuple(getattr(pack.manifest.coding, scale)) if pack.manifest.coding else ()
        if level is not None and level not in known:
            yield _unknown(placed.at(scale), "E409", f"level of {scale}", level, known)
    if isinstance(record, FileReview) and _reversed(record.from_, record.to):
        yield _period_problem(placed.at("to"))


def _metric_problems(placed: Placed[Metric], pack: Pack) -> Iterator[Problem]:
    metric = placed.record
    yield from _figure_problems(placed)
    for i, caveat in enumerate(metric.caveats):
        if caveat not in pack.caveats:
            yield _unknown(placed.at("caveats", i), "E414", "caveat", caveat, pack.caveats)
    if metric.series not in pack.series:
        yield _unknown(placed.at("series"), "E410", "series", metric.series, pack.series)
        return
    series = pack.series[metric.series]
    if metric.unit != series.unit:
        message = f"series `{metric.series}` is in `{series.unit}`, not in `{metric.unit}`"
        hint = "correct the unit, or use another series"
        yield Problem(placed.at("unit"), "E411", message, hint)
    if series.values and metric.value is not None and metric.value not in series.values:
        allowed = ", ".join(map(str, series.values))
        message = f"`{metric.value}` is no value of series `{metric.series}`"
        yield Problem(placed.at("value"), "E412", message, f"it is one of {allowed}")


def _figure_problems(placed: Placed[Metric] | Placed[Survey]) -> Iterator[Problem]:
    figure = placed.record
    if figure.unit == "percent" and figure.value is not None and not 0 <= figure.value <= 100:
        yield Problem(
            placed.at("value"),
            "E415",
            f"a share cannot be {figure.value} per cent",
            "a share lies between 0 and 100; the unit of a change is `percent-change`",
        )
    elif never_negative(figure.unit):
        yield from _negative_problems(placed, "value")
    yield from _negative_problems(placed, "numerator")
    yield from _negative_problems(placed, "denominator")
    if _reversed(figure.from_, figure.to):
        yield _period_problem(placed.at("to"))


def never_negative(unit: Unit) -> bool:
    """Whether no figure in the unit can be below zero; a change or a difference of figures can."""
    return unit in _NEVER_NEGATIVE or unit.startswith("per-")


def _negative_problems(placed: Placed[Metric] | Placed[Survey], column: str) -> Iterator[Problem]:
    value = getattr(placed.record, column, None)
    if value is not None and value < 0:
        message = f"`{column}` cannot be {value}, below zero"
        hint = "the unit of a change is `percent-change` or `percentage-points`"
        yield Problem(placed.at(column), "E421", message, hint if column == "value" else "")


def _reversed(start: date | None, end: date | None) -> bool:
    return start is not None and end is not None and end < start


def _period_problem(place: Place) -> Problem:
    return Problem(place, "E413", "the period ends before it starts", "exchange `from` and `to`")


def _previous_problems(placed: Placed[Previous], pack: Pack) -> Iterator[Problem]:
    previous = placed.record
    questions = (*pack.questions, OVERALL)
    if previous.question is not None and previous.question not in questions:
        yield _unknown(placed.at("question"), "E407", "question", previous.question, questions)
    if previous.grade is not None and previous.grade not in pack.grades:
        yield _unknown(placed.at("grade"), "E416", "grade", previous.grade, pack.grades)
    if previous.topic is not None and previous.topic not in pack.topics:
        yield _unknown(placed.at("topic"), "E403", "topic", previous.topic, pack.topics)


def _unknown(place: Place, code: str, what: str, word: str, known: Iterable[str]) -> Problem:
    return Problem(place, code, f"unknown {what} `{word}`", known_instead(word, known))
