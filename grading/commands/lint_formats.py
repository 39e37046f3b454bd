"""What `rules lint` found, as text, JSON, SARIF, JUnit XML or GitHub annotations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from grading.commands import formats
from grading.commands.formats import Result, as_text
from grading.policy.lint.lint import Report
from grading.policy.lint.pages import pages_of_checks
from grading.policy.lint.registry import severity
from grading.policy.lint.snippet import snippet, width
from grading.problems import CODES, Problem

TOOL = "grading rules lint"
Form = Callable[[Report], str]


def text(report: Report) -> str:
    """For a terminal: each result with its line and a mark under the place, and how to settle it."""
    lines: list[str] = []
    for problem in report.open:
        lines += [f"{problem.place}: {severity(problem.code)} {problem.code} {problem.message}"]
        lines += _snippet(report, problem)
        if problem.hint:
            lines += [f"      = {problem.hint}"]
        lines += [""]
    for problem, acceptance in report.accepted:
        lines += [f"{problem.place}: {acceptance}: {problem.code} {problem.message}"]
    if report.accepted:
        lines += [""]
    return "\n".join([*lines, summary(report)])


def summary(report: Report) -> str:
    """The last line: what was looked at, and how much is open."""
    number = Counter(severity(problem.code) for problem in report.open)
    errors = f"{number['error']} error{'' if number['error'] == 1 else 's'}"
    if not report.loaded:
        return f"{report.pack} does not load: {errors}; the checks of lint wait until it does"
    warnings = f"{number['warning']} warning{'' if number['warning'] == 1 else 's'}"
    more = f", {number['info']} for information" if number["info"] else ""
    accepted = f"; {len(report.accepted)} accepted" if report.accepted else ""
    return f"{report.pack}: {report.checks} checks, {errors}, {warnings}{more}{accepted}"


def _snippet(report: Report, problem: Problem) -> list[str]:
    text = report.texts.get(problem.place.file, "")
    return snippet(text, problem.place.line, problem.place.column)


def as_json(report: Report) -> str:
    """For programs."""
    document: dict[str, Any] = {
        "pack": report.pack,
        "loads": report.loaded,
        "checks": report.checks,
        "problems": [_plain(problem) for problem in report.open],
        "accepted": [
            {**_plain(problem), "because": acceptance.because, "comment": str(acceptance.place)}
            for problem, acceptance in report.accepted
        ],
    }
    return as_text(document)


def _plain(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "code": problem.code,
        "severity": severity(problem.code),
        "message": problem.message,
        "hint": problem.hint,
    }


def sarif(report: Report) -> str:
    """SARIF 2.1.0. What is accepted is a suppressed result, with its reason."""
    return formats.sarif(TOOL, _results(report))


def junit(report: Report) -> str:
    """JUnit XML: a failure for each error or warning; a check that finds nothing is passed."""
    found = {problem.code for problem in report.open} | {p.code for p, _ in report.accepted}
    held = [(code, CODES[code]) for code in pages_of_checks() if code not in found]
    held = held if report.loaded else []
    return formats.junit(f"rules lint, {report.pack}", _results(report), held, len(held))


def github(report: Report) -> str:
    """Workflow commands, one a line."""
    return "\n".join([*formats.github(_results(report)), summary(report)])


def _results(report: Report) -> Iterator[Result]:
    yield from (_result(report, problem, "") for problem in report.open)
    yield from (_result(report, problem, str(by)) for problem, by in report.accepted)


def _result(report: Report, problem: Problem, accepted: str) -> Result:
    lines = report.texts.get(problem.place.file, "").splitlines()
    at = problem.place.line - 1
    return Result(
        code=problem.code,
        title=problem.code,
        name=f"{problem.place}: {problem.message}",
        severity=severity(problem.code),
        message=problem.message,
        settle=problem.hint or "correct it",
        places=(problem.place,),
        accepted=accepted,
        width=width(lines[at], problem.place.column) if at < len(lines) else 0,
    )


FORMS: Mapping[str, Form] = {
    "text": text,
    "json": as_json,
    "sarif": sarif,
    "junit": junit,
    "github": github,
}
"""The formats by name."""
