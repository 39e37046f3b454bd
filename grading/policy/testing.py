"""The cases of a pack, tried: which pass, and of those that fail what differs and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from grading.engine.compile import Program
from grading.explain.because import Because, cut
from grading.explain.why import Explainer
from grading.judge.method import grade_facts, program_of
from grading.policy.cases import PlacedCase
from grading.policy.expecting import Difference, Result, differences
from grading.policy.inspections import Inspections
from grading.rules.loaded import Pack

_DEPTH = 2
_MOST_LINES = 12


@dataclass(frozen=True)
class Failure:
    """One difference, and the rationale of what was found in its place, a line each."""

    difference: Difference
    why: tuple[str, ...]


class Testing:
    """Tries cases on a pack by what its rules mean. The engine fires them where a case fails.

    The rationale of a failure is that of a grading on which engine and definition agree.
    """

    __test__ = False  # no test, whatever the name begins with

    def __init__(self, pack: Pack, cases: Iterable[PlacedCase]) -> None:
        self.pack, self.inspections = pack, Inspections(pack, cases)

    def result(self, number: int) -> Result:
        """What comes of one case."""
        case, concluded = self.inspections.cases[number], self.inspections.concluded(number)
        return Result(case, tuple(differences(case, concluded)))

    def results(self) -> tuple[Result, ...]:
        """What comes of each case, in order."""
        return tuple(self.result(number) for number in range(len(self.inspections.cases)))

    def fired(self) -> tuple[Result, ...]:
        """The same where the engine fires every case. Raises Disagreement."""
        return tuple(
            Result(case, tuple(differences(case, self._explainer(case).grading)))
            for case in self.inspections.cases
        )

    def failures(self, result: Result) -> tuple[Failure, ...]:
        """What differs in a case, and why. Raises Disagreement where engine and definition differ."""
        if result.passed:
            return ()
        explainer = self._explainer(result.case)
        return tuple(
            Failure(difference, tuple(_lines(explainer.why(difference.target))))
            for difference in result.differences
        )

    def _explainer(self, case: PlacedCase) -> Explainer:
        derivation = case.stand.derivation(self.pack)
        return Explainer(grade_facts(case.stand.evidence, self.program, derivation, frozenset()))

    @cached_property
    def program(self) -> Program:
        """The pack inside the engine."""
        return program_of(self.pack)


def _lines(because: Because) -> list[str]:
    lines = list(_said(cut(because, _DEPTH), ""))
    more = len(lines) - _MOST_LINES
    return lines if more <= 0 else [*lines[:_MOST_LINES], f"and {more} more lines"]


def _said(because: Because, indent: str) -> Iterator[str]:
    at = f" ({because.place})" if because.place and not because.rests_on else ""
    yield f"{indent}{because.text}{at}"
    for step in because.rests_on:
        yield from _said(step, indent + "  ")


def told(result: Result, failures: Iterable[Failure]) -> Iterator[str]:
    """A case that failed, as lines: what it is for, and each difference with its places and its why."""
    case = result.case
    yield f"{case.place}: {case.id}: {case.written.because}"
    for failure in failures:
        difference = failure.difference
        yield f"    {difference.what}"
        yield f"        expected {difference.expected} ({difference.place})"
        yield f"        found {difference.found}"
        for place in dict.fromkeys(difference.rules):
            yield f"        by the rule at {place}"
        for number, line in enumerate(failure.why):
            yield f"        {'because ' if not number else '        '}{line}"
