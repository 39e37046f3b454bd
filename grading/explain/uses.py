"""What a record is used in: the outcomes, figures, findings, limiters and judgments that it supports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

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
from grading.rules.facts import RecordFact
from grading.rules.rule import Compared, Rule, Sought, leaves

_DOES = (  # of a test of the criterion, what it comes to, and what a record does that it rests on
    ("exceeds", True, "speaks for it"),
    ("meets", True, "speaks for it"),
    ("falls-short", True, "speaks against it"),
    ("meets", False, "speaks against it"),
    ("exceeds", False, "keeps it from more"),
)


@dataclass(frozen=True)
class Uses:
    """What each record of one run is used in."""

    grading: Grading
    criteria: Criteria
    judgments: Judgments

    def of(self, record: str) -> Iterator[Because]:
        """A step for each thing that rests on the record, what is nearest to it first."""
        grading = self.grading
        yield from _mitigates(grading, record)
        yield from _figures(grading, self.judgments, record)
        for criterion in self._near.get(record, ()):
            placed = grading.pack.criteria[criterion]
            does = self._does.get((criterion, record))
            if does is not None:
                judged = grading.judgments[placed.question]
                below = Because(
                    f"It counts towards: {headline(grading.pack, judged)}.", place=placed.place
                )
                found = [
                    Because(f"{said_of(grading, f)}.", place=grading.pack.rules[f.rule].place)
                    for f in grading.findings.values()
                    if f.criterion == criterion
                ]
                text = f"{self.criteria.headline(criterion)}; this record {does}."
                yield Because(text, (*found, below), place=placed.place)
        yield from self._weighs(record)
        yield from _earlier(grading, self.judgments, record)

    @cached_property
    def _near(self) -> dict[str, list[str]]:
        """The criteria whose rules can see each record, or a figure that it belongs to."""
        facts, near = self.grading.fired.facts, dict[str, list[str]]()
        for criterion in self.grading.pack.criteria:
            nodes = [
                n for rule in tests_of(self.grading.pack, criterion) for n in leaves(rule.body)
            ]
            topics = {t for n in nodes if isinstance(n, Sought) for t in n.topics}
            figures = {n.indicator for n in nodes if isinstance(n, Compared)}
            seen = {r.id for topic in topics for r in facts.records.get(topic, ())}
            for name in figures.intersection(facts.indicators):
                seen.update(facts.indicators[name].records)
            for record in seen:
                near.setdefault(record, []).append(criterion)
        return near

    @cached_property
    def _does(self) -> dict[tuple[str, str], str]:
        """What a record does for the outcome of a criterion; nothing where it rests on others."""
        fired, does = self.grading.fired, dict[tuple[str, str], str]()
        for criterion in self.grading.pack.criteria:
            for name, truth, what in _DOES:
                rule = self.grading.pack.rules.get(f"{criterion}.{name}")
                if rule is not None and fired.verdicts[rule.id].settled is truth:
                    for record in causes(rule.body, fired.facts):
                        does.setdefault((criterion, record), what)
        return does

    @cached_property
    def _sought(self) -> tuple[tuple[Judgment, tuple[Sought, ...]], ...]:
        """What the ladder of each judgment looks for itself."""
        owned: dict[str, list[Rule]] = {}
        for rule in self.grading.pack.rules.values():
            owned.setdefault(rule.owner, []).append(rule)
        every = {**self.grading.judgments, **self.grading.sub_questions}
        return tuple(
            (
                judged,
                tuple(
                    dict.fromkeys(
                        node
                        for rule in owned.get(owner, ())
                        for node in leaves(rule.body)
                        if isinstance(node, Sought)
                    )
                ),
            )
            for owner, judged in every.items()
        )

    @cached_property
    def _known(self) -> dict[str, RecordFact]:
        """What conditions see of each record."""
        records = self.grading.fired.facts.records.values()
        return {record.id: record for about in records for record in about}

    def _weighs(self, record: str) -> Iterator[Because]:
        """The judgments whose ladders look for what the record shows themselves."""
        found = self._known.get(record)
        if found is None:
            return
        for judged, nodes in self._sought:
            for node in nodes:
                if found.topic in node.topics and shows(found, node, left_out=False):
                    says = capital(asked(node, self.grading.pack))
                    yield Because(f"{says}, which counts for: {title(judged)}.", place=node.place)


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
