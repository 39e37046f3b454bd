"""What is wrong with the form of a YAML text, in plain words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import replace

import yaml

from grading.problems import Place, Problem, quoted
from grading.source.text import MOST_SHOWN, forbidden, places_of

_BLANK = re.compile(r"(?:[ \t]*+(?:#[^\r\n]*+)?(?:\r\n|\r|\n))*+[ \t]*+(?:#[^\r\n]*+)?")
_BLOCK = re.compile(r"[|>][-+1-9]{0,2}(?: +#[^\r\n]*| *)(?:[\r\n]|\Z)")
_BEFORE_WORD = re.compile(r"(?:.*[,\[\]{}]|.*: )?\s*")
_TAB = re.compile(r"\t+")
_NO_CHARACTER = re.compile(
    r"(?<!\\)(?:\\\\)*(\\(?:u[dD][89a-fA-F]|U0000[dD][89a-fA-F]|U(?!0000|000[1-9a-fA-F]|0010))"
    r"[0-9a-fA-F]+)"
)
"""Escapes of surrogates and beyond Unicode: one parser reads them, the other fails."""


def before_parsing(text: str, label: str) -> list[Problem]:
    """The problems that are seen without parsing; where there are any, parsing means nothing."""
    return sorted([*forbidden(text, label), *_tabs(text, label), *_escapes(text, label)]) or (
        _opening(text, label)
    )


def _tabs(text: str, label: str) -> list[Problem]:
    hits = itertools.islice(_TAB.finditer(text), MOST_SHOWN)
    hint = "put spaces instead, or write \\t inside double quotes"
    places = places_of(text, label, (hit.start() for hit in hits))
    return [Problem(place, "E118", "a tab", hint) for place in places]


def _escapes(text: str, label: str) -> list[Problem]:
    hits = list(itertools.islice(_NO_CHARACTER.finditer(text), MOST_SHOWN))
    places = places_of(text, label, (hit.start(1) for hit in hits))
    return [
        Problem(place, "E141", f"{quoted(hit[1])} names no character", "write the character itself")
        for hit, place in zip(hits, places, strict=True)
    ]


def _opening(text: str, label: str) -> list[Problem]:
    """The problem with where the text begins: nowhere, or with a directive."""
    match = _BLANK.match(text)
    start = match.end() if match else 0
    if start == len(text):
        return [no_content(label)]
    if text[start] != "%":
        return []
    [place] = places_of(text, label, [start])
    message = f"a directive {quoted(text[start:].split(maxsplit=1)[0])}"
    return [Problem(place, "E110", message, "remove the line; no directive is needed")]


def no_content(label: str) -> Problem:
    """The problem of a file that says nothing."""
    return Problem(Place(label, 1), "E109", "the file is empty", "write it, or remove the file")


def opens_block(text: str, offset: int) -> bool:
    """Whether `|` or `>` stands alone on its line, but for a comment: one parser lets more pass."""
    return _BLOCK.match(text, offset) is not None or text[offset] not in "|>"


def text_beside_block(place: Place) -> Problem:
    """The problem that a block of text begins beside its sign."""
    message = "text on the line of `|` or `>`"
    return Problem(place, "E142", message, "begin the text on the next line, indented")


def question_mark(place: Place) -> Problem:
    """The problem of a question mark that one parser takes for a sign of its own."""
    message = "a question mark inside brackets, in a value without quotes"
    return Problem(place, "E140", message, "put the whole value in quotes")


def too_deep(error: yaml.YAMLError) -> int | None:
    """Where the parser met more brackets inside each other than it reads; None for other complaints."""
    if not isinstance(error, yaml.MarkedYAMLError) or "nesting depth" not in (error.problem or ""):
        return None
    return None if error.problem_mark is None else int(error.problem_mark.index)


def explain(error: yaml.YAMLError, text: str, label: str) -> Problem:
    """The parser's complaint as a problem with a remedy."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return _other(Place(label, 1), "")
    found = _line_at(_at(error.problem_mark, label), text)
    if found[1].startswith("?") and "flow" in (error.context or ""):
        word = _BEFORE_WORD.match(found[0])
        column = word.end() if word else 0
        return question_mark(replace(_at(error.problem_mark, label), column=column + 1))
    context, problem = error.context or "", error.problem or ""
    for words, say, at_context in _COMPLAINTS:
        if words in problem or words in context:
            mark = (error.context_mark if at_context else None) or error.problem_mark
            return say(_at(mark, label), text)
    return _other(_at(error.problem_mark, label), text)


def _at(mark: yaml.Mark, label: str) -> Place:
    return Place(label, mark.line + 1, mark.column + 1)


