"""When a number of a document is a recorded figure: size, sign, unit, and where it stands."""

from __future__ import annotations

import re

from grading.evidence.layout import Found
from grading.evidence.numbers import CURRENCIES, HALF, TIMES
from grading.evidence.recorded import Recorded

_LOOKED_AMONG = ("", "period", "year")
_CHANGES = ("percent-change", "percentage-points")
_DOWN = re.compile(
    r"(?i)(?:decreas|declin|fell|fall|fewer|drop|reduc|down|lower|less|shrank|shrunk|minus)"
)
_UP = re.compile(r"(?i)(?:increas|rise|rose|risen|grew|grow|more|higher|up|gain|plus)")
_WORDS_BEFORE, _WORDS_AFTER = 4, 3


def is_figure(figure: Recorded, number: Found, text: str) -> bool:
    """The number of the document is the figure that was recorded."""
    written = number.written
    if number.why_no_figure not in _LOOKED_AMONG or not _fits(figure, number):
        return False
    if written.value == HALF and written.in_words and figure.unit == "percent":
        return figure.value == 50
    if figure.in_statement or figure.beside:
        return abs(written.value) == abs(figure.value)
    if written.signed or written.value < 0:
        return written.value == figure.value
    if written.value != abs(figure.value):
        return False
    if figure.value < 0:
        return direction(text, number) < 0
    return figure.unit not in _CHANGES or direction(text, number) >= 0


def _fits(figure: Recorded, number: Found) -> bool:
    """The units can be one: what the document says beside its number is not something else."""
    said, unit = number.written.unit, figure.unit
    if unit is None:
        return True
    if said == "percent":
        return unit in ("percent", "percent-change")
    if said == "percentage-points":
        return unit == "percentage-points"
    if said in CURRENCIES.values():
        return unit == said
    if said in TIMES:
        return unit == said or (unit == "count" and number.why_no_figure == "")
    needs_word = unit in ("percent", "percent-change", "percentage-points", *TIMES)
    is_half = number.written.in_words and number.written.value == HALF
    return number.bare or is_half or not (needs_word or unit in CURRENCIES.values())


def direction(text: str, number: Found) -> int:
    """-1 where the nearest word about a change says down, 1 where it says up, otherwise 0."""
    clause_before = re.split(r"[.,;:](?=\s)|\n\s*\n", text[: number.written.start][-200:])[-1]
    clause_after = re.split(r"[.,;:](?=\s)|\n\s*\n", text[number.written.end :][:200])[0]
    before = re.findall(r"[\w-]+", clause_before)[::-1][:_WORDS_BEFORE]
    after = re.findall(r"[\w-]+", clause_after)[:_WORDS_AFTER]
    for distance in range(max(_WORDS_BEFORE, _WORDS_AFTER)):
        for words in (after, before):
            if distance < len(words):
                if _DOWN.match(words[distance]):
                    return -1
                if _UP.match(words[distance]):
                    return 1
    return 0
