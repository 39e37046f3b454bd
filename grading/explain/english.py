"""The words of the product: lists, numbers, units, grades, outcomes. Every text is made of these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from grading.rules.loaded import Pack

_OUTCOMES = {  # of one criterion, and of several
    "exceeds": ("exceeds the standard", "exceed the standard"),
    "meets": ("meets the standard", "meet the standard"),
    "falls-short": ("falls short of the standard", "fall short of the standard"),
    "conflicted": ("has conflicting evidence", "have conflicting evidence"),
    "unknown": ("is not shown", "are not shown"),
}
_BOTH_SIDES = {  # what is said of two outcomes together
    frozenset({"exceeds", "meets"}): (
        "meets or exceeds the standard",
        "meet or exceed the standard",
    ),
}
_FINDINGS = {
    "strength": ("strength", "strengths"),
    "area-for-improvement": ("area for improvement", "areas for improvement"),
    "cause-of-concern": ("cause of concern", "causes of concern"),
    "suggestion": ("suggestion", "suggestions"),
}
_STATUSES = {
    "unresolved": "still open",
    "resolved": "closed",
    "partly-resolved": "partly closed",
    "not-known": "of unknown status",
}
UNITS = {
    "percent": " per cent",
    "percent-change": " per cent",
    "percentage-points": " percentage points",
    "per-1000-population": " per 1,000 people",
    "per-1000-households": " per 1,000 households",
    "per-10000-population": " per 10,000 people",
    "per-100000-population": " per 100,000 people",
    "per-million-population": " per million people",
    "gbp": " pounds",
    "ratio": " times",
    "score": "",
    "count": "",
    "rank-band": "",
}


def listed(words: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    *head, tail = list(words) or [""]
    return f"{', '.join(head)} {last} {tail}" if head else tail


def clauses(said: Iterable[str], last: str = "and") -> str:
    """Clauses one after another, set apart by semicolons where commas stand inside them."""
    found = list(said)
    if any("," in clause or ";" in clause or f" {last} " in clause for clause in found):
        *head, tail = found or [""]
        return f"{'; '.join(head)}; {last} {tail}" if head else tail
    return listed(found, last)


def counted(number: int, one: str, many: str) -> str:
    """`no areas`, `1 area`, `2 areas`."""
    return f"{number if number else 'no'} {one if number == 1 else many}"


def figure(value: Decimal | str, unit: str) -> str:
    """A value with its unit."""
    if isinstance(value, str):
        return value.replace("-", " ")
    words = UNITS.get(unit, f" {unit}")
    return f"{value}{words.replace('points', 'point')}" if abs(value) == 1 else f"{value}{words}"


def grade_label(pack: Pack, grade: str) -> str:
    """The grade's label in lower case, or the word for having none."""
    grades = pack.manifest.scale.grades
    return grades[grade].label.lower() if grade in grades else grade


def grades_span(pack: Pack, grades: Sequence[str]) -> str:
    """The one grade, or the worst and the best of some; they are given best first."""
    best, worst = (grade_label(pack, grade) for grade in (grades[0], grades[-1]))
    return best if len(grades) == 1 else f"{worst} to {best}"


def value_words(value: str) -> str:
    """A value that is not a grade, in words."""
    return value.replace("-", " ")


def outcome_words(outcomes: Iterable[str], number: int = 1) -> str:
    """What one criterion, or several, do that have one of these outcomes."""
    wanted = list(outcomes)
    few_or_many = 0 if number == 1 else 1
    together = frozenset({"exceeds", "meets"})
    if together <= set(wanted):
        rest = [o for o in wanted if o not in together]
        first = _BOTH_SIDES[together][few_or_many]
        return listed([first, *(_OUTCOMES[o][few_or_many] for o in rest)], "or")
    return listed((_OUTCOMES[o][few_or_many] for o in wanted), "or")


def outcome_phrase(possible: frozenset[str]) -> str:
    """The outcome of a criterion in words; what it may be, where that is open."""
    if len(possible) == 1:
        return _OUTCOMES[next(iter(possible))][0]
    if "unknown" in possible:
        return "is not shown either way"
    return "is open: it " + listed((_OUTCOMES[o][0] for o in sorted(possible)), "or")


def finding_words(kind: str, number: int = 1) -> str:
    """The kind of a finding, of one or of several."""
    return _FINDINGS[kind][0 if number == 1 else 1]


def status_words(statuses: Iterable[str]) -> str:
    """What has become of an earlier finding."""
    return listed((_STATUSES[status] for status in statuses), "or")


def name_of(slug: str) -> str:
    """A slug as the name it was made from: `england-and-wales` is England and Wales."""
    small = {"and", "of", "the", "in"}
    return " ".join(w if w in small else capital(w) for w in slug.split("-"))


def capital(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def lower(text: str) -> str:
    """The text with a small letter at its start, unless an abbreviation stands there."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def quoted(text: str) -> str:
    """The text as a name: what a criterion says, in quotation marks."""
    return f"“{text}”"


def cited(records: Iterable[str]) -> str:
    """Records by their ids in one pair of brackets: `[a, b]`; nothing where there are none."""
    found = ", ".join(records)
    return f"[{found}]" if found else ""
