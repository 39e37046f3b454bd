"""What there can be adds to the numbers of a ladder: criteria, figures, earlier findings, judgments.

Of each there is everything that it can add, with the plainest evidence that adds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from grading.judge.columns import Numbers
from grading.judge.earlier import Items, by_topic
from grading.judge.figures import Reckoning
from grading.judge.groups import Group
from grading.judge.ladder import Ladder
from grading.judge.reachable import reachable_by
from grading.judge.states import State, current
from grading.policy.apart.given import cost_of_items, every_figure
from grading.policy.apart.values import UNWRITABLE, Pieces, TooMany
from grading.rules.facts import Facts
from grading.rules.loaded import Pack
from grading.rules.rule import Compared, Count

Options = Mapping[Numbers, tuple[int, Pieces]]
Costed = tuple[State, Pieces, int]
Earlier = Callable[[Sequence[Count]], Iterable[Items | None]]


def settled(pack: Pack, group: Group) -> list[Costed]:
    """The states that evidence which decides brings criteria into, and that of no search.

    Raises TooMany.
    """
    every = reachable_by(pack, group)
    if not every.every:
        raise TooMany("evidence on a criterion has more states than can be looked at")
    unsearched = current(pack, group, Facts())
    states = [
        (s, Pieces(s.example.observations, s.example.figures, s.example.earlier))
        for s in every.states
    ]
    plain = [*states, (unsearched, Pieces(unsearched=frozenset(group.topics)))]
    return [(state, pieces, _cost(pieces)) for state, pieces in plain]


def of_criteria(ladder: Ladder, group: Group, states: Iterable[Costed]) -> Options:
    """What a group of criteria can add in these states."""
    found: dict[Numbers, tuple[int, Pieces]] = {}
    for state, pieces, cost in states:
        added = ladder.of_criteria(group, state)
        if added not in found or cost < found[added][0]:
            found[added] = cost, pieces
    return found


def of_others(ladder: Ladder, earlier: Earlier) -> Iterator[Options]:
    """What all but criteria can add, with such earlier findings. Raises TooMany."""
    counts = [c.leaf for c in ladder.columns if isinstance(c.leaf, Count)]
    previous = tuple(leaf for leaf in counts if leaf.counted == "previous")
    if previous:
        yield _of_earlier(ladder, earlier(previous))
    yield from _of_figures(ladder)
    for question in dict.fromkeys(
        q for leaf in counts if leaf.counted == "judgments" for q in leaf.members
    ):
        yield _of_judgment(ladder, question)


def _of_earlier(ladder: Ladder, every: Iterable[Items | None]) -> Options:
    found: dict[Numbers, tuple[int, Pieces]] = {}
    for items in every:
        added = ladder.of_earlier(None if items is None else by_topic(items))
        found.setdefault(added, (cost_of_items(items), Pieces(earlier=items)))
    return found


def _of_figures(ladder: Ladder) -> Iterator[Options]:
    asked = {c.leaf.indicator for c in ladder.columns if isinstance(c.leaf, Compared)}
    for among in Reckoning(ladder.pack).together(asked):
        found: dict[Numbers, tuple[int, Pieces]] = {}
        for figured in every_figure(ladder.pack, among):
            added = ladder.of_indicators(among.indicators, figured.indicators)
            if added not in found or figured.cost < UNWRITABLE:
                found[added] = figured.cost, Pieces(figures=figured.written)
        yield found


def _of_judgment(ladder: Ladder, question: str) -> Options:
    """Every grade or other value that a question can have, and every set of grades that may be."""
    found: dict[Numbers, tuple[int, Pieces]] = {}
    for value in (*ladder.pack.grades, *ladder.pack.manifest.scale.not_grades):
        added = ladder.of_judgment(question, frozenset({value}))
        found.setdefault(added, (1, Pieces(carried={question: value})))
    for number in range(2, len(ladder.pack.grades) + 1):
        for possible in combinations(ladder.pack.grades, number):
            added = ladder.of_judgment(question, frozenset(possible))
            found.setdefault(added, (UNWRITABLE, Pieces()))
    return found


def _cost(pieces: Pieces) -> int:
    return len(pieces.observations) + len(pieces.figures) + (50 if pieces.unsearched else 0)
