"""What the checks of a pack look at: its files, its rules, its states, and what its cases try."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from grading.judge.groups import Group
from grading.policy.cases import PlacedCase
from grading.policy.lint.accepted import Acceptance, acceptances
from grading.policy.lint.criteria_states import Looked, looked_at
from grading.policy.lint.ladder_states import Graded, graded
from grading.policy.lint.tried import Tried, tried
from grading.policy.lint.written import Written, written_rules
from grading.problems import Place
from grading.rules.files import PackFiles
from grading.rules.loaded import Pack
from grading.rules.rule import Node, inside


@dataclass(frozen=True)
class Subject:
    """A pack as it is written and as it is loaded, with its cases and the texts of its files.

    `cases` is None where they do not load. `since` is the pack as it was, where it is to be compared.
    """

    files: PackFiles
    pack: Pack
    cases: tuple[PlacedCase, ...] | None = ()
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    since: Pack | None = None

    @cached_property
    def written(self) -> tuple[Written, ...]:
        """Every condition that is written in the pack."""
        return written_rules(self.files, self.pack)

    @cached_property
    def looked(self) -> Mapping[Group, Looked]:
        """What the states of the criteria come to."""
        return looked_at(self.pack)

    @cached_property
    def graded(self) -> tuple[Graded, ...]:
        """What the ladders come to."""
        return graded(self.pack, self.looked)

    @cached_property
    def by_home(self) -> Mapping[str, tuple[Graded, ...]]:
        """The judgments of each ladder."""
        found: dict[str, list[Graded]] = {}
        for judgment in self.graded:
            found.setdefault(judgment.ladder, []).append(judgment)
        return {ladder: tuple(judgments) for ladder, judgments in found.items()}

    @cached_property
    def number_of(self) -> Mapping[str, tuple[Group, int]]:
        """The group of each criterion, and its number there."""
        return {c: (group, n) for group in self.looked for n, c in enumerate(group.criteria)}

    @cached_property
    def tried(self) -> Tried:
        """What the cases try of the rules."""
        return tried(self.pack, self.cases or ())

    @cached_property
    def accepted(self) -> tuple[Acceptance, ...]:
        """The comments that accept results."""
        return acceptances(self.texts)

    @cached_property
    def home_of(self) -> Mapping[Place, Written]:
        """Which condition each of its parts, and its name, belongs to."""
        found: dict[Place, Written] = {}
        for written in self.written:
            found[written.key] = written
            for rule in written.rules[:1]:
                for node in every_node(rule.body):
                    found.setdefault(node.place, written)
        return found


def every_node(node: Node) -> Iterator[Node]:
    """A condition and all of its parts, in the order written."""
    yield node
    for part in inside(node):
        yield from every_node(part)
