"""What came of changes of the rules, as text or JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from grading.commands import formats
from grading.policy.mutants import Mutant
from grading.policy.mutate import Equivalent, Mutations, Noticed, Outcome, Unnoticed

Form = Callable[[str, Mutations], str]


def text(pack: str, report: Mutations) -> str:
    """For a terminal: the changes that no case notices, each case to paste in once, then the score."""
    lines: list[str] = []
    for unnoticed in report.unnoticed:
        lines += _unnoticed(unnoticed)
    pasted = [u.case.text for u in report.unnoticed if u.case is not None and u.is_new]
    if pasted:
        lines += ["", "These cases would notice; each passes on the rules as they are:", ""]
        lines += ["\n".join(pasted)]
    if report.equivalent:
        lines += [
            "",
            "Changes that no inspection could show, complete or not, by every state there is:",
        ]
    lines += [f"  {e.mutant} ({_proof(e)})" for e in report.equivalent]
    return "\n".join([*lines, *([""] if lines else []), *_summary(pack, report)])


def _unnoticed(unnoticed: Unnoticed) -> Iterator[str]:
    yield f"{unnoticed.mutant}"
    if unnoticed.case is None:
        yield f"    no case notices it, and none was found that would: {unnoticed.why}"
    else:
        yield f"    no case notices it; `{unnoticed.case.case.id}` below would"


def _proof(equivalent: Equivalent) -> str:
    return f"{equivalent.proof.of}: {equivalent.proof.states:,} looked at"


def _summary(pack: str, report: Mutations) -> Iterator[str]:
    every = Counter(outcome.mutant.operator for outcome in report.outcomes)
    unnoticed = Counter(outcome.mutant.operator for outcome in report.unnoticed)
    for operator, number in sorted(every.items()):
        missed = f", {unnoticed[operator]} unnoticed" if unnoticed[operator] else ""
        yield f"{number:6} {operator}{missed}"
    yield (
        f"{pack}: {len(report.outcomes)} changes, {len(report.noticed)} noticed,"
        f" {len(report.unnoticed)} not, {len(report.equivalent)} proved to change nothing;"
        f" score {report.score} per cent"
    )


def as_json(pack: str, report: Mutations) -> str:
    """For programs."""
    document: dict[str, Any] = {
        "pack": pack,
        "score": str(report.score),
        "noticed": len(report.noticed),
        "unnoticed": len(report.unnoticed),
        "equivalent": len(report.equivalent),
        "changes": [{**_plain(o.mutant), **_outcome(o)} for o in report.outcomes],
        "cases": [u.case.text for u in report.unnoticed if u.case is not None and u.is_new],
    }
    return formats.as_text(document)


def _plain(mutant: Mutant) -> dict[str, Any]:
    return {"place": str(mutant.place), "operator": mutant.operator, "says": mutant.says}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    match outcome:
        case Noticed(case=case):
            return {"outcome": "noticed", "by": case}
        case Equivalent(proof=proof):
            return {"outcome": "equivalent", "looked-at": proof.of, "states": proof.states}
        case Unnoticed(case=None, why=why):
            return {"outcome": "unnoticed", "why": why}
        case Unnoticed(case=case):
            return {"outcome": "unnoticed", "case": case.case.id if case else None}


FORMS: Mapping[str, Form] = {"text": text, "json": as_json}
"""The formats by name."""
