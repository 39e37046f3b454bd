"""What a run is made from: the files as they were read, the date and the kinds left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from grading.engine.compile import Program
from grading.evidence.evidence import Evidence
from grading.evidence.load import evidence_of, unread_problems
from grading.judge.judgments import Grading
from grading.judge.method import grade, program_of
from grading.problems import BadInput
from grading.rules.load import pack_of
from grading.rules.loaded import Pack
from grading.rules.pack import Kind
from grading.source import Folder


@dataclass(frozen=True)
class Named:
    """How whoever named the inputs called the folder of evidence and that of the table."""

    evidence: str
    table: str = ""


@dataclass(frozen=True)
class Inputs:
    """The files of an inspection, of its rule pack and of its table of bodies, read once.

    Their labels do not depend on where the files were or how they were named, so that what is
    concluded from them does not either; `named` says how they were. Without `as_of` the date is
    the inspection's own.
    """

    evidence: Folder
    pack: Folder
    table: Folder | None
    as_of: date | None
    dropped: frozenset[Kind]
    named: Named

    def as_named(self) -> Inputs:
        """The same with the labels by which whoever named them finds them."""
        table = None if self.table is None else self.table.named(self.named.table)
        return replace(self, evidence=self.evidence.named(self.named.evidence), table=table)

    def load(self) -> tuple[Evidence, Pack]:
        """The evidence and the pack. Raises BadInput with every problem of every file."""
        try:
            pack = pack_of(self.pack)
        except BadInput as error:
            raise BadInput([*error.problems, *unread_problems(self.evidence)]) from None
        return evidence_of(self.evidence, pack, self.as_of, self.table), pack

    def grade(self, program: Program | None = None) -> Grading:
        """The run. Raises BadInput, at the places as they were named, and Disagreement.

        A program of the same files of a pack is used again: the engine keeps every one for good.
        """
        if program is not None:
            evidence = evidence_of(self.evidence, program.pack, self.as_of, self.table)
            return grade(evidence, program, self.dropped)
        try:
            evidence, pack = self.load()
        except BadInput:
            self.as_named().load()
            raise
        return grade(evidence, program_of(pack), self.dropped)


def label_below(home: Path, path: Path) -> str:
    """How a path is named from its home, nothing at home, or its own name where it is elsewhere."""
    whole = path.resolve()
    if whole == home:
        return ""
    label = whole.relative_to(home).as_posix() if whole.is_relative_to(home) else whole.name
    return "".join(c if c.isprintable() else "?" for c in label)
