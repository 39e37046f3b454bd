"""The rules of a pack as its files have them: each condition once, however many rules it serves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from grading.problems import Place
from grading.rules.conditions import Condition
from grading.rules.files import PackFiles
from grading.rules.loaded import Pack
from grading.rules.rule import Rule
from grading.source import Document, Path

Kind = Literal["outcome", "finding", "rung", "limiter"]


@dataclass(frozen=True)
class Written:
    """A condition of a pack's files, where its key is, and the rules that it gives.

    `name` is that of the outcome, finding, grade or limiter; `home` is the criterion, criterion test
    or ladder that it belongs to. `rules` is empty where nothing uses the home.
    """

    kind: Kind
    name: str
    home: str
    says: str
    document: Document
    path: Path
    rules: tuple[Rule, ...]

    @property
    def place(self) -> Place:
        """Where the condition is written."""
        return self.document.place(self.path)

    @property
    def key(self) -> Place:
        """Where its name is written."""
        path = self.path[:-1] if self.path[-1] == "when" else self.path
        return self.document.key_place(path)


def written_rules(files: PackFiles, pack: Pack) -> tuple[Written, ...]:
    """Every condition that is written in a pack, in the order of its files."""
    serves: dict[Place, list[Rule]] = {}
    for rule in pack.rules.values():
        serves.setdefault(rule.place, []).append(rule)
    return tuple(
        Written(kind, name, home, says, document, path, tuple(serves.get(document.place(path), ())))
        for kind, name, home, says, document, path in _named(files)
    )


def _named(files: PackFiles) -> Iterator[tuple[Kind, str, str, str, Document, Path]]:
    document, manifest = files.manifest
    for test, model in manifest.criterion_tests.items():
        for outcome in _outcomes(model.exceeds):
            says = f"`{outcome}` of criterion test `{test}`"
            yield "outcome", outcome, test, says, document, ("criterion-tests", test, outcome)
    for ladder, rungs in manifest.ladders.items():
        for grade in rungs.rungs:
            says = f"rung `{grade}` of ladder `{ladder}`"
            yield "rung", grade, ladder, says, document, ("ladders", ladder, "rungs", grade)
        for limiter in rungs.limiters:
            says = f"limiter `{limiter}` of ladder `{ladder}`"
            path: Path = ("ladders", ladder, "limiters", limiter, "when")
            yield "limiter", limiter, ladder, says, document, path
    for finding in manifest.findings:
        says = f"finding `{finding}`"
        yield "finding", finding, finding, says, document, ("findings", finding, "when")
    for doc, question in files.questions.values():
        for sub, sub_question in question.sub_questions.items():
            for name, criterion in sub_question.criteria.items():
                if criterion.meets is None:
                    continue
                for outcome in _outcomes(criterion.exceeds):
                    says = f"`{outcome}` of criterion `{name}`"
                    path = ("sub-questions", sub, "criteria", name, outcome)
                    yield "outcome", outcome, name, says, doc, path


def _outcomes(exceeds: Condition | None) -> tuple[str, ...]:
    return ("meets", "falls-short") if exceeds is None else ("exceeds", "meets", "falls-short")
