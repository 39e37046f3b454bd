"""What `evidence check` found, as text, JSON, SARIF, JUnit XML or GitHub annotations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from grading.commands import formats
from grading.commands.formats import Result, also_at, as_text
from grading.evidence.answers import PlacedAnswer
from grading.evidence.checks.outcome import Found
from grading.evidence.checks.registry import Report
from grading.problems import CODES

Form = Callable[[Report, Mapping[str, int], str], Iterator[str]]
"""What is said, in pieces, of a report on so many records of each kind under a rule pack."""
_MOST_TOLD = 50


def text(report: Report, kinds: Mapping[str, int], pack: str) -> Iterator[str]:
    """For a terminal: what was read, what is open, what is answered, and what held.

    Of what one check finds very often the first are told, and how many more there are.
    """
    lines = [f"{sum(kinds.values())} records fit the rule pack {pack}:"]
    lines += [f"  {count:4} {kind}" for kind, count in kinds.items()]
    problems = (result for result in report.open if result.severity != "info")
    for _, alike in groupby(problems, key=lambda result: (result.severity, result.code)):
        lines += _problems(alike)
    lines += _for_information(report)
    for result, answer in report.answered:
        lines += ["", f"{result.places[0]}: answered {_named(result)} {result.message}"]
        lines += [f"    {_answer(answer)} ({answer.place})"]
    yield "\n".join([*lines, "", _summary(report)])


def _problems(results: Iterable[Found]) -> Iterator[str]:
    number = Counter[str]()
    for result in results:
        name = _named(result)
        number[name] += 1
        if number[name] <= _MOST_TOLD:
            yield from ("", f"{result.places[0]}: {result.severity} {name} {result.message}")
            yield from (f"    {line}" for line in also_at(result.places))
            yield f"    to settle it: {result.settle}"
    for name, count in number.items():
        if count > _MOST_TOLD:
            yield from ("", f"and {_more(count)} of {name.rstrip(':')}; {_IN_FULL}")


_IN_FULL = "`--format json` has them all"


def _more(count: int) -> str:
    return f"{count - _MOST_TOLD:,} more"


def _for_information(report: Report) -> list[str]:
    """A line each under what they have in common: they are no faults, and there can be many."""
    alike: dict[tuple[str, str], list[str]] = {}
    for result in report.open:
        if result.severity == "info":
            message = f"  {result.places[0]}: {result.message}"
            alike.setdefault((result.code, result.settle), []).append(message)
    lines: list[str] = []
    for (code, settle), messages in alike.items():
        lines += ["", f"for information, {code}: {CODES[code]}", *messages[:_MOST_TOLD]]
        if len(messages) > _MOST_TOLD:
            lines += [f"  and {_more(len(messages))}; {_IN_FULL}"]
        lines += [f"    to settle {'it' if len(messages) == 1 else 'them'}: {settle}"]
    return lines


def _named(result: Found) -> str:
    return result.code if result.check == result.code else f"{result.code} {result.check}:"


def _answer(answer: PlacedAnswer) -> str:
    written = answer.written
    return f"accepted by {written.by} on {written.date_}, because {written.accepted_because}"


def _summary(report: Report) -> str:
    number = Counter(result.severity for result in report.open)
    return (
        f"{_counted(report.number_held, 'comparison')} held; open: {_counted(number['error'], 'error')},"
        f" {_counted(number['warning'], 'warning')}, {number['info']} for information;"
        f" {len(report.answered)} answered"
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def as_json(report: Report, kinds: Mapping[str, int], pack: str) -> Iterator[str]:
    """For programs: everything that was found and everything that held."""
    head: dict[str, Any] = {"problems": [], "pack": pack, "records": dict(kinds)}
    if report.material.evidence.inspection.synthetic:
        head = {"synthetic": True, **head}
    yield as_text(head).removesuffix("\n}")
    yield from _listed("open", map(_plain, report.open))
    answered = ({**_plain(r), "answer": _plain_answer(answer)} for r, answer in report.answered)
    yield from _listed("answered", answered)
    held = (
        {"code": h.code, "check": h.check, "message": h.message, "records": list(h.records)}
        for h in report.holding()
    )
    yield from _listed("held", held)
    yield "\n}"


def _listed(key: str, entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A list of the document, an entry at a time: there may be more than fit into memory."""
    yield f",\n {as_text(key)}: ["
    before = ""
    for entry in entries:
        yield f"{before}\n  " + as_text(entry).replace("\n", "\n  ")
        before = ","
    yield "\n ]" if before else "]"


def _plain(result: Found) -> dict[str, Any]:
    return {
        "code": result.code,
        "check": result.check,
        "severity": result.severity,
        "message": result.message,
        "settle": result.settle,
        "records": list(result.records),
        "places": [str(place) for place in result.places],
    }


def _plain_answer(answer: PlacedAnswer) -> dict[str, str]:
    written = answer.written
    return {
        "accepted-because": written.accepted_because,
        "by": written.by,
        "date": written.date_.isoformat(),
        "place": str(answer.place),
    }


def sarif(report: Report, kinds: Mapping[str, int], pack: str) -> Iterator[str]:
    """SARIF 2.1.0. What is answered is a suppressed result, with the answer as its reason."""
    yield formats.sarif("grading evidence check", _results(report))


def junit(report: Report, kinds: Mapping[str, int], pack: str) -> Iterator[str]:
    """JUnit XML: a failure for each open error or warning; what is answered is skipped."""
    held = ((h.code, _test(h.check, h.records)) for h in report.holding())
    suite = f"evidence check, {pack}"
    yield formats.junit(suite, _results(report), held, report.number_held)


def github(report: Report, kinds: Mapping[str, int], pack: str) -> Iterator[str]:
    """Workflow commands, one a line: an annotation at the first place of each result."""
    yield "\n".join([*formats.github(_results(report)), _summary(report)])


def _results(report: Report) -> Iterator[Result]:
    """What is open, then what is answered."""
    yield from (_result(result, "") for result in report.open)
    yield from (_result(result, _answer(answer)) for result, answer in report.answered)


def _result(result: Found, accepted: str) -> Result:
    return Result(
        code=result.code,
        title=_named(result).rstrip(":"),
        name=_test(result.check, result.records),
        severity=result.severity,
        message=result.message,
        settle=result.settle,
        places=result.places,
        accepted=accepted,
        properties={"check": result.check, "records": list(result.records)},
    )


def _test(check: str, records: tuple[str, ...]) -> str:
    return f"{check}: {', '.join(records)}"


FORMS: Mapping[str, Form] = {
    "text": text,
    "json": as_json,
    "sarif": sarif,
    "junit": junit,
    "github": github,
}
"""The formats by name."""
