"""The rule pack and the inspection that the rules of method were read from, where they stand now.

`AT` says where: the repository, or a copy of its rules and evidence with a fault put in. What is
loaded is kept for each place, so that a test reads the fault, and the next one reads none.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from grading.commands.common import load
from grading.engine.compile import Program
from grading.evidence.evidence import Evidence
from grading.judge.judgments import Grading
from grading.judge.method import grade, program_of
from grading.policy.cases import load_cases, run_case
from grading.rules.load import load_pack
from grading.rules.loaded import Pack

ROOT = Path(__file__).parent.parent
PEEL = "rules/peel-effectiveness-2016"
DURHAM = "evidence/peel-effectiveness-2016/durham"
EXAMPLE = "evidence/peel-effectiveness-2016/example-force"


@dataclass(frozen=True)
class Home:
    """A folder with `rules` and `evidence`, and the fault that is in it or in the engine."""

    folder: Path
    fault: str = ""


HERE = Home(ROOT)
AT: ContextVar[Home] = ContextVar("AT", default=HERE)


def peel() -> Pack:
    """The pack of the inspections of 2016."""
    return _pack(AT.get())


def program() -> Program:
    """That pack inside the engine."""
    return _program(AT.get())


def durham() -> Grading:
    """The inspection of Durham Constabulary, graded."""
    return _graded(AT.get(), DURHAM)


def example() -> Grading:
    """The inspection of a made-up force, graded."""
    return _graded(AT.get(), EXAMPLE)


@lru_cache(maxsize=2)
def _pack(home: Home) -> Pack:
    return load_pack(home.folder / PEEL)


@lru_cache(maxsize=2)
def _program(home: Home) -> Program:
    return program_of(_pack(home))


@lru_cache(maxsize=4)
def _graded(home: Home, inspection: str) -> Grading:
    evidence, _ = load(home.folder / inspection)
    return grade(evidence, _program(home))


Passages = Mapping[str, tuple[str, str]]
"""By file: the one passage that is changed, and into what."""


def changed_pack(into: Path, passages: Passages) -> Path:
    """A copy of the pack with passages changed; a passage to be added stands after an empty one."""
    folder = into / "rules" / Path(PEEL).name
    shutil.copytree(AT.get().folder / PEEL, folder)
    _change(folder, passages)
    return folder


def changed_durham(into: Path, passages: Passages) -> Evidence:
    """The evidence of Durham with passages changed, loaded. Raises BadInput as loading does."""
    folder = into / "durham"
    shutil.copytree(AT.get().folder / DURHAM, folder)
    _change(folder, passages)
    return load(folder, rules=AT.get().folder / "rules")[0]


def differences(into: Path, passages: Passages, cases: str) -> list[str]:
    """What differs from what these cases expect of the pack with passages changed."""
    folder = changed_pack(into, passages)
    shutil.rmtree(folder / "cases")
    (folder / "cases").mkdir()
    (folder / "cases" / "some.yaml").write_text(cases, "utf-8")
    pack = load_pack(folder)
    compiled = program_of(pack)
    return [said for case in load_cases(folder, pack) for said in run_case(case, compiled)]


def _change(folder: Path, passages: Passages) -> None:
    for name, (old, new) in passages.items():
        text = (folder / name).read_text("utf-8")
        assert not old or text.count(old) == 1, f"{name} has {text.count(old)} times: {old}"
        text = text.replace(old, new) if old else text + new
        (folder / name).write_text(text, "utf-8")
