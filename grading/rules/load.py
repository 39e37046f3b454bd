"""A rule pack: a folder of YAML files, read, checked and resolved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path as FilePath
from typing import TypeVar

from pydantic import BaseModel

from grading.problems import Place, Problem, did_you_mean, known_instead, listed, raise_if
from grading.rules.conditions import Condition, Otherwise
from grading.rules.facts import MATCHED_ROLES
from grading.rules.pack import (
    Caveat,
    Criterion,
    Indicator,
    IndicatorFile,
    Ladder,
    Limiter,
    Manifest,
    Question,
    Series,
    SeriesFile,
)
from grading.rules.resolve import Path, Resolver, Scope
from grading.rules.rule import Rule, Stage
from grading.source import Document, fit, read_yaml

OVERALL = "overall"
_OUTCOME_RULES = ("exceeds", "meets", "falls-short")
_NO_QUESTION = ("pack.yaml", "series.yaml", "indicators.yaml")
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class PlacedCriterion:
    """A criterion, the question and sub-question it belongs to, and where it is written."""

    id: str
    question: str
    sub_question: str
    written: Criterion
    place: Place


@dataclass(frozen=True)
class PlacedLimiter:
    """A limiter of a question's ladder, with the id of the rule that says when it bites."""

    id: str
    rule: str
    written: Limiter
    place: Place


@dataclass(frozen=True)
class Pack:
    """A rule pack whose every reference is known to resolve."""

    manifest: Manifest
    questions: Mapping[str, Question]
    criteria: Mapping[str, PlacedCriterion]
    series: Mapping[str, Series]
    caveats: Mapping[str, Caveat]
    indicators: Mapping[str, Indicator]
    rules: Mapping[str, Rule]
    limiters: Mapping[str, tuple[PlacedLimiter, ...]]  # by question, `overall` among them
    topics: Mapping[str, str | None]  # topic: its criterion; None for topics of context
    places: Mapping[str, Place] = field(default_factory=dict)  # of questions and sub-questions
    digest: str = ""

    @property
    def grades(self) -> tuple[str, ...]:
        """The grades of the scale, best first."""
        return tuple(self.manifest.scale.grades)

    @property
    def graded(self) -> tuple[str, ...]:
        """The questions that are graded, in order."""
        return tuple(q for q, question in self.questions.items() if question.ladder is not None)

    def criteria_of(self, question: str, sub_question: str | None = None) -> tuple[str, ...]:
        """The criteria of a question, or of one of its sub-questions, in order."""
        return tuple(
            c.id
            for c in self.criteria.values()
            if c.question == question and sub_question in (None, c.sub_question)
        )


@dataclass(frozen=True)
class _Files:
    """The documents of a pack as read, and the models that fitted."""

    manifest: tuple[Document, Manifest]
    questions: Mapping[str, tuple[Document, Question]]
    series: SeriesFile
    series_document: Document | None
    indicators: IndicatorFile
    indicators_document: Document | None


def load_pack(folder: FilePath) -> Pack:
    """The pack in a folder. Raises BadInput with every problem of every file."""
    label = f"rules/{folder.name}"
    problems: list[Problem] = []
    files = _read(folder, label, problems)
    if files is None:
        raise_if(problems)
        raise AssertionError("a pack that cannot be read has at least one problem")
    pack = _resolve(files, problems)
    raise_if(problems)
    return Pack(**{**vars(pack), "digest": digest(folder)})


