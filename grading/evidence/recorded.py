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

Subject = tuple[str, ...]
"""What a figure is of: series, body and period. Of a statement or a figure beside, nothing."""


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
    subject: Subject = ()

    def __str__(self) -> str:
        return f"{self.value:,f} {self.unit}" if self.unit else f"{self.value:,f}"


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
    heading, locator = metric.heading, metric.locator
    if metric.value is not None:
        subject = (metric.series, metric.body, str(metric.from_), str(metric.to))
        place = placed.at("value")
        yield Recorded(
            metric.id, metric.value, metric.unit, place, heading, locator, subject=subject
        )
    for column, value in (("numerator", metric.numerator), ("denominator", metric.denominator)):
        if value is not None:
            place = placed.at(column)
            yield Recorded(metric.id, value, "count", place, heading, locator, beside=True)


def _of_survey(placed: Placed[Survey]) -> Iterator[Recorded]:
    survey = placed.record
    subject = (survey.survey, survey.item, survey.answer, str(survey.from_), str(survey.to))
    for column, value, unit in (
        ("value", survey.value, survey.unit),
        ("n", None if survey.n is None else Decimal(survey.n), "count"),
    ):
        if value is not None:
            yield Recorded(
                survey.id,
                value,
                unit,
                placed.at(column),
                survey.heading,
                survey.locator,
                subject=(*subject, column),
            )


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
