"""What a model's annotations say about the values that fit them, and which of a union fits best."""

from __future__ import annotations

import datetime
import types
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from typing_extensions import TypeAliasType

from grading.problems import nearest

MAPPING, LIST, TEXT = "a mapping", "a list", "text"
TRUTH, NUMBER, WHOLE = "true or false", "a number", "a whole number"
DATE, NOTHING = "a date such as 2016-03-31", "nothing"

_WORDS: Mapping[Any, str] = {
    bool: TRUTH,
    int: WHOLE,
    float: NUMBER,
    Decimal: NUMBER,
    datetime.date: DATE,
    str: TEXT,
    type(None): NOTHING,
}


def kind_of(value: object) -> str:
    """What kind of value this is, in plain words."""
    match value:
        case Mapping():
            return MAPPING
        case tuple() | list():
            return LIST
        case _:
            return _WORDS.get(type(value), "a value")


def kinds_for(kind: Any) -> frozenset[str]:
    """The kinds of values that may fit this annotation, in plain words."""
    bare = _bare(kind)
    origin = get_origin(bare) or bare
    if origin in (Union, types.UnionType):
        return frozenset[str]().union(*map(kinds_for, get_args(bare)))
    if origin is Literal:
        return frozenset(map(kind_of, get_args(bare)))
    if is_model(bare) or origin in (dict, Mapping):
        return frozenset({MAPPING})
    if origin in (tuple, list):
        return frozenset({LIST})
    return frozenset({_WORDS[bare]}) if bare in _WORDS else frozenset()


def may_hold(kind: Any, value: object) -> bool:
    """Whether a value of this value's kind may fit this annotation."""
    kinds = kinds_for(kind)
    found = kind_of(value)
    return not kinds or found in kinds or (found == WHOLE and NUMBER in kinds)


def is_model(kind: Any) -> bool:
    """Whether the annotation is a model."""
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def members(kind: Any) -> tuple[Any, ...]:
    """The annotations to choose from, where the kind is a union of several."""
    bare = _bare(kind)
    if get_origin(bare) not in (Union, types.UnionType):
        return ()
    real = tuple(member for member in get_args(bare) if member is not type(None))
    if len(real) == 1:
        return members(real[0])
    return tuple(part for member in real for part in (members(member) or (member,)))


def known_keys(kind: Any) -> tuple[str, ...]:
    """The keys that a mapping of this kind may have, as an author writes them."""
    parts = members(kind) or (_bare(kind),)
    keys = (key for part in map(_bare, parts) if is_model(part) for key in _fields(part))
    return tuple(dict.fromkeys(keys))


def step(kind: Any, data: Any, segment: str | int) -> tuple[Any, Any] | None:
    """The kind and the data one step along an error's path, where the data have that step."""
    if isinstance(data, Mapping):
        return (_inside(kind, segment), data[segment]) if segment in data else None
    if isinstance(data, tuple) and isinstance(segment, int) and 0 <= segment < len(data):
        return _inside(kind, segment), data[segment]
    return None


def kind_at(kind: Any, path: tuple[str | int, ...]) -> Any:
    """The annotation of the value at a path inside what this annotation describes."""
    for segment in path:
        kind = _inside(kind, segment)
    return kind


def nearest_members(union: Any, data: Any) -> tuple[Any, ...]:
    """The members of a union that the data were most likely meant for: several where they tie."""
    able = tuple(member for member in members(union) if may_hold(member, data))
    if not isinstance(data, Mapping) or len(able) < 2:
        return able[:1]
    likenesses = [_likeness(_bare(member), data) for member in able]
    best = max(likenesses)
    if best == _NONE_ALIKE:
        return ()
    return tuple(member for member, like in zip(able, likenesses, strict=True) if like == best)


def literal_words(kinds: tuple[Any, ...], key: str) -> tuple[str, ...]:
    """The words that these models allow for a key."""
    allowed = (_bare(_fields(_bare(kind)).get(key)) for kind in kinds if is_model(_bare(kind)))
    literals = (kind for kind in allowed if get_origin(kind) is Literal)
    return tuple(dict.fromkeys(str(word) for kind in literals for word in get_args(kind)))


_NONE_ALIKE = (0, 0, -1_000_000)


def _likeness(kind: Any, data: Mapping[Any, Any]) -> tuple[int, int, int]:
    """How many keys are the member's, how many nearly so, and how few of its own are missing."""
    if not is_model(kind):
        return 0, 0, 0
    fields = _fields(kind)
    exact = sum(1 + _literal(fields[key], data[key]) for key in data if key in fields)
    near = sum(1 for key in data if key not in fields and nearest(str(key), fields))
    required = {key for key, (_, needed) in _needed(kind).items() if needed}
    return (exact, near, -len(required - set(data))) if exact or near else _NONE_ALIKE


def _literal(kind: Any, value: Any) -> int:
    """A word that names its form counts for more than a key that forms have in common."""
    bare = _bare(kind)
    if get_origin(bare) is not Literal:
        return 0
    return int(isinstance(value, str | int) and value in get_args(bare))


def _inside(kind: Any, segment: str | int) -> Any:
    bare = _bare(kind)
    if is_model(bare):
        return _fields(bare).get(str(segment), Any)
    arguments = get_args(bare)
    match get_origin(bare):
        case origin if origin is tuple and isinstance(segment, int) and arguments:
            endless = arguments[-1] is Ellipsis
            return arguments[0 if endless else min(segment, len(arguments) - 1)]
        case origin if origin in (dict, list, Mapping) and arguments:
            return arguments[-1]
    return Any


def _fields(model: Any) -> dict[str, Any]:
    return {key: kind for key, (kind, _) in _needed(model).items()}


def _needed(model: Any) -> dict[str, tuple[Any, bool]]:
    # A model that names a later one is completed at its first use, or else here.
    model.model_rebuild(raise_errors=False)
    return {
        field.alias or name: (field.annotation, field.is_required())
        for name, field in model.model_fields.items()
    }


def _bare(kind: Any) -> Any:
    """The annotation without what pydantic adds, and without "or nothing"."""
    while True:
        if isinstance(kind, TypeAliasType):
            kind = kind.__value__
        elif get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif get_origin(kind) in (Union, types.UnionType):
            real = [part for part in get_args(kind) if part is not type(None)]
            if len(real) != 1:
                return kind
            kind = real[0]
        else:
            return kind
