"""L304: a placeholder that nothing fills in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grading.policy.lint.subject import Subject
from grading.policy.lint.texts import texts
from grading.problems import Problem, quoted

_PLACEHOLDER = re.compile(
    r"\{\{?[^{}]*\}?\}|\$\{?[A-Za-z_]\w*\}?|%\(\w+\)s|%s\b|<[A-Za-z][\w .-]*>|"
    r"\b(?:TODO|TBC|TBD|FIXME|XXX+|lorem ipsum)\b"
)


def placeholders(subject: Subject) -> Iterator[Problem]:
    """The texts with a placeholder: texts of a pack are printed as they are written."""
    for text in texts(subject.files):
        match = _PLACEHOLDER.search(text.text)
        if match and text.key != "cite":
            message = f"nothing fills in {quoted(match[0])}: it would be printed as it is"
            yield Problem(text.place, "L304", message, "write what is meant")
