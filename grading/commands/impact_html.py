"""What a change does to past inspections, as one HTML file."""

from __future__ import annotations

from typing import Any

from grading.explain.english import capital, counted, finding_words
from grading.policy.impact.impact import Impact
from grading.policy.impact.telling import because, label, name_of, owners, summary, words_of
from grading.report.html import rendered


def impact_html(found: Impact, others: int) -> str:
    """The impact as a page that needs no network and no script."""
    before, after = found.before, found.after
    left_out = counted(others, "inspection", "inspections") + " of another framework left out"
    values: dict[str, Any] = {
        "title": after.manifest.title,
        "before": f"{before.manifest.id} {before.manifest.version}",
        "after": f"{after.manifest.id} {after.manifest.version}",
        "digests": (before.digest, after.digest),
        "synthetic": any(one.synthetic for one in found.inspections),
        "summary": [*summary(found), *([left_out] if others else [])],
        "matrices": [_matrix(found, owner) for owner in owners(found)],
        "inspections": [
            {
                "body": one.body,
                "label": one.label,
                "as_of": one.as_of,
                "synthetic": one.synthetic,
                "moves": [
                    {
                        "name": name_of(found, move.owner),
                        "before": words_of(before, move.before),
                        "after": words_of(after, move.after),
                        "causes": list(because(found, move)),
                    }
                    for move in one.moves
                ],
                "findings": [
                    (word, finding_words(finding.kind), finding.says)
                    for word, findings in (("new", one.gained), ("gone", one.lost))
                    for finding in findings
                ],
            }
            for one in found.moved
        ],
        "unread": found.unread,
    }
    return rendered("impact.html.j2", values)


def _matrix(found: Impact, owner: str) -> dict[str, Any]:
    """The moves of one judgment: a row for each grade before, a column for each grade after."""
    pack, moves = found.before, found.matrix(owner)
    order = [*pack.grades, *sorted({w for pair in moves for w in pair} - set(pack.grades))]
    words = [word for word in order if any(word in pair for pair in moves)]
    return {
        "name": capital(name_of(found, owner)),
        "columns": [label(pack, word) for word in words],
        "rows": [
            (label(pack, was), [(moves.get((was, now), 0), was != now) for now in words])
            for was in words
        ],
    }
