"""The pages of the checks: what each code means, why it matters, a bad and a good example."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import Field

from grading.problems import raise_if
from grading.rules.checks import Severity
from grading.source import Model, fit, read_yaml


class Edit(Model):
    """A passage of a file of the example pack as it is, and as it would be."""

    file: str
    good: str
    bad: str


class Page(Model):
    """One page. `bad` is what `good` in the file must not be; `at` is what of it the result marks.

    `with` are edits that are made to both, so that the example has what it needs.
    """

    code: str = Field(pattern="^L[0-9]{3}$")
    severity: Severity
    what: str
    why: str
    settle: str
    file: str
    good: str
    bad: str
    at: str
    with_: tuple[Edit, ...] = Field(default=(), alias="with")


@cache
def pages() -> Mapping[str, Page]:
    """Every page by its code, in order."""
    home = Path(str(files("grading.policy.lint"))) / "pages"
    found = {}
    for path in sorted(home.glob("L*.yaml")):
        document, problems = read_yaml(path, f"pages/{path.name}")
        raise_if(problems)
        assert document is not None
        page, problems = fit(Page, document.data, document)
        raise_if(problems)
        assert page is not None
        found[page.code] = page
    return found
