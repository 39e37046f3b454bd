"""The rule pack and the inspection that the rules of method were read from, where they stand now.

`AT` says where: the repository, or a copy of its rules and evidence with a fault put in. What is
loaded is kept for each place, so that a test reads the fault, and the next one reads none.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grading.commands.common import load
from grading.engine.compile import Program
from grading.evidence.evidence import Evidence
from grading.judge.judgments import Grading
from grading.judge.method import grade, program_of
from grading.policy.cases import load_cases
from grading.policy.expecting import run_case
from grading.problems import BadInput
from grading.rules.load import load_pack
from grading.rules.loaded import Pack

ROOT = Path(__file__).parent.parent
PEEL = "rules/peel-effectiveness-2016"
DURHAM = "evidence/peel-effectiveness-2016/durham"
EXAMPLE = "evidence/peel-effectiveness-2016/example-force"


@dataclass(frozen=True, eq=False)
class Home:
    """A folder with `rules` and `evidence`; what is loaded from it is kept as long as it is.

    Another home that is alike in all that is loaded, though not in what the engine makes of it,
    lends what it has loaded.
    """

    folder: Path
    like: Home | None = None

    @cached_property
    def pack(self) -> Pack:
        """The pack of the inspections of 2016."""
        return self.like.pack if self.like else load_pack(self.folder / PEEL)

    @cached_property
    def program(self) -> Program:
        """That pack inside the engine."""
        return self.like.program if self.like else program_of(self.pack)

    @cached_property
    def durham(self) -> Grading:
        """The inspection of Durham Constabulary, graded."""
        return grade(self.evidence(DURHAM), self.program)

    @cached_property
    def example(self) -> Grading:
        """The inspection of a made-up force, graded."""
        return grade(self.evidence(EXAMPLE), self.program)

    def evidence(self, inspection: str) -> Evidence:
        """The evidence of one of the two."""
        if self.like is None:
            return load(self.folder / inspection)[0]
        return (self.like.durham if inspection == DURHAM else self.like.example).evidence


HERE = Home(ROOT)
AT: ContextVar[Home] = ContextVar("AT", default=HERE)


def peel() -> Pack:
    """The pack of the inspections of 2016."""
    return AT.get().pack


def program() -> Program:
    """That pack inside the engine."""
    return AT.get().program


def durham() -> Grading:
    """The inspection of Durham Constabulary, graded."""
    return AT.get().durham


def example() -> Grading:
    """The inspection of a made-up force, graded."""
    return AT.get().example


Passages = Mapping[str, tuple[str, str]]
"""By file: the one passage that is changed, and into what; nothing into what is added at the end."""


def pack_problems(into: Path, passages: Passages) -> list[str]:
    """What is told of the pack with passages changed."""
    return _told(lambda: load_pack(_changed_pack(into, passages)))


def durham_problems(into: Path, passages: Passages) -> list[str]:
    """What is told of the evidence of Durham with passages changed."""
    return _told(lambda: changed_durham(into, passages))


def changed_durham(into: Path, passages: Passages) -> Evidence:
    """The evidence of Durham with passages changed, loaded. Raises BadInput as loading does."""
    folder = into / "durham"
    shutil.copytree(AT.get().folder / DURHAM, folder)
    _change(folder, passages)
    return load(folder, rules=AT.get().folder / "rules")[0]


def differences(into: Path, passages: Passages, cases: str) -> list[str]:
    """What differs from what these cases expect of the pack with passages changed."""
    folder = _changed_pack(into, passages)
    shutil.rmtree(folder / "cases")
    (folder / "cases").mkdir()
    (folder / "cases" / "some.yaml").write_text(cases, "utf-8")
    pack = load_pack(folder)
    compiled = program_of(pack)
    return [said for case in load_cases(folder, pack) for said in run_case(case, compiled)]


def _changed_pack(into: Path, passages: Passages) -> Path:
    folder = into / "rules" / Path(PEEL).name
    shutil.copytree(AT.get().folder / PEEL, folder)
    _change(folder, passages)
    return folder


def _told(load: Callable[[], object]) -> list[str]:
    try:
        load()
    except BadInput as error:
        return [f"{p.message} ({p.hint})" if p.hint else p.message for p in error.problems]
    return []


def _change(folder: Path, passages: Passages) -> None:
    for name, (old, new) in passages.items():
        text = (folder / name).read_text("utf-8")
        assert not old or text.count(old) == 1, f"{name} has {text.count(old)} times: {old}"
        text = text.replace(old, new) if old else text + new
        (folder / name).write_text(text, "utf-8")
