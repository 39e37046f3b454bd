"""Figures of an inspection and of the table beside it: the newest, and those they are set against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from grading.derive.bodies import Ranked, comparator, counted_as, ranked
from grading.derive.comparison import caveats, comparator_note, left_out, notes
from grading.derive.draws import Drawn
from grading.derive.intervals import Interval
from grading.derive.ranks import Settled, rank, settle
from grading.derive.standing import Roles
from grading.evidence.evidence import Evidence, Placed
from grading.evidence.records import Metric
from grading.rules.facts import MATCHED_ROLES, Standing
from grading.rules.loaded import Pack
from grading.rules.pack import Kind

TOO_LATE = "no usable figure by the as-of date"


@dataclass(frozen=True)
class Figure:
    """One value with the records and kinds it comes from; no value where `reason` says why."""

    value: Decimal | None
    reason: str = ""
    records: tuple[str, ...] = ()
    standings: frozenset[Standing] = frozenset()
    caveats: tuple[str, ...] = ()
    metric: Metric | None = None
    notes: tuple[str, ...] = ()
    interval: Interval | None = None
    cautions: tuple[str, ...] = ()
    drawn: Drawn | None = None


class Figures:
    """Looks figures up among the records of an inspection."""

    def __init__(
        self, evidence: Evidence, pack: Pack, roles: Roles, dropped: frozenset[Kind]
    ) -> None:
        self.evidence, self.pack, self.roles, self.dropped = evidence, pack, roles, dropped

    def own(self, series: str) -> Figure:
        """The newest value of a series for the inspected body."""
        return self.of(series, self.evidence.inspection.body)

    def of(self, series: str, body: str) -> Figure:
        """The newest value of a series for a body; none where two records of it differ."""
        return self._newest(series, body, self._recorded(series, body))

    def against(self, series: str, body: str) -> list[Figure]:
        """The newest figure of the inspected body, and that of a comparator.

        Where nobody recorded the comparator it is made from the table of bodies, in the way in which
        the series says that it is made.
        """
        own = self.of(series, self._counted(series))
        other = self.of(series, body)
        if own.metric is not None and not self._recorded(series, body) and self.evidence.table:
            among = self._among(series, own.metric)
            value, reason = comparator(among, self.pack, series)
            found = list(among.figures.values())
            made = Figure(
                value,
                reason,
                among.records,
                own.standings,
                tuple(sorted(caveats(self.pack, found))),
                None,
                (f"{body} is made from a table: {among.named()}", *notes(found)),
            )
            other = made
        said = comparator_note(self.pack, series)
        return [own, replace(other, notes=(*other.notes, said)) if said else other]

    def since(self, series: str) -> list[Figure]:
        """The newest figure of the inspected body, and the newest of those that end before it."""
        body = self._counted(series)
        latest = self.of(series, body)
        if latest.metric is None:
            return [latest, Figure(None, latest.reason)]
        end = latest.metric.to
        before = [
            m
            for m in self._recorded(series, body)
            if m.record.to is not None and end is not None and m.record.to < end
        ]
        if not before:
            return [latest, Figure(None, f"no earlier figure of {series} for {body}")]
        return [latest, self._newest(series, body, before)]

    def _among(self, series: str, like: Metric) -> Ranked:
        """The bodies of the table, and the figure that they are ranked with."""
        rows = [m.record for m in self.evidence.table if m.record.id != like.id]
        return ranked([*rows, like], self.pack, series, like, self.evidence.inspection.as_of)

    def _counted(self, series: str) -> str:
        return counted_as(self.pack, series, self.evidence.inspection.body)

    def _newest(self, series: str, body: str, records: Sequence[Placed[Metric]]) -> Figure:
        if "metric" in self.dropped and records:
            return Figure(None, f"figures of {series} were left out of this run")
        out = left_out(self.pack, series, body)
        if out:
            return Figure(None, out, tuple(m.record.id for m in records))
        if not records:
            return Figure(None, f"no record of {series} for {body}")
        usable = [m for m in records if self._usable(m.record)]
        if not usable:
            return Figure(None, _why_not(records), tuple(m.record.id for m in records))
        newest = max((m.record.to is not None, m.record.to) for m in usable)
        latest = [m for m in usable if (m.record.to is not None, m.record.to) == newest]
        values = sorted({m.record.value for m in latest if m.record.value is not None})
        if len(values) != 1:
            both = " and ".join(map(str, values))
            return Figure(None, f"{series} for {body} is recorded as {both} for one period")
        role = self.pack.series[series].role
        standing = {Standing("metric", role)} if role in MATCHED_ROLES else set()
        found = [m.record for m in latest]
        return Figure(
            value=values[0],
            records=tuple(m.id for m in found),
            standings=frozenset(standing),
            caveats=tuple(sorted(caveats(self.pack, found))),
            metric=found[0],
            notes=notes(found),
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

    def _recorded(self, series: str, body: str) -> list[Placed[Metric]]:
        """The records of the inspection; those of the table where it has none."""
        wanted = (series, body)
        for among in (self.evidence.metrics, self.evidence.table):
            found = [m for m in among if (m.record.series, m.record.body) == wanted]
            if found:
                return found
        return []

    def rank(self, series: str) -> tuple[Figure, Settled]:
        """The band of the inspected body among those of the table, or why it has none."""
        body = self._counted(series)
        rows = [m for m in self.evidence.table if m.record.series == series]
        own = [m for m in self.evidence.metrics if m.record.series == series]
        both = [m for m in (*own, *rows) if m.record.body == body]
        like = self._newest(series, body, both)
        reason = like.reason if rows else f"no table of bodies has figures of {series}"
        if reason or like.metric is None:
            return Figure(None, reason), Settled(None, reason, "")
        among = self._among(series, like.metric)
        found = [*among.figures.values()]
        figure = Figure(
            like.value,
            "",
            tuple(dict.fromkeys((*like.records, *among.records))),
            like.standings,
            tuple(sorted(caveats(self.pack, found))),
            notes=(f"ranked among {among.named()}", *notes(found)),
        )
        if among.reason or like.value is None:
            return figure, Settled(None, f"not ranked: {among.reason}", "")
        values = [m.value for m in found if m.value is not None]
        bands = self.pack.bands[self.pack.series[series].bands or ""]
        return figure, settle(rank(values, like.value), bands)


def _why_not(records: Iterable[Placed[Metric]]) -> str:
    reasons = [m.record.reason for m in records if m.record.reason]
    return reasons[0] if reasons else TOO_LATE
