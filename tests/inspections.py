"""Random small inspections to grade by a random pack: records, sources, figures and earlier findings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from grading.derive.derive import Derivation, derive
from grading.derive.draws import Drawn, Pairs, Share
from grading.derive.intervals import Interval
from grading.evidence.evidence import Evidence, Placed
from grading.evidence.records import (
    FileReview,
    Inspection,
    Metric,
    Observation,
    Previous,
)
from grading.judge.judgments import Grading
from grading.judge.method import grade_facts
from grading.problems import Place
from grading.rules.loaded import Pack
from grading.rules.pack import Kind
from tests.packs import CODING, EARLIER, STATUSES, THRESHOLDS, WORDS, program

HERE = Place("evidence", line=1)
DAY = date(2016, 6, 1)
_LEVELS = st.fixed_dictionaries({}, optional={s: st.sampled_from(w) for s, w in CODING.items()})
_CODED: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        # many on the first topics, so that sources meet there
        "topic": st.integers(0, 2) | st.integers(0, 15),
        "direction": st.sampled_from(["supports", "supports", "contradicts", "neutral"]),
        "levels": _LEVELS,
        "method": st.sampled_from(["interview", "document", "not-stated"]),
        "subjects": st.sampled_from([None, None, "staff", " Staff", "victims"]),
        "site": st.sampled_from([None, "north", "north", "south"]),
        "mitigated": st.sampled_from([None, None, (), (0,), (0, 1)]),
        "review": st.sampled_from([False, False, True]),
    }
)
# two figures of one period are no figure, so often there is one
_FIGURE = st.tuples(st.sampled_from(THRESHOLDS), st.sampled_from(WORDS), st.booleans())
_FIGURES = st.lists(_FIGURE, min_size=1, max_size=1) | st.lists(_FIGURE, max_size=2)
_EARLIER = st.none() | st.lists(
    st.tuples(st.sampled_from(EARLIER), st.sampled_from(STATUSES), st.integers(0, 15)), max_size=3
)
_SHARES = st.integers(2, 30).flatmap(
    lambda n: st.integers(0, n).map(lambda yes: Share(Fraction(yes, n), n))
)
# two or three files: often both reviewers give one answer to all, and then there is no value
_FEW = Pairs(((("no", "no"), 1), (("yes", "no"), 1), (("yes", "yes"), 1)))
_DRAWN: SearchStrategy[Drawn] = _SHARES | st.just(_FEW)
_NEEDED: SearchStrategy[tuple[Kind, ...]] = st.sampled_from([(), ("fieldwork",), ("metric",)])


@st.composite
def inspections(draw: DrawFn, pack: Pack) -> tuple[Pack, Evidence]:
    """The pack, which may need some kinds of evidence, and what an inspection by it may have found."""
    policy = pack.manifest.evidence_policy.model_copy(update={"needed": draw(_NEEDED)})
    manifest = pack.manifest.model_copy(update={"evidence_policy": policy})
    topics = tuple(topic for topic, criterion in pack.topics.items() if criterion)
    coded = draw(st.lists(_CODED, max_size=9))
    observations = [_observed(n, said, topics) for n, said in enumerate(coded)]
    figures = [_figure(n, *said) for n, said in enumerate(draw(_FIGURES))]
    earlier = draw(_EARLIER)
    found = [_earlier(n, *said, topics) for n, said in enumerate(earlier or [])]
    carried: list[dict[str, str]] = []
    if earlier is not None and draw(st.integers(0, 3)) == 0:
        question, grade = pack.graded[0], draw(st.sampled_from(pack.grades))
        carried = [{"question": question, "record": "pv-carried"}]
        found.append(_judged(question, grade))
    searched = draw(st.just("all") | st.frozensets(st.sampled_from(topics)).map(sorted))
    written = {
        "id": "body-2016",
        "body": "body",
        "body-name": "Body",
        "framework": "random",
        "pack": "random",
        "fieldwork": {"from": DAY, "to": DAY},
        "as-of": date(2016, 12, 31),
        "source": "Made up",
        "plan": {
            "coverage": draw(st.sampled_from(["full", "published-summary"])),
            "searched": searched if searched == "all" else tuple(searched),
        },
        "carried-forward": tuple(carried),
    }
    gathered: set[Kind] = {"fieldwork", "file-review", "metric"}
    evidence = Evidence(
        folder=Path("evidence"),
        inspection=Inspection.model_validate(written),
        observations=tuple(observations),
        metrics=tuple(figures),
        surveys=(),
        previous=tuple(found),
        gathered=frozenset(gathered | ({"previous"} if earlier is not None else set())),
    )
    # every indicator reads the one series, so that a figure often decides
    shared = {n: i.model_copy(update={"series": ("s-i1",)}) for n, i in pack.indicators.items()}
    return replace(pack, manifest=manifest, indicators=shared), evidence


@st.composite
def derivations(draw: DrawFn, pack: Pack, evidence: Evidence) -> Derivation:
    """What the evidence comes to, some of its figures as if they came from samples."""
    derivation = derive(evidence, pack)
    indicators = dict(derivation.indicators)
    for name, derived in indicators.items():
        if isinstance(derived.value, Decimal) and draw(st.booleans()):
            around = draw(st.sampled_from([Decimal("0.05"), Decimal(5), Decimal(200)]))
            indicators[name] = replace(
                derived,
                interval=Interval(derived.value - around, derived.value + around),
                drawn=draw(_DRAWN),
            )
    facts = {name: i.fact for name, i in indicators.items() if i.fact is not None}
    return Derivation(replace(derivation.facts, indicators=facts), indicators)


@contextmanager
def graded(pack: Pack, evidence: Evidence, derivation: Derivation) -> Iterator[Grading]:
    """The inspection, graded by the engine."""
    with program(pack) as compiled:
        yield grade_facts(evidence, compiled, derivation, frozenset())


def _observed(
    number: int, said: dict[str, Any], topics: tuple[str, ...]
) -> Placed[Observation] | Placed[FileReview]:
    against = said["direction"] == "contradicts"
    levels = {s: level for s, level in said["levels"].items() if against or s != "severity"}
    written = {
        "id": f"r-{number}",
        "topic": topics[said["topic"] % len(topics)],
        "direction": said["direction"],
        "statement": "Seen",
        "heading": "Somewhere",
        **levels,
    }
    if against and said["mitigated"] is not None:
        records = tuple(f"r-{n}" for n in said["mitigated"])
        written["mitigation"] = {"says": "So it is", "weight": "partly", "records": records}
    if said["review"]:
        review = written | {"sampling": "random", "quantified": False}
        return Placed("file-review", FileReview.model_validate(review), HERE)
    more = {key: said[key] for key in ("method", "subjects", "site")}
    return Placed("fieldwork", Observation.model_validate(written | more), HERE)


def _figure(number: int, value: Decimal, note: str, late: bool) -> Placed[Metric]:
    written = dict.fromkeys(("reason", "release", "locator"), "") | {
        "id": f"m-{number}",
        "series": "s-i1",
        "body": "body",
        "value": value,
        "unit": "percent",
        "from": None,
        "to": date(2016, 2, 1) if late else date(2016, 1, 1),
        "comparator": False,
        "status": "ok",
        "numerator": None,
        "denominator": None,
        "heading": "Figures",
        "caveats": (),
        "note": note,
    }
    return Placed("metric", Metric.model_validate(written), HERE)


def _earlier(
    number: int, kind: str, status: str, topic: int, topics: tuple[str, ...]
) -> Placed[Previous]:
    written = {
        "id": f"pv-{number}",
        "kind": kind,
        "topic": topics[topic % len(topics)],
        "raised": 2015,
        "status": status,
        "statement": "It was so",
        "heading": "Before",
    }
    return Placed("previous", Previous.model_validate(written), HERE)


def _judged(question: str, grade: str) -> Placed[Previous]:
    written = {
        "id": "pv-carried",
        "kind": "judgment",
        "question": question,
        "raised": 2015,
        "grade": grade,
        "statement": "It was graded",
        "heading": "Before",
    }
    return Placed("previous", Previous.model_validate(written), HERE)
