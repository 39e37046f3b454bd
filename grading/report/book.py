"""The rule book of a pack: everything that its rules say, in English, with sources, cases and history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from grading.report.html import rendered
from grading.report.markdown import rendered_markdown
from grading.report.rule_book import own_thresholds, rules_of
from grading.rules.loaded import Pack
from grading.source import Folder


@dataclass(frozen=True)
class CaseTold:
    """A case of the pack: its name, why it is so, and where it stands."""

    id: str
    because: str
    place: str


@dataclass(frozen=True)
class Book:
    """A pack, its files and cases, and the passages of its source that it should cover, if they are known."""

    pack: Pack
    files: Folder
    cases: tuple[CaseTold, ...] = ()
    passages: tuple[str, ...] = ()


def book_html(book: Book) -> str:
    """The rule book as one HTML file. The same pack gives the same text."""
    return rendered("book.html.j2", _values(book))


def book_markdown(book: Book) -> str:
    """The rule book as Markdown. The same pack gives the same text."""
    return rendered_markdown("book.md.j2", **_values(book))


def uncovered(passages: Iterable[str], sources: Sequence[str]) -> tuple[str, ...]:
    """The passages that no source names, nor any part of them."""
    cited = [part.strip().lower() for source in sources for part in source.split(";")]
    return tuple(
        passage
        for passage in passages
        if not any(_names(part, passage.strip().lower()) for part in cited)
    )


def _names(part: str, passage: str) -> bool:
    return part == passage or (part.startswith(passage) and not part[len(passage)].isalnum())


def _values(book: Book) -> dict[str, Any]:
    pack, manifest = book.pack, book.pack.manifest
    rules = rules_of(pack, book.files)
    return {
        "pack": manifest,
        "grades": list(manifest.scale.grades.values()),
        "questions": [
            (question, [(s, list(s.criteria.values())) for s in question.sub_questions.values()])
            for question in pack.questions.values()
        ],
        "roles": sorted(manifest.evidence_policy.roles.items()),
        "silence": manifest.evidence_policy.silence,
        "indicators": [
            (name, i.title, i.method, i.cite or "") for name, i in pack.indicators.items()
        ],
        "rules": rules,
        "own_rules": own_thresholds(rules),
        "rule_count": len(pack.rules),
        "cases": book.cases,
        "passages": len(book.passages),
        "uncovered": uncovered(book.passages, list(sources(pack))),
    }


def sources(pack: Pack) -> Iterator[str]:
    """Every source that a rule, criterion, question, indicator, series or threshold of a pack names."""
    manifest = pack.manifest
    for ladder in manifest.ladders.values():
        yield ladder.cite or ""
        yield from (limiter.cite or "" for limiter in ladder.limiters.values())
    yield from (finding.cite or "" for finding in manifest.findings.values())
    yield from (test.cite or "" for test in manifest.criterion_tests.values())
    for question in pack.questions.values():
        yield question.cite
        for sub in question.sub_questions.values():
            yield sub.cite
            yield from (criterion.cite for criterion in sub.criteria.values())
    yield from (indicator.cite or "" for indicator in pack.indicators.values())
    yield from (series.cite for series in pack.series.values())
    yield from (caveat.cite for caveat in pack.caveats.values())
    yield from (check.cite or "" for check in pack.checks.values())
