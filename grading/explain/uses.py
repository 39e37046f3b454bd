"""What a record is used in: the outcomes, figures, findings, limiters and judgments that it supports."""

from __future__ import annotations

from collections.abc import Iterator

from grading.explain.asked import asked
from grading.explain.because import Because
from grading.explain.causes import causes
from grading.explain.criteria import Criteria
from grading.explain.english import capital, quoted
from grading.explain.headlines import headline, said_of, title
from grading.explain.judgments import Judgments
from grading.explain.lacks import tests_of
from grading.explain.rungs import measured_limiter
from grading.judge.judgments import Grading, Judgment
from grading.rules.definition import shows
from grading.rules.rule import Compared, Sought, leaves


def uses(
    grading: Grading, criteria: Criteria, judgments: Judgments, record: str
) -> Iterator[Because]:
    """A step for each thing that rests on the record, what is nearest to it first."""
    yield from _mitigates(grading, record)
    yield from _figures(grading, judgments, record)
    for criterion in _near(grading, record):
        placed = grading.pack.criteria[criterion]
        does = _does(grading, criterion, record)
        if does:
            judged = grading.judgments[placed.question]
            below = Because(
                f"It counts towards: {headline(grading.pack, judged)}.", place=placed.place
            )
            found = [
                Because(f"{said_of(grading, f)}.", place=grading.pack.rules[f.rule].place)
                for f in grading.findings.values()
                if f.criterion == criterion
            ]
            text = f"{criteria.headline(criterion)}; this record {does}."
            yield Because(text, (*found, below), place=placed.place)
    yield from _weighs(grading, record)
    yield from _earlier(grading, judgments, record)


def _near(grading: Grading, record: str) -> Iterator[str]:
    """The criteria whose rules can see the record, or a figure that it belongs to."""
    facts = grading.fired.facts
    topics = {t for t, about in facts.records.items() if any(r.id == record for r in about)}
    figures = {name for name, i in facts.indicators.items() if record in i.records}
    for criterion in grading.pack.criteria:
        nodes = [n for rule in tests_of(grading.pack, criterion) for n in leaves(rule.body)]
        if any(isinstance(n, Sought) and topics.intersection(n.topics) for n in nodes) or any(
            isinstance(n, Compared) and n.indicator in figures for n in nodes
        ):
            yield criterion


def _weighs(grading: Grading, record: str) -> Iterator[Because]:
    """The judgments whose ladders look for what the record shows themselves."""
    facts = grading.fired.facts
    found = next((r for about in facts.records.values() for r in about if r.id == record), None)
    if found is None:
        return
    for owner, judged in {**grading.judgments, **grading.sub_questions}.items():
        rules = [rule for rule in grading.pack.rules.values() if rule.owner == owner]
        for node in dict.fromkeys(n for rule in rules for n in leaves(rule.body)):
            if (
                isinstance(node, Sought)
                and found.topic in node.topics
                and shows(found, node, left_out=False)
            ):
                says = capital(asked(node, grading.pack))
                yield Because(f"{says}, which counts for: {title(judged)}.", place=node.place)


_DOES = (  # of a test of the criterion, what it comes to, and what a record does that it rests on
    ("exceeds", True, "speaks for it"),
    ("meets", True, "speaks for it"),
    ("falls-short", True, "speaks against it"),
    ("meets", False, "speaks against it"),
    ("exceeds", False, "keeps it from more"),
)


def _does(grading: Grading, criterion: str, record: str) -> str:
    """What a record does for the outcome of a criterion; nothing where it rests on others."""
    facts, pack = grading.fired.facts, grading.pack
    for name, truth, does in _DOES:
        rule = pack.rules.get(f"{criterion}.{name}")
        if rule is None or grading.fired.verdicts[rule.id].settled is not truth:
            continue
        if record in causes(rule.body, facts):
            return does
    return ""


def _figures(grading: Grading, judgments: Judgments, record: str) -> Iterator[Because]:
    for name, derived in grading.derivation.indicators.items():
        if record not in derived.records:
            continue
        place = grading.pack.places.get(f"indicator.{name}")
        yield Because(f"{judgments.figures.said(name)}.", place=place)
        for owner, judged in {**grading.judgments, **grading.sub_questions}.items():
            if name in judgments.asked(owner):
                yield Because(
                    f"{headline(grading.pack, judged)}.", place=grading.pack.places.get(owner)
                )


def _mitigates(grading: Grading, record: str) -> Iterator[Because]:
    for placed in grading.evidence.observations:
        mitigation = placed.record.mitigation
        if mitigation is not None and record in mitigation.records:
            says = placed.record.statement.rstrip(".")
            text = f"{capital(mitigation.weight)} mitigates the weakness {quoted(says)}"
            yield Because(text, record=placed.record.id, place=placed.place)


def _earlier(grading: Grading, judgments: Judgments, record: str) -> Iterator[Because]:
    """The judgments that an earlier record limits, is set beside, or is carried forward into."""
    found = next((p for p in grading.evidence.previous if p.record.id == record), None)
    if found is None:
        return
    for owner, judged in grading.judgments.items():
        place = grading.pack.places.get(owner)
        if judged.carried_from == record:
            yield Because(f"{headline(grading.pack, judged)}, carried forward.", place=place)
        elif judged.trend.record == record:
            yield Because(f"{title(judged)} is set beside it: {judged.trend.says}.", place=place)
        yield from _limits(grading, judgments, judged, record)
    for finding in grading.findings.values():
        if record in finding.previous:
            place = grading.pack.rules[finding.rule].place
            yield Because(f"{said_of(grading, finding)}.", place=place)


def _limits(
    grading: Grading, judgments: Judgments, judged: Judgment, record: str
) -> Iterator[Because]:
    for limited in judged.limiters:
        members = {m for x in measured_limiter(grading, limited) for m in x.members}
        if limited.bites and record in members:
            text = judgments.ladders.limiter(limited).text
            yield Because(f"{title(judged)}: {text}", place=limited.limiter.place)
