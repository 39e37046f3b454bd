"""The numbers of a text: digits and words, signs, shares, money, times and ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

_TO_NINE = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TO_NINETEEN = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"]
_BY_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ONES = {word: value for value, word in enumerate(_TO_NINE, 1)}
_TEENS = {
    word: value
    for value, word in enumerate([*_TO_NINETEEN, "seventeen", "eighteen", "nineteen"], 10)
}
_TENS = {word: 10 * value for value, word in enumerate(_BY_TENS, 2)}
_SCALES = {
    "hundred": Decimal(100),
    "thousand": Decimal(1000),
    "k": Decimal(1000),
    "million": Decimal(10) ** 6,
    "m": Decimal(10) ** 6,
    "billion": Decimal(10) ** 9,
    "bn": Decimal(10) ** 9,
}
CURRENCIES = {"£": "gbp", "$": "usd", "€": "eur"}
TIMES = ("minutes", "hours", "days", "weeks", "months", "years")
HALF = Decimal("0.5")
MOST_DIGITS = 30
"""Longer runs of digits are names of things, not amounts."""


def _any(words: dict[str, int]) -> str:
    return "|".join(words)


_GAP = r"[ \t\u00a0]{0,4}\n?[ \t]{0,8}"
_SMALL = f"(?:(?:{_any(_TENS)})(?:[- ](?:{_any(_ONES)}))?|{_any(_TEENS)}|{_any(_ONES)})"
_HUNDREDS = rf"(?:(?:{_any(_ONES)}|a)\shundred(?:\s(?:and\s)?{_SMALL})?|{_SMALL})"
_WORDS = rf"(?:{_HUNDREDS}\sthousand(?:,?\s(?:and\s)?{_HUNDREDS})?|{_HUNDREDS}|zero|half)"
_THOUSANDS = "[0-9]{1,3}(?:[,\u00a0\u2009\u202f][0-9]{3})+"
_DIGITS = rf"(?:{_THOUSANDS}|[0-9]+)(?:\.[0-9]+)?"
_NUMBER = re.compile(
    rf"""
    (?: (?<![\w.,£$€%)])(?P<sign>[+\-−–])?(?:(?P<money>[£$€])[ ]?)? (?P<digits>{_DIGITS})
      | (?<=[0-9])(?P<to>[-–—])(?P<money2>[£$€])?(?P<digits2>{_DIGITS})
      | (?<![\w.,-])(?P<words>{_WORDS})(?![a-z])
    )
    (?: (?P<letter>bn|m|k)(?![A-Za-z]) | (?:[-]|{_GAP})(?P<scale>hundred|thousand|million|billion)\b )?
    (?: {_GAP}(?P<share>%|per[ ]?cent(?![a-z])|percentage[ ]points?\b)
      | (?:-|{_GAP})(?P<time>minute|hour|day|week|month|year)(?:s|ly)?(?![a-z])
    )?
    (?P<glued>[A-Za-z_])?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RANGE = re.compile(r"\s*(?:-|–|—|to|and|or|,)\s*")
_AGED = re.compile(r"(?i)\b(?:aged?|ages)(?:\s+(?:of|over|under|between|from))?\s+$")
_SAME_SCALE = re.compile(r"\s*(?:-|–|—|to)\s*")


@dataclass(frozen=True)
class Written:
    """A number as it was written: its value with its sign, its unit where it has one, and where."""

    value: Decimal
    unit: str  # percent, percentage-points, a currency, a time, or nothing
    start: int
    end: int
    signed: bool = False
    in_words: bool = False
    scale: Decimal = Decimal(1)
    year: bool = False  # four plain digits that would do as a year


def numbers_in(text: str) -> tuple[Written, ...]:
    """Every number of a text, in order; of a range, both ends, each with the unit of the other."""
    found = [number for match in _NUMBER.finditer(text) if (number := _written(text, match))]
    for i in reversed(range(len(found) - 1)):
        found[i : i + 2] = _sharing(text, found[i], found[i + 1])
    return tuple(found)


def of_words(words: str) -> Decimal:
    """The value of a number in words; `half` is 0.5."""
    total = part = Decimal(0)
    if words.lower() == "half":
        return HALF
    for word in re.findall("[a-z]+", words.lower()):
        if word == "hundred":
            part = (part or Decimal(1)) * 100
        elif word == "thousand":
            total, part = (part or Decimal(1)) * 1000, Decimal(0)
        else:
            part += _ONES.get(word) or _TEENS.get(word) or _TENS.get(word) or 0
    return total + part


def _written(text: str, match: re.Match[str]) -> Written | None:
    digits = match["digits"] or match["digits2"]
    if match["glued"] or len(digits or "") > MOST_DIGITS or _continues(text, match, digits):
        return None
    money = match["money"] or match["money2"]
    letter = match["letter"]
    if letter and not money:
        return None  # `5m` may be metres, and `4k` a name
    scale = _SCALES[(letter or match["scale"] or "").lower()] if letter or match["scale"] else None
    plain = re.sub("[^0-9.]", "", digits) if digits else ""
    value = Decimal(plain) if digits else of_words(match["words"])
    sign = match["sign"] if not _after_a_number(text, match.start()) else None
    minus = sign is not None and sign != "+"
    value = value * (scale or 1) * (-1 if minus else 1)
    return Written(
        value,
        _unit(match, money) or _age(text, match.start()),
        match.start(),
        match.end(),
        signed=sign is not None,
        in_words=not digits,
        scale=scale or Decimal(1),
        year=bool(digits and re.fullmatch("(?:19|20)[0-9]{2}", digits) and not scale),
    )


def _continues(text: str, match: re.Match[str], digits: str | None) -> bool:
    """More digits follow, as in `1.2.3`, `1,23` or `30/6`, so that it is no single number."""
    name = "digits" if match["digits"] else "digits2"
    if not digits:
        return False
    before = text[max(0, match.start(name) - 2) : match.start(name)]
    return bool(
        re.match(r"[.,/:][0-9]|[0-9]", text[match.end(name) : match.end(name) + 2])
        or re.search(r"[0-9][/:]$|[A-Za-z][-/]$", before)
    )


def _after_a_number(text: str, start: int) -> bool:
    """In `331 -429` the dash stands between two numbers and is no sign."""
    return text[max(0, start - 3) : start].rstrip()[-1:].isdigit()


def _unit(match: re.Match[str], money: str | None) -> str:
    if money:
        return CURRENCIES[money]
    share = (match["share"] or "").lower()
    if share:
        return "percentage-points" if share.startswith("percentage") else "percent"
    return f"{match['time'].lower()}s" if match["time"] else ""


def _age(text: str, start: int) -> str:
    return "years" if _AGED.search(text[max(0, start - 16) : start]) else ""


def _sharing(text: str, left: Written, right: Written) -> list[Written]:
    """Two neighbours; where they are the ends of a range, what is said of one is said of both."""
    between = text[left.end : right.start] + ("-" if text[right.start] in "-–—" else "")
    if not _RANGE.fullmatch(between) or (left.signed and not right.signed):
        return [left, right]
    if left.unit in CURRENCIES.values() and not right.unit:
        right = replace(right, unit=left.unit)
    if _SAME_SCALE.fullmatch(between) and right.scale > 1 == left.scale and _one_scale(left, right):
        left = replace(left, value=left.value * right.scale, scale=right.scale)
    if right.unit and not left.unit and not left.year:
        left = replace(left, unit=right.unit)
    return [left, right]


def _one_scale(left: Written, right: Written) -> bool:
    """`£5 to £6 million`, and not `900 to 1 million`."""
    return abs(left.value) <= abs(right.value / right.scale)
