"""The packs that are looked at together: one that is proved, or two that are compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from grading.derive.standing import Roles
from grading.judge.connected import connected
from grading.judge.earlier import Items, by_topic
from grading.judge.groups import Group, group_of, groups
from grading.rules.facts import Facts, IndicatorFact
from grading.rules.loaded import Pack
from grading.rules.pack import Indicator, Series
from grading.rules.rule import All, Any, Compared, No, Node, Rule, Some

AFTER = " (as changed)"


@dataclass(frozen=True)
class Side:
    """A pack as it is looked at: with figures and earlier findings that are settled beforehand.

    `names` gives the name that each indicator has among all sides: its own, unless the packs define
    it differently, for then it is another figure. `others` are the series that this side defines
    differently; figures of any other series are the same on all sides.
    """

    pack: Pack
    names: Mapping[str, str]
    indicators: Mapping[str, IndicatorFact] = field(default_factory=dict)
    earlier: Items = ()
    others: frozenset[str] = frozenset()

    def settled(self, indicators: Mapping[str, IndicatorFact], earlier: Items) -> Side:
        """The side with these settled too; indicators are by their names among all sides."""
        return replace(
            self,
            indicators={**self.indicators, **indicators},
            earlier=(*self.earlier, *earlier),
        )

    def facts(self, indicators: Mapping[str, IndicatorFact], earlier: Items) -> Facts:
        """What its conditions see where, beside what is settled, this is so."""
        known = {**self.indicators, **indicators}
        roles = Roles(self.pack)
        return Facts(
            indicators={
                own: replace(known[name], id=own, way=roles.of_indicator(self.pack.indicators[own]))
                for own, name in self.names.items()
                if name in known
            },
            previous=by_topic((*self.earlier, *earlier)),
        )


@dataclass(frozen=True)
class Joint:
    """Criteria of which some pack judges some together: as one group for each side that has any."""

    every: Group
    sides: tuple[Group | None, ...]


def one_side(pack: Pack) -> tuple[Side, ...]:
    """A pack by itself."""
    return (Side(pack, {name: name for name in pack.indicators}),)


def two_sides(before: Pack, after: Pack) -> tuple[Side, Side]:
    """A pack before and after a change."""
    changed = {
        name
        for name, indicator in after.indicators.items()
        if name in before.indicators
        and _reckoned(before, before.indicators[name]) != _reckoned(after, indicator)
    }
    others = {
        slug
        for slug, series in after.series.items()
        if slug in before.series
        and _measured(before, before.series[slug]) != _measured(after, series)
    }
    names = {name: name + AFTER * (name in changed) for name in after.indicators}
    return one_side(before)[0], Side(after, names, others=frozenset(others))


def together(sides: Sequence[Side]) -> Pack:
    """A pack that has the figures of all sides, and asks of them all that each asks."""
    first = sides[0].pack
    indicators: dict[str, Indicator] = {}
    series: dict[str, Series] = {}
    rules: dict[str, Rule] = {}
    for number, side in enumerate(sides):
        for own, name in side.names.items():
            indicator = side.pack.indicators[own]
            renamed = {s: s + AFTER * (s in side.others) for s in indicator.series}
            series |= {new: side.pack.series[s] for s, new in renamed.items()}
            indicators[name] = indicator.model_copy(update={"series": tuple(renamed.values())})
        for rule in side.pack.rules.values():
            rules[f"{number}:{rule.id}"] = replace(rule, body=_renamed(rule.body, side.names))
    return replace(first, indicators=indicators, series={**first.series, **series}, rules=rules)


def joints(sides: Sequence[Side]) -> tuple[Joint, ...]:
    """Every criterion of every side, in one joint, in order."""
    own = [(n, group) for n, side in enumerate(sides) for group in groups(side.pack)]

    def touches(one: tuple[int, Group]) -> Iterator[tuple[str, str]]:
        yield from (("criterion", name) for name in one[1].criteria)
        yield from (("topic", name) for name in one[1].topics)

    return tuple(_joint(sides, among) for among in connected(own, touches))


def _joint(sides: Sequence[Side], among: Sequence[tuple[int, Group]]) -> Joint:
    found: list[Group | None] = []
    for number, side in enumerate(sides):
        own = [group for n, group in among if n == number]
        criteria = [criterion for group in own for criterion in group.criteria]
        in_order = [c for c in side.pack.criteria if c in set(criteria)]
        found.append(own[0] if len(own) == 1 else group_of(side.pack, in_order) if own else None)
    return Joint(_joined([group for group in found if group is not None]), tuple(found))


def _joined(own: Sequence[Group]) -> Group:
    """All that the groups of several packs have, as one group."""
    return Group(
        criteria=tuple(dict.fromkeys(c for group in own for c in group.criteria)),
        topics=tuple(dict.fromkeys(t for group in own for t in group.topics)),
        outcome_rules=tuple(rule for group in own for rule in group.outcome_rules),
        finding_rules=tuple(rule for group in own for rule in group.finding_rules),
        sought=tuple(dict.fromkeys(node for group in own for node in group.sought)),
        later=tuple(dict.fromkeys(node for group in own for node in group.later)),
    )


def _renamed(node: Node, names: Mapping[str, str]) -> Node:
    match node:
        case All(parts=parts) | Any(parts=parts) | No(parts=parts) | Some(parts=parts):
            return replace(node, parts=tuple(_renamed(part, names) for part in parts))
        case Compared(indicator=own):
            return replace(node, indicator=names[own])
        case _:
            return node


def _reckoned(pack: Pack, indicator: Indicator) -> tuple[object, ...]:
    """What the value of an indicator depends on: everything but words."""
    own = indicator.model_dump(exclude={"title", "cite", "caveats"})
    return own, [_measured(pack, pack.series[slug]) for slug in indicator.series]


def _measured(pack: Pack, series: Series) -> tuple[object, ...]:
    """What the figures of a series depend on: what they may do in a rule is not part of it."""
    return (
        series.model_dump(exclude={"title", "cite", "caveats", "role", "direction"}),
        pack.bands.get(series.bands or ""),
        pack.populations.get(series.population or ""),
    )
