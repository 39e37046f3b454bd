"""XML → start and end of elements, by their names without namespaces; no document type, no entities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.parsers import expat

Attributes = Mapping[str, str]


class BadXml(Exception):
    """The XML is damaged, or says more than a workbook needs to."""


def scan(
    part: bytes,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    text: Callable[[str], None] | None = None,
) -> None:
    """Every element was told in order. Raises BadXml where the part is not plain XML."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def started(name: str, attributes: dict[str, str]) -> None:
        start(_local(name), {_local(key): value for key, value in attributes.items()})

    def refuse(*_: object) -> None:
        raise BadXml("a document type")

    parser.StartElementHandler = started
    parser.EndElementHandler = lambda name: end(_local(name))
    parser.StartDoctypeDeclHandler = refuse
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise BadXml(str(error)) from error


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
