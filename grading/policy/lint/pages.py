"""The pages of the checks: why each code matters, how it is settled, a bad and a good example."""

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
    """A passage of a file, and what stands there instead in both examples."""

    file: str
    from_: str = Field(alias="from")
    to: str


class Page(Model):
    """One page. In a pack with `bad` in the place of `good`, the result marks `at`.

    `at_file` is the file of the result where it is another one; `with` is changed for both examples;
    `besides` are the codes that come with it. With `whole`, the examples are whole files.
    """

    severity: Severity
    why: str
    settle: str
    file: str
    good: str
    bad: str
    at: str
    at_file: str | None = Field(default=None, alias="at-file")
    with_: tuple[Edit, ...] = Field(default=(), alias="with")
    besides: tuple[str, ...] = ()
    whole: bool = False


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
        found[path.stem] = page
    return found
