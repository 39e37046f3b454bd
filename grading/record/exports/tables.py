"""A run as tables: what a spreadsheet takes, a row for each thing that the run says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from grading.record.document_parts import ConditionPart
from grading.record.exports.exported import Exported

Cell = str | int | Decimal | None
NAMES = (
    *("run", "judgments", "criteria", "findings"),
    *("indicators", "conditions", "evidence", "firings"),
    *("moderation", "challenges"),
)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class Table:
    """A table. Each row has a cell for each column; an empty cell says nothing."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables_of(exported: Exported) -> tuple[Table, ...]:
    """The tables of a run, with the names in `NAMES` and in that order.

    Several ids or texts in one cell are set apart by a semicolon and a space.
    """
    rows: Mapping[str, tuple[str, Iterator[tuple[Cell, ...]]]] = {
        "run": ("what value", _run(exported)),
        "judgments": (
            "id title provisional derived moderated final worst best trend previous previous_year"
            " carried_forward_from limiters findings place",
            _judgments(exported),
        ),
        "criteria": (
            "id says question sub_question core outcome possible records_for records_against place",
            _criteria(exported),
        ),
        "findings": (
            "id kind question criterion says first_raised status previous recommendation rule",
            _findings(exported),
        ),
        "indicators": (
            "id title value unit low high reason shown records caveats cautions notes",
            _indicators(exported),
        ),
        "conditions": (
            "of id rung number asks holds found at_least at_most distance slack members open"
            " records place",
            _conditions(exported),
        ),
        "evidence": ("id kind says place", _evidence(exported)),
        "firings": ("rule facts concludes", _firings(exported)),
        "moderation": (
            "id question from_grade to_grade by role date because evidence until second_by"
            " second_role supersedes status forbidden_by place",
            _moderation(exported),
        ),
        "challenges": (
            "id by role date of says status answer answered_by answered_role answered because"
            " corrections turns place",
            _challenges(exported),
        ),
    }
    return tuple(
        Table(name, tuple(columns.split()), tuple(found)) for name, (columns, found) in rows.items()
    )


def _run(exported: Exported) -> Iterator[tuple[Cell, ...]]:
    document, made = exported.document, exported.software
    yield "run", exported.run
    yield "inspection", document.inspection.id
    yield "body", document.inspection.body_name
    yield "framework", document.inspection.framework
    yield "source", document.inspection.source
    yield "notice", exported.notice or None
    yield "as_of", document.as_of
    yield "left_out", _listed(document.inspection.dropped)
    yield "pack", document.pack.id
    yield "pack_version", document.pack.version
    yield "pack_digest", document.pack.digest
    yield "inspection_grading", made.inspection_grading
    yield "durable_rules", made.durable_rules
    for name, digest in exported.files.items():
        yield f"file {name}", digest


def _judgments(exported: Exported) -> Iterator[tuple[Cell, ...]]:
    for name, j in exported.document.judgments.items():
        yield (
            *(name, j.title, j.provisional, j.derived, j.moderated, j.final),
            *((j.interval.worst, j.interval.best) if j.interval else (None, None)),
            *(j.trend.word, j.trend.previous, j.trend.year, j.carried_forward_from),
            _listed(x.id for x in j.limiters if x.bites),
            _listed(j.findings),
            j.rationale.place,
        )


def _moderation(exported: Exported) -> Iterator[tuple[Cell, ...]]:
    for m in exported.document.moderation:
        second = (m.second.by, m.second.role) if m.second else (None, None)
        yield (
            *(m.id, m.question, m.from_grade, m.to_grade, m.by, m.role, m.date, m.because),
            *(_listed(m.evidence), m.until, *second, m.supersedes, m.status),
            *(_listed(m.forbidden_by), m.place),
        )


def _challenges(exported: Exported) -> Iterator[tuple[Cell, ...]]:
    for c in exported.document.challenges:
        answer: tuple[Cell, ...] = (None,) * 6
        if c.answer is not None:
            a = c.answer
            answer = (a.outcome, a.by, a.role, a.date, a.because, _listed(a.corrections))
        told = (c.id, c.by, c.role, c.date, _listed(c.of), c.says, c.status)
        yield (*told, *answer, _listed(c.turns.says), c.place)


def _criteria(exported: Exported) -> Iterator[tuple[Cell, ...]]:
    for name, c in exported.document.criteria.items():
        yield (
            *(name, c.says, c.question, c.sub_question, _truth(c.core), c.outcome),
            *(_listed(c.possible), _listed(c.records_for), _listed(c.records_against), c.place),
        )


def _findings(exported: Exported) -> Iterator[tuple[Cell, ...]]:
    for f in exported.document.findings:
        yield (
            *(f.id, f.kind, f.question, f.criterion, f.says, f.first_raised, f.status),
            *(_listed(f.previous), f.recommendation, f.rule),
        )


def _indicators(exported: Exported) -> Iterator[tuple[Cell, ...]]:
    for name, i in exported.document.indicators.items():
        ends = (i.interval.low, i.interval.high) if i.interval else (None, None)
        yield (
            *(name, i.title, _number(i.value), i.unit, *map(_number, ends), i.reason, i.shown),
            *(_listed(i.records), _listed(i.caveats), _listed(i.cautions), _listed(i.notes)),
        )


def _conditions(exported: Exported) -> Iterator[tuple[Cell, ...]]:
    for name, judgment in exported.document.judgments.items():
        for rung in judgment.ladder:
            yield from _below(("judgment", name, rung.grade), "", rung.conditions)
    for name, criterion in exported.document.criteria.items():
        for outcome, test in criterion.tests.items():
            yield from _below(("criterion", name, outcome), "", test.conditions)


def _below(
    of: tuple[str, str, str], above: str, conditions: Sequence[ConditionPart]
) -> Iterator[tuple[Cell, ...]]:
    """The conditions and their parts; the parts of number 2 are 2.1, 2.2 and so on."""
    for i, c in enumerate(conditions, 1):
        number = f"{above}{i}"
        yield (
            *(*of, number, c.asks, _truth(c.holds), _listed(c.found)),
            *map(_number, (*c.needed, c.distance, c.slack)),
            *(_listed(c.members), _listed(c.open), _listed(c.records), c.place),
        )
        yield from _below(of, f"{number}.", c.parts)


def _evidence(exported: Exported) -> Iterator[tuple[Cell, ...]]:
    for name, record in exported.document.evidence.items():
        yield name, record.kind, record.says, record.place


def _firings(exported: Exported) -> Iterator[tuple[Cell, ...]]:
    for firing in exported.document.firings:
        yield firing.rule, _listed(firing.facts), firing.concludes


def _truth(holds: bool | None) -> str:
    return "unknown" if holds is None else "true" if holds else "false"


def _listed(words: Iterable[str]) -> str | None:
    return "; ".join(words) or None


def _number(written: str | None) -> Cell:
    """A number as one where it is written plainly; anything else as the text that it is."""
    return Decimal(written) if written and _NUMBER.fullmatch(written) else written
