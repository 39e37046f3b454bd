"""Every check of lint, and what each code is: no other registration is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from grading.policy.lint.checks import (
    cases_of_rules,
    cases_of_thresholds,
    comparability,
    concerns,
    contradictions,
    dead_findings,
    dead_limiters,
    dead_outcomes,
    dead_rungs,
    idle_criteria,
    idle_parts,
    overlapping,
    placeholders,
    roles,
    shadowed,
    sources,
    tautologies,
    too_many,
    unaccepted,
    unused,
    versions,
    wording,
    worse_grades,
    worse_outcomes,
)
from grading.policy.lint.pages import pages
from grading.policy.lint.subject import Subject
from grading.problems import Problem
from grading.rules.checks import Severity

Check = Callable[[Subject], Iterator[Problem]]

CHECKS: Mapping[str, Check] = {
    "L101": dead_rungs.dead_rungs,
    "L102": dead_outcomes.dead_outcomes,
    "L103": dead_findings.dead_findings,
    "L104": dead_limiters.dead_limiters,
    "L105": idle_criteria.idle_criteria,
    "L106": shadowed.shadowed,
    "L107": contradictions.contradictions,
    "L108": tautologies.tautologies,
    "L109": idle_parts.idle_parts,
    "L110": overlapping.overlapping,
    "L111": worse_outcomes.worse_outcomes,
    "L112": worse_grades.worse_grades,
    "L113": too_many.too_many,
    "L201": sources.empty_sources,
    "L202": sources.without_source,
    "L203": roles.undeciding,
    "L204": roles.never_enough,
    "L205": comparability.not_comparable,
    "L206": comparability.different_measures,
    "L207": roles.unknown_kinds,
    "L301": concerns.concerns,
    "L302": wording.other_numbers,
    "L303": wording.other_way,
    "L304": placeholders.placeholders,
    "L401": cases_of_rules.rules_without_cases,
    "L402": cases_of_thresholds.thresholds_without_cases,
    "L403": cases_of_rules.no_cases,
    "L501": versions.changed_meaning,
    "L502": versions.not_the_newest,
    "L503": versions.unsaid_meaning,
    "L601": unused.unused,
    "L901": unaccepted.without_reason,
    "L902": unaccepted.unknown_code,
}
"""The check of each code; L903 is made of what all of them found."""
UNUSED = "L903"

_FOLLOWS: Mapping[str, frozenset[str]] = {
    "L101": frozenset({"L107", "L203", "L204"}),
    "L102": frozenset({"L107", "L203", "L204"}),
    "L103": frozenset({"L107", "L203", "L204"}),
    "L104": frozenset({"L107", "L203", "L204"}),
    "L204": frozenset({"L203"}),
    "L109": frozenset({"L106", "L107", "L108", "L203"}),
    "L401": frozenset({"L101", "L102", "L103", "L104", "L107", "L108", "L203", "L204"}),
    "L402": frozenset({"L101", "L102", "L103", "L104", "L107", "L108", "L203", "L204", "L401"}),
}
"""What is a consequence of something else in the same condition, and is told when that is corrected."""


def found(subject: Subject) -> list[Problem]:
    """What every check finds, without what follows from something else that is found."""
    every = {problem for check in CHECKS.values() for problem in check(subject)}
    roots: dict[tuple[str, tuple[object, ...]], set[str]] = {}
    home = subject.home_of
    for problem in every:
        if problem.place in home:
            at = home[problem.place]
            roots.setdefault((at.document.file, at.path), set()).add(problem.code)

    def follows(problem: Problem) -> bool:
        at = home.get(problem.place)
        if at is None or problem.code not in _FOLLOWS:
            return False
        return bool(_FOLLOWS[problem.code] & roots[at.document.file, at.path])

    return sorted(problem for problem in every if not follows(problem))


def severity(code: str) -> Severity:
    """How grave a code is; what keeps a pack from loading is an error."""
    return pages()[code].severity if code in pages() else "error"
