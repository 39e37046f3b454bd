"""What records may show that leave levels out: in a summary such a level may be any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from grading.derive.derive import SCALES
from grading.judge.observations import Seen, deciding, showing
from grading.rules.facts import RecordFact
from grading.rules.loaded import Pack
from grading.rules.rule import Sought

_ANY = 99  # the rank of a level left out, where it may still hold: as the definition has it


def opened(pack: Pack, topics: Sequence[str], sought: Sequence[Sought]) -> dict[int, Seen]:
    """What one open record on the topics may show of what is sought, with a coding of it.

    What it may show is a number whose bits are the conditions. All of `sought` asks about one side.
    """
    found: dict[int, Seen] = {}
    for record, seen in _open_records(pack, topics, sought):
        mask = showing(record, sought)
        if mask:
            found.setdefault(mask, seen)
    return found


def _open_records(
    pack: Pack, topics: Sequence[str], sought: Sequence[Sought]
) -> Iterator[tuple[RecordFact, Seen]]:
    """Each open record that the conditions tell apart: fewest levels first."""
    if not sought:
        return
    coding = pack.manifest.coding
    supports, standing = sought[0].supports, deciding(pack)
    words = {scale: tuple(getattr(coding, scale)) if coding else () for scale in SCALES}
    own = SCALES[:3] if supports else SCALES
    ranks = [_ranks(len(words[s]) if s in own else 0, s, sought) for s in SCALES]
    every = sorted(product(*ranks), key=lambda chosen: (sum(r < _ANY for r in chosen), chosen))
    for chosen, topic, mitigated in product(every, topics, (False,) if supports else (False, True)):
        levels = dict(zip(SCALES, chosen, strict=True))
        coded = tuple((s, words[s][r - 1]) for s, r in levels.items() if r < _ANY)
        yield (
            RecordFact("open", topic, "", supports, levels, mitigated, standing),
            Seen(topic, supports, coded, mitigated),
        )


def _ranks(number: int, scale: str, sought: Sequence[Sought]) -> list[int]:
    """The level left out, and the lowest rank of those that each condition treats alike."""
    first: dict[tuple[bool, ...], int] = {}
    for rank in (_ANY, *range(1, number + 1)):
        told = [rank >= least for node in sought for s, least in node.shown if s == scale]
        told += [rank > low for node in sought for s, low in node.excluded if s == scale]
        first.setdefault(tuple(told), rank)
    return list(first.values())
