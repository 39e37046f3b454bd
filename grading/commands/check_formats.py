"""What `evidence check` found, as text, JSON, SARIF, JUnit XML or GitHub annotations."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from grading.evidence.answers import PlacedAnswer
from grading.evidence.checks.outcome import Found
from grading.evidence.checks.registry import Report
from grading.problems import CODES, Place

Form = Callable[[Report, Mapping[str, int], str], Iterator[str]]
"""What is said, in pieces, of a report on so many records of each kind under a rule pack."""
_MOST_TOLD = 50
_MOST_PLACES = 20
_SARIF_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_GITHUB_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


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
            yield from (f"    {line}" for line in _also(result))
            yield f"    to settle it: {result.settle}"
    for name, count in number.items():
        if count > _MOST_TOLD:
            yield from ("", f"and {_more(count)} of {name.rstrip(':')}; {_IN_FULL}")


_IN_FULL = "`--format json` has them all"


def _more(count: int) -> str:
    return f"{count - _MOST_TOLD:,} more"


def _also(result: Found) -> Iterator[str]:
    """Where else the records of a result are; of very many the first."""
    others = result.places[1:]
    yield from (f"also {place}" for place in others[:_MOST_PLACES])
    if len(others) > _MOST_PLACES:
        yield f"also {len(others) - _MOST_PLACES:,} more places"


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
    yield _json(head).removesuffix("\n}")
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
    yield f",\n {_json(key)}: ["
    before = ""
    for entry in entries:
        yield f"{before}\n  " + _json(entry).replace("\n", "\n  ")
        before = ","
    yield "\n ]" if before else "]"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


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
    every = [*((r, None) for r in report.open), *report.answered]
    codes = sorted({result.code for result, _ in every})
    rules = [{"id": code, "shortDescription": {"text": CODES[code]}} for code in codes]
    driver = {"name": "grading evidence check", "rules": rules}
    run = {"tool": {"driver": driver}, "results": [_sarif(r, a, codes) for r, a in every]}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    document = {"$schema": schema, "version": "2.1.0", "runs": [run]}
    yield _json(document)


def _sarif(result: Found, answer: PlacedAnswer | None, codes: list[str]) -> dict[str, Any]:
    first, *others = [_location(place) for place in result.places]
    related = [{"id": i, **location} for i, location in enumerate(others, 1)]
    suppressed: list[dict[str, str]] = []
    if answer is not None:
        suppressed = [{"kind": "external", "justification": _answer(answer)}]
    return {
        "ruleId": result.code,
        "ruleIndex": codes.index(result.code),
        "level": _SARIF_LEVELS[result.severity],
        "message": {"text": f"{result.message}. To settle it: {result.settle}"},
        "locations": [first],
        "relatedLocations": related,
        "suppressions": suppressed,
        "properties": {"check": result.check, "records": list(result.records)},
    }


def _location(place: Place) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(place.file)},
            "region": {"startLine": place.line, "startColumn": place.column},
        }
    }


def junit(report: Report, kinds: Mapping[str, int], pack: str) -> Iterator[str]:
    """JUnit XML: a failure for each open error or warning; what is answered is skipped."""
    failures = report.problems
    cases = len(report.open) + len(report.answered) + report.number_held
    suite = ElementTree.Element(
        "testsuite",
        name=f"evidence check, {pack}",
        tests=str(cases),
        failures=str(failures),
        errors="0",
        skipped=str(len(report.answered)),
    )
    for result in report.open:
        case = _case(suite, result.code, result.check, result.records)
        where = "\n".join(map(str, result.places))
        if result.severity == "info":
            ElementTree.SubElement(case, "system-out").text = _xml(f"{result.message}\n{where}")
            continue
        failure = ElementTree.SubElement(
            case, "failure", type=result.severity, message=_xml(result.message)
        )
        failure.text = _xml(f"{where}\nto settle it: {result.settle}")
    for result, answer in report.answered:
        case = _case(suite, result.code, result.check, result.records)
        ElementTree.SubElement(case, "skipped", message=_xml(_answer(answer)))
    for held in report.holding():
        _case(suite, held.code, held.check, held.records)
    ElementTree.indent(suite)
    yield ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)


def _case(
    suite: ElementTree.Element, code: str, check: str, records: tuple[str, ...]
) -> ElementTree.Element:
    name = f"{check}: {', '.join(records)}"
    return ElementTree.SubElement(suite, "testcase", classname=code, name=name)


def _xml(said: str) -> str:
    """Without the characters that XML 1.0 cannot hold."""
    return "".join(c if c in "\t\n" or c >= " " else "\N{REPLACEMENT CHARACTER}" for c in said)


def github(report: Report, kinds: Mapping[str, int], pack: str) -> Iterator[str]:
    """Workflow commands, one a line: an annotation at the first place of each result."""
    lines = [_annotation(r, _GITHUB_LEVELS[r.severity], r.settle) for r in report.open]
    lines += [_annotation(r, "notice", _answer(a)) for r, a in report.answered]
    yield "\n".join([*lines, _summary(report)])


def _annotation(result: Found, level: str, more: str) -> str:
    place = result.places[0]
    also = "".join(f"\n{line}" for line in _also(result))
    values = {
        "file": place.file,
        "line": str(place.line),
        "col": str(place.column),
        "title": _named(result).rstrip(":"),
    }
    properties = ",".join(f"{key}={_escaped(v, ':,')}" for key, v in values.items())
    said = _escaped(f"{result.message}{also}\n{more}", "")
    return f"::{level} {properties}::{said}"


def _escaped(said: str, more: str) -> str:
    """With the characters that would end a workflow command written as per cent and number."""
    return "".join(_codes(said, "%\r\n" + more))


def _codes(said: str, special: str) -> Iterator[str]:
    for c in said:
        yield f"%{ord(c):02X}" if c in special else c


FORMS: Mapping[str, Form] = {
    "text": text,
    "json": as_json,
    "sarif": sarif,
    "junit": junit,
    "github": github,
}
"""The formats by name."""
