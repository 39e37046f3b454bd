"""What is thin or missing in the evidence of an inspection, while there is time to collect it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grading.derive.independence import Coded, day, independent, method, same_words
from grading.derive.standing import Roles
from grading.evidence.records import Observation
from grading.explain.narrowing import Missing, narrowing
from grading.judge.judgments import Grading
from grading.rules.loaded import PlacedCriterion
from grading.rules.pack import Kind
from grading.rules.rule import Compared, leaves

_TESTS = ("exceeds", "meets", "falls-short")


@dataclass(frozen=True)
class Covered:
    """How much evidence there is on a criterion, and where the pack finds it thin.

    `independent` counts observations of which any two differ in subjects, method or day. `kinds`
    has those of figures that the criterion asks about as well.
    """

    criterion: PlacedCriterion
    possible: tuple[str, ...]
    records: tuple[str, ...]
    independent: int
    kinds: tuple[str, ...]
    methods: tuple[str, ...]
    sites: tuple[str, ...]
    days: tuple[str, ...]
    not_searched: tuple[str, ...]
    thin: tuple[tuple[str, int, int], ...]  # what, how many there are, how many there should be

    @property
    def open(self) -> bool:
        """Whether it may have more than one outcome."""
        return len(self.possible) > 1


@dataclass(frozen=True)
class Lead:
    """A record that only opens an enquiry, and whether a deciding observation followed it.

    Without a topic nothing can follow: the pack does not say what the lead is on.
    """

    record: str
    kind: Kind
    says: str
    topic: str | None
    followed_by: tuple[str, ...]


@dataclass(frozen=True)
class Gaps:
    """What an inspection lacks. `least` is what the pack asks of each criterion; empty where it does not."""

    grading: Grading
    least: dict[str, int]
    criteria: tuple[Covered, ...]
    missing: tuple[Missing, ...]
    leads: tuple[Lead, ...]

    @property
    def thin(self) -> tuple[Covered, ...]:
        """The criteria with less evidence than the pack asks for."""
        return tuple(covered for covered in self.criteria if covered.thin)

    @property
    def not_followed(self) -> tuple[Lead, ...]:
        """The leads that no deciding observation followed."""
        return tuple(lead for lead in self.leads if not lead.followed_by)


def gaps(grading: Grading) -> Gaps:
    """The gaps of an inspection: coverage of each criterion, missing records, leads."""
    thin = grading.pack.manifest.evidence_policy.thin
    least = thin.least() if thin else {}
    return Gaps(
        grading,
        least,
        tuple(_covered(grading, c, least) for c in grading.pack.criteria.values()),
        narrowing(grading.pack, grading.derivation.facts),
        tuple(_leads(grading)),
    )


def _covered(grading: Grading, criterion: PlacedCriterion, least: dict[str, int]) -> Covered:
    facts = grading.fired.facts
    topics = criterion.written.topics
    seen = {r.id for t in topics for r in facts.records.get(t, ()) if not r.withdrawn}
    about = [p for p in grading.evidence.observations if p.record.id in seen]
    numbers = {
        "observations": independent(about),
        "kinds": len(kinds := sorted({p.kind for p in about} | _kinds(grading, criterion.id))),
        "methods": len(methods := sorted({m for p in about if (m := method(p))})),
        "sites": len(sites := sorted({s for p in about if (s := _site(p))})),
        "days": len(days := sorted({d.isoformat() for p in about if (d := day(p))})),
    }
    searched = grading.evidence.inspection.plan.searched
    return Covered(
        criterion=criterion,
        possible=tuple(sorted(facts.outcomes[criterion.id])),
        records=tuple(sorted(seen)),
        independent=numbers["observations"],
        kinds=tuple(kinds),
        methods=tuple(methods),
        sites=tuple(sites),
        days=tuple(days),
        not_searched=()
        if searched == "all"
        else tuple(topic for topic in topics if topic not in searched),
        thin=tuple((w, numbers[w], least[w]) for w in numbers if numbers[w] < least.get(w, 0)),
    )


def _kinds(grading: Grading, criterion: str) -> set[str]:
    """The kinds of the figures that a criterion asks about, where there are figures."""
    rules, known = grading.pack.rules, grading.derivation.facts.indicators
    bodies = [rules[name].body for test in _TESTS if (name := f"{criterion}.{test}") in rules]
    asked = {n.indicator for b in bodies for n in leaves(b) if isinstance(n, Compared)}
    return {standing.kind for i in asked if i in known for standing in known[i].way}


def _site(placed: Coded) -> str | None:
    record = placed.record
    stated = isinstance(record, Observation) and record.site
    return same_words(stated) if stated else None


def _leads(grading: Grading) -> Iterator[Lead]:
    """Every record whose kind may only open an enquiry, by its id."""
    evidence, pack, roles = grading.evidence, grading.pack, Roles(grading.pack)
    topics = pack.manifest.evidence_policy.leads_to
    dropped = grading.dropped
    for coded in evidence.observations:
        if roles.of(coded.kind).role == "lead-only" and coded.kind not in dropped:
            topic, says = coded.record.topic, coded.record.statement
            yield _lead(grading, coded.record.id, coded.kind, says, topic)
    for row in evidence.surveys:
        survey = row.record
        if roles.survey(survey.sampling).role == "lead-only" and "survey" not in dropped:
            lead_to = topics.get(survey.survey, {}).get(survey.item)
            says = f"{survey.survey}, {survey.item}, {survey.answer}".replace("-", " ")
            yield _lead(grading, survey.id, "survey", says, lead_to)
    for figure in evidence.metrics:
        metric = figure.record
        own = metric.body == evidence.inspection.body and "metric" not in dropped
        if own and pack.series[metric.series].role == "lead-only":
            yield _lead(grading, metric.id, "metric", pack.series[metric.series].title, None)


def _lead(grading: Grading, record: str, kind: Kind, says: str, topic: str | None) -> Lead:
    about = grading.derivation.facts.records.get(topic or "", ())
    deciding = [r.id for r in about if not r.withdrawn and r.standing.role == "deciding"]
    return Lead(record, kind, says.rstrip("."), topic, tuple(deciding))
