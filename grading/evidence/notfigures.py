"""Which numbers of a text are no figures: dates, years, marks, references, bases and periods."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grading.evidence.numbers import TIMES, Written

_MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_SPACE = r"(?:[ \t\u00a0]+|[ \t]*\n[ \t]*)"  # a line may end inside a phrase; a paragraph may not
_DAY = "[0-9]{1,2}(?:st|nd|rd|th)?"
_YEAR = "(?:19|20)[0-9]{2}"
_LIST = r"[0-9]+(?:\.[0-9]+)*(?:(?:\s*,\s*|\s+(?:and|to|or)\s+|\s*[-–]\s*|,\s+and\s+)[0-9]+)*"
_SPANS = {
    "address": (
        r"(?:https?://|www\.)\S+|(?<!\S)\S{1,100}@\S{1,100}\.\S+",
        r"(?<!\S)\S{0,200}[A-Za-z0-9]\.[a-z]{2,6}/\S*",
    ),
    "identifier": (
        r"(?<![\w-])[0-9]+(?:-[0-9Xx]+){2,}(?![\w-])",
        r"\b(?:ISBN|ISSN|DOI|tel\.?|telephone)(?:\s*:)?\s*[0-9][0-9 -]*",
    ),
    "date": (
        rf"(?<=[a-z] ){_DAY}\s+{_MONTH}\s+{_YEAR}",  # a page may end inside it
        rf"\b{_DAY}{_SPACE}{_MONTH}(?:\s*,?{_SPACE}{_YEAR})?",
        rf"\b{_DAY}\s*(?:-|–|to|and|or)\s*{_DAY}{_SPACE}{_MONTH}(?:\s*,?{_SPACE}{_YEAR})?",
        rf"\b{_MONTH}{_SPACE}[0-9]{{1,2}}(?:st|nd|rd|th|,?{_SPACE}{_YEAR})\b",
        rf"\b{_MONTH}{_SPACE}{_YEAR}\b",
        rf"(?<![\w,.]){_YEAR}\s?[-–/]\s?(?:{_YEAR}|[0-9]{{2}})(?![\w%]|[.,][0-9]|\s?per)",
        r"\b[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}\b",
        r"\b[0-9]{1,2}[:.][0-9]{2}\s?(?:am|pm)\b|\b[0-9]{1,2}:[0-9]{2}\b|\b[0-9]{1,2}\s?(?:am|pm)\b",
    ),
    "mark": (
        r"\^\{?[0-9, ]+\}?|\[[0-9]{1,3}(?:, ?[0-9]{1,3})*\]",
        r"(?m)^[⁰¹²³⁴-⁹]+\s*[0-9]{1,2}\s(?=[A-Z])",
        r"(?m)^[ \t]*[0-9]{1,2}[.)][ \t]",
    ),
    "reference": (
        rf"(?i)\b(?:figures?|tables?|charts?|graphs?|annex(?:es)?|appendix|appendices|sections?"
        rf"|chapters?|paragraphs?|pages?|footnotes?|notes?|box|volumes?|versions?){_SPACE}{_LIST}",
        rf"(?i)\b(?:phase|step|part|stage|chapter|section){_SPACE}(?:[0-9]+|one|two|three|four|five|six)\b",
    ),
}
_COMPILED = [(why, re.compile(form)) for why, forms in _SPANS.items() for form in forms]
_BASIS_BEFORE = re.compile(r"(?i)\b(?:per|in every|for every|out of every)\s+$")
_RATE_FOR = re.compile(r"(?i)\b(?:for|in|every|each)\s+$")
_PERIOD_BEFORE = re.compile(r"(?i)\b(?:last|previous|past|next|preceding|following|coming)\s+$")
_PERIOD_AFTER = re.compile(
    rf"(?i)\s+(?:period\b|(?:up\s+)?to\s+(?:the\s+)?(?:(?:{_DAY}\s+)?{_MONTH}|{_YEAR}|end\b|12\b)"
    r"|ending\b|ended\b)"
)
_NEAR = 24


def spans_of_no_figures(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and kind of each part of a text whose digits are no amounts."""
    for why, form in _COMPILED:
        for match in form.finditer(text):
            yield match.start(), match.end(), why


def period_or_basis(text: str, number: Written) -> str:
    """`basis` in `per 1,000`, `period` in `12 months to 30 June`, `year`; otherwise nothing."""
    before = text[max(0, number.start - _NEAR) : number.start]
    if _BASIS_BEFORE.search(before) or (_is_power(number) and _RATE_FOR.search(before)):
        return "basis"
    if number.unit in TIMES:
        after = text[number.end : number.end + 3 * _NEAR]
        return "period" if _PERIOD_BEFORE.search(before) or _PERIOD_AFTER.match(after) else ""
    return "year" if number.year and not number.unit and not number.signed else ""


def _is_power(number: Written) -> bool:
    return not number.unit and number.value in {10**power for power in range(3, 10)}
