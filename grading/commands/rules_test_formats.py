"""What came of the cases of a pack, as text, JSON, JUnit XML or GitHub annotations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grading.commands import formats
from grading.policy.coverage import KINDS, Coverage, Item
from grading.policy.expecting import Result
from grading.policy.testing import Failure, Testing, told
from grading.problems import listed

KINDS_IN_WORDS = {
    "condition": "conditions, each true, false and unknown",
    "threshold": "thresholds, each just below, at and just above",
    "limiter": "limiters, each biting and clear",
    "rung": "rungs, each reached",
}


@dataclass(frozen=True)
class Report:
    """The results of the cases of a pack, and what they reach where that was asked."""

    pack: str
    testing: Testing
    results: tuple[Result, ...]
    coverage: Coverage | None = None

    @property
    def failed(self) -> tuple[Result, ...]:
        """The cases that failed."""
        return tuple(result for result in self.results if not result.passed)

    def failures(self, result: Result) -> tuple[Failure, ...]:
        """What differs in a case, and why."""
        return self.testing.failures(result)


def text(report: Report) -> str:
    """For a terminal: the cases that failed, then what no case reaches, then the numbers."""
    lines: list[str] = []
    for result in report.failed:
        lines += [*told(result, report.failures(result)), ""]
    if report.coverage is not None:
        lines += [*_missing(report.coverage), *_counted(report.coverage)]
    return "\n".join([*lines, _summary(report)])


def _summary(report: Report) -> str:
    number, failed = len(report.results), len(report.failed)
    cases = f"{number} case{'' if number == 1 else 's'}"
    return (
        f"{report.pack}: {cases}, {failed} failed" if failed else f"{report.pack}: {cases} passed"
    )


def _missing(coverage: Coverage) -> Iterator[str]:
    for item in coverage.missing():
        yield f"{item.place}: {said_of(item)}"
    if coverage.missing():
        yield ""


def said_of(item: Item) -> str:
    """What of an item no case reaches."""
    ways = listed(item.missing)
    match item.kind:
        case "condition":
            return f"no case finds the condition {ways}"
        case "threshold":
            return f"no case is {ways} the threshold `{item.name}`"
        case "limiter":
            return f"no case finds that the limiter of {item.name} {ways}"
        case "rung":
            return f"no case reaches {item.name}"


def _counted(coverage: Coverage) -> Iterator[str]:
    for kind in KINDS:
        seen, every = coverage.counted(kind)
        if every:
            yield f"{seen:6} of {every:5} {KINDS_IN_WORDS[kind]}"
    seen, every = coverage.counted()
    yield f"{seen:6} of {every:5} in all: {coverage.percent} per cent"


def as_json(report: Report) -> str:
    """For programs."""
    document: dict[str, Any] = {
        "pack": report.pack,
        "cases": [_plain(report, result) for result in report.results],
    }
    if report.coverage is not None:
        document["coverage"] = _plain_coverage(report.coverage)
    return formats.as_text(document)


def _plain(report: Report, result: Result) -> dict[str, Any]:
    case = result.case
    found: dict[str, Any] = {
        "case": case.id,
        "place": str(case.place),
        "because": case.written.because,
        "passed": result.passed,
    }
    if not result.passed:
        found["differences"] = [
            {
                "what": failure.difference.what,
                "expected": failure.difference.expected,
                "found": failure.difference.found,
                "place": str(failure.difference.place),
                "rules": [str(place) for place in failure.difference.rules],
                "why": list(failure.why),
            }
            for failure in report.failures(result)
        ]
    return found


def _plain_coverage(coverage: Coverage) -> dict[str, Any]:
    seen, every = coverage.counted()
    counted = {kind: coverage.counted(kind) for kind in KINDS}
    return {
        "percent": str(coverage.percent),
        "reached": seen,
        "of": every,
        "by-kind": {kind: {"reached": s, "of": e} for kind, (s, e) in counted.items()},
        "missing": [
            {
                "place": str(item.place),
                "kind": item.kind,
                "name": item.name,
                "missing": list(item.missing),
            }
            for item in coverage.missing()
        ],
    }


def junit(report: Report) -> str:
    """JUnit XML: a test for each case."""
    held = [(report.pack, result.case.id) for result in report.results if result.passed]
    results = (_result(report, result) for result in report.failed)
    return formats.junit(f"rules test, {report.pack}", results, held, len(held))


def github(report: Report) -> str:
    """Workflow commands, one a line: an annotation where a case expects what is not so."""
    results = (_result(report, result) for result in report.failed)
    return "\n".join([*formats.github(results), _summary(report)])


def _result(report: Report, result: Result) -> formats.Result:
    failures = report.failures(result)
    places = [f.difference.place for f in failures]
    places += [place for f in failures for place in f.difference.rules]
    why = "\n".join(line for failure in failures for line in failure.why)
    return formats.Result(
        code=report.pack,
        title=result.case.id,
        name=result.case.id,
        severity="error",
        message="; ".join(str(failure.difference) for failure in failures),
        settle=f"{result.case.written.because}\n{why}",
        places=tuple(dict.fromkeys(places)),
    )


FORMS: Mapping[str, Callable[[Report], str]] = {
    "text": text,
    "json": as_json,
    "junit": junit,
    "github": github,
}
"""The formats by name."""
