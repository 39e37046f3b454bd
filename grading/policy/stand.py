"""The inspection that a case stands for: the records that its `given` makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path as FilePath
from typing import TypeVar

from grading.derive.derive import SCALES, Derivation, derive
from grading.derive.indicators import Derived
from grading.derive.standing import Roles
from grading.evidence.check import record_problems
from grading.evidence.evidence import Evidence, Placed, PlacedNotGraded
from grading.evidence.records import (
    CarriedForward,
    FileReview,
    Inspection,
    Metric,
    Mitigation,
    NotGraded,
    Observation,
    Period,
    Plan,
    Previous,
    Survey,
)
from grading.policy.given import Answer, Earlier, Figure, Figures, Given, Seen
from grading.policy.lines import Lines
from grading.policy.smallest import Shorthand
from grading.rules.loaded import Pack
from grading.rules.pack import Kind

R = TypeVar("R", Observation, FileReview, Metric, Survey, Previous)

BODY = "own"
"""The inspected body of every case; its figures are written under this name."""

_SAID = "given by the case"
_KINDS: frozenset[Kind] = frozenset({"fieldwork", "file-review", "survey", "metric", "previous"})


@dataclass(frozen=True)
class Stand:
    """The evidence that a case stands for, and the indicators that it sets without records."""

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


def stand(given: Given, shorthand: Shorthand, lines: Lines) -> Stand:
    """The inspection that a case stands for. What the case gets wrong is kept as problems."""
    pack = shorthand.pack
    _check(given, pack, lines)
    plain = Stand(_evidence(given, pack, lines), dict(_indicators(given, pack, lines)))
    found = list(record_problems(plain.evidence, pack))
    lines.problems.extend(found)
    if found:
        return plain
    shown = shorthand.observations(given, plain.derivation(pack).facts, lines)
    observations = [
        _observation(f"shown-{number}", seen, lines.under(*path))
        for number, (seen, path) in enumerate(shown, 1)
    ]
    every = (*plain.evidence.observations, *observations)
    return replace(plain, evidence=replace(plain.evidence, observations=every))


def _check(given: Given, pack: Pack, lines: Lines) -> None:
    """Keep a problem for each name of the inspection that the pack does not have."""
    if isinstance(given.searched, tuple):
        for i, topic in enumerate(given.searched):
            lines.under("searched", i).known("topic", topic, pack.topics)
    for question in given.carried_forward:
        at = lines.under("carried-forward", question)
        at.known("graded question", question, pack.graded, key=True)
    for question, value in given.not_graded.items():
        at = lines.under("not-graded", question)
        at.known("graded question", question, pack.graded, key=True)
        at.known("value", value, pack.manifest.scale.not_grades)


def _evidence(given: Given, pack: Pack, lines: Lines) -> Evidence:
    """The inspection and its records, without those that the shorthand stands for."""
    observations = [
        _observation(f"o-{i + 1}", seen, lines.under("observations", i))
        for i, seen in enumerate(given.observations)
    ]
    earlier = [
        _previous(f"p-{i + 1}", item, lines.under("previous", i))
        for i, item in enumerate(given.previous)
    ]
    return Evidence(
        folder=FilePath(lines.document.file),
        inspection=_inspection(given, pack),
        observations=tuple(observations),
        metrics=tuple(_metrics(given.figures, pack, lines.under("figures"), "m")),
        surveys=tuple(
            _survey(f"s-{i + 1}", answer, lines.under("surveys", i))
            for i, answer in enumerate(given.surveys)
        ),
        previous=(*earlier, *_carried(given, pack, lines)),
        table=tuple(_metrics(given.table, pack, lines.under("table"), "t")),
        gathered=_KINDS - set(given.not_gathered),
        not_graded={
            question: PlacedNotGraded(
                NotGraded(question=question, value=value, because=_SAID),
                lines.under("not-graded", question).place,
            )
            for question, value in given.not_graded.items()
        },
    )


def _inspection(given: Given, pack: Pack) -> Inspection:
    day = pack.manifest.in_force.from_
    return Inspection(
        id="case",
        body=BODY,
        body_name="The inspected body",
        framework=pack.manifest.framework,
        pack=pack.manifest.id,
        synthetic=True,
        fieldwork=Period(from_=day, to=given.as_of or day),
        as_of=given.as_of or day,
        source=_SAID,
        plan=Plan(
            coverage=given.coverage, searched=() if given.searched == "none" else given.searched
        ),
        carried_forward=tuple(
            CarriedForward(question=question, record=f"carried-{number}")
            for number, question in enumerate(given.carried_forward, 1)
        ),
    )


def _observation(name: str, seen: Seen, lines: Lines) -> Placed[Observation] | Placed[FileReview]:
    coded = {
        "id": name,
        "topic": seen.supports or seen.contradicts,
        "direction": "supports" if seen.supports else "contradicts",
        **{scale: getattr(seen, scale) for scale in SCALES},
        "mitigation": Mitigation(says=_SAID, weight="fully") if seen.mitigated else None,
        "statement": _SAID,
        "heading": _SAID,
    }
    if seen.kind == "fieldwork":
        observed = Observation.model_validate({**coded, "method": "observation"})
        return _placed("fieldwork", observed, lines)
    reviewed = FileReview.model_validate({**coded, "sampling": "random", "quantified": False})
    return _placed("file-review", reviewed, lines)


def _metrics(figures: Figures, pack: Pack, lines: Lines, name: str) -> Iterator[Placed[Metric]]:
    """The records of figures, their ids after a name."""
    number = 0
    for series, bodies in figures.items():
        for body, written in bodies.items():
            for figure in written if isinstance(written, tuple) else (written,):
                number += 1
                said: dict[str, object] = {
                    "id": f"{name}-{number}",
                    "series": series,
                    "body": body,
                    "unit": pack.series[series].unit if series in pack.series else "count",
                    "comparator": body != BODY and name == "m",
                    "caveats": (),
                    "heading": _SAID,
                    **dict.fromkeys(("release", "locator", "note"), ""),
                    **_figure(figure).model_dump(by_alias=True),
                }
                yield _placed("metric", Metric.model_validate(said), lines.under(series, body))


def _figure(figure: Decimal | str | Figure) -> Figure:
    """A figure of which a case may say no more than the value, or that it is missing."""
    match figure:
        case Figure():
            return figure
        case Decimal():
            return Figure(value=figure)
        case _:
            return Figure(status="missing", reason=_SAID)


def _survey(name: str, answer: Answer, lines: Lines) -> Placed[Survey]:
    said = {
        **answer.model_dump(include={"survey", "item", "answer", "sampling"}),
        "id": name,
        "value": answer.share,
        "unit": "percent",
        "n": answer.answers,
        "status": "ok",
        "heading": _SAID,
        **dict.fromkeys(("from", "to")),
        **dict.fromkeys(("population", "weighting", "reason", "locator", "note"), ""),
    }
    return _placed("survey", Survey.model_validate(said), lines)


def _previous(name: str, item: Earlier, lines: Lines) -> Placed[Previous]:
    said = {**item.model_dump(), "id": name, "statement": _SAID, "heading": _SAID}
    return _placed("previous", Previous.model_validate(said), lines)


def _carried(given: Given, pack: Pack, lines: Lines) -> Iterator[Placed[Previous]]:
    """The judgments that are carried forward, as those of the year before."""
    year = (given.as_of or pack.manifest.in_force.from_).year - 1
    for number, (question, grade) in enumerate(given.carried_forward.items(), 1):
        item = Earlier(kind="judgment", question=question, grade=grade, raised=year)
        yield _previous(f"carried-{number}", item, lines.under("carried-forward", question))


def _indicators(given: Given, pack: Pack, lines: Lines) -> Iterator[tuple[str, Derived]]:
    for name, value in given.indicators.items():
        at = lines.under("indicators", name)
        if not at.known("indicator", name, pack.indicators, key=True):
            continue
        indicator = pack.indicators[name]
        yield (
            name,
            Derived(
                id=name,
                title=indicator.title,
                unit=indicator.unit,
                value=value,
                reason="",
                records=(),
                standings=Roles(pack).of_indicator(pack.indicators[name]),
                shown=_SAID,
            ),
        )


def _placed(kind: Kind, record: R, lines: Lines) -> Placed[R]:
    return Placed(kind, record, lines.document, lines.path)
