"""The figures that the records of an inspection hold, each with the place where it was typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from grading.evidence.evidence import Evidence, Placed
from grading.evidence.notfigures import period_or_basis, spans_of_no_figures
from grading.evidence.numbers import HALF, Written, numbers_in
from grading.evidence.records import FileReview, Metric, Observation, Previous, Survey
from grading.problems import Place
from grading.rules.pack import Unit


@dataclass(frozen=True)
class Recorded:
    """A figure of a record. A `beside` figure only covers: it need not be printed where it is."""

    id: str
    value: Decimal
    unit: Unit | str | None  # None where a statement does not say one
    place: Place
    heading: str
    locator: str = ""
    footnote: int | None = None
    beside: bool = False
    in_statement: bool = False


def recorded_in(evidence: Evidence) -> tuple[Recorded, ...]:
    """Every figure of every record, in order of place."""
    found = [figure for metric in evidence.metrics for figure in _of_metric(metric)]
    found += [figure for survey in evidence.surveys for figure in _of_survey(survey)]
    for placed in (*evidence.observations, *evidence.previous):
        found += _of_statement(placed)
        if isinstance(placed.record, FileReview) and placed.record.files is not None:
            record = placed.record
            value = Decimal(placed.record.files)
            place = placed.at("files")
            note = record.footnote
            # the size of a review is told once and holds wherever its results are told
            found.append(Recorded(record.id, value, "count", place, record.heading, "", note, True))
    return tuple(sorted(found, key=lambda figure: (figure.place, figure.id, figure.value)))


def headings_in(evidence: Evidence) -> tuple[str, ...]:
    """Every heading that a record names, once each, in alphabetical order."""
    every = (*evidence.observations, *evidence.metrics, *evidence.surveys, *evidence.previous)
    return tuple(sorted({placed.record.heading for placed in every}))


def is_counted(number: Written) -> bool:
    """`one` and `half` are figures only with a unit: alone they are mostly figures of speech."""
    return bool(not number.in_words or number.unit or number.value not in (0, 1, HALF))


def _of_metric(placed: Placed[Metric]) -> Iterator[Recorded]:
    metric = placed.record
    for column, value in (
        ("value", metric.value),
        ("numerator", metric.numerator),
        ("denominator", metric.denominator),
    ):
        if value is not None:
            beside = column != "value"
            unit = "count" if beside else metric.unit
            place = placed.at(column)
            yield Recorded(
                metric.id, value, unit, place, metric.heading, metric.locator, beside=beside
            )


def _of_survey(placed: Placed[Survey]) -> Iterator[Recorded]:
    survey = placed.record
    heading, locator = survey.heading, survey.locator
    if survey.value is not None:
        yield Recorded(survey.id, survey.value, survey.unit, placed.at("value"), heading, locator)
    if survey.n is not None:
        yield Recorded(survey.id, Decimal(survey.n), "count", placed.at("n"), heading, locator)


def _of_statement(
    placed: Placed[Observation] | Placed[FileReview] | Placed[Previous],
) -> Iterator[Recorded]:
    record = placed.record
    for number in figures_of(record.statement):
        yield Recorded(
            record.id,
            number.value,
            number.unit or None,
            placed.at("statement"),
            record.heading,
            footnote=record.footnote,
            beside=number.in_words and not number.unit,  # may be the inspector's own counting
            in_statement=True,
        )


def figures_of(text: str) -> Iterator[Written]:
    """The numbers of a text that are figures, and not dates, references or figures of speech."""
    spans = list(spans_of_no_figures(text))
    for number in numbers_in(text):
        masked = any(start < number.end and number.start < end for start, end, _ in spans)
        if not masked and not period_or_basis(text, number) and is_counted(number):
            yield number
