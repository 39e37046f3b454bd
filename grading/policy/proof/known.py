"""The figures and earlier findings that conditions tell apart: classes, and which is better."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import TypeVar

from grading.judge.completions import TooMany
from grading.judge.earlier import Items, settlements, tallied
from grading.judge.figures import Figure, Given, Reckoning, Together
from grading.judge.ranges import Value
from grading.policy.proof.directions import OPEN_STATUSES, better_figures, better_items
from grading.rules.facts import IndicatorFact
from grading.rules.rule import Compared, Count

T = TypeVar("T")
Pair = tuple[int, int]


@dataclass(frozen=True)
class Known:
    """Figures and earlier findings, and what indicators they come to."""

    figures: tuple[tuple[Figure, Value | None], ...] = ()
    indicators: tuple[tuple[str, IndicatorFact], ...] = ()
    items: Items = ()


@dataclass(frozen=True)
class Moved:
    """Something known before and after one thing of it is better: a figure, or an earlier finding."""

    before: Known
    after: Known
    figure: Figure | None = None


@dataclass(frozen=True)
class Classes:
    """One of each class that conditions tell apart.

    `better` has each two of which one figure, or one earlier finding, is better in the second, with an
    example; `apart` each two between which one figure alone changes.
    """

    of: tuple[Known, ...]
    better: Mapping[Pair, Moved]
    apart: Mapping[Pair, Figure]


def of_figures(reckoning: Reckoning, together: Together, leaves: Iterable[Compared]) -> Classes:
    """The figures that these comparisons tell apart. Raises TooMany."""
    cases = reckoning.cases(together, {})
    if not cases.exact:
        raise TooMany
    asked = [leaf for leaf in leaves if leaf.indicator in together.indicators]
    told = [reckoning.told(together, given, asked) for given in cases.given]
    number = {one: n for n, one in enumerate(dict.fromkeys(told))}
    first = {
        number[one]: given for one, given in reversed(list(zip(told, cases.given, strict=True)))
    }
    better: dict[Pair, Moved] = {}
    for worse, to, figure in better_figures(reckoning.pack, cases.given):
        pair = number[told[worse]], number[told[to]]
        if pair[0] != pair[1] and pair not in better:
            before, after = (_known(reckoning, together, cases.given[n]) for n in (worse, to))
            better[pair] = Moved(before, after, figure)
    known = (_known(reckoning, together, first[n]) for n in range(len(number)))
    at = [number[one] for one in told]
    return Classes(tuple(known), better, dict(_apart(cases.given, at)))


def of_cases(reckoning: Reckoning, together: Together) -> Classes:
    """Every value of the figures in a part of its range of its own. Raises TooMany."""
    cases = reckoning.cases(together, {})
    if not cases.exact:
        raise TooMany
    known = tuple(_known(reckoning, together, given) for given in cases.given)
    better = {
        (worse, to): Moved(known[worse], known[to], figure)
        for worse, to, figure in better_figures(reckoning.pack, cases.given)
    }
    return Classes(known, better, dict(_apart(cases.given, range(len(known)))))


def of_earlier(counts: Sequence[Count]) -> Classes:
    """The earlier findings that these counts tell apart. Raises TooMany."""
    found = settlements(None, counts)
    if found is None:
        raise TooMany
    number = {tallied(items, counts): n for n, items in enumerate(found)}
    better: dict[Pair, Moved] = {}
    for n, items in enumerate(found):
        for before, after in (*_closer(items, items), *_uncounted(items, counts)):
            to = number[tallied(after, counts)]
            if to != n:
                better.setdefault((n, to), Moved(Known(items=before), Known(items=after)))
    return Classes(tuple(Known(items=items) for items in found), better, {})


def every(classes: Sequence[Classes]) -> Classes:
    """One of each of several, and what is better where one of them is."""
    chosen = list(product(*(range(len(some.of)) for some in classes)))
    number = {numbers: n for n, numbers in enumerate(chosen)}

    def moved(steps: Sequence[Mapping[Pair, T]]) -> Iterator[tuple[Pair, T, tuple[int, ...], int]]:
        for numbers in chosen:
            for at, some in enumerate(steps):
                for (one, other), what in some.items():
                    if numbers[at] == one:
                        to = (*numbers[:at], other, *numbers[at + 1 :])
                        yield (number[numbers], number[to]), what, numbers, at

    def with_others(known: Known, numbers: tuple[int, ...], at: int) -> Known:
        every = [c.of[n] for c, n in zip(classes, numbers, strict=True)]
        return _all([*every[:at], known, *every[at + 1 :]])

    known = (_all([c.of[n] for c, n in zip(classes, some, strict=True)]) for some in chosen)
    return Classes(
        tuple(known),
        {
            pair: Moved(
                with_others(step.before, numbers, at),
                with_others(step.after, numbers, at),
                step.figure,
            )
            for pair, step, numbers, at in moved([c.better for c in classes])
        },
        {pair: figure for pair, figure, _, _ in moved([c.apart for c in classes])},
    )


def _closer(items: Items, to_close: Items) -> Iterator[tuple[Items, Items]]:
    """The earlier findings before and after one of some of them is nearer to being closed."""
    rest = items[: len(items) - len(to_close)]
    return ((items, (*rest, *closer)) for closer in better_items(to_close))


def _uncounted(items: Items, counts: Sequence[Count]) -> Iterator[tuple[Items, Items]]:
    """The same where one more is open that is not counted, and is counted when it is nearer to closed."""
    kinds = dict.fromkeys((topic, count.kind) for count in counts for topic in count.members)
    for topic, kind in kinds:
        for status in OPEN_STATUSES:
            more: Items = (*items, (topic, kind, status))
            if tallied(more, counts) == tallied(items, counts):
                yield from _closer(more, more[-1:])


def _known(reckoning: Reckoning, together: Together, given: Given) -> Known:
    indicators = reckoning.indicators(together, given)
    return Known(tuple(given.items()), tuple(indicators.items()))


def _all(some: Sequence[Known]) -> Known:
    return Known(
        tuple(figure for one in some for figure in one.figures),
        tuple(indicator for one in some for indicator in one.indicators),
        tuple(item for one in some for item in one.items),
    )


def _apart(cases: Sequence[Given], at: Sequence[int]) -> Iterator[tuple[Pair, Figure]]:
    """Each two classes between which one figure alone changes."""
    for figure in cases[0] if cases else ():
        beside: dict[tuple[object, ...], set[int]] = {}
        for given, place in zip(cases, at, strict=True):
            others = tuple(value for other, value in given.items() if other != figure)
            beside.setdefault(others, set()).add(place)
        for places in beside.values():
            for pair in combinations(sorted(places), 2):
                yield pair, figure
