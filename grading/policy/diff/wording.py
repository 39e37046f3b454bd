"""Every change of what is written in a pack: of its rules, of what evidence comes to, of its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from grading.rules.loaded import Pack
from grading.source import Model

Kind = Literal["rules", "evidence", "wording", "metadata"]
_WORDS = frozenset(
    ("title", "says", "because", "improve", "recommend", "say", "means", "examples", "label")
) | {"symbol", "topics", "not-grades", "caveats", "ungraded"}
_METADATA = frozenset(
    ("version", "history", "in-force", "source", "cite", "basis", "id", "comparable-with")
) | {"thin", "leads-to", "framework"}
_EVIDENCE = frozenset(("series", "indicators", "populations", "bands", "roles", "needed", "coding"))


@dataclass(frozen=True)
class Change:
    """One thing that is written otherwise; what was not there, or is not any more, is None."""

    kind: Kind
    where: tuple[str, ...]
    before: str | None
    after: str | None

    @property
    def path(self) -> str:
        """Where it is written: the keys from the file down."""
        return " / ".join(self.where)


def changes(before: Pack, after: Pack) -> tuple[Change, ...]:
    """Every change, in the order of the files and their keys."""
    was, now = dict(_written(before)), dict(_written(after))
    return tuple(
        Change(_kind(where), where, was.get(where), now.get(where))
        for where in dict.fromkeys([*was, *now])
        if was.get(where) != now.get(where)
    )


def _written(pack: Pack) -> Iterator[tuple[tuple[str, ...], str]]:
    yield from _leaves(("pack.yaml",), pack.manifest)
    for name, question in pack.questions.items():
        yield from _leaves((f"{name}.yaml",), question)
    for kind, models in (
        ("indicators", pack.indicators),
        ("series", pack.series),
        ("bands", pack.bands),
        ("populations", pack.populations),
        ("caveats", pack.caveats),
        ("checks", pack.checks),
    ):
        for name, model in models.items():
            yield from _leaves((kind, name), model)


def _leaves(where: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each value that is written below, by the keys that lead to it."""
    match value:
        case Model():
            yield from _leaves(where, value.model_dump(by_alias=True, exclude_none=True))
        case Mapping():
            for key, part in value.items():
                yield from _leaves((*where, str(key)), part)
        case tuple() | list() if any(isinstance(part, Mapping) for part in value):
            for number, part in enumerate(value):
                yield from _leaves((*where, str(number + 1)), part)
        case tuple() | list():
            yield where, ", ".join(map(str, value))
        case _:
            yield where, str(value).lower() if isinstance(value, bool) else str(value)


def _kind(where: tuple[str, ...]) -> Kind:
    keys = frozenset(where[1:])
    if keys & _METADATA or where[0] == "checks":
        return "metadata"
    if keys & _WORDS:
        # a topic is a word, and its name is a rule: what is gone or new is told by the states
        return "wording"
    return "evidence" if where[0] in _EVIDENCE or keys & _EVIDENCE else "rules"
