"""An inspection with one observation more."""

from __future__ import annotations

from dataclasses import replace

from grading.rules.facts import Facts, RecordFact
from grading.rules.loaded import Pack


def with_record(pack: Pack, facts: Facts, fact: RecordFact) -> Facts:
    """The facts with one observation more, and its criterion searched: somebody looked."""
    about = (*facts.records.get(fact.topic, ()), fact)
    searched = facts.concluded.union(pack.criteria[fact.criterion].written.topics)
    return replace(facts, records={**facts.records, fact.topic: about}, concluded=searched)
