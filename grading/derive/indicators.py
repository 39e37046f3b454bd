"""From records to indicators: each by a stated method, absent where the evidence does not give it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from grading.derive.independence import independent
from grading.derive.intervals import Interval
from grading.derive.proportion import Sample, review
from grading.derive.standing import Roles
from grading.derive.surveys import claim
from grading.evidence.evidence import Evidence, Placed
from grading.evidence.records import Metric
from grading.problems import listed
from grading.rules.facts import MATCHED_ROLES, IndicatorFact, Standing
from grading.rules.loaded import Pack
from grading.rules.pack import Indicator, Kind

MOST_DIGITS = 15
_TOO_LATE = "no usable figure by the as-of date"


@dataclass(frozen=True)
class Derived:
    """An indicator: its value, or why it has none; the records it rests on; how it may be read."""

    id: str
    title: str
    unit: str
    value: Decimal | str | None
    reason: str
    records: tuple[str, ...]
    standings: frozenset[Standing]
    caveats: tuple[str, ...] = ()
    shown: str = ""  # the arithmetic, in words
    interval: Interval | None = None
    cautions: tuple[str, ...] = ()  # what is said wherever the value is
    sample: Sample | None = None  # the rows of a file review behind it

    @property
    def fact(self) -> IndicatorFact | None:
        """The indicator as conditions see it; None where it is absent."""
        if self.value is None:
            return None
        bounds = (self.interval.low, self.interval.high) if self.interval else None
        return IndicatorFact(
            self.id, self.value, self.standings, self.records, bounds, self.cautions
        )


@dataclass(frozen=True)
class _Figure:
    """One value with the records and kinds it comes from; no value where `reason` says why."""

    value: Decimal | None
    reason: str = ""
    records: tuple[str, ...] = ()
    standings: frozenset[Standing] = frozenset()
    caveats: tuple[str, ...] = ()
    period: tuple[object, object] = (None, None)
    interval: Interval | None = None
    cautions: tuple[str, ...] = ()


def derive_indicators(
    evidence: Evidence, pack: Pack, roles: Roles, dropped: frozenset[Kind]
) -> dict[str, Derived]:
    """Every indicator of the pack, by its id, in order."""
    source = _Figures(evidence, pack, roles, dropped)
    return {name: _derive(name, i, source) for name, i in pack.indicators.items()}


def _derive(name: str, indicator: Indicator, source: _Figures) -> Derived:
    if indicator.unit == "rank-band":
        return source.band(name, indicator)
    if indicator.method in {"proportion", "agreement"}:
        return source.reviewed(name, indicator)
    match indicator.method:
        case "value":
            figures = [source.own(indicator.series[0])]
            value, shown, reason = _first(figures)
        case "difference" | "ratio":
            figures = [
                source.own(indicator.series[0]),
                source.of(indicator.series[0], indicator.comparator or ""),
            ]
            value, shown, reason = _against(figures, indicator.method)
        case "survey":
            figures = [source.survey(indicator)]
            value, shown, reason = _first(figures)
        case "tally":
            figures = [source.tally(indicator)]
            value, shown, reason = _first(figures)
        case method:
            figures = [source.own(series) for series in indicator.series]
            value, shown, reason = _together(figures, method)
    rounded = None if value is None else _rounded(value, indicator.places)
    if rounded is not None and len(rounded.as_tuple().digits) > MOST_DIGITS:
        rounded, reason = None, f"it has more than {MOST_DIGITS} digits, too many to compare"
    return Derived(
        id=name,
        title=indicator.title,
        unit=indicator.unit,
        value=rounded,
        reason=reason,
        records=tuple(dict.fromkeys(r for f in figures for r in f.records)),
        standings=frozenset(s for f in figures for s in f.standings),
        caveats=tuple(sorted({*indicator.caveats, *(c for f in figures for c in f.caveats)})),
        shown=shown,
        interval=next((f.interval for f in figures if f.interval), None),
        cautions=tuple(dict.fromkeys(c for f in figures for c in f.cautions)),
    )


_METHODS: Mapping[str, tuple[Callable[[Sequence[Decimal]], Decimal], str]] = {
    "sum": (lambda values: sum(values, Decimal(0)), "the sum of"),
    "mean": (lambda values: sum(values, Decimal(0)) / len(values), "the mean of"),
    "maximum": (max, "the highest of"),
    "minimum": (min, "the lowest of"),
}


def _first(figures: Sequence[_Figure]) -> tuple[Decimal | None, str, str]:
    return figures[0].value, "", figures[0].reason


def _against(figures: Sequence[_Figure], method: str) -> tuple[Decimal | None, str, str]:
    own, other = figures
    if own.value is None or other.value is None:
        return None, "", own.reason or other.reason
    if own.period != other.period:
        return None, "", "the periods of the two figures differ, so they are not compared"
    if method == "difference":
        return own.value - other.value, f"{own.value} against {other.value}", ""
    if other.value == 0:
        return None, "", "the comparator is zero"
    return own.value / other.value, f"{own.value} against {other.value}", ""


def _together(figures: Sequence[_Figure], method: str) -> tuple[Decimal | None, str, str]:
    values = [figure.value for figure in figures if figure.value is not None]
    if len(values) < len(figures):
        return None, "", next(figure.reason for figure in figures if figure.value is None)
    calculate, says = _METHODS[method]
    return calculate(values), f"{says} {listed(map(str, values), 'and')}", ""


def _rounded(value: Decimal, places: int) -> Decimal:
    """Half even to so many decimals, without zeros at the end."""
    with localcontext(prec=100):
        exact = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN).normalize()
        whole = exact == exact.to_integral_value()
        return exact.quantize(Decimal(1)) if whole else exact


class _Figures:
    """Looks figures up among the records of an inspection."""

    def __init__(
        self, evidence: Evidence, pack: Pack, roles: Roles, dropped: frozenset[Kind]
    ) -> None:
        self.evidence, self.pack, self.roles, self.dropped = evidence, pack, roles, dropped

    def own(self, series: str) -> _Figure:
        """The newest value of a series for the inspected body."""
        return self.of(series, self.evidence.inspection.body)

    def of(self, series: str, body: str) -> _Figure:
        """The newest value of a series for a body; none where two records of it differ."""
        records = self._recorded(series, body)
        if "metric" in self.dropped and records:
            return _Figure(None, f"figures of {series} were left out of this run")
        if not records:
            return _Figure(None, f"no record of {series} for {body}")
        usable = [m for m in records if self._usable(m.record)]
        if not usable:
            return _Figure(None, _why_not(records), tuple(m.record.id for m in records))
        newest = max((m.record.to is not None, m.record.to) for m in usable)
        latest = [m for m in usable if (m.record.to is not None, m.record.to) == newest]
        values = sorted({m.record.value for m in latest if m.record.value is not None})
        if len(values) != 1:
            both = " and ".join(map(str, values))
            return _Figure(None, f"{series} for {body} is recorded as {both} for one period")
        role = self.pack.series[series].role
        standing = {Standing("metric", role)} if role in MATCHED_ROLES else set()
        caveats = {c for m in latest for c in m.record.caveats} | set(
            self.pack.series[series].caveats
        )
        first = latest[0].record
        return _Figure(
            value=values[0],
            records=tuple(m.record.id for m in latest),
            standings=frozenset(standing),
            caveats=tuple(sorted(caveats)),
            period=(first.from_, first.to),
        )

    def _usable(self, metric: Metric) -> bool:
        return (
            self._timely(metric.to)
            and metric.value is not None
            and metric.status in {"ok", "estimated", "partial"}
        )

    def _timely(self, day: date | None) -> bool:
        """Whether what ended on this day was there by the as-of date."""
        return day is None or day <= self.evidence.inspection.as_of

    def band(self, name: str, indicator: Indicator) -> Derived:
        """The published band of the inspected body in a rank; none where two records differ."""
        series = indicator.series[0]
        records = self._recorded(series, self.evidence.inspection.body)
        dropped = "metric" in self.dropped
        usable = [m for m in records if self._timely(m.record.to) and m.record.status == "ok"]
        bands = sorted({m.record.note for m in usable})
        reason = ""
        if dropped or len(bands) != 1:
            several = f"{series} is recorded as {listed(bands, 'and')}" if bands else ""
            reason = "figures were left out of this run" if dropped else several
            reason = reason or f"no record of {series}"
        role = self.pack.series[series].role
        return Derived(
            id=name,
            title=indicator.title,
            unit=indicator.unit,
            value=None if reason else bands[0],
            reason=reason,
            records=tuple(m.record.id for m in usable),
            standings=frozenset({Standing("metric", role)} if role in MATCHED_ROLES else ()),
            caveats=tuple(dict.fromkeys((*self.pack.series[series].caveats, *indicator.caveats))),
        )

    def _recorded(self, series: str, body: str) -> list[Placed[Metric]]:
        wanted = (series, body)
        return [m for m in self.evidence.metrics if (m.record.series, m.record.body) == wanted]

    def survey(self, indicator: Indicator) -> _Figure:
        """The share that gave an answer in a survey."""
        asked = indicator.survey
        if asked is None:
            return _Figure(None, "no survey is named")
        rows = [
            s
            for s in self.evidence.surveys
            if (s.record.survey, s.record.item, s.record.answer)
            == (asked.survey, asked.item, asked.answer)
        ]
        if "survey" in self.dropped and rows:
            return _Figure(None, f"surveys were left out of this run ({asked.survey})")
        late = tuple(s.record.id for s in rows if not self._timely(s.record.to))
        rows = [s for s in rows if s.record.id not in late]
        if late and not rows:
            return _Figure(None, _TOO_LATE, late)
        values = sorted({s.record.value for s in rows if s.record.value is not None})
        if len(values) != 1:
            why = next((s.record.reason for s in rows if s.record.reason), "")
            return _Figure(
                None, why or f"no single answer to {asked.item} in survey {asked.survey}"
            )
        standings = {self.roles.survey(s.record.sampling) for s in rows}
        matched = frozenset(s for s in standings if s.role in MATCHED_ROLES)
        if not matched:
            return _Figure(None, f"survey {asked.survey} may open an enquiry and decides nothing")
        ids = tuple(s.record.id for s in rows)
        said = claim([s.record for s in rows], values[0], indicator.minimum)
        if said.reason:
            return _Figure(None, said.reason, ids)
        return _Figure(values[0], "", ids, matched, interval=said.interval, cautions=said.cautions)

    def reviewed(self, name: str, indicator: Indicator) -> Derived:
        """What the rows of a file review give."""
        found = review(indicator, self.evidence, self.roles, self.dropped)
        return Derived(
            id=name,
            title=indicator.title,
            unit=indicator.unit,
            value=found.value,
            reason=found.reason,
            records=found.records,
            standings=found.standings,
            caveats=tuple(sorted(set(indicator.caveats))),
            shown=found.shown,
            interval=found.interval,
            cautions=found.cautions,
            sample=found.sample,
        )

    def tally(self, indicator: Indicator) -> _Figure:
        """How many observations are independent: other subjects, another method or another day."""
        if "fieldwork" in self.dropped or "fieldwork" not in self.evidence.gathered:
            return _Figure(None, "fieldwork was not gathered or was left out of this run")
        found = [
            o
            for o in self.evidence.observations
            if o.kind == "fieldwork"
            and self._timely(getattr(o.record, "date_", None))
            and o.record.topic in indicator.topics
            and o.record.direction == indicator.direction
        ]
        standing = self.roles.of("fieldwork")
        standings = frozenset({standing}) if standing.role in MATCHED_ROLES else frozenset()
        return _Figure(
            Decimal(independent(found)), "", tuple(o.record.id for o in found), standings
        )


def _why_not(records: Iterable[Placed[Metric]]) -> str:
    reasons = [m.record.reason for m in records if m.record.reason]
    return reasons[0] if reasons else _TOO_LATE
