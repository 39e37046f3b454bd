"""The narrative of a run as Markdown, for a word processor: grades, findings, figures; no audit trail."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grading.explain.robustness_lines import WORDS
from grading.report.dates import day_words, period_words
from grading.report.decided import decisions
from grading.report.method import method
from grading.report.numbers import numbers
from grading.report.places import among
from grading.report.reader import reader
from grading.report.subject import Subject
from grading.report.visible import visible

_MEANT = re.compile(r"([\\`*_{}\[\]<>#|~&!$^])")
_NUMBERED = re.compile(r"^(\d+)([.)])(?=\s|$)")
_STARTS = re.compile(r"^([-+=:])(?=[-=\s]|$)")


def markdown(subject: Subject) -> str:
    """The narrative report. The same run gives the same text."""
    inspection, manifest = subject.grading.evidence.inspection, subject.grading.pack.manifest
    figures = numbers(subject)
    values: dict[str, Any] = {
        "title": manifest.title,
        "inspection": inspection,
        "as_of": day_words(inspection.as_of),
        "fieldwork": period_words(at.from_, at.to) if (at := inspection.fieldwork) else "",
        "firm_words": WORDS,
        "places": among(subject),
        "method": method(subject),
        "reader": reader(subject),
        "decisions": decisions(subject),
        "tables": [
            *((f"{whole.title}: its parts", whole.rows) for whole in figures.wholes),
            *((group.unit, group.rows) for group in figures.groups),
        ],
        "run": subject.id,
        "pack": manifest,
    }
    return rendered("report.md.j2", values)


def rendered(template: str, values: dict[str, Any]) -> str:
    """A template of Markdown with these values, each of them as text whatever it holds."""
    environment = Environment(
        loader=PackageLoader("grading.report"),
        autoescape=True,  # what a macro makes is kept apart from values; `_text` makes these text
        undefined=StrictUndefined,
        finalize=_text,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template).render(values)


def _text(value: Any) -> Any:
    """What a template puts out: a value as text, and what a macro made of such as it is."""
    return (
        value if isinstance(value, Markup) or not isinstance(value, str) else Markup(plain(value))
    )


def plain(value: Any) -> Any:
    """A text as Markdown that shows it as it is, on one line."""
    if not isinstance(value, str):
        return value
    line = " ".join(visible(value).split())
    escaped = _MEANT.sub(r"\\\1", line)
    return _STARTS.sub(r"\\\1", _NUMBERED.sub(r"\1\\\2", escaped))
