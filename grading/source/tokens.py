"""The signs and texts of a YAML file one after another, each with where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import yaml

from grading.source.tree import PARSER


class Token(NamedTuple):
    """A sign or text, from an offset to another; of no width where a parser only infers it.

    `map`, `list` and `end` bound what indentation holds together, `[` and `]` stand for brackets of
    either kind, `|` is a text of a block, and `text` any other.
    """

    kind: str
    start: int
    end: int
    line: int
    column: int


_KINDS: Mapping[type[yaml.Token], str] = {
    yaml.BlockMappingStartToken: "map",
    yaml.BlockSequenceStartToken: "list",
    yaml.BlockEndToken: "end",
    yaml.BlockEntryToken: "-",
    yaml.KeyToken: "?",
    yaml.ValueToken: ":",
    yaml.FlowEntryToken: ",",
    yaml.FlowMappingStartToken: "[",
    yaml.FlowSequenceStartToken: "[",
    yaml.FlowMappingEndToken: "]",
    yaml.FlowSequenceEndToken: "]",
    yaml.DocumentStartToken: "---",
    yaml.DocumentEndToken: "...",
}


def tokens(text: str, parser: Any = PARSER) -> list[Token]:
    """The tokens of a text that `parse_yaml` reads, in their order."""
    found = []
    for token in yaml.scan(text, Loader=parser):
        kind = _kind(token)
        if kind:
            start = token.start_mark
            found.append(Token(kind, start.index, token.end_mark.index, start.line, start.column))
    return found


def _kind(token: yaml.Token) -> str:
    if isinstance(token, yaml.ScalarToken):
        return "|" if token.style in ("|", ">") else "text"
    return _KINDS.get(type(token), "")
