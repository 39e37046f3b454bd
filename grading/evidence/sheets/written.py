"""Plain values → the text of evidence files: canonical, and read back as what was meant.

YAML has a value a line, in the order of the models, and quotes where a reader could take a text
for something else. The same values give the same bytes.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from grading.source.scalars import plain

_BARE = re.compile(r"[^\W_][^\n\r\t]*")
_AMBIGUOUS = re.compile(r": |:$| #|^[-?:]|\s$")
_WORDS = re.compile(r"[a-z][a-z0-9-]*")
_LINE = 140
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def yaml_text(data: Mapping[str, Any]) -> str:
    """The YAML that says this mapping of plain values."""
    return "".join(f"{line}\n" for line in _mapping(data, ""))


def csv_text(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """The table of these rows; what a row does not say is an empty cell."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell_text(row.get(column)) for column in columns])
    return made.getvalue()


def cell_text(value: Any) -> str:
    """What a cell of a table says for this value."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return format(value, "f")
        case tuple() | list():
            return ";".join(map(cell_text, value))
        case _:
            return str(value)


def scalar(value: Any) -> str:
    """A single value as YAML."""
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case int():
            return str(value)
        case datetime.date():
            return value.isoformat()
        case _:
            return str(value) if _may_be_bare(str(value)) else f'"{str(value).translate(_ESCAPES)}"'


def _may_be_bare(text: str) -> bool:
    return (
        bool(_BARE.fullmatch(text))
        and text.isprintable()
        and not _AMBIGUOUS.search(text)
        and plain(text) == text
    )


def _mapping(data: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in data.items():
        yield from _entry(f"{indent}{key}:", value, indent)


def _entry(start: str, value: Any, indent: str) -> Iterator[str]:
    match value:
        case Mapping():
            yield start
            yield from _mapping(value, indent + "  ")
        case tuple() | list():
            yield from _list(start, value, indent)
        case _:
            yield f"{start} {scalar(value)}"


def _list(start: str, values: Sequence[Any], indent: str) -> Iterator[str]:
    short = f"{start} [{', '.join(map(str, values))}]"
    if len(short) <= _LINE and all(isinstance(v, str) and _is_word(v) for v in values):
        yield short
        return
    yield start
    for value in values:
        if isinstance(value, Mapping):
            first, *others = _mapping(value, indent + "    ")
            yield f"{indent}  - {first.lstrip()}"
            yield from others
        else:
            yield f"{indent}  - {scalar(value)}"


def _is_word(text: str) -> bool:
    return bool(_WORDS.fullmatch(text)) and plain(text) == text
