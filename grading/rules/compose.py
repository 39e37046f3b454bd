"""Every rule of a pack: its conditions, each resolved in the scope in which it stands."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from grading.problems import Problem
from grading.rules.conditions import Condition
from grading.rules.files import PackFiles
from grading.rules.loaded import OVERALL, Pack, PlacedCriterion, PlacedLimiter
from grading.rules.references import undeciding
from grading.rules.resolve import Path, Resolver, Scope
from grading.rules.rule import Rule, Stage
from grading.source import Document


class Composer:
    """Walks a pack and resolves each condition in its scope."""

    def __init__(self, files: PackFiles, pack: Pack, problems: list[Problem]) -> None:
        self.files, self.pack = files, pack
        self.manifest_document = files.manifest[0]
        self.problems = problems
        self.undeciding = undeciding(pack)
        self.limiters: dict[str, tuple[PlacedLimiter, ...]] = {}

    def rules(self) -> Iterator[Rule]:
        """Every rule, stage by stage."""
        return chain(
            self._criterion_rules(),
            self._finding_rules(),
            self._sub_question_rules(),
            self._question_rules(),
            self._overall_rules(),
        )

    def _rule(
        self,
        owner: str,
        name: str,
        at: tuple[Document, Path],
        condition: Condition,
        scope: Scope,
    ) -> Rule:
        document, path = at
        body = Resolver(document, self.problems).node(condition, path, scope)
        return Rule(f"{owner}.{name}", scope.stage, owner, name, body)

    def _criterion_rules(self) -> Iterator[Rule]:
        for criterion in self.pack.criteria.values():
            scope = self._scope("criteria", criterion.question, None, criterion.id)
            for name, (at, condition) in self._tests_of(criterion).items():
                yield self._rule(criterion.id, name, at, condition, scope)

    def _tests_of(
        self, criterion: PlacedCriterion
    ) -> dict[str, tuple[tuple[Document, Path], Condition]]:
        """The conditions of a criterion: its own, or those of the test that it names."""
        document, question = self.files.questions[criterion.question]
        written = criterion.written
        if written.meets is not None:
            source: tuple[Document, Path] = (
                document,
                ("sub-questions", criterion.sub_question, "criteria", criterion.id),
            )
            model = written
        else:
            name = written.test or question.criterion_test
            tests = self.files.manifest[1].criterion_tests
            if name is None or name not in tests:
                return {}
            source = (self.manifest_document, ("criterion-tests", name))
            model = tests[name]  # type: ignore[assignment]
        doc, path = source
        conditions = {
            "exceeds": model.exceeds,
            "meets": model.meets,
            "falls-short": model.falls_short,
        }
        return {
            key: ((doc, (*path, key)), condition)
            for key, condition in conditions.items()
            if condition is not None
        }

    def _finding_rules(self) -> Iterator[Rule]:
        for name, finding in self.files.manifest[1].findings.items():
            at = (self.manifest_document, ("findings", name, "when"))
            for criterion in self.pack.criteria.values():
                scope = self._scope("findings", criterion.question, None, criterion.id)
                rule = self._rule(criterion.id, name, at, finding.when, scope)
                yield rule

    def _sub_question_rules(self) -> Iterator[Rule]:
        ladder = self.files.manifest[1].sub_question_ladder
        if ladder is None:
            return
        for question, model in self.pack.questions.items():
            if model.ladder is None:
                continue
            for sub, sub_question in model.sub_questions.items():
                if not sub_question.context:
                    yield from self._ladder(
                        sub, ladder, self._scope("sub-questions", question, sub)
                    )

    def _question_rules(self) -> Iterator[Rule]:
        for question, model in self.pack.questions.items():
            if model.ladder is not None:
                scope = self._scope("questions", question)
                yield from self._ladder(question, model.ladder, scope)

    def _overall_rules(self) -> Iterator[Rule]:
        overall = self.files.manifest[1].overall
        if overall is not None:
            yield from self._ladder(OVERALL, overall.ladder, self._scope("overall", None))

    def _ladder(self, owner: str, name: str, scope: Scope) -> Iterator[Rule]:
        ladder = self.files.manifest[1].ladders.get(name)
        if ladder is None:
            return
        for grade, condition in ladder.rungs.items():
            at: tuple[Document, Path] = (self.manifest_document, ("ladders", name, "rungs", grade))
            yield self._rule(owner, grade, at, condition, scope)
        placed = []
        for limiter, model in ladder.limiters.items():
            path: Path = ("ladders", name, "limiters", limiter)
            rule = self._rule(
                owner,
                f"limiter-{limiter}",
                (self.manifest_document, (*path, "when")),
                model.when,
                scope,
            )
            placed.append(
                PlacedLimiter(limiter, rule.id, model, self.manifest_document.key_place(path))
            )
            yield rule
        self.limiters[owner] = tuple(placed)

    def _scope(
        self,
        stage: Stage,
        question: str | None,
        sub_question: str | None = None,
        this: str | None = None,
    ) -> Scope:
        criteria = (
            tuple(self.pack.criteria)
            if question is None
            else self.pack.criteria_of(question, sub_question)
        )
        return Scope(
            stage=stage,
            criteria=criteria,
            core=tuple(c for c in criteria if self.pack.criteria[c].written.core),
            topics={c: tuple(self.pack.criteria[c].written.topics) for c in criteria},
            this=this,
            graded=self.pack.graded,
            grades=self.pack.grades,
            indicators=tuple(self.pack.indicators),
            every_criterion=tuple(self.pack.criteria),
            coding=self.files.manifest[1].coding,
            words=frozenset(
                name for name, i in self.pack.indicators.items() if i.unit == "rank-band"
            ),
            undeciding=self.undeciding,
        )
