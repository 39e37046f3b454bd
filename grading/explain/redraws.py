"""The samples of an inspection elsewhere within their intervals, and drawn again by chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import islice

from grading.derive.draws import redrawn
from grading.explain.perturbation import Perturbation, Redraw, Within
from grading.judge.judgments import Grading
from grading.judge.ranges import values
from grading.rules.again import Key
from grading.rules.definition import compares
from grading.rules.facts import Facts
from grading.rules.loaded import Pack
from grading.rules.rule import Compared, leaves

_Told = tuple[bool, ...] | None


class Samples:
    """The indicators that come from a sample, have an interval and are asked about by a rule."""

    def __init__(self, grading: Grading) -> None:
        self.pack, self.derivation = grading.pack, grading.derivation
        self.facts = grading.derivation.facts
        self.asked = asked_about(grading.pack)
        known = self.facts.indicators
        self.names = tuple(n for n in known if n in self.asked and known[n].bounds is not None)

    def stated(self) -> int:
        """How many values are tried within the intervals."""
        return sum(len(self._values(name)) for name in self.names)

    def within(self) -> Iterator[Perturbation]:
        """Each at both ends of its interval, and once wherever else within it rules tell it apart."""
        for name in self.names:
            for change in self._values(name):
                facts = self._valued({name: change.value})
                touches: frozenset[Key] = frozenset({("indicator", name)})
                yield Perturbation("samples", change, facts, touches=touches)

    def redraws(self, draws: int, seed: int) -> Iterator[Perturbation]:
        """All drawn again at once, so many times; draws that no rule tells apart are one."""
        if not self.names:
            return
        streams = zip(*(self._redrawn(name, seed) for name in self.names), strict=True)
        found: dict[tuple[_Told, ...], list[tuple[Decimal | None, ...]]] = {}
        for drawn in islice(streams, draws):
            told = tuple(map(self._told, self.names, drawn))
            found.setdefault(told, []).append(drawn)
        touches: frozenset[Key] = frozenset(("indicator", name) for name in self.names)
        for alike in found.values():
            first = dict(zip(self.names, alike[0], strict=True))
            change = Redraw(tuple(first.items()), len(alike))
            yield Perturbation("redraws", change, self._valued(first), touches=touches)

    def _values(self, name: str) -> tuple[Within, ...]:
        fact = self.facts.indicators[name]
        if fact.bounds is None:
            return ()
        low, high = fact.bounds
        found = [Within(name, "low", low), Within(name, "high", high)]
        told = {self._told(name, value) for value in (fact.value, low, high)}
        for value in values(self.pack, name):
            if isinstance(value, Decimal) and low < value < high:
                if self._told(name, value) not in told:
                    found.append(Within(name, "between", value))
                told.add(self._told(name, value))
        return tuple(found)

    def _redrawn(self, name: str, seed: int) -> Iterator[Decimal | None]:
        drawn = self.derivation.indicators[name].drawn
        if drawn is None:
            raise AssertionError(f"{name} has an interval and no sample")
        # each sample has draws of its own, whatever other samples there are
        return redrawn(drawn, self.pack.indicators[name].places, f"{seed} {name}")

    def _told(self, name: str, value: Decimal | str | None) -> _Told:
        """How each comparison of an indicator comes out: all that rules can tell of its value."""
        if value is None:
            return None
        return tuple(compares(node, value) for node in self.asked[name])

    def _valued(self, new: Mapping[str, Decimal | None]) -> Facts:
        """The facts with other values of some indicators; without those that have none."""
        indicators = {}
        for name, fact in self.facts.indicators.items():
            value = new.get(name, fact.value)
            if value is not None:
                indicators[name] = replace(fact, value=value)
        return replace(self.facts, indicators=indicators)


def asked_about(pack: Pack) -> dict[str, tuple[Compared, ...]]:
    """The indicators that rules ask about, each with the comparisons that they make."""
    asked: dict[str, dict[Compared, None]] = {}
    for rule in pack.rules.values():
        for leaf in leaves(rule.body):
            if isinstance(leaf, Compared):
                asked.setdefault(leaf.indicator, {})[leaf] = None
    return {name: tuple(nodes) for name, nodes in asked.items()}
