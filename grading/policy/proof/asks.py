"""What a judgment asks about, and of that what is free of the rest and what several ask about."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

from grading.judge.completions import TooMany
from grading.judge.connected import connected
from grading.judge.figures import Reckoning
from grading.judge.groups import alike_topics, shape
from grading.judge.judging import counts_of
from grading.judge.ladder import Ladder
from grading.judge.states import Example
from grading.policy.proof.evidence_states import Led, led
from grading.policy.proof.known import Classes, every, of_cases, of_earlier, of_figures
from grading.policy.proof.sides import Joint, Side, joints, together
from grading.problems import Place
from grading.rules.facts import Facts
from grading.rules.loaded import Pack
from grading.rules.rule import Compared, Count, leaves
from grading.rules.stages import rungs

MOST_SETTINGS = 256


@dataclass(frozen=True)
class Asks:
    """What a judgment asks about, on every side.

    `joints` are criteria, each with the figures and earlier findings that its rules alone ask about;
    `figures` and `earlier` are those that ladders alone ask about; `judgments` are those counted.
    `shared` are the settings of all that several ask about, and `names` the indicators among it.
    """

    owner: str
    ladders: tuple[Ladder | None, ...]
    joints: tuple[tuple[Joint, tuple[Classes, ...]], ...]
    figures: tuple[tuple[frozenset[str], Classes], ...]
    earlier: tuple[Classes, ...]
    judgments: tuple[str, ...]
    shared: Classes
    names: frozenset[str]


@dataclass(frozen=True)
class _Asked:
    """What one group of criteria asks alone, what ladders ask alone, and what several ask."""

    free: tuple[tuple[Joint, Classes], ...] = ()
    alone: tuple[tuple[frozenset[str], Classes], ...] = ()
    shared: tuple[Classes, ...] = ()
    names: tuple[frozenset[str], ...] = ()  # the indicators of what several ask

    def with_(
        self,
        asking: Sequence[Joint],
        by_ladders: bool,
        classes: Classes,
        names: frozenset[str] = frozenset(),
    ) -> _Asked:
        """This, with something that these criteria ask about, and perhaps ladders."""
        if not asking:
            return replace(self, alone=(*self.alone, (names, classes)))
        if len(asking) == 1 and not by_ladders:
            return replace(self, free=(*self.free, (asking[0], classes)))
        return replace(self, shared=(*self.shared, classes), names=(*self.names, names))

    def of(self, joint: Joint) -> tuple[Classes, ...]:
        """What these criteria ask alone."""
        return tuple(classes for other, classes in self.free if other == joint)


class Parting:
    """What the judgments of some packs ask about; criteria that are alike are looked at once."""

    def __init__(self, sides: Sequence[Side]) -> None:
        self.sides = tuple(sides)
        self.pack = together(sides)
        self.joints = joints(sides)
        self.reckoning = Reckoning(self.pack)
        self._compared = tuple(_comparisons(self.pack))
        self._led: dict[Hashable, tuple[Joint, Led]] = {}

    def alone(self, joint: Joint) -> Led:
        """What evidence on criteria leads to, with all that their rules ask about. Raises TooMany."""
        counts = connected(joint.every.earlier, lambda count: count.members)
        return self.led(self.sides, joint, [*self.figures(joint), *map(of_earlier, counts)])

    def figures(self, joint: Joint) -> list[Classes]:
        """The figures that the rules of criteria ask about. Raises TooMany."""
        found = self.reckoning.together(self._asked_by(joint))
        return [of_figures(self.reckoning, together, self._compared) for together in found]

    def asks(self, owner: str) -> Asks:
        """What a judgment asks about. Raises TooMany."""
        ladders = tuple(
            Ladder(side.pack, owner, Facts()) if rungs(side.pack, owner) else None
            for side in self.sides
        )
        seen = [joint for joint in self.joints if self._seen(joint, ladders)]
        figures = self._figures(ladders, seen)
        earlier = self._earlier(ladders, seen)
        shared = (*figures.shared, *earlier.shared)
        if prod(len(classes.of) for classes in shared) > MOST_SETTINGS:
            raise TooMany
        counted = (
            count for ladder in ladders if ladder for count in counts_of(ladder, "judgments")
        )
        return Asks(
            owner,
            ladders,
            tuple((joint, figures.of(joint) + earlier.of(joint)) for joint in seen),
            figures.alone,
            tuple(classes for _, classes in earlier.alone),
            tuple(dict.fromkeys(member for count in counted for member in count.members)),
            every(shared),
            frozenset(name for among in figures.names for name in among),
        )

    def _figures(self, ladders: Sequence[Ladder | None], seen: Sequence[Joint]) -> _Asked:
        """The figures that criteria and ladders ask about."""
        by_ladders = frozenset(self._compared_by(ladders))
        asked_by = {joint: self._asked_by(joint) for joint in seen}
        found = _Asked()
        for figures in self.reckoning.together(by_ladders.union(*asked_by.values())):
            among = frozenset(figures.indicators)
            asking = [joint for joint, asked in asked_by.items() if asked & among]
            classes = (
                of_figures(self.reckoning, figures, self._compared)
                if asking
                else of_cases(self.reckoning, figures)
            )
            found = found.with_(asking, bool(among & by_ladders), classes, among)
        return found

    def _earlier(self, ladders: Sequence[Ladder | None], seen: Sequence[Joint]) -> _Asked:
        """The earlier findings that criteria and ladders count."""
        counts = {count for ladder in ladders if ladder for count in counts_of(ladder, "previous")}
        by_joints = {joint: frozenset(joint.every.earlier) for joint in seen}
        found = _Asked()
        ordered = sorted(counts.union(*by_joints.values()), key=_in_order)
        for some in connected(ordered, lambda count: count.members):
            asking = [joint for joint, asked in by_joints.items() if asked & set(some)]
            found = found.with_(asking, bool(counts & set(some)), of_earlier(some))
        return found

    def led(self, sides: Sequence[Side], joint: Joint, classes: Sequence[Classes]) -> Led:
        """What evidence on criteria leads to where these are the cases of what is known."""
        key = (
            tuple(tuple(sorted(side.indicators.items())) for side in sides),
            tuple(side.earlier for side in sides),
            tuple(
                None if group is None else shape(side.pack, group, joint.every)
                for side, group in zip(sides, joint.sides, strict=True)
            ),
            tuple(some.of for some in classes),
        )
        if key not in self._led:
            self._led[key] = joint, led(sides, joint, every(classes))
        return _retold(*self._led[key], joint)

    def _asked_by(self, joint: Joint) -> frozenset[str]:
        """The indicators that the rules of criteria ask about, by their names among all sides."""
        return frozenset(
            side.names[name]
            for side, group in zip(self.sides, joint.sides, strict=True)
            if group is not None
            for name in group.indicators
        )

    def _compared_by(self, ladders: Sequence[Ladder | None]) -> Iterator[str]:
        for ladder, side in zip(ladders, self.sides, strict=True):
            for columns in ladder.columns if ladder else ():
                if isinstance(columns.leaf, Compared):
                    yield side.names[columns.leaf.indicator]

    def _seen(self, joint: Joint, ladders: Sequence[Ladder | None]) -> bool:
        return any(
            ladder is not None and group is not None and ladder.sees(group)
            for ladder, group in zip(ladders, joint.sides, strict=True)
        )


def _in_order(count: Count) -> tuple[Place, tuple[str, ...], str, tuple[str, ...], int, int]:
    """What tells counts apart, for an order that no set changes."""
    return count.place, count.members, count.kind, count.states, count.fewest, count.most


def _comparisons(pack: Pack) -> Iterator[Compared]:
    """What the conditions of a pack compare figures with, each once."""
    found = (leaf for rule in pack.rules.values() for leaf in leaves(rule.body))
    yield from dict.fromkeys(leaf for leaf in found if isinstance(leaf, Compared))


def _retold(like: Joint, found: Led, joint: Joint) -> Led:
    """What leads to states of one joint as it leads to those of another that is alike."""
    if like is joint:
        return found
    pairs = zip(alike_topics(like.every), alike_topics(joint.every), strict=True)
    topics = {a[0]: b[0] for a, b in pairs}
    return replace(
        found,
        examples=tuple(_renamed(example, topics) for example in found.examples),
        better={
            pair: replace(
                step,
                before=_renamed(step.before, topics),
                after=_renamed(step.after, topics),
                observation=step.observation
                and replace(step.observation, topic=topics[step.observation.topic]),
            )
            for pair, step in found.better.items()
        },
        conditions=tuple(
            replace(held, example=held.example and _renamed(held.example, topics))
            for held in found.conditions
        ),
        unclear=tuple(
            replace(
                one,
                example=_renamed(one.example, topics),
                better=one.better and _renamed(one.better, topics),
                worse=one.worse and _renamed(one.worse, topics),
            )
            for one in found.unclear
        ),
    )


def _renamed(example: Example, topics: Mapping[str, str]) -> Example:
    seen = (replace(o, topic=topics[o.topic]) for o in example.observations)
    return replace(example, observations=tuple(seen))
