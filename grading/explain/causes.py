"""Which records a condition rests on: those whose withdrawal can change what it comes to.

A record is a cause where, with some of the others withdrawn already, the condition comes to the same
as with all of them, and without this one it does not. Of two records that show the same, each is a
cause: either would do. A record that could be taken away in every case is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain

from grading.rules.definition import holds, shows
from grading.rules.facts import Facts, RecordFact
from grading.rules.rule import Compared, Node, Sought, leaves

_MOST_TRIED = 10
"""Kinds of contribution of which every combination is tried; of more, each is tried in one order."""

Kind = tuple[object, ...]
Truth = tuple[bool | None, bool | None]  # whether it holds, and whether that counts


def causes(node: Node, facts: Facts) -> tuple[str, ...]:
    """The records that a condition's coming to what it does rests on, in the order of their ids.

    None for a condition that is unknown, and none where no record bears on it. Figures count with
    the records that they come from.
    """
    whole = _comes_to(node, facts)
    if whole[0] is None:
        return ()
    kinds = dict(_kinds(node, facts))
    if not kinds:
        return ()
    without = _Without(node, facts, kinds)
    found = (kinds[kind] for kind in kinds if without.matters(kind, whole))
    return tuple(sorted(set(chain.from_iterable(found))))


def _comes_to(node: Node, facts: Facts) -> Truth:
    verdict = holds(node, facts)
    return verdict.truth, verdict.settled


def _kinds(node: Node, facts: Facts) -> Iterator[tuple[Kind, tuple[str, ...]]]:
    """The records that the condition can see, those together that do the same for it."""
    every = tuple(dict.fromkeys(leaves(node)))
    sought = [leaf for leaf in every if isinstance(leaf, Sought)]
    found: dict[Kind, list[str]] = {}
    for topic in dict.fromkeys(topic for leaf in sought for topic in leaf.topics):
        for record in facts.records.get(topic, ()):
            does = _does(record, sought)
            if any(does) and not record.withdrawn:
                found.setdefault(("records", does, record.standing), []).append(record.id)
    yield from ((kind, tuple(records)) for kind, records in found.items())
    for name in dict.fromkeys(leaf.indicator for leaf in every if isinstance(leaf, Compared)):
        if name in facts.indicators:
            yield ("figure", name), facts.indicators[name].records


def _does(record: RecordFact, sought: list[Sought]) -> tuple[bool, ...]:
    return tuple(record.topic in s.topics and shows(record, s, left_out=False) for s in sought)


class _Without:
    """What a condition comes to without some kinds of records, each looked at once."""

    def __init__(self, node: Node, facts: Facts, kinds: Mapping[Kind, tuple[str, ...]]) -> None:
        self.node, self.facts, self.kinds = node, facts, tuple(kinds)
        self.found: dict[frozenset[Kind], Truth] = {}
        first = {records[0]: kind for kind, records in kinds.items() if records}
        sought = [s for s in dict.fromkeys(leaves(node)) if isinstance(s, Sought)]
        # one record of each kind stands for all of them; of the rest, those that may show something
        self.records = {
            topic: tuple(
                (first.get(record.id), record)
                for record in facts.records.get(topic, ())
                if record.id in first or record.open or record.withdrawn
            )
            for topic in dict.fromkeys(topic for leaf in sought for topic in leaf.topics)
        }

    def matters(self, kind: Kind, whole: Truth) -> bool:
        """Whether with some others withdrawn it is the same, and without this kind it is not."""
        return any(
            self._truth(gone) == whole and self._truth(gone | {kind}) != whole
            for gone in self._others(kind, whole)
        )

    def _others(self, kind: Kind, whole: Truth) -> Iterator[frozenset[Kind]]:
        others = [other for other in self.kinds if other != kind]
        if len(others) < _MOST_TRIED:
            for number in range(1 << len(others)):
                yield frozenset(o for i, o in enumerate(others) if number >> i & 1)
            return
        gone = frozenset[Kind]()
        for other in others:  # as many of the others as can go
            if self._truth(gone | {other}) == whole:
                gone |= {other}
        yield gone

    def _truth(self, gone: frozenset[Kind]) -> Truth:
        if gone not in self.found:
            self.found[gone] = _comes_to(self.node, self._facts(gone))
        return self.found[gone]

    def _facts(self, gone: frozenset[Kind]) -> Facts:
        figures = {name for what, name, *_ in gone if what == "figure"}
        known = self.facts.indicators
        return replace(
            self.facts,
            records={
                topic: tuple(
                    replace(record, withdrawn=True) if kind in gone else record
                    for kind, record in about
                )
                for topic, about in self.records.items()
            },
            indicators={n: i for n, i in known.items() if n not in figures} if figures else known,
        )
