"""Statements: without a figure, against each other, and weaknesses that nothing answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grading.evidence.checks.figures import Material, during
from grading.evidence.checks.outcome import Outcome, found, held, named, some
from grading.evidence.evidence import Placed
from grading.evidence.records import FileReview, Metric, Observation
from grading.rules.checks import ClaimCheck, OppositesCheck, Severity

Coded = Placed[Observation] | Placed[FileReview]
_WORD = re.compile(r"[^\W_]+")
_NOT_THERE = ("missing", "unavailable", "excluded")


def _words(placed: Coded) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(placed.record.statement))


def _folded(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)


def claims(material: Material) -> Iterator[Outcome]:
    """A claim of a level or trend has a figure behind it.

    bad: "visits are quick", where the body could not supply the times of visits
    good: the same, and a figure
    """
    body = material.evidence.inspection.body
    by_topic: dict[str, list[Coded]] = {}
    for placed in material.evidence.observations:
        by_topic.setdefault(placed.record.topic, []).append(placed)
    absent: dict[str, list[Placed[Metric]]] = {}
    for metric in material.evidence.metrics:
        if metric.record.body == body and metric.record.status in _NOT_THERE:
            absent.setdefault(metric.record.series, []).append(metric)
    for name, check in material.pack.checks.items():
        if not isinstance(check, ClaimCheck):
            continue
        words = _folded(check.words)
        said = [
            placed
            for topic in check.topics
            for placed in by_topic.get(topic, ())
            if placed.record.direction != "neutral" and words & _words(placed)
        ]
        figures = [f for series in check.figures for f in material.of(series) if f.body == body]
        gone = [metric for series in check.figures for metric in absent.get(series, ())]
        if said and figures:
            records = [*said, *(m for f in figures for m in f.records)]
            yield held("C116", name, check.says, records)
        elif said and gone:
            reasons = some({m.record.reason for m in gone}, "; ")
            yield found(
                "C116",
                check.severity or "warning",
                f"{named(said)} {'speaks' if len(said) == 1 else 'speak'} of a level or trend"
                f" whose figure is not there ({named(gone)}: {reasons}): {check.says}",
                "obtain the figure, or rest the statement on something else",
                [*said, *gone],
                name,
            )


def figures_not_printed(material: Material) -> Iterator[Outcome]:
    """A figure that is not printed is recorded as unavailable, which is neither zero nor no.

    bad: a chart read off by eye
    good: the chart, `unavailable`
    """
    claimed = {
        series
        for check in material.pack.checks.values()
        if isinstance(check, ClaimCheck)
        for series in check.figures
    }
    for metric in material.evidence.metrics:
        record = metric.record
        if record.status not in _NOT_THERE:
            continue
        what = f"`{record.series}` of {record.body}{during((record.from_, record.to))}"
        says = f"{what} has no figure ({record.id}): {record.reason}"
        if "chart" in record.reason.casefold().split():
            settle = "obtain the table behind the chart; until then it is neither zero nor no"
            yield found("C118", "info", says, settle, [metric])
        elif record.series not in claimed:
            settle = "obtain the figure; until then the statement stands without one"
            yield found("C117", "info", says, settle, [metric])


def opposites(material: Material) -> Iterator[Outcome]:
    """What is said in favour of a thing is not said against it elsewhere.

    bad: "assessments are consistent" here, "assessments are inconsistent" there
    good: one of the two
    """
    for name, check in material.pack.checks.items():
        if not isinstance(check, OppositesCheck):
            continue
        about = _folded(check.about)
        sides = {"supports": _folded(check.supports), "contradicts": _folded(check.contradicts)}
        said: dict[str, list[Coded]] = {"supports": [], "contradicts": []}
        for placed in material.evidence.observations:
            words = _words(placed)
            if about & words and sides.get(placed.record.direction, frozenset()) & words:
                said[placed.record.direction].append(placed)
        records = [*said["supports"], *said["contradicts"]]
        if said["supports"] and said["contradicts"]:
            yield found(
                "C119",
                check.severity or "warning",
                f"{check.says}: {named(said['supports'])} in favour,"
                f" {named(said['contradicts'])} against",
                "say to what each statement applies, or correct one",
                records,
                name,
            )
        elif records:
            yield held("C119", name, check.says, records)


def coded_against(material: Material) -> Iterator[Outcome]:
    """Of the same subjects, what holds of most does not fail for most.

    bad: shown by all of a team, and not shown by most of the same team
    good: shown by most of a team, and not shown by some
    """
    coding = material.pack.manifest.coding
    extents = tuple(coding.extent) if coding else ()
    wide = frozenset(extents[len(extents) // 2 :])
    groups: dict[tuple[str, str], dict[str, list[Coded]]] = {}
    for placed in material.evidence.observations:
        subjects = getattr(placed.record, "subjects", None)
        if subjects is not None and placed.record.extent in wide:
            own = groups.setdefault((placed.record.topic, subjects), {})
            own.setdefault(placed.record.direction, []).append(placed)
    for (topic, subjects), own in sorted(groups.items()):
        if own.get("supports") and own.get("contradicts"):
            records = [*own["supports"], *own["contradicts"]]
            yield found(
                "C119",
                "warning",
                f"`{topic}` holds of most of “{subjects}” ({named(own['supports'])}) and fails for"
                f" most of them ({named(own['contradicts'])})",
                "say to whom each statement applies, or correct one",
                records,
            )


def weaknesses(material: Material) -> Iterator[Outcome]:
    """A weakness is mitigated, answered by an area for improvement, or accepted with a reason.

    bad: a moderate weakness, and nothing more
    good: a moderate weakness with a mitigation
    """
    coding = material.pack.manifest.coding
    mild = tuple(coding.severity)[:1] if coding else ()
    raised = {
        placed.record.topic: placed
        for placed in material.evidence.previous
        if placed.record.kind != "judgment" and placed.record.status == "unresolved"
    }
    for placed in material.evidence.observations:
        record = placed.record
        if record.direction != "contradicts":
            continue
        if record.mitigation is not None:
            yield held("C120", "C120", f"{record.id} is mitigated", [placed])
        elif record.topic in raised:
            earlier = raised[record.topic]
            says = f"{record.id} belongs to what {earlier.record.id} raised"
            yield held("C120", "C120", says, [placed, earlier])
        else:
            grave = record.severity is not None and record.severity not in mild
            severity: Severity = "warning" if grave else "info"
            yield found(
                "C120",
                severity,
                f"{record.id} is a weakness on `{record.topic}`"
                f" ({record.severity or 'severity not coded'}) with no area for improvement and no"
                " mitigation",
                "record what mitigates it, raise it, or accept it with a reason in answers.yaml",
                [placed],
            )
