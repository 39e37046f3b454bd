"""One run as one HTML file, which needs no network and no script to be read."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from grading.explain.robustness_lines import WORDS
from grading.problems import CODES
from grading.report.audit import audit
from grading.report.comparing import compared
from grading.report.dates import day_words, period_words
from grading.report.decided import decisions
from grading.report.grades import OPEN, PROFILE, grade_shown, outcome_shown
from grading.report.judged_criteria import KINDS, judged_criteria
from grading.report.method import Checked, Method, method
from grading.report.numbers import numbers
from grading.report.places import among
from grading.report.reader import reader
from grading.report.register import register
from grading.report.rule_book import own_thresholds, rule_book
from grading.report.subject import Subject
from grading.report.visible import visible


def html(subject: Subject) -> str:
    """The whole report. The same run gives the same text."""
    grading = subject.grading
    inspection, manifest = grading.evidence.inspection, grading.pack.manifest
    first, last, book = reader(subject), method(subject), rule_book(subject)
    values: dict[str, Any] = {
        "title": manifest.title,
        "body": inspection.body_name,
        "synthetic": inspection.synthetic is True,
        "as_of": day_words(inspection.as_of),
        "published": day_words(inspection.published) if inspection.published else "",
        "fieldwork": period_words(at.from_, at.to) if (at := inspection.fieldwork) else "",
        "inspection_source": inspection.source,
        "team": inspection.team,
        "pack": manifest,
        "outcomes": [outcome_shown(frozenset({outcome})) for outcome in PROFILE] + [OPEN],
        "scale": [grade_shown(grading.pack, grade) for grade in grading.pack.grades],
        "records": len(grading.evidence.every()),
        "rule_count": len(grading.pack.rules),
        "firings": len(grading.fired.firings),
        "software": subject.record.software,
        "firm_words": WORDS,
        "reader": first,
        "numbers": numbers(subject),
        "places": among(subject),
        "reasons": audit(subject),
        "decisions": decisions(subject),
        "criteria": judged_criteria(subject),
        "kinds": KINDS,
        "register": register(subject),
        "method": last,
        "shown_id": last.shown,
        "checks": _by_code(last),
        "rules": book,
        "own_rules": own_thresholds(book),
    }
    return rendered("report.html.j2", values)


def rendered(template: str, values: dict[str, Any]) -> str:
    """A template with these values, each of them as text whatever it holds."""
    environment = _environment()
    own = {name: _own(environment, f"{name}.{kind}") for name, kind in _OWN}
    hashes = {f"{name}_hash": _hash(text) for name, text in own.items()}
    return environment.get_template(template).render({**values, **own, **hashes})


_OWN = (("style", "css"), ("script", "js"), ("coverage", "css"))


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("grading.report"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        finalize=_seen,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _seen(value: Any) -> Any:
    """What a template puts out, with nothing in it that cannot be seen."""
    if isinstance(value, Markup):
        return value
    return visible(value) if isinstance(value, str) else value


def _own(environment: Environment, name: str) -> Markup:
    """A file of this room, which goes into the page as it is."""
    return Markup(environment.get_template(name).render())


def _hash(text: str) -> Markup:
    """The source expression by which a policy of content allows exactly this text."""
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return Markup(f"sha256-{digest}")


def _by_code(last: Method) -> list[tuple[str, list[Checked]]]:
    """What checks found, by code and severity, the gravest first; with what each code means."""
    found: dict[tuple[str, str], list[Checked]] = {}
    for checked in last.checked:
        found.setdefault((checked.code, checked.severity), []).append(checked)
    return [
        (f"{_SEVERITIES[severity]}: {CODES[code]}, {code}", checks)
        for (code, severity), checks in found.items()
    ]


_SEVERITIES = {
    "error": "✗ Error",
    "warning": "! Warning",
    "info": "i For information",
    "answered": "✓ Answered",
}


def html_of_two(first: Subject, second: Subject) -> str:
    """Two runs side by side: changed grades first, then what caused each change."""
    inspections = [s.grading.evidence.inspection for s in (first, second)]
    names = dict.fromkeys(inspection.body_name for inspection in inspections)
    values: dict[str, Any] = {
        "title": " and ".join(names),
        "synthetic": any(inspection.synthetic for inspection in inspections),
        "runs": [
            (name, _named(run)) for name, run in (("First run", first), ("Second run", second))
        ],
        "compared": compared(first, second),
    }
    return rendered("comparison.html.j2", values)


def _named(subject: Subject) -> dict[str, str]:
    """By what one of two runs is known."""
    inspection = subject.grading.evidence.inspection
    as_of = day_words(inspection.as_of)
    return {"id": subject.id, "body": inspection.body_name, "as_of": as_of}
