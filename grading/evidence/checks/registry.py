"""Every check, and one run of them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from grading.evidence.answers import PlacedAnswer
from grading.evidence.checks import (
    changes,
    periods,
    rates,
    repeated,
    samples,
    statements,
    totals,
)
from grading.evidence.checks.figures import Material, material
from grading.evidence.checks.outcome import Found, Held, Outcome, found
from grading.evidence.evidence import Evidence
from grading.rules.checks import Severity
from grading.rules.loaded import Pack

CHECKS: Mapping[str, Callable[[Material], Iterator[Outcome]]] = {
    "C101 C102": repeated.two_values,
    "C103 C104": totals.totals,
    "C105 C106 C112": changes.stated_changes,
    "C107": totals.subsets,
    "C107 C108": totals.fractions,
    "C109": rates.populations,
    "C110": changes.shares_and_growth,
    "C111": changes.courses_of_change,
    "C113 C114": periods.course_periods,
    "C115": periods.one_month_too_long,
    "C116": statements.claims,
    "C117 C118": statements.figures_not_printed,
    "C119": statements.opposites,
    "C119 coded": statements.coded_against,
    "C120": statements.weaknesses,
    "C121": samples.not_comparable,
    "C122": samples.ranges,
    "C123": samples.labels,
    "C124": rates.mixed_denominators,
    "C125": repeated.dates_of_documents,
    "C126": repeated.dated_and_undated,
    "C127": samples.same_figure,
    "C128": periods.comparator_periods,
}
"""The codes that a check can give, and the check. No other registration is needed."""

_GRAVEST: tuple[Severity, ...] = ("error", "warning", "info")


@dataclass(frozen=True)
class Report:
    """What all checks came to. What is answered is shown with its answer, and is not open.

    Of what held only the number is kept: it is most, and few look at it.
    """

    open: tuple[Found, ...]
    answered: tuple[tuple[Found, PlacedAnswer], ...]
    number_held: int
    material: Material = field(repr=False, compare=False)

    @property
    def held(self) -> tuple[Held, ...]:
        """Every comparison that held."""
        return tuple(self.holding())

    def holding(self) -> Iterator[Held]:
        """The comparisons that held, one after another: they are made again."""
        return (outcome for outcome in _outcomes(self.material) if isinstance(outcome, Held))

    @property
    def problems(self) -> int:
        """How many errors and warnings are open. What is for information is no problem."""
        return sum(result.severity != "info" for result in self.open)


def check(evidence: Evidence, pack: Pack) -> Report:
    """Every check on the evidence, the gravest first; an answer to nothing is found as well."""
    read = material(evidence, pack)
    results, number_held = [], 0
    for outcome in _outcomes(read):
        if isinstance(outcome, Found):
            results.append(outcome)
        else:
            number_held += 1
    results.sort(key=_order)
    answers: dict[tuple[str, tuple[str, ...]], PlacedAnswer] = {}
    for answer in evidence.answers:
        answers.setdefault((answer.written.check, tuple(sorted(answer.written.records))), answer)
    left: list[Found] = []
    answered: list[tuple[Found, PlacedAnswer]] = []
    used: set[int] = set()
    number = Counter((result.code, result.records) for result in results)
    for result in results:
        given = answers.get((result.check, result.records))
        # A code that two checks give on the same records does not say which of them is meant.
        if number[result.code, result.records] == 1:
            given = given or answers.get((result.code, result.records))
        if given is None:
            left.append(result)
        else:
            used.add(id(given))
            answered.append((result, given))
    left.extend(_answers_nothing(a) for a in evidence.answers if id(a) not in used)
    return Report(tuple(sorted(left, key=_order)), tuple(answered), number_held, read)


def _outcomes(read: Material) -> Iterator[Outcome]:
    return (outcome for run in CHECKS.values() for outcome in run(read))


def _order(result: Found) -> tuple[object, ...]:
    return _GRAVEST.index(result.severity), result.code, result.places, result.check, result.message


def _answers_nothing(answer: PlacedAnswer) -> Found:
    written = answer.written
    blank = found(
        "C190",
        "error",
        f"the answer to `{written.check}` on {', '.join(sorted(written.records))} answers nothing",
        "take it out, or name the check and exactly the records of what is found",
        (),
    )
    return Found(
        blank.code,
        blank.check,
        blank.severity,
        blank.message,
        blank.settle,
        tuple(sorted(written.records)),
        (answer.place,),
    )
