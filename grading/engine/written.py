"""Facts and patterns as the JSON that the engine's parser reads as these values and no others."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from decimal import Decimal

from grading.engine.shapes import EngineFault, Operator, Test, Value, type_of

_quoted = json.JSONEncoder(ensure_ascii=False).encode
_WORDS: Mapping[Operator, str] = {
    "==": "",
    "!=": "$neq",
    "<": "$lt",
    "<=": "$lte",
    ">": "$gt",
    ">=": "$gte",
}
_BUCKETS = 199


class Written(str):
    """Text that is JSON already."""

    __slots__ = ()


def route(kind: str, key: str) -> tuple[Test, Test]:
    """Two conditions that lead to the facts of a kind and key; the bucket keeps nodes small."""
    name = f"{kind}/{key}"
    return (
        Test("_bucket", "==", zlib.crc32(name.encode()) % _BUCKETS),
        Test("_route", "==", name),
    )


def property_of(test: Test) -> str:
    return f"{test.field}:{type_of(test.value)}"


def conjunction(terms: Sequence[Test]) -> Written:
    parts = []
    for term in terms:
        plain = json_object({property_of(term): term.value})
        word = _WORDS[term.operator]
        parts.append(json_object({word: plain}) if word else plain)
    return json_object({"$and": json_array(parts)})


def json_object(members: Mapping[str, Value | Written]) -> Written:
    return Written("{" + ",".join(f"{_literal(k)}:{_literal(v)}" for k, v in members.items()) + "}")


def json_array(members: Sequence[Written]) -> Written:
    return Written("[" + ",".join(members) + "]")


def _literal(value: Value | Written) -> str:
    """JSON that the engine's parser reads as this value and no other."""
    if isinstance(value, Written):
        return value
    if isinstance(value, str):
        if len(value) > 1000 or "\0" in value:
            raise EngineFault("text too long for matching")
        return _quoted(value)
    if isinstance(value, Decimal):
        digits = value.normalize().as_tuple()
        if (
            not isinstance(digits.exponent, int)
            or len(digits.digits) > 15
            or abs(digits.exponent) > 15
            or value.adjusted() > 15
        ):
            raise EngineFault(f"number {value} has more digits than the engine keeps")
        return format(value, "f")
    if abs(value) >= 2**53:
        raise EngineFault(f"number {value} is larger than the engine keeps")
    return str(value)


def fnv(name: str) -> int:
    """The engine's hash of a name: 32-bit FNV-1a over signed bytes."""
    total = 2166136261
    for byte in name.encode():
        total = ((total ^ (byte if byte < 128 else byte | 0xFFFFFF00)) * 16777619) & 0xFFFFFFFF
    return total
