"""L301: a cause of concern without a recommendation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grading.policy.lint.subject import Subject
from grading.problems import Problem

_NOTHING = re.compile(
    r"\W*(?:none|nothing|n/?a|todo|tbc|tbd|as above|see above)?\W*", re.IGNORECASE
)


def concerns(subject: Subject) -> Iterator[Problem]:
    """The causes of concern that do not say what is recommended."""
    document, manifest = subject.files.manifest
    kinds = {finding.kind for finding in manifest.findings.values()}
    for name, finding in manifest.findings.items():
        if finding.kind == "cause-of-concern" and finding.say != "recommend":
            message = f"finding `{name}` is a cause of concern and does not say the recommendation"
            place = document.place(("findings", name, "say"))
            yield Problem(place, "L301", message, "write `say: recommend`")
    if "cause-of-concern" not in kinds:
        return
    for doc, question in subject.files.questions.values():
        for sub, sub_question in question.sub_questions.items():
            for name, criterion in sub_question.criteria.items():
                same = criterion.recommend.strip().lower() == criterion.improve.strip().lower()
                if same or _NOTHING.fullmatch(criterion.recommend):
                    why = "is its `improve` again" if same else "recommends nothing"
                    message = f"the `recommend` of criterion `{name}` {why}"
                    path = ("sub-questions", sub, "criteria", name, "recommend")
                    hint = "say what must be done where there is a cause of concern"
                    yield Problem(doc.place(path), "L301", message, hint)
