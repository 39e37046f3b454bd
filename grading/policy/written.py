"""A case as it is written in a file of cases."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

_PLAIN = re.compile(r"[a-z][a-z0-9-]*(/[a-z0-9-]+)*")
_READ_AS_OTHER = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_INDENT = "    "


def written_case(
    name: str, given: Mapping[str, Any], expect: Mapping[str, Any], because: str
) -> str:
    """One entry of `cases:`, ready to be pasted: each key of what is given and expected on a line."""
    lines = [f"  - id: {name}", *_block("given", given), *_block("expect", expect)]
    return "\n".join([*lines, f"{_INDENT}because: {_text(because)}", ""])


def written_file(cases: Sequence[str]) -> str:
    """A file of cases."""
    return "cases:\n" + "".join(cases)


def _block(key: str, values: Mapping[str, Any]) -> list[str]:
    if not values:
        return [f"{_INDENT}{key}: {{}}"]
    lines = [f"{_INDENT}{key}:"]
    for name, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            lines.append(f"{_INDENT}  {name}:")
            lines += [f"{_INDENT}    - {_flow(item)}" for item in value]
        elif isinstance(value, Mapping) and name in ("figures", "table", "limiters"):
            lines.append(f"{_INDENT}  {name}:")
            lines += [f"{_INDENT}    {_key(k)}: {_flow(item)}" for k, item in value.items()]
        else:
            lines.append(f"{_INDENT}  {name}: {_flow(value)}")
    return lines


def _flow(value: object) -> str:
    match value:
        case Mapping():
            return "{" + ", ".join(f"{_key(k)}: {_flow(v)}" for k, v in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case int():
            return str(value)
        case date():
            return value.isoformat()
        case _:
            return _word(str(value))


def _key(value: object) -> str:
    return _word(str(value))


def _word(value: str) -> str:
    plain = _PLAIN.fullmatch(value) and value not in _READ_AS_OTHER
    return value if plain else _text(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
