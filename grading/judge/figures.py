"""The figures that evidence could give, and what indicators come to with them.

The points at which some condition of the pack changes its mind divide the range of a figure into
parts; one value stands for each part. Indicators that follow from the same figures move together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import islice, product

from grading.derive.bases import Bases, is_reckoned
from grading.derive.indicators import reckoned
from grading.derive.standing import Roles
from grading.judge.connected import connected
from grading.judge.ranges import Value, bounds, comparisons, crossings, parts, range_of, values
from grading.rules.definition import compares
from grading.rules.facts import IndicatorFact, Standing
from grading.rules.loaded import Pack
from grading.rules.rule import Compared

MOST_CASES = 4096
_APART = ("value", "maximum", "minimum")  # no figure moves the point at which another matters


@dataclass(frozen=True, order=True)
class Figure:
    """The newest figure of a series for the inspected body; or an indicator, where it is its own."""

    id: str
    series: bool = False


Given = Mapping[Figure, Value | None]  # None where there is no figure


@dataclass(frozen=True)
class Together:
    """Indicators that follow from the same figures."""

    indicators: tuple[str, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Domain:
    """A value for each part of a figure's range; there may be more parts where `exact` is False."""

    values: tuple[Value, ...]
    exact: bool = True


@dataclass(frozen=True)
class Cases:
    """What figures could be, each in every part of its range.

    Where `exact` is False there may be more: figures without a list of values enter one sum,
    difference or mean together, or there are too many cases to try.
    """

    given: tuple[Given, ...]
    exact: bool = True


@dataclass(frozen=True)
class Reckoning:
    """Indicators as functions of figures: of those of an inspection, or of any."""

    pack: Pack
    bases: Bases = field(default_factory=Bases)
    known: Mapping[str, IndicatorFact] = field(default_factory=dict)

    def together(self, indicators: Iterable[str]) -> tuple[Together, ...]:
        """The indicators, each with those that share a figure with it, in the order of the pack."""
        asked = [name for name in self.pack.indicators if name in set(indicators)]
        sets = connected(asked, lambda name: self._series[name] or (("indicator", name),))
        return tuple(Together(names, self._figures(names)) for names in sets)

    def now(self, figure: Figure) -> Value | None:
        """The figure as it is; None where there is none."""
        if figure.series:
            return self.bases.own.get(figure.id)
        return self.known[figure.id].value if figure.id in self.known else None

    def indicators(self, together: Together, given: Given) -> dict[str, IndicatorFact]:
        """The indicators that have a value with these figures."""
        values = {name: self._value(name, given) for name in together.indicators}
        return {
            name: IndicatorFact(name, value, self._way(name), ())
            for name, value in values.items()
            if value is not None
        }

    def domain(self, figure: Figure, fixed: Given) -> Domain:
        """A value for each part of a figure's range that conditions tell apart.

        The parts are those that there are while other figures are as they are fixed.
        """
        if not figure.series:
            return Domain(values(self.pack, figure.id, self._comparisons[figure.id]))
        series = self.pack.series[figure.id]
        if series.values:
            return Domain(tuple(sorted(map(Decimal, series.values))))
        points: list[Decimal] = []
        exact = True
        for name in sorted(name for name, own in self._series.items() if figure.id in own):
            beside = [Figure(s, True) for s in self._series[name] if s != figure.id]
            apart = self.pack.indicators[name].method in _APART
            exact = exact and (apart or all(other in fixed for other in beside))
            others = [v for other in beside if isinstance(v := fixed.get(other), Decimal)]
            if name in self.bases.comparator:
                others.append(self.bases.comparator[name])
            for bound in bounds(self._comparisons[name]):
                points += crossings(self.pack.indicators[name], figure.id, bound, others)
        return Domain(parts(points, *range_of(series.unit)), exact)

    def cases(self, together: Together, fixed: Given, *, absent: bool = False) -> Cases:
        """What the figures that are not fixed could be; with `absent`, each may be missing too."""
        free = [figure for figure in together.figures if figure not in fixed]
        domains = [self.domain(figure, fixed) for figure in free]
        every = product(*((*d.values, None) if absent else d.values for d in domains))
        found = tuple(
            {**fixed, **dict(zip(free, chosen, strict=True))}
            for chosen in islice(every, MOST_CASES)
        )
        ended = next(every, None) is None
        return Cases(found, ended and all(domain.exact for domain in domains))

    def told(
        self, together: Together, given: Given, asked: Iterable[Compared] | None = None
    ) -> tuple[bool | None, ...]:
        """What comparisons say of the indicators with these figures: all of the pack, or those asked."""
        known = self.indicators(together, given)
        if asked is None:
            asked = (leaf for name in together.indicators for leaf in self._comparisons[name])
        return tuple(
            compares(leaf, known[leaf.indicator].value) if leaf.indicator in known else None
            for leaf in asked
            if leaf.indicator in together.indicators
        )

    @cached_property
    def _series(self) -> dict[str, tuple[str, ...]]:
        """The series that each indicator is reckoned from; none where it is a figure of its own.

        It is, too, where it is not what its figures come to: it was refused, or set by hand.
        """
        return {name: tuple(self._reckoned_from(name)) for name in self.pack.indicators}

    def _reckoned_from(self, name: str) -> Iterator[str]:
        indicator = self.pack.indicators[name]
        if not is_reckoned(indicator):
            return
        if indicator.comparator is not None and name not in self.bases.comparator:
            return
        own = {Figure(s, True): self.bases.own.get(s) for s in indicator.series}
        known = self.known[name].value if name in self.known else None
        if self._reckon(name, indicator.series, own) == known:
            yield from indicator.series

    def _figures(self, names: tuple[str, ...]) -> tuple[Figure, ...]:
        """What the indicators follow from; one that nothing else tells of is a figure by itself."""
        series = tuple(dict.fromkeys(s for name in names for s in self._series[name]))
        told = [s for s in series if s in self.bases.own or self.pack.series[s].values]
        if len(names) == 1 and (len(series) <= 1 or not told):
            return (Figure(names[0]),)
        return tuple(Figure(s, True) for s in series)

    def _value(self, name: str, given: Given) -> Value | None:
        if Figure(name) in given:
            return given[Figure(name)]
        return self._reckon(name, self._series[name], given)

    def _reckon(self, name: str, series: Sequence[str], given: Given) -> Decimal | None:
        found = [given.get(Figure(s, True)) for s in series]
        if name in self.bases.comparator:
            found.append(self.bases.comparator[name])
        numbers = [value for value in found if isinstance(value, Decimal)]
        return reckoned(self.pack.indicators[name], numbers) if len(numbers) == len(found) else None

    def _way(self, name: str) -> frozenset[Standing]:
        known = self.known.get(name)
        return known.way if known else Roles(self.pack).of_indicator(self.pack.indicators[name])

    @cached_property
    def _comparisons(self) -> dict[str, tuple[Compared, ...]]:
        return comparisons(self.pack)
