"""What checks found, as other programs read it: SARIF, JUnit XML and GitHub annotations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from grading.commands.lint_pages import page_text
from grading.problems import CODES, Place
from grading.rules.checks import Severity

_SARIF_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_GITHUB_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}
_MOST_PLACES = 20


@dataclass(frozen=True)
class Result:
    """One thing that was found, as every format tells it.

    `title` is the code and whatever names the check; `name` is that of its test in JUnit. Where it is
    `accepted`, that says by whom or why, and it is no problem. `width` is how many characters of the
    first place's line it is about, where that is known.
    """

    code: str
    title: str
    name: str
    severity: Severity
    message: str
    settle: str
    places: tuple[Place, ...]
    accepted: str = ""
    width: int = 0
    properties: Mapping[str, Any] = field(default_factory=dict)


def as_text(value: object) -> str:
    """A value as JSON, written for people."""
    return json.dumps(value, ensure_ascii=False, indent=1)


def sarif(tool: str, results: Iterable[Result]) -> str:
    """SARIF 2.1.0, with the page of each code. What is accepted is a suppressed result, with its reason."""
    every = list(results)
    codes = sorted({result.code for result in every})
    rules = [
        {"id": code, "shortDescription": {"text": CODES[code]}, "help": {"text": page_text(code)}}
        for code in codes
    ]
    driver = {"name": tool, "rules": rules}
    run = {"tool": {"driver": driver}, "results": [_sarif(result, codes) for result in every]}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return as_text({"$schema": schema, "version": "2.1.0", "runs": [run]})


def _sarif(result: Result, codes: list[str]) -> dict[str, Any]:
    first, *others = [_location(place) for place in result.places]
    if result.width:
        region = first["physicalLocation"]["region"]
        region["endColumn"] = region["startColumn"] + result.width
    related = [{"id": i, **location} for i, location in enumerate(others, 1)]
    suppressed: list[dict[str, str]] = []
    if result.accepted:
        suppressed = [{"kind": "external", "justification": result.accepted}]
    return {
        "ruleId": result.code,
        "ruleIndex": codes.index(result.code),
        "level": _SARIF_LEVELS[result.severity],
        "message": {"text": f"{result.message}. To settle it: {result.settle}"},
        "locations": [first],
        "relatedLocations": related,
        "suppressions": suppressed,
        "properties": dict(result.properties),
    }


def _location(place: Place) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(place.file)},
            "region": {"startLine": place.line, "startColumn": place.column},
        }
    }


def junit(
    suite: str, results: Iterable[Result], held: Iterable[tuple[str, str]], number_held: int
) -> str:
    """JUnit XML: a failure for each error or warning; what is accepted is skipped.

    What held is a class and a name each, and is passed.
    """
    every = list(results)
    accepted = sum(bool(result.accepted) for result in every)
    failures = sum(not result.accepted and result.severity != "info" for result in every)
    element = ElementTree.Element(
        "testsuite",
        name=suite,
        tests=str(len(every) + number_held),
        failures=str(failures),
        errors="0",
        skipped=str(accepted),
    )
    for result in every:
        case = _case(element, result.code, result.name)
        where = "\n".join(map(str, result.places))
        if result.accepted:
            ElementTree.SubElement(case, "skipped", message=_xml(result.accepted))
        elif result.severity == "info":
            ElementTree.SubElement(case, "system-out").text = _xml(f"{result.message}\n{where}")
        else:
            failure = ElementTree.SubElement(
                case, "failure", type=result.severity, message=_xml(result.message)
            )
            failure.text = _xml(f"{where}\nto settle it: {result.settle}")
    for code, name in held:
        _case(element, code, name)
    ElementTree.indent(element)
    return ElementTree.tostring(element, encoding="unicode", xml_declaration=True)


def _case(suite: ElementTree.Element, code: str, name: str) -> ElementTree.Element:
    return ElementTree.SubElement(suite, "testcase", classname=code, name=_xml(name))


def _xml(said: str) -> str:
    """Without the characters that XML 1.0 cannot hold."""
    return "".join(c if c in "\t\n" or c >= " " else "\N{REPLACEMENT CHARACTER}" for c in said)


def github(results: Iterable[Result]) -> Iterator[str]:
    """Workflow commands, one a line: an annotation at the first place of each result."""
    for result in results:
        level = "notice" if result.accepted else _GITHUB_LEVELS[result.severity]
        place = result.places[0]
        also = "".join(f"\n{line}" for line in also_at(result.places))
        values = {
            "file": place.file,
            "line": str(place.line),
            "col": str(place.column),
            "title": result.title,
        }
        properties = ",".join(f"{key}={_escaped(v, ':,')}" for key, v in values.items())
        said = _escaped(f"{result.message}{also}\n{result.accepted or result.settle}", "")
        yield f"::{level} {properties}::{said}"


def also_at(places: tuple[Place, ...]) -> Iterator[str]:
    """Where else the records of a result are; of very many the first."""
    others = places[1:]
    yield from (f"also {place}" for place in others[:_MOST_PLACES])
    if len(others) > _MOST_PLACES:
        yield f"also {len(others) - _MOST_PLACES:,} more places"


def _escaped(said: str, more: str) -> str:
    """With the characters that would end a workflow command written as per cent and number."""
    return "".join(_codes(said, "%\r\n" + more))


def _codes(said: str, special: str) -> Iterator[str]:
    for c in said:
        yield f"%{ord(c):02X}" if c in special else c
