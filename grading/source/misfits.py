"""What pydantic finds wrong, said to people who write YAML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grading.problems import Problem, did_you_mean, listed, nearest, quoted
from grading.source.events import Path
from grading.source.kinds import (
    DATE,
    LIST,
    MAPPING,
    NOTHING,
    NUMBER,
    TEXT,
    TRUTH,
    WHOLE,
    kind_of,
    kinds_for,
)
from grading.source.scalars import date, number
from grading.source.tree import Places

Said = tuple[str, str, str]
"""A code, a message and a hint."""


@dataclass(frozen=True)
class Misfit:
    """One error: where, of which type, with what, and the keys known in the mapping around it."""

    path: Path
    type: str
    detail: Mapping[str, Any]
    keys: tuple[str, ...]


def told(misfits: Sequence[Misfit], places: Places) -> list[Problem]:
    """The problems that these misfits are; a misspelt key is not told as a missing one too."""
    meant = {
        (misfit.path[:-1], nearest(str(misfit.path[-1]), misfit.keys))
        for misfit in misfits
        if misfit.type == "extra_forbidden"
    }
    kept = [
        misfit
        for misfit in misfits
        if misfit.type != "missing" or (misfit.path[:-1], misfit.path[-1]) not in meant
    ]
    return [problem for misfit in kept for problem in _problems(misfit, places)]


def _problems(misfit: Misfit, places: Places) -> list[Problem]:
    if misfit.type == "extra_forbidden":
        return [_unknown(misfit, misfit.path, places)]
    data = misfit.detail.get("input")
    if misfit.type == "no_member" and isinstance(data, Mapping) and data and misfit.keys:
        unknown = [(*misfit.path, key) for key in data if key not in misfit.keys]
        if unknown:
            return [_unknown(misfit, path, places) for path in unknown]
    say = _SAYINGS.get(misfit.type)
    code, message, hint = say(misfit) if say else _otherwise(misfit)
    at_key = str(misfit.detail.get("loc", ("",))[-1:]) == "('[key]',)"
    place = places.key_place(misfit.path) if at_key else places.place(misfit.path)
    return [Problem(place, code, message, hint)]


def _unknown(misfit: Misfit, path: Path, places: Places) -> Problem:
    key = str(path[-1])
    known = f"the keys are {listed(map(quoted, misfit.keys), 'and')}" if misfit.keys else ""
    hint = did_you_mean(key, misfit.keys) or known
    return Problem(places.key_place(path), "E201", f"unknown key {quoted(key)}", hint)


def _missing(misfit: Misfit) -> Said:
    key = misfit.path[-1] if misfit.path else ""
    if isinstance(key, int):
        return "E205", f"entry {key + 1} of the list is missing", "add it"
    return "E202", f"missing key {quoted(key)}", "add it"


def _kind(*expected: str) -> Callable[[Misfit], Said]:
    return lambda misfit: _wrong_kind(misfit.detail.get("input"), expected)


def _wrong_kind(found: object, expected: Sequence[str]) -> Said:
    wanted = listed(expected)
    if found is None:
        return "E203", f"expected {wanted}, found nothing", "write it, or remove the key"
    message = f"expected {wanted}, found {_shown(found)}"
    return "E203", message, _kind_hint(found, expected)


def _shown(found: object) -> str:
    kind = "a date" if kind_of(found) == DATE else kind_of(found)
    if kind in (MAPPING, LIST):
        return kind
    written = str(found).lower() if isinstance(found, bool) else str(found)
    return quoted(written) if kind == TRUTH else f"the {kind.removeprefix('a ')} {quoted(written)}"


def _kind_hint(found: object, expected: Sequence[str]) -> str:
    if expected == (TEXT,) and kind_of(found) not in (MAPPING, LIST):
        return "put it in quotes"
    if isinstance(found, str) and {NUMBER, WHOLE} & set(expected):
        is_number = isinstance(number(found), int | Decimal)
        return "remove the quotes" if is_number else ""
    if isinstance(found, str) and DATE in expected:
        return "remove the quotes" if date(found) else ""
    if expected == (LIST,):
        return "write each entry on a line of its own after `- `"
    return ""


def _no_member(misfit: Misfit) -> Said:
    found = misfit.detail.get("input")
    if isinstance(found, Mapping):
        known = f"the keys are {listed(map(quoted, misfit.keys), 'and')}" if misfit.keys else ""
        return "E211", "the mapping does not say which kind it is", known
    return _wrong_kind(found, sorted(kinds_for(misfit.detail.get("union")) - {NOTHING}))


def _choice(misfit: Misfit) -> Said:
    words = _words(misfit.detail["ctx"]["expected"])
    found = misfit.detail.get("input")
    message = f"{_written(found)} is not one of {listed(map(quoted, words))}"
    return "E204", message, did_you_mean(found, words) if isinstance(found, str) else ""


def _written(found: object) -> str:
    if found is None or isinstance(found, Mapping | tuple | list):
        return kind_of(found)
    return quoted(str(found).lower() if isinstance(found, bool) else found)


def _words(expected: str) -> list[str]:
    """The allowed words, out of pydantic's English for them."""
    pairs = re.findall(r"'([^']*)'|\"([^\"]*)\"|([^\s,'\"]+)", expected)
    return [first or second or bare for first, second, bare in pairs if bare != "or"]


