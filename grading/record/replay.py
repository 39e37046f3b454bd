"""A run made again from its record, and the first thing in which it differs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grading.engine.compile import Program
from grading.judge.judgments import Grading
from grading.problems import BadInput, Place, Problem
from grading.record.document import document
from grading.record.integrity import IntegrityBroken
from grading.record.run_record import RunRecord, inputs_of, software

_LONGEST_SHOWN = 60
_ABSENT = object()


@dataclass(frozen=True)
class Difference:
    """Where two documents differ, as a JSON pointer, and what each has there."""

    pointer: str
    recorded: str
    now: str

    def __str__(self) -> str:
        return f"at {self.pointer or '/'} the record has {self.recorded}, the run {self.now}"


def replay(record: RunRecord, label: str, program: Program | None = None) -> Grading:
    """The run, made again; it comes to what the record says. Raises IntegrityBroken if not.

    A `program` is one that a record with the same files of a pack was graded by.
    """
    grading = _graded(record, label, program)
    found = first_difference(record.document, document(grading).model_dump(mode="json"))
    if found is not None:
        raise IntegrityBroken([_differs(record, label, str(found))])
    return grading


def _graded(record: RunRecord, label: str, program: Program | None) -> Grading:
    inputs = inputs_of(record)
    try:
        grading = inputs.grade(program)
    except BadInput as error:
        said = f"what it was made from cannot be graded: {error.problems[0]}"
        raise IntegrityBroken([_differs(record, label, said)]) from None
    named, found = inputs.pack.label, f"rules/{grading.evidence.inspection.pack}"
    if named != found:
        said = f"the evidence names the pack {found}, the record has {named}"
        raise IntegrityBroken([_differs(record, label, said)])
    return grading


def first_difference(recorded: Any, now: Any) -> Difference | None:
    """The first place in which two JSON values differ, in the order in which they are written."""
    return next(_differences(recorded, now, ""), None)


def _differences(recorded: Any, now: Any, pointer: str) -> Iterator[Difference]:
    match recorded, now:
        case dict(), dict():
            for key in sorted({*recorded, *now}):
                inner = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
                yield from _differences(recorded.get(key, _ABSENT), now.get(key, _ABSENT), inner)
        case list(), list():
            for i in range(max(len(recorded), len(now))):
                before, after = (v[i] if i < len(v) else _ABSENT for v in (recorded, now))
                yield from _differences(before, after, f"{pointer}/{i}")
        case _:
            if type(recorded) is not type(now) or recorded != now:
                yield Difference(pointer, _shown(recorded), _shown(now))


def _shown(value: object) -> str:
    if value is _ABSENT:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _differs(record: RunRecord, label: str, said: str) -> Problem:
    made, running = record.software, software()
    hint = (
        "the record or the program was changed"
        if made == running
        else f"it was made by {made.inspection_grading} on durable-rules {made.durable_rules}, this"
        f" is {running.inspection_grading} on {running.durable_rules}: replay it with those"
    )
    return Problem(Place(label, 1), "A104", f"the run does not come out as recorded: {said}", hint)
