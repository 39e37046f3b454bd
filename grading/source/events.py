"""A parser's events → plain values, with the place of each and every problem found.

Values are built from events, not from the parser's nodes: nothing recurses and nothing is
expanded, so that a hostile file costs no more than its size.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from grading.problems import Place, Problem, quoted
from grading.source.scalars import Refusal, plain
from grading.source.syntax import opens_block, question_mark, text_beside_block
from grading.source.text import LONGEST_TEXT, hidden_in, why_forbidden

DEEPEST = 32
MOST_VALUES = 200_000

Path = tuple[str | int, ...]
"""The keys and positions that lead from the whole document to one of its values."""


_Node = yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent


def _mark(event: yaml.Event) -> Any:
    return event.start_mark


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read."""

    path: Path
    is_key: bool = False
    is_flow: bool = False
    items: list[Any] | None = None
    entries: dict[str, Any] = field(default_factory=dict)
    key: str | None = None
    refused_keys: int = 0


class _StopReading(Exception):
    """Reading on would cost too much or mean nothing."""


class Tree:
    """Values and places, built from events one after another."""

    def __init__(self, text: str, label: str) -> None:
        self.text = text
        self.label = label
        self.data: Any = None
        self.problems: list[Problem] = []
        self.places: dict[Path, Place] = {}
        self.key_places: dict[Path, Place] = {}
        self._open: list[_Open] = []
        self._values = 0
        self._documents = 0

    def read(self, events: Iterable[yaml.Event]) -> None:
        """All events were read, up to the first that makes the rest meaningless."""
        try:
            for event in events:
                self._take(event)
        except _StopReading:
            pass

    def _take(self, event: yaml.Event) -> None:
        match event:
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._start(event)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._end()
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.DocumentStartEvent():
                self._document(event)

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            message = "a second document begins here"
            self._refuse_and_stop(event, "E111", message, "keep one document in a file")

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        place = self._place(event)
        self._count(place)
        self._no_decoration(event, place)
        value = event.value if event.style else self._resolved(event, place)
        if isinstance(value, str):
            self._check_text(event, value, place)
        if self._awaits_key():
            self._key(value, event.value, place)
        else:
            self._put(value, self._written(event, place))

    def _written(self, event: yaml.ScalarEvent, place: Place) -> Place:
        """The place of a value; of its key where it is empty, on which both parsers agree."""
        if event.value or event.style or not self._open or self._open[-1].key is None:
            return place
        return self.key_places.get(self._path(), place)

    def _resolved(self, event: yaml.ScalarEvent, place: Place) -> Any:
        value = plain(event.value)
        if isinstance(value, Refusal):
            is_word = self._awaits_key() and value.code != "E117"
            hint = "put it in quotes" if is_word else value.hint
            self._refuse(place, value.code, value.message, hint)
            return event.value
        if "?" in event.value and self._open and self._open[-1].is_flow:
            self.problems.append(question_mark(place))
        return value

    def _check_text(self, event: yaml.ScalarEvent, text: str, place: Place) -> None:
        if event.style in ("|", ">") and not opens_block(self.text, _mark(event).index):
            self.problems.append(text_beside_block(place))
        if len(text) > LONGEST_TEXT:
            message = f"a text of more than {LONGEST_TEXT:,} characters"
            self._refuse(place, "E121", message, "shorten or divide it")
        hidden = hidden_in(text)
        if hidden:
            self.problems.append(why_forbidden(hidden, place))

    def _start(self, event: yaml.SequenceStartEvent | yaml.MappingStartEvent) -> None:
        place = self._place(event)
        self._count(place)
        self._no_decoration(event, place)
        if len(self._open) >= DEEPEST:
            message = f"nested more than {DEEPEST} levels deep"
            self._refuse_and_stop(event, "E119", message, "flatten it")
        if self._awaits_key():
            message = "a list or mapping is used as a key"
            self._refuse(place, "E116", message, "use a text as the key")
            path, is_key = (*self._open[-1].path, "?"), True
        else:
            path, is_key = self._path(), False
            self.places[path] = place
        is_list = isinstance(event, yaml.SequenceStartEvent)
        self._open.append(_Open(path, is_key, bool(event.flow_style), [] if is_list else None))

    def _end(self) -> None:
        closed = self._open.pop()
        if closed.is_key:
            self._open[-1].key = "?"
        else:
            self._deliver(closed.entries if closed.items is None else tuple(closed.items))

    def _alias(self, event: yaml.AliasEvent) -> None:
        place = self._place(event)
        self._count(place)
        message = f"an alias {quoted(f'*{event.anchor}')}"
        self._refuse(place, "E113", message, "write the value out where it is used")
        if self._awaits_key():
            self._open[-1].key = event.anchor
        else:
            self._deliver(None)

    def _key(self, key: Any, written: str, place: Place) -> None:
        parent = self._open[-1]
        if not isinstance(key, str):
            said = quoted(written) if written else "empty"
            self._refuse(place, "E116", f"the key {said} is not text", "put it in quotes")
            parent.refused_keys += 1
            key = f"{written} {parent.refused_keys}"
        path = (*parent.path, key)
        if path in self.key_places:
            hint = f"the first is on line {self.key_places[path].line}"
            self._refuse(place, "E115", f"the key {quoted(key)} is written twice", hint)
        else:
            self.key_places[path] = place
        parent.key = key

    def _put(self, value: Any, place: Place) -> None:
        self.places[self._path()] = place
        self._deliver(value)

    def _deliver(self, value: Any) -> None:
        if not self._open:
            self.data = value
            return
        parent = self._open[-1]
        if parent.items is not None:
            parent.items.append(value)
        elif parent.key is not None:
            parent.entries[parent.key] = value
            parent.key = None

    def _awaits_key(self) -> bool:
        return bool(self._open) and self._open[-1].items is None and self._open[-1].key is None

    def _path(self) -> Path:
        if not self._open:
            return ()
        parent = self._open[-1]
        last = parent.key if parent.items is None else len(parent.items)
        return parent.path if last is None else (*parent.path, last)

    def _no_decoration(self, event: _Node, place: Place) -> None:
        if event.anchor is not None:
            said = quoted("&" + event.anchor)
            self._refuse(place, "E112", f"an anchor {said}", "remove it and write values out")
        if event.tag is not None:
            said = quoted(event.tag.replace("tag:yaml.org,2002:", "!!", 1))
            hint = "remove it: values say what they are by how they are written"
            self._refuse(place, "E114", f"a tag {said}", hint)

    def _count(self, place: Place) -> None:
        self._values += 1
        if self._values > MOST_VALUES:
            message = f"more than {MOST_VALUES:,} values in one file"
            self._refuse(place, "E120", message, "divide it into several files")
            raise _StopReading

    def _place(self, event: yaml.Event) -> Place:
        mark = _mark(event)
        return Place(self.label, mark.line + 1, mark.column + 1)

    def _refuse(self, place: Place, code: str, message: str, hint: str) -> None:
        self.problems.append(Problem(place, code, message, hint))

    def _refuse_and_stop(self, event: yaml.Event, code: str, message: str, hint: str) -> None:
        self._refuse(self._place(event), code, message, hint)
        raise _StopReading
