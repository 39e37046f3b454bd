"""The figures of a run in its JSON: indicators, the samples behind them, and their caveats."""

from __future__ import annotations

from grading.derive.intervals import Interval as Bounds
from grading.derive.proportion import PLACES, Sample, Tally
from grading.judge.judgments import Grading
from grading.record.document_parts import (
    AgreementPart,
    CaveatPart,
    IndicatorPart,
    IntervalPart,
    SamplePart,
    TallyPart,
)


def indicator_parts(grading: Grading) -> dict[str, IndicatorPart]:
    """Every indicator of the pack, with its value or why it has none."""
    return {
        name: IndicatorPart(
            title=i.title,
            value=None if i.value is None else str(i.value),
            unit=i.unit,
            reason=i.reason,
            records=i.records,
            caveats=i.caveats,
            interval=_bounds(i.interval),
            cautions=i.cautions,
            sample=None if i.sample is None else _sample(i.sample),
            shown=i.shown,
            notes=i.notes,
        )
        for name, i in grading.derivation.indicators.items()
    }


def caveat_parts(grading: Grading) -> dict[str, CaveatPart]:
    """The caveats that some indicator of the run carries."""
    pack = grading.pack
    carried = {c for i in grading.derivation.indicators.values() for c in i.caveats}
    places = {c: pack.places.get(f"caveat.{c}") for c in carried}
    return {
        name: CaveatPart(
            says=pack.caveats[name].says,
            place=None if places[name] is None else str(places[name]),
        )
        for name in sorted(carried)
    }


def _bounds(interval: Bounds | None) -> IntervalPart | None:
    if interval is None:
        return None
    return IntervalPart(low=str(interval.low), high=str(interval.high))


def _tally(tally: Tally) -> TallyPart:
    return TallyPart(
        yes=tally.yes,
        no=tally.no,
        na=tally.na,
        unclear=tally.unclear,
        share=str(tally.percent(PLACES)) if tally.n else None,
        interval=_bounds(tally.interval),
    )


def _sample(sample: Sample) -> SamplePart:
    found = sample.agreement
    return SamplePart(
        whole=_tally(sample.whole),
        case_types={kind: _tally(tally) for kind, tally in sample.case_types},
        agreement=AgreementPart(
            both=found.both,
            same=found.same,
            kappa=None if found.value is None else str(round(found.value, 2)),
            interval=_bounds(found.interval and found.interval.scaled(1, 2)),
        ),
    )
