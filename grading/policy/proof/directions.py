"""Which of two values of a figure is the better one, and which of two sets of earlier findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from grading.evidence.records import BANDS
from grading.judge.earlier import Item, Items
from grading.judge.figures import Figure, Given
from grading.judge.ranges import Value
from grading.rules.loaded import Pack
from grading.rules.pack import Indicator

_OPPOSITE = {"higher-is-better": "lower-is-better", "lower-is-better": "higher-is-better"}
_STATUSES = ("unresolved", "partly-resolved", "resolved")  # each better than the one before
OPEN_STATUSES = _STATUSES[:-1]
_BANDS = ("lowest", "broadly-in-line", "highest")


def direction(pack: Pack, figure: Figure) -> str:
    """Whether more of a figure is better, or less; `none` where the pack does not say.

    A share of yes in a review of files and observations in favour are better the more there are.
    """
    if figure.series:
        return pack.series[figure.id].direction
    return _of(pack, pack.indicators[figure.id])


def better_figures(pack: Pack, cases: Sequence[Given]) -> Iterator[tuple[int, int, Figure]]:
    """Each case with the next in which one figure alone is better, and that figure."""
    places = {tuple(given.items()): n for n, given in enumerate(cases)}
    for figure in cases[0] if cases else ():
        towards = direction(pack, figure)
        if towards == "none":
            continue
        values = list(dict.fromkeys(v for given in cases if (v := given[figure]) is not None))
        ordered = sorted(values, key=place)
        if towards == "lower-is-better":
            ordered.reverse()
        next_better = dict(pairwise(ordered))
        for n, given in enumerate(cases):
            better = next_better.get(given[figure])  # type: ignore[arg-type]
            to = None if better is None else places.get(tuple({**given, figure: better}.items()))
            if to is not None:
                yield n, to, figure


def better_items(items: Items) -> Iterator[Items]:
    """The earlier findings with one fewer open, or one of them nearer to being closed."""
    for item in dict.fromkeys(items):
        topic, kind, status = item
        n = items.index(item)
        rest = items[:n] + items[n + 1 :]
        if status in OPEN_STATUSES:
            yield rest
            for closer in _STATUSES[_STATUSES.index(status) + 1 :]:
                better: Item = (topic, kind, closer)
                yield (*rest, better)


def place(value: Value) -> Decimal:
    """Where a value stands among those of its figure, the lowest first."""
    return Decimal(_BANDS.index(value)) if isinstance(value, str) else value


def _of(pack: Pack, indicator: Indicator) -> str:
    match indicator.method:
        case "tally":
            return "higher-is-better" if indicator.direction == "supports" else "lower-is-better"
        case "proportion":
            return "higher-is-better"
        case "survey" | "agreement":
            return "none"
    own = [pack.series[slug].direction for slug in indicator.series]
    if indicator.method in {"difference", "ratio"} and len(own) == 2:
        return own[0] if own[1] in {"none", _OPPOSITE.get(own[0])} else "none"
    return own[0] if len(set(own)) == 1 else "none"


assert set(_BANDS) == set(BANDS)
