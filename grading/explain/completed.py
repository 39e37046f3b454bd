"""The grades of a judgment over every completion of its parts: of all of them, and with one settled."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, pairwise, product

from grading.explain.open import Part
from grading.explain.sums import Limits, sums
from grading.judge.columns import Numbers, plus
from grading.judge.connected import connected
from grading.judge.judging import Added, Judging, total
from grading.rules.facts import Possible


@dataclass(frozen=True)
class Module:
    """Parts that add to the same ladders below the judgment's own, and those ladders by number."""

    parts: tuple[Part, ...]
    below: tuple[int, ...]


class Completed:
    """A judgment whose parts are independent; a part that is known could add one thing alone.

    What it says is exact. Raises TooMany where it would take too long.
    """

    def __init__(self, judging: Judging, parts: Sequence[Part], adds: Iterable[Added]) -> None:
        self.judging = judging
        known = (next(iter(part.could)) for part in parts if len(part.could) == 1)
        nothing = tuple(ladder.nothing for ladder in judging.ladders)
        self.start = total(nothing, *known, *adds)
        self.modules = list(self._modules([part for part in parts if len(part.could) > 1]))
        own = judging.own
        self.limits = Limits(own.fewest, own.enough)
        self._given: dict[tuple[tuple[int, ...], frozenset[Added]], dict[Added, Possible]] = {}

    @cached_property
    def grades(self) -> Possible:
        """The grades in all completions."""
        found = sums(self.start[0], self._options, self.limits)
        return frozenset().union(*map(self.judging.own.grades, found))

    def given(self, part: Part) -> dict[Added, Possible]:
        """The grades in all completions in which a part adds this, for all that it could add."""
        if len(part.could) == 1:
            return dict.fromkeys(part.could, self.grades)
        number = next(n for n, module in enumerate(self.modules) if part in module.parts)
        module = self.modules[number]
        like = module.below, part.could
        if like not in self._given:
            others = list(module.parts)
            others.remove(part)
            self._given[like] = self._with(part, number, others)
        return self._given[like]

    def _with(self, part: Part, number: int, others: Sequence[Part]) -> dict[Added, Possible]:
        """The grades by what one part of a module adds, where the others are these."""
        below = self.modules[number].below
        could = {added: self._joined(added, below) for added in part.could}
        found = self._sums(others, below, could.values())
        own = {
            a: {o for f in found for o in self._own(plus(f, j), below)} for a, j in could.items()
        }
        rest = [options for n, options in enumerate(self._options) if n != number]
        every = list(chain.from_iterable(own.values()))
        reached = sums(self.start[0], rest, self.limits, every)
        return {
            added: frozenset().union(
                *(self.judging.own.grades(plus(r, o)) for r in reached for o in options)
            )
            for added, options in own.items()
        }

    @cached_property
    def _options(self) -> list[set[Numbers]]:
        """What each module could add to the judgment's own ladder."""
        return [
            {o for f in self._sums(m.parts, m.below, ()) for o in self._own(f, m.below)}
            for m in self.modules
        ]

    def _sums(
        self, parts: Sequence[Part], below: tuple[int, ...], last: Collection[Numbers]
    ) -> set[Numbers]:
        """What parts of a module could add up to, to the own ladder and to those below; of `last`
        one more is to come."""
        judging = self.judging
        ladders = [judging.below[number] for number in below]
        own = judging.own
        limits = Limits(
            tuple(chain(own.nothing, *(ladder.fewest for ladder in ladders))),
            tuple(chain(own.enough, *(ladder.enough for ladder in ladders))),
        )
        start = tuple(chain(own.nothing, *(self.start[1 + number] for number in below)))
        could = [{self._joined(added, below) for added in part.could} for part in parts]
        return sums(start, could, limits, last)

    def _own(self, joined: Numbers, below: tuple[int, ...]) -> Iterator[Numbers]:
        """What it comes to for the own ladder, whichever of its possible grades each one below has."""
        own = self.judging.own
        widths = [len(own.nothing), *(len(self.start[1 + number]) for number in below)]
        slices = [joined[start:end] for start, end in pairwise(accumulate(widths, initial=0))]
        judged = (
            [
                own.of_judgment(self.judging.below[n].owner, frozenset({grade}))
                for grade in sorted(self.judging.below[n].grades(numbers))
            ]
            for n, numbers in zip(below, slices[1:], strict=True)
        )
        for chosen in product(*judged):
            numbers = slices[0]
            for added in chosen:
                numbers = plus(numbers, added)
            yield numbers

    def _modules(self, parts: Sequence[Part]) -> Iterator[Module]:
        """The open parts by the ladders that they touch; and the ladders that none does."""
        untouched = set(range(len(self.judging.below)))
        for among in connected(parts, _touches):
            below = frozenset[int]().union(*map(_touches, among))
            untouched -= below
            yield Module(among, tuple(sorted(below)))
        yield from (Module((), (number,)) for number in sorted(untouched))

    def _joined(self, added: Added, below: tuple[int, ...]) -> Numbers:
        return tuple(chain(added[0], *(added[1 + number] for number in below)))


def _touches(part: Part) -> frozenset[int]:
    """The ladders below to which a part could add something."""
    return frozenset(
        number for added in part.could for number, numbers in enumerate(added[1:]) if any(numbers)
    )
