"""A plugin for pytest: `pytest rules/` tries the cases of every rule pack below, an item a case.

It looks at the files of `cases/` beside a `pack.yaml` and at nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grading.commands.rules_pack import MANIFEST
from grading.policy.cases import PlacedCase, load_cases
from grading.policy.testing import Testing, told
from grading.problems import BadInput
from grading.rules.files import read_pack
from grading.rules.load import pack_of


@dataclass(frozen=True)
class _Loaded:
    """A pack and its cases, or all that is wrong with them."""

    testing: Testing | None
    problems: str = ""


_PACKS = pytest.StashKey[dict[Path, _Loaded]]()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The cases of a file of a rule pack."""
    folder = file_path.parent
    is_of_cases = folder.name == "cases" and (folder.parent / MANIFEST).is_file()
    if not is_of_cases or file_path.suffix != ".yaml" or file_path.name.startswith("."):
        return None
    collector: pytest.Collector = CaseFile.from_parent(parent, path=file_path)
    return collector


class CaseFile(pytest.File):
    """A file of cases."""

    def collect(self) -> Iterator[pytest.Item]:
        """Its cases, in order."""
        loaded = _loaded(self.config, self.path.parent.parent)
        if loaded.testing is None:
            raise self.CollectError(loaded.problems)
        for number, case in enumerate(loaded.testing.inspections.cases):
            if Path(case.place.file).name == self.path.name:
                yield CaseItem.from_parent(
                    self, name=case.id, case=case, number=number, testing=loaded.testing
                )


class CaseItem(pytest.Item):
    """A case."""

    def __init__(self, *, case: PlacedCase, number: int, testing: Testing, **given: Any) -> None:
        super().__init__(**given)
        self.case, self.number, self.testing = case, number, testing

    def runtest(self) -> None:
        """Nothing is raised where all is as the case expects."""
        result = self.testing.result(self.number)
        if not result.passed:
            raise CaseFailed("\n".join(told(result, self.testing.failures(result))))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What is told of a case that failed: what was expected and found, where and why."""
        if isinstance(excinfo.value, CaseFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the case is, and its name."""
        return self.path, self.case.place.line - 1, self.case.id


class CaseFailed(Exception):
    """Something is not as a case expects."""


def _loaded(config: pytest.Config, folder: Path) -> _Loaded:
    """The pack of a folder, read once a session."""
    packs = config.stash.setdefault(_PACKS, {})
    if folder not in packs:
        packs[folder] = _load(config, folder)
    return packs[folder]


def _load(config: pytest.Config, folder: Path) -> _Loaded:
    here = config.rootpath
    label = folder.relative_to(here) if folder.is_relative_to(here) else folder
    try:
        pack = pack_of(read_pack(folder).named(label.as_posix()))
        return _Loaded(Testing(pack, load_cases(folder, pack, label.as_posix())))
    except BadInput as error:
        return _Loaded(None, "\n".join(map(str, error.problems)))
