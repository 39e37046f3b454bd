"""From records to indicators: each by a stated method, absent where the evidence does not give it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from grading.derive.comparison import Comparison, period, refusal, wrong_unit
from grading.derive.comparison import Kind as Between
from grading.derive.draws import Drawn
from grading.derive.figures import TOO_LATE as _TOO_LATE
from grading.derive.figures import Figure as _Figure
from grading.derive.figures import Figures
from grading.derive.independence import independent
from grading.derive.intervals import Interval
from grading.derive.proportion import Sample, review
from grading.derive.standing import Roles
from grading.derive.surveys import claim
from grading.evidence.evidence import Evidence
from grading.problems import listed
from grading.rules.facts import MATCHED_ROLES, IndicatorFact, Standing
from grading.rules.loaded import Pack
from grading.rules.pack import Indicator, Kind

MOST_DIGITS = 15


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
    notes: tuple[str, ...] = ()  # what else limits how it may be read, in words
    drawn: Drawn | None = None  # the sample, where it has an interval

    @property
    def fact(self) -> IndicatorFact | None:
        """The indicator as conditions see it; None where it is absent."""
        if self.value is None:
            return None
        bounds = (self.interval.low, self.interval.high) if self.interval else None
        return IndicatorFact(
            self.id, self.value, self.standings, self.records, bounds, self.cautions
        )


def derive_indicators(
    evidence: Evidence, pack: Pack, roles: Roles, dropped: frozenset[Kind]
) -> dict[str, Derived]:
    """Every indicator of the pack, by its id, in order."""
    source = _Figures(evidence, pack, roles, dropped)
    return {name: _derive(name, i, source) for name, i in pack.indicators.items()}


def _derive(name: str, indicator: Indicator, source: _Figures) -> Derived:
    if indicator.unit == "rank-band" and indicator.method == "value":
        return source.band(name, indicator)
    if indicator.method in {"proportion", "agreement"}:
        return source.reviewed(name, indicator)
    value: Decimal | str | None
    match indicator.method:
        case "rank-band":
            figure, settled = source.rank(indicator.series[0])
            figures = [figure]
            value, shown, reason = settled.band, settled.shown, settled.reason
        case "value":
            figures = [source.own(indicator.series[0])]
            value, shown, reason = _first(figures)
        case "difference" | "ratio" if indicator.comparator is not None:
            figures = source.against(indicator.series[0], indicator.comparator)
            value, shown, reason = _against(figures, indicator, source.pack, "bodies")
        case "difference" | "ratio":
            figures = [source.own(series) for series in indicator.series]
            value, shown, reason = _against(figures, indicator, source.pack, "series")
        case "change":
            figures = source.since(indicator.series[0])
            value, shown, reason = _against(figures, indicator, source.pack, "periods")
        case "survey":
            figures = [source.survey(indicator)]
            value, shown, reason = _first(figures)
        case "tally":
            figures = [source.tally(indicator)]
            value, shown, reason = _first(figures)
        case _:
            figures = [source.own(series) for series in indicator.series]
            value, shown, reason = _together(figures, indicator, source.pack)
    rounded = _rounded(value, indicator.places) if isinstance(value, Decimal) else value
    if isinstance(rounded, Decimal) and not _comparable(rounded):
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
        notes=tuple(dict.fromkeys(n for f in figures for n in f.notes)),
        drawn=next((f.drawn for f in figures if f.drawn), None),
    )


_TOGETHER: Mapping[str, tuple[Callable[[Sequence[Decimal]], Decimal], str]] = {
    "sum": (lambda values: sum(values, Decimal(0)), "the sum of"),
    "mean": (lambda values: sum(values, Decimal(0)) / len(values), "the mean of"),
    "maximum": (max, "the highest of"),
    "minimum": (min, "the lowest of"),
}


def _first(figures: Sequence[_Figure]) -> tuple[Decimal | None, str, str]:
    return figures[0].value, "", figures[0].reason


def _against(
    figures: Sequence[_Figure], indicator: Indicator, pack: Pack, between: Between
) -> tuple[Decimal | None, str, str]:
    own, other = figures
    why = wrong_unit(indicator, pack)
    if why:
        return None, "", why
    if own.value is None or other.value is None:
        return None, "", own.reason or other.reason
    if own.metric is not None and other.metric is not None:
        why = refusal(Comparison(pack, between, own.metric, other.metric))
        if why:
            return None, "", f"not compared: {why}"
    shown = (
        f"{own.value} against {_rounded(other.value, 6) if other.metric is None else other.value}"
    )
    if between == "periods" and own.metric is not None and other.metric is not None:
        earlier, later = period(other.metric), period(own.metric)
        shown = f"{other.value} in {earlier}, {own.value} in {later}"
    value = _exactly(indicator, (own.value, other.value))
    if value is None:
        what = "the earlier figure" if between == "periods" else "the comparator"
        return None, "", f"{what} is zero"
    return value, shown, ""


def _together(
    figures: Sequence[_Figure], indicator: Indicator, pack: Pack
) -> tuple[Decimal | None, str, str]:
    values = [figure.value for figure in figures if figure.value is not None]
    if len(values) < len(figures):
        return None, "", next(figure.reason for figure in figures if figure.value is None)
    metrics = [figure.metric for figure in figures if figure.metric is not None]
    for metric in metrics[1:]:
        why = refusal(Comparison(pack, "series", metrics[0], metric))
        if why:
            return None, "", f"not taken together: {why}"
    says = _TOGETHER[indicator.method][1]
    return _exactly(indicator, values), f"{says} {listed(map(str, values), 'and')}", ""


def reckoned(indicator: Indicator, values: Sequence[Decimal]) -> Decimal | None:
    """The indicator from its figures in order, rounded as it is; None where they give no value."""
    value = _exactly(indicator, values)
    rounded = None if value is None else _rounded(value, indicator.places)
    return rounded if rounded is not None and _comparable(rounded) else None


def _exactly(indicator: Indicator, values: Sequence[Decimal]) -> Decimal | None:
    """The indicator from its figures, before it is rounded; None where it would divide by zero."""
    match indicator.method:
        case "sum" | "mean" | "maximum" | "minimum":
            return _TOGETHER[indicator.method][0](values)
        case "difference" | "ratio" | "change":
            own, other = values
            if indicator.method != "ratio" and indicator.unit != "percent-change":
                return own - other
            if other == 0:
                return None
            return own / other if indicator.method == "ratio" else (own - other) * 100 / abs(other)
        case _:
            return values[0]


def _comparable(value: Decimal) -> bool:
    """Whether a value has few enough digits to be compared exactly."""
    return len(value.as_tuple().digits) <= MOST_DIGITS


def _rounded(value: Decimal, places: int) -> Decimal:
    """Half even to so many decimals, without zeros at the end."""
    with localcontext(prec=100):
        exact = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN).normalize()
        whole = exact == exact.to_integral_value()
        return exact.quantize(Decimal(1)) if whole else exact


class _Figures(Figures):
    """Looks figures up among the records of an inspection, of whatever kind."""

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
        return _Figure(
            values[0],
            "",
            ids,
            matched,
            interval=said.interval,
            cautions=said.cautions,
            drawn=said.drawn,
        )

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
            drawn=found.drawn,
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
