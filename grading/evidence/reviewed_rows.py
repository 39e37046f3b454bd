"""What is wrong with the rows of a file review together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grading.evidence.evidence import Placed
from grading.evidence.reviewed import ReviewedFile
from grading.problems import Problem, known_instead, quoted
from grading.rules.loaded import Pack

_OF_THE_FILE = ("case-type", "sampled-from", "sampling")


def reviewed_problems(rows: Iterable[Placed[ReviewedFile]], pack: Pack) -> Iterator[Problem]:
    """Topics that the pack does not have, answers given twice, and files described in two ways."""
    answered: dict[tuple[str, str], Placed[ReviewedFile]] = {}
    described: dict[str, Placed[ReviewedFile]] = {}
    for placed in rows:
        row = placed.record
        if row.criterion not in pack.topics:
            hint = known_instead(row.criterion, pack.topics)
            place = placed.at("criterion")
            yield Problem(place, "E403", f"unknown topic {quoted(row.criterion)}", hint)
        first = answered.setdefault((row.file, row.criterion), placed)
        if first is not placed:
            message = f"file `{row.file}` is answered twice on `{row.criterion}`"
            hint = f"the first is at {first.at('criterion')}; a second reviewer has a column"
            yield Problem(placed.at("criterion"), "E441", message, hint)
        first = described.setdefault(row.file, placed)
        for column in _OF_THE_FILE:
            name = column.replace("-", "_")
            here, there = getattr(row, name), getattr(first.record, name)
            if here != there:
                both = f"{quoted(here)} here and {quoted(there)} elsewhere"
                message = f"file `{row.file}` has `{column}` {both}"
                hint = f"the other is at {first.at(column)}"
                yield Problem(placed.at(column), "E442", message, hint)
