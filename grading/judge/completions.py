"""What criteria may come to when all that is open about their evidence is settled.

A completion of the evidence on the topics of a criterion

- keeps every record that stands, and what each shows as it is coded;
- lets a record that was withdrawn stand again, or not;
- lets a record that is open, as those of a published summary are, stand for any observations that are
  coded as it is and have levels on scales that it leaves out;
- adds to a topic that was not searched, or not by the kinds that are needed, any observations, of the
  kind that decides; to a topic that was searched it adds nothing.

Then every conclusion that is still open, withheld or silent, is drawn one way or another. Conditions
cannot tell more completions apart than these, and what three values say of open evidence they say of
each completion: a condition that is true or false now is so in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

from grading.derive.derive import SCALES
from grading.judge.groups import Group, alike_topics
from grading.judge.observations import Seen, deciding, ranks_told_apart, showing, telling
from grading.judge.shown import Bits, Settled, unions
from grading.judge.states import Example, State, Verdicts
from grading.rules.definition import asked
from grading.rules.facts import Facts, RecordFact
from grading.rules.loaded import Pack

MOST_TRIED = 20_000


class TooMany(Exception):
    """There is too much to try."""


class Completing:
    """The criteria of a group, ready to be completed with different figures and earlier findings."""

    def __init__(self, pack: Pack, group: Group, facts: Facts) -> None:
        self.pack, self.group = pack, group
        records = [r for topic in group.topics for r in facts.records.get(topic, ())]
        standings = dict.fromkeys([deciding(pack), *(record.standing for record in records)])
        self.bits = Bits(group.every, tuple(standings))
        start = 0
        for record in records:
            if not record.withdrawn:
                start |= self._shown(record)
        self.shown, self._every = unions(start, self._more(records, facts))
        self._done: dict[Verdicts, tuple[State, ...]] = {}

    def with_facts(self, facts: Facts) -> tuple[State, ...]:
        """The states where these are the indicators and the earlier findings, least evidence first.

        Raises TooMany.
        """
        if not self._every:
            raise TooMany
        told = tuple(asked(leaf, facts) for leaf in (*self.group.compared, *self.group.earlier))
        if told not in self._done:
            self._done[told] = self._completed(facts)
        return self._done[told]

    def _completed(self, facts: Facts) -> tuple[State, ...]:
        settled = Settled(self.pack, self.group, self.bits, facts)
        found: dict[State, State] = {}
        every = ((s, seen) for shown, seen in self.shown.items() for s in settled.resolved(shown))
        for state, seen in islice(every, MOST_TRIED):
            found.setdefault(state, replace(state, example=Example(seen)))
        if next(every, None) is not None:
            raise TooMany
        return tuple(found.values())

    def _shown(self, record: RecordFact) -> int:
        return self.bits.of(showing(record, self.bits.sought), record.standing)

    def _more(self, records: list[RecordFact], facts: Facts) -> dict[int, Seen]:
        """What more there could be, by what it shows."""
        found: dict[int, Seen] = {}
        for record in records:
            for filled in self._filled(record):
                if filled is not record or record.withdrawn:
                    found.setdefault(self._shown(filled), self._seen(filled))
        alike = (
            [t for t in among if t not in facts.concluded] for among in alike_topics(self.group)
        )
        topics = [among[0] for among in alike if among]
        for shown, seen in telling(self.pack, topics, self.bits.sought).items():
            found.setdefault(self.bits.of(shown, deciding(self.pack)), seen)
        found.pop(0, None)
        return found

    def _filled(self, record: RecordFact) -> Iterator[RecordFact]:
        """The record as it is coded, and where it is open with other levels that it left out."""
        yield record
        coding = self.pack.manifest.coding
        if not record.open or coding is None:
            return
        own = SCALES[:3] if record.supports else SCALES
        left_out = [scale for scale in own if scale not in record.levels]
        sought = [node for node in self.bits.sought if node.supports == record.supports]
        told = (ranks_told_apart(len(getattr(coding, s)), s, sought) for s in left_out)
        for ranks in product(*told):
            levels = {scale: rank for scale, rank in zip(left_out, ranks, strict=True) if rank}
            if levels:
                yield replace(record, levels={**record.levels, **levels})

    def _seen(self, record: RecordFact) -> Seen:
        """The record as an observation that is told by its id."""
        coding = self.pack.manifest.coding
        levels = tuple(
            (scale, tuple(getattr(coding, scale))[record.levels[scale] - 1])
            for scale in SCALES
            if scale in record.levels
        )
        return Seen(record.topic, record.supports, levels, record.mitigated, record.id)
