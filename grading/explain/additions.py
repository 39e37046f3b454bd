"""The records that could be added to an inspection: every observation, and a figure of each size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise, product

from grading.derive.derive import SCALES
from grading.derive.standing import Roles
from grading.evidence.records import BANDS
from grading.rules.facts import Facts, RecordFact, Standing
from grading.rules.loaded import Pack
from grading.rules.rule import Compared, leaves

Levels = tuple[tuple[str, str], ...]  # scale and level, in the order of the scales
_SIGNED = ("percent-change", "percentage-points", "gbp")


@dataclass(frozen=True)
class Seen:
    """One observation that could be added: the first of those that do the same."""

    topic: str
    supports: bool
    levels: Levels
    mitigated: bool = False


def codings(pack: Pack, topics: tuple[str, ...]) -> Iterator[Seen]:
    """Every observation that can be coded on the topics: fewest levels first, then the lowest."""
    coding = pack.manifest.coding
    scales: Mapping[str, tuple[str, ...]] = {
        scale: tuple(getattr(coding, scale)) if coding else () for scale in SCALES
    }
    for supports, own in ((True, SCALES[:3]), (False, SCALES)):
        ranks = sorted(
            product(*(range(len(scales[scale]) + 1) for scale in own)),
            key=lambda rank: (sum(r > 0 for r in rank), sum(rank), rank),
        )
        for rank, topic, mitigated in product(
            ranks, topics, (False,) if supports else (False, True)
        ):
            chosen = ((s, scales[s][r - 1]) for s, r in zip(own, rank, strict=True) if r)
            yield Seen(topic, supports, tuple(chosen), mitigated)


def observed(pack: Pack, criterion: str, seen: Seen) -> RecordFact:
    """The observation as conditions see it, of a kind that decides where the pack has one."""
    coding = pack.manifest.coding
    return RecordFact(
        id="added",
        topic=seen.topic,
        criterion=criterion,
        supports=seen.supports,
        levels={s: tuple(getattr(coding, s)).index(level) + 1 for s, level in seen.levels},
        mitigated=seen.mitigated,
        standing=_deciding(pack),
    )


def with_record(pack: Pack, facts: Facts, fact: RecordFact) -> Facts:
    """The facts with one observation more, and its criterion searched: somebody looked."""
    about = (*facts.records.get(fact.topic, ()), fact)
    searched = facts.concluded.union(pack.criteria[fact.criterion].written.topics)
    return replace(facts, records={**facts.records, fact.topic: about}, concluded=searched)


def _deciding(pack: Pack) -> Standing:
    fieldwork, review = Roles(pack).of("fieldwork"), Roles(pack).of("file-review")
    return review if review.role == "deciding" != fieldwork.role else fieldwork


def values(pack: Pack, name: str) -> tuple[Decimal | str, ...]:
    """A value for each part into which the thresholds of the pack divide an indicator's range."""
    nodes = (leaf for rule in pack.rules.values() for leaf in leaves(rule.body))
    asked = [n for n in nodes if isinstance(n, Compared) and n.indicator == name]
    indicator = pack.indicators[name]
    if indicator.unit == "rank-band":
        return BANDS
    if indicator.method == "value" and pack.series[indicator.series[0]].values:
        return tuple(sorted(Decimal(v) for v in pack.series[indicator.series[0]].values))
    bounds = sorted({number for node in asked for number in node.numbers})
    between = [(low + high) / 2 for low, high in pairwise(bounds)]
    every = [bounds[0] - 1, *bounds, *between, bounds[-1] + 1]
    signed = indicator.method == "difference" or indicator.unit in _SIGNED
    low, high = None if signed else 0, 100 if indicator.unit == "percent" else None
    return tuple(
        sorted(v for v in every if (low is None or v >= low) and (high is None or v <= high))
    )
