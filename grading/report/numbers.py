"""The inspected body in numbers: its figures beside their comparators, and a dash where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from grading.derive.comparison import caveats
from grading.evidence.checks.figures import Material, material
from grading.evidence.evidence import Placed
from grading.evidence.records import Metric
from grading.explain.english import capital, figure, name_of
from grading.report.dates import period_words
from grading.report.drawn import bars
from grading.report.links import Piece, caveat_target, figure_target, record_target
from grading.report.register import caveat_numbers
from grading.report.rows import (
    Derived,
    Figure,
    Group,
    Numbers,
    Row,
    Whole,
    common_period,
    shared_caveats,
    stacks_of,
    unit_heading,
)
from grading.report.subject import Subject
from grading.rules.checks import TotalCheck
from grading.rules.rule import Compared, leaves

_OF_OTHERS = "Recorded of others alone"
_PARTS = 3  # fewer parts of a whole say nothing that one of them does not


def numbers(subject: Subject) -> Numbers:
    """The figures of an inspection that have a comparator or that a rule asks about."""
    return _Panel(subject).numbers()


@dataclass(frozen=True)
class _Panel:
    subject: Subject

    def numbers(self) -> Numbers:
        pack = self.subject.grading.pack
        wholes = tuple(self._wholes())
        apart = {row.series for whole in wholes for row in whole.rows}
        by_unit: dict[str, list[Row]] = {}
        of_others: list[Row] = []
        for series, written in pack.series.items():
            rows = self._recorded.get(series, ())
            compared = any(m.record.comparator for m in rows)
            if series not in apart and (compared or series in self._asked):
                row = self._row(series)
                of_own = row.asked or row.own.records
                (
                    by_unit.setdefault(unit_heading(written.unit), []) if of_own else of_others
                ).append(row)
        if of_others:
            by_unit[_OF_OTHERS] = of_others
        groups = tuple(
            Group(unit, tuple(rows), common_period(rows), shared_caveats(rows))
            for unit, rows in by_unit.items()
        )
        every = [row for rows in (*by_unit.values(), *(w.rows for w in wholes)) for row in rows]
        key = tuple(self._row(row.series) for row in every if row.asked and row.drawn)
        return Numbers(key, groups, wholes, tuple(self._derived()))

    @cached_property
    def _recorded(self) -> dict[str, list[Placed[Metric]]]:
        """The figures of each series that were there by the as-of date, those of other bodies apart.

        Where the inspection has none of a body, they are those of the table of bodies.
        """
        evidence, found = self.subject.grading.evidence, dict[str, list[Placed[Metric]]]()
        body, as_of = evidence.inspection.body, evidence.inspection.as_of
        own = {(m.record.series, m.record.body) for m in evidence.metrics}
        rows = [m for m in evidence.table if (m.record.series, m.record.body) not in own]
        for placed in (*evidence.metrics, *rows):
            metric = placed.record
            timely = metric.to is None or metric.to <= as_of
            if timely and (metric.comparator or metric.body == body):
                found.setdefault(metric.series, []).append(placed)
        return found

    @cached_property
    def _numbered(self) -> dict[str, int]:
        return caveat_numbers(self.subject)

    @cached_property
    def _indicators(self) -> frozenset[str]:
        """The indicators that a rule asks about."""
        rules = self.subject.grading.pack.rules.values()
        nodes = (node for rule in rules for node in leaves(rule.body))
        return frozenset(node.indicator for node in nodes if isinstance(node, Compared))

    @cached_property
    def _asked(self) -> frozenset[str]:
        """The series that a rule asks about, through an indicator."""
        indicators = self.subject.grading.pack.indicators
        return frozenset(s for name in self._indicators for s in indicators[name].series)

    def _row(self, series: str, greatest: Decimal | None = None) -> Row:
        pack, body = self.subject.grading.pack, self.subject.grading.evidence.inspection.body
        rows = [placed.record for placed in self._recorded.get(series, ())]
        own = [m for m in rows if m.body == body and not m.comparator]
        newest = max(own, key=_newest, default=None)
        period = None if newest is None else (newest.from_, newest.to)
        others = [m for m in rows if m.comparator and period in (None, (m.from_, m.to))]
        bodies = dict.fromkeys(m.body for m in others)
        shown = [self._figure(body, [m for m in own if (m.from_, m.to) == period], series)]
        shown += [self._figure(b, [m for m in others if m.body == b], series) for b in bodies]
        values = [f.value for f in shown]
        used = [m for m in (*own, *others) if period in (None, (m.from_, m.to))]
        return Row(
            series=series,
            title=pack.series[series].title,
            period=_period(newest or next(iter(others), None)),
            asked=series in self._asked,
            own=shown[0],
            others=tuple(shown[1:]),
            drawn=bars(values, greatest) if sum(v is not None for v in values) > 1 else None,
            caveats=tuple(
                Piece(str(self._numbered[c]), caveat_target(self._numbered[c]))
                for c in sorted(caveats(pack, used))
            ),
        )

    def _figure(self, body: str, rows: list[Metric], series: str) -> Figure:
        """What is recorded of a series for a body and one period: the value, or why there is none."""
        inspection, pack = self.subject.grading.evidence.inspection, self.subject.grading.pack
        whose = inspection.body_name if body == inspection.body else name_of(body)
        said = [m.note for m in rows if m.unit == "rank-band" and m.status == "ok"]
        unit = pack.series[series].unit
        reasons = [m.reason for m in rows if m.reason]
        reason = reasons[0] if reasons else "no record" if not rows else ""
        value, several = self._value(rows)
        shown = "–" if value is None else figure(value, unit)
        if value is None and said:
            shown, reason = said[0].replace("-", " "), ""
        reason = several or reason
        records = tuple(Piece(m.id, record_target(m.id)) for m in rows)
        return Figure(whose, value, shown, capital(reason), records)

    def _value(self, rows: list[Metric]) -> tuple[Decimal | None, str]:
        """The value of some records of one period, as the most exact of them has it; or why none.

        Values that one number can be rounded to are one value.
        """
        values = {m.value for m in rows if m.value is not None}
        if len(values) < 2:
            return next(iter(values), None), ""
        first = rows[0]
        found = self._material.at(first.series, first.body, (first.from_, first.to))
        if found is not None and found.agrees and values <= set(found.values):
            return max(found.values, key=lambda value: -_exponent(value)), ""
        both = " and ".join(map(str, sorted(values)))
        return None, f"recorded as {both} for one period"

    @cached_property
    def _material(self) -> Material:
        return material(self.subject.grading.evidence, self.subject.grading.pack)

    def _wholes(self) -> Iterator[Whole]:
        """The totals of shares that the pack declares and of which the body has every part."""
        pack = self.subject.grading.pack
        for name, check in pack.checks.items():
            if not isinstance(check, TotalCheck):
                continue
            parts = self._parts(check)
            rows = [self._row(part) for part in parts]
            percent = {pack.series[part].unit for part in parts} == {"percent"}
            if len(parts) < _PARTS or not percent or any(r.own.value is None for r in rows):
                continue
            values = [f.value for r in rows for f in (r.own, *r.others) if f.value is not None]
            rows = [self._row(part, max(values)) for part in parts]
            title, cite = pack.series[check.total].title, check.cite or ""
            yield Whole(
                name,
                title,
                cite,
                tuple(rows),
                stacks_of(rows),
                common_period(rows),
                shared_caveats(rows),
            )

    def _parts(self, check: TotalCheck, within: frozenset[str] = frozenset()) -> list[str]:
        """The parts of a total; a part that is not recorded is told by its own parts, if it has them."""
        checks = self.subject.grading.pack.checks.values()
        totals = {c.total: c for c in checks if isinstance(c, TotalCheck)}
        found: list[str] = []
        for part in check.parts:
            own = totals.get(part)
            if self._row(part).own.value is None and own and part not in within:
                found += self._parts(own, within | {part})
            else:
                found.append(part)
        return found

    def _derived(self) -> Iterator[Derived]:
        explainer = self.subject.explainer
        for name in self.subject.grading.derivation.indicators:
            line = self.subject.links.line(explainer.figures.why(name))
            yield Derived(figure_target(name), name in self._indicators, line)


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _newest(metric: Metric) -> tuple[bool, date, bool]:
    return metric.to is not None, metric.to or date.min, metric.value is not None


def _period(metric: Metric | None) -> str:
    return "" if metric is None else period_words(metric.from_, metric.to)
