"""What a value without quotes means: few forms, and what programs disagree on refused."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from grading.problems import quoted

MOST_DIGITS = 15
QUOTES = "put it in quotes if it is text"
DASHES = frozenset("-‐‑‒–—―−")
NO_FIGURE = "a dash is not zero: leave the cell empty where there is no figure"

Scalar = bool | int | Decimal | datetime.date | str | None


@dataclass(frozen=True)
class Refusal:
    """Why a value without quotes is not read."""

    code: str
    message: str
    hint: str


_WORDS: Mapping[str, bool | None] = {
    "true": True,
    "false": False,
    "null": None,
    "~": None,
    "": None,
}
_TRUTHS: Mapping[str, str] = dict.fromkeys(("yes", "on", "y"), "true") | dict.fromkeys(
    ("no", "off", "n"), "false"
)
_SUSPECTS = frozenset({*_TRUTHS, "true", "false", "null", "<<", "="})
_LONGEST_SUSPECT = max(map(len, _SUSPECTS))

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_NUMERIC = frozenset("0123456789+-.")

_REFUSED: tuple[tuple[re.Pattern[str], str, str, str], ...] = (
    (
        re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:.*"),
        "E134",
        "{} is a date with a time",
        "write the date alone, such as 2016-03-31, or put it in quotes",
    ),
    (
        re.compile(r"[-+]?[0-9][0-9_]*(?::[0-9]+)+(?:\.[0-9_]*)?"),
        "E126",
        "{} is read as a number in base 60 by some programs",
        "put it in quotes",
    ),
    (
        re.compile(r"[-+]?0(?:[xX][0-9a-fA-F_]+|[oO][0-7_]+|[bB][01_]+)"),
        "E128",
        "{} is a hexadecimal, octal or binary number",
        f"write it as a decimal number, or {QUOTES}",
    ),
    (
        re.compile(r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)[eE][-+]?[0-9]+"),
        "E130",
        "{} is a number with an exponent",
        f"write the number out, or {QUOTES}",
    ),
    (
        re.compile(r"[-+]?(?=[0-9_.]*_)[0-9][0-9_]*(?:\.[0-9_]*)?"),
        "E129",
        "{} is a number with underscores",
        f"write the digits alone, or {QUOTES}",
    ),
    (
        re.compile(r"[-+]?\.(?:[iI][nN][fF]|[nN][aA][nN])"),
        "E133",
        "{} is infinity or not a number at all",
        f"leave the value out where there is none, or {QUOTES}",
    ),
    (
        re.compile(r"\+(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
        "E132",
        "{} is a number with a plus sign",
        f"leave the sign out, or {QUOTES}",
    ),
    (
        re.compile(r"-?(?:[0-9]+\.|\.[0-9]+)"),
        "E131",
        "{} needs a digit on both sides of the point",
        f"write it such as 0.5 or 5.0, or {QUOTES}",
    ),
    (
        re.compile(r"-?0[0-9]+(?:\.[0-9]+)?"),
        "E127",
        "{} is a number with leading zeros",
        f"leave the zeros out, or {QUOTES}",
    ),
)


def plain(text: str) -> Scalar | Refusal:
    """What these characters mean without quotes, or why they are refused."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMERIC:
        return _number_or_date(text)
    if len(text) <= _LONGEST_SUSPECT and text.lower() in _SUSPECTS:
        return _suspect(text, text.lower())
    return text


def number(text: str) -> int | Decimal | Refusal | None:
    """The exact number that the whole text is, a refusal of too many digits, or nothing."""
    if not (_INTEGER.fullmatch(text) or _DECIMAL.fullmatch(text)):
        return None
    if len(text) > MOST_DIGITS and _digits(text) > MOST_DIGITS:
        message = f"{quoted(text)} is a number of more than {MOST_DIGITS} digits"
        return Refusal("E122", message, f"round it, or {QUOTES}")
    return Decimal(text) if "." in text else int(text)


def date(text: str) -> datetime.date | Refusal | None:
    """The date that the whole text is, a refusal of one that is in no calendar, or nothing."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = match.groups()
    try:
        found = datetime.date(int(year), int(month), int(day))
    except ValueError:
        return Refusal("E123", f"there is no date {quoted(text)}", f"correct it, or {QUOTES}")
    if found.isoformat() != text:
        hint = f"write {found.isoformat()}, or {QUOTES}"
        return Refusal("E123", f"{quoted(text)} is not a date such as 2016-03-31", hint)
    return found


def _number_or_date(text: str) -> Scalar | Refusal:
    exact = number(text)
    if exact is not None:
        return exact
    day = date(text)
    if day is not None:
        return day
    for form, code, message, hint in _REFUSED:
        if form.fullmatch(text):
            return Refusal(code, message.format(quoted(text)), hint)
    return text


def _digits(text: str) -> int:
    """The significant digits, or the decimal places where they are more."""
    whole, _, places = text.lstrip("-").partition(".")
    return max(len((whole + places).lstrip("0")), len(places))


def _suspect(text: str, word: str) -> Scalar | Refusal:
    said = quoted(text)
    if word in _TRUTHS:
        hint = f"write {_TRUTHS[word]}, or {QUOTES}"
        return Refusal("E124", f"{said} is read as {_TRUTHS[word]} by some programs", hint)
    if word == "<<":
        return Refusal("E117", "`<<` merges another mapping into this one", "write the keys out")
    if word == "=":
        return Refusal("E135", "`=` alone has a meaning of its own in YAML", "put it in quotes")
    return Refusal("E125", f"{said} is written with capitals", f"write {word}, or {QUOTES}")
