"""What evidence on criteria leads to, for one pack or for several at once, and what is better evidence.

A piece of evidence is a union of observations on topics that were searched, a value of each figure
and the earlier findings that the rules of the criteria ask about. Better is one more observation in
favour, one fewer against, a better figure, or one earlier finding fewer that is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from itertools import islice, product
from operator import or_
from typing import Literal

from grading.judge.completions import TooMany
from grading.judge.figures import Figure
from grading.judge.groups import alike_topics
from grading.judge.observations import Seen, deciding, telling
from grading.judge.shown import Bits, Settled, unions
from grading.judge.states import Example, State
from grading.policy.proof.known import Classes, Known, Pair
from grading.policy.proof.nearest import States, Told, nearest
from grading.policy.proof.sides import Joint, Side
from grading.policy.proof.unclear import Unclear, unclear
from grading.rules.rule import Rule

MOST_LED_TO = 50_000
Change = Literal["more in favour", "less against", "figure", "earlier", "concluded"]


@dataclass(frozen=True)
class Step:
    """Two pieces of evidence of which the second is better, in the one thing that changes."""

    change: Change
    before: Example
    after: Example
    observation: Seen | None = None
    figure: Figure | None = None


@dataclass(frozen=True)
class Held:
    """The condition of an outcome of a criterion, by its place in its group: on how much evidence it
    holds, on how much of that the criterion comes out so, and the least evidence on which it holds,
    with the state that it leads to."""

    criterion: int
    outcome: str
    holds: int
    decides: int
    example: Example | None
    leads_to: int


@dataclass(frozen=True)
class Led:
    """The settled states that evidence leads to, those of the least evidence first.

    `better` has each two of them of which better evidence leads from the one to the other, with an
    example. `moving` are the figures of which a change alone changes what evidence leads to.
    `evidence` is how many pieces of evidence were looked at, and `pieces` how many lead to each state.
    `conditions` are those of the outcomes, of the first side, and `unclear` their gaps and overlaps.
    """

    states: tuple[Told, ...]
    examples: tuple[Example, ...]
    better: Mapping[Pair, Step]
    moving: frozenset[Figure]
    evidence: int
    pieces: tuple[int, ...] = ()
    conditions: tuple[Held, ...] = ()
    unclear: tuple[Unclear, ...] = ()


def led(sides: Sequence[Side], joint: Joint, classes: Classes) -> Led:
    """What all evidence on the criteria leads to. Raises TooMany."""
    leading = _Leading(sides, joint, classes)
    states = list(leading.numbers)
    order = sorted(range(len(states)), key=lambda n: len(leading.examples[n].observations))
    place = {n: at for at, n in enumerate(order)}
    # which evidence is better is asked of one pack alone
    better = leading.better if len(sides) == 1 else {}
    return Led(
        states=tuple(states[n] for n in order),
        examples=tuple(leading.examples[n] for n in order),
        better={(place[a], place[b]): step for (a, b), step in better.items()},
        moving=leading.moving,
        evidence=len(leading.reached),
        pieces=tuple(leading.pieces[n] for n in order),
        conditions=tuple(
            replace(held, leads_to=place.get(held.leads_to, -1)) for held in leading.conditions()
        ),
        unclear=tuple(leading.unclear()) if len(sides) == 1 else (),
    )


class _Leading:
    """Every piece of evidence, by its case of what is known and by what topics show."""

    def __init__(self, sides: Sequence[Side], joint: Joint, classes: Classes) -> None:
        self.sides, self.joint, self.classes = sides, joint, classes
        sought = joint.every.every
        topics = [among[0] for among in alike_topics(joint.every)]
        self.steps = telling(sides[0].pack, topics, sought)
        self.shown, every = unions(0, self.steps)
        if not every:
            raise TooMany
        self.numbers: dict[Told, int] = {}
        self.examples: list[Example] = []
        self.pieces: list[int] = []
        self.reached: dict[tuple[int, int], States] = {}
        self.settled: list[list[Settled | None]] = []
        tried = 0
        for case, known in enumerate(classes.of):
            settled = [self._settled(n, known) for n in range(len(sides))]
            self.settled.append(settled)
            for bits in self.shown:
                several = islice(_together(settled, bits), MOST_LED_TO - tried + 1)
                told = [self._number(one, case, bits) for one in several]
                self.reached[case, bits] = frozenset(told)
                tried += len(told)
                if tried > MOST_LED_TO:
                    raise TooMany

    @cached_property
    def better(self) -> dict[Pair, Step]:
        """Each two states of which better evidence leads from the one to the other."""
        first: dict[tuple[States, States], Step] = {}
        for (worse, to), step in self._steps():
            if worse != to and (worse, to) not in first:
                first[worse, to] = step
        pairs: dict[Pair, Step] = {}
        for (worse, to), step in first.items():
            for pair in nearest(list(self.numbers), worse, to):
                pairs.setdefault(pair, step)
        for among in dict.fromkeys(self.reached.values()):
            for one, other in self._concluded(sorted(among)):
                step = Step("concluded", self.examples[one], self.examples[other])
                pairs.setdefault((one, other), step)
        return pairs

    @property
    def moving(self) -> frozenset[Figure]:
        """The figures of which a change alone changes what evidence leads to."""
        return frozenset(
            figure
            for (one, other), figure in self.classes.apart.items()
            if any(self.reached[one, bits] != self.reached[other, bits] for bits in self.shown)
        )

    def conditions(self) -> Iterator[Held]:
        """The condition of each outcome of each criterion of the first side."""
        group = self.joint.sides[0]
        every = list(self.numbers)
        for rule in group.outcome_rules if group else ():
            place = group.criteria.index(rule.owner) if group else 0
            held = [
                (case, bits)
                for case, bits in self.reached
                if (settled := self.settled[case][0]) and settled.holds(rule, bits)
            ]
            so = frozenset({rule.name})
            decides = sum(
                all(s is not None and s.outcomes[place] == so for s in (every[n][0] for n in found))
                for found in (self.reached[evidence] for evidence in held)
            )
            least = min(held, key=lambda evidence: len(self.shown[evidence[1]]), default=None)
            example = None if least is None else self.example(*least)
            state = -1 if least is None else min(self.reached[least])
            yield Held(place, rule.name, len(held), decides, example, state)

    def unclear(self) -> Iterator[Unclear]:
        """The gaps and overlaps of the conditions of each criterion of the first side."""
        group = self.joint.sides[0]
        for number, criterion in enumerate(group.criteria if group else ()):
            rules = [r for r in group.outcome_rules if r.owner == criterion] if group else []
            yield from unclear(number, rules, self)

    @property
    def known(self) -> Sequence[Known]:
        """What is known, case by case."""
        return self.classes.of

    @cached_property
    def in_favour(self) -> int:
        """All that observations in favour can show."""
        return reduce(or_, (mask for mask, seen in self.steps.items() if seen.supports), 0)

    @cached_property
    def against(self) -> int:
        """All that observations against can show."""
        return reduce(or_, (mask for mask, seen in self.steps.items() if not seen.supports), 0)

    def shows(self, rules: Sequence[Rule], piece: tuple[int, int]) -> frozenset[str] | None:
        """The outcomes whose conditions hold; None where one is withheld."""
        settled = self.settled[piece[0]][0]
        if settled is None:
            return None
        truths = {rule.name: settled.holds(rule, piece[1]) for rule in rules}
        return None if None in truths.values() else frozenset(n for n in truths if truths[n])

    def example(self, case: int, bits: int) -> Example:
        """The evidence that this is."""
        known = self.classes.of[case]
        return Example(self.shown[bits], known.figures, known.items)

    def _settled(self, number: int, known: Known) -> Settled | None:
        side, group = self.sides[number], self.joint.sides[number]
        if group is None:
            return None
        bits = Bits(self.joint.every.every, (deciding(side.pack),))
        return Settled(side.pack, group, bits, side.facts(dict(known.indicators), known.items))

    def _number(self, told: Told, case: int, bits: int) -> int:
        if told not in self.numbers:
            self.numbers[told] = len(self.examples)
            self.examples.append(self.example(case, bits))
            self.pieces.append(0)
        elif len(self.shown[bits]) < len(self.examples[self.numbers[told]].observations):
            self.examples[self.numbers[told]] = self.example(case, bits)
        self.pieces[self.numbers[told]] += 1
        return self.numbers[told]

    def _steps(self) -> Iterator[tuple[tuple[States, States], Step]]:
        reached = self.reached
        for case, bits in product(range(len(self.classes.of)), self.shown):
            for mask, seen in self.steps.items():
                more = bits | mask
                if more != bits:
                    without, with_it = (case, bits), (case, more)
                    worse, to = (without, with_it) if seen.supports else (with_it, without)
                    change: Change = "more in favour" if seen.supports else "less against"
                    step = Step(change, self.example(*worse), self.example(*to), seen)
                    yield (reached[worse], reached[to]), step
        for (one, other), moved in self.classes.better.items():
            for bits in self.shown:
                change = "earlier" if moved.figure is None else "figure"
                before, after = (
                    Example(self.shown[bits], known.figures, known.items)
                    for known in (moved.before, moved.after)
                )
                step = Step(change, before, after, figure=moved.figure)
                yield (reached[one, bits], reached[other, bits]), step

    def _concluded(self, among: Sequence[int]) -> Iterator[Pair]:
        """Each two states of one piece of evidence of which the second concludes more in favour."""
        every = list(self.numbers)
        for one, other in product(among, among):
            pairs = [
                (a, b)
                for s, t in zip(every[one], every[other], strict=True)
                if s is not None and t is not None
                for a, b in zip(s.outcomes, t.outcomes, strict=True)
                if a != b
            ]
            if pairs and all((set(a), set(b)) == ({"unknown"}, {"meets"}) for a, b in pairs):
                yield one, other


def _together(settled: Sequence[Settled | None], bits: int) -> Iterator[Told]:
    """What one piece of evidence comes to on every side: what may be the same is the same."""
    every = [[None] if one is None else list(one.resolved(bits)) for one in settled]
    if len(every) == 1:
        yield from ((state,) for state in every[0])
        return
    first, second = every
    mine, theirs = [_drawn(s) for s in first], [_drawn(s) for s in second]
    for one, own in zip(first, mine, strict=True):
        same = [s for s, drawn in zip(second, theirs, strict=True) if drawn == own]
        apart = [s for s, drawn in zip(second, theirs, strict=True) if drawn not in mine]
        yield from ((one, other) for other in same or apart or second)
    if any(own not in theirs for own in mine):
        return  # what the second alone may come to stands beside what the first alone may
    for other, drawn in zip(second, theirs, strict=True):
        if drawn not in mine:
            yield from ((one, other) for one in first)


def _drawn(state: State | None) -> object:
    """What is concluded in a state."""
    return None if state is None else (state.outcomes, state.findings)
