"""The observations that could be made: how each can be coded, and what conditions see of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from grading.derive.derive import SCALES
from grading.derive.standing import Roles
from grading.rules.definition import shows
from grading.rules.facts import RecordFact, Standing
from grading.rules.loaded import Pack
from grading.rules.rule import Sought

Levels = tuple[tuple[str, str], ...]  # scale and level, in the order of the scales


@dataclass(frozen=True)
class Seen:
    """One observation that could be made: the first of those that do the same.

    `record` is the id where it is a record that there is, and that may stand again or show more.
    """

    topic: str
    supports: bool
    levels: Levels
    mitigated: bool = False
    record: str | None = None


def codings(pack: Pack, topics: Sequence[str]) -> Iterator[Seen]:
    """Every observation that can be coded on the topics: fewest levels first, then the lowest."""
    return _coded(pack, topics, ())


def telling(pack: Pack, topics: Sequence[str], sought: Sequence[Sought]) -> dict[int, Seen]:
    """What one observation on the topics can show of what is sought, with the first that shows it.

    What it shows is a number whose bits are the conditions shown. Observations that show nothing
    are left out.
    """
    found: dict[int, Seen] = {}
    for seen in _coded(pack, topics, sought):
        mask = showing(observed(pack, "", seen), sought)
        if mask:
            found.setdefault(mask, seen)
    return found


def showing(record: RecordFact, sought: Sequence[Sought]) -> int:
    """What a record shows as it is coded: a number whose bits are the conditions shown."""
    return sum(
        1 << bit
        for bit, node in enumerate(sought)
        if record.topic in node.topics and shows(record, node, left_out=False)
    )


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
        standing=deciding(pack),
    )


def deciding(pack: Pack) -> Standing:
    """The kind of observation that decides, where the pack has one; fieldwork otherwise."""
    fieldwork, review = Roles(pack).of("fieldwork"), Roles(pack).of("file-review")
    return review if review.role == "deciding" != fieldwork.role else fieldwork


def ranks_told_apart(number: int, scale: str, sought: Sequence[Sought]) -> list[int]:
    """The lowest of the ranks of a scale that each condition treats alike; 0 is left out.

    `number` is how many levels the scale has. A level left out is below every level that is asked
    for, and above every level that is excluded.
    """
    first: dict[tuple[bool, ...], int] = {}
    for rank in range(number + 1):
        told = [rank >= least for node in sought for s, least in node.shown if s == scale]
        told += [not 0 < rank <= low for node in sought for s, low in node.excluded if s == scale]
        first.setdefault(tuple(told), rank)
    return list(first.values())


def _coded(pack: Pack, topics: Sequence[str], sought: Sequence[Sought]) -> Iterator[Seen]:
    """Every coding; where conditions are named, the first of those that they do not tell apart."""
    coding = pack.manifest.coding
    scales: Mapping[str, tuple[str, ...]] = {
        scale: tuple(getattr(coding, scale)) if coding else () for scale in SCALES
    }
    for supports, own in ((True, SCALES[:3]), (False, SCALES)):
        asked = [node for node in sought if node.supports == supports]
        if sought and not asked:
            continue
        told = (
            ranks_told_apart(len(scales[s]), s, asked) if asked else range(len(scales[s]) + 1)
            for s in own
        )
        ranks = sorted(product(*told), key=lambda rank: (sum(r > 0 for r in rank), sum(rank), rank))
        for rank, topic, mitigated in product(
            ranks, topics, (False,) if supports else (False, True)
        ):
            chosen = ((s, scales[s][r - 1]) for s, r in zip(own, rank, strict=True) if r)
            yield Seen(topic, supports, tuple(chosen), mitigated)