def _tag(misfit: Misfit) -> Said:
    words = _words(misfit.detail["ctx"]["expected_tags"])
    found = str(misfit.detail["ctx"]["tag"])
    message = f"{quoted(found)} is not one of {listed(map(quoted, words))}"
    return "E204", message, did_you_mean(found, words)


def _length(code: str, bound: str, word: str) -> Callable[[Misfit], Said]:
    def say(misfit: Misfit) -> Said:
        limit = misfit.detail["ctx"][bound]
        written = misfit.detail.get("input")
        is_text = isinstance(written, str)
        unit = "character" if is_text else "entry"
        units = unit if limit == 1 else "characters" if is_text else "entries"
        what = (
            "the text" if is_text else "the mapping" if isinstance(written, Mapping) else "the list"
        )
        hint = "write more" if code == "E205" else "shorten it"
        return code, f"{what} has {word} {limit} {units}", hint

    return say


_NAME = "^[a-z0-9]+(-[a-z0-9]+)*$"


def _pattern(misfit: Misfit) -> Said:
    written = str(misfit.detail.get("input"))
    pattern = misfit.detail["ctx"]["pattern"]
    # Most names that are wrong are right but for capitals, spaces or underscores.
    name = "-".join(re.findall("[a-z0-9]+", written.casefold())) if written.isascii() else ""
    form = "small letters and digits, with a hyphen between words"
    hint = f"the pattern is {quoted(pattern)}" if pattern != _NAME else f"write {form}"
    if re.search(pattern, name):
        hint = f"write it as {quoted(name)}: {form}"
    return "E207", f"{quoted(written)} does not have the form it must have", hint


def _range(phrase: str, bound: str) -> Callable[[Misfit], Said]:
    def say(misfit: Misfit) -> Said:
        limit = quoted(misfit.detail["ctx"][bound])
        return "E208", f"{quoted(misfit.detail.get('input'))} is not {phrase} {limit}", "correct it"

    return say


def _rule(misfit: Misfit) -> Said:
    error = misfit.detail.get("ctx", {}).get("error")
    said = [str(part) for part in getattr(error, "args", ())]
    message, hint, *_ = [*said, "", ""]
    return "E209", " ".join(message.split()) or "a rule is broken here", hint


def _digits(misfit: Misfit) -> Said:
    said = quoted(misfit.detail.get("input"))
    limits = misfit.detail.get("ctx", {})
    if "multiple_of" in limits:
        return "E210", f"{said} is not a multiple of {quoted(limits['multiple_of'])}", "correct it"
    [(bound, limit), *_] = limits.items()
    where = {"decimal_places": "decimal places", "whole_digits": "digits before the point"}
    return "E210", f"{said} has more than {limit} {where.get(bound, 'digits')}", "round it"


def _otherwise(misfit: Misfit) -> Said:
    return "E203", f"{_written(misfit.detail.get('input'))} is not a value for this place", ""


_SAYINGS: Mapping[str, Callable[[Misfit], Said]] = {
    "missing": _missing,
    "no_member": _no_member,
    "union_tag_invalid": _tag,
    "literal_error": _choice,
    "enum": _choice,
    "string_type": _kind(TEXT),
    "int_type": _kind(WHOLE),
    "int_from_float": _kind(WHOLE),
    "float_type": _kind(NUMBER),
    "decimal_type": _kind(NUMBER),
    "is_instance_of": _kind(NUMBER),
    "bool_type": _kind(TRUTH),
    "date_type": _kind(DATE),
    "model_type": _kind(MAPPING),
    "model_attributes_type": _kind(MAPPING),
    "dict_type": _kind(MAPPING),
    "tuple_type": _kind(LIST),
    "list_type": _kind(LIST),
    "none_required": _kind(NOTHING),
    "too_short": _length("E205", "min_length", "fewer than"),
    "string_too_short": _length("E205", "min_length", "fewer than"),
    "too_long": _length("E206", "max_length", "more than"),
    "string_too_long": _length("E206", "max_length", "more than"),
    "string_pattern_mismatch": _pattern,
    "greater_than": _range("above", "gt"),
    "greater_than_equal": _range("at least", "ge"),
    "less_than": _range("below", "lt"),
    "less_than_equal": _range("at most", "le"),
    "value_error": _rule,
    "assertion_error": _rule,
    "multiple_of": _digits,
    "decimal_max_digits": _digits,
    "decimal_max_places": _digits,
    "decimal_whole_digits": _digits,
}
