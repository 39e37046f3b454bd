"""What is kept was changed: the problems that say so, which are not problems of input."""

from __future__ import annotations

from collections.abc import Iterable

from grading.problems import Problem


class IntegrityBroken(Exception):
    """What is kept is not what was written. Carries every problem, once each, in order."""

    problems: tuple[Problem, ...]

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[IntegrityBroken], tuple[tuple[Problem, ...]]]:
        return IntegrityBroken, (self.problems,)


def broken_if(problems: Iterable[Problem]) -> None:
    """There were no problems; otherwise all of them were raised as one `IntegrityBroken`."""
    found = tuple(problems)
    if found:
        raise IntegrityBroken(found)
