"""The page of a code, and the list of all codes: for a terminal, and as JSON."""

from __future__ import annotations

import json
import textwrap
from typing import Any

from grading.policy.lint.pages import Page, grouped, pages, shorts
from grading.problems import CODES

_WIDTH = 96


def page_text(code: str) -> str:
    """What a code means, why it matters and how to settle it; of a page, a bad and a good example."""
    page = pages().get(code)
    said = page or shorts()[code]
    grade = f" ({page.severity})" if page else ""
    paragraphs = [
        f"{code}{grade}: {CODES[code]}",
        *([_filled(said.what)] if said.what else []),
        _filled(said.why),
        _filled(f"To settle it: {said.settle.strip()}"),
    ]
    if page:
        paragraphs += [
            f"Bad, {where(page)}:\n\n{_example(marked(page))}",
            f"Good:\n\n{_example(page.good)}",
        ]
    return "\n\n".join(paragraphs)


def codes_text() -> str:
    """Every code with a line each, by what it is about."""
    told = [
        "\n".join([title, *(f"  {code}  {CODES[code]}" for code in codes)])
        for title, codes in grouped()
    ]
    return "\n\n".join([*told, "`grading rules explain CODE` tells more of one."])


def page_json(code: str) -> str:
    """The same as the text of a page; the examples as they are written."""
    return _json(_said(code))


def codes_json() -> str:
    """Every code with what is said of it, by what it is about."""
    return _json([{"about": title, "codes": list(map(_said, codes))} for title, codes in grouped()])


def _said(code: str) -> dict[str, Any]:
    page = pages().get(code)
    said = page or shorts()[code]
    found: dict[str, Any] = {"code": code, "means": CODES[code]}
    found |= {"what": said.what, "why": said.why, "settle": said.settle}
    if page is not None:
        example = {"file": page.file or None, "bad": page.bad, "at": page.at, "good": page.good}
        found |= {"severity": page.severity, "of": page.of, "example": example}
    return found


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _filled(paragraph: str) -> str:
    return textwrap.fill(paragraph.strip(), _WIDTH)


def where(page: Page) -> str:
    """Where the examples of a page stand."""
    whole = {"pack": "pack", "evidence": "inspection"}[page.of]
    return f"in {page.file}" if page.file else f"the folder of the {whole}"


def marked(page: Page) -> str:
    """The bad example with marks under what the result is on, where it is in the example."""
    if not page.at or page.at not in page.bad or page.at_file or page.at == page.bad.strip():
        return page.bad
    before, found, after = page.bad.partition(page.at)
    marks = " " * len(before.rpartition("\n")[2]) + "^" * len(page.at)
    rest, broken, more = after.partition("\n")
    return f"{before}{found}{rest}\n{marks}{broken}{more}"


def _example(passage: str) -> str:
    return textwrap.indent(textwrap.dedent(passage).rstrip(), "    ")
