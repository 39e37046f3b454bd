"""The better figures of a group of criteria, by the numbers of the examples that have them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from grading.judge.figures import Figure, Reckoning
from grading.judge.groups import Group
from grading.judge.ranges import Value
from grading.judge.states import Example
from grading.policy.proof.directions import better_figures

Better = tuple[
    int, int, tuple[Figure, Value]
]  # the example before, the one after, and what is better


def better_examples(
    group: Group, reckoning: Reckoning, examples: Sequence[Example]
) -> Iterator[Better]:
    """Each example with the one in which a figure alone has its next better value.

    Values that the conditions of the group do not tell apart have one example, so that a value and one
    far better may have the same.
    """
    for together in reckoning.together(group.indicators):
        by_rest: dict[Hashable, dict[Hashable, int]] = {}
        for number, example in enumerate(examples):
            own = {f: value for f, value in example.figures if f in together.figures}
            rest = tuple(pair for pair in example.figures if pair[0] not in own)
            told = reckoning.told(together, own, group.compared)
            by_rest.setdefault((rest, example.earlier), {})[told] = number
        given = reckoning.cases(together, {}).given
        said = [reckoning.told(together, figures, group.compared) for figures in given]
        steps = {
            (said[worse], said[to], figure): given[to][figure]
            for worse, to, figure in better_figures(reckoning.pack, given)
            if said[worse] != said[to]
        }
        for numbers in by_rest.values():
            for (worse, to, figure), value in steps.items():
                if worse in numbers and to in numbers and value is not None:
                    yield numbers[worse], numbers[to], (figure, value)
