"""What a judgment asks about, and of that what is free of the rest and what several ask about."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

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
from grading.rules.facts import Facts
from grading.rules.loaded import Pack
from grading.rules.rule import Compared, leaves
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
        free: dict[Joint, list[Classes]] = {joint: [] for joint in seen}
        alone: list[tuple[frozenset[str], Classes]] = []
        shared: list[Classes] = []
        names = set[str]()
        by_ladders = frozenset(self._compared_by(ladders))
        asked_by = {joint: self._asked_by(joint) for joint in seen}
        for figures in self.reckoning.together(by_ladders.union(*asked_by.values())):
            among = frozenset(figures.indicators)
            asking = [joint for joint, asked in asked_by.items() if asked & among]
            if not asking:
                alone.append((among, of_cases(self.reckoning, figures)))
                continue
            classes = of_figures(self.reckoning, figures, self._compared)
            if len(asking) == 1 and not among & by_ladders:
                free[asking[0]].append(classes)
            else:
                shared.append(classes)
                names |= among
        counts = {count for ladder in ladders if ladder for count in counts_of(ladder, "previous")}
        earlier: list[Classes] = []
        by_joints = {joint: frozenset(joint.every.earlier) for joint in seen}
        for some in connected(
            sorted(counts.union(*by_joints.values()), key=lambda count: count.place),
            lambda count: count.members,
        ):
            asking = [joint for joint, asked in by_joints.items() if asked & set(some)]
            if not asking:
                earlier.append(of_earlier(some))
            elif len(asking) == 1 and not counts & set(some):
                free[asking[0]].append(of_earlier(some))
            else:
                shared.append(of_earlier(some))
        number = 1
        for classes in shared:
            number *= len(classes.of)
        if number > MOST_SETTINGS:
            raise TooMany
        judgments = dict.fromkeys(
            member
            for ladder in ladders
            if ladder
            for count in counts_of(ladder, "judgments")
            for member in count.members
        )
        return Asks(
            owner,
            ladders,
            tuple((joint, tuple(classes)) for joint, classes in free.items()),
            tuple(alone),
            tuple(earlier),
            tuple(judgments),
            every(shared),
            frozenset(names),
        )

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
    )


def _renamed(example: Example, topics: Mapping[str, str]) -> Example:
    seen = (replace(o, topic=topics[o.topic]) for o in example.observations)
    return replace(example, observations=tuple(seen))
