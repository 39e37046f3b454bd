"""What is said beside a figure that comes from a sample: its interval, its counts, its limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grading.derive.indicators import Derived
from grading.derive.intervals import Interval, Kappa
from grading.derive.proportion import PLACES, Sample, Tally
from grading.explain.because import Because
from grading.explain.english import counted, figure, listed
from grading.explain.leaves import Leaves
from grading.problems import Place
from grading.rules.rule import Compared, Rule, leaves

_SHOWN = ("no", "unclear", "na")  # the rows that are told one by one; the others by their ids


def beside(derived: Derived) -> str:
    """The arithmetic, the interval and the cautions, in brackets after a value."""
    said = [derived.shown] if derived.shown else []
    if derived.interval is not None:
        said.append(_interval(derived.interval, derived.unit))
    said += derived.cautions
    return f" ({'; '.join(said)})" if said else ""


def inside(derived: Derived, rules: Iterable[Rule]) -> Iterator[Because]:
    """A step for each threshold of the rules that lies inside the interval of an indicator."""
    bounds = derived.interval
    if bounds is None or derived.value is None:
        return
    for rule in rules:
        for node in dict.fromkeys(leaves(rule.body)):
            if not isinstance(node, Compared) or node.indicator != derived.id:
                continue
            for number in node.numbers:
                if number in bounds:
                    yield Because(
                        f"{derived.title}: the threshold of {figure(number, derived.unit)} lies"
                        f" inside the {_interval(bounds, derived.unit)}, so the sample does not"
                        f" settle it; {figure(derived.value, derived.unit)} as found decides.",
                        place=node.place,
                    )


def steps(derived: Derived, records: Leaves, place: Place | None) -> Iterator[Because]:
    """What the rows of a file review say: by case type, answers that enter no share, agreement."""
    sample = derived.sample
    if sample is None:
        return
    if not sample.case_types:
        yield from (records[name] for _, _, name in sample.records)
    for kind, tally in sample.case_types:
        yield _case_type(kind, tally, sample, records, place)
    apart = [
        counted(number, "file", "files") + f" {words}"
        for number, words in (
            (sample.whole.na, "not applicable"),
            (sample.whole.unclear, "unclear"),
        )
        if number
    ]
    if apart:
        yield Because(f"Counted apart, and in no share: {listed(apart)}.", place=place)
    yield Because(_agreement(sample.agreement), place=place)


def _interval(interval: Interval, unit: str) -> str:
    return f"95 per cent interval {interval.low} to {figure(interval.high, unit)}"


def _case_type(
    kind: str, tally: Tally, sample: Sample, records: Leaves, place: Place | None
) -> Because:
    rows = [(answer, name) for case_type, answer, name in sample.records if case_type == kind]
    told = [records[name] for answer in _SHOWN for a, name in rows if a == answer]
    yes = [name for answer, name in rows if answer == "yes"]
    if yes:
        told.append(Because(f"Yes: {', '.join(f'[{name}]' for name in yes)}", place=place))
    text = (
        f"{kind.replace('-', ' ').capitalize()}: {tally.yes} of {counted(tally.n, 'file', 'files')}"
    )
    least = sample.per_case_type
    if tally.interval is not None:
        share = figure(tally.percent(PLACES), "percent")
        text += f", {share} ({_interval(tally.interval, 'percent')})"
    elif least is not None and tally.n < least:
        text += f", too few to tell a share (at least {least} are asked for)"
    elif least is not None and tally.n:
        text += f", {figure(tally.percent(PLACES), 'percent')}"
    return Because(f"{text}.", tuple(told), place=place)


def _agreement(found: Kappa) -> str:
    if not found.both:
        return "No file was answered by a second reviewer, so agreement is not known."
    files = counted(found.both, "file", "files")
    text = f"Two reviewers answered {files} and agreed on {found.same}"
    if found.value is None or found.interval is None:
        return f"{text}; both gave one answer throughout, so Cohen's kappa is not defined."
    kappa, bounds = round(found.value, 2), found.interval.scaled(1, 2)
    return f"{text}: Cohen's kappa {kappa}, {_interval(bounds, 'score')}."