def digest(folder: FilePath) -> str:
    """SHA-256 over the names and bytes of the files of a folder, in order of name."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _read(folder: FilePath, label: str, problems: list[Problem]) -> _Files | None:
    manifest = _one(folder / "pack.yaml", label, Manifest, problems)
    series = _optional(folder / "series.yaml", label, SeriesFile, problems)
    indicators = _optional(folder / "indicators.yaml", label, IndicatorFile, problems)
    if manifest is None:
        for path in sorted(p for p in folder.glob("*.yaml") if p.name not in _NO_QUESTION):
            _one(path, label, Question, problems)
        return None
    named = manifest[1].questions
    questions: dict[str, tuple[Document, Question]] = {}
    for i, name in enumerate(named):
        path = folder / f"{name}.yaml"
        if name in named[:i]:
            place = manifest[0].place(("questions", i))
            problems.append(
                Problem(place, "E309", f"question `{name}` is listed twice", "remove one")
            )
            continue
        if not _is_there(path):
            known = sorted(p.stem for p in folder.glob("*.yaml"))
            place = manifest[0].place(("questions", i))
            message = f"there is no file for question `{name}`"
            problems.append(Problem(place, "E301", message, did_you_mean(name, known)))
            continue
        found = _one(path, label, Question, problems)
        if found is not None:
            if found[1].question != name:
                message = f"question `{found[1].question}` stands in the file of `{name}`"
                problems.append(
                    Problem(found[0].place(("question",)), "E301", message, "give both one name")
                )
            questions[name] = found
    known_files = {*_NO_QUESTION, *(f"{q}.yaml" for q in named)}
    for extra in sorted(p.name for p in folder.glob("*.y*ml") if p.name not in known_files):
        problems.append(
            Problem(
                Place(f"{label}/{extra}", 1),
                "E308",
                f"file `{extra}` is no part of the pack",
                "list its question in pack.yaml, or take it out",
            )
        )
    return _Files(
        manifest,
        questions,
        series[1] if series else SeriesFile(),
        series[0] if series else None,
        indicators[1] if indicators else IndicatorFile(),
        indicators[0] if indicators else None,
    )


def _one(
    path: FilePath, label: str, model: type[M], problems: list[Problem]
) -> tuple[Document, M] | None:
    document, found = read_yaml(path, f"{label}/{path.name}")
    problems.extend(found)
    if document is None:
        return None
    value, found = fit(model, document.data, document)
    problems.extend(found)
    return None if value is None else (document, value)


def _optional(
    path: FilePath, label: str, model: type[M], problems: list[Problem]
) -> tuple[Document, M] | None:
    return _one(path, label, model, problems) if _is_there(path) else None


def _is_there(path: FilePath) -> bool:
    """Whether the folder has an entry of this name: a link that leads nowhere is one."""
    return path.exists() or path.is_symlink()


def _resolve(files: _Files, problems: list[Problem]) -> Pack:
    _, manifest = files.manifest
    questions = {name: question for name, (_, question) in files.questions.items()}
    criteria = _criteria(files, problems)
    topics = _topics(files, problems)
    base = Pack(
        manifest=manifest,
        questions=questions,
        criteria=criteria,
        series=files.series.series,
        caveats=files.series.caveats,
        indicators=files.indicators.indicators,
        rules={},
        limiters={},
        topics=topics,
        places=_places(files),
    )
    problems.extend(_unknown_references(files, base))
    resolver = _PackResolver(files, base, problems)
    rules = {rule.id: rule for rule in resolver.rules()}
    return Pack(**{**vars(base), "rules": rules, "limiters": resolver.limiters})


def _criteria(files: _Files, problems: list[Problem]) -> dict[str, PlacedCriterion]:
    criteria: dict[str, PlacedCriterion] = {}
    taken = {q: document.place(("question",)) for q, (document, _) in files.questions.items()}
    for question, (document, model) in files.questions.items():
        if question == OVERALL:
            message = "`overall` is the name of the overall judgment"
            problems.append(Problem(taken[question], "E309", message, "rename the question"))
        for sub, sub_question in model.sub_questions.items():
            path: Path = ("sub-questions", sub)
            _take(sub, document.key_place(path), taken, problems)
            for name, criterion in sub_question.criteria.items():
                place = document.key_place((*path, "criteria", name))
                _take(name, place, taken, problems)
                criteria[name] = PlacedCriterion(name, question, sub, criterion, place)
            if sub_question.criteria and not any(c.core for c in sub_question.criteria.values()):
                problems.append(
                    Problem(
                        document.key_place(path),
                        "E310",
                        f"sub-question `{sub}` has no core criterion",
                        "mark at least one criterion `core: true`",
                    )
                )
    return criteria


def _take(name: str, place: Place, taken: dict[str, Place], problems: list[Problem]) -> None:
    if name in taken:
        message = f"`{name}` is used twice in the pack"
        problems.append(Problem(place, "E309", message, f"first used at {taken[name]}"))
    taken.setdefault(name, place)


def _topics(files: _Files, problems: list[Problem]) -> dict[str, str | None]:
    topics: dict[str, str | None] = {}
    taken: dict[str, Place] = {}
    for document, model in files.questions.values():
        for sub, sub_question in model.sub_questions.items():
            path: Path = ("sub-questions", sub)
            for topic in sub_question.topics:
                _take(topic, document.key_place((*path, "topics", topic)), taken, problems)
                topics[topic] = None
            for name, criterion in sub_question.criteria.items():
                for topic in criterion.topics:
                    place = document.key_place((*path, "criteria", name, "topics", topic))
                    _take(topic, place, taken, problems)
                    topics[topic] = name
    return topics


def _places(files: _Files) -> dict[str, Place]:
    places = {OVERALL: files.manifest[0].key_place(("overall",))}
    for name, (document, question) in files.questions.items():
        places[name] = document.place(("question",))
        for sub in question.sub_questions:
            places[sub] = document.key_place(("sub-questions", sub))
    if files.indicators_document is not None:
        for name in files.indicators.indicators:
            places[f"indicator.{name}"] = files.indicators_document.key_place(("indicators", name))
    return places


def _unknown_references(files: _Files, pack: Pack) -> Iterator[Problem]:
    """Names outside conditions that nothing answers to."""
    document, manifest = files.manifest
    ladders, tests = tuple(manifest.ladders), tuple(manifest.criterion_tests)

    def missing(
        doc: Document, path: Path, name: str | None, known: Iterable[str], what: str, code: str
    ) -> Iterator[Problem]:
        names = tuple(known)
        if name is not None and name not in names:
            yield Problem(
                doc.place(path), code, f"unknown {what} `{name}`", known_instead(name, names)
            )

    yield from missing(
        document, ("sub-question-ladder",), manifest.sub_question_ladder, ladders, "ladder", "E311"
    )
    if manifest.overall is not None:
        yield from missing(
            document, ("overall", "ladder"), manifest.overall.ladder, ladders, "ladder", "E311"
        )
    for name, ladder in manifest.ladders.items():
        for grade in ladder.rungs:
            if grade not in pack.grades:
                place = document.key_place(("ladders", name, "rungs", grade))
                hint = known_instead(grade, pack.grades)
                yield Problem(place, "E306", f"unknown grade `{grade}`", hint)
        for limiter, model in ladder.limiters.items():
            path: Path = ("ladders", name, "limiters", limiter, "at-best")
            yield from missing(document, path, model.at_best, pack.grades, "grade", "E306")
        yield from _rungs_in_order(document, name, tuple(ladder.rungs), pack.grades)
        yield from _last_rung_is_sure(document, name, ladder)
    for name in manifest.findings:
        if name in _OUTCOME_RULES:
            place = document.key_place(("findings", name))
            message = f"`{name}` is the name of an outcome"
            yield Problem(place, "E309", message, "rename the finding")
    for doc, question in files.questions.values():
        yield from missing(doc, ("ladder",), question.ladder, ladders, "ladder", "E311")
        yield from missing(
            doc, ("criterion-test",), question.criterion_test, tests, "criterion test", "E312"
        )
        for sub, sub_question in question.sub_questions.items():
            for criterion_id, criterion in sub_question.criteria.items():
                at: Path = ("sub-questions", sub, "criteria", criterion_id)
                yield from missing(
                    doc, (*at, "test"), criterion.test, tests, "criterion test", "E312"
                )
                if criterion.meets is None and not (criterion.test or question.criterion_test):
                    yield Problem(
                        doc.key_place(at),
                        "E312",
                        f"criterion `{criterion_id}` has no conditions",
                        "name a `test`, or give it `meets` and `falls-short`",
                    )
    if files.series_document is not None:
        for name, series in files.series.series.items():
            for i, caveat in enumerate(series.caveats):
                path = ("series", name, "caveats", i)
                yield from missing(
                    files.series_document, path, caveat, pack.caveats, "caveat", "E313"
                )
    if files.indicators_document is not None:
        for name, indicator in pack.indicators.items():
            for i, slug in enumerate(indicator.series):
                path = ("indicators", name, "series", i)
                yield from missing(
                    files.indicators_document, path, slug, pack.series, "series", "E314"
                )
            for i, topic in enumerate(indicator.topics):
                path = ("indicators", name, "topics", i)
                yield from missing(
                    files.indicators_document, path, topic, pack.topics, "topic", "E304"
                )


def _rungs_in_order(
    document: Document, name: str, rungs: tuple[str, ...], grades: tuple[str, ...]
) -> Iterator[Problem]:
    known = [grades.index(rung) for rung in rungs if rung in grades]
    if known != sorted(known):
        place = document.key_place(("ladders", name, "rungs"))
        yield Problem(
            place,
            "E315",
            f"the rungs of ladder `{name}` are not in the order of the scale",
            "write the best grade first",
        )


def _last_rung_is_sure(document: Document, name: str, ladder: Ladder) -> Iterator[Problem]:
    grade, condition = list(ladder.rungs.items())[-1]
    if not isinstance(condition, Otherwise):
        yield Problem(
            document.place(("ladders", name, "rungs", grade)),
            "E318",
            f"ladder `{name}` may end without a grade",
            f"write `{grade}: {{otherwise: true}}`, or add a rung below it",
        )


def _undeciding(pack: Pack) -> dict[str, str]:
    """The indicators that rest on evidence that decides nothing, and why each does."""
    return {
        name: why
        for name, indicator in pack.indicators.items()
        if (why := _why_undeciding(indicator, pack))
    }


def _why_undeciding(indicator: Indicator, pack: Pack) -> str:
    policy = pack.manifest.evidence_policy.roles
    for slug in indicator.series:
        if slug in pack.series and pack.series[slug].role not in MATCHED_ROLES:
            return f"series `{slug}` is {pack.series[slug].role}"
    surveys = [role for kind, role in policy.items() if kind.startswith("survey/")]
    if indicator.method == "survey" and not MATCHED_ROLES.intersection(surveys):
        return f"surveys are {listed(sorted(set(surveys)) or ['context-only'], 'and')}"
    fieldwork = policy.get("fieldwork", "context-only")
    if indicator.method == "tally" and fieldwork not in MATCHED_ROLES:
        return f"fieldwork is {fieldwork}"
    return ""


class _PackResolver:
    """Walks a pack and resolves each condition in its scope."""

    def __init__(self, files: _Files, pack: Pack, problems: list[Problem]) -> None:
        self.files, self.pack = files, pack
        self.manifest_document = files.manifest[0]
        self.problems = problems
        self.undeciding = _undeciding(pack)
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
            undeciding=self.undeciding,
        )
