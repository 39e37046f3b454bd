"""The words that a rule pack allows in the columns of a workbook."""

from __future__ import annotations

from collections.abc import Mapping

from grading.evidence.sheets.columns import SHEETS, Column, Sheet
from grading.problems import CODES
from grading.rules.facts import UNDETERMINED
from grading.rules.loaded import OVERALL, Pack

CHECKS = tuple(code for code in CODES if "C101" <= code < "C190")
"""The checks that need nothing of a pack; C190 is of answers themselves."""


def lists_of(pack: Pack) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """The words to choose from, by sheet and column, for each column that has such words."""
    lists = {
        (sheet.name, column.name): _words(sheet, column, pack)
        for sheet in SHEETS.values()
        for column in sheet.columns
    }
    return {key: words for key, words in lists.items() if words}


def _words(sheet: Sheet, column: Column, pack: Pack) -> tuple[str, ...]:
    coding, manifest = pack.manifest.coding, pack.manifest
    match sheet.name, column.name:
        case _, ("extent" | "maturity" | "effect" | "severity") as scale:
            return tuple(getattr(coding, scale)) if coding is not None else ()
        case _, "topic":
            return tuple(pack.topics)
        case "file-review", "criterion":
            return tuple(topic for topic, criterion in pack.topics.items() if criterion)
        case "metrics", "series":
            return tuple(pack.series)
        case "answers", "check":
            return (*pack.checks, *CHECKS)
        case "metrics", "caveats":
            return tuple(pack.caveats)
        case "moderation", "question":
            return (*pack.graded, *((OVERALL,) if manifest.overall is not None else ()))
        case "moderation", "from":
            return (*pack.grades, UNDETERMINED)
        case "moderation", "to":
            return pack.grades
        case "previous", "question":
            return (*pack.questions, OVERALL)
        case "previous", "grade":
            return pack.grades
        case "carried-forward", "question":
            return pack.graded
        case "not-graded", "question":
            return (*pack.graded, *((OVERALL,) if manifest.overall is not None else ()))
        case "not-graded", "value":
            return tuple(manifest.scale.not_grades)
        case "inspection", "plan-searched":
            return (*column.words, *pack.topics)
        case "inspection", "framework":
            return (manifest.framework,)
        case "inspection", "pack":
            return (manifest.id,)
        case _:
            return column.words if column.kind != "list" else ()
