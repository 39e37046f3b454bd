"""What a judgment and a finding say in one line."""

from __future__ import annotations

from grading.explain.english import (
    capital,
    cited,
    finding_words,
    grade_label,
    listed,
    quoted,
    value_words,
)
from grading.judge.judgments import Finding, Grading, Judgment
from grading.rules.loaded import OVERALL, Pack


def title(judgment: Judgment) -> str:
    """The title of a judgment as a name; in quotation marks where it is a question."""
    return quoted(judgment.title) if judgment.title.endswith("?") else judgment.title


def headline(pack: Pack, judgment: Judgment) -> str:
    """A judgment and its grade, without a full stop: `Baking bread is graded good`."""
    if judgment.not_graded is not None or not judgment.graded:
        return f"{title(judgment)} is {value_words(judgment.final)}"
    if judgment.settled is not None and judgment.moderated is not None:
        was = judgment.moderated.decided.written
        before, now = (grade_label(pack, grade) for grade in (was.from_, judgment.settled))
        return f"{title(judgment)} is graded {now}, changed from {before} {cited([was.id])}"
    aside = judgment.id not in pack.questions and judgment.id != OVERALL
    if len(judgment.derived) == 1:
        label = grade_label(pack, judgment.derived[0])
        if aside:
            return f"{title(judgment)} stands at {label}; sub-questions are not graded"
        return f"{title(judgment)} is graded {label}"
    between = listed((grade_label(pack, g) for g in reversed(judgment.derived)), "or")
    stands = "not graded, and where it stands is open" if aside else "undetermined"
    return f"{title(judgment)} is {stands}: on this evidence it can be {between}"


def said_of(grading: Grading, finding: Finding) -> str:
    """What a finding says, and since when."""
    says = finding.says
    if finding.kind != "strength":
        says = f"{grading.evidence.inspection.body_name} should {says}"
    text = f"{capital(finding_words(finding.kind))}: {says}"
    if finding.kind == "cause-of-concern":
        about = grading.pack.criteria[finding.criterion].written.says
        text = f"Cause of concern about {quoted(about)}; recommendation: {says}"
    return text + (f" (first raised in {finding.first_raised})" if finding.previous else "")
