"""Plain values → models: every way in which they do not fit, at its place, in plain words.

How to declare a model so that it reads what people write:
- lists are `tuple[X, ...]`, and mappings with free keys are `dict[str, X]`;
- numbers are `Number` (exact, and `3` is one too) or `int`; dates are `datetime.date`;
- words are `Literal[...]`; keys are kebab-case: `Field(alias="at-least")`;
- forms to choose from are a union: the problems told are those of the one that fits best;
- a rule is a validator that raises `ValueError(message)` or `ValueError(message, hint)`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from grading.problems import Problem
from grading.source.events import Path
from grading.source.kinds import known_keys, literal_words, members, nearest_members, step
from grading.source.misfits import Misfit, told
from grading.source.tree import Places


class Model(BaseModel):
    """A frozen value that refuses what it does not know and coerces nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


M = TypeVar("M", bound=BaseModel)


def _exact(value: Any) -> Any:
    return Decimal(value) if type(value) is int else value


Number = Annotated[Decimal, BeforeValidator(_exact)]
"""An exact number: written with or without a decimal point."""


def fit(
    model: type[M], data: Any, places: Places, path: Path = ()
) -> tuple[M | None, list[Problem]]:
    """The model that the values at this path of a file are, or every problem with them."""
    values = _tuples(data)
    try:
        return model.model_validate(values, by_alias=True, by_name=False), []
    except ValidationError as error:
        misfits = _misfits(model, values, path, error)
    return None, sorted(set(told(misfits, places)))


def fitter(model: type[M]) -> Callable[[dict[str, Any]], M | None]:
    """A function that makes the model of values that all have the same keys, or none.

    pydantic keeps with each model a set of the keys that were given, which takes more memory than a
    row's values. These models share one, so they are to be made of rows of one table alone.
    """
    given: set[str] | None = None

    def fitted(values: dict[str, Any]) -> M | None:
        nonlocal given
        try:
            made = model.model_validate(values, by_alias=True, by_name=False)
        except ValidationError:
            return None
        given = made.model_fields_set if given is None else given
        object.__setattr__(made, "__pydantic_fields_set__", given)
        return made

    return fitted


def _tuples(data: Any) -> Any:
    match data:
        case list() | tuple():
            return tuple(_tuples(item) for item in data)
        case dict():
            return {key: _tuples(value) for key, value in data.items()}
        case _:
            return data


def _misfits(kind: Any, data: Any, path: Path, error: ValidationError) -> list[Misfit]:
    """One misfit for each error; for the errors of a union, those of the member that fits best."""
    found: dict[tuple[Path, str], list[Misfit]] = {}
    for detail in error.errors(include_url=False):
        union, value, loc, rest = _walk(kind, data, tuple(detail["loc"]))
        here = (*path, *loc)
        if not members(union) or detail["type"].startswith("union_tag_invalid"):
            keys = known_keys(_walk(kind, data, tuple(detail["loc"])[:-1])[0])
            found.setdefault((here, str(len(found))), []).append(
                Misfit(here + _beyond(detail, rest), detail["type"], detail, keys)
            )
        elif (here, "union") not in found:
            found[here, "union"] = _of_union(union, value, here)
    return [misfit for group in found.values() for misfit in group]


def _walk(kind: Any, data: Any, loc: Path) -> tuple[Any, Any, Path, Path]:
    """As far along an error's path as the data go: kind and data there, path to there, the rest."""
    for count, segment in enumerate(loc):
        if members(kind):
            return kind, data, loc[:count], loc[count:]
        following = step(kind, data, segment)
        if following is None:
            return kind, data, loc[:count], loc[count:]
        kind, data = following
    return kind, data, loc, ()


def _beyond(detail: ErrorDetails, rest: Path) -> Path:
    """The key or entry that an error is about, where its own path does not say it."""
    if detail["type"] == "union_tag_invalid":
        return (str(detail["ctx"]["discriminator"]).strip("'"),)
    return rest[-1:] if detail["type"] == "missing" else ()


def _of_union(union: Any, data: Any, path: Path) -> list[Misfit]:
    unplaced = [Misfit(path, "no_member", {"input": data, "union": union}, known_keys(union))]
    chosen, *others = nearest_members(union, data) or (None,)
    if chosen is None:
        return unplaced
    try:
        TypeAdapter(chosen).validate_python(data, strict=True, by_alias=True, by_name=False)
    except ValidationError as error:
        found = _misfits(chosen, data, path, error)
        return _undecided(union, (chosen, *others), found, path, data)
    # The union refuses what its member alone would take: its validators or its tag do.
    return unplaced


def _undecided(
    union: Any, tied: tuple[Any, ...], found: list[Misfit], path: Path, data: Any
) -> list[Misfit]:
    """What is wrong where the form is open: not what the first that fits lacks."""
    for misfit in found:
        if misfit.type == "literal_error" and misfit.path[:-1] == path:
            words = literal_words(members(union), str(misfit.path[-1]))
            expected = ", ".join(f"'{word}'" for word in words)
            detail = {"input": misfit.detail["input"], "ctx": {"expected": expected}}
            return [Misfit(misfit.path, misfit.type, detail, ())]
    if len(tied) > 1 and any(
        misfit.type == "missing" and misfit.path[:-1] == path for misfit in found
    ):
        keys = tuple(dict.fromkeys(key for member in tied for key in known_keys(member)))
        return [Misfit(path, "no_member", {"input": data, "union": union}, keys)]
    return found
