"""What a case gives, and the evidence of an inspection that it stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path as FilePath
from typing import Literal, Self

from pydantic import Field, model_validator

from grading.derive.derive import SCALES, Derivation, derive
from grading.derive.indicators import Derived
from grading.derive.standing import Roles
from grading.evidence.load import Evidence, Placed, PlacedNotGraded
from grading.evidence.records import (
    CarriedForward,
    FileReview,
    Inspection,
    Metric,
    Mitigation,
    NotGraded,
    Observation,
    Plan,
    Previous,
    Sampling,
    Survey,
)
from grading.problems import Problem, did_you_mean
from grading.rules.conditions import PreviousStatus
from grading.rules.definition import holds
from grading.rules.facts import MATCHED_ROLES, Facts, RecordFact, Role, Standing
from grading.rules.load import Pack
from grading.rules.pack import Kind, Slug
from grading.rules.stages import outcome
from grading.source import Document, Model, Number, Path

BODY = "own"
"""The inspected body of every case; `own` is also how a case writes its figures."""

_SAID = "given by the case"
_CAUTIOUS: tuple[Role, ...] = ("indicative", "corroborating", "deciding")

Wanted = Literal["exceeds", "meets", "falls-short", "conflicted", "silent"]


class Seen(Model):
    """One observation: `supports` or `contradicts` with its topic, and its coding.

    Without a `kind` it is fieldwork. `mitigated` stands for a mitigation that weighs fully.
    """

    supports: Slug | None = None
    contradicts: Slug | None = None
    extent: Slug | None = None
    maturity: Slug | None = None
    effect: Slug | None = None
    severity: Slug | None = None
    mitigated: Literal[True] | None = None
    kind: Literal["fieldwork", "file-review"] = "fieldwork"

    @model_validator(mode="after")
    def _one_direction(self) -> Self:
        if (self.supports is None) == (self.contradicts is None):
            raise ValueError("an observation says what it `supports` or what it `contradicts`")
        if self.supports is not None and (self.severity or self.mitigated):
            raise ValueError("only an observation that contradicts is severe or mitigated")
        return self


class Answer(Model):
    """A share of the answers in a survey, in per cent, and how its sample was drawn."""

    survey: Slug
    item: Slug
    answer: Slug
    share: Number
    sampling: Sampling


class Earlier(Model):
    """An earlier judgment of a question, or an earlier finding on a topic."""

    kind: Literal["judgment", "area-for-improvement", "cause-of-concern", "suggestion"]
    question: Slug | None = None
    topic: Slug | None = None
    raised: int = Field(ge=1990, le=2100)
    grade: Slug | None = None
    status: PreviousStatus | None = None

    @model_validator(mode="after")
    def _says_what_its_kind_needs(self) -> Self:
        if self.kind == "judgment" and (self.question is None or self.grade is None):
            raise ValueError("an earlier judgment needs its `question` and its `grade`")
        if self.kind != "judgment" and (self.topic is None or self.status is None):
            raise ValueError("an earlier finding needs its `topic` and its `status`")
        return self


class Given(Model):
    """The inspection of a case. What it does not say is the plainest inspection there is:

    every topic was searched (`searched: all`), nothing was cut short (`coverage: full`), every kind
    of evidence was gathered (`not-gathered: []`), and no record says anything beyond those given:
    no observation, no figure, no earlier finding. It is judged as of the pack's first day in force.

    `criteria` and `all-core` stand for the smallest observation, or pair of them, that makes a
    criterion come out so; a criterion of `criteria` is left out of `all-core`. `silent` adds
    nothing. `indicators` sets a value without its records.
    """

    observations: tuple[Seen, ...] = ()
    criteria: dict[Slug, Wanted] = Field(default_factory=dict)
    all_core: dict[Slug, Wanted] = Field(default_factory=dict, alias="all-core")
    figures: dict[Slug, dict[Slug, Number | Literal["missing"]]] = Field(default_factory=dict)
    surveys: tuple[Answer, ...] = ()
    indicators: dict[Slug, Number] = Field(default_factory=dict)
    previous: tuple[Earlier, ...] = ()
    carried_forward: dict[Slug, Slug] = Field(default_factory=dict, alias="carried-forward")
    not_graded: dict[Slug, Slug] = Field(default_factory=dict, alias="not-graded")
    searched: Literal["all", "none"] | tuple[Slug, ...] = "all"
    coverage: Literal["full", "published-summary"] = "full"
    not_gathered: tuple[Kind, ...] = Field(default=(), alias="not-gathered")
    as_of: date | None = Field(default=None, alias="as-of")


@dataclass(frozen=True)
class Stand:
    """The evidence that a case stands for, and the indicators that it sets."""

    evidence: Evidence
    indicators: Mapping[str, Derived]

    def derivation(self, pack: Pack) -> Derivation:
        """What a run derives from the evidence, with the indicators that the case sets."""
        derived = derive(self.evidence, pack)
        facts = {i.id: i.fact for i in self.indicators.values() if i.fact is not None}
        indicators = {**derived.facts.indicators, **facts}
        return Derivation(
            replace(derived.facts, indicators=indicators),
            {**derived.indicators, **self.indicators},
        )


def stand(
    given: Given, pack: Pack, document: Document, path: Path, problems: list[Problem]
) -> Stand:
    """The evidence that a case stands for. What it gets wrong is added to the problems."""
    maker = _Maker(given, pack, document, path, problems)
    plain = Stand(maker.evidence(()), maker.indicators())
    wanted = maker.wanted()
    if not wanted:
        return plain
    shown = maker.shown(wanted, plain.derivation(pack).facts)
    return replace(plain, evidence=maker.evidence(shown))


@dataclass(frozen=True)
class _Maker:
    """Makes the records of one case, each at the line that gives it."""

    given: Given
    pack: Pack
    document: Document
    path: Path
    problems: list[Problem]

    def evidence(self, shown: tuple[tuple[Seen, Path], ...]) -> Evidence:
        """The inspection and its records, with the observations of the shorthand besides."""
        given = self.given
        said = [(seen, ("observations", i)) for i, seen in enumerate(given.observations)]
        observations = [
            self._observation(n, seen, path) for n, (seen, path) in enumerate([*said, *shown], 1)
        ]
        kinds: set[Kind] = {"fieldwork", "file-review", "survey", "metric", "previous"}
        return Evidence(
            folder=FilePath(self.document.file),
            inspection=self._inspection(),
            observations=tuple(observations),
            metrics=tuple(self._metrics()),
            surveys=tuple(self._surveys()),
            previous=tuple(self._previous()),
            gathered=frozenset(kinds - set(given.not_gathered)),
            not_graded={
                question: PlacedNotGraded(
                    NotGraded(question=question, value=value, because=_SAID),
                    self._place(("not-graded", question)),
                )
                for question, value in given.not_graded.items()
            },
        )

    def indicators(self) -> dict[str, Derived]:
        """The indicators that the case sets, each with the standing of what it rests on."""
        found = {}
        for name, value in self.given.indicators.items():
            if not self._known("indicator", name, self.pack.indicators, ("indicators", name)):
                continue
            indicator = self.pack.indicators[name]
            standings = frozenset(self._standings(name))
            found[name] = Derived(
                id=name,
                title=indicator.title,
                unit=indicator.unit,
                value=value,
                reason="",
                records=(),
                standings=standings,
                shown=_SAID,
            )
            if not standings:
                place = self.document.key_place((*self.path, "indicators", name))
                message = f"indicator `{name}` rests on evidence that decides nothing"
                self.problems.append(
                    Problem(place, "E505", message, "give its figures or its survey instead")
                )
        return found

    def wanted(self) -> dict[str, tuple[Wanted, Path]]:
        """What each criterion of the shorthand is to come out as, and where that is written."""
        wanted: dict[str, tuple[Wanted, Path]] = {}
        for question, asked in self.given.all_core.items():
            path: Path = ("all-core", question)
            if self._known("question", question, self.pack.questions, path):
                for criterion in self.pack.criteria_of(question):
                    if self.pack.criteria[criterion].written.core:
                        wanted[criterion] = (asked, path)
        for criterion, asked in self.given.criteria.items():
            path = ("criteria", criterion)
            if self._known("criterion", criterion, self.pack.criteria, path):
                wanted[criterion] = (asked, path)
        return wanted

    def shown(
        self, wanted: Mapping[str, tuple[Wanted, Path]], facts: Facts
    ) -> tuple[tuple[Seen, Path], ...]:
        """The smallest observations that make the criteria come out as wanted."""
        found: list[tuple[Seen, Path]] = []
        for criterion, (asked, path) in wanted.items():
            seen = () if asked == "silent" else self._smallest(criterion, asked, facts)
            if seen is None:
                message = f"no observation alone makes `{criterion}` come out as `{asked}`"
                hint = "give its observations, and the indicators that its conditions ask about"
                place = self.document.key_place((*self.path, *path))
                self.problems.append(Problem(place, "E503", message, hint))
            found += [(one, path) for one in seen or ()]
        return tuple(found)

    def _smallest(self, criterion: str, asked: Wanted, facts: Facts) -> tuple[Seen, ...] | None:
        """The first that fits of a few observations on its topic, those with least coding first."""
        topic = next(iter(self.pack.criteria[criterion].written.topics))
        scales = ("extent", "severity") if asked == "falls-short" else SCALES[:3]
        if asked != "conflicted":
            tried = [(seen,) for seen in self._candidates(topic, scales, asked != "falls-short")]
        else:
            against = list(self._candidates(topic, ("severity",), False))
            tried = [
                (seen, other)
                for other in against
                for seen in self._candidates(topic, SCALES[:3], True)
            ]
        rules = {r.id: r.body for r in self.pack.rules.values() if r.owner == criterion}
        tests = {
            rule: body
            for rule, body in rules.items()
            if self.pack.rules[rule].stage == "criteria"
        }
        for some in tried:
            records = tuple(self._fact(criterion, topic, n, seen) for n, seen in enumerate(some))
            assumed = replace(facts, records={**self._others(criterion, facts), topic: records})
            truths = {rule: holds(body, assumed).settled for rule, body in tests.items()}
            if outcome(self.pack, criterion, truths) == {asked}:
                return some
        return None

    def _others(self, criterion: str, facts: Facts) -> dict[str, tuple[RecordFact, ...]]:
        own = self.pack.criteria[criterion].written.topics
        return {topic: records for topic, records in facts.records.items() if topic not in own}

    def _candidates(self, topic: str, scales: tuple[str, ...], supports: bool) -> Iterator[Seen]:
        """Observations on a topic with every coding there is, the least first."""
        coding = self.pack.manifest.coding
        levels = [(None, *(getattr(coding, scale) if coding else ())) for scale in scales]
        ranks = sorted(
            product(*(range(len(some)) for some in levels)),
            key=lambda rank: (sum(r > 0 for r in rank), sum(rank), rank),
        )
        direction = "supports" if supports else "contradicts"
        for rank in ranks:
            coded = {s: some[r] for s, some, r in zip(scales, levels, rank, strict=True) if r}
            yield Seen.model_validate({direction: topic, **coded})

    def _fact(self, criterion: str, topic: str, number: int, seen: Seen) -> RecordFact:
        coding = self.pack.manifest.coding
        levels = {
            scale: tuple(getattr(coding, scale)).index(getattr(seen, scale)) + 1
            for scale in SCALES
            if getattr(seen, scale) is not None
        }
        return RecordFact(
            id=f"assumed-{number}",
            topic=topic,
            criterion=criterion,
            supports=seen.supports is not None,
            levels=levels,
            mitigated=False,
            standing=Roles(self.pack).of("fieldwork"),
            open=self.given.coverage == "published-summary" and seen.supports is not None,
        )

    def _inspection(self) -> Inspection:
        given, manifest = self.given, self.pack.manifest
        searched = () if given.searched == "none" else given.searched
        for i, topic in enumerate(searched if isinstance(searched, tuple) else ()):
            self._known("topic", topic, self.pack.topics, ("searched", i))
        for question in given.carried_forward:
            self._known("question", question, self.pack.graded, ("carried-forward", question))
        for question, value in given.not_graded.items():
            at: Path = ("not-graded", question)
            self._known("question", question, self.pack.graded, at)
            self._known("value", value, self.pack.manifest.scale.not_grades, at)
        return Inspection(
            id="case",
            body=BODY,
            body_name="The inspected body",
            framework=manifest.framework,
            pack=manifest.id,
            synthetic=True,
            fieldwork={"from": manifest.in_force.from_, "to": manifest.in_force.from_},
            as_of=given.as_of or manifest.in_force.from_,
            source=_SAID,
            plan=Plan(coverage=given.coverage, searched=searched),
            carried_forward=tuple(
                CarriedForward(question=question, record=f"carried-{question}"[:60])
                for question in given.carried_forward
            ),
        )

    def _observation(
        self, number: int, seen: Seen, path: Path
    ) -> Placed[Observation] | Placed[FileReview]:
        coded = {
            "id": f"o-{number}",
            "topic": seen.supports or seen.contradicts,
            "direction": "supports" if seen.supports else "contradicts",
            **{scale: getattr(seen, scale) for scale in SCALES},
            "mitigation": Mitigation(says=_SAID, weight="fully") if seen.mitigated else None,
            "statement": _SAID,
            "heading": _SAID,
        }
        if seen.kind == "fieldwork":
            observation = Observation.model_validate({**coded, "method": "observation"})
            return self._placed("fieldwork", observation, path)
        review = {**coded, "sampling": "random", "quantified": False}
        return self._placed("file-review", FileReview.model_validate(review), path)

    def _metrics(self) -> Iterator[Placed[Metric]]:
        for series, bodies in self.given.figures.items():
            known = self.pack.series.get(series)
            for body, value in bodies.items():
                is_missing = value == "missing"
                record = Metric(
                    id=f"m-{series}-{body}"[:60].strip("-"),
                    series=series,
                    body=body,
                    value=None if isinstance(value, str) else value,
                    unit=known.unit if known else "count",
                    from_=None,
                    to=None,
                    comparator=body != BODY,
                    status="missing" if is_missing else "ok",
                    reason=_SAID if is_missing else "",
                    numerator=None,
                    denominator=None,
                    release="",
                    heading=_SAID,
                    locator="",
                    caveats=(),
                    note="",
                )
                yield self._placed("metric", record, ("figures", series, body))

    def _surveys(self) -> Iterator[Placed[Survey]]:
        for number, answer in enumerate(self.given.surveys, 1):
            record = Survey(
                id=f"s-{number}",
                survey=answer.survey,
                item=answer.item,
                answer=answer.answer,
                value=answer.share,
                unit="percent",
                n=None,
                population="",
                sampling=answer.sampling,
                weighting="",
                from_=None,
                to=None,
                status="ok",
                reason="",
                heading=_SAID,
                locator="",
                note="",
            )
            yield self._placed("survey", record, ("surveys", number - 1))

    def _previous(self) -> Iterator[Placed[Previous]]:
        if "previous" in self.given.not_gathered:
            return
        for number, earlier in enumerate(self.given.previous, 1):
            said = {"id": f"p-{number}", "statement": _SAID, "heading": _SAID}
            record = Previous.model_validate({**earlier.model_dump(), **said})
            yield self._placed("previous", record, ("previous", number - 1))
        year = self.pack.manifest.in_force.from_.year - 1
        for question, grade in self.given.carried_forward.items():
            record = Previous(
                id=f"carried-{question}"[:60],
                kind="judgment",
                question=question,
                grade=grade,
                raised=year,
                statement=_SAID,
                heading=_SAID,
            )
            yield self._placed("previous", record, ("carried-forward", question))

    def _standings(self, name: str) -> Iterator[Standing]:
        """What an indicator rests on; where surveys differ in role, the most cautious of them."""
        indicator, roles = self.pack.indicators[name], self.pack.manifest.evidence_policy.roles
        if indicator.method == "survey":
            possible = {role for kind, role in roles.items() if kind.startswith("survey/")}
            yield from (Standing("survey", r) for r in _CAUTIOUS if r in possible)
            return
        if indicator.method == "tally":
            standing = Roles(self.pack).of("fieldwork")
            yield from (s for s in [standing] if s.role in MATCHED_ROLES)
        for series in indicator.series:
            role = self.pack.series[series].role
            if role in MATCHED_ROLES:
                yield Standing("metric", role)

    def _placed[R](self, kind: Kind, record: R, path: Path) -> Placed[R]:
        whole = (*self.path, *path)
        return Placed(kind, record, self.document.place(whole), self.document, whole)

    def _place(self, path: Path):
        return self.document.place((*self.path, *path))

    def _known(self, what: str, word: str, known: Mapping[str, object], path: Path) -> bool:
        return True
