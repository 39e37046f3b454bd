"""The engine's tree of shared conditions, and the limits beyond which it loops, crashes or is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from grading.engine.shapes import Test, TooLarge
from grading.engine.written import fnv, property_of

MOST_ALTERNATIVES, MOST_SHARED, MOST_OPEN, MOST_RULES = 480, 250, 56, 4000


class Network:
    """The engine's tree of shared conditions, kept to count what it cannot stand too much of."""

    def __init__(self) -> None:
        self.children: dict[tuple[Test, ...], set[Test]] = {}
        self.ends: dict[tuple[Test, ...], int] = {}
        self.names: set[str] = set()

    def add(self, terms: Sequence[Test]) -> tuple[Test, ...]:
        """Enter one pattern, given as the path of its conditions, and say where it ends."""
        path: tuple[Test, ...] = ()
        for term in terms:
            self.children.setdefault(path, set()).add(term)
            path = (*path, term)
            self.names.add(property_of(term))
        self.ends.setdefault(path, 0)
        return path

    def check(self) -> None:
        """Raises TooLarge where a limit of the engine is near."""
        if len({fnv(name) for name in self.names}) < len(self.names):
            raise TooLarge("two field names have one hash in the engine")
        opened = {path: _open_at_once(children) for path, children in self.children.items()}
        for path, children in self.children.items():
            if len(children) > MOST_ALTERNATIVES:
                raise TooLarge(f"more than {MOST_ALTERNATIVES} alternatives in one place")
            if sum(opened[path[:i]] for i in range(len(path) + 1)) > MOST_OPEN:
                raise TooLarge(f"more than {MOST_OPEN} conditions can hold of one fact at once")
        if any(number > MOST_SHARED for number in self.ends.values()):
            raise TooLarge(f"more than {MOST_SHARED} rules share one condition")


def _open_at_once(children: set[Test]) -> int:
    """How many sibling conditions can be true of one fact at the same time."""
    equal = {test.field for test in children if test.operator == "=="}
    return len(equal) + sum(test.operator != "==" for test in children)
