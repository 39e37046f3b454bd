"""The forms in which a run is exported, and whether an export is what the record of its run says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import zip_longest
from typing import Any

from grading.evidence.sheets.container import packed
from grading.problems import Place, Problem
from grading.record.exports.csv_tables import csv_tables
from grading.record.exports.exported import Exported
from grading.record.exports.jsonl import jsonl
from grading.record.exports.oscal import oscal
from grading.record.exports.prov import prov
from grading.record.exports.redaction import (
    Hidden,
    commitment,
    opened,
    redacted,
    unpacked,
)
from grading.record.exports.tables import tables_of
from grading.record.exports.xlsx import xlsx
from grading.record.integrity import IntegrityBroken


def _csv(exported: Exported) -> bytes:
    return packed(csv_tables(tables_of(exported)))


def _xlsx(exported: Exported) -> bytes:
    return xlsx(tables_of(exported))


FORMS: Mapping[str, Callable[[Exported], bytes]] = {
    "csv": _csv,
    "jsonl": jsonl,
    "oscal": oscal,
    "prov": prov,
    "xlsx": _xlsx,
}
"""What makes the content of a file in each form. CSV tables are in one archive."""


def check(
    form: str,
    run: Exported,
    document: dict[str, Any],
    content: bytes,
    key: bytes | None,
    label: str,
) -> int:
    """The content is the export of this run; how many strings are redacted in it.

    The key is that by which it was redacted. Raises IntegrityBroken where any byte differs.
    """
    hidden = Hidden()
    shown = run
    if is_redacted(content, run):
        if key is None or not _holds(content, commitment(key, run.run)):
            message = "this is redacted by another key, or is of another run"
            hint = "name the key with --redaction-key"
            raise IntegrityBroken([Problem(Place(label, 1), "A106", message, hint)])
        hidden = opened(run, document, key, content)
        shown = redacted(run, document, hidden, key)
    made = FORMS[form](shown)
    if made != content:
        message = f"the export is not what the record of the run says, from {_where(made, content)}"
        hint = "the export was changed, or made by another version of the program"
        raise IntegrityBroken([Problem(Place(label, 1), "A105", message, hint)])
    return len(hidden.strings)


def is_redacted(content: bytes, run: Exported) -> bool:
    """Whether the content, where it is an export of the run, is a redacted one: those hide its id."""
    return not _holds(content, run.run)


def _holds(content: bytes, text: str) -> bool:
    return any(text in part for _, part in unpacked(content))


def _where(made: bytes, content: bytes) -> str:
    """The first line in which an export differs, of the first part of an archive that does."""
    for (name, ours), (other, theirs) in zip_longest(
        unpacked(made), unpacked(content), fillvalue=("", "")
    ):
        if name != other:
            return f"{other or name or 'its beginning'} on"
        lines = zip_longest(ours.split("\n"), theirs.split("\n"))
        for number, (our, their) in enumerate(lines, 1):
            if our != their:
                return f"line {number}{f' of {name}' if name else ''} on"
    return "its archive on"