def _line_at(place: Place, text: str) -> tuple[str, str]:
    """The line before the place and from the place on."""
    lines = re.split(r"\r\n|\r|\n", text)
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    return line[: place.column - 1], line[place.column - 1 :]


def _colon(place: Place, text: str) -> Problem:
    message = "a colon and a space inside a value without quotes"
    return Problem(place, "E139", message, "put the whole value in quotes, or correct indentation")


def _quote(place: Place, text: str) -> Problem:
    _, rest = _line_at(place, text)
    message = f"the quote {quoted(rest[:1])} that begins here is not closed"
    return Problem(place, "E137", message, "close it; inside single quotes write a quote twice")


def _bracket(place: Place, text: str) -> Problem:
    _, rest = _line_at(place, text)
    opened = rest[:1] if rest[:1] in ("[", "{") else ""
    which = f"the bracket {quoted(opened)} that begins here" if opened else "a bracket"
    closing = {"[": "`]`", "{": "`}`"}.get(opened, "`]` or `}`")
    hint = f"close it with {closing}, and put commas between the entries"
    return Problem(place, "E138", f"{which} is not closed, or a comma is missing", hint)


def _reserved(place: Place, text: str) -> Problem:
    _, rest = _line_at(place, text)
    message = f"a value without quotes cannot begin with {quoted(rest[:1])}"
    return Problem(place, "E140", message, "put the whole value in quotes")


def _escape(place: Place, text: str) -> Problem:
    # One parser points at the backslash, the other behind it.
    before, rest = _line_at(place, text)
    column = len(before) if rest.startswith("\\") else before.rfind("\\")
    place = replace(place, column=column + 1)
    message = "an unknown escape after a backslash in double quotes"
    return Problem(place, "E141", message, "write the backslash twice, or use single quotes")


def _tag(place: Place, text: str) -> Problem:
    message = "a value without quotes that begins with `!` is a tag"
    return Problem(place, "E114", message, "remove the tag, or put the whole value in quotes")


def _after(place: Place, text: str) -> Problem:
    """Something follows a value that was complete: on its line, or indented otherwise."""
    before, rest = _line_at(place, text)
    word = rest.split(maxsplit=1)[0] if rest.split() else ""
    if before.rstrip().endswith(('"', "'", "]", "}")):
        message = f"text after the end of a value: {quoted(word)}"
        return Problem(
            place, "E143", message, "put it all in the other kind of quotes, or remove this"
        )
    if word.startswith(("]", "}", "---")):
        return _other(place, text)
    message = "this line is not indented like the lines it belongs with"
    return Problem(place, "E136", message, "align it with spaces under its neighbours")


def _no_colon(place: Place, text: str) -> Problem:
    message = "a line that is neither a key with a value nor part of the value above"
    return Problem(place, "E142", message, "write `key: value`, or indent it under the value")


def _block(place: Place, text: str) -> Problem:
    return text_beside_block(place)


def _other(place: Place, text: str) -> Problem:
    _, rest = _line_at(place, text)
    if not rest.strip():
        message = "something is missing after this"
        return Problem(_last(place, text), "E142", message, "write it, or close what is open")
    message = f"{quoted(rest.split(maxsplit=1)[0])} cannot stand here"
    return Problem(place, "E142", message, "put the whole value in quotes, or remove it")


def _last(place: Place, text: str) -> Place:
    """The last character that is not blank, up to the place: both parsers agree on it."""
    before, _ = _line_at(place, text)
    lines = [*re.split(r"\r\n|\r|\n", text)[: place.line - 1], before]
    line, written = max((n, line.rstrip()) for n, line in enumerate(lines, 1) if line.strip())
    return Place(place.file, line, len(written))


_COMPLAINTS: tuple[tuple[str, Callable[[Place, str], Problem], bool], ...] = (
    ("mapping values are not allowed", _colon, False),
    ("escape", _escape, False),
    ("hexdecimal", _escape, False),
    ("quoted scalar", _quote, True),
    ("',' or", _bracket, True),
    ("cannot start any token", _reserved, False),
    ("an alias", _reserved, True),
    ("an anchor", _reserved, True),
    ("ing a tag", _tag, True),
    ("tag handle", _tag, True),
    ("could not find expected ':'", _no_colon, True),
    ("a block scalar", _block, True),
    ("sequence entries are not allowed", _after, False),
    ("did not find expected key", _after, False),
    ("did not find expected '-' indicator", _after, False),
    ("expected <block end>", _after, False),
    ("document start>", _after, False),
)
"""What the parsers say (in C and in Python), how to say it, and whether it began earlier."""
