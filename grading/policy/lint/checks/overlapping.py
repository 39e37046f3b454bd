"""L110: two findings on one criterion from the same evidence."""

from __future__ import annotations

from collections.abc import Iterator

from grading.policy.lint.subject import Subject
from grading.policy.lint.telling import told
from grading.policy.lint.written import Written
from grading.problems import Problem
from grading.rules.loaded import Pack


def overlapping(subject: Subject) -> Iterator[Problem]:
    """The findings that one criterion has together with another finding, with evidence for both."""
    findings = [written for written in subject.written if written.kind == "finding"]
    for n, later in enumerate(findings):
        for earlier in findings[:n]:
            problem = _together(subject, earlier, later)
            if problem is not None:
                yield problem


def _together(subject: Subject, earlier: Written, later: Written) -> Problem | None:
    for group, looked in subject.looked.items():
        for number, criterion in enumerate(group.criteria):
            state = looked.together.get((number, earlier.name, later.name))
            if state is not None:
                kinds = _kinds(subject.pack, earlier, later)
                message = (
                    f"{later.says} and {earlier.says} are given together{kinds}:"
                    f" on `{criterion}`, {told(state.example)}"
                )
                hint = "let the graver one exclude the other"
                return Problem(later.key, "L110", message, hint)
    return None


def _kinds(pack: Pack, earlier: Written, later: Written) -> str:
    kinds = {pack.manifest.findings[written.name].kind for written in (earlier, later)}
    if len(kinds) == 1:
        return ", and are of one kind"
    return ", which says both good and bad" if "strength" in kinds else ""
