"""`rules lint`: a folder of a pack in, everything that is wrong or doubtful about it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grading.engine.compile import size_problems
from grading.policy.cases import PlacedCase, load_cases
from grading.policy.lint.accepted import Acceptance
from grading.policy.lint.registry import CHECKS, UNUSED, found, severity
from grading.policy.lint.subject import Subject
from grading.problems import BadInput, Problem
from grading.rules.load import files_and_pack
from grading.rules.loaded import Pack
from grading.source import Folder, read_folder

CASES = "cases"


@dataclass(frozen=True)
class Report:
    """What was found in a pack, in order of place, and what its authors accept.

    Where the pack does not load, its problems are all there is: `checks` is 0. `texts` are those of the
    files, by the names that places have.
    """

    pack: str
    open: tuple[Problem, ...]
    accepted: tuple[tuple[Problem, Acceptance], ...] = ()
    checks: int = 0
    texts: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

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
    texts = _texts(folder, path)
    try:
        files, pack = files_and_pack(folder)
    except BadInput as error:
        return Report(folder.label, error.problems, texts=texts)
    problems = [*size_problems(pack)]
    cases: tuple[PlacedCase, ...] | None = None
    try:
        cases = load_cases(path, pack, folder.label)
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
    return Report(name, tuple(sorted(left)), tuple(accepted), len(CHECKS) + 1, subject.texts)


def _texts(folder: Folder, path: Path) -> Mapping[str, str]:
    cases = read_folder(path / CASES, folder.at(CASES), lambda name: name.endswith(".yaml"))
    return {
        each.at(name): text
        for each in (folder, cases)
        if each is not None
        for name in each.contents
        if (text := each.text(name)[0]) is not None
    }
