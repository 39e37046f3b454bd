"""`rules lint`: a folder of a pack in, everything that is wrong or doubtful about it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grading.engine.compile import size_problems
from grading.policy.cases import PlacedCase, cases_of, read_cases
from grading.policy.lint.accepted import Acceptance
from grading.policy.lint.registry import CHECKS, UNUSED, found, severity
from grading.policy.lint.subject import Subject
from grading.problems import BadInput, Problem
from grading.rules.load import files_and_pack
from grading.rules.loaded import Pack
from grading.source import Folder


@dataclass(frozen=True)
class Report:
    """What was found in a pack, in order of place, and what its authors accept.

    Where the pack does not load, its problems are all there is: `checks` is 0. `texts` are those of the
    files, by the names that places have, and `subject` is the pack that was looked at.
    """

    pack: str
    open: tuple[Problem, ...]
    accepted: tuple[tuple[Problem, Acceptance], ...] = ()
    checks: int = 0
    texts: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    subject: Subject | None = field(default=None, repr=False, compare=False)

    @property
    def loaded(self) -> bool:
        """Whether the pack loads."""
        return self.checks > 0

    @property
    def problems(self) -> int:
        """How many errors and warnings are open."""
        return sum(severity(problem.code) != "info" for problem in self.open)


def lint(folder: Folder, path: Path, since: Pack | None = None) -> Report:
    """Everything that is found in the pack that these files are, with the cases at the path."""
    return linted(folder, read_cases(path, folder.label), since)


def linted(folder: Folder, tests: Folder, since: Pack | None = None) -> Report:
    """Everything that is found in the pack that these files are, with these files of cases."""
    texts = _texts(folder, tests)
    try:
        files, pack = files_and_pack(folder)
    except BadInput as error:
        return Report(folder.label, error.problems, texts=texts)
    problems = [*size_problems(pack)]
    cases: tuple[PlacedCase, ...] | None = None
    try:
        cases = cases_of(tests, pack)
    except BadInput as error:
        problems += error.problems  # what cases try is then not looked at
    subject = Subject(files, pack, cases, texts, since)
    name = f"{pack.manifest.id} {pack.manifest.version}"
    return _settled(name, subject, [*problems, *found(subject)])


def _settled(name: str, subject: Subject, problems: list[Problem]) -> Report:
    """The problems apart by whether a comment accepts them; one that accepts nothing is one more."""
    by_line: dict[tuple[str, int, str], Acceptance] = {
        (a.place.file, a.line, a.code): a for a in subject.accepted if a.because
    }
    left: list[Problem] = []
    accepted: list[tuple[Problem, Acceptance]] = []
    used: set[Acceptance] = set()
    for problem in problems:
        given = by_line.get((problem.place.file, problem.place.line, problem.code))
        if given is None or problem.code.startswith("L9"):
            left.append(problem)
        else:
            used.add(given)
            accepted.append((problem, given))
    for acceptance in by_line.values():
        if acceptance not in used and acceptance.code in CHECKS:
            message = f"nothing on line {acceptance.line} is {acceptance.code}, so none is accepted"
            left.append(
                Problem(acceptance.place, UNUSED, message, "take the comment out, or move it")
            )
    checks = len(CHECKS) + 1
    return Report(name, tuple(sorted(left)), tuple(accepted), checks, subject.texts, subject)


def _texts(*folders: Folder) -> Mapping[str, str]:
    return {
        folder.at(name): text
        for folder in folders
        for name in folder.contents
        if (text := folder.text(name)[0]) is not None
    }
