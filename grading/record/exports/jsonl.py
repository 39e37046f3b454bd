"""A run as JSON Lines: a line for each thing that its document holds, with everything it says.

Each line has `part`, the name of a part of the document. Where the part is a mapping, a line has the
`id` and the `value` of one member; where it is a list, the `value` of one member, in its order;
anything else is one line. `document_of` puts the document together again, so nothing is lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from grading.record.exports.exported import Exported

_WHOLE = ("inspection", "pack", "engine", "single_source", "robustness")


def jsonl(exported: Exported) -> bytes:
    """The lines, of which the first says which run it is and which software made it."""
    lines = "".join(
        json.dumps(line, ensure_ascii=False, sort_keys=True, allow_nan=False) + "\n"
        for line in _lines(exported)
    )
    return lines.encode("utf-8")


def document_of(lines: Iterable[str]) -> dict[str, Any]:
    """The document that the lines were made from."""
    document: dict[str, Any] = {}
    for line in map(json.loads, lines):
        if line["part"] == "run":
            document |= {name: [] for name in line["lists"]} | {m: {} for m in line["mappings"]}
        elif "id" in line:
            document[line["part"]][line["id"]] = line["value"]
        elif isinstance(document.get(line["part"]), list):
            document[line["part"]].append(line["value"])
        else:
            document[line["part"]] = line["value"]
    return document


def _lines(exported: Exported) -> Iterator[dict[str, Any]]:
    document = exported.document.model_dump(mode="json")
    mappings = [n for n, v in document.items() if isinstance(v, dict) and n not in _WHOLE]
    lists = [n for n, v in document.items() if isinstance(v, list)]
    yield {
        "part": "run",
        "run": exported.run,
        "software": exported.software.model_dump(mode="json"),
        "files": dict(exported.files),
        "lists": lists,
        "mappings": mappings,
    }
    for name, value in document.items():
        if name in mappings:
            yield from ({"part": name, "id": key, "value": v} for key, v in value.items())
        elif name in lists:
            yield from ({"part": name, "value": member} for member in value)
        else:
            yield {"part": name, "value": value}
