"""The numbers that a text claims, and those that a condition asks for, told alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from grading.rules.rule import (
    All,
    Any,
    Compared,
    Count,
    No,
    Node,
    Some,
)

Way = Literal["at-least", "at-most", "above", "below", ""]
_OPPOSITE: dict[Way, Way] = {
    "at-least": "below",
    "below": "at-least",
    "at-most": "above",
    "above": "at-most",
    "": "",
}
_WORDS = {
    word: Decimal(n)
    for n, word in enumerate(
        (
            *("zero", "one", "two", "three", "four", "five", "six"),
            *("seven", "eight", "nine", "ten", "eleven", "twelve"),
        )
    )
}
_SHARES = {
    "half": Decimal(50),
    "a third": Decimal(100) / 3,
    "one third": Decimal(100) / 3,
    "two thirds": Decimal(200) / 3,
    "a quarter": Decimal(25),
    "one quarter": Decimal(25),
    "three quarters": Decimal(75),
    "a fifth": Decimal(20),
    "one fifth": Decimal(20),
    "two fifths": Decimal(40),
    "three fifths": Decimal(60),
    "four fifths": Decimal(80),
    "a tenth": Decimal(10),
    "one tenth": Decimal(10),
    "nine tenths": Decimal(90),
    **{
        f"{few} {among} {many}": 100 * a / b
        for among in ("in", "out of")
        for names in (_WORDS, {str(n): Decimal(n) for n in range(1, 13)})
        for few, a in names.items()
        for many, b in names.items()
        if 0 < a < b
    },
}
_NUMBER = (
    r"(?P<number>\b(?:"
    + "|".join(sorted(_SHARES, key=len, reverse=True))
    + r")\b|(?<![\w.])-?\d+(?:,\d{3})*(?:\.\d+)?(?![\w.]*\d)|\b(?:"
    + "|".join(_WORDS)
    + r")\b)(?P<share>\s*(?:%|per cent\b|percent\b))?"
)
_BEFORE: dict[Way, str] = {
    "at-least": r"at least|no fewer than|no less than|not less than|not below|a minimum of",
    "at-most": r"at most|no more than|not more than|not above|up to|a maximum of|no higher than",
    "above": r"more than|greater than|higher than|above|over",
    "below": r"fewer than|less than|lower than|below|under",
}
_AFTER: dict[Way, str] = {
    "at-least": r"or more|or above|or higher|or over|and over|and above|upwards",
    "at-most": r"or fewer|or less|or lower|or below|or under",
}
_CLAIM = re.compile(
    "(?:"
    + "|".join(f"(?P<b{n}>\\b(?:{said}))" for n, said in enumerate(_BEFORE.values()))
    + r")?\s*"
    + _NUMBER
    + r"(?:\s+(?:[\w-]+\s+){0,2}?(?:"
    + "|".join(f"(?P<a{n}>(?:{said})\\b)" for n, said in enumerate(_AFTER.values()))
    + "))?",
    re.IGNORECASE,
)
_NO_CLAIM = re.compile(
    r"(?:\b(?:per|figures?|sections?|annex|page|paragraph|footnote|step|part|table|question|year"
    r"|in|since|from|until|rule of)\s+|[A-Za-z]-?)$",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"\bno (?:(?:core|earlier|single|other) )*(?:criteri(?:on|a)|causes?|areas?|questions?|findings?"
    r"|strengths?|suggestions?)\b",
    re.IGNORECASE,
)
_NORM = re.compile(r"\b(?:may|must|should|shall|can|cannot)\b", re.IGNORECASE)
_TIME = re.compile(
    r"\s*-?\s*(?:hours?|days?|minutes?|seconds?|months?|years?|weeks?)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Claim:
    """A number and the way in which it bounds; none where only the number is said."""

    way: Way
    number: Decimal
    share: bool = False
    words: str = ""
    counted: bool = False

    def meets(self, asked: Claim) -> bool:
        """Whether both are of one number, as a number or as a share of a hundred."""
        if self.share and not asked.counted and asked.share:
            return abs(self.number - asked.number) < 1
        return self.number == asked.number or (asked.share and self.number == asked.number / 100)


def claimed(text: str) -> Iterator[Claim]:
    """The numbers that a text says, but for those of sources, denominators and times."""
    for match in _CLAIM.finditer(text):
        word = match["number"].lower()
        way: Way = next((w for n, w in enumerate(_BEFORE) if match[f"b{n}"]), "")
        way = way or next((w for n, w in enumerate(_AFTER) if match[f"a{n}"]), "")
        if _TIME.match(text, match.end("number")) or (
            not way and _NO_CLAIM.search(text[: match.start("number")])
        ):
            continue
        if word in _SHARES:
            yield Claim(way, _SHARES[word], True, match[0].strip())
        elif word in _WORDS:
            if way or word not in ("one", "zero"):
                yield Claim(way, _WORDS[word], bool(match["share"]), match[0].strip())
        else:
            number = Decimal(word.replace(",", ""))
            yield Claim(way, number, bool(match["share"]), match[0].strip())


def none_claimed(text: str) -> Iterator[Claim]:
    """Where a text says that there is none of what rules count, and not that none may be."""
    for match in _NONE.finditer(text) if not _NORM.search(text) else ():
        yield Claim("at-most", Decimal(0), words=match[0], counted=True)


def asked(node: Node, *, negated: bool = False) -> Iterator[Claim]:
    """The numbers that a condition asks for; under `none` each the other way round."""
    match node:
        case No(parts=parts):
            for part in parts:
                yield from asked(part, negated=not negated)
        case Some(least=least, parts=parts):
            yield _claim("at-least", Decimal(least), negated, counted=True)
            for part in parts:
                yield from asked(part, negated=negated)
        case All(parts=parts) | Any(parts=parts):
            for part in parts:
                yield from asked(part, negated=negated)
        case Compared(operator="between", numbers=(low, high)):
            yield _claim("at-least", low, negated)
            yield _claim("at-most", high, negated)
        case Compared(operator="at-least" | "at-most" | "above" | "below" as way, numbers=(n,)):
            yield _claim(way, n, negated)
        case Count(limit="at-least-share", number=number):
            yield _claim("at-least", number * 100, negated, share=True)
        case Count(limit="at-least" | "at-most" as way, number=number):
            yield _claim(way, number, negated, counted=True)
        case Count(limit="all-but", number=number):
            yield replace(_claim("", number, negated, counted=True), words=f"all but {number}")


def whole(claim: Claim) -> Claim:
    """Of what is counted, the same with `at-least` or `at-most`."""
    match claim.way:
        case "above":
            return Claim("at-least", claim.number + 1, claim.share, claim.words, claim.counted)
        case "below":
            return Claim("at-most", claim.number - 1, claim.share, claim.words, claim.counted)
        case _:
            return claim


def opposite(claim: Claim) -> Claim:
    """What is so where the other is not."""
    return Claim(_OPPOSITE[claim.way], claim.number, claim.share, claim.words, claim.counted)


def _claim(
    way: Way, number: Decimal, negated: bool, *, share: bool = False, counted: bool = False
) -> Claim:
    said = (
        f"{way.replace('-', ' ')} {format(number.normalize(), 'f')}{' per cent' if share else ''}"
    )
    claim = Claim(way, number, share, said.strip(), counted)
    return opposite(claim) if negated else claim
