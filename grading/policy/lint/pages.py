"""The pages of the codes: what each means, why it matters, how it is settled, and examples.

Every code that is told of a rule pack or its cases has a page with a bad and a good example, and so
have many that are told of evidence. The other codes have a short text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, Field, RootModel

from grading.problems import CODES, raise_if
from grading.rules.checks import Severity
from grading.source import Model, fit, read_yaml

M = TypeVar("M", bound=BaseModel)

GROUPS: tuple[tuple[str, str, str], ...] = (
    ("Files and their characters", "E101", "E109"),
    ("How YAML is written", "E110", "E144"),
    ("Tables", "E151", "E174"),
    ("Keys and values", "E201", "E211"),
    ("Names and order in a rule pack", "E301", "E340"),
    ("Evidence of an inspection", "E401", "E455"),
    ("Cases of a rule pack", "E501", "E504"),
    ("What is supposed or corrected", "E601", "E609"),
    ("Workbooks", "E701", "E720"),
    ("Runs, their store and exports", "E801", "E813"),
    ("Figures and statements that do not fit together", "C101", "C190"),
    ("Evidence against its source document", "D101", "D105"),
    ("Lint: rules that never apply, or go the wrong way", "L101", "L113"),
    ("Lint: sources and kinds of evidence", "L201", "L207"),
    ("Lint: texts", "L301", "L304"),
    ("Lint: cases", "L401", "L403"),
    ("Lint: versions, and what nothing uses", "L501", "L601"),
    ("Lint: what is accepted in a comment", "L901", "L903"),
    ("Audit of what was recorded", "A101", "A131"),
)
"""What the codes are about, each group from its first code to its last."""


class Edit(Model):
    """A passage of a file, and what stands there instead in both examples; without `from`, a file."""

    file: str
    from_: str = Field(alias="from")
    to: str


class Stands(Model):
    """What an example shows for what cannot be shown: a character, a byte, or very many of a text."""

    shown: str
    character: str | None = None
    byte: str | None = None
    text: str | None = None
    times: int = 1


class Page(Model):
    """One page. In a pack, or evidence, with `bad` in the place of `good`, the result marks `at`.

    `at_file` is the file of the result where it is another one; `with` is changed for both examples;
    `besides` are the codes that come with it. With `whole`, the examples are whole files. Without a
    `file`, they are the names in the folder, and the result is on the file `at`. `stands` says what
    is written where an example shows words for it.
    """

    severity: Severity
    of: Literal["pack", "evidence"] = "pack"
    what: str = ""
    why: str
    settle: str
    file: str = ""
    good: str
    bad: str
    at: str
    at_file: str | None = Field(default=None, alias="at-file")
    with_: tuple[Edit, ...] = Field(default=(), alias="with")
    besides: tuple[str, ...] = ()
    whole: bool = False
    stands: tuple[Stands, ...] = ()


class Short(Model):
    """What is said of a code without examples."""

    what: str = ""
    why: str
    settle: str


class _Shorts(RootModel[dict[str, Short]]):
    """A file of short texts, by code."""


@cache
def pages() -> Mapping[str, Page]:
    """Every page by its code, in order."""
    return {path.stem: _read(path, Page) for path in _home("[A-Z][0-9][0-9][0-9].yaml")}


@cache
def pages_of_checks() -> Mapping[str, Page]:
    """The pages of what the checks of lint find in a pack that loads."""
    return {code: page for code, page in pages().items() if code.startswith("L")}


@cache
def shorts() -> Mapping[str, Short]:
    """The short texts by code, in order."""
    found = [item for path in _home("short-*.yaml") for item in _read(path, _Shorts).root.items()]
    return dict(sorted(found))


def grouped() -> Iterator[tuple[str, tuple[str, ...]]]:
    """What the codes are about, and the codes that are told of it."""
    told = sorted(CODES)
    for title, first, last in GROUPS:
        yield title, tuple(code for code in told if first <= code <= last)


def _home(names: str) -> list[Path]:
    return sorted((Path(str(files("grading.policy.lint"))) / "pages").glob(names))


def _read(path: Path, model: type[M]) -> M:
    document, problems = read_yaml(path, f"pages/{path.name}")
    raise_if(problems)
    assert document is not None
    found, problems = fit(model, document.data, document)
    raise_if(problems)
    assert found is not None
    return found
